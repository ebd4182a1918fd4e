"""A table of figures turned into Turtle, edition by edition."""

from tipgraph import knowledge
from tipgraph.authoring import consistency, observations, table
from tipgraph.authoring.figures import resolved
from tipgraph.vocabulary import last_part


def figures_of(file: str, folder: str | None = None) -> dict[str, str]:
    """The figures of a table as Turtle, a text for each edition, by the edition's short name.

    The editions are those of the shipped graph and of the folder. Raises InputError for what cannot
    be read, and TableError, with all faults, for a table that cannot be meant.
    """
    lines = table.read(file)
    graph = knowledge.open(*([folder] if folder else []))
    found = resolved(graph.engine, file, lines)
    consistency.check(graph.engine, file, found)
    made = observations.turtle(graph.engine, found)
    return {last_part(edition): text for edition, text in made.items()}
