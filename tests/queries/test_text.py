"""The text of queries: known terms only, and nothing that an engine reads in a way of its own."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, parse

from tipgraph.graph import LocalGraph
from tipgraph.namespaces import CODE, TIP, shorten
from tipgraph.rdf import sparql
from tipgraph.resources.folders import shipped as resources
from tipgraph.text import did_you_mean, nearest

from .files import CHECKS, NAMES, ROOT, STORED
from .test_expected import cases, needed

# Rules are run by the embedded engine alone.
EVERY_QUERY = sorted((ROOT / "queries").rglob("*.rq"))

# Columns that no row binds, each with the reason.
UNBOUND = {
    ("training", "trainer"): "no edition that was read states who trained",
    ("compare-countries", "qualifier"): "the five countries of most tests have none at this stage",
    ("figures", "percentage_of"): "the five countries of most tests have no percentage",
    ("revisions", "earlier_part_wording"): "the part that is worded in other words is not revised",
    **{
        (query, "part_wording"): "the part that is worded in other words is in other rows"
        for query in (
            *("breakdowns", "caveats", "changes", "compare-countries", "incomplete-breakdowns"),
            *("series", "trends"),
        )
    },
}


def name(path: Path) -> str:
    return path.relative_to(ROOT / "queries").as_posix()


@cache
def defined() -> set[str]:
    """The terms that the ontology describes."""
    triples = (triple for file in resources().ontology() for triple in parse(path=file))
    return {each.subject.value for each in triples if isinstance(each.subject, NamedNode)}


def test_terms_are_defined() -> None:
    for path in EVERY_QUERY:
        used = {iri for iri in sparql.iris(path.read_text("utf-8")) if iri.startswith((TIP, CODE))}
        for iri in sorted(used - defined() - {TIP, CODE}):
            known = [shorten(each) for each in defined() if each.startswith((TIP, CODE))]
            hint = did_you_mean(nearest(shorten(iri), known))
            raise AssertionError(f"{name(path)}: {shorten(iri)} is not in ontology/; {hint}")


@pytest.mark.parametrize("query", sorted(set(NAMES) - CHECKS))
def test_every_column_is_bound_in_some_row(query: str, shipped: LocalGraph) -> None:
    header = shipped.queries[query]
    examples = ({**needed(header), each.name: str(each.example)} for each in header.params)
    bound: set[str] = set()
    for given in [*cases(header), *examples]:
        rows = shipped.rows(query, **given)
        bound |= {c for c, *values in zip(rows.columns, *rows.terms, strict=True) if any(values)}
    empty = set(header.columns) - bound
    allowed = {column for each, column in UNBOUND if each == query}

    assert empty - allowed == set(), (
        "no row binds these columns: correct the pattern that binds them, or add them to UNBOUND"
        " with the reason"
    )
    assert allowed - empty == set(), "these columns are bound now: remove them from UNBOUND"


def test_query_has_no_graph() -> None:
    found = [name(path) for path in STORED if "GRAPH" in sparql.words(path.read_text("utf-8"))]

    assert not found, (
        "leave out GRAPH: users load the graph under other names, and each query sees all graphs"
        " as one"
    )


def test_union_is_the_last_pattern_of_its_group() -> None:
    found = [f"{name(path)}:{n}" for path in STORED for n in after_unions(path.read_text("utf-8"))]

    assert not found, (
        "a pattern follows a UNION in its group, and Virtuoso loses values there; put the UNION"
        " into { SELECT DISTINCT ... WHERE { ... } }"
    )


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("SELECT ?a {\n{ ?a ?b 1 } UNION { ?a ?b 2 }\nOPTIONAL { ?a ?b ?c } }", [3]),
        ("SELECT ?a {\n{ ?a ?b 1 } UNION { ?a ?b 2 } .\n?a ?b ?c }", [3]),
        ("SELECT ?a {\n{ ?a ?b 1 } UNION { ?a ?b 2 }\n{ ?a ?b ?c } }", [3]),
        ("SELECT ?a {\n{ { ?a ?b 1 } UNION { ?a ?b 2 }\n?a ?b 3 } UNION { ?a ?b 4 } }", [3]),
        ("SELECT ?a { ?a ?b ?c OPTIONAL { ?a ?b 0 } { ?a ?b 1 } UNION { ?a ?b 2 } }", []),
        ("SELECT ?a { { ?a ?b 1 } UNION { ?a ?b 2 } UNION { ?a ?b 3 } FILTER(?b > (1)) }", []),
        ("SELECT ?a { { ?a ?b 1 } UNION { ?a ?b 2 } BIND((1) AS ?c) . FILTER(?b > 1) }", []),
        ("SELECT ?a { { ?a ?b 1 } UNION { ?a ?b 2 } FILTER NOT EXISTS { ?a ?b 3 } }", []),
        ("SELECT ?a { { SELECT ?a { { ?a ?b 1 } UNION { ?a ?b 2 } } } OPTIONAL { ?a ?b ?c } }", []),
    ],
)
def test_pattern_after_a_union_is_found(query: str, lines: list[int]) -> None:
    assert list(after_unions(query)) == lines


# A token, or what a pair of brackets encloses.
Element = sparql.Token | list["Element"]


def after_unions(text: str) -> Iterator[int]:
    """The line of the first pattern after a UNION in each group; FILTER and BIND are none."""
    for group in groups(nested(iter(sparql.tokens(text)))):
        elements = iter(group)
        union = False
        for element in elements:
            token = element if isinstance(element, sparql.Token) else None
            if token and token.is_word("UNION"):
                union = True
                next(elements)
            elif token and token.is_word("FILTER", "BIND"):
                next(each for each in elements if isinstance(each, list))
            elif union and not (token and token.text == "."):
                yield text[: start(element)].count("\n") + 1
                break


def nested(stream: Iterator[sparql.Token]) -> list[Element]:
    """The tokens up to the next closing bracket, which is the last; each bracket is a list."""
    found: list[Element] = []
    for token in stream:
        if token.text in ("{", "("):
            found.append([token, *nested(stream)])
        elif token.text in ("}", ")"):
            break
        else:
            found.append(token)
    return found


def groups(elements: list[Element]) -> Iterator[list[Element]]:
    """The elements and, at any depth, those of their brackets."""
    yield elements
    for element in elements:
        if isinstance(element, list):
            yield from groups(element)


def start(element: Element) -> int:
    """The offset at which an element begins."""
    return element.start if isinstance(element, sparql.Token) else start(element[0])
