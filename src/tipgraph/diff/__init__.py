"""Two editions on one country, side by side: figures, norms, claims and non-reports."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from tipgraph.diff.document import absence, document
from tipgraph.diff.figures import Figures, figures
from tipgraph.diff.statements import CLAIMS, NON_REPORTS, Topic, by_topic, norms
from tipgraph.entities.editions import Edition, edition
from tipgraph.errors import UsageError
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.render.page import fragment
from tipgraph.show.statements import statements
from tipgraph.store.engine import Engine


class TwoCountriesError(UsageError):
    """The two editions are about two countries."""


@dataclass(frozen=True)
class Difference:
    """Two editions on one country, side by side."""

    earlier: Edition
    later: Edition
    figures: Figures
    norms: tuple[Topic, ...]
    claims: tuple[Topic, ...]
    non_reports: tuple[Topic, ...]

    def _repr_html_(self) -> str:
        return fragment(document(self))

    def as_dict(self) -> dict[str, Any]:
        """The comparison for JSON."""
        entry: dict[str, Any] = _as_json(asdict(self))
        for name, each in (("earlier", self.earlier), ("later", self.later)):
            entry[name] |= {"complete": each.is_complete, "absence": absence(each)}
        return entry


def compare(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    one: str,
    other: str,
    area: str | None = None,
) -> Difference:
    """Compare two editions, each given by IRI, short name or label, the earlier one first.

    With `area`, a year is a name too. `queries` is the catalogue. Raises UsageError when an edition
    is unknown, when the two are the same, or when they are about two countries.
    """
    found = [edition(engine, name, area) for name in (one, other)]
    earlier, later = sorted(found, key=lambda each: (each.year, each.iri))
    if earlier == later:
        raise UsageError(f"{later.slug} cannot be compared with itself; name two editions")
    if earlier.area != later.area:
        raise TwoCountriesError(
            f"{found[0].slug} and {found[1].slug} are about two countries;"
            " use 'tipgraph query compare-countries' to compare countries"
        )
    stated = statements(engine, [earlier.iri, later.iri])
    sides = [stated.get(each.iri, ()) for each in (earlier, later)]
    return Difference(
        earlier,
        later,
        figures(engine, queries, earlier, later),
        tuple(norms(engine, sides)),
        by_topic(engine, CLAIMS, sides),
        by_topic(engine, NON_REPORTS, sides),
    )


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
