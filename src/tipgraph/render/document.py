"""A document for people: sections of paragraphs, pictures, tables and items.

What a command shows becomes one document; plain text and Markdown are written here, pages, Word
documents and workbooks by the modules beside this one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import chain, groupby
from textwrap import wrap
from typing import NamedTuple

from tipgraph.entities.passages import Highlighted, Passage
from tipgraph.render import terminal
from tipgraph.render.terminal import is_styled
from tipgraph.safe_text import markdown as as_markdown
from tipgraph.safe_text import markdown_link, visible, web_address
from tipgraph.text import SEPARATOR, duration, one_line

# Characters of no width that no text needs: invisible times, invisible separator.
MARKS = ("\u2062", "\u2063")
BOLD, NOT_BOLD = "\x1b[1m", "\x1b[22m"


def for_terminal(text: Highlighted) -> str:
    """The text on one line, for a terminal that `is_styled`: bold where it is highlighted."""
    return _in_bold(_marked(text, *MARKS))


def _in_bold(drawn: str) -> str:
    before, after = terminal.styled(BOLD), terminal.styled(NOT_BOLD)
    return drawn.replace(MARKS[0], before).replace(MARKS[1], after)


def _marked(text: Highlighted, before: str, after: str) -> str:
    """The text on one line, with marks around what is highlighted, and no such marks of its own."""
    plain = replace(text, text=re.sub("|".join(MARKS), " ", text.text))
    parts = (f"{before}{part}{after}" if is_in else part for part, is_in in plain.parts)
    return one_line("".join(parts))


WIDTH = 100
# From here on the digits of a number are in groups.
LONG_NUMBER = 10_000
# The date in every file of an office program, so that equal documents give equal bytes.
CREATED = (1980, 1, 1)
WORDS = {"true": "yes", "false": "no"}
# The most caveats that a page shows with its headline.
MOST_AHEAD = 2


def in_words(text: str) -> str:
    """The text of a value for people: `yes` for `true`, `45 days` for `P45D`."""
    return WORDS.get(text) or duration(text)


def separate(cell: str) -> list[str]:
    """The texts of a cell that has several."""
    return [text for text in cell.split(SEPARATOR) if text]


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, the address that it leads to, and its value if a number.

    `iri` is the thing that it names, if any; what browses the graph links it to the thing's page.
    `qualifier` is what the source says before a number, and `unit` is a sign after it. `also` has
    further addresses, where a place has several quotes.
    """

    text: str
    link: str = ""
    number: int | float | Decimal | None = None
    iri: str = ""
    qualifier: str = ""
    unit: str = ""
    also: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The text for people: `427,000`, `more than 130`, `66 %`, `yes`, `45 days`."""
        is_long = self.number is not None and abs(float(self.number)) >= LONG_NUMBER
        text = f"{self.number:,}" if is_long else in_words(self.text)
        return " ".join(filter(None, [self.qualifier, text, self.unit]))


class Head(NamedTuple):
    """The head of a column, and what its cells contain."""

    column: str
    is_optional: bool
    has_notes: bool
    has_numbers: bool


@dataclass(frozen=True)
class Table:
    """Rows under their columns; `meanings` describes columns, `title` says what the rows are.

    `notes` is the column of texts to know before using a row, if there is one. A page shows the
    `optional` columns on demand.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    meanings: Mapping[str, str] = field(default_factory=dict)
    notes: str = ""
    optional: frozenset[str] = frozenset()

    def only(self, columns: Sequence[str]) -> "Table":
        """These columns alone, in this order."""
        positions = [self.columns.index(name) for name in columns]
        rows = tuple(tuple(row[i] for i in positions) for row in self.rows)
        meanings = {name: text for name, text in self.meanings.items() if name in columns}
        return replace(self, columns=tuple(columns), rows=rows, meanings=meanings)

    @property
    def unlinked(self) -> "Table":
        """The table for plain text, where cells that differ in links are equal."""
        rows = tuple(tuple(replace(cell, link="") for cell in row) for row in self.rows)
        return replace(self, rows=rows)

    @property
    def numbers(self) -> list[int]:
        """The positions of the columns that have numbers and no other text."""
        columns = zip(*self.rows, strict=True) if self.rows else ()
        return [
            position
            for position, cells in enumerate(columns)
            if any(each.text for each in cells)
            and all(each.number is not None or not each.text for each in cells)
        ]

    @property
    def heads(self) -> list[Head]:
        """The columns, each with what its cells contain."""
        numbers = self.numbers
        return [
            Head(name, name in self.optional, name == self.notes, position in numbers)
            for position, name in enumerate(self.columns)
        ]

    def condensed(self, notes: Mapping[str, int]) -> "CondensedTable":
        """The table for a reader, to whom a wide one is no use; `notes` has the number of each."""
        shared = self._shared
        rest = [i for i, name in enumerate(self.columns) if name not in dict(shared)]

        def cell(row: tuple[Cell, ...], position: int) -> Cell:
            if self.columns[position] != self.notes:
                return row[position]
            numbers = sorted(notes[text] for text in separate(row[position].text))
            return Cell(", ".join(map(str, numbers)))

        rows = tuple(tuple(cell(row, position) for position in rest) for row in self.rows)
        return CondensedTable(
            shared, replace(self, columns=tuple(self.columns[i] for i in rest), rows=rows)
        )

    @property
    def noted(self) -> Iterator[str]:
        """The texts of the column of notes, in the order of the rows."""
        if self.notes not in self.columns:
            return
        position = self.columns.index(self.notes)
        for row in self.rows:
            yield from separate(row[position].text)

    @property
    def _shared(self) -> list[tuple[str, Cell]]:
        """The columns in which all of several rows have the same text and link, with the cell.

        That of notes is none of them, unless it is empty.
        """
        if len(self.rows) < 2:
            return []
        columns = zip(self.columns, zip(*self.rows, strict=True), strict=True)
        return [
            (name, cells[0])
            for name, cells in columns
            if len({(each.text, each.link) for each in cells}) == 1
            and (name != self.notes or not cells[0].text)
        ]


