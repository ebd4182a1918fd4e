"""What the names in a table mean: the things that people call so, and the nearest where none is."""

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import NamedNode

from tipgraph.lookup.entities import nearest, slug
from tipgraph.namespaces import CODE, last_part
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows

CALLED = "rdfs:label|skos:prefLabel|skos:altLabel|skos:notation|tip:localName"
SHOWN = 8
# Where things of a kind that are not there yet are described.
NEW = {
    "actor": "the folder's actors.ttl",
    "actor or category of persons": "the folder's actors.ttl",
    "indicator": "ontology/codes.ttl",
    "part": "ontology/codes.ttl",
    "period": "data/periods.ttl",
}


class Unknown(Exception):
    """A name that means nothing, or several things; its text says what to do."""


class Names:
    """The things of one kind, by all that they are called."""

    def __init__(self, engine: Engine, what: str, pattern: str) -> None:
        """`what` is what the kind is called; `pattern` matches `?thing` in SPARQL."""
        self._what = what
        self._called: dict[str, set[str]] = defaultdict(set)
        self._ending: dict[str, set[str]] = defaultdict(set)
        self._names: list[str] = []
        rows = engine.select(f"SELECT DISTINCT ?thing ?name {{ {pattern} ?thing {CALLED} ?name }}")
        for thing, name in (map(str, row.values()) for row in rows):
            self._called[name.casefold()].add(thing)
            self._ending[last_part(thing).casefold()].add(thing)
            self._names += [name, last_part(thing)]

    def iri(self, name: str) -> str:
        """The one thing that is called so, in whatever case, or whose IRI ends so.

        Raises Unknown.
        """
        folded = name.casefold()
        found = self._called.get(folded) or self._ending.get(folded) or set()
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise Unknown(f"{name!r} may be any of {_some(map(slug, sorted(found)))}")
        near = nearest(name, self._names)
        hint = f"did you mean {near[0]!r}?" if near else f"{self._what}s: {self._all()}"
        if self._what in NEW:
            hint += f"{' Otherwise' if near else '; else'} describe it in {NEW[self._what]}"
        raise Unknown(f"no {self._what} is called {name!r}; {hint}")

    def _all(self) -> str:
        things = sorted(set().union(*self._ending.values()))
        return _some(map(last_part, things)) or "there are none"


def codes(engine: Engine, what: str, scheme: str) -> Names:
    """The codes of a list."""
    return Names(engine, what, f"?thing skos:inScheme {NamedNode(CODE + scheme)} .")


def _some(names: Iterable[str]) -> str:
    known = list(names)
    return ", ".join(known[:SHOWN]) + (", …" if known[SHOWN:] else "")


def pairs(rows: Rows) -> dict[str, list[str]]:
    """The second column's values by the first's."""
    found: dict[str, list[str]] = defaultdict(list)
    for one, other in (map(str, row.values()) for row in rows):
        found[one].append(other)
    return found
