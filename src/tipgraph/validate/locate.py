"""Where a result stands: the triple that is at fault or, where one is missing, the focus node."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, Quad

from tipgraph.validate.findings import Result, spelled
from tipgraph.validate.inputs import Source, graph_name
from tipgraph.validate.positions import Lines, Span, Spot, Unlocatable, spots
from tipgraph.validate.report import Place
from tipgraph.validate.targets import TargetIndex
from tipgraph.validate.triples import Term

At = tuple[Quad, Spot]

# Where one of these finds fault, there are triples too many: the last is the one to look at.
TOO_MANY = {"MaxCount", "QualifiedMaxCount", "UniqueLang"}
# Where one of these finds fault, a triple is missing.
TOO_FEW = {"MinCount", "QualifiedMinCount"}


def spotted(source: Source) -> Iterator[tuple[Quad, Spot]]:
    """The document's quads, each with its place in the text. Raises Unlocatable."""
    if not source.is_file:
        raise Unlocatable(source.name)
    try:
        yield from zip(source.quads(), spots(source.text(), source.syntax), strict=True)
    except ValueError:
        raise Unlocatable(source.name) from None


def place_of(source: Source, predicate: Term, value: Term) -> Place:
    """The value in the first triple with these terms; the document where none is seen."""
    try:
        for quad, spot in spotted(source):
            if (quad.predicate, quad.object) == (predicate, value):
                return Place(source.name, *Lines(source.text()).place(spot.object))
    except Unlocatable:
        pass
    return Place(source.name)


class Located(NamedTuple):
    """A place, and the terms of the result as they are called whatever moves around them."""

    rank: int
    place: Place
    terms: tuple[str, ...]


def locate(
    results: Sequence[Result], sources: Iterable[Source], watch: TargetIndex, graph: str = ""
) -> dict[Result, Located]:
    """Each result's place. Only documents that speak of a focus node or value are read.

    With the name of a graph only what stands in that graph is looked at.
    """
    found: dict[Result, Located] = {}
    for source in sources:
        mine = [result for result in results if _speaks_of(source, result, watch)]
        for result, located in _located(mine, source, graph) if mine else ():
            if result not in found or located.rank < found[result].rank:
                found[result] = located
    return found


def _speaks_of(source: Source, result: Result, watch: TargetIndex) -> bool:
    nodes = [term for term in (result.focus, result.value) if term is not None]
    # Only of nodes is it known where they are; a literal at the end of a long path can be anywhere.
    if isinstance(result.focus, Literal) or isinstance(result.path, BlankNode):
        return True
    return any(watch.is_in(node, source.number) for node in nodes)


def _located(
    results: Sequence[Result], source: Source, graph: str
) -> Iterator[tuple[Result, Located]]:
    try:
        near = Near(results, source, graph)
    except Unlocatable:
        for result in results:
            terms = spelled(result.focus), spelled(result.value)
            yield result, Located(len(RULES), Place(source.name), terms)
        return
    lines = Lines(source.text())
    for result in results:
        for rank, rule in enumerate(RULES):
            span = rule(result, near)
            if span is not None:
                terms = near.called(result.focus), near.called(result.value)
                yield result, Located(rank, Place(source.name, *lines.place(span)), terms)
                break


class Near:
    """The triples of a document that results can be about, by subject and by object."""

    def __init__(self, results: Iterable[Result], source: Source, graph: str) -> None:
        self._of: defaultdict[Term, list[At]] = defaultdict(list)
        self._to: defaultdict[Term, list[At]] = defaultdict(list)
        wanted = {term for result in results for term in (result.focus, result.value) if term}
        for quad, spot in spotted(source):
            if graph and graph_name(quad) != graph:
                continue
            if quad.subject in wanted:
                self._of[quad.subject].append((quad, spot))
            if quad.object in wanted:
                self._to[quad.object].append((quad, spot))

    def of(self, subject: Term | None, predicate: Term | None = None) -> list[At]:
        """The triples of this subject, in the order of the text."""
        return _with(predicate, self._of.get(subject, ()) if subject else ())

    def to(self, value: Term | None, predicate: Term | None = None) -> list[At]:
        """The triples with this object."""
        return _with(predicate, self._to.get(value, ()) if value else ())

    def called(self, term: Term | None) -> str:
        """The term; a blank node by what is said of it, since its label depends on its place."""
        if not isinstance(term, BlankNode):
            return spelled(term)
        said = [(quad.predicate, quad.object) for quad, _ in self.of(term)]
        held = [(quad.subject, quad.predicate) for quad, _ in self.to(term)]
        return str(sorted(f"{_blank(left)} {_blank(right)}" for left, right in held + said))


