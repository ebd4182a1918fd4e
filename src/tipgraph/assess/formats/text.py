"""An assessment as plain text, for a person at a terminal."""

from tipgraph.assess.evaluate import Assessment
from tipgraph.assess.formats import wording
from tipgraph.assess.formats.outline import outline
from tipgraph.render import sections


def text(assessment: Assessment) -> str:
    """The whole assessment."""
    answer = assessment.answer
    return sections.text([wording.notice(answer), answer.source.page], outline(assessment))
