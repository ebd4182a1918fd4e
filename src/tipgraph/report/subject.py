"""The subject of a report: an edition, and a selection of its statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.entities import Labels
from tipgraph.entities.editions import Choice, Edition
from tipgraph.errors import UsageError
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.queries.parameters import Parameter
from tipgraph.rdf.sparql import terms as values
from tipgraph.render.results import names
from tipgraph.store.engine import Engine, Rows, matching

# The title of the section of figures that other publishers have.
OF_OTHERS = "Figures of other publishers"
# The names of columns that have the statement of a row.
STATEMENT = ("statement", "entitlement", "finding")


@dataclass(frozen=True)
class Subject:
    """An edition with the stored queries to ask about it.

    `topic` is the IRI of what they are on, and `statements` has their IRIs; None means all. `texts`
    are those whose sentences the report shows, by the IRI of their edition.
    """

    engine: Engine
    queries: Mapping[str, StoredQuery]
    edition: Edition
    topic: str | None = None
    statements: Collection[str] | None = None
    # Several parts of a report use the rows of one query.
    known: dict[tuple[object, ...], Rows] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def country(self) -> str:
        """The label of the country of the edition."""
        return entities.label(self.engine, self.edition.area)

    def rows(self, query: str, **parameters: str) -> Rows:
        """The rows of a stored query on the edition."""
        return self.rows_of(query, edition=self.edition.slug, **parameters)

    def names(self, rows: Rows) -> Labels:
        """The label of each IRI in the rows, without the country, which the report is on."""
        known = names(self.engine, rows)
        country = f" ({self.country})"
        return Labels({iri: label.removesuffix(country) for iri, label in known.items()})

    def unmentioned(self) -> Rows:
        """The rows on topics, of those wanted, on which the edition has no statement."""
        return self.rows("unmentioned-topics", **({"topic": self.topic} if self.topic else {}))

    def figures_of_others(self) -> Rows:
        """The figures that other publishers have on the country: persons, on a topic all units."""
        unit = {"unit": None} if self.topic else {}
        rows = self.rows_of("compare-sources", area=last_part(self.edition.area), **unit)
        others = {*map(str, rows.column("publisher"))} - {self.edition.publisher}
        return rows.where("publisher", others)

    def rows_of(self, query: str, **parameters: str | tuple[str, ...] | None) -> Rows:
        """The rows of a stored query, of the wanted statements alone; None stands for any value."""
        key = query, *sorted(parameters.items())
        if key not in self.known:
            bound = self.queries[query].bind(self.engine, parameters)
            self.known[key] = self._wanted(self.engine.select(bound.text))
        return self.known[key]

    def _wanted(self, rows: Rows) -> Rows:
        column = statement_column(rows)
        if self.statements is None or column is None:
            return rows
        return rows.where(column, self.statements)


def statement_column(rows: Rows) -> str | None:
    """The column that has the statement of each row, if any."""
    return next((name for name in STATEMENT if name in rows.columns), None)


def choose(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    areas: Sequence[str],
    editions: Sequence[str],
    topic: str | None,
) -> list[Subject]:
    """The editions that names of areas and of editions select, by area in the given order.

    Without `editions`, the newest of each area, as `entities.editions` decides. Raises UsageError
    for an unknown name, and when nothing is selected.
    """
    choice = Choice(engine)
    found: dict[str, Edition] = {}
    for area in areas or [""]:
        for name in editions or filter(None, [area]):
            found |= {each.iri: each for each in choice.select(name, [area] if area else [])}
    if not found:
        raise UsageError("nothing to report on; name an area, such as --area BEL")
    statements = None
    if topic:
        topic = Parameter("topic", "code:topics").term(engine, topic).value
        statements = _on_topic(engine, queries, topic, found.values())
    return [Subject(engine, queries, each, topic, statements) for each in found.values()]


def _on_topic(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    topic: str,
    editions: Iterable[Edition],
) -> set[str]:
    """The statements on a topic or a narrower one, those of documents too.

    Raises UsageError for an unknown topic.
    """
    areas = dict.fromkeys(last_part(each.area) for each in editions)
    given = ({"topic": topic, "edition": "all", "area": area} for area in areas)
    rows = (engine.select(queries["statements"].bound(engine, each)) for each in given)
    pattern = (
        f"VALUES ?area {{ {values(each.area for each in editions)} }}"
        f" ?topic skos:broader* {NamedNode(topic)} . ?thing tip:topic ?topic ;"
        " tip:document/dcterms:spatial ?area"
    )
    of_editions = (str(each) for found in rows for each in found.column("statement"))
    return {*of_editions, *matching(engine, pattern)}
