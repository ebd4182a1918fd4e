"""All graphs as one: ontology, data, and what the rules derive, made once and kept."""

from collections.abc import Iterable

from pyoxigraph import Store

from tipgraph import bundle as bundles
from tipgraph import cache
from tipgraph.bundle import Bundle


def whole(bundle: Bundle, own: tuple[str, ...] = (), bundled: bool = True) -> bytes:
    """Everything as N-Quads, as prepared or cached when it can be; `own` are one's own files.

    Raises InputError when a file is missing or broken.
    """
    if bundled and not own:
        return cache.prepared(bundle, "graph.nq", lambda: make_graph(bundle))
    from tipgraph.dataset import rdf_files

    own_digest = bundles.digest(file for path in own for file in rdf_files(path))
    key = f"{bundle.digest}-{own_digest}-{bundled:d}"
    return cache.cached(key, "graph.nq", lambda: make_graph(bundle, own, bundled))


def make_graph(bundle: Bundle, own: Iterable[str] = (), bundled: bool = True) -> bytes:
    """Everything as N-Quads: ontology, data, and what the rules derive."""
    from tipgraph import dataset
    from tipgraph.rules import derive, read_rule

    store = Store()
    if bundled:
        dataset.load_shipped(store, bundle)
    else:
        dataset.load_ontology(store, bundle)
    dataset.load_own(store, own)
    derive(store, map(read_rule, bundle.rules()))
    return dataset.to_bytes(store)
