"""The engine that queries a triple store elsewhere, by SPARQL over HTTP."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from time import monotonic
from typing import Any, cast

import httpx
from pyoxigraph import Literal, NamedNode, QueryBoolean, RdfFormat, Triple, parse
from SPARQLWrapper import SPARQLWrapper
from SPARQLWrapper.Wrapper import QueryResult

from tipgraph.endpoint.connection import TRUNCATED, Connection, content, parse_results
from tipgraph.endpoint.profiles import RemoteStore, form
from tipgraph.endpoint.retry import (
    RequestRefused,
    ResponseTimeout,
    RetryPolicy,
    first_line,
    masked,
    retrying,
)
from tipgraph.errors import EndpointError
from tipgraph.namespaces import PREFIXES, XSD
from tipgraph.rdf import limits, sparql
from tipgraph.rdf.terms import Term
from tipgraph.store.engine import Rows, Work

Row = tuple[Term | None, ...]

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples, text/turtle;q=0.9"
UNPACKED = "identity"
# Seconds to wait for a response beyond the time limit that the store was given.
GRACE = 5
# A response that took more than this share of its time limit may be what was ready by then.
NEARLY_ALL = 0.9
# The shortest time limit that a store is given; Virtuoso takes less for no limit at all.
SHORTEST = 1.0
# Headers by which a store reports that it returns less than there is.
INCOMPLETE = ("x-sql-message", "x-sql-state")
# Virtuoso's blank node labels have a scheme, which no syntax allows.
BLANK_NODE = re.compile(rb'("bnode"\s*,\s*"value"\s*:\s*")nodeID://')
BOOLEAN = NamedNode(XSD + "boolean")
DECIMAL = NamedNode(XSD + "decimal")
# In a record, the source of a move after which the graph is not yet verified.
MOVED = NamedNode(PREFIXES["dcterms"] + "source")
BOOLEANS = {"0": Literal(False), "1": Literal(True)}


class Remote:
    """Answers queries over some graphs of a store, read as one.

    A query may take `timeout` seconds, including every request that it needs. Each method raises
    EndpointError when the store cannot be reached, refuses the query, or returns less than there
    is.
    """

    def __init__(
        self,
        store: RemoteStore,
        graphs: Sequence[str],
        timeout: float,
        manifest: str | None = None,
    ) -> None:
        """`manifest` is the graph in which a load records the graphs."""
        self.store = store
        self.graphs = graphs
        self.work = Work()
        self._timeout = timeout
        self._manifest = manifest

    @property
    def name(self) -> str:
        return f"{self.store.title}, {self.store.base}"

    @property
    def kind(self) -> str:
        return self.store.name

    def check_graphs(self) -> None:
        """Raise EndpointError when one of the graphs is not in the store."""
        for graph in self.graphs:
            if not self._run([graph]).boolean("ASK { ?s ?p ?o }"):
                raise EndpointError(
                    f"{self.store.base}: has no graph <{graph}>;"
                    f" load it with 'tipgraph load --endpoint {self.store.base}'"
                )

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        records = self._records()
        yield
        if self._records() != records or MOVED in {term for term, _ in records}:
            raise EndpointError(
                f"{self.store.base}: a load replaced the graph meanwhile, or did not end; run this"
                " again, or load it again"
            )

    def _records(self) -> set[Row]:
        """Return what the manifest has of the graphs; nothing where a load did not bring them."""
        if self._manifest is None:
            return set()
        graphs = " ".join(map(str, map(NamedNode, self.graphs)))
        text = f"SELECT ?p ?o {{ VALUES ?graph {{ {graphs} }} ?graph ?p ?o }}"
        _, rows, _ = self._run([self._manifest]).rows(text)
        return set(rows)

    def select(self, query: str, allow_empty_rows: bool = False) -> Rows:
        text = sparql.with_prefixes(query)
        run, select = self._run(self.graphs), _SelectQuery.parse(text)
        limit = self.store.max_rows
        # Virtuoso sorts no more rows than it returns, and applies the OFFSET only after that.
        is_long = limit is not None and select.reaches_beyond(limit)
        columns, rows, is_truncated = run.rows(select.without_slice if is_long else text)
        if is_truncated or (limit is not None and len(rows) >= limit):
            rows = _all_pages(run, select, columns, len(rows))
        elif is_long:
            rows = select.slice(rows)
        elif select.is_distinct:
            rows = _distinct(run, select, rows)
        if not (allow_empty_rows or all(map(any, rows))):
            raise run.incomplete("a row has no value at all")
        self.work.add(len(rows))
        return Rows(columns, tuple(rows))

    def ask(self, query: str) -> bool:
        self.work.add()
        return self._run(self.graphs).boolean(sparql.with_prefixes(query))

    def construct(self, query: str) -> list[Triple]:
        run = self._run(self.graphs)
        triples, is_truncated = run.triples(sparql.with_prefixes(query))
        limit = self.store.max_rows
        if is_truncated or (limit is not None and len(triples) >= limit):
            raise run.incomplete("the store returns no more triples in one response")
        self.work.add(len(triples))
        return triples

    def _run(self, graphs: Sequence[str]) -> "QueryRun":
        return QueryRun(self._connection, graphs, self._timeout)

    @cached_property
    def _connection(self) -> Connection:
        is_basic = self.store.authentication == "basic"
        return Connection(self.store, RetryPolicy(), is_basic_first=is_basic)


@dataclass(frozen=True)
class _SelectQuery:
    """A SELECT query in parts; `body` is its text without prologue, LIMIT and OFFSET."""

    prologue: str
    body: str
    offset: int
    limit: int | None
    is_distinct: bool

    @classmethod
    def parse(cls, text: str) -> "_SelectQuery":
        prologue, body = sparql.prologue(text)
        return cls(prologue, *_without_slice(body), sparql.is_distinct(text))

    @property
    def without_slice(self) -> str:
        """The query for all rows."""
        return self.prologue + self.body

    @property
    def is_sliced(self) -> bool:
        return self.offset > 0 or self.limit is not None

    def reaches_beyond(self, number: int) -> bool:
        """Return whether its slice may need more than this number of rows."""
        return self.is_sliced and self.offset + (self.limit or number) > number

    def slice(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows that the query asks for, out of all rows."""
        found = list(dict.fromkeys(rows)) if self.is_distinct else list(rows)
        return found[self.offset :][: self.limit]


