"""Non-reports: somebody did not report, could not tell apart, or lacked data."""

from collections.abc import Callable

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.gaps.clauses import (
    GapSentence,
    clause_start,
    object_end,
    subject_before,
)
from tipgraph_draft.grammar.gaps.rows import gap_row, non_report_rows
from tipgraph_draft.grammar.subjects import actor_text
from tipgraph_draft.words import PAST_VERBS, VERBS, word_set

# Verbs of reporting: with `not` they are a non-report whatever follows.
REPORTING = {"report", "disclose", "specify", "indicate", "publish", "clarify", "reveal"}
# Verbs that are a non-report only with data as their object, and how near that is at most.
MAX_OBJECT = 9
GIVING = dict.fromkeys(
    ("provide", "share", "release", "supply", "submit", "offer"), MAX_OBJECT
) | dict.fromkeys(
    ("maintain", "keep", "collect", "compile", "track", "record", "gather"), 5
) | dict.fromkeys(("make", "have"), 4)  # fmt: skip
SORTING = {"disaggregate", "differentiate", "distinguish", "quantify", "count"}
FORMS = {
    form: base
    for base in (*REPORTING, *GIVING, *SORTING)
    for form in (base, base + "ed", base.rstrip("e") + "ed", base.rstrip("e") + "ing")
}
DATA = word_set("non_reports_data")
UNKNOWN = ("unreported", "unknown", "undisclosed", "unspecified")
UNCLEAR = {"unknown", "unclear", "uncertain"}
QUESTION = {"how", "whether", "what", "if", "which"}
QUANTITY = {"amount", "number", "amounts", "numbers", "total", "sum"}
BE = {"was", "were", "is", "are"}
# Words that end an object before its data.
BEFORE_DATA_END = {",", "to", "for", "with", ";", "on"}
# Topics of information that goes to the report and not to victims.
ABOUT = {
    "on", "about", "regarding", "concerning", ".", "related", "whether", ",", "for", "necessary",
    "",
}  # fmt: skip
# Verbs of money that are no verbs of counting.
SPENT = {"allocated", "spent", "donated", "contributed"}


def non_reports_at(sentence: GapSentence, at: int) -> list[Finding]:
    """The non-reports that begin with the word at a place."""
    read = _BY_WORD.get(sentence.word(at))
    return read(sentence, at) if read is not None else []


# ── Verbs ───────────────────────────────────────────────────────────────────────────────────────


def _negated(sentence: GapSentence, at: int) -> list[Finding]:
    """`did not report`, `has not provided data`, `could not disaggregate`."""
    verb = at + 1
    while sentence.word(verb) in {"also", "again", "still", "otherwise"}:
        verb += 1
    if sentence.word(verb) != "not":
        return _nor(sentence, at)
    verb += 1
    while sentence.word(verb).endswith("ly") or (
        sentence.word(verb) in {"always", "yet", "again", "otherwise"}
    ):
        verb += 1
    base = FORMS.get(sentence.word(verb), "")
    if base in REPORTING - {"reveal"}:
        return _unreported(sentence, at, verb, "non-report")
    if base in GIVING and _has_data(sentence, verb + 1, GIVING[base]):
        return _unreported(sentence, at, verb, "non-report-data")
    if base in SORTING:
        return _unreported(sentence, at, verb, "non-report-breakdown")
    if sentence.word_list(at + 2, at + 4) == ["know", "how"]:
        return _unreported(sentence, at, at + 2, "non-report")
    return []


def _nor(sentence: GapSentence, at: int) -> list[Finding]:
    """`nor did it report`."""
    if sentence.word_list(at - 1, at + 1) != ["nor", "did"]:
        return []
    verb = next((each for each in range(at + 1, at + 6) if sentence.word(each) in REPORTING), None)
    return _unreported(sentence, at, verb, "non-report-nor") if verb is not None else []


def _failed(sentence: GapSentence, at: int) -> list[Finding]:
    """`failed to report`, `refused to provide data`."""
    verb = sentence.word(at + 2)
    is_failure = verb in REPORTING or (
        verb == "provide" and (sentence.word(at) == "failed" or _has_data(sentence, at + 3))
    )
    if sentence.word(at + 1) != "to" or not is_failure:
        return []
    return _unreported(sentence, at, at + 2, "non-report-failed")


