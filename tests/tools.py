"""Foreign tools that `make tools` puts into .tools/, beside which ours are tested."""

import os
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[1] / ".tools"


def needs(tool: str) -> pytest.MarkDecorator:
    """Skip where the tool is not in the folder; in CI it must be there."""
    missing = not ((TOOLS / tool).exists() or "CI" in os.environ)
    return pytest.mark.skipif(missing, reason=f"{tool} is not in .tools; run 'make tools'")
