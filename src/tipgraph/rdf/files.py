"""Files to quads, in their named graphs."""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os.path import abspath, basename, isdir, isfile, relpath, splitext

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    QuadParser,
    RdfFormat,
    Store,
    parse,
)

from tipgraph.errors import InputError
from tipgraph.namespaces import GRAPH, ONTOLOGY_GRAPH
from tipgraph.resources.folders import Resources, files_below

STANDARD_INPUT = "-"
# The syntaxes that are read, by the names that options give them.
SYNTAXES = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "n3": RdfFormat.N3,
}


class BrokenText(InputError):
    """A text that its syntax does not allow, with the place; line 0 where that is not known."""

    def __init__(self, name: str, error: SyntaxError) -> None:
        self.reason = re.sub(r"^Parser error at line .*?: ", "", error.msg)
        self.line = error.lineno or 0
        self.column = (error.offset or 0) if self.line else 0
        self.end = (error.end_offset or 0) if error.end_lineno == self.line else 0
        place = f"{name}:{self.line}:{self.column}" if self.line else name
        super().__init__(f"{place}: {self.reason}")


def load_shipped(store: Store, resources: Resources) -> None:
    """Put ontology and data into the store, each file into its graph."""
    for file, graph in resources.graphs():
        store.extend(read(file, graph))


def load_ontology(store: Store, resources: Resources) -> None:
    """Put the ontology alone into the store."""
    for file in resources.ontology():
        store.extend(read(file, ONTOLOGY_GRAPH))


def load_own(store: Store, paths: Iterable[str]) -> None:
    """Put one's own files beside what is there; a triple that is there already is not repeated."""
    for path in paths:
        stem = splitext(basename(abspath(path)))[0]
        graph = GRAPH + re.sub(r"[^\w.-]", "-", stem)
        for file in rdf_files(path):
            store.extend(quad for quad in list(read(file, graph)) if not _holds(store, quad))


def rdf_files(path: str) -> list[str]:
    """The file itself, or every RDF file in the folder.

    Raises InputError when there is none.
    """
    if isfile(path):
        return [path]
    if not isdir(path):
        raise InputError(f"{path}: no such file or folder")
    files = [file for file in files_below(path) if _is_rdf(file) and not _is_hidden(file, path)]
    if not files:
        raise InputError(f"{path}: no RDF file in this folder (.ttl, .nt, .nq, .trig, .rdf, …)")
    return files


def read(path: str, graph: str, syntax: RdfFormat = RdfFormat.TRIG) -> Iterator[Quad]:
    """The quads of a file in any RDF syntax; those without a graph of their own get this one.

    `-` is standard input, in this syntax. Raises InputError, with line and column where the file
    is broken.
    """
    name, default = NamedNode(graph), DefaultGraph()
    with readable(path):
        for quad in _parser(path, syntax):
            own = quad.graph_name
            yield Quad(quad.subject, quad.predicate, quad.object, name if own == default else own)


def _parser(path: str, syntax: RdfFormat) -> QuadParser:
    if path == STANDARD_INPUT:
        return parse(input=sys.stdin.buffer, format=syntax, rename_blank_nodes=True)
    return parse(path=path, format=syntax_of(path), rename_blank_nodes=True)


@contextmanager
def readable(name: str) -> Iterator[None]:
    """What the parser raises, turned into InputError and its BrokenText."""
    try:
        yield
    except SyntaxError as error:
        raise BrokenText(name, error) from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror or error})") from None


def syntax_of(path: str) -> RdfFormat:
    """The RDF syntax that the file's ending stands for. Raises InputError when there is none."""
    syntax = _format(path)
    if syntax is None:
        raise InputError(f"{path}: no RDF syntax has the ending {splitext(path)[1]!r}")
    return syntax


def to_bytes(store: Store) -> bytes:
    """All quads as N-Quads; the same graphs give the same bytes, blank nodes or not."""
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return b"".join(sorted(str(dataset).encode().splitlines(keepends=True)))


def _is_rdf(path: str) -> bool:
    """Whether the ending means RDF and nothing else: most .json and .xml files are none."""
    return _format(path) is not None and splitext(path)[1].lower() not in (".json", ".xml")


def _is_hidden(path: str, folder: str) -> bool:
    return any(part.startswith(".") for part in relpath(path, folder).split(os.sep))


def _format(path: str) -> RdfFormat | None:
    ending = splitext(path)[1].removeprefix(".").lower()
    return None if ending == "txt" else RdfFormat.from_extension(ending)


def _holds(store: Store, quad: Quad) -> bool:
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
    return next(iter(found), None) is not None
