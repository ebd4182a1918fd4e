"""A text with its sentences, their numerals and classes, and the findings in it."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from tipgraph.editions.pin import PinnedText, SentenceSpan
from tipgraph.texts import digest
from tipgraph_draft.candidate import Kind
from tipgraph_draft.numerals import Numeral, classify, numerals
from tipgraph_draft.periods import Period, periods
from tipgraph_draft.tokens import Token, tokenize, word_at, words_at

# A longer sentence is no sentence of a report; its numerals are listed and it is not read further.
MAX_CHARACTERS = 6000
MAX_NUMERALS = 250
# A paragraph of a report is shorter; of a longer one, only the end is searched for a year.
MAX_PARAGRAPH = 20_000


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text: its name, its place, its paragraph, counted from 1, and the text."""

    name: str
    start: int
    end: int
    paragraph: int
    text: str

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    @cached_property
    def tokens(self) -> list[Token]:
        return tokenize(self.text, self.start, self.end)

    @cached_property
    def numerals(self) -> list[Numeral]:
        """The numerals with their classes, which change where a reader finds out more."""
        found = numerals(self.tokens)
        classify(self.tokens, found)
        return found

    @cached_property
    def periods(self) -> list[Period]:
        return periods(self.tokens, self.numerals)

    @property
    def is_readable(self) -> bool:
        """Return whether a reader may read it: it is not longer than sentences are."""
        return self.end - self.start <= MAX_CHARACTERS and len(self.numerals) <= MAX_NUMERALS

    def word(self, at: int) -> str:
        """The word at a place in lower case, empty where there is none."""
        return word_at(self.tokens, at)

    def word_list(self, first: int, end: int) -> list[str]:
        """The words from a place to another in lower case, empty where there is none."""
        return words_at(self.tokens, first, end)

    def quote(self, first: int, last: int) -> str:
        """The text of the tokens from the first up to the last, this one included."""
        return self.text[self.tokens[first].start : self.tokens[last].end]


@dataclass(frozen=True)
class Document:
    """A text to draft from.

    `edition_year` is the year of the report, or None. `spans` are the sentences that the folder
    of the edition has.
    """

    text: str
    edition_year: int | None = None
    spans: dict[str, SentenceSpan] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        return digest(self.text.encode("utf-8", "surrogatepass"))

    @cached_property
    def sentences(self) -> list[Sentence]:
        spans = self.spans or PinnedText(self.text).sentences
        return [Sentence(name, *span, self.text) for name, span in spans.items()]

    @cached_property
    def by_name(self) -> dict[str, Sentence]:
        return {each.name: each for each in self.sentences}

    @cached_property
    def paragraphs(self) -> dict[int, tuple[int, int]]:
        """The first and last code point of each paragraph, by its number."""
        found: dict[int, tuple[int, int]] = {}
        for each in self.sentences:
            start, _ = found.get(each.paragraph, (each.start, each.end))
            found[each.paragraph] = (start, each.end)
        return found

    def paragraph_of(self, sentence: Sentence) -> str:
        """The words of the sentence's paragraph, up to the end of the sentence."""
        start, _ = self.paragraphs[sentence.paragraph]
        return self.text[max(start, sentence.end - MAX_PARAGRAPH) : sentence.end]


@dataclass(eq=False, kw_only=True)
class Finding:
    """A row as a reader reads it; the quote runs from token `first` to token `last`.

    `place` is the code point of the numeral, or of the word that it begins with. `host` is the
    current figure that an earlier one is compared with. `is_derived` marks a value that other rows
    give.
    """

    kind: Kind
    sentence: Sentence
    first: int
    last: int
    place: int
    indicator: str = ""
    stage: str = ""
    period: str = ""
    period_from: str = ""
    part: str = "total"
    axis: str = "total"
    value: Decimal | None = None
    unit: str = ""
    counted_by: str = ""
    recipient: str = ""
    qualifier: str = ""
    converted: bool = False
    prior: bool = False
    speaker: str = ""
    act: str = ""
    rules: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    note: str = ""
    host: "Finding | None" = None
    is_derived: bool = False
