"""Graphs as files: canonical N-Triples, sorted, each triple once, whatever their size.

The order is that of code points, which RDF Dataset Canonicalization (RDFC-1.0, section 4.4.3) asks
for; so the SHA-256 of the file is the hash that this standard gives a graph without blank nodes.
"""

import hashlib
import heapq
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from os.path import getsize, join
from tempfile import NamedTemporaryFile

from pyoxigraph import Quad, RdfFormat, parse

# How much text is sorted in memory, and how many sorted files are read at the same time.
BUFFER = 16_000_000
FILES = 200
CHUNK = 1 << 18


@dataclass(frozen=True)
class Piece:
    """A part of a file; it can be read again and again, as when a request must be repeated."""

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
class Spool:
    """A graph's file: the number of its triples, the file's size in bytes, its SHA-256."""

    path: str
    triples: int
    size: int
    sha256: str
    has_blank_nodes: bool

    def pieces(self, most: int | None) -> Iterator[Piece]:
        """The content in pieces of at most so many triples.

        It stays in one where it has blank nodes, whose labels mean nothing beyond a request.
        """
        if most is None or self.triples <= most or self.has_blank_nodes:
            yield Piece(self.path, 0, self.size)
            return
        start, sizes = 0, map(len, self.lines())
        while size := sum(islice(sizes, most)):
            yield Piece(self.path, start, size)
            start += size

    def lines(self) -> Iterator[bytes]:
        """The triples, one by one."""
        with open(self.path, "rb") as opened:
            yield from opened

    def quads(self) -> Iterator[Quad]:
        """The same as quads without a graph's name."""
        return parse(path=self.path, format=RdfFormat.N_TRIPLES)


NOTHING = Spool(os.devnull, 0, 0, hashlib.sha256().hexdigest(), False)


def has_blank_node(line: bytes) -> bool:
    """Whether a triple's subject or object is a blank node."""
    subject, _, rest = line.partition(b" ")
    return subject.startswith(b"_:") or rest.partition(b" ")[2].startswith(b"_:")


def spool(quads: Iterable[Quad], folder: str) -> dict[str, Spool]:
    """The file of each named graph among the quads, made in the folder, by the graph's name.

    No more than a few dozen megabytes are held in memory. Raises OSError when the disk is full.
    """
    spools: dict[str, Spool] = {}
    lines = (f"{quad.graph_name} {quad.triple} .\n" for quad in quads)
    with _sorted(lines, folder) as ordered:
        for graph, members in groupby(ordered, key=lambda line: line.partition(b" ")[0]):
            path, start = join(folder, f"{len(spools)}.nt"), len(graph) + 1
            spools[graph[1:-1].decode()] = _written((line[start:] for line in members), path)
    return spools


def _written(lines: Iterable[bytes], path: str) -> Spool:
    """The lines, which are sorted, in a file, each once."""
    count, digest, last, is_blank = 0, hashlib.sha256(), b"", False
    with open(path, "wb", buffering=CHUNK) as opened:
        for line in lines:
            if line != last:
                count += 1
                digest.update(line)
                opened.write(line)
                is_blank = is_blank or has_blank_node(line)
                last = line
    return Spool(path, count, getsize(path), digest.hexdigest(), is_blank)


@contextmanager
def _sorted(lines: Iterable[str], folder: str) -> Iterator[Iterator[bytes]]:
    """The lines in the order of their code points: sorted in batches, and these merged."""
    runs: list[str] = []
    for batch in _batches(lines):
        if len(runs) == FILES:
            with _merged(runs) as merged:
                everything = _run(merged, folder)
            for run in runs:
                os.unlink(run)
            runs = [everything]
        runs.append(_run((line.encode() for line in sorted(batch)), folder))
    with _merged(runs) as merged:
        yield merged
    for run in runs:
        os.unlink(run)


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    room = BUFFER
    for line in lines:
        batch.append(line)
        room -= len(line)
        if room < 0:
            yield batch
            batch, room = [], BUFFER
    yield batch


@contextmanager
def _merged(runs: Iterable[str]) -> Iterator[Iterator[bytes]]:
    """The lines of sorted files in their order."""
    with ExitStack() as opened:
        yield heapq.merge(*(opened.enter_context(open(run, "rb")) for run in runs))


def _run(lines: Iterable[bytes], folder: str) -> str:
    """A file with these lines."""
    with NamedTemporaryFile(dir=folder, suffix=".run", delete=False) as opened:
        opened.writelines(lines)
    return opened.name
