"""The engine in a triple store elsewhere, asked by SPARQL over HTTP."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import Any, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from tipgraph.endpoint.retry import (
    TOLD,
    ConnectError,
    ResponseLost,
    RetryPolicy,
    reason,
    refused,
    retrying,
)
from tipgraph.endpoint.stores import Store
from tipgraph.errors import EndpointError
from tipgraph.namespaces import XSD
from tipgraph.rdf import sparql
from tipgraph.store.rows import Rows, Term
from tipgraph.version import VERSION

Row = tuple[Term | None, ...]

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples, text/turtle;q=0.9"
# How much longer, in seconds, an answer is waited for than the store is told to take.
GRACE = 5
# An answer that took more than this part of its time may be what there was by then.
ENOUGH = 0.9
# No store is told of less than a second; Virtuoso would take that for no limit at all.
LEAST = 1.0
# By these a store tells that it gives less than there is.
INCOMPLETE = ("x-sql-message", "x-sql-state")
CUT = "x-sparql-maxrows"
# Virtuoso's names of blank nodes have a scheme, which the names of no syntax can have.
BLANK = re.compile(rb'("bnode"\s*,\s*"value"\s*:\s*")nodeID://')
BOOLEAN = NamedNode(XSD + "boolean")
TRUTHS = {"0": Literal(False), "1": Literal(True)}


class Remote:
    """Answers over some graphs of a store, read as one.

    A query may take `timeout` seconds, with all that has to be asked for it. Each method raises
    EndpointError when the store cannot be reached, refuses, or gives less than there is.
    """

    def __init__(self, store: Store, graphs: Sequence[str], timeout: float) -> None:
        self.store = store
        self.graphs = graphs
        self._timeout = timeout

    def check_graphs(self) -> None:
        """Raise EndpointError when one of the graphs is not in the store."""
        for graph in self.graphs:
            if not self._errand([graph]).truth("ASK { ?s ?p ?o }"):
                raise EndpointError(
                    f"{self.store.base}: has no graph <{graph}>;"
                    f" 'tipgraph load --endpoint {self.store.base}' puts it there"
                )

    def select(self, query: str) -> Rows:
        text = sparql.with_prefixes(query)
        errand, asked = self._errand(self.graphs), _Select.of(text)
        most = self.store.row_limit
        # Virtuoso sorts no more rows than it gives, and leaves out those of the OFFSET only then.
        is_long = most is not None and asked.reaches_beyond(most)
        columns, rows, is_cut = errand.rows(asked.whole if is_long else text)
        if is_cut or (most is not None and len(rows) >= most):
            rows = _paged(errand, asked, columns, len(rows))
        elif is_long:
            rows = asked.chosen(rows)
        elif asked.is_distinct:
            rows = _once(errand, asked, rows)
        return Rows(columns, tuple(rows))

    def ask(self, query: str) -> bool:
        return self._errand(self.graphs).truth(sparql.with_prefixes(query))

    def construct(self, query: str) -> list[Triple]:
        errand = self._errand(self.graphs)
        triples, is_cut = errand.triples(sparql.with_prefixes(query))
        limit = self.store.row_limit
        if is_cut or (limit is not None and len(triples) >= limit):
            raise errand.incomplete("it gives no more triples in one answer")
        return triples

    def _errand(self, graphs: Sequence[str]) -> "QueryRun":
        return QueryRun(self.store, self._opener, graphs, self._timeout)

    @cached_property
    def _opener(self) -> Any:
        return _opener(self.store)


@dataclass(frozen=True)
class _Select:
    """A SELECT in its parts: `body` is what it is without a LIMIT and an OFFSET of its own."""

    head: str
    body: str
    offset: int
    limit: int | None
    is_distinct: bool

    @classmethod
    def of(cls, text: str) -> "_Select":
        head, body = sparql.prologue(text)
        return cls(head, *_slice(body), sparql.is_distinct(text))

    @property
    def whole(self) -> str:
        """The query for all rows."""
        return self.head + self.body

    @property
    def is_sliced(self) -> bool:
        return self.offset > 0 or self.limit is not None

    def reaches_beyond(self, number: int) -> bool:
        """Whether so many rows may not be enough to choose from."""
        return self.is_sliced and self.offset + (self.limit or number) > number

    def chosen(self, rows: Sequence[Row]) -> list[Row]:
        """Of all rows those that the query wants."""
        found = list(dict.fromkeys(rows)) if self.is_distinct else list(rows)
        return found[self.offset :][: self.limit]


def _paged(errand: "QueryRun", asked: _Select, columns: Sequence[str], size: int) -> list[Row]:
    """The rows, by pages of this size that are cut from a query within.

    They are counted, so that none is missing. DISTINCT is left to be done with the rows, as it may
    differ from page to page how often Virtuoso gives a row.
    """
    body = _repeating(asked.body) if asked.is_distinct else asked.body
    _, counted, _ = errand.rows(f"{asked.head} SELECT (COUNT(*) AS ?n) {{ {{ {body}\n}} }}")
    every = range(_number(errand, counted))
    wanted = every if asked.is_distinct else every[asked.offset :][: asked.limit]
    if wanted and not size:
        raise errand.incomplete(f"it gives none of {len(wanted):,} rows")
    names = " ".join(f"?{name}" for name in columns)
    page = f"{asked.head} SELECT {names} {{ {{ {sparql.ordered(body, names)}\n}} }}"
    rows: list[Row] = []
    for start in wanted[:: max(size, 1)]:
        number = min(size, wanted.stop - start)
        _, found, _ = errand.rows(f"{page} LIMIT {number} OFFSET {start}")
        rows += found
    if len(rows) != len(wanted):
        raise errand.incomplete(f"it gives {len(rows):,} of {len(wanted):,} rows")
    return asked.chosen(rows) if asked.is_distinct else rows


def _once(errand: "QueryRun", asked: _Select, rows: Sequence[Row]) -> list[Row]:
    """The rows of a DISTINCT, each once: Virtuoso repeats some of those that have empty cells."""
    once = list(dict.fromkeys(rows))
    if len(once) < len(rows) and asked.is_sliced:
        raise errand.incomplete("it gives rows twice that count once; leave out LIMIT and OFFSET")
    return once


class QueryRun:
    """What is asked for one query; all of it together may take so many seconds."""

    def __init__(self, store: Store, opener: Any, graphs: Sequence[str], seconds: float) -> None:
        self._store = store
        self._opener = opener
        self.graphs = graphs
        self._seconds = seconds
        self._deadline = monotonic() + seconds

    def rows(self, text: str) -> tuple[tuple[str, ...], Sequence[Row], bool]:
        """The columns, the rows, and whether the store says that it gives no more of them."""
        headers, answer = self._results(text)
        if isinstance(answer, bool):
            raise self._odd("something else than rows")
        return *answer, CUT in headers

    def truth(self, text: str) -> bool:
        """What the store says to an ASK."""
        _, answer = self._results(text)
        if not isinstance(answer, bool):
            raise self._odd("something else than true or false")
        return answer

    def triples(self, text: str) -> tuple[list[Triple], bool]:
        """The triples, each once, and whether the store says that it gives no more of them."""
        headers, body = self._ask(text, TRIPLES)
        syntax = RdfFormat.from_media_type(_kind(headers))
        if syntax is None:
            raise self._odd(f"with {_kind(headers) or 'no media type'} where triples are asked for")
        try:
            found = dict.fromkeys(_triple(quad.triple) for quad in parse(body, format=syntax))
            return list(found), CUT in headers
        except (SyntaxError, ValueError) as error:
            how = reason(error)
        raise self._broken(how)

    def incomplete(self, why: str) -> EndpointError:
        return EndpointError(f"{self._store.query_url}: the answer is not whole: {why}")

    def _odd(self, what: str) -> EndpointError:
        return EndpointError(f"{self._store.query_url}: answers {what}; is it a SPARQL endpoint?")

    def _broken(self, how: str) -> EndpointError:
        return self.incomplete(f"it is broken or was cut off ({how})")

    def _too_slow(self) -> EndpointError:
        return EndpointError(
            f"{self._store.query_url}: no answer in {self._seconds:g} seconds;"
            " give it more time with --timeout"
        )

    def _results(
        self, text: str
    ) -> tuple[Mapping[str, str], bool | tuple[tuple[str, ...], list[Row]]]:
        headers, body = self._ask(text, ROWS)
        if _kind(headers) not in (ROWS, "application/json"):
            raise self._odd(f"with {_kind(headers) or 'no media type'} where rows are asked for")
        try:
            return headers, _results(body, sparql.projection(text))
        except (SyntaxError, ValueError, KeyError) as error:
            how = reason(error)
        # Raised here, it does not keep the parser, which must end in the thread that began it.
        raise self._broken(how)

    def _ask(self, text: str, accept: str) -> tuple[Mapping[str, str], bytes]:
        """The headers and the body of an answer that is whole."""
        from tenacity import stop_before_delay

        left = max(self._deadline - monotonic(), 0.0)
        patience = RetryPolicy(answer=left, longest=left)
        repeated = retrying(patience, safe=True)
        in_time = repeated.copy(stop=cast(Any, repeated.stop) | stop_before_delay(left))
        status, headers, body = in_time(self._send, text, accept, patience)
        told = next((headers[name] for name in INCOMPLETE if name in headers), None)
        if told is not None or status != 200:
            said = " ".join((told or f"status {status}").partition("Activity:")[0].split())
            raise self.incomplete(f"{said}; give it more time with --timeout")
        return headers, body

    def _send(
        self, text: str, accept: str, patience: RetryPolicy
    ) -> tuple[int, Mapping[str, str], bytes]:
        from http.client import HTTPException
        from urllib.error import HTTPError

        url = self._store.query_url
        left = self._deadline - monotonic()
        if left <= 0:
            raise self._too_slow()
        limits = self._store.timeout_parameter(max(left, LEAST))
        wait = left + (GRACE if limits else 0)
        end = monotonic() + wait
        try:
            request = self._request(text, accept, limits)
            with self._opener.open(request, timeout=wait) as response:
                headers, body = _headers(response), _read(response, end)
                # Out of time, Virtuoso may give what it has, and say nothing of it.
                if limits and monotonic() > end - wait + ENOUGH * left:
                    raise TimeoutError
                return response.status, headers, body
        except HTTPError as error:
            raise refused(
                self._store, patience, url, error.code, _headers(error), _beginning(error)
            ) from None
        except (OSError, HTTPException, ValueError) as error:
            cause = getattr(error, "reason", None) or error
            if isinstance(cause, TimeoutError):
                raise self._too_slow() from None
            kind = ConnectError if isinstance(cause, ConnectionRefusedError) else ResponseLost
            raise kind(f"{url}: cannot be reached ({reason(cause)})") from None

    def _request(self, text: str, accept: str, limits: Mapping[str, str]) -> Any:
        from SPARQLWrapper import POST, SPARQLWrapper

        access, wrapper = self._store.access, SPARQLWrapper(self._store.query_url)
        wrapper.agent = f"tipgraph/{VERSION}"
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        # Set, not guessed from the text: it takes a word of a comment for the form.
        wrapper.queryString, wrapper.queryType = text, sparql.form(text)
        wrapper.addCustomHttpHeader("Accept", accept)
        for graph in self.graphs:
            wrapper.addParameter("default-graph-uri", graph)
        for name, value in limits.items():
            wrapper.addParameter(name, value)
        for name, value in access.bearing.items():
            wrapper.addCustomHttpHeader(name, value)
        if access.user and self._store.authentication == "basic":
            wrapper.setCredentials(access.user, access.password)
        # What it sends itself goes by the opener that the whole process shares.
        return wrapper._createRequest()


def _opener(store: Store) -> Any:
    """What opens connections to the store: with its certificates, and never to another address.

    A request that is sent on would carry the credentials along, and loses its body.
    """
    from urllib import request

    from tipgraph.endpoint.tls import context

    class Stay(request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any, **__: Any) -> None:
            return None

    handlers = [Stay(), request.HTTPSHandler(context=context(store.access))]
    if store.access.user and store.authentication == "digest":
        known = request.HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, store.query_url, store.access.user, store.access.password or "")
        handlers.append(request.HTTPDigestAuthHandler(known))
    return request.build_opener(*handlers)


def _read(response: Any, deadline: float) -> bytes:
    """The body, whole. Raises TimeoutError when it is not there in time, though it may drip."""
    from http.client import IncompleteRead

    pieces = []
    while piece := response.read1(1 << 18):
        pieces.append(piece)
        if monotonic() > deadline:
            raise TimeoutError
    body = b"".join(pieces)
    length = response.headers.get("Content-Length")
    if length is not None and len(body) < int(length):
        raise IncompleteRead(body, int(length) - len(body))
    return body


def _beginning(error: Any) -> bytes:
    """The first of what is said with a status that is no success, as far as it comes."""
    from http.client import HTTPException

    try:
        with error:
            said: bytes = error.read(TOLD)
            return said
    except (OSError, HTTPException):
        return b""


def _headers(answer: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def _kind(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _results(
    body: bytes, columns: Sequence[str] | None
) -> bool | tuple[tuple[str, ...], list[Row]]:
    """What SPARQL's JSON says: true or false, or columns and rows."""
    answer = parse_query_results(BLANK.sub(rb"\1", body), QueryResultsFormat.JSON)
    if isinstance(answer, QueryBoolean):
        return bool(answer)
    names = tuple(columns or (each.value for each in answer.variables))
    rows = [tuple(_term(row[name]) for name in names) for row in cast(Any, answer)]
    return names, rows


