"""A case is assessed under the norms of a real store, which gets nothing of it.

The cases are invented. `tipgraph assess` copies the norms and runs the rules locally.
"""

from typing import Any

import pytest

from tests.conftest import Run
from tests.proxy import Proxy
from tipgraph.endpoint.client import GraphClient
from tipgraph.graph import Graph, LocalGraph
from tipgraph.store.remote import Remote

pytestmark = pytest.mark.conformance

INVENTED: dict[str, dict[str, Any]] = {
    "child": {"citizenship": "NGA", "age": 16, "unaccompanied": True,
              "met": "contact-broken-off", "not_met": "assists-prosecution"},
    "ended": {"citizenship": "ALB", "age": 30, "met": ["identified", "able-to-bring-charges",
              "criminal-case-ended", "living-abroad"], "not_met": "conviction-and-sentence"},
    "citizen": {"citizenship": "BEL", "age": 18, "met": "identified"},
}  # fmt: skip


def test_case_is_assessed_locally_under_norms_of_a_store(base, there, here: LocalGraph, run):
    case = INVENTED["ended"]
    remote = run("assess", "--citizenship", "ALB", "--age", 30, "--met", "identified",
               "--format", "json", "--endpoint", base)  # fmt: skip
    local = run("assess", "--citizenship", "ALB", "--age", 30, "--met", "identified",
               "--format", "json")  # fmt: skip

    assert there.assess(case).answer == here.assess(case).answer
    assert (remote.code, remote.out) == (0, local.out)
    assert not there.engine.ask("ASK { ?case a tip:Case }"), "no case was sent"


@pytest.mark.parametrize("store_kind", ["oxigraph"], indirect=True)
def test_store_gets_no_case(base: str, run: Run) -> None:
    with Proxy(base) as proxy:
        arguments = ["--citizenship", "NGA", "--age", 16, "--met", "living-abroad"]
        outcome = run("assess", *arguments, "--unaccompanied", "--endpoint", proxy.address)

        assert outcome.code == 0, outcome.err
        sent = [f"{each.target} {each.text}" for each in proxy.seen]
    assert sent
    # The words of the case as they would be in a request.
    words = ("NGA", "living-abroad", "unaccompanied")
    assert not [each for each in sent if any(word in each for word in words)]


@pytest.mark.parametrize("store_kind", ["oxigraph"], indirect=True)
def test_requests_do_not_depend_on_the_case(there: Graph) -> None:
    """The store receives the same requests for any case."""
    assert isinstance(there.engine, Remote)
    first, second = (requests(there, case) for case in (INVENTED["child"], INVENTED["citizen"]))

    assert first == second
    assert any("GRAPH" in each for each in first)


def requests(there: Graph, case: dict[str, Any]) -> list[str]:
    """The requests to the store while a case is assessed."""
    sent: list[str] = []
    original = GraphClient._query

    def watched(client: GraphClient, query: str, *options: Any) -> Any:
        sent.append(query)
        return original(client, query, *options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GraphClient, "_query", watched)
        assert isinstance(there.engine, Remote)
        patch.setattr(Remote, "_run", lambda *_: pytest.fail("the store was asked a question"))
        there.assess(case)
    return sent
