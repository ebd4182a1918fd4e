"""An assessment as plain text, for a person at a terminal."""

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap

from tipgraph.assessment.formats import wording
from tipgraph.assessment.formats.outline import Item, outline
from tipgraph.assessment.inquiry import Assessment

WIDTH = 100


def text(assessment: Assessment) -> str:
    """The whole assessment."""
    return "\n".join(_lines(assessment)) + "\n"


def _lines(assessment: Assessment) -> Iterator[str]:
    yield from wrap(wording.notice(assessment.answer), WIDTH)
    yield assessment.answer.source.page
    for section in outline(assessment):
        yield from ("", section.title)
        for item in section.items:
            yield from _item(item)


def _item(item: Item) -> Iterator[str]:
    lead = f"{item.lead.upper()}  " if item.lead else ""
    yield from _wrapped(lead + item.line, 2)
    for detail in item.details:
        yield from _wrapped(detail, 6)
    for place, quoted in groupby(item.passages, key=lambda passage: passage.place):
        passages = list(quoted)
        quotes = ", ".join(passage.quoted or passage.place for passage in passages)
        yield from _wrapped(f"{place} {quotes}", 6)
        yield f"          {passages[0].link}"


def _wrapped(line: str, indent: int) -> list[str]:
    first, rest = " " * indent, " " * (indent + 2)
    return wrap(line, WIDTH, initial_indent=first, subsequent_indent=rest)
