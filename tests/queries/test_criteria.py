"""Each criterion of a list has its statements once, and leads to the text of the list.

`test_expected.py` has the statements of the complete edition on Belgium for each criterion.
"""

import pytest

from tipgraph.graph import LocalGraph

from .cells import table

SCHEMES = ("scheme-ecat", "scheme-dir-2004-81", "scheme-dir-2011-36", "scheme-3p")
ELI = "http://data.europa.eu/eli/dir/"

Row = dict[str, str]


def evidence(graph: LocalGraph, scheme: str) -> list[Row]:
    found = graph.rows("evidence-by-criterion", scheme=scheme, edition="tip-2021-be")
    return [dict(zip(found.columns, row, strict=True)) for row in table(found)]


@pytest.mark.parametrize("scheme", [*SCHEMES, "scheme-checklist"])
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
