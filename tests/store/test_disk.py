"""A large graph is kept in a folder that opens at once; a cache in trouble changes no answer."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

import tipgraph
from tests.conftest import MINI, Run
from tipgraph.rdf.canonical import canonicalize
from tipgraph.resources.folders import VARIABLE
from tipgraph.store import disk
from tipgraph.store.build import nquads

QUERY = ("query", "--format", "tsv", "-e")
LABELS = (*QUERY, "SELECT DISTINCT ?each ?label { ?each rdfs:label ?label } ORDER BY ?each ?label")
PROGRAM = """
from tipgraph.resources import cache
cache.LARGEST = 0
from tipgraph.cli import run
run()
"""
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="a limit that POSIX has")


@pytest.fixture
def kept(mini: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of kept graphs, empty; the small graph counts as large."""
    monkeypatch.setattr("tipgraph.resources.cache.LARGEST", 0)
    return cache / "graphs"


def test_copy_in_memory_is_the_same_graph(graph: tipgraph.LocalGraph, cache, tmp_path):
    own = tmp_path / "own.ttl"
    own.write_text("<urn:a> <urn:b> [ <urn:c> 1 ] .", encoding="utf-8")

    # The first one makes the copy, and the next ones use it.
    for each in (graph, tipgraph.open(own)) * 2:
        copied = each.copied_to_memory()
        assert nquads(canonicalize(copied)) == each.nquads
        assert sha256(each.nquads).hexdigest() == each.digest


@pytest.fixture
def labels(graph: tipgraph.LocalGraph, run: Run) -> str:
    """The output of the command with the graph in memory."""
    outcome = run(*LABELS)
    assert outcome.code == 0
    assert outcome.out.count("\n") > 20
    return outcome.out


