"""The command: what it needs, and where it listens."""

import socket
import sys

import pytest

from tests.conftest import Run
from tipgraph.explorer.app import Settings


def test_missing_extra_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    outcome = run("serve")

    assert outcome.code == 2
    assert outcome.err.startswith(
        "tipgraph: pages for a browser need Starlette and uvicorn; run pip install"
    )
    assert outcome.err.count("\n") == 1


def test_host_that_others_reach_has_a_warning(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []
    monkeypatch.setattr(
        "tipgraph.explorer.server.serve", lambda graph, settings, *_: served.append(settings)
    )

    assert run("serve").err == ""
    assert run("serve", "--host", "::1").err == ""
    assert "other machines can reach 0.0.0.0" in run("serve", "--host", "0.0.0.0").err
    assert "texts that you attached" in run("serve", "--host", "0.0.0.0", "--with-text").err
    assert [each.with_text for each in served] == [False, False, False, True]
    assert [each.host for each in served[:3]] == ["127.0.0.1", "::1", "0.0.0.0"]
    assert run("serve", "--port", "70000").code == 2


def test_port_that_is_taken_is_one_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = run("serve", "--port", port)

    assert outcome.code == 4
    assert f"cannot listen on http://127.0.0.1:{port}/" in outcome.err
    assert outcome.err.count("\n") == 1
    assert run("serve", "--host", "no-such-host.invalid").code == 4
    assert run("serve", "--host", "../../etc/passwd").code == 2
