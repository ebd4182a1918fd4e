"""A text with its sentences, their numerals and classes, and the findings in it."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from tipgraph.editions.pin import PinnedText, SentenceSpan
from tipgraph.texts.pinned_text import digest
from tipgraph_draft.candidate import Kind
from tipgraph_draft.number_classes import NumberClass, classify
from tipgraph_draft.numerals import Numeral, numerals
from tipgraph_draft.tokens import Sentence

# A longer sentence is no sentence of a report; its numerals are listed and it is not read further.
MAX_CHARACTERS = 6000
MAX_NUMERALS = 250
# A paragraph of a report is shorter; of a longer one, only the end is searched for a year.
MAX_PARAGRAPH = 20_000
# A text with more sentences than that is no narrative.
MAX_SENTENCES = 20_000


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
    def numerals(self) -> dict[str, list[Numeral]]:
        """The numerals of each sentence, by its name."""
        return {each.name: numerals(each) for each in self.sentences}

    @cached_property
    def classes(self) -> dict[str, list[NumberClass]]:
        """The class of each numeral of a sentence that can be read, by the sentence's name."""
        return {
            each.name: classify(each, self.numerals[each.name])
            for each in self.sentences
            if self.can_read(each)
        }

    def can_read(self, sentence: Sentence) -> bool:
        """Return whether a reader may read the sentence: it is not longer than sentences are."""
        return (
            sentence.end - sentence.start <= MAX_CHARACTERS
            and len(self.numerals[sentence.name]) <= MAX_NUMERALS
        )

    @cached_property
    def readable(self) -> list[Sentence]:
        return [each for each in self.sentences[:MAX_SENTENCES] if self.can_read(each)]

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
    part: str = ""
    axis: str = ""
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


@dataclass(frozen=True)
class Reading:
    """The findings in a text, and the classes of its numerals by their place."""

    findings: list[Finding]
    classes: dict[int, NumberClass] = field(default_factory=dict)
