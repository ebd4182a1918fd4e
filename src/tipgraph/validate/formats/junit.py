"""The report as JUnit XML, which CI servers show as tests: a suite for each file."""

from collections import Counter
from collections.abc import Iterable
from io import BytesIO

from junitparser import Attr, Error, Failure, IntAttr, JUnitXml, Skipped, TestCase, TestSuite

from tipgraph.safe_text import replace_non_xml
from tipgraph.text import one_line
from tipgraph.validate.formats import Entry, diagnostics, findings
from tipgraph.validate.report import Location, ValidationReport


class LocatedTestCase(TestCase):
    """A test case with the attributes `file` and `line`, which GitLab and others show."""

    file = Attr()
    line = IntAttr()


def render(report: ValidationReport) -> str:
    """A test case for each error, warning and finding, and a passing one for each file without any.

    A known finding is skipped. A finding below `fail_on` passes, and its output describes it.
    """
    suites: dict[str, list[TestCase]] = {_attribute(file): [] for file in report.files}

    def add(case: LocatedTestCase) -> None:
        suites.setdefault(case.classname, []).append(case)

    for entry in diagnostics(report):
        add(_result(entry, Error if entry.severity == "error" else None))
    for finding, entry in zip(report.findings, findings(report, report.findings), strict=True):
        add(_result(entry, Failure if report.is_failure(finding) else None))
    for entry in findings(report, report.known_findings):
        case = _case(_name(entry), entry.place, entry.location)
        case.result = Skipped("in the baseline")
        add(case)
    return _serialize(suites)


def _result(entry: Entry, kind: type[Error] | type[Failure] | None) -> LocatedTestCase:
    """A case with a result of this kind; without one it passes, and its output has the entry."""
    case = _case(_name(entry), entry.place, entry.location)
    remarks = [str(entry.location or ""), *entry.remarks]
    if kind is None:
        case.system_out = _text([f"{entry.severity}: {entry.message}", *remarks])
        return case
    result = kind(_attribute(entry.message), _attribute(entry.constraint or entry.title))
    result.text = _text(remarks)
    case.result = result
    return case


def _name(entry: Entry) -> str:
    return " ".join(filter(None, [entry.title, entry.focus_node, entry.path]))


def _case(name: str, file: str, location: Location | None) -> LocatedTestCase:
    case = LocatedTestCase(_attribute(name), _attribute(file))
    if location:
        case.file = _attribute(location.file)
    if location and location.line:
        case.line = location.line
    return case


def _serialize(suites: dict[str, list[TestCase]]) -> str:
    xml = JUnitXml("tipgraph validate")
    for file, cases in suites.items():
        suite = TestSuite(file)
        suite.add_testcases(_with_unique_names(cases) or [_case("conforms", file, Location(file))])
        xml.add_testsuite(suite)
    xml.update_statistics()  # type: ignore[no-untyped-call]
    output = BytesIO()
    xml.write(output, pretty=True)
    return output.getvalue().decode().rstrip("\n") + "\n"


def _with_unique_names(cases: list[TestCase]) -> list[TestCase]:
    """The cases with a number after a repeated name: GitLab keeps one case of each name."""
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.name] += 1
        if seen[case.name] > 1:
            case.name = f"{case.name} ({seen[case.name]})"
    return cases


def _text(lines: Iterable[str]) -> str:
    return replace_non_xml("\n".join(filter(None, lines)))


def _attribute(text: str) -> str:
    return replace_non_xml(one_line(text))
