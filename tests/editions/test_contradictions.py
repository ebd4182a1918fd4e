"""Figures of a table that contradict each other or the graph, and those that do not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.editions.test_import_figures import ALLOCATION, HEAD, Cells, written
from tipgraph import LocalGraph
from tipgraph.editions.import_figures import import_figures
from tipgraph.editions.table import TableError, read_table

# An edition of the shipped graph, which has no figures of 2012, nor of victims registered.
PAGE = "https://www.state.gov/reports/2020-trafficking-in-persons-report/belgium/"
PAID_TWICE = "add 'converted' to the note of each amount except the one in the currency that was"
OVERLAP = (
    "; if the source says that they overlap, add 'parts overlap' to the note there; if it does not"
    " explain it, say so in a column caution"
)

Problems = Callable[..., list[str]]


def row(
    part: str,
    value: int,
    note: str = "",
    *more: str,
    period: str = "2012",
    indicator: str = "victims registered",
    unit: str = "persons",
    by: str = "government",
) -> Cells:
    return ("BEL", "2020", PAGE, indicator, period, part, str(value), unit, by, note, *more)


def paid(value: int, unit: str, note: str = "", period: str = "2012") -> Cells:
    return row("total", value, note, period=period, indicator=ALLOCATION, unit=unit)


@pytest.fixture
def problems(shipped: LocalGraph, tmp_path: Path) -> Problems:
    """Imports rows, and returns line, column and message of each error."""

    def problems(*rows: Cells, head: str = HEAD) -> list[str]:
        file = tmp_path / "figures.csv"
        file.write_text(written(*rows, head=head), encoding="utf-8", newline="")
        try:
            import_figures(shipped.engine, str(file), read_table(str(file)))
        except TableError as error:
            return [f"{each.line} {each.column}: {each.message}" for each in error.errors]
        return []

    return problems


def test_parts_may_be_as_large_as_their_total(problems: Problems) -> None:
    assert problems(row("total", 100), row("women", 100)) == []
    assert problems(row("total", 100), row("women", 60), row("men", 40)) == []


def test_parts_without_a_total_are_not_compared(problems: Problems) -> None:
    assert problems(row("women", 60), row("total", 50, period="2013")) == []
    assert problems(row("women", 60), row("total", 50, indicator="victims assisted")) == []
    speakers = (row("women", 60, "", "GRETA", "reports"), row("total", 50, "", "", ""))
    assert problems(*speakers, head=f"{HEAD},speaker,speech_act") == []


def test_parts_along_two_axes_are_not_summed(problems: Problems) -> None:
    rows = [row("total", 100), row("women", 70), row("sex trafficking", 80)]

    assert problems(*rows) == []
    assert problems(*rows, row("men", 31)) == [
        f"5 value: the parts sum to 101, which exceeds 100 in line 2{OVERLAP}"
    ]


def test_sum_of_parts_is_reported_at_the_last_part(problems: Problems) -> None:
    rows = [row("women", 60), row("total", 100), row("men", 50)]

    assert problems(*rows) == [
        f"4 value: the parts sum to 110, which exceeds 100 in line 3{OVERLAP}"
    ]
    assert problems(*rows[::-1])[0].startswith("4 value: ")


def test_parts_that_overlap_may_exceed_their_total_together_only(problems: Problems) -> None:
    total = row("total", 100, "parts overlap, the report says so")

    assert problems(total, row("women", 60), row("men", 50)) == []
    assert problems(total, row("women", 101), row("men", 50)) == [
        "3 value: the part exceeds its total, 100 in line 2"
    ]


def test_parts_of_a_part_are_compared_with_that_part(problems: Problems) -> None:
    rows = [row("total", 100), row("labor trafficking", 30), row("sex trafficking", 70)]

    assert problems(*rows, row("forced criminality, within labor", 30)) == []
    found = problems(*rows, row("forced criminality, within labor", 31))
    assert found[0] == "5 value: the part exceeds its total, 30 in line 3"


def test_each_duplicate_is_reported_with_the_first_line(problems: Problems) -> None:
    assert problems(row("total", 7), row("total", 7), row("total", 8)) == [
        "3 value: duplicate of line 2, which has the same value",
        "4 value: duplicate of line 2, which has 7",
    ]
    assert problems(row("total", 7), row("total", 7, period="2013"), row("women", 7)) == []


def test_figure_of_the_graph_may_be_given_again_or_corrected(problems: Problems) -> None:
    known = {"indicator": "victims identified and assisted", "period": "2019"}

    assert problems(row("total", 265, **known)) == []
    assert problems(row("total", 999, **known)) == []


def test_figure_is_compared_with_the_one_that_its_speaker_has_in_the_graph(problems):
    head = f"{HEAD},speaker,speech_act"
    page = PAGE.replace("2020", "2021")

    def victims(value: int, part: str = "total", period: str = "2020", *speaker: str) -> Cells:
        indicator = "victims identified and assisted"
        cells = row(part, value, period=period, indicator=indicator)
        return ("BEL", "2021", page, *cells[3:], *(speaker or ("", "")))

    conflict = "the edition already has this figure (victims-2020) with 91"
    assert problems(victims(91), head=head) == []
    assert problems(victims(92), head=head) == [f"2 value: {conflict}"]
    assert problems(victims(92, "women"), victims(92, period="2012"), head=head) == []
    assert problems(victims(92, "total", "2020", "GRETA", "reports"), head=head) == []


def test_payment_has_one_amount_that_was_not_converted(problems: Problems) -> None:
    euros, dollars = paid(4, "EUR"), paid(5, "USD", "converted")

    assert problems(euros) == []
    assert problems(dollars, euros) == []
    for rows in ([euros, paid(5, "USD")], [dollars], [paid(4, "EUR", "converted"), dollars]):
        found = problems(*rows)
        assert len(found) == 1
        assert found[0].startswith(f"{len(rows) + 1} note: {PAID_TWICE}")
    assert problems(euros, paid(3, "USD", period="2013")) == []


def test_source_may_name_neither_funder_nor_recipient(problems: Problems) -> None:
    fund = "allocation to the victim assistance fund"
    unknown = row("total", 9, indicator=fund, unit="EUR", by="")

    assert problems(unknown) == []
    given = row("total", 9, "", "GRETA", indicator=fund, unit="EUR")
    assert problems(given, head=f"{HEAD},recipient") == []


def test_all_kinds_of_errors_are_reported_at_once(problems: Problems) -> None:
    rows = [
        row("total", 9),
        row("women", 10),
        row("total", 9),
        paid(1, "EUR", "converted"),
    ]

    columns = [each.partition(":")[0] for each in problems(*rows)]

    assert columns == ["3 value", "3 value", "4 value", "5 note"]
