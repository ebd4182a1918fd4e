"""The points of a series: a figure each, with its period and the source that has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tipgraph.charts.table import CitedEdition
from tipgraph.errors import UsageError
from tipgraph.namespaces import last_part
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value
from tipgraph.store.engine import Engine

# A day in years. Consecutive periods have at most this between them.
DAY = 1 / 365


@dataclass(frozen=True)
class Period:
    """A time in decimal years: 2020 starts at 2020.0 and ends at 2021.0."""

    label: str
    start: float
    end: float

    @property
    def middle(self) -> float:
        """Its place on an axis where a year's number is the middle of the year."""
        return (self.start + self.end) / 2 - 0.5

    @property
    def sort_key(self) -> tuple[float, float]:
        """By place, and at one place the shorter first."""
        return self.middle, self.end - self.start

    @property
    def span(self) -> tuple[float, float]:
        """Start and end on that axis."""
        return self.start - 0.5, self.end - 0.5

    @property
    def is_year(self) -> bool:
        return self.label == str(round(self.start)) and abs(self.end - self.start - 1) < DAY

    def precedes(self, other: "Period") -> bool:
        """Return whether the other is as long and follows immediately."""
        lengths = self.end - self.start, other.end - other.start
        return abs(self.end - other.start) < DAY and abs(lengths[0] - lengths[1]) < 2 * DAY


@dataclass(frozen=True)
class Point:
    """A figure of a source; `wording` is its indicator or part where another was asked for.

    `qualifier` is the source's word that makes the value less than exact, such as `at least`.
    """

    period: Period
    value: Value
    approximate: bool
    citation: CitedEdition
    wording: str
    notes: tuple[str, ...]
    counter: str = ""
    qualifier: str = ""

    @property
    def is_exact(self) -> bool:
        return not (self.approximate or self.qualifier)

    @property
    def is_beside(self) -> bool:
        """Return whether it is of a document beside the editions."""
        return self.citation.is_document

    @property
    def key(self) -> str:
        """Its entry in the legend."""
        name = self.citation.name
        return f"{name}, worded “{self.wording}”" if self.wording else name


def periods(engine: Engine, iris: Iterable[str]) -> dict[str, Period]:
    """The periods by IRI. Raises UsageError for one without a label, a start or an end."""
    wanted = list(iris)
    rows = engine.select(
        f"SELECT ?period ?label ?start ?end {{ VALUES ?period {{ {terms(wanted)} }}"
        " ?period rdfs:label ?label ; tip:start ?start ; tip:end ?end }"
    )
    found = {
        str(row["period"]): Period(
            str(row["label"]), _decimal_year(row["start"]), _decimal_year(row["end"])
        )
        for row in rows
    }
    for iri in wanted:
        if iri not in found:
            raise UsageError(
                f"cannot draw the period {last_part(iri)}; give it rdfs:label, tip:start and"
                " tip:end"
            )
    return found


def _decimal_year(moment: object) -> float:
    """An ISO 8601 date and time in years."""
    at = datetime.fromisoformat(str(moment))
    year = datetime(at.year, 1, 1, tzinfo=at.tzinfo)
    following = datetime(at.year + 1, 1, 1, tzinfo=at.tzinfo)
    return at.year + (at - year) / (following - year)
