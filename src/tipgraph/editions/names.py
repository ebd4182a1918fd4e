"""The entities that the names in a table mean."""

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import NamedNode

from tipgraph.editions.missing import ACTOR, FILES
from tipgraph.entities import slug
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine
from tipgraph.text import did_you_mean, nearest

# A name is an alternative label only if nothing has it as one of the others.
NAMES = "rdfs:label|skos:prefLabel|skos:notation|tip:localName"
OTHER_NAMES = "skos:altLabel"
MAX_LISTED = 8
# The file in which a missing entity of a kind is described.
FILE_OF_KIND = FILES | {
    ACTOR: "data/actors/<country>.ttl or a file of the folder",
    "document": "a folder that 'tipgraph new' makes",
}


class NameNotResolved(Exception):
    """A name that is unknown or ambiguous; the message names the remedy."""


class UnknownName(NameNotResolved):
    """A name that nothing has."""


class NameIndex:
    """The entities of one kind by their labels, local names and IRIs."""

    def __init__(self, engine: Engine, kind: str, pattern: str) -> None:
        """`kind` is a noun for messages; `pattern` matches `?entity` in SPARQL."""
        self._kind = kind
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_other_name: dict[str, set[str]] = defaultdict(set)
        self._by_last_part: dict[str, set[str]] = defaultdict(set)
        self._names: list[str] = []
        for path, index in ((NAMES, self._by_name), (OTHER_NAMES, self._by_other_name)):
            rows = engine.select(
                f"SELECT DISTINCT ?entity ?name {{ {pattern} ?entity {path} ?name }}"
            )
            for entity, name in (map(str, row.values()) for row in rows):
                index[name.casefold()].add(entity)
                self._by_last_part[last_part(entity).casefold()].add(entity)
                self._names += [name, last_part(entity)]

    def __contains__(self, name: str) -> bool:
        return bool(self._find(name))

    def iri(self, name: str) -> str:
        """The IRI of the one entity with this name, in any case, or with this last part.

        Raises NameNotResolved.
        """
        found = self._find(name)
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise NameNotResolved(f"{name!r} is ambiguous: {some_of(map(slug, sorted(found)))}")
        similar = nearest(name, self._names)
        hint = did_you_mean(similar[:1]) if similar else f"known: {self._all()}"
        if self._kind in FILE_OF_KIND:
            otherwise = " Otherwise" if similar else "; or"
            hint += f"{otherwise} describe it in {FILE_OF_KIND[self._kind]}"
        raise UnknownName(f"unknown {self._kind} {name!r}; {hint}")

    def _find(self, name: str) -> set[str]:
        indexes = self._by_name, self._by_other_name, self._by_last_part
        return next((each[name.casefold()] for each in indexes if name.casefold() in each), set())

    def _all(self) -> str:
        entities = sorted(set().union(*self._by_last_part.values()))
        return some_of(map(last_part, entities)) or "none"


class Actors:
    """The actors that a source on a country may name: those of the country, then those of none."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        others = "?entity a tip:Actor FILTER NOT EXISTS { ?entity dcterms:spatial ?any }"
        self._others = NameIndex(engine, "actor", others)
        self._by_country: dict[str, NameIndex] = {}

    def iri(self, name: str, country: str) -> str:
        """The actor that a source on a country means by this name. Raises NameNotResolved."""
        if country not in self._by_country:
            own = f"?entity a tip:Actor ; dcterms:spatial {NamedNode(country)} ."
            self._by_country[country] = NameIndex(self._engine, "actor", own)
        own_names = self._by_country[country]
        is_other = name in self._others and name not in own_names
        return (self._others if is_other else own_names).iri(name)


def some_of(names: Iterable[str]) -> str:
    """The names, separated by commas: the first eight, and an ellipsis where there are more."""
    known = list(names)
    return ", ".join(known[:MAX_LISTED]) + (", …" if known[MAX_LISTED:] else "")
