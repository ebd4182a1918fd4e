"""What the graph holds, as DCAT 3 and VoID describe it, counted from the graph itself."""

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.export import syntaxes
from tipgraph.export.graph import graph_names
from tipgraph.export.statements import Facts
from tipgraph.export.void import TYPE, Said, classes, counted, described, term
from tipgraph.graph import LocalGraph
from tipgraph.lookup import entities
from tipgraph.namespaces import DERIVED_GRAPH, ONTOLOGY_GRAPH, OURS, last_part, shorten
from tipgraph.store.embedded import Embedded
from tipgraph.version import VERSION

CATALOG = OURS + "catalog"
TITLE = "tipgraph"
DESCRIPTION = (
    "A sourced knowledge graph of how states protect victims of human trafficking:"
    " each statement with its sentence, its speaker and its caveat."
)
PUBLISHER = "The tipgraph contributors"
# The graphs that are no source's: what they are called, and what they hold.
OWN = {
    ONTOLOGY_GRAPH: (
        "tipgraph: ontology",
        "The classes, properties and code lists in whose terms the other graphs speak.",
    ),
    DERIVED_GRAPH: (
        "tipgraph: derived",
        "What rules conclude from the statements of other graphs; no source says so.",
    ),
}
FORMAT = "http://www.w3.org/ns/formats/"
FORMATS = ("Turtle", "TriG", "N-Triples", "N-Quads", "JSON-LD")
SOURCE = {"label": "rdfs:label", "section": "tip:section", "coverage": "tip:coverage"}
# What the data say of an edition or of a series in these terms is taken over.
KEPT = (
    *("dcterms:identifier", "dcterms:publisher", "dcterms:spatial"),
    *("dcat:inSeries", "dcat:landingPage"),
)


def catalog(graph: LocalGraph, style: str = "turtle") -> str:
    """The catalogue of the graph in a style of SYNTAXES, with each named graph as a dataset.

    The same graph gives the same text. Raises InputError for what JSON-LD cannot hold.
    """
    return syntaxes.text(_Catalog(graph.engine).quads(), style, graph.resources)


