"""Search: read the question, match rows, rank them, and report what is not there."""

import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from tipgraph import entities
from tipgraph.entities.editions import ALL, NEWEST, Choice, sources
from tipgraph.errors import UsageError
from tipgraph.namespaces import last_part
from tipgraph.queries import no_rows
from tipgraph.queries.catalogue import EDITION, on_areas
from tipgraph.queries.parameters import Names, Parameter, texts_of
from tipgraph.search.gaps import Gap, gaps, gaps_of_countries
from tipgraph.search.index import EDGE, KINDS, YEAR, opened, read_displayed
from tipgraph.search.matching import (
    Limits,
    Matches,
    Row,
    with_all_words,
    with_no_word,
    with_some_words,
)
from tipgraph.search.question import Question, read, without_speaker
from tipgraph.search.ranking import AHEAD, Series, ranked
from tipgraph.search.result import Hit, NamedQuery, SearchResult, hit
from tipgraph.search.terms import (
    FUNCTION_WORDS,
    any_of,
    content_terms,
    content_words,
    matching_names,
    rows_matching,
    similar_words,
    split,
    statements_in,
    years,
)
from tipgraph.store.engine import Engine
from tipgraph.text import did_you_mean, nearest

# The default number of hits.
LIMIT = 10
# If fewer hits than FEW match all words, PARTIAL hits follow that match most of them.
FEW, PARTIAL = 4, 10

# Returns the countries for which a stored query has rows, or the one of these that is named; None
# if it is not known.
AreasOf = Callable[..., Sequence[str] | None]


@dataclass(frozen=True)
class Filters:
    """Limits on hits, as users type them: names, and a key of `search.index.KINDS`."""

    edition: Names = None
    area: Names = None
    topic: str | None = None
    speaker: str | None = None
    kind: str | None = None

    def resolved(self, engine: Engine) -> Limits:
        """The same by IRIs. Raises UsageError for what the graph does not have."""
        if self.kind is not None and self.kind not in KINDS:
            hint = did_you_mean(nearest(self.kind, KINDS)) or f"kinds: {', '.join(KINDS)}"
            raise UsageError(f"unknown kind {self.kind!r}; {hint}")
        limits: dict[str, Sequence[str]] = {"kind": (self.kind,)} if self.kind else {}
        names, areas = texts_of(self.edition), texts_of(self.area)
        if names or areas:
            found = Choice(engine).select_all(names or [ALL], areas)
            limits["edition"] = [each.iri for each in found]
            if not names:
                countries = dict.fromkeys(each.area for each in found)
                limits["edition"] = [iri for area in countries for iri in sources(engine, area)]
        if self.topic is not None:
            limits["topic"] = [Parameter("topic", "code:topics").term(engine, self.topic).value]
        if self.speaker is not None:
            speaker = Parameter("speaker", "tip:Actor").term(engine, self.speaker)
            limits["speaker"] = [speaker.value]
        return limits


@dataclass(frozen=True)
class Answers:
    """The series that have all words of a question, and those that follow since few have them.

    `lacking` are the words that nothing on the countries has.
    """

    full: Sequence[Series] = ()
    partial: Sequence[Series] = ()
    lacking: Sequence[str] = ()
    expressions: Sequence[str] = ()

    @property
    def series(self) -> list[Series]:
        return [*self.full, *self.partial]

    @property
    def first(self) -> list[Row]:
        """The row that stands for each series."""
        return [series[0] for series in self.series]

    def hits(self, index: sqlite3.Connection) -> Iterator[Hit]:
        """Yield a hit for each series."""
        for found, expression in zip((self.full, self.partial), self.expressions, strict=True):
            yield from (hit(index, series, expression) for series in found)


