"""An assessment as Turtle: the case, and each conclusion with what it rests on."""

from tipgraph import results
from tipgraph.assessment.inquiry import Assessment


def turtle(assessment: Assessment) -> str:
    """The proof."""
    return results.graph(assessment.proof(), "turtle")
