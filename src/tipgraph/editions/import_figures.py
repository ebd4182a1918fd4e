"""A table of figures turned into Turtle, edition by edition."""

from collections.abc import Sequence

from tipgraph import graph
from tipgraph.editions import consistency, observations, table
from tipgraph.editions.figures import Figure, resolved
from tipgraph.editions.table import Line
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine


def figures_of(file: str, folder: str | None = None) -> dict[str, str]:
    """The figures of a table as Turtle, a text for each edition, by the edition's short name.

    The editions are those of the shipped graph and of the folder. Raises InputError for what cannot
    be read, and TableError, with all faults, for a table that cannot be meant.
    """
    lines = table.read(file)
    engine = graph.open(*([folder] if folder else [])).engine
    made = observations.turtle(engine, meant(engine, file, lines))
    return {last_part(edition): text for edition, text in made.items()}


def meant(engine: Engine, file: str, lines: Sequence[Line]) -> list[Figure]:
    """The rows as figures that agree with each other and with the graph. Raises TableError."""
    found = resolved(engine, file, lines)
    consistency.check(engine, file, found)
    return found
