"""Each criterion of a list has its statements; some are no evidence by themselves."""

import pytest

from tipgraph.graph import LocalGraph

from .cells import table

# Criteria on which the complete edition on Belgium states nothing, by scheme; all others have rows.
SILENT = {
    "scheme-ecat": {"10(3)", "11", "12(1)(c)", "12(1)(f)"},
    "scheme-dir-2004-81": {"14"},
    "scheme-dir-2011-36": set[str](),
}
ARTICLES = {
    "scheme-ecat": {"11", "16", "28", "30"},
    "scheme-dir-2004-81": {str(number) for number in range(5, 15)},
    "scheme-dir-2011-36": {"8", "11", "11(3)", "11(4)"} | {str(each) for each in range(12, 20)},
}
ELI = "http://data.europa.eu/eli/dir/"

Row = dict[str, str]


def evidence(graph: LocalGraph, scheme: str) -> list[Row]:
    found = graph.rows("evidence-by-criterion", scheme=scheme, edition="tip-2021-be")
    return [dict(zip(found.columns, row, strict=True)) for row in table(found)]


@pytest.mark.parametrize("scheme", SILENT)
def test_each_criterion_has_statements_or_is_without_any(scheme: str, shipped: LocalGraph) -> None:
    rows = evidence(shipped, scheme)

    assert {row["number"] for row in rows if row["statement"] == "nothing stated"} == SILENT[scheme]
    assert {row["number"] for row in rows if row["place"]} >= ARTICLES[scheme] - SILENT[scheme]
    assert {row["number"] for row in rows} >= ARTICLES[scheme]


@pytest.mark.parametrize(
    ("scheme", "numbers"),
    [
        ("scheme-3p", {"9"}),
        ("scheme-ecat", {"10(2)", "13", "16"}),
        ("scheme-dir-2004-81", {"6", "12"}),
    ],
)
def test_return_of_those_who_did_not_agree_is_no_evidence_without_its_caveat(
    scheme: str, numbers: set[str], shipped: LocalGraph
) -> None:
    returned = [row for row in evidence(shipped, scheme) if row["statement"] == "repatriation"]
    of_return = [row for row in returned if row["number"] != "12(6)"]

    assert {row["number"] for row in of_return} == numbers
    for row in of_return:
        assert row["place"] == "S23-repatriated"
        assert "as a consequence of not agreeing to conditions" in row["caveat"]
        assert "no help in returning is stated" in row["caveat"]


def test_condition_is_listed_with_the_caveat_that_it_may_point_the_other_way(shipped: LocalGraph):
    for scheme, number in (("scheme-ecat", "12(6)"), ("scheme-dir-2011-36", "11(3)")):
        tied = [row for row in evidence(shipped, scheme) if row["number"] == number]

        assert "assistance" in {row["statement"] for row in tied}
        assert all("may speak against the article" in row["caveat"] for row in tied)


@pytest.mark.parametrize("scheme", [*SILENT, "scheme-3p", "scheme-checklist"])
def test_statement_has_one_row_per_criterion_speaker_and_sentence(scheme, shipped: LocalGraph):
    keys = [
        tuple(row[name] for name in ("criterion", "statement", "speaker", "place"))
        for row in evidence(shipped, scheme)
    ]

    assert len(keys) == len(set(keys)), "two caveats would double the row"


def test_wording_and_mapping_are_marked_as_ours_and_lead_to_the_text(shipped: LocalGraph) -> None:
    schemes = shipped.rows(
        "SELECT ?scheme ?note { ?scheme a tip:CriteriaScheme ; skos:scopeNote ?note }"
    )
    sources = shipped.rows(
        "SELECT DISTINCT ?scheme ?source"
        " { ?each skos:inScheme ?scheme ; a tip:Criterion ; dcterms:source ?source }"
    )
    source = {str(row["scheme"]).rpartition("/")[2]: str(row["source"]) for row in sources}

    assert len(schemes) == 5
    assert all("mapping to topics are ours" in str(row["note"]) for row in schemes)
    assert source["scheme-dir-2004-81"] == f"{ELI}2004/81/oj"
    assert source["scheme-dir-2011-36"] == f"{ELI}2011/36/oj"
    assert source["scheme-ecat"].endswith("treatynum=197")
