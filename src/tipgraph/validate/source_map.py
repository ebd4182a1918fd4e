"""Map triples to places in a text, and to triples the results of a validation and issues of shapes.

pyoxigraph parses a text but reports no positions. `triple_spans` finds the terms in a text that
pyoxigraph has accepted, and yields the triples in pyoxigraph's order. The grammar's productions
are named as in https://www.w3.org/TR/rdf12-turtle/#sec-grammar.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, Quad, RdfFormat, Triple

from tipgraph.validate.documents import RdfDocument, graph_name
from tipgraph.validate.report import Diagnostic, Location
from tipgraph.validate.results import ValidationResult
from tipgraph.validate.targets import TargetIndex
from tipgraph.validate.triples import Term, to_text

SYNTAXES = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)

# Any non-ASCII character may be in a name: the text is valid, so none is there that may not.
_PN_CHARS = r"A-Za-z0-9_\-\x80-\U0010FFFF"
_PN_LOCAL = (
    r"(?:[A-Za-z0-9_:%\x80-\U0010FFFF]|\\.)"
    rf"(?:[{_PN_CHARS}:%]++|\\.|\.++(?=[{_PN_CHARS}:%\\]))*+"
)
_PNAME_NS = rf"(?:[A-Za-z\x80-\U0010FFFF][{_PN_CHARS}.]*+)?+:"
_IRIREF = r"<[^<>]*+>"
_IRI = rf"(?:{_IRIREF}|{_PNAME_NS}(?:{_PN_LOCAL})?)"
_BLANK_NODE = rf"_:[{_PN_CHARS}]++(?:\.++[{_PN_CHARS}]++)*+"
_NUMBER = r"[+-]?(?:(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)"
_STRING = (
    r'(?:"""(?:[^"\\]++|\\.|"(?!""))*+"""|"(?:[^"\\]++|\\.)*+"'
    r"|'''(?:[^'\\]++|\\.|'(?!''))*+'''|'(?:[^'\\]++|\\.)*+')"
)
_SPACE = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_SUFFIX = rf"{_SPACE}(?:@[A-Za-z]++(?:-++[A-Za-z0-9]++)*+|\^\^{_SPACE}{_IRI})"
_DIRECTIVE = (
    rf"@?(?i:prefix){_SPACE}{_PNAME_NS}{_SPACE}{_IRIREF}"
    rf"|@?(?i:base){_SPACE}{_IRIREF}|@?(?i:version){_SPACE}{_STRING}"
)

# Alternatives without a group (directives, GRAPH, the end of the text) are skipped.
_TOKEN = rf"""{_SPACE} (?:
      (?P<term> {_IRI} | {_BLANK_NODE} | {_NUMBER} | (?:a|true|false)\b )
    | (?P<tagged> {_STRING}{_SUFFIX} )
    | (?P<string> {_STRING} )
    | (?P<mark> [][(){{}}.,;] )
    | {_DIRECTIVE} | (?i:graph) | \Z
    | (?P<unknown> . ) )"""
_LINE_END = re.compile(r"\r\n|\n|\r")

_TERMS = {"term", "string", "(", "]"}
# The part that is expected next inside an opening mark, and after the other marks.
_INSIDE = {"[": "predicate", "(": "object"}
_AFTER = {".": "subject", "{": "subject", "}": "subject", ";": "predicate", ",": "object"}

# Constraint components that report too many triples: the last one is the one to look at.
TOO_MANY = {"MaxCount", "QualifiedMaxCount", "UniqueLang"}
# Constraint components that report a missing triple.
TOO_FEW = {"MinCount", "QualifiedMinCount"}


class PositionsUnavailable(ValueError):
    """The positions of triples in a document are unknown."""


class Span(NamedTuple):
    """Start and end of a term in a text: offsets in characters.

    A list has the span of its opening parenthesis, and a node with properties in brackets that
    of its opening bracket; the empty `[]` has the span of both brackets.
    """

    start: int
    end: int


class TripleSpans(NamedTuple):
    """The spans of a triple's terms.

    Lists expand to triples whose terms are not all written. The first cell has the span of `(`,
    another cell that of its member, the final `rdf:nil` that of `)`; `rdf:first` and `rdf:rest`
    have the span of their object.
    """

    subject: Span
    predicate: Span
    object: Span


class LineIndex:
    """The lines of a text, which end with `\\n`, `\\r\\n` or `\\r`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bounds = [0, *(end.end() for end in _LINE_END.finditer(text)), len(text)]

    def location(self, file: str, span: Span) -> Location:
        """The location of the span; one of several lines ends with the first line."""
        line = bisect_right(self._bounds, span.start, hi=len(self._bounds) - 1)
        start, end = self._bounds[line - 1 : line + 1]
        text = self._text[start:end].rstrip("\r\n")
        last = min(span.end - start, len(text))
        return Location(file, line, span.start - start + 1, last + 1, text)


def quads_with_spans(document: RdfDocument) -> Iterator[tuple[Quad, TripleSpans]]:
    """The document's quads with their positions. Raises PositionsUnavailable."""
    if not document.has_text:
        raise PositionsUnavailable(document.name)
    spans = triple_spans(document.text(), document.syntax)
    try:
        yield from zip(document.quads(), spans, strict=True)
    except ValueError:
        raise PositionsUnavailable(document.name) from None


class LocatedTriple(NamedTuple):
    """A triple of a document, and the locations of its subject, predicate and object."""

    quad: Quad
    subject: Location
    predicate: Location
    object: Location

    def place(self, term: Term) -> Location:
        """The location of a term of the triple; that of the literal for its datatype."""
        terms = (self.quad.subject, self.quad.predicate, self.quad.object)
        places = (self.subject, self.predicate, self.object)
        found = (place for each, place in zip(terms, places, strict=True) if each == term)
        return next(found, self.object)


def located_triples(
    document: RdfDocument, is_wanted: Callable[[Quad], bool] = lambda quad: True
) -> list[LocatedTriple]:
    """The wanted triples in the order of the text.

    The location is only the file where the positions in it are unknown.
    """
    try:
        lines = LineIndex(document.text())
        return [
            LocatedTriple(quad, *(lines.location(document.name, span) for span in spans))
            for quad, spans in quads_with_spans(document)
            if is_wanted(quad)
        ]
    except PositionsUnavailable:
        file = Location(document.name)
        return [LocatedTriple(q, file, file, file) for q in document.quads() if is_wanted(q)]


def triple_spans(text: str, syntax: RdfFormat) -> Iterator[TripleSpans]:
    """The spans of each triple that pyoxigraph parses from the text, in pyoxigraph's order.

    pyoxigraph must have accepted the text; line ends are those of the file. Raises
    PositionsUnavailable for another syntax and, while iterating, for RDF 1.2 syntax: triple terms,
    reified triples, reifiers and annotations.
    """
    if syntax not in SYNTAXES:
        raise PositionsUnavailable(syntax.name)
    return _spans(text)


def _spans(text: str) -> Iterator[TripleSpans]:
    # pyoxigraph makes a triple at the token that completes it. For a plain string and for a list
    # that is the next token, since a language tag, or the list's end, may follow. Of several
    # triples that it makes at one token, it returns the last one first.
    made: list[TripleSpans] = []
    delayed: TripleSpans | None = None
    # In a list the subject is the current cell, and there is no predicate.
    subject, predicate, expected = Span(0, 0), None, "subject"
    outer: list[tuple[Span, Span | None, str]] = []
    for token, here in _tokens(text):
        if delayed is not None:
            made.append(delayed)
            delayed = None
        if expected == "end" and predicate is None:
            made.append(TripleSpans(subject, here, here))
            subject, expected = here, "object"
        if token == "]":
            here = Span(subject.start, here.end) if predicate is None else subject
            subject, predicate, expected = outer.pop()
        if token in _TERMS:
            if expected == "subject":
                subject, expected = here, "predicate"
            elif expected == "predicate":
                predicate, expected = here, "object"
            elif expected == "object":
                spans, expected = TripleSpans(subject, predicate or here, here), "end"
                if token in ("string", "("):
                    delayed = spans
                else:
                    made.append(spans)
        if token in _INSIDE:
            outer.append((subject, predicate, expected))
            subject, predicate, expected = here, None, _INSIDE[token]
        elif token == ")":
            subject, predicate, expected = outer.pop()
        elif token in _AFTER:
            expected = _AFTER[token]
        while made:
            yield made.pop()


@cache
def _token_pattern() -> re.Pattern[str]:
    """The pattern of one token. Compiling takes 40 ms, so it waits until a text is read."""
    return re.compile(_TOKEN, re.VERBOSE | re.DOTALL)


def _tokens(text: str) -> Iterator[tuple[str, Span]]:
    """Each token's kind, which for a mark is the mark itself, and its span."""
    for match in _token_pattern().finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        here = Span(*match.span(kind))
        if kind == "unknown":
            raise PositionsUnavailable(f"from character {here.start + 1} on")
        if kind == "tagged":  # more than one token to pyoxigraph
            yield "untagged", here
            kind = "term"
        yield match[kind] if kind == "mark" else kind, here


def located(issues: Sequence[Diagnostic], documents: Sequence[RdfDocument]) -> list[Diagnostic]:
    """The issues, each at the location of its first occurrence, in the order of locations."""
    wanted: defaultdict[Triple, list[tuple[Diagnostic, Term]]] = defaultdict(list)
    for issue in issues:
        for triple, term in issue.occurrences:
            wanted[triple].append((issue, term))
    places: dict[Diagnostic, Location | None] = {}
    for document in documents if wanted else ():
        found = [
            (triple.place(term), issue)
            for triple in located_triples(document, lambda quad: quad.triple in wanted)
            for issue, term in wanted[triple.quad.triple]
        ]
        for place, issue in sorted(found, key=lambda each: each[0]):
            places.setdefault(issue, place)
    only = Location(documents[0].name) if len(documents) == 1 else None
    for issue in issues:
        places.setdefault(issue, only)
    return [
        replace(issue, location=place, occurrences=frozenset()) for issue, place in places.items()
    ]


class ResultLocation(NamedTuple):
    """The location of a result, and its focus node and value as text that does not move with it.

    Of two locations the one with the lower `rank` is better: one with a line, then the one that
    comes first in `_places`.
    """

    rank: tuple[bool, int]
    location: Location
    terms: tuple[str, ...]


def locate_results(
    results: Sequence[ValidationResult],
    documents: Sequence[RdfDocument],
    targets: TargetIndex,
    graph: str = "",
) -> dict[ValidationResult, ResultLocation]:
    """The location of each result: the wrong triple or, where one is missing, the focus node.

    Only documents that mention a focus node or value are read. With the name of a graph, only
    triples in that graph count.
    """
    candidates: defaultdict[int, list[ValidationResult]] = defaultdict(list)
    for result in results:
        for number in _documents_with(result, documents, targets):
            candidates[number].append(result)
    best: dict[ValidationResult, ResultLocation] = {}
    for document in documents:
        triples = ResultTriples(candidates[document.number], document, graph)
        for result in candidates[document.number]:
            found = triples.location(result)
            if found and (result not in best or found.rank < best[result].rank):
                best[result] = found
    return best


def _documents_with(
    result: ValidationResult, documents: Sequence[RdfDocument], targets: TargetIndex
) -> set[int]:
    """The numbers of the documents that may contain the result."""
    # The index covers nodes only.
    if isinstance(result.focus_node, Literal):
        return {each.number for each in documents}
    nodes = [term for term in (result.focus_node, result.value) if term is not None]
    return {number for node in nodes for number in targets.mentioning(node)}


class ResultTriples:
    """The triples of a document that results can be about, with locations."""

    def __init__(
        self, results: Sequence[ValidationResult], document: RdfDocument, graph: str
    ) -> None:
        self._by_subject: defaultdict[Term, list[LocatedTriple]] = defaultdict(list)
        self._by_object: defaultdict[Term, list[LocatedTriple]] = defaultdict(list)
        self._by_both: defaultdict[tuple[Term, Term], list[LocatedTriple]] = defaultdict(list)
        wanted = {term for each in results for term in (each.focus_node, each.value) if term}

        def is_wanted(quad: Quad) -> bool:
            is_about = quad.subject in wanted or quad.object in wanted
            return is_about and (not graph or graph_name(quad) == graph)

        for each in located_triples(document, is_wanted) if wanted else ():
            self._by_subject[each.quad.subject].append(each)
            self._by_object[each.quad.object].append(each)
            self._by_both[each.quad.subject, each.quad.object].append(each)

    def with_subject(self, subject: Term | None) -> Sequence[LocatedTriple]:
        """The triples of this subject, in the order of the text."""
        return self._by_subject.get(subject, ()) if subject else ()

    def with_object(self, value: Term | None) -> Sequence[LocatedTriple]:
        """The triples with this object, in the order of the text."""
        return self._by_object.get(value, ()) if value else ()

    def between(self, subject: Term | None, value: Term | None) -> Sequence[LocatedTriple]:
        """The triples of this subject with this object, in the order of the text."""
        return self._by_both.get((subject, value), ()) if subject and value else ()

    def location(self, result: ValidationResult) -> ResultLocation | None:
        """The best location of a result in the document, if it has one."""
        for number, place in enumerate(_places(result, self)):
            if place is not None:
                terms = self._stable_text(result.focus_node), self._stable_text(result.value)
                return ResultLocation((not place.line, number), place, terms)
        return None

    def _stable_text(self, term: Term | None) -> str:
        """The term as text; a blank node by its triples, since its label is not stable."""
        if not isinstance(term, BlankNode):
            return to_text(term)
        incoming = [(each.quad.subject, each.quad.predicate) for each in self.with_object(term)]
        outgoing = [(each.quad.predicate, each.quad.object) for each in self.with_subject(term)]
        pairs = incoming + outgoing
        return str(sorted(f"{_unlabelled(left)} {_unlabelled(right)}" for left, right in pairs))


def _unlabelled(term: Term) -> str:
    return "[]" if isinstance(term, BlankNode) else str(term)


def _places(result: ValidationResult, triples: ResultTriples) -> Iterator[Location | None]:
    """The place of a result by each rule, the best rule first; None where it finds none."""
    focus_node, value = result.focus_node, result.value
    own, of_value = triples.with_subject(focus_node), triples.with_subject(value)
    with_value = triples.between(focus_node, value)
    # The value that the focus node has by a single property, then by any.
    yield _first(
        each.predicate if result.component == "Closed" else each.object
        for each in with_value
        if each.quad.predicate == result.path
    )
    yield _first(each.object for each in with_value)
    yield _one_of_values(result, triples)
    # The property itself, where a shape with one focus node names its subject as the value.
    yield _first(
        each.predicate
        for step in result.first_steps
        for each in of_value
        if each.quad.predicate == step.property
    )
    # The focus node as the object of a triple of the value.
    yield _first(each.object for each in triples.between(value, focus_node))
    # The only value that shapes within `sh:and`, `sh:or`, `sh:xone` or `sh:not` are about.
    inner = {
        each.object
        for path, required in result.inner_paths
        for each in own
        if each.quad.predicate == path and (not required or each.quad.object in required)
    }
    yield inner.pop() if len(inner) == 1 else None
    # Focus node or value, where their descriptions begin, or where another node refers to them.
    yield _first(each.subject for each in own)
    yield _first(each.subject for each in of_value)
    yield _first(each.object for each in triples.with_object(focus_node))
    yield _first(each.object for each in triples.with_object(value))


def _first(places: Iterable[Location]) -> Location | None:
    return next(iter(places), None)


def _one_of_values(result: ValidationResult, triples: ResultTriples) -> Location | None:
    """A value of the path's first property: the last value, if there are too many."""
    for step in result.first_steps if result.component not in TOO_FEW else ():
        if step.inverse:
            others = triples.with_object(result.focus_node)
            found = [each.subject for each in others if each.quad.predicate == step.property]
        else:
            own = triples.with_subject(result.focus_node)
            found = [each.object for each in own if each.quad.predicate == step.property]
        if found:
            return found[-1 if step.inverse or result.component in TOO_MANY else 0]
    return None
