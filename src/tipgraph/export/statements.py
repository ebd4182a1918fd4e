"""The columns that all tables of statements share: speaker, hedge, place, quote, link."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from pyoxigraph import Literal

from tipgraph import entities
from tipgraph.entities import by_subject, passages
from tipgraph.namespaces import expand, last_part
from tipgraph.rdf.terms import Term, plain_term
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows, grouped
from tipgraph.text import SEPARATOR

STATEMENT = {
    "edition": "tip:edition",
    "note": "skos:scopeNote",
    "hedge": "tip:hedge",
    "speaker": "tip:speaker",
    "speech_act": "tip:speechAct",
    "reporter": "tip:reporter",
    "statement_label": "rdfs:label",
    "passage": "tip:evidence",
}
# The properties of STATEMENT that become columns as they are.
COPIED = ("note", "hedge", "speaker", "speech_act", "reporter", "statement_label")
EDITION = {
    "country": "dcterms:spatial",
    "year": "tip:year",
    "page": "dcat:landingPage",
    "coverage": "tip:coverage",
}

# The cells of one row by column.
Cells = Mapping[str, str | Term]


class PropertyValues:
    """The values of some properties, under short names, for each of some resources."""

    def __init__(
        self, engine: Engine, things: Iterable[str], properties: Mapping[str, str]
    ) -> None:
        """Query them. `properties` has the prefixed name of each property by its short name."""
        names = grouped((expand(each), name) for name, each in properties.items())
        wanted = ", ".join(properties.values())

        def query(iris: str) -> str:
            # As values, the properties would come first, with all that have them.
            return (
                f"SELECT DISTINCT ?thing ?property ?value {{ VALUES ?thing {{ {iris} }}"
                f" ?thing ?property ?value FILTER(?property IN ({wanted})) }}"
            )

        self._values: dict[str, dict[str, list[str]]] = {}
        self._iris: set[str] = set()
        for thing, rows in by_subject(engine, things, query, _by_thing).items():
            for iri, is_text, value in sorted(rows):
                for name in names[iri]:
                    self._values.setdefault(thing, {}).setdefault(name, []).append(value)
                self._iris.update([] if is_text else [value])
        self._labels = entities.labels(engine, self._iris)

    def __iter__(self) -> Iterator[str]:
        """The resources that have any of the properties."""
        return iter(self._values)

    def values(self, thing: str, name: str) -> list[str]:
        """The values as IRIs and plain texts."""
        return self._values.get(thing, {}).get(name, [])

    def iris(self, thing: str, name: str) -> list[str]:
        """Return the values that are IRIs."""
        return [value for value in self.values(thing, name) if value in self._iris]

    def first(self, thing: str, name: str) -> str:
        """The value of a property that has at most one; empty if there is none."""
        return next(iter(self.values(thing, name)), "")

    def labels(self, thing: str, name: str) -> list[str]:
        """The values, each as its label if it has one."""
        return [self._labels.get(value, value) for value in self.values(thing, name)]

    def cell(self, thing: str, name: str) -> str:
        """The labels of the values, in one cell."""
        return SEPARATOR.join(self.labels(thing, name))


def _by_thing(rows: Rows) -> dict[str, list[tuple[str, bool, str]]]:
    """Of each thing the properties and values, each with whether it is a text, which come last."""
    return grouped(
        (plain_term(thing), (plain_term(by), isinstance(value, Literal), plain_term(value)))
        for thing, by, value in rows.terms
    )


def instances(engine: Engine, class_: str) -> list[str]:
    """The resources of a class, by its prefixed name."""
    rows = engine.select(f"SELECT DISTINCT ?thing {{ ?thing a {class_} FILTER(isIRI(?thing)) }}")
    return [str(each) for each in rows.column("thing")]


class StatementCells:
    """The shared cells of each of some statements, and the values of more properties."""

    def __init__(self, engine: Engine, iris: Iterable[str], more: Mapping[str, str]) -> None:
        self.properties = PropertyValues(engine, iris, STATEMENT | dict(more))
        editions = self.values("edition")
        self._editions = PropertyValues(engine, editions, EDITION)
        areas = (area for each in editions for area in self._editions.values(each, "country"))
        self._countries = PropertyValues(engine, areas, {"code": "skos:notation"})
        self._passages = passages.passages(engine, self.values("passage"))
        self._position = {iri: number for number, iri in enumerate(self._passages)}

    def values(self, name: str) -> list[str]:
        """The values that a property has for any of the statements, as IRIs and plain texts."""
        every = (self.properties.values(each, name) for each in self.properties)
        return list(dict.fromkeys(chain.from_iterable(every)))

    def cells(self, statement: str) -> Cells:
        """The shared cells of a statement by column."""
        properties, edition = self.properties, self.properties.first(statement, "edition")
        found = (iri for iri in properties.iris(statement, "passage") if iri in self._position)
        passages = [self._passages[iri] for iri in sorted(found, key=self._position.__getitem__)]
        pages = [self._editions.first(edition, "page"), *(each.page for each in passages)]
        return {
            "country": self.country(self._editions.first(edition, "country")),
            "edition": self._editions.first(edition, "year"),
            "edition_id": last_part(edition),
            "page": next(filter(None, pages), ""),
            "coverage": self._editions.cell(edition, "coverage"),
            "statement": statement,
            "place": SEPARATOR.join(each.place for each in passages),
            "quote": SEPARATOR.join(each.exact for each in passages),
            "link": SEPARATOR.join(each.link for each in passages),
            **{name: properties.cell(statement, name) for name in COPIED},
        }

    def country(self, iri: str) -> str:
        """The three-letter code of a country, or the last part of its IRI."""
        return self._countries.first(iri, "code") or last_part(iri)


def to_rows(columns: Sequence[str], lines: Iterable[Cells]) -> Rows:
    """A table with these columns; an empty text becomes an unbound cell."""
    return Rows(tuple(columns), tuple(tuple(_term(line[c]) for c in columns) for line in lines))


def _term(cell: str | Term) -> Term | None:
    if isinstance(cell, str):
        return Literal(cell) if cell else None
    return cell
