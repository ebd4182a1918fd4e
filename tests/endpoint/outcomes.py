"""Assertions about the outcome of a command."""

from tests.conftest import Outcome


def assert_refused(outcome: Outcome, code: int, *parts: str) -> None:
    """The command ended with this code and one line, which contains all parts."""
    assert outcome.code == code, outcome
    assert outcome.err.startswith("tipgraph: ")
    assert outcome.err.count("\n") == 1
    for part in parts:
        assert part in outcome.err
