"""Messages of assistants to the server, by the client of the protocol's SDK."""

import json
import sys
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client as Assistant
from mcp.client.streamable_http import streamable_http_client

from tests.explorer.conftest import BASE, Client
from tests.test_assistant import NAMES
from tipgraph.explorer.http import MAX_BYTES

TYPES = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
LIST = '{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'


def asked(client: Client, *calls: tuple[str, dict[str, Any]]) -> tuple[Any, list[Any]]:
    """The tools, and the results of some calls."""

    async def ask() -> tuple[Any, list[Any]]:
        sending = httpx2.ASGITransport(app=client.app)
        async with httpx2.AsyncClient(transport=sending, timeout=60) as sender:
            transport = streamable_http_client(f"{BASE}/mcp", http_client=sender)
            async with Assistant(transport) as assistant:
                tools = (await assistant.list_tools()).tools
                return tools, [await assistant.call_tool(*call) for call in calls]

    return anyio.run(ask)


def test_assistant_asks_over_http(client: Client) -> None:
    hostile = {"name": "figures", "area": "x> } #\0", "limit": -(2**70)}
    tools, (permits, wrong, case) = asked(
        client,
        ("query", {"name": "residence-permits", "area": "BEL"}),
        ("query", hostile),
        ("assess", {"case": {"age": 30}}),
    )

    assert {tool.name for tool in tools} == NAMES
    rows = permits.structured_content["rows"]
    assert [row["value"] for row in rows] == ["235", "248", "154", "174"]
    assert wrong.is_error
    assert "Traceback" not in wrong.content[0].text
    # No case is sent to a server.
    assert case.is_error


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": BASE}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "evil.example"}, 421),
        ({"content-type": "text/plain"}, 400),
        ({"mcp-session-id": b"\xe9"}, 200),
    ],
)
def test_page_of_another_site_sends_no_message(client, headers, status):
    answer = client.send("POST", "/mcp", {**TYPES, **headers}, content=LIST)

    assert answer.status_code == status
    assert ("find" in answer.text) == (status == 200)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("x" * (MAX_BYTES + 1), 413),
        ("[" * 30_000, 400),
        ("{", 400),
        (b"\xff\x00", 400),
        (
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 1}}),
            200,
        ),
    ],
)
def test_message_that_is_none_is_refused(client: Client, content: Any, status: int) -> None:
    answer = client.send("POST", "/mcp", TYPES, content=content)

    assert answer.status_code == status
    assert "result" not in answer.text or "isError" in answer.text


def test_messages_are_sent_by_post(client: Client) -> None:
    assert client.get("/mcp").status_code == 405


def test_server_without_the_sdk_names_the_extra(monkeypatch, fresh):
    answer = fresh.send("POST", "/mcp", TYPES, content=LIST)

    assert (answer.status_code, "extra mcp" in answer.text) == (501, True)
    assert fresh.get("/-/about").status_code == 200


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, mini: Any) -> Client:
    """An application whose workers cannot import the SDK."""
    import tipgraph
    from tipgraph.explorer.app import Settings, application

    monkeypatch.delitem(sys.modules, "tipgraph.assistant", raising=False)
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    return Client(application(tipgraph.open(), Settings()))
