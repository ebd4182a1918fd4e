"""Gaps: non-reports, and that there were no reports, which is another thing."""

from collections.abc import Iterator, Sequence

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.gaps.absences import absence_at
from tipgraph_draft.grammar.gaps.clauses import GapSentence
from tipgraph_draft.grammar.gaps.non_reports import non_reports_at
from tipgraph_draft.number_classes import NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.tokens import Sentence


def read_gaps(
    sentence: Sentence, found: Sequence[Numeral], classes: Sequence[NumberClass]
) -> list[Finding]:
    """The non-reports and absences of reports in a sentence."""
    return [*_gaps(GapSentence(sentence, found, classes))]


def _gaps(sentence: GapSentence) -> Iterator[Finding]:
    after = 0
    for at in range(len(sentence.tokens)):
        if at < after:
            continue
        found = non_reports_at(sentence, at) or absence_at(sentence, at)
        if found:
            yield from found
            after = max(each.last for each in found) + 1
