"""Graphs of any size as canonical N-Triples in files: sorted, each triple once.

The order is by code point, as RDF Dataset Canonicalization (RDFC-1.0, section 4.4.3) requires. So
the SHA-256 of a file is the hash that this standard defines for a graph without blank nodes.

Blank nodes get stable names, so that loading the same file twice changes nothing. In users' files
they become IRIs (RDF 1.1 Concepts, section 3.5). In ontologies and shapes, where they must stay
blank, they get the canonical labels of the same standard.
"""

import hashlib
import heapq
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from os.path import getsize, join
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from tipgraph.rdf import canonical

# Characters that are sorted in memory, and sorted files that are merged at the same time.
SORT_BUFFER = 16_000_000
MERGED_FILES = 200
CHUNK = 1 << 18
Line = TypeVar("Line", str, bytes)


@dataclass(frozen=True)
class FilePart:
    """A part of a file. It can be read several times, as when a request is repeated."""

    path: str
    start: int
    size: int

    def __iter__(self) -> Iterator[bytes]:
        with open(self.path, "rb") as opened:
            opened.seek(self.start)
            left = self.size
            while left and (chunk := opened.read(min(left, CHUNK))):
                left -= len(chunk)
                yield chunk


@dataclass(frozen=True)
class SortedTriples:
    """The file of a graph: number of triples, size in bytes, SHA-256 in hexadecimal."""

    path: str
    triples: int
    size: int
    sha256: str
    has_blank_nodes: bool

    def parts(self, max_triples: int | None) -> Iterator[FilePart]:
        """Yield the content in parts of at most this number of triples.

        A graph with blank nodes is one part, since their labels are valid within a request only.
        """
        if max_triples is None or self.triples <= max_triples or self.has_blank_nodes:
            yield FilePart(self.path, 0, self.size)
            return
        start, sizes = 0, map(len, self.lines())
        while size := sum(islice(sizes, max_triples)):
            yield FilePart(self.path, start, size)
            start += size

    def lines(self) -> Iterator[bytes]:
        """Yield the triples, a line each."""
        with open(self.path, "rb") as opened:
            yield from opened

    def quads(self) -> Iterator[Quad]:
        """Yield the triples as quads without a graph name."""
        return parse(path=self.path, format=RdfFormat.N_TRIPLES)


EMPTY = SortedTriples(os.devnull, 0, 0, hashlib.sha256().hexdigest(), False)


def has_blank_node(line: bytes) -> bool:
    """Return whether a triple's subject or object is a blank node."""
    subject, _, rest = line.partition(b" ")
    return subject.startswith(b"_:") or rest.partition(b" ")[2].startswith(b"_:")


def sort_by_graph(quads: Iterable[Quad], folder: str) -> dict[str, SortedTriples]:
    """Return a file for each named graph among the quads, made in the folder, by graph name.

    It takes a few dozen megabytes of memory at most. Raises OSError when the disk is full.
    """
    graphs: dict[str, SortedTriples] = {}
    lines = (f"{quad.graph_name} {quad.triple} .\n" for quad in quads)
    with _sorted(lines, folder) as ordered:
        for graph, members in groupby(ordered, key=lambda line: line.partition(b" ")[0]):
            path, start = join(folder, f"{len(graphs)}.nt"), len(graph) + 1
            graphs[graph[1:-1].decode()] = _write((line[start:] for line in members), path)
    return graphs


def _write(lines: Iterable[bytes], path: str) -> SortedTriples:
    """Write sorted lines to a file, each once."""
    count, digest, last, is_blank = 0, hashlib.sha256(), b"", False
    with open(path, "wb", buffering=CHUNK) as opened:
        for line in lines:
            if line != last:
                count += 1
                digest.update(line)
                opened.write(line)
                is_blank = is_blank or has_blank_node(line)
                last = line
    return SortedTriples(path, count, getsize(path), digest.hexdigest(), is_blank)


@contextmanager
def _sorted(lines: Iterable[str], folder: str) -> Iterator[Iterator[bytes]]:
    """Yield the lines in the order of their code points: sorted in batches, which are merged."""
    runs: list[str] = []
    for batch in batches(lines, SORT_BUFFER):
        if len(runs) == MERGED_FILES:
            with _merged(runs) as merged:
                combined = _write_run(merged, folder)
            for run in runs:
                os.unlink(run)
            runs = [combined]
        runs.append(_write_run((line.encode() for line in sorted(batch)), folder))
    with _merged(runs) as merged:
        yield merged
    for run in runs:
        os.unlink(run)


def batches(lines: Iterable[Line], size: int) -> Iterator[list[Line]]:
    """Yield the lines in lists of this size at most, but for a line that is longer."""
    batch: list[Line] = []
    room = size
    for line in lines:
        if batch and len(line) > room:
            yield batch
            batch, room = [], size
        batch.append(line)
        room -= len(line)
    if batch:
        yield batch


@contextmanager
def _merged(runs: Iterable[str]) -> Iterator[Iterator[bytes]]:
    """Yield the lines of sorted files in order."""
    with ExitStack() as opened:
        yield heapq.merge(*(opened.enter_context(open(run, "rb")) for run in runs))


def _write_run(lines: Iterable[bytes], folder: str) -> str:
    """Write the lines to a new file and return its path."""
    with NamedTemporaryFile(dir=folder, suffix=".run", delete=False) as opened:
        opened.writelines(lines)
    return opened.name


CACHED = 100_000


def scoped(prefix: str, scope: str) -> str:
    """Return what the IRIs of a scope's blank nodes begin with: the prefix, and a hash of it."""
    # It has the name of a file, which may be of any bytes.
    digest = hashlib.sha256(scope.encode(errors="surrogateescape")).hexdigest()
    return f"{prefix}{digest[:16]}/"


def skolemize(quads: Iterable[Quad], prefix: str, scope: str) -> Iterator[Quad]:
    """Yield the quads with an IRI for each blank node: the prefix, a hash of the scope, a number.

    Blank nodes are numbered in the order in which they first occur. Any number of them takes little
    memory, since their table is on disk.
    """
    prefix = f"{scoped(prefix, scope)}b"
    # Without a name, the database is a temporary file that is removed when it is closed.
    with closing(sqlite3.connect("", isolation_level=None)) as table:
        table.execute("CREATE TABLE seen (label TEXT PRIMARY KEY)")
        table.execute("PRAGMA journal_mode = OFF")
        table.execute("PRAGMA cache_size = -65536")
        table.execute("BEGIN")

        @lru_cache(CACHED)
        def iri(label: str) -> NamedNode:
            table.execute("INSERT OR IGNORE INTO seen VALUES (?)", (label,))
            found = table.execute("SELECT rowid FROM seen WHERE label = ?", (label,))
            return NamedNode(f"{prefix}{found.fetchone()[0]}")

        def named(term: Any) -> Any:
            return iri(term.value) if isinstance(term, BlankNode) else term

        for quad in quads:
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                subject, object_ = named(quad.subject), named(quad.object)
                quad = Quad(subject, quad.predicate, object_, quad.graph_name)
            yield quad


def canonicalize(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the quads with each graph's blank nodes labelled by RDFC-1.0, from memory.

    Raises InputError where that would take too long.
    """
    graphs: dict[object, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, []).append(quad)
    for graph in graphs.values():
        yield from canonical.canonicalize(graph)
