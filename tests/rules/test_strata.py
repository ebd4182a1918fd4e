"""Negation and aggregates look only at what rules of lower strata give."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from rdflib import Graph, URIRef

from tipgraph.namespaces import TIP, last_part
from tipgraph.resources.folders import shipped
from tipgraph.store.rules import Rule

from .kit import HEAD, shipped_rules
from .strata import ANY, Atom, Fault, algebra, faults, gives, looked_at

pytestmark = pytest.mark.slow(reason="parses all rules with rdflib")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for path in shipped().ontology():
        graph.parse(path)
    return graph


def rule(name: str, stratum: int, text: str) -> Rule:
    return replace(shipped_rules()[0], path=f"{name}.rq", stratum=stratum, text=HEAD + text)


def tip(name: str) -> URIRef:
    return URIRef(TIP + name)


# These only seem to meet, since their nodes differ. Labels of codes and values of listed properties
# are written (series-breaks, details, notion-stages). A break of method, the figures that it
# concerns, the parts that are added, their wholes and norms are written, and no rule reads a sum as
# one of these.
APART = {
    "caveat-texts": {"type"},
    "children": {
        "breakdownOf",
        "countedBy",
        "edition",
        "indicator",
        "obsValue",
        "part",
        "refPeriod",
    },
    "compared-changes": {"quantity"},
    "connections": {"obsValue", "reporter"},
    "definition-methods": {"methodText"},
    "method-breaks": {
        *("breaksSeriesOf", "countedBy", "edition", "end", "firstEdition", "firstYear"),
        *("indicator", "label", "lastYear", "refArea", "refPeriod", "spatial", "start", "type"),
        "year",
    },
    "notion-stages": {"exactMatch"},
    "series-breaks": {"label", "methodText"},
    "stages": {"evidence", "topic"},
}


def own_faults(rules: Sequence[Rule], ontology: Graph) -> set[Fault]:
    return {
        each
        for each in faults(rules, ontology)
        if each.rule != "details"
        and last_part(str(each.atom.predicate)) not in APART.get(each.rule, ())
    }


def test_shipped_rules_keep_to_their_strata(ontology: Graph) -> None:
    assert own_faults(shipped_rules(), ontology) == set()


def test_shipped_rules_negate_and_aggregate(ontology: Graph) -> None:
    seen = {atom for each in shipped_rules() for atom in looked_at(algebra(each.text), ontology)}

    assert Atom(tip("Comparison"), tip("baseline")) in seen, "yearly-changes negates it"
    assert Atom(tip("Rung"), tip("lengthInDays")) in seen, "ladder counts by it"
    assert any("scopeNote" in str(each.predicate) for each in seen), "caveats negates it"


def test_atoms_that_a_rule_gives(ontology: Graph) -> None:
    by_name = {str(each.path).rpartition("/")[2]: each for each in shipped_rules()}
    given = {name: gives(algebra(each.text), ontology) for name, each in by_name.items()}

    assert Atom(tip("Change"), tip("difference")) in given["yearly-changes.rq"]
    assert Atom(ANY, tip("rungNumber")) in given["ladder.rq"]
    assert Atom(ANY, ANY) in given["direct-edges.rq"], "its predicate is a variable"
    assert {kind for kind, _ in given["types.rq"]} >= {tip("Derived"), tip("Statement")}
    assert tip("Rung") not in {kind for kind, _ in given["types.rq"]}, "it has no kinds below it"


@pytest.mark.parametrize(
    ("stratum", "where", "given_by"),
    [
        (1, "?x a tip:Actor FILTER NOT EXISTS { ?rung a tip:Rung ; tip:entitlement ?x }", "rungs"),
        (1, "?x a tip:Actor MINUS { ?change a tip:Change ; tip:current ?x }", "compared-changes"),
        (2, "?x a tip:Actor MINUS { ?rung tip:rungNumber ?x }", "ladder"),
        (2, "{ SELECT ?x (MAX(?n) AS ?y) { ?x tip:nextRung/tip:label ?n } GROUP BY ?x }", "ladder"),
        (
            1,
            "?x a tip:Actor FILTER NOT EXISTS { ?y a tip:Law OPTIONAL { ?y tip:to ?x } }",
            "direct-edges",
        ),
        (3, "?x a tip:Actor FILTER(!EXISTS { ?x a tip:Derived })", "types"),
        (3, "?x a tip:Actor FILTER NOT EXISTS { ?y ?p ?x }", "types"),
    ],
)  # fmt: skip
def test_planted_fault_is_found(stratum: int, where: str, given_by: str, ontology: Graph) -> None:
    planted = rule("planted", stratum, f"CONSTRUCT {{ ?x tip:marked true }} WHERE {{ {where} }}")
    found = faults([*shipped_rules(), planted], ontology)

    assert ("planted", given_by) in {(fault.rule, fault.given_by) for fault in found}


def test_rule_must_not_negate_its_own_result(ontology: Graph) -> None:
    text = "CONSTRUCT { ?x tip:marked true } WHERE { ?x a tip:Rung MINUS { ?x tip:marked ?y } }"

    assert {fault.given_by for fault in faults([rule("own", 1, text)], ontology)} == {"own"}


def test_negation_of_a_lower_stratum_is_fine(ontology: Graph) -> None:
    text = "CONSTRUCT { ?x tip:marked true } WHERE { ?x a tip:Rung MINUS { ?x tip:nextRung ?y } }"

    assert own_faults([*shipped_rules(), rule("planted", 3, text)], ontology) == set()
