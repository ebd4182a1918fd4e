"""The figures as a table: each number of the source once, with its caveats and evidence."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import tipgraph
from tests.facts import FACTS, Cells, corrected
from tipgraph import LocalGraph, UsageError
from tipgraph.editions.import_figures import import_figures
from tipgraph.editions.table import read_table
from tipgraph.export.figures import figures as figures_of
from tipgraph.export.figures import import_table
from tipgraph.figure_table import COLUMNS, NUMBER_QUALIFIER, PERIOD_INFERRED, TABLE
from tipgraph.namespaces import PREFIXES
from tipgraph.rdf.terms import Value
from tipgraph.render import formats
from tipgraph.store.engine import Rows

from .quads import graph_of

ALLOCATION = "allocation to each of the three specialised shelters"
# Read from the text: indicator, period, part, number and unit.
STATED = {
    ("victims identified and assisted", "2020", "total", 91, "persons"),
    ("victims identified and assisted", "2020", "labor exploitation", 49, "persons"),
    ("victims identified and assisted", "2020", "sexual exploitation", 35, "persons"),
    ("victims identified and assisted", "2020", "other forms", 7, "persons"),
    ("victims assisted", "2019", "total", 159, "persons"),
    ("referrals to shelters", "2020", "total", 820, "referrals"),
    ("referrals to shelters", "2019", "total", 859, "referrals"),
    ("shelters funded", "2020", "total", 3, "shelters"),
    (ALLOCATION, "2020", "each", 419000, "EUR"),
    (ALLOCATION, "2020", "each", 514110, "USD"),
    (ALLOCATION, "2019", "each", 427000, "EUR"),
    (ALLOCATION, "2019", "each", 523930, "USD"),
    ("children missing from shelters", "2018\u20132020", "total", 2642, "persons"),
    ("children missing from shelters", "2020", "total", 583, "persons"),
    ("residence permits issued", "2017", "total", 235, "permits"),
    ("residence permits issued", "2018", "total", 248, "permits"),
    ("residence permits issued", "2019", "total", 154, "permits"),
    ("residence permits issued", "2020", "total", 174, "permits"),
    ("cases with an award", "2020", "total", 2, "cases"),
    ("award per case", "2020", "each", 12500, "EUR"),
    ("award per case", "2020", "each", 15340, "USD"),
}
PAGE = "https://www.state.gov/reports/2021-trafficking-in-persons-report/belgium/"
BE = "https://w3id.org/tipgraph/id/tip-2021-be/"

Row = dict[str, Value]


def figures(graph: LocalGraph, *selected: str, **by: str) -> Rows:
    """The figures of a graph, or some, as the command exports them."""
    return figures_of(graph.engine, graph.queries, *selected, **by)


@pytest.fixture(scope="module")
def table(shipped: LocalGraph) -> list[Row]:
    return list(figures(shipped, edition="tip-2021-be"))


def one(table: list[Row], statement: str, unit: str | None = None) -> Row:
    (row,) = [
        row for row in table if row["statement"] == BE + statement and unit in (None, row["unit"])
    ]
    return row


def test_each_number_of_the_source_is_in_one_row(table: list[Row]) -> None:
    columns = ("indicator", "reference_period", "part", "value", "unit")
    exported = [tuple(row[name] for name in columns) for row in table]

    assert len(exported) == len(STATED)
    assert set(exported) == STATED


def test_country_edition_and_page_are_those_of_the_source(table: list[Row]) -> None:
    found = {(row["country"], row["edition"], row["edition_id"], row["page"]) for row in table}

    assert found == {("BEL", "2021", "tip-2021-be", PAGE)}


def test_table_begins_like_the_tables_of_facts() -> None:
    if not FACTS.exists():
        pytest.skip(f"{FACTS} is not here")
    head = FACTS.read_text(encoding="utf-8").splitlines()[0].split("\t")

    assert list(COLUMNS[: len(head)]) == head


def test_table_contains_the_facts_of_further_editions_word_by_word(shipped: LocalGraph):
    if not FACTS.exists():
        pytest.skip(f"{FACTS} is not here")
    facts = list(corrected())
    editions = {(fact["country"], fact["edition"]) for fact in facts}
    rows = [
        {
            name: "" if row[name] is None else str(row[name])
            for name in (*TABLE, PERIOD_INFERRED, NUMBER_QUALIFIER)
        }
        for row in figures(shipped)
        if (row["country"], row["edition"]) in editions and row["edition_id"] != "tip-2021-be"
    ]

    def in_order(table: Iterable[Cells]) -> list[Cells]:
        return sorted(table, key=lambda cells: [cells[name] for name in TABLE])

    assert in_order(rows) == in_order(facts)
    assert sum(bool(row[PERIOD_INFERRED]) for row in rows) == 27


def test_figure_has_its_sentence_quote_and_link(table: list[Row]) -> None:
    row = one(table, "victims-2020")

    assert row["statement_label"] == (
        "91 victims formally identified and assisted by the government in 2020"
    )
    assert row["place"] == "S02"
    assert row["quote"] == "formally identified and assisted 91 victims"
    assert str(row["link"]).startswith(f"{PAGE}#:~:text=government-,formally%20identified")
    assert row["speaker"] == row["reporter"] == "US Department of State"
    assert (row["counted_by"], row["population"]) == ("government", "identified victim")
    assert row["coverage"] == "complete"


def test_figure_has_its_caveats(table: list[Row]) -> None:
    labor = one(table, "victims-2020-labor")
    referrals = one(table, "referrals-2020")

    assert "may have included cases that are not trafficking crimes under international law" in str(
        labor["caveat"]
    )
    assert "formally identified and assisted" in str(one(table, "victims-2019")["caveat"])
    assert referrals["note"] == (
        "Referrals, not persons; and potential victims are among those referred."
    )
    assert referrals["population"] == "potential victim, victim"


def test_parts_wholes_and_comparisons_refer_to_rows(table: list[Row]) -> None:
    statements = {row["statement"] for row in table}
    permits = one(table, "permits-2020")

    assert one(table, "victims-2020-labor")["part_of"] == BE + "victims-2020"
    assert one(table, "victims-2020-labor")["breakdown"] == "complete by sum"
    assert one(table, "victims-2020")["breakdown"] is None, "parts have it, axis by axis"
    assert one(table, "victims-2020")["worded_differently"] == "true"
    assert one(table, "missing-children-2020")["included_in"] == BE + "missing-children-2018-2020"
    assert str(permits["compared_with"]).split(" | ") == [
        BE + f"permits-{year}" for year in (2017, 2018, 2019)
    ]
    assert permits["worded_differently"] == "false | false | false"
    assert permits["direction"] is None, "“compared with” states none"
    for row in table:
        for name in ("part_of", "included_in", "compared_with"):
            assert set(str(row[name] or "").split(" | ")) <= {*statements, ""}


def test_money_is_marked_as_approximate_and_converted(table: list[Row]) -> None:
    euro, dollar = (one(table, "allocation-2020", unit) for unit in ("EUR", "USD"))

    assert (euro["approximate"], euro["converted"]) == (True, False)
    assert (dollar["approximate"], dollar["converted"]) == (True, True), (
        "the source converted an approximate amount"
    )
    assert euro["funder"] == "Government of Belgium"
    assert euro["counted_by"] == "government", "the funder, by its local name"
    assert (euro["part"], euro["per_unit"]) == ("each", "per shelter")
    assert euro["period_start"] == "2020-01-01T00:00:00Z"


def test_speaker_other_than_the_reporter_is_shown(table: list[Row]) -> None:
    row = one(table, "missing-children-2020")

    assert str(row["speaker"]).startswith("agency responsible")
    assert (row["speech_act"], row["reporter"]) == ("reports", "US Department of State")


def test_missing_value_is_none(table: list[Row]) -> None:
    assert one(table, "victims-2019")["counted_by"] is None, "the source names nobody"
    assert {row["hedge"] for row in table} == {None}
    assert all(value != "" for row in table for value in row.values())


def test_figures_are_selected_by_edition_area_and_indicator(shipped: LocalGraph) -> None:
    permits = figures(shipped, indicator="residence-permits-issued", area="BEL")

    assert permits.column("value") == [235, 248, 154, 174]
    assert len(figures(shipped, edition="tip-2021-be")) == len(STATED)
    editions = set(figures(shipped, area="LUX").column("edition_id"))
    assert {"tip-2021-lu"} < editions
    assert all(str(each).endswith("-lu") for each in editions)
    with pytest.raises(UsageError, match="did you mean 'residence-permits-issued'"):
        figures(shipped, indicator="residence-permits")


def test_numbers_have_no_trailing_zeros(shipped: LocalGraph) -> None:
    money = figures(shipped, "tip-2021-be", indicator="allocation-per-shelter")

    assert {type(value) for value in money.column("value")} == {Decimal}
    texts = [row[COLUMNS.index("value")] for row in formats.plain(money)]
    assert sorted(texts) == ["419000", "427000", "514110", "523930"]


@pytest.mark.parametrize("backwards", [False, True])
def test_figures_that_differ_only_in_iri_have_a_stable_order(shipped: LocalGraph, backwards):
    """Figures of two editions never do; data of a user may."""
    statement = NamedNode(BE + "permits-2020")
    quads_of_one = list(shipped.engine.store.quads_for_pattern(statement, None, None))
    twins = [
        Quad(NamedNode(BE + name), quad.predicate, quad.object, quad.graph_name)
        for name in ("b-twin", "a-twin")
        for quad in quads_of_one
    ]
    of_edition = (quad for quad in shipped.engine.store if BE in str(quad.subject))
    quads = [*of_edition, *twins]

    rows = figures(graph_of(quads[::-1] if backwards else quads, shipped))
    mine = [
        str(iri) for iri in rows.column("statement") if "twin" in str(iri) or iri == statement.value
    ]
    assert mine == [BE + "a-twin", BE + "b-twin", statement.value]


def test_csv_round_trips_cell_by_cell(shipped: LocalGraph) -> None:
    rows = figures(shipped)
    text = formats.csv(rows.columns, formats.plain(rows))

    head, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert head == list(COLUMNS)
    assert lines == formats.plain(rows)
    assert text.count("\r\n") == len(rows) + 1


def test_figures_without_codes_or_passages_are_exported(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    prefixes = "".join(f"@prefix {name}: <{iri}> . " for name, iri in PREFIXES.items())
    own.write_text(
        f"{prefixes} <urn:x> a tip:Observation ; tip:edition <urn:e> ; tip:speaker 'me' ;"
        " tip:evidence 'page 3' , [] ; tip:indicator 'cases' ; tip:part 'all' ;"
        " tip:approximate true ; sdmx-dimension:refArea 'here' ; sdmx-dimension:refPeriod 'then' ;"
        " sdmx-measure:obsValue 12.50 ; sdmx-attribute:unitMeasure 'cases' .",
        encoding="utf-8",
    )
    (row,) = figures(tipgraph.open(own, bundled=False))

    assert (row["indicator"], row["part"], row["value"]) == ("cases", "all", Decimal("12.5"))
    assert (row["country"], row["speaker"], row["statement"]) == ("here", "me", "urn:x")
    assert row["quote"] is None


def test_figure_shows_how_its_source_qualifies_and_places_it(everything: LocalGraph) -> None:
    by_statement = {str(row["statement"]): row for row in figures(everything)}

    def of(edition: str, name: str) -> Row:
        return by_statement[f"https://w3id.org/tipgraph/id/{edition}/{name}"]

    unstated = of("tip-2018-pl", "kcik-shelters-year-not-stated-male-part")
    assert (unstated["reference_period"], unstated["period_start"]) == ("year not stated", None)
    assert (unstated["part"], unstated["axis"], unstated["quote"]) == (
        "male",
        "by-sex",
        "one shelter",
    )
    assert unstated["link"] == unstated["page"], "words that may repeat give no place"
    percentage = of("tip-2017-fr", "trafficking-victims-assisted-2016-nigeria-percent")
    assert (percentage["unit"], percentage["percentage_of"]) == ("percent", "total")
    assert percentage["stage"] == "assisted"
    assert percentage["caution"] == "percent of the 82 assisted victims"
    assert "percent of the 82 assisted victims" in str(percentage["caveat"])
    qualified = [row for row in by_statement.values() if row["number_qualifier"] == "at least"]
    assert len(qualified) > 10
    assert all(row["approximate"] for row in qualified)


def test_caution_on_money_is_a_caveat(everything: LocalGraph) -> None:
    money = [row for row in figures(everything) if row["funder"] and row["caution"]]

    assert len(money) > 30
    assert all(str(row["caution"]) in str(row["caveat"]) for row in money)


def read_back(names: Iterable[str], everything: LocalGraph, tmp_path: Path) -> dict[str, bool]:
    """Return, by edition, whether the exported table is imported as the figures of the graph."""
    rows, data = figures(everything), Path(everything.resources.root) / "data"
    number = rows.columns.index("edition_id")
    same = {}
    for name in names:
        own = tuple(row for row in rows.terms if row[number] == Literal(name))
        exported = import_table(everything.engine, Rows(rows.columns, own))
        table = tmp_path / f"{name}.csv"
        table.write_text(formats.csv(exported.columns, formats.plain(exported)), "utf-8")
        (text,) = import_figures(everything.engine, str(table), read_table(str(table))).values()
        stated = (data / name / "figures.ttl").read_text("utf-8")
        same[name] = text == stated
    return same


def test_exported_table_is_read_back_as_the_same_file(everything: LocalGraph, tmp_path):
    # Unstated years, a part of an allocation, and parts of one name on several axes
    names = ["tip-2017-es", "tip-2017-pl", "tip-2018-be"]

    assert read_back(names, everything, tmp_path) == dict.fromkeys(names, True)


@pytest.mark.slow(reason="imports each table of figures")
def test_each_exported_table_is_read_back_as_the_same_file(everything: LocalGraph, tmp_path):
    files = (Path(everything.resources.root) / "data").glob("*/figures.ttl")
    same = read_back(sorted(file.parent.name for file in files), everything, tmp_path)

    assert len(same) > 130
    assert [name for name, is_same in same.items() if not is_same] == []
