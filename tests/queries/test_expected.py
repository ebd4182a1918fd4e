"""Every stored query gives exactly the rows in expected/, over all editions of some countries, or
some editions.

A change in data or query shows here as a difference. Read the new rows; when they are right by the
text, copy them as the message shows.
"""

import re
from pathlib import Path

import pytest

from tipgraph.entities import editions
from tipgraph.graph import LocalGraph
from tipgraph.queries.catalogue import EDITION, StoredQuery
from tipgraph.render.formats import tsv

from .cells import table
from .files import CHECKS, NAMES

EXPECTED = Path(__file__).parent / "expected"
# The countries whose rows are compared: those whose editions were read first, and a small one whose
# figures have what theirs lack, such as years that are not stated, joint counters and remarks.
AREAS = ("BEL", "HUN", "LUX", "MLT", "NLD")
# Queries that set countries side by side, or that count their editions.
WHOLE = {"compare-countries", "definitions", "revisions", "unmentioned-topics"}

# Queries that have a row or more for each statement, with the editions whose rows are compared: the
# one that was read in full where its rows are different, and some with all that the query finds.
FEW = {
    "evidence": ("tip-2021-be", "tip-2023-lu"),
    "evidence-by-criterion": ("tip-2017-hu", "tip-2021-be"),
    "notes": ("tip-2018-be", "tip-2022-mt"),
    "relations": ("tip-2018-be", "tip-2019-hu", "tip-2023-lu"),
    "statements": ("tip-2018-be", "tip-2022-mt", "tip-2023-lu"),
}

# Queries that need a parameter, or that have too many rows to read, with the cases compared.
CASES: dict[str, dict[str, tuple[str, ...]]] = {
    "evidence-by-criterion": {
        "scheme": (
            "scheme-3p",
            "scheme-ecat",
            "scheme-dir-2004-81",
            "scheme-dir-2011-36",
            "scheme-checklist",
        )
    },
    "benefits": {"category": ("ChildVictim", "ForeignVictim", "NonEUVictim")},
    "series": {
        "indicator": (
            "victims-identified-and-assisted",
            "victims-registered",
            "allocation-per-shelter",
            "residence-permits-issued",
        )
    },
    "compare-countries": {"stage": ("sheltered",)},
    "definitions": {"stage": ("sheltered",)},
    "mentions": {"actor": ("greta", "belgium-public-prosecutors", "traffickers", "netherlands")},
    "recommendations-followed": {"publication": ("greta-2013-be", "greta-2014-nl")},
    "unmentioned-topics": {"edition": ("tip-2021-be", "tip-2021-lu")},
}


def needed(query: StoredQuery) -> dict[str, str]:
    """The required parameters with their examples, and all editions."""
    required = {each.name: str(each.example) for each in query.params if each.required}
    return {**required, **({EDITION: editions.ALL} if query.has_editions else {})}


def cases(query: StoredQuery) -> list[dict[str, str]]:
    """The parameters of each case of a query; without an entry in CASES there is one case."""
    values = CASES.get(query.name, {})
    given = [{name: value} for name in values for value in values[name]] or [{}]
    return [{**needed(query), **each} for each in given]


def expected(query: StoredQuery, parameters: dict[str, str]) -> Path:
    given = (value for value in parameters.values() if value != editions.ALL)
    values = (re.sub(r"[^\w-]+", "-", value) for value in given)
    return EXPECTED / (".".join([query.name, *values]) + ".tsv")


def answer(graph: LocalGraph, query: StoredQuery, parameters: dict[str, str]) -> str:
    """The rows of a query as TSV, sorted, so that two answers have no other differences."""
    by_area = "area" in {each.name for each in query.params} and query.name not in WHOLE
    bounds = [{"area": each} for each in AREAS] if by_area else [{}]
    if query.name in FEW:
        bounds = [{EDITION: each} for each in FEW[query.name]]
    answers = [graph.rows(query.name, **{**parameters, **bound}) for bound in bounds]
    rows = {tuple(row) for each in answers for row in table(each)}
    return tsv(answers[0].columns, sorted(rows))


@pytest.mark.parametrize("name", NAMES)
def test_query_gives_the_expected_rows(name: str, shipped: LocalGraph, tmp_path: Path) -> None:
    query = shipped.queries[name]
    for parameters in cases(query):
        wanted = expected(query, parameters)
        found = tmp_path / wanted.name
        found.write_text(answer(shipped, query, parameters), encoding="utf-8")

        assert wanted.exists(), f"read the answer; if it is right: cp {found} {wanted}"
        actual, recorded = (path.read_text(encoding="utf-8") for path in (found, wanted))
        assert actual == recorded, f"if the answer is right: cp {found} {wanted}"


@pytest.mark.parametrize("name", NAMES)
def test_checks_give_no_rows_and_other_queries_some(name: str, shipped: LocalGraph) -> None:
    parameters = cases(shipped.queries[name])[0]
    count = len(shipped.rows(name, **parameters))

    if name in CHECKS:
        assert count == 0, "a check finds faults: correct what its rows name"
    else:
        assert count > 0, (
            f"the query has no rows with {parameters}: compare its patterns with the data, or give"
            " its required parameters an example that has rows"
        )


def test_expected_rows_belong_to_existing_queries(shipped: LocalGraph) -> None:
    queries = (shipped.queries[name] for name in NAMES)
    wanted = {expected(query, given).name for query in queries for given in cases(query)}

    assert {path.name for path in EXPECTED.iterdir()} <= wanted, "delete the files of no query"
