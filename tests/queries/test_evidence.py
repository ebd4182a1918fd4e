"""Each phrase of a sentence is listed with what it supports, parts of requirements included."""

from tipgraph.graph import LocalGraph
from tipgraph.namespaces import last_part

from .cells import table


def supported(graph: LocalGraph, **given: str) -> set[tuple[str, str, str]]:
    rows = graph.rows("evidence", edition="tip-2021-be", **given)
    short = rows.only(["statement", "supports", "quote"])
    return {(last_part(a), last_part(b), quote) for a, b, quote in table(short)}


def test_sentence_gives_the_phrases_of_a_norm_and_of_its_conditions(shipped: LocalGraph) -> None:
    phrases = {
        supports: quote
        for statement, supports, quote in supported(shipped, place="S22")
        if statement == "assistance"
    }

    assert {supports: quote.split()[0] for supports, quote in phrases.items()} == {
        "assistance": "conditioned",
        "contact-broken-off": "break",
        "counselling-accepted": "agree",
        "prosecution-assisted": "assist",
    }
    assert supported(shipped, statement="assistance") == supported(shipped, place="S22")


def test_consequences_and_findings_rest_on_their_requirements_too(shipped: LocalGraph) -> None:
    assert ("repatriation", "agreement-to-conditions") in {
        (statement, supports) for statement, supports, _ in supported(shipped, place="S23")
    }
    assert "cooperation-with-law-enforcement" in {
        supports
        for _, supports, _ in supported(shipped, statement="child-residency-hangs-on-cooperation")
    }


def test_absence_is_supported_as_absence(shipped: LocalGraph) -> None:
    found = {
        supports
        for _, supports, quote in supported(shipped, statement="indefinite-permit")
        if "absence" in quote
    }

    assert found == {"no-conviction"}


def test_all_passages_of_statements_and_requirements_are_listed(shipped: LocalGraph) -> None:
    pattern = (
        "?x tip:evidence ?passage . { ?x a tip:Statement ; tip:edition ?edition }"
        " UNION { ?x a tip:Requirement }"
    )
    rows = shipped.engine.select(f"SELECT DISTINCT ?passage {{ {pattern} }}")

    assert set(shipped.rows("evidence", edition="all").column("passage")) == set(
        rows.column("passage")
    )
