"""Gaps: what was not reported, and that there were no reports, which is another thing."""

from collections.abc import Callable
from itertools import pairwise

from tipgraph_draft.candidate import Kind
from tipgraph_draft.document import Finding, Sentence
from tipgraph_draft.grammar.subjects import actor_text, clause_start, subject_of
from tipgraph_draft.periods import NOT_STATED, Period
from tipgraph_draft.phrases import labels_in
from tipgraph_draft.tokens import place_of, spaced, without_ends
from tipgraph_draft.words import (
    AUXILIARIES,
    NOUNS,
    PAST_SPEECH,
    PAST_VERBS,
    SPEECH,
    VERBS,
    stage,
    word_set,
)

# Verbs of reporting: with `not` they are a non-report whatever follows.
REPORTING = {"report", "disclose", "specify", "indicate", "publish", "clarify", "reveal"}
# Verbs that are a non-report only with data as their object, and how near that is at most.
MAX_OBJECT = 9
GIVING = (
    dict.fromkeys(word_set("giving_data"), MAX_OBJECT)
    | dict.fromkeys(word_set("keeping_data"), 5)
    | dict.fromkeys(("make", "have"), 4)
)
SORTING = {"disaggregate", "differentiate", "distinguish", "quantify", "count"}
FORMS = {
    form: base
    for base in (*REPORTING, *GIVING, *SORTING)
    for form in (base, base + "ed", base.rstrip("e") + "ed", base.rstrip("e") + "ing")
}
DATA = word_set("non_reports_data")
UNCLEAR = {"unknown", "unclear", "uncertain"}
QUESTION = {"how", "whether", "what", "if", "which"}
QUANTITY = {"amount", "number", "amounts", "numbers", "total", "sum"}
BE = {"was", "were", "is", "are"}
# Words that end an object before its data.
BEFORE_DATA_END = {",", "to", "for", "with", ";", "on"}
# Topics of information that goes to the report and not to victims.
ABOUT = word_set("about") | {""}
REPORTS = {"reports", "report"}
EVIDENCE = {*REPORTS, "allegations", "evidence", "indications", "indication"}
CASES = {"case", "cases", "reports", "instances", "incidents", "allegations"}
STATED = {"reported", "known", "confirmed"}
# Words before an absence that its quote begins with, and after its noun.
MAX_BEFORE = 4
BEFORE_ABSENCE = word_set("absences_before")
AFTER_ABSENCE = {"that", "of", "reports", "in", "which", "where"}
# Words between `did` and its verb, besides those that end in -ly.
ADVERBS = {"also", "again", "still", "otherwise", "not", "always", "yet"}
OBJECT_END = word_set("clauses_object_end")
AFTER_COMMA = word_set("clauses_after_comma")
# Words that no indicator ends or begins with.
OPEN_ENDS = {",", ".", "in", "the", "and", "during", "for", "or", "nor"}
OPEN_BEGINNINGS = {"the", "on", ",", "any", "that"}
MAX_YEARS = 4
# The most words from the first of a gap to its verb, which has its stage.
MAX_STAGE = 14
BEFORE_PERIOD = word_set("rows_before_period")
BETWEEN_OBJECT_AND_PERIOD = {"in", ",", "during", "for", "the", "and"}
NOT_ANY = "did not report any: neither zero nor a count; a person decides"


def read_gaps(sentence: Sentence) -> list[Finding]:
    """The non-reports and absences of reports in a sentence."""
    gaps: list[Finding] = []
    for at in range(len(sentence.tokens)):
        word = sentence.word(at)
        if any(at <= each.last for each in gaps):
            continue
        known = next((each.counted_by for each in reversed(gaps) if each.counted_by), "")
        found = NON_REPORTS[word](sentence, at, known) if word in NON_REPORTS else []
        if not found and word in ABSENCES and (noun := ABSENCES[word](sentence, at)) is not None:
            found = [_absence(sentence, at, noun)]
        gaps += found
    return gaps


def _indicator(sentence: Sentence, start: int, end: int) -> str:
    """The words from a place to another, without those that only join them to others."""
    words = [each.text for each in sentence.tokens[start:end]]
    return spaced(without_ends(words, OPEN_ENDS, OPEN_BEGINNINGS))


# ── Subjects and objects ────────────────────────────────────────────────────────────────────────


