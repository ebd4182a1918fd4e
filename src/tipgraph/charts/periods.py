"""Periods on a scale of years."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tipgraph.errors import UsageError
from tipgraph.namespaces import last_part
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine

# Two periods follow each other when no more than this is between them: a day, in years.
DAY = 1 / 365


@dataclass(frozen=True)
class Period:
    """A time from its beginning to its end, in years: 2020 goes from 2020.0 to 2021.0."""

    label: str
    start: float
    end: float

    @property
    def place(self) -> float:
        """Where it stands on the axis, on which a year's number is its middle."""
        return (self.start + self.end) / 2 - 0.5

    @property
    def order(self) -> tuple[float, float]:
        """What periods are sorted by: their places, and of equal ones the shorter first."""
        return self.place, self.end - self.start

    @property
    def ends(self) -> tuple[float, float]:
        """Where it begins and ends on that axis."""
        return self.start - 0.5, self.end - 0.5

    @property
    def is_year(self) -> bool:
        return self.label == str(round(self.start)) and abs(self.end - self.start - 1) < DAY

    def precedes(self, other: "Period") -> bool:
        """Whether the other is as long and follows at once."""
        lengths = self.end - self.start, other.end - other.start
        return abs(self.end - other.start) < DAY and abs(lengths[0] - lengths[1]) < 2 * DAY


def periods(engine: Engine, iris: Iterable[str]) -> dict[str, Period]:
    """The periods by their IRIs. Raises UsageError for one whose bounds the graph does not have."""
    wanted = list(iris)
    rows = engine.select(
        f"SELECT ?period ?label ?start ?end {{ VALUES ?period {{ {terms(wanted)} }}"
        " ?period rdfs:label ?label ; tip:start ?start ; tip:end ?end }"
    )
    found = {
        str(row["period"]): Period(str(row["label"]), _years(row["start"]), _years(row["end"]))
        for row in rows
    }
    for iri in wanted:
        if iri not in found:
            raise UsageError(
                f"the period {last_part(iri)} cannot be drawn: it needs rdfs:label, tip:start and"
                " tip:end"
            )
    return found


def _years(moment: object) -> float:
    """An instant in years; the day of a leap year is a little shorter."""
    at = datetime.fromisoformat(str(moment))
    year = datetime(at.year, 1, 1, tzinfo=at.tzinfo)
    following = datetime(at.year + 1, 1, 1, tzinfo=at.tzinfo)
    return at.year + (at - year) / (following - year)
