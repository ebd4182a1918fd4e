"""Issues of shapes, and the step from an issue's triples to its location in a document."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from tipgraph.validate.documents import RdfDocument
from tipgraph.validate.report import Diagnostic, Location
from tipgraph.validate.source_map import (
    LineIndex,
    PositionsUnavailable,
    Span,
    TripleSpans,
    quads_with_spans,
)
from tipgraph.validate.triples import Term, shorten

# Makes a term readable in a message.
Namer = Callable[[Term], str]
# A triple, and the term in it that an issue is about.
Occurrence = tuple[Triple, Term]


@dataclass(frozen=True)
class Issue:
    """Something wrong with the shapes.

    `occurrences` are where it shows; none where it concerns the shapes as a whole. A warning is
    about what changes no verdict.
    """

    code: str
    message: str
    occurrences: frozenset[Occurrence] = frozenset()
    hint: str = ""
    is_warning: bool = False


def occurrences(triples: Iterable[Triple], term: Term) -> frozenset[Occurrence]:
    """The term in each of these triples."""
    return frozenset((triple, term) for triple in triples)


def make_namer(prefixes: Mapping[str, str]) -> Namer:
    """A namer that uses these prefixes."""

    def name(term: Term) -> str:
        if isinstance(term, BlankNode):
            return "a blank node"
        if not isinstance(term, NamedNode):
            return shorten(str(term), prefixes)
        short = shorten(term.value, prefixes)
        return f"<{short}>" if short == term.value else short

    return name


def to_diagnostics(issues: Sequence[Issue], documents: Sequence[RdfDocument]) -> list[Diagnostic]:
    """The issues, each with the location of its first occurrence, in the order of locations."""
    wanted: defaultdict[Triple, list[tuple[Issue, Term]]] = defaultdict(list)
    for issue in issues:
        for triple, term in issue.occurrences:
            wanted[triple].append((issue, term))
    places: dict[Issue, Location | None] = {}
    for document in documents if wanted else ():
        for issue, place in sorted(_located(document, wanted), key=lambda each: each[1]):
            places.setdefault(issue, place)
    only = Location(documents[0].name) if len(documents) == 1 else None
    for issue in issues:
        places.setdefault(issue, only)
    return [_diagnostic(issue, place) for issue, place in places.items()]


def _diagnostic(issue: Issue, location: Location | None) -> Diagnostic:
    return Diagnostic(issue.code, issue.message, location, issue.hint, issue.is_warning)


def _located(
    document: RdfDocument, wanted: Mapping[Triple, list[tuple[Issue, Term]]]
) -> Iterator[tuple[Issue, Location]]:
    lines = LineIndex(document.text())
    try:
        for quad, spans in quads_with_spans(document):
            for issue, term in wanted.get(quad.triple, ()):
                yield issue, lines.location(document.name, _span(term, quad, spans))
    except PositionsUnavailable:
        for quad in document.quads():
            for issue, _ in wanted.get(quad.triple, ()):
                yield issue, Location(document.name)


def _span(term: Term, quad: Quad, spans: TripleSpans) -> Span:
    """The span of the term in the triple; that of the literal for its datatype."""
    terms = (quad.subject, quad.predicate, quad.object)
    found = (span for each, span in zip(terms, spans, strict=True) if each == term)
    return next(found, spans.object)