def _unable(sentence: GapSentence, at: int) -> list[Finding]:
    """`was unable to report`, `were unwilling to share data`."""
    base = sentence.word(at + 2)
    is_report = (
        base in REPORTING
        or base in SORTING
        or base in {"determine", "confirm"}
        or (base in GIVING and _has_data(sentence, at + 3))
    )
    if sentence.word(at + 1) != "to" or not is_report:
        return []
    start = at - 1 if sentence.word(at - 1) in BE else at
    return _unreported(sentence, start, at + 2, "non-report-unable")


def _lacked(sentence: GapSentence, at: int) -> list[Finding]:
    """`lacked reliable statistics`."""
    if not {"data", "statistics", "statistical"} & {*sentence.word_list(at + 1, at + 6)}:
        return []
    return _unreported(sentence, at, at, "non-report-lacked")


def _neither(sentence: GapSentence, at: int) -> list[Finding]:
    """`neither the police nor the courts reported`, `neither reported … nor …`."""
    rule = "non-report-neither"
    for verb in range(at + 1, min(at + 14, len(sentence.tokens))):
        word = sentence.word(verb)
        if FORMS.get(word) not in REPORTING or not word.endswith("ed"):
            continue
        is_subject = not any(each in VERBS for each in sentence.word_list(at + 1, verb))
        own = actor_text(sentence.tokens, at + 1, verb) if is_subject else ""
        subject = own or subject_before(sentence, at)
        end = object_end(sentence, verb + 1)
        nor = next((each for each in range(verb, end) if sentence.word(each) == "nor"), None)
        rows = non_report_rows(sentence, verb, (verb + 1, nor or end), at, subject, rule)
        if nor is not None:
            rows += non_report_rows(sentence, nor, (nor + 1, end), nor, subject, rule)
        return rows
    return []


def _unreported(sentence: GapSentence, start: int, verb: int, rule: str) -> list[Finding]:
    """The rows of a verb with its object; two where the object is two quantities."""
    subject = subject_before(sentence, start)
    sentence.last_subject = subject or sentence.last_subject
    end = object_end(sentence, verb + 1)
    second = _second_quantity(sentence, verb + 1, end)
    rows = non_report_rows(sentence, verb, (verb + 1, second or end), start, subject, rule)
    if second is not None:
        rows += non_report_rows(sentence, second, (second + 1, end), second, subject, rule)
    return rows


def _second_quantity(sentence: GapSentence, start: int, end: int) -> int | None:
    """The `or` of `the number of victims or the amount spent`: two things not reported."""
    if not _is_quantity(sentence, start):
        return None
    return next(
        (
            at
            for at in range(start, end - 2)
            if sentence.word(at) in {"or", "nor"} and _is_quantity(sentence, at + 1)
        ),
        None,
    )


def _is_quantity(sentence: GapSentence, at: int) -> bool:
    return sentence.word(at) == "the" and sentence.word(at + 1) in QUANTITY


def _has_data(sentence: GapSentence, start: int, size: int = MAX_OBJECT) -> bool:
    """Return whether the verb's object is data: only its noun phrase counts."""
    for at in range(start, start + size):
        word = sentence.word(at)
        if word in DATA:
            return word not in {"information", "details"} or _is_about(sentence, at)
        if word in BEFORE_DATA_END:
            break
    return False


def _is_about(sentence: GapSentence, at: int) -> bool:
    """Return whether information goes to the report and not to victims."""
    following, second = sentence.word(at + 1), sentence.word(at + 2)
    return following in ABOUT or (
        following in {"of", "to"} and second not in {"victims", "potential"}
    )


# ── Data and quantities ─────────────────────────────────────────────────────────────────────────


