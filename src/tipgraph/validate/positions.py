"""Where in a text of Turtle, TriG, N-Triples or N-Quads each triple stands.

pyoxigraph parses a text but tells no places. This finds where the terms begin and end in a text
that pyoxigraph has accepted, and gives the triples in pyoxigraph's order. The productions have
their names from https://www.w3.org/TR/rdf12-turtle/#sec-grammar.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import RdfFormat

SYNTAXES = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)

# Beyond ASCII any character may be in a name: in a sound text there is none that may not.
_PN_CHARS = r"A-Za-z0-9_\-\x80-\U0010FFFF"
_PN_LOCAL = (
    r"(?:[A-Za-z0-9_:%\x80-\U0010FFFF]|\\.)"
    rf"(?:[{_PN_CHARS}:%]++|\\.|\.++(?=[{_PN_CHARS}:%\\]))*+"
)
_PNAME_NS = rf"(?:[A-Za-z\x80-\U0010FFFF][{_PN_CHARS}.]*+)?+:"
_IRIREF = r"<[^<>]*+>"
_IRI = rf"(?:{_IRIREF}|{_PNAME_NS}(?:{_PN_LOCAL})?)"
_LABEL = rf"_:[{_PN_CHARS}]++(?:\.++[{_PN_CHARS}]++)*+"
_NUMBER = r"[+-]?(?:(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)"
_STRING = (
    r'(?:"""(?:[^"\\]++|\\.|"(?!""))*+"""|"(?:[^"\\]++|\\.)*+"'
    r"|'''(?:[^'\\]++|\\.|'(?!''))*+'''|'(?:[^'\\]++|\\.)*+')"
)
_GAP = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_TAG = rf"{_GAP}(?:@[A-Za-z]++(?:-++[A-Za-z0-9]++)*+|\^\^{_GAP}{_IRI})"
_DIRECTIVE = (
    rf"@?(?i:prefix){_GAP}{_PNAME_NS}{_GAP}{_IRIREF}"
    rf"|@?(?i:base){_GAP}{_IRIREF}|@?(?i:version){_GAP}{_STRING}"
)

# What has no name (directives, the word GRAPH, the end of the text) is passed over.
_TOKEN = re.compile(
    rf"""{_GAP} (?:
      (?P<term> {_IRI} | {_LABEL} | {_NUMBER} | (?:a|true|false)\b )
    | (?P<tagged> {_STRING}{_TAG} )
    | (?P<string> {_STRING} )
    | (?P<mark> [][(){{}}.,;] )
    | {_DIRECTIVE} | (?i:graph) | \Z
    | (?P<unknown> . ) )""",
    re.VERBOSE | re.DOTALL,
)
_LINE_END = re.compile(r"\r\n|\n|\r")

_TERMS = {"term", "string", "(", "]"}
_INSIDE = {"[": "predicate", "(": "object"}
_BEHIND = {".": "subject", "{": "subject", "}": "subject", ";": "predicate", ",": "object"}


class Unlocatable(ValueError):
    """The places of triples cannot be told; the text says why."""


class Span(NamedTuple):
    """Where a term begins, and where it has ended: offsets in characters.

    A list has the span of its opening bracket, as has a node with its properties in brackets; the
    empty `[]` has that of both.
    """

    start: int
    end: int


class Spot(NamedTuple):
    """Where a triple stands.

    Of the triples that make up a list not every term is written. A list's first cell stands where
    its `(` does, another cell where its item does, the `rdf:nil` at its end where its `)` does, and
    `rdf:first` and `rdf:rest` where their object does.
    """

    subject: Span
    predicate: Span
    object: Span


class Lines:
    """The lines of a text, which end with `\\n`, `\\r\\n` or `\\r`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bounds = [0, *(end.end() for end in _LINE_END.finditer(text)), len(text)]

    def place(self, span: Span) -> tuple[int, int, int, str]:
        """The line, the column in it, the column behind the span, and the text of the line.

        All count characters from 1. A span that runs over several lines ends with its first.
        """
        line = bisect_right(self._bounds, span.start, hi=len(self._bounds) - 1)
        start, end = self._bounds[line - 1 : line + 1]
        text = self._text[start:end].rstrip("\r\n")
        return line, span.start - start + 1, min(span.end - start, len(text)) + 1, text


def spots(text: str, syntax: RdfFormat) -> Iterator[Spot]:
    """The spot of each triple that pyoxigraph reads from the text, in the order it gives them.

    The text is one that pyoxigraph has read without an error, with its line ends as they are in
    the file. Raises Unlocatable for another syntax and, on the way, where a text speaks of triples
    as RDF 1.2 does: triple terms, reified triples, reifiers and annotations.
    """
    if syntax not in SYNTAXES:
        raise Unlocatable(f"places are told in Turtle and its kin alone, not in {syntax.name}")
    return _spots(text)


def _spots(text: str) -> Iterator[Spot]:
    # pyoxigraph makes a triple at the token that completes it. For a plain string and for a list
    # that is the one behind, since a language, or the list's end, might come. Of several triples
    # that it makes at one token, it gives the last one first.
    made: list[Spot] = []
    late: Spot | None = None
    # In a list the subject is the current cell, and there is no predicate.
    subject, predicate, awaited = Span(0, 0), None, "subject"
    around: list[tuple[Span, Span | None, str]] = []
    for token, here in _tokens(text):
        if late is not None:
            made.append(late)
            late = None
        if awaited == "end" and predicate is None:
            made.append(Spot(subject, here, here))
            subject, awaited = here, "object"
        if token == "]":
            here = Span(subject.start, here.end) if predicate is None else subject
            subject, predicate, awaited = around.pop()
        if token in _TERMS:
            if awaited == "subject":
                subject, awaited = here, "predicate"
            elif awaited == "predicate":
                predicate, awaited = here, "object"
            elif awaited == "object":
                spot, awaited = Spot(subject, predicate or here, here), "end"
                if token in ("string", "("):
                    late = spot
                else:
                    made.append(spot)
        if token in _INSIDE:
            around.append((subject, predicate, awaited))
            subject, predicate, awaited = here, None, _INSIDE[token]
        elif token == ")":
            subject, predicate, awaited = around.pop()
        elif token in _BEHIND:
            awaited = _BEHIND[token]
        while made:
            yield made.pop()


def _tokens(text: str) -> Iterator[tuple[str, Span]]:
    """Each token's kind, which for a mark is the mark itself, and its span."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        here = Span(*match.span(kind))
        if kind == "unknown":
            excerpt = text[here.start : here.start + 20]
            raise Unlocatable(f"no places from character {here.start + 1} on: {excerpt!r}")
        if kind == "tagged":  # more than one token to pyoxigraph
            yield "untagged", here
            kind = "term"
        yield match[kind] if kind == "mark" else kind, here