def search(
    engine: Engine,
    index: str | bytes,
    text: str,
    filters: Filters,
    limit: int | None = LIMIT,
    areas_of: AreasOf | None = None,
) -> SearchResult:
    """The things that match a text, in an index that `make_index` returned, or in a file of it.

    All words must match; where few things have them all, those follow that have most, and where
    nothing has them all, those that have some, with the name of a country among them if any. A
    country with editions that is named beside other words limits the search to these. `limit` is
    the most hits, None for all. `areas_of` returns the countries for which a query has rows: one
    without any is named only where no hit is about the words. Raises UsageError as
    `Filters.resolved`.
    """
    limits = filters.resolved(engine)
    with closing(opened(index)) as read_only:
        question = read(engine, read_only, text)
        if not question.terms:
            return SearchResult(text, ())
        found = answers(read_only, question, limits)
        hits = tuple(islice(found.hits(read_only), limit))
        counted = content_terms(question.terms)
        missing = [e for e in counted if not rows_matching(read_only, e.expression)]
        return SearchResult(
            text=text,
            words=tuple(each.text for each in question.terms),
            hits=hits,
            total=len(found.series),
            partial=len(found.partial),
            matches_all=bool(found.full),
            outside=0 if found.series else _without_limits(read_only, question),
            gaps=tuple(dict.fromkeys(_gaps(engine, read_only, question, limits, found))),
            queries=tuple(_queries(engine, read_only, question, found, areas_of)),
            unread=tuple(entities.labels(engine, _unread(question, found)).values()),
            countries=_searched(engine, question),
            lacking=tuple(found.lacking),
            read_as=tuple(question.read_as.items()),
            is_unspoken=_is_unspoken(question, found),
            is_on_several=_is_on_several(engine, question, limits, found, hits),
            **_years(read_only, question, found),
            missing=tuple(each.text for each in missing),
            nearest=tuple(dict.fromkeys(w for e in missing for w in similar_words(read_only, e))),
        )


def answers(index: sqlite3.Connection, question: Question, limits: Limits) -> Answers:
    """The series that answer a question, in their order."""
    areas = question.sources.values() if question.is_on_countries else ()
    on_each = [statements_in(index, each) for each in areas]
    matches = with_all_words(index, question, limits)
    full = ranked(matches, on_each)
    if question.is_on_countries and not any(row.is_stated or row.in_name for row, *_ in full):
        # A definition that has all words is no answer on a country.
        full = []
    lacking = []
    if question.is_on_countries and not full:
        known = set[int]().union(*on_each)
        words = ((e.text, rows_matching(index, e.expression)) for e in question.words)
        lacking = [word for word, rows in words if rows.isdisjoint(known)]
    if len(full) >= FEW or any(row.has_name for row, *_ in full):
        return Answers(full, (), lacking, (matches.expression, ""))
    some = _some(index, question, limits, lacking)
    partial = ranked(some, on_each)
    if full and any(len(row.lacks) < len(question.words) for row in some.rows):
        partial = _mostly(partial, full, len(question.words))
    return Answers(full, partial, lacking, (matches.expression, some.expression))


def _some(
    index: sqlite3.Connection,
    question: Question,
    limits: Limits,
    lacking: Collection[str],
) -> Matches:
    """The rows with some of the words; where a country has none of them, its first statements."""
    if not question.is_on_countries:
        return with_some_words(index, question, limits, [*question.countries])
    # A question with "who" asks for what is done before its object, where a statement has it.
    verb = [e for e in question.words if question.asks_who and e.text not in lacking][:1]
    some = with_some_words(index, question, limits, verb)
    if not any(row.is_stated for row in some.rows):
        return with_no_word(index, question, limits)
    return replace(some, rows=[r for r in some.rows if r.is_stated]) if verb else some


def _mostly(partial: Iterable[Series], full: Iterable[Series], size: int) -> list[Series]:
    """The first series with most of the words that are not among the full ones."""
    known = {series[0].group for series in full}
    most = (s for s in partial if s[0].group not in known and 2 * len(s[0].lacks) < size)
    return [*islice(most, PARTIAL)]


# ── What is not there ─────────────────────────────────────────────────────────────────────────────