class _Catalog:
    """The catalogue of the graph behind an engine."""

    def __init__(self, engine: Embedded) -> None:
        self._engine = engine
        self._held = {
            name: list(engine.store.quads_for_pattern(None, None, None, NamedNode(name)))
            for name in graph_names(engine.store)
        }
        self._editions = Facts(engine, "tip:Edition", SOURCE)
        self._series = Facts(engine, "tip:EditionSeries", SOURCE)

    def quads(self) -> Iterator[Quad]:
        """All that the catalogue says."""
        yield from self._whole()
        for name, held in self._held.items():
            yield from self._graph(name, held)
        for edition in self._editions:
            yield from self._source(edition, "dcat:Dataset", *self._of_edition(edition))
        for series in self._series:
            label = self._series.first(series, "label")
            yield from self._source(series, "dcat:DatasetSeries", label, f"The issues of {label}.")

    def _whole(self) -> Iterator[Quad]:
        publisher, graphs = f"{CATALOG}#publisher", [NamedNode(name) for name in self._held]
        said: Said = {
            "rdf:type": [term("dcat:Catalog"), term("void:Dataset")],
            "dcterms:title": [_english(TITLE)],
            "dcterms:description": [_english(DESCRIPTION)],
            "dcterms:publisher": [NamedNode(publisher)],
            "dcterms:license": self._licences(ONTOLOGY_GRAPH),
            "dcat:version": [Literal(VERSION)],
            "dcat:dataset": graphs,
            "void:subset": graphs,
            "void:feature": [NamedNode(FORMAT + name) for name in FORMATS],
            "void:triples": [Literal(sum(map(len, self._held.values())))],
        }
        yield from described(CATALOG, said)
        yield from _agent(publisher, PUBLISHER)

    def _graph(self, name: str, held: Sequence[Quad]) -> Iterator[Quad]:
        """A named graph as a dataset: what it is, where it is from, and how much is in it."""
        editions = self._editions_in(name)
        title, description = self._words(name, held, editions)
        said: Said = {
            "rdf:type": [term("dcat:Dataset"), term("void:Dataset"), term("sd:NamedGraph")],
            "sd:name": [NamedNode(name)],
            "dcterms:identifier": [Literal(last_part(name))],
            "dcterms:title": [_english(title)],
            "dcterms:description": [_english(description)],
            "dcterms:license": self._licences(name),
            "dcterms:issued": self._objects(name, "dcterms:issued"),
            "dcterms:modified": self._objects(name, "dcterms:modified"),
            "dcterms:source": [NamedNode(edition) for edition in editions],
            "prov:wasDerivedFrom": self._origins(name, held),
        }
        yield from described(name, said)
        yield from counted(name, held)

    def _source(self, iri: str, kind: str, title: str, description: str) -> Iterator[Quad]:
        """An edition or a series: none of our datasets, but what one of them is drawn from."""
        kept = {name: self._objects(iri, name) for name in KEPT}
        said: Said = {
            "rdf:type": [term(kind)],
            "dcterms:title": [_english(title)],
            "dcterms:description": [_english(description)],
        }
        yield from described(iri, {**said, **kept})
        for publisher in kept["dcterms:publisher"]:
            if isinstance(publisher, NamedNode):
                yield from _agent(publisher.value, entities.label(self._engine, publisher.value))

    def _words(self, name: str, held: Sequence[Quad], editions: Sequence[str]) -> tuple[str, str]:
        """What a graph is called, and what it holds in a sentence or more."""
        if name in OWN:
            return OWN[name]
        if not editions:
            return f"tipgraph: {last_part(name)}", f"Nodes of these kinds: {self._kinds(held)}."
        told = [self._of_edition(edition) for edition in editions]
        title = ", ".join(label for label, _ in told)
        return f"Statements of {title}", " ".join(sentence for _, sentence in told)

    def _of_edition(self, edition: str) -> tuple[str, str]:
        label = self._editions.first(edition, "label") or last_part(edition)
        section = self._editions.text(edition, "section")
        coverage = self._editions.text(edition, "coverage")
        where = f" in the section {section}" if section else ""
        how = f"; coverage: {coverage}" if coverage else ""
        return label, f"What {label} says{where}{how}."

    def _kinds(self, held: Sequence[Quad]) -> str:
        """The classes of a graph's nodes, those of most nodes first."""
        found = classes(held)
        called = entities.labels(self._engine, found)
        ordered = sorted(found, key=lambda kind: (-found[kind], kind))
        return ", ".join(called.get(kind) or shorten(kind) for kind in ordered) or "none"

    def _origins(self, name: str, held: Sequence[Quad]) -> set[NamedNode]:
        """The other graphs that speak of what nodes of this one are derived from."""
        store, derived = self._engine.store, term("prov:wasDerivedFrom")
        origins = {quad.object for quad in held if quad.predicate == derived}
        quads = (
            quad
            for origin in origins
            if isinstance(origin, NamedNode)
            for quad in store.quads_for_pattern(origin, None, None)
        )
        graphs = {quad.graph_name for quad in quads} - {NamedNode(name)}
        return {each for each in graphs if isinstance(each, NamedNode)}

    def _editions_in(self, name: str) -> list[str]:
        store, graph, kind = self._engine.store, NamedNode(name), term("tip:Edition")
        return [
            edition
            for edition in self._editions
            if Quad(NamedNode(edition), TYPE, kind, graph) in store
        ]

    def _licences(self, name: str) -> set[NamedNode | Literal]:
        """What is stated as the licence of a graph, or of the ontologies in it."""
        store, graph = self._engine.store, NamedNode(name)
        found = store.quads_for_pattern(None, TYPE, term("owl:Ontology"), graph)
        ontologies = [each.subject.value for each in found if isinstance(each.subject, NamedNode)]
        return {
            licence
            for subject in (name, *ontologies)
            for licence in self._objects(subject, "dcterms:license")
        }

    def _objects(self, subject: str, name: str) -> list[NamedNode | Literal]:
        quads = self._engine.store.quads_for_pattern(NamedNode(subject), term(name), None)
        return [each.object for each in quads if isinstance(each.object, NamedNode | Literal)]


def _agent(iri: str, name: str) -> Iterator[Quad]:
    return described(iri, {"rdf:type": [term("foaf:Agent")], "foaf:name": [Literal(name)]})


def _english(text: str) -> Literal:
    return Literal(text, language="en")
