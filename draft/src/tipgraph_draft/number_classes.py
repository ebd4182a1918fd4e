"""The class of a numeral by the words around it: what is a count is left to the other readers."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipgraph_draft.numerals import ORDINAL, WORD, Numeral
from tipgraph_draft.tokens import DASHES, HYPHENS, Sentence, Token
from tipgraph_draft.words import (
    CURRENCY_CODES,
    CURRENCY_OF,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    DURATION_UNITS,
    MONTHS,
    NOUNS,
    PERSON_NOUNS,
    REFERENCE_AFTER,
    REFERENCE_WORDS,
    word_set,
)

FIGURE, YEAR, MONEY, CONVERTED = "figure", "year", "money", "converted money"
DURATION, PERCENTAGE, DATE, REFERENCE = "duration", "percentage", "date", "reference"
AGE, REPEATED, RANK, OTHER = "age", "repeated total", "rank", "other"
NOT_UNDERSTOOD = "not understood"
# A count that may be a figure.
COUNT = "count"

LOWER_CASE = word_set("number_classes_lower_case")
BEFORE_YEAR = word_set("number_classes_before_year")
DETERMINERS = {"the", "these", "those", "its", "their", "all", "both", "his", "her"}
AGE_BEFORE = word_set("number_classes_age_before")


@dataclass(frozen=True, slots=True)
class NumberClass:
    """The class of a numeral, the reason where it needs one, and its currency if it is money."""

    name: str
    reason: str = ""
    unit: str = ""


def classify(sentence: Sentence, found: Sequence[Numeral]) -> list[NumberClass]:
    """The class of each numeral; `count` where it may be a figure."""
    classes: list[NumberClass] = []
    for at, numeral in enumerate(found):
        previous = classes[at - 1] if at else None
        before = found[at - 1] if at else None
        classes.append(_Classifier(sentence.tokens, numeral, before, previous).number_class())
    return _with_shared_units(sentence.tokens, found, classes)


def _with_shared_units(
    tokens: Sequence[Token], found: Sequence[Numeral], classes: list[NumberClass]
) -> list[NumberClass]:
    """Give the unit of the last number of a list to those before: `10 and 25 percent`."""
    shared = {PERCENTAGE, DURATION, AGE}
    for at in range(len(found) - 2, -1, -1):
        here, following = found[at], found[at + 1]
        gap = [each.lower for each in tokens[here.last + 1 : following.first]]
        joined = bool(gap) and all(each in {"and", "or", "to", ",", "-", "\u2013"} for each in gap)
        if classes[at].name == COUNT and classes[at + 1].name in shared and joined:
            classes[at] = classes[at + 1]
    return classes


class _Classifier:
    """Classifies one numeral."""

    def __init__(
        self,
        tokens: Sequence[Token],
        numeral: Numeral,
        before: Numeral | None,
        previous: NumberClass | None,
    ) -> None:
        self._tokens = tokens
        self._numeral = numeral
        self._before = before
        self._previous = previous

    def number_class(self) -> NumberClass:
        numeral = self._numeral
        if numeral.form == ORDINAL:
            return self._ordinal()
        for rule in (self._glued, self._money, self._percentage, self._reference, self._date,
                     self._year, self._age, self._duration):  # fmt: skip
            found = rule()
            if found:
                return found
        return self._count()

    # ── What stands around the numeral ──────────────────────────────────────────────────────────

    def _word(self, offset: int) -> str:
        """The word at a distance: -1 is before the numeral, 1 after it; empty beyond the ends."""
        at = self._numeral.first + offset if offset < 0 else self._numeral.last + offset
        return self._tokens[at].lower if 0 <= at < len(self._tokens) else ""

    def _token(self, offset: int) -> Token | None:
        at = self._numeral.first + offset if offset < 0 else self._numeral.last + offset
        return self._tokens[at] if 0 <= at < len(self._tokens) else None

    def _touches(self, offset: int) -> bool:
        """Return whether the next token on this side begins without a space."""
        token = self._token(offset)
        if token is None:
            return False
        if offset < 0:
            return token.end == self._tokens[self._numeral.first].start
        return token.start == self._tokens[self._numeral.last].end

    @property
    def _in_digits(self) -> bool:
        return self._tokens[self._numeral.first].text[0].isdigit()

    # ── The rules ───────────────────────────────────────────────────────────────────────────────

    def _ordinal(self) -> NumberClass:
        if self._word(-1) in MONTHS or self._word(1) in MONTHS:
            return NumberClass(DATE)
        return NumberClass(RANK)

    def _glued(self) -> NumberClass | None:
        """A number in a name (`COVID-19`, `T-2`), a telephone number, or a time of day."""
        before, after = self._token(-1), self._token(1)
        if before and self._touches(-1) and before.text in HYPHENS:
            outer = self._token(-2)
            if outer and outer.end == before.start and outer.is_word:
                return NumberClass(OTHER, "part of a name")
            if outer and outer.end == before.start and outer.text[0].isdigit():
                if self._word(1) in NOUNS or self._word(2) in NOUNS or self._is_year_span(outer):
                    return None
                return NumberClass(OTHER, "telephone number or code")
        if self._in_digits and before and self._touches(-1) and before.is_word:
            return NumberClass(OTHER, "part of a name")
        if self._in_digits and after and self._touches(1):
            if after.is_word:
                return NumberClass(OTHER, "part of a name")
            if after.text in HYPHENS and (following := self._token(2)) is not None:
                digits = following.text[0].isdigit() and following.start == after.end
                if digits and not self._is_year_value() and self._word(3) not in NOUNS:
                    return NumberClass(OTHER, "telephone number or code")
            if after.text in "/:" and (self._word(2)[:1].isdigit()):
                return self._slashed()
        if before and self._touches(-1) and before.text in "/:#" and self._word(-2)[:1].isdigit():
            return self._slashed()
        if before and before.text == "#":
            return NumberClass(OTHER, "telephone number or code")
        if self._word(1) in {"a.m", "p.m", "am", "pm", "o'clock"}:
            return NumberClass(OTHER, "time of day")
        if {"telephone", "dial", "dialing"} & {self._word(-1), self._word(-2), self._word(-3)}:
            return NumberClass(OTHER, "telephone number or code")
        if self._is_telephone():
            return NumberClass(OTHER, "telephone number or code")
        if self._word(-1) in {"hotline", "helpline"} and self._in_digits:
            return NumberClass(OTHER, "telephone number or code")
        return None

    def _is_telephone(self) -> bool:
        """Return whether groups of digits follow a call: `call 116 006`."""
        at = self._numeral.first
        words = [each.lower for each in self._tokens[max(0, at - 2) : at]]
        following = self._word(1)
        calls = {"call", "called", "calling", "text", "texting"}
        if words[-1:] and words[-1] in calls and self._in_digits:
            return following[:1].isdigit() or following not in NOUNS
        return bool(words[-1:]) and words[-1].isdigit() and words[0] in calls

    def _slashed(self) -> NumberClass:
        if self._is_year_value():
            return NumberClass(YEAR)
        if {"24", "7"} & {self._word(-2), self._word(2)} and self._numeral.value in (24, 7):
            return NumberClass(DURATION, "hours of service")
        return NumberClass(REFERENCE)

    def _is_year_span(self, outer: Token) -> bool:
        return self._is_year_value() or (len(outer.text) == 4 and outer.text[:2] in ("19", "20"))

    def _is_year_value(self) -> bool:
        text = self._tokens[self._numeral.first].text
        return len(text) == 4 and text.isascii() and text.isdigit() and "1900" <= text <= "2099"

    def _money(self) -> NumberClass | None:
        currency = self._currency()
        if not currency:
            return None
        if self._numeral.value is None:
            return NumberClass(MONEY, "amount in words", currency)
        converted = self._is_converted(currency) or self._continues_conversion(currency)
        return NumberClass(CONVERTED if converted else MONEY, unit=currency)

    def _currency(self) -> str:
        before = self._token(-1)
        if before and before.text in CURRENCY_SIGNS:
            letters = self._token(-2)
            if before.text == "$" and letters and letters.end == before.start:
                prefix = {"A": "AUD", "C": "CAD", "NZ": "NZD", "R": "BRL", "S": "SGD", "HK": "HKD"}
                return prefix.get(letters.text, "USD")
            return CURRENCY_SIGNS[before.text]
        if before and before.text in CURRENCY_CODES:
            return before.text
        after, second = self._token(1), self._token(2)
        if self._numeral.rest:
            word = self._numeral.rest.split("-")[0]
            return CURRENCY_WORDS.get(word, "")
        if after and after.text in HYPHENS:
            after, second = second, None
        for here, qualifier in ((after, None), (second, after), (self._token(3), second)):
            if here is None:
                return ""
            if here.text in CURRENCY_CODES or here.text in CURRENCY_SIGNS:
                return CURRENCY_SIGNS.get(here.text, here.text) if qualifier is None else ""
            if here.lower in CURRENCY_WORDS:
                if qualifier is None:
                    return CURRENCY_WORDS[here.lower]
                if not qualifier.is_capitalised or here.lower in {"real", "won", "sol", "rand"}:
                    return ""
                named = CURRENCY_OF.get((qualifier.text, here.lower[0]))
                return named or CURRENCY_WORDS[here.lower]
            if not here.is_capitalised:
                return ""
        return ""

    def _is_converted(self, currency: str) -> bool:
        """Return whether it stands alone in parentheses after an amount of another currency."""
        previous, before = self._previous, self._before
        if previous is None or before is None or previous.name not in (MONEY, CONVERTED):
            return False
        gap = self._tokens[before.last + 1 : self._numeral.first]
        opens = [at for at, each in enumerate(gap) if each.text == "("]
        if not opens or any(each.text == ")" for each in gap):
            return False
        between = [each for each in gap[: opens[-1]] if each.is_word]
        return previous.unit != currency and len(between) <= 3 and previous.name == MONEY

    def _continues_conversion(self, currency: str) -> bool:
        """Return whether it is the second of two conversions in one parenthesis."""
        previous, before = self._previous, self._before
        if (
            previous is None
            or before is None
            or previous.name != CONVERTED
            or previous.unit != currency
        ):
            return False
        gap = [each.lower for each in self._tokens[before.last + 1 : self._numeral.first]]
        return bool(gap) and all(
            each in {"and", "to", "-", "\u2013", "$", "€", "or"} for each in gap
        )

    def _percentage(self) -> NumberClass | None:
        after = self._word(1)
        if after in {"%", "percent", "percentage", "pct"} or self._numeral.rest == "percent":
            return NumberClass(PERCENTAGE)
        if after == "per" and self._word(2) == "cent":
            return NumberClass(PERCENTAGE)
        if after in HYPHENS and self._word(2) == "percent":
            return NumberClass(PERCENTAGE)
        return None

    def _reference(self) -> NumberClass | None:
        before = self._token(-1)
        words = (self._word(-1), self._word(-2))
        after = [self._word(1), self._word(2), self._word(3), self._word(4)]
        if (
            before
            and before.text in (".", "№", "§")
            and self._word(-2) in {"no", "art", "sec", "№"}
        ):
            return NumberClass(REFERENCE)
        if words[0] == "no" and self._in_digits:
            return NumberClass(REFERENCE)
        in_reference = (
            self._previous is not None
            and self._previous.name == REFERENCE
            and self._before is not None
            and self._numeral.first - self._before.last <= 3
            and not any(each.is_word and each.lower not in {"and", "or", "of", "to"}
                        for each in self._tokens[self._before.last + 1 : self._numeral.first])
        )  # fmt: skip
        is_year = self._is_year_value()
        kind = words[0].rpartition("-")[2]
        if before and kind in REFERENCE_WORDS and (before.is_capitalised or kind in LOWER_CASE):
            return NumberClass(REFERENCE)
        if words[0] in {"number", "numbers"} and words[1].rpartition("-")[2] in REFERENCE_WORDS:
            return NumberClass(REFERENCE)
        if in_reference and not is_year and self._word(1) not in NOUNS:
            return NumberClass(REFERENCE)
        if is_year and words[0] not in {"in", "since", "during", "and", ",", "from", "between"}:
            capital = [self._token(at) for at in range(1, 7)]
            named = []
            for token in capital:
                if token is None or not (token.is_word and (token.is_capitalised or
                                         token.lower in {"and", "anti-trafficking", "of",
                                             "trafficking", "on", "national", "action", "the"}
                                         or token.lower in REFERENCE_AFTER)):  # fmt: skip
                    break
                named.append(token.lower)
            if REFERENCE_AFTER & set(named):
                return NumberClass(REFERENCE, "year of a document")
        if before and before.text == "(" and self._word(-2) in REFERENCE_WORDS:
            return NumberClass(REFERENCE)
        if words[0] == "ilo" or (words[0] == "convention" and not is_year):
            return NumberClass(REFERENCE)
        del after
        return None

    def _date(self) -> NumberClass | None:
        value = self._numeral.value
        is_day = value is not None and 1 <= value <= 31 and self._in_digits
        if not is_day:
            return None
        before, after = self._token(-1), self._token(1)
        named = before is not None and before.lower in MONTHS and before.is_capitalised
        if named and self._word(1) not in NOUNS:
            return NumberClass(DATE)
        if after and after.lower in MONTHS and after.is_capitalised:
            return NumberClass(DATE)
        return None

    def _year(self) -> NumberClass | None:
        if not self._is_year_value() or self._numeral.last != self._numeral.first:
            return None
        before, after = self._token(-1), self._token(1)
        words = (self._word(-1), self._word(1))
        if words[0] in MONTHS or words[0] in BEFORE_YEAR:
            return NumberClass(YEAR)
        if words[1] in NOUNS and words[0] not in {"(", ";", ",", "", "spring", "summer"}:
            return NumberClass(YEAR) if words[0] in DETERMINERS else None
        if before is None or before.text in {"(", ",", ";", "-", "/", *DASHES}:
            return NumberClass(YEAR)
        if after is None or not after.is_word:
            return NumberClass(YEAR)
        return NumberClass(YEAR)

    def _age(self) -> NumberClass | None:
        value = self._numeral.value
        if value is None or value > 120:
            return None
        rest = self._numeral.rest.split("-")
        if rest[:2] in (["year", "old"], ["years", "old"], ["year", "olds"]):
            return NumberClass(AGE)
        if self._word(1) in HYPHENS and self._word(2).startswith(("year-old", "years-old")):
            return NumberClass(AGE)
        if self._word(1) in {"year-old", "year-olds", "years-old"}:
            return NumberClass(AGE)
        if (
            self._word(1) in {"years", "year", "months"}
            and (self._word(2) in {"old", "and"} or (self._word(2), self._word(3)) == ("of", "age"))
            and (self._word(2) != "and" or self._word(3) in {"older", "younger", "under"})
        ):
            return NumberClass(AGE)
        before = [self._word(-1), self._word(-2), self._word(-3)]
        if before[0] in {"aged", "ages", "age"} or before[:2] in (
            ["of", "age"], ["of", "ages"], ["than", "younger"], ["than", "older"], ["the", "aged"],
        ):  # fmt: skip
            return NumberClass(AGE)
        limits = before[0] in {"under", "over", "below", "above", "turned", "turning", "turn"}
        if limits and value <= 25 and self._word(1) not in NOUNS and self._word(1) != "of":
            return NumberClass(AGE)
        if before[0] == "between" and before[1] in {"aged", "ages", "age"}:
            return NumberClass(AGE)
        if (
            before[0] in {"and", "to", "\u2013", "-"}
            and self._previous
            and self._previous.name == AGE
        ):
            return NumberClass(AGE)
        if self._word(1) == "and" and self._word(2) in {"older", "younger", "under"}:
            return NumberClass(AGE)
        return None

    def _duration(self) -> NumberClass | None:
        rest = self._numeral.rest.split("-")[0]
        if rest in DURATION_UNITS:
            return NumberClass(DURATION)
        after = self._word(1)
        if after in HYPHENS:
            word = self._word(2)
            return NumberClass(DURATION) if word.split("-")[0] in DURATION_UNITS else None
        if after.split("-")[0] in DURATION_UNITS:
            return NumberClass(DURATION)
        between = {"additional", "consecutive", "full", "calendar", "business", "working", "more",
                   "further", "previous", "prior", "preceding", "past"}  # fmt: skip
        if after in between and self._word(2) in DURATION_UNITS:
            return NumberClass(DURATION)
        return None

    def _count(self) -> NumberClass:
        numeral = self._numeral
        if numeral.form == WORD:
            return self._worded()
        if numeral.value is None:
            return NumberClass(NOT_UNDERSTOOD, "no number that the grammar can read")
        if self._word(1) in {"daily", "penalty"} or self._word(2) == "units":
            return NumberClass(OTHER, "units of a penalty")
        if numeral.rest and numeral.rest.split("-")[0] not in NOUNS:
            return NumberClass(OTHER, "part of a word")
        before, after = self._word(-1), self._word(1)
        if numeral.value == 1:
            if (
                before in {"no", "any", "every", "another", "each", "some", "only"}
                and before != "only"
            ):
                return NumberClass(OTHER, "pronoun")
            if after.startswith("another") or after in {"or", "-"} or before == "as":
                return NumberClass(OTHER, "pronoun")
            if before in {"the", "this", "that", "which"} and after not in NOUNS:
                return NumberClass(OTHER, "pronoun")
        if numeral.value == 1 and after == "of" and self._word(2) in {"the", "its",
            "these"} and not (
            {self._word(3), self._word(4), self._word(5)} & PERSON_NOUNS
        ):  # fmt: skip
            return NumberClass(OTHER, "pronoun")
        if before == "than" and numeral.value == 1 and self._word(-2) == "more":
            return NumberClass(OTHER, "more than one of a kind")
        if after in {"times", "fold"}:
            return NumberClass(OTHER, "factor")
        if before == "times":
            return NumberClass(OTHER, "factor")
        return NumberClass(COUNT)

    def _worded(self) -> NumberClass:
        word = self._tokens[self._numeral.first].lower
        if self._numeral.value is not None:
            return NumberClass(COUNT)
        if "-" in word and self._numeral.rest == word:
            return NumberClass(OTHER, "number within a word")
        if word == "second" or self._numeral.rest:
            return NumberClass(OTHER, "part of a word")
        return NumberClass(COUNT, "amount in words")
