"""The amounts of a sentence with their currency, their conversions, and ranges of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tipgraph_draft.document import Finding
from tipgraph_draft.number_classes import CONVERTED, MONEY, NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.periods import DatedSentence
from tipgraph_draft.tokens import Sentence, Token
from tipgraph_draft.words import (
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    QUALIFIERS,
    word_set,
)

SHARED_CURRENCIES = word_set("amounts_shared_currencies")
# The most words between the two conversions of a range.
MAX_RANGE = 4
HYPHENS = {"-", "\u2013"}
# The most words between the two numbers of a range.
MAX_LOWER, MAX_UPPER = 6, 4


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


def converted(sentence: MoneySentence, original: Finding, amount: Amount) -> Finding:
    """The conversion of an amount."""
    qualifier, start = sentence.qualifier(amount.first)
    return replace(
        original,
        first=start,
        last=amount.last,
        place=amount.numeral.start,
        value=amount.value,
        unit=amount.unit,
        qualifier=qualifier or original.qualifier,
        converted=True,
        rules=("conversion",),
        doubts=[],
        is_derived=False,
        inherited=(),
    )


def original_in_range(
    sentence: MoneySentence, findings: Sequence[Finding], amount: Amount
) -> Finding | None:
    """Of two conversions in one parenthesis, the first is that of the first amount."""
    place = amount.numeral.first
    twins = [
        each
        for each in sentence.amounts
        if each.is_converted and abs(each.numeral.first - place) <= MAX_RANGE
    ]
    originals = [each for each in findings if not each.converted]
    if len(twins) != 2 or len(originals) < 2:
        return None
    return originals[-2 + twins.index(amount)]


def set_hosts(findings: Sequence[Finding]) -> None:
    """Compare the conversion of an earlier amount with that of the current one."""
    for each in findings:
        if each.converted and each.host is not None:
            at = next((at for at, one in enumerate(findings) if one is each.host), -1)
            twin = findings[at + 1] if 0 <= at < len(findings) - 1 else None
            each.host = twin if twin is not None and twin.converted else each.host


def note_range(
    sentence: MoneySentence, finding: Finding, amount: Amount, previous: Finding | None
) -> None:
    """Qualify a current amount that is an end of a range; the upper end is for the same."""
    if finding.prior:
        return
    if not finding.qualifier and _is_lower_end(sentence, amount):
        leads = sentence.word(amount.first - 1) == "from"
        finding.qualifier = "at least" if leads else "between"
        finding.doubts.append("range: the lower end")
    if _is_upper_end(sentence, amount):
        finding.qualifier = finding.qualifier or "up to"
        finding.doubts.append("range: the upper end")
        if previous is not None:
            finding.indicator, finding.recipient = previous.indicator, previous.recipient
            finding.counted_by, finding.stage = previous.counted_by, previous.stage
            if finding.period:
                previous.period, previous.period_from = finding.period, finding.period_from


def _is_lower_end(sentence: MoneySentence, amount: Amount) -> bool:
    first = amount.first
    return (
        sentence.word(first - 1) in {"between", "from"}
        and sentence.word(sentence.last_of(first) + 1) in {"and", "to"}
        and any(first + 1 < each.numeral.first <= first + MAX_LOWER for each in sentence.amounts)
    )


def _is_upper_end(sentence: MoneySentence, amount: Amount) -> bool:
    first = amount.first
    before = [each.numeral for each in sentence.amounts if each.numeral.last < first]
    if not before or sentence.word(first - 1) not in {"to", "and", *HYPHENS}:
        return False
    lower = before[-1]
    between = {*sentence.word_list(lower.first - 3, first)}
    return first - lower.last <= MAX_UPPER and bool(between & {"between", "from", *HYPHENS})
