"""Property paths, part by part."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Triple

from tipgraph.validate.shape_lint.lists import NIL, is_list, items
from tipgraph.validate.triples import FIRST, Node, Term, Triples, sh

ALTERNATIVE = sh("alternativePath")
OPERATORS = [
    sh(name) for name in ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
]


def paths(shapes: Triples, start: Iterable[Triple]) -> Iterator[Triple]:
    """The triples whose object is a path: those to start from, and those inside their paths."""
    waiting, seen = list(start), set()
    while waiting:
        triple = waiting.pop()
        if triple not in seen:
            seen.add(triple)
            yield triple
            if isinstance(triple.object, BlankNode):
                waiting += _parts(shapes, triple.object)


def is_path(shapes: Triples, term: Term) -> bool:
    """Whether this is a path (SHACL 2.3.1), if the parts of it are."""
    if not isinstance(term, BlankNode):
        return isinstance(term, NamedNode) and term != NIL
    inside = list(shapes.match(term))
    if any(triple.predicate == FIRST for triple in inside):
        return _is_several(shapes, term)
    if len(inside) != 1:
        return False
    (triple,) = inside
    if triple.predicate == ALTERNATIVE:
        return _is_several(shapes, triple.object)
    return triple.predicate in OPERATORS


def _parts(shapes: Triples, path: Node) -> Iterator[Triple]:
    yield from items(shapes, path)
    for alternatives in shapes.values(path, ALTERNATIVE):
        yield from items(shapes, alternatives)
    for operator in OPERATORS:
        yield from shapes.match(path, operator)


def _is_several(shapes: Triples, steps: Term) -> bool:
    return is_list(shapes, steps) and len(shapes.members(steps)) > 1
