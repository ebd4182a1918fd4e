"""The result of a search: hits with what matched in them, and what nothing has."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from tipgraph.entities.languages import translated
from tipgraph.search.gaps import Gap
from tipgraph.search.index import CLOSE, EDGE, OPEN, WEIGHTS, DisplayedEntry, read_displayed
from tipgraph.search.ranking import Series

# The length of a snippet in characters.
SNIPPET = 160

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Similar:
    """A statement that is not listed, since it is of the same series as a hit."""

    iri: str
    label: str
    editions: tuple[str, ...]
    command: str


@dataclass(frozen=True)
class Hit(DisplayedEntry):
    """A thing that matches. Spans are offsets in code points of what matches.

    `field` is where the snippet is from, where the match is not in the label: `names`, `quote`,
    `definition`, `note`, `related` (what a statement is about), or `source`
    (edition and speakers). `is_named` is true where the words are the whole of one of its
    names, `in_name` where they are in its names. `without` are the words that it does not have.
    `similar` are the statements of the same series: figures that differ in edition, period and
    value alone, and remarks in the same words by the same speakers on a country; of a series,
    the hit is the figure on exactly a year that was searched for, else the first.
    """

    iri: str = ""
    kind: str = ""
    label_spans: Spans = ()
    field: str = ""
    snippet: str = ""
    snippet_spans: Spans = ()
    is_named: bool = False
    in_name: bool = False
    without: tuple[str, ...] = ()
    similar: tuple[Similar, ...] = ()


@dataclass(frozen=True)
class NamedQuery:
    """A stored query that is named beside countries, and the command that asks it on these.

    `areas` are the codes of the countries, for none of which it has a row if not `has_rows`. It is
    loose if the words are a part of its name. `elsewhere` has the countries with rows instead, in
    words, where they are known.
    """

    name: str
    label: str
    areas: tuple[str, ...]
    command: str
    has_rows: bool = True
    is_loose: bool = False
    elsewhere: str = ""

    @property
    def remark(self) -> str:
        """Return the end of a line on a query without rows; empty if it has some."""
        if self.has_rows:
            return ""
        rows = f"; rows for {self.elsewhere}" if self.elsewhere else ""
        return f": not found in what was read{rows}"


@dataclass(frozen=True)
class SearchResult:
    """The hits of a search, the best first.

    `words` are the words that were searched for; without any, the text has none. `matches_all` is
    false where nothing has all of them, and the hits have some. `missing` are words that nothing
    has, `nearest` known words that are similar to them. `total` counts the hits before the limit,
    `partial` those of them, the last ones, that do not have all words, `outside` those that the
    filters leave out where nothing is within them. `queries` are named beside a country, `unread`
    are countries that are named, that no edition or document is on, and that nothing found names.
    `lacking` are words that nothing on `countries`, which the search names, has. `read_as` has
    a word that nothing has, and the country whose name it is in another language, or misspelt.
    `other_years` are the years that were searched for, where the first hit is a figure and no
    figure is on them; `edition_years` are those of the editions on the countries, where none is
    of such a year. `is_unspoken` is true where a speaker was searched for, and no hit is by it.
    `is_on_several` is true where no country was searched for, and the first hits are figures, or
    of a year, on several.
    """

    text: str
    words: tuple[str, ...]
    hits: tuple[Hit, ...] = ()
    total: int = 0
    partial: int = 0
    matches_all: bool = True
    missing: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    outside: int = 0
    gaps: tuple[Gap, ...] = ()
    queries: tuple[NamedQuery, ...] = ()
    unread: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    read_as: tuple[tuple[str, str], ...] = ()
    other_years: tuple[int, ...] = ()
    edition_years: tuple[int, ...] = ()
    is_unspoken: bool = False
    is_on_several: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def hit(index: sqlite3.Connection, series: Series, expression: str) -> Hit:
    """The hit of a series, with what an expression matches in its first row."""
    first, *others = series
    highlights = ", ".join(f"highlight(text, {i}, ?, ?)" for i in range(len(WEIGHTS)))
    marked = index.execute(
        f"SELECT iri, shown, {highlights} FROM text JOIN thing ON id = text.rowid"
        " WHERE text MATCH ? AND text.rowid = ?",
        (*[OPEN, CLOSE] * len(WEIGHTS), expression, first.number),
    )
    iri, shown, label, *columns = marked.fetchone()
    plain = read_displayed(shown)
    names = translated([iri])
    _, spans = matched_spans(names.get(iri, label))
    where, snippet, places = ("", "", ()) if spans else snippet_of(columns)
    return Hit(
        **{**vars(plain), "label": names.get(iri, plain.label)},
        iri=iri,
        kind=first.kind,
        label_spans=spans,
        field=where,
        snippet=snippet,
        snippet_spans=places,
        is_named=first.has_name,
        in_name=first.in_name,
        without=tuple(dict.fromkeys(first.lacks + first.lacks_preferred)),
        similar=tuple(_similar(index, row.number) for row in others),
    )


def _similar(index: sqlite3.Connection, number: int) -> Similar:
    select = "SELECT iri, shown FROM thing WHERE id = ?"
    iri, text = index.execute(select, (number,)).fetchone()
    shown = read_displayed(text)
    return Similar(iri, shown.label, shown.editions, shown.command)


def matched_spans(marked: str) -> tuple[str, Spans]:
    """The text without the marks of matches, and the spans of these."""
    plain, spans = "", []
    for part in re.split(f"({OPEN}[^{CLOSE}]*{CLOSE})", marked):
        if part.startswith(OPEN):
            spans.append((len(plain), len(plain) + len(part) - 2))
            part = part[1:-1]
        plain += part
    return plain, tuple(spans)


def snippet_of(columns: Sequence[str]) -> tuple[str, str, Spans]:
    """The column of the first match, and what is around it there."""
    for name, marked in zip(islice(WEIGHTS, 1, None), columns, strict=True):
        matching = [each for each in (marked or "").split(EDGE) if OPEN in each]
        if matching:
            best = max(matching, key=lambda each: each.count(OPEN))
            return name, *_shortened(*matched_spans(best.strip()))
    return "", "", ()


def _shortened(text: str, spans: Spans) -> tuple[str, Spans]:
    """The text around the first match, cut between words, with the spans in it."""
    if len(text) <= SNIPPET:
        return text, spans
    start = max(0, min(spans[0][0] - SNIPPET // 3, len(text) - SNIPPET))
    if start:
        start = text.find(" ", start, spans[0][0]) + 1 or spans[0][0]
    end = start + SNIPPET
    if end < len(text):
        cut = text.rfind(" ", spans[0][1], end)
        end = max(spans[0][1], cut)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    within = ((first + shift, last + shift) for first, last in spans if last <= end)
    return f"{before}{text[start:end]}{after}", tuple(within)
