"""The commands of the pages run as a user's do: with the user's cache."""

import pytest


@pytest.fixture(autouse=True)
def cache() -> None:
    """No cache of the test's own."""
