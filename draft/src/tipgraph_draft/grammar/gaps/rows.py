"""Rows of what is not reported: one, or one for each year or group that the words name."""

from itertools import pairwise

from tipgraph_draft.candidate import Kind
from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.gaps.clauses import GapSentence
from tipgraph_draft.labels import labels_in
from tipgraph_draft.periods import NOT_STATED, Period
from tipgraph_draft.words import SPEECH, VERBS, stage, word_set

MAX_YEARS = 4
# The most words from the first of a gap to its verb, which has its stage.
MAX_STAGE = 14
BEFORE_PERIOD = word_set("rows_before_period")
BETWEEN_OBJECT_AND_PERIOD = {"in", ",", "during", "for", "the", "and"}
NOT_ANY = "did not report any: neither zero nor a count; a person decides"


def non_report_rows(
    sentence: GapSentence, verb: int, content: tuple[int, int], start: int, subject: str, rule: str
) -> list[Finding]:
    """The rows of a non-report from place `start` on, whose object is `content`."""
    begin, end = content
    stated = _stated_periods(sentence, begin, end)
    text_end = stated[0].first if stated else end
    while text_end > begin and sentence.word(text_end - 1) in BETWEEN_OBJECT_AND_PERIOD:
        text_end -= 1
    indicator = sentence.indicator(begin, text_end) or sentence.indicator(begin, end)
    is_any = "any" in sentence.word_list(begin, min(begin + 4, end))
    is_doubtful = is_any and sentence.word(verb) in {"report", "reported"}
    groups = _groups(sentence, begin, text_end) if is_any else []
    rows: list[Finding] = []
    for number, period in enumerate(stated or [None]):
        first, last = _quote(sentence, start, end, period if number else None)
        for part, axis in groups or [("total", "total")]:
            row = gap_row(sentence, "non-report", (first, last), start, indicator, rule, subject)
            row.part, row.axis = part, axis
            row.doubts = [NOT_ANY] if is_doubtful else []
            if period is not None:
                row.period = period.text
                row.period_from = "sentence" if period.text != NOT_STATED else ""
            rows.append(row)
    return rows


def _stated_periods(sentence: GapSentence, start: int, end: int) -> list[Period]:
    """The period of an object; all of them where they are alternatives."""
    stated = [
        each
        for each in sentence.periods
        if start <= each.first < end
        and not each.is_earlier
        and (each.text == NOT_STATED or sentence.word(each.first - 1) in BEFORE_PERIOD)
    ]
    are_alternatives = all(
        {"nor", "or", "and"} & {*sentence.word_list(first.last + 1, second.first)}
        for first, second in pairwise(stated)
    )
    return stated[: MAX_YEARS if are_alternatives else 1]


def _groups(sentence: GapSentence, start: int, end: int) -> list[tuple[str, str]]:
    """The groups of `any child or male victims`, one row each."""
    labels = labels_in(sentence.tokens, start, end)
    are_several = bool({"or", "and", ","} & {*sentence.word_list(start, end)})
    return [(each.part, each.axis) for each in (labels if are_several else labels[:1])]


def _quote(sentence: GapSentence, start: int, end: int, further: Period | None) -> tuple[int, int]:
    """The words of the first row, or those of a further period."""
    if further is not None:
        return max(further.first - 2, 0), further.last
    is_first = start == 0 or sentence.word(start - 1) in {",", ";", "and"}
    return start if is_first else max(start - 2, 0), end - 1


def gap_row(
    sentence: GapSentence,
    kind: Kind,
    quote: tuple[int, int],
    at: int,
    indicator: str,
    rule: str,
    subject: str = "",
) -> Finding:
    """The row of a gap that begins with the word at a place."""
    first, last = quote
    verbs = [
        VERBS[each][0]
        for each in sentence.word_list(at, at + MAX_STAGE)
        if each in VERBS and each not in SPEECH
    ]
    return Finding(
        kind=kind,
        sentence=sentence.sentence,
        first=first,
        last=max(first, min(last, len(sentence.tokens) - 1)),
        place=sentence.tokens[at].start,
        indicator=indicator,
        stage=stage(verbs[0]) if verbs else "",
        period="" if kind == "absence" else NOT_STATED,
        part="total",
        axis="total",
        counted_by=subject,
        rules=(rule,),
    )
