"""The ways to write a case, and what is rejected."""

import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, serialize
from pyshacl import validate
from rdflib import Graph

from tests.ontology.graphs import ROOT, union
from tipgraph.assess.case import Case, facts, read_case
from tipgraph.assess.regime import Regime
from tipgraph.errors import InputError
from tipgraph.namespaces import CODE, PREFIXES

from .kit import FACTS

SCHEMA = json.loads((ROOT / "ontology/case.schema.json").read_text("utf-8"))
COUNTRY = PREFIXES["country"]


def read(document: Any, regime: Regime) -> Case:
    return read_case(document, regime.engine)


CASE = Case(
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
            "not_met": ["assists-prosecution"],
            "unknown": ["living-abroad"],
        },
        '{"citizenship": "NGA", "age": 16, "unaccompanied": true, "met": "identified",'
        ' "not_met": "assists-prosecution"}',
        {
            "@type": "Case",
            "citizenship": "country:NGA",
            "age": 16,
            "unaccompanied": True,
            "met": "code:identified",
            "not_met": CODE + "assists-prosecution",
        },
        {
            "citizenship": "Nigeria",
            "age": 16,
            "unaccompanied": True,
            "met": "identified as a victim",
            "not_met": "assists-prosecution",
        },
        b'\xef\xbb\xbf{"citizenship": ["nga"], "age": 16, "unaccompanied": true,'
        b' "met": ["identified"],'
        b' "not_met": ["assists-prosecution"]}',
    ],
    ids=["plain", "single values", "by IRIs", "by a name", "bytes"],
)
def test_equivalent_documents_give_one_case(document: Any, belgium: Regime) -> None:
    assert read(document, belgium) == CASE


def test_case_round_trips_through_its_document(belgium: Regime) -> None:
    assert read(CASE.as_dict(), belgium) == CASE
    assert read(Case().as_dict(), belgium) == Case()


WRONG = {
    "no JSON": ("{", "not valid JSON"),
    "no object": ("[16]", "a JSON object"),
    "not UTF-8": (b'{"age": "\xff"}', "not UTF-8"),
    "a name": ({"name": "somebody"}, "unknown key 'name'"),
    "a note": ({"note": "x", "age": 16}, "no names or other texts"),
    "an identifier": ({"@id": "https://example.org/somebody"}, "remove '@id'"),
    "a context of its own": ({"@context": {"born": "https://schema.org/birthDate"}, "born": "x"},
                             "remove '@context'"),
    "another type": ({"@type": "Person"}, "unknown type 'Person'"),
    "something within": ({"met": {"@id": "code:identified", "age": 3}},
                         "another object"),
    "a context elsewhere": ({"@context": "https://example.org/c", "age": 3}, "nothing is fetched"),
    "an unknown country": ({"citizenship": "XYZ"}, "unknown country 'XYZ'"),
    "a misspelt country": ({"citizenship": "Nigera"}, "did you mean 'Nigeria'"),
    "stateless and a citizen": ({"citizenship": ["stateless", "NGA"]}, "stateless and a citizen"),
    "a negative age": ({"age": -3}, "invalid age -3"),
    "an age in words": ({"age": "sixteen"}, "invalid age 'sixteen'"),
    "half a year": ({"age": 16.5}, "whole years"),
    "an age of nobody": ({"age": 200}, "invalid age 200"),
    "an age of nearly so many years": ({"age": 17.9999999}, "invalid age 17.9999999"),
    "a child and an adult": ({"age": [16, 40]}, "16 (a child), 40 (an adult)"),
    "alone and not": ({"unaccompanied": [True, False]}, "both unaccompanied and accompanied"),
    "alone in words": ({"unaccompanied": "yes"}, "give true or false"),
    "an unknown fact": ({"met": "contact-broken"}, "did you mean 'contact-broken-off'"),
    "a fact that is no IRI": ({"met": "https://w3id.org/tipgraph/code/ x"}, "unknown fact"),
    "a kind of fact": ({"met": "cooperation"}, "unknown fact 'cooperation'"),
    "met and not met": ({"met": "identified", "not_met": "identified"}, "met and not met"),
    "met and unknown": ({"met": "identified", "unknown": "identified"}, "met and unknown"),
    "a blank name": ({"met": " "}, "empty name"),
    "a name with a blank": ({"met": "x y"}, "unknown fact 'x y'"),
    "no IRI": ({"citizenship": "N<A"}, "unknown country 'N<A'"),
    "a nested list": ({"met": [["identified"]]}, "nested lists"),
    "no text": ({"citizenship": "\ud800"}, "unknown country"),
    "no number": ('{"age": NaN}', "NaN is not a number"),
    "a key twice": ('{"age": 1, "age": 40}', "duplicate key 'age'"),
    "several errors": ({"age": -1, "met": "x"},
                       "invalid age -1; give whole years from 0 to 130; unknown fact 'x'; 'tip"),
    "the property of RDF as a key": ({"notMet": "identified"}, "did you mean 'not_met'"),
    "the spelling of the option": ({"not-met": "identified"}, "did you mean 'not_met'"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_invalid_case_is_rejected_in_one_line(name: str, belgium: Regime) -> None:
    document, message = WRONG[name]

    with pytest.raises(InputError) as caught:
        read(document, belgium)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_many_facts_take_no_time(belgium: Regime) -> None:
    begin = time.process_time()

    assert len(read({"met": ["identified"] * 8_000}, belgium).facts) == 1
    with pytest.raises(InputError, match="unknown fact 'x0'"):
        read({"met": [f"x{number}" for number in range(8_000)]}, belgium)
    assert time.process_time() - begin < 5


def test_many_citizenships_take_no_time(belgium: Regime) -> None:
    begun = time.process_time()

    assert read({"citizenship": ["NGA"] * 8_000}, belgium).citizenships == {COUNTRY + "NGA"}
    with pytest.raises(InputError, match="more than 50 citizenships"):
        read({"citizenship": [f"X{each}" for each in range(5_000)]}, belgium)
    assert time.process_time() - begun < 1


def test_case_can_state_each_fact_that_matters(belgium: Regime) -> None:
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
        "not_met": st.lists(st.sampled_from(FACTS), max_size=3, unique=True),
        "name": st.just("somebody"),
    },
)


@given(document=documents)
def test_case_that_is_read_is_valid_under_the_schema(belgium, document):
    """The schema accepts some contradictions; it never rejects a case that is read."""
    try:
        case = read(document, belgium)
    except InputError:
        return
    jsonschema.validate(case.as_dict(), SCHEMA)


@given(document=documents)
def test_case_that_is_read_conforms_to_the_shape(belgium, document, shapes, ontology):
    try:
        case = read(document, belgium)
    except InputError:
        return
    # The rules find this contradiction, the shape too.
    assume(not all(case.facts.get(CODE + each) == "met" for each in ("identified", "potential")))
    quads = (quad.triple for quad in case.quads("given", belgium.edition))
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
    """The nodes that the shape refers to: facts, countries, the edition."""
    files = (ROOT / "ontology/codes.ttl", ROOT / "data/countries.ttl",
             ROOT / "data/tip-2021-be/edition.ttl")  # fmt: skip
    return union(*map(Graph().parse, files))


def test_schema_accepts_examples_and_rejects_errors() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for example in ({"citizenship": "NGA", "age": 16, "met": ["identified"]}, {}):
        jsonschema.validate(example, SCHEMA)
    for wrong in (
        {"name": "x"},
        {"notMet": "identified"},
        {"not-met": "identified"},
        {"age": -1},
        {"met": [1]},
        {"citizenship": "Nigeria"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)
