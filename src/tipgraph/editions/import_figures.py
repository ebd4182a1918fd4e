"""Import of a table of figures: the Turtle for each edition in it."""

from dataclasses import dataclass
from os.path import abspath, basename, isdir, join

from tipgraph.editions.consistency import check_consistency
from tipgraph.editions.figures import FigureRow, resolve_rows
from tipgraph.editions.observations import figures_turtle
from tipgraph.editions.table import TURTLE_FILE, read_table
from tipgraph.errors import InputError, UsageError
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine


@dataclass(frozen=True)
class ImportedFigures:
    """The figures of a table, and a Turtle file with those of each edition, by its short name."""

    figures: tuple[FigureRow, ...]
    turtle: dict[str, str]

    @property
    def single(self) -> str:
        """The Turtle of the only edition. Raises UsageError when there are several."""
        if len(self.turtle) != 1:
            raise UsageError(
                f"the table has figures of {len(self.turtle)} editions; choose a folder for them"
                " with --into"
            )
        return next(iter(self.turtle.values()))

    def files(self, folder: str) -> dict[str, str]:
        """The Turtle by file: in the folder of an edition, or in a folder of such folders.

        Raises InputError when an edition has no folder.
        """
        if [basename(abspath(folder))] == list(self.turtle):
            return {join(folder, TURTLE_FILE): text for text in self.turtle.values()}
        for edition in self.turtle:
            if not isdir(join(folder, edition)):
                raise InputError(
                    f"{folder}: this is not the folder of {edition}, and has no folder {edition}"
                )
        return {join(folder, edition, TURTLE_FILE): text for edition, text in self.turtle.items()}


def import_figures(engine: Engine, file: str) -> ImportedFigures:
    """The figures of a table as Turtle.

    The engine's graph has the editions of the table. Raises InputError when the file cannot be
    read, and TableError when names are unknown or figures contradict each other or the graph.
    """
    figures = resolve_rows(engine, file, read_table(file))
    check_consistency(engine, file, figures)
    turtle = figures_turtle(engine, figures)
    return ImportedFigures(
        tuple(figures), {last_part(edition): text for edition, text in turtle.items()}
    )
