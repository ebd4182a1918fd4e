"""Periods that a sentence states: a year, a span of years, a month, or a span of months."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipgraph_draft.numerals import SMALL, YEAR, Numeral
from tipgraph_draft.tokens import Token, word_at
from tipgraph_draft.words import MONTHS

NOT_STATED = "not stated"
YEAR_KINDS = {"fiscal", "calendar"}
JOINERS = {"to", "through", "until", "and", "-", "\u2013", "/"}
PARTS_OF_A_YEAR = {
    ("first", "half"): (1, 6), ("second", "half"): (7, 12), ("first", "quarter"): (1, 3),
    ("second", "quarter"): (4, 6), ("last", "quarter"): (10, 12), ("last", "half"): (7, 12),
    ("third", "quarter"): (7, 9), ("fourth", "quarter"): (10, 12),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """A period between two tokens: its text as in a table of figures, and its last year.

    `is_earlier` is true for words such as `the previous year`, which state no year.
    """

    first: int
    last: int
    text: str
    year: int | None
    is_earlier: bool = False


def periods(tokens: Sequence[Token], found: Sequence[Numeral]) -> list[Period]:
    """The periods of a sentence in order; the classes of its numerals show which are years."""
    years = {each.first for each in found if each.kind.name == YEAR}
    stated: list[Period] = []
    for index in range(len(tokens)):
        if not stated or index > stated[-1].last:
            period = _period_at(tokens, years, index)
            stated += [period] if period is not None else []
    return stated


def _period_at(tokens: Sequence[Token], years: set[int], index: int) -> Period | None:
    word = tokens[index].lower
    if index in years:
        return _from_year(tokens, years, index)
    if word in MONTHS and tokens[index].is_capitalised:
        return _from_month(tokens, years, index)
    if word in {"first", "second", "third", "fourth", "last"}:
        return _part_of_year(tokens, years, index)
    if word == "same" and word_at(tokens, index + 1) in {"period", "months"}:
        return _same_period(tokens, years, index)
    if word in {"previous", "prior", "preceding", "last"}:
        return _earlier(tokens, index)
    if word == "reporting" and word_at(tokens, index + 1) in {"period", "year", "cycle"}:
        return Period(index, index + 1, NOT_STATED, None)
    return None


def _from_year(tokens: Sequence[Token], years: set[int], index: int) -> Period:
    """A year, or a span of years: `2018-2020`, `between 2018 and 2020`, `from 2018 to 2020`."""
    is_fiscal = word_at(tokens, index - 1) == "year" and word_at(tokens, index - 2) in YEAR_KINDS
    first, year = index - 2 if is_fiscal else index, int(tokens[index].text)
    before, joiner, at = word_at(tokens, index - 1), word_at(tokens, index + 1), index + 2
    is_dash = joiner in {"-", "\u2013", "/"}
    short = word_at(tokens, at)
    if at in years and joiner in JOINERS:
        opens = {"between"} if joiner == "and" else {"from", "between", "period", "in"}
        last = int(tokens[at].text)
        if (is_dash or before in opens) and last > year:
            return Period(first, at, f"{year}/{last}", last)
    if is_dash and len(short) == 2 and short.isascii() and short.isdigit():
        last = year // 100 * 100 + int(short)
        if last == year + 1:
            return Period(first, at, f"{year}/{last}", last)
    if before == "since" and (joiner, short) != (",", "when"):
        return Period(first, index, f"{year}/", None)
    return Period(first, index, str(year), year)


def _from_month(tokens: Sequence[Token], years: set[int], index: int) -> Period | None:
    """`June 2020`, `January to June 2020`, `April 2018 to December 2019`, `March 8, 2020`."""
    first = _month(tokens, years, index)
    if first is None:
        return None
    month, year, at = first
    if word_at(tokens, at) in JOINERS and word_at(tokens, at + 1) in MONTHS:
        second = _month(tokens, years, at + 1)
        is_span = word_at(tokens, at) != "and" or word_at(tokens, index - 1) == "between"
        if is_span and second and second[1] is not None:
            last_month, last_year, after = second
            assert last_year is not None
            begin = f"{year or last_year}-{month:02}"
            return Period(index, after - 1, f"{begin}/{last_year}-{last_month:02}", last_year)
    if year is None:
        return None
    before = word_at(tokens, index - 1)
    is_as_of = before in {"of", "until", "by"} and word_at(tokens, index - 2) == "as"
    text = str(year) if is_as_of else f"{year}-{month:02}"
    return Period(index, at - 1, text, year)


def _month(
    tokens: Sequence[Token], years: set[int], index: int
) -> tuple[int, int | None, int] | None:
    """The month at a token, its year if one follows, and the place after them."""
    word = word_at(tokens, index)
    if word not in MONTHS:
        return None
    month, at = MONTHS.index(word) + 1, index + 1
    if word_at(tokens, at).isascii() and word_at(tokens, at).isdigit() and at not in years:
        at += 1
    if word_at(tokens, at) == "," and at + 1 in years:
        at += 1
    if at in years:
        return month, int(tokens[at].text), at + 1
    return month, None, at


def _part_of_year(tokens: Sequence[Token], years: set[int], index: int) -> Period | None:
    """`the first half of 2020`, `the first six months of 2021`, `the last quarter of 2019`."""
    word, following = word_at(tokens, index), word_at(tokens, index + 1)
    months = PARTS_OF_A_YEAR.get((word, following))
    at = index + 2
    if months is None and word in {"first", "last"} and word_at(tokens, at) == "months":
        count = SMALL.get(following) or (int(following) if following in map(str, range(13)) else 0)
        if not 1 <= count <= 12:
            return None
        months = (1, count) if word == "first" else (13 - count, 12)
        at += 1
    if months is None:
        return None
    if word_at(tokens, at) in {"of", "in"}:
        at += 1
    if at not in years:
        earlier = [each for each in years if each < index]
        if not earlier or months is None or word_at(tokens, index + 1) not in {"half", "quarter"}:
            return None
        # `during the second half` is of the year before it.
        year = tokens[max(earlier)].text
        at = index + 1
    else:
        year = tokens[at].text
    return Period(index, at, f"{year}-{months[0]:02}/{year}-{months[1]:02}", int(year))


def _same_period(tokens: Sequence[Token], years: set[int], index: int) -> Period | None:
    """`the same period in 2019`: the months of a span before it, in another year."""
    at = index + 2
    at += 1 if word_at(tokens, at) in {"in", "of"} else 0
    if at not in years:
        return None
    year = tokens[at].text
    for before in range(index):
        found = _period_at(tokens, years, before)
        if found is not None and "/" in found.text and found.text.count("-") == 2:
            first, last = (each[5:] for each in found.text.split("/"))
            return Period(index, at, f"{year}-{first}/{year}-{last}", int(year))
    return Period(index, at, year, int(year))


def _earlier(tokens: Sequence[Token], index: int) -> Period | None:
    """`the previous year`, `the prior reporting period`: an earlier period without its year."""
    at = index + 1
    if word_at(tokens, at) in {"reporting", "calendar", "fiscal"}:
        at += 1
    if word_at(tokens, at) in {"period", "year", "cycle", "years"}:
        text = NOT_STATED if at > index + 1 else ""
        return Period(index, at, text, None, is_earlier=True)
    return None
