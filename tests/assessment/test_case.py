"""What can be told of a case, in which ways, and what is refused."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, serialize
from pyshacl import validate
from rdflib import Graph

from tests.ontology.graphs import ROOT, union
from tipgraph.assess.case import Case
from tipgraph.assess.parse_case import facts, read_case
from tipgraph.assess.regime import Regime
from tipgraph.errors import InputError
from tipgraph.namespaces import CODE, PREFIXES

from .kit import FACTS

SCHEMA = json.loads((ROOT / "ontology/case.schema.json").read_text("utf-8"))
COUNTRY = PREFIXES["country"]


def read(document: Any, regime: Regime) -> Case:
    return read_case(document, regime.engine, regime.resources)


TOLD = Case(
    frozenset({COUNTRY + "NGA"}),
    16,
    True,
    {CODE + "identified": "met", CODE + "assists-prosecution": "not-met"},
)


@pytest.mark.parametrize(
    "document",
    [
        {
            "citizenship": ["NGA"],
            "age": 16,
            "unaccompanied": True,
            "met": ["identified"],
            "notMet": ["assists-prosecution"],
            "unknown": ["living-abroad"],
        },
        '{"citizenship": "NGA", "age": 16, "unaccompanied": true, "met": "identified",'
        ' "notMet": "assists-prosecution"}',
        {
            "@context": {"Alter": "tip:age", "nation": {"@id": "tip:citizenship", "@type": "@id"}},
            "@type": "Case",
            "nation": "country:NGA",
            "Alter": 16,
            "unaccompanied": True,
            "met": {"@id": "code:identified"},
            "notMet": "assists-prosecution",
        },
        {
            "citizenship": "Nigeria",
            "age": 16,
            "unaccompanied": True,
            "met": "identified as a victim",
            "not-met": "assists-prosecution",
        },
        b'\xef\xbb\xbf{"citizenship": ["nga"], "age": 16, "unaccompanied": true,'
        b' "met": ["identified"],'
        b' "notMet": ["assists-prosecution"]}',
    ],
    ids=["plain", "single values", "JSON-LD", "by a name", "bytes"],
)
def test_the_ways_to_tell_a_case(document: Any, belgium: Regime) -> None:
    assert read(document, belgium) == TOLD


def test_that_a_case_is_told_again_as_it_was(belgium: Regime) -> None:
    assert read(TOLD.as_dict(), belgium) == TOLD
    assert read(Case().as_dict(), belgium) == Case()


WRONG = {
    "no JSON": ("{", "no JSON"),
    "no object": ("[16]", "an object of JSON"),
    "not UTF-8": (b'{"age": "\xff"}', "not UTF-8"),
    "a name": ({"name": "somebody"}, "no 'name'"),
    "a note": ({"note": "x", "age": 16}, "neither names nor other texts"),
    "an identifier": ({"@id": "https://example.org/somebody"}, "leave out @id"),
    "a birth date": ({"@context": {"born": "https://schema.org/birthDate"}, "born": "x"},
                     "no 'birthDate'"),
    "another type": ({"@type": "Person"}, "no other type than Case"),
    "something within": ({"@context": {}, "met": {"@id": "code:identified", "age": 3}},
                         "no others in it"),
    "a context elsewhere": ({"@context": "https://example.org/c", "age": 3}, "nothing is fetched"),
    "an unknown country": ({"citizenship": "XYZ"}, "no country is called 'XYZ'"),
    "a misspelt country": ({"citizenship": "Nigera"}, "nearest: Nigeria"),
    "stateless and a citizen": ({"citizenship": ["stateless", "NGA"]}, "stateless and a citizen"),
    "a negative age": ({"age": -3}, "age -3"),
    "an age in words": ({"age": "sixteen"}, "age sixteen"),
    "half a year": ({"age": 16.5}, "whole years"),
    "an age of nobody": ({"age": 200}, "age 200"),
    "a child and an adult": ({"age": [16, 40]}, "16 (a child), 40 (an adult)"),
    "alone and not": ({"unaccompanied": [True, False]}, "both unaccompanied and not"),
    "alone in words": ({"unaccompanied": "yes"}, "give true or false"),
    "an unknown fact": ({"met": "contact-broken"}, "nearest: contact-broken-off"),
    "a kind of fact": ({"met": "cooperation"}, "no fact is called 'cooperation'"),
    "met and not met": ({"met": "identified", "notMet": "identified"}, "met and not met"),
    "met and unknown": ({"met": "identified", "unknown": "identified"}, "met and unknown"),
    "identified and potential": ({"met": ["identified", "potential"]}, "identified or potential"),
    "a blank name": ({"met": " "}, "an empty name"),
    "a name with a blank": ({"met": "x y"}, "no fact is called 'x y'"),
    "no IRI": ({"citizenship": "N<A"}, "no country is called 'N<A'"),
    "a list within a list": ({"met": [["identified"]]}, "a list within a list"),
    "no text": ({"citizenship": "\ud800"}, "no JSON-LD"),
    "no number": ('{"age": NaN}', "NaN is no number"),
    "a key twice": ('{"age": 1, "age": 40}', "has 'age' twice"),
    "a name that is passed over": ({"@context": {"name": None}, "name": "x", "age": 3},
                                   "has no meaning under its context"),
    "several things": ({"age": -1, "met": "x"}, "age -1: give whole years, from 0 to 130; no fact"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_refused(name: str, belgium: Regime) -> None:
    document, told = WRONG[name]

    with pytest.raises(InputError) as caught:
        read(document, belgium)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_that_all_facts_of_the_issue_can_be_told(belgium: Regime) -> None:
    named = {fact.removeprefix(CODE) for fact in belgium.facts}

    assert named == set(FACTS)
    assert named < {fact.removeprefix(CODE) for fact in facts(belgium.engine)}


documents = st.fixed_dictionaries(
    {},
    optional={
        "citizenship": st.lists(
            st.sampled_from(["NGA", "ROU", "stateless", "1A0"]), max_size=2, unique=True
        ),
        "age": st.one_of(st.integers(-2, 140), st.sampled_from(["16", 1.5, True])),
        "unaccompanied": st.sampled_from([True, False, "true", 1]),
        "met": st.lists(st.sampled_from([*FACTS, "Identified!"]), max_size=3, unique=True),
        "notMet": st.lists(st.sampled_from(FACTS), max_size=3, unique=True),
        "name": st.just("somebody"),
    },
)
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FEW
@given(document=documents)
def test_that_what_is_read_is_as_the_schema_has_it(
    belgium: Regime, document: dict[str, Any]
) -> None:
    """The schema may let pass what only sense forbids; what it forbids is never read otherwise."""
    try:
        case = read(document, belgium)
    except InputError:
        return
    jsonschema.validate(case.as_dict(), SCHEMA)


@FEW
@given(document=documents)
def test_that_the_shape_lets_in_what_is_read(
    belgium: Regime, document: dict[str, Any], shapes: Graph, ontology: Graph
) -> None:
    try:
        case = read(document, belgium)
    except InputError:
        return
    quads = (quad.triple for quad in case.quads("told", belgium.edition))
    turtle = (serialize(quads, format=RdfFormat.N_TRIPLES) or b"").decode()
    conforms, _, text = validate(
        union(ontology, Graph().parse(data=turtle, format="nt")), shacl_graph=shapes
    )
    assert conforms, text


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """The shape of a case."""
    folder: Path = ROOT / "ontology/shapes"
    return union(*(Graph().parse(folder / f"{name}.ttl") for name in ("cases", "codes")))


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """What the shape looks things up in: facts, countries, the edition."""
    files = (ROOT / "ontology/codes.ttl", ROOT / "data/countries.ttl",
             ROOT / "data/tip-2021-be/edition.ttl")  # fmt: skip
    return union(*map(Graph().parse, files))


def test_the_schema_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for example in ({"citizenship": "NGA", "age": 16, "met": ["identified"]}, {}):
        jsonschema.validate(example, SCHEMA)
    for wrong in ({"name": "x"}, {"age": -1}, {"met": [1]}, {"citizenship": "Nigeria"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)
