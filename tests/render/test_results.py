"""Written results can be read again, whatever the terms are."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse,
    parse_query_results,
)

from tipgraph.rdf.terms import Term
from tipgraph.render import formats
from tipgraph.render.document import Cell, Document, Section, Table, markdown
from tipgraph.store.engine import Rows

# XML 1.0 cannot hold control characters, and turns other line ends into its own.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
# The reader of XML drops the blanks around a text.
TEXT = st.text(CHARACTERS).filter(lambda text: text == text.strip())
NAMES = st.integers(0, 5).map(lambda number: f"https://example.org/{number}?a=1&b='<2>'"[:28])
TERMS: st.SearchStrategy[Term | None] = st.one_of(
    st.none(),
    TEXT.map(Literal),
    TEXT.map(lambda text: Literal(text, language="en")),
    st.integers().map(Literal),
    st.booleans().map(Literal),
    NAMES.map(NamedNode),
    st.integers(0, 5).map(lambda number: BlankNode(f"b{number}")),
)
ROWS = st.lists(st.tuples(TERMS, TERMS), max_size=5).map(lambda rows: Rows(("a", "b"), tuple(rows)))
READ_AGAIN = {
    "json": (formats.json, QueryResultsFormat.JSON),
    "xml": (formats.xml, QueryResultsFormat.XML),
}


@pytest.mark.parametrize("style", READ_AGAIN)
@given(rows=ROWS)
def test_sparql_results_round_trip(style: str, rows: Rows) -> None:
    write, syntax = READ_AGAIN[style]

    found = parse_query_results(write(rows), syntax)

    assert isinstance(found, QuerySolutions)
    assert tuple(variable.value for variable in found.variables) == rows.columns
    assert tuple(tuple(row) for row in found) == rows.terms


@given(rows=ROWS)
def test_csv_round_trips(rows: Rows) -> None:
    texts = formats.plain(rows)
    text = formats.csv(rows.columns, texts)

    assert list(csv.reader(io.StringIO(text, newline=""))) == [list("ab"), *texts]


@given(rows=ROWS)
def test_tsv_has_one_line_per_row(rows: Rows) -> None:
    lines = formats.tsv(rows.columns, formats.plain(rows)).removesuffix("\n").split("\n")

    assert [line.count("\t") for line in lines] == [1] * (len(rows) + 1)


def test_unbound_variable_is_absent_in_json() -> None:
    written = json.loads(formats.json(Rows(("a",), ((None,),))))

    assert written == {"head": {"vars": ["a"]}, "results": {"bindings": [{}]}}


@pytest.mark.parametrize("style", formats.GRAPH_FORMATS)
def test_triples_round_trip(style: str) -> None:
    name = NamedNode("https://w3id.org/tipgraph/id/x")
    triple = Triple(name, NamedNode("https://w3id.org/tipgraph/ns#value"), Literal("1,5"))

    text = formats.graph([triple], style)

    (quad,) = parse(text, formats.GRAPH_FORMATS[style])
    assert quad.triple == triple


def test_turtle_declares_only_used_prefixes() -> None:
    name = NamedNode("https://w3id.org/tipgraph/id/x")

    assert formats.graph([Triple(name, name, name)], "turtle").count("@prefix") == 1


@pytest.mark.parametrize("text", ["\n\n<script>alert(1)</script>", ' "title', "<b>", "|", "\0"])
def test_text_in_place_of_an_address_is_no_link(text: str) -> None:
    address = "https://example.org/a%22b"
    for written, cells in ((address, f"[x]({address})"), (address + text, "x")):
        table = Table("Rows", ("a",), ((Cell("x", written),),))
        assert f"| {cells} |\n" in markdown(
            Document("Answer", sections=(Section("", tables=(table,)),))
        )


def test_markdown_cells_cannot_end_a_row() -> None:
    table = Table("", ("a",), ((Cell("x|y\nz"),),))

    assert "\n| a |\n| --- |\n| x\\|y z |\n" in markdown(
        Document("", sections=(Section("", tables=(table,)),))
    )
