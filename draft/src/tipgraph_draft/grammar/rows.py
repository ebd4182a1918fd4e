"""Rows of figures while they are read, and the scopes and headlines that they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from tipgraph_draft.grammar.predicates import Predicate
from tipgraph_draft.labels import TOTAL, Label
from tipgraph_draft.noun_phrases import NounPhrase
from tipgraph_draft.periods import Period
from tipgraph_draft.tokens import Sentence, Token
from tipgraph_draft.words import NOUNS

PERSON_UNITS = {plural for plural in NOUNS.values() if plural in {
    "victims", "persons", "individuals", "children", "minors", "adults", "women", "men", "girls",
    "boys", "females", "males", "nationals", "citizens", "people",
}}  # fmt: skip


@dataclass(eq=False)
class Row:
    """A figure as it is read; `path` is its part, from the widest label to the narrowest."""

    sentence: Sentence
    first: int
    last: int
    place: int
    value: Decimal
    unit: str
    path: list[Label]
    words: str
    predicate: Predicate | None
    counted_by: str
    speaker: str
    act: str
    qualifier: str
    period: str = ""
    period_from: str = ""
    is_prior: bool = False
    host: "Row | None" = None
    rules: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    note: str = ""
    noun: str = ""
    is_derived: bool = False
    parent: "Row | None" = None
    has_verb: bool = False

    @property
    def indicator(self) -> str:
        if self.predicate is None:
            return self.words
        return self.predicate.indicator(self.words)

    @property
    def is_total(self) -> bool:
        return not self.path


@dataclass(eq=False)
class Mention:
    """A number that may be a figure, and what stands around it; places are those of tokens."""

    first: int
    number: int
    after: int
    value: Decimal | None
    unit: str
    qualifier: str
    kind: str
    phrase: NounPhrase | None = None
    place: int = 0
    is_reference: bool = False
    partitive: str = ""
    partitive_value: Decimal | None = None
    of_labels: tuple[Label, ...] = ()
    of_phrase: NounPhrase | None = None
    is_headline: bool = False
    is_misprinted: bool = False
    row: Row | None = None

    @property
    def end(self) -> int:
        """The place after its noun phrase."""
        return self.phrase.last + 1 if self.phrase else self.after


@dataclass
class Frame:
    """The headline that parts and comparisons belong to, and the rows read for it so far."""

    words: str
    noun: str
    predicate: Predicate | None
    counted_by: str
    speaker: str
    act: str
    rows: list[Row] = field(default_factory=list)

    @property
    def current(self) -> list[Row]:
        return [each for each in self.rows if not each.is_prior]

    @property
    def total(self) -> Row | None:
        return next((each for each in self.current if each.is_total), None)


@dataclass
class Scope:
    """A stretch of a sentence: the rows read in it, and what they belong to."""

    kind: str
    end: int
    is_prior: bool
    parent: Row | None
    hosts: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    clause: list[Row] = field(default_factory=list)
    subject: str = ""
    year: Period | None = None
    base_labels: list[Label] = field(default_factory=list)


class Surroundings(NamedTuple):
    """The surroundings of a mention: the words before and after it, its period, and its scope.

    `parents` are the rows that it may be a part of, the innermost last.
    """

    before: tuple[int, int]
    after: tuple[int, int]
    period: Period | None
    scope: Scope
    parents: list[Row | None]


def part_of(row: Row) -> tuple[str, str]:
    """The part and the axis of a row, as a table of figures writes them."""
    path = row.path or [TOTAL]
    return " / ".join(each.part for each in path), " / ".join(each.axis for each in path)


def compatible(first: str, second: str) -> bool:
    sexes = {"sex", "age", "sex and age"}
    return first == second or ({first, second} <= sexes and "sex and age" in {first, second})


def normal(label: Label) -> str:
    """A part in the form that equal ones share, whatever their wording."""
    same = {
        "males": "male", "females": "female", "men": "male", "women": "female",
        "minors": "children", "sexual exploitation": "sex trafficking",
        "sex exploitation": "sex trafficking", "foreign citizens": "foreign",
        "foreign nationals": "foreign", "foreigners": "foreign", "adult males": "men",
    }  # fmt: skip
    return same.get(label.part.lower(), label.part.lower())


def unique(path: list[Label]) -> list[Label]:
    return list(dict.fromkeys(path))


def first_year(period: str) -> int | None:
    return int(period[:4]) if period[:4].isdigit() else None


def last_year(period: str) -> int | None:
    tail = period.split("/")[-1][:4]
    return int(tail) if tail.isdigit() else None


def settle_axes(rows: list[Row]) -> None:
    """Men and women beside girls, boys or children differ by sex and age."""
    for row in rows:
        siblings = {
            each.path[-1].part
            for each in rows
            if each.path and each.words == row.words and each.is_prior == row.is_prior
            and each.path[:-1] == row.path[:-1] and each.sentence is row.sentence
        }  # fmt: skip
        if row.path and row.path[-1].part in {"men", "women"} and siblings & (
            {"girls", "boys"} | {"children"}
        ):  # fmt: skip
            row.path[-1] = Label(row.path[-1].part, "sex and age")
        if row.path and row.path[-1].part == "children" and siblings & {"men", "women"}:
            row.path[-1] = Label("children", "sex and age")


def lift_siblings(frames: Sequence[Frame], rows: list[Row]) -> None:
    """Let a part after an inner list be a sibling of the list's parent where that completes a sum.

    `90 of sex trafficking, 40 of labor trafficking, including 12 of begging, and five of slavery`
    """
    for row in rows:
        outer = row.parent
        frame = next((each for each in frames if row in each.rows), None)
        total = frame.total if frame is not None else None
        if outer is None or total is None or len(row.path) != 2 or row.is_prior:
            continue
        siblings = [
            each
            for each in rows
            if len(each.path) == 1 and each.path[0].axis == row.path[1].axis and not each.is_prior
            and each.place < row.place and each.words == row.words
        ]  # fmt: skip
        summed = sum((each.value for each in siblings), row.value)
        if outer in siblings and summed == total.value:
            row.path, row.parent = row.path[1:], outer.parent
            for each in rows:
                if each.parent is row:
                    each.path = [*row.path, *each.path[2:]]


def doubt_sums(rows: list[Row]) -> None:
    """Doubt parts that sum to more than their total."""
    for total in rows:
        depth = len(total.path)
        parts = [
            each for each in rows
            if each is not total and each.path[:depth] == total.path and len(each.path) == depth + 1
            and each.is_prior == total.is_prior and each.period == total.period
            and each.unit == total.unit and each.indicator == total.indicator
            and each.sentence is total.sentence
        ]  # fmt: skip
        for axis in {each.path[depth].axis for each in parts}:
            own = [each for each in parts if each.path[depth].axis == axis]
            summed = sum((each.value for each in own), Decimal())
            if summed > total.value:
                for each in own:
                    each.doubts.append(f"parts sum to {summed:f}, more than {total.value:f}")


def same_path(first: list[Label], second: list[Label]) -> bool:
    return [normal(each) for each in first] == [normal(each) for each in second]


def before_words(tokens: Sequence[Token], before: tuple[int, int]) -> bool:
    """Return whether a subject or a verb stands before a mention."""
    return any(
        tokens[at].is_word and tokens[at].lower not in {"and", "while", "in", "only", "another"}
        for at in range(*before)
    )
