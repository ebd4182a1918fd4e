"""Property paths of SHACL: as text, their last steps, and the triples that they consist of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Triple

from tipgraph.validate.triples import FIRST, NIL, Node, Term, Triples, reachable, sh, to_text

ALTERNATIVE = sh("alternativePath")
INVERSE = sh("inversePath")
REPEATED = {sh("zeroOrMorePath"): "*", sh("oneOrMorePath"): "+", sh("zeroOrOnePath"): "?"}


@dataclass(frozen=True)
class PathStep:
    """One step of a path: a property, followed from object to subject where `inverse` is set."""

    property: Term
    inverse: bool = False


def path_to_text(graph: Triples, path: Term | None) -> str:
    """The path as a SPARQL 1.1 property path; a single property is an IRI without brackets."""
    if path is None or isinstance(path, NamedNode):
        return to_text(path)
    return _sparql(graph, path)


def end_steps(graph: Triples, path: Term | None, end: int) -> list[PathStep]:
    """The steps with which the path can begin, for the end 0, or end, for the end -1."""
    return list(_steps(graph, path, end))


def path_triples(shapes: Triples, start: Iterable[Triple]) -> list[Triple]:
    """The triples whose object is a path: those to start from, and those inside their paths."""
    return reachable(
        start,
        lambda triple: (
            _part_triples(shapes, triple.object) if isinstance(triple.object, BlankNode) else ()
        ),
    )


def is_path(shapes: Triples, term: Term) -> bool:
    """Return whether the term is a well-formed path, provided that its parts are."""
    if not isinstance(term, BlankNode):
        return isinstance(term, NamedNode) and term != NIL
    description = list(shapes.match(term))
    if any(triple.predicate == FIRST for triple in description):
        return _has_several_steps(shapes, term)
    if len(description) != 1:
        return False
    (triple,) = description
    if triple.predicate == ALTERNATIVE:
        return _has_several_steps(shapes, triple.object)
    return triple.predicate == INVERSE or triple.predicate in REPEATED


def _parts(graph: Triples, path: Term) -> Iterator[tuple[str, list[Term]]]:
    """The operator of a path, as in SPARQL, and the paths that it applies to."""
    steps = graph.members(path)
    if steps:
        yield "/", steps
    alternatives = graph.members(graph.value(path, ALTERNATIVE))
    if alternatives:
        yield "|", alternatives
    for operator, mark in {INVERSE: "^", **REPEATED}.items():
        for step in graph.values(path, operator):
            yield mark, [step]


def _sparql(graph: Triples, path: Term) -> str:
    if not isinstance(path, BlankNode):
        return str(path)
    text = ""
    for mark, steps in _parts(graph, path):
        inner = [_sparql_part(graph, step) for step in steps]
        if mark in "/|":
            text += mark.join(inner)
        else:
            text += f"^{inner[0]}" if mark == "^" else f"{inner[0]}{mark}"
    return text


def _sparql_part(graph: Triples, path: Term) -> str:
    """A part of a path, in parentheses where it has parts itself."""
    text = _sparql(graph, path)
    return text if isinstance(path, NamedNode) else f"({text})"


def _steps(
    graph: Triples, path: Term | None, end: int, inverse: bool = False
) -> Iterator[PathStep]:
    """The steps at one end of the path: 0 is its beginning, -1 its end."""
    if isinstance(path, NamedNode):
        yield PathStep(path, inverse)
    elif isinstance(path, BlankNode):
        for mark, steps in _parts(graph, path):
            # The inverse of a sequence ends with its first step.
            at_end = [steps[-1 - end if inverse else end]] if mark == "/" else steps
            for step in at_end:
                yield from _steps(graph, step, end, inverse != (mark == "^"))


def _part_triples(shapes: Triples, path: Node) -> Iterator[Triple]:
    yield from shapes.member_triples(path)
    for alternatives in shapes.values(path, ALTERNATIVE):
        yield from shapes.member_triples(alternatives)
    for operator in (INVERSE, *REPEATED):
        yield from shapes.match(path, operator)


def _has_several_steps(shapes: Triples, steps: Term) -> bool:
    return shapes.is_list(steps) and len(shapes.members(steps)) > 1
