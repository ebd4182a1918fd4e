"""The report in SARIF 2.1.0, for code scanning."""

import json
from os import fsencode
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from tipgraph.namespaces import last_part
from tipgraph.text import capitalise, one_line
from tipgraph.validate.formats import advice, in_repository, title
from tipgraph.validate.report import (
    CHECKS,
    Diagnostic,
    Finding,
    Location,
    ValidationReport,
    severity_rank,
)
from tipgraph.version import VERSION

Json = dict[str, Any]
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = ("error", "warning", "note")
ROOT = "%SRCROOT%"


def as_sarif(report: ValidationReport) -> str:
    """One run with a rule for each shape and a result for each finding, known ones included.

    Errors and warnings are notifications of the run; those with a location are results too, because
    code scanning shows only results.
    """
    rules = _rules(report)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    results = [
        *(
            {"ruleId": error.code, **_error(error), **_state(report, "new")}
            for error in (*report.errors, *report.warnings)
            if error.location
        ),
        *(_finding(report, finding) | _state(report, "new") for finding in report.findings),
        *(_finding(report, known) | _state(report, "unchanged") for known in report.known_findings),
    ]
    run = {
        "tool": {"driver": _driver(rules)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(report)],
        "results": [{"ruleIndex": index[result["ruleId"]], **result} for result in results],
    }
    content = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _rules(report: ValidationReport) -> list[Json]:
    messages: dict[str, set[str]] = {shape: set() for shape in report.shapes}
    for finding in (*report.findings, *report.known_findings):
        messages.setdefault(finding.shape or finding.component, set()).add(finding.message)
    codes = {
        each.code: capitalise(CHECKS.get(each.code, f"error: {each.code}"))
        for each in (*report.errors, *report.warnings)
        if each.location
    }
    return [
        *(_shape(report, *shape) for shape in messages.items()),
        *(_rule(code, text, _explanation(code)) for code, text in codes.items()),
    ]


def _shape(report: ValidationReport, shape: str, messages: set[str]) -> Json:
    """A shape as a rule, described by its name or by the only message that it gives."""
    name = report.name(shape)
    only_message = one_line(messages.pop()) if len(messages) == 1 else ""
    description = report.shape_names.get(shape) or only_message or f"The shape {name}"
    rule = _rule(name, description, f"Defined by {shape}")
    return rule | {"name": last_part(shape), "properties": {"iri": shape}}


def _rule(name: str, description: str, explanation: str) -> Json:
    """A rule with the three texts that code scanning requires."""
    return {
        "id": name,
        "shortDescription": {"text": description},
        "fullDescription": {"text": explanation},
        "help": {"text": explanation},
    }


def _explanation(code: str) -> str:
    """Return the advice to ignore a check of the shapes."""
    if code not in CHECKS:
        return "An error that prevents validation"
    return f"A check of the shapes, which --ignore {code} leaves out"


def _driver(rules: list[Json]) -> Json:
    return {
        "name": "tipgraph",
        "semanticVersion": VERSION,
        "informationUri": "https://w3id.org/tipgraph/",
        "rules": rules,
    }


def _invocation(report: ValidationReport) -> Json:
    notifications = [
        {"descriptor": {"id": each.code}, **_error(each)}
        for each in (*report.errors, *report.warnings)
    ]
    invocation = {
        "executionSuccessful": not report.errors,
        "toolExecutionNotifications": notifications,
    }
    return invocation | ({"properties": {"engine": report.engine}} if report.engine else {})


def _error(error: Diagnostic) -> Json:
    """Return what a notification and a result have of an error."""
    return {
        "level": "warning" if error.is_warning else "error",
        "message": _message(error),
        "locations": [_physical(error.location)] if error.location else [],
    }


def _finding(report: ValidationReport, finding: Finding) -> Json:
    properties = {
        "severity": finding.severity,
        "component": finding.component,
        "path": finding.path,
        "value": finding.value,
    }
    result = {
        "ruleId": title(report, finding),
        "level": LEVELS[severity_rank(finding.severity)],
        "message": _message(finding),
        "locations": [_location(report, finding)],
        "properties": {name: text for name, text in properties.items() if text},
    }
    if finding.fingerprint:
        result["partialFingerprints"] = {"tipgraph/v1": finding.fingerprint}
    return result


def _state(report: ValidationReport, state: str) -> Json:
    return {"baselineState": state} if report.known_findings else {}


def _message(entry: Finding | Diagnostic) -> Json:
    return {"text": "\n".join(filter(None, [entry.message, advice(entry.hint)]))}


def _location(report: ValidationReport, finding: Finding) -> Json:
    logical = {
        "name": report.name(finding.focus_node),
        "fullyQualifiedName": finding.focus_node,
        "kind": "resource",
    }
    # Code scanning rejects the whole run when a single result has no file.
    location = finding.location or next(map(Location, report.files), None)
    return {**(_physical(location) if location else {}), "logicalLocations": [logical]}


def _physical(location: Location) -> Json:
    physical: Json = {"artifactLocation": _artifact(location.file)}
    if location.line:
        end = max(location.end_column, location.column)
        physical["region"] = {
            "startLine": location.line,
            "startColumn": location.column,
            "endColumn": end,
            "snippet": {"text": location.line_text[location.column - 1 : end - 1]},
        }
    return {"physicalLocation": physical}


def _artifact(file: str) -> Json:
    if "://" in file:
        return {"uri": file}
    path = PurePath(in_repository(file))
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(fsencode(path.as_posix())), "uriBaseId": ROOT}
