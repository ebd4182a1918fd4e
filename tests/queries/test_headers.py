"""The headers of stored queries, and the columns that every query over statements has."""

import re
from collections import Counter

import pytest

from tests.conftest import Run
from tipgraph.front_matter import front_matter
from tipgraph.graph import LocalGraph
from tipgraph.queries.catalogue import KEYS, SharedTexts
from tipgraph.rdf import sparql
from tipgraph.store.engine import Rows

from .cells import cell, table
from .files import CHECKS, NAMES, PUBLICATIONS, ROOT, STORED
from .test_expected import needed

# Scripts rely on these names.
PROMISED = {
    "figures": "edition area indicator period part value unit approximate caveat place",
    "residence-permits": "edition period value",
    "funding": "edition period funder recipient per_unit amount currency converted"
    " approximate place",
    "entitlements": "entitlement beneficiary grants duration renewable_until strength"
    " conditionality requirement place",
    "obligations": "bearer act owed_to trigger outcome frequency place",
    "powers": "holder act in_favour_of requirement place",
    "claims": "speaker speech_act about hedge place",
    "not-reported": "kind reporter topic period place",
    "relations": "subject relation object kind hedge statement place",
    "unmentioned-topics": "topic expected_by",
    "evidence-by-criterion": "criterion statement kind caveat speaker place",
    "statements-by-sentence": "sentence statement kind",
}
PARAMETERS = {
    "figures": "indicator period edition",
    "entitlements": "beneficiary",
    "claims": "speaker",
    "relations": "actor subject object",
    "evidence-by-criterion": "scheme",
    "statements-by-sentence": "sentence",
}


