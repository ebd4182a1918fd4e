"""The exported code lists."""

from tipgraph.graph import LocalGraph


def missing(shipped: LocalGraph, pattern: str) -> list[str]:
    """The values of ?x, which there should not be."""
    return [str(x) for x in shipped.rows(f"SELECT DISTINCT ?x {{ {pattern} }}").column("x")]


def test_every_list_has_top_concepts_both_ways(shipped: LocalGraph) -> None:
    assert len(missing(shipped, "?any skos:inScheme ?x")) > 50
    for fault in (
        "?any skos:inScheme ?x FILTER NOT EXISTS { ?x skos:hasTopConcept ?top }",
        "?x skos:hasTopConcept ?top FILTER NOT EXISTS { ?top skos:topConceptOf ?x }",
        "?top skos:topConceptOf ?x FILTER NOT EXISTS { ?x skos:hasTopConcept ?top }",
        "?x skos:topConceptOf ?list FILTER NOT EXISTS { ?x skos:inScheme ?list }",
        # A top concept has none above it in its list; any other leads to one.
        "?x skos:topConceptOf ?list ; skos:broader ?above . ?above skos:inScheme ?list",
        "?x skos:inScheme ?list FILTER NOT EXISTS"
        " { ?x skos:broader* ?top . ?top skos:topConceptOf ?list }",
    ):
        assert missing(shipped, fault) == [], fault


def test_broader_stays_within_a_list(shipped: LocalGraph) -> None:
    one_list = "?x skos:inScheme ?list . ?other skos:inScheme ?list"

    assert missing(shipped, f"?x skos:broader ?other FILTER NOT EXISTS {{ {one_list} }}") == []
    assert missing(shipped, f"?x skos:broadMatch ?other . {one_list}") == []


def test_every_list_states_who_made_it(shipped: LocalGraph) -> None:
    for name in (
        *("title", "description", "creator", "publisher", "license"),
        *("created", "issued", "modified", "isPartOf"),
    ):
        fault = f"?any skos:inScheme ?x FILTER NOT EXISTS {{ ?x dcterms:{name} ?value }}"
        assert missing(shipped, fault) == [], name
