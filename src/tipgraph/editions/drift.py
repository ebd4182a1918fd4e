"""The table of a folder, held against the figures that were made from it."""

from collections.abc import Iterator, Sequence
from os.path import isfile, join

from pyoxigraph import NamedNode, RdfFormat, parse

from tipgraph import graph
from tipgraph.editions import observations
from tipgraph.editions.figures import Figure, iri
from tipgraph.editions.findings import Finding, finding
from tipgraph.editions.folder import Folder
from tipgraph.editions.import_figures import meant
from tipgraph.editions.table import MADE_FILE, TABLE_FILE, TableError, is_begun, read
from tipgraph.errors import InputError
from tipgraph.validate.report import Place

MISSING = "its figures are not in the graph yet; import it ('tipgraph import-figures')"
DIFFERS = (
    f"{MADE_FILE} is not what this table makes; import it again, and keep what you write by hand"
    " in another file"
)


def findings(found: Folder, beside: Sequence[str]) -> Iterator[Finding]:
    """What is at fault in the table, or that the figures are not those of the table.

    It is read as `import-figures` reads it, with the data beside it as well. Nothing is told of a
    table that has no figure yet, or when not all of the folder can be read.
    """
    file = join(found.path, TABLE_FILE)
    if found.faults or not isfile(file):
        return
    try:
        if is_begun(file):
            lines = read(file)
            engine = graph.open(*beside, found.path).engine
            figures = meant(engine, file, lines)
            made = observations.turtle(engine, figures).get(found.edition, "")
            yield from _differing(found, file, figures, made)
    except TableError as error:
        for fault in error.faults:
            told = f"column {fault.column}: {fault.message}" if fault.column else fault.message
            yield finding(Place(file, fault.line, 1), "table", told)
    except InputError as error:
        yield finding(Place(file), "unreadable", str(error).removeprefix(f"{file}: "))


def _differing(found: Folder, file: str, figures: list[Figure], made: str) -> Iterator[Finding]:
    """That the figures differ, at the first line from which another comes."""
    wanted = {quad.triple for quad in parse(made, RdfFormat.TURTLE)}
    beside = join(found.path, MADE_FILE)
    told = {each.quad.triple for each in found.stated if each.subject.file == beside}
    differing = {triple.subject for triple in wanted ^ told}
    if differing:
        lines = [each.line for each in figures if NamedNode(iri(each)) in differing]
        message = DIFFERS if told else MISSING
        yield finding(Place(file, min(lines, default=1), 1), "table", message)