def _without_limits(index: sqlite3.Connection, question: Question) -> int:
    """The number of hits in all editions and kinds."""
    everywhere = replace(question, subject=question.terms, is_on_countries=False)
    return len(ranked(with_all_words(index, everywhere, {})))


def _gaps(
    engine: Engine,
    index: sqlite3.Connection,
    question: Question,
    limits: Limits,
    found: Answers,
) -> Iterable[Gap]:
    """The terms on which editions have no statement, where no statement has all words."""
    among = limits.get("edition")
    if question.is_on_countries and not found.full:
        return gaps_of_countries(engine, index, question.terms, question.countries, among)
    if question.is_on_countries and any(row.is_stated for row, *_ in found.full):
        return ()
    named = question.all_sources
    if among is not None and named is not None:
        among = tuple(each for each in named if each in among)
    return gaps(engine, index, question.names.whole, named if among is None else among)


def _unread(question: Question, found: Answers) -> list[str]:
    """The countries that no edition or document is on.

    Beside another country, one may be that which victims come from, unless nothing found names it.
    """
    return [
        iri
        for name, iri in question.unread.items()
        if name in question.countries or not {*content_words(name.text)}.isdisjoint(found.lacking)
    ]


def _searched(engine: Engine, question: Question) -> tuple[str, ...]:
    """The labels of the countries that the search is limited to."""
    iris = question.countries.values() if question.is_on_countries else ()
    return tuple(entities.labels(engine, iris).values())


def _is_unspoken(question: Question, found: Answers) -> bool:
    """Return whether no hit on the countries is by the speaker that is named."""
    is_spoken = any(row.is_by_speaker for row in found.first)
    return question.is_on_countries and bool(question.stated) and not is_spoken


def _is_on_several(
    engine: Engine,
    question: Question,
    limits: Limits,
    found: Answers,
    hits: Iterable[Hit],
) -> bool:
    """Return whether the hits are figures, or of a year, on countries that nobody chose."""
    is_on_figures = any(row.standing.is_figure for row, *_ in found.full[:1])
    if question.countries or limits.get("edition") or not (question.years or is_on_figures):
        return False
    areas = {each.slug: each.area for each in sources(engine).values()}
    named = (name for hit in hits if hit.kind == "statement" for name in hit.editions)
    return len({areas[each] for each in named if each in areas}) > 1


def _years(index: sqlite3.Connection, question: Question, found: Answers) -> dict[str, Any]:
    """The years that no figure is on, and those of the editions, where none is of these years."""
    asked = years(question.terms)
    is_dated = any(row.year in asked for row in found.first)
    if asked and (question.reports or not is_dated):
        known = question.reports or question.known_sources
        named = {int(year) for each in known for year in re.findall(YEAR, each.label)}
        if asked.isdisjoint(named):
            return {"edition_years": tuple(sorted({each.year for each in known if each.year}))}
    first = found.first[:1]
    # A figure of a document has a period, and is no observation.
    if not (question.is_on_countries and question.years and first and first[0].standing.period):
        return {}
    # A later hit may be on several years, one of which was searched for.
    best = chain.from_iterable(s for s in found.series if s[0].lacks == first[0].lacks)
    labels = any_of(each.expression for each in question.words if each.is_year)
    is_named = first[0].number in rows_matching(index, f"label : {labels}")
    if is_named or any(row.year in question.years for row in best):
        return {}
    return {"other_years": tuple(sorted(question.years))}


# ── Stored queries ────────────────────────────────────────────────────────────────────────────────


