"""Queries that pyoxigraph's parser and our tokens read differently are refused.

pyoxigraph evaluates the queries of shapes, whose variables are bound by tokens before.
"""

from random import Random
from typing import Any, cast

import pytest
from pyoxigraph import Literal, NamedNode, Store, Triple

from tipgraph.rdf.sparql import variables
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


@pytest.mark.conformance
def test_query_that_is_read_differently_is_refused() -> None:
    random, read = Random(29), 0
    for _ in range(2000):
        query = generated(random)
        found = as_pyoxigraph_reads(query)
        if found is None:
            continue
        read += 1
        if found != variables(query) & SEEN:
            shape = NamedNode("urn:s")
            shapes = Triples([Triple(shape, sh("select"), Literal(query))])
            assert list(refused_queries(shapes)), repr(query)

    assert read > 500
