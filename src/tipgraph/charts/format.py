"""Numbers, names of editions, footnotes and the alt text, which a picture shows or has."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from tipgraph.rdf.terms import Value
from tipgraph.text import join, plural

# With more footnotes, the text would be longer than the picture.
MOST_FOOTNOTES = 6


def number(value: Value) -> str:
    """A number with thousands separators and without trailing zeros."""
    return f"{Decimal(str(value)).normalize():,f}"


def figure(value: Value, is_approximate: bool, qualifier: str = "") -> str:
    """A number, with the source's word ahead of it, or a sign if it is only approximate."""
    if qualifier:
        return f"{qualifier}\N{NO-BREAK SPACE}{number(value)}"
    return f"≈\N{NO-BREAK SPACE}{number(value)}" if is_approximate else number(value)


def join_editions(names: Sequence[str]) -> str:
    """`2019 and 2020 editions`; names of another form are joined as they are."""
    years = [name.removesuffix(" edition") for name in names]
    if len(names) > 1 and all(year != name for year, name in zip(years, names, strict=True)):
        return f"{join(years)} editions"
    return join(names)


def sentence(text: str) -> str:
    """The text, ending in a full stop if it has no other end mark."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


@dataclass(frozen=True)
class AltText:
    """A title and a description, which the file has in separate fields."""

    title: str
    description: str

    def __str__(self) -> str:
        return f"{sentence(self.title)} {self.description}"


class Footnotes:
    """Notes on figures, each once, numbered in the order in which they come.

    Where there are too many, the first are shown, or with `newest_last` the last.
    """

    def __init__(self, notes: Iterable[str], newest_last: bool = False) -> None:
        listed = list(notes)
        distinct = list(dict.fromkeys(listed))
        by_rank = list(dict.fromkeys(reversed(listed))) if newest_last else distinct
        shown = by_rank[:MOST_FOOTNOTES]
        kept = (text for text in distinct if text in shown)
        self._marks = {text: str(number) for number, text in enumerate(kept, 1)}
        omitted = len(distinct) - len(shown)
        self.more = f"{plural(omitted, 'more note')} in the table of the figures" if omitted else ""

    def numbered_as(self, numbers: Mapping[str, int]) -> "Footnotes":
        """The same notes with the numbers of a page; those that it does not have get letters."""
        letters = map(_letter, count())
        numbered = copy(self)
        marks = {
            text: str(numbers[text]) if text in numbers else next(letters) for text in self._marks
        }
        numbered._marks = dict(sorted(marks.items(), key=lambda pair: _order(pair[1])))
        return numbered

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """The marks and texts of the footnotes."""
        return ((mark, sentence(text)) for text, mark in self._marks.items())

    def marks(self, notes: Iterable[str]) -> str:
        """The marks of these notes, to put behind a figure: ` [1-3, 5, a]`."""
        found = sorted({self._marks[text] for text in notes if text in self._marks}, key=_order)
        numbers = _ranges([int(mark) for mark in found if mark.isdecimal()])
        marks = [*numbers, *(mark for mark in found if not mark.isdecimal())]
        return f" [{', '.join(marks)}]" if marks else ""


def _letter(position: int) -> str:
    return chr(ord("a") + position)


def _order(mark: str) -> tuple[bool, int, str]:
    """Sort numbers before letters."""
    return not mark.isdecimal(), int(mark) if mark.isdecimal() else 0, mark


def _ranges(numbers: list[int]) -> list[str]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [_range(run) for run in runs]


def _range(run: list[int]) -> str:
    if len(run) > 2:
        return f"{run[0]}-{run[-1]}"
    return ", ".join(map(str, run))
