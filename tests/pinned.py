"""A small edition with a pinned text, and the difference that a message names."""

import re
from ast import literal_eval

from pyoxigraph import RdfFormat, Store

from tipgraph.editions.pin import PinnedText
from tipgraph.editions.turtle import declarations
from tipgraph.namespaces import ID
from tipgraph.store.engine import Embedded

# The message on the one character that differs.
LITERAL = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
PLACE = r"line (\d+), column (\d+): (?:before it, )?"
TOO_MANY = re.compile(f"{PLACE}{LITERAL} is one character too many")
MISSING = re.compile(f"{PLACE}{LITERAL} is missing")
INSTEAD = re.compile(f"{PLACE}{LITERAL} instead of {LITERAL}")


def turtle(text: str) -> str:
    """An edition `a` with this text, pinned as `tipgraph new` pins it."""
    pinned = PinnedText(text)
    node = (
        'id:a a tip:Edition ; rdfs:label "An edition" .'
        " a:text a tip:SourceText ; tip:edition id:a ; tip:page <https://example.org/> ;"
        f' tip:sha256 "{pinned.sha256}" ; tip:codePoints {len(text)} .'
    )
    body = f"{node}\n{pinned.turtle('a')}"
    return f"{declarations(body, {'a': f'{ID}a/'})}\n{body}"


def engine_with(text: str) -> Embedded:
    """The graph of that edition."""
    store = Store()
    store.load(turtle(text).encode(), RdfFormat.TURTLE)
    return Embedded(store)


def corrected(text: str, message: str) -> str:
    """The text after the one change that the message names is undone.

    Raises ValueError where it names none, or names a character that is not there.
    """
    for pattern, has_wrong, has_right in (
        (TOO_MANY, True, False),
        (MISSING, False, True),
        (INSTEAD, True, True),
    ):
        if found := pattern.search(message):
            line, column, *literals = found.groups()
            characters: list[str] = [literal_eval(each) for each in literals]
            lines = text.split("\n")
            offset = sum(len(each) + 1 for each in lines[: int(line) - 1]) + int(column) - 1
            wrong, right = characters[0] * has_wrong, characters[-1] * has_right
            if not text.startswith(wrong, offset):
                raise ValueError(f"{wrong!r} is not at {offset}: {message}")
            return text[:offset] + right + text[offset + len(wrong) :]
    raise ValueError(f"no character is named: {message}")
