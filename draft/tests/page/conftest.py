"""A review of a small draft, which each test has for itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from draft.tests.drafted import copied, make_draft
from draft.tests.page.reviewing import Browser, reviewing


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_draft(tmp_path_factory.mktemp("draft"))


@pytest.fixture
def folder(drafted: Path, tmp_path: Path) -> Path:
    return copied(drafted, tmp_path)


@pytest.fixture
def browser(folder: Path) -> Iterator[Browser]:
    with reviewing(folder) as opened:
        yield opened
