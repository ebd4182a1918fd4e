"""Undefined terms: IRIs that nothing describes, with suggestions for misspelt ones."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TypeGuard

from pyoxigraph import NamedNode, Quad

from tipgraph.editions.folder import EditionFolder
from tipgraph.namespaces import CODE, ID, ONTOLOGY_GRAPH, OURS, PREFIXES, last_part
from tipgraph.store.engine import Embedded
from tipgraph.text import join, nearest
from tipgraph.validate.report import Location
from tipgraph.validate.suggestions import MAX_SUGGESTIONS, MIN_SIMILARITY, namespace
from tipgraph.validate.triples import TYPE, Term, merge_prefixes, shorten, with_standard_prefixes

# Everything in these namespaces is described in the graph.
NAMESPACES = (OURS, PREFIXES["country"], PREFIXES["currency"])
# The role of a term as messages name it, and a pattern for the entities of that role.
NOUNS = {
    "property": "property",
    "class": "class",
    "actor": "actor",
    "code": "code",
    "entity": "name",
}
PATTERNS = {
    "class": "?entity a tip:Kind",
    "actor": "?entity a/rdfs:subClassOf* tip:Actor",
    "code": "?entity skos:inScheme ?list",
    "entity": "?entity ?property ?value",
}
ADVICE = {
    "actor": "describe it in the folder's actors.ttl",
    "code": "add it to ontology/codes.ttl",
}
# A suggestion whose similarity is this much lower than the best one's is dropped.
SIMILARITY_RANGE = 0.1


@dataclass(frozen=True)
class UndefinedTerm:
    """An undefined term in a triple, and the IRIs of the most similar entities.

    `role` is `property`, `class`, `actor`, `code` or `entity`.
    """

    iri: str
    role: str
    quad: Quad
    place: Location
    message: str
    suggestions: tuple[str, ...]


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
            yield index.undefined(iri, index.role(iri, quad), quad, value)


class _TermIndex:
    """The described terms of the ontology, the data and the folder."""

    def __init__(self, engine: Embedded, folder: EditionFolder) -> None:
        self._engine = engine
        self._folder = folder
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

    def role(self, iri: str, quad: Quad) -> str:
        """The role that a triple's object should have."""
        if quad.predicate == TYPE:
            return "class"
        if iri.startswith(CODE):
            return "code"
        is_actor = iri.startswith(ID) and quad.predicate.value in self._actor_properties
        return "actor" if is_actor else "entity"

    def undefined(self, iri: str, role: str, quad: Quad, place: Location) -> UndefinedTerm:
        """The undefined term with its message and suggestions."""
        suggestions, advice = self._suggestions(iri, role), ADVICE.get(role, "")
        message = f"unknown {NOUNS[role]} {self._name(iri)}"
        if suggestions:
            name = self._name_and_label if role == "actor" else self._name
            message += f"; did you mean {join(map(name, suggestions), last='or')}?"
            message += f" Otherwise {advice}" if advice else ""
        elif advice:
            message += f"; correct the name, or {advice}"
        return UndefinedTerm(iri, role, quad, place, message, suggestions)

    def _suggestions(self, iri: str, role: str) -> tuple[str, ...]:
        """The IRIs with the most similar names or labels, the most similar first."""
        by_name: dict[str, list[str]] = defaultdict(list)
        for entity in self._candidates(iri, role):
            for name in {last_part(entity), *self._labels.get(entity, ())}:
                by_name[_fold(name)].append(entity)
        wanted = _fold(last_part(iri))
        near = nearest(wanted, by_name, MAX_SUGGESTIONS, MIN_SIMILARITY)
        similar = _most_similar(wanted, near, keep_longer=role == "actor")
        found = dict.fromkeys(entity for name in similar for entity in by_name[name])
        return tuple(found)[:MAX_SUGGESTIONS]

    def _candidates(self, iri: str, role: str) -> Iterator[str]:
        """The entities of a role, without those that belong to another edition."""
        if role == "property":
            yield from sorted(self.properties)
            return
        for entity in self._by_role[role]:
            is_near = namespace(entity) in (namespace(iri), f"{self._folder.edition}/")
            is_shared = not entity.startswith(ID) or namespace(entity) == ID
            if is_near or (is_shared and role != "entity"):
                yield entity

    def _name(self, iri: str) -> str:
        return shorten(iri, self._prefixes)

    def _name_and_label(self, iri: str) -> str:
        labels = self._labels.get(iri)
        return f"{self._name(iri)} ({labels[0]})" if labels else self._name(iri)

    @cached_property
    def _described(self) -> set[Term]:
        return {quad.subject for quad in self._engine.store}

    @cached_property
    def _by_role(self) -> dict[str, list[str]]:
        """The entities of each role except property."""
        return {
            role: [
                str(entity)
                for entity in self._engine.select(
                    f"SELECT DISTINCT ?entity {{ {pattern} FILTER(isIRI(?entity)) }}"
                    " ORDER BY ?entity"
                ).column("entity")
            ]
            for role, pattern in PATTERNS.items()
        }

    @cached_property
    def _labels(self) -> dict[str, list[str]]:
        """The labels of each entity, then its alternative labels."""
        labels: dict[str, list[str]] = defaultdict(list)
        for property in ("rdfs:label|skos:prefLabel", "skos:altLabel"):
            rows = self._engine.select(f"SELECT ?entity ?name {{ ?entity {property} ?name }}")
            for entity, name in (map(str, row.values()) for row in rows):
                labels[entity].append(name)
        return labels

    @cached_property
    def _actor_properties(self) -> set[str]:
        """The properties that can have an actor as value."""
        rows = self._engine.select(
            "SELECT DISTINCT ?property {"
            " ?property rdfs:range/(owl:unionOf/rdf:rest*/rdf:first)? ?kind"
            " VALUES ?kind { tip:Actor tip:Party } }"
        )
        return set(map(str, rows.column("property")))


def _most_similar(wanted: str, names: list[str], keep_longer: bool) -> list[str]:
    """The names about as similar as the first; with `keep_longer`, those that contain `wanted`."""
    ratios = {name: SequenceMatcher(None, wanted, name).ratio() for name in names}
    best = max(ratios.values(), default=0)
    return [
        name
        for name, ratio in ratios.items()
        if ratio > best - SIMILARITY_RANGE or (keep_longer and wanted in name)
    ]


def _fold(name: str) -> str:
    return name.casefold().replace("-", " ")
