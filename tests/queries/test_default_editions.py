"""Every stored query draws on the editions that its header names, or on the selected ones."""

from shutil import copytree

import pytest

import tipgraph
from tests.conftest import MINI
from tipgraph.errors import InputError, UsageError
from tipgraph.graph import LocalGraph
from tipgraph.queries.catalogue import StoredQuery, parse
from tipgraph.resources.folders import Resources

from .cells import table
from .files import CHECKS, NAMES, PUBLICATIONS

# The newest edition of each country that is read in full, else the newest.
NEWEST = {"tip-2021-be", "tip-2022-hu", "tip-2023-lu", "tip-2023-mt", "tip-2022-nl"}
BELGIUM = {"tip-2017-be", "tip-2018-be", "tip-2019-be", "tip-2020-be", "tip-2021-be"}
OVER_EDITIONS = sorted(set(NAMES) - CHECKS - PUBLICATIONS)
# The parameters that are given, and the editions that they select.
SELECTED: list[tuple[dict[str, object], set[str]]] = [
    ({"edition": "tip-2021-be"}, {"tip-2021-be"}),
    ({"edition": "tip-2019-be"}, {"tip-2019-be"}),
    ({"edition": 2021}, {"tip-2021-be", "tip-2021-hu", "tip-2021-lu", "tip-2021-nl"}),
    ({"edition": "2020", "area": "nl"}, {"tip-2020-nl"}),
    ({"edition": "Hungary"}, {"tip-2022-hu"}),
    ({"edition": "all", "area": "BEL"}, BELGIUM),
]

Table = list[list[str]]


def rows(graph: LocalGraph, name: str, **given: object) -> Table:
    query = graph.queries[name]
    needed = {each.name: each.sample(graph.engine) for each in query.params if each.required}
    return sorted(table(graph.rows(name, **needed, **given)))


def of(editions: set[str], query: StoredQuery, rows: Table) -> Table:
    column = list(query.columns).index("edition")
    return [row for row in rows if row[column] in editions]


@pytest.mark.parametrize("name", OVER_EDITIONS)
def test_query_without_edition_draws_on_its_default(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    everything = rows(shipped, name, edition="all")
    is_newest = query.editions == "newest"

    assert query.editions in ("newest", "all")
    assert rows(shipped, name) == (of(NEWEST, query, everything) if is_newest else everything)
    of_belgium = {"tip-2021-be"} if is_newest else BELGIUM
    assert rows(shipped, name, area="be") == of(of_belgium, query, everything)


@pytest.mark.parametrize("name", OVER_EDITIONS)
def test_query_of_an_edition_returns_only_its_rows(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    everything = rows(shipped, name, edition="all")

    for given, editions in SELECTED:
        assert rows(shipped, name, **given) == of(editions, query, everything), given


def test_thing_of_an_older_edition_chooses_its_edition(shipped: LocalGraph) -> None:
    older = "tip-2017-be/allocation-per-shelter-2016"
    found = rows(shipped, "evidence", statement=older)

    assert found
    assert of({"tip-2017-be"}, shipped.queries["evidence"], found) == found


def test_scope_names_the_editions_and_those_read_in_part(shipped: LocalGraph) -> None:
    scope = shipped.queries["entitlements"].bind(shipped.engine, {}).scope
    assert scope is not None

    assert {each.slug for each in scope.editions} == NEWEST
    assert scope.description.split("; ")[0] == "tip-2021-be"
    assert scope.description.split("; ")[1].startswith("read in part: ")
    own = parse("SELECT ?a { ?a ?b ?c }", "query", "query")
    assert own.bind(shipped.engine, {}).scope is None


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"edition": ""}, "the edition is empty; it takes all, an area, a year"),
        ({"area": " "}, "the area is empty; areas with an edition: BEL, HUN, LUX, MLT, NLD"),
        ({"edition": "tip-2021-bee"}, "unknown edition 'tip-2021-bee'; did you mean 'tip-2021-be'"),
        ({"edition": "tip-2030-hu"}, "did you mean 'tip-2022-hu', 'tip-2021-hu' or 'tip-2020-hu'"),
        ({"edition": "Belgum"}, "unknown edition 'Belgum'; did you mean 'Belgium'"),
        ({"area": "Belgum"}, "unknown area 'Belgum'; did you mean 'Belgium'"),
        ({"area": "France"}, "no edition is on France; areas with an edition: BEL"),
        ({"edition": "2016"}, "no edition of 2016; did you mean '2017'?"),
        ({"edition": "2022", "area": "BEL"}, "no edition of 2022 on BEL; did you mean '2021'?"),
        ({"edition": "tip-2021-be", "area": "NLD"}, "'tip-2021-be' is not on NLD; leave out one"),
        ({"edition": "http://example.org/x"}, "unknown edition 'http://example.org/x'"),
    ],
)
def test_value_that_selects_nothing_is_an_error(given, problem, shipped: LocalGraph):
    with pytest.raises(UsageError) as raised:
        shipped.rows("figures", **given)

    assert str(raised.value).startswith(problem) or problem in str(raised.value)
    assert "\n" not in str(raised.value)


BOUND = "#+ params: {edition: {type: tip:Edition}}\nSELECT ?edition { ?edition ?b ?c }"
FREE = "SELECT ?a { ?a ?b ?c }"


@pytest.mark.parametrize(
    ("editions", "query", "problem"),
    [
        ("latest", BOUND, "'editions' is newest, all or none, not 'latest'"),
        ("none", BOUND, "the query has the parameter 'edition'"),
        ("newest", FREE, "the query needs the parameter 'edition' of type tip:Edition"),
        ("all", FREE, "the query needs the parameter 'edition' of type tip:Edition"),
    ],
)
def test_header_whose_editions_do_not_fit_is_an_error(editions, query, problem):
    with pytest.raises(InputError, match=problem):
        parse(f"#+ editions: {editions}\n{query}", "q.rq", "q")


def test_stored_query_without_editions_is_an_error(tmp_path, monkeypatch):
    copytree(MINI / "shipped", tmp_path / "shipped")
    file = tmp_path / "shipped/queries/figures/figures.rq"
    file.write_text(file.read_text("utf-8").replace("#+ editions: all\n", ""), encoding="utf-8")
    graph = LocalGraph(
        tipgraph.open().engine, Resources(str(tmp_path / "shipped")), own=(), bundled=True
    )

    with pytest.raises(InputError, match=r"figures\.rq: .*'editions': newest, all or none"):
        len(graph.queries)
