"""The house style of a Turtle file, as far as its text tells it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tipgraph.editions.prefixes import ordered, used

PREFIX = re.compile(r"^@prefix[ \t]+([\w-]*):.*$", re.MULTILINE)


class Slip(NamedTuple):
    """What is not as it is elsewhere in the house, and where; lines and columns count from 1."""

    line: int
    column: int
    message: str


def slips(text: str) -> Iterator[Slip]:
    """What to mend in a file: its first line, blanks and tabs, and the prefixes."""
    lines = text.splitlines()
    if not text.startswith("#"):
        yield Slip(1, 1, "begin the file with a comment that tells what is in it")
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield Slip(number, line.index("\t") + 1, "write blanks instead of a tab")
        if line != line.rstrip():
            yield Slip(number, len(line.rstrip()) + 1, "take away the blanks at the line's end")
    yield from _of_prefixes(text)


def _of_prefixes(text: str) -> Iterator[Slip]:
    declared = {found[1]: text.count("\n", 0, found.start()) + 1 for found in PREFIX.finditer(text)}
    needed = used(PREFIX.sub("", text))
    for name, line in declared.items():
        if name not in needed:
            yield Slip(line, 1, f"take away the prefix {name}:, which nothing uses")
    expected = ordered(declared)
    for name, other in zip(declared, expected, strict=True):
        if name != other:
            order = ", ".join(f"{each}:" for each in expected)
            yield Slip(declared[name], 1, f"put the prefixes in the order {order}")
            return
