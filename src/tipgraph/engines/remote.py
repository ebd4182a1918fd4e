"""A SPARQL endpoint, asked for what one of its graphs holds."""

from email.message import Message
from typing import Any, cast

from pyoxigraph import (
    NamedNode,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
    serialize,
)

from tipgraph.errors import EndpointError, UsageError

SECONDS = 60
TRIPLES = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"
ROWS = "application/sparql-results+json"


def fetch(endpoint: str, graph: str) -> bytes:
    """The triples of a named graph, as N-Triples; `endpoint` is the address that answers queries.

    What comes is counted, since some stores cut long answers short without a word. Raises
    EndpointError when the store cannot be reached, refuses, or does not give the graph whole, and
    UsageError when the graph's name is no IRI.
    """
    pattern = f"{{ GRAPH {_iri(graph)} {{ ?s ?p ?o }} }}"
    number = _count(endpoint, pattern)
    if number == 0:
        raise EndpointError(f"{endpoint}: there is nothing in a graph <{graph}>; is it its name?")
    triples = _triples(endpoint, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {pattern}")
    got = triples.count(b"\n")
    if got != number:
        raise EndpointError(
            f"{endpoint}: gave {got:,} of {number:,} triples of <{graph}>;"
            " export the graph to a file and validate that"
        )
    return triples


def _iri(graph: str) -> str:
    try:
        return str(NamedNode(graph))
    except ValueError:
        raise UsageError(f"--graph {graph}: is no IRI") from None


def _count(endpoint: str, pattern: str) -> int:
    _, body = _ask(endpoint, f"SELECT (COUNT(*) AS ?number) WHERE {pattern}", ROWS)
    try:
        rows = cast(Any, parse_query_results(body, QueryResultsFormat.JSON))
        return int(next(iter(rows))["number"].value)
    except (SyntaxError, ValueError, KeyError, StopIteration):
        raise EndpointError(f"{endpoint}: does not answer as a SPARQL endpoint does") from None


def _triples(endpoint: str, query: str) -> bytes:
    kind, body = _ask(endpoint, query, TRIPLES)
    syntax = RdfFormat.from_media_type(kind)
    if syntax is None:
        raise EndpointError(f"{endpoint}: answers with {kind or 'no media type'} instead of RDF")
    try:
        triples = (quad.triple for quad in parse(body, format=syntax))
        return serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    except SyntaxError as error:
        raise EndpointError(f"{endpoint}: the answer is broken or was cut off ({error})") from None


def _ask(endpoint: str, query: str, accept: str) -> tuple[str, bytes]:
    """The media type and the body of the answer."""
    from http.client import HTTPException

    from SPARQLWrapper import POST, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    wrapper = SPARQLWrapper(endpoint)
    wrapper.setMethod(POST)
    wrapper.setTimeout(SECONDS)
    wrapper.setQuery(query)
    wrapper.addCustomHttpHeader("Accept", accept)
    try:
        response = wrapper.query().response
        headers: Message = response.info()
        return headers.get_content_type(), response.read()
    except SPARQLWrapperException as error:
        raise EndpointError(f"{endpoint}: refuses ({_first_line(error)})") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise EndpointError(f"{endpoint}: cannot be reached ({_first_line(reason)})") from None


def _first_line(error: object) -> str:
    return next(iter(str(error).strip().splitlines()), "no reason given")
