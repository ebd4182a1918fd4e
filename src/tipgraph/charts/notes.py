"""Remarks on figures as numbered notes."""

from collections.abc import Iterable, Iterator

from tipgraph.charts.format import sentence

# More would be longer than the picture.
MOST = 12


class Notes:
    """The remarks, each once, numbered in the order in which they come."""

    def __init__(self, remarks: Iterable[str], command: str) -> None:
        each = list(dict.fromkeys(remarks))
        self._numbers = {text: number for number, text in enumerate(each[:MOST], 1)}
        self.more = f"… and {len(each) - MOST} more: {command}" if each[MOST:] else ""

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """The numbers with their notes."""
        return ((number, sentence(text)) for text, number in self._numbers.items())

    def marks(self, remarks: Iterable[str]) -> str:
        """The numbers of these remarks, as they stand at a figure: ` [1-3, 5]`."""
        each = set(remarks)
        numbers = sorted(self._numbers[text] for text in each if text in self._numbers)
        told = [*_ranges(numbers), *(["…"] if each - set(self._numbers) else [])]
        return f" [{', '.join(told)}]" if told else ""


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
