"""`tipgraph new`: a folder to begin an edition with, whole or not at all."""

import csv
from pathlib import Path

import pytest

from tests.authoring.conftest import PAGE, TEXT, uncomment
from tests.conftest import Run
from tipgraph.export.figures import TABLE


def test_that_a_folder_is_made_and_the_person_is_told(here, run):
    code, out, err = run("new", "tip-2022-be")

    assert (code, out) == (0, "")
    made, following = err.splitlines()
    assert made.endswith("made, with edition.ttl, passages.ttl, statements.ttl and figures.csv")
    assert "next: write the address of the page where a TODO asks for it" in following
    assert following.endswith("run 'tipgraph check tip-2022-be'")
    assert {path.name for path in here.iterdir()} == {"tip-2022-be"}
    assert len([*(here / "tip-2022-be").iterdir()]) == 4


def test_that_the_edition_is_described(begun):
    edition = (begun / "edition.ttl").read_text(encoding="utf-8")

    for said in (
        'rdfs:label          "TIP Report 2022, Belgium"@en',
        'dcterms:identifier  "tip-2022-be"',
        "dcat:inSeries       id:tip-report",
        "dcterms:publisher   id:us-department-of-state",
        "dcterms:spatial     country:BEL",
        "tip:year            2022",
        "tip:coverage        code:partial",
        f"dcat:landingPage    <{PAGE}> .",
    ):
        assert said in edition
    assert "code:countries" not in edition


def test_that_the_table_has_a_head_alone(begun):
    with (begun / "figures.csv").open(encoding="utf-8", newline="") as opened:
        assert [*csv.reader(opened)] == [[*TABLE]]


def test_that_a_country_that_is_new_is_listed(here: Path, run: Run) -> None:
    run("new", "tip-2022-ro", "--page", PAGE)
    uncomment(here / "tip-2022-ro")

    edition = (here / "tip-2022-ro" / "edition.ttl").read_text(encoding="utf-8")
    assert 'country:ROU\n    skos:inScheme code:countries ;\n    skos:notation "ROU" .' in edition
    assert "tip-2022-ro: no finding" in run("check", "tip-2022-ro").out


def test_that_a_countrys_letters_may_be_a_prefix_of_another_kind(here: Path, run: Run) -> None:
    run("new", "tip-2022-id", "--page", PAGE)
    uncomment(here / "tip-2022-id")

    edition = (here / "tip-2022-id" / "edition.ttl").read_text(encoding="utf-8")
    assert "@prefix idn:     <https://w3id.org/tipgraph/id/tip-2022-id/> ." in edition
    assert "tip-2022-id: no finding" in run("check", "tip-2022-id").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["tip-2022-bel"], "'tip-2022-bel' is no name of an edition: write series, year"),
        (["../tip-2022-be"], "is no name of an edition"),
        (["greta-2022-be"], "no series of editions is called 'greta'; there is tip (Trafficking"),
        (["tip-2022-xx"], "no country has the two letters 'XX'"),
        (["tip-2021-be"], "the graph has tip-2021-be already"),
        (["tip-2022-be", "--page", "the page"], "'the page' is no address of a page"),
    ],
)
def test_that_what_cannot_be_meant_makes_nothing(here, run, arguments, told):
    code, out, err = run("new", *arguments)

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert told in err
    assert not [*here.iterdir()]


def test_that_a_folder_that_is_there_stays_as_it_is(here, run):
    (here / "tip-2022-be").mkdir()

    code, _, err = run("new", "tip-2022-be")

    assert code == 2
    assert "tip-2022-be is there already; 'tipgraph check tip-2022-be'" in err
    assert not [*(here / "tip-2022-be").iterdir()]


def test_that_there_must_be_a_folder_to_make_it_in(here, run):
    assert run("new", "tip-2022-be", "--in", "nowhere").code == 3
    assert run("new", "tip-2022-be", "--in", here).code == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "No such file"),
        (b"\xff", "is not UTF-8"),
        (b" \n", "there is no sentence in it"),
        ("\ufeffText.".encode(), "begins with a byte order mark"),
    ],
)
def test_that_an_unfit_text_makes_nothing(here, run, content, told):
    path = here / "text.txt"
    if content is not None:
        path.write_bytes(content)

    code, _, err = run("new", "tip-2022-be", "--text", path)

    assert code == 3
    assert told in err
    assert not (here / "tip-2022-be").exists()


def test_that_a_text_is_pinned_and_not_copied(here, run, text):
    _, _, err = run("new", "tip-2022-be", "--text", text, "--page", PAGE)
    folder = here / "tip-2022-be"

    assert "tip-2022-be/text.ttl: has 4 sentences; see that each is one" in err
    assert "Observers said so" not in "".join(p.read_text("utf-8") for p in folder.iterdir())
    uncomment(folder)
    covered = run("coverage", "tip-2022-be", "--data", folder, "--text", text).out
    assert "tip-2022-be: no mismatch against the text" in covered
    assert "no finding; 5 statements" in run("check", folder, "--text", text).out


@pytest.mark.skipif(not TEXT.exists(), reason="the source text is in ../shared, which is not here")
def test_that_the_belgian_text_is_pinned_as_the_graph_has_it(here, run):
    shipped = Path(__file__).parents[2] / "data" / "tip-2021-be" / "edition.ttl"
    run("new", "tip-2022-be", "--text", TEXT)

    made = (here / "tip-2022-be" / "text.ttl").read_text(encoding="utf-8")
    begin = "\nbe:S01 "
    assert made[made.index(begin) :] in shipped.read_text(encoding="utf-8")
    assert "53ae0fa66f49afae6e01e13102d6b3481a20bb711c120145ec274c8f20c023f8" in made


def test_that_a_text_that_others_would_copy_differently_is_told(run: Run, here: Path) -> None:
    untidy = here / "untidy.txt"
    untidy.write_bytes(b"One is here.\r\n\r\nTwo  are there.\n")
    tidy = here / "tidy.txt"
    tidy.write_bytes(b"One is here.\nTwo are there.")

    told = run("new", "tip-2022-be", "--text", untidy).err
    assert (
        "its lines end as on Windows, it ends with a line feed, it has blank lines, it has" in told
    )
    assert "another's copy may have another digest" in told
    assert "another's copy" not in run("new", "tip-2022-nl", "--text", tidy).err
