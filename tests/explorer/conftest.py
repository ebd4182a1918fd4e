"""The application in this process, with the shipped graph, and what its answers contain."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

import tipgraph
from tipgraph.explorer.app import Settings, application

BASE = "http://127.0.0.1:8080"


@dataclass(frozen=True)
class Client:
    """Sends requests to an application, without a network; it follows no redirection."""

    app: Any

    def get(self, address: str, accept: str = "text/html", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("GET", address, {"accept": accept, **named})

    def send(
        self, method: str, address: str, headers: Mapping[str, str] = {}, **content: Any
    ) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                return await client.request(method, address, headers=headers, **content)

        return asyncio.run(sent())


@pytest.fixture(scope="session")
def client(some_countries: pytest.MonkeyPatch) -> Client:
    return Client(application(tipgraph.open(), Settings()))


def links(page: httpx.Response) -> list[str]:
    """The addresses that a page leads to on its own server, without their anchors."""
    found = re.findall(r'<(?:a|link)\b[^>]*\bhref="(/[^"]*)"', page.text)
    return [each.replace("&amp;", "&") for each in found]


def title(page: httpx.Response) -> str:
    found = re.search(r"<title>(.*?)</title>", page.text)
    assert found
    return found[1]
