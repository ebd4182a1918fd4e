"""A table of figures turned into Turtle, edition by edition."""

from tipgraph import knowledge
from tipgraph.authoring import consistency, observations, table
from tipgraph.authoring.figures import Figure, resolved
from tipgraph.engines import Engine
from tipgraph.vocabulary import last_part


def figures_of(file: str, folder: str | None = None) -> dict[str, str]:
    """The figures of a table as Turtle, a text for each edition, by the edition's short name.

    The editions are those of the shipped graph and of the folder. Raises InputError for what cannot
    be read, and TableError, with all faults, for a table that cannot be meant.
    """
    engine = knowledge.open(*([folder] if folder else [])).engine
    made = observations.turtle(engine, meant(engine, file))
    return {last_part(edition): text for edition, text in made.items()}


def meant(engine: Engine, file: str) -> list[Figure]:
    """The figures of a table that agree with each other and with the graph. Raises as above."""
    found = resolved(engine, file, table.read(file))
    consistency.check(engine, file, found)
    return found
