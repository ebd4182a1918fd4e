"""What `tipgraph assess` tells in tables: what can be said of a case, and all combinations."""

from tipgraph.assess.case import Case
from tipgraph.assess.evaluate import assess
from tipgraph.assess.formats.json import heading
from tipgraph.assess.formats.wording import notice, person, words
from tipgraph.assess.matrix import Group, matrix
from tipgraph.assess.regime import Regime
from tipgraph.errors import UsageError
from tipgraph.namespaces import last_part
from tipgraph.render import results, tables

FACT_COLUMNS = ("fact", "meaning", "bears on", "sentences")


def facts(regime: Regime, style: str | None) -> str:
    """The facts on which something turns. Raises UsageError for Turtle."""
    rows = regime.described_facts()
    match style:
        case "json":
            return results.dumps([dict(zip(FACT_COLUMNS, row, strict=True)) for row in rows])
        case "markdown":
            return results.markdown(FACT_COLUMNS, rows)
        case "turtle":
            raise UsageError("--facts is written as text, markdown or json")
        case _:
            said = (
                f"Of a case of {last_part(regime.edition)} can be said: citizenship, age,"
                " unaccompanied,\nand whether these facts are met or not:"
            )
            return f"{said}\n\n{tables.table(FACT_COLUMNS, rows)}"


def combinations(regime: Regime, case: Case, style: str | None) -> str:
    """What hangs on the facts that the case does not tell. Raises UsageError as `matrix`."""
    if style == "turtle":
        raise UsageError("--matrix is written as text, markdown or json")
    groups = matrix(regime, case)
    told = assess(regime, case).answer
    if style == "json":
        return results.dumps({**heading(told), "groups": [each.as_dict() for each in groups]})
    said = [f"{name}: {told_of_it}" for name, told_of_it in person(told)]
    if style == "markdown":
        drawn = [results.markdown((*each.facts, *each.names), each.cells()) for each in groups]
        case_lines = "".join(f"- {line}\n" for line in said)
        return "\n".join([f"> {notice(told)} <{told.source.page}>\n", case_lines, *drawn])
    ahead = "\n".join([notice(told), told.source.page, "", *said])
    return "\n".join([f"{ahead}\n", *map(_drawn, groups)])


def _drawn(group: Group) -> str:
    """As words, which can stand one below the other where a row is long."""
    columns = list(map(words, (*group.facts, *group.names)))
    return tables.answer(columns, [list(map(words, row)) for row in group.cells()])
