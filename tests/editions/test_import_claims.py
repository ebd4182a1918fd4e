"""`tipgraph import-claims`: a table of what documents state becomes valid statements."""

import csv
import json
from pathlib import Path

import pytest

from tests.conftest import Run

COMMON = {"document": "greta-2026-be", "page": "page-1", "quote": "some words"}
FIGURE = COMMON | {
    "kind": "figure",
    "gist": "17 victims were assisted in 2020 (Belgium)",
    "topic": "assistance services",
    "counts": "slachtoffers",
    "language": "nl",
    "nearest_indicator": "victims assisted",
    "period": "2020",
    "value": "17",
    "unit": "persons",
    "counted_by": "Myria",
    "speaker": "Myria",
}
RECOMMENDATION = COMMON | {
    "kind": "recommendation",
    "gist": "GRETA to Belgium (strength read in two ways): support all victims",
    "topic": "assistance services",
    "strength": "urges; calls on",
    "strength_words": "exhorte (urges)",
    "addressee": "Government of Belgium",
}
REMARK = COMMON | {
    "kind": "remark",
    "gist": "Plans exist",
    "topic": "prevention",
    "tone": "neutral",
}
NON_REPORT = COMMON | {"kind": "non-report", "gist": "There are no data", "topic": "child victims"}


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    page = ("--page", "https://example.org/note", "--read", "the first half of a press note")
    round = ("--round", "4", "--number", "GRETA(2026)1")
    of_it = ("--publisher", "GRETA", "--in", folder, *page, *round)
    assert run("new", "greta-2026-be", *of_it).code == 0
    return folder


def test_document_and_its_pages_are_described(folder: Path) -> None:
    made = (folder / "greta-2026-be" / "document.ttl").read_text("utf-8")

    assert [each.name for each in (folder / "greta-2026-be").iterdir()] == ["document.ttl"]
    for line in (
        'rdfs:label         "GRETA round 4 2026, Belgium"@en ;',
        "dcat:inSeries      id:greta-evaluation-reports ;",
        "dcterms:spatial    country:BEL ;",
        "tip:issuedIn       2026 ;",
        "tip:round          4 ;",
        'tip:documentNumber "GRETA(2026)1" .',
        "dcat:landingPage <https://example.org/note> ;",
        'skos:scopeNote   "Read of the page: the first half of a press note."@en .',
    ):
        assert line in made


def test_document_of_a_publisher_without_a_series_or_a_year(run: Run, folder: Path) -> None:
    pages = ("--page", "https://a.example/", "--read", "all", "--page", "https://b.example/")
    of_it = ("--publisher", "Payoke", "--in", folder, *pages, "--read", "its title")
    assert run("new", "payoke-note-be", *of_it).code == 0

    made = (folder / "payoke-note-be" / "document.ttl").read_text("utf-8")
    assert "dcterms:publisher id:payoke ;" in made
    assert 'skos:scopeNote    "Year: not stated."@en .' in made
    assert "be:page-2\n    a                tip:ReadPage ;" in made
    checked = run("validate", folder / "payoke-note-be")
    assert checked.code == 0, checked.out


PAGE = ["--page", "https://a.example/", "--read", "all of it"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["greta-2026-bel", "--publisher", "GRETA", *PAGE], "invalid name of a document"),
        (
            ["greta-2026-lu", "--publisher", "GRETTA", *PAGE],
            "unknown publisher 'GRETTA'; did you mean",
        ),
        (["greta-2026-lu", "--publisher", "GRETA", *PAGE[:2]], "give --page and --read once"),
        (["greta-2026-lu", *PAGE], "a document of another publisher needs --publisher"),
        (["tip-2026-be", "--round", "4"], "--round and --number are for a document"),
        (["tip-2026-be", *PAGE, *PAGE], "an edition has one --page and one --read"),
    ],
)
def test_wrong_description_makes_no_folder(arguments, problem, run, tmp_path):
    done = run("new", *arguments, "--in", tmp_path)

    assert done.code == 2
    assert problem in done.err
    assert not [*tmp_path.iterdir()]


def test_document_that_exists_is_not_made_again(run, folder, five_countries):
    of_it = ("--publisher", "GRETA", *PAGE, "--in", folder)
    assert "data/greta-2026-be exists already; check it" in run("new", "greta-2026-be", *of_it).err
    assert "the graph already has greta-2022-be" in run("new", "greta-2022-be", *of_it).err


def table(folder: Path, *rows: dict[str, str]) -> Path:
    file = folder.parent / "rows.csv"
    columns = dict.fromkeys(name for row in rows for name in row)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(columns))
        writer.writeheader()
        writer.writerows(rows)
    return file


