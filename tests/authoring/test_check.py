"""`tipgraph check`: all that is at fault in an edition's folder, each with file and line."""

import json
import shutil
from pathlib import Path

import pytest

from tests.authoring.conftest import PAGE, TEXT, Edit, uncomment
from tests.conftest import Run
from tipgraph.editions import check

ROOT = Path(__file__).parents[2]
FOLDER = "tip-2022-be"
EDITION, PASSAGES = f"{FOLDER}/edition.ttl", f"{FOLDER}/passages.ttl"
STATEMENTS, PINNED = f"{FOLDER}/statements.ttl", f"{FOLDER}/text.ttl"


def findings(run: Run, *options: object) -> list[str]:
    """The lines but the last, of a run that has some."""
    code, out, err = run("check", FOLDER, *options)
    assert (code, err) == (1, "")
    return out.splitlines()[:-1]


def test_that_a_fresh_folder_lacks_its_page_and_a_statement(here, run):
    run("new", FOLDER)

    code, out, err = run("check", FOLDER)

    assert (code, err) == (1, "")
    assert out.splitlines() == [
        f"{EDITION}:13:1: coverage: there is no statement yet",
        f"{EDITION}:13:1: shape: Give the address of the edition's public page with one"
        " dcat:landingPage, an IRI that begins with http.",
        f"{FOLDER}: 2 findings; 0 statements, 0 citations; no text is pinned, read in part",
    ]


def test_that_the_examples_conform(written, run):
    assert run("check", FOLDER) == (
        0,
        f"{FOLDER}: no finding; 5 statements (1 figure), 1 citation;"
        " no text is pinned, read in part\n",
        "",
    )


@pytest.mark.parametrize("edition", ["tip-2021-be", "tip-2017-be"])
def test_that_what_is_shipped_has_no_finding_where_it_lies(run, edition):
    code, out, _ = run("check", ROOT / "data" / edition)

    assert (code, len(out.splitlines())) == (0, 1), out


def test_that_a_copy_of_what_is_shipped_takes_its_place(here, run):
    shutil.copytree(ROOT / "data" / "tip-2017-be", here / "copy")

    assert run("check", "copy").out.startswith("tip-2017-be: no finding; ")


def test_that_names_that_are_misspelt_are_told_once_with_what_was_meant(written, run, edit):
    actor = edit(STATEMENTS, "tip:subject  id:belgium-government", "tip:subject  id:belgium-govern")
    label = edit(STATEMENTS, 'rdfs:label   "The government', 'rdfs:labl    "The government')
    relation = edit(STATEMENTS, "tip:funds ;\n", "tip:fnuds ;\n")
    cited = edit(STATEMENTS, "tip:evidence be:page-shelters", "tip:evidence be:page-shelter")
    kind = edit(STATEMENTS, "tip:Finding ;", "tip:Findng ;")
    held = edit(STATEMENTS, "tip:nonReporter", "tip:nonReprter")
    code = edit(STATEMENTS, "code:month", "code:moth")
    group = edit(
        STATEMENTS, "tip:recipient            be:shelters", "tip:recipient be:the-shelters"
    )

    page = edit(EDITION, "dcat:landingPage", "dcat:landngPage")

    assert findings(run) == [
        f"{EDITION}:{page}:5: unknown: no property is called dcat:landngPage; did you mean"
        " dcat:landingPage?",
        f"{STATEMENTS}:{label}:5: unknown: no property is called rdfs:labl; did you mean"
        " rdfs:label?",
        f"{STATEMENTS}:{actor}:18: unknown: no actor is called id:belgium-govern; did you mean"
        " id:belgium-government (Government of Belgium)? If not, describe it in the folder's"
        " actors.ttl",
        f"{STATEMENTS}:{relation}:18: unknown: nothing is called tip:fnuds; did you mean"
        " tip:funds?",
        f"{STATEMENTS}:{cited}:18: unknown: nothing is called be:page-shelter; did you mean"
        " be:page-shelters?",
        f"{STATEMENTS}:{kind}:19: unknown: no class is called tip:Findng; did you mean"
        " tip:Finding?",
        f"{STATEMENTS}:{held}:5: unknown: no property is called tip:nonReprter; did you mean"
        " tip:nonReporter?",
        f"{STATEMENTS}:{code}:25: unknown: no code is called code:moth; did you mean code:month?"
        " If not, add it to ontology/codes.ttl",
        f"{STATEMENTS}:{group}:19: unknown: no actor is called be:the-shelters; did you mean"
        " be:shelters (shelters that the government funds (Belgium))? If not, describe it in the"
        " folder's actors.ttl",
    ]


def test_that_a_name_like_none_is_told_once_for_all_its_places(written: Path, run: Run) -> None:
    path = written / "statements.ttl"
    path.write_text(path.read_text("utf-8").replace("id:belgium-government", "id:zzz"), "utf-8")

    (told,) = findings(run)

    assert told.endswith(
        ":18: unknown: no actor is called id:zzz; correct the name, or describe it in the folder's"
        " actors.ttl (5 times)"
    )