def _all_pages(
    run: "QueryRun", select: _SelectQuery, columns: Sequence[str], size: int
) -> list[Row]:
    """Return the rows of a query, fetched in pages of this size from a subquery.

    They are counted, so that a missing one is noticed. DISTINCT is applied to the rows here, since
    Virtuoso may repeat a row more or less often from page to page.
    """
    body = _without_distinct(select.body) if select.is_distinct else select.body
    _, counted, _ = run.rows(f"{select.prologue} SELECT (COUNT(*) AS ?n) {{ {{ {body}\n}} }}")
    every = range(_number(run, counted))
    wanted = every if select.is_distinct else every[select.offset :][: select.limit]
    if wanted and not size:
        raise run.incomplete(f"the store returns none of {len(wanted):,} rows")
    names = " ".join(f"?{name}" for name in columns)
    page = f"{select.prologue} SELECT {names} {{ {{ {sparql.ordered(body, names)}\n}} }}"
    rows: list[Row] = []
    for start in wanted[:: max(size, 1)]:
        number = min(size, wanted.stop - start)
        _, found, _ = run.rows(f"{page} LIMIT {number} OFFSET {start}")
        rows += found
    if len(rows) != len(wanted):
        raise run.incomplete(f"the store returns {len(rows):,} of {len(wanted):,} rows")
    return select.slice(rows) if select.is_distinct else rows


