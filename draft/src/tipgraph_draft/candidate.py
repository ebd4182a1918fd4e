"""A candidate: a row that a reader proposes and a person decides, and the names of the graph."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal, get_args

from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine
from tipgraph_draft.numerals import MAX_DIGITS, PLAIN_NUMBER
from tipgraph_draft.tokens import MAX_QUOTED_WORDS

Kind = Literal["figure", "amount", "claim", "non-report", "absence", "duration", "training"]
Status = Literal["open", "yes", "no", "later"]

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
    "duration": ("indicator", *_PART, "value", "unit", "qualifier"),
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
    fired, `doubt` what a person should look at. The last three columns are the person's.
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
    reviewer: str = ""
    reviewed_on: str = ""
    note: str = ""

    def as_row(self) -> dict[str, str]:
        """The cells of a table, by column; a value that is None is empty."""
        return {name: cell(value) for name, value in self._values()}

    def as_json(self) -> dict[str, str | int | float | bool | None]:
        """The same keys for JSON: numbers as numbers, truth values as such."""
        return {name: _json(value) for name, value in self._values()}

    @classmethod
    def from_dict(cls, values: Mapping[str, str]) -> "Candidate":
        """The candidate of a row of a table, or of an object of JSON as `cell` gives its values.

        A missing key has its default. Raises ValueError, which names the column, for an unknown
        key, a missing required one, or a value that does not fit.
        """
        unknown = next((name for name in values if name not in COLUMNS), None)
        if unknown is not None:
            raise ValueError(f"column {unknown}: unknown")
        missing = next((name for name in REQUIRED if not values.get(name)), None)
        if missing is not None:
            raise ValueError(f"column {missing}: the cell is empty")
        return cls(**{name: _parsed(name, value) for name, value in values.items()})

    def _values(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name)) for name in COLUMNS]


COLUMNS = tuple(each.name for each in fields(Candidate))
REQUIRED = ("id", "kind", "sentence", "start", "end")
# The columns that a person fills, besides the changes in others.
OF_THE_REVIEWER = ("status", "reviewer", "reviewed_on", "note")
CHOICES: dict[str, tuple[str, ...]] = {"kind": KINDS, "status": STATUSES}

# The columns that a person decides on, and a change by the machine would change.
CONTENT = (
    *("kind", "sentence", "start", "end", "quote", "indicator", "stage", "period", "period_from"),
    *("part", "axis", "value", "unit", "counted_by", "recipient", "qualifier", "converted"),
    *("prior", "speaker", "act"),
)
# The same, and columns that the machine fills from the graph.
EDITABLE = (*CONTENT, "indicator_code", "compared_with")
# A month such as 2020-06 as a spreadsheet changes it.
CHANGED_PERIOD = re.compile(
    r"[A-Za-zÀ-ÿ]{3,9}\.?[- ]\d{2,4}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d\d-\d\d \d\d:\d\d.*"
)


def candidate_id(digest: str, kind: Kind, place: int, ordinal: int) -> str:
    """The id of a candidate: a hash of what identifies it between two runs.

    `digest` is that of the text. `place` is the code point of the numeral, or of the word that the
    candidate begins with, in the text; `ordinal` counts the candidates of this kind at this place.
    """
    key = f"{digest} {kind} {place} {ordinal}"
    return sha256(key.encode()).hexdigest()[:ID_LENGTH]


def check_cell(column: str, text: str) -> str:
    """The text of a cell as the table stores it. Raises ValueError, which says what is wrong."""
    if column in CHOICES:
        text = text.casefold()
    if column == "period" and CHANGED_PERIOD.fullmatch(text):
        raise ValueError(
            f"{text!r} is a date that a spreadsheet wrote; write a year, or a month as 2020-06"
        )
    if column == "axis":
        return drafted_axis(text)
    if column == "quote" and len(text.split()) > MAX_QUOTED_WORDS:
        raise ValueError(f"the quote has more than {MAX_QUOTED_WORDS} words")
    # 120.0 is what a spreadsheet makes of 120, and 120.000 may be 120,000.
    if column == "value" and re.fullmatch(r"\d+\.(?!000$)0+", text):
        return text.partition(".")[0]
    return text


def changed_cells(row: Candidate, machine: Candidate) -> dict[str, str]:
    """The cells of the machine where the row has others."""
    ours, theirs = row.as_row(), machine.as_row()
    return {name: theirs[name] for name in EDITABLE if ours[name] != theirs[name]}


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


def cell(value: Any) -> str:
    """The text of a value in a table. Raises ValueError for one that no column has."""
    if isinstance(value, bool):
        return YES if value else NO
    if not isinstance(value, str | int | Decimal | None):
        raise ValueError(f"{value!r} is no text and no number")
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _json(value: Any) -> str | int | float | bool | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    assert value is None or isinstance(value, str | int | bool)
    return value


def _parsed(name: str, text: str) -> Any:
    """The value of a column from its text."""
    if name == "value":
        return _number(text)
    if name in ("start", "end"):
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f"column {name}: {text!r} is no position")
        return int(text)
    if name in BOOLEANS:
        if text.strip().casefold() not in ("", NO, YES):
            raise ValueError(f"column {name}: {text!r} is neither true nor false")
        return text.strip().casefold() == YES
    if name in CHOICES and text not in CHOICES[name]:
        raise ValueError(f"column {name}: {text!r} is none of {', '.join(CHOICES[name])}")
    return text


def _number(text: str) -> Decimal | None:
    if not text:
        return None
    if not PLAIN_NUMBER.fullmatch(text):
        raise ValueError(
            f"column value: {text[:SHOWN]!r} is no number; write up to {MAX_DIGITS} digits without"
            " sign or separators, such as 1206 or 12.5"
        )
    return Decimal(text)


NEW = "new: "
# Kinds whose indicator has a code.
COUNTED = ("figure", "amount")
JOINER, WITHIN = " / ", " within "
BY = "by "
# Axes that the graph words otherwise, as the outer axis and within others.
OUTER = {"exploitation": "form of exploitation", "other": "other feature"}
INNER = {"exploitation": "form", "other": "other feature"}
DRAFTED = {graph: draft for words in (OUTER, INNER) for draft, graph in words.items()}


@dataclass(frozen=True)
class Codes:
    """Local names by their words, in lower case; empty where no graph is at hand."""

    indicators: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    acts: dict[str, str] = field(default_factory=dict)

    def indicator(self, words: str) -> str:
        """The code of an indicator, or `new: words`."""
        return _code(self.indicators, words)

    def act(self, words: str) -> str:
        """The code of a speech act, or `new: words`; one that exists keeps its plain name."""
        return _code(self.acts, words)

    def knows_part(self, part: str) -> bool:
        """Return whether the graph has the part, or there is no graph to ask."""
        return not self.parts or part.casefold() in self.parts


def codes_of(engine: Engine) -> Codes:
    """The names in a graph."""
    return Codes(
        _labels(engine, "indicators"), _labels(engine, "parts"), _labels(engine, "speech-acts")
    )


def _labels(engine: Engine, scheme: str) -> dict[str, str]:
    rows = engine.select(
        f"SELECT ?code ?label {{ ?code skos:inScheme code:{scheme} ; skos:prefLabel|skos:altLabel"
        " ?label } ORDER BY ?code"
    )
    return {str(row["label"]).casefold(): last_part(str(row["code"])) for row in rows}


def _code(known: dict[str, str], words: str) -> str:
    return known.get(words.casefold(), f"{NEW}{words}") if words else ""


def graph_axis(axis: str) -> str:
    """The graph's name for an axis of a draft."""
    outer, *inner = axis.split(JOINER)
    words = [*(INNER.get(each, each) for each in reversed(inner)), OUTER.get(outer, outer)]
    return f"{BY}{WITHIN.join(words)}"


def drafted_axis(name: str) -> str:
    """The words of a draft for the graph's name of an axis; other words stay as they are."""
    words = name.casefold()
    if not words.startswith(BY):
        return name
    path = reversed(words.removeprefix(BY).split(WITHIN))
    return JOINER.join(DRAFTED.get(each, each) for each in path)
