"""Queries that the parsers of pyoxigraph and rdflib read differently are refused.

The checks of shapes read a query with pyoxigraph, and pySHACL evaluates it with rdflib.
"""

from random import Random
from typing import Any, cast

import pytest
from pyoxigraph import Literal, NamedNode, Store, Triple
from rdflib.plugins.sparql import prepareQuery

from tipgraph.validate.shape_lint.embedded_code import refused_queries
from tipgraph.validate.triples import Triples, sh

# A part that one parser may see, and another take for text or a comment; its variables.
PARTS = ["BIND(1 AS ?m)", "?t ?u ?w .", "OPTIONAL{?d ?e ?f}", "{?t ?u ?w}"]
SEEN = {"m", "t", "d", "q", "v"}
PLACES = [
    "?s ?p ?o .{mark} {part}",
    "?s <urn:#> ?o . {mark}{part}",
    "?s p:x 1 .{mark}#{part}\n",
    "#{mark}{part}\n",
    "BIND('{mark} AS ?q) {part} #' AS ?v)\n",
    'BIND("{mark} AS ?q) {part} #" AS ?v)\n',
    'BIND("""{mark}{part}""" AS ?q)',
    "FILTER(1<2{mark}) {part} FILTER(3>2)",
]
# Marks that parsers may take for different things: ends of lines and texts, escapes, white space.
MARKS = [
    *("\n", "\r", "\r\n", "\f", "\v", "\x85", "\u2028", " ", "\t", "#", "<", ">", "<?b", "&&"),
    *("'", '"', "'''", '"""', "\\", r"\'", r"\"", r"\n", r"\u0022", r"\u0027", r"\u0023"),
    *(r"\u000A", r"\u000D", r"\U00000022", r"\u00000022", r"\u00000027", r"\u00e9abcd"),
    *("p:", "@en", "1", "1e1", "1.", ".", "?b", ")"),
]


def generated(random: Random) -> str:
    """A query with a part at a place, and marks put anywhere."""
    place = random.choice(PLACES)
    body = place.replace("{mark}", random.choice(["", *MARKS]))
    body = body.replace("{part}", random.choice(PARTS))
    for _ in range(random.randint(0, 1)):
        at = random.randint(0, len(body))
        # A mark takes the place of a character, or is put before it.
        body = body[:at] + random.choice(MARKS) + body[at + random.randint(0, 1) :]
    return f"PREFIX p: <urn:p> SELECT * {{ {body} }}"


def as_pyoxigraph_reads(query: str) -> set[str] | None:
    try:
        return {each.value for each in cast(Any, Store().query(query)).variables} & SEEN
    except (SyntaxError, ValueError, RuntimeError):
        return None


def as_rdflib_reads(query: str) -> set[str] | None:
    try:
        return {*map(str, prepareQuery(query).algebra.PV)} & SEEN
    except Exception:
        return None


@pytest.mark.conformance
@pytest.mark.slow(reason="rdflib takes milliseconds to parse each of the many queries")
def test_query_that_parsers_read_differently_is_refused() -> None:
    random, read, different = Random(29), 0, 0
    for _ in range(800):
        query = generated(random)
        first = as_pyoxigraph_reads(query)
        second = as_rdflib_reads(query) if first is not None else None
        if first is None or second is None:
            continue
        read += 1
        if first != second:
            different += 1
            shape = NamedNode("urn:s")
            shapes = Triples([Triple(shape, sh("select"), Literal(query))])
            assert list(refused_queries(shapes)), repr(query)

    assert read > 200
    assert different > 4
