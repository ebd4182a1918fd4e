"""What is wrong with the shapes, first without and then with its place in a document."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from tipgraph.validate.inputs import Source
from tipgraph.validate.locate import spotted
from tipgraph.validate.names import shortened
from tipgraph.validate.positions import Lines, Span, Spot, Unlocatable
from tipgraph.validate.report import Fault, Place
from tipgraph.validate.triples import Term

Namer = Callable[[Term], str]
Sighting = tuple[Triple, Term]


@dataclass(frozen=True)
class Suspect:
    """Something wrong with the shapes.

    `seen` are the triples that show it, each with the term that it shows in; none where it is
    wrong with the whole.
    """

    kind: str
    message: str
    seen: frozenset[Sighting] = frozenset()
    hint: str = ""


def sightings(triples: Iterable[Triple], term: Term) -> frozenset[Sighting]:
    """The term in each of these triples."""
    return frozenset((triple, term) for triple in triples)


def namer(prefixes: Mapping[str, str]) -> Namer:
    """How documents with these prefixes call a term."""

    def name(term: Term) -> str:
        if isinstance(term, BlankNode):
            return "a node in brackets"
        if not isinstance(term, NamedNode):
            return shortened(str(term), prefixes)
        short = shortened(term.value, prefixes)
        return f"<{short}>" if short == term.value else short

    return name


def faults(suspects: Sequence[Suspect], sources: Sequence[Source]) -> list[Fault]:
    """The suspects, each at the first place where it is seen, in the order of the places."""
    waiting: defaultdict[Triple, list[tuple[Suspect, Term]]] = defaultdict(list)
    for suspect in suspects:
        for triple, term in suspect.seen:
            waiting[triple].append((suspect, term))
    places: dict[Suspect, Place | None] = {}
    for source in sources if waiting else ():
        for suspect, place in sorted(_seen(source, waiting), key=lambda seen: seen[1]):
            places.setdefault(suspect, place)
    for suspect in suspects:
        places.setdefault(suspect, Place(sources[0].name) if len(sources) == 1 else None)
    return [
        Fault(suspect.kind, suspect.message, place, suspect.hint)
        for suspect, place in places.items()
    ]


def _seen(
    source: Source, waiting: Mapping[Triple, list[tuple[Suspect, Term]]]
) -> Iterator[tuple[Suspect, Place]]:
    lines = Lines(source.text())
    try:
        for quad, spot in spotted(source):
            for suspect, term in waiting.get(quad.triple, ()):
                yield suspect, Place(source.name, *lines.place(_span(term, quad, spot)))
    except Unlocatable:
        for quad in source.quads():
            for suspect, _ in waiting.get(quad.triple, ()):
                yield suspect, Place(source.name)


def _span(term: Term, quad: Quad, spot: Spot) -> Span:
    """Where the term is in the triple; a datatype is where its literal is."""
    terms = (quad.subject, quad.predicate, quad.object)
    return next((span for each, span in zip(terms, spot, strict=True) if each == term), spot.object)
