"""A client of data cubes that knows the Data Cube vocabulary and SKOS, and none of our terms."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Store

from tipgraph.namespaces import PREFIXES

Place = dict[str, str]


@dataclass(frozen=True)
class Observation:
    """An observation with its value and its place: the value of each dimension."""

    iri: str
    place: Place
    value: Decimal


@dataclass(frozen=True)
class Slice:
    """A slice: what it fixes, its observations, and the labels of the codes attached to it."""

    iri: str
    place: Place
    observations: tuple[Observation, ...]
    marks: frozenset[str]


class Cube:
    """A data set, read by its structure definition."""

    def __init__(self, store: Store, data_set: str) -> None:
        self._store = store
        self._data_set = data_set
        structure = f"<{data_set}> qb:structure/qb:component ?component . ?component"
        self.dimensions = self._column(f"{structure} qb:dimension ?x")
        (self._measure,) = self._column(f"{structure} qb:measure ?x")
        self._slice_attributes = self._column(
            f"{structure} qb:componentAttachment qb:Slice ; qb:attribute ?x"
        )
        self.observations = {
            iri: Observation(iri, self._place(iri, self.dimensions), self._value(iri))
            for iri in self._column(f"?x qb:dataSet <{data_set}>")
        }

    def slices(self) -> Iterator[Slice]:
        """Each slice of the data set."""
        for iri in self._column(f"<{self._data_set}> qb:slice ?x"):
            key = self._column(f"<{iri}> qb:sliceStructure/qb:componentProperty ?x")
            marks = (
                self._column(f"<{iri}> <{attribute}>/skos:prefLabel ?x")
                for attribute in self._slice_attributes
            )
            members = self._column(f"<{iri}> qb:observation ?x")
            yield Slice(
                iri,
                self._place(iri, key),
                tuple(self.observations[each] for each in members),
                frozenset(label for labels in marks for label in labels),
            )

    def total(self, part: Slice) -> Observation | None:
        """The one observation at the place of those in a slice, but for the codes for a total.

        None where there is none, or where those in the slice differ otherwise too.
        """
        totals = {
            dimension: code
            for dimension in self.dimensions
            for code in self._column(
                f"<{dimension}> qb:codeList ?list ."
                ' ?x skos:inScheme ?list ; skos:prefLabel "total"@en'
            )
        }
        places = [each.place | totals for each in part.observations]
        if any(place != places[0] for place in places):
            return None
        found = (each for each in self.observations.values() if each.place == places[0])
        return next(found, None)

    def _place(self, iri: str, dimensions: list[str]) -> Place:
        values: dict[str, list[str]] = defaultdict(list)
        for dimension in dimensions:
            values[dimension] = self._column(f"<{iri}> <{dimension}> ?x")
        return {dimension: value for dimension, (value,) in values.items()}

    def _value(self, iri: str) -> Decimal:
        (value,) = self._column(f"<{iri}> <{self._measure}> ?x")
        return Decimal(value)

    def _column(self, pattern: str) -> list[str]:
        found = self._store.query(
            f"SELECT DISTINCT ?x {{ {pattern} }} ORDER BY ?x", prefixes=PREFIXES
        )
        terms = (solution["x"] for solution in found)  # type: ignore[union-attr]
        return [term.value for term in terms if isinstance(term, NamedNode | Literal)]


def cubes(store: Store) -> list[Cube]:
    """All data sets of a normalized store."""
    found = store.query("SELECT ?x { ?x a qb:DataSet } ORDER BY ?x", prefixes=PREFIXES)
    return [Cube(store, solution["x"].value) for solution in found]  # type: ignore[union-attr]
