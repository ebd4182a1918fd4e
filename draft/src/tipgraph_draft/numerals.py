"""Numerals of a sentence, in digits and in words, with their values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tipgraph_draft.tokens import HYPHENS, Token
from tipgraph_draft.words import word_list

UNITS = word_list("unit_numbers")
TENS = word_list("tens")
DECADES = {f"{each[:-1]}ies" for each in TENS}
SMALL = {word: value for value, word in enumerate(UNITS)} | {
    word: 10 * value for value, word in enumerate(TENS, 2)
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
ORDINALS = word_list("ordinals")
ORDINAL_VALUES = {word: value for value, word in enumerate(ORDINALS[:-1], 1)} | {"thirtieth": 30}
# Numbers without an exact value of their own, and words that stand for a number of things.
WORDED = {"half", "dozens", "hundreds", "thousands", "millions", "quarter", "none"}
FRACTIONS = {"thirds", "quarters", "fifths", "fourths", "halves", "third", "quarter", "fifth"}
MAX_DIGITS = 15
PLAIN_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")

CARDINAL, ORDINAL, WORD = "cardinal", "ordinal", "word"


@dataclass(frozen=True, slots=True)
class NumberClass:
    """The class of a numeral, the reason where it needs one, and its currency if it is money."""

    name: str
    reason: str = ""
    unit: str = ""


@dataclass(slots=True)
class Numeral:
    """A numeral: its tokens from `first` to `last`, its place, and its value if it has one.

    `rest` is what follows it in a hyphenated word, such as `month` in `three-month`. `kind` is its
    class by the words around it, until a reader finds out more.
    """

    first: int
    last: int
    start: int
    end: int
    value: Decimal | None
    form: str
    rest: str = ""
    kind: NumberClass = NumberClass("count")

    @property
    def is_whole(self) -> bool:
        return self.value is not None and self.value == self.value.to_integral_value()


def numerals(tokens: Sequence[Token]) -> list[Numeral]:
    """Every numeral of a sentence in order; each token with a digit is in one of them."""
    found: list[Numeral] = []
    for index in range(len(tokens)):
        if not found or index > found[-1].last:
            numeral = _numeral_at(tokens, index)
            found += [numeral] if numeral is not None else []
    return found


def _numeral_at(tokens: Sequence[Token], index: int) -> Numeral | None:
    token = tokens[index]
    if token.text[0].isdigit():
        return _in_digits(tokens, index)
    if any(each.isnumeric() for each in token.text):
        # A numeral of another script, or a fraction in one character, whose value is not read.
        return Numeral(index, index, token.start, token.end, None, CARDINAL)
    return _in_words(tokens, index) if token.is_word else None


def _in_digits(tokens: Sequence[Token], index: int) -> Numeral:
    token = tokens[index]
    value = _decimal(token.text)
    last = index
    if value is not None and index + 1 < len(tokens):
        scale = SCALES.get(tokens[index + 1].lower)
        if scale and scale > 100:
            value, last = _plain(value * scale), index + 1
    following = tokens[last + 1] if last + 1 < len(tokens) else None
    if following and following.start == tokens[last].end and following.lower in _SUFFIXES:
        return Numeral(index, last + 1, token.start, following.end, value, ORDINAL)
    return Numeral(index, last, token.start, tokens[last].end, value, CARDINAL)


def _plain(value: Decimal) -> Decimal:
    """The value without the zeros after its point: 3200000, not 3200000.0."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


_SUFFIXES = {"st", "nd", "rd", "th"}


def _decimal(text: str) -> Decimal | None:
    """The value of digits as they are written in American English: `12,500` or `1.05`."""
    whole, point, fraction = text.partition(".")
    groups = whole.split(",")
    grouped = len(groups) == 1 or (
        1 <= len(groups[0]) <= 3 and all(len(each) == 3 for each in groups[1:])
    )
    plain = "".join(groups) + point + fraction
    if not grouped or not plain.isascii() or not PLAIN_NUMBER.fullmatch(plain):
        return None
    return Decimal(plain)


