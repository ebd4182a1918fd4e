"""Readers: each reads a text and returns findings; what several find is compared.

A reader is one module with a function `read(document: Document) -> Reading`, registered under the
entry point group `tipgraph.readers`. The grammar needs no entry point.
"""

from collections.abc import Callable, Sequence
from importlib.metadata import entry_points

from tipgraph.editions.draft.document import Document
from tipgraph.editions.draft.reading import Finding, Reading
from tipgraph.errors import UsageError
from tipgraph.text import did_you_mean, nearest

Read = Callable[[Document], Reading]
GROUP = "tipgraph.readers"
GRAMMAR = "grammar"
# The cells that readers must share to agree.
COMPARED = ("value", "unit", "period", "part", "axis", "prior", "speaker")


def reader_names() -> list[str]:
    """The readers that are installed, the grammar first."""
    others = {each.name for each in entry_points(group=GROUP)} - {GRAMMAR}
    return [GRAMMAR, *sorted(others)]


def load_reader(name: str) -> Read:
    """The function of a reader. Raises UsageError when there is no such reader."""
    if name == GRAMMAR:
        from tipgraph.editions.draft.grammar import read

        return read
    for each in entry_points(group=GROUP, name=name):
        loaded: Read = each.load()
        return loaded
    known = reader_names()
    hint = did_you_mean(nearest(name, known)[:1]) or f"readers: {', '.join(known)}"
    raise UsageError(f"unknown reader {name!r}; {hint}")


def read_with(document: Document, names: Sequence[str]) -> Reading:
    """What the readers find; findings of one place and kind are merged, the first reader's first.

    The rows of `readings` that agree carry the names of all their readers; where they differ, the
    first reader's cells stand, and the others' are noted.
    """
    readings = [(name, load_reader(name)(document)) for name in dict.fromkeys(names)]
    merged: dict[tuple[str, int, int], Finding] = {}
    classes = dict(readings[0][1].classes)
    for name, reading in readings:
        for key, finding in _keyed(reading.findings):
            known = merged.get(key)
            if known is None:
                finding.readers = name
                merged[key] = finding
            else:
                _compare(known, finding, name)
        for place, kind in reading.classes.items():
            classes.setdefault(place, kind)
    return Reading(list(merged.values()), classes)


def _keyed(findings: Sequence[Finding]) -> list[tuple[tuple[str, int, int], Finding]]:
    counts: dict[tuple[str, int], int] = {}
    keyed: list[tuple[tuple[str, int, int], Finding]] = []
    for each in findings:
        place = (each.kind, each.place)
        ordinal = counts.get(place, 0)
        counts[place] = ordinal + 1
        keyed.append(((*place, ordinal), each))
    return keyed


def _compare(known: Finding, other: Finding, name: str) -> None:
    """Note a second reader: its name if it agrees, else the cells in which it differs."""
    different = {
        column: getattr(other, column)
        for column in COMPARED
        if getattr(other, column) != getattr(known, column)
    }
    if not different:
        known.readers = f"{known.readers}, {name}"
        return
    cells = ", ".join(f"{column}={value}" for column, value in different.items())
    known.readers = f"{known.readers}; {name}: {cells}"
    known.doubts.append(f"readers differ in {', '.join(different)}")
