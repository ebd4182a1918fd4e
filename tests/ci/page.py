"""The contents of the page on CI: its code blocks, by language and by file name."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "ci"
TEXT = (ROOT / "docs" / "shacl-in-ci.md").read_text(encoding="utf-8")

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
FILE = re.compile(r"# (\S+)\n")


class Step(NamedTuple):
    """A command and its output on the page; empty where the page shows none."""

    command: str
    output: str


def blocks(language: str) -> list[str]:
    """The contents of the fenced blocks of a language."""
    return [content for name, content in BLOCK.findall(TEXT) if name == language]


def sessions() -> list[list[Step]]:
    """The commands of each console block."""
    return [[Step(*found) for found in COMMAND.findall(block)] for block in blocks("console")]


def files() -> dict[str, str]:
    """The YAML blocks that start with a file name, by that name."""
    named = {block: FILE.match(block) for block in blocks("yaml")}
    return {found[1]: block for block, found in named.items() if found}


def parsed(file: str) -> Any:
    """The parsed content of a file on the page."""
    return yaml.safe_load(files()[file])


def inline() -> list[str]:
    """The inline code."""
    return re.findall(r"`([^`\n]+)`", BLOCK.sub("", TEXT))
