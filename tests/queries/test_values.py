"""The values that the help of a query lists are those for which the query has rows."""

import json
import re

import pytest

from tests.conftest import Run
from tipgraph.entities.editions import ALL
from tipgraph.graph import LocalGraph
from tipgraph.queries.catalogue import EDITION
from tipgraph.rdf import sparql

from .files import NAMES

# The rows of a finding do not show the category that was asked for.
NOT_SHOWN = {
    ("findings", "category"),
    # The five countries of most tests have not all of them.
    ("compare-countries", "population"),
    ("compare-countries", "stage"),
    ("compare-countries", "counted_unit"),
    ("compare-countries", "part"),
}


def listed(run: Run, name: str) -> dict[str, list[str]]:
    """The lines on each parameter in the help of a query."""
    text = run("queries", name, "--all").out.partition("in some edition\n")[2].partition("\n\n")[0]
    parts = re.split(r"^  (\w+) \(.*\n?", text, flags=re.MULTILINE)[1:]
    return {key: value.splitlines() for key, value in zip(parts[::2], parts[1::2], strict=True)}


@pytest.mark.slow(reason="describes, writes or asks everything")
@pytest.mark.parametrize("name", NAMES)
def test_each_value_has_rows(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    required = [each.name for each in query.params if each.required]
    editions = {EDITION: ALL} if query.has_editions else {}
    for parameter in query.params:
        # Another required parameter may leave no rows, and findings do not show their category.
        if set(required) - {parameter.name} or (name, parameter.name) in NOT_SHOWN:
            continue
        names = list(query.values(shipped.engine, parameter).values())
        # The first, the last and one between stand for all.
        for short in {names[0], names[len(names) // 2], names[-1]}:
            rows = shipped.rows(name, **{**editions, parameter.name: short})
            assert len(rows) > 0, short


def test_only_kinds_of_statements_are_listed(run: Run) -> None:
    kinds = listed(run, "statements")["kind"]

    assert any(line.split()[0] == "Finding" for line in kinds)
    assert not {line.split()[0] for line in kinds} & {"DataSet", "AllOf", "Ministry", "Passage"}


def test_only_speakers_that_speak_are_listed(run: Run, shipped: LocalGraph) -> None:
    speakers = {line.split()[0] for line in listed(run, "claims")["speaker"]}

    assert "greta" in speakers
    assert "us-department-of-state" not in speakers, "its statements are attributed to nobody else"
    assert not speakers & {"myria", "belgium-courts", "luxembourg"}


def test_help_has_the_first_values_and_all_has_each(run: Run) -> None:
    lines = listed(run, "statements")["topic"]
    (topic, *_) = json.loads(run("queries", "statements", "--format", "json").out)["params"]
    first, rest = topic["allowed"][:5], len(topic["allowed"]) - 5

    assert [line.split()[0] for line in lines] == topic["allowed"]
    assert f"    {', '.join(first)} and {rest} more (--all)\n" in run("queries", "statements").out


MOST_FIRST = " GROUP BY ?b ORDER BY DESC(COUNT(*)) ?b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT ?a ?b WHERE { ?a ?b ?c }", f"SELECT ?b WHERE {{ ?a ?b ?c }}{MOST_FIRST}"),
        ("SELECT ?a { ?a ?b ?c } ORDER BY ?a", f"SELECT ?b WHERE {{ ?a ?b ?c }} {MOST_FIRST}"),
        ("SELECT ?a { ?a ?b ?c } LIMIT 1", None),
        ("SELECT ?a { ?a ?b ?c } GROUP BY ?a", None),
        (
            "SELECT (COUNT(?c) AS ?n) { { SELECT ?c { ?a ?b ?c } ORDER BY ?c } }",
            f"SELECT ?b WHERE {{ {{ SELECT ?c {{ ?a ?b ?c }} ORDER BY ?c }} }}{MOST_FIRST}",
        ),
    ],
)
def test_values_are_those_of_the_pattern(text: str, expected: str | None) -> None:
    assert sparql.values_of(text, "b") == expected
