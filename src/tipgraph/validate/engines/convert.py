"""Between the triples of pyoxigraph and the graphs of rdflib; blank nodes keep their labels."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from tipgraph.namespaces import XSD

STRING = XSD + "string"


def fill(graph: Graph, triples: Iterable[ox.Triple]) -> Graph:
    """The graph, with these triples added."""
    terms = _Terms()
    for triple in triples:
        graph.add((terms[triple.subject], terms[triple.predicate], terms[triple.object]))
    return graph


class _Terms(dict[object, Node]):
    """rdflib's term for each of pyoxigraph's; those that come again are not made again."""

    def __missing__(self, term: object) -> Node:
        found = self[term] = _term(term)
        return found


def _term(term: object) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return Literal(term.value, lang=term.language)
    # rdflib holds a plain string for another term than one that is typed as xsd:string.
    kind = term.datatype.value
    return Literal(term.value, datatype=None if kind == STRING else URIRef(kind), normalize=False)


def triples(graph: Graph) -> Iterator[ox.Triple]:
    """The graph's triples."""
    for subject, predicate, value in graph:
        yield ox.Triple(_back(subject), _back(predicate), _back(value))


def _back(term: Node) -> Any:
    if isinstance(term, URIRef):
        return ox.NamedNode(term)
    if isinstance(term, BNode):
        return ox.BlankNode(term)
    assert isinstance(term, Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(term.datatype or STRING))
