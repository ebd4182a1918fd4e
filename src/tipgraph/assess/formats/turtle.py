"""An assessment as Turtle: the case, and each conclusion with what it rests on."""

from tipgraph.assess.evaluate import Assessment
from tipgraph.render import results


def turtle(assessment: Assessment) -> str:
    """The proof."""
    return results.graph(assessment.proof(), "turtle")
