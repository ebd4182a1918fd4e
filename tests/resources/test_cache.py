"""The cache keeps entries, and makes damaged ones again."""

import os
from pathlib import Path

import pytest

from tipgraph.resources.cache import KEPT, cached

pytestmark = pytest.mark.usefixtures("cache")


class Maker:
    """Makes the same bytes each time, and counts."""

    def __init__(self, content: bytes = b"content\nof lines\n") -> None:
        self.content = content
        self.calls = 0

    def __call__(self) -> bytes:
        self.calls += 1
        return self.content


def test_entry_is_made_once() -> None:
    make = Maker()

    assert [cached("key", "name", make) for _ in range(3)] == [make.content] * 3
    assert make.calls == 1


def test_another_key_is_another_entry() -> None:
    make = Maker()

    cached("key", "name", make)
    cached("other", "name", make)

    assert make.calls == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda stored: stored[:-5],
        lambda stored: stored.replace(b"lines", b"limes"),
        lambda stored: b"",
        lambda stored: b"\xff\xfe",
    ],
)
def test_damaged_entry_is_made_again(cache: Path, damage: object) -> None:
    make = Maker()
    cached("key", "name", make)
    (entry,) = cache.iterdir()
    assert callable(damage)
    entry.write_bytes(damage(entry.read_bytes()))

    assert cached("key", "name", make) == make.content
    assert make.calls == 2
    assert cached("key", "name", make) == make.content
    assert make.calls == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_cache_is_for_its_owner_alone(cache: Path) -> None:
    cached("key", "name", Maker())

    assert cache.stat().st_mode & 0o077 == 0


def test_unwritable_cache_is_no_error(cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be", encoding="utf-8")
    make = Maker()

    assert cached("key", "name", make) == cached("key", "name", make) == make.content
    assert make.calls == 2


def test_cache_size_is_limited(cache: Path) -> None:
    for number in range(KEPT + 5):
        cached(str(number), "name", Maker())

    assert len(list(cache.iterdir())) == KEPT
