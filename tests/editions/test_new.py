"""`tipgraph new`: the folder of a new edition."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.editions.conftest import PAGE, TEXT, uncomment


def test_folder_is_made_and_next_steps_are_shown(here, run):
    code, out, err = run("new", "tip-2022-be")

    assert (code, out) == (0, "")
    made, following = err.splitlines()
    assert made.endswith("created with edition.ttl, figures.ttl, passages.ttl and statements.ttl")
    assert "next: write the address of the page at each TODO" in following
    assert following.endswith("run 'tipgraph check tip-2022-be'")
    assert {path.name for path in here.iterdir()} == {"tip-2022-be"}
    assert len([*(here / "tip-2022-be").iterdir()]) == 4


def test_edition_is_described(begun):
    edition = (begun / "edition.ttl").read_text(encoding="utf-8")

    for line in (
        "id:tip-2022-be a tip:Edition ;",
        "dcat:inSeries    id:tip-report",
        "dcterms:spatial  country:BEL",
        "tip:year         2022",
        "tip:coverage     code:partial",
        f"dcat:landingPage <{PAGE}> .",
    ):
        assert line in edition
    assert "code:countries" not in edition


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_new_country_is_listed(here: Path, run: Run) -> None:
    run("new", "tip-2022-lv", "--page", PAGE)
    uncomment(here / "tip-2022-lv")

    edition = (here / "tip-2022-lv" / "edition.ttl").read_text(encoding="utf-8")
    assert 'country:LVA\n    skos:inScheme code:countries ;\n    skos:notation "LVA" .' in edition
    assert "tip-2022-lv: no findings" in run("check", "tip-2022-lv").out


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_country_letters_that_are_a_shared_prefix_are_replaced(here: Path, run: Run) -> None:
    run("new", "tip-2022-id", "--page", PAGE)
    uncomment(here / "tip-2022-id")

    edition = (here / "tip-2022-id" / "figures.ttl").read_text(encoding="utf-8")
    assert "@prefix idn:            <https://w3id.org/tipgraph/id/tip-2022-id/> ." in edition
    assert "tip-2022-id: no findings" in run("check", "tip-2022-id").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tip-2022-bel"], "invalid edition name 'tip-2022-bel'; write series, year"),
        (["../tip-2022-be"], "invalid edition name"),
        (["greta-2022-be"], "unknown series 'greta'; known: tip (Trafficking"),
        (["tip-2022-xx"], "unknown country 'XX'"),
        (["tip-2017-be"], "the graph already has tip-2017-be"),
        (["tip-2022-be", "--page", "the page"], "invalid address 'the page'"),
    ],
)
def test_invalid_argument_makes_nothing(here, run, arguments, message):
    code, out, err = run("new", *arguments)

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert message in err
    assert not [*here.iterdir()]


def test_existing_folder_is_unchanged(here, run):
    (here / "tip-2022-be").mkdir()

    code, _, err = run("new", "tip-2022-be")

    assert code == 2
    assert "tip-2022-be exists already; check it with 'tipgraph check tip-2022-be'" in err
    assert not [*(here / "tip-2022-be").iterdir()]


def test_parent_folder_must_exist(here, run):
    assert run("new", "tip-2022-be", "--in", "nowhere").code == 3
    assert run("new", "tip-2022-be", "--in", here).code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        (b"\xff", "is not UTF-8"),
        (b" \n", "has no sentence"),
        ("\ufeffText.".encode(), "begins with a byte order mark"),
    ],
)
def test_unusable_text_makes_nothing(here, run, content, message):
    path = here / "text.txt"
    if content is not None:
        path.write_bytes(content)

    code, _, err = run("new", "tip-2022-be", "--text", path)

    assert code == 3
    assert message in err
    assert not (here / "tip-2022-be").exists()


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_text_is_pinned_and_not_copied(here, run, text):
    _, _, err = run("new", "tip-2022-be", "--text", text, "--page", PAGE)
    folder = here / "tip-2022-be"

    assert "tip-2022-be/text.ttl: has 4 sentences; check that each is one sentence" in err
    assert "Observers said so" not in "".join(p.read_text("utf-8") for p in folder.iterdir())
    uncomment(folder)
    covered = run("coverage", "tip-2022-be", "--data", folder, "--text", text).out
    assert "tip-2022-be: no mismatch against the text" in covered
    assert "no findings; 6 statements" in run("check", folder, "--text", text).out


@pytest.mark.skipif(not TEXT.exists(), reason="the source text is in ../shared, which is not here")
def test_belgian_text_is_pinned_as_in_the_graph(here, run):
    shipped = Path(__file__).parents[2] / "data" / "tip-2021-be" / "edition.ttl"
    run("new", "tip-2022-be", "--text", TEXT)

    made = (here / "tip-2022-be" / "text.ttl").read_text(encoding="utf-8")
    begin = "\nbe:S01 "
    assert made[made.index(begin) :] in shipped.read_text(encoding="utf-8")
    assert "53ae0fa66f49afae6e01e13102d6b3481a20bb711c120145ec274c8f20c023f8" in made


def test_folder_for_figures_alone_states_what_was_read(here: Path, run: Run) -> None:
    made = run("new", "tip-2024-mt", "--page", PAGE, "--read", "the first 2,000 characters")

    assert made.code == 0
    assert made.err.startswith("tipgraph: tip-2024-mt: created with edition.ttl and figures.ttl")
    assert "run 'tipgraph import-figures TABLE --into tip-2024-mt'" in made.err
    edition = (here / "tip-2024-mt" / "edition.ttl").read_text(encoding="utf-8")
    assert '"Read of the page: the first 2,000 characters. What the graph does not' in edition

    uncomment(here / "tip-2024-mt")
    checked = run("check", "tip-2024-mt")
    assert checked.out.startswith("tip-2024-mt: no findings; 1 statement (1 figure), 1 citation")
