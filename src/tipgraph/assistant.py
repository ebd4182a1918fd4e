"""The graph for assistants: read-only tools over the Model Context Protocol.

A row has the counter, speaker, place, quote, link and caveats that the query has. Each answer
states whether rows are left out, and one without rows that this is no zero, and why it is so.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial, wraps
from typing import Any

import anyio
import httpx
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import PARSE_ERROR, ErrorData, JSONRPCError, ToolAnnotations

from tipgraph.errors import TipgraphError, UsageError
from tipgraph.graph import Graph
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.queries.no_rows import explanation
from tipgraph.render.results import AnswerRows, cells, editions_line
from tipgraph.search import COLUMNS, remarks, rows
from tipgraph.version import VERSION

Answer = dict[str, Any]

INSTRUCTIONS = """\
Statements of the Trafficking in Persons Reports and of other publishers on how states protect
victims of human trafficking. Search with `find`, or choose a question with `list_queries` and
ask it with `query`. Repeat with each figure who counted it, who states it, its caveats and its
link. Never add or compare figures of different rows unless a row states that they compare.
There are three kinds of "no": the government did not report, there were no reports, and
silence. None of them is zero. Where an edition was read in part, what is missing was not
extracted. This is no legal advice."""

# The most rows or hits of an answer, and the most characters of a text or of a call's arguments.
MOST_ROWS, MOST_TEXT = 100, 12_000
# The end of a line before another entry, as opposed to one that continues on the next line.
ENTRY = re.compile(r"\n(?= {0,2}\S)")
READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
# A host that the transport knows, to which nothing is sent.
INSIDE = "http://localhost:8080"
NOT_REPORTED = "not-reported"
NO_MESSAGE = JSONRPCError(
    jsonrpc="2.0", id=None, error=ErrorData(code=PARSE_ERROR, message="this is no message")
)


def server(graph: Graph, allow_assess: bool = False) -> MCPServer:
    """Return a server of the graph's tools; `allow_assess` adds the one that receives cases."""
    made = _Server("tipgraph", instructions=INSTRUCTIONS, version=VERSION, log_level="CRITICAL")
    tools = Tools(graph)
    turn = anyio.CapacityLimiter(1)
    offered = [tools.find, tools.list_queries, tools.describe_query, tools.query, tools.show]
    for tool in (*offered, tools.cite, *([tools.assess] if allow_assess else ())):
        made.add_tool(_reporting(tool, turn), annotations=READS)
    return made


def exchange(graph: Graph, message: str, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
    """Answer one message that came over HTTP, without a session.

    Returns the status, the media type and the body. The caller checks who sends it, and limits the
    time: see the streamable HTTP transport of the protocol.
    """

    async def answered() -> httpx.Response:
        app = server(graph).streamable_http_app(stateless_http=True, json_response=True)
        async with app.router.lifespan_context(app):
            sending = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=sending, base_url=INSIDE) as client:
                # Bytes, since a client may send any in a header.
                sent = [(name.encode(), each.encode("latin-1")) for name, each in headers.items()]
                return await client.post("/mcp", content=message, headers=sent)

    response = anyio.run(answered)
    return response.status_code, response.headers.get("content-type", ""), response.content


class _Server(MCPServer):
    """A server that answers a line which is no message, as JSON-RPC 2.0 asks (section 5.1).

    The SDK leaves it without an answer, and its sender would wait for one.
    """

    async def run_stdio_async(self) -> None:
        async with stdio_server() as (given, answers), anyio.create_task_group() as tasks:
            passed, messages = anyio.create_memory_object_stream[SessionMessage | Exception]()

            async def pass_on() -> None:
                async with passed:
                    async for each in given:
                        if isinstance(each, Exception):
                            await answers.send(SessionMessage(NO_MESSAGE))
                        else:
                            await passed.send(each)

            tasks.start_soon(pass_on)
            inner = self._lowlevel_server
            await inner.run(messages, answers, inner.create_initialization_options())


def _reporting(
    tool: Callable[..., Answer], turn: anyio.CapacityLimiter
) -> Callable[..., Awaitable[Answer]]:
    """Return the tool, in its turn, with errors that the assistant can read, and ask back about."""

    @wraps(tool)
    async def reporting(*given: Any, **named: Any) -> Answer:
        # An engine compares a name with each name that there is.
        if len(str((given, named))) > MOST_TEXT:
            raise ToolError(f"the arguments have more than {MOST_TEXT:,} characters")
        try:
            # A call that is cancelled before its turn is not begun.
            return await anyio.to_thread.run_sync(partial(tool, *given, **named), limiter=turn)
        except TipgraphError as error:
            raise ToolError("\n".join(error.lines)) from None

    return reporting


