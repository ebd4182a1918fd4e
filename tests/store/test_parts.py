"""A graph that is derived country by country is the graph that is derived at once."""

import errno
import os
import re
import shutil
import subprocess
import sys
from contextlib import closing, suppress
from itertools import starmap
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad, Store

import tipgraph
from tests.conftest import MINI, Run
from tipgraph.errors import InputError
from tipgraph.rdf.canonical import canonicalize
from tipgraph.resources.folders import VARIABLE, Resources
from tipgraph.search import make_index
from tipgraph.search.index import STANDING, opened
from tipgraph.store import build, disk, parts
from tipgraph.store.build import nquads
from tipgraph.store.rules import derive, read_rule
from tipgraph.version import VERSION


def at_once(resources: Resources) -> bytes:
    store = Store()
    parts.load(store, starmap(parts.Source, resources.graphs()))
    for paths in (resources.completions(), resources.rules()):
        derive(store, map(read_rule, paths))
    return nquads(canonicalize(store))


@pytest.fixture
def two_countries(tmp_path: Path, test_graph: Path) -> Resources:
    """Two editions of each of two small countries, with what all share."""
    for folder in ("ontology", "queries"):
        (tmp_path / folder).symlink_to(test_graph / folder)
    other = re.compile(r"(?!tip-202[12]-(lu|mt)$).*-[a-z]{2}$")
    shutil.copytree(
        test_graph / "data",
        tmp_path / "data",
        ignore=lambda _, names: [name for name in names if other.match(name)],
    )
    # The texts that all share are read as N-Triples, whose terms begin as this note does.
    note = '<urn:a> <urn:b> "fewer <5"@en .'
    (tmp_path / "data" / "note.ttl").write_text(note, encoding="utf-8")
    return Resources(str(tmp_path))


def indexed(content: str | bytes) -> dict[str, list[tuple[object, ...]]]:
    """The content of an index, where things and series have names of their own for numbers."""
    with closing(opened(content)) as index:
        return {
            table: sorted(index.execute(f"SELECT {columns} FROM {table}"), key=str)
            for table, columns in {
                "text JOIN thing ON text.rowid = id": "iri, text.*",
                "thing": f"iri, kind, {STANDING}, year, shown",
                "link JOIN thing ON thing = id": "role, target, iri",
                "thing AS one JOIN thing USING (series)": "one.iri, thing.iri",
                "word": "phrase, canonical",
            }.items()
        }