def _term(term: Term | None) -> Term | None:
    """The term, spelt as everywhere here: some stores write 1 for true."""
    if isinstance(term, Literal) and term.datatype == BOOLEAN:
        return TRUTHS.get(term.value, term)
    return term


def _triple(triple: Triple) -> Triple:
    return Triple(triple.subject, triple.predicate, cast(Any, _term(cast(Any, triple.object))))


def _number(errand: QueryRun, counted: Sequence[Row]) -> int:
    try:
        return int(cast(Any, counted[0][0]).value)
    except (IndexError, AttributeError, ValueError):
        raise errand.incomplete("it does not tell how many rows there are") from None


def _slice(select: str) -> tuple[str, int, int | None]:
    """A SELECT without the OFFSET and LIMIT of its own, and these."""
    kept, end, word = "", 0, ""
    numbers = {"OFFSET": "", "LIMIT": ""}
    for token in sparql.outermost(select):
        if token.is_word(*numbers):
            word = token.text.upper()
        elif word and token.text.isdigit():
            numbers[word] += token.text
        else:
            word = ""
        if word:
            kept += select[end : token.start]
            end = token.end
    limit = int(numbers["LIMIT"]) if numbers["LIMIT"] else None
    return kept + select[end:], int(numbers["OFFSET"] or 0), limit


def _repeating(select: str) -> str:
    """A SELECT DISTINCT without the DISTINCT."""
    _, distinct, *_ = sparql.tokens(select)
    return select[: distinct.start] + select[distinct.end :]
