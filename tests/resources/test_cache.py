"""The cache keeps entries, and makes damaged ones again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tipgraph.resources.cache import KEPT, LARGEST, cached
from tipgraph.store import disk

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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("put", [os.mkfifo, lambda entry: entry.symlink_to("/dev/zero")])
def test_entry_that_may_have_no_end_is_not_read(cache: Path, put: Callable[[Path], None]) -> None:
    make = Maker()
    cached("key", "name", make)
    (entry,) = cache.iterdir()
    entry.unlink()
    put(entry)

    assert cached("key", "name", make) == make.content
    assert make.calls == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_cache_is_for_its_owner_alone(cache: Path) -> None:
    cached("key", "name", Maker())

    assert cache.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_cache_in_which_others_can_write_is_not_used(cache: Path, mode: int) -> None:
    make = Maker()
    cached("key", "name", make)
    (entry,) = cache.iterdir()
    cache.chmod(mode)

    assert [cached("key", "name", make), cached("other", "name", make)] == [make.content] * 2
    assert make.calls == 3
    assert [*cache.iterdir()] == [entry]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away")
def test_cache_of_another_user_is_not_used(cache: Path) -> None:
    make = Maker()
    cached("key", "name", make)
    os.chown(cache, 65534, 65534)

    assert cached("key", "name", make) == make.content
    assert make.calls == 2


def test_relative_folder_of_caches_is_no_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")

    cached("key", "name", Maker())

    assert [each.name for each in tmp_path.iterdir()] == ["home"]


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


def test_files_of_others_in_its_folder_are_kept(cache: Path) -> None:
    own = cache / "notes.txt"
    folders = [cache / "graphs" / f"mine-{number}" for number in range(disk.KEPT + 5)]
    for each in folders:
        each.mkdir(parents=True)
        os.utime(each, (0, 0))
    own.write_text("mine", encoding="utf-8")
    os.utime(own, (0, 0))

    for number in range(KEPT + 5):
        cached(str(number), "name", Maker())
    disk.kept("key", [disk.Part("", lambda: b"\n" * (LARGEST + 1))])

    assert own.exists()
    assert all(map(Path.exists, folders))
