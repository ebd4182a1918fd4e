"""Questions on every country, written from tables of what its editions state, and their answers.

questions.tsv names the stored query that answers each, and the cells that one row has, or one row
for each alternative between bars. A text may be part of a cell.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from tipgraph.graph import LocalGraph
from tipgraph.rdf.terms import Value

TABLE = Path(__file__).parent / "questions.tsv"
Question = dict[str, str]


def questions() -> list[Question]:
    with TABLE.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))


def pairs(text: str) -> dict[str, str]:
    """`area=GRC; edition=all` as a dictionary."""
    return dict(each.split("=", 1) for each in text.split("; "))


def has(row: Mapping[str, Value], cells: Mapping[str, str]) -> bool:
    def fits(name: str, wanted: str) -> bool:
        cell = "" if row[name] is None else str(row[name])
        return (
            cell == wanted if name in ("value", "amount") else wanted.casefold() in cell.casefold()
        )

    return all(fits(*cell) for cell in cells.items())


@pytest.mark.slow(reason="It reads the editions of all countries.")
@pytest.mark.parametrize("area", sorted({each["area"] for each in questions()}))
def test_stored_queries_answer_questions_on_every_country(area, everything: LocalGraph):
    missing = []
    for each in questions():
        if each["area"] != area:
            continue
        rows = list(
            everything.labelled(everything.rows(each["query"], **pairs(each["parameters"])))
        )
        missing += [
            (each["asks"], cells)
            for cells in each["expected"].split(" | ")
            if not any(has(row, pairs(cells)) for row in rows)
        ]
    assert missing == []


def test_table_has_five_questions_for_a_country_on_average() -> None:
    asked = [each["area"] for each in questions()]

    assert len(asked) >= 5 * 30
