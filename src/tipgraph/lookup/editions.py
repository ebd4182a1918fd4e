"""Editions: the yearly reports on one country that the statements come from."""

from collections.abc import Iterable
from dataclasses import dataclass

from tipgraph.lookup import entities
from tipgraph.namespaces import CODE, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value
from tipgraph.store.engine import Engine

COMPLETE = CODE + "complete"
# Each field of an edition as SPARQL selects it. All are optional: an edition may be unfinished.
FIELDS = {
    "label": "rdfs:label",
    "year": "tip:year",
    "area": "dcterms:spatial",
    "coverage": "tip:coverage",
    "page": "dcat:landingPage",
    "section": "tip:section",
    "series": "dcat:inSeries",
    "publisher": "dcterms:publisher",
    "publisher_label": "dcterms:publisher/rdfs:label",
    "reporting_period": "tip:reportingPeriod",
}


@dataclass(frozen=True)
class Edition:
    """An edition as the graph describes it.

    `area`, `coverage`, `series`, `publisher` and `reporting_period` are IRIs, and `page` is the
    address of the public page. A value that the graph does not have is empty; a missing year is 0,
    and a missing label is the short name.
    """

    iri: str
    label: str
    year: int
    area: str
    coverage: str
    page: str
    section: str
    series: str
    publisher: str
    publisher_label: str
    reporting_period: str

    @property
    def slug(self) -> str:
        """The short name, such as `tip-2021-be`."""
        return last_part(self.iri)

    @property
    def is_complete(self) -> bool:
        """Whether the whole section was read, so that what is missing was not stated."""
        return self.coverage == COMPLETE


def editions(engine: Engine, iris: Iterable[str] | None = None) -> dict[str, Edition]:
    """All editions of the graph by IRI, or those of `iris`; the oldest first."""
    wanted = "?iri a tip:Edition" if iris is None else f"VALUES ?iri {{ {terms(iris)} }}"
    optional = " ".join(f"OPTIONAL {{ ?iri {path} ?{name} }}" for name, path in FIELDS.items())
    variables = " ".join(f"?{name}" for name in FIELDS)
    rows = engine.select(
        f"SELECT DISTINCT ?iri {variables} {{ {wanted} {optional} }} ORDER BY ?year ?label ?iri"
    )
    found: dict[str, Edition] = {}
    for row in rows:
        found.setdefault(str(row["iri"]), _edition(row))
    return found


def edition(engine: Engine, name: str) -> Edition:
    """The edition with this IRI, short name or label.

    Raises UsageError when the name is unknown or ambiguous.
    """
    known = editions(engine)
    return known[entities.resolve(engine, name, known)]


def _edition(row: dict[str, Value]) -> Edition:
    iri = str(row["iri"])
    values = {name: "" if row[name] is None else str(row[name]) for name in FIELDS}
    label, year = values.pop("label"), values.pop("year")
    return Edition(
        iri=iri,
        label=label or last_part(iri),
        year=int(year) if year.isdecimal() else 0,
        **values,
    )
