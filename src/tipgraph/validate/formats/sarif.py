"""The report in SARIF 2.1.0, for code scanning and for the viewers of editors."""

from collections.abc import Iterable, Iterator
from os import fsencode
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from tipgraph.namespaces import last_part
from tipgraph.render import results
from tipgraph.validate.formats.selection import gravest
from tipgraph.validate.formats.wording import (
    advice,
    in_repository,
    more,
    one_line,
    reasons,
    title,
)
from tipgraph.validate.report import Fault, Finding, Place, Report, rank
from tipgraph.version import VERSION

Json = dict[str, Any]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = ("error", "warning", "note")
ROOT = "%SRCROOT%"


def render(report: Report, most: int | None) -> str:
    """One run with a rule for each shape and a result for each finding, the known ones as well.

    Faults are notifications of the run; those with a place are results too, since code scanning
    shows nothing else.
    """
    shown, left = gravest(report.findings, most)
    rules = _rules(report)
    index = {rule["id"]: place for place, rule in enumerate(rules)}
    told = [
        *(_fault(fault) | _state(report, "new") for fault in report.faults if fault.place),
        *(_finding(report, finding) | _state(report, "new") for finding in shown),
        *(_finding(report, finding) | _state(report, "unchanged") for finding in report.known),
    ]
    run = {
        "tool": {"driver": _driver(rules)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder of the run."}}},
        "invocations": [_invocation(report, more(left))],
        "results": [{"ruleIndex": index[result["ruleId"]], **result} for result in told],
    }
    return results.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rules(report: Report) -> list[Json]:
    messages: dict[str, set[str]] = {shape: set() for shape in report.shapes}
    for finding in (*report.findings, *report.known):
        messages.setdefault(finding.shape or finding.component, set()).add(finding.message)
    kinds = dict.fromkeys(fault.kind for fault in report.faults if fault.place)
    return [
        *(_shape(report, *shape) for shape in messages.items()),
        *(
            _rule(kind, f"Not validated: {kind}", "What cannot be read or used is not validated.")
            for kind in kinds
        ),
    ]


def _shape(report: Report, shape: str, messages: set[str]) -> Json:
    """A shape as a rule: by its title, or by the message that it always gives."""
    name = report.name(shape)
    always = one_line(messages.pop()) if len(messages) == 1 else ""
    said = report.titles.get(shape) or always or f"The shape {name}"
    rule = _rule(name, said, f"Asked for in SHACL by {shape}")
    return rule | {"name": last_part(shape), "properties": {"iri": shape}}


def _rule(name: str, said: str, explained: str) -> Json:
    """A rule with the three texts that code scanning requires."""
    return {
        "id": name,
        "shortDescription": {"text": said},
        "fullDescription": {"text": explained},
        "help": {"text": explained},
    }


def _driver(rules: list[Json]) -> Json:
    return {
        "name": "tipgraph",
        "semanticVersion": VERSION,
        "informationUri": "https://w3id.org/tipgraph/",
        "rules": rules,
    }


def _invocation(report: Report, left: str) -> Json:
    notifications = [_notification(fault) for fault in report.faults]
    if left:
        notifications.append({"level": "note", "message": {"text": left}})
    return {
        "executionSuccessful": not report.faults,
        "toolExecutionNotifications": notifications,
    }


def _notification(fault: Fault) -> Json:
    return {
        "descriptor": {"id": fault.kind},
        "level": "error",
        "message": _message(fault),
        "locations": [_physical(fault.place)] if fault.place else [],
    }


def _fault(fault: Fault) -> Json:
    return {
        "ruleId": fault.kind,
        "level": "error",
        "message": _message(fault),
        "locations": [_physical(fault.place)] if fault.place else [],
    }


def _finding(report: Report, finding: Finding) -> Json:
    told = {
        "severity": finding.severity,
        "component": finding.component,
        "path": finding.path,
        "value": finding.value,
    }
    result = {
        "ruleId": title(report, finding),
        "level": LEVELS[rank(finding.severity)],
        "message": _message(finding, *reasons(report, finding)),
        "locations": [_location(report, finding)],
        "properties": {name: text for name, text in told.items() if text},
    }
    related = [_related(report, detail) for detail in _placed(finding.details)]
    if related:
        result["relatedLocations"] = related
    if finding.fingerprint:
        result["partialFingerprints"] = {"tipgraph/v1": finding.fingerprint}
    return result


def _placed(details: Iterable[Finding]) -> Iterator[Finding]:
    for detail in details:
        if detail.place:
            yield detail
        yield from _placed(detail.details)


def _related(report: Report, detail: Finding) -> Json:
    return {**_location(report, detail), "message": {"text": one_line(report.message(detail))}}


def _state(report: Report, state: str) -> Json:
    return {"baselineState": state} if report.known else {}


def _message(told: Finding | Fault, *reasons: str) -> Json:
    return {"text": "\n".join(filter(None, [told.message, *reasons, advice(told.hint)]))}


def _location(report: Report, finding: Finding) -> Json:
    focus = {
        "name": report.name(finding.focus),
        "fullyQualifiedName": finding.focus,
        "kind": "resource",
    }
    # Code scanning refuses all of a run when a single result has no file.
    place = finding.place or next(map(Place, report.files), None)
    return {**(_physical(place) if place else {}), "logicalLocations": [focus]}


def _physical(place: Place) -> Json:
    physical: Json = {"artifactLocation": _artifact(place.file)}
    if place.line:
        end = max(place.end, place.column)
        physical["region"] = {
            "startLine": place.line,
            "startColumn": place.column,
            "endColumn": end,
            "snippet": {"text": place.text[place.column - 1 : end - 1]},
        }
    return {"physicalLocation": physical}


def _artifact(file: str) -> Json:
    if "://" in file:
        return {"uri": file}
    path = PurePath(in_repository(file))
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(fsencode(path.as_posix())), "uriBaseId": ROOT}
