"""Numbers, names of editions, footnotes and the alt text, which a picture shows or has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

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
        self._numbers = {text: number for number, text in enumerate(kept, 1)}
        omitted = len(distinct) - len(shown)
        self.more = f"{plural(omitted, 'more note')} in the table of the figures" if omitted else ""

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """The numbers and texts of the footnotes."""
        return ((number, sentence(text)) for text, number in self._numbers.items())

    def marks(self, notes: Iterable[str]) -> str:
        """The numbers of these notes, to put behind a figure: ` [1-3, 5]`."""
        numbers = sorted(self._numbers[text] for text in set(notes) & self._numbers.keys())
        return f" [{', '.join(_ranges(numbers))}]" if numbers else ""


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
