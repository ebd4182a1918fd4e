"""The columns that all tables of statements share: speaker, hedge, place, quote, link."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from pyoxigraph import Literal, NamedNode

from tipgraph import entities
from tipgraph.entities import passages
from tipgraph.namespaces import last_part
from tipgraph.rdf.terms import Term
from tipgraph.render.results import plain
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows
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
    """The values of some properties, under short names, for each resource of a class."""

    def __init__(self, engine: Engine, class_: str, properties: Mapping[str, str]) -> None:
        """Query them. `properties` has the prefixed name of each property by its short name."""
        wanted = " ".join(f'("{name}" {property})' for name, property in properties.items())
        rows = engine.select(
            "SELECT DISTINCT ?thing ?name ?value {"
            f" VALUES (?name ?property) {{ {wanted} }} ?thing a {class_} ; ?property ?value }}"
            " ORDER BY ?thing ?name ?value"
        )
        self._values: dict[str, dict[str, list[str]]] = {}
        for thing, name, value in plain(rows):
            self._values.setdefault(thing, {}).setdefault(name, []).append(value)
        values = (row[-1] for row in rows.terms)
        self._iris = {each.value for each in values if isinstance(each, NamedNode)}
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


class StatementCells:
    """The shared cells of each statement of a class, and the values of more properties."""

    def __init__(self, engine: Engine, class_: str, more: Mapping[str, str]) -> None:
        self.properties = PropertyValues(engine, class_, STATEMENT | dict(more))
        self._editions = PropertyValues(engine, "tip:Edition", EDITION)
        self._countries = PropertyValues(engine, "tip:Country", {"code": "skos:notation"})
        evidence = (self.properties.iris(statement, "passage") for statement in self.properties)
        self._passages = passages.passages(engine, chain.from_iterable(evidence))

    def cells(self, statement: str) -> Cells:
        """The shared cells of a statement by column."""
        properties, edition = self.properties, self.properties.first(statement, "edition")
        wanted = set(properties.iris(statement, "passage"))
        passages = [each for iri, each in self._passages.items() if iri in wanted]
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
