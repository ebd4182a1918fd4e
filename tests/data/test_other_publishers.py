"""Statements of documents of other publishers, beside the table of facts that two readers coded."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from tipgraph.graph import LocalGraph
from tipgraph.rdf.terms import Value

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "second-sources.tsv"
PUBLISHERS = {"GRETA": "greta", "Myria": "myria", "Eurostat": "eurostat"}
# A rule's length, an amount and a count are all published figures.
KINDS = {
    "finding": "Remark",
    "recommendation": "Recommendation",
    "non-report": "AbsenceOfReports",
    **dict.fromkeys(("figure", "amount", "norm"), "PublishedFigure"),
}
STATEMENTS = """
SELECT DISTINCT ?statement ?kind ?quote ?note ?page ?area ?publisher ?value ?time ?counter
       ?words ?verb
WHERE {
  ?statement tip:document ?document ; a ?kind ; tip:quote ?quote ;
             tip:readOn/dcat:landingPage ?page .
  ?kind a tip:Kind .
  ?document dcterms:publisher ?publisher ; dcterms:spatial ?area .
  OPTIONAL { ?statement skos:scopeNote ?note }
  OPTIONAL { ?statement sdmx-measure:obsValue ?value }
  OPTIONAL { ?statement (sdmx-dimension:refPeriod|tip:period)/rdfs:label ?time }
  OPTIONAL { ?statement tip:countedBy/rdfs:label ?counter }
  OPTIONAL { ?statement tip:countedWords ?words }
  OPTIONAL { ?statement tip:urgencyWords ?verb }
}
"""
# Terms by which rules relate figures to each other.
RELATES = """
SELECT DISTINCT ?node ?by {
  ?figure a tip:PublishedFigure . ?node ?by ?figure . FILTER(?node != ?figure)
  FILTER(?by NOT IN (tip:publishedFigure, tip:besideFigure, prov:wasDerivedFrom, oa:hasBody,
    tip:namedIn, tip:laterStatement))
}
"""


def facts() -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, dialect="excel-tab"))


def is_same(fact: Mapping[str, str], row: Mapping[str, Value]) -> bool:
    """Return whether a row has what was coded, beside page and quote."""
    publisher = PUBLISHERS.get(fact["publisher"])
    note = str(row["note"] or "")
    years = re.findall(r"\d{4}", fact["period"])
    return (
        str(row["kind"]).endswith(KINDS[fact["kind"]])
        and str(row["area"]).endswith(fact["country"])
        and (publisher is None or str(row["publisher"]).endswith(f"/{publisher}"))
        and (fact["value"] == "" or str(row["value"]) == fact["value"])
        and (fact["kind"] != "figure" or str(row["words"]) == fact["indicator"])
        and (fact["strength"] == "" or str(row["verb"]) == fact["strength"])
        and all(year in f"{row['time']} {note}" for year in years)
        and (not fact["counted_by"] or bool(row["counter"]) or fact["counted_by"] in note)
    )


@pytest.mark.slow(reason="It reads the documents of all countries.")
@pytest.mark.skipif(not FACTS.exists(), reason=f"{FACTS} is not here")
def test_each_fact_is_in_the_graph_and_nothing_else_is(everything: LocalGraph) -> None:
    rows = [*everything.engine.select(STATEMENTS)]
    by_place: dict[tuple[str, str], list[dict[str, Value]]] = {}
    for row in rows:
        by_place.setdefault((str(row["page"]), str(row["quote"])), []).append(row)
    coded = facts()

    missing = [
        (fact["country"], fact["gist"])
        for fact in coded
        if not any(
            is_same(fact, row)
            for row in by_place.get(
                (fact["url"].replace(" ", "%20"), " ".join(fact["anchor"].split())), []
            )
        )
    ]
    assert missing == []
    assert len(rows) == len(coded), "none is made up"


@pytest.mark.slow(reason="It reads the documents of all countries.")
def test_no_rule_joins_figures_of_two_publishers_but_to_set_them_side_by_side(
    everything: LocalGraph,
) -> None:
    related = [*everything.engine.select(RELATES)]
    assert related == []

    comparisons = [
        *everything.engine.select(
            "SELECT ?comparison ?text ?here ?there { ?comparison a tip:SourceComparison ;"
            " tip:differenceText ?text ; tip:document ?here ; tip:besideFigure ?other ."
            " ?other tip:edition|tip:document ?there }"
        )
    ]
    assert comparisons
    assert all(str(row["text"]) for row in comparisons), "each has its reason"
    assert all(row["here"] != row["there"] for row in comparisons)


@pytest.mark.slow(reason="It reads the documents of all countries.")
def test_label_of_a_figure_names_its_period(everything: LocalGraph) -> None:
    rows = everything.engine.select(
        "SELECT ?label ?time { ?figure a tip:PublishedFigure ; rdfs:label ?label ;"
        " sdmx-dimension:refPeriod/rdfs:label ?time }"
    )
    assert len(rows) > 100
    for label, time in ((str(row["label"]), str(row["time"])) for row in rows):
        assert all(year in label for year in re.findall(r"\d{4}", time)), label


def test_a_figure_of_a_document_is_in_no_answer_on_editions(shipped: LocalGraph) -> None:
    documents = {
        str(row["statement"])
        for row in shipped.engine.select("SELECT ?statement { ?statement tip:document ?any }")
    }
    assert documents
    for name in ("figures", "series", "compare-countries", "totals", "statements"):
        query = shipped.queries[name]
        needed = {each.name: str(each.example) for each in query.params if each.required}
        rows = shipped.rows(name, **needed, edition="all")
        shown = {str(row["statement"]) for row in rows} if "statement" in rows.columns else set()
        assert shown.isdisjoint(documents), name


def test_who_says_it_and_who_publishes_it_are_both_recorded(shipped: LocalGraph) -> None:
    rows = shipped.rows("compare-sources", area="BEL", period="2019", publisher="GRETA")
    [row] = [row for row in rows if row["value"] == 145]

    reporters = shipped.engine.select(
        f"SELECT ?reporter {{ {NamedNode(str(row['statement']))} tip:reporter ?reporter }}"
    )
    assert str(row["speaker"]).endswith("/myria")
    assert str(reporters[0]["reporter"]).endswith("/greta")
    assert "159 in TIP Report 2021" in str(row["beside"])
    assert "another stage is counted" in str(row["beside"]), "265 identified and assisted"


def test_figure_of_eurostat_is_in_a_group_of_its_own_list(shipped: LocalGraph) -> None:
    groups = shipped.rows(
        "SELECT ?label ?notation ?figure ?match { ?group skos:inScheme code:eurostat-groups ;"
        " skos:prefLabel ?label OPTIONAL { ?group skos:notation ?notation }"
        " OPTIONAL { ?figure tip:publisherGroup ?group }"
        " OPTIONAL { ?group skos:closeMatch ?match } }"
    )
    assert len(groups) == 9
    assert not any(groups.column("notation")), "the documentation shows no code"
    assert {row["label"] for row in groups if row["figure"]} == {"non-EU country (Eurostat)"}
    matches = {str(each).rpartition("/")[2] for each in groups.column("match") if each}
    assert matches == {"form-sex", "form-labor", "form-other"}
