"""Figures: headline counts, their parts, and the earlier figures they are compared with.

A sentence is read from left to right. A *mention* is a number that counts, with its noun phrase.
What stands before it (`prefix`) and after it (`suffix`) decides whether it is a headline, which
has a verb of its own; a part of the headline before it; or an earlier figure, which belongs to one
of those by its label or its place. Parentheses, dashes and `including` open a scope of their own.
"""

from collections.abc import Sequence

from tipgraph_draft.grammar.marks import MAX_FRAMES
from tipgraph_draft.grammar.mentions import begin_sentence
from tipgraph_draft.grammar.rows import (
    Frame,
    Row,
    doubt_sums,
    first_year,
    last_year,
    lift_siblings,
    same_path,
    settle_axes,
)
from tipgraph_draft.grammar.sentence import read_figures
from tipgraph_draft.number_classes import NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.periods import NOT_STATED
from tipgraph_draft.tokens import Sentence
from tipgraph_draft.words import PLACES


class FigureReader:
    """Reads the figures of a text, sentence by sentence; the headline lasts for a paragraph."""

    def __init__(self, edition_year: int | None) -> None:
        self._edition_year = edition_year
        self._paragraph = 0
        self._frame: Frame | None = None
        self._frames: list[Frame] = []
        self._paragraph_year: int | None = None
        self._assumed_years: list[tuple[Sentence, str, int]] = []
        self._subject = ""

    def read(
        self, sentence: Sentence, found: Sequence[Numeral], classes: list[NumberClass]
    ) -> list[Row]:
        """The figures of a sentence; classes of its numerals change where it finds out more."""
        if sentence.paragraph != self._paragraph:
            self._paragraph, self._frame, self._frames = sentence.paragraph, None, []
            self._paragraph_year, self._assumed_years = None, []
            self._subject = ""
        state = begin_sentence(
            sentence, found, classes, self._frame, self._frames, self._edition_year, self._subject
        )
        rows = read_figures(state)
        self._frame = state.frame
        # Enough for a paragraph of a report; a longer one is no paragraph.
        del self._frames[:-MAX_FRAMES]
        self._subject = self._first_subject(rows) or self._subject
        self._resolve_periods(rows)
        self._set_priors(rows)
        settle_axes(rows)
        lift_siblings(self._frames, rows)
        doubt_sums(rows)
        return rows

    def _first_subject(self, rows: list[Row]) -> str:
        return next((each.counted_by for each in rows if each.counted_by and not each.is_prior), "")

    def _set_priors(self, rows: list[Row]) -> None:
        """A figure of an earlier year in its own sentence belongs to the current one before it."""
        for row in rows:
            year = last_year(row.period)
            if (
                row.is_prior
                or year is None
                or row.predicate is None
                or row.period_from != "sentence"
            ):
                continue
            own_stage = row.predicate.stage
            earlier_rows = [
                each
                for frame in self._frames
                for each in frame.current
                if each is not row
                and each.predicate is not None
                and each.predicate.stage == own_stage
                and (first_year(each.period) or 0) > year
                and each.unit == row.unit
                and (not each.counted_by or not row.counted_by or each.counted_by == row.counted_by)
            ]
            host = next((each for each in earlier_rows if same_path(each.path, row.path)), None)
            headline = any(
                each.is_prior
                for frame in self._frames
                if row in frame.rows
                for each in frame.rows[: frame.rows.index(row)]
                if each.sentence is row.sentence
            )
            is_part = bool(row.path) and not any(each.startswith("headline") for each in row.rules)
            divides = is_part and any(
                row in frame.rows and each in frame.rows
                for frame in self._frames
                for each in earlier_rows
            )
            if host is not None or (headline and earlier_rows) or divides:
                row.is_prior, row.host = True, host
                row.rules.append("earlier-by-year")

    def _resolve_periods(self, rows: list[Row]) -> None:
        """Give each row a period: stated, taken from the paragraph, assumed, or not stated."""
        for row in rows:
            if row.period and not row.is_prior and row.period_from == "sentence":
                year = last_year(row.period)
                if year is not None and row.unit != "":
                    self._paragraph_year = year
        for row in rows:
            if row.period and (row.is_prior or row.period != NOT_STATED):
                continue
            if row.is_prior:
                row.period = self._earlier_period(row)
                row.period_from = "assumed" if row.period != NOT_STATED else ""
                continue
            if not row.period and self._inherits_from_frame(row):
                continue
            # `in the reporting period` is the year after the one that it is compared with.
            implied = self._implied_year(row, rows)
            if implied is not None:
                row.period, row.period_from = str(implied), "assumed"
        for row in rows:
            if not row.period:
                self._inherit(row)
            year = last_year(row.period)
            if row.is_prior or year is None or row.host is not None:
                continue
            if row.period_from == "assumed":
                self._assumed_years.append((row.sentence, row.counted_by, year))
            else:
                self._paragraph_year = max(year, self._paragraph_year or 0)

    def _implied_year(self, row: Row, rows: list[Row]) -> int | None:
        """The year after the one it is compared with."""
        frame = next((each for each in self._frames if row in each.rows), None)
        members = frame.rows if frame else rows
        years = [
            year
            for each in members
            if each.is_prior and each.sentence is row.sentence
            and (year := last_year(each.period)) is not None and "/" not in each.period
        ]  # fmt: skip
        if not years:
            return None
        implied = max(years) + 1
        if implied == self._paragraph_year:
            return implied
        if self._edition_year is not None and implied < self._edition_year - 1:
            return self._edition_year - 1 if implied == self._edition_year - 2 else None
        return implied

    def _inherits_from_frame(self, row: Row) -> bool:
        """Give a row the period of another of its headline's rows, if one has any."""
        frame = next((each for each in self._frames if row in each.rows), None)
        for each in frame.current if frame else []:
            if each is not row and each.period and each.period != NOT_STATED:
                row.period, row.period_from = each.period, each.period_from
                if each.sentence is not row.sentence and each.period_from == "sentence":
                    row.period_from = "paragraph"
                return True
        return False

    def _inherit(self, row: Row) -> None:
        if self._inherits_from_frame(row):
            return
        stage = row.predicate.stage if row.predicate else ""
        lasting = stage == "capacity" or (row.noun in PLACES and stage != "funded")
        year = self._paragraph_year or self._assumed_year(row)
        if year is not None and not lasting and stage not in {"trained", ""}:
            row.period = str(year)
            row.period_from = "assumed" if self._paragraph_year is None else "paragraph"
            return
        row.period, row.period_from = NOT_STATED, ""

    def _assumed_year(self, row: Row) -> int | None:
        """The year that a comparison implied for figures of the same actor or sentence."""
        frame = next((each for each in self._frames if row in each.rows), None)
        for each in frame.rows if frame else []:
            if each.is_prior and each.sentence is row.sentence and each.period == NOT_STATED:
                # `compared with 12 in the previous reporting period`, which is no year.
                return None
        years = [
            (actor, year)
            for sentence, actor, year in self._assumed_years
            if sentence is row.sentence or not row.counted_by or _is_same(actor, row.counted_by)
        ]
        return years[-1][1] if years else None

    def _earlier_period(self, row: Row) -> str:
        host = row.host
        year = last_year(host.period) if host and host.period else None
        if row.note == "previous year" and (year or self._edition_year):
            return str((year or (self._edition_year or 0) - 1) - 1)
        return NOT_STATED


def _is_same(actor: str, other: str) -> bool:
    """Return whether two names are of one actor: `Office of Victim Support` and `OVS`."""
    return actor == other or _initials(actor) == other or actor == _initials(other)


def _initials(name: str) -> str:
    return "".join(each[0] for each in name.split() if each[0].isupper())
