"""`tipgraph draft --take`: what was accepted gets into the folder, and `check` lists the rest."""

import csv
import io
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tipgraph
from draft.tests.drafted import FOLDER, copied, make_draft
from tipgraph.cli import main
from tipgraph.export.figures import figures as known_figures
from tipgraph.export.figures import import_table
from tipgraph_draft.candidate import STATUSES, Status
from tipgraph_draft.review_file import read_reviewed
from tipgraph_draft.take import AcceptedRows, take

TEXT = (
    "In 2029, the government identified and assisted 120 victims, compared with 100 in 2028."
    " Of these, 70 were victims of labor exploitation and 40 of sexual exploitation.\n"
    "Observers noted that shelters lacked places for child victims."
    " The government did not report training police."
    " There were no reports that the government deported victims."
    " In 2029, the government referred 120 victims to shelter."
)
DRAFT = ["draft", FOLDER, "--text", "protection.txt"]
TAKE = [*DRAFT, "--take"]
CHECK = ["check", FOLDER, "--text", "protection.txt"]

SLOW = pytest.mark.slow(reason="takes rows several times, with the checks of each")


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_draft(tmp_path_factory.mktemp("draft"), TEXT)


@pytest.fixture
def folder(drafted: Path, tmp_path: Path) -> Path:
    """An edition's folder with a draft, in the working folder."""
    return copied(drafted, tmp_path)


def decide(folder: Path, status: Callable[[dict[str, str]], str], reviewer: str = "ml") -> None:
    """Write decisions into the review, as a person does in a spreadsheet."""
    rows = reviewed(folder)
    for row in rows:
        row |= {"status": status(row), "reviewer": reviewer, "reviewed_on": "2030-06-05"}
    store(folder, rows)


def change(folder: Path, number: int, **cells: str) -> None:
    """Write cells into a row of the review, as a person does in a spreadsheet."""
    rows = reviewed(folder)
    rows[number] |= cells
    store(folder, rows)


