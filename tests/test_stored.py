"""A header is held to what it says."""

import pytest

from tipgraph.errors import InputError
from tipgraph.queries.catalogue import parse

QUERY = "SELECT ?a WHERE { ?a ?b ?c }"


def test_that_parameters_may_be_a_list_or_a_mapping() -> None:
    as_list = parse(f"#+ params:\n#+   - {{name: a, type: tip:Actor}}\n{QUERY}", "q.rq", "q")
    as_mapping = parse(f"#+ params:\n#+   a: {{type: tip:Actor}}\n{QUERY}", "q.rq", "q")

    assert as_list.params == as_mapping.params


def test_that_yaml_values_are_what_one_would_type() -> None:
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
def test_that_a_wrong_header_is_told(header: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parse(f"{header}\n{QUERY}", "q.rq", "q")


def test_that_all_columns_are_to_be_named() -> None:
    with pytest.raises(InputError, match="columns"):
        parse("#+ columns: {a: x}\nSELECT * { ?a ?b ?c }", "q.rq", "q")


def test_that_a_broken_query_says_file_and_line() -> None:
    with pytest.raises(InputError, match=r"^q\.rq:2:17: "):
        parse("#+ summary: x\nSELECT ?a WHERE ?a", "q.rq", "q")
