"""The description of the dataset in VoID, with the numbers of each of its graphs."""

from collections.abc import Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.explorer.http import SYNTAXES, Content, PageRequest, rdf_content
from tipgraph.explorer.site import Site
from tipgraph.export.catalog import DESCRIPTION, TITLE
from tipgraph.export.graph import graph_names, serialize_quads
from tipgraph.export.void import TYPE, describe, english, statistics, term
from tipgraph.namespaces import OURS

WELL_KNOWN = OURS + ".well-known/void"


def description(site: Site, request: PageRequest) -> Content:
    """The description in a syntax of RDF, Turtle where a browser asks."""
    syntax = request.format if request.format in SYNTAXES else "turtle"
    text = serialize_quads(_quads(site), syntax, site.graph.resources)
    return rdf_content(text, syntax)


# All syntaxes have the same quads, of a graph to which nothing is added.
@lru_cache(maxsize=1)
def _quads(site: Site) -> tuple[Quad, ...]:
    return tuple(_described(site))


def _described(site: Site) -> Iterator[Quad]:
    store = site.engine.store
    names = graph_names(store)
    yield Quad(NamedNode(WELL_KNOWN), TYPE, term("void:DatasetDescription"))
    yield from describe(WELL_KNOWN, {"foaf:primaryTopic": [NamedNode(OURS)]})
    yield Quad(NamedNode(OURS), TYPE, term("void:Dataset"))
    yield from describe(
        OURS,
        {
            "dcterms:title": [english(TITLE)],
            "dcterms:description": [english(DESCRIPTION)],
            "void:sparqlEndpoint": [NamedNode(OURS + "sparql")],
            "void:uriSpace": [Literal(OURS)],
            "void:triples": [Literal(len(store))],
            "void:subset": list(map(NamedNode, names)),
        },
    )
    for name in names:
        yield Quad(NamedNode(name), TYPE, term("void:Dataset"))
        content = store.quads_for_pattern(None, None, None, NamedNode(name))
        yield from statistics(name, list(content))
