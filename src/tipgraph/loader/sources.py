"""The named graphs to load, from quads or from files."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from os.path import basename, isdir, relpath, splitext
from typing import Any, ClassVar, cast
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat

from tipgraph.errors import InputError, UsageError
from tipgraph.loader.sorted_ntriples import (
    SortedTriples,
    canonicalize,
    scoped,
    skolemize,
    sort_by_graph,
)
from tipgraph.rdf.files import STANDARD_INPUT, rdf_files, read

# The default graph, until it is known whether it contains anything.
UNNAMED = "urn:x-tipgraph:unnamed"


@dataclass(frozen=True)
class ReservedNames:
    """IRIs in a store that only the loader uses.

    `manifest` is the graph that describes what was loaded, `staging` the prefix of graphs that are
    being loaded, `skolem` the prefix of IRIs for blank nodes.
    """

    manifest: str
    staging: str
    skolem: str

    def is_reserved(self, graph: str) -> bool:
        return graph == self.manifest or graph.startswith(self.staging)


@dataclass(frozen=True)
class TargetGraph:
    """A named graph as it is to be in the store, and the files that its content is from."""

    name: str
    content: SortedTriples
    files: tuple[str, ...]


@dataclass(frozen=True)
class QuadSource:
    """Quads that were prepared by the program; blank nodes stay blank.

    `files` has the paths, relative to `root`, that each graph is from. The names of all graphs of
    the source begin with `prefix`, so that older ones can be pruned; None where they do not. The
    graph `merged` gets the triples of all others but those of `apart`, with IRIs for blank nodes,
    so that it can be sent in parts.
    """

    quads: Callable[[], Iterable[Quad]]
    files: Mapping[str, Sequence[str]]
    root: str
    prefix: str | None
    merged: str
    apart: Collection[str] = ()

    def graphs(self, folder: str, names: ReservedNames) -> list[TargetGraph]:
        """Return the graphs, with their content in files in the folder; the merged one is last."""
        quads = canonicalize(self.quads())
        every = chain.from_iterable(self._with_merged(quad, names.skolem) for quad in quads)
        contents = sort_by_graph(every, folder)
        merged = (self.files[graph] for graph in self.files if graph not in self.apart)
        files = {**self.files, self.merged: sorted(set(chain.from_iterable(merged)))}
        return [
            TargetGraph(graph, contents[graph], tuple(files[graph]))
            for graph in sorted(contents, key=lambda graph: graph == self.merged)
        ]

    def _with_merged(self, quad: Quad, skolem: str) -> Iterator[Quad]:
        graph = cast(NamedNode, quad.graph_name).value

        def named(term: Any) -> Any:
            is_blank = isinstance(term, BlankNode)
            return NamedNode(scoped(skolem, graph) + term.value) if is_blank else term

        yield quad
        if graph not in self.apart:
            merged = NamedNode(self.merged)
            yield Quad(named(quad.subject), quad.predicate, named(quad.object), merged)


@dataclass(frozen=True)
class FileSource:
    """The user's RDF files: into `graph`, or each file into a graph below `base`.

    Quads with a graph name stay in that graph. Blank nodes become IRIs. `syntax` is that of
    standard input (`-`).
    """

    paths: Sequence[str]
    graph: str | None = None
    base: str | None = None
    syntax: RdfFormat = RdfFormat.TRIG
    root: ClassVar[str] = ""

    def __post_init__(self) -> None:
        """Raise UsageError for options that exclude each other."""
        if self.graph and self.base:
            raise UsageError("give --graph or --base, not both")

    @property
    def prefix(self) -> str | None:
        return _prefix_of(self.base) if self.base else None

    def graphs(self, folder: str, names: ReservedNames) -> list[TargetGraph]:
        """Return the graphs, with their content in files in the folder.

        Raises UsageError when a graph's name is missing or unusable, InputError when a file is.
        """
        documents = self._documents()
        files: dict[str, dict[str, None]] = {}

        def quads() -> Iterator[Quad]:
            for document in documents:
                raw = _checked(read(document.file, document.graph, self.syntax), document.file)
                for quad in skolemize(raw, names.skolem, document.scope):
                    files.setdefault(str(quad.graph_name), {})[document.file] = None
                    yield quad

        targets = [
            TargetGraph(graph, content, tuple(files[f"<{graph}>"]))
            for graph, content in sort_by_graph(quads(), folder).items()
        ]
        self._check(documents, targets, names)
        return targets

    def _documents(self) -> list["_Document"]:
        documents: list[_Document] = []
        seen: list[str] = []
        for path in self.paths:
            for file in [path] if path == STANDARD_INPUT else rdf_files(path):
                name = relpath(file, path) if isdir(path) else basename(file)
                graph = self.graph or (_graph_below(self.base, name) if self.base else UNNAMED)
                scope = f"{graph} {name} {seen.count(name)}"
                seen.append(name)
                documents.append(_Document(file, _checked_iri(graph), scope))
        return documents

    def _check(
        self,
        documents: Iterable["_Document"],
        targets: Iterable[TargetGraph],
        names: ReservedNames,
    ) -> None:
        for target in targets:
            if target.name == UNNAMED:
                files = ", ".join(target.files)
                raise UsageError(f"{files}: give the graph to load into with --graph or --base")
            if names.is_reserved(target.name):
                raise UsageError(f"<{target.name}> is reserved for tipgraph; choose another graph")
        graphs = [document.graph for document in documents]
        for document in documents:
            if self.base and graphs.count(document.graph) > 1:
                raise UsageError(
                    f"{document.file}: another file has the same graph <{document.graph}>;"
                    " rename one of them"
                )
        files_with_triples = {file for target in targets for file in target.files}
        for document in documents:
            if document.file not in files_with_triples:
                raise InputError(f"{document.file}: it contains no triples")


GraphSource = QuadSource | FileSource


@dataclass(frozen=True)
class _Document:
    """A file, the graph for its triples, and the scope that its blank nodes are unique in."""

    file: str
    graph: str
    scope: str


def _prefix_of(base: str) -> str:
    """Return what the names of the graphs below a base begin with."""
    return base if base.endswith(("/", "#")) else f"{base}/"


def _graph_below(base: str, name: str) -> str:
    """Return the graph of a file: the base, and the file's name without its extension."""
    stem = "stdin" if name == STANDARD_INPUT else splitext(name)[0]
    return _prefix_of(base) + quote(stem.replace("\\", "/"), errors="surrogateescape")


def _checked_iri(name: str) -> str:
    try:
        # Each store would resolve a relative IRI differently.
        if ":" not in name:
            raise ValueError
        return NamedNode(name).value
    except ValueError:
        raise UsageError(
            f"{name}: a graph's name must be an IRI such as https://example.org/g"
        ) from None


def _checked(quads: Iterable[Quad], file: str) -> Iterator[Quad]:
    """Yield the quads of a file unchanged.

    Raises InputError for a graph whose name is a blank node, which no query can name, and for what
    is new in RDF 1.2, which most stores refuse.
    """
    for quad in quads:
        if isinstance(quad.graph_name, BlankNode):
            raise InputError(f"{file}: a graph's name is a blank node; give it an IRI")
        if isinstance(quad.object, Literal) and quad.object.direction:
            raise InputError(
                f"{file}: has a literal with a direction (RDF 1.2), which most stores refuse"
            )
        yield quad
