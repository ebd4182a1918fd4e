"""Explain in lines of text why a query has no rows."""

from collections.abc import Iterator

from tipgraph import entities
from tipgraph.entities.absence import Absence
from tipgraph.queries.catalogue import command
from tipgraph.queries.no_rows import Code, NoRows
from tipgraph.text import join, plural

NOT_ZERO = "no rows; that is not zero"
# The whole explanation where nothing more is known.
GENERAL = f"{NOT_ZERO} (see the queries not-reported and unmentioned-topics)"


def lines(found: NoRows) -> list[str]:
    """The explanation, a line each; the first says that no rows is not zero."""
    rest = [*_alternatives(found), *(line for code in found.codes for line in _code(code))]
    return [NOT_ZERO, *rest] if rest else [GENERAL]


def _alternatives(found: NoRows) -> Iterator[str]:
    for each in found.alternatives:
        line = command(found.query, each.parameters)
        yield f"{plural(each.rows, 'row')} for {each.label} ({each.relation}): {line}"


def _code(code: Code) -> Iterator[str]:
    for absence in code.absences:
        if absence.read_in_full:
            yield f"{code.label}: not stated in {absence.place}, read in full"
            yield from _nearest(absence)
    partial = [entities.slug(each.edition) for each in code.absences if not each.read_in_full]
    if partial:
        yield f"{code.label}: not extracted from {join(partial)}, read in part"
    if code.statements:
        count = plural(code.statements, "statement")
        yield f"{code.label}: {count} in all, none of them a row: tipgraph show {code.name}"


def _nearest(absence: Absence) -> Iterator[str]:
    for near in absence.nearest:
        places = " ".join(dict.fromkeys(each.place for each in near.passages))
        yield f"  nearest: {places} {near.label} ({'; '.join(near.reasons)})"
