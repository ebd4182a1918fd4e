"""The report as JUnit XML, which CI servers show as tests: a suite for each file."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from io import BytesIO

from junitparser import Attr, Error, Failure, IntAttr, JUnitXml, Skipped, TestCase, TestSuite

from tipgraph.validate.formats.selection import by_file, gravest, where
from tipgraph.validate.formats.wording import (
    advice,
    details,
    more,
    one_line,
    reasons,
    severity,
    title,
)
from tipgraph.validate.report import Fault, Finding, Place, Report

# What XML 1.0 has no place for, not even escaped.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Case(TestCase):
    """A test case with its place, which GitLab and others show."""

    file = Attr()
    line = IntAttr()


def render(report: Report, most: int | None) -> str:
    """A test case for each fault and finding, and one that passes for each file without any.

    A finding below `fail_on` passes and says what it is; a known one is skipped. Where findings
    are left out, one case of their file stands for them, and fails if one of them would.
    """
    shown, left = gravest(report.findings, most)
    cases = [
        *(_fault(report, fault) for fault in report.faults),
        *(_finding(report, finding) for finding in shown),
        *(_left(report, *group) for group in by_file(report, left).items()),
        *(_known(report, finding) for finding in report.known),
    ]
    return _written(_suites(report.files, cases))


def _fault(report: Report, fault: Fault) -> Case:
    case = _case(fault.kind, where(report, fault), fault.place)
    error = Error(_attribute(fault.message), _attribute(fault.kind))
    error.text = _text([str(fault.place or ""), advice(fault.hint)])
    case.result = error
    return case


def _finding(report: Report, finding: Finding) -> Case:
    case = _finding_case(report, finding)
    told = [details(report, finding), *reasons(report, finding), advice(finding.hint)]
    text = _text([str(finding.place or ""), *told])
    if report.is_failure(finding):
        kind = report.name(finding.component or finding.shape)
        failure = Failure(_attribute(report.message(finding)), _attribute(kind))
        failure.text = text
        case.result = failure
    else:
        case.system_out = _text([f"{severity(report, finding)}: {report.message(finding)}", text])
    return case


def _left(report: Report, file: str, findings: Sequence[Finding]) -> Case:
    case = _case("more findings", file, None)
    if any(map(report.is_failure, findings)):
        case.result = Failure(more(findings))
    else:
        case.system_out = more(findings)
    return case


def _known(report: Report, finding: Finding) -> Case:
    case = _finding_case(report, finding)
    case.result = Skipped("known in the baseline")
    return case


def _finding_case(report: Report, finding: Finding) -> Case:
    terms = [title(report, finding), report.name(finding.focus), report.name(finding.path)]
    return _case(" ".join(filter(None, terms)), where(report, finding), finding.place)


def _case(name: str, file: str, place: Place | None) -> Case:
    case = Case(_attribute(name), _attribute(file))
    if place:
        case.file = _attribute(place.file)
    if place and place.line:
        case.line = place.line
    return case


def _suites(files: Iterable[str], cases: Iterable[Case]) -> JUnitXml:
    suites: dict[str, list[TestCase]] = {_attribute(file): [] for file in files}
    for case in cases:
        suites.setdefault(case.classname, []).append(case)
    xml = JUnitXml("tipgraph validate")
    for file, found in suites.items():
        xml.add_testsuite(_suite(file, found))
    xml.update_statistics()  # type: ignore[no-untyped-call]
    return xml


def _suite(file: str, cases: list[TestCase]) -> TestSuite:
    suite = TestSuite(file)
    suite.add_testcases(_told_apart(cases) or [_case("conforms", file, Place(file))])
    return suite


def _told_apart(cases: list[TestCase]) -> list[TestCase]:
    """The cases with a number behind a name that was there before: GitLab takes each name once."""
    seen: Counter[str] = Counter()
    for case in cases:
        seen[case.name] += 1
        if seen[case.name] > 1:
            case.name = f"{case.name} ({seen[case.name]})"
    return cases


def _written(xml: JUnitXml) -> str:
    written = BytesIO()
    xml.write(written, pretty=True)
    return written.getvalue().decode().rstrip("\n") + "\n"


def _text(lines: Iterable[str]) -> str:
    return FORBIDDEN.sub("\ufffd", "\n".join(filter(None, lines)))


def _attribute(text: str) -> str:
    return FORBIDDEN.sub("\ufffd", one_line(text))