def _subject_before(sentence: Sentence, at: int, known: str) -> str:
    """Return who is the subject of a verb at a place, by name where a pronoun stands for it.

    `known` is the last of those who did not report something in the sentence.
    """
    first = next((at for at, each in enumerate(sentence.tokens) if each.lower in VERBS), 0)
    known = known or actor_text(sentence.tokens, 0, first)
    return subject_of(sentence.tokens, 0, at, known)[0]


def _object_end(sentence: Sentence, start: int) -> int:
    """Return where the object that begins at a place ends."""
    last = len(sentence.tokens) - 1
    for at in range(start, last + 1):
        word = sentence.word(at)
        if word in OBJECT_END or (at == last and word in {".", "!", "?"}):
            return at
        if word == "," and _ends_object(sentence, at):
            return at
    return last + 1


def _ends_object(sentence: Sentence, comma: int) -> bool:
    """Return whether a clause, and not more of an object, follows a comma."""
    word, following = sentence.word(comma + 1), sentence.word(comma + 2)
    if word == "and":
        words = {*sentence.word_list(comma + 2, comma + 10)}
        return bool(words & (AUXILIARIES | PAST_VERBS | PAST_SPEECH))
    return word in AFTER_COMMA or (word, following) in {("as", "in"), ("as", "it")}


# ── Rows ────────────────────────────────────────────────────────────────────────────────────────


def _non_report_rows(
    sentence: Sentence, verb: int, content: tuple[int, int], start: int, subject: str, rule: str
) -> list[Finding]:
    """The rows of a non-report: one for each year or group that its object names."""
    begin, end = content
    stated = _stated_periods(sentence, begin, end)
    text_end = stated[0].first if stated else end
    while text_end > begin and sentence.word(text_end - 1) in BETWEEN_OBJECT_AND_PERIOD:
        text_end -= 1
    indicator = _indicator(sentence, begin, text_end) or _indicator(sentence, begin, end)
    is_any = "any" in sentence.word_list(begin, min(begin + 4, end))
    # The groups of `any child or male victims`, one row each.
    labels = labels_in(sentence.tokens, begin, text_end) if is_any else []
    are_several = {"or", "and", ","} & {*sentence.word_list(begin, text_end)}
    groups = [(each.part, each.axis) for each in (labels if are_several else labels[:1])]
    leads = start == 0 or sentence.word(start - 1) in {",", ";", "and"}
    rows: list[Finding] = []
    for number, period in enumerate(stated or [None]):
        quote = (start if leads else max(start - 2, 0), end - 1)
        if number and period is not None:
            quote = max(period.first - 2, 0), period.last
        for part, axis in groups or [("total", "total")]:
            row = _row(sentence, "non-report", quote, start, indicator, rule, subject)
            row.part, row.axis = part, axis
            is_doubtful = is_any and sentence.word(verb) in {"report", "reported"}
            row.doubts = [NOT_ANY] if is_doubtful else []
            if period is not None:
                row.period = period.text
            rows.append(row)
    return rows


def _stated_periods(sentence: Sentence, start: int, end: int) -> list[Period]:
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


def _row(
    sentence: Sentence,
    kind: Kind,
    quote: tuple[int, int],
    at: int,
    indicator: str,
    rule: str,
    subject: str = "",
) -> Finding:
    """The row of a gap that begins with the word at a place."""
    first, last = quote
    words = sentence.word_list(at, at + MAX_STAGE)
    verbs = [VERBS[each][0] for each in words if each in VERBS and each not in SPEECH]
    return Finding(
        kind=kind,
        sentence=sentence,
        first=first,
        last=max(first, min(last, len(sentence.tokens) - 1)),
        place=sentence.tokens[at].start,
        indicator=indicator,
        stage=stage(verbs[0]) if verbs else "",
        period="" if kind == "absence" else NOT_STATED,
        counted_by=subject,
        rules=[rule],
    )


# ── Non-reports ─────────────────────────────────────────────────────────────────────────────────