def started(**options: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-c", PROGRAM, *LABELS],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **options,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kept graph, as a first command has made it."""
    cache = tmp_path_factory.mktemp("made")
    own = {"XDG_CACHE_HOME": str(cache), VARIABLE: str(MINI / "shipped")}
    process = started(env=os.environ | own)
    assert process.communicate()[1] == ""
    (folder,) = (cache / "tipgraph" / "graphs").iterdir()
    return folder


@pytest.fixture
def folder(kept: Path, made: Path) -> Path:
    """A copy of it in the cache."""
    shutil.copytree(made, kept / made.name)
    return kept / made.name


def test_later_commands_open_what_the_first_one_made(labels, folder, run, monkeypatch):
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    monkeypatch.delattr("tipgraph.store.parts.parts")

    assert run(*LABELS).out == labels
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_joined_files_of_a_store_give_the_same_answers(labels, kept, run, monkeypatch):
    # As for a graph of millions of quads.
    monkeypatch.setattr("tipgraph.store.disk.MANY", 0)

    assert run(*LABELS).out == labels
    (folder,) = kept.iterdir()
    assert run(*LABELS).out == labels
    assert [*kept.iterdir()] == [folder]


@pytest.mark.slow(reason="starts eight processes")
def test_processes_that_start_at_once_share_one_folder(labels: str, kept: Path) -> None:
    processes = [started() for _ in range(8)]
    outcomes = [(*process.communicate(), process.returncode) for process in processes]

    assert outcomes == [(labels, "", 0)] * 8
    assert len(list(kept.iterdir())) == 1


def test_home_that_cannot_be_written_is_no_error(labels: str, kept: Path, run: Run) -> None:
    home = kept.parents[1]
    shutil.rmtree(home, ignore_errors=True)
    home.write_text("a file where the folder should be", encoding="utf-8")

    outcome = run(*LABELS)

    assert (outcome.code, outcome.out, outcome.err) == (0, labels, "")


def test_folder_in_a_home_that_is_read_only_opens(labels, folder, run, monkeypatch):
    monkeypatch.delattr("tipgraph.store.parts.parts")
    paths = (*folder.iterdir(), folder, folder.parent)
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        assert run(*LABELS).out == labels
    finally:
        for path in paths:
            path.chmod(0o700)


@needs_posix
def test_full_disk_is_no_error_and_leaves_nothing(labels: str, kept: Path) -> None:
    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

    process = started(preexec_fn=limit)

    assert (*process.communicate(), process.returncode) == (labels, "", 0)
    assert list(kept.iterdir()) == []


def truncated(folder: Path) -> None:
    largest = max(folder.glob("*.sst"), key=lambda file: file.stat().st_size)
    os.truncate(largest, largest.stat().st_size // 2)


def without_manifest(folder: Path) -> None:
    (folder / "CURRENT").unlink()


def with_other_bytes(folder: Path) -> None:
    """It opens, and the engine finds the damage when it reads the block."""
    for file in folder.glob("*.sst"):
        content = bytearray(file.read_bytes())
        content[10] ^= 0xFF
        file.write_bytes(content)


def without_end(folder: Path) -> None:
    (folder / "CURRENT").unlink()
    (folder / "CURRENT").symlink_to("/dev/zero")


@pytest.mark.parametrize("damage", [truncated, without_manifest, with_other_bytes, without_end])
def test_damaged_folder_is_made_again(labels, folder, run, damage, monkeypatch):
    damage(folder)

    assert run(*LABELS).out == labels
    monkeypatch.delattr("tipgraph.store.parts.parts")
    assert run(*LABELS).out == labels
    assert list(folder.parent.iterdir()) == [folder]


def flipped(file: Path, position: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(position)
        [byte] = opened.read(1)
        opened.seek(position)
        opened.write(bytes([byte ^ 0x10]))


@pytest.mark.slow(reason="fills a cache for each bit that it flips")
@needs_posix
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("is_hidden", [False, True])
def test_flipped_bit_is_found_before_the_engine_reads_it(labels, folder, part, is_hidden):
    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))

    assert started().communicate()[0] == labels
    for file in folder.glob("*.sst"):
        flipped(file, int(file.stat().st_size * part))
    # A disk changes a bit without a time of change; by then the last use is long ago.
    if is_hidden:
        os.utime(folder, (1, 1))
    process = started(preexec_fn=limit)

    assert (*process.communicate(), process.returncode) == (labels, "", 0)
    assert list(folder.parent.iterdir()) == [folder]
    assert not any(file.read_bytes() == b"" for file in folder.glob("*.sst"))


def test_changed_content_gives_another_graph(kept, run, tmp_path, monkeypatch):
    shutil.copytree(MINI, tmp_path / "mini")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mini" / "shipped"))
    new = (*QUERY, "ASK { <urn:x> <urn:p> <urn:y> }")
    assert run(*new).out == "false\n"
    if hasattr(os, "mkfifo"):
        # A pipe in the place of a file has no end.
        (folder,) = kept.iterdir()
        (folder / disk.PARTS).unlink(missing_ok=True)
        os.mkfifo(folder / disk.PARTS)

    (tmp_path / "mini" / "shipped" / "data" / "new.ttl").write_text("<urn:x> <urn:p> <urn:y> .")

    assert run(*new).out == "true\n"
    assert len(list(kept.iterdir())) == 2


def test_changed_part_with_a_blank_node_leaves_nothing_behind(kept, run, tmp_path, monkeypatch):
    shutil.copytree(MINI, tmp_path / "mini")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mini" / "shipped"))
    own = tmp_path / "mini" / "shipped" / "data" / "own-2021-be" / "figures.ttl"
    own.parent.mkdir()

    # The second graph is made of the first one, if that may be.
    for number in (1, 2, 3):
        own.write_text(f"<urn:a> <urn:p> [ <urn:v> {number} ] ; <urn:q> {number} .")
        found = run(*QUERY, "SELECT ?v ?q { <urn:a> <urn:p>/<urn:v> ?v ; <urn:q> ?q }").out
        assert found.splitlines()[1:] == [f"{number}\t{number}"]


def test_oldest_folders_and_abandoned_ones_are_removed(kept: Path, run: Run) -> None:
    old = [f"0.5.9-{number}" for number in range(disk.KEPT + 3)]
    for number, name in enumerate(old):
        (kept / name).mkdir(parents=True, exist_ok=True)
        os.utime(kept / name, (number, number))
    for name, age in (("unfinished-old", 2 * disk.ABANDONED), ("unfinished-new", 0)):
        (kept / name).mkdir()
        then = (kept / name).stat().st_mtime - age
        os.utime(kept / name, (then, then))

    run(*LABELS)

    names = {path.name for path in kept.iterdir()}
    assert "unfinished-new" in names
    assert "unfinished-old" not in names
    assert names.intersection(old) == {*old[4:]}


@needs_posix
def test_graph_that_is_open_outlives_its_folder(folder: Path) -> None:
    graph = tipgraph.open()
    shutil.rmtree(folder)

    assert graph.rows("SELECT ?each { ?each a tip:Statement }")