@pytest.mark.slow(reason="derives a graph in three ways")
def test_store_has_the_graph_that_is_derived_at_once_also_after_a_change(
    two_countries: Resources, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LEAST", 1)
    monkeypatch.setattr("tipgraph.resources.cache.LARGEST", 0)
    store, data = tmp_path / "store", Path(two_countries.root, "data")

    def built(*without: str) -> int:
        """Build the store without some names; return the number of parts and pieces kept.

        The stored queries have a piece and no part.
        """
        with monkeypatch.context() as names:
            for name in without:
                names.delattr(f"tipgraph.{name}")
            assert run("build", str(data), "--store", str(store)).code == 0
        monkeypatch.setenv(VARIABLE, str(store))
        graph = tipgraph.open()
        assert graph.nquads == at_once(Resources(str(store)))
        newest = max(store.glob("cache/files/*/search.sqlite"), key=os.path.getmtime)
        made = make_index(graph.engine, graph.queries.values())
        assert indexed(str(newest)) == indexed(made)
        return len(list((store / "cache" / "parts").iterdir()))

    assert built() == 1 + 2 * len(["shared", "lu", "mt"])
    figures = data / "tip-2022-mt" / "figures.ttl"
    figures.write_text(re.sub(r"(?<=obsValue )\d+", "987", figures.read_text(), count=1))
    # The graph and the index are not made again; what differs is replaced.
    parts_kept = ["shared", "lu", "mt", "mt, changed"]
    # Files that they share with removed ones are not read.
    read, checksum = list[str](), disk._checksum

    def recorded(file: str) -> str:
        read.append(file)
        return checksum(file)

    monkeypatch.setattr(disk, "KEPT", 1)
    monkeypatch.setattr(disk, "_checksum", recorded)
    assert built("store.disk._load", "search.index.SCHEMA") == 1 + 2 * len(parts_kept)
    assert read
    assert all(disk.UNFINISHED in file for file in read)
    assert "987" in run("query", "figures", "--edition", "tip-2022-mt", "--format", "tsv").out


def test_piece_of_an_index_has_the_same_bytes_in_any_process() -> None:
    """A piece that has others is taken for a change, and the index is made again."""
    code = (
        "import sys, tipgraph; from tipgraph.search.index import piece;"
        " sys.stdout.buffer.write(piece(tipgraph.open().engine))"
    )

    def made(seed: str) -> bytes:
        environment = {**os.environ, VARIABLE: str(MINI / "shipped"), "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=environment, capture_output=True, check=True).stdout

    assert made("1") == made("2") != b""


def test_own_files_of_other_content_are_another_graph(tmp_path: Path, test_graph: Path) -> None:
    resources = Resources(str(test_graph))
    file = tmp_path / "own-lu" / "own.ttl"
    file.parent.mkdir()
    keys, of_parts = set(), set()
    # Two texts with one length and one CRC-32, in files with one time of change.
    for text in (
        '<urn:a> <urn:p> "1" . # bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n',
        '<urn:a> <urn:p> "2" . # cbbccbbccbcccccccbbbbccccccbbbbbbbbbbbbb\n',
    ):
        file.write_text(text)
        os.utime(file, ns=(1, 1))
        own = (str(file.parent),)
        keys.add(build.key(resources, own, bundled=True))
        of_parts.add(tuple(each.key for each in parts.parts(resources, own)))

    assert len(keys) == len(of_parts) == 2
    assert len(next(iter(of_parts))) > 1


def test_files_whose_graphs_have_other_names_are_another_graph(tmp_path, test_graph, monkeypatch):
    keys, resources = set(), Resources(str(test_graph))
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "own.ttl").write_text("<urn:a> <urn:p> 1 .")
        monkeypatch.chdir(tmp_path / name)
        keys |= {build.key(resources, (own,), bundled=False) for own in (".", "./own.ttl")}

    assert len(keys) == 3


@pytest.mark.parametrize("name", ["own-xx", "own-lu", "own"])
@pytest.mark.parametrize("later", ["new", "old"])
def test_graph_of_files_that_change_meanwhile_is_not_kept(
    mini: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, later: str
) -> None:
    """It would be the answer for the old content, whenever that is back."""
    file = tmp_path / name / "own.ttl"
    file.parent.mkdir()
    load = parts.load

    def loaded(*given: Any) -> list[Quad]:
        file.write_text('<urn:a> <urn:p> "new" .')
        found = load(*given)
        file.write_text(f'<urn:a> <urn:p> "{later}" .')
        return found

    file.write_text('<urn:a> <urn:p> "old" .')
    with monkeypatch.context() as changing:
        changing.setattr(parts, "load", loaded)
        with pytest.raises(InputError, match="changed while it was read"):
            tipgraph.open(file.parent)
    file.write_text('<urn:a> <urn:p> "old" .')

    found = tipgraph.open(file.parent).engine.select("SELECT ?o { <urn:a> <urn:p> ?o }")

    assert [str(each) for each in found.column("o")] == ["old"]


def test_name_of_a_folder_that_no_graph_can_have_is_an_error(run: Run, tmp_path: Path) -> None:
    for name in ("an edition-be", "%zz-be", "é{}-be"):
        folder = tmp_path / "data" / name
        folder.mkdir(parents=True)
        (folder / "own.ttl").touch()

        code, out, err = run("build", tmp_path / "data", "--store", tmp_path / "store")

        assert (code, out, err.count("\n")) == (3, "", 1)
        assert f"{name}: name it with letters, digits and - . _" in err
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["letter.txt", "cache/letter.txt", "data/letter.txt"])
def test_store_is_not_made_among_other_files(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "ontology").mkdir()
    if not name.startswith("data"):
        (tmp_path / "data").symlink_to(MINI)
    for each in (tmp_path / name, tmp_path / "ontology" / "own.ttl"):
        each.parent.mkdir(exist_ok=True)
        each.touch()

    code, out, err = run("build", str(MINI / "shipped" / "data"), "--store", str(tmp_path))

    assert (code, out) == (3, "")
    assert err == f"tipgraph: {tmp_path}: not empty, and not a store that 'tipgraph build' made\n"
    assert (tmp_path / "ontology" / "own.ttl").exists()


