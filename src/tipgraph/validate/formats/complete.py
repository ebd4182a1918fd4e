"""The report for programs, complete: as JSON and in Turtle."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from itertools import chain, count
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from tipgraph.validate.report import SEVERITIES, Diagnostic, Finding, ValidationReport
from tipgraph.validate.triples import TYPE, Term, as_node, sh, with_standard_prefixes

PLACE = ("file", "line", "column", "end_column")


def as_json(report: ValidationReport) -> str:
    """One JSON object. Terms are full IRIs."""
    content = {
        "conforms": report.conforms,
        "fails": report.fails,
        "fail_on": report.fail_on,
        "counts": {**dict.fromkeys(SEVERITIES, 0), **report.counts},
        "focus_nodes": report.focus_nodes,
        "files": report.files,
        "shapes": dict(report.shapes),
        "shapes_without_focus_nodes": report.shapes_without_focus_nodes,
        "engine": report.engine or None,
        "errors": _entries(report.errors),
        "warnings": _entries(report.warnings),
        "findings": _entries(report.findings),
        "known_findings": _entries(report.known_findings),
        "notes": report.notes,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _entries(entries: Sequence[Finding | Diagnostic]) -> list[dict[str, Any]]:
    return [_flat(asdict(each)) for each in entries]


def _flat(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a finding or a diagnostic, with those of its location ahead."""
    location = fields.pop("location") or {}
    for name in ("is_warning", "occurrences", "triples"):
        fields.pop(name, None)
    return {name: location.get(name) or None for name in PLACE} | fields


def as_turtle(report: ValidationReport) -> str:
    """The report, its results and their paths. Blank nodes of data and shapes keep their labels."""
    found = [*report.findings, *report.known_findings]
    results = [each.triples for each in found if each.triples]
    head = BlankNode()
    described = [
        Triple(head, TYPE, sh("ValidationReport")),
        Triple(head, sh("conforms"), Literal(not (report.errors or found))),
        *(Triple(head, sh("result"), as_node(each[0].subject)) for each in results),
        *chain.from_iterable(results),
    ]
    triples = list(_renamed(described))
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=_used(report.prefixes, triples))
    return (text or b"").decode()


def _renamed(triples: Sequence[Triple]) -> Iterator[Triple]:
    """The triples with labels in their order for the blank nodes that the report describes."""
    described = {triple.subject for triple in triples}
    others = {str(triple.object) for triple in triples if triple.object not in described}
    labels = (f"r{number}" for number in count(1))
    free = (BlankNode(label) for label in labels if f"_:{label}" not in others)
    label = cache(lambda node: next(free))

    def renamed(term: Term) -> Term:
        return label(term) if isinstance(term, BlankNode) and term in described else term

    for triple in triples:
        subject = as_node(renamed(triple.subject))
        yield Triple(subject, triple.predicate, renamed(triple.object))


def _used(prefixes: Mapping[str, str], triples: Sequence[Triple]) -> dict[str, str]:
    """The prefixes of IRIs in the triples, the standard ones included."""
    iris = {term.value for triple in triples for term in triple if isinstance(term, NamedNode)}
    iris |= {each.object.datatype.value for each in triples if isinstance(each.object, Literal)}
    found = {}
    for name, namespace in sorted(with_standard_prefixes(prefixes).items()):
        own = [iri for iri in iris if iri.startswith(namespace)]
        # rdflib does not read `ex:a\.`, which stands for such an IRI.
        if own and not any(iri.endswith(".") for iri in own):
            found[name] = namespace
    return found
