"""What the page on CI shows: its blocks, by language and by the file that they are for."""

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


class Shown(NamedTuple):
    """A command, and what the page says that it prints; nothing where the page is silent."""

    command: str
    output: str


def blocks(language: str) -> list[str]:
    """The contents of the fenced blocks of a language."""
    return [content for name, content in BLOCK.findall(TEXT) if name == language]


def sessions() -> list[list[Shown]]:
    """What a reader types, block by block."""
    return [[Shown(*found) for found in COMMAND.findall(block)] for block in blocks("console")]


def files() -> dict[str, str]:
    """The YAML blocks that name the file they belong into."""
    named = {block: FILE.match(block) for block in blocks("yaml")}
    return {found[1]: block for block, found in named.items() if found}


def parsed(file: str) -> Any:
    """What the file that the page shows holds."""
    return yaml.safe_load(files()[file])


def inline() -> list[str]:
    """The code within the running text."""
    return re.findall(r"`([^`\n]+)`", BLOCK.sub("", TEXT))
