"""Tables of tests in YAML, which are read in each worker before the first test."""

from pathlib import Path
from typing import Any

import yaml

# libyaml takes a fifth of the time; PyYAML may have been built without it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(file: Path) -> Any:
    """The content of a file."""
    return yaml.load(file.read_text(encoding="utf-8"), LOADER)
