"""An assessment as Markdown, for a file or a message."""

from tipgraph.assess.evaluate import Assessment
from tipgraph.assess.formats import wording
from tipgraph.assess.formats.outline import outline
from tipgraph.render import sections


def markdown(assessment: Assessment) -> str:
    """The whole assessment."""
    answer = assessment.answer
    head = f"{wording.notice(answer)} <{answer.source.page}>"
    return sections.markdown(head, outline(assessment))
