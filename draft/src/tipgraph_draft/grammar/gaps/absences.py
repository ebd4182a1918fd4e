"""Absences of reports: `there were no reports of`, `no cases were reported`."""

from collections.abc import Callable

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.gaps.clauses import GapSentence, object_end
from tipgraph_draft.grammar.gaps.rows import gap_row
from tipgraph_draft.words import NOUNS, word_set

REPORTS = {"reports", "report"}
EVIDENCE = {*REPORTS, "allegations", "evidence", "indications", "indication"}
CASES = {"case", "cases", "reports", "instances", "incidents", "allegations"}
STATED = {"reported", "known", "confirmed"}
# Words before an absence that its quote begins with.
MAX_BEFORE = 4
BEFORE = word_set("absences_before")
AFTER = {"that", "of", "reports", "in", "which", "where"}


def absence_at(sentence: GapSentence, at: int) -> list[Finding]:
    """The absence of reports that begins with the word at a place, if one does."""
    find = _BY_WORD.get(sentence.word(at))
    found = find(sentence, at) if find is not None else None
    return [_absence(sentence, *found)] if found is not None else []


def _no(sentence: GapSentence, at: int) -> tuple[int, int] | None:
    """`no reports emerged of`, `there were no known cases`, `no cases were reported`."""
    if sentence.word(at + 1) in EVIDENCE:
        return _no_evidence(sentence, at)
    if _are_there(sentence, at):
        return at, at + 2
    return (at, at + 1) if _are_no_cases(sentence, at) else None


def _no_evidence(sentence: GapSentence, at: int) -> tuple[int, int] | None:
    """`there were no allegations`, `received no reports`."""
    if sentence.word(at + 2) in {"emerged", "surfaced"} and sentence.word(at + 3) == "of":
        return at, at + 2
    before = sentence.word_list(at - 4, at)
    if not {"were", "was", "are", "received", "been", "is"} & {*before}:
        return None
    if before[-1] == "received" and sentence.word(at + 1) not in REPORTS:
        return None
    return at, at + 1


def _any(sentence: GapSentence, at: int) -> tuple[int, int] | None:
    """`there were not any known cases`, `did not receive any reports`."""
    if _are_there(sentence, at):
        return at, at + 2
    is_received = sentence.word_list(at - 2, at) == ["not", "receive"]
    return (at, at + 1) if is_received and sentence.word(at + 1) in REPORTS else None


def _aware(sentence: GapSentence, at: int) -> tuple[int, int] | None:
    """`was not aware of any cases`."""
    is_not_aware = sentence.word_list(at - 1, at + 3) == ["not", "aware", "of", "any"]
    return (at - 1, at + 3) if is_not_aware and sentence.word(at + 3) in CASES else None


def _not(sentence: GapSentence, at: int) -> tuple[int, int] | None:
    """`there were not any reports`."""
    is_absent = (
        sentence.word(at - 1) in {"were", "was"}
        and sentence.word(at + 1) == "any"
        and sentence.word(at + 2) in {"reports", "reported"}
    )
    return (at, at + 2) if is_absent else None


def _are_there(sentence: GapSentence, at: int) -> bool:
    """Return whether `there were` stands before `no known victims`."""
    before = sentence.word_list(at - 4, at)
    return (
        sentence.word(at + 1) in STATED
        and sentence.word(at + 2) in NOUNS
        and "there" in before
        and bool({"were", "was", "are"} & {*before[1:]})
    )


def _are_no_cases(sentence: GapSentence, at: int) -> bool:
    """`no cases were reported`, `no victims were reported`."""
    for index in range(at + 1, at + 10):
        word = sentence.word(index)
        if word in {",", ";", "."}:
            break
        if word in {"was", "were"}:
            return sentence.word(index + 1) == "reported"
    return False


def _absence(sentence: GapSentence, at: int, noun: int) -> Finding:
    """The row of an absence: what there are no reports of stands after the noun."""
    start = at
    while start > 0 and at - start < MAX_BEFORE and sentence.word(start - 1) in BEFORE:
        start -= 1
    content = noun + 1
    while sentence.word(content) in AFTER:
        content += 1
    end = object_end(sentence, content)
    indicator = sentence.indicator(content, end)
    return gap_row(sentence, "absence", (start, end - 1), at, indicator, "absence-of-reports")


_BY_WORD: dict[str, Callable[[GapSentence, int], tuple[int, int] | None]] = {
    "no": _no,
    "any": _any,
    "aware": _aware,
    "not": _not,
}
