"""What the fast engine would do otherwise than SHACL has it, without a word; so it is refused."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from pyoxigraph import Literal, Triple

from tipgraph.rdf.sparql import projection, tokens, words
from tipgraph.validate.triples import sh

QUERIES = {sh("select"), sh("ask"), sh("construct")}
TARGET_TYPE = sh("SPARQLTargetType")
# Look-around and references back, as they are written within a string of SPARQL.
BEYOND_REGEX = re.compile(r"\(\?<?[=!]|\\\\[1-9]")
TAKE_DATES_APART = {"YEAR", "MONTH", "DAY", "MIN", "MAX", "ORDER"}


def unsupported(shapes: Iterable[Triple], dates: bool) -> Iterator[str]:
    """What the engine cannot do of what the shapes want; `dates` says if data has an xsd:date."""
    for triple in shapes:
        if triple.object == TARGET_TYPE:
            yield "it has no sh:SPARQLTargetType"
        if triple.predicate in QUERIES and isinstance(triple.object, Literal):
            yield from _in_query(triple.object.value, dates)


def _in_query(text: str, dates: bool) -> Iterator[str]:
    used = words(text)
    if used & {"FROM", "GRAPH"}:
        yield "its queries see one graph, so they know no FROM and no GRAPH"
    if used & {"REGEX", "REPLACE"} and any(map(BEYOND_REGEX.search, _strings(text))):
        yield "its regular expressions have no look-around and no references back"
    if not all(_hand_on_this(text)):
        yield "a query within a query has to select $this"
    if dates and (used & TAKE_DATES_APART or _compares(text)):
        yield "its queries do not compare values of xsd:date, which the data has"


def _strings(text: str) -> Iterator[str]:
    return (token.text for token in tokens(text) if token.kind == "string")


def _hand_on_this(text: str) -> Iterator[bool]:
    """For each query within the query whether it selects the focus node."""
    depth = 0
    for token in tokens(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth and token.is_word("SELECT"):
            yield "this" in (projection(text[token.start :]) or ())


def _compares(text: str) -> bool:
    """Whether the query asks which of two values is the greater, or if they differ."""
    marks = [token.text for token in tokens(text)]
    return bool({"<", ">"} & set(marks)) or ("!", "=") in pairwise(marks)
