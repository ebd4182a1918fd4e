"""An assessment as Markdown, for a file or a message."""

from tipgraph import outline
from tipgraph.assessment.formats import wording
from tipgraph.assessment.formats.outline import outline as sections
from tipgraph.assessment.inquiry import Assessment


def markdown(assessment: Assessment) -> str:
    """The whole assessment."""
    answer = assessment.answer
    head = f"{wording.notice(answer)} <{answer.source.page}>"
    return outline.markdown(head, sections(assessment))
