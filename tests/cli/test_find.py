"""`tipgraph find`."""

import csv
import io
import json
import re

import pytest

from tests.conftest import Run

MENTOR = "Children in the shelters for foreign unaccompanied children were assigned a mentor"


def test_hit_is_shown_with_its_source_and_the_command_that_shows_it(run: Run) -> None:
    lines = run("find", "mentor").out.splitlines()

    assert lines[0].startswith(f"1. {MENTOR}")
    assert lines[1:3] == [
        "   statement (service provision) · tip-2021-be · S18 · US Department of State",
        "   tipgraph show tip-2021-be/mentors-for-children",
    ]
    assert run(*lines[2].split()[1:]).code == 0


def test_figure_is_shown_with_its_caveat(run: Run) -> None:
    out = run("find", "248", "permits", "--limit", 1).out

    assert "\n   caveat: Permits, not persons" in out
    assert "--limit" in out.splitlines()[-1]


def test_matches_are_bold_on_a_terminal_alone(run: Run) -> None:
    assert "a \x1b[1mmentor\x1b[22m to" in run("find", "mentor", tty=True).out
    assert "\x1b" not in run("find", "mentor").out


@pytest.mark.parametrize("words", ["who pays", "cost"])
def test_stored_query_is_shown_as_a_command(run: Run, words: str) -> None:
    lines = run("find", words).out.splitlines()

    assert lines[0].startswith("1. Funders and recipients")
    assert lines[3] == "   tipgraph query funding"
    assert "\nfunding," in run("queries", "--search", words, "--format", "csv").out


def test_topic_without_a_statement_is_no_zero(run: Run) -> None:
    outcome = run("find", "interpreter", "--area", "BEL")

    assert outcome.code == 0
    assert "nothing found for 'interpreter' with these filters" in outcome.out
    assert (
        "translation and interpretation: no statement on it;"
        " not stated in TIP Report 2021, Belgium, read in full;"
        " not extracted from 4 editions read in part; see tipgraph show interpretation\n"
    ) in outcome.out


def test_hits_without_some_of_the_words_are_below_a_line_and_name_them(run: Run) -> None:
    out = run("find", "share", "of", "the", "91", "labor", "exploitation").out
    full, partial = out.split("\nThe hits below do not have all of the words.\n")

    complete = re.findall(r"^\d+\. ", full, flags=re.MULTILINE)
    assert complete[0] == "1. "
    assert "breaks down\n" in full
    assert "without:" not in full
    hits = re.split(r"^\d+\. ", partial, flags=re.MULTILINE)[1:]
    assert partial.startswith(f"{len(complete) + 1}. ")
    assert len(hits) > 3
    assert all(re.search(r"\n +without: ", hit) for hit in hits)


def test_figure_of_the_year_lists_the_others_of_its_series(run: Run) -> None:
    lines = run("find", "missing", "children", "Belgium", "2020", "--limit", 1).out.splitlines()

    assert lines[0].startswith("1. 583 children went missing")
    place = lines.index("   1 more like it, of other editions or periods:")
    assert lines[place + 1] == "     tipgraph show tip-2021-be/missing-children-2018-2020"
    assert run(*lines[place + 1].split()[1:]).code == 0


def test_nothing_found_names_the_nearest_words(run: Run) -> None:
    outcome = run("find", "councelling", "--format", "csv")

    assert outcome.code == 0
    assert outcome.out.count("\n") == 1
    assert "nothing found for 'councelling'" in outcome.err
    assert "nearest words: counselling, counseling" in outcome.err


def test_country_without_an_answer_is_named_before_the_hits(run: Run) -> None:
    """Hits on another country would be read as the answer."""
    assert run("find", "shelter", "Malaysia").out.splitlines() == [
        "no edition or document on Malaysia is here",
        "nothing found for 'shelter malaysia'",
    ]
    first, *_ = run("find", "Vietnamese", "victims", "in", "Belgium").out.splitlines()
    assert first == "no statement on Belgium has the word vietnamese; these have other words"
    _, unread, *_ = run("find", "victims", "Belgium", "Latvia").out.splitlines()
    assert unread == "no edition or document on Latvia is here"


def test_formats_have_the_same_hits(run: Run) -> None:
    document = json.loads(run("find", "shelters", "--format", "json").out)
    rows = list(csv.DictReader(io.StringIO(run("find", "shelters", "--format", "csv").out)))
    lines = run("find", "shelters", "--format", "tsv").out.splitlines()

    labels = [hit["label"] for hit in document["hits"]]
    assert [row["label"] for row in rows] == labels
    assert [line.split("\t")[2] for line in lines[1:]] == labels
    assert document["total"] > len(labels) == 10
    first = document["hits"][0]
    assert [first["label"][start:end] for start, end in first["label_spans"]]


@pytest.mark.parametrize("words", ["...", '"', "*", "()", "🙂"])
def test_search_without_a_word_is_a_usage_error(run: Run, words: str) -> None:
    assert run("find", words) == (
        2,
        "",
        "tipgraph: there is no word to search for; for example: tipgraph find shelter\n",
    )


@pytest.mark.parametrize("words", ["NEAR(", "label:", "a AND", '"open', "-- NOT *", "{names}:x"])
def test_operators_are_text(run: Run, words: str) -> None:
    outcome = run("find", "--", words)

    assert (outcome.code, outcome.err) == (0, "")


def test_own_data_are_searched(run: Run, mini: object, tmp_path: object) -> None:
    file = f"{tmp_path}/own.ttl"
    with open(file, "w", encoding="utf-8") as opened:
        opened.write(
            "<urn:x> a <http://www.w3.org/2004/02/skos/core#Concept> ;"
            ' <http://www.w3.org/2000/01/rdf-schema#label> "giraffe"@en .'
        )
    assert run("find", "giraffe", "--data", file).out.startswith("1. giraffe\n")
    assert run("find", "giraffe").out.startswith("nothing found")
