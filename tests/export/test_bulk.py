"""`tipgraph export bulk`: parts that bulk loaders take."""

import gzip
import json
import os
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from tests.conftest import Run
from tests.servers import JARS, JAVA
from tipgraph.export import bulk
from tipgraph.files import write_atomic
from tipgraph.rdf.canonical import canonicalize
from tipgraph.store.build import nquads


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.slow(reason="writes the graph three times")
def test_parts_are_the_graph_and_go_on_where_they_broke_off(
    one_edition: object, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PART", 5_000)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert run("export", "bulk", whole).code == 0
    expected = content(whole)
    # Each part is complete or not there, and the manifest names those that are.
    written = iter([True] * 4)
    write = write_atomic

    def breaking(path: str, content: bytes) -> None:
        if path.endswith(".gz") and not next(written, False):
            raise OSError(28, "No space left on device", path)
        write(path, content)

    monkeypatch.setattr(bulk, "write_atomic", breaking)
    assert "No space left" in run("export", "bulk", broken).err
    first = {name: (broken / name).stat().st_mtime_ns for name in ("part-00001.nq.gz",)}
    monkeypatch.setattr(bulk, "write_atomic", write)
    assert run("export", "bulk", broken).code == 0

    assert content(broken) == expected
    assert {name: (broken / name).stat().st_mtime_ns for name in first} == first
    manifest = json.loads(expected["manifest.json"])
    # Settings that somebody has filled in stay.
    (broken / "neptune.json").write_bytes(expected["neptune.json"].replace(b"BUCKET", b"mine"))
    assert run("export", "bulk", broken).code == 0
    assert b"mine" in (broken / "neptune.json").read_bytes()
    (broken / "neptune.json").write_bytes(expected["neptune.json"])
    # A wrong number in the manifest leaves no quad out.
    wrong = [{**part, "quads": 1} for part in manifest["parts"]]
    (broken / "manifest.json").write_text(json.dumps({**manifest, "parts": wrong}))
    assert run("export", "bulk", broken).code == 0
    assert content(broken) == expected
    store = Store()
    for part in manifest["parts"]:
        lines = expected[part["file"]]
        assert (len(lines), sha256(lines).hexdigest()) == (part["bytes"], part["sha256"])
        store.load(gzip.decompress(lines), RdfFormat.N_QUADS)
    assert len(manifest["parts"]) > 4
    assert len(store) == manifest["quads"] == sum(part["quads"] for part in manifest["parts"])
    graph = run("export", "graph", "--format", "nquads").out
    exported = Store()
    exported.load(graph.encode(), RdfFormat.N_QUADS)
    assert nquads(canonicalize(store)) == nquads(canonicalize(exported))


def test_parts_are_the_same_whatever_the_order_of_the_store(tmp_path, monkeypatch):
    # A store in memory has an order of its own each time: parts of two orders would not fit.
    monkeypatch.setattr(bulk, "PART", 7)
    lines = [f"<urn:s> <urn:p> <urn:{number}> <urn:g> .\n" for number in range(50)]
    lines += [f"_:b{number} <urn:p> <urn:{number}> <urn:g> .\n" for number in range(10)]
    for name, ordered in (("a", lines), ("b", lines[::-1])):
        store = Store()
        store.extend(parse("".join(ordered), format=RdfFormat.N_QUADS))
        bulk.write(store, "key", str(tmp_path / name), merged=False)

    files = content(tmp_path / "a")
    assert files == content(tmp_path / "b")
    parts = sorted(name for name in files if name.startswith("part-"))
    assert [b"_:" in gzip.decompress(files[part]) for part in parts] == [*[False] * 7, True]


def test_other_folders_are_left_alone(one_edition: object, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    assert run("export", "bulk", folder, "--merged").code == 0
    assert b"<https://w3id.org/tipgraph/graph/all> ." in gzip.decompress(
        (folder / "part-00001.nq.gz").read_bytes()
    )

    other = run("export", "bulk", folder)

    assert (other.code, other.err) == (
        3,
        f"tipgraph: {folder}: has an export of another graph; name a new folder\n",
    )
    assert run("export", "bulk", tmp_path).err.endswith("not empty; name a new one\n")
    parts = ("1", "[1]", "[{}]", "[" * 100_000)
    damaged = (f'{{"graph": "", "merged": false, "parts": {each}}}' for each in parts)
    for content in ("{", "{}", "[]", *damaged):
        (folder / "manifest.json").write_text(content)
        assert run("export", "bulk", folder).err.endswith("damaged; name a new folder\n")
    for name in ("part-00001.nq.gz", "manifest.json"):
        (folder / name).unlink()
        os.mkfifo(folder / name)
        expected = f"tipgraph: {folder / name}: is no file; name a new folder\n"
        assert run("export", "bulk", folder).err == expected
        (folder / name).unlink()


@pytest.mark.store
@pytest.mark.skipif(not JARS.exists(), reason="make tools fetches Jena")
def test_loader_of_tdb2_takes_the_parts(one_edition: object, run: Run, tmp_path: Path) -> None:
    folder, database = tmp_path / "folder", tmp_path / "database"
    assert run("export", "bulk", folder).code == 0
    quads = json.loads((folder / "manifest.json").read_text())["quads"]
    jena = [*JAVA, "-cp", str(JARS / "fuseki.jar")]
    parts = sorted(map(str, folder.glob("*.gz")))

    subprocess.run([*jena, "tdb2.tdbloader", "--loc", str(database), *parts], check=True)

    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    found = subprocess.run(
        [*jena, "tdb2.tdbquery", "--loc", str(database), "--results=csv", count],
        check=True,
        capture_output=True,
        text=True,
    )
    assert found.stdout.split() == ["n", str(quads)]
