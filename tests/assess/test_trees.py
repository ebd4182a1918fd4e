"""Nested requirements follow three-valued logic, in any order of names."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from tipgraph.namespaces import CODE, ID, PREFIXES, RDF, TIP, last_part
from tipgraph.store.engine import Embedded

FACTS = ("contact-broken-off", "assists-prosecution", "able-to-bring-charges", "living-abroad")
# Kleene logic: an all-of takes the lowest state of its parts, an any-of the highest.
ORDER = {"not-met": 0, "unknown": 1, "met": 2}
OPPOSITE = {"not-met": "met", "unknown": "unknown", "met": "not-met"}


class Node(NamedTuple):
    """A requirement: its class, its fact or its parts, and whether it applies only often."""

    kind: str
    fact: str
    parts: tuple[Any, ...]
    is_often: bool


def condition(fact: str, is_often: bool) -> Node:
    return Node("Condition", fact, (), is_often)


def tree(kind: str, parts: list[Node]) -> Node:
    return Node(kind, "", tuple(parts), False)


leaves = st.builds(condition, st.sampled_from(FACTS), st.booleans())
trees = st.recursive(
    leaves,
    lambda parts: st.builds(
        tree, st.sampled_from(["AllOf", "AnyOf", "NoneOf"]), st.lists(parts, min_size=1, max_size=3)
    ),
    max_leaves=8,
)
states = st.fixed_dictionaries({fact: st.sampled_from([*ORDER]) for fact in FACTS})


def state(node: Node, facts: dict[str, str]) -> str:
    """The state of a requirement, by a definition that is independent of the rules."""
    if node.kind == "Condition":
        found = facts[node.fact]
        return "unknown" if node.is_often and found == "not-met" else found
    states = [state(part, facts) for part in node.parts]
    if node.kind == "NoneOf":
        return OPPOSITE[max(states, key=ORDER.__getitem__)]
    return (min if node.kind == "AllOf" else max)(states, key=ORDER.__getitem__)


def as_quads(node: Node, name: str, names: Any) -> list[Quad]:
    """The requirement as quads; each part has its own name."""
    subject = NamedNode(f"{ID}requirement/{name}")

    def quad(predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(subject, NamedNode(predicate), value)

    quads = [quad(RDF + "type", NamedNode(TIP + node.kind))]
    if node.kind == "Condition":
        quads.append(quad(TIP + "fact", NamedNode(CODE + node.fact)))
    if node.is_often:
        quads.append(quad(TIP + "frequency", NamedNode(CODE + "often")))
    for part in node.parts:
        below = next(names)
        link = NamedNode(f"{ID}requirement/{below}")
        quads += [quad(PREFIXES["cv"] + "hasRequirement", link), *as_quads(part, below, names)]
    return quads


@given(trees, states, st.booleans(), st.randoms())
def test_rules_follow_three_valued_logic(belgium, root, facts, has_ended, random):
    numbers = random.sample(range(1000), 200)
    case = NamedNode(f"{ID}case/1")
    store = Store()
    store.extend(as_quads(root, "root", map(str, numbers)))
    store.extend(
        Quad(NamedNode(CODE + fact), NamedNode(TIP + "settledBy"), NamedNode(CODE + "ended"))
        for fact in FACTS
    )
    store.add(Quad(case, NamedNode(TIP + "assessedUnder"), NamedNode(ID + "edition")))
    keys = {"met": "met", "not-met": "notMet"}
    store.extend(
        Quad(case, NamedNode(TIP + keys[state]), NamedNode(CODE + fact))
        for fact, state in facts.items()
        if state in keys
    )
    if has_ended:
        store.add(Quad(case, NamedNode(TIP + "met"), NamedNode(CODE + "ended")))
    belgium.rules.concluding.apply(store, Store(), belgium.edition)

    found = store.query(
        f"SELECT ?state {{ ?it <{TIP}concludesOn> <{ID}requirement/root> ; <{TIP}state> ?state }}"
    )
    states = {last_part(row["state"].value) for row in found}  # type: ignore[union-attr]
    wanted = state(root, facts)
    good = {f"{wanted}-for-good"} if has_ended and wanted != "unknown" else set()
    assert states == {wanted} | good


BEFORE_THE_EVENT = {"": "unknown", "wider": "met", "narrower": "not-met"}


@pytest.mark.parametrize("event", ORDER)
@pytest.mark.parametrize("reading", BEFORE_THE_EVENT)
@pytest.mark.parametrize("second", ["agrees", "fails", "is unknown"])
@pytest.mark.parametrize("kind", ["AllOf", "AnyOf", "NoneOf"])
def test_requirement_remains_open_until_its_event(kind, second, reading, event, belgium):
    """Of two parts, the second decides; the event has happened, has not, or nothing is stated."""
    wanted, other = ("notMet", "met") if kind == "NoneOf" else ("met", "notMet")
    first = other if kind == "AnyOf" else wanted
    stated = {"met": "tip:met code:ended ;", "not-met": "tip:notMet code:ended ;", "unknown": ""}
    seconds = {"agrees": f"tip:{wanted} code:second ;", "fails": f"tip:{other} code:second ;",
               "is unknown": ""}  # fmt: skip
    reads = f"tip:readsOpenQuestions code:{reading} ;" if reading else ""
    turtle = f"""
        id:requirement\\/root a tip:{kind} ; tip:openUntil code:ended ;
            cv:hasRequirement id:requirement\\/a , id:requirement\\/b .
        id:requirement\\/a a tip:Condition ; tip:fact code:first .
        id:requirement\\/b a tip:Condition ; tip:fact code:second .
        id:case\\/1 tip:assessedUnder id:edition ; {stated[event]} {reads}
            {seconds[second]} tip:{first} code:first .
        id:case\\/2 tip:assessedUnder id:edition ; tip:met code:ended ; tip:{wanted} code:first .
    """
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    store = Store()
    store.load((head + turtle).encode(), RdfFormat.TURTLE)
    belgium.rules.concluding.apply(store, Store(), belgium.edition)

    rows = Embedded(store).select(
        "SELECT ?state { ?it tip:concludesOn <https://w3id.org/tipgraph/id/requirement/root> ;"
        " tip:ofCase <https://w3id.org/tipgraph/id/case/1> ; tip:state ?state }"
    )
    if second != "agrees":
        wanted_state = "not-met" if second == "fails" else "unknown"
    elif event == "met":
        wanted_state = "met"
    elif (event, reading) == ("unknown", "narrower"):
        wanted_state = "unknown"  # It may have happened.
    else:
        wanted_state = BEFORE_THE_EVENT[reading]
    assert [last_part(str(each)) for each in rows.column("state")] == [wanted_state]
