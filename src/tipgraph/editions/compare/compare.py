"""The difference between two editions as one object."""

from dataclasses import asdict, dataclass
from typing import Any

from tipgraph.editions.compare.claims import Claims, claims, gaps
from tipgraph.editions.compare.editions import Edition, pair
from tipgraph.editions.compare.figures import Figures, figures
from tipgraph.editions.compare.norms import Norms, norms
from tipgraph.graph import Graph


@dataclass(frozen=True)
class Difference:
    """What the graph holds of two editions, set against each other."""

    earlier: Edition
    later: Edition
    figures: Figures
    norms: Norms
    claims: Claims
    gaps: Claims

    @property
    def backwards(self) -> bool:
        """Whether `earlier`, the edition that is named first, is the later one."""
        return self.earlier.year > self.later.year

    def as_dict(self) -> dict[str, Any]:
        """For JSON; what is computed of figures and the links of passages are told too."""
        told: dict[str, Any] = _plain(asdict(self))
        for change, entry in zip(self.figures.changes, told["figures"]["changes"], strict=True):
            percent = change.percent
            entry["difference"] = _number(change.difference)
            entry["percent"] = None if percent is None else _number(percent)
            entry["direction"] = change.direction
        told["backwards"] = self.backwards
        for edition, entry in ((self.earlier, told["earlier"]), (self.later, told["later"])):
            entry["lack"] = edition.lack
        return told


def difference(graph: Graph, earlier: str, later: str) -> Difference:
    """The difference between two editions, named as elsewhere.

    Raises UsageError when one is unknown, when they are the same, or of two countries.
    """
    one, other = pair(graph.engine, earlier, later)
    return Difference(
        one,
        other,
        figures(graph, one, other),
        norms(graph.engine, one, other),
        claims(graph.engine, one, other),
        gaps(graph.engine, one, other),
    )


def _plain(value: Any) -> Any:
    """Numbers as JSON has them."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return _number(value) if type(value).__name__ == "Decimal" else value


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)
