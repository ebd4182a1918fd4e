"""The application in this process, with the shipped graph, what its answers contain, and the same
as a site of files."""

import asyncio
import functools
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import tipgraph
from tests.tools import browser_page
from tipgraph.explorer.app import Settings, application
from tipgraph.explorer.site import Site, in_memory

if TYPE_CHECKING:
    from playwright.sync_api import Page

BASE = "http://127.0.0.1:8080"
CONTACT = f"{BASE}/new?title="
PROGRAM = "from tipgraph.cli import run; run()"


@dataclass(frozen=True)
class Client:
    """Sends requests to an application, without a network.

    It follows no redirection but that to the answer to a private form.
    """

    app: Any

    def get(self, address: str, accept: str = "text/html", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("GET", address, {"accept": accept, **named})

    def send(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str] = {},
        is_followed: bool = True,
        **content: Any,
    ) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                sent = await client.request(method, address, headers=headers, **content)
                shown_at = sent.headers.get("location", "")
                is_answer = is_followed and "?answer=" in shown_at
                return await client.get(shown_at) if is_answer else sent

        return asyncio.run(sent())


@pytest.fixture(scope="session")
def client(shared_graph: None) -> Client:
    return Client(application(tipgraph.open(), Settings(contact=CONTACT)))


@pytest.fixture(scope="session")
def files(shared_graph: None) -> Site:
    """The site of files, whose answers are made once."""
    return Site(in_memory(tipgraph.open()), contact=CONTACT, is_static=True)


def links(page: httpx.Response) -> list[str]:
    """The addresses that a page leads to on its own server, without their anchors."""
    found = re.findall(r'<(?:a|link)\b[^>]*\bhref="(/[^"]*)"', page.text)
    return [each.replace("&amp;", "&") for each in found]


def title(page: httpx.Response) -> str:
    found = re.search(r"<title>(.*?)</title>", page.text)
    assert found
    return found[1]


def written(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, "site", str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, which the first worker writes for all of them."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    place = root / "explorer" / "site"
    try:
        place.parent.mkdir()
    except FileExistsError:
        # It appears once it is complete.
        deadline = time.monotonic() + 600
        while not place.exists():
            assert time.monotonic() < deadline
            time.sleep(1)
        return place
    outcome = written(place)
    assert outcome.returncode == 0, outcome.stderr
    assert re.fullmatch(r"tipgraph: .*/site: [\d,]+ files; open index.html, .*\n", outcome.stderr)
    return place


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The address at which a plain server of files has the site, in a folder of it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/site/"
        server.shutdown()


@pytest.fixture(scope="module")
def page() -> "Iterator[Page]":
    with browser_page(is_online=True) as opened:
        problems: list[str] = []
        opened.on("console", lambda message: problems.append(message.text))
        opened.on("pageerror", lambda error: problems.append(str(error)))
        yield opened
        assert problems == []
