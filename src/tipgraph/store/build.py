"""From files to one graph: ontology, data, and what the rules derive, made once and kept."""

import re
from collections.abc import Iterable, Sequence
from os.path import abspath, basename, dirname, isdir, splitext

from pyoxigraph import Quad, RdfFormat, Store

from tipgraph.errors import InputError
from tipgraph.namespaces import GRAPH, ONTOLOGY_GRAPH
from tipgraph.resources import cache, folders
from tipgraph.resources.folders import Resources
from tipgraph.store import disk

GRAPH_FILE = "graph.nq"
# Of compression: the highest takes more than twice as long, for two per cent less.
LEVEL = 6

# Modules that read files and run rules are imported where used: a prepared graph needs none.


def open_graph(resources: Resources, own: tuple[str, ...] = (), bundled: bool = True) -> Store:
    """The whole graph, from the cache where it is there; nothing may be added to it.

    `own` are paths of the user's RDF files, read beside the shipped data or, with
    `bundled=False`, instead of it. Raises InputError when a file is missing or broken.
    """
    name = key(resources, own, bundled)
    store = disk.opened(name)
    return disk.kept(name, _content(name, resources, own, bundled)) if store is None else store


def reopen_graph(resources: Resources, own: tuple[str, ...] = (), bundled: bool = True) -> Store:
    """The same, made again: what is in the cache is damaged."""
    disk.remove(key(resources, own, bundled))
    return open_graph(resources, own, bundled)


def key(resources: Resources, own: tuple[str, ...], bundled: bool) -> str:
    """Return the key of the graph in the cache. Raises InputError if a file cannot be read."""
    if bundled and not own:
        return resources.digest
    from tipgraph.rdf import files

    own_digest = folders.digest(file for path in own for file in files.rdf_files(path))
    return f"{resources.digest}-{own_digest}-{bundled:d}"


def _content(key: str, resources: Resources, own: tuple[str, ...], bundled: bool) -> bytes:
    if bundled and not own:
        return _shipped(resources)
    return cache.cached(key, GRAPH_FILE, lambda: make_graph(resources, own, bundled))


def _shipped(resources: Resources) -> bytes:
    """The canonical N-Quads of the shipped graph: from the wheel, or made once and compressed."""
    import gzip

    def kept() -> bytes:
        name = f"{GRAPH_FILE}.gz"
        return gzip.decompress(cache.cached(resources.digest, name, compressed))

    def compressed() -> bytes:
        return gzip.compress(make_graph(resources), LEVEL, mtime=0)

    # The entry is compressed already, so it is not cached uncompressed as well.
    return cache.prepared(resources, GRAPH_FILE, kept, largest=0)


def make_graph(resources: Resources, own: Sequence[str] = (), bundled: bool = True) -> bytes:
    """The same graph as N-Quads, made from the files."""
    from tipgraph.rdf.canonical import canonicalize

    store = make_store(resources, own, bundled)
    # The shipped file must be the same bytes. Nothing depends on the names of users' blank nodes.
    return nquads(store if own else canonicalize(store))


def make_store(resources: Resources, own: Sequence[str] = (), bundled: bool = True) -> Store:
    """The same graph in memory, made from the files."""
    from tipgraph.store.rules import derive, read_rule

    store = Store()
    if bundled:
        load_shipped(store, resources)
    else:
        load_ontology(store, resources)
    load_own(store, own)
    derive(store, map(read_rule, resources.completions()))
    derive(store, map(read_rule, resources.rules()))
    return store


def canonical(
    store: Store, resources: Resources, own: tuple[str, ...] = (), bundled: bool = True
) -> bytes:
    """The canonical N-Quads of a graph that `open_graph` opened, sorted.

    Raises InputError where the user's blank nodes cannot be named.
    """
    from tipgraph.rdf.canonical import canonicalize

    if bundled and not own:
        return _shipped(resources)
    # A store on disk has other names for blank nodes than the graph that it was made from.
    return nquads(canonicalize(store))


def in_memory(
    store: Store, resources: Resources, own: tuple[str, ...] = (), bundled: bool = True
) -> Store:
    """A copy in memory of a graph that `open_graph` opened."""
    copied = Store()
    if bundled and not own:
        # This takes a third of the time of reading it from disk.
        copied.load(_shipped(resources), RdfFormat.N_QUADS, lenient=True)
    else:
        copied.extend(store)
    return copied


def graph_digest(
    store: Store, resources: Resources, own: tuple[str, ...] = (), bundled: bool = True
) -> str:
    """The SHA-256 of the canonical N-Quads of a graph that `open_graph` opened, made once.

    It is the same in a checkout and in a wheel, and empty where the user's blank nodes cannot be
    named.
    """

    def make() -> bytes:
        from hashlib import sha256

        return sha256(canonical(store, resources, own, bundled)).hexdigest().encode()

    try:
        return cache.cached(key(resources, own, bundled), "sha256", make).decode()
    except InputError:
        return ""


def load_shipped(store: Store, resources: Resources) -> None:
    """Load ontology and data into the store, each file into its graph."""
    from tipgraph.rdf import files

    for file, graph in resources.graphs():
        store.extend(files.read(file, graph))


def load_ontology(store: Store, resources: Resources) -> None:
    """Load the ontology alone into the store."""
    from tipgraph.rdf import files

    for file in resources.ontology():
        store.extend(files.read(file, ONTOLOGY_GRAPH))


def load_own(store: Store, paths: Iterable[str]) -> None:
    """Load the user's files, each into a graph of its name; a triple that is there is skipped."""
    from tipgraph.rdf import files

    for path in paths:
        for file in files.rdf_files(path):
            # The files of an edition are in one folder, and so in one graph.
            named = dirname(abspath(file)) if isdir(path) else splitext(abspath(file))[0]
            graph = GRAPH + re.sub(r"[^\w.-]", "-", basename(named))
            store.extend(quad for quad in list(files.read(file, graph)) if not _has(store, quad))


def _has(store: Store, quad: Quad) -> bool:
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
    return next(iter(found), None) is not None


def nquads(quads: Iterable[Quad]) -> bytes:
    """The quads as sorted N-Quads."""
    return b"".join(sorted(f"{quad} .\n".encode() for quad in quads))
