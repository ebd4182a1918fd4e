"""The headers of stored queries, and the columns that every query over statements has."""

import re

import pytest

from tipgraph.graph import LocalGraph
from tipgraph.lookup.editions import ALL
from tipgraph.queries.catalogue import EDITION
from tipgraph.rdf import sparql

from .cells import cell, table
from .files import CHECKS, NAMES

# Scripts rely on these names.
PROMISED = {
    "figures": "edition area indicator period part value unit approximate caveat sentence",
    "residence-permits": "edition period value",
    "funding": "edition period funder recipient per_unit amount currency converted"
    " approximate sentence",
    "entitlements": "entitlement beneficiary grants duration renewable_until strength"
    " conditionality requirement sentence",
    "obligations": "bearer act owed_to trigger outcome frequency sentence",
    "powers": "holder act in_favour_of requirement sentence",
    "claims": "speaker speech_act about hedge sentence",
    "not-reported": "kind reporter topic period sentence",
    "relations": "subject relation object sentence",
    "unmentioned-topics": "topic expected_by",
    "evidence-by-criterion": "criterion statement kind caveat speaker sentence",
    "statements-by-sentence": "sentence statement kind",
}
PARAMETERS = {
    "figures": "indicator period edition",
    "entitlements": "beneficiary",
    "claims": "speaker",
    "relations": "actor",
    "evidence-by-criterion": "scheme",
    "statements-by-sentence": "sentence",
}

# Its rows are our readings, which have no speaker.
OURS = {"interpretations"}


@pytest.mark.parametrize("name", NAMES)
def test_header_describes_the_columns_in_order(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]

    assert list(query.columns) == sparql.projection(query.text)
    assert all(query.columns.values()), "each column is described"
    assert query.tags == (query.origin.split("/")[1],), "the tag is the folder"


@pytest.mark.parametrize("name", sorted(set(NAMES) - CHECKS))
def test_statement_queries_have_edition_area_and_speaker(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    optional = {parameter.name for parameter in query.params if not parameter.required}

    assert {"edition", "area"} <= set(query.columns)
    assert {"edition", "area"} <= optional
    assert ("sentence" in query.columns and name not in OURS) == ("speaker" in query.columns)


# What a figure, a comparison of two or a derived change or total shows as its value.
VALUES = {"sdmx-measure:obsValue", "tip:amountValue", "tip:difference", "tip:current"}
# Its caveats are those of a criterion.
CRITERIA = {"evidence-by-criterion"}
# How every query gathers the caveats that a rule derives, in one cell.
CAVEATS = re.compile(
    r"""SELECT \?(?P<of>\w+) \(GROUP_CONCAT\(\?text ; separator = " \| "\)"""
    r""" AS \?(?P<name>\w*caveat)\)
 *WHERE \{
 *SELECT DISTINCT \?(?P=of) \(STR\(\?label\) AS \?text\)
 *WHERE \{ .*\?known rdfs:label \?label \}
 *ORDER BY \?(?P=of) \?text
 *\}
 *GROUP BY \?(?P=of)
"""
)


@pytest.mark.parametrize("name", sorted(set(NAMES) - CRITERIA))
def test_query_that_shows_figures_shows_their_caveats(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    shown = any(re.search(rf"{value}\b", query.text) for value in VALUES)
    gathered = {match["name"] for match in CAVEATS.finditer(query.text)}

    assert shown == ("caveat" in query.columns)
    assert gathered == {column for column in query.columns if column.endswith("caveat")}
    assert query.text.count("tip:caveat") == len(gathered), "nothing else gathers caveats"


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_promised_columns_and_parameters_exist(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    names = {parameter.name for parameter in query.params}

    assert set(PROMISED[name].split()) <= set(query.columns)
    assert set(PARAMETERS.get(name, "").split()) <= names


@pytest.mark.parametrize("name", NAMES)
def test_parameter_only_narrows_the_rows(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    needed = {each.name: each.sample(shipped.engine) for each in query.params if each.required}
    if query.has_editions:
        needed[EDITION] = ALL
    answer = shipped.rows(name, **needed)
    whole = table(answer)

    for parameter in query.params:
        assert parameter.example is not None, f"{parameter.name} has an example"
        given = parameter.term(shipped.engine, parameter.example)
        part = table(shipped.rows(name, **{**needed, parameter.name: given}))
        assert part, f"the example of {parameter.name} gives rows"
        if parameter.required or parameter.default:
            continue  # another value of it asks for other rows
        assert all(row in whole for row in part)
        if parameter.name in answer.columns:
            position = answer.columns.index(parameter.name)
            assert part == [row for row in whole if row[position] == cell(given)]


@pytest.mark.parametrize("name", NAMES)
def test_example_runs(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    shipped.rows(name, **{each.name: each.sample(shipped.engine) for each in query.params})

    assert query.example(shipped.engine).startswith(f"tipgraph query {name}")
