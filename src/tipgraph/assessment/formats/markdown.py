"""An assessment as Markdown, for a file or a message."""

from collections.abc import Iterator

from tipgraph.assessment.formats import wording
from tipgraph.assessment.formats.outline import Item, outline
from tipgraph.assessment.inquiry import Assessment


def markdown(assessment: Assessment) -> str:
    """The whole assessment."""
    return "\n".join(_lines(assessment)) + "\n"


def _lines(assessment: Assessment) -> Iterator[str]:
    answer = assessment.answer
    yield f"> {wording.notice(answer)} <{answer.source.page}>"
    for section in outline(assessment):
        yield from ("", f"## {section.title}", "")
        for item in section.items:
            yield from _item(item)


def _item(item: Item) -> Iterator[str]:
    lead = f"**{item.lead}**: " if item.lead else ""
    links = "".join(f" [{p.named}]({p.link})" for p in item.passages)
    yield f"- {lead}{item.line}{links}"
    yield from (f"  - {detail}" for detail in item.details)
