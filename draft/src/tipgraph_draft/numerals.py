"""Numerals of a sentence: their values, and their classes by the words around them.

What is a count is left to the other readers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from tipgraph_draft.tokens import HYPHENS, Token, word_at, words_at
from tipgraph_draft.words import (
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    DURATION_UNITS,
    MONTHS,
    NOUNS,
    PERSON_NOUNS,
    word_list,
    word_phrases,
    word_set,
    word_table,
)

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
            value, last = plain(value * scale), index + 1
    following = tokens[last + 1] if last + 1 < len(tokens) else None
    if following and following.start == tokens[last].end and following.lower in _SUFFIXES:
        return Numeral(index, last + 1, token.start, following.end, value, ORDINAL)
    return Numeral(index, last, token.start, tokens[last].end, value, CARDINAL)


def plain(value: Decimal) -> Decimal:
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
            end = token.start + len("-".join(_split(token.text)[:used]))
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


# ── Classes ─────────────────────────────────────────────────────────────────────────────────────

FIGURE, YEAR, MONEY, CONVERTED = "figure", "year", "money", "converted money"
DURATION, PERCENTAGE, DATE, REFERENCE = "duration", "percentage", "date", "reference"
AGE, REPEATED, RANK, OTHER = "age", "repeated total", "rank", "other"
NOT_UNDERSTOOD = "not understood"
# A count that may be a figure.
COUNT = "count"

LOWER_CASE = word_set("number_classes_lower_case")
BEFORE_YEAR = word_set("number_classes_before_year")
DETERMINERS = {"the", "these", "those", "its", "their", "all", "both", "his", "her"}
CURRENCY_OF = {(country, letter): code for country, letter, code in word_phrases("currency_of")}
REFERENCE_WORDS = word_set("reference_words")
REFERENCE_AFTER = word_set("reference_after")
# Words of the name of a document after its year.
IN_NAMES = word_set("in_names") | REFERENCE_AFTER
DOLLARS = word_table("dollars")
# Currencies that are other words, too: `real`, `sol`.
WORDS_TOO = {"real", "won", "sol", "rand"}
CODE, NAME, PRONOUN = "telephone number or code", "part of a name", "pronoun"
BEFORE_DURATION = word_set("before_duration")
MAX_AGE, MAX_LIMIT = 120, 25
TURNING = {"under", "over", "below", "above", "turned", "turning", "turn"}
# The classes of numerals by patterns of the three words before and the four words after them. A
# numeral is `#` with its value, and `#=` with its value in digits.
PATTERNS = [
    (OTHER, CODE, r"\b(telephone|dial|dialing)( \S*){0,2} #|(hotline|helpline) #=|# #"),
    (OTHER, "time of day", r"#\S* (a\.m|p\.m|am|pm|o'clock)\b"),
    (PERCENTAGE, "", r"#\S* (- )?(%|percent|percentage|pct|per cent) "),
    (REFERENCE, "", r" (no|art|sec|№) [.№§] #| no #=|\bilo #"),
]
AGES = (
    r"#\S* ((- )?years?-olds?|(years?|months) (old|of age)|((years?|months) )?and"
    r" (older|younger|under))\b|\b(aged|ages?|ages? of|(younger|older) than|aged the|(aged|ages?)"
    r" between) #"
)
LATER_PATTERNS = [
    (OTHER, "units of a penalty", r"#\S* (daily|penalty|\S* units)\b"),
    (OTHER, "factor", r"#\S* (times|fold)\b|\btimes #"),
    (OTHER, PRONOUN, r"\b(no|any|every|another|each|some|as) #=?1 |#=?1 (another\S*|or|-) "),
    (OTHER, "more than one of a kind", r"\bmore than #=?1 "),
]


@dataclass(frozen=True)
class Place:
    """A numeral among the words around it, and the numeral before it."""

    tokens: Sequence[Token]
    numeral: Numeral
    before: Numeral | None

    @property
    def previous(self) -> NumberClass:
        return self.before.kind if self.before else NumberClass("")

    def token(self, offset: int) -> Token | None:
        """The token at a distance: -1 is before the numeral, 1 after it; None beyond the ends."""
        at = (self.numeral.first if offset < 0 else self.numeral.last) + offset
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def word(self, offset: int) -> str:
        """The word at a distance, empty beyond the ends."""
        at = (self.numeral.first if offset < 0 else self.numeral.last) + offset
        return word_at(self.tokens, at)

    def touches(self, offset: int) -> bool:
        """Return whether the next token on this side begins without a space."""
        token = self.token(offset)
        first, last = self.tokens[self.numeral.first], self.tokens[self.numeral.last]
        return token is not None and (
            token.end == first.start if offset < 0 else token.start == last.end
        )

    @property
    def text(self) -> str:
        return self.tokens[self.numeral.first].text

    @property
    def is_in_digits(self) -> bool:
        return self.text[0].isdigit()

    @property
    def is_year(self) -> bool:
        return len(self.text) == 4 and self.text.isascii() and "1900" <= self.text <= "2099"

    @property
    def gap(self) -> list[Token]:
        """The tokens between the numeral before it and this one."""
        last = self.before.last if self.before else -1
        return list(self.tokens[last + 1 : self.numeral.first])

    @property
    def context(self) -> str:
        """The words around the numeral, with its value in its place."""
        value = self.numeral.value
        number = f"#{'=' if self.is_in_digits else ''}{'' if value is None else f'{value:f}'}"
        words = [self.word(at) if at else number for at in range(-3, 5)]
        return f" {' '.join(words)} "

    def matches(self, patterns: Sequence[tuple[str, str, str]]) -> NumberClass | None:
        """Return the class of the first pattern that matches."""
        context = self.context
        found = (NumberClass(name, why) for name, why, each in patterns if re.search(each, context))
        return next(found, None)


def classify(tokens: Sequence[Token], found: Sequence[Numeral]) -> None:
    """Give each numeral of a sentence its class: `count` where it may be a figure."""
    for at, numeral in enumerate(found):
        numeral.kind = _class_of(Place(tokens, numeral, found[at - 1] if at else None))
    # The unit of the last number of a list is that of those before: `10 and 25 percent`.
    joints = {"and", "or", "to", ",", "-", "\u2013"}
    for numeral, following in reversed([*pairwise(found)]):
        gap = words_at(tokens, numeral.last + 1, following.first)
        is_shared = following.kind.name in {PERCENTAGE, DURATION, AGE}
        if numeral.kind.name == COUNT and is_shared and gap and {*gap} <= joints:
            numeral.kind = following.kind


def _class_of(place: Place) -> NumberClass:
    if place.numeral.form == ORDINAL:
        is_day = place.word(-1) in MONTHS or place.word(1) in MONTHS
        return NumberClass(DATE if is_day else RANK)
    if place.numeral.rest == "percent":
        return NumberClass(PERCENTAGE)
    for rule in RULES:
        if found := rule(place):
            return found
    return _count(place)


def _glued(place: Place) -> NumberClass | None:
    """A number in a name (`COVID-19`, `T-2`), or a telephone number."""
    before, after = place.token(-1), place.token(1)
    if before and place.touches(-1):
        outer = place.token(-2)
        is_joined = outer is not None and outer.end == before.start
        if before.text in HYPHENS and outer and is_joined:
            is_counted = place.word(1) in NOUNS or place.word(2) in NOUNS
            is_span = place.is_year or (len(outer.text) == 4 and outer.text[:2] in ("19", "20"))
            if outer.is_word:
                return NumberClass(OTHER, NAME)
            if outer.text[0].isdigit():
                return None if is_counted or is_span else NumberClass(OTHER, CODE)
        if before.is_word and place.is_in_digits:
            return NumberClass(OTHER, NAME)
        if before.text in "/:#" and place.word(-2)[:1].isdigit():
            return _slashed(place)
    if place.is_in_digits and after and place.touches(1):
        following = place.token(2)
        is_number = following is not None and following.text[0].isdigit()
        if after.is_word:
            return NumberClass(OTHER, NAME)
        is_joined = following is not None and following.start == after.end
        is_code = is_number and is_joined and not place.is_year and place.word(3) not in NOUNS
        if after.text in HYPHENS and is_code:
            return NumberClass(OTHER, CODE)
        if after.text in "/:" and is_number:
            return _slashed(place)
    calls = {"call", "called", "calling", "text", "texting"}
    # `call 116 006`
    follows = place.word(-1).isdigit() and place.word(-2) in calls
    is_first = place.word(-1) in calls and place.is_in_digits and place.word(1) not in NOUNS
    return NumberClass(OTHER, CODE) if follows or is_first else None


def _slashed(place: Place) -> NumberClass:
    if place.is_year:
        return NumberClass(YEAR)
    is_always = {"24", "7"} & {place.word(-2), place.word(2)} and place.numeral.value in (24, 7)
    return NumberClass(DURATION, "hours of service") if is_always else NumberClass(REFERENCE)


def _money(place: Place) -> NumberClass | None:
    unit, previous = _currency(place), place.previous
    if not unit:
        return None
    if place.numeral.value is None:
        return NumberClass(MONEY, "amount in words", unit)
    marks = [each.lower for each in place.gap]
    is_converted = False
    if previous.name == MONEY and "(" in marks and ")" not in marks:
        # It stands alone in parentheses after an amount of another currency.
        words = [each for each in marks[: marks.index("(")] if each[0].isalpha()]
        is_converted = previous.unit != unit and len(words) <= 3
    if previous.name == CONVERTED and previous.unit == unit:
        # The second of two conversions in one parenthesis.
        is_converted = bool(marks) and {*marks} <= {"and", "to", "-", "\u2013", "$", "€", "or"}
    return NumberClass(CONVERTED if is_converted else MONEY, unit=unit)


def _currency(place: Place) -> str:
    before, after, second = place.token(-1), place.token(1), place.token(2)
    if before and before.text in CURRENCY_SIGNS:
        letters = place.token(-2)
        is_named = before.text == "$" and letters and letters.end == before.start
        return DOLLARS.get(letters.text, "USD") if is_named and letters else (
            CURRENCY_SIGNS[before.text]
        )  # fmt: skip
    if before and before.text in CURRENCY_CODES:
        return before.text
    if place.numeral.rest:
        return CURRENCY_WORDS.get(place.numeral.rest.split("-")[0], "")
    if after and after.text in HYPHENS:
        after, second = second, None
    qualifier: Token | None = None
    for here in (after, second, place.token(3)):
        if here is None:
            return ""
        if here.text in CURRENCY_CODES or here.text in CURRENCY_SIGNS:
            return CURRENCY_SIGNS.get(here.text, here.text) if qualifier is None else ""
        if here.lower in CURRENCY_WORDS:
            if qualifier is None:
                return CURRENCY_WORDS[here.lower]
            named = CURRENCY_OF.get((qualifier.text, here.lower[0]), CURRENCY_WORDS[here.lower])
            return named if here.lower not in WORDS_TOO else ""
        if not here.is_capitalised:
            return ""
        qualifier = here
    return ""


def _reference(place: Place) -> NumberClass | None:
    before, second = place.token(-1), place.word(-2)
    word = place.word(-1)
    kind = word.rpartition("-")[2]
    if before and kind in REFERENCE_WORDS and (before.is_capitalised or kind in LOWER_CASE):
        return NumberClass(REFERENCE)
    if word in {"number", "numbers"} and second.rpartition("-")[2] in REFERENCE_WORDS:
        return NumberClass(REFERENCE)
    if word == "(" and second in REFERENCE_WORDS:
        return NumberClass(REFERENCE)
    joins = {each.lower for each in place.gap if each.is_word} <= {"and", "or", "of", "to"}
    is_near = place.previous.name == REFERENCE and len(place.gap) <= 2 and joins
    if is_near and not place.is_year and place.word(1) not in NOUNS:
        return NumberClass(REFERENCE)
    if place.is_year and word not in {"in", "since", "during", "and", ",", "from", "between"}:
        for at in range(1, 7):
            token = place.token(at)
            if token is None or not token.is_word:
                break
            if token.lower in REFERENCE_AFTER:
                return NumberClass(REFERENCE, "year of a document")
            if not token.is_capitalised and token.lower not in IN_NAMES:
                break
    return None


def _date(place: Place) -> NumberClass | None:
    value, before, after = place.numeral.value, place.token(-1), place.token(1)
    if value is None or not 1 <= value <= 31 or not place.is_in_digits:
        return None
    is_after = before and before.lower in MONTHS and before.is_capitalised
    is_before = after and after.lower in MONTHS and after.is_capitalised
    is_day = is_before or (is_after and place.word(1) not in NOUNS)
    return NumberClass(DATE) if is_day else None


def _year(place: Place) -> NumberClass | None:
    if not place.is_year or place.numeral.last != place.numeral.first:
        return None
    before = place.word(-1)
    is_counted = place.word(1) in NOUNS and before not in {"(", ";", ",", "", "spring", "summer"}
    is_named = before in MONTHS or before in BEFORE_YEAR or before in DETERMINERS
    return NumberClass(YEAR) if is_named or not is_counted else None


def _age(place: Place) -> NumberClass | None:
    value, before, following = place.numeral.value, place.word(-1), place.word(1)
    if value is None or value > MAX_AGE:
        return None
    is_named = re.match(r"years?-olds?", place.numeral.rest) or re.search(AGES, place.context)
    is_limit = before in TURNING and value <= MAX_LIMIT
    is_limit = is_limit and following not in NOUNS and following != "of"
    continues = before in {"and", "to", "\u2013", "-"} and place.previous.name == AGE
    return NumberClass(AGE) if is_named or is_limit or continues else None


def _duration(place: Place) -> NumberClass | None:
    words = [place.numeral.rest, place.word(1), place.word(2)]
    units = [each.split("-")[0] in DURATION_UNITS for each in words]
    is_apart = words[1] in BEFORE_DURATION or words[1] in {*HYPHENS}
    is_duration = units[0] or units[1] or (units[2] and is_apart)
    return NumberClass(DURATION) if is_duration else None


def _count(place: Place) -> NumberClass:
    numeral, before, after = place.numeral, place.word(-1), place.word(1)
    if numeral.form == WORD and numeral.value is None:
        is_half = place.tokens[numeral.first].lower != "second" and not numeral.rest
        return NumberClass(COUNT, "amount in words") if is_half else NumberClass(
            OTHER, "part of a word"
        )  # fmt: skip
    if numeral.form == WORD:
        return NumberClass(COUNT)
    if numeral.value is None:
        return NumberClass(NOT_UNDERSTOOD, "no number that the grammar can read")
    if numeral.rest and numeral.rest.split("-")[0] not in NOUNS:
        return NumberClass(OTHER, "part of a word")
    if found := place.matches(LATER_PATTERNS):
        return found
    if numeral.value == 1:
        is_this = before in {"the", "this", "that", "which"} and after not in NOUNS
        group = {place.word(at) for at in (3, 4, 5)}
        is_of = after == "of" and place.word(2) in {"the", "its", "these"}
        if is_this or (is_of and not group & PERSON_NOUNS):
            return NumberClass(OTHER, PRONOUN)
    return NumberClass(COUNT)


RULES = (
    _glued,
    _money,
    lambda place: place.matches(PATTERNS),
    _reference,
    _date,
    _year,
    _age,
    _duration,
)
