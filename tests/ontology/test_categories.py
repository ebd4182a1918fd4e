"""A case whose facts are closed falls into the categories that are defined, and into no others.

One run of HermiT decides all: whether a case must belong to a category is whether the class of
"this case, and not in that category" is empty.
"""

import pytest
from rdflib import RDF

from .graphs import TIP, union, with_fault
from .hermit import needs_java, reason

pytestmark = [pytest.mark.reasoner, needs_java]

WORLD = """
    country:HUN a tip:EUMemberState .
    country:PRT a tip:EUMemberState .
    country:NGA a tip:Country , [ a owl:Class ; owl:complementOf tip:EUMemberState ] .
    [] a owl:AllDifferent ; owl:distinctMembers ( country:HUN country:PRT country:NGA ) .
    [] a owl:AllDifferent ; owl:distinctMembers ( code:female code:male ) .
    [] a owl:AllDifferent ; owl:distinctMembers (
        code:labor-exploitation code:sexual-exploitation code:other-exploitation ) .
"""


def only(*countries: str) -> str:
    """The case has the citizenship of these countries and of no other."""
    return f"""a [ a owl:Restriction ; owl:onProperty tip:citizenship ;
                   owl:allValuesFrom [ a owl:Class ; owl:oneOf ( {" ".join(countries)} ) ] ]"""


CASES = {
    "aged 17": ("a tip:Person ; tip:age 17", "Child"),
    "aged 18": ("a tip:Person ; tip:age 18", "Adult"),
    "a child alone": (
        "a tip:Person ; tip:age 9 ; tip:unaccompanied true",
        "Child UnaccompaniedChild",
    ),
    "an adult alone is no unaccompanied child": (
        "a tip:Person ; tip:age 30 ; tip:unaccompanied true",
        "Adult",
    ),
    "a child victim": ("a tip:Victim ; tip:age 12", "Victim Child ChildVictim"),
    "an adult victim": ("a tip:Victim ; tip:age 40", "Victim Adult AdultVictim"),
    "an unaccompanied child victim": (
        "a tip:IdentifiedVictim ; tip:age 12 ; tip:unaccompanied true",
        "IdentifiedVictim Victim Child ChildVictim UnaccompaniedChild UnaccompaniedChildVictim",
    ),
    "a foreign child victim alone": (
        "a tip:ForeignVictim ; tip:age 12 ; tip:unaccompanied true",
        "ForeignVictim Victim Child ChildVictim UnaccompaniedChild UnaccompaniedChildVictim"
        " ForeignUnaccompaniedChildVictim",
    ),
    "a child victim whose company is unknown": (
        "a tip:Victim ; tip:age 12 ; tip:exploitation code:other-exploitation",
        "Victim Child ChildVictim OtherExploitationVictim",
    ),
    "a potential victim is not thereby a victim": (
        "a tip:PotentialVictim ; tip:age 25",
        "PotentialVictim Adult",
    ),
    "non-EU: closed": (f"a tip:Victim ; {only('country:NGA')}", "Victim NonEUVictim"),
    "non-EU: open, so not concluded": ("a tip:Victim ; tip:citizenship country:NGA", "Victim"),
    "non-EU: stateless": (
        """a tip:Victim ; a [ a owl:Restriction ; owl:onProperty tip:citizenship ;
                               owl:maxCardinality "0"^^xsd:nonNegativeInteger ]""",
        "Victim NonEUVictim",
    ),
    "non-EU: not with a second, European citizenship": (
        f"a tip:Victim ; tip:citizenship country:PRT ; {only('country:NGA', 'country:PRT')}",
        "Victim",
    ),
    "a non-EU child victim": (
        f"a tip:Victim ; tip:age 15 ; {only('country:NGA')}",
        "Victim Child ChildVictim NonEUVictim NonEUChildVictim",
    ),
    "a Hungarian victim": (
        f"a tip:Victim ; tip:citizenship country:HUN ; {only('country:HUN')}",
        "Victim HungarianVictim",
    ),
    "two forms of exploitation": (
        "a tip:Victim ; tip:exploitation code:labor-exploitation , code:sexual-exploitation",
        "Victim LaborTraffickingVictim SexTraffickingVictim",
    ),
    "a girl trafficked for sex": (
        """a tip:Victim ; tip:age 14 ; tip:sex code:female ;
             tip:exploitation code:sexual-exploitation""",
        "Victim Child ChildVictim SexTraffickingVictim FemaleChildSexTraffickingVictim",
    ),
    "a boy trafficked for sex": (
        "a tip:Victim ; tip:age 14 ; tip:sex code:male ; tip:exploitation code:sexual-exploitation",
        "Victim Child ChildVictim SexTraffickingVictim",
    ),
}


@pytest.fixture(scope="module")
def categories(ontology):
    """The names of all categories of persons."""
    kinds = (TIP.PersonCategory, TIP.VictimCategory)
    found = [category for kind in kinds for category in ontology.subjects(RDF.type, kind)]
    return sorted(category.removeprefix(TIP) for category in found)


@pytest.fixture(scope="module")
def concluded(modules, categories, tmp_path_factory):
    """The categories that HermiT concludes, by case."""
    turtle = [WORLD]
    for number, (facts, _) in enumerate(CASES.values()):
        turtle.append(f"id:case-{number} {facts} .")
        turtle += [
            f"""<urn:case:{number}:{category}> a owl:Class ; owl:intersectionOf (
                    [ a owl:Class ; owl:oneOf ( id:case-{number} ) ]
                    [ a owl:Class ; owl:complementOf tip:{category} ] ) ."""
            for category in categories
        ]
    file = tmp_path_factory.mktemp("hermit") / "cases.nt"
    ontology = union(modules["sources"], modules["victims"])
    verdict = reason(with_fault(ontology, "\n".join(turtle)), file)
    assert verdict.consistent
    empty = [iri.removeprefix("urn:case:").split(":") for iri in verdict.unsatisfiable]
    return {
        name: {category for case, category in empty if case == str(number)}
        for number, name in enumerate(CASES)
    }


@pytest.mark.parametrize("name", CASES)
def test_case_is_in_its_categories_and_no_others(concluded, name):
    _, expected = CASES[name]

    assert concluded[name] == set(expected.split())


def test_every_defined_category_has_a_case(ontology, categories):
    covered = {category for _, expected in CASES.values() for category in expected.split()}
    primitive = {"Citizen", "SelfIdentifiedVictim"}

    assert set(categories) - covered == primitive
