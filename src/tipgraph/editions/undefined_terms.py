"""Names that nothing describes, be they misspelt or yet to be described, and what is like them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property
from typing import TypeGuard

from pyoxigraph import NamedNode, Quad

from tipgraph.editions.folder import Folder
from tipgraph.namespaces import CODE, ID, ONTOLOGY_GRAPH, OURS, PREFIXES, last_part
from tipgraph.store.embedded import Embedded
from tipgraph.validate import names
from tipgraph.validate.hints import LIKENESS, SHOWN, namespace
from tipgraph.validate.report import Place
from tipgraph.validate.triples import TYPE, Term

# All that is in these is described in the graph.
NAMESPACES = (OURS, PREFIXES["country"], PREFIXES["currency"])
# How a name of each role is told, and what matches the things that it could have meant.
TOLD = {
    "property": "no property is called {}",
    "class": "no class is called {}",
    "actor": "no actor is called {}",
    "code": "no code is called {}",
    "thing": "nothing is called {}",
}
MEANT = {
    "class": "?thing a tip:Kind",
    "actor": "?thing a/rdfs:subClassOf* tip:Actor",
    "code": "?thing skos:inScheme ?list",
    "thing": "?thing ?property ?value",
}
ADVICE = {
    "actor": "describe it in the folder's actors.ttl",
    "code": "add it to ontology/codes.ttl",
}
# What is so much less like a name than what is most like it was not meant.
LESS_LIKE = 0.1


@dataclass(frozen=True)
class Unknown:
    """A name that nothing describes, its role in a triple, and the things that are most like it."""

    iri: str
    role: str
    quad: Quad
    place: Place
    message: str
    like: tuple[str, ...]


class Known:
    """What is described: in the ontology, in the data beside the folder, and in the folder."""

    def __init__(self, engine: Embedded, folder: Folder) -> None:
        """The engine has all of it; what is not the folder's is in the ontology's graph."""
        self._engine = engine
        self._folder = folder
        self._prefixes = names.known(
            {name: iri for source in folder.sources for name, iri in source.prefixes.items()}
        )

    def unknown(self) -> Iterator[Unknown]:
        """The names in the folder that nothing describes, in the order of the text."""
        for quad, _, predicate, value in self._folder.stated:
            if quad.predicate.value not in self._properties:
                yield self._unknown(quad.predicate.value, "property", quad, predicate)
            if self._is_unknown(quad.object):
                iri = quad.object.value
                yield self._unknown(iri, self._role(iri, quad), quad, value)

    def _is_unknown(self, term: Term) -> TypeGuard[NamedNode]:
        is_ours = isinstance(term, NamedNode) and term.value.startswith(NAMESPACES)
        return is_ours and term not in self._described

    def _role(self, iri: str, quad: Quad) -> str:
        """What an object is meant to be."""
        if quad.predicate == TYPE:
            return "class"
        if iri.startswith(CODE):
            return "code"
        is_actor = iri.startswith(ID) and quad.predicate.value in self._take_actors
        return "actor" if is_actor else "thing"

    def _unknown(self, iri: str, role: str, quad: Quad, place: Place) -> Unknown:
        like, advice = self._like(iri, role), ADVICE.get(role, "")
        told = TOLD[role].format(self._name(iri))
        if like:
            *others, last = map(self._introduced if role == "actor" else self._name, like)
            told += f"; did you mean {', '.join(others)}{' or ' if others else ''}{last}?"
            told += f" If not, {advice}" if advice else ""
        elif advice:
            told += f"; correct the name, or {advice}"
        return Unknown(iri, role, quad, place, told, like)

    def _like(self, iri: str, role: str) -> tuple[str, ...]:
        """The things that it may stand for, the likest first."""
        called: dict[str, list[str]] = defaultdict(list)
        for thing in self._candidates(iri, role):
            for name in {last_part(thing), *self._labels.get(thing, ())}:
                called[_folded(name)].append(thing)
        wanted = _folded(last_part(iri))
        within = [name for name in called if role == "actor" and wanted in name]
        found = (thing for name in [*_close(wanted, called), *within] for thing in called[name])
        return tuple(dict.fromkeys(found))[:SHOWN]

    def _candidates(self, iri: str, role: str) -> Iterator[str]:
        """What has the role, less what is another edition's own."""
        if role == "property":
            yield from sorted(self._properties)
            return
        for thing in self._meant[role]:
            is_near = namespace(thing) in (namespace(iri), f"{self._folder.edition}/")
            is_shared = not thing.startswith(ID) or namespace(thing) == ID
            if is_near or (is_shared and role != "thing"):
                yield thing

    def _name(self, iri: str) -> str:
        return names.shortened(iri, self._prefixes)

    def _introduced(self, iri: str) -> str:
        """The thing's name, and its label."""
        labels = self._labels.get(iri)
        return f"{self._name(iri)} ({labels[0]})" if labels else self._name(iri)

    @cached_property
    def _described(self) -> set[Term]:
        return {quad.subject for quad in self._engine.store}

    @cached_property
    def _properties(self) -> set[str]:
        """The properties that are declared, and those that are used outside the folder."""
        rows = self._engine.select(
            "SELECT DISTINCT ?property { { ?property a ?kind"
            " VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty } }"
            f" UNION {{ GRAPH {NamedNode(ONTOLOGY_GRAPH)} {{ ?node ?property ?value }} }} }}"
        )
        return set(map(str, rows.column("property")))

    @cached_property
    def _meant(self) -> dict[str, list[str]]:
        """What has each of the other roles."""
        return {
            role: [
                str(thing)
                for thing in self._engine.select(
                    f"SELECT DISTINCT ?thing {{ {pattern} FILTER(isIRI(?thing)) }} ORDER BY ?thing"
                ).column("thing")
            ]
            for role, pattern in MEANT.items()
        }

    @cached_property
    def _labels(self) -> dict[str, list[str]]:
        """What each thing is called, its label before others."""
        called: dict[str, list[str]] = defaultdict(list)
        for property in ("rdfs:label|skos:prefLabel", "skos:altLabel"):
            rows = self._engine.select(f"SELECT ?thing ?name {{ ?thing {property} ?name }}")
            for thing, name in (map(str, row.values()) for row in rows):
                called[thing].append(name)
        return called

    @cached_property
    def _take_actors(self) -> set[str]:
        """The properties of which an actor may be the value."""
        rows = self._engine.select(
            "SELECT DISTINCT ?property {"
            " ?property rdfs:range/(owl:unionOf/rdf:rest*/rdf:first)? ?kind"
            " VALUES ?kind { tip:Actor tip:Party } }"
        )
        return set(map(str, rows.column("property")))


def _close(wanted: str, names: Iterable[str]) -> list[str]:
    """The names that are like the wanted one, the likest first."""
    close = get_close_matches(wanted, names, SHOWN, LIKENESS)
    degrees = [SequenceMatcher(None, wanted, name).ratio() for name in close]
    return [
        name for name, degree in zip(close, degrees, strict=True) if degree > degrees[0] - LESS_LIKE
    ]


def _folded(name: str) -> str:
    return name.casefold().replace("-", " ")
