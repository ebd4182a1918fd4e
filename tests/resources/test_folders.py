"""`$TIPGRAPH_RESOURCES` names the folders that replace the shipped ones."""

import os
from shutil import copytree

import pytest

import tipgraph
from tests.conftest import MINI


def test_named_resources_replace_the_shipped_ones(run, test_graph, monkeypatch):
    assert tipgraph.open().resources.root == str(test_graph)
    assert "TIP Report 2020, Belgium" in run("query", "sources").out

    monkeypatch.setenv("TIPGRAPH_RESOURCES", str(MINI / "shipped"))
    assert "speaks" in run("queries").out


def test_named_folder_without_an_ontology_is_an_error(run, tmp_path, monkeypatch):
    monkeypatch.setenv("TIPGRAPH_RESOURCES", str(tmp_path))

    code, out, err = run("query", "sources")
    assert (code, out) == (3, "")
    assert err == f"tipgraph: TIPGRAPH_RESOURCES: {tmp_path} has no folder ontology\n"


def test_changed_file_with_the_size_and_time_that_it_had_is_read(run, tmp_path, cache, monkeypatch):
    copytree(MINI / "shipped", tmp_path / "root")
    monkeypatch.setenv("TIPGRAPH_RESOURCES", str(tmp_path / "root"))
    file = tmp_path / "root/data/figures.ttl"

    # As from two archives that give all files one time.
    for figure in (235, 253):
        file.write_text(f"<urn:a> <urn:p> {figure} .", encoding="utf-8")
        os.utime(file, ns=(1, 1))
        found = run("query", "--format", "csv", "-e", "SELECT ?figure { <urn:a> <urn:p> ?figure }")
        assert found.out.split() == ["figure", str(figure)]


@pytest.mark.parametrize("digest", [b"/../../../outside", "\u20ac".encode(), b"1\n2"])
def test_digest_that_is_none_names_no_file(run, tmp_path, monkeypatch, digest):
    # It is of a folder of somebody else, and names the files of the cache.
    copytree(MINI / "shipped", tmp_path / "root")
    (tmp_path / "root/prepared").mkdir(exist_ok=True)
    (tmp_path / "root/prepared/digest").write_bytes(digest)
    monkeypatch.setenv("TIPGRAPH_RESOURCES", str(tmp_path / "root"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a/cache"))

    assert run("queries").code == 0
    assert not [*(tmp_path / "a").glob("outside*"), *tmp_path.glob("outside*")]


@pytest.mark.parametrize("version", [b"0.0.9", b"\xff", None])
def test_store_of_another_version_is_an_error(run, tmp_path, monkeypatch, version):
    copytree(MINI / "shipped", tmp_path / "root")
    (tmp_path / "root/cache").mkdir()
    (tmp_path / "root/prepared").mkdir(exist_ok=True)
    if version:
        (tmp_path / "root/prepared/version").write_bytes(version)
    monkeypatch.setenv("TIPGRAPH_RESOURCES", str(tmp_path / "root"))

    code, out, err = run("query", "sources")
    assert (code, out) == (3, "")
    assert "is a store of another version of tipgraph; unset TIPGRAPH_RESOURCES" in err
    assert err.count("\n") == 1
