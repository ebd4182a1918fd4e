"""The reasons of results of `sh:node` (`sh:detail`), for an engine that does not report them."""

from collections.abc import Callable, Iterable

from pyoxigraph import Triple

from tipgraph.validate.targets import target_triples
from tipgraph.validate.triples import TYPE, Triples, as_node, sh

COMPONENT = sh("NodeConstraintComponent")


def with_details(
    report: list[Triple], shapes: Triples, run: Callable[[Iterable[Triple]], list[Triple]]
) -> list[Triple]:
    """Add to each result of `sh:node` the results of that shape for the value.

    `run` runs the engine on shapes, none of which may refer to itself.
    """
    graph = Triples(report)
    checks = [
        (result, shape, value)
        for result in graph.subjects(sh("sourceConstraintComponent"), COMPONENT)
        for source in graph.values(result, sh("sourceShape"))
        for shape in shapes.values(source, sh("node"))
        for value in graph.values(result, sh("value"))
    ]
    if not checks:
        return report
    excluded = target_triples(shapes)
    targets = {Triple(as_node(shape), sh("targetNode"), value) for _, shape, value in checks}
    parts = [*(each for each in shapes if each not in excluded), *targets]
    inner = Triples(with_details(run(parts), shapes, run))
    heads = {*inner.subjects(TYPE, sh("ValidationReport"))}
    details = [
        Triple(result, sh("detail"), detail)
        for result, shape, value in checks
        for source in (shape, *shapes.values(shape, sh("property")))
        for detail in inner.subjects(sh("sourceShape"), source)
        if value in inner.values(detail, sh("focusNode"))
    ]
    return [*report, *details, *(each for each in inner if each.subject not in heads)]
