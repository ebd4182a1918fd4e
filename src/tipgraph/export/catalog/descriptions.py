"""Descriptions in RDF: a quad for each value of a property, without blank nodes."""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.export.graph import KNOWN_PREFIXES
from tipgraph.rdf.terms import Term

# Concepts of controlled vocabularies of the EU.
AUTHORITY = "http://publications.europa.eu/resource/authority/"
# Values by the prefixed name of the property.
Properties = Mapping[str, Iterable[Term]]


def describe(subject: str, properties: Properties) -> Iterator[Quad]:
    """A quad of the default graph for each value of each property."""
    for name, values in properties.items():
        for value in values:
            yield Quad(NamedNode(subject), term(name), value)


def term(name: str) -> NamedNode:
    """The IRI of a prefixed name."""
    prefix, _, local = name.partition(":")
    return NamedNode(KNOWN_PREFIXES[prefix] + local)


def english(text: str) -> Literal:
    """The text, marked as English."""
    return Literal(text, language="en")


def part(iri: str, name: str) -> str:
    """An IRI for a part of what the IRI names, so that a description has no blank nodes."""
    return f"{iri}{'-' if '#' in iri else '#'}{name}"
