"""Comparison of a figure with the words quoted for it: a spreadsheet can change or move cells."""

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import chain
from typing import Literal, NamedTuple

from tipgraph.editions.table import TableRow

NUMERAL = r"\d+(?:[.,'\u2019]\d{3}(?!\d))*(?:[.,]\d+)?"
# Blanks may stand between the thousands of a number, or between two numbers.
SPACED = r"\d{1,3}(?:\s\d{3}(?!\d))+"
SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
WORD = rf"(?i:\b(?:{'|'.join(SMALL)})\b)"
# Words after a number that multiply it, by the power of ten
LARGE = {
    3: re.compile(r"\s*(?:thousand|tausend|duizend|mille\b|k\b)", re.I),
    6: re.compile(r"\s*(?:milli(?!ard)|miljoen|mio\b|mln\b|m\b)", re.I),
    9: re.compile(r"\s*(?:billion|bn\b|milliard|miljard|mrd)", re.I),
}
# With such a word the value may be spelt out, and other numbers are of something else.
SPELT = re.compile(
    r"teen\b|twenty|(?:thir|for|fif|six|seven|eigh|nine)ty|hundred|half|third|quarter|dozen", re.I
)
NONE_OR_ONE = re.compile(r"\b(?:no|not|none|never|without|an?|single)\b", re.I)
YEAR = re.compile("(?:19|20)[0-9]{2}")
IN_YEAR = re.compile(rf"\D{{0,40}}?\bin ({YEAR.pattern})\b")
PERCENTAGE = re.compile(r"%|per\s?cent")
SIGNS = {"€": "EUR", "£": "GBP"}
# Words before a number that need not make it less than exact
COMPARED = re.compile(r"\d.* than$|about$")
# Words for those whom a number counts, by group, and other words for them that a row may have
GROUPS = tuple(
    (re.compile(rf"\b(?:{words})\b", re.I), re.compile(rf"\b(?:{words}|{others})\b", re.I))
    for words, others in (
        ("females?|wom[ae]n|girls?", "feminine"),
        ("males?|m[ae]n|boys?", "masculine"),
        ("child(?:ren)?|minors?|juveniles?", "girls?|boys?|unaccompanied"),
        ("adults?", "wom[ae]n|m[ae]n"),
        ("sex|sexual", "prostitution"),
        (r"labou?r", "domestic|servitude|slavery"),
        ("begging", "beggars"),
        (r"crim\w*", "theft"),
    )
)
# The end of the words that belong to a number
NEXT = re.compile(
    r"\d|[,;.()]|\b(?:and|or|of|from|in|for|by|to|with|including|than|who|compared|through)\b"
)
# The columns that may name the group
NAMED = ("part", "indicator", "axis", "note", "caution", "recipient", "counted_by")
# The characters around a number that are compared: a quote may have any length.
NEAR = 60
# The cells that may be wrong where a value and its quote contradict each other
Cell = Literal["quote", "qualifier", "unit", "period"]


class Number(NamedTuple):
    """A number in a quote, with the words around it, and whether it may be a year."""

    value: Decimal
    before: str
    after: str
    may_be_year: bool

    def is_close(self, value: str) -> bool:
        """Return whether it is the value, or the value is a whole number beside it."""
        below, above = map(self.value.to_integral_value, (ROUND_FLOOR, ROUND_CEILING))
        return Decimal(value) in (self.value, below, above)

    def is_hedged(self, hedge: str) -> bool:
        """Return whether the words stand before it, and make it less than exact."""
        words = self.before.rstrip(" €$£")
        return words.endswith(f" {hedge}") and not COMPARED.search(words)


def misquoted(quote: str, value: str, *, is_english: bool = True) -> str:
    """Return the problem with a quote that has numbers, and not the value among them.

    A spreadsheet takes "€427,000" for 427, and can move the values to other rows. Years are passed
    over, and so are small values in other languages, which may spell them out.
    """
    is_spelt = SPELT.search(quote) or (value in ("0", "1") and NONE_OR_ONE.search(quote))
    numbers = [*_numbers(quote, (NUMERAL, SPACED, WORD) if is_english else (NUMERAL, SPACED))]
    if (
        all(each.may_be_year for each in numbers)
        or is_spelt
        or not (is_english or len(value) > 1)
        or not _is_number(value)
        or any(each.is_close(value) for each in numbers)
    ):
        return ""
    return (
        f"{quote!r} has another number than {value}; a spreadsheet may have changed or moved one"
        " of them; write both as the source does"
    )


def contradictions(
    quote: str,
    value: str,
    unit: str,
    period: str,
    hedges: Iterable[str],
    *,
    is_english: bool = True,
) -> Iterator[tuple[Cell, str]]:
    """Yield each cell that differs from the words around the value in the quote, with a message.

    `unit` is the code of the unit, and `period` has its years. `hedges` are the words that make a
    number less than exact, where the row does not say that it is.
    """
    if problem := misquoted(quote, value, is_english=is_english):
        yield "quote", problem
    numbers = _numbers(quote) if _is_number(value) else ()
    # The value may be there twice: in one place as in the row.
    places = [each for each in numbers if each.is_close(value)]
    if not places:
        return
    for hedge in hedges:
        if all(each.is_hedged(hedge) for each in places):
            yield "qualifier", f"the quote has '{hedge}' before the number; write it"
    if unit != "percent" and all(PERCENTAGE.match(each.after.lstrip()) for each in places):
        yield "unit", "the quote has a percentage; write percent"
    if unit == "percent" and is_english and not PERCENTAGE.search(quote):
        yield "unit", "the quote has no percentage"
    if unit not in (currencies := {SIGNS.get(each.before[-1], unit) for each in places}):
        yield "unit", f"the quote has an amount in {min(currencies)}"
    years = [year[1] for each in places if (year := IN_YEAR.match(each.after))]
    bounds = YEAR.findall(period)
    within = [year for year in years if bounds and bounds[0] <= year <= bounds[-1]]
    if bounds and len(years) == len(places) and not within:
        yield "period", f"the quote has the number in {years[0]}"


def other_group(row: TableRow) -> str:
    """Return the words behind the value in the quote that name a group which the row does not name.

    Empty if there are none, such as `women` for a row of men: a spreadsheet may have moved a cell.
    """
    numbers = _numbers(row["quote"]) if _is_number(row["value"]) else ()
    words = [
        " ".join(NEXT.split(each.after)[0].split()[:4])
        for each in numbers
        if each.is_close(row["value"])
    ]
    own = " ".join(row[column] for column in NAMED)
    for group, names in GROUPS:
        found = [group.search(each) for each in words]
        if found and found[0] and all(found) and not names.search(own):
            return found[0][0]
    return ""


def _is_number(value: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", value) is not None


def _numbers(quote: str, patterns: Iterable[str] = (NUMERAL, SPACED, WORD)) -> Iterator[Number]:
    """Yield the numbers of a quote."""
    for found in chain.from_iterable(re.finditer(each, quote) for each in patterns):
        before = f" {quote[max(0, found.start() - NEAR) : found.start()].casefold()}"
        after = quote[found.end() : found.end() + NEAR]
        may_be_year = YEAR.fullmatch(found[0]) is not None
        if may_be_year and before.endswith(" in "):
            continue
        digits = re.sub(r"[.,'\u2019\s](?=\d{3}(?!\d))", "", found[0]).replace(",", ".")
        small = found[0].casefold()
        number = Decimal(SMALL.index(small) if small in SMALL else digits)
        power = next((power for power, words in LARGE.items() if words.match(after)), 0)
        yield Number(number * 10**power, before, after, may_be_year)
