"""Nested requirements follow three-valued logic, in any order of names."""

from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from tipgraph.assess.regime import Regime
from tipgraph.namespaces import CODE, ID, PREFIXES, RDF, TIP, last_part

FACTS = ("contact-broken-off", "assists-prosecution", "charges-brought", "living-abroad")
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


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(trees, states, st.booleans(), st.randoms())
def test_rules_follow_three_valued_logic(
    belgium: Regime, root: Node, facts: dict[str, str], has_ended: bool, random: Any
) -> None:
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
    belgium.rules.concluding.apply(store, Store())

    found = store.query(
        f"SELECT ?state {{ ?it <{TIP}concludesOn> <{ID}requirement/root> ; <{TIP}state> ?state }}"
    )
    states = {last_part(row["state"].value) for row in found}  # type: ignore[union-attr]
    wanted = state(root, facts)
    good = {f"{wanted}-for-good"} if has_ended and wanted != "unknown" else set()
    assert states == {wanted} | good
