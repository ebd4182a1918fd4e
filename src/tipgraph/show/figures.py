"""The quantity of a figure in words, and its kin: its whole, its parts, those of other editions."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from tipgraph import entities
from tipgraph.entities import by_subject
from tipgraph.render.document import Cell, separate
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows, grouped
from tipgraph.text import unit_of

# The ways in which a figure belongs to another one.
WHOLE, PART, OTHER = "whole", "part", "other edition"


@dataclass(frozen=True)
class Kin:
    """A figure that belongs to another one, with its edition and its caveats."""

    relation: str
    iri: str
    label: str
    edition: str
    caveats: tuple[str, ...]


def quantities(engine: Engine, iris: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The number and unit of each figure; an amount that the source converts has two."""

    def query(iris: str) -> str:
        return (
            "SELECT DISTINCT ?thing ?value ?unit ?qualifier ?approximate ?converted {"
            f" VALUES ?thing {{ {iris} }} ?thing tip:quantity ?quantity . ?quantity"
            " sdmx-measure:obsValue|tip:amountValue ?value ;"
            " sdmx-attribute:unitMeasure|tip:currency ?unit_code . ?unit_code rdfs:label ?unit"
            " OPTIONAL { ?quantity tip:approximate ?approximate }"
            " OPTIONAL { ?quantity tip:numberQualifier/rdfs:label ?qualifier }"
            " OPTIONAL { ?quantity tip:converted ?converted } } ORDER BY ?thing ?converted ?unit"
        )

    return by_subject(engine, iris, query, _quantities)


def _quantities(rows: Rows) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        value = row["value"]
        about = "approximately" if row["approximate"] else ""
        cell = Cell(
            str(value),
            number=None if isinstance(value, str | bool | None) else value,
            qualifier=str(row["qualifier"] or about),
            unit=unit_of(value, str(row["unit"])),
        )
        converted = " (converted by the source)" if row["converted"] else ""
        thing = str(row["thing"])
        found[thing] = (*found.get(thing, ()), f"{cell.shown}{converted}")
    return found


def kin(engine: Engine, iris: Iterable[str]) -> dict[str, tuple[Kin, ...]]:
    """The whole of each figure, its parts, and what other editions give for the same period."""

    def query(iris: str) -> str:
        thing = f"VALUES ?thing {{ {iris} }}"
        return (
            "SELECT DISTINCT ?thing ?relation ?other ?edition ?caveat {"
            # The edition in each group, since an engine begins with all there are otherwise.
            f" {{ {thing} ?thing tip:breakdownOf ?other . ?other tip:edition ?edition"
            f" BIND('{WHOLE}' AS ?relation) }} UNION"
            f" {{ {thing} ?other tip:breakdownOf ?thing ; tip:edition ?edition"
            f" BIND('{PART}' AS ?relation) }} UNION"
            # An engine that begins with the others looks through all figures for each thing.
            f" {{ {{ SELECT ?thing ?series ?part ?area ?period ?own {{ {thing}"
            " ?thing tip:seriesIndicator ?series ; tip:partOrUnit ?part ;"
            " sdmx-dimension:refArea ?area ; sdmx-dimension:refPeriod ?period ;"
            " tip:edition ?own } }"
            " ?other tip:seriesIndicator ?series ; tip:partOrUnit ?part ;"
            " sdmx-dimension:refArea ?area ; sdmx-dimension:refPeriod ?period ;"
            f" tip:edition ?edition FILTER(?own != ?edition) BIND('{OTHER}' AS ?relation) }}"
            " OPTIONAL { ?other tip:caveatText ?caveat } }"
            " ORDER BY ?thing ?relation ?edition ?other"
        )

    def by_thing(rows: Rows) -> dict[str, list[dict[str, object]]]:
        return grouped((str(row["thing"]), dict(row)) for row in rows)

    found = by_subject(engine, iris, query, by_thing)
    names = ("other", "edition")
    named = (str(row[name]) for row in chain.from_iterable(found.values()) for name in names)
    labels = entities.labels(engine, named)

    def one(row: dict[str, object]) -> Kin:
        other, edition = (str(row[name]) for name in names)
        return Kin(
            str(row["relation"]),
            other,
            labels.get(other, entities.slug(other)),
            labels.get(edition, entities.slug(edition)),
            tuple(separate(str(row["caveat"] or ""))),
        )

    return {iri: tuple(map(one, rows)) for iri, rows in found.items()}
