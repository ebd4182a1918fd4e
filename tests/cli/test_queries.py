"""`tipgraph queries`: finding a query and learning what it takes."""

import csv
import io
import json


def test_csv_starts_with_the_name(mini, run):
    rows = list(csv.reader(io.StringIO(run("queries", "--format", "csv").out)))

    assert rows[0][0] == "name"
    assert [row[0] for row in rows[1:]] == [
        *("any-actor", "figures", "network", "relations", "speaks", "unsaid")
    ]
    assert rows[2][2] == "[indicator] [edition] [least]"
    assert rows[5][2] == "speaker"


def test_table_is_grouped_by_tag(mini, run):
    lines = run("queries", "--format", "table").out.splitlines()

    assert lines[2].split()[:2] == ["actors", "any-actor"]
    assert [line.split()[0] for line in lines[3:5]] == ["network", "relations"]
    assert "speaker" in lines[5]


def test_question_is_shown_and_searched(run):
    assert "Who pays for the shelters, and how much?" in run("queries", "funding").out
    assert "\nfunding," in run("queries", "--search", "who pays").out


def test_json_contains_everything(mini, run):
    (figures,) = [q for q in json.loads(run("queries", "--format", "json").out) if q["params"][2:]]

    assert figures["params"][0]["type"] == "code:indicators"
    assert figures["columns"]["passage"] == "where it stands"


def test_parameters_are_listed_with_values_and_example(mini, run):
    out = run("queries", "figures", "--all").out

    assert "  indicator (code:indicators, optional): what is counted" in out
    assert "    victims-identified  victims identified" in out
    assert "    tip-2021-xx  TIP Report 2021, Xland" in out
    assert "    it takes a whole number such as 2020" in out
    assert out.endswith("  tipgraph query figures -p indicator=victims-identified\n")


def test_terminal_has_the_names_by_theme(mini, run):
    out = run("queries", tty=True).out

    assert "figures" in out
    assert "speaks" in out
    assert "what is counted" not in out
    assert "Every figure" not in out
    assert "Every figure" in run("queries", "--all", tty=True).out


def test_example_of_a_required_parameter_runs(mini, run):
    example = run("queries", "speaks").out.splitlines()[-1].split()

    assert run(*example[1:]).code == 0


def test_json_of_one_query_lists_the_allowed_values(mini, run):
    query = json.loads(run("queries", "figures", "--format", "json").out)

    assert query["params"][1]["allowed"] == ["tip-2021-xx", "tip-2022-xx"]


def test_search_covers_text_columns_and_parameters(mini, run):
    for word in ("observation", "STATISTICS", "least", "figure"):
        names = [line.split(",")[0] for line in run("queries", "--search", word).out.splitlines()]
        assert names == ["name", "figures"]


def test_search_without_match_is_an_error(mini, run):
    outcome = run("queries", "--search", "figurez")

    assert outcome.code == 2
    assert "no stored query mentions 'figurez'; did you mean 'figures'?" in outcome.err
    assert "'tipgraph find qqq'" in run("queries", "--search", "qqq").err
    assert run("queries", "figurs").err.startswith("tipgraph: unknown query 'figurs'")


def test_search_accepts_words_in_any_order(mini, run):
    assert run("queries", "--search", "passage figures", "--format", "csv").out.count("\n") > 1
    assert run("queries", "--search", "figures nonsense").code == 2
