"""A document for a spreadsheet (XLSX, XlsxWriter)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any

from tipgraph.entities.passages import NO_QUOTE
from tipgraph.errors import UsageError, not_installed
from tipgraph.render.document import CREATED, Cell, Document, Section, Table
from tipgraph.safe_text import printable, web_address
from tipgraph.text import SEPARATOR

ITEMS, NOTES = "Statements", "Notes and sources"
ITEM_COLUMNS = ("section", "lead", "text", "details", "place", "quote", "link")
# Limits of Excel: rows and links of a sheet, letters in a cell, an address and a sheet's name. It
# counts a letter beyond U+FFFF, such as an emoji, as two.
MOST_ROWS = 1_048_576
MOST_LINKS = 65_530
LONGEST_TEXT = 32_767
LONGEST_ADDRESS = 2_079
LONGEST_NAME = 31
# Characters that the name of a sheet may not contain; an apostrophe may not be at its ends.
NOT_IN_NAME = r"[\[\]:*?/\\]"
# The longest integer that a spreadsheet keeps without loss.
LARGEST = 10**15
WIDEST = 60


def xlsx(document: Document) -> bytes:
    """The document as an XLSX file, without its pictures.

    Raises UsageError when XlsxWriter is not installed, or a table has more rows than a sheet.
    """
    from datetime import datetime

    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise not_installed("XLSX needs XlsxWriter", "xlsx", "XlsxWriter") from None
    content = BytesIO()
    book = Workbook(content, {"in_memory": True})
    title = printable(document.title)[:255]
    book.set_properties({"title": title, "author": "tipgraph", "created": datetime(*CREATED)})
    names: set[str] = {NOTES.casefold()}
    for table in _tables(document):
        sheet = book.add_worksheet(_sheet_name(table.title, names))
        _fill(book, sheet, table.columns, table.rows)
    notes = [(Cell(kind), Cell(text), Cell(link)) for kind, text, link in _notes(document)]
    _fill(book, book.add_worksheet(NOTES), ("kind", "text", "link"), notes)
    book.close()
    return content.getvalue()


def _tables(document: Document) -> Iterator[Table]:
    for section in document.filled:
        yield from section.tables
    items = tuple(row for section in document.filled for row in _item_rows(section))
    if items:
        yield Table(ITEMS, ITEM_COLUMNS, items)


def _item_rows(section: Section) -> Iterator[tuple[Cell, ...]]:
    for item in section.items:
        texts = (
            section.title,
            item.lead,
            item.line,
            SEPARATOR.join([*item.details, *item.caveats]),
            SEPARATOR.join(dict.fromkeys(each.place for each in item.passages)),
            SEPARATOR.join(each.exact or NO_QUOTE for each in item.passages),
            SEPARATOR.join(dict.fromkeys(each.link for each in item.passages)),
        )
        yield tuple(map(Cell, texts))


def _notes(document: Document) -> Iterator[tuple[str, str, str]]:
    yield "title", document.title, document.page
    yield from (("note", each, "") for each in document.head)
    for section in document.filled:
        yield from ((section.title, each, "") for each in section.paragraphs)
        yield from (("chart", f"{e.title}. {e.description}", "") for e in section.pictures)
    for section in document.filled:
        for table in section.tables:
            for column, meaning in table.meanings.items():
                yield "column", f"{column}: {meaning}", ""
    yield from (("source", each.text, each.link) for each in document.sources)


def _fill(book: Any, sheet: Any, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a heading and rows; the heading stays in sight, and columns are as wide as needed."""
    heading = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    link = book.add_format({"valign": "top", "font_color": "#0b4f8a", "underline": 1})
    widths = [len(each) for each in columns]
    links = 0
    for position, column in enumerate(columns):
        sheet.write_string(0, position, printable(column), heading)
    for number, row in enumerate(rows, start=1):
        if number == MOST_ROWS:
            raise UsageError(f"a sheet has {MOST_ROWS:,} rows at most; ask for less, or for CSV")
        for position, cell in enumerate(row):
            widths[position] = max(widths[position], len(cell.text))
            is_link = links < MOST_LINKS and _is_link(cell)
            links += is_link
            _write(sheet, number, position, cell, wrapped, link if is_link else None)
    for position, width in enumerate(widths):
        sheet.set_column(position, position, min(width, WIDEST) + 2)
    sheet.freeze_panes(1, 0)


def _is_number(cell: Cell) -> bool:
    return cell.number is not None and -LARGEST < float(cell.number) < LARGEST


def _is_link(cell: Cell) -> bool:
    is_short = _length(cell.link) <= LONGEST_ADDRESS
    return bool(cell.text and web_address(cell.link) and is_short) and not _is_number(cell)


def _write(sheet: Any, row: int, column: int, cell: Cell, wrapped: Any, link: Any) -> None:
    """Write a cell; `link` is the format of a link, None where it is to be text."""
    text = printable(cell.text)
    if _length(text) > LONGEST_TEXT:
        raise UsageError(
            f"a cell has {LONGEST_TEXT:,} characters at most; ask for less, or for CSV"
        )
    if _is_number(cell):
        sheet.write_number(row, column, cell.number, wrapped)
    elif link:
        sheet.write_url(row, column, cell.link, link, text)
    elif text:
        sheet.write_string(row, column, text, wrapped)


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that no other sheet has, whatever its case."""
    words = re.sub(NOT_IN_NAME, " ", printable(title)).split()
    name = unique = _cut(" ".join(words), LONGEST_NAME).strip("' ") or "Sheet"
    number = 1
    while unique.casefold() in taken:
        number += 1
        ending = f" {number}"
        unique = _cut(name, LONGEST_NAME - len(ending)) + ending
    taken.add(unique.casefold())
    return unique


def _length(text: str) -> int:
    """Return the letters of a text as Excel counts them."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text with so many letters, as Excel counts them, at most."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", errors="ignore")
