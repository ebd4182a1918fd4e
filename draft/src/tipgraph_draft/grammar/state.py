"""The state of a sentence while its figures are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tipgraph_draft.grammar.rows import Frame, Mention, Row
from tipgraph_draft.number_classes import NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.periods import Period
from tipgraph_draft.tokens import Sentence, Token, word_at


@dataclass(eq=False)
class SentenceState:
    """A sentence with its mentions, and the figures that were read so far.

    `found` are its numerals with their `classes`. `frame` is the headline that parts belong to, and
    `frames` are those of the paragraph. `by_token`, `periods` and `mentions` are by the token at
    which they begin, `closing` has the closing mark of each parenthesis and pair of dashes.
    `subject` is who acted last, and `divided` the part that `Of the 41 children, …` divides to the
    end of the sentence.
    """

    sentence: Sentence
    found: Sequence[Numeral]
    classes: list[NumberClass]
    frame: Frame | None
    frames: list[Frame]
    edition_year: int | None
    tokens: Sequence[Token] = ()
    by_token: Mapping[int, int] = field(default_factory=dict)
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
