"""Output for people and programs: rows, tables and sections."""

from collections.abc import Callable

from tipgraph.render.document import Document, markdown, text


def in_format(document: Document, style: str) -> str | bytes:
    """The document in a format: `text`, `markdown`, `html`, `docx` or `xlsx`.

    Raises UsageError when the library for the format is not installed.
    """
    return _WRITERS[style](document)


# Each imports a library that the other formats do not need.


def _html(document: Document) -> str:
    from tipgraph.render.page import html

    return html(document)


def _docx(document: Document) -> bytes:
    from tipgraph.render.word import docx

    return docx(document)


def _xlsx(document: Document) -> bytes:
    from tipgraph.render.workbook import xlsx

    return xlsx(document)


_WRITERS: dict[str, Callable[[Document], str | bytes]] = {
    "text": text,
    "markdown": markdown,
    "html": _html,
    "docx": _docx,
    "xlsx": _xlsx,
}
