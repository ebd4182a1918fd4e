"""A candidate: one row that a reader proposes and a person decides."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal, get_args

from tipgraph_draft.numerals import MAX_DIGITS, PLAIN_NUMBER

Kind = Literal["figure", "amount", "claim", "non-report", "absence", "duration", "training"]
Status = Literal["open", "yes", "no", "later", "again", "stale"]

KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = get_args(Status)
# The columns of a kind besides the quote: the machine fills them, and `--take` uses them.
_INDICATOR, _PERIOD, _PART = ("indicator", "stage"), ("period", "period_from"), ("part", "axis")
_FIGURE = (
    *(*_INDICATOR, "indicator_code", *_PERIOD, *_PART, "value", "unit", "compared_with"),
    *("counted_by", "qualifier", "prior", "speaker", "act"),
)
COLUMNS_OF_KIND: dict[Kind, tuple[str, ...]] = {
    "figure": _FIGURE,
    "amount": (*_FIGURE, "recipient", "converted"),
    "claim": ("indicator", "qualifier", "speaker", "act"),
    "non-report": (*_INDICATOR, *_PERIOD, *_PART, "counted_by"),
    "absence": (*_INDICATOR, *_PERIOD, *_PART),
    "duration": ("indicator", *_PART, "value", "unit", "recipient", "qualifier"),
    "training": (*_INDICATOR, *_PERIOD, *_PART, "value", "unit", "counted_by", "recipient"),
}
# The meanings of `period_from`; a row without a period has none of them.
PERIOD_SOURCES = {
    "sentence": "the sentence states it",
    "paragraph": "another sentence of the paragraph states it; see that it is about this row too",
    "assumed": "no sentence states it: a comparison with an earlier year implies it",
}
# Cells with several texts, such as rules and doubts.
SEPARATOR = "; "
# The length of an id: enough that two candidates of a text never share one.
ID_LENGTH = 12

YES, NO = "true", "false"
# The finder of a row.
GRAMMAR, PERSON = "grammar", "person"
# The beginning of a cell that an error shows.
SHOWN = 40
INTEGERS = ("start", "end")
BOOLEANS = ("converted", "prior")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A row of `review.csv`: what a reader reads at one place of the text.

    `sentence` is its name, such as S03; `start` and `end` are the code points of the quote in the
    text. `indicator` is in the source's words, `indicator_code` the local name of the term that has
    them, or `new: words`. `period` is a year, a span (`2020-01/2020-06`) or `not stated`, and
    `period_from` where it comes from. `part` and `axis` are written as in a table of figures, with
    nested parts joined by ` / `. `compared_with` is the id of the current figure that a prior is
    compared with. `value` is None where nothing is counted. `rule` has the ids of the rules that
    fired, `doubt` what a person should look at, `original` what the machine read before a person
    changed a cell. The last three columns are the person's.
    """

    id: str
    status: Status = "open"
    kind: Kind
    sentence: str
    start: int
    end: int
    quote: str
    indicator: str = ""
    indicator_code: str = ""
    stage: str = ""
    period: str = ""
    period_from: str = ""
    part: str = ""
    axis: str = ""
    value: Decimal | None = None
    unit: str = ""
    compared_with: str = ""
    counted_by: str = ""
    recipient: str = ""
    qualifier: str = ""
    converted: bool = False
    prior: bool = False
    speaker: str = ""
    act: str = ""
    reader: str = ""
    rule: str = ""
    doubt: str = ""
    original: str = ""
    reviewer: str = ""
    reviewed_on: str = ""
    note: str = ""

    def as_row(self) -> dict[str, str]:
        """The cells of a table, by column; a value that is None is empty."""
        return {name: _cell(value) for name, value in self._values()}

    def as_json(self) -> dict[str, str | int | float | bool | None]:
        """The same keys for JSON: numbers as numbers, truth values as such."""
        return {name: _json(value) for name, value in self._values()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Candidate":
        """The candidate of a row of a table or an object of JSON.

        A missing key has its default. Raises ValueError, which names the column, for an unknown
        key, a missing required one, or a value that does not fit.
        """
        unknown = next((name for name in values if name not in COLUMNS), None)
        if unknown is not None:
            raise ValueError(f"column {unknown}: unknown")
        missing = next((name for name in REQUIRED if values.get(name) in ("", None)), None)
        if missing is not None:
            raise ValueError(f"column {missing}: the cell is empty")
        return cls(**{name: _parsed(name, value) for name, value in values.items()})

    def _values(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name)) for name in COLUMNS]


COLUMNS = tuple(each.name for each in fields(Candidate))
REQUIRED = ("id", "kind", "sentence", "start", "end")
# The columns that a person fills, besides the changes in others.
OF_THE_REVIEWER = ("status", "original", "reviewer", "reviewed_on", "note")
CHOICES: dict[str, tuple[str, ...]] = {"kind": KINDS, "status": STATUSES}


def candidate_id(digest: str, kind: Kind, place: int, ordinal: int) -> str:
    """The id of a candidate: a hash of what identifies it between two runs.

    `digest` is that of the text. `place` is the code point of the numeral, or of the word that the
    candidate begins with, in the text; `ordinal` counts the candidates of this kind at this place.
    """
    key = f"{digest} {kind} {place} {ordinal}"
    return sha256(key.encode()).hexdigest()[:ID_LENGTH]


def is_storable(value: Decimal | None) -> bool:
    """Return whether a value can be a cell.

    No count of people or money has a sign or more digits.
    """
    return value is None or bool(PLAIN_NUMBER.fullmatch(f"{value:f}"))


def headline(row: Candidate) -> str:
    """Return what a row states, on one line."""
    number = "" if row.value is None else f"{row.value:,f}"
    counted = " ".join(filter(None, [row.qualifier, number, row.unit]))
    kind = row.kind if row.kind not in ("figure", "amount") else ""
    marks = [name for name in ("prior", "converted") if getattr(row, name)]
    part = "" if row.part in ("", "total") else f"{row.part} ({row.axis})"
    cells = (kind, counted, row.indicator, row.period, part, *marks)
    return " | ".join(filter(None, cells))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _json(value: Any) -> str | int | float | bool | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    assert value is None or isinstance(value, str | int | bool)
    return value


def _parsed(name: str, value: Any) -> Any:
    """The value of a column from its text, or as JSON has it."""
    if name == "value":
        return _number(value)
    if name in INTEGERS:
        return _position(name, value)
    if name in BOOLEANS:
        return _truth(name, value)
    if not isinstance(value, str):
        raise ValueError(f"column {name}: {value!r} is no text")
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(f"column {name}: {value!r} is none of {', '.join(CHOICES[name])}")
    return value


def _number(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    # JSON has a small fraction with an exponent.
    text = f"{Decimal(str(value)):f}" if isinstance(value, float) else str(value)
    if not PLAIN_NUMBER.fullmatch(text):
        raise ValueError(
            f"column value: {text[:SHOWN]!r} is no number; write up to {MAX_DIGITS} digits without"
            " sign or separators, such as 1206 or 12.5"
        )
    return Decimal(text)


def _position(name: str, value: Any) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"column {name}: {value!r} is no position")
    return int(text)


def _truth(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value.strip().casefold() in ("", NO):
        return False
    if value.strip().casefold() == YES:
        return True
    raise ValueError(f"column {name}: {value!r} is neither true nor false")
