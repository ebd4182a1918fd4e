"""Full-text search over what the graph contains: labels, definitions, notes, quotes."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice, pairwise
from typing import NamedTuple

from tipgraph import entities
from tipgraph.entities.editions import ALL, NEWEST, editions, sources
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import EDITION, on_areas
from tipgraph.search.gaps import (
    INDICATOR,
    STATEMENT,
    TOPIC,
    Gap,
    gaps,
    gaps_of_countries,
    statements_in,
)
from tipgraph.search.index import (
    ASIDE,
    CLOSE,
    KINDS,
    LARGEST,
    MONEY,
    OPEN,
    OTHER_STAGE,
    OTHER_UNIT,
    OTHERS,
    OURS,
    PARTS,
    WEIGHTS,
    YEARS_OF_EDITION,
    Entry,
    read_displayed,
)
from tipgraph.search.result import (
    Hit,
    NamedQuery,
    SearchResult,
    Similar,
    matched_spans,
    snippet_of,
)
from tipgraph.search.terms import (
    Names,
    Term,
    any_of,
    by_speaker,
    content_terms,
    content_words,
    countries_read,
    joined,
    linked,
    matching_names,
    named_countries,
    named_editions,
    nationals,
    parse,
    rest,
    rows_matching,
    similar_words,
    without_common,
    without_speaker,
    years,
)
from tipgraph.store.engine import Engine, grouped

# The default number of hits.
LIMIT = 10
# Stored queries, and codes, that come before statements by a part of their names; of a code's name
# it is at least this part.
AHEAD, PART = 3, 0.5
# Scores are equal within a step from the best score to none.
STEPS = 4
# If fewer hits than FEW match all words, PARTIAL hits follow that match most of them.
FEW, PARTIAL = 4, 10
QUERY, SENTENCE = "query", "sentence"
# Kinds that answer by their names, and those that answer by what they state.
NAMED = (
    *(QUERY, TOPIC, INDICATOR, SENTENCE, "edition", "actor", "category", "provision", "country"),
)
STATED = (STATEMENT, SENTENCE)
KIND_ORDER = {kind: place for place, kind in enumerate(KINDS)}
# Kinds that precede statements by a whole name where a search is limited to a country.
PLACED = ("edition", "document", "provision")

# A search that begins with one of these words asks who does something.
ASKING_FOR_ACTORS = ("who",)

# Returns the countries for which a stored query has rows, the one of the country that is named, or
# none; None if it is not known.
AreasOf = Callable[[str, str], Collection[str] | None]


@dataclass(frozen=True)
class ResolvedFilters:
    """Limits on hits: IRIs of editions, of a topic and of a speaker, and kinds.

    None stands for no limit. A topic includes the narrower ones. `named` are the editions on the
    country that a search names.
    """

    editions: tuple[str, ...] | None = None
    topic: str | None = None
    speaker: str | None = None
    kinds: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


def is_figure(row: "Entry | _Row") -> bool:
    """Return whether it is a figure."""
    return row.kind == STATEMENT and row.precedence < OTHERS


def counts_things(row: "Entry | _Row") -> bool:
    """Return whether it is a figure of anything else than persons."""
    return is_figure(row) and row.precedence % PARTS >= OTHER_UNIT


def order(row: "Entry | _Row", is_on_part: bool, is_aside: bool = False) -> tuple[int, ...]:
    """Return the order of what editions on a country state.

    Figures come before other statements and totals before parts, then the newest edition, the stage
    and the counter, the plainest indicator, the newest period and the largest number. A search that
    `is_on_part`, such as children, has victims found before other counts instead, and counts of
    anything else than persons last. A figure that `is_aside` counts what no word asks for, such as
    countries that victims come from, and follows those of persons.
    """
    kind, count = divmod(row.precedence, PARTS)
    if is_on_part and counts_things(row):
        kind = OURS // PARTS
    elif is_aside:
        kind = ASIDE // PARTS
    elif is_on_part and kind <= 1:
        kind = count // OTHER_STAGE
    edition = row.newest // YEARS_OF_EDITION
    return kind, -edition, count, -(-row.detail // LARGEST), -row.newest, row.detail


class _Row(NamedTuple):
    """A row of the index that matches; there may be a hundred thousand."""

    number: int
    kind: str
    precedence: int
    detail: int
    newest: int
    series: int | None
    year: int | None
    score: float

    @property
    def group(self) -> tuple[int | None, int | None]:
        """Return the key that the rows of a series share."""
        return (None, self.number) if self.series is None else (self.series, None)


def search(
    engine: Engine,
    index: sqlite3.Connection,
    text: str,
    filters: ResolvedFilters,
    limit: int | None = LIMIT,
    areas_of: AreasOf | None = None,
) -> SearchResult:
    """The things that match a text, in an index that `search_index.opened` returned.

    All words must match; where few things have them all, those follow that have most, and where
    nothing has them all, those that have some, with the name of a country among them if any. A
    country with editions that is named beside other words limits the search to these. `limit` is
    the most hits to return, None for all. `areas_of` returns whether a query has rows for a
    country: one without rows is named only where no hit is about the words.
    """
    terms, read_as = countries_read(index, parse(index, text))
    terms, stated = by_speaker(index, terms)
    if not terms:
        return SearchResult(text, ())
    known = named_countries(index, terms)
    # Beside a country with editions, one without any is a word such as others.
    read = {term: iri for term, iri in known.items() if _editions_on(engine, [iri])}
    read, people = _without_nationals(engine, index, read)
    countries = read or known
    named = _editions_on(engine, read.values())
    subject = [*people, *rest(terms, [*countries, *people])]
    is_limited = bool(named) and any(not (e.is_function_word or years([e])) for e in subject)
    if is_limited:
        filters, required = replace(filters, named=named), []
    else:
        subject, required = terms, [*countries]
    names = matching_names(index, subject)
    # The name of an edition has that of its country.
    names = replace(names, whole=names.whole | named_editions(index, terms))
    parts = set[int]()
    if is_limited:
        parts, subject = _named_parts(index, subject)
        subject = without_common(index, subject)
    matches = partial(_Matches, index, subject, names, filters, parts, stated)
    found = matches()
    if is_limited and not any(r.kind in STATED or r.number in names.parts for r in found.ordered):
        # A definition that has all words is no answer on a country.
        found.ordered = []
    of_each = [
        statements_in(index, _editions_on(engine, [area]) or ())
        for area in dict.fromkeys(read.values())
        if is_limited
    ]
    found.ordered = _in_turn(found.ordered, of_each)
    lacking: list[str] = []
    if named and is_limited and not found.ordered:
        of_countries = statements_in(index, named)
        lacking = [
            each.text
            for each in content_terms(subject)
            if rows_matching(index, each.expression).isdisjoint(of_countries)
        ]
    hits, others = found.hits(found.ordered), []
    if found.is_few:
        if is_limited and subject[0].text in ASKING_FOR_ACTORS:
            # The verb matters more than its object, as far as a statement has it.
            required = [e for e in content_terms(subject) if e.text not in lacking][:1]
        some = matches(required)
        if is_limited and required:
            some.ordered = [row for row in some.ordered if row.kind in STATED]
        if not (found.ordered or some.ordered or countries):
            some = matches([])
        others = some.mostly(found) if found.ordered else some.ordered
        if is_limited and not any(row.kind in STATED for row in some.ordered):
            # None of the words: the first statements on the country.
            some = _Matches(index, [*countries], names, filters, (), (), [], content_terms(subject))
            others = some.ordered
        others = _in_turn(others, of_each)
        hits = chain(hits, some.hits(others))
    absent: Iterable[Gap] = ()
    if named and not found.ordered:
        absent = gaps_of_countries(engine, index, terms, countries, filters.editions)
    elif not is_limited or all(row.kind not in STATED for row in found.ordered):
        absent = gaps(engine, index, names.whole, _both(filters.editions, named))
    queries: list[NamedQuery] = []
    if is_limited:
        asked = _asked(index, subject, bool(found.ordered))
        queries = _queries(engine, index, asked, countries, areas_of)
    if found.is_about or any(each.has_rows for each in queries):
        queries = [each for each in queries if each.has_rows]
    else:
        queries = [each for each in queries if not each.is_loose]
    total = len(found.ordered) + len(others)
    # A country without editions may be one that victims come from.
    unread = [
        iri
        for name, iri in known.items()
        if name not in read and (not read or not {*content_words(name.text)}.isdisjoint(lacking))
    ]
    labels = tuple(entities.labels(engine, countries.values()).values())
    missing = [each for each in content_terms(terms) if not rows_matching(index, each.expression)]
    shown = tuple(islice(hits, limit))
    is_on_figures = bool(found.ordered) and is_figure(found.ordered[0])
    return SearchResult(
        text=text,
        words=tuple(each.text for each in terms),
        hits=shown,
        is_on_several=(bool(years(terms)) or is_on_figures)
        and not (known or filters.editions)
        and len(_countries_of(engine, shown)) > 1,
        total=total,
        partial=len(others),
        matches_all=bool(found.ordered),
        missing=tuple(each.text for each in missing),
        nearest=tuple(
            dict.fromkeys(word for each in missing for word in similar_words(index, each))
        ),
        outside=0 if total else len(_Matches(index, terms, names, ResolvedFilters()).ordered),
        gaps=tuple(dict.fromkeys(absent)),
        queries=tuple(queries),
        unread=tuple(entities.labels(engine, unread).values()),
        countries=labels if is_limited else (),
        lacking=tuple(lacking),
        read_as=tuple(read_as.items()),
        is_unspoken=bool(stated and is_limited)
        and stated.isdisjoint(row.number for row in (*found.ordered, *others)),
        other_years=found.other_years(),
        edition_years=(
            () if found.is_on_year else _edition_years(engine, years(terms), read.values())
        ),
    )


def _countries_of(engine: Engine, hits: Iterable[Hit]) -> set[str]:
    """The countries that statements among the hits are on."""
    areas = {each.slug: each.area for each in sources(engine).values()}
    named = (name for hit in hits if hit.kind == STATEMENT for name in hit.editions)
    return {areas[each] for each in named if each in areas}


def _edition_years(engine: Engine, asked: set[int], areas: Iterable[str]) -> tuple[int, ...]:
    """The years of the editions on the countries, if no source is of a year that is asked for."""
    known = [e for area in areas if asked for e in sources(engine, area).values()]
    named = {year for each in known for year in map(int, re.findall(r"\d{4}", each.label))}
    return () if asked & named else tuple(sorted({each.year for each in known if each.year}))


def _without_nationals(
    engine: Engine, index: sqlite3.Connection, read: dict[Term, str]
) -> tuple[dict[Term, str], list[Term]]:
    """The countries to search, and the nationals of another one that these have statements on.

    "Romanian victims in Ireland" are a part of those in Ireland.
    """
    people: list[Term] = []
    for name, iri in read.items():
        others = {each: other for each, other in read.items() if other != iri}
        term = nationals(index, name, iri) if others else None
        if term:
            on_others = statements_in(index, _editions_on(engine, others.values()) or ())
            if not on_others.isdisjoint(rows_matching(index, f"label : {any_of(term.of_part)}")):
                read, people = others, [*people, term]
    return read, people


def _named_parts(index: sqlite3.Connection, terms: list[Term]) -> tuple[set[int], list[Term]]:
    """The parts that two terms beside each other name, or one that is in no such name.

    The terms follow, those of two as parts of a name.
    """
    found: set[int] = set()
    others = content_terms(terms)
    for pair in pairwise(content_terms(terms)):
        named = matching_names(index, pair, ["part"]).whole
        # "Identified victims" are victims identified before they are a part of those assisted.
        if named and not matching_names(index, pair[::-1], [INDICATOR]).whole:
            found |= named
            terms = joined(terms, pair)
            others = [each for each in others if each not in pair]
    for term in others:
        for name in term.phrases or [term.text]:
            found |= matching_names(index, [replace(term, text=name)], ["part"]).whole
    return found, terms


def _asked(index: sqlite3.Connection, subject: list[Term], is_answered: bool) -> dict[int, bool]:
    """The stored queries that the words beside a country name, some with a speaker among the words.

    Where no statement answers, they are those with all words but years in their names, which are
    loose, then those that a word names.
    """
    asked = [*matching_names(index, subject, [QUERY]).whole]
    if spoken := without_speaker(index, subject):
        takes_speaker = "SELECT thing FROM link WHERE role = 'parameter' AND target = 'speaker'"
        known = {number for (number,) in index.execute(takes_speaker)}
        asked += matching_names(index, spoken, [QUERY]).whole & known
    undated = [term for term in subject if not years([term])]
    if is_answered or not undated:
        return dict.fromkeys(asked, False)
    having = {} if asked else matching_names(index, undated, [QUERY]).parts
    loose = sorted(having, key=lambda number: (-having[number], number))[:AHEAD]
    # "Who pays" asks for money before it asks for bodies.
    by_verb = sorted(undated, key=lambda term: term.is_function_word)
    each = (matching_names(index, [term], [QUERY]).whole for term in by_verb)
    return dict.fromkeys(loose, True) | dict.fromkeys(chain(asked, *each), False)


def _queries(
    engine: Engine,
    index: sqlite3.Connection,
    asked: Mapping[int, bool],
    countries: Mapping[Term, str],
    areas_of: AreasOf | None,
) -> list[NamedQuery]:
    """The stored queries, of the rows that are asked for, that take the countries."""
    iris = tuple(dict.fromkeys(countries.values()))
    areas = tuple(map(last_part, iris))
    found = {}
    rows = index.execute(
        "SELECT id, iri, shown, EXISTS (SELECT 1 FROM link AS other WHERE other.thing = id"
        " AND role = 'default' AND target = ?) FROM thing JOIN link ON thing = id"
        " WHERE kind = ? AND role = 'parameter' AND target = 'area'",
        (NEWEST, QUERY),
    )
    # Where no edition was read in full, the newest does not stand for the others.
    known_editions = [each for iri in iris for each in editions(engine, area=iri).values()]
    is_in_part = not any(each.is_complete for each in known_editions)
    for number, name, text, has_newest in rows:
        if number in asked:
            shown = read_displayed(text)
            known = (areas_of(name, iri) if areas_of else None for iri in iris)
            has_rows = any(each is None or each for each in known)
            command = on_areas(shown.command, areas)
            if has_newest and has_rows and is_in_part:
                command += f" --{EDITION} {ALL}"
            loose = asked[number]
            found[number] = NamedQuery(name, shown.label, areas, command, has_rows, loose)
    return [found[number] for number in asked if number in found]


class _Matches:
    """The rows that match all terms, or some of them with the `needed` ones, in their order.

    Rows in `stated` come first, as what a speaker states. `missing` are terms that no row has.
    """

    def __init__(
        self,
        index: sqlite3.Connection,
        terms: Sequence[Term],
        names: Names,
        filters: ResolvedFilters,
        parts: Collection[int] = (),
        stated: Collection[int] = (),
        needed: Sequence[Term] | None = None,
        missing: Sequence[Term] = (),
    ) -> None:
        self._index = index
        self._counted = content_terms(terms)
        self._years = years(terms)
        self._is_on_part = bool(parts)
        # The figures of a part that is searched for, or of what it includes.
        self._of_parts = {number for part in parts for number in linked(index, "part", part)}
        # The figures of the units that are searched for, such as shelters.
        self._of_units = {
            number
            for each in self._counted
            for unit in matching_names(index, [each], ["code"]).whole
            for number in linked(index, "unit", unit)
        }
        in_labels = [f"label : {words}" for each in terms if parts for words in each.of_part]
        self._named_as_parts = rows_matching(index, any_of(in_labels)) if in_labels else set[int]()
        self._is_limited = filters.named is not None
        self._stated = stated
        self._amounts = (
            rows_matching(index, f"related : ({' AND '.join(MONEY)})")
            if self._is_limited
            else set()
        )
        on_money = [
            each
            for each in self._counted
            if self._amounts and not years([each])
            if self._amounts <= rows_matching(index, f"related : {each.expression}")
        ]
        self._is_on_money = bool(on_money)
        # The words that name a stored query on money: "funding", and not "funded".
        self._money = [e.text for e in on_money if matching_names(index, [e], [QUERY]).whole]
        # A year is the edition's, or the period's, and need not be in a label; nor money alone.
        words = [each for each in self._counted if not years([each])]
        is_in_label = any(each not in on_money for each in words)
        in_label = " AND ".join(each.expression for each in words if is_in_label)
        # The rows with all words in their labels, where all rows have all.
        self._in_label = self._named = None
        self._about = set[int]()
        if needed is None and in_label:
            self._about = rows_matching(index, f"{{label related}} : ({in_label})")
            self._in_label = self._named = rows_matching(index, f"label : ({in_label})")
            if parts:
                # A figure may be about a part that its label does not name.
                self._named = rows_matching(index, f"- note : ({in_label})")
        self._is_full = needed is None
        required = self._counted if needed is None else needed
        others = rest(self._counted, required) or self._counted
        # On a country, a word that is needed is enough.
        needed_too = [] if required and self._is_limited else others
        expressions = [
            *(each.expression for each in required),
            *([any_of(each.expression for each in needed_too)] if needed_too else ()),
            # A row with the other words too comes before one without.
            any_of(each.expression for each in terms),
        ]
        self._expression = " AND ".join(expressions)
        # The rows with each word; not needed where all rows have all.
        self._having = (
            {}
            if needed is None
            else {each.text: rows_matching(index, each.expression) for each in self._counted}
        ) | {each.text: set() for each in missing}
        self.names = names
        self._similar: dict[int, list[_Row]] = {}
        self.ordered = self._ordered(self._rows(filters))

    @property
    def is_on_year(self) -> bool:
        """Return whether a row is on exactly one of the years."""
        return any(row.year in self._years for row in self.ordered)

    @property
    def is_about(self) -> bool:
        """Return whether the first row is about all words: they are not in its notes or quotes."""
        return any(row.number in self._about for row in self.ordered[:1])

    def other_years(self) -> tuple[int, ...]:
        """Return the years of the terms, if a figure is the first row and no label has one."""
        if not (self._years and self._is_limited and self.ordered):
            return ()
        labels = any_of(each.expression for each in self._counted if years([each]))
        rows = {row.number for row in chain(self.ordered, *self._similar.values())}
        is_named = not rows.isdisjoint(rows_matching(self._index, f"label : {labels}"))
        return () if is_named or not is_figure(self.ordered[0]) else tuple(sorted(self._years))

    @property
    def is_few(self) -> bool:
        """Return whether other things may match better: no name matches, and few have the words."""
        return len(self.ordered) < FEW and not any(
            row.number in self.names.whole for row in self.ordered
        )

    def mostly(self, full: "_Matches") -> list[_Row]:
        """The first rows with most of the words, of series that the full matches do not have."""
        known = {row.group for row in full.ordered}
        size = len(self._counted)
        most = (
            row
            for row in self.ordered
            if row.group not in known and 2 * len(self._without(row)) < size
        )
        return [*islice(most, PARTIAL)]

    def hits(self, rows: Iterable[_Row]) -> Iterator[Hit]:
        """Yield a hit for each row."""
        highlights = ", ".join(f"highlight(text, {i}, ?, ?)" for i in range(len(WEIGHTS)))
        for row in rows:
            marked = self._index.execute(
                f"SELECT iri, shown, {highlights} FROM text JOIN thing ON id = text.rowid"
                " WHERE text MATCH ? AND text.rowid = ?",
                (*[OPEN, CLOSE] * len(WEIGHTS), self._expression, row.number),
            )
            iri, shown, label, *columns = marked.fetchone()
            plain = read_displayed(shown)
            translated = entities.translated([iri])
            _, spans = matched_spans(translated.get(iri, label))
            where, snippet, places = ("", "", ()) if spans else snippet_of(columns)
            yield Hit(
                **{**vars(plain), "label": translated.get(iri, plain.label)},
                iri=iri,
                kind=row.kind,
                label_spans=spans,
                field=where,
                snippet=snippet,
                snippet_spans=places,
                is_named=row.number in self.names.whole,
                in_name=row.number in self.names.parts,
                without=self._without(row),
                similar=tuple(map(self._shown_similar, self._similar[row.number])),
            )

    def _without(self, row: _Row) -> tuple[str, ...]:
        """The words that a row does not have."""
        return tuple(word for word, rows in self._having.items() if row.number not in rows)

    def _shown_similar(self, row: _Row) -> Similar:
        select = "SELECT iri, shown FROM thing WHERE id = ?"
        iri, text = self._index.execute(select, (row.number,)).fetchone()
        shown = read_displayed(text)
        return Similar(iri, shown.label, shown.editions, shown.command)

    def _rows(self, filters: ResolvedFilters) -> list[_Row]:
        condition, values = _condition(filters)
        weights = ", ".join(map(str, WEIGHTS.values()))
        rows = self._index.execute(
            f"SELECT id, kind, precedence, detail, newest, series, year, bm25(text, {weights})"
            f" FROM text JOIN thing ON id = text.rowid WHERE text MATCH ?{condition}",
            (self._expression, *values),
        )
        found = [_Row(*row) for row in rows]
        # A count by a body that is funded is no amount of money.
        others = {r.number for r in found if self._money and is_figure(r)} - self._amounts
        for word in [] if self._is_full else self._money:
            self._having[word] -= others
        return [row for row in found if not self._is_full or row.number not in others]

    def _ordered(self, rows: list[_Row]) -> list[_Row]:
        """Names first, then by score; the newest first at equal scores. One row for each series."""
        counts = Counter(chain.from_iterable(self._having.values()))
        ahead = self._ahead(rows)
        best = {
            is_stated: min((r.score for r in rows if (r.kind in STATED) == is_stated), default=0)
            for is_stated in (False, True)
        }

        def group(row: _Row) -> int:
            if row.number in ahead:
                return 0 if row.number in self.names.whole else 1
            is_other, is_term = row.number not in self.names.parts, row.kind not in STATED
            if self._is_limited:
                return 2 + is_term + (is_term and is_other)
            return 2 + 2 * is_other + is_term

        def place(row: _Row) -> tuple[int, ...]:
            score = round(STEPS * row.score / (best[row.kind in STATED] or 1))
            kind = KIND_ORDER[row.kind]
            # Of a country, its statements come before terms that match more words.
            is_term = self._is_limited and row.kind not in STATED and row.number not in ahead
            is_other = bool(self._stated) and row.number not in self._stated
            counted = -counts[row.number], row.precedence >= OURS, group(row)
            first = is_term, is_other, *counted
            if not self._is_limited:
                return *first, -score, kind, -row.newest, row.precedence, row.detail, row.number
            other_year = bool(self._years) and row.year not in self._years
            is_named = is_figure(row) and row.number in self._named_as_parts
            is_of_part = (is_named or row.number in self._of_parts) and not counts_things(row)
            other_part = self._is_on_part and not is_of_part
            is_aside = counts_things(row) and row.number not in self._of_units
            # A figure that has a word in its notes alone counts something else.
            aside = not (
                self._named is None or is_of_part or row.number in self._named
            ) and is_figure(row)
            return (
                *first,
                is_figure(row) and (row.number in self._amounts) != self._is_on_money,
                aside,
                other_year,
                other_part,
                *order(row, self._is_on_part, is_aside),
                -score,
                kind,
                row.number,
            )

        series = grouped((row.group, row) for row in sorted(rows, key=place))
        return [*map(self._first, series.values())]

    def _first(self, series: list[_Row]) -> _Row:
        """The row that stands for its series: the first on a year that is searched for, if any."""
        first = next((row for row in series if row.year in self._years), series[0])
        self._similar[first.number] = [row for row in series if row is not first]
        return first

    def _ahead(self, rows: list[_Row]) -> set[int]:
        """Return the rows that precede statements: exact names, best stored queries and codes."""
        best = sorted((row for row in rows if row.kind in NAMED), key=lambda row: row.score)
        whole = [row.number for row in best if row.number in self.names.whole]
        queries = [r.number for r in best if r.kind == QUERY and r.number in self.names.parts]
        codes = [r.number for r in best if self.names.parts.get(r.number, 0) >= PART]
        if self._is_limited:
            return {row.number for row in best if row.kind in PLACED} & {*whole}
        return {*whole, *queries[:AHEAD], *codes[:AHEAD]}


def _in_turn(rows: list[_Row], of_countries: Sequence[Collection[int]]) -> list[_Row]:
    """The rows with the statements on several countries in turn, those on each in their order."""
    if len(of_countries) < 2:
        return rows
    numbers = Counter[int]()

    def turn(row: _Row) -> int:
        on = next((at for at, known in enumerate(of_countries) if row.number in known), None)
        if on is None:
            return len(rows) if numbers else 0
        numbers[on] += 1
        return numbers[on]

    return sorted(rows, key=turn)


def _editions_on(engine: Engine, areas: Iterable[str]) -> tuple[str, ...] | None:
    """Return the editions and documents on these countries; None where there are none."""
    return tuple(iri for area in dict.fromkeys(areas) for iri in sources(engine, area)) or None


def _both(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the editions that are in both; None stands for all."""
    if one is None or other is None:
        return other if one is None else one
    return tuple(each for each in one if each in other)


def _condition(filters: ResolvedFilters) -> tuple[str, list[str]]:
    """The filters as a condition in SQL, with its values."""
    condition, values = "", []
    targets = [
        ("edition", filters.editions),
        ("edition", filters.named),
        ("topic", None if filters.topic is None else (filters.topic,)),
        ("speaker", None if filters.speaker is None else (filters.speaker,)),
    ]
    for role, iris in targets:
        if iris is not None:
            condition += (
                " AND id IN (SELECT thing FROM link WHERE role = ?"
                f" AND target IN ({', '.join('?' * len(iris))}))"
            )
            values += [role, *iris]
    if filters.kinds is not None:
        condition += f" AND kind IN ({', '.join('?' * len(filters.kinds))})"
        values += filters.kinds
    return condition, values
