"""What every table tells of a statement: who says it, how, and the words that it rests on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from pyoxigraph import Literal, NamedNode

from tipgraph.lookup import entities, passages
from tipgraph.namespaces import last_part
from tipgraph.render.results import plain
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows, Term

# Stands between the several values of a cell.
BETWEEN = " | "

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
# Those of them that are told as they are.
TOLD = ("note", "hedge", "speaker", "speech_act", "reporter", "statement_label")
EDITION = {
    "country": "dcterms:spatial",
    "year": "tip:year",
    "page": "dcat:landingPage",
    "coverage": "tip:coverage",
}

Cells = Mapping[str, str | Term]


class Facts:
    """Of each thing of a kind the values of some properties, which have short names here."""

    def __init__(self, engine: Engine, kind: str, properties: Mapping[str, str]) -> None:
        wanted = " ".join(f'("{name}" {property})' for name, property in properties.items())
        rows = engine.select(
            "SELECT DISTINCT ?thing ?name ?value {"
            f" VALUES (?name ?property) {{ {wanted} }} ?thing a {kind} ; ?property ?value }}"
            " ORDER BY ?thing ?name ?value"
        )
        self._values: dict[str, dict[str, list[str]]] = {}
        for thing, name, value in plain(rows):
            self._values.setdefault(thing, {}).setdefault(name, []).append(value)
        values = (row[-1] for row in rows.terms)
        self._iris = {each.value for each in values if isinstance(each, NamedNode)}
        self._labels = entities.labels(engine, self._iris)

    def __iter__(self) -> Iterator[str]:
        """The things that have any of the properties."""
        return iter(self._values)

    def values(self, thing: str, name: str) -> list[str]:
        """The values as IRIs and bare texts."""
        return self._values.get(thing, {}).get(name, [])

    def iris(self, thing: str, name: str) -> list[str]:
        """Those of the values that are IRIs."""
        return [value for value in self.values(thing, name) if value in self._iris]

    def first(self, thing: str, name: str) -> str:
        """The value of a property that has no more than one, empty where there is none."""
        return next(iter(self.values(thing, name)), "")

    def called(self, thing: str, name: str, others: "Facts", by: str) -> list[str]:
        """The values by what others have of them, else as people call them."""
        values = self.values(thing, name)
        return [others.first(value, by) or self._labels.get(value, value) for value in values]

    def text(self, thing: str, name: str) -> str:
        """The values as people call them, in one cell."""
        return BETWEEN.join(self._labels.get(value, value) for value in self.values(thing, name))


class Statements:
    """The statements of a kind: what tables tell of each, and more where it is asked for."""

    def __init__(self, engine: Engine, kind: str, more: Mapping[str, str]) -> None:
        self.facts = Facts(engine, kind, STATEMENT | dict(more))
        self._editions = Facts(engine, "tip:Edition", EDITION)
        self._countries = Facts(engine, "tip:Country", {"code": "skos:notation"})
        evident = (self.facts.iris(statement, "passage") for statement in self.facts)
        self._passages = passages.passages(engine, chain.from_iterable(evident))

    def cells(self, statement: str) -> Cells:
        """What is told of the statement, by column."""
        facts, edition = self.facts, self.facts.first(statement, "edition")
        wanted = set(facts.iris(statement, "passage"))
        passages = [each for iri, each in self._passages.items() if iri in wanted]
        pages = [self._editions.first(edition, "page"), *(each.page for each in passages)]
        return {
            "country": self.country(self._editions.first(edition, "country")),
            "edition": self._editions.first(edition, "year"),
            "edition_id": last_part(edition),
            "page": next(filter(None, pages), ""),
            "coverage": self._editions.text(edition, "coverage"),
            "statement": statement,
            "sentence": BETWEEN.join(each.place for each in passages),
            "quote": BETWEEN.join(each.exact for each in passages),
            "link": BETWEEN.join(each.link for each in passages),
            **{name: facts.text(statement, name) for name in TOLD},
        }

    def country(self, iri: str) -> str:
        """The three letters of a country."""
        return self._countries.first(iri, "code") or last_part(iri)


def table(columns: Sequence[str], lines: Iterable[Cells]) -> Rows:
    """The cells under their columns; an empty text is nothing."""
    return Rows(tuple(columns), tuple(tuple(_term(line[c]) for c in columns) for line in lines))


def _term(cell: str | Term) -> Term | None:
    if isinstance(cell, str):
        return Literal(cell) if cell else None
    return cell