def _negated(sentence: Sentence, at: int, known: str) -> list[Finding]:
    """`did not report`, `has not provided data`, `could not disaggregate`."""
    # Only adverbs stand between them.
    verb = place_of(sentence.tokens, FORMS, at + 1)
    words = sentence.word_list(at + 1, verb)
    if "not" not in words or any(each not in ADVERBS and each[-2:] != "ly" for each in words):
        return []
    base = FORMS.get(sentence.word(verb), "")
    if base in REPORTING - {"reveal"}:
        return _unreported(sentence, at, verb, known, "non-report")
    if base in GIVING and _has_data(sentence, verb + 1, GIVING[base]):
        return _unreported(sentence, at, verb, known, "non-report-data")
    return _unreported(sentence, at, verb, known, "non-report-breakdown") if base in SORTING else []


def _failed(sentence: Sentence, at: int, known: str) -> list[Finding]:
    """`failed to report`, `was unable to share data`, `refused to provide data`."""
    word, base = sentence.word(at), sentence.word(at + 2)
    is_unable = word in {"unable", "unwilling"}
    is_report = base in REPORTING or (is_unable and base in SORTING | {"determine", "confirm"})
    if base in (GIVING if is_unable else {"provide"}):
        is_report = is_report or word == "failed" or _has_data(sentence, at + 3)
    if sentence.word(at + 1) != "to" or not is_report:
        return []
    start = at - 1 if is_unable and sentence.word(at - 1) in BE else at
    rule = "non-report-unable" if is_unable else "non-report-failed"
    return _unreported(sentence, start, at + 2, known, rule)


def _neither(sentence: Sentence, at: int, known: str) -> list[Finding]:
    """`neither the police nor the courts reported`, `neither reported … nor …`."""
    for verb in range(at + 1, min(at + 14, len(sentence.tokens))):
        word = sentence.word(verb)
        if FORMS.get(word) in REPORTING and word.endswith("ed"):
            is_subject = not VERBS.keys() & {*sentence.word_list(at + 1, verb)}
            own = actor_text(sentence.tokens, at + 1, verb) if is_subject else ""
            subject = own or _subject_before(sentence, at, known)
            end = _object_end(sentence, verb + 1)
            nor = next((each for each in range(verb, end) if sentence.word(each) == "nor"), None)
            return _both(sentence, verb, nor, end, at, subject, "non-report-neither")
    return []


def _unreported(sentence: Sentence, start: int, verb: int, known: str, rule: str) -> list[Finding]:
    """The rows of a verb with its object; two where the object is two quantities."""
    subject = _subject_before(sentence, start, known)
    end = _object_end(sentence, verb + 1)
    # `the number of victims or the amount spent`
    joints = [
        at for at in range(verb + 1, end - 2)
        if sentence.word(at) in {"or", "nor"} and _is_quantity(sentence, at + 1)
    ]  # fmt: skip
    second = joints[0] if joints and _is_quantity(sentence, verb + 1) else None
    return _both(sentence, verb, second, end, start, subject, rule)


def _both(
    sentence: Sentence,
    verb: int,
    second: int | None,
    end: int,
    start: int,
    subject: str,
    rule: str,
) -> list[Finding]:
    """The rows of a verb and its object, and of the second thing that was not reported."""
    content = verb + 1, end if second is None else second
    rows = _non_report_rows(sentence, verb, content, start, subject, rule)
    if second is not None:
        rows += _non_report_rows(sentence, second, (second + 1, end), second, subject, rule)
    return rows


def _is_quantity(sentence: Sentence, at: int) -> bool:
    return sentence.word(at) == "the" and sentence.word(at + 1) in QUANTITY


def _has_data(sentence: Sentence, start: int, size: int = MAX_OBJECT) -> bool:
    """Return whether the verb's object is data: only its noun phrase counts."""
    for at in range(start, start + size):
        word, following, second = sentence.word_list(at, at + 3)
        if word in DATA:
            # Information for the report, and not for victims.
            is_of = following in {"of", "to"} and second not in {"victims", "potential"}
            return word not in {"information", "details"} or following in ABOUT or is_of
        if word in BEFORE_DATA_END:
            break
    return False


def _unavailable(sentence: Sentence, at: int, known: str) -> list[Finding]:
    """`data were not available`, `statistics on … were unavailable`."""
    for index in range(at + 1, min(at + 16, len(sentence.tokens))):
        before, word, following = sentence.word_list(index - 1, index + 2)
        if word in {";", "."}:
            break
        is_not = word == "not" and before in BE
        is_not = is_not and following in {"available", "provided", "reported", "disaggregated"}
        if is_not or (word == "unavailable" and before in {*BE, "remained"}):
            begin = clause_start(sentence.tokens, 0, at)
            indicator = _indicator(sentence, begin, index - 1)
            quote = begin, index + 1 if is_not else index
            return [_row(sentence, "non-report", quote, at, indicator, "non-report-unavailable")]
        is_verb = word in PAST_VERBS and word not in {"provided", "reported"}
        if is_verb and before not in {"victims", "were", "of", "on"}:
            break
    return []


