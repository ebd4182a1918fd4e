"""Descriptions in RDF: statistics and links of a graph in VoID, and the stored queries in SHACL."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.export.graph import KNOWN_PREFIXES
from tipgraph.namespaces import OURS, RDF, shorten
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.rdf.terms import Term

TYPE = NamedNode(RDF + "type")
TITLE = "tipgraph"
DESCRIPTION = (
    "A sourced knowledge graph of how states protect victims of human trafficking:"
    " each statement with its sentence, its speaker and its caveats."
)
# The graph as one dataset; its parts are the named graphs.
DATASET = OURS + "#dataset"
# Of our data: ontology, shapes, queries, and statements in our words.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# Concepts of controlled vocabularies of the EU.
AUTHORITY = "http://publications.europa.eu/resource/authority/"
# Values by the prefixed name of the property.
Properties = Mapping[str, Iterable[Term]]


def linksets(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The links of our resources to each table of the EU, by property, with their number."""
    counts = Counter(
        (quad.object.value.removeprefix(AUTHORITY).partition("/")[0], quad.predicate.value)
        for quad in quads
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(AUTHORITY)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(OURS)
    )
    for (table, predicate), count in sorted(counts.items()):
        links = part(OURS, f"links-{table}-{quote(shorten(predicate), safe=':')}")
        yield from describe(DATASET, {"void:subset": [NamedNode(links)]})
        yield from describe(
            links,
            {
                "rdf:type": [term("void:Linkset")],
                "void:subjectsTarget": [NamedNode(DATASET)],
                "void:objectsTarget": [NamedNode(AUTHORITY + table)],
                "void:linkPredicate": [NamedNode(predicate)],
                "void:triples": [Literal(count)],
            },
        )


def statistics(name: str, content: Sequence[Quad]) -> Iterator[Quad]:
    """Its numbers, its partitions by class and property, and an example."""
    subjects = Counter(quad.subject for quad in content)
    properties = Counter(quad.predicate.value for quad in content)
    classes = class_counts(content)
    numbers: Properties = {
        "void:triples": [Literal(len(content))],
        "void:distinctSubjects": [Literal(len(subjects))],
        "void:distinctObjects": [Literal(len({quad.object for quad in content}))],
        "void:properties": [Literal(len(properties))],
        "void:classes": [Literal(len(classes))],
        "void:vocabulary": {NamedNode(_vocabulary(iri)) for iri in (*properties, *classes)},
        "void:exampleResource": _most_described(subjects),
    }
    yield from describe(name, numbers)
    yield from _partitions(name, "class", classes, "void:entities")
    yield from _partitions(name, "property", properties, "void:triples")


def class_counts(content: Iterable[Quad]) -> Counter[str]:
    """Count the resources of a graph by class."""
    classes = (quad.object for quad in content if quad.predicate == TYPE)
    return Counter(class_.value for class_ in classes if isinstance(class_, NamedNode))


def _partitions(name: str, kind: str, counts: Mapping[str, int], property_: str) -> Iterator[Quad]:
    for iri, count in counts.items():
        partition = part(name, f"{kind}-{quote(shorten(iri), safe=':')}")
        yield from describe(name, {f"void:{kind}Partition": [NamedNode(partition)]})
        yield from describe(
            partition, {f"void:{kind}": [NamedNode(iri)], property_: [Literal(count)]}
        )


def _vocabulary(iri: str) -> str:
    """The namespace of a class or property."""
    fitting = [start for start in KNOWN_PREFIXES.values() if iri.startswith(start)]
    return max(fitting, key=len, default=re.sub(r"[^/#:]*$", "", iri))


def _most_described(subjects: Mapping[Any, int]) -> list[NamedNode]:
    named = [each for each in subjects if isinstance(each, NamedNode)]
    return sorted(named, key=lambda each: (-subjects[each], each.value))[:1]


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


# The lines of front matter, which the other properties have.
HEADER = re.compile(r"^#\+.*\n", re.MULTILINE)
# The class of a query by its form, and the property that has its text.
FORMS = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
}


def executables(queries: Iterable[StoredQuery]) -> Iterator[Quad]:
    """Each query with its question, its text, and the theme that it belongs to."""
    for query in queries:
        class_, text = FORMS[query.form]
        properties: Properties = {
            "rdf:type": [term("sh:SPARQLExecutable"), term(class_)],
            "rdfs:label": [english(query.summary)],
            "rdfs:comment": map(english, filter(None, [query.question, query.description])),
            text: [Literal(re.sub(HEADER, "", query.text).strip())],
            "dcat:keyword": [english(each) for each in query.tags],
            "dcterms:identifier": [Literal(query.name)],
            "dcterms:license": [NamedNode(LICENCE)],
            "dcterms:isPartOf": [NamedNode(DATASET)],
        }
        yield from describe(f"{OURS}query/{query.name}", properties)