class Tools:
    """The tools, whose docstrings are what an assistant reads of them."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def find(
        self,
        words: str,
        area: str | None = None,
        edition: str | None = None,
        speaker: str | None = None,
        limit: int = 10,
    ) -> Answer:
        """Search statements, figures, actors, topics and stored queries for words.

        The first hit is the best answer, such as for 'children identified in Greece'. `area` is a
        country, `edition` a year or a name such as tip-2021-be.
        """
        found = self._graph.search(words, edition, area, speaker=speaker, limit=_most(limit))
        hits = [_filled(COLUMNS, row) for row in rows(found)]
        return {
            "notes": [*remarks(found)],
            "rows": hits,
            "truncated": found.total > len(hits),
        }

    def list_queries(self, theme: str | None = None) -> Answer:
        """List the stored queries with the question that each answers, all or of one theme."""
        queries = self._graph.queries.values()
        themes = sorted({query.tags[0] for query in queries})
        if theme is not None and theme not in themes:
            raise UsageError(f"unknown theme {theme!r}; themes: {', '.join(themes)}")
        rows = [
            {"name": each.name, "answers": each.asked, "theme": each.tags[0]}
            for each in queries
            if theme in (None, each.tags[0])
        ]
        return {"rows": rows, "truncated": False}

    def describe_query(self, name: str) -> Answer:
        """Describe a stored query: its parameters with the values that they take, its columns."""
        found = self._graph.find(_name(name))
        engine = self._graph.engine
        allowed = {each.name: sorted(each.allowed(engine).values()) for each in found.params}
        return {**found.as_dict(), "values": {name: each for name, each in allowed.items() if each}}

    def query(
        self,
        name: str,
        area: str | list[str] | None = None,
        edition: str | list[str] | None = None,
        parameters: dict[str, str] | None = None,
        limit: int = 20,
    ) -> Answer:
        """Ask a stored query, by default of the newest edition of each country.

        `area` and `edition` are names, or lists of them; edition 'all' asks all. Other parameters
        are those that `describe_query` lists.
        """
        found = self._graph.find(_name(name))
        limits = {"area": area, "edition": edition}
        given = {**(parameters or {}), **{key: each for key, each in limits.items() if each}}
        bound = found.bind(self._graph.engine, given)
        rows = self._graph.answer(bound)
        assert isinstance(rows, AnswerRows)
        answer = {"question": rows.context.title, **self._rows(rows, limit)}
        if bound.scope is not None and bound.scope.editions:
            answer["asked"] = editions_line(bound.scope)
        return answer if rows else {**answer, **self._no_rows(found, given)}

    def _rows(self, rows: AnswerRows, limit: int) -> Answer:
        whole = self._graph.quoted(rows)
        texts = cells(self._graph.engine, whole)
        shown = [_filled(whole.columns, row) for row in texts[: _most(limit)]]
        others = rows.context.others
        notes = [rows.context.description, *([] if others is None else [str(others)])]
        return {
            "notes": [*filter(None, notes)],
            "rows": shown,
            "truncated": len(texts) > len(shown),
            "number_of_rows": len(texts),
        }

    def _no_rows(self, query: StoredQuery, given: dict[str, Any]) -> Answer:
        """Return the reasons for an answer without rows, and what is stated not to be reported."""
        limits = {key: given[key] for key in ("area", "edition") if key in given}
        answer: Answer = {
            "no_rows": explanation(self._graph.no_rows(query, given)),
            "stated_not_to_be_reported": [],
        }
        if limits:
            gaps = self._rows(self._graph.rows(NOT_REPORTED, **limits), MOST_ROWS)
            answer["stated_not_to_be_reported"] = gaps["rows"]
        return answer

    def show(self, name: str, area: str | None = None, edition: str | None = None) -> Answer:
        """Show one thing, such as an actor, a topic, a sentence or a statement, and who states it.

        `name` is its label, its short name, or its IRI.
        """
        from tipgraph.show.description import as_text

        return _text(as_text(self._graph.show(name, edition, area=area)))

    def cite(self, name: str) -> Answer:
        """Return the citation of an edition, a sentence or a statement, to be printed with it."""
        from tipgraph.cite import text

        return _text(text(self._graph.cite(name)))

    def assess(self, case: dict[str, Any], edition: str | None = None) -> Answer:
        """Assess what a victim is entitled to, by one edition. Nothing of the case is kept.

        A case has citizenship (ISO 3166-1 codes), age, unaccompanied, met and not_met (facts).
        Give no names. This is no legal advice.
        """
        from tipgraph.assess.render import text

        # Whole, since it is incomplete without its open readings and its links.
        return {"text": text(self._graph.assess(case, edition)), "truncated": False}


def _most(limit: int) -> int:
    return max(1, min(limit, MOST_ROWS))


def _text(text: str) -> Answer:
    """Return the text up to the last whole entry: part of one would read as another figure."""
    if len(text) <= MOST_TEXT:
        return {"text": text, "truncated": False}
    end = max((each.start() for each in ENTRY.finditer(text[:MOST_TEXT])), default=MOST_TEXT)
    return {"text": text[:end], "truncated": True}


def _filled(columns: Any, row: list[str]) -> dict[str, str]:
    return {name: text for name, text in zip(columns, row, strict=True) if text}


def _name(name: str) -> str:
    """Return the name of a stored query. Raises UsageError for a text of SPARQL."""
    if name.split() != [name] or "{" in name:
        raise UsageError(f"unknown query {name[:80]!r}; list_queries has the names")
    return name
