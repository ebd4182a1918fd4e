"""A document for a word processor (DOCX, python-docx)."""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tipgraph.errors import not_installed
from tipgraph.render.document import Cell, Document, Item, Section, Table
from tipgraph.safe_text import printable, web_address

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
# Inches between the margins of a page of Letter size.
WIDTH = 6.0


def docx(document: Document) -> bytes:
    """The document as a DOCX file; its pictures have to be PNG.

    Raises UsageError when python-docx is not installed.
    """
    try:
        from docx import Document as word_document
    except ImportError:
        raise not_installed("DOCX needs python-docx", "docx", "python-docx") from None
    word = word_document()
    word.core_properties.title = printable(document.title)[:255]
    word.core_properties.author = "tipgraph"
    word.add_heading(printable(document.title), 0)
    for paragraph in (*document.head, *filter(None, [document.page])):
        word.add_paragraph(printable(paragraph))
    for section in document.filled:
        _add_section(word, section)
    content = BytesIO()
    word.save(content)
    return content.getvalue()


def _add_section(word: Any, section: Section) -> None:
    from docx.shared import Inches

    word.add_heading(printable(section.title), 1)
    for text in section.paragraphs:
        word.add_paragraph(printable(text))
    for item in section.items:
        _add_item(word, item, section.caveat_numbers(item))
    for picture in section.pictures:
        shape = word.add_picture(BytesIO(picture.content), width=Inches(WIDTH))
        properties = shape._inline.docPr
        properties.set("title", printable(picture.title))
        properties.set("descr", printable(picture.description))
        word.add_paragraph(printable(picture.title), style="Caption")
    for shared, table in section.condensed:
        _add_table(word, shared, table)
    for caveat, number in section.caveats.items():
        word.add_paragraph(f"[{number}] {printable(caveat)}")


def _add_item(word: Any, item: Item, caveats: Iterable[int]) -> None:
    paragraph = word.add_paragraph(style="List Bullet")
    if item.lead:
        paragraph.add_run(f"{printable(item.lead)}: ").bold = True
    marks = "".join(f" [{number}]" for number in caveats)
    paragraph.add_run(f"{printable(item.line)}{marks}")
    for passage in item.passages:
        paragraph.add_run(" ")
        _add_text(paragraph, passage.place, passage.link)
        paragraph.add_run(f" {printable(passage.words)}")
    for detail in item.details:
        word.add_paragraph(printable(detail), style="List Bullet 2")


def _add_table(word: Any, shared: Iterable[tuple[str, Cell]], table: Table) -> None:
    word.add_paragraph(printable(table.title), style="Caption")
    for column, cell in shared:
        if cell.text:
            paragraph = word.add_paragraph(f"{column.replace('_', ' ')}: ")
            _add_text(paragraph, cell.shown, cell.link)
    grid = word.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    for cell, column in zip(grid.rows[0].cells, table.columns, strict=True):
        cell.paragraphs[0].add_run(column.replace("_", " ")).bold = True
    for row in table.rows:
        for place, cell in zip(grid.add_row().cells, row, strict=True):
            _add_text(place.paragraphs[0], cell.shown, cell.link)
            for number, link in enumerate(cell.also, start=2):
                _add_text(place.paragraphs[0], f" [{number}]", link)


def _add_text(paragraph: "Paragraph", text: str, link: str) -> None:
    """Add a text, as a link if it has an address of the web."""
    if not web_address(link):
        paragraph.add_run(printable(text))
        return
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    hyperlink = OxmlElement("w:hyperlink")
    hyperlink.set(qn("r:id"), paragraph.part.relate_to(link, LINK, is_external=True))
    run = paragraph.add_run(printable(text))
    run.font.underline = True
    hyperlink.append(run._r)
    paragraph._p.append(hyperlink)
