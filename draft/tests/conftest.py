"""Drafts of short invented texts, and the fixtures that the tests of tipgraph share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import (  # noqa: F401  (fixtures)
    compiled_templates,
    one_edition,
    run,
    shared_cache,
    shared_graph,
    shipped_files,
    small_resources,
    test_graph,
    user_data,
    width,
)
from tipgraph_draft.drafting import draft

Rows = list[tuple[Any, ...]]
Read = Callable[..., Rows]


@pytest.fixture(autouse=True)
def here(one_edition: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """The current folder, so that files have short names in messages."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def read() -> Read:
    """The candidates of one kind in a text, each with the named cells."""

    def read(text: str, *cells: str, kind: str = "figure", year: int | None = 2031) -> Rows:
        drafted = draft(text, year).candidates
        return [
            tuple(each.as_json()[cell] for cell in cells) for each in drafted if each.kind == kind
        ]

    return read