def test_that_an_actor_of_the_folders_own_is_known(written, run, edit):
    edit(STATEMENTS, "tip:subject  id:belgium-government", "tip:subject  be:the-king")
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

    assert run("check", FOLDER).code == 0


def test_that_what_the_shapes_find_is_told_where_it_stands(written, run, edit):
    amount = edit(STATEMENTS, "tip:approximate false", 'tip:approximate "no"')
    label = edit(STATEMENTS, '"The government funds the shelters"@en', '"A" , "B"')

    told = findings(run)

    assert any(
        line.startswith(f"{STATEMENTS}:{label}:18: shape: Give the node one rdfs:label")
        for line in told
    )
    assert any(line.startswith(f"{STATEMENTS}:{amount}:21: shape: ") for line in told)
    assert all(line.startswith(f"{FOLDER}/") for line in told)


def test_that_the_house_style_is_looked_at(written, run, edit):
    edit(PASSAGES, "# The places", "\n# The places")
    rdfs = edit(PASSAGES, "@prefix rdfs: ", "@prefix skos: <http://example.org/> .\n@prefix rdfs: ")
    tab = edit(PASSAGES, "    a            tip", "\ta            tip")
    blank = edit(PASSAGES, "be:page-shelters\n", "be:page-shelters  \n")
    node = edit(STATEMENTS, "tip:about     be:shelters", "tip:about     [ a tip:Public ]")

    assert findings(run) == [
        f"{PASSAGES}:1:1: style: begin the file with a comment that tells what is in it",
        f"{PASSAGES}:{rdfs}:1: style: put the prefixes in the order tip:, id:, be:, oa:, rdfs:,"
        " skos:",
        f"{PASSAGES}:{rdfs}:1: style: take away the prefix skos:, which nothing uses",
        f"{PASSAGES}:{blank}:17: style: take away the blanks at the line's end",
        f"{PASSAGES}:{tab}:1: style: write blanks instead of a tab",
        f"{STATEMENTS}:{node}:19: style: give this node an IRI: one in brackets can be neither"
        " cited nor loaded twice",
    ]


def test_that_what_is_no_turtle_is_told(begun, run):
    (begun / "more.nt").write_text("", encoding="utf-8")

    assert f"{FOLDER}/more.nt: style: write it as Turtle (.ttl)" in run("check", FOLDER).out


def test_that_broken_files_are_told_and_the_rest_is_looked_at(written, run, edit):
    broken = edit(PASSAGES, "tip:section", "tip:section ;")
    other = edit(EDITION, '"TIP Report', '"TIP" Report')
    kind = edit(STATEMENTS, "tip:Finding ;", "tip:Findng ;")
    label = edit(STATEMENTS, '"EUR 400,000"@en', '"EUR 400,000"@nl')
    (written / "gone.ttl").symlink_to("nowhere")

    code, out, err = run("check", FOLDER)
    told = out.splitlines()

    assert (code, err) == (3, "")
    assert [line.partition(": ")[0] for line in told[:-1]] == [
        f"{EDITION}:{other}:31",
        f"{FOLDER}/gone.ttl",
        f"{PASSAGES}:{broken}:17",
        f"{STATEMENTS}:{kind}:19",
        f"{STATEMENTS}:{label}:21",
    ]
    assert ": syntax: " in told[0]
    assert told[1].startswith(f"{FOLDER}/gone.ttl: unreadable: no such file")
    assert told[-1].endswith("not all could be read, and what rests on it is not told")


def test_that_a_folder_is_that_of_one_edition(begun, run, edit):
    edit(
        EDITION,
        "id:tip-2022-be\n    a ",
        "id:tip-2022-be-x\n    a tip:Edition .\n\nid:tip-2022-be\n    a ",
    )
    assert any("coverage: one folder, one edition" in line for line in findings(run))

    for path in begun.glob("*.ttl"):
        path.write_text("# Nothing yet\n", encoding="utf-8")
    assert findings(run)[0].startswith(f"{FOLDER}: coverage: no file of it describes an edition")


def test_that_sentences_without_a_statement_are_told_of_what_is_called_complete(
    here: Path, run: Run, text: Path, edit: Edit
) -> None:
    run("new", FOLDER, "--text", text, "--page", PAGE)
    uncomment(here / FOLDER)
    assert run("check", FOLDER).out.endswith(
        "1 of 4 sentences covered, read in part; quotes were not held against the text"
        " (give --text FILE)\n"
    )

    edit(EDITION, "code:partial", "code:complete")
    line = edit(PINNED, "be:S02", "be:S02")

    assert findings(run) == [
        f"{PINNED}:{line + 2 * number}:1: coverage: no statement rests on S0{2 + number}, and the"
        " edition is called complete"
        for number in range(3)
    ]


