"""Axes of parts in the words of a draft and of the graph."""

import pytest

import tipgraph
from tipgraph_draft.candidate import drafted_axis, graph_axis


def test_each_axis_of_the_graph_has_words_of_a_draft_and_back() -> None:
    rows = tipgraph.open().engine.select(
        "SELECT ?name { ?axis skos:inScheme code:axes ; skos:prefLabel ?name"
        ' FILTER(STRSTARTS(?name, "by ")) }'
    )
    names = [str(row["name"]) for row in rows]

    assert len(names) > 20
    drafted = [drafted_axis(each) for each in names]
    assert [graph_axis(each) for each in drafted] == names
    assert not any(each.startswith("by ") or " within " in each for each in drafted)


@pytest.mark.parametrize(
    ("name", "drafted"),
    [
        ("by sex and age within form of exploitation", "exploitation / sex and age"),
        ("By other feature", "other"),
        ("sex and age", "sex and age"),
        ("total", "total"),
        ("", ""),
    ],
)
def test_words_of_a_draft_are_those_of_its_reader(name: str, drafted: str) -> None:
    assert drafted_axis(name) == drafted
