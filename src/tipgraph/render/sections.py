"""Sections of items, as plain text and as Markdown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from textwrap import wrap

from tipgraph.escape import markdown as as_markdown
from tipgraph.lookup.passages import Passage

WIDTH = 100


@dataclass(frozen=True)
class Item:
    """A line with its details and the passages that support it; `lead` is a keyword ahead."""

    line: str
    lead: str = ""
    details: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Section:
    """Items under a title."""

    title: str
    items: tuple[Item, ...] = field(default_factory=tuple)


def text(head: Iterable[str], sections: Iterable[Section], is_compact: bool = False) -> str:
    """The sections as plain text, for a person at a terminal.

    The numbered addresses of passages follow at the end. A compact text has no empty lines,
    and a single line after its title.
    """
    lines = [line for each in head for line in wrap(each, WIDTH, break_long_words=False)]
    gap = [] if is_compact else [""]
    numbers: dict[str, int] = {}
    for section in sections:
        items = [line for each in section.items for line in _text(each, numbers)]
        lines += [*gap, section.title, *items]
        if is_compact and len(items) == 1 and len(lines[-2]) + len(lines[-1]) <= WIDTH:
            lines[-2:] = [f"{section.title}: {items[0].strip()}"]
    if numbers:
        lines += [*gap, "Addresses", *(f"  [{n}] {link}" for link, n in numbers.items())]
    return "\n".join(lines) + "\n"


def markdown(head: str, sections: Iterable[Section], page: str = "") -> str:
    """The sections as Markdown, for a file or a message; `page` is a link after the head."""
    lines = [f"> {as_markdown(head)}{f' <{page}>' if page else ''}"]
    for section in sections:
        title = ("", f"## {as_markdown(section.title)}", "")
        lines += [*title, *(line for each in section.items for line in _markdown(each))]
    return "\n".join(lines) + "\n"


def _text(item: Item, numbers: dict[str, int]) -> Iterator[str]:
    lead = f"{item.lead.upper()}  " if item.lead else ""
    yield from _wrapped(lead + item.line, 2)
    for detail in item.details:
        yield from _wrapped(detail, 6)
    for (place, _), quoted in groupby(item.passages, key=lambda each: (each.place, each.page)):
        passages = list(quoted)
        quotes = ", ".join(each.quoted for each in passages if each.quoted)
        number = numbers.setdefault(passages[0].link, len(numbers) + 1)
        yield from _wrapped(f"{f'{place} {quotes}'.rstrip()} [{number}]", 6)


def _wrapped(line: str, indent: int) -> list[str]:
    first, rest = " " * indent, " " * (indent + 2)
    return wrap(line, WIDTH, initial_indent=first, subsequent_indent=rest)


def _markdown(item: Item) -> Iterator[str]:
    lead = f"**{as_markdown(item.lead)}**: " if item.lead else ""
    links = "".join(f" [{as_markdown(p.named)}]({p.link})" for p in item.passages)
    yield f"- {lead}{as_markdown(item.line)}{links}"
    yield from (f"  - {as_markdown(detail)}" for detail in item.details)
