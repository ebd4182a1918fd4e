"""The named graphs as they are to be: the shipped ones, or those of people's own files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from os.path import basename, isdir, relpath, splitext
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from tipgraph.errors import InputError, UsageError
from tipgraph.loader.skolemize import canonical, checked, skolemised
from tipgraph.loader.sorted_ntriples import Spool, spool
from tipgraph.namespaces import DERIVED_GRAPH, GRAPH, LEDGER_GRAPH, SHAPES_GRAPH, STAGING
from tipgraph.rdf.files import STANDARD_INPUT, rdf_files, read
from tipgraph.resources.folders import Resources
from tipgraph.store.build import whole

# Stands for the graph without a name until it is known whether anything is in it.
NAMELESS = GRAPH + "nameless"


@dataclass(frozen=True)
class Wanted:
    """A named graph as it is to be: its name, its content, and the files that this is from."""

    graph: str
    content: Spool
    files: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A file, the graph it goes to, and what tells its blank nodes from those of others."""

    file: str
    graph: str
    scope: str


def shipped(resources: Resources, folder: str) -> list[Wanted]:
    """Ontology, shapes, each source's graph, and what the rules derive.

    Their content is put into files in the folder.
    """
    files: dict[str, list[str]] = {
        SHAPES_GRAPH: resources.shapes(),
        DERIVED_GRAPH: resources.rules(),
    }
    for file, graph in resources.graphs():
        files.setdefault(graph, []).append(file)
    shapes = chain.from_iterable(read(file, SHAPES_GRAPH) for file in resources.shapes())
    quads = canonical(chain(parse(whole(resources), format=RdfFormat.N_QUADS), shapes))
    return [
        Wanted(graph, content, tuple(relpath(file, resources.root) for file in files[graph]))
        for graph, content in spool(quads, folder).items()
    ]


def own(
    paths: Iterable[str],
    folder: str,
    graph: str | None = None,
    base: str | None = None,
    syntax: RdfFormat = RdfFormat.TRIG,
) -> list[Wanted]:
    """What is in people's own files: in `graph`, or for each file in a graph below `base`.

    Quads that name their graph stay in it. `syntax` is that of standard input. Raises UsageError
    when a graph's name is missing or cannot be, InputError when a file cannot be read or is empty.
    """
    documents = _documents(paths, graph, base)
    sources: dict[str, dict[str, None]] = {}

    def quads() -> Iterator[Quad]:
        for document in documents:
            raw = checked(read(document.file, document.graph, syntax), document.file)
            for quad in skolemised(raw, document.scope):
                sources.setdefault(str(quad.graph_name), {})[document.file] = None
                yield quad

    wanted = [
        Wanted(name, content, tuple(sources[f"<{name}>"]))
        for name, content in spool(quads(), folder).items()
    ]
    _check(documents, wanted, base)
    return wanted


def _documents(paths: Iterable[str], graph: str | None, base: str | None) -> list[Document]:
    documents: list[Document] = []
    names: list[str] = []
    for path in paths:
        for file in [path] if path == STANDARD_INPUT else rdf_files(path):
            name = relpath(file, path) if isdir(path) else basename(file)
            target = graph or (_below(base, name) if base else NAMELESS)
            scope = f"{target} {name} {names.count(name)}"
            names.append(name)
            documents.append(Document(file, _iri(target), scope))
    return documents


def prefix_of(base: str) -> str:
    """What the names of the graphs below a base begin with."""
    return base if base.endswith(("/", "#")) else f"{base}/"


def _below(base: str, name: str) -> str:
    """The graph of a file: the base, and the file's name without its ending."""
    stem = "stdin" if name == STANDARD_INPUT else splitext(name)[0]
    return prefix_of(base) + quote(stem.replace("\\", "/"))


def _iri(name: str) -> str:
    try:
        # A relative name would be another one in every store.
        if ":" not in name:
            raise ValueError
        return NamedNode(name).value
    except ValueError:
        raise UsageError(
            f"{name}: a graph's name is an IRI such as https://example.org/g"
        ) from None


def _check(documents: Iterable[Document], wanted: Iterable[Wanted], base: str | None) -> None:
    for each in wanted:
        if each.graph == NAMELESS:
            files = ", ".join(each.files)
            raise UsageError(f"{files}: say with --graph or --base in which graph to put it")
        if each.graph == LEDGER_GRAPH or each.graph.startswith(STAGING):
            raise UsageError(f"<{each.graph}> is where tipgraph keeps notes; choose another graph")
    targets = [document.graph for document in documents]
    for document in documents:
        if base and targets.count(document.graph) > 1:
            raise UsageError(f"{document.file}: another file too would go to <{document.graph}>")
    read_from = {file for each in wanted for file in each.files}
    for document in documents:
        if document.file not in read_from:
            raise InputError(f"{document.file}: there is no triple in it")
