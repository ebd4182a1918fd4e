"""Rows of a review for tests, with cells that need not be repeated."""

from pathlib import Path
from typing import Any

from tipgraph_draft.candidate import Candidate, cell
from tipgraph_draft.review_file import read_review

CELLS = {
    "kind": "figure", "sentence": "S01", "start": 0, "end": 10, "quote": "84 victims",
    "indicator": "victims identified", "stage": "identified", "period": "2021",
    "period_from": "sentence", "part": "total", "axis": "total", "value": "84",
    "unit": "persons", "reader": "grammar", "rule": "headline",
}  # fmt: skip


def row(number: int = 1, **cells: Any) -> Candidate:
    """A row whose id has this number."""
    values = {"id": f"{number:012x}"} | CELLS | cells
    return Candidate.from_dict({name: cell(value) for name, value in values.items()})


def rows_of(file: str | Path) -> list[Candidate]:
    """The rows of a review, without their lines."""
    return [row for _, row in read_review(str(file))]