def _in_words(tokens: Sequence[Token], index: int) -> Numeral | None:
    token = tokens[index]
    parts = _split(token.lower)
    if parts[-1] in ORDINAL_VALUES and (len(parts) == 1 or (len(parts) == 2 and parts[0] in TENS)):
        value = ORDINAL_VALUES[parts[-1]] + (SMALL[parts[0]] if len(parts) == 2 else 0)
        return Numeral(index, index, token.start, token.end, Decimal(value), ORDINAL)
    compound = _compound(parts)
    if compound is not None:
        value, used = compound
        rest = "-".join(parts[used:])
        if rest:
            end = token.start + _length(token.text, used)
            if rest.split("-")[0] in FRACTIONS:
                return Numeral(index, index, token.start, token.end, None, WORD, rest)
            return Numeral(index, index, token.start, end, Decimal(value), CARDINAL, rest)
        return _phrase(tokens, index, value)
    if token.lower == "single" and index and tokens[index - 1].lower in {"a", "one"}:
        return Numeral(index, index, token.start, token.end, Decimal(1), CARDINAL)
    if token.lower == "dozen":
        return Numeral(index, index, token.start, token.end, Decimal(12), CARDINAL)
    if parts[0] in ORDINAL_VALUES or parts[0] in WORDED or token.lower in SCALES:
        value_or_none = Decimal(0) if parts[0] == "none" else None
        end = token.start + len(parts[0])
        return Numeral(index, index, token.start, end, value_or_none, WORD, "-".join(parts[1:]))
    inner = next((at for at, part in enumerate(parts) if part in SMALL or part in DECADES), None)
    if inner is None:
        return None
    # A number within a word, such as `mid-twenties` or `twenty` in `early-twenty`.
    return Numeral(index, index, token.start, token.end, None, WORD, token.lower)


def _phrase(tokens: Sequence[Token], index: int, value: int) -> Numeral:
    """A number in several words, such as `one hundred and five` or `two million`."""
    total, current, last, at = 0, value, index, index + 1
    while at < len(tokens):
        word = tokens[at].lower
        following = _small(tokens, at + 1)
        if word == "dozen" and last == index:
            current, last, at = current * 12, at, at + 1
        elif word in SCALES and not (word == "hundred" and current >= 100):
            total, current = total + current * SCALES[word], 0
            last, at = at, at + 1
        elif word == "and" and following is not None and _can_continue(tokens[last].lower):
            current, last, at = current + following, at + 1, at + 2
        elif _can_continue(tokens[last].lower) and (small := _small(tokens, at)) is not None:
            current, last, at = current + small, at, at + 1
        else:
            break
    end = tokens[last].end
    return Numeral(index, last, tokens[index].start, end, Decimal(total + current), CARDINAL)


def _can_continue(word: str) -> bool:
    return _split(word)[-1] in SCALES


def _small(tokens: Sequence[Token], index: int) -> int | None:
    """The number that a token is, if it is one."""
    if index >= len(tokens):
        return None
    parts = _split(tokens[index].lower)
    compound = _compound(parts)
    return compound[0] if compound and compound[1] == len(parts) else None


def _compound(parts: Sequence[str]) -> tuple[int, int] | None:
    """The number that a hyphenated word begins with, and how many of its parts are in it."""
    if parts[0] not in SMALL:
        return None
    value, used = SMALL[parts[0]], 1
    if len(parts) > 1 and parts[0] in TENS and parts[1] in UNITS[1:10]:
        value, used = value + SMALL[parts[1]], 2
    if parts[used : used + 1] == ["hundred"] or parts[used : used + 1] == ["thousand"]:
        # `two-hundred`, `one-hundred-and-five`
        value, used = value * SCALES[parts[used]], used + 1
        joined = used + 1 if parts[used : used + 1] == ["and"] else used
        rest = _compound(parts[joined:]) if parts[joined:] else None
        if rest is not None:
            value, used = value + rest[0], joined + rest[1]
    return value, used


def _split(word: str) -> list[str]:
    for hyphen in HYPHENS[1:]:
        word = word.replace(hyphen, HYPHENS[0])
    return word.split(HYPHENS[0])


def _length(word: str, parts: int) -> int:
    """The length of the first parts of a hyphenated word, with the hyphens between them."""
    return len("-".join(_split(word)[:parts]))
