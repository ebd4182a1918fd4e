"""Messages for results of shapes that have none of their own."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.namespaces import shorten
from tipgraph.validate.triples import SHACL, Term, Triples, as_node, sh

MESSAGE = sh("resultMessage")


def messages(report: Iterable[Triple], shapes: Triples) -> Iterator[Triple]:
    """A message for each result of the report that has none: what is not met."""
    graph = Triples(report)
    for triple in graph.match(None, sh("sourceConstraintComponent")):
        result = triple.subject
        if not any(graph.match(result, MESSAGE)):
            shape = graph.value(result, sh("sourceShape"))
            unmet = _unmet(as_node(triple.object), shape, shapes)
            yield Triple(result, MESSAGE, Literal(f"This does not meet {unmet}."))


def _unmet(component: NamedNode | BlankNode, shape: Term | None, shapes: Triples) -> str:
    """The shape's parameter with its value, such as `sh:minCount 1`, where that tells anything."""
    if shape is None or not component.value.startswith(SHACL):
        return shorten(component.value)
    name = component.value.removeprefix(SHACL).removesuffix("ConstraintComponent")
    parameter = sh(name.lower() if name.isupper() else name[0].lower() + name[1:])
    values = [_shown(value) for value in shapes.values(shape, parameter)]
    return " ".join([shorten(parameter.value), *(values if len(values) == 1 else [])]).rstrip()


def _shown(term: Term) -> str:
    if isinstance(term, BlankNode):
        return ""
    return shorten(term.value) if isinstance(term, NamedNode | Literal) else str(term)