def _distinct(run: "QueryRun", select: _SelectQuery, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a DISTINCT once each: Virtuoso repeats some that have empty cells."""
    distinct = list(dict.fromkeys(rows))
    if len(distinct) < len(rows) and select.is_sliced:
        raise run.incomplete("the store repeats rows of a DISTINCT; leave out LIMIT and OFFSET")
    return distinct


class QueryRun:
    """The requests for one query, which together may take some seconds."""

    def __init__(self, connection: Connection, graphs: Sequence[str], seconds: float) -> None:
        self._connection = connection
        self._store = connection.store
        self._graphs = graphs
        self._seconds = seconds
        self._deadline = monotonic() + seconds

    def rows(self, text: str) -> tuple[tuple[str, ...], Sequence[Row], bool]:
        """Return the columns, the rows, and whether the store reports that it truncated them."""
        headers, answer = self._results(text)
        if isinstance(answer, bool):
            raise self._unexpected("with a boolean instead of rows")
        return *answer, TRUNCATED in headers

    def boolean(self, text: str) -> bool:
        """Return the answer to an ASK."""
        _, answer = self._results(text)
        if not isinstance(answer, bool):
            raise self._unexpected("with rows instead of a boolean")
        return answer

    def triples(self, text: str) -> tuple[list[Triple], bool]:
        """Return the triples, once each, and whether the store reports that it truncated them."""
        headers, body = self._send(text, TRIPLES)
        media_type = _media_type(headers)
        syntax = RdfFormat.from_media_type(media_type)
        if syntax is None:
            raise self._unexpected(f"with {media_type or 'no media type'} instead of triples")
        # Triples may end after any line, unlike rows; and a packed part unpacks without an error.
        is_marked = "content-length" in headers or "transfer-encoding" in headers
        if not is_marked or headers.get("content-encoding", UNPACKED) != UNPACKED:
            raise self.incomplete("it does not mark its end, so that a part may be missing")
        try:
            limits.check_rdf(body, syntax)
            found = dict.fromkeys(_triple(quad.triple) for quad in parse(body, format=syntax))
            return list(found), TRUNCATED in headers
        except (SyntaxError, ValueError) as error:
            reason = first_line(error)
        raise self._broken(reason)

    def incomplete(self, reason: str) -> EndpointError:
        return self._error(f"incomplete response: {reason}")

    def _unexpected(self, what: str) -> EndpointError:
        return self._error(f"responds {what}; check that it is a SPARQL query address")

    def _broken(self, reason: str) -> EndpointError:
        return self.incomplete(f"it is broken or was cut off ({reason})")

    def _error(self, message: str) -> EndpointError:
        """Return the error, in which the store may have repeated what it was sent."""
        return EndpointError(f"{self._store.query_url}: {masked(message, self._store.access)}")

    def _too_slow(self) -> EndpointError:
        return EndpointError(
            f"{self._store.query_url}: no response in {self._seconds:g} seconds;"
            " allow more with --timeout"
        )

    def _results(
        self, text: str
    ) -> tuple[Mapping[str, str], bool | tuple[tuple[str, ...], list[Row]]]:
        headers, body = self._send(text, ROWS)
        media_type = _media_type(headers)
        if media_type not in (ROWS, "application/json"):
            raise self._unexpected(f"with {media_type or 'no media type'} instead of rows")
        try:
            return headers, _parse_results(body, sparql.projection(text))
        except (SyntaxError, ValueError, KeyError) as error:
            reason = first_line(error)
        # Raised here and not above, it does not keep the parser, which must be freed in the thread
        # that made it.
        raise self._broken(reason)

    def _send(self, text: str, accept: str) -> tuple[Mapping[str, str], bytes]:
        """Return the headers and body of a complete response, after as many attempts as allowed."""
        left = max(self._deadline - monotonic(), 0.0)
        policy = RetryPolicy(total=left, longest_pause=left)
        status, headers, body = retrying(policy, repeatable=True)(self._send_once, text, accept)
        message = next((headers[name] for name in INCOMPLETE if name in headers), None)
        if message is not None or status != 200:
            shown = " ".join((message or f"status {status}").partition("Activity:")[0].split())
            raise self.incomplete(f"{shown}; allow more time with --timeout")
        return headers, body

    def _send_once(self, text: str, accept: str) -> tuple[int, Mapping[str, str], bytes]:
        begin = monotonic()
        left = self._deadline - begin
        if left <= 0:
            raise self._too_slow()
        limit = self._store.timeout_parameter(max(left, SHORTEST))
        wait = left + (GRACE if limit else 0)
        policy = RetryPolicy(connect=wait, response=wait, longest_pause=left)
        named = None
        if self._store.prefers_named_graph and len(self._graphs) == 1:
            named = sparql.in_graph(text, self._graphs[0])
        query = StoreQuery(self._connection, named or text, policy)
        query.addCustomHttpHeader("Accept", accept)
        if accept == TRIPLES:
            query.addCustomHttpHeader("Accept-Encoding", UNPACKED)
        for graph in self._graphs if named is None else ():
            query.addParameter("default-graph-uri", graph)
        for name, value in limit.items():
            query.addParameter(name, value)

        # Out of time, Virtuoso may return what it has as if it were all, or with status 500.
        def is_late() -> bool:
            return bool(limit) and monotonic() - begin > NEARLY_ALL * left

        try:
            response = cast(_Response, query.query().response)
        except ResponseTimeout:
            raise self._too_slow() from None
        except RequestRefused:
            if is_late():
                raise self._too_slow() from None
            raise
        if is_late():
            raise self._too_slow()
        return response.status, response.headers, response.read()


class StoreQuery(SPARQLWrapper):
    """SPARQLWrapper that sends its query through a Connection.

    Its own `query` calls `urllib.request.urlopen`, and no parameter replaces the opener, which all
    of the process shares. It follows redirects with the credentials, knows no private authority for
    one store, drops the headers of errors that decide whether to repeat a request, and limits the
    time of each read alone. Everything else is SPARQLWrapper's public interface.
    """

    def __init__(self, connection: Connection, text: str, policy: RetryPolicy) -> None:
        """The complete response may take `policy.response` seconds."""
        super().__init__(connection.store.query_url)
        # Not by setQuery, which may take a word of a comment for the query form.
        self.queryString, self.queryType = text, sparql.form(text)
        self._connection = connection
        self._policy = policy

    def query(self) -> QueryResult:
        """Send the query once and return the complete response.

        Raises ConnectError, ResponseLost or RequestRefused.
        """
        parameters = [(name, each) for name, values in self.parameters.items() for each in values]
        body, media_type = form(("query", self.queryString), *parameters)
        headers = {"Content-Type": media_type, **self.customHttpHeaders}
        with self._connection.stream(
            "POST", self.endpoint, body, headers, policy=self._policy
        ) as response:
            body = content(response)
        return QueryResult((cast(Any, _Response(response, body)), self.returnFormat))


class _Response(BytesIO):
    """A complete response, with the interface that QueryResult expects of it."""

    def __init__(self, response: httpx.Response, body: bytes) -> None:
        super().__init__(body)
        self.status = response.status_code
        self.headers = response.headers
        self._url = str(response.url)

    def info(self) -> Mapping[str, str]:
        return self.headers

    def geturl(self) -> str:
        return self._url


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _parse_results(
    body: bytes, columns: Sequence[str] | None
) -> bool | tuple[tuple[str, ...], list[Row]]:
    """Parse SPARQL Query Results JSON: a boolean, or columns and rows."""
    answer = parse_results(BLANK_NODE.sub(rb"\1", body))
    if isinstance(answer, QueryBoolean):
        return bool(answer)
    names = tuple(columns or (each.value for each in answer.variables))
    rows = [tuple(_term(row[name]) for name in names) for row in cast(Any, answer)]
    return names, rows


def _term(term: Term | None) -> Term | None:
    """Return the term as the embedded engine writes it: some stores write true as 1, 25 as 25.0.

    Raises ValueError for a triple term, which no graph here has.
    """
    if isinstance(term, Triple):
        raise ValueError("it has a triple term")
    if isinstance(term, Literal) and term.datatype == BOOLEAN:
        return BOOLEANS.get(term.value, term)
    if isinstance(term, Literal) and term.datatype == DECIMAL and "." in term.value:
        number = term.value.rstrip("0").rstrip(".")
        return Literal(number if number.strip("+-") else "0", datatype=DECIMAL)
    return term


def _triple(triple: Triple) -> Triple:
    return Triple(triple.subject, triple.predicate, cast(Any, _term(cast(Any, triple.object))))


def _number(run: QueryRun, counted: Sequence[Row]) -> int:
    try:
        return int(cast(Any, counted[0][0]).value)
    except (IndexError, AttributeError, ValueError):
        raise run.incomplete("the store does not return how many rows there are") from None


def _without_slice(select: str) -> tuple[str, int, int | None]:
    """Return a SELECT without its own OFFSET and LIMIT, and these."""
    removed, word = list[tuple[sparql.Token, str]](), ""
    numbers = {"OFFSET": "", "LIMIT": ""}
    for token in sparql.outermost(select):
        if token.is_word(*numbers):
            word = token.text.upper()
        elif word and token.text.isdigit():
            numbers[word] += token.text
        else:
            word = ""
        if word:
            removed.append((token, ""))
    limit = int(numbers["LIMIT"]) if numbers["LIMIT"] else None
    return sparql.replaced(select, removed), int(numbers["OFFSET"] or 0), limit


def _without_distinct(select: str) -> str:
    """Return a SELECT DISTINCT without the DISTINCT."""
    _, distinct, *_ = sparql.tokens(select)
    return select[: distinct.start] + select[distinct.end :]
