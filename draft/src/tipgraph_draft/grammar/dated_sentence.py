"""A sentence with the periods that it states."""

from collections.abc import Sequence

from tipgraph_draft.number_classes import NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.periods import periods
from tipgraph_draft.tokens import Sentence


class DatedSentence:
    """A sentence with its periods, in order."""

    def __init__(
        self, sentence: Sentence, found: Sequence[Numeral], classes: Sequence[NumberClass]
    ) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.word = sentence.word
        self.word_list = sentence.word_list
        self.periods = periods(self.tokens, found, classes)
