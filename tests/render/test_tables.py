"""Rows on a terminal: a table where each row takes few lines, else statements or records."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipgraph.render.tables import condensed, table

COLUMNS = ("period", "value", "permit")
ROWS = [
    ("2019", "154", "154 residence permits issued"),
    ("2020", "174", "174 residence permits issued"),
]
AS_TABLE = """\
 period   value   permit
 ───────────────────────────────────────────────
 2019       154   154 residence permits issued
 2020       174   174 residence permits issued
"""
AS_RECORDS = """\
period  2019
value   154
permit  154 residence permits
        issued

period  2020
value   174
permit  174 residence permits
        issued
"""


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def at(width: int, rows: Sequence[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    return condensed([], COLUMNS, rows, numbers=[1])


def lines(text: str) -> list[str]:
    return [line.rstrip("─ ") for line in text.splitlines()]


@pytest.mark.parametrize("width", [0, 48, 60, 100, 200])
def test_rows_that_fit_are_a_table(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines(at(width, ROWS, monkeypatch)) == lines(AS_TABLE)


@pytest.mark.parametrize("width", [24, 26])
def test_rows_that_do_not_fit_are_records(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at(width, ROWS, monkeypatch) == AS_RECORDS


def test_long_text_continues_on_few_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines(at(40, ROWS, monkeypatch))[2:4] == [
        " 2019       154   154 residence permits",
        "                  issued",
    ]


def test_statement_comes_first_where_a_table_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    columns = ("period", "statement", "counted_by", "caveat")
    rows = [("2019", "154 permits", "Immigration Office", ""), ("", "", "nobody", "1")]
    out = condensed([("speaker", "Myria"), ("part", "")], columns, rows)

    assert out.splitlines() == [
        "speaker  Myria",
        "(empty)  part",
        "",
        "154 permits",
        "  period: 2019 · counted by:",
        "  Immigration Office",
        "counted by: nobody · caveat:",
        "1",
    ]


def test_one_row_too_wide_makes_all_rows_records(monkeypatch: pytest.MonkeyPatch) -> None:
    long = ("2021", "", "many words " * 9 + "https://example.org/an/address/longer/than/the/line")
    out = at(26, [*ROWS, long], monkeypatch)

    assert out.startswith(AS_RECORDS)
    last = out.removeprefix(AS_RECORDS).splitlines()
    assert last[:3] == [
        "",
        "period  2021",
        "permit  many words many words",
    ]
    assert "value" not in "".join(last), "an empty field has no line"
    assert last[-1] == " " * 8 + "https://example.org/an/address/longer/than/the/line"


WORD = st.text(alphabet="abcdef-/.", min_size=1, max_size=30)
CELL = st.lists(WORD, max_size=8).map(" ".join)


@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=4),
    width=st.integers(20, 140),
)
def test_no_word_is_split_whatever_the_width(rows, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    words = sorted(word for row in rows for cell in row for word in cell.split())

    for out in (condensed([], COLUMNS, rows), table(COLUMNS, rows)):
        assert set(words) <= set(out.split())
        too_long = [line for line in out.splitlines() if len(line) > width]
        assert all(len(line.split()) <= 2 or width < 40 for line in too_long)
