"""Files into the rdflib graphs that pySHACL reads, by way of pyoxigraph's stricter parser."""

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import IdentifiedNode

from tipgraph import dataset
from tipgraph.vocabulary import PREFIXES, XSD


def merged(paths: Iterable[str]) -> Graph:
    """All triples of the files and folders in one graph, whatever graph they are in there.

    Raises InputError when one cannot be read.
    """
    graph = Graph(bind_namespaces="none")
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    for path in paths:
        for file in dataset.rdf_files(path):
            for quad in dataset.read(file, "urn:tipgraph:merged"):
                graph.add((_node(quad.subject), _node(quad.predicate), _term(quad.object)))
    return graph


def _term(term: object) -> IdentifiedNode | Literal:
    if not isinstance(term, ox.Literal):
        return _node(term)
    if term.language:
        return Literal(term.value, lang=term.language)
    # rdflib holds a plain string for another term than one that is typed as xsd:string.
    kind = None if term.datatype.value == XSD + "string" else URIRef(term.datatype.value)
    return Literal(term.value, datatype=kind, normalize=False)


def _node(term: object) -> IdentifiedNode:
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.NamedNode)
    return URIRef(term.value)
