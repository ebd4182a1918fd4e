"""What a stored query's header says is so, and what every query over statements has."""

import pytest

from tipgraph.graph import LocalGraph
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
    "evidence-by-criterion": "criterion statement kind speaker sentence",
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

# Its rows are our readings, which nobody is said to say.
OURS = {"interpretations"}


@pytest.mark.parametrize("name", NAMES)
def test_that_columns_are_told_in_their_order(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]

    assert list(query.columns) == sparql.projection(query.text)
    assert all(query.columns.values()), "each column is described"
    assert query.tags == (query.origin.split("/")[1],), "the tag is the folder"


@pytest.mark.parametrize("name", sorted(set(NAMES) - CHECKS))
def test_that_editions_and_speakers_are_columns(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    optional = {parameter.name for parameter in query.params if not parameter.required}

    assert {"edition", "area"} <= set(query.columns)
    assert {"edition", "area"} <= optional
    assert ("sentence" in query.columns and name not in OURS) == ("speaker" in query.columns)


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_that_promised_columns_and_parameters_are_there(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    names = {parameter.name for parameter in query.params}

    assert set(PROMISED[name].split()) <= set(query.columns)
    assert set(PARAMETERS.get(name, "").split()) <= names


@pytest.mark.parametrize("name", NAMES)
def test_that_each_parameter_only_narrows_the_answer(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    needed = {each.name: each.sample(shipped.engine) for each in query.params if each.required}
    whole = shipped.rows(name, **needed)

    for parameter in query.params:
        assert parameter.example is not None, f"{parameter.name} has an example"
        given = parameter.term(shipped.engine, parameter.example)
        part = table(shipped.rows(name, **{**needed, parameter.name: given}))
        assert part, f"the example of {parameter.name} gives rows"
        if parameter.required or parameter.default:
            continue  # another value of it asks for other rows
        assert all(row in table(whole) for row in part)
        if parameter.name in whole.columns:
            position = whole.columns.index(parameter.name)
            assert part == [row for row in table(whole) if row[position] == cell(given)]


@pytest.mark.parametrize("name", NAMES)
def test_that_the_shown_example_runs(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    shipped.rows(name, **{each.name: each.sample(shipped.engine) for each in query.params})

    assert query.example(shipped.engine).startswith(f"tipgraph query {name}")