def _passive(sentence: GapSentence, at: int) -> list[Finding]:
    """`were not disaggregated by sex`, `the number was not reported`."""
    verb = at + 1
    if sentence.word(at - 1) not in BE or (
        sentence.word(verb) not in {"disaggregated", "reported", "disclosed", "specified"}
    ):
        return []
    begin, end = clause_start(sentence, at - 1), object_end(sentence, verb)
    indicator = sentence.indicator(begin, at - 1) or sentence.indicator(verb, end)
    is_breakdown = sentence.word(verb) == "disaggregated"
    rule = "non-report-breakdown" if is_breakdown else "non-report-passive"
    return [gap_row(sentence, "non-report", (begin, end - 1), at - 1, indicator, rule)]


def _unavailable(sentence: GapSentence, at: int) -> list[Finding]:
    """`data were not available`, `statistics on … were unavailable`."""
    if sentence.word(at - 1) == "no":
        return []
    for index in range(at + 1, min(at + 16, len(sentence.tokens))):
        word, before = sentence.word(index), sentence.word(index - 1)
        if word in {";", "."}:
            break
        last = _unavailable_until(sentence, index)
        if last is not None:
            begin = clause_start(sentence, at)
            indicator = sentence.indicator(begin, index - 1)
            rule = "non-report-unavailable"
            return [gap_row(sentence, "non-report", (begin, last), at, indicator, rule)]
        if (
            word in PAST_VERBS
            and word not in {"provided", "reported"}
            and before not in {"victims", "were", "of", "on"}
        ):
            break
    return []


def _unavailable_until(sentence: GapSentence, at: int) -> int | None:
    """The end of `unavailable` or `not available` after `were`, if it begins at a place."""
    word, before = sentence.word(at), sentence.word(at - 1)
    if word == "unavailable" and before in {*BE, "remained"}:
        return at
    following = {"available", "provided", "reported", "disaggregated"}
    if word == "not" and before in BE and sentence.word(at + 1) in following:
        return at + 1
    return None


def _no_data(sentence: GapSentence, at: int) -> list[Finding]:
    """`no data were available`, `provided no statistics`."""
    noun = next((each for each in range(at + 1, at + 4) if sentence.word(each) in DATA), None)
    before = sentence.word(at - 1)
    is_given = before in {"provided", "had", "released"}
    if noun is None or not (
        is_given
        or before in BE - {"are"}
        or {"available", "provided"} & {*sentence.word_list(at + 1, at + 16)}
    ):
        return []
    subject = subject_before(sentence, at - 1) if is_given else ""
    return [_quantity_row(sentence, at, noun, subject, "non-report-no-data")]


def _unknown(sentence: GapSentence, at: int) -> list[Finding]:
    """`spent an unknown amount on shelters`, `it was unknown whether`."""
    if sentence.word(at) in UNKNOWN and sentence.word(at + 1) in QUANTITY:
        spent = (
            back
            for back in range(at - 1, max(-1, at - 8), -1)
            if sentence.word(back) in VERBS or sentence.word(back) in SPENT
        )
        verb = next(spent, None)
        subject = subject_before(sentence, verb) if verb is not None else ""
        return [_quantity_row(sentence, at, at + 1, subject, "non-report-unknown-amount")]
    if (
        sentence.word(at) in UNCLEAR
        and sentence.word(at - 1) in {"was", "is", "remained", "remains"}
        and sentence.word(at + 1) in QUESTION
    ):
        return _unreported(sentence, at - 1, at, "non-report-unclear")
    return []


def _quantity_row(sentence: GapSentence, at: int, noun: int, subject: str, rule: str) -> Finding:
    """The row of a quantity that a word such as `no` or `unknown` stands before."""
    end = object_end(sentence, noun)
    indicator = sentence.indicator(at + 1, end)
    quote = (max(0, at - 1), end - 1)
    return gap_row(sentence, "non-report", quote, at, indicator, rule, subject)


_BY_WORD: dict[str, Callable[[GapSentence, int], list[Finding]]] = {
    **dict.fromkeys(("did", "has", "had", "have", "does", "do", "could"), _negated),
    **dict.fromkeys(("failed", "declined", "refused"), _failed),
    **dict.fromkeys(("unable", "unwilling"), _unable),
    **dict.fromkeys(DATA, _unavailable),
    **dict.fromkeys((*UNKNOWN, *UNCLEAR), _unknown),
    "no": _no_data,
    "not": _passive,
    "neither": _neither,
    "lacked": _lacked,
}
