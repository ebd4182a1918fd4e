"""The properties that queries follow to parties are those that the ontology has."""

import re

import pytest

from tipgraph.graph import LocalGraph
from tipgraph.namespaces import shorten

from .files import STORED

TEXTS = {path.stem: path.read_text("utf-8") for path in STORED}
PROPERTIES = """
    PREFIX owl: <http://www.w3.org/2002/07/owl#>
    PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
    SELECT DISTINCT ?property
    WHERE {{
      ?property a           owl:ObjectProperty ;
                rdfs:domain ?domain ;
                rdfs:range  ?range .
      ?domain (owl:unionOf/rdf:rest*/rdf:first)? ?from .
      ?range  (owl:unionOf/rdf:rest*/rdf:first)? ?to .
      FILTER(EXISTS {{ ?from rdfs:subClassOf* {0} }} || EXISTS {{ {0} rdfs:subClassOf* ?from }})
      FILTER(?to = owl:Thing
             || EXISTS {{ ?to rdfs:subClassOf* {1} }} || EXISTS {{ {1} rdfs:subClassOf* ?to }})
    }}
"""
# No statement mentions the document's author, and a list that is open is a property.
IGNORED = {"tip:reporter", "tip:openList"}
# Links between two statements that are not part of what either states.
LOOSE = {"tip:contrastsWith", "tip:presentedUnder"}


def lists(name: str, variable: str) -> list[set[str]]:
    """Return the values of this variable in each VALUES of the query."""
    found = re.findall(rf"VALUES \?{variable} +{{(.*?)}}", TEXTS[name], re.DOTALL)
    return [set(each.split()) for each in found]


def properties(graph: LocalGraph, domain: str, range_: str) -> set[str]:
    """The properties that may lead from an instance of one class to one of another."""
    rows = graph.engine.select(PROPERTIES.format(domain, range_))
    return {shorten(str(each)) for each in rows.column("property")} - IGNORED


@pytest.fixture(scope="module")
def named(shipped: LocalGraph) -> set[str]:
    """The properties by which a statement may name a party."""
    return properties(shipped, "tip:Statement", "tip:Party")


def test_mentions_follow_all_properties(shipped: LocalGraph, named: set[str]) -> None:
    others = properties(shipped, "tip:Statement", "tip:Statement") - LOOSE
    requirements = properties(shipped, "tip:Statement", "tip:Requirement")
    performers = properties(shipped, "tip:Condition", "tip:Party")

    assert lists("mentions", "role") == [named, performers, named - {"tip:speaker"}]
    assert lists("mentions", "first") == [
        requirements | {"cv:holdsRequirement"},
        others,
        others,
        named,
    ]
    assert lists("mentions", "named") == [named]


def test_connections_follow_all_properties(named: set[str]) -> None:
    assert lists("connections", "property") == [named - {"tip:speaker"}]