def test_that_the_text_is_held_against_what_is_pinned(here, run, text, edit):
    run("new", FOLDER, "--text", text, "--page", PAGE)
    uncomment(here / FOLDER)
    assert run("check", FOLDER, "--text", text).code == 0

    quote = edit(PASSAGES, 'oa:exact "The U.S.', 'oa:exact "This U.S.')
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


def test_that_offsets_that_are_none_are_a_finding_and_no_crash(here, run, text, edit):
    run("new", FOLDER, "--text", text, "--page", PAGE)
    line = edit(PINNED, "oa:start   0", 'oa:start "0"')

    told = findings(run, "--text", text)

    assert any(each.startswith(f"{PINNED}:{line}:") and ": shape: " in each for each in told)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nowhere"], 3, "nowhere: no such folder; 'tipgraph new' makes one for an edition"),
        (["."], 3, ".: no RDF file in this folder"),
        ([FOLDER, "--text", "story.txt"], 2, f"{FOLDER}: no text is pinned in it"),
        ([FOLDER, "--data", "nowhere.ttl"], 3, "nowhere.ttl: no such file or folder"),
    ],
)
def test_that_what_cannot_be_looked_at_is_one_line(here, run, text, arguments, code, told):
    if arguments != ["."]:
        run("new", FOLDER)

    outcome = run("check", *arguments)

    assert (outcome.code, outcome.out) == (code, "")
    assert told in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_that_json_and_python_tell_the_same(here, run):
    run("new", FOLDER)

    told = json.loads(run("check", FOLDER, "--format", "json").out)

    assert told == json.loads(json.dumps(check(FOLDER).as_dict()))
    assert told["edition"] == FOLDER
    assert told["readable"] is True
    assert told["findings"][0] == {
        "path": EDITION,
        "line": 13,
        "column": 1,
        "kind": "coverage",
        "message": "there is no statement yet",
    }


def test_that_other_data_is_read_beside_it(written, run, edit, here):
    edit(STATEMENTS, "tip:subject  id:belgium-government", "tip:subject  id:belgium-king")
    beside = here / "beside.ttl"
    beside.write_text(
        "@prefix tip: <https://w3id.org/tipgraph/ns#> .\n"
        "<https://w3id.org/tipgraph/id/belgium-king> a tip:PublicAgency .\n",
        encoding="utf-8",
    )

    assert run("check", FOLDER, "--data", beside).code == 0


@pytest.mark.skipif(not TEXT.exists(), reason="the source text is in ../shared, which is not here")
def test_that_the_belgian_folder_agrees_with_its_text(run):
    code, out, _ = run("check", ROOT / "data" / "tip-2021-be", "--text", TEXT)

    assert code == 0
    assert "40 of 40 sentences covered, read in full" in out


HEAD = "country,edition,page,indicator,reference_period,part,value,unit,counted_by,note\n"
ROW = f"BEL,2022,{PAGE},victims identified,2021,total,100,persons,government,\n"


def test_that_a_table_is_held_against_the_figures_made_from_it(written: Path, run: Run) -> None:
    table, made = written / "figures.csv", written / "figures.ttl"
    table.write_text(HEAD + ROW, encoding="utf-8")
    assert findings(run) == [
        f"{FOLDER}/figures.csv:2:1: table: its figures are not in the graph yet; import it"
        " ('tipgraph import-figures')"
    ]
    run("import-figures", table, "--into", written)
    assert run("check", FOLDER).code == 0

    differs = (
        "table: figures.ttl is not what this table makes; import it again, and keep what you write"
        " by hand in another file"
    )
    table.write_text(HEAD + ROW + ROW.replace("2021", "2020"), encoding="utf-8")
    assert findings(run) == [f"{FOLDER}/figures.csv:3:1: {differs}"]
    table.write_text(HEAD + ROW.replace(",100,", ",101,"), encoding="utf-8")
    assert findings(run) == [f"{FOLDER}/figures.csv:2:1: {differs}"]

    table.write_text(HEAD + ROW, encoding="utf-8")
    made.write_text(made.read_text("utf-8") + '\nid:netherlands rdfs:comment ""@en .\n', "utf-8")
    assert f"{FOLDER}/figures.csv:1:1: {differs}" in findings(run)


def test_that_a_table_that_cannot_be_meant_is_told_line_by_line(written: Path, run: Run) -> None:
    table = written / "figures.csv"
    table.write_text(HEAD + ROW.replace(",100,", ",1.000,"), encoding="utf-8")
    (told,) = findings(run)
    assert told.startswith(f"{FOLDER}/figures.csv:2:1: table: column value: '1.000' is no number")

    table.write_bytes(b"\xff\xfe\n\xff")
    code, out, _ = run("check", FOLDER)
    assert code == 3
    assert f"{FOLDER}/figures.csv: unreadable: " in out
