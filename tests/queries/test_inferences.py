"""Inferences are shown as ours, and count as nobody's statement."""

from pathlib import Path

import pytest

import tipgraph
from tipgraph.entities import editions
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import last_part

from .cells import table
from .files import NAMES
from .test_expected import CASES

INFERENCES = "SELECT DISTINCT ?statement { ?statement tip:speaker id:tipgraph }"


@pytest.fixture(scope="module")
def inferences(shipped: LocalGraph) -> set[str]:
    found = {last_part(str(each)) for each in shipped.engine.select(INFERENCES).column("statement")}
    assert {"duty-to-follow-protocol", "pandemic-may-have-lowered-count"} <= found
    return found


@pytest.mark.parametrize("name", NAMES)
def test_speaker_of_an_inference_is_tipgraph(name, shipped: LocalGraph, inferences):
    parameters = {key: values[0] for key, values in CASES.get(name, {}).items()}
    of_all = {"edition": editions.ALL} if shipped.queries[name].has_editions else {}
    rows = shipped.rows(name, **{**of_all, **parameters})
    if not {"statement", "speaker"} <= set(rows.columns):
        return
    statement, speaker = rows.columns.index("statement"), rows.columns.index("speaker")

    ours = {(row[statement] in inferences, row[speaker] == "tipgraph") for row in table(rows)}
    assert ours <= {(True, True), (False, False)}


def test_tipgraph_is_an_actor_of_no_edition(shipped: LocalGraph) -> None:
    assert "tipgraph" not in {row[2] for row in table(shipped.rows("actors"))}


def test_show_names_tipgraph_and_the_premise(shipped: LocalGraph) -> None:
    described = shipped.show("duty-to-follow-protocol")
    properties = {each.name: each.values for each in described.properties}

    assert properties["has speaker"] == properties["has reporter"] == ("tipgraph (inference)",)
    assert properties["was derived from"] == (
        "Authorities sometimes failed to follow the victim referral protocol",
    )


@pytest.mark.slow(reason="derives the graph once more")
def test_inference_makes_no_topic_stated(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(
        """
        @prefix tip:  <https://w3id.org/tipgraph/ns#> .
        @prefix code: <https://w3id.org/tipgraph/code/> .
        @prefix id:   <https://w3id.org/tipgraph/id/> .
        id:guess a tip:Caveat ; tip:topic code:names-of-shelters ; tip:edition id:tip-2021-be ;
            tip:speaker id:tipgraph .
        """,
        encoding="utf-8",
    )
    rows = tipgraph.open(own).rows("unmentioned-topics")
    topics = {row[rows.columns.index("topic")] for row in table(rows)}

    assert "names-of-shelters" in topics


def test_diff_compares_no_inference(shipped: LocalGraph) -> None:
    claims = shipped.diff("tip-2020-be", "tip-2021-be").claims
    labels = {each.label for topic in claims for each in topic.later}

    assert labels
    assert not any("The count of 2020 may be too low" in label for label in labels)