def _with(predicate: Term | None, triples: Iterable[At]) -> list[At]:
    return [each for each in triples if predicate in (None, each[0].predicate)]


def _blank(term: Term) -> str:
    return "[]" if isinstance(term, BlankNode) else str(term)


def _value(result: Result, near: Near) -> Span | None:
    """The value that the focus node has by the path."""
    for step in result.last_steps if result.value else ():
        if step.inverse:
            for quad, spot in near.to(result.focus, step.property):
                if quad.subject == result.value:
                    return spot.subject
        for quad, spot in near.of(result.focus, step.property):
            if not step.inverse and quad.object == result.value:
                return spot.predicate if result.component == "Closed" else spot.object
    return None


def _value_further_on(result: Result, near: Near) -> Span | None:
    """The value at the end of a path of several steps."""
    for step in result.last_steps if result.value and isinstance(result.path, BlankNode) else ():
        if step.inverse and (found := near.of(result.value, step.property)):
            return found[0][1].subject
        if not step.inverse and (found := near.to(result.value, step.property)):
            return found[0][1].object
    return None


def _property_of_value(result: Result, near: Near) -> Span | None:
    """The property itself, where a shape that looks at everything names who holds it."""
    for step in result.last_steps if result.value else ():
        if found := near.of(result.value, step.property):
            return found[0][1].predicate
    return None


def _value_by_any_property(result: Result, near: Near) -> Span | None:
    """The value where the focus node holds it, by whatever property."""
    found = [at for at in near.of(result.focus) if at[0].object == result.value]
    return found[0][1].object if found else None


def _one_too_many(result: Result, near: Near) -> Span | None:
    """A value that stands where the path leads: the last, if there are too many."""
    if result.component in TOO_FEW:
        return None
    for step in (*result.last_steps, *result.first_steps):
        if step.inverse and (found := near.to(result.focus, step.property)):
            return found[-1][1].subject
        if not step.inverse and (found := near.of(result.focus, step.property)):
            return found[-1 if result.component in TOO_MANY else 0][1].object
    return None


def _one_of_several(result: Result, near: Near) -> Span | None:
    """A value that one of the shapes asks about of which another number should be met."""
    for path in result.inner_paths:
        if found := near.of(result.focus, path):
            return found[0][1].object
    return None


def _focus_of_value(result: Result, near: Near) -> Span | None:
    """The focus node where the value holds it, by whatever property."""
    found = [at for at in near.of(result.value) if at[0].object == result.focus]
    return found[0][1].object if found else None


def _value_itself(result: Result, near: Near) -> Span | None:
    """The node that is named as the value."""
    found = near.of(result.value) if result.value != result.focus else []
    return found[0][1].subject if found else None


def _focus(result: Result, near: Near) -> Span | None:
    """The focus node, where something is said of it."""
    found = near.of(result.focus)
    return found[0][1].subject if found else None


def _mention(result: Result, near: Near) -> Span | None:
    """The focus node, where it is only spoken of."""
    found = near.to(result.focus) or near.to(result.value)
    return found[0][1].object if found else None


# The first that finds something tells the place.
RULES = (
    _value,
    _value_further_on,
    _value_by_any_property,
    _one_too_many,
    _property_of_value,
    _focus_of_value,
    _one_of_several,
    _focus,
    _value_itself,
    _mention,
)
