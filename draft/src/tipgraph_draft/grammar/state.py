"""The state of a sentence while its figures are read: rows, mentions, headlines and scopes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tipgraph_draft.candidate import Kind
from tipgraph_draft.document import Finding, Sentence
from tipgraph_draft.grammar.predicates import Predicate
from tipgraph_draft.number_classes import CONVERTED, MONEY
from tipgraph_draft.numerals import NumberClass, Numeral
from tipgraph_draft.periods import Period
from tipgraph_draft.phrases import Label, NounPhrase
from tipgraph_draft.tokens import Token, word_at

PERCENT, PERSONS = "percent", "persons"
# Doubts about rows that rest on less than a verb and the name of a part.
IN_WORDS = "a part in the words of the source: see whether it divides those counted"
WITHOUT_VERB = "no verb says what was done with those counted"
# The note of an earlier figure whose year is only that of the year before.
PREVIOUS_YEAR = "previous year"
# From one place in a sentence to another.
Span = tuple[int, int]


@dataclass(eq=False, kw_only=True)
class Row(Finding):
    """A figure as it is read; `path` is its part, from the widest label to the narrowest."""

    kind: Kind = "figure"
    value: Decimal
    path: list[Label]
    words: str
    predicate: Predicate | None
    noun: str
    host: "Row | None" = None
    parent: "Row | None" = None
    has_verb: bool = False

    @property
    def wording(self) -> str:
        """The wording of the indicator."""
        return self.predicate.indicator(self.words) if self.predicate else self.words

    @property
    def is_total(self) -> bool:
        return not self.path

    @property
    def is_headline(self) -> bool:
        """Return whether it has a verb of its own."""
        return any(each.startswith("headline") for each in self.rules)


@dataclass(eq=False)
class Mention:
    """A number that may be a figure, and what stands around it; places are those of tokens.

    `before` are the words before it, `following` those after it, both as far as they belong to it.
    """

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
    of_phrase: NounPhrase | None = None
    is_headline: bool = False
    is_misprinted: bool = False
    before: Span = (0, 0)
    following: Span = (0, 0)

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
    counted_by: str = ""
    speaker: str = ""
    act: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def current(self) -> list[Row]:
        return [each for each in self.rows if not each.prior]

    @property
    def total(self) -> Row | None:
        return next((each for each in self.current if each.is_total), None)


@dataclass
class Scope:
    """A stretch of a sentence: the rows read in it, and what they belong to.

    `parents` are the rows that a mention may be a part of, the innermost last.
    """

    kind: str
    end: int
    is_prior: bool = False
    parent: Row | None = None
    hosts: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    clause: list[Row] = field(default_factory=list)
    parents: list[Row | None] = field(default_factory=list)
    year: Period | None = None


@dataclass(eq=False)
class SentenceState:
    """A sentence with its mentions, and the figures that were read so far.

    `frame` is the headline that parts belong to, and `frames` are those of the paragraph.
    `numeral_at`, `periods` and `mentions` are by the token at which they begin, and `closing` has
    the closing mark of each parenthesis and pair of dashes. `subject` is who acted last, and
    `divided` the part that `Of the 41 children, …` divides to the end of the sentence.
    """

    sentence: Sentence
    frame: Frame | None
    frames: list[Frame]
    edition_year: int | None
    tokens: Sequence[Token] = ()
    numeral_at: Mapping[int, Numeral] = field(default_factory=dict)
    periods: Mapping[int, Period] = field(default_factory=dict)
    mentions: Mapping[int, Mention] = field(default_factory=dict)
    closing: Mapping[int, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    subject: str = ""
    has_base: bool = False
    last_places: Row | None = None
    divided: Row | None = None

    def word(self, at: int) -> str:
        """The word at a place in lower case, empty where there is none."""
        return word_at(self.tokens, at)

    def words(self, span: Span) -> list[str]:
        """The words of a span in lower case, empty where there is none."""
        return [self.word(at) for at in range(*span)]

    def number_after(self, value: Decimal | None, place: int) -> Numeral:
        """The first numeral with a value after a place, which has to be there."""
        numerals = self.sentence.numerals
        return next(each for each in numerals if each.value == value and each.first > place)

    @property
    def has_money(self) -> bool:
        return any(each.kind.name in {MONEY, CONVERTED} for each in self.sentence.numerals)

    def classify(self, at: int, name: str, reason: str = "") -> None:
        """Give the numeral that begins at a token another class."""
        self.numeral_at[at].kind = NumberClass(name, reason)

    @property
    def current(self) -> list[Row]:
        """The current figures of the headline."""
        return self.frame.current if self.frame is not None else []

    def begin_frame(self, frame: Frame) -> None:
        """Let parts and comparisons belong to another headline."""
        self.frame = frame
        self.frames.append(frame)

    def return_to_frame(self, value: Decimal | None) -> None:
        """Go back to the headline of a number that is divided now: `12 of the 27 victims`."""
        if value is None or any(each.value == value for each in self.current):
            return
        for frame in reversed(self.frames):
            if any(each.value == value for each in frame.current):
                self.frame = frame
                return

    def stop(self, at: int) -> int:
        """The next mark that ends a clause."""
        while at < len(self.tokens) and self.word(at) not in CLAUSE_END:
            at += 1
        return at


CLAUSE_END = {",", ";", "(", ")", "—", "\u2013", ":"}


def first_year(period: str) -> int | None:
    return int(period[:4]) if period[:4].isdigit() else None


def last_year(period: str) -> int | None:
    tail = period.split("/")[-1][:4]
    return int(tail) if tail.isdigit() else None
