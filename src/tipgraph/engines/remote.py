"""The engine in a triple store elsewhere, asked by SPARQL over HTTP."""

import os
from ast import literal_eval
from collections.abc import Iterator, Mapping, Sequence
from email.message import Message
from itertools import count
from typing import Any, cast
from urllib.error import HTTPError

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from tipgraph import sparql
from tipgraph.errors import EndpointError
from tipgraph.rows import Rows, Term
from tipgraph.stores import Store
from tipgraph.stores.faults import TOLD, Lost, Patience, Unreached, reason, refused, retrying

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples, text/turtle;q=0.9"
# How much longer, in seconds, an answer is waited for than the store is told to take.
GRACE = 5
# By these a store tells that it gives less than there is.
INCOMPLETE = ("x-sql-state", "x-sql-message")
CUT = "x-sparql-maxrows"


class Remote:
    """Answers over some graphs of a store, read as one.

    A query may take `timeout` seconds. Each method raises EndpointError when the store cannot be
    reached, refuses, or gives less than there is.
    """

    def __init__(self, store: Store, graphs: Sequence[str], timeout: float) -> None:
        self.store = store
        self._graphs = graphs
        self._timeout = timeout

    def check_graphs(self) -> None:
        """Raise EndpointError when one of the graphs is not in the store."""
        for graph in self._graphs:
            if not self._truth("ASK { ?s ?p ?o }", [graph]):
                raise EndpointError(
                    f"{self.store.base}: has no graph <{graph}>;"
                    f" 'tipgraph load --endpoint {self.store.base}' puts it there"
                )

    def select(self, query: str) -> Rows:
        text = sparql.with_prefixes(query)
        found, is_cut = self._rows(text)
        columns = tuple(sparql.projection(text) or [each.value for each in found.variables])
        terms = _terms(found, columns)
        limit = self.store.row_limit
        if is_cut or (limit is not None and len(terms) >= limit):
            terms = tuple(self._paged(text, columns, limit or len(terms)))
        # Virtuoso gives a row of a DISTINCT twice where a path leads to it twice.
        return Rows(columns, tuple(dict.fromkeys(terms)) if sparql.is_distinct(text) else terms)

    def ask(self, query: str) -> bool:
        return self._truth(sparql.with_prefixes(query), self._graphs)

    def construct(self, query: str) -> list[Triple]:
        headers, body = self._ask(sparql.with_prefixes(query), TRIPLES, self._graphs)
        syntax = RdfFormat.from_media_type(headers.get_content_type())
        if syntax is None:
            raise self._odd(f"with {headers.get_content_type()}")
        try:
            triples = list(dict.fromkeys(quad.triple for quad in parse(body, format=syntax)))
        except SyntaxError as error:
            raise self._odd(f"with broken RDF ({error})") from None
        limit = self.store.row_limit
        if CUT in headers or (limit is not None and len(triples) >= limit):
            raise self._incomplete("it gives no more triples in one answer")
        return triples

    def _truth(self, text: str, graphs: Sequence[str]) -> bool:
        _, body = self._ask(text, ROWS, graphs)
        answer = self._parsed(body)
        if not isinstance(answer, QueryBoolean):
            raise self._odd("something else than true or false")
        return bool(answer)

    def _rows(self, text: str) -> tuple[QuerySolutions, bool]:
        """The rows, and whether the store says that there are more."""
        headers, body = self._ask(text, ROWS, self._graphs)
        answer = self._parsed(body)
        if not isinstance(answer, QuerySolutions):
            raise self._odd("something else than rows")
        return answer, CUT in headers

    def _paged(
        self, text: str, columns: Sequence[str], size: int
    ) -> Iterator[tuple[Term | None, ...]]:
        """All rows, by pages that are cut from a query within; counted, so that none is missing."""
        head, body = sparql.prologue(text)
        names = " ".join(f"?{name}" for name in columns)
        ordered = f"SELECT {names} {{ {{ {sparql.ordered(body, names)} }} }}"
        counted, _ = self._rows(f"{head} SELECT (COUNT(*) AS ?n) {{ {{ {body} }} }}")
        number = int(cast(Any, next(iter(counted)))["n"].value)
        given = 0
        for offset in count(0, size):
            found, _ = self._rows(f"{head} {ordered} LIMIT {size} OFFSET {offset}")
            page = _terms(found, columns)
            given += len(page)
            yield from page
            if len(page) < size:
                break
        if given != number:
            raise self._incomplete(f"it gives {given:,} of {number:,} rows")

    def _parsed(self, body: bytes) -> Any:
        try:
            return parse_query_results(body, QueryResultsFormat.JSON)
        except (SyntaxError, ValueError):
            raise self._odd("something else than SPARQL results, or half of them") from None

    def _ask(self, text: str, accept: str, graphs: Sequence[str]) -> tuple[Message, bytes]:
        """The headers and the body of an answer that is whole."""
        patience = Patience(answer=self._timeout)
        answer = retrying(patience, safe=True)(self._once, text, accept, graphs, patience)
        headers, body = answer
        told = [headers[name] for name in INCOMPLETE if name in headers]
        if told:
            raise self._incomplete(f"{' '.join(told)}; give it more time with --timeout")
        return headers, body

    def _once(
        self, text: str, accept: str, graphs: Sequence[str], patience: Patience
    ) -> tuple[Message, bytes]:
        from http.client import HTTPException

        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

        url = self.store.query_url
        try:
            response = self._wrapper(text, accept, graphs).query().response
            return response.info(), response.read()
        except (SPARQLWrapperException, HTTPError) as error:
            status, headers, content = _answered(error)
            raise refused(self.store, patience, url, status, headers, content) from None
        except TimeoutError:
            raise self._too_slow() from None
        except (OSError, HTTPException) as error:
            cause = getattr(error, "reason", None) or error
            if isinstance(cause, TimeoutError):
                raise self._too_slow() from None
            kind = Unreached if isinstance(cause, ConnectionRefusedError) else Lost
            raise kind(f"{url}: cannot be reached ({reason(cause)})") from None

    def _wrapper(self, text: str, accept: str, graphs: Sequence[str]) -> Any:
        from SPARQLWrapper import BASIC, DIGEST, POST, SPARQLWrapper

        access, wrapper = self.store.access, SPARQLWrapper(self.store.query_url)
        wrapper.setMethod(POST)
        wrapper.setTimeout(int(self._timeout) + GRACE)
        wrapper.setQuery(text)
        # It guesses from the text, and takes a word of a comment for the form.
        wrapper.queryType = sparql.form(text)
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", accept)
        for graph in graphs:
            wrapper.addParameter("default-graph-uri", graph)
        for name, value in self.store.timeout_parameter(self._timeout).items():
            wrapper.addParameter(name, value)
        for name, value in access.bearing.items():
            wrapper.addCustomHttpHeader(name, value)
        if access.user:
            wrapper.setHTTPAuth(DIGEST if self.store.authentication == "digest" else BASIC)
            wrapper.setCredentials(access.user, access.password)
        if access.ca_file:
            # It takes no certificates of its own; this is where the system's are looked for.
            os.environ["SSL_CERT_FILE"] = access.ca_file
        return wrapper

    def _too_slow(self) -> EndpointError:
        return EndpointError(
            f"{self.store.query_url}: no answer in {self._timeout:g} seconds;"
            " give it more time with --timeout"
        )

    def _odd(self, what: str) -> EndpointError:
        return EndpointError(f"{self.store.query_url}: answers {what}; is it a SPARQL endpoint?")

    def _incomplete(self, reason: str) -> EndpointError:
        return EndpointError(f"{self.store.query_url}: the answer is not whole: {reason}")


def _terms(found: QuerySolutions, columns: Sequence[str]) -> tuple[tuple[Term | None, ...], ...]:
    return tuple(tuple(row[name] for name in columns) for row in cast(Any, found))


def _answered(error: Any) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body of an answer that is no success, as SPARQLWrapper tells of it."""
    answer = error if isinstance(error, HTTPError) else error.__context__
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if answer is error:
        return answer.code, headers, answer.read(TOLD)
    # It has read the body, and wrote it as a literal of Python.
    told = str(error).partition("Response:\n")[2]
    return answer.code, headers, literal_eval(told) if told else b""