class CondensedTable(NamedTuple):
    """A table without columns whose rows all have one value, and with numbers for its notes.

    `shared` has those columns.
    """

    shared: list[tuple[str, Cell]]
    table: Table


@dataclass(frozen=True)
class Picture:
    """A picture as the content of an SVG or PNG file, with a title and all that it shows.

    `chart` is the name of the chart that it is, if any, and `parameters` are those of its query.
    """

    title: str
    description: str
    content: bytes
    format: str
    chart: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """A line with its details and the passages that support it; `lead` is a keyword ahead.

    `texts` are sentences of the passages, where they are known and wanted. `iri` is the thing that
    the line is about, if any, and `name` the beginning of the line that names it, if not all of it
    does; `parts` are the things that the line consists of, if it lists some. `caveats` are texts to
    know before using the line, which its section lists once each.
    """

    line: str
    lead: str = ""
    details: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    texts: tuple[Highlighted, ...] = ()
    iri: str = ""
    name: str = ""
    parts: tuple[Cell, ...] = ()
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A title over paragraphs, items, pictures, tables and caveats, in this order.

    A page shows the title of a `folded` section, and its content on demand. With `has_headline`,
    the first item is what the page is opened for.
    """

    title: str
    items: tuple[Item, ...] = ()
    paragraphs: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: bool = False
    has_headline: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.items or self.paragraphs or self.pictures or self.tables)

    @cached_property
    def caveats(self) -> dict[str, int]:
        """The distinct caveats of the items and the tables, each with its number."""
        texts = chain(
            (text for item in self.items for text in item.caveats),
            (text for table in self.tables for text in table.noted),
        )
        return {text: number for number, text in enumerate(dict.fromkeys(texts), start=1)}

    @property
    def condensed(self) -> list[CondensedTable]:
        """The tables for a reader, with the numbers of their caveats."""
        notes = self.caveats
        return [table.condensed(notes) for table in self.tables]

    def caveat_numbers(self, item: Item) -> list[int]:
        """The numbers of the caveats of an item."""
        return sorted({self.caveats[text] for text in item.caveats})

    @property
    def headline_caveats(self) -> list[str]:
        """The first caveats of the headline, which a page shows with it."""
        numbers = self.caveat_numbers(self.items[0]) if self.has_headline and self.items else []
        return [*self.caveats][: min(len(numbers), MOST_AHEAD)]

    @property
    def is_list_of_properties(self) -> bool:
        """Return whether each item lists things, or has quotes alone, under its keyword."""
        return bool(self.items) and all(e.lead and (e.parts or not e.line) for e in self.items)


@dataclass(frozen=True)
class Document:
    """A title, paragraphs to read first, and sections.

    `page` is the address of the source if it is one page; `sources` name all, with addresses.
    """

    title: str
    head: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    page: str = ""
    sources: tuple[Cell, ...] = ()

    @property
    def filled(self) -> tuple[Section, ...]:
        """The sections that have content."""
        return tuple(each for each in self.sections if not each.is_empty)


def text(document: Document, is_compact: bool = False) -> str:
    """The document as plain text, for a person at a terminal.

    The numbered addresses of passages follow at the end. A compact text has no empty lines, no
    address of the source, and a single line after its title.
    """
    lines = [line for each in document.head for line in wrap(each, WIDTH, break_long_words=False)]
    lines += [document.page] if document.page and not is_compact else []
    gap = [] if is_compact else [""]
    numbers: dict[str, int] = {}
    for section in document.filled:
        content = list(_section_text(section, numbers))
        lines += [*gap, section.title, *content]
        if is_compact and len(content) == 1 and len(lines[-2]) + len(lines[-1]) <= WIDTH:
            lines[-2:] = [f"{section.title}: {content[0].strip()}"]
    if document.sources:
        lines += [
            *gap,
            "Sources",
            *(f"  {' '.join(filter(None, [e.text, e.link]))}" for e in document.sources),
        ]
    if numbers:
        lines += [*gap, "Addresses", *(f"  [{n}] {link}" for link, n in numbers.items())]
    return "\n".join(lines) + "\n"


def section_text(section: Section, has_titles: bool) -> str:
    """The content of a section as plain text, without its title, and with those of its tables."""
    return "".join(f"{line}\n" for line in _section_text(section, {}, has_titles))


def markdown(document: Document) -> str:
    """The document as Markdown, for a file or a message."""
    head = as_markdown(" ".join(document.head))
    page = f"<{document.page}>" if web_address(document.page) else as_markdown(document.page)
    lines = [f"# {as_markdown(document.title)}", "", f"> {head} {page}".rstrip()]
    for section in document.filled:
        lines += ["", f"## {as_markdown(section.title)}", "", *_section_markdown(section)]
    if document.sources:
        lines += ["", "## Sources", "", *(f"- {_cell_markdown(each)}" for each in document.sources)]
    return "\n".join(lines) + "\n"


def _section_text(
    section: Section, numbers: dict[str, int], has_titles: bool = False
) -> Iterator[str]:
    for paragraph in section.paragraphs:
        yield from _wrapped(paragraph, 2)
    if section.is_list_of_properties:
        width = max(len(each.lead) for each in section.items)
        for item in section.items:
            quotes = ", ".join(_quotes(item, numbers))
            yield f"  {item.lead:{width}}  {one_line(item.line or quotes)}"
            yield from _sentences(item)
    else:
        for item in section.items:
            yield from _item_text(_with_caveats(section, item), numbers)
    for picture in section.pictures:
        yield from _wrapped(picture.description, 2)
    if not section.tables:
        for caveat, number in section.caveats.items():
            yield from _wrapped(f"caveat {number}: {caveat}", 2)
        return
    # Drawing a table takes an import that other documents do not pay for.
    from tipgraph.render import tables

    unlinked = replace(section, tables=tuple(each.unlinked for each in section.tables))
    for position, (shared, table) in enumerate(unlinked.condensed):
        yield from [""] if position else []
        yield from [visible(table.title), ""] if has_titles else []
        ahead = [(name, cell.text) for name, cell in shared]
        rows = [[cell.text for cell in row] for row in table.rows]
        yield from tables.condensed(ahead, table.columns, rows, table.numbers).splitlines()
    if section.caveats:
        named = ((f"caveat {number}", text) for text, number in section.caveats.items())
        yield from ["", *tables.fields(named).splitlines()]


def _with_caveats(section: Section, item: Item) -> Item:
    """The item with the numbers of its caveats at the end of its line."""
    numbers = [str(each) for each in section.caveat_numbers(item)]
    if not numbers:
        return item
    word = "caveats" if numbers[1:] else "caveat"
    return replace(item, line=f"{item.line} ({word} {', '.join(numbers)})")


def _item_text(item: Item, numbers: dict[str, int]) -> Iterator[str]:
    lead = f"{item.lead.upper()}  " if item.lead else ""
    yield from _wrapped(lead + item.line, 2)
    for detail in item.details:
        yield from _wrapped(detail, 6)
    for quote in _quotes(item, numbers):
        yield from _wrapped(quote, 6)
    yield from _sentences(item)


def _quotes(item: Item, numbers: dict[str, int]) -> Iterator[str]:
    """Each place with its quotes, and the number of its address."""
    for (place, _), quoted in groupby(item.passages, key=lambda each: (each.place, each.page)):
        passages = list(quoted)
        quotes = ", ".join(each.quoted for each in passages if each.quoted)
        number = numbers.setdefault(passages[0].link, len(numbers) + 1)
        yield f"{f'{place} {quotes}'.rstrip()} [{number}]"


def _sentences(item: Item) -> Iterator[str]:
    # Styling has no width, as the marks that stand for it until the lines are wrapped.
    marks, drawn = (MARKS, _in_bold) if is_styled() else (("[", "]"), str)
    for text in item.texts:
        yield from map(drawn, _wrapped(f"“{_marked(text, *marks)}”", 6))


def _wrapped(line: str, indent: int) -> list[str]:
    first, rest = " " * indent, " " * (indent + 2)
    return wrap(line, WIDTH, initial_indent=first, subsequent_indent=rest)


def _section_markdown(section: Section) -> Iterator[str]:
    """The blocks of a section, with an empty line between two."""
    blocks = [
        *([as_markdown(each)] for each in section.paragraphs),
        [line for item in section.items for line in _item_markdown(_with_caveats(section, item))],
        *([as_markdown(f"{each.title}. {each.description}")] for each in section.pictures),
        *(list(_table_markdown(*each)) for each in section.condensed),
        [f"{number}. {as_markdown(caveat)}" for caveat, number in section.caveats.items()],
    ]
    for position, block in enumerate(filter(None, blocks)):
        yield from ([""] if position else [])
        yield from block


def _table_markdown(shared: Iterable[tuple[str, Cell]], table: Table) -> Iterator[str]:
    yield from (f"**{as_markdown(table.title)}**", "")
    for name, cell in shared:
        if cell.text:
            yield from (f"{as_markdown(name.replace('_', ' '))}: {_cell_markdown(cell)}", "")
    yield _row_markdown(as_markdown(name.replace("_", " ")) for name in table.columns)
    numbers = table.numbers
    yield _row_markdown("---:" if i in numbers else "---" for i in range(len(table.columns)))
    for row in table.rows:
        yield _row_markdown(map(_cell_markdown, row))


def _row_markdown(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell_markdown(cell: Cell) -> str:
    text = as_markdown(cell.shown)
    further = (markdown_link(f"{number}", link) for number, link in enumerate(cell.also, start=2))
    return " ".join([markdown_link(text, cell.link), *further]) if cell.link and text else text


def _item_markdown(item: Item) -> Iterator[str]:
    lead = f"**{as_markdown(item.lead)}**:" if item.lead else ""
    links = (markdown_link(as_markdown(p.named), p.link) for p in item.passages)
    yield " ".join(filter(None, ["-", lead, as_markdown(item.line), *links]))
    yield from (f"  - {as_markdown(detail)}" for detail in item.details)