def _no_data(sentence: Sentence, at: int, known: str) -> list[Finding]:
    """`no data were available`, `provided no statistics`."""
    noun = next((each for each in range(at + 1, at + 4) if sentence.word(each) in DATA), None)
    before = sentence.word(at - 1)
    is_given = before in {"provided", "had", "released"}
    follows = {"available", "provided"} & {*sentence.word_list(at + 1, at + 16)}
    if noun is None or not (is_given or before in BE - {"are"} or follows):
        return []
    subject = _subject_before(sentence, at - 1, known) if is_given else ""
    end = _object_end(sentence, noun)
    indicator, quote = _indicator(sentence, at + 1, end), (max(0, at - 1), end - 1)
    return [_row(sentence, "non-report", quote, at, indicator, "non-report-no-data", subject)]


def _unclear(sentence: Sentence, at: int, known: str) -> list[Finding]:
    """`it was unknown whether`, `it remained unclear how many`."""
    before, _, following = sentence.word_list(at - 1, at + 2)
    is_unclear = following in QUESTION and before in {"was", "is", "remained", "remains"}
    return _unreported(sentence, at - 1, at, known, "non-report-unclear") if is_unclear else []


NON_REPORTS: dict[str, Callable[[Sentence, int, str], list[Finding]]] = {
    **dict.fromkeys(("did", "has", "had", "have", "does", "do", "could"), _negated),
    **dict.fromkeys(("failed", "declined", "refused", "unable", "unwilling"), _failed),
    **dict.fromkeys(DATA, _unavailable),
    **dict.fromkeys(UNCLEAR, _unclear),
    "no": _no_data,
    "neither": _neither,
}


# ── Absences of reports ─────────────────────────────────────────────────────────────────────────


def _no(sentence: Sentence, at: int) -> int | None:
    """`no reports emerged of`, `there were no known cases`, `no cases were reported`."""
    noun, following, of = sentence.word_list(at + 1, at + 4)
    before = {*sentence.word_list(at - 4, at)}
    if noun in EVIDENCE:
        if following in {"emerged", "surfaced"} and of == "of":
            return at + 2
        is_received = sentence.word(at - 1) == "received"
        is_there = before & (BE | {"received", "been"})
        return at + 1 if is_there and (noun in REPORTS or not is_received) else None
    if noun in STATED and following in NOUNS and "there" in before:
        return at + 2
    words = sentence.word_list(at + 1, at + 10)
    ends = (place for place, each in enumerate(words) if each in {",", ";", ".", "was", "were"})
    end = next(ends, None)
    is_reported = end is not None and words[end : end + 2] in (
        ["was", "reported"],
        ["were", "reported"],
    )
    return at + 1 if is_reported else None


def _not(sentence: Sentence, at: int) -> int | None:
    """`there were not any reports`, `did not receive any reports`, `was not aware of any cases`."""
    words = sentence.word_list(at + 1, at + 5)
    if words[:3] == ["aware", "of", "any"] and words[3] in CASES:
        return at + 4
    if words[:2] == ["receive", "any"] and words[2] in REPORTS:
        return at + 3
    is_absent = words[0] == "any" and words[1] in {"reports", "reported"}
    return at + 2 if is_absent and sentence.word(at - 1) in {"were", "was"} else None


def _absence(sentence: Sentence, at: int, noun: int) -> Finding:
    """The row of an absence: what there are no reports of stands after the noun."""
    start = at
    while start > 0 and at - start < MAX_BEFORE and sentence.word(start - 1) in BEFORE_ABSENCE:
        start -= 1
    content = noun + 1
    while sentence.word(content) in AFTER_ABSENCE:
        content += 1
    end = _object_end(sentence, content)
    indicator = _indicator(sentence, content, end)
    return _row(sentence, "absence", (start, end - 1), at, indicator, "absence-of-reports")


ABSENCES: dict[str, Callable[[Sentence, int], int | None]] = {
    "no": _no,
    "not": _not,
}
