"""Text for people: lists, plurals and similar names."""

import re
from collections.abc import Iterable
from decimal import Decimal
from unicodedata import combining, normalize

LIKENESS = 0.6
DURATION_UNITS = {"Y": "year", "M": "month", "D": "day"}

# Separates several texts in one cell.
SEPARATOR = " | "


def join(items: Iterable[str], last: str = "and") -> str:
    """`a, b and c`, each item once; `last` is the word before the last one."""
    *others, final = list(dict.fromkeys(items)) or [""]
    return f"{', '.join(others)} {last} {final}" if others else final


def capitalise(text: str) -> str:
    """The text with its first letter in upper case, and the rest as it is."""
    return text[:1].upper() + text[1:]


def slugify(text: str) -> str:
    """The text as the last part of an IRI: small Latin letters and digits, with hyphens."""
    letters = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters.replace("'", "")).strip("-")


def sentence(text: str) -> str:
    """The text, ending in a full stop if it has no other end mark."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def fold(text: str) -> str:
    """The text in lower case and without diacritics, as FTS5 compares it."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in normalize("NFKD", text.casefold()) if not combining(c))


def one_line(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())


def plural(count: int, noun: str) -> str:
    """`1 figure`, `2 figures`: the number with the noun, which takes a plain `s`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def unit_of(value: object, unit: str) -> str:
    """Return the name of a unit as it stands after a number: `persons`, and `person` after 1."""
    return unit.removesuffix("s") if value == 1 else unit


def with_commas(value: object) -> str:
    """Return a number as `1,234`; own data may have a text in its place, which stays as it is."""
    return f"{value:,}" if isinstance(value, (int, float, Decimal)) else str(value)


def plural_of(name: str) -> str:
    """Return the plural of a category of persons: `victims`, and `children` for `child`."""
    return f"{name}ren" if name.endswith("child") else f"{name}s"


def duration(iso: str) -> str:
    """A duration of ISO 8601 of one unit in words, `P45D` as `45 days`; any other as it is."""
    found = re.fullmatch(r"P(\d+)([YMD])", iso)
    return plural(int(found[1]), DURATION_UNITS[found[2]]) if found else iso


def nearest(
    name: str, known: Iterable[str], most: int = 3, likeness: float = LIKENESS
) -> list[str]:
    """The known names most similar to this one, the most similar first, whatever their case.

    `most` limits how many, `likeness` is the least ratio of `difflib.SequenceMatcher`, 0 to 1.
    Names that contain this one follow.
    """
    from difflib import get_close_matches  # Only a wrong name pays for the import.

    folded, by_folded = name.casefold(), {each.casefold(): each for each in known}
    close = get_close_matches(folded, by_folded, n=most, cutoff=likeness)
    containing = [each for each in by_folded if folded and folded in each]
    return [by_folded[each] for each in dict.fromkeys([*close, *containing[:most]])]


def did_you_mean(names: Iterable[str]) -> str:
    """`did you mean 'a' or 'b'?`; empty where there are no names."""
    quoted = join((repr(name) for name in names), last="or")
    return f"did you mean {quoted}?" if quoted else ""
