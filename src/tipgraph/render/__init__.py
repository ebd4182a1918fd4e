"""Output for people and programs: rows, tables and sections."""

from collections.abc import Callable

from tipgraph.render.document import Document, markdown, text
from tipgraph.render.page import html
from tipgraph.render.word import docx
from tipgraph.render.workbook import xlsx

# Each imports the library that it needs when it is called.
_WRITERS: dict[str, Callable[[Document], str | bytes]] = {
    "text": text,
    "markdown": markdown,
    "html": html,
    "docx": docx,
    "xlsx": xlsx,
}


def in_format(document: Document, style: str) -> str | bytes:
    """The document in a format: `text`, `markdown`, `html`, `docx` or `xlsx`.

    Raises UsageError when the library for the format is not installed.
    """
    return _WRITERS[style](document)
