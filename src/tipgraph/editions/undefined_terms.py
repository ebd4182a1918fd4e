"""Undefined terms: IRIs that nothing describes, with suggestions for misspelt ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

from pyoxigraph import NamedNode, Quad

from tipgraph.editions.folder import EditionFolder
from tipgraph.namespaces import CODE, ID, ONTOLOGY_GRAPH, OURS, PREFIXES
from tipgraph.store.engine import Embedded
from tipgraph.text import join
from tipgraph.validate.report import Location
from tipgraph.validate.suggestions import namespace, similar
from tipgraph.validate.triples import (
    TYPE,
    Term,
    merge_prefixes,
    shorten,
    to_text,
    with_standard_prefixes,
)

# Everything in these namespaces is described in the graph.
NAMESPACES = (OURS, PREFIXES["country"], PREFIXES["currency"])
# Where to describe a new entity, by its noun.
ADVICE = {
    "actor": "describe it in the folder's actors.ttl",
    "code": "add it to ontology/codes.ttl",
}


@dataclass(frozen=True)
class UndefinedTerm:
    """An undefined term in a triple, and its place.

    Findings about the `nodes` may be consequences: those of the triple, and the similar ones.
    """

    iri: str
    place: Location
    message: str
    nodes: frozenset[str]


def undefined_terms(engine: Embedded, folder: EditionFolder) -> Iterator[UndefinedTerm]:
    """The undefined terms of a folder in the order of the text.

    The engine's graph has the folder, and everything else in the ontology's named graph.
    """
    index = _TermIndex(engine, folder)
    for quad, _, predicate, value in folder.triples:
        if quad.predicate.value not in index.properties:
            yield index.undefined(quad.predicate.value, "property", quad, predicate)
        if index.is_undefined(quad.object):
            iri = quad.object.value
            yield index.undefined(iri, index.noun(iri, quad), quad, value)


class _TermIndex:
    """The described terms of the ontology, the data and the folder."""

    def __init__(self, engine: Embedded, folder: EditionFolder) -> None:
        self._engine = engine
        declared = {name: iri for each in folder.documents for name, iri in each.prefixes.items()}
        self._prefixes = with_standard_prefixes(merge_prefixes(declared, PREFIXES))

    @cached_property
    def properties(self) -> set[str]:
        """The properties that are declared, and those that are used outside the folder."""
        rows = self._engine.select(
            "SELECT DISTINCT ?property { { ?property a ?kind"
            " VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty } }"
            f" UNION {{ GRAPH {NamedNode(ONTOLOGY_GRAPH)} {{ ?node ?property ?value }} }} }}"
        )
        return set(map(str, rows.column("property")))

    def is_undefined(self, term: Term) -> TypeGuard[NamedNode]:
        """Return whether a term must be described and is not."""
        is_ours = isinstance(term, NamedNode) and term.value.startswith(NAMESPACES)
        return is_ours and term not in self._described

    def noun(self, iri: str, quad: Quad) -> str:
        """The noun for what a triple's object should be."""
        if quad.predicate == TYPE:
            return "class"
        if iri.startswith(CODE):
            return "code"
        is_actor = iri.startswith(ID) and quad.predicate.value in self._actor_properties
        return "actor" if is_actor else "name"

    def undefined(self, iri: str, noun: str, quad: Quad, place: Location) -> UndefinedTerm:
        """The undefined term with its message."""
        start = namespace(iri)
        described = (to_text(each) for each in self._described)
        known = self.properties if noun == "property" else described
        found = similar(iri, (each for each in known if each.startswith(start)))
        message, advice = f"unknown {noun} {self._name(iri)}", ADVICE.get(noun, "")
        if found:
            message += f"; did you mean {join(map(self._name, found), last='or')}?"
            message += f" Otherwise {advice}" if advice else ""
        elif advice:
            message += f"; correct the name, or {advice}"
        nodes = frozenset((to_text(quad.subject), to_text(quad.object), *found))
        return UndefinedTerm(iri, place, message, nodes)

    def _name(self, iri: str) -> str:
        return shorten(iri, self._prefixes)

    @cached_property
    def _described(self) -> set[Term]:
        return {quad.subject for quad in self._engine.store}

    @cached_property
    def _actor_properties(self) -> set[str]:
        """The properties that can have an actor as value."""
        rows = self._engine.select(
            "SELECT DISTINCT ?property {"
            " ?property rdfs:range/(owl:unionOf/rdf:rest*/rdf:first)? ?kind"
            " VALUES ?kind { tip:Actor tip:Party } }"
        )
        return set(map(str, rows.column("property")))
