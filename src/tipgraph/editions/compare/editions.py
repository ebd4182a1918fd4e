"""An edition that is set against another, and what its silence means."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from tipgraph.errors import UsageError
from tipgraph.lookup import entities
from tipgraph.namespaces import CODE, last_part
from tipgraph.store.engine import Engine

COMPLETE = CODE + "complete"


@dataclass(frozen=True)
class Edition:
    """An edition by its IRI and label, its country, and whether all of it is held."""

    iri: str
    label: str
    area: str
    year: int
    page: str
    complete: bool

    @property
    def name(self) -> str:
        return last_part(self.iri)

    @property
    def lack(self) -> str:
        """What it means that the graph does not have something of this edition."""
        if self.complete:
            return f"not stated in {self.label}"
        return f"not found in what was read of {self.label}"


def pair(engine: Engine, one: str, other: str) -> tuple[Edition, Edition]:
    """The two editions.

    Raises UsageError when one is unknown, when they are the same, or of two countries.
    """
    first, second = (_edition(engine, name) for name in (one, other))
    if first == second:
        raise UsageError(f"{first.name} is set against itself; name two editions")
    if first.area != second.area:
        raise UsageError(
            f"{first.name} and {second.name} are of two countries;"
            " 'tipgraph query compare-countries' sets countries side by side"
        )
    return first, second


def _edition(engine: Engine, name: str) -> Edition:
    known = engine.select("SELECT DISTINCT ?iri { ?iri a tip:Edition }").column("iri")
    iri = entities.resolve(engine, name, map(str, known))
    (row, *_) = engine.select(
        f"SELECT ?area ?year ?coverage ?page {{ {NamedNode(iri)} dcterms:spatial ?area ;"
        " tip:year ?year ; tip:coverage ?coverage ; dcat:landingPage ?page }"
    )
    return Edition(
        iri=iri,
        label=entities.label(engine, iri),
        area=str(row["area"]),
        year=int(str(row["year"])),
        page=str(row["page"]),
        complete=row["coverage"] == COMPLETE,
    )
