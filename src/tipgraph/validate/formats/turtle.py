"""The W3C validation report in Turtle, in a fixed order."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from tipgraph.validate.formats import lowest_ranked, more
from tipgraph.validate.property_paths import path_to_text
from tipgraph.validate.report import ValidationReport, severity_rank
from tipgraph.validate.triples import (
    SHACL,
    TYPE,
    Node,
    Term,
    Triples,
    as_node,
    sh,
    with_standard_prefixes,
)

PROPERTY_ORDER = [
    TYPE,
    sh("conforms"),
    sh("focusNode"),
    sh("resultPath"),
    sh("value"),
    sh("resultMessage"),
    sh("resultSeverity"),
    sh("sourceShape"),
    sh("sourceConstraintComponent"),
    sh("sourceConstraint"),
    sh("detail"),
    sh("result"),
]
# Blank nodes are compared by what they refer to, this far.
MAX_DEPTH = 4


def render(report: ValidationReport, limit: int | None) -> str:
    """The report with all that it refers to, results sorted by focus node, path and value.

    Blank nodes of the data (focus nodes and values) keep their labels.
    """
    graph, omitted = _limited(Triples(report.triples or _empty_report(report)), limit)
    triples = list(_renamed(graph, _reachable(graph)))
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=_used(report.prefixes, triples))
    remark = f"\n# {more(omitted)}\n" if omitted else ""
    return (text or b"").decode() + remark


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


def _empty_report(report: ValidationReport) -> Iterator[Triple]:
    head = BlankNode()
    yield Triple(head, TYPE, sh("ValidationReport"))
    yield Triple(head, sh("conforms"), Literal(report.conforms))


def _limited(graph: Triples, limit: int | None) -> tuple[Triples, Sequence[Triple]]:
    """The graph with the most severe results, and the `sh:result` triples of the others."""
    ordered = sorted(graph.match(None, sh("result")), key=partial(_order, graph))
    ranks = [_severity_rank(graph, as_node(triple.object)) for triple in ordered]
    _, omitted = lowest_ranked(ranks, ordered, limit)
    return (Triples(set(graph).difference(omitted)) if omitted else graph), omitted


def _severity_rank(graph: Triples, result: Node) -> int:
    severity = graph.value(result, sh("resultSeverity"))
    if not isinstance(severity, NamedNode):
        return 0
    return severity_rank(severity.value.removeprefix(SHACL))


def _reachable(graph: Triples) -> Iterator[Triple]:
    """The triples of reports, results and what they refer to, each node once."""
    waiting: list[Term] = list(graph.subjects(TYPE, sh("ValidationReport")))
    visited: set[Term] = set()
    while waiting:
        node = waiting.pop()
        if node not in visited and not isinstance(node, Literal):
            visited.add(node)
            found = sorted(graph.match(node), key=partial(_order, graph))
            yield from found
            waiting += [triple.object for triple in reversed(found)]


def _order(graph: Triples, triple: Triple) -> tuple[int, str, list[str]]:
    """The position of a triple among those of its subject, whatever the labels of blank nodes."""
    name, value = triple.predicate, triple.object
    position = PROPERTY_ORDER.index(name) if name in PROPERTY_ORDER else len(PROPERTY_ORDER)
    keys = [_text(graph, value)]
    if name == sh("result"):
        path = path_to_text(graph, graph.value(value, sh("resultPath")))
        terms = (graph.value(value, sh(each)) for each in ("focusNode", "value"))
        focus, own = map(str, terms)
        keys = [focus, path, own, *keys]
    return position, name.value, keys


def _text(graph: Triples, term: Term, depth: int = 0) -> str:
    """The term; a blank node by its triples."""
    if not isinstance(term, BlankNode) or depth > MAX_DEPTH:
        return "" if isinstance(term, BlankNode) else str(term)
    parts = (
        f"{each.predicate} {_text(graph, each.object, depth + 1)}" for each in graph.match(term)
    )
    return f"[{' ; '.join(sorted(parts))}]"


def _renamed(graph: Triples, triples: Iterator[Triple]) -> Iterator[Triple]:
    """The triples, with new labels in their order for blank nodes that are not of the data."""
    names = {
        triple.object: triple.object
        for property in (sh("focusNode"), sh("value"))
        for triple in graph.match(None, property)
        if isinstance(triple.object, BlankNode)
    }
    taken = {node.value for node in names}
    labels = (f"r{number}" for number in range(1, len(graph) * 2 + len(taken) + 3))
    free = (BlankNode(label) for label in labels if label not in taken)

    def renamed(term: Term) -> Term:
        if not isinstance(term, BlankNode):
            return term
        if term not in names:
            names[term] = next(free)
        return names[term]

    for triple in triples:
        subject, value = renamed(triple.subject), renamed(triple.object)
        yield Triple(as_node(subject), triple.predicate, value)