def test_store_keeps_its_graph_until_it_is_made_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, store = (str(tmp_path / name) for name in ("data", "store"))
    monkeypatch.setenv(VARIABLE, str(MINI / "shipped"))
    shutil.copytree(MINI / "shipped" / "data", data)
    assert run("build", data, "--store", store).code == 0
    monkeypatch.setenv(VARIABLE, store)
    before = run("query", "figures").out
    figures = Path(data, "tip-2021-xx", "statements.ttl")
    figures.write_text(figures.read_text().replace(" 12 ;", " 987 ;"))

    assert run("query", "figures").out == before
    assert run("build", data, "--store", store).code == 0
    assert "987" in run("query", "figures").out


def test_store_whose_graph_cannot_be_written_is_an_error(run: Run, tmp_path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setenv(VARIABLE, str(MINI / "shipped"))
    monkeypatch.setattr(disk, "_load", full)

    code, out, err = run("build", MINI / "shipped" / "data", "--store", tmp_path)

    assert (code, out) == (3, "")
    assert err.endswith("the graph cannot be written; it needs more space, or the permission\n")


def test_store_that_is_made_again_has_no_graph_of_another_version(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("build", str(MINI / "shipped" / "data"), "--store", str(tmp_path))
    digest, version = (tmp_path / "prepared" / name for name in ("digest", "version"))
    monkeypatch.setenv(VARIABLE, str(MINI / "shipped"))
    assert run(*command).code == 0
    before = digest.read_text()
    version.write_text("0.0.1")

    with monkeypatch.context() as killed, suppress(SystemExit):
        killed.setattr(build, "_build", lambda *_: sys.exit())
        run(*command)

    assert (version.read_text(), digest.exists()) == (VERSION, False)
    assert run(*command).code == 0
    # The files are the same, so that nothing is made again.
    assert digest.read_text() == before


def test_store_is_not_made_in_its_data(run: Run, tmp_path: Path) -> None:
    """Its files would be read as data of the next one."""
    for store in (tmp_path, tmp_path / "store"):
        outcome = run("build", tmp_path, "--store", store)

        assert (outcome.code, [*tmp_path.iterdir()]) == (3, [])


@pytest.mark.parametrize("make", [Path.touch, os.mkfifo, lambda link: link.symlink_to(MINI)])
def test_file_of_the_data_that_is_not_read_is_an_error(run, tmp_path, make):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "series.ttl").touch()
    make(tmp_path / "data" / "more.ttl" if make is os.mkfifo else tmp_path / "data" / "more.nt")

    code, _, err = run("build", tmp_path / "data", "--store", tmp_path / "store")

    assert (code, err.count("\n")) == (3, 1)
    assert "more." in err
    assert "is not read" in err
    assert not (tmp_path / "store").exists()


@pytest.mark.slow(reason="builds a store in three processes")
def test_builds_of_one_store_wait_for_each_other(tmp_path: Path) -> None:
    command = ("build", str(MINI / "shipped" / "data"), "--store", str(tmp_path / "store"))
    builds = [subprocess.Popen([sys.executable, "-m", "tipgraph", *command]) for _ in range(3)]

    assert [each.wait() for each in builds] == [0, 0, 0]
    names = {each.name for each in (tmp_path / "store").iterdir()}
    assert names == {"cache", "data", "ontology", "prepared", "queries"}


def test_country_with_folders_of_two_endings_is_refused(two_countries, run, tmp_path):
    data = Path(two_countries.root, "data")
    (data / "tip-2022-mt").rename(data / "tip-2022-ml")

    code, out, err = run("build", data, "--store", tmp_path / "store")

    assert (code, out) == (3, "")
    assert err == (
        "tipgraph: tip-2022-ml: describes a publication on MT; let the name of its folder end in"
        " -mt\n"
    )


def test_edition_is_validated_beside_its_country_and_what_all_share(
    two_countries: Resources, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, two_countries.root)
    data = Path(two_countries.root, "data")
    (data / "tip-2022-mt" / "figures.ttl").write_text("broken")
    assert run("validate", data / "tip-2021-lu").code == 0
    (data / "other-2020-lu").mkdir()
    (data / "other-2020-lu" / "figures.ttl").write_text("broken")
    assert run("validate", data / "tip-2021-lu").code == 3


@pytest.mark.slow(reason="derives the whole graph at once beside its parts")
def test_all_countries_one_by_one_give_the_same_graph(everything: tipgraph.LocalGraph) -> None:
    assert everything.nquads == at_once(everything.resources)
