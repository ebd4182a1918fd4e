"""An assessment as plain text, for a person at a terminal."""

from tipgraph import outline
from tipgraph.assessment.formats import wording
from tipgraph.assessment.formats.outline import outline as sections
from tipgraph.assessment.inquiry import Assessment


def text(assessment: Assessment) -> str:
    """The whole assessment."""
    answer = assessment.answer
    return outline.text([wording.notice(answer), answer.source.page], sections(assessment))
