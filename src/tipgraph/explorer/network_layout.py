"""Lay out the parties of a network in a column for each group, with few crossings.

Each column is sorted by the mean height of what its parties are joined to (the barycentre heuristic
of layered drawings), a few times over. The same network always has the same drawing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

# The distances between the centres of two columns, and of two parties of one.
ACROSS, DOWN = 310, 58
SWEEPS = 8
# Columns are centred, but where one has more parties than this all begin at the top: the middle
# would be off the screen.
TALL = 30


class Position(NamedTuple):
    """The centre of a party, in pixels at full size; the middle of the first column is at 0, 0."""

    x: int
    y: int


def positions(
    columns: Sequence[Sequence[str]], pairs: Iterable[tuple[str, str]]
) -> dict[str, Position]:
    """The place of each party.

    `columns` has the parties by group, `pairs` those that a line joins. A column without parties
    takes no space.
    """
    ordered = [sorted(column) for column in columns if column]
    adjacent: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        adjacent[one].add(other)
        adjacent[other].add(one)
    for _ in range(SWEEPS):
        for column in ordered:
            heights = _heights(ordered)
            column.sort(key=lambda each: (_mean(heights, adjacent[each], each), each))
    longest = max(map(len, ordered), default=0)
    return {
        party: Position(ACROSS * number, round(DOWN * (row - (middle - 1) / 2)))
        for number, column in enumerate(ordered)
        for middle in [longest if longest > TALL else len(column)]
        for row, party in enumerate(column)
    }


def _heights(columns: Iterable[Sequence[str]]) -> dict[str, float]:
    """The height of each party above or below the middle of its column, counted in parties."""
    return {
        party: row - (len(column) - 1) / 2 for column in columns for row, party in enumerate(column)
    }


def _mean(heights: Mapping[str, float], adjacent: set[str], party: str) -> float:
    # One that has no neighbour stays where it is.
    known = [heights[each] for each in sorted(adjacent)] or [heights[party]]
    return sum(known) / len(known)
