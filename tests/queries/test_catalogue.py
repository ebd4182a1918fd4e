"""Headers of stored queries, and suggestions for unknown names."""

from typing import Any

import pytest

from tipgraph.errors import InputError, UsageError
from tipgraph.graph import LocalGraph
from tipgraph.queries.catalogue import find, parse, suggestions

QUERY = "SELECT ?a WHERE { ?a ?b ?c }"


def test_parameters_are_a_list_or_a_mapping() -> None:
    as_list = parse(f"#+ params:\n#+   - {{name: a, type: tip:Actor}}\n{QUERY}", "q.rq", "q")
    as_mapping = parse(f"#+ params:\n#+   a: {{type: tip:Actor}}\n{QUERY}", "q.rq", "q")

    assert as_list.params == as_mapping.params


def test_yaml_values_are_as_typed() -> None:
    query = parse(
        f"#+ params: {{a: {{type: xsd:boolean, default: true, example: 2020}}}}\n{QUERY}", "q", "q"
    )

    assert (query.params[0].default, query.params[0].example) == ("true", "2020")


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("#+ sumary: x", r"q\.rq: unknown header key 'sumary'"),
        ("#+ summary: x\n#+ tags: [a", r"q\.rq:3:\d+: broken header"),
        ("#+ summary: 'x\n#+ tags: a", r"q\.rq:\d+:\d+: broken header"),
        ("#+ just words", "'key: value' lines"),
        ("#+ columns: {b: x}", r"the header's columns \(b\) are not a"),
        ("#+ columns: {a: x, b: x}", r"\(a, b\) are not a"),
        ("#+ params: {d: {type: tip:Actor}}", r"has no \?d"),
        ("#+ params: {a: {type: Actor}}", "unknown type 'Actor'"),
        ("#+ params: {a: {type: xsd:gYear}}", "unknown type 'xsd:gYear'"),
        ("#+ params: {a: {type: tip:Actor, needed: true}}", "unknown key 'needed'"),
        ("#+ params: {a: {required: true}}", "needs a 'name' and a 'type'"),
    ],
)
def test_wrong_header_is_an_error(header: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parse(f"{header}\n{QUERY}", "q.rq", "q")


def test_header_needs_all_columns() -> None:
    with pytest.raises(InputError, match="columns"):
        parse("#+ columns: {a: x}\nSELECT * { ?a ?b ?c }", "q.rq", "q")


def test_invalid_query_reports_file_and_line() -> None:
    with pytest.raises(InputError, match=r"^q\.rq:2:17: "):
        parse("#+ summary: x\nSELECT ?a WHERE ?a", "q.rq", "q")


def test_alias_is_suggested_and_is_no_name() -> None:
    one = parse(f"#+ aliases: [hearsay, rumour]\n{QUERY}", "q.rq", "unattributed-claims")
    other = parse(f"#+ aliases: hearsay\n{QUERY}", "q.rq", "claims")
    queries = {query.name: query for query in (one, other)}

    assert suggestions(queries, "hearsay") == ["unattributed-claims", "claims"]
    assert suggestions(queries, "rumours") == ["unattributed-claims"]
    assert suggestions(queries, "claimed") == ["claims"]
    assert suggestions(queries, "xyz") == []
    with pytest.raises(
        UsageError, match="unknown query 'rumour'; did you mean 'unattributed-claims'"
    ):
        find(queries, "rumour")


OLD_NAMES = {
    "amounts-in-words": "quantifiers",
    "benefits-for": "benefits",
    "confusions": "misidentified-crimes",
    "contrasts": "contradictions",
    "hearsay": "unattributed-claims",
    "hinges-on-authorities": "authority-decisions",
    "identifiers": "identifying-authorities",
    "ladder": "residence-ladder",
    "money-for-victims": "compensation-bodies",
    "only-by-cooperation": "cooperation-required",
    "open-readings": "notes",
    "readings": "interpretations",
    "silence": "unmentioned-topics",
}


@pytest.mark.parametrize(("old", "new"), OLD_NAMES.items())
def test_old_name_suggests_the_new_one(old: str, new: str, shipped: LocalGraph) -> None:
    assert suggestions(shipped.queries, old) == [new]


def test_search_finds_a_query_by_its_alias(run: Any) -> None:
    code, out, _ = run("queries", "--search", "hearsay", "--format", "csv")

    assert code == 0
    assert "unattributed-claims" in out
