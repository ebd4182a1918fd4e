"""Comparison of two editions of one country: figures, norms, claims and non-reports."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from tipgraph.editions.compare.figures import Figures, compare_figures
from tipgraph.editions.compare.statements import (
    Claims,
    Norms,
    compare_claims,
    compare_non_reports,
    compare_norms,
)
from tipgraph.entities.editions import Edition, edition
from tipgraph.errors import UsageError
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.store.engine import Engine


class TwoCountriesError(UsageError):
    """The two editions are about two countries."""


@dataclass(frozen=True)
class Difference:
    """The comparison of two editions."""

    earlier: Edition
    later: Edition
    figures: Figures
    norms: Norms
    claims: Claims
    non_reports: Claims

    @property
    def backwards(self) -> bool:
        """Return whether `earlier`, the edition that is named first, is the later one."""
        return self.earlier.year > self.later.year

    def as_dict(self) -> dict[str, Any]:
        """The comparison for JSON, with the computed values of the figures."""
        entry: dict[str, Any] = _as_json(asdict(self))
        for change, values in zip(self.figures.changes, entry["figures"]["changes"], strict=True):
            values["difference"] = _as_json(change.difference)
            values["percent"] = _as_json(change.percent)
            values["direction"] = change.direction
        entry["backwards"] = self.backwards
        entry["earlier"] = _edition(self.earlier)
        entry["later"] = _edition(self.later)
        return entry


def compare(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    earlier: str,
    later: str,
    area: str | None = None,
) -> Difference:
    """The difference between two editions, each given by IRI, short name or label.

    With `area`, a year is a name too. `queries` is the catalogue; its `figures` and `revisions` are
    run. Raises UsageError when an edition is unknown, when the two are the same, or when they are
    about two countries.
    """
    one, other = _editions(engine, earlier, later, area)
    return Difference(
        one,
        other,
        compare_figures(engine, queries, one, other),
        compare_norms(engine, one, other),
        compare_claims(engine, one, other),
        compare_non_reports(engine, one, other),
    )


def absence(edition: Edition) -> str:
    """Return the words for a statement that the graph does not have from this edition.

    If only a part of the edition was read, the statement may be in the other part.
    """
    if edition.is_complete:
        return f"not stated in {edition.label}"
    return f"not found in what was read of {edition.label}"


def _editions(
    engine: Engine, earlier: str, later: str, area: str | None
) -> tuple[Edition, Edition]:
    one, other = edition(engine, earlier, area), edition(engine, later, area)
    if one == other:
        raise UsageError(f"{one.slug} cannot be compared with itself; name two editions")
    if one.area != other.area:
        raise TwoCountriesError(
            f"{one.slug} and {other.slug} are about two countries;"
            " use 'tipgraph query compare-countries' to compare countries"
        )
    return one, other


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "iri": edition.iri,
        "label": edition.label,
        "area": edition.area,
        "year": edition.year,
        "page": edition.page,
        "complete": edition.is_complete,
        "absence": absence(edition),
    }


def _as_json(value: Any) -> Any:
    """The value with JSON numbers for decimals."""
    match value:
        case dict():
            return {name: _as_json(each) for name, each in value.items()}
        case list() | tuple():
            return [_as_json(each) for each in value]
        case Decimal():
            return int(value) if value == int(value) else float(value)
        case _:
            return value
