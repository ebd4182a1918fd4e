"""Rows on a terminal: a table where every row fits on a line, else records."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipgraph.render.tables import query_table, table

COLUMNS = ("period", "value", "statement")
ROWS = [
    ("2019", "154", "154 residence permits issued"),
    ("2020", "174", "174 residence permits issued"),
]
AS_TABLE = """\
 period   value   statement
 ───────────────────────────────────────────────
 2019       154   154 residence permits issued
 2020       174   174 residence permits issued
"""
AS_RECORDS = """\
period     2019
value      154
statement  154 residence permits issued

period     2020
value      174
statement  174 residence permits issued
"""


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def at(width: int, rows: Sequence[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    return query_table(COLUMNS, rows, numbers=[1])


def lines(text: str) -> list[str]:
    return [line.rstrip("─ ") for line in text.splitlines()]


@pytest.mark.parametrize("width", [48, 60, 100, 200])
def test_rows_that_fit_are_a_table(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines(at(width, ROWS, monkeypatch)) == lines(AS_TABLE)


@pytest.mark.parametrize("width", [39, 44])
def test_rows_that_do_not_fit_are_records(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at(width, ROWS, monkeypatch) == AS_RECORDS


def test_one_row_too_wide_makes_all_rows_records(monkeypatch: pytest.MonkeyPatch) -> None:
    long = ("2021", "", "many words " * 9 + "https://example.org/an/address/longer/than/the/line")
    out = at(48, [*ROWS, long], monkeypatch)

    assert out.startswith(AS_RECORDS)
    last = out.removeprefix(AS_RECORDS).splitlines()
    assert last[:3] == [
        "",
        "period     2021",
        "statement  many words many words many words many",
    ]
    assert "value" not in "".join(last), "an empty field has no line"
    assert last[-1] == " " * 11 + "https://example.org/an/address/longer/than/the/line"


def test_values_that_all_rows_share_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("2020", "154", "permits"), ("2020", "174", "permits")]
    out = at(80, rows, monkeypatch)

    assert out.startswith("period     2020\nstatement  permits\n\n value\n")


WORD = st.text(alphabet="abcdef-/.", min_size=1, max_size=30)
CELL = st.lists(WORD, max_size=8).map(" ".join)


@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=4),
    width=st.integers(20, 140),
)
def test_no_word_is_split_whatever_the_width(
    rows: list[tuple[str, ...]], width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    words = sorted(word for row in rows for cell in row for word in cell.split())

    for out in (query_table(COLUMNS, rows), table(COLUMNS, rows)):
        assert set(words) <= set(out.split())
        too_long = [line for line in out.splitlines() if len(line) > width]
        assert all(len(line.split()) <= 2 or width < 40 for line in too_long)
