"""The score of the grammar on a text that people have coded."""

import pytest

import tipgraph
from draft.tests.score import score
from tests.editions.conftest import TEXT
from tipgraph.entities.editions import edition
from tipgraph_draft.candidate import codes_of
from tipgraph_draft.drafting import draft


@pytest.fixture(autouse=True)
def here() -> None:
    """No folder, and the graph with the edition that the text is of."""


@pytest.mark.skipif(not TEXT.exists(), reason="the source text is in ../shared, which is not here")
def test_belgian_edition_is_drafted_as_the_graph_has_it() -> None:
    engine = tipgraph.open().engine
    drafted = draft(TEXT.read_text(encoding="utf-8"), 2021, codes_of(engine))
    fields = score(engine, edition(engine, "tip-2021-be").iri, drafted.candidates).fields

    f1 = {(each.kind, each.name): each.f1 for each in fields}
    wanted = ("figure", "amount", "claim", "non-report", "absence", "duration", "training")
    assert {kind: f1[kind, "row"] for kind in wanted} == dict.fromkeys(wanted, 1.0)
    for field in ("period", "prior", "part", "unit"):
        assert f1["figure", field] == 1
    assert f1["amount", "all fields"] == 1