def reviewed(folder: Path) -> list[dict[str, str]]:
    text = (folder / "draft/review.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def store(folder: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = folder / "draft/review.csv"
    file.write_text(text.getvalue(), encoding="utf-8", newline="")


def accept(row: dict[str, str]) -> str:
    return "yes"


def figures(folder: Path) -> list[dict[str, str]]:
    """The figures of the folder, under the columns of a table of figures."""
    graph = tipgraph.open(str(folder))
    rows = import_table(graph.engine, known_figures(graph.engine, graph.queries, FOLDER))
    return [{name: str(cell or "") for name, cell in row.items()} for row in rows]


def contents(folder: Path) -> dict[Path, bytes]:
    return {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def problems(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(CHECK)
    return capsys.readouterr().out


def test_accepted_figures_are_in_the_table_and_the_graph(folder, capsys):
    decide(folder, accept)

    assert main(TAKE) == 0

    rows = [(row["indicator"], row["reference_period"], row["part"]) for row in figures(folder)]
    assert ("victims identified and assisted", "2028", "total") in rows
    assert ("victims identified and assisted", "2029", "labor exploitation") in rows
    # `120 victims` stands in the text twice.
    quotes = [row["quote"] for row in figures(folder) if row["value"] == "120"]
    assert [TEXT.count(quote) for quote in quotes] == [1, 1]
    capsys.readouterr()
    query = ["query", "figures", "-p", f"edition={FOLDER}", "--data", FOLDER, "--format", "csv"]
    assert main(query) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("labor exploitation" in line for line in lines) == 1


@SLOW
def test_accepted_axis_decides_which_part_a_name_means(tmp_path, capsys):
    """Men beside children are adults; the name alone would be one by sex."""
    text = "In 2029, police identified 214 victims. Of these, 140 were men, 58 women, 16 children."
    folder = make_draft(tmp_path, text)
    parts = [row["part"] for row in reviewed(folder)]
    assert parts == ["total", "men", "women", "children"]
    for number in (1, 2, 3):
        change(folder, number, axis="by sex and age")
    decide(folder, accept)

    assert main(TAKE) == 0

    assert [row["axis"] for row in figures(folder)] == ["", *["by-sex-and-age"] * 3]
    capsys.readouterr()
    table = ["query", "figures", "-p", f"edition={FOLDER}", "--data", FOLDER, "--format", "csv"]
    assert main(table) == 0
    shown = capsys.readouterr().out
    for part in ("men", "women", "children"):
        assert f"{part}, by sex and age" in shown


def test_rows_are_taken_while_nobody_else_takes_some(folder, monkeypatch):
    """Of two at once, one would write statements without those that the other lists as taken."""
    fcntl = pytest.importorskip("fcntl", reason="Windows has no such lock")
    decide(folder, accept)
    blocked = []

    def taking(*arguments):
        opened = os.open(folder, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(opened)
        blocked.append(True)
        return take(*arguments)

    monkeypatch.setattr("tipgraph_draft.take.take", taking)

    assert main(TAKE) == 0
    assert blocked


def test_gaps_and_claims_become_stubs_what_is_to_decide(folder, capsys):
    decide(folder, accept, reviewer="ml\nof Payoke")
    assert main(TAKE) == 0
    drafted = (folder / "drafted.ttl").read_text(encoding="utf-8")

    assert drafted.count("accepted by ml of Payoke on 2030-06-05\n") == 3
    for kind in ("tip:Remark", "tip:NonReport", "tip:AbsenceOfReports"):
        assert len(re.findall(rf" a {kind} ;", drafted)) == 1
    assert re.search("tip:nonReporter +id:belgium-government", drafted)
    assert re.search(r"tip:speechAct +code:notes", drafted)
    assert '"TODO: Observers noted that shelters lacked places for child victims"@en' in drafted
    assert "describe 'observers' in actors.ttl if it is new" in drafted
    found = problems(capsys)
    assert found.count("write this text in your own words, without TODO") == 3
    assert "syntax" not in found
    assert "style" not in found


def test_take_that_breaks_off_is_taken_up_again(folder: Path) -> None:
    decide(folder, accept)
    (folder / "drafted.ttl").mkdir()
    assert main(TAKE) == 3
    (folder / "drafted.ttl").rmdir()

    assert main(TAKE) == 0

    assert (folder / "drafted.ttl").read_text(encoding="utf-8").count("tip:quotedFrom") == 3


def test_second_take_changes_nothing(folder: Path) -> None:
    decide(folder, accept)
    assert main(TAKE) == 0
    before = contents(folder)

    assert main(TAKE) == 0
    assert main(DRAFT) == 0
    assert main(TAKE) == 0

    assert contents(folder) == before


@SLOW
def test_work_of_a_person_in_the_folder_stays(folder: Path) -> None:
    """A completed statement, a caution at a figure, and a figure of one's own."""
    decide(folder, accept)
    assert main(TAKE) == 0
    drafted = folder / "drafted.ttl"
    completed = drafted.read_text(encoding="utf-8").replace("TODO: no reports of", "No reports of")
    drafted.write_text(completed, encoding="utf-8")
    first, *rest = figures(folder)
    own = first | {"value": "7", "reference_period": "2027", "quote": "seven in 2027"}
    text = io.StringIO()
    writer = csv.DictWriter(text, [*first, "caution"])
    writer.writeheader()
    writer.writerows([first | {"caution": "as others count"}, *rest, own])
    (folder.parent / "own.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    assert main(["import-figures", "own.csv", "--into", FOLDER]) == 0

    assert main(TAKE) == 0

    assert drafted.read_text(encoding="utf-8") == completed
    rows = figures(folder)
    assert [row["caution"] for row in rows].count("as others count") == 1
    assert [row["value"] for row in rows].count("7") == 1


@SLOW
def test_row_that_is_rejected_later_leaves_the_table(folder, capsys):
    decide(folder, accept)
    assert main(TAKE) == 0
    decide(folder, lambda row: "no" if row["value"] == "40" or row["kind"] == "claim" else "yes")
    capsys.readouterr()

    assert main(TAKE) == 0

    assert "40" not in [row["value"] for row in figures(folder)]
    assert "was taken, but is no now; remove it" in capsys.readouterr().err


def test_row_without_a_reviewer_is_not_taken(folder, capsys):
    decide(folder, accept, reviewer="")
    before = contents(folder)
    capsys.readouterr()

    assert main(TAKE) == 3
    assert "column reviewer: the cell is empty" in capsys.readouterr().err
    assert contents(folder) == before


def test_accepted_row_that_fails_a_check_is_refused(folder, capsys):
    """A spreadsheet wrote cells that `review` would have refused."""
    decide(folder, accept)
    change(folder, 0, value="210", period="last year", compared_with="0123456789ab")
    before = contents(folder)
    capsys.readouterr()

    assert main(TAKE) == 3
    shown = capsys.readouterr().err
    for problem in (
        "value: the quote '120 victims' does not have the number 210",
        "period: 'last year' is no period",
        "compared_with: '0123456789ab' is the id of no other row",
    ):
        assert f"review.csv: line 2, column {problem}" in shown
    assert contents(folder) == before
    decide(folder, lambda row: "no" if row["value"] == "210" else "yes")
    assert main(TAKE) == 0


@pytest.mark.parametrize(
    ("value", "code", "message"),
    [
        ("120.0", 0, ""),
        ("120.000", 1, "invalid number '120.000'"),
        ("120000", 3, "the quote '120 victims' does not have the number 120000"),
    ],
)
def test_value_is_not_taken_for_a_thousandth_of_it(folder, capsys, value, code, message):
    decide(folder, accept)
    change(folder, 0, value=value)
    capsys.readouterr()

    assert main(TAKE) == code
    assert message in capsys.readouterr().err


@SLOW
def test_value_of_a_number_in_words_is_taken(tmp_path: Path) -> None:
    """`a single victim` is one; the quote without the article has no number."""
    folder = make_draft(tmp_path, "In 2029, police identified a single victim.")
    assert [(row["quote"], row["value"]) for row in reviewed(folder)] == [("single victim", "1")]
    decide(folder, accept)

    assert main(TAKE) == 0
    change(folder, 0, value="2")
    assert main(TAKE) == 3


@SLOW
def test_point_before_three_digits_is_a_comma_before_people_and_not_left_out(tmp_path):
    """An amount keeps it, and is refused."""
    text = "In 2029, police identified 1.250 victims. The government spent 430.000 euros."
    folder = make_draft(tmp_path, text)

    assert [row["value"] for row in reviewed(folder)] == ["1250", "430.000"]


def test_code_that_does_not_follow_its_indicator_is_refused(folder, capsys):
    """Else the code of the machine would decide, and the correction have no effect."""
    decide(folder, accept)
    code = reviewed(folder)[0]["indicator_code"]
    assert code == "victims-identified-and-assisted"
    change(folder, 0, indicator="victims identified")
    before = contents(folder)
    capsys.readouterr()

    assert main(TAKE) == 3
    assert (
        f"review.csv: line 2, column indicator_code: {code!r} is the code of 'victims identified"
        " and assisted', and the indicator is 'victims identified' now; write 'victims-identified'"
    ) in capsys.readouterr().err
    assert contents(folder) == before
    change(folder, 0, indicator_code="victims-identified")
    assert main(TAKE) == 0
    corrected = [row["indicator"] for row in figures(folder) if row["value"] == "120"]
    assert "victims identified" in corrected


@SLOW
def test_unknown_name_is_proposed_and_leaves_out_its_figure_alone(folder, capsys):
    decide(folder, accept)
    file = folder / "draft/review.csv"
    text = file.read_text(encoding="utf-8").replace("victims-referred-to-shelter", "")
    renamed = text.replace("victims referred to shelter", "victims warned")
    file.write_text(renamed, encoding="utf-8", newline="")
    capsys.readouterr()

    assert main(TAKE) == 1

    shown = capsys.readouterr().err
    assert re.search("left out: S06 “.*”: indicator: unknown indicator 'victims warned'", shown)
    assert "terms.ttl: 1 new name to complete, then take again" in shown
    assert len(figures(folder)) == 4
    terms = folder / "terms.ttl"
    proposed = terms.read_text(encoding="utf-8")
    assert proposed.count('"victims warned"') == 1

    capsys.readouterr()
    assert main(TAKE) == 1
    assert "victims-warned has no tip:topic; add one" in capsys.readouterr().err

    unit = "code:units-persons"
    completed = proposed.replace(unit, f"{unit} ; tip:topic code:information-for-victims")
    assert completed != proposed
    terms.write_text(completed, encoding="utf-8")
    assert main(TAKE) == 0
    assert len(figures(folder)) == 5
    assert terms.read_text(encoding="utf-8") == completed


def test_check_lists_rows_that_keep_an_edition_from_being_complete(folder, capsys):
    edition = folder / "edition.ttl"
    partial = edition.read_text(encoding="utf-8")
    edition.write_text(partial.replace("code:partial", "code:complete"), encoding="utf-8")
    statuses = iter(["open", "later", "yes"])
    decide(folder, lambda row: next(statuses, "no"))

    found = problems(capsys)

    assert "review.csv:2:1: draft: the figure “120 victims” of S01 is open" in found
    assert "review.csv:3:1: draft: the figure “100 in 2028” of S01 is later" in found
    assert "of S02 is accepted, and not in the folder yet" in found
    assert "3 rows of the draft left, but the edition is marked complete" in found
    decide(folder, lambda row: "no")
    assert "of the draft" not in problems(capsys)


def test_check_reports_a_broken_review_by_line(folder, capsys):
    decide(folder, lambda row: "perhaps")

    assert "review.csv:2:1: table: column status: 'perhaps' is none of" in problems(capsys)


@pytest.fixture(scope="module")
def accepting(drafted: Path) -> Callable[[list[Status]], AcceptedRows]:
    """Return what rows of the text become with these statuses, in their order.

    Nothing is written.
    """
    folder, text = str(drafted), str(drafted.parent / "protection.txt")
    pinned, document, numbered = read_reviewed(folder, text)
    graph = tipgraph.open(folder)

    def taken(statuses: list[Status]) -> AcceptedRows:
        decided = [
            replace(row, status=status, reviewer="ml")
            for (_, row), status in zip(numbered, statuses, strict=False)
        ]
        return take(graph, folder, pinned, decided, document.text)

    return taken


@given(st.lists(st.sampled_from(STATUSES), min_size=8, max_size=8))
def test_no_statement_is_taken_without_a_yes(accepting, statuses):
    taken = accepting(statuses)

    table = next((text for file, text in taken.files.items() if file.endswith("taken.csv")), "\n")
    drafted = next((text for file, text in taken.files.items() if file.endswith("drafted.ttl")), "")
    assert len(table.splitlines()) - 1 == taken.figures + taken.statements
    assert len(re.findall(r"^\S+ a tip:", drafted, re.MULTILINE)) == taken.statements
    assert taken.figures + taken.statements == statuses.count("yes")
    assert bool(taken.files) == ("yes" in statuses)