def _queries(
    engine: Engine,
    index: sqlite3.Connection,
    question: Question,
    found: Answers,
    areas_of: AreasOf | None,
) -> list[NamedQuery]:
    """The stored queries that are named beside countries, and that take these.

    One without rows is named only where nothing answers, and the words are its name, or where the
    form of the question asks it.
    """
    if not question.is_on_countries:
        return []
    takes_area = _with_link(index, "parameter", "area")
    by_form = _asked_by_form(index, question, takes_area)
    asked = dict.fromkeys(by_form, False) | _asked(index, question, bool(found.full))
    on_newest = _with_link(index, "default", NEWEST)
    iris = tuple(dict.fromkeys(question.countries.values()))
    areas = tuple(map(last_part, iris))
    # Where no edition was read in full, the newest does not stand for the others.
    is_in_part = not any(each.is_complete for each in question.known_sources)
    named: list[NamedQuery] = []
    kept = set()
    for number in [each for each in asked if each in takes_area]:
        name, text = index.execute(
            "SELECT iri, shown FROM thing WHERE id = ?", (number,)
        ).fetchone()
        shown = read_displayed(text)
        known = (areas_of(name, iri) if areas_of else None for iri in iris)
        has_rows = any(each is None or each for each in known)
        elsewhere = "" if has_rows or not areas_of else _in_words(engine, areas_of(name))
        if number in by_form:
            kept.add(name)
        command = on_areas(shown.command, areas)
        if number in on_newest and has_rows and is_in_part:
            command += f" --{EDITION} {ALL}"
        named.append(
            NamedQuery(name, shown.label, areas, command, has_rows, asked[number], elsewhere)
        )
    if any(each.has_rows for each in named) or (named and _is_about(index, question, found)):
        return [each for each in named if each.has_rows or each.name in kept]
    return [each for each in named if not each.is_loose]


def _in_words(engine: Engine, areas: Sequence[str] | None) -> str:
    return no_rows.in_words(engine, areas) if areas else ""


def _asked_by_form(
    index: sqlite3.Connection, question: Question, queries: Iterable[int]
) -> list[int]:
    """The rows of those of the stored queries that words such as "can … get" ask.

    They have a name of several words that all are function words, each of them in the question.
    """
    typed = {each.text for each in question.terms} & FUNCTION_WORDS
    return [
        number
        for number in sorted(queries)
        for (names,) in index.execute("SELECT names FROM text WHERE rowid = ?", (number,))
        for words in map(split, names.split(EDGE))
        if len(words) > 1 and typed >= {*words}
    ]


def _asked(index: sqlite3.Connection, question: Question, is_answered: bool) -> dict[int, bool]:
    """The rows of the stored queries that the subject names, perhaps with a speaker in it.

    Where no statement answers, they are those with all words but years in their names, which are
    loose, then those that a word names.
    """
    asked = [*matching_names(index, question.subject, ["query"]).whole]
    if spoken := without_speaker(index, question.subject):
        takes_speaker = _with_link(index, "parameter", "speaker")
        asked += matching_names(index, spoken, ["query"]).whole & takes_speaker
    undated = [term for term in question.subject if not term.is_year]
    if is_answered or not undated:
        return dict.fromkeys(asked, False)
    having = {} if asked else matching_names(index, undated, ["query"]).parts
    loose = sorted(having, key=lambda number: (-having[number], number))[:AHEAD]
    # "Who pays" asks for money before it asks for bodies.
    by_verb = sorted(undated, key=lambda term: term.is_function_word)
    each = (matching_names(index, [term], ["query"]).whole for term in by_verb)
    return dict.fromkeys(loose, True) | dict.fromkeys(chain(asked, *each), False)


def _with_link(index: sqlite3.Connection, role: str, target: str) -> set[int]:
    select = "SELECT thing FROM link WHERE role = ? AND target = ?"
    return {number for (number,) in index.execute(select, (role, target))}


def _is_about(index: sqlite3.Connection, question: Question, found: Answers) -> bool:
    """Return whether the first hit is about all words, as they are written.

    They are not in its notes or quotes, and "reporting" is none of "reported".
    """
    words = [each.expression for each in question.words if not each.is_year]
    if not (words and found.full):
        return False
    about = rows_matching(index, f"{{label related}} : ({' AND '.join(words)})")
    first = found.full[0][0]
    return first.number in about and first.as_written == len(words)
