"""Names in other languages: on every command that takes one, with English where there is none."""

from pathlib import Path

import pytest

from tipgraph.entities.languages import LANGUAGES

HUNGARY = ("--area", "HUN")
SLOW = pytest.mark.slow(reason="makes a briefing, or draws a chart")


@pytest.mark.parametrize(
    "command",
    [
        ("query", "figures", *HUNGARY, "--columns", "all"),
        ("show", "HUN"),
        pytest.param(("report", *HUNGARY), marks=SLOW),
        pytest.param(
            ("chart", "series", *HUNGARY, "-p", "indicator=victims-identified"), marks=SLOW
        ),
        ("find", "Hungary", "--kind", "country"),
    ],
    ids=lambda command: command[0],
)
def test_names_of_things_are_in_the_chosen_language(run, command, tmp_path: Path):
    output = ("--output", tmp_path / "series.svg") if command[0] == "chart" else ()

    dutch, english = run(*command, *output, "--lang", "nl"), run(*command, *output)

    assert (dutch.code, english.code) == (0, 0)
    assert "Hongarije" in dutch.out
    assert "Hongarije" not in english.out


def test_texts_of_statements_stay_english(run):
    command = ("query", "figures", *HUNGARY, "--format", "csv", "--columns", "statement,place")

    assert run(*command, "--lang", "de") == run(*command)


def test_facts_of_a_case_are_in_the_chosen_language(run):
    answer = run("assess", "--citizenship", "NGA", "--age", "30", "--brief", "--lang", "nl").out

    assert "depends on: helpt bij de vervolging" in " ".join(answer.split())
    assert "a 45-day reflection period" in answer


def test_thing_is_found_by_its_name_in_any_language(run):
    for name in ("Ungarn", "Hongrie", "hongarije"):
        found = run("query", "figures", "--area", name, "--format", "csv")
        assert found == run("query", "figures", *HUNGARY, "--format", "csv")
    assert run("show", "Ungarn").out == run("show", "HUN").out


def test_name_is_marked_as_that_of_a_source_or_ours(run):
    assert "name by https://cldr.unicode.org/" in run("show", "HUN", "--lang", "fr").out
    ours = run("show", "by-sex", "--lang", "fr").out

    assert "our translation; in English: by sex" in " ".join(ours.split())


def test_unknown_language_is_refused_with_those_that_there_are(run):
    code, _, err = run("show", "HUN", "--lang", "es")

    assert code == 2
    assert all(each in err for each in LANGUAGES)
