"""Headers of stored queries, and suggestions for unknown names."""

from pathlib import Path
from typing import Any

import pytest

from tipgraph.errors import InputError, UsageError
from tipgraph.graph import LocalGraph
from tipgraph.queries.catalogue import Catalogue, SharedTexts, find, parse, suggestions
from tipgraph.queries.parameters import Parameter
from tipgraph.resources.folders import Resources

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
        ("#+ summary: x\n#+ tags: \0", r"q\.rq: broken header: unacceptable character #x0000"),
        ("#+ summary: 2020-13-01", r"q\.rq: broken header: month must be in 1\.\.12"),
        ("#+ summary: !!timestamp x", r"q\.rq: broken header"),
        ("#+ just words", "'key: value' lines"),
        (
            "#+ description: note: that",
            r"q\.rq:1:\d+: broken header: put a text that contains ': '",
        ),
        ("#+ columns: {c: x}", r"selects \?a; describe it in the header's columns, or in "),
        ("#+ columns: {b: x}", "describes the column b, which the query does not select$"),
        ("#+ columns: {a: x, c: x}\n#+ key: [b]", "has no column 'b', which is in its key"),
        ("#+ params: {d: {type: tip:Actor}}", r"has no \?d"),
        ("#+ params: {a: {type: Actor}}", "unknown type 'Actor'"),
        ("#+ params: {a: {type: xsd:gYear}}", "unknown type 'xsd:gYear'"),
        ("#+ params: {a: {type: tip:Actor, needed: true}}", "unknown key 'needed'"),
        ("#+ params: [a]", "parameter 'a' has no type; describe it here, or in queries/shared"),
        ("#+ params: {a: {required: true}}", "needs a 'name' and a 'type'"),
        ("#+ params: {a: area}", "needs a 'name' and a 'type', as in"),
        ("#+ params: [1]", "needs a 'name' and a 'type', as in"),
    ],
)
def test_wrong_header_is_an_error(header: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parse(f"{header}\n{QUERY.replace('?a', '?a ?c', 1)}", "q.rq", "q")


def test_header_needs_all_columns() -> None:
    with pytest.raises(InputError, match=r"name them instead of SELECT \*"):
        parse("#+ columns: {a: x}\nSELECT * { ?a ?b ?c }", "q.rq", "q")


def stored(tmp_path: Path, **queries: str) -> Resources:
    """A resources folder with these queries, each in a folder `FOLDER__NAME`."""
    for name, text in queries.items():
        folder, _, stem = name.partition("__")
        file = tmp_path / "queries" / folder / f"{stem}.rq"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "queries" / "shared.yaml").write_text("columns: {a: the thing}\n")
    (tmp_path / "ontology").mkdir()
    (tmp_path / "data").mkdir()
    return Resources(str(tmp_path))


def test_shared_text_describes_what_the_header_only_names(tmp_path: Path) -> None:
    file = tmp_path / "shared.yaml"
    file.write_text(
        "params: {a: {type: tip:Actor, example: GRETA}}\ncolumns: {a: the actor, c: the rest}\n"
    )
    header = "#+ params: {a: {example: Myria}}\n#+ columns: {c: the object}"
    query = parse(
        f"{header}\nSELECT ?a ?c WHERE {{ ?a ?b ?c }}", "q.rq", "q", SharedTexts(str(file))
    )

    assert query.columns == {"a": "the actor", "c": "the object"}
    assert query.params == (Parameter("a", "tip:Actor", example="Myria"),)


def test_broken_shared_text_is_one_error(tmp_path: Path) -> None:
    file = tmp_path / "shared.yaml"
    file.write_text("columns: {a: x\n")

    with pytest.raises(InputError, match=r"shared\.yaml:2:1: broken content"):
        parse(f"#+ summary: x\n{QUERY}", "q.rq", "q", SharedTexts(str(file)))


def test_error_of_a_stored_query_is_its_own(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(
        InputError, match=r"^queries/a/q\.rq: the header needs a 'summary'"
    ) as raised:
        Catalogue(stored(tmp_path, a__q=QUERY))

    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_two_queries_of_one_name_are_an_error(tmp_path: Path, cache: Path) -> None:
    text = f"#+ summary: Rows\n#+ editions: none\n{QUERY}"
    problem = r"^queries/a/q\.rq and queries/b/q\.rq have the same name; rename one of them$"
    with pytest.raises(InputError, match=problem):
        Catalogue(stored(tmp_path, a__q=text, b__q=text))


def test_tag_is_the_folder(tmp_path: Path, cache: Path) -> None:
    queries = Catalogue(
        stored(tmp_path, shelters__q=f"#+ summary: Rows\n#+ editions: none\n{QUERY}")
    )

    assert queries["q"].tags == ("shelters",)


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
