"""What is known of an edition by its name alone: its series, its year and its country."""

import re
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from tipgraph.editions.prefixes import own_prefix
from tipgraph.errors import UsageError
from tipgraph.lookup import entities
from tipgraph.namespaces import ID
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Value

NAME = re.compile(r"(?P<series>[a-z]+(?:-[a-z]+)*)-(?P<year>[0-9]{4})-(?P<letters>[a-z]{2})")

Row = dict[str, Value]


@dataclass(frozen=True)
class Country:
    """A country, and whether the list of those that editions speak of has it."""

    iri: str
    name: str
    listed: bool
    government: str | None = None


@dataclass(frozen=True)
class Edition:
    """An edition that is yet to be described."""

    name: str
    label: str
    year: int
    series: str
    publisher: str
    country: Country

    @property
    def own(self) -> str:
        """The prefix of what is the edition's own."""
        return own_prefix(self.name, self.country.iri)


def edition(engine: Engine, name: str) -> Edition:
    """The edition that a name such as `tip-2022-be` is for.

    Raises UsageError when the name is none, its series or country is not known, or the graph has
    the edition already.
    """
    parts = NAME.fullmatch(name)
    if parts is None:
        raise UsageError(
            f"{name!r} is no name of an edition: write series, year and the two letters of the"
            " country, such as tip-2022-be"
        )
    if engine.ask(f"ASK {{ {NamedNode(ID + name)} a tip:Edition }}"):
        raise UsageError(f"the graph has {name} already: 'tipgraph show {name}' tells of it")
    series = _series(engine, parts["series"])
    country = _country(engine, parts["letters"])
    return Edition(
        name=name,
        label=f"{series['title']} {parts['year']}, {country.name}",
        year=int(parts["year"]),
        series=str(series["series"]),
        publisher=str(series["publisher"]),
        country=country,
    )


def _series(engine: Engine, wanted: str) -> Row:
    """The series whose editions have names that begin so, and how their labels begin."""
    rows = engine.select(
        "SELECT DISTINCT ?series ?publisher ?identifier ?label ?year { ?edition a tip:Edition ;"
        " dcat:inSeries ?series ; dcterms:identifier ?identifier ; rdfs:label ?label ;"
        " tip:year ?year . ?series dcterms:publisher ?publisher } ORDER BY ?identifier"
    )
    known: dict[str, Row] = {}
    for row in rows:
        title = str(row["label"]).partition(f" {row['year']}, ")[0]
        begins = str(row["identifier"]).partition(f"-{row['year']}-")[0]
        known[begins] = {**row, "title": title}
    if wanted not in known:
        called = entities.labels(engine, (str(row["series"]) for row in known.values()))
        there = ", ".join(f"{name} ({called[str(row['series'])]})" for name, row in known.items())
        raise UsageError(f"no series of editions is called {wanted!r}; there is {there}")
    return known[wanted]


def _country(engine: Engine, letters: str) -> Country:
    rows = engine.select(
        "SELECT ?country ?name ?listed ?government { ?country a tip:Country ;"
        f" tip:alpha2 {Literal(letters.upper())} ; skos:prefLabel ?name"
        " OPTIONAL { ?government a tip:Government ; dcterms:spatial ?country }"
        " BIND(EXISTS { ?country skos:inScheme code:countries } AS ?listed) } ORDER BY ?government"
    )
    if not rows:
        raise UsageError(
            f"no country has the two letters {letters.upper()!r}; ISO 3166-1 tells which it has"
        )
    row = rows[0]
    government = row["government"]
    return Country(
        iri=str(row["country"]),
        name=str(row["name"]),
        listed=bool(row["listed"]),
        government=None if government is None else str(government),
    )
