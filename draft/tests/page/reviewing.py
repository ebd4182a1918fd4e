"""A review of a small draft on a real server, and its forms as a browser sends them."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import httpx
import uvicorn

import tipgraph
from tipgraph.explorer.app import Settings, application
from tipgraph_draft.page import ADDRESS, Review, kinds

# To read the certificate authorities takes longer than a request.
CLIENT = httpx.Client(verify=False, timeout=30)


@contextmanager
def reviewing(folder: Path, reviewer: str = "ml", **settings: Any) -> Iterator["Browser"]:
    """A browser on a server in a thread, which reviews the folder."""
    review = Review(str(folder), str(folder.parent / "protection.txt"), reviewer)
    app = application(
        tipgraph.open(),
        Settings(pages=kinds(review), templates="tipgraph_draft", **settings),
    )
    config = uvicorn.Config(
        app, port=0, log_level="error", lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Browser(f"http://127.0.0.1:{port}", folder)
    server.should_exit = True
    thread.join()


class Browser:
    """Opens the page, and sends its forms with the fields that are hidden in them."""

    def __init__(self, origin: str, folder: Path) -> None:
        self.origin = origin
        self.file = folder / "draft" / "review.csv"

    def get(self, query: str = "", **headers: str) -> httpx.Response:
        return CLIENT.get(f"{self.origin}{ADDRESS}{query}", headers=headers)

    def send(self, page: httpx.Response, **fields: str) -> httpx.Response:
        """The answer to a form of the page; an underscore in its name stands for a hyphen."""
        named = {name.replace("accept_", "accept-"): value for name, value in fields.items()}
        return self.post({**hidden(page), **named})

    def post(self, fields: dict[str, str], **headers: str) -> httpx.Response:
        """The answer to these fields alone."""
        sent = {"origin": self.origin, **headers}
        answer = CLIENT.post(f"{self.origin}{ADDRESS}", data=fields, headers=sent)
        shown_at = answer.headers.get("location", "")
        return CLIENT.get(f"{self.origin}{shown_at}") if "?answer=" in shown_at else answer

    def do(self, **fields: str) -> httpx.Response:
        """The page after a form of the page as it is now, which has to succeed."""
        done = self.send(self.get(), **fields)
        assert done.status_code == 303, done.text
        return CLIENT.get(f"{self.origin}{done.headers['location']}")

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of the file."""
        text = self.file.read_text(encoding="utf-8")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    @property
    def statuses(self) -> list[str]:
        return [row["status"] for row in self.rows]


def hidden(page: httpx.Response) -> dict[str, str]:
    """The fields of the first form that are hidden."""
    form = re.search(r'<form id="review".*?</form>', page.text, re.DOTALL)
    assert form, page.text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0]))


def fields_of(page: httpx.Response) -> dict[str, str]:
    """Return what the fields of the open form have, as a browser reads them."""
    form = re.search(r'<form class="fields".*?</form>', page.text, re.DOTALL)
    assert form, page.text
    found = dict(re.findall(r'<input [^>]*?name="(\w+)"[^>]*? value="([^"]*)"', form[0]))
    for name, options in re.findall(r'<select [^>]*?name="(\w+)".*?>(.*?)</select>', form[0], re.S):
        selected = re.search(r'value="([^"]*)" selected', options)
        first = re.search(r'value="([^"]*)"', options)
        assert first
        found[name] = (selected or first)[1]
    return {name: unescape(value) for name, value in found.items()}


def selected(page: httpx.Response) -> str:
    """The id of the selected row."""
    found = re.search(r'class="row [\w-]+ selected" id="row-(\w+)"', page.text)
    return found[1] if found else ""


def sentence(page: httpx.Response) -> str:
    found = re.search(r'<h2 id="sentence">(S\d+)', page.text)
    return found[1] if found else ""


def problem(page: httpx.Response) -> str:
    found = re.search(r'<p class="problem"[^>]*>(.*?)</p>', page.text, re.DOTALL)
    return unescape(found[1]) if found else ""