def test_rows_become_statements_that_conform_and_are_found(run: Run, folder: Path) -> None:
    rows = table(folder, FIGURE, RECOMMENDATION, REMARK, NON_REPORT)
    document = folder / "greta-2026-be"

    assert run("import-claims", rows, "--into", folder).code == 0
    first = (document / "statements.ttl").read_text("utf-8")
    assert run("import-claims", rows, "--into", folder).code == 0
    assert (document / "statements.ttl").read_text("utf-8") == first, "the same rows, the same file"
    checked = run("check", document)
    summary = "greta-2026-be: no findings; 4 statements (1 figure), 4 citations"
    assert checked.out.startswith(summary), checked.out

    of_2020 = ("compare-sources", "--area", "BEL", "-p", "period=2020", "-p", "publisher=GRETA")
    found = json.loads(run("query", *of_2020, "--data", document, "--format", "json").out)
    values = {row["value"]["value"] for row in found["results"]["bindings"]}
    assert values == {"17"}
    asked = run("query", "recommendations", "--area", "BEL", "--data", document, "--format", "csv")
    rows_of_it = [line for line in asked.out.splitlines() if "support all victims" in line]
    assert len(rows_of_it) == 2, "one for each strength"


@pytest.mark.parametrize(
    ("row", "changes", "problem"),
    [
        (FIGURE, {"kind": "claim"}, "line 2, column kind: unknown kind 'claim'; write figure,"),
        (FIGURE, {"value": "1,000"}, "column value: '1,000' is no whole number; write digits"),
        (FIGURE, {"value": "1" * 16}, "is no whole number; write digits"),
        (FIGURE, {"unit": ""}, "column unit: the cell is empty; a figure needs it"),
        (FIGURE, {"language": "nl_BE"}, "column language: 'nl_BE' is no language; write its tag"),
        (FIGURE, {"language": "nl-be-x"}, "column language: 'nl-be-x' is no language; write"),
        (REMARK, {"counts": "plannen"}, "column language: the cell is empty; a remark needs it"),
        (FIGURE, {"counted_by": "CoMensha"}, "column counted_by: unknown actor 'CoMensha'"),
        (REMARK, {"quote": "a " * 12 + "b"}, "column quote: quote at most twelve words"),
        (FIGURE, {"value": "221600", "quote": "221.6"}, "quote: '221.6' has another number than"),
        (FIGURE, {"quote": "17 % van de slachtoffers"}, "unit: the quote has a percentage; write"),
        (FIGURE, {"quote": "een bedrag van €17"}, "column unit: the quote has an amount in EUR"),
        (FIGURE, {"quote": "17 slachtoffers in 2019"}, "period: the quote has the number in 2019"),
        (
            FIGURE,
            {"quote": "victims: more than 17", "language": "en"},
            "column qualifier: the quote has 'more than' before the number; write it",
        ),
        (FIGURE, {"page": "page-2"}, "unknown page 'page-2'; the document has page-1"),
        (FIGURE, {"document": "greta-2026-bx"}, "unknown document 'greta-2026-bx'; did you mean"),
        (RECOMMENDATION, {"strength": "begs"}, "column strength: unknown strength 'begs'"),
        (REMARK, {"tone": ""}, "column tone: the cell is empty; a remark needs it"),
    ],
)
def test_wrong_cell_is_named_and_nothing_is_written(row, changes, problem, run, folder):
    done = run("import-claims", table(folder, row | changes), "--into", folder)

    assert done.code == 3
    assert problem in done.err
    assert not (folder / "greta-2026-be" / "statements.ttl").exists()


def test_row_that_is_there_twice_is_an_error(run: Run, folder: Path) -> None:
    done = run("import-claims", table(folder, REMARK, FIGURE, REMARK), "--into", folder)

    assert done.code == 3
    assert "line 4: the same row as line 2" in done.err


def test_second_period_of_a_remark_is_not_dropped(run: Run, folder: Path) -> None:
    rows = table(folder, REMARK | {"period": "2019; 2020"})

    assert run("import-claims", rows, "--into", folder).code == 0
    text = (folder / "greta-2026-be" / "statements.ttl").read_text("utf-8")
    assert "period:2019 , period:2020" in text, text


def test_document_without_a_country_is_an_error(run: Run, folder: Path) -> None:
    description = folder / "greta-2026-be" / "document.ttl"
    text = description.read_text("utf-8").replace("    dcterms:spatial    country:BEL ;\n", "")
    description.write_text(text, encoding="utf-8")

    done = run("import-claims", table(folder, FIGURE), "--into", folder)
    assert done.code == 3
    assert "line 2, column document: the document has no dcterms:spatial" in done.err


def test_name_that_other_countries_have_too_is_the_actor_of_the_country(run, folder):
    rows = table(folder, RECOMMENDATION | {"addressee": "Ministry of Justice"})

    done = run("import-claims", rows, "--into", folder)
    assert done.code == 0, done.err
    written = (folder / "greta-2026-be" / "statements.ttl").read_text("utf-8")
    assert "tip:addressee id:belgium-ministry-of-justice" in written


def test_document_without_a_folder_is_an_error(run: Run, folder: Path) -> None:
    (folder / "greta-2026-be").rename(folder / "another")
    rows = table(folder, REMARK)

    done = run("import-claims", rows, "--into", folder)
    assert done.code == 3
    assert "has no folder greta-2026-be; 'tipgraph new' makes one" in done.err
    assert run("import-claims", rows, "--into", folder / "none").code == 3
