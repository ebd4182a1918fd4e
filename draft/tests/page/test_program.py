"""`tipgraph review`: its options, and what it needs."""

import socket
import sys
from pathlib import Path

from tests.conftest import Run


def test_invalid_alias_is_one_line(run: Run, folder: Path) -> None:
    review = ("review", folder, "--text", folder.parent / "protection.txt")
    assert run(*review).code == 2
    outcome = run(*review, "--reviewer", "a;b")
    assert (outcome.code, "invalid alias 'a;b'" in outcome.err) == (2, True)
    assert outcome.err.count("\n") == 1


def test_program_needs_a_draft_a_free_port_and_the_extra(run, folder, monkeypatch):
    review = ("review", folder, "--text", folder.parent / "protection.txt", "--reviewer", "ml")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = run(*review, "--port", taken.getsockname()[1])
    assert outcome.code == 4
    assert outcome.err.endswith("; choose another --port\n")
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "uvicorn", None)
        outcome = run(*review)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "run pip install '.[explorer]'" in outcome.err
    file = folder / "draft/review.csv"
    file.write_bytes(file.read_bytes().replace(b",open,", b",ok,"))
    outcome = run(*review)
    assert outcome.code == 3
    assert "review.csv: line 2, column status: 'ok' is none of" in outcome.err
    file.unlink()
    assert "run 'tipgraph draft" in run(*review).err
