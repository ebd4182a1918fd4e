"""The command: what it needs, where it listens, and that it shows no attached text."""

import socket
import sys
from pathlib import Path

import pytest

import tipgraph
from tests.conftest import Run
from tests.explorer.conftest import Client
from tipgraph.explorer.app import Settings, application
from tipgraph.lookup.texts import attach

TEXT = Path(__file__).parents[3] / "shared/sources/tip-2021-belgium-protection.txt"


def test_missing_extra_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    outcome = run("serve")

    assert outcome.code == 2
    assert outcome.err.startswith("tipgraph: serve needs Starlette and uvicorn; run pip install")
    assert outcome.err.count("\n") == 1


def test_host_that_others_reach_has_a_warning(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []
    monkeypatch.setattr(
        "tipgraph.explorer.server.serve", lambda graph, settings, *_: served.append(settings)
    )

    assert run("serve").err == ""
    assert run("serve", "--host", "::1").err == ""
    assert "other machines can reach 0.0.0.0" in run("serve", "--host", "0.0.0.0").err
    assert [each.host for each in served] == ["127.0.0.1", "::1", "0.0.0.0"]
    assert run("serve", "--port", "70000").code == 2


def test_port_that_is_taken_is_one_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run("serve", "--port", port)

    assert outcome.code == 4
    assert f"cannot listen on http://127.0.0.1:{port}/" in outcome.err
    assert outcome.err.count("\n") == 1
    assert run("serve", "--host", "no-such-host.invalid").code == 4


@pytest.mark.skipif(not TEXT.exists(), reason="the source text is in ../shared, which is not here")
def test_pages_have_no_attached_text(shipped: tipgraph.LocalGraph, user_data: Path) -> None:
    attach(shipped.engine, "tip-2021-be", str(TEXT))
    client = Client(application(tipgraph.open(), Settings()))
    sentence = shipped.show("tip-2021-be/S30", with_text=True).text
    assert sentence
    words = max((part for part, is_quoted in sentence.parts if not is_quoted), key=len).strip()

    assert len(words) > 10
    for address in ("id/tip-2021-be/S30", "query/evidence?sentence=tip-2021-be/S30"):
        assert words not in client.get(f"/{address}").text
    phrase = words.replace(" ", "+")
    assert "nothing found for" in client.get(f"/-/search?q=%22{phrase}%22").text
