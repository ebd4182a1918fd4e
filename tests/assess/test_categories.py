"""The rules conclude on the same categories of a case as a reasoner does.

One run of HermiT decides on all categories: a case must belong to a category when the class of
"this case, and not in that category" is empty, and must not when "this case, and in that category"
is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph

from tests.ontology.graphs import ROOT, TIP, union, with_fault
from tests.ontology.hermit import needs_java, reason
from tipgraph.assess.case import read_case
from tipgraph.namespaces import last_part

pytestmark = [pytest.mark.reasoner, needs_java]

MEMBERS = ("HUN", "ROU", "PRT", "BEL")
OTHERS = ("NGA", "BRA", "GBR")
# No definition says which country the edition is about, and what counts as foreign there.
UNDEFINED = {"Citizen", "ForeignVictim", "SelfIdentifiedVictim"}

CASES: dict[str, dict[str, Any]] = {
    "nothing known": {},
    "17": {"age": 17},
    "18": {"age": 18},
    "a child alone": {"age": 9, "unaccompanied": True},
    "a child with an adult": {"age": 9, "unaccompanied": False},
    "alone, of unknown age": {"unaccompanied": True},
    "an adult alone": {"age": 40, "unaccompanied": True},
    "identified": {"met": "identified"},
    "not identified": {"not_met": "identified"},
    "potential": {"met": "potential", "age": 25},
    "not potential": {"not_met": "potential", "age": 12},
    "neither": {"not_met": ["potential", "identified"]},
    "Nigerian": {"citizenship": "NGA", "age": 15},
    "Romanian": {"citizenship": "ROU", "age": 15, "unaccompanied": True},
    "Hungarian": {"citizenship": "HUN", "met": "identified"},
    "Hungarian and Nigerian": {"citizenship": ["HUN", "NGA"]},
    "Brazilian and Portuguese": {"citizenship": ["BRA", "PRT"], "age": 33},
    "British": {"citizenship": "GBR", "age": 20},
    "Belgian": {"citizenship": "BEL", "age": 20},
    "stateless": {"citizenship": "stateless", "age": 16},
}


def world() -> str:
    """The countries of the cases, with their membership at the beginning of 2021."""
    named = " ".join(f"country:{code}" for code in (*MEMBERS, *OTHERS))
    lines = [f"country:{code} a tip:EUMemberState ." for code in MEMBERS]
    lines += [
        f"country:{code} a tip:Country , [ a owl:Class ; owl:complementOf tip:EUMemberState ] ."
        for code in OTHERS
    ]
    return "\n".join(lines) + f"\n[] a owl:AllDifferent ; owl:distinctMembers ( {named} ) ."


def individual(name: str, case: Mapping[str, Any]) -> str:
    """The case as an OWL individual, with its citizenships closed."""
    properties = ["a tip:Case"]
    if "age" in case:
        properties.append(f"tip:age {case['age']}")
    if "unaccompanied" in case:
        properties.append(f"tip:unaccompanied {str(case['unaccompanied']).lower()}")
    for fact, kind in (("identified", "IdentifiedVictim"), ("potential", "PotentialVictim")):
        if fact in case.get("met", ()):
            properties.append(f"a tip:{kind}")
        if fact in case.get("not_met", ()):
            properties.append(f"a [ a owl:Class ; owl:complementOf tip:{kind} ]")
    citizenships = case.get("citizenship", [])
    codes = [citizenships] if isinstance(citizenships, str) else citizenships
    countries = [f"country:{code}" for code in codes if code != "stateless"]
    properties += [f"tip:citizenship {each}" for each in countries]
    if countries:
        properties.append(
            "a [ a owl:Restriction ; owl:onProperty tip:citizenship ; owl:allValuesFrom"
            f" [ a owl:Class ; owl:oneOf ( {' '.join(countries)} ) ] ]"
        )
    if codes == ["stateless"]:
        properties.append(
            "a [ a owl:Restriction ; owl:onProperty tip:citizenship ;"
            ' owl:maxCardinality "0"^^xsd:nonNegativeInteger ]'
        )
    return f"{name} {' ; '.join(properties)} ."


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """The modules that define the categories and the cases."""
    names = ("sources", "victims", "norms", "cases")
    return union(*(Graph().parse(ROOT / "ontology" / f"{name}.ttl") for name in names))


@pytest.fixture(scope="module")
def categories(ontology: Graph) -> list[str]:
    """The categories of persons that have a formal definition."""
    kinds = (TIP.PersonCategory, TIP.VictimCategory)
    found = {last_part(str(each)) for kind in kinds for each in ontology.subjects(RDF.type, kind)}
    return sorted(found - UNDEFINED)


@pytest.fixture(scope="module")
def reasoned(
    ontology: Graph, categories: list[str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, set[str]]]:
    """For each case, the categories that HermiT includes and excludes."""
    turtle = [world()]
    for number, case in enumerate(CASES.values()):
        turtle.append(individual(f"id:case-{number}", case))
        for category in categories:
            for side, tested in (
                ("met", f"[ a owl:Class ; owl:complementOf tip:{category} ]"),
                ("not-met", f"tip:{category}"),
            ):
                turtle.append(
                    f"<urn:case:{number}:{side}:{category}> a owl:Class ; owl:intersectionOf ("
                    f" [ a owl:Class ; owl:oneOf ( id:case-{number} ) ] {tested} ) ."
                )
    file: Path = tmp_path_factory.mktemp("hermit") / "cases.nt"
    verdict = reason(with_fault(ontology, "\n".join(turtle)), file)
    assert verdict.consistent
    found: dict[str, dict[str, set[str]]] = {
        name: {"met": set(), "not-met": set()} for name in CASES
    }
    for iri in verdict.unsatisfiable:
        _, _, which, side, category = iri.split(":")
        found[list(CASES)[int(which)]][side].add(category)
    return found


@pytest.mark.parametrize("name", CASES)
def test_rules_and_reasoner_agree(name, reasoned, categories, belgium):
    case = read_case(CASES[name], belgium.engine)
    rows = belgium.conclude({"given": case}).select(
        "SELECT ?on ?state { ?it a tip:TruthConclusion ; tip:concludesOn ?on ; tip:state ?state }"
    )
    concluded = {(last_part(str(row["on"])), last_part(str(row["state"]))) for row in rows}

    for side in ("met", "not-met"):
        ours = {category for category, state in concluded if state == side}
        assert ours & set(categories) == reasoned[name][side], side


def test_cases_cover_both_sides_of_categories(reasoned):
    met = set().union(*(each["met"] for each in reasoned.values()))
    not_met = set().union(*(each["not-met"] for each in reasoned.values()))

    assert {"UnaccompaniedChildVictim", "NonEUChildVictim", "HungarianVictim"} <= met & not_met
