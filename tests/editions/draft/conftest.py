"""Drafts of short invented texts."""

from collections.abc import Callable
from typing import Any

import pytest

from tipgraph.editions.draft.drafting import draft

Rows = list[tuple[Any, ...]]
Read = Callable[..., Rows]


@pytest.fixture
def read() -> Read:
    """The candidates of one kind in a text, each with the named cells."""

    def read(text: str, *cells: str, kind: str = "figure", year: int | None = 2031) -> Rows:
        drafted = draft(text, year).candidates
        return [
            tuple(each.as_json()[cell] for cell in cells) for each in drafted if each.kind == kind
        ]

    return read
