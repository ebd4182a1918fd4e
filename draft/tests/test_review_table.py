"""`review.csv` as a person and a spreadsheet program leave it."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from draft.tests.rows import row, rows_of
from tipgraph.editions.table import TableError
from tipgraph_draft.candidate import COLUMNS, STATUSES, Candidate
from tipgraph_draft.review_file import write_review

CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(
    lambda each: each.strip(" \t")
)


def written(folder: Path, *rows: Candidate) -> Path:
    file = folder / "review.csv"
    write_review(str(file), rows)
    return file


def edited(file: Path, column: str, cell: str, line: int = 2) -> Path:
    """The file after an edit of a cell, which a person would make in a text editor."""
    table = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
    table[line - 1][table[0].index(column)] = cell
    text = io.StringIO()
    csv.writer(text).writerows(table)
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
    return file


def problems(file: Path) -> list[str]:
    with pytest.raises(TableError) as caught:
        rows_of(file)
    assert caught.value.exit_code == 3
    return [str(each) for each in caught.value.errors]


@given(st.lists(st.tuples(CELL, CELL, st.sampled_from(STATUSES)), max_size=4))
def test_rows_come_back_as_they_were_written(tmp_path_factory, cells):
    rows = [
        row(number, note=note, indicator=indicator, status=status)
        for number, (note, indicator, status) in enumerate(cells)
    ]
    file = written(tmp_path_factory.mktemp("review"), *rows)

    assert (rows_of(file) if rows else rows) == rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheet_form_is_read(tmp_path: Path, delimiter: str) -> None:
    """Byte order mark, line ends, separators, quotes, the order of columns, empty columns."""
    decided = row(status="yes", reviewer="ml", reviewed_on="2030-06-05", note="a; b, c\td")
    cells = decided.as_row() | {"status": "YES", "converted": "FALSE"}
    order = [*reversed(COLUMNS), "", ""]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([order, [cells.get(name, "") for name in order]])
    file = tmp_path / "review.csv"
    file.write_bytes(text.getvalue().encode("utf-8-sig"))

    assert rows_of(file) == [decided]


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("status", "maybe", "'maybe' is none of open, yes, no"),
        ("kind", "number", "'number' is none of figure"),
        (
            "value",
            "1,206",
            "'1,206' is no number; write up to 15 digits without sign or separators",
        ),
        ("value", "1e200000", "'1e200000' is no number; write up to 15 digits"),
        ("value", "1206E0", "'1206E0' is no number"),
        ("value", "-12", "'-12' is no number"),
        ("value", "9" * 100_000, f"'{'9' * 40}' is no number; write up to 15 digits"),
        ("value", "0.1234567", "'0.1234567' is no number"),
        ("start", "12.5", "'12.5' is no position"),
        ("prior", "perhaps", "'perhaps' is neither true nor false"),
        ("period", "Jun-20", "'Jun-20' is a date that a spreadsheet wrote"),
        ("quote", "a b c d e f g h i j k l m", "the quote has more than 12 words"),
        ("id", "4.74E+11", "'4.74E+11' is no id; restore it from a copy of the table"),
        ("sentence", "", "the cell is empty"),
    ],
)
def test_broken_cell_is_reported_by_line_and_column(tmp_path, column, cell, message):
    file = edited(written(tmp_path, row(), row(2)), column, cell)
    before = file.read_bytes()

    (problem,) = problems(file)

    assert problem.startswith(f"line 2, column {column}: ")
    assert message in problem
    assert file.read_bytes() == before


def test_all_broken_cells_are_reported_at_once(tmp_path: Path) -> None:
    file = edited(written(tmp_path, row(), row(2)), "status", "maybe")
    edited(file, "period", "Jan 2021", line=3)

    assert [each.partition(": ")[0] for each in problems(file)] == [
        "line 2, column status",
        "line 3, column period",
    ]


def test_missing_unknown_and_repeated_columns_are_reported(tmp_path: Path) -> None:
    file = written(tmp_path, row())
    header, rest = file.read_text(encoding="utf-8").split("\n", 1)
    changed = header.replace("speaker", "speeker").replace("note", "id")
    file.write_text(f"{changed}\n{rest}", encoding="utf-8")

    found = problems(file)

    assert (
        "line 1, column speeker: unknown column; did you mean 'speaker'? Otherwise remove it"
        in found
    )
    assert "line 1, column id: the column is there twice" in found
    assert any(each.startswith("line 1, column note: the column is missing") for each in found)


def test_repeated_id_and_unclosed_quote_are_reported_with_their_line(tmp_path: Path) -> None:
    file = written(tmp_path, row(), row())
    assert problems(file) == ["line 3, column id: line 2 has the same id; remove one of them"]

    file = written(tmp_path, row(), row(2))
    file.write_text(file.read_text(encoding="utf-8") + '"never closed', encoding="utf-8")
    (problem,) = problems(file)
    assert problem.startswith("line 4: this is not CSV")


def test_formula_in_a_cell_is_not_computed_by_a_spreadsheet(tmp_path: Path) -> None:
    hostile = row(note="=HYPERLINK(1)", quote="+84 victims")
    file = written(tmp_path, hostile)

    assert ",'=HYPERLINK(1)" in file.read_text(encoding="utf-8")
    assert rows_of(file) == [hostile]
