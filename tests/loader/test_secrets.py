"""No output of a load shows a secret, whatever the login and the response."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.loader.conftest import Lab
from tests.loader.steps import At
from tests.proxy import Exchange, Reply

SECRET = "s3cr3t-of-mine"
PAIR = base64.b64encode(f"me:{SECRET}".encode()).decode()
LOGINS = {
    "basic": {"TIPGRAPH_USER": "me", "TIPGRAPH_PASSWORD": SECRET},
    "digest": {"TIPGRAPH_USER": "me", "TIPGRAPH_PASSWORD": SECRET},
    "token": {"TIPGRAPH_TOKEN": SECRET},
}
CHALLENGES = {
    "basic": 'Basic realm="store"',
    "digest": 'Digest realm="store", nonce="abc", qop="auth", algorithm=MD5',
}

Echo = Callable[[Exchange, int], None]


def plainly(exchange: Exchange, code: int) -> None:
    """The request's headers in the answer's body, its credentials first."""
    answer(exchange, code, "text/plain", credentials_first(exchange))


def as_page(exchange: Exchange, code: int) -> None:
    """The same as a web page."""
    answer(exchange, code, "text/html", f"<html><body><pre>{credentials_first(exchange)}</pre>")


def in_one_line(exchange: Exchange, code: int) -> None:
    """The same as JSON."""
    answer(exchange, code, "application/json", repr(credentials_first(exchange)).replace("'", '"'))


def in_a_header(exchange: Exchange, code: int) -> None:
    """The credentials in the address of a redirect."""
    value = exchange.headers.get("Authorization", "")
    exchange.answer(Reply(code, b"", (("Location", f"/login?as={value}"),)))


def with_no_head(exchange: Exchange, code: int) -> None:
    """The request sent back, without a status line."""
    exchange.write(credentials_first(exchange).encode())


def credentials_first(exchange: Exchange) -> str:
    lines = [f"{name}: {value}" for name, value in exchange.headers.items()]
    return "\r\n".join(sorted(lines, key=lambda line: not line.startswith("Auth")))


def answer(exchange: Exchange, code: int, kind: str, text: str) -> None:
    exchange.answer(Reply(code, text.encode(), (("Content-Type", kind),)))


@pytest.mark.slow(reason="waits for a server or sends it much")
@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("place", ["detect", "put", "record"])
@pytest.mark.parametrize(
    ("echo", "code"),
    [
        *((plainly, code) for code in (200, 400, 401, 503)),
        (as_page, 500),
        (in_one_line, 400),
        (in_a_header, 302),
        (with_no_head, 0),
    ],
)
def test_secrets_that_a_server_echoes_are_masked(
    lab: Lab,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    login: str,
    place: str,
    echo: Echo,
    code: int,
) -> None:
    sent: set[str] = set()

    def fault(exchange: Exchange) -> None:
        credentials = exchange.headers.get("Authorization")
        sent.add(credentials or "")
        if credentials is None and login in CHALLENGES:
            exchange.answer(Reply(401, b"", (("WWW-Authenticate", CHALLENGES[login]),)))
        else:
            echo(exchange, code)

    for name, value in LOGINS[login].items():
        monkeypatch.setenv(name, value)
    lab.proxy.inject(fault, At(place))
    report = tmp_path / "report.json"

    outcome = lab.load("--report", report, "--verify", "full")

    written = outcome.out + outcome.err + (report.read_text() if report.exists() else "")
    proofs = re.findall(r'response="(\w+)"', " ".join(sent))
    assert place == "detect" or any(sent)
    assert outcome.code in (0, 4)
    for secret in (SECRET, PAIR, *proofs):
        assert secret not in written
