"""`tipgraph query --edition --area`, and the line that names the editions of an answer."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

import tipgraph
from tipgraph.entities.editions import MANY
from tipgraph.namespaces import PREFIXES, TIP
from tipgraph.queries.no_rows import explanation

PARTIAL = "read in part: tip-2022-hu, tip-2022-nl, tip-2023-lu, tip-2023-mt"
LINE = f"newest editions: tip-2021-be; {PARTIAL} (--edition all for all)"


def editions(out: str) -> set[str]:
    rows = csv.DictReader(io.StringIO(out))
    return {row["edition"].rpartition("/")[2] for row in rows}


@pytest.fixture(autouse=True)
def terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")


def test_terminal_names_the_editions_above_the_answer(run):
    code, out, err = run("query", "entitlements", tty=True)

    assert (code, err) == (0, "")
    assert out.startswith(f"{LINE}\n\n")


def test_line_of_editions_breaks_between_words(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    line, _, _ = run("query", "entitlements", tty=True).out.partition("\n\n")

    assert " ".join(line.splitlines()) == LINE
    assert max(map(len, line.splitlines())) <= 40


@pytest.mark.parametrize(
    ("style", "tty"), [("csv", False), ("json", False), ("table", False), ("csv", True)]
)
def test_data_stay_clean_and_standard_error_names_the_editions(run, style, tty):
    code, out, err = run("query", "entitlements", "--format", style, tty=tty)

    assert (code, err) == (0, f"tipgraph: {LINE}\n")
    assert "read in part" not in out
    if style == "json":
        assert json.loads(out)["results"]["bindings"]


def test_query_over_years_names_all_editions(run):
    err = run("query", "residence-permits", "--area", "BEL").err

    assert err == (
        "tipgraph: editions: tip-2021-be;"
        " read in part: tip-2017-be, tip-2018-be, tip-2019-be, tip-2020-be\n"
    )


def test_answer_on_a_country_names_other_publishers_on_the_same(run):
    asked = ("query", "series", "-p", "indicator=victims-identified-and-assisted")
    named = "GRETA, Payoke, Minister of Justice of Belgium and Myria have figures on this too"
    line = f"publisher: US Department of State; {named}: tipgraph query compare-sources --area BEL"

    for style in ("csv", "json"):
        assert run(*asked, "--area", "BEL", "--format", style).err.endswith(f"tipgraph: {line}\n")
    above, _, _ = run(*asked, "--area", "BEL", tty=True).out.partition("\n\n")
    assert " ".join(above.split()).endswith(line)
    assert line in run(*asked, "--area", "BEL", "--format", "markdown").err
    assert "too" not in run(*asked, "--format", "csv").err, "of all countries"
    assert "too" not in run("query", "figures", "--area", "LUX", "--format", "csv").err
    none = run("query", "series", "-p", "indicator=victims-identified", "--area", "BEL")
    assert "GRETA and Myria have figures on this too" in none.err, "the editions have no figure"


BE_2019 = {"tip-2019-be"}
EVERY = {f"tip-{year}-be" for year in (2017, 2018, 2019, 2021)}
COUNTRY = "http://publications.europa.eu/resource/authority/country/BEL"


@pytest.mark.parametrize(
    ("query", "options", "selected"),
    [
        ("funding", ["--edition", "tip-2019-be"], BE_2019),
        ("funding", ["--edition", "TIP Report 2019, Belgium"], BE_2019),
        ("funding", ["--edition", "https://w3id.org/tipgraph/id/tip-2019-be"], BE_2019),
        ("funding", ["--edition", "2019", "--area", "BEL"], BE_2019),
        ("funding", ["--edition", "2019", "--area", "be"], BE_2019),
        ("funding", ["--edition", "2019", "-p", "area=Belgium"], BE_2019),
        ("funding", ["-p", "edition=tip-2019-be"], BE_2019),
        ("funding", ["--edition", "2019", "--area", COUNTRY], BE_2019),
        # The editions of a year that have no rows are named too.
        ("funding", ["--edition", "2019"], {*BE_2019, "tip-2019-hu", "tip-2019-mt"}),
        ("entitlements", ["--edition", "BEL"], {"tip-2021-be"}),
        ("entitlements", ["--edition", "belgium"], {"tip-2021-be"}),
        ("entitlements", ["--area", "BEL"], {"tip-2021-be"}),
        ("entitlements", ["--area", "be"], {"tip-2021-be"}),
        ("entitlements", ["--edition", "all"], EVERY),
    ],
)
def test_editions_are_selected_by_name_year_and_area(run, query, options, selected):
    columns = ("--iris", "--columns", "all", "--format", "csv")
    code, out, err = run("query", query, *columns, *options)
    named = {*re.findall(r"tip-\d+-\w+", err)}

    assert (code, editions(out)) == (0, {each for each in selected if each[-2:] == "be"})
    assert options[-1] == "all" or named == selected


def test_answer_without_rows_names_the_editions_without_them(run):
    out = run("query", "entitlements", "--area", "NLD", tty=True).out

    assert out.startswith("newest editions: read in part: tip-2022-nl (--edition all for all)\n")
    assert "no rows" in out


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--edition", ""], "an argument is empty"),
        (["--area="], "--area is empty"),
        (["-p", "edition="], "the edition is empty"),
        (["--edition", "tip-2021-bee"], "did you mean 'tip-2021-be'"),
        (["--area", "Belgum"], "did you mean 'Belgium'"),
        (
            ["-p", "indicator=beds", "-p", "indicator=beds"],
            "the parameter 'indicator' is given twice",
        ),
    ],
)
def test_wrong_edition_is_a_usage_error_of_one_line(run, options, problem):
    code, out, err = run("query", "figures", *options)

    assert (code, out) == (2, "")
    assert problem in err
    assert err.count("\n") == 1


def test_own_query_has_no_editions(run):
    count = "SELECT (COUNT(*) AS ?n) { ?each a tip:Edition }"

    assert run("query", "-e", count).err == ""
    code, _, err = run("query", "-e", count, "--edition", "all")
    assert (code, err) == (2, "tipgraph: query has no parameters; leave out 'edition'\n")


def test_description_of_a_query_names_its_default(run):
    newest, all_ = (run("queries", name).out for name in ("entitlements", "figures"))

    assert "Editions: the newest of each country that is read in full, else its newest (" in newest
    assert "Editions: all (--edition selects others)\n" in all_
    queries = json.loads(run("queries", "--format", "json").out)
    assert {query["name"]: query["editions"] for query in queries}["entitlements"] == "newest"


@pytest.mark.parametrize(
    "options", [("--area", "BEL", "--area", "Dutch"), ("-p", "area=BEL", "-p", "area=NLD")]
)
def test_several_areas_are_all_asked(run, options):
    rows = csv.DictReader(
        io.StringIO(
            run("query", "figures", *options, "--iris", "--columns", "all", "--format", "csv").out
        )
    )

    assert {row["area"].rpartition("/")[2] for row in rows} == {"BEL", "NLD"}


def test_several_editions_are_all_asked(run):
    chosen = ("--edition", "tip-2020-be", "--edition", "2019", "--area", "Belgian")
    out = run("query", "figures", *chosen, "--iris", "--columns", "all", "--format", "csv").out

    assert editions(out) == {"tip-2019-be", "tip-2020-be"}


def test_find_takes_several_areas(run):
    hits = run(
        "find", "victims", "--limit", "99", "--area", "HUN", "--area", "LUX", "--format", "json"
    ).out
    found = {edition[-2:] for hit in json.loads(hits)["hits"] for edition in hit["editions"]}

    assert found == {"hu", "lu"}


def test_export_takes_several_areas(run):
    out = run("export", "figures", "--area", "HUN", "--area", "LUX").out

    assert {row["country"] for row in csv.DictReader(io.StringIO(out))} == {"HUN", "LUX"}


def test_differences_of_several_countries_follow_each_other(run):
    years = ("diff", "2020", "2021", "--format", "markdown")
    out = run(*years, "--area", "HUN", "--area", "NLD").out

    assert out == "\n".join(run(*years, "--area", each).out for each in ("HUN", "NLD"))
    assert run(*years[:3], "--area", "HUN", "--area", "NLD", "--format", "json").code == 2


def test_show_takes_an_area(run):
    out = run("show", "victims-identified", "--area", "Holland").out

    assert "Netherlands" in out
    assert "Hungary" not in out


def test_assess_names_the_countries_that_can_be_assessed(run):
    code, _, err = run("assess", "--area", "Dutch", "--met", "identified")

    assert code == 2
    assert "no entitlements were read for Dutch; only Belgium can be assessed" in err
    assert run("assess", "--area", "Belgium", "--met", "identified").code == 0


@pytest.mark.parametrize("style", ["series", "breakdown"])
def test_chart_takes_areas(run, tmp_path, style):
    pytest.importorskip("matplotlib")
    name = ("-p", "indicator=victims-identified", "--output", str(tmp_path / "chart.svg"))
    outcome = run("chart", style, *name, "--area", "MLT", "--area", "LUX")

    assert "Luxembourg" in outcome.out + outcome.err


def test_query_without_rows_for_a_country_offers_one_with_rows(run):
    err = run("query", "residence-permits", "--area", "HUN").err

    assert "residence-permits has rows for Belgium alone, and none for Hungary" in err
    assert "statements with these words: tipgraph find residence permits Hungary" in err
    assert "for Hungary: tipgraph query figures -p area=HUN" in err


def test_rows_of_many_editions_are_not_read_to_explain_that_there_are_none(tmp_path: Path) -> None:
    """To name the countries with rows takes minutes for thousands of editions."""
    kind = f"a <{TIP}Edition> ; <{PREFIXES['dcterms']}spatial> <{PREFIXES['country']}HUN>"
    own = tmp_path / "own.ttl"
    own.write_text("".join(f"<http://example.org/{n}> {kind} .\n" for n in range(MANY + 1)))
    graph = tipgraph.open(own, bundled=False)

    found = graph.no_rows(graph.queries["residence-permits"], {"area": "HUN"})

    assert "residence-permits has no rows for Hungary" in explanation(found)
    assert set(graph.query_areas.values()) == {None}


def test_edition_cannot_have_a_later_period(run):
    err = run("query", "figures", "--edition", "2018", "--area", "BEL", "-p", "period=2020").err

    assert "edition 2018 cannot have 2020, which is later" in err


NOTIONS = "SELECT ?n ?w { ?n a tip:Notion ; skos:exactMatch|skos:closeMatch ?w }"


def test_wrong_value_lists_those_of_the_area_the_most_used_first(run):
    err = run("query", "figures", "--area", "LUX", "-p", "indicator=victms").err
    listed = err.partition("It takes one of indicators for LUX: ")[2].strip().split(", ")
    rows = csv.DictReader(
        io.StringIO(
            run(
                "query", "figures", "--area", "LUX", "--iris", "--columns", "all", "--format", "csv"
            ).out
        )
    )
    indicators = [row["indicator"].rpartition("/")[2] for row in rows]

    matches = run(
        "query", "-e", NOTIONS, "--iris", "--columns", "all", "--format", "csv"
    ).out.splitlines()[1:]
    wordings: dict[str, set[str]] = {}
    for notion, wording in (line.split(",") for line in matches):
        wordings.setdefault(notion.rpartition("/")[2], set()).add(wording.rpartition("/")[2])
    # Notions of such indicators come first, then these.
    codes = [each.removeprefix("code:") for each in listed if each not in {"…", *wordings}]
    notions = listed[: len(listed) - len(codes) - listed.count("…")]
    assert {*codes} <= {*indicators}
    assert notions
    assert all(wordings[each] & {*indicators} for each in notions)
    assert indicators.count(codes[0]) == max(map(indicators.count, indicators))


def test_stored_query_names_its_countries(run):
    assert "Countries: rows for Belgium alone" in run("queries", "training").out
    rows = csv.DictReader(io.StringIO(run("queries", "--format", "csv").out))
    found = {row["name"]: row["areas"] for row in rows}

    assert (found["training"], found["figures"]) == ("BEL", "BEL HUN LUX MLT NLD")


@pytest.mark.parametrize("command", [("report",), ("query", "figures")])
def test_country_as_an_argument_is_led_to_its_option(run, command):
    code, _, err = run(*command, "Hungary")

    assert code == 2
    assert err.endswith("; a country is given with --area, and an edition with --edition\n")
