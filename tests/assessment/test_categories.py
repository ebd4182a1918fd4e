"""The rules put a case into the categories that a reasoner does, and out of those that it does.

One run of HermiT decides all: a case must belong to a category when the class of "this case, and
not in that category" is empty, and must not when "this case, and in that category" is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph

from tests.ontology.graphs import ROOT, TIP, union, with_fault
from tests.ontology.hermit import needs_java, reason
from tipgraph.assess.parse_case import read_case
from tipgraph.assess.regime import Regime
from tipgraph.namespaces import last_part

pytestmark = needs_java

MEMBERS = ("HUN", "ROU", "PRT", "BEL")
OTHERS = ("NGA", "BRA", "GBR")
# Which country is meant, and what counts as foreign there, no definition says.
UNDEFINED = {"Citizen", "ForeignVictim", "SelfIdentifiedVictim"}

CASES: dict[str, dict[str, Any]] = {
    "nothing told": {},
    "17": {"age": 17},
    "18": {"age": 18},
    "a child alone": {"age": 9, "unaccompanied": True},
    "a child in company": {"age": 9, "unaccompanied": False},
    "alone, of unknown age": {"unaccompanied": True},
    "an adult alone": {"age": 40, "unaccompanied": True},
    "identified": {"met": "identified"},
    "not identified": {"notMet": "identified"},
    "potential": {"met": "potential", "age": 25},
    "not potential": {"notMet": "potential", "age": 12},
    "neither": {"notMet": ["potential", "identified"]},
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
    """The case as OWL has it, its citizenships closed."""
    said = ["a tip:Case"]
    if "age" in case:
        said.append(f"tip:age {case['age']}")
    if "unaccompanied" in case:
        said.append(f"tip:unaccompanied {str(case['unaccompanied']).lower()}")
    for fact, kind in (("identified", "IdentifiedVictim"), ("potential", "PotentialVictim")):
        if fact in case.get("met", ()):
            said.append(f"a tip:{kind}")
        if fact in case.get("notMet", ()):
            said.append(f"a [ a owl:Class ; owl:complementOf tip:{kind} ]")
    held = case.get("citizenship", [])
    codes = [held] if isinstance(held, str) else held
    countries = [f"country:{code}" for code in codes if code != "stateless"]
    said += [f"tip:citizenship {each}" for each in countries]
    if countries:
        said.append(
            "a [ a owl:Restriction ; owl:onProperty tip:citizenship ; owl:allValuesFrom"
            f" [ a owl:Class ; owl:oneOf ( {' '.join(countries)} ) ] ]"
        )
    if codes == ["stateless"]:
        said.append(
            "a [ a owl:Restriction ; owl:onProperty tip:citizenship ;"
            ' owl:maxCardinality "0"^^xsd:nonNegativeInteger ]'
        )
    return f"{name} {' ; '.join(said)} ."


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """The modules that define the categories and the cases."""
    names = ("sources", "victims", "norms", "cases")
    return union(*(Graph().parse(ROOT / "ontology" / f"{name}.ttl") for name in names))


@pytest.fixture(scope="module")
def categories(ontology: Graph) -> list[str]:
    """The categories of persons that can be told apart by their definitions."""
    kinds = (TIP.PersonCategory, TIP.VictimCategory)
    found = {last_part(str(each)) for kind in kinds for each in ontology.subjects(RDF.type, kind)}
    return sorted(found - UNDEFINED)


@pytest.fixture(scope="module")
def reasoned(
    ontology: Graph, categories: list[str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, set[str]]]:
    """By case the categories that HermiT puts it into, and out of."""
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
def test_that_rules_and_reasoner_agree(
    name: str,
    reasoned: dict[str, dict[str, set[str]]],
    categories: list[str],
    belgium: Regime,
) -> None:
    case = read_case(CASES[name], belgium.engine, belgium.resources)
    rows = belgium.conclusions({"told": case}).select(
        "SELECT ?on ?state { ?it a tip:TruthConclusion ; tip:concludesOn ?on ; tip:state ?state }"
    )
    concluded = {(last_part(str(row["on"])), last_part(str(row["state"]))) for row in rows}

    for side in ("met", "not-met"):
        ours = {category for category, state in concluded if state == side}
        assert ours & set(categories) == reasoned[name][side], side


def test_that_the_cases_do_tell_categories_apart(
    reasoned: dict[str, dict[str, set[str]]],
) -> None:
    met = set().union(*(each["met"] for each in reasoned.values()))
    not_met = set().union(*(each["not-met"] for each in reasoned.values()))

    assert {"UnaccompaniedChildVictim", "NonEUChildVictim", "HungarianVictim"} <= met & not_met
