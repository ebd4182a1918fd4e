"""Find the rows of the index that have the words of a question, with what each lacks."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tipgraph.search.index import SHARE, STANDING, THINGS, WEIGHTS, Standing
from tipgraph.search.question import AMOUNTS, Question
from tipgraph.search.terms import Term, any_of, linked, rest, rows_matching

# Kinds that answer by what they state.
STATED = ("statement", "sentence")
# Scores are equal within a step from the best score to none.
STEPS = 4


# Limits on rows: the IRIs that a role of their links may have, or the kinds that they may be.
Limits = Mapping[str, Sequence[str]]


class Row(NamedTuple):
    """A row of the index that matches; there may be a hundred thousand.

    `score` is less for a better match, and `level` is its step. `lacks` are the words that the row
    does not have, and `lacks_preferred` those that the label of a figure need not have.
    `as_written` counts the words that it has as they are typed, and not in another form alone, as
    *organization* is a form of *organ*. The words are one of its names if `has_name`, or in its
    names if `in_name`. `is_amount` marks money, `is_about` a row with the words in its label, and
    `is_leading` one of the few codes before statements.
    """

    number: int
    kind: str
    standing: Standing
    series: int | None
    year: int | None
    score: float
    level: int
    lacks: tuple[str, ...]
    lacks_preferred: tuple[str, ...]
    as_written: int
    has_name: bool
    in_name: bool
    is_by_speaker: bool
    is_of_part: bool
    is_of_unit: bool
    is_amount: bool
    is_about: bool
    is_leading: bool = False

    @property
    def is_stated(self) -> bool:
        """Return whether it answers by what it states."""
        return self.kind in STATED

    @property
    def group(self) -> tuple[int | None, int | None]:
        """Return the key that the rows of a series share."""
        return (None, self.number) if self.series is None else (self.series, None)


@dataclass(frozen=True)
class Matches:
    """The rows that match an expression of FTS5, and the question that they are ranked by."""

    question: Question
    expression: str
    rows: Sequence[Row]


def with_all_words(index: sqlite3.Connection, question: Question, limits: Limits) -> Matches:
    """The rows that have all words of a question."""
    expression = _expression(question, question.words)
    rows = _rows(index, question, limits, expression, {}, _about(index, question))
    return Matches(question, expression, [row for row in rows if not row.lacks])


def with_some_words(
    index: sqlite3.Connection, question: Question, limits: Limits, needed: Sequence[Term]
) -> Matches:
    """The rows that have the `needed` terms and any of the other words."""
    expression = _expression(question, needed)
    having = {each.text: rows_matching(index, each.expression) for each in question.words}
    return Matches(question, expression, _rows(index, question, limits, expression, having))


def with_no_word(index: sqlite3.Connection, question: Question, limits: Limits) -> Matches:
    """The rows on the countries of a question, whatever words they have."""
    on_countries = Question(
        question.terms,
        [*question.countries],
        question.countries,
        is_on_countries=True,
        sources=question.sources,
        editions=question.editions,
    )
    expression = any_of(each.expression for each in question.countries)
    having = {each.text: set[int]() for each in question.words}
    return Matches(on_countries, expression, _rows(index, on_countries, limits, expression, having))


def _expression(question: Question, needed: Sequence[Term]) -> str:
    """The expression of needed terms and any of the others. Of a country, they are enough.

    A row with the other words too comes before one without.
    """
    others = rest(question.words, needed) or question.words
    any_other = [] if needed and question.is_on_countries else [others]
    some = [any_of(e.expression for e in terms) for terms in (*any_other, question.subject)]
    return " AND ".join([*(each.expression for each in needed), *some])


def _about(index: sqlite3.Connection, question: Question) -> Collection[int] | None:
    """The rows with all words in their labels; None where there are no such words.

    A year is the edition's, or the period's, and need not be in a label; nor money alone, nor a
    part, which the label of a figure may not name.
    """
    words = [each for each in question.words if not each.is_year]
    is_on_money = all(each in question.on_money for each in words)
    if not question.is_on_countries or question.parts or is_on_money:
        return None
    return rows_matching(index, f"label : ({' AND '.join(each.expression for each in words)})")


def _rows(
    index: sqlite3.Connection,
    question: Question,
    limits: Limits,
    expression: str,
    having: Mapping[str, Collection[int]],
    about: Collection[int] | None = None,
) -> list[Row]:
    """The rows that match an expression; `having` has the rows with each word that not all have."""
    words = [each for each in question.words if not each.is_year]
    written = [rows_matching(index, each.as_written, "written") for each in words]
    of_parts = {row for part in question.parts for row in linked(index, "part", part)}
    # Women, where they are a part that is asked for, are counted as female.
    asked = [each for each in question.subject if question.parts]
    named = _naming_part(index, asked)
    # A share of a part with a longer name, such as "forced marriage or other crimes", is another.
    named_by_sex = _naming_part(index, [each for each in asked if not each.phrases])
    of_units = {row for unit in question.units for row in linked(index, "unit", unit)}
    amounts = {row for (row,) in index.execute(AMOUNTS)} if question.is_on_countries else set[int]()
    preferred = {
        e.text: rows_matching(index, f"label : {e.expression}") for e in question.preferred
    }
    # A note may be on what a figure does not count.
    outside_notes = {
        each.text: rows_matching(
            index, f"{'label' if each.text in preferred else '- note'} : {each.expression}"
        )
        for each in (words if question.is_on_countries else ())
    }
    found = _read(index, limits, question.all_sources, expression)
    best: dict[bool, float] = {}
    for _, kind, *_, score in found:
        best[kind in STATED] = min(score, best.get(kind in STATED, 0))

    def row(number: int, kind: str, *others: Any) -> Row:
        *standing, series, year, score = others
        stands = Standing(*standing)
        # A count by a body that is funded is no amount of money.
        no_amount = question.amounts if stands.is_figure and number not in amounts else ()
        lacks = [word for word, rows in having.items() if number not in rows]
        counted = outside_notes if stands.is_figure else {}
        no_word = [*no_amount, *(word for word, rows in counted.items() if number not in rows)]
        lacks += [word for word in no_word if word not in lacks]
        best_labels = preferred if stands.is_figure else {}
        in_label = named_by_sex if stands.counts == SHARE else named
        is_of_part = number in of_parts or (stands.is_figure and number in in_label)
        return Row(
            number,
            kind,
            stands,
            series,
            year,
            score,
            level=round(STEPS * score / (best[kind in STATED] or 1)),
            lacks=tuple(lacks),
            lacks_preferred=tuple(w for w, rows in best_labels.items() if number not in rows),
            as_written=sum(number in rows for rows in written),
            has_name=number in question.names.whole,
            in_name=number in question.names.parts,
            is_by_speaker=number in question.stated,
            is_of_part=is_of_part and stands.counts != THINGS,
            is_of_unit=number in of_units,
            is_amount=number in amounts,
            is_about=about is None or number in about,
        )

    return [row(*each) for each in found]


def _naming_part(index: sqlite3.Connection, terms: Iterable[Term]) -> set[int]:
    """The rows with the name of a part in their labels."""
    expressions = [e for each in terms for e in each.of_part]
    return rows_matching(index, f"label : {any_of(expressions)}") if expressions else set()


def _read(
    index: sqlite3.Connection,
    limits: Limits,
    sources: Sequence[str] | None,
    expression: str,
) -> list[tuple[Any, ...]]:
    """The rows that match an expression, within the limits and the sources."""
    condition, values = "", [expression]
    for role, allowed in (*limits.items(), ("edition", sources)):
        if allowed is not None:
            marks = f"IN ({', '.join('?' * len(allowed))})"
            linked_to = f"id IN (SELECT thing FROM link WHERE role = '{role}' AND target {marks})"
            condition += f" AND {f'kind {marks}' if role == 'kind' else linked_to}"
            values += allowed
    weights = ", ".join(map(str, WEIGHTS.values()))
    return index.execute(
        f"SELECT id, kind, {STANDING}, series, year, bm25(text, {weights})"
        f" FROM text JOIN thing ON id = text.rowid WHERE text MATCH ?{condition}",
        values,
    ).fetchall()
