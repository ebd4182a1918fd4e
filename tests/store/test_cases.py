"""The rules for cases conclude the same in a real store.

The cases are invented. `tipgraph assess` never sends one: it copies the norms and runs the rules
locally.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, Triple

from tests.conftest import Run
from tests.proxy import Proxy
from tests.queries.cells import key
from tipgraph.assess.case import read_case
from tipgraph.assess.regime import Regime
from tipgraph.endpoint.client import GraphClient
from tipgraph.graph import Graph, LocalGraph
from tipgraph.namespaces import GRAPH, ID
from tipgraph.store.remote import Remote
from tipgraph.store.rules import read_rule

pytestmark = pytest.mark.conformance

CASES = GRAPH + "invented-cases"
INVENTED: dict[str, dict[str, Any]] = {
    "child": {"citizenship": "NGA", "age": 16, "unaccompanied": True,
              "met": "contact-broken-off", "not_met": "assists-prosecution"},
    "ended": {"citizenship": "ALB", "age": 30, "met": ["identified", "able-to-bring-charges",
              "criminal-case-ended", "living-abroad"], "not_met": "conviction-and-sentence"},
    "european": {"citizenship": ["ROU", "BRA"], "met": ["potential", "takes-part-in-proceedings"],
                 "not_met": ["agrees-to-conditions", "under-physical-threat", "living-abroad"]},
    "citizen": {"citizenship": "BEL", "age": 18, "met": "identified"},
}  # fmt: skip


@pytest.fixture
def regime(here: LocalGraph) -> Regime:
    return here.regime("tip-2021-be")


@pytest.fixture
def quads(regime: Regime) -> list[Quad]:
    """The invented cases."""
    return [
        quad
        for name, each in INVENTED.items()
        for quad in read_case(each, regime.engine).quads(name, regime.edition)
    ]


@pytest.fixture
def there_too(there: Graph, quads: list[Quad]) -> Iterator[tuple[GraphClient, Remote]]:
    """A client of the store, which has the cases now, and an engine over them and the norms."""
    assert isinstance(there.engine, Remote)
    store = there.engine.store
    with GraphClient(store) as client:
        client.drop(CASES)
        insert(client, [quad.triple for quad in quads])
        yield client, Remote(store, [*there.engine.graphs, CASES], timeout=60)
        client.drop(CASES)


def insert(client: GraphClient, triples: list[Triple]) -> None:
    for start in range(0, len(triples), 200):
        content = " . ".join(map(str, triples[start : start + 200]))
        client.update(f"INSERT DATA {{ GRAPH {NamedNode(CASES)} {{ {content} }} }}")


def by_value(triples: Any) -> set[tuple[Any, ...]]:
    """The triples about cases and conclusions, with numbers by their value."""
    own = (f"{ID}case/", f"{ID}derived/conclusion/")
    return {
        (key(t.subject), key(t.predicate), key(t.object))
        for t in triples
        if t.subject.value.startswith(own)
    }


def test_store_concludes_the_same(
    there_too: tuple[GraphClient, Remote],
    regime: Regime,
    here: LocalGraph,
    request: pytest.FixtureRequest,
) -> None:
    if request.node.name.endswith("[virtuoso]"):
        pytest.xfail("Virtuoso 7.2.5 joins the optional parts of the rule on norms wrongly")
    if request.node.name.endswith("[rdf4j]"):
        pytest.xfail("RDF4J 4.1.3 gives some conclusions of the rule on norms a second weight")
    client, engine = there_too
    rules = sorted(map(read_rule, here.resources.case_rules()), key=lambda rule: rule.stratum)
    known: set[Triple] = set()
    for _, members in groupby(rules, key=lambda rule: rule.stratum):
        texts = [rule.text for rule in members]
        while new := {t for text in texts for t in engine.construct(text)} - known:
            insert(client, sorted(new, key=str))
            known |= new

    cases = {n: read_case(c, regime.engine) for n, c in INVENTED.items()}
    store = regime.conclude(cases).store
    regime.rules.proving.apply(store, regime.engine.store, regime.edition)
    concluded = [quad.triple for quad in store if "conclusion" in str(quad.subject)]
    assert by_value(known) == by_value(concluded)
    assert len(by_value(known)) > 2000


def test_case_is_assessed_locally_under_norms_of_a_store(
    base: str, there: Graph, here: LocalGraph, run: Run
) -> None:
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