@pytest.mark.parametrize("name", NAMES)
def test_form_of_the_header(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    others = [column for column in query.columns if not re.fullmatch(r"[a-z0-9_]+", column)]
    assert not others, "write the names of columns in snake_case"
    assert query.tags == (query.origin.split("/")[1],)
    assert not query.question or query.question.endswith("?"), "end it with a question mark"
    for parameter in query.params:
        if parameter.type == "tip:Period":
            assert f"{parameter.name}_match" in query.columns
            assert parameter.description == "only periods that overlap this one"


def test_form_of_the_files() -> None:
    for path in STORED:
        content = path.read_bytes()
        assert b"\n#+ tags:" not in content, f"{path}: leave out tags: the folder is the only one"
        assert b"\r" not in content, f"{path}: save the file with LF line ends instead of CRLF"


def test_shared_text_is_written_once() -> None:
    shared = SharedTexts(str(ROOT / "queries" / "shared.yaml"))
    written: Counter[tuple[str, str]] = Counter()
    for path in STORED:
        header = front_matter(path.read_text("utf-8"), path, KEYS)
        params, columns = header.get("params") or {}, header.get("columns") or {}
        repeated = [name for name, text in columns.items() if text == shared.columns.get(name)]
        if isinstance(params, dict):
            repeated += [
                name
                for name, own in params.items()
                if own
                and own.get("description") == shared.params.get(name, {}).get("description", "")
            ]
        assert not repeated, f"{path}: leave out the text that queries/shared.yaml has"
        written.update(item for item in columns.items() if item[0] not in shared.columns)
    several = [name for (name, _), count in written.items() if count > 1]
    assert not several, "describe these columns in queries/shared.yaml instead of the headers"


@pytest.mark.parametrize("name", sorted(set(NAMES) - CHECKS - PUBLICATIONS))
def test_statement_queries_have_edition_area_and_speaker(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    optional = {parameter.name for parameter in query.params if not parameter.required}

    for each in ("edition", "area"):
        assert each in query.columns, f"select ?{each} and describe the column {each}"
        assert each in optional, f"add the optional parameter {each} to the header"
    if {"place", "sentence"} & {*query.columns}:
        assert "speaker" in query.columns, "select ?speaker (tip:speaker) beside ?place"
    else:
        assert "speaker" not in query.columns, "select ?place (tip:evidence) beside ?speaker"


# The columns for the value of a figure, a comparison, a derived change or a total.
VALUES = {"sdmx-measure:obsValue", "tip:amountValue", "tip:difference", "tip:current"}
# Its caveats are those of a criterion.
CRITERIA = {"evidence-by-criterion"}
# The pattern with which every query reads the caveats that a rule puts into one text.
CAVEATS = re.compile(r"OPTIONAL \{ \?\w+ +tip:caveatText +\?(\w+) \}")


@pytest.mark.parametrize("name", sorted(set(NAMES) - CRITERIA))
def test_query_that_shows_figures_shows_their_caveats(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    # A property in a list has no value. An edge stands for a figure.
    shown = name == "relations" or any(re.search(rf"{value}\s+\?", query.text) for value in VALUES)
    columns = [column for column in query.columns if column.endswith("caveat")]

    assert shown == ("caveat" in columns), (
        "the query shows a figure: add OPTIONAL { ?statement tip:caveatText ?caveat },"
        " select ?caveat, and describe the column"
        if shown
        else "the query shows no figure, so it has no column caveat"
    )
    assert sorted(CAVEATS.findall(query.text)) == sorted(columns)


@pytest.mark.parametrize(
    ("name", "hedged"),
    [("exchange-rates", "approximately EUR 419,000"), ("shares", "Approximately 143")],
)
def test_default_columns_keep_the_hedge_of_a_figure(name: str, hedged: str, run: Run) -> None:
    assert hedged in run("query", name, "--format", "csv").out


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_promised_columns_and_parameters_exist(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    names = {parameter.name for parameter in query.params}

    assert set(PROMISED[name].split()) <= set(query.columns)
    assert set(PARAMETERS.get(name, "").split()) <= names


@pytest.mark.parametrize("name", NAMES)
def test_parameter_only_narrows_the_rows(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    assert all(each.example is not None for each in query.params), (
        "give each parameter an example that has rows"
    )
    # A column such as period_match is filled only where its parameter is given.
    columns = [column for column in query.columns if not column.endswith("period_match")]
    answer = shipped.rows(name, **needed(query)).only(columns)
    whole = counted(answer)

    for parameter in query.params:
        given = parameter.term(shipped.engine, str(parameter.example))
        part = counted(shipped.rows(name, **{**needed(query), parameter.name: given}).only(columns))
        assert part, f"give {parameter.name} an example that has rows"
        if parameter.required or parameter.default:
            continue  # another value of it asks for other rows
        assert part <= whole, f"{parameter.name} only selects rows, it adds none"
        if parameter.name in answer.columns and parameter.type != "tip:Period":
            position = answer.columns.index(parameter.name)
            _, values = parameter.table(shipped.engine, given)
            cells = {cell(value) for (value,) in values}
            wanted = {row: n for row, n in whole.items() if row[position] in cells}
            assert part == wanted, (
                f"with {parameter.name}={parameter.example} the query gives exactly the rows that"
                " have this value in the column"
            )


def counted(rows: Rows) -> Counter[tuple[str, ...]]:
    """The rows without their order."""
    return Counter(map(tuple, table(rows)))


@pytest.mark.parametrize("name", NAMES)
def test_order_is_total(name: str, shipped: LocalGraph) -> None:
    """The columns in either direction behind the query's own order change nothing."""
    query = shipped.queries[name]
    up, down = (
        " ".join(f"{way}(?{column})" for column in query.columns) for way in ("ASC", "DESC")
    )
    prologue, select = sparql.prologue(query.bound(shipped.engine, needed(query)))
    first, second = (
        shipped.engine.select(prologue + sparql.ordered(select, more)).terms for more in (up, down)
    )

    assert "ORDER" in {token.text for token in sparql.outermost(select)}, "end with an ORDER BY"
    differing = [
        column
        for column, *values in zip(query.columns, *map(zip, first, second), strict=True)
        if any(one != other for one, other in values)
    ]
    assert not differing, "rows tie: add one of these columns, or several, to ORDER BY"


@pytest.mark.parametrize("name", NAMES)
def test_example_has_rows_unless_it_is_a_check(name: str, shipped: LocalGraph) -> None:
    query = shipped.queries[name]
    command, _, shown = query.example(shipped.engine).partition(f"tipgraph query {name}")
    given = dict(each.strip("' ").split("=", 1) for each in shown.split(" -p ")[1:])

    assert command == ""
    assert set(given) == {each.name for each in query.params}
    assert (len(shipped.rows(name, **given)) > 0) != (name in CHECKS)
