"""Our parsers accept their examples, and refuse damaged ones with an error of ours.

`make fuzz` looks for longer, led by coverage.
"""

import pytest
from hypothesis import given, settings

from tests.fuzz.mutate import CHANGES, Change, mutated
from tests.fuzz.parsers import PARSERS, accepts


@pytest.mark.parametrize("name", PARSERS)
def test_example_is_accepted(name: str) -> None:
    PARSERS[name].run(PARSERS[name].example)


@pytest.mark.parametrize("name", PARSERS)
@settings(deadline=None, max_examples=20)
@given(changes=CHANGES)
def test_damaged_example_ends_in_an_error_of_ours(name: str, changes: list[Change]) -> None:
    accepts(name, mutated(PARSERS[name].example, changes))
