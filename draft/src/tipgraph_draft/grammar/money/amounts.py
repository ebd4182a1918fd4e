"""The amounts of a sentence, each with the words of its currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.dated_sentence import DatedSentence
from tipgraph_draft.number_classes import CONVERTED, MONEY, NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.tokens import Sentence, Token
from tipgraph_draft.words import (
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    QUALIFIERS,
    word_set,
)

SHARED_CURRENCIES = word_set("amounts_shared_currencies")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of money: its numeral, and its tokens with those of the currency."""

    numeral: Numeral
    first: int
    last: int
    unit: str
    is_converted: bool

    @property
    def value(self) -> Decimal | None:
        return self.numeral.value


class MoneySentence(DatedSentence):
    """A sentence with its periods and its amounts, in order."""

    def __init__(
        self, sentence: Sentence, found: Sequence[Numeral], classes: Sequence[NumberClass]
    ) -> None:
        super().__init__(sentence, found, classes)
        self.amounts = [
            Amount(numeral, *_extent(self.tokens, numeral), kind.unit, kind.name == CONVERTED)
            for numeral, kind in zip(found, classes, strict=True)
            if kind.name in (MONEY, CONVERTED) and numeral.value is not None
        ]

    def texts(self, first: int, end: int) -> list[str]:
        """The words from a place to another as they are written."""
        return [each.text for each in self.tokens[first:end]]

    def next_amount(self, order: int) -> int:
        """The place of the next amount that is not a conversion, or the end."""
        following = self.amounts[order + 1 :]
        return next((each.first for each in following if not each.is_converted), len(self.tokens))

    def last_of(self, first: int) -> int:
        """The last token of the amount that begins at a place; the place where none does."""
        return next((each.last for each in self.amounts if each.first == first), first)

    def qualifier(self, first: int) -> tuple[str, int]:
        """The qualifier of an amount, and where the amount begins with it: `at least`."""
        for size in (3, 2, 1):
            words = tuple(self.word_list(first - size, first))
            if first - size >= 0 and words in QUALIFIERS and words != ("some",):
                return QUALIFIERS[words], first - size
        return "", first

    def is_ambiguous(self, amount: Amount) -> bool:
        """Return whether several countries have a currency of this name, and none is named."""
        return (
            amount.last == amount.numeral.last + 1 and self.word(amount.last) in SHARED_CURRENCIES
        )


def _extent(tokens: Sequence[Token], numeral: Numeral) -> tuple[int, int]:
    """The tokens of a number of money with its currency."""
    first, last = numeral.first, numeral.last
    if first and tokens[first - 1].text in CURRENCY_SIGNS:
        first -= 1
        before = tokens[first - 1] if first else None
        if before and before.end == tokens[first].start and before.is_word:
            first -= 1
    elif first and tokens[first - 1].text in CURRENCY_CODES:
        first -= 1
    for at in range(last + 1, min(last + 4, len(tokens))):
        token = tokens[at]
        if (
            token.lower in CURRENCY_WORDS
            or token.text in CURRENCY_CODES
            or token.text in CURRENCY_SIGNS
        ):
            return first, at
        if not token.is_capitalised:
            break
    return first, last


def plain(sentence: MoneySentence, amount: Amount) -> Finding:
    """Return what an amount says without the words around it."""
    qualifier, start = sentence.qualifier(amount.first)
    return Finding(
        kind="amount",
        sentence=sentence.sentence,
        first=start,
        last=amount.last,
        place=amount.numeral.start,
        value=amount.value,
        unit=amount.unit,
        qualifier=qualifier,
        stage="funded",
        part="total",
        axis="total",
        rules=("amount",),
    )
