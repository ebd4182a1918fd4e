"""The report as JUnit XML, which CI servers show as tests: a suite for each file."""

from collections import Counter
from collections.abc import Iterable, Sequence
from io import BytesIO

from junitparser import Attr, Error, Failure, IntAttr, JUnitXml, Skipped, TestCase, TestSuite

from tipgraph.escape import replace_non_xml
from tipgraph.validate.formats import (
    advice,
    by_file,
    details,
    file_or_graph,
    more,
    most_severe,
    one_line,
    reasons,
    severity,
    title,
)
from tipgraph.validate.report import Diagnostic, Finding, Location, ValidationReport


class LocatedTestCase(TestCase):
    """A test case with the attributes `file` and `line`, which GitLab and others show."""

    file = Attr()
    line = IntAttr()


def render(report: ValidationReport, limit: int | None) -> str:
    """A test case for each error, warning and finding, and a passing one for each file without any.

    A known finding is skipped. A finding below `fail_on` passes, and its output describes it.
    Omitted findings share one case per file, which fails if one of them would.
    """
    shown, omitted = most_severe(report.findings, limit)
    cases = [
        *(_error(report, error) for error in report.errors),
        *(_warning(report, warning) for warning in report.warnings),
        *(_finding(report, finding) for finding in shown),
        *(_omitted(report, *group) for group in by_file(report, omitted).items()),
        *(_known(report, finding) for finding in report.known_findings),
    ]
    return _serialize(_suites([_conforms(report, file) for file in report.files], cases))


def _error(report: ValidationReport, error: Diagnostic) -> LocatedTestCase:
    case = _case(error.code, file_or_graph(report, error), error.location)
    result = Error(_attribute(error.message), _attribute(error.code))
    result.text = _text([str(error.location or ""), advice(error.hint)])
    case.result = result
    return case


def _warning(report: ValidationReport, warning: Diagnostic) -> LocatedTestCase:
    """A case that passes, with the warning as its output."""
    case = _case(warning.code, file_or_graph(report, warning), warning.location)
    lines = [f"warning: {one_line(warning.message)}", str(warning.location or "")]
    case.system_out = _text([*lines, advice(warning.hint)])
    return case


def _finding(report: ValidationReport, finding: Finding) -> LocatedTestCase:
    case = _finding_case(report, finding)
    lines = [details(report, finding), *reasons(report, finding), advice(finding.hint)]
    text = _text([str(finding.location or ""), *lines])
    message = report.message(finding)
    if report.is_failure(finding):
        constraint = report.name(finding.component or finding.shape)
        failure = Failure(_attribute(message), _attribute(constraint))
        failure.text = text
        case.result = failure
    else:
        case.system_out = _text([f"{severity(report, finding)}: {message}", text])
    return case


def _omitted(report: ValidationReport, file: str, findings: Sequence[Finding]) -> LocatedTestCase:
    case = _case("more findings", file, None)
    if any(map(report.is_failure, findings)):
        case.result = Failure(more(findings))
    else:
        case.system_out = more(findings)
    return case


def _known(report: ValidationReport, finding: Finding) -> LocatedTestCase:
    case = _finding_case(report, finding)
    case.result = Skipped("in the baseline")
    return case


def _finding_case(report: ValidationReport, finding: Finding) -> LocatedTestCase:
    terms = [title(report, finding), report.name(finding.focus_node), report.name(finding.path)]
    name = " ".join(filter(None, terms))
    return _case(name, file_or_graph(report, finding), finding.location)


def _conforms(report: ValidationReport, file: str) -> LocatedTestCase:
    return _case("conforms", file, Location(file))


def _case(name: str, file: str, location: Location | None) -> LocatedTestCase:
    case = LocatedTestCase(_attribute(name), _attribute(file))
    if location:
        case.file = _attribute(location.file)
    if location and location.line:
        case.line = location.line
    return case


def _suites(conforming: Iterable[LocatedTestCase], cases: Iterable[LocatedTestCase]) -> JUnitXml:
    """A suite for each file, with its cases, or where it has none, with the one that conforms."""
    without = {case.classname: case for case in conforming}
    suites: dict[str, list[TestCase]] = {file: [] for file in without}
    for case in cases:
        suites.setdefault(case.classname, []).append(case)
    xml = JUnitXml("tipgraph validate")
    for file, members in suites.items():
        suite = TestSuite(file)
        suite.add_testcases(_with_unique_names(members) or [without[file]])
        xml.add_testsuite(suite)
    xml.update_statistics()  # type: ignore[no-untyped-call]
    return xml


def _with_unique_names(cases: list[TestCase]) -> list[TestCase]:
    """The cases with a number after a repeated name: GitLab keeps one case of each name."""
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.name] += 1
        if seen[case.name] > 1:
            case.name = f"{case.name} ({seen[case.name]})"
    return cases


def _serialize(xml: JUnitXml) -> str:
    output = BytesIO()
    xml.write(output, pretty=True)
    return output.getvalue().decode().rstrip("\n") + "\n"


def _text(lines: Iterable[str]) -> str:
    return replace_non_xml("\n".join(filter(None, lines)))


def _attribute(text: str) -> str:
    return replace_non_xml(one_line(text))
