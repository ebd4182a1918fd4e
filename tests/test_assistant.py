"""The tools for assistants, called by the client of the protocol's SDK."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client, StdioServerParameters

import tipgraph
from tipgraph.assess.render import text as assessment
from tipgraph.assistant import Tools, server
from tipgraph.show.description import as_text

COMMAND = [sys.executable, "-c", "from tipgraph.cli import run; run()", "mcp"]

Call = Callable[..., dict[str, Any]]
NAMES = {"find", "list_queries", "describe_query", "query", "show", "cite"}


@pytest.fixture(scope="module")
def call(shipped: tipgraph.LocalGraph) -> Call:
    """Call a tool, and return its answer, or the error under `error`."""
    tools = server(shipped, allow_assess=True)

    def call(tool: str, **arguments: Any) -> dict[str, Any]:
        async def ask() -> Any:
            async with Client(tools) as client:
                return await client.call_tool(tool, arguments)

        result = anyio.run(ask)
        if result.is_error:
            return {"error": result.content[0].text}
        return dict(result.structured_content)

    return call


def listed(tools: Any) -> Any:
    async def ask() -> Any:
        async with Client(tools) as client:
            return (await client.list_tools()).tools

    return anyio.run(ask)


def test_list_is_short_and_every_tool_only_reads(shipped: tipgraph.LocalGraph) -> None:
    tools = listed(server(shipped))

    assert {tool.name for tool in tools} == NAMES
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
    assert len(json.dumps([tool.model_dump(mode="json") for tool in tools])) < 8_000


def test_command_speaks_on_standard_input(one_edition: None) -> None:
    command = ["-c", "from tipgraph.cli import run; run()", "mcp"]
    # The library passes on few variables, and the graph of all countries would be opened.
    started = StdioServerParameters(command=sys.executable, args=command, env={**os.environ})
    figures = {"name": "figures", "area": "BEL", "limit": 200}

    async def ask() -> Any:
        async with Client(started) as client:
            return (
                await client.list_tools(),
                await client.call_tool("query", figures),
            )

    tools, result = anyio.run(ask)

    assert {tool.name for tool in tools.tools} == NAMES
    rows = result.structured_content["rows"]
    assert {"152", "144"} <= {row["value"] for row in rows}


@pytest.mark.slow(reason="starts the program")
def test_line_that_is_no_message_is_answered() -> None:
    ping = {"jsonrpc": "2.0", "id": 7, "method": "ping"}
    lone = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "\ud800"}}
    lines = [b"{", b"[]", json.dumps(lone).encode(), json.dumps(ping).encode()]

    pipe = subprocess.PIPE
    with subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"\n".join([*lines, b""]))
        process.stdin.flush()
        # A client that closes the input may get no more answers.
        *errors, pong = (json.loads(process.stdout.readline()) for _ in lines)
        process.stdin.close()
        assert not process.stderr.read()

    assert [(each["id"], each["error"]["code"]) for each in errors] == [(None, -32700)] * 3
    assert pong["id"] == 7


@pytest.mark.slow(reason="starts the program")
def test_client_that_is_gone_is_no_bug() -> None:
    reader, writer = os.pipe()
    os.close(reader)

    done = subprocess.run(COMMAND, input=b"{\n", stdout=writer, stderr=subprocess.PIPE)

    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("tool", ["show", "cite", "query"])
def test_huge_argument_is_refused_at_once(call: Call, tool: str) -> None:
    begin = time.process_time()

    assert call(tool, name="x" * 5_000_000)["error"].endswith("more than 12,000 characters")
    assert time.process_time() - begin < 2


def test_calls_take_turns_and_cancelled_ones_are_not_begun(
    shipped: tipgraph.LocalGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []

    def list_queries(self: Tools, theme: str | None = None) -> dict[str, Any]:
        begun.append(theme)
        time.sleep(0.5)
        return {}

    monkeypatch.setattr(Tools, "list_queries", list_queries)

    async def ask() -> None:
        async with Client(server(shipped)) as client, anyio.create_task_group() as tasks:
            for _ in range(20):
                tasks.start_soon(client.call_tool, "list_queries", {})
            while not begun:
                await anyio.sleep(0.01)
            await anyio.sleep(0.2)
            tasks.cancel_scope.cancel()

    anyio.run(ask)

    assert len(begun) == 1


def test_figure_has_counter_speaker_place_quote_link_and_caveat(call: Call) -> None:
    answer = call("query", name="figures", area="Malta", parameters={"part": "total"}, limit=1)

    (row,) = answer["rows"]
    assert {"value", "counted_by", "speaker", "place", "place_quote", "place_link"} <= set(row)
    assert answer["truncated"]
    assert answer["number_of_rows"] > 1
    assert "-mt" in answer["asked"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("victims identified in Hungary", "Hungary"),
        ("children identified in the Netherlands", "Netherlands"),
        ("who pays in Luxembourg", "Luxembourg"),
        ("residence permits Belgium", "permit"),
    ],
)
def test_question_in_words_has_an_answer_first(call: Call, words: str, expected: str) -> None:
    answer = call("find", words=words)

    shown = json.dumps(answer["notes"] + answer["rows"][:1])
    assert expected in shown


def test_answer_without_rows_is_no_zero_and_names_what_is_stated_not_to_be_reported(call):
    answer = call("query", name="compensation-bodies", area="Malta", edition="all")

    assert answer["rows"] == []
    assert answer["no_rows"][0].startswith("no rows; that is not zero")
    kinds = {row["kind"] for row in answer["stated_not_to_be_reported"]}
    assert kinds <= {"non-report", "absence of reports"}
    assert kinds


def test_name_of_several_things_is_asked_back(call: Call) -> None:
    assert "tip-2017-be/page-training" in call("show", name="page-training")["error"]


@pytest.mark.parametrize(
    ("tool", "arguments", "hint"),
    [
        ("query", {"name": "fundng"}, "funding"),
        ("query", {"name": "SELECT * { ?s ?p ?o }"}, "list_queries"),
        ("query", {"name": "figures", "area": "Atlantis"}, "Atlantis"),
        ("query", {"name": "figures", "parameters": {"part": "x> } #"}}, "part"),
        ("describe_query", {"name": "nothing"}, "unknown query"),
        ("list_queries", {"theme": "nothing"}, "themes"),
        ("cite", {"name": "nothing at all"}, "nothing at all"),
        ("assess", {"case": {"age": "old"}}, "age"),
    ],
)
def test_wrong_argument_is_an_error_that_names_what_to_do(call, tool, arguments, hint):
    assert hint in call(tool, **arguments)["error"]


@given(text=st.text(max_size=60), limit=st.integers(-(2**40), 2**40))
def test_any_argument_ends_in_an_answer_or_a_clear_error(call: Call, text: str, limit: int) -> None:
    for tool, arguments in (
        ("find", {"words": text, "limit": limit}),
        ("query", {"name": "figures", "area": text, "limit": limit}),
        ("show", {"name": text}),
    ):
        answer = call(tool, **arguments)
        assert "Traceback" not in answer.get("error", "")
        # A crash has no more than the name of the tool.
        assert ": " in answer.get("error", ": ")
        assert len(answer.get("rows", ())) <= 100


def test_case_is_assessed_only_where_that_is_allowed(call, shipped: tipgraph.LocalGraph):
    case = {"citizenship": ["ALB"], "met": ["identified"]}

    answer = call("assess", case=case)
    assert "reflection period" in answer["text"]
    assert answer["text"] == assessment(shipped.assess(case)), "with all its links"
    assert "assess" not in {tool.name for tool in listed(server(shipped))}


def test_long_description_ends_with_a_whole_entry(call: Call, shipped: tipgraph.LocalGraph) -> None:
    """An entry that is cut may give the number of a part as that of the whole."""
    answer, full = call("show", name="tip-2021-be"), as_text(shipped.show("tip-2021-be"))

    assert answer["truncated"]
    assert full.startswith(answer["text"])
    assert re.match(r"\n {0,2}\S", full[len(answer["text"]) :])


def test_things_are_described_and_cited(call: Call) -> None:
    described = call("describe_query", name="figures")

    assert "total" in described["values"]["part"]
    assert "Belgium" in call("show", name="tip-2021-be")["text"]
    assert "2021" in call("cite", name="S30")["text"]
    themes = {row["theme"] for row in call("list_queries")["rows"]}
    assert len(themes) > 5
    theme = min(themes)
    assert {row["theme"] for row in call("list_queries", theme=theme)["rows"]} == {theme}
