"""`tipgraph check`: all problems in an edition's folder, each with file and line."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.editions.conftest import PAGE, TEXT, uncomment
from tipgraph.editions.check import check

ROOT = Path(__file__).parents[2]
FOLDER = "tip-2022-be"
EDITION, PASSAGES = f"{FOLDER}/edition.ttl", f"{FOLDER}/passages.ttl"
STATEMENTS, PINNED = f"{FOLDER}/statements.ttl", f"{FOLDER}/text.ttl"


def findings(run: Run, *options: object) -> list[str]:
    """The lines of a run with findings, without the summary."""
    code, out, err = run("check", FOLDER, *options)
    assert (code, err) == (1, "")
    return out.splitlines()[:-1]


@pytest.mark.slow(reason="checks a folder with all shapes")
def test_new_folder_needs_a_page_and_a_statement(here, run):
    run("new", FOLDER)

    result = check(FOLDER)

    assert result.as_text().splitlines() == [
        f"{EDITION}:10:1: coverage: there is no statement yet",
        f"{EDITION}:10:1: shape: Give the address of the edition's public page with one"
        " dcat:landingPage, an IRI that begins with http.",
        f"{FOLDER}: 2 findings; 0 statements, 0 citations; no text is pinned, read in part",
    ]
    shown = json.loads(run("check", FOLDER, "--format", "json").out)
    assert shown == json.loads(json.dumps(result.as_dict()))
    assert shown["edition"] == FOLDER
    assert shown["readable"] is True
    assert shown["findings"][0] == {
        "path": EDITION,
        "line": 10,
        "column": 1,
        "kind": "coverage",
        "message": "there is no statement yet",
    }


@pytest.mark.slow(reason="checks a folder with all shapes")
def test_examples_conform(written, run):
    assert run("check", FOLDER) == (
        0,
        f"{FOLDER}: no findings; 6 statements (2 figures), 2 citations;"
        " no text is pinned, read in part\n",
        "",
    )


def test_shipped_edition_has_no_findings_and_matches_its_text(run):
    text = ["--text", TEXT] if TEXT.exists() else []

    code, out, _ = run("check", ROOT / "data" / "tip-2021-be", *text)

    assert (code, len(out.splitlines())) == (0, 1), out
    assert "40 of 40 sentences covered, read in full" in out


@pytest.mark.slow(reason="checks a folder with all shapes")
def test_copy_of_a_shipped_edition_replaces_it(here, run):
    shutil.copytree(ROOT / "data" / "tip-2017-be", here / "copy")

    assert run("check", "copy").out.startswith("tip-2017-be: no findings; ")


def test_misspelt_name_is_reported_once_with_suggestions(written, run, edit):
    actor = edit(STATEMENTS, "tip:subject  id:belgium-government", "tip:subject  id:belgium-govern")
    label = edit(STATEMENTS, 'rdfs:label   "The government', 'rdfs:labl    "The government')
    relation = edit(STATEMENTS, "tip:funds ;\n", "tip:fnuds ;\n")
    cited = edit(STATEMENTS, "tip:evidence be:page-shelters", "tip:evidence be:page-shelter")
    kind = edit(STATEMENTS, "tip:Finding ;", "tip:Findng ;")
    reporter = edit(STATEMENTS, "tip:nonReporter", "tip:nonReprter")
    code = edit(STATEMENTS, "code:month", "code:moth")
    group = edit(
        STATEMENTS, "tip:recipient            be:shelters", "tip:recipient be:the-shelters"
    )

    page = edit(EDITION, "dcat:landingPage", "dcat:landngPage")

    assert findings(run) == [
        f"{EDITION}:{page}:5: unknown: unknown property dcat:landngPage; did you mean"
        " dcat:landingPage?",
        f"{STATEMENTS}:{label}:5: unknown: unknown property rdfs:labl; did you mean rdfs:label?",
        f"{STATEMENTS}:{actor}:18: unknown: unknown actor id:belgium-govern; did you mean"
        " id:belgium-government? Otherwise describe it in the folder's actors.ttl",
        f"{STATEMENTS}:{relation}:18: unknown: unknown name tip:fnuds; did you mean tip:funds?",
        f"{STATEMENTS}:{cited}:18: unknown: unknown name be:page-shelter; did you mean"
        " be:page-shelters?",
        f"{STATEMENTS}:{kind}:19: unknown: unknown class tip:Findng; did you mean tip:Finding?",
        f"{STATEMENTS}:{reporter}:5: unknown: unknown property tip:nonReprter; did you mean"
        " tip:nonReporter?",
        f"{STATEMENTS}:{code}:25: unknown: unknown code code:moth; did you mean code:month?"
        " Otherwise add it to ontology/codes.ttl",
        f"{STATEMENTS}:{group}:19: unknown: unknown actor be:the-shelters; did you mean"
        " be:shelters or be:page-shelters? Otherwise describe it in the folder's actors.ttl",
    ]


def test_actor_of_the_folder_and_of_other_data_is_known(here, written, run, edit):
    edit(STATEMENTS, "tip:subject  id:belgium-government", "tip:subject  be:the-king")
    edit(STATEMENTS, "id:belgium-government", "id:belgium-king")
    beside = here / "beside.ttl"
    beside.write_text(
        "@prefix tip: <https://w3id.org/tipgraph/ns#> .\n"
        "<https://w3id.org/tipgraph/id/belgium-king> a tip:PublicAgency .\n",
        encoding="utf-8",
    )
    (written / "actors.ttl").write_text(
        "# Actors that this edition describes.\n\n"
        "@prefix tip:     <https://w3id.org/tipgraph/ns#> .\n"
        f"@prefix be:      <https://w3id.org/tipgraph/id/{FOLDER}/> .\n"
        "@prefix country: <http://publications.europa.eu/resource/authority/country/> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
        'be:the-king\n    a tip:PublicAgency ;\n    rdfs:label "the royal office"@en ;\n'
        "    tip:named true ;\n    dcterms:spatial country:BEL .\n",
        encoding="utf-8",
    )

    assert run("check", FOLDER, "--data", beside).code == 0


def test_shape_findings_have_the_place_of_the_value(written, run, edit):
    amount = edit(STATEMENTS, "tip:amountValue 400000.0", "tip:amountValue -1.0")
    label = edit(STATEMENTS, '"The government funds the shelters"@en', '"A" , "B"')
    value = edit(f"{FOLDER}/figures.ttl", "obsValue 12", 'obsValue 13 ; tip:quote "12 children"')

    reported = findings(run)

    assert any(
        line.startswith(f"{STATEMENTS}:{label}:18: shape: Give the node one rdfs:label")
        for line in reported
    )
    assert any(line.startswith(f"{STATEMENTS}:{amount}:21: shape: ") for line in reported)
    assert f"figures.ttl:{value - 2}:1: text: '12 children' has another number" in str(reported)
    assert all(line.startswith(f"{FOLDER}/") for line in reported)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (" ; tip:numberQualifier code:at-least", "", "the quote has 'at least' before the number"),
        ("12 children", "12 percent", "the quote has a percentage; write percent"),
        ("12 children", "12 children in 2019", "the quote has the number in 2019"),
    ],
)
@pytest.mark.slow(reason="checks a folder with all shapes")
def test_figure_that_contradicts_its_quote_is_reported(written, run, edit, before, after, problem):
    edit(f"{FOLDER}/figures.ttl", before, after)

    (reported,) = findings(run)

    assert reported.startswith(f"{FOLDER}/figures.ttl:15:1: text: {problem}")


def test_name_without_suggestions_blank_node_and_other_syntax_are_reported(written, run, edit):
    path = written / "statements.ttl"
    path.write_text(path.read_text("utf-8").replace("id:belgium-government", "id:zzz"), "utf-8")
    actor = edit(STATEMENTS, "id:zzz", "id:zzz")
    node = edit(STATEMENTS, "tip:about     be:shelters", "tip:about     [ a tip:Public ]")
    (written / "more.nt").write_text("", encoding="utf-8")

    assert findings(run) == [
        f"{FOLDER}/more.nt: style: write the file as Turtle (.ttl); others are not loaded"
        " into the graph",
        f"{STATEMENTS}:{actor}:18: unknown: unknown actor id:zzz; correct the name, or describe it"
        " in the folder's actors.ttl (5 times)",
        f"{STATEMENTS}:{node}:19: style: give this node an IRI; a blank node can be neither"
        " cited nor loaded twice",
    ]


def test_broken_files_are_reported_and_the_others_are_checked(written, run, edit):
    broken = edit(PASSAGES, "tip:section", "tip:section ;")
    other = edit(EDITION, "tip:year", "tip:year ;")
    kind = edit(STATEMENTS, "tip:Finding ;", "tip:Findng ;")
    amount = edit(STATEMENTS, "tip:amountValue 400000.0", "tip:amountValue -1.0")
    (written / "gone.ttl").symlink_to("nowhere")

    code, out, err = run("check", FOLDER)
    reported = out.splitlines()

    assert (code, err) == (3, "")
    assert [line.partition(": ")[0] for line in reported[:-1]] == [
        f"{EDITION}:{other}:14",
        f"{FOLDER}/gone.ttl",
        f"{PASSAGES}:{broken}:17",
        f"{STATEMENTS}:{kind}:19",
        f"{STATEMENTS}:{amount}:21",
    ]
    assert ": syntax: " in reported[0]
    assert reported[1].startswith(f"{FOLDER}/gone.ttl: unreadable: no such file")
    assert reported[-1].endswith(
        "some files could not be read, so the checks that need them were left out"
    )


@pytest.mark.slow(reason="checks a folder with all shapes")
def test_folder_has_one_edition(begun, run, edit):
    edit(
        EDITION,
        "id:tip-2022-be a ",
        "id:tip-2022-be-x a tip:Edition .\n\nid:tip-2022-be a ",
    )
    assert any("coverage: a folder has one edition" in line for line in findings(run))

    for path in begun.glob("*.ttl"):
        path.write_text("# Nothing yet\n", encoding="utf-8")
    assert findings(run)[0].startswith(f"{FOLDER}: coverage: no file describes an edition")


@pytest.mark.slow(reason="checks a folder with all shapes")
def test_complete_edition_needs_a_statement_for_each_sentence(here, run, text, edit):
    run("new", FOLDER, "--text", text, "--page", PAGE)
    uncomment(here / FOLDER)
    edit(EDITION, "code:partial", "code:complete")
    line = edit(PINNED, "be:S02", "be:S02")

    code, out, _ = run("check", FOLDER)
    *found, summary = out.splitlines()
    assert (code, found) == (
        1,
        [
            f"{PINNED}:{line + 2 * number}:1: coverage: S0{2 + number} has no statement, but the"
            " edition is marked complete"
            for number in range(3)
        ],
    )
    assert summary.endswith(
        "1 of 4 sentences covered, read in full; quotes not compared with the text"
        " (use --text FILE)"
    )


@pytest.mark.slow(reason="checks a folder with all shapes")
def test_text_is_compared_with_the_pinned_one(here, run, text, edit):
    run("new", FOLDER, "--text", text, "--page", PAGE)
    uncomment(here / FOLDER)
    quote = edit(PASSAGES, 'tip:words "The U.S.', 'tip:words "This U.S.')
    words = edit(PINNED, "be:S02", "be:S02") + 1
    path = here / PINNED
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[words - 1] = f'        tip:sha256 "{"0" * 64}" .\n'
    path.write_text("".join(lines), encoding="utf-8")

    assert findings(run, "--text", text) == [
        f"{PASSAGES}:{quote}:1: text: S01, offset 0: the quote 'This U.S. Department' is not in the"
        " text with its prefix and suffix",
        f"{PINNED}:{words - 1}:1: text: S02, offset 41: its words differ from the pinned ones",
    ]
    text.write_bytes(b"Another text.")
    assert any("the text is not the pinned one" in line for line in findings(run, "--text", text))


@pytest.mark.slow(reason="pySHACL validates what is text instead of a number")
def test_invalid_offsets_are_a_finding(here, run, text, edit):
    run("new", FOLDER, "--text", text, "--page", PAGE)
    line = edit(PINNED, "oa:start   0", 'oa:start "0"')

    reported = findings(run, "--text", text)

    assert any(each.startswith(f"{PINNED}:{line}:") and ": shape: " in each for each in reported)


@pytest.mark.parametrize(
    ("arguments", "code", "reported"),
    [
        (["nowhere"], 3, "nowhere: no such folder; 'tipgraph new' makes one for an edition"),
        (["."], 3, ".: no RDF file in this folder"),
        ([FOLDER, "--text", "story.txt"], 2, f"{FOLDER}: no text is pinned in this folder"),
        ([FOLDER, "--data", "nowhere.ttl"], 3, "nowhere.ttl: no such file or folder"),
    ],
)
def test_unusable_input_is_one_line(here, run, text, arguments, code, reported):
    if arguments != ["."]:
        run("new", FOLDER)

    outcome = run("check", *arguments)

    assert (outcome.code, outcome.out) == (code, "")
    assert reported in outcome.err
    assert len(outcome.err.splitlines()) == 1
