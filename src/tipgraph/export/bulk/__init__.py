"""Write the graph for bulk loaders: gzipped N-Quads in parts, and the settings of four stores."""

import gzip
import json
import os
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from os.path import join
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from tipgraph.errors import InputError
from tipgraph.files import content_of, write_atomic
from tipgraph.loader.sorted_ntriples import sort_by_graph
from tipgraph.namespaces import MERGED_GRAPH
from tipgraph.rdf.canonical import canonicalize

# The quads of a part but the last; they are in memory at once.
PART = 250_000
LEVEL = 6
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
# The settings of each store, which are files beside this one.
SETTINGS = ("tdb2.sh", "virtuoso.sh", "Qleverfile", "neptune.json")


def write(store: Store, key: str, folder: str, merged: bool) -> dict[str, Any]:
    """Write the graph into a folder, or go on where that broke off; return the manifest.

    `key` stands for the content of the graph, which gives the same bytes each time. `merged` puts
    all triples into the one graph that `query --endpoint` asks. Raises InputError when the folder
    has anything else.
    """
    os.makedirs(folder, exist_ok=True)
    done: list[dict[str, Any]] = []
    manifest = {"graph": key, "merged": merged, "complete": False, "parts": done}
    digests = iter(_begun(folder, manifest))
    for name in SETTINGS:
        # Somebody may have filled them in.
        if not os.path.exists(join(folder, name)):
            write_atomic(join(folder, name), Path(__file__).with_name(name).read_bytes())
    for part in _parts(store, merged):
        name = f"part-{len(done) + 1:05}.nq.gz"
        content = content_of(join(folder, name))
        digest = sha256(content).hexdigest()
        if digest != next(digests, None):
            content = gzip.compress(b"".join(part), LEVEL, mtime=0)
            write_atomic(join(folder, name), content)
            digest = sha256(content).hexdigest()
        done.append({"file": name, "quads": len(part), "bytes": len(content), "sha256": digest})
        _note(folder, manifest)
    manifest["quads"] = sum(each["quads"] for each in done)
    manifest["complete"] = True
    sums = "".join(f"{each['sha256']}  {each['file']}\n" for each in done)
    write_atomic(join(folder, SUMS), sums.encode())
    _note(folder, manifest)
    return manifest


def _begun(folder: str, manifest: dict[str, Any]) -> list[str]:
    """Return the digests of the parts that an export of the same has written into the folder.

    Raises InputError where the folder has something else.
    """
    for name in os.listdir(folder):
        path = join(folder, name)
        # A pipe or a device may have no end.
        if name.startswith(("part-", MANIFEST, SUMS)) and not os.path.isfile(path):
            raise InputError(f"{path}: is no file; name a new folder")
    try:
        with open(join(folder, MANIFEST), encoding="utf-8") as file:
            found = json.load(file)
        given = found["graph"], found["merged"]
        digests = [each["sha256"] for each in found["parts"]]
    except FileNotFoundError:
        if os.listdir(folder):
            raise InputError(f"{folder}: this folder is not empty; name a new one") from None
        _note(folder, manifest)
        return []
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(f"{join(folder, MANIFEST)}: damaged; name a new folder") from None
    if given != (manifest["graph"], manifest["merged"]):
        raise InputError(f"{folder}: has an export of another graph; name a new folder")
    return digests


def _note(folder: str, manifest: dict[str, Any]) -> None:
    write_atomic(join(folder, MANIFEST), f"{json.dumps(manifest, indent=1)}\n".encode())


def _parts(store: Store, merged: bool) -> Iterator[list[bytes]]:
    """The quads in parts, a line each, in an order that does not depend on the store.

    Those with blank nodes are all in the last part, since names of nodes are valid in a file only.
    """
    unnamed: list[Quad] = []
    target = NamedNode(MERGED_GRAPH) if merged else None

    def named() -> Iterator[Quad]:
        for quad in store:
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                unnamed.append(quad)
            else:
                yield _in(quad, target)

    with TemporaryDirectory(prefix="tipgraph-") as folder:
        graphs = sort_by_graph(named(), folder)
        lines = (
            line.removesuffix(b".\n") + f"<{graph}> .\n".encode()
            for graph, content in graphs.items()
            for line in content.lines()
        )
        while len(part := list(islice(lines, PART))) == PART:
            yield part
    blank = (_in(quad, target) for quad in canonicalize(unnamed))
    if part := part + sorted(f"{quad} .\n".encode() for quad in blank):
        yield part


def _in(quad: Quad, graph: NamedNode | None) -> Quad:
    return quad if graph is None else Quad(quad.subject, quad.predicate, quad.object, graph)
