"""How a command line may end."""

from tests.conftest import Outcome


def assert_refused(outcome: Outcome, code: int, *told: str) -> None:
    """It ended with this code and one line that says all of this."""
    assert outcome.code == code, outcome
    assert outcome.err.startswith("tipgraph: ")
    assert outcome.err.count("\n") == 1
    for each in told:
        assert each in outcome.err
