"""The W3C's validation report in Turtle, the results by focus node and path."""

from collections.abc import Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.validate.formats.nested import Nested
from tipgraph.validate.formats.selection import first_by
from tipgraph.validate.formats.wording import more
from tipgraph.validate.names import known
from tipgraph.validate.report import Report, rank
from tipgraph.validate.triples import SHACL, TYPE, Node, Triples, as_node, sh

ORDER = [
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


def render(report: Report, most: int | None) -> str:
    """The W3C report and all that it leads to; triples that nothing leads to are left out.

    Blank nodes of the data, which are focus nodes or values, keep their labels.
    """
    graph, left = _shortened(Triples(report.results or _without_results(report)), most)
    heads = graph.subjects(TYPE, sh("ValidationReport"))
    of_data = {
        triple.object
        for property in (sh("focusNode"), sh("value"))
        for triple in graph.match(None, property)
        if isinstance(triple.object, BlankNode)
    }
    text = Nested(graph, heads, of_data, ORDER, known(report.prefixes)).text()
    return f"{text}\n# {more(left)}\n" if left else text


def _without_results(report: Report) -> Iterator[Triple]:
    head = BlankNode()
    yield Triple(head, TYPE, sh("ValidationReport"))
    yield Triple(head, sh("conforms"), Literal(report.conforms))


def _shortened(graph: Triples, most: int | None) -> tuple[Triples, Sequence[Triple]]:
    """The graph with the gravest results alone, and the triples that held the others."""
    held = sorted(graph.match(None, sh("result")), key=lambda each: _order(graph, each))
    gravity = [_gravity(graph, as_node(triple.object)) for triple in held]
    _, left = first_by(gravity, held, most)
    return (Triples(set(graph).difference(left)) if left else graph), left


def _order(graph: Triples, held: Triple) -> list[str]:
    result = as_node(held.object)
    return [str(graph.value(result, sh(name))) for name in ("focusNode", "resultPath", "value")]


def _gravity(graph: Triples, result: Node) -> int:
    severity = graph.value(result, sh("resultSeverity"))
    return rank(severity.value.removeprefix(SHACL)) if isinstance(severity, NamedNode) else 0
