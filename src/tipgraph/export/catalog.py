"""The catalogue: what the graph contains, in DCAT 3 and VoID, counted from the graph itself."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.export.graph import KNOWN_PREFIXES, graph_names
from tipgraph.lookup import entities
from tipgraph.lookup.editions import Edition, editions
from tipgraph.namespaces import DERIVED_GRAPH, ONTOLOGY_GRAPH, OURS, RDF, last_part, shorten
from tipgraph.rdf.terms import Term
from tipgraph.store.engine import Embedded
from tipgraph.version import VERSION

CATALOG = OURS + "catalog"
TITLE = "tipgraph"
DESCRIPTION = (
    "A sourced knowledge graph of how states protect victims of human trafficking:"
    " each statement with its sentence, its speaker and its caveats."
)
PUBLISHER = "The tipgraph contributors"
# Title and description of the graphs that come from no source.
OWN_GRAPHS = {
    ONTOLOGY_GRAPH: (
        "tipgraph: ontology",
        "The classes, properties and code lists that the other graphs use.",
    ),
    DERIVED_GRAPH: (
        "tipgraph: derived",
        "What rules derive from the statements of other graphs; no source states it.",
    ),
}
FORMAT = "http://www.w3.org/ns/formats/"
FORMATS = ("Turtle", "TriG", "N-Triples", "N-Quads", "JSON-LD")
# Properties of an edition or a series that the catalogue copies.
COPIED = (
    *("dcterms:identifier", "dcterms:publisher", "dcterms:spatial"),
    *("dcat:inSeries", "dcat:landingPage"),
)
TYPE = NamedNode(RDF + "type")

# Values by the prefixed name of the property.
Properties = Mapping[str, Iterable[Term]]


def catalog(engine: Embedded) -> list[Quad]:
    """The catalogue of the graph, with each named graph as a dataset; no blank nodes.

    `export.graph.serialize_quads` writes it.
    """
    return list(_Catalog(engine).quads())


class _Catalog:
    """Collects the catalogue of one store."""

    def __init__(self, engine: Embedded) -> None:
        self._engine = engine
        self._graphs = {
            name: list(engine.store.quads_for_pattern(None, None, None, NamedNode(name)))
            for name in graph_names(engine.store)
        }
        self._editions = editions(engine)
        series = engine.select("SELECT DISTINCT ?series { ?series a tip:EditionSeries }")
        self._series = entities.labels(engine, map(str, series.column("series")))

    def quads(self) -> Iterator[Quad]:
        """All quads of the catalogue."""
        yield from self._catalog()
        for name, content in self._graphs.items():
            yield from self._graph(name, content)
        for edition in self._editions.values():
            yield from self._source(
                edition.iri, "dcat:Dataset", edition.label, self._description(edition)
            )
        for iri, label in self._series.items():
            yield from self._source(iri, "dcat:DatasetSeries", label, f"The issues of {label}.")

    def _catalog(self) -> Iterator[Quad]:
        publisher, graphs = f"{CATALOG}#publisher", [NamedNode(name) for name in self._graphs]
        properties: Properties = {
            "rdf:type": [_term("dcat:Catalog"), _term("void:Dataset")],
            "dcterms:title": [_english(TITLE)],
            "dcterms:description": [_english(DESCRIPTION)],
            "dcterms:publisher": [NamedNode(publisher)],
            "dcterms:license": self._licences(ONTOLOGY_GRAPH),
            "dcat:version": [Literal(VERSION)],
            "dcat:dataset": graphs,
            "void:subset": graphs,
            "void:feature": [NamedNode(FORMAT + name) for name in FORMATS],
            "void:triples": [Literal(sum(map(len, self._graphs.values())))],
        }
        yield from _describe(CATALOG, properties)
        yield from _agent(publisher, PUBLISHER)

    def _graph(self, name: str, content: Sequence[Quad]) -> Iterator[Quad]:
        """A named graph as a dataset: its title, its origin and its statistics."""
        editions = self._editions_in(name)
        title, description = self._title(name, content, editions)
        properties: Properties = {
            "rdf:type": [_term("dcat:Dataset"), _term("void:Dataset"), _term("sd:NamedGraph")],
            "sd:name": [NamedNode(name)],
            "dcterms:identifier": [Literal(last_part(name))],
            "dcterms:title": [_english(title)],
            "dcterms:description": [_english(description)],
            "dcterms:license": self._licences(name),
            "dcterms:issued": self._objects(name, "dcterms:issued"),
            "dcterms:modified": self._objects(name, "dcterms:modified"),
            "dcterms:source": [NamedNode(edition.iri) for edition in editions],
            "prov:wasDerivedFrom": self._origins(name, content),
        }
        yield from _describe(name, properties)
        yield from _statistics(name, content)

    def _source(self, iri: str, class_: str, title: str, description: str) -> Iterator[Quad]:
        """An edition or a series: a dataset of others, from which ours are derived."""
        copied = {name: self._objects(iri, name) for name in COPIED}
        properties: Properties = {
            "rdf:type": [_term(class_)],
            "dcterms:title": [_english(title)],
            "dcterms:description": [_english(description)],
        }
        yield from _describe(iri, {**properties, **copied})
        for publisher in copied["dcterms:publisher"]:
            if isinstance(publisher, NamedNode):
                yield from _agent(publisher.value, entities.label(self._engine, publisher.value))

    def _title(
        self, name: str, content: Sequence[Quad], editions: Sequence[Edition]
    ) -> tuple[str, str]:
        """Title and description of a graph."""
        if name in OWN_GRAPHS:
            return OWN_GRAPHS[name]
        if not editions:
            return (
                f"tipgraph: {last_part(name)}",
                f"Resources of these classes: {self._class_names(content)}.",
            )
        title = ", ".join(edition.label for edition in editions)
        return f"Statements of {title}", " ".join(map(self._description, editions))

    def _description(self, edition: Edition) -> str:
        section = f" in the section {edition.section}" if edition.section else ""
        coverage = ""
        if edition.coverage:
            coverage = f"; coverage: {entities.label(self._engine, edition.coverage)}"
        return f"What {edition.label} states{section}{coverage}."

    def _class_names(self, content: Sequence[Quad]) -> str:
        """The classes in a graph, those of most resources first."""
        counts = _class_counts(content)
        labels = entities.labels(self._engine, counts)
        ordered = sorted(counts, key=lambda iri: (-counts[iri], iri))
        return ", ".join(labels.get(iri) or shorten(iri) for iri in ordered) or "none"

    def _origins(self, name: str, content: Sequence[Quad]) -> set[NamedNode]:
        """The other graphs that describe what resources of this one are derived from."""
        store, derived = self._engine.store, _term("prov:wasDerivedFrom")
        origins = {quad.object for quad in content if quad.predicate == derived}
        quads = (
            quad
            for origin in origins
            if isinstance(origin, NamedNode)
            for quad in store.quads_for_pattern(origin, None, None)
        )
        graphs = {quad.graph_name for quad in quads} - {NamedNode(name)}
        return {each for each in graphs if isinstance(each, NamedNode)}

    def _editions_in(self, name: str) -> list[Edition]:
        store, graph, class_ = self._engine.store, NamedNode(name), _term("tip:Edition")
        return [
            edition
            for edition in self._editions.values()
            if Quad(NamedNode(edition.iri), TYPE, class_, graph) in store
        ]

    def _licences(self, name: str) -> set[NamedNode | Literal]:
        """The licences that the data state for a graph, or for the ontologies in it."""
        store, graph = self._engine.store, NamedNode(name)
        found = store.quads_for_pattern(None, TYPE, _term("owl:Ontology"), graph)
        ontologies = [each.subject.value for each in found if isinstance(each.subject, NamedNode)]
        return {
            licence
            for subject in (name, *ontologies)
            for licence in self._objects(subject, "dcterms:license")
        }

    def _objects(self, subject: str, property_: str) -> list[NamedNode | Literal]:
        quads = self._engine.store.quads_for_pattern(NamedNode(subject), _term(property_), None)
        return [each.object for each in quads if isinstance(each.object, NamedNode | Literal)]


def _statistics(name: str, content: Sequence[Quad]) -> Iterator[Quad]:
    """The statistics of a graph in VoID, its partitions by class and property, and an example."""
    subjects = Counter(quad.subject for quad in content)
    properties = Counter(quad.predicate.value for quad in content)
    classes = _class_counts(content)
    statistics: Properties = {
        "void:triples": [Literal(len(content))],
        "void:distinctSubjects": [Literal(len(subjects))],
        "void:distinctObjects": [Literal(len({quad.object for quad in content}))],
        "void:properties": [Literal(len(properties))],
        "void:classes": [Literal(len(classes))],
        "void:vocabulary": {NamedNode(_vocabulary(iri)) for iri in (*properties, *classes)},
        "void:exampleResource": _most_described(subjects),
    }
    yield from _describe(name, statistics)
    yield from _partitions(name, "class", classes, "void:entities")
    yield from _partitions(name, "property", properties, "void:triples")


def _class_counts(content: Iterable[Quad]) -> Counter[str]:
    """How many resources of a graph have each class."""
    classes = (quad.object for quad in content if quad.predicate == TYPE)
    return Counter(class_.value for class_ in classes if isinstance(class_, NamedNode))


def _partitions(name: str, kind: str, counts: Mapping[str, int], property_: str) -> Iterator[Quad]:
    """The partitions of a graph; each has an IRI, so that there are no blank nodes."""
    separator = "-" if "#" in name else "#"
    for iri, count in counts.items():
        part = f"{name}{separator}{kind}-{quote(shorten(iri), safe=':')}"
        yield from _describe(name, {f"void:{kind}Partition": [NamedNode(part)]})
        yield from _describe(part, {f"void:{kind}": [NamedNode(iri)], property_: [Literal(count)]})


def _vocabulary(iri: str) -> str:
    """The namespace of a class or property."""
    fitting = [start for start in KNOWN_PREFIXES.values() if iri.startswith(start)]
    return max(fitting, key=len, default=re.sub(r"[^/#:]*$", "", iri))


def _most_described(subjects: Mapping[Any, int]) -> list[NamedNode]:
    named = [each for each in subjects if isinstance(each, NamedNode)]
    return sorted(named, key=lambda each: (-subjects[each], each.value))[:1]


def _describe(subject: str, properties: Properties) -> Iterator[Quad]:
    for name, values in properties.items():
        for value in values:
            yield Quad(NamedNode(subject), _term(name), value)


def _term(name: str) -> NamedNode:
    """The IRI of a prefixed name."""
    prefix, _, local = name.partition(":")
    return NamedNode(KNOWN_PREFIXES[prefix] + local)


def _agent(iri: str, name: str) -> Iterator[Quad]:
    return _describe(iri, {"rdf:type": [_term("foaf:Agent")], "foaf:name": [Literal(name)]})


def _english(text: str) -> Literal:
    return Literal(text, language="en")
