"""A table of figures turned into Turtle, edition by edition."""

from collections.abc import Sequence

from tipgraph import knowledge
from tipgraph.authoring import consistency, observations, table
from tipgraph.authoring.figures import Figure, resolved
from tipgraph.authoring.table import Line
from tipgraph.engines import Engine
from tipgraph.vocabulary import last_part


def figures_of(file: str, folder: str | None = None) -> dict[str, str]:
    """The figures of a table as Turtle, a text for each edition, by the edition's short name.

    The editions are those of the shipped graph and of the folder. Raises InputError for what cannot
    be read, and TableError, with all faults, for a table that cannot be meant.
    """
    lines = table.read(file)
    engine = knowledge.open(*([folder] if folder else [])).engine
    made = observations.turtle(engine, meant(engine, file, lines))
    return {last_part(edition): text for edition, text in made.items()}


def meant(engine: Engine, file: str, lines: Sequence[Line]) -> list[Figure]:
    """The rows as figures that agree with each other and with the graph. Raises TableError."""
    found = resolved(engine, file, lines)
    consistency.check(engine, file, found)
    return found
