"""All graphs as one: ontology, data, and what the rules derive, made once and kept."""

from collections.abc import Iterable

from pyoxigraph import Store

from tipgraph.resources import cache, folders
from tipgraph.resources.folders import Resources


def whole(resources: Resources, own: tuple[str, ...] = (), bundled: bool = True) -> bytes:
    """Everything as N-Quads, as prepared or cached when it can be; `own` are one's own files.

    Raises InputError when a file is missing or broken.
    """
    if bundled and not own:
        return cache.prepared(resources, "graph.nq", lambda: make_graph(resources))
    from tipgraph.rdf.files import rdf_files

    own_digest = folders.digest(file for path in own for file in rdf_files(path))
    key = f"{resources.digest}-{own_digest}-{bundled:d}"
    return cache.cached(key, "graph.nq", lambda: make_graph(resources, own, bundled))


def make_graph(resources: Resources, own: Iterable[str] = (), bundled: bool = True) -> bytes:
    """Everything as N-Quads: ontology, data, and what the rules derive."""
    from tipgraph.rdf import files
    from tipgraph.store.rules import derive, read_rule

    store = Store()
    if bundled:
        files.load_shipped(store, resources)
    else:
        files.load_ontology(store, resources)
    files.load_own(store, own)
    derive(store, map(read_rule, resources.rules()))
    return files.to_bytes(store)
