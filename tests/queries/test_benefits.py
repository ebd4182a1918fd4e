"""Benefits are listed for every category that shares members with the one asked for."""

import pytest
from pyoxigraph import NamedNode

from tipgraph.graph import LocalGraph
from tipgraph.namespaces import PREFIXES, last_part

EDITION = "tip-2021-be"


def matches(graph: LocalGraph, category: str) -> dict[str, str]:
    """The relation of each benefit's category to the one asked for, by statement."""
    rows = graph.rows("benefits", category=category, edition=EDITION)
    return {last_part(str(row["statement"])): str(row["category_match"]) for row in rows}


def test_child_may_get_what_is_granted_to_wider_and_overlapping_categories(shipped: LocalGraph):
    found = matches(shipped, "ChildVictim")

    assert found["child-shelter"] == "same"
    assert {found[each] for each in ("assistance", "restitution", "mentors-for-children")} == {
        "wider"
    }
    overlapping = ("three-month-permit", "six-month-permit", "reflection-period", "social-services")
    assert {found[each] for each in overlapping} == {"overlapping"}
    assert found["proposal-of-shelter-for-girls"] == "narrower"
    for_adults = {"specialised-shelter", "care-in-specialised-shelters"}
    assert not for_adults & found.keys(), "a child is no adult"


def test_non_eu_victim_may_get_what_is_granted_to_foreign_victims(shipped: LocalGraph) -> None:
    found = matches(shipped, "NonEUVictim")

    assert found["permanent-residency"] == "same"
    assert found["three-month-permit"] == found["protective-services"] == "overlapping"
    assert found["reflection-period"] == "overlapping"
    assert found["child-shelter"] == found["specialised-shelter"] == "overlapping"
    assert "dutch-project" not in found, "a citizen of Hungary is a citizen of the Union"


def test_citizens_get_nothing_that_is_for_foreign_or_non_eu_victims(shipped: LocalGraph) -> None:
    citizens = matches(shipped, "Citizen")
    hungarians = matches(shipped, "HungarianVictim")

    assert not {"three-month-permit", "permanent-residency"} & set(citizens)
    assert "permanent-residency" not in hungarians
    assert hungarians["three-month-permit"] == "overlapping"


@pytest.mark.parametrize("category", ["ChildVictim", "NonEUVictim", "Victim", "Adult", "Citizen"])
def test_every_category_is_listed_unless_it_is_disjoint(category: str, shipped: LocalGraph) -> None:
    rows = shipped.rows("benefits", category=category)
    asked = NamedNode(f"{PREFIXES['tip']}{category}")
    named = shipped.engine.select(
        "SELECT DISTINCT ?x { ?statement tip:beneficiary|tip:inFavourOf ?x }"
    ).column("x")
    disjoint = shipped.engine.select(
        f"SELECT DISTINCT ?x {{ {asked} rdfs:subClassOf* ?one . ?x rdfs:subClassOf* ?other ."
        " ?x a tip:PersonCategory . ?one owl:disjointWith|^owl:disjointWith ?other }"
    ).column("x")
    missing = set(named) - set(disjoint) - set(rows.column("beneficiary"))

    unlisted = {"NonEUVictim": {"HungarianVictim"}, "Citizen": {"NonEUVictim"}}
    assert {last_part(str(each)) for each in missing} == unlisted.get(category, set())
    assert not set(disjoint) & set(rows.column("beneficiary"))
