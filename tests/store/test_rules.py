"""Rules run to a fixpoint, in any order, and never quietly wrong."""

from itertools import permutations
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from tipgraph.errors import InputError
from tipgraph.namespaces import DERIVED_GRAPH
from tipgraph.store.rules import derive, read_rule

CHAIN = (
    "#+ recursive: true\nCONSTRUCT { ?a id:far ?c } WHERE { ?a id:next|id:far ?b . ?b id:next ?c }"
)
LAST = "CONSTRUCT { ?a a tip:Last } WHERE { ?x id:next ?a FILTER NOT EXISTS { ?a id:next ?y } }"
COUNT = (
    "CONSTRUCT { ?a tip:reach ?n } WHERE"
    " { SELECT ?a (COUNT(?b) AS ?n) { ?a id:next|id:far ?b } GROUP BY ?a }"
)


def node(name: object) -> NamedNode:
    return NamedNode(f"https://w3id.org/tipgraph/id/{name}")


def chain(length: int) -> Store:
    store = Store()
    store.extend(Quad(node(n), node("next"), node(n + 1), node("graph")) for n in range(length))
    return store


def rule(folder: Path, name: str, text: str, stratum: object = 0) -> Path:
    path = folder / f"{name}.rq"
    path.write_text(f"#+ summary: A rule.\n#+ stratum: {stratum}\n{text}", encoding="utf-8")
    return path


def derived(store: Store) -> set[str]:
    quads = store.quads_for_pattern(None, None, None, NamedNode(DERIVED_GRAPH))
    return {str(quad.triple) for quad in quads}


def test_rules_run_until_nothing_is_new(tmp_path: Path) -> None:
    store = chain(5)

    derive(store, [read_rule(str(rule(tmp_path, "chain", CHAIN)))])

    assert len(derived(store)) == 4 + 3 + 2 + 1


def test_triples_of_sources_are_not_repeated(tmp_path: Path) -> None:
    store = chain(2)
    store.add(Quad(node(0), node("far"), node(2), node("graph")))

    derive(store, [read_rule(str(rule(tmp_path, "chain", CHAIN)))])

    assert derived(store) == set()


def test_order_of_rules_does_not_matter(tmp_path: Path) -> None:
    paths = [
        rule(tmp_path, "count", COUNT, stratum=1),
        rule(tmp_path, "last", LAST),
        rule(tmp_path, "chain", CHAIN),
    ]
    outcomes = []
    for order in permutations(paths):
        store = chain(4)
        derive(store, [read_rule(str(path)) for path in order])
        outcomes.append(derived(store))

    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert sum("reach" in triple for triple in outcomes[0]) == 4


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("CONSTRUCT { [] id:of ?a } WHERE { ?a id:next ?b }", "blank node"),
        (
            "#+ recursive: true\n"
            'CONSTRUCT { ?n id:next ?a } { ?a id:next ?b BIND(IRI(CONCAT(STR(?a), "x")) AS ?n) }',
            "still derive after",
        ),
        (
            "#+ recursive: true\n"
            "CONSTRUCT { ?n id:next ?m } WHERE { ?a id:next ?b . ?c id:next ?d"
            ' BIND(IRI(CONCAT(STR(?a), "-", ENCODE_FOR_URI(STR(?c)))) AS ?n)'
            ' BIND(IRI(CONCAT(STR(?b), "-")) AS ?m) }',
            "without end",
        ),
    ],
)
def test_rule_that_does_not_terminate_is_an_error(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        derive(chain(3), [read_rule(str(rule(tmp_path, "bad", text)))])


@pytest.mark.parametrize(
    ("text", "stratum", "problem"),
    [
        ("SELECT ?a { ?a ?b ?c }", 0, "must be a CONSTRUCT"),
        ("CONSTRUCT { ?a id:at ?n } WHERE { ?a ?b ?c BIND(NOW() AS ?n) }", 0, r"NOW\(\)"),
        ("CONSTRUCT { ?a id:at ?n } WHERE { ?a ?b ?c BIND(UUID() AS ?n) }", 0, r"UUID\(\)"),
        ("CONSTRUCT { ?a id:at } WHERE { ?a ?b ?c }", 0, r"bad\.rq: query:3:"),
        ("CONSTRUCT { ?a id:at ?b } WHERE { ?a ?b ?c }", "first", "stratum"),
        ("CONSTRUCT { ?a id:at ?b } WHERE { ?a ?b ?c }", "0\n#+ order: 1", "unknown header key"),
    ],
)
def test_invalid_rule_is_an_error(tmp_path: Path, text: str, stratum: object, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        read_rule(str(rule(tmp_path, "bad", text, stratum)))


def test_function_name_in_a_string_is_no_call(tmp_path: Path) -> None:
    text = 'CONSTRUCT { ?a id:at "NOW()" } WHERE { ?a id:next ?b } # RAND()'

    assert read_rule(str(rule(tmp_path, "fine", text))).stratum == 0
