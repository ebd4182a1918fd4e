"""The parsers that are ours, as functions of bytes, each with real input to begin from.

An input that a parser refuses ends in one of REFUSED; any other error is a fault.
"""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

from pyoxigraph import RdfFormat, Store
from pyoxigraph import parse as rdf_triples

from tests.fuzz.mutate import FILES
from tipgraph.assess.case import load_document
from tipgraph.editions.table import read_table
from tipgraph.errors import InputError
from tipgraph.explorer import addresses
from tipgraph.explorer.http import best_format, is_known
from tipgraph.explorer.pages import find
from tipgraph.front_matter import front_matter
from tipgraph.queries.catalogue import KEYS, SharedTexts, parse
from tipgraph.rdf import sparql
from tipgraph.rdf.canonical import canonicalize
from tipgraph.rdf.limits import check_nesting, check_rdf
from tipgraph.resources.folders import shipped
from tipgraph.safe_text import markdown, spreadsheet, visible, xml
from tipgraph.search import Filters, make_index, search
from tipgraph.store.engine import Embedded
from tipgraph.validate.policy import ignored_checks
from tipgraph.validate.source_map import PositionsUnavailable, triple_spans

REFUSED = (InputError, SyntaxError, PositionsUnavailable)


class Parser(NamedTuple):
    """A parser and an input that it accepts."""

    run: Callable[[bytes], object]
    example: bytes


def text_of(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def in_file(content: bytes, name: str, run: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        run(file)


def query_text(content: bytes) -> None:
    """All that reads the text of a query, valid or not."""
    text = text_of(content)
    sparql.is_federated(text)
    sparql.variables(text)
    sparql.syntax_error(text, {})
    sparql.check(text)
    sparql.form(text)
    sparql.projection(text)
    sparql.iris(text)


def places(content: bytes, syntax: RdfFormat) -> None:
    """The places of the triples in a text that pyoxigraph accepts."""
    check_rdf(content, syntax)
    number = sum(1 for _ in rdf_triples(content, format=syntax))
    assert sum(1 for _ in triple_spans(text_of(content), syntax)) == number


def nquads(content: bytes) -> None:
    """Canonical labels of the blank nodes."""
    check_rdf(content, RdfFormat.N_QUADS)
    store = Store()
    store.load(content, format=RdfFormat.N_QUADS)
    canonicalize(store)


def request(content: bytes) -> None:
    """Address, parameters and headers of a request."""
    text = text_of(content)
    path, _, query = text.partition("?")
    find(f"/{path}", dict(parse_qsl(query)))
    best_format(text)
    is_known(text, "127.0.0.1")
    address = addresses.address(text or "x")
    assert ".." not in addresses.file_of(address).split("/")


def words(content: bytes) -> None:
    """Search for a text in an index without things."""
    search(ENGINE, INDEX, text_of(content)[:200], Filters(), 2)


def escaped(content: bytes) -> None:
    """Text for each target, which a terminal does not obey."""
    text = text_of(content)
    assert "\x1b" not in visible(text)
    for each in (markdown, spreadsheet, xml):
        each(text)


SHARED = SharedTexts(shipped().shared_texts())
ENGINE = Embedded(Store())
INDEX = make_index(ENGINE, [])

PARSERS = {
    "header": Parser(lambda content: front_matter(text_of(content), "q", KEYS), FILES["query.rq"]),
    "query": Parser(lambda content: parse(text_of(content), "q", "q", SHARED), FILES["query.rq"]),
    "sparql": Parser(query_text, FILES["query.rq"]),
    "nesting": Parser(lambda content: check_nesting(text_of(content)), FILES["query.rq"]),
    "case": Parser(load_document, FILES["case.json"]),
    "table": Parser(
        lambda content: in_file(content, "figures.csv", lambda file: read_table(str(file))),
        FILES["figures.csv"],
    ),
    "turtle-places": Parser(lambda content: places(content, RdfFormat.TURTLE), FILES["data.ttl"]),
    "nquads-places": Parser(lambda content: places(content, RdfFormat.N_QUADS), FILES["data.nq"]),
    "rdf-xml-limits": Parser(
        lambda content: check_rdf(content, RdfFormat.RDF_XML), FILES["data.rdf"]
    ),
    "canonical-names": Parser(nquads, FILES["data.nq"]),
    "settings": Parser(
        lambda content: in_file(content, "pyproject.toml", lambda f: ignored_checks(str(f.parent))),
        b'[tool.tipgraph.validate]\nignore = ["unused-shape"]\n',
    ),
    "request": Parser(request, b"query/funding.csv?area=BEL&page=2"),
    "search": Parser(words, b'children identified 2020 "Belgium" -police gov*'),
    "escapes": Parser(escaped, "\x1b[31m = \u202e <b>".encode()),
}


def accepts(name: str, content: bytes) -> None:
    """Run the parser; raises what is not one of REFUSED."""
    with suppress(*REFUSED):
        PARSERS[name].run(content)
