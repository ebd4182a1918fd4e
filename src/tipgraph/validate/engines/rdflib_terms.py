"""Terms of pyoxigraph as those of rdflib, and back."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from tipgraph.namespaces import XSD
from tipgraph.validate.literals import is_ill_typed

XSD_STRING = XSD + "string"


def add_triples(graph: Graph, triples: Iterable[ox.Triple]) -> Graph:
    """The graph, after pyoxigraph's triples are added; blank nodes keep their labels."""
    terms = _TermCache()
    for triple in triples:
        graph.add((terms[triple.subject], terms[triple.predicate], terms[triple.object]))
    return graph


def to_triples(graph: Graph) -> Iterator[ox.Triple]:
    """The graph's triples in pyoxigraph's types; blank nodes keep their labels."""
    for subject, predicate, value in graph:
        yield ox.Triple(from_rdflib(subject), from_rdflib(predicate), from_rdflib(value))


class _TermCache(dict[object, Node]):
    """rdflib's term for each pyoxigraph term, created once."""

    def __missing__(self, term: object) -> Node:
        found = self[term] = to_rdflib(term)
        return found


def to_rdflib(term: object) -> Node:
    """rdflib's term for one of pyoxigraph."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return Literal(term.value, lang=term.language)
    # rdflib distinguishes a plain string from one typed as xsd:string.
    iri = term.datatype.value
    datatype = None if iri == XSD_STRING else URIRef(iri)
    literal = Literal(term.value, datatype=datatype, normalize=False)
    if str(literal) != term.value:
        # rdflib shortens the white space of xsd:token and xsd:normalizedString.
        literal = Literal(term.value)
        literal._datatype = datatype
    # rdflib takes NaN for a decimal, a date for a dateTime, and anything for a year.
    if is_ill_typed(term.value, iri):
        literal._ill_typed = True
    return literal


def from_rdflib(term: Node) -> Any:
    """pyoxigraph's term for one of rdflib."""
    if isinstance(term, URIRef):
        return ox.NamedNode(term)
    if isinstance(term, BNode):
        return ox.BlankNode(term)
    assert isinstance(term, Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(term.datatype or XSD_STRING))
