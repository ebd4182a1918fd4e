"""The grammar: a reader of rules in general English, without dependencies beyond the base."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from tipgraph_draft.document import Document, Finding, Sentence
from tipgraph_draft.grammar.claims import read_claims
from tipgraph_draft.grammar.counts import EVENTS
from tipgraph_draft.grammar.entitlements import read_durations
from tipgraph_draft.grammar.figures import Paragraph, divide_by_agent, read_rows
from tipgraph_draft.grammar.gaps import read_gaps
from tipgraph_draft.grammar.money import read_money
from tipgraph_draft.grammar.state import PREVIOUS_YEAR, Row
from tipgraph_draft.grammar.subjects import PRONOUNS
from tipgraph_draft.grammar.training import read_training
from tipgraph_draft.phrases import TOTAL
from tipgraph_draft.words import PRESUMED

# Things that took place to train somebody.
LESSONS = {"trainings", "workshops", "seminars", "courses"}
# A text with more sentences than that is no narrative.
MAX_SENTENCES = 20_000
# Stages that are the same for presumed victims.
NOT_PRESUMED = {"other", "capacity", "trained", "funded", "confirmed"}
REPORT = "report"


def read(document: Document) -> list[Finding]:
    """Return the findings of the grammar in a text, sentence by sentence."""
    paragraph = Paragraph()
    year = document.edition_year
    findings: list[Finding] = []
    for sentence in document.sentences[:MAX_SENTENCES]:
        if not sentence.is_readable:
            continue
        if sentence.paragraph != paragraph.number:
            paragraph = Paragraph(sentence.paragraph)
        gaps = read_gaps(sentence)
        rows = [each for each in read_rows(paragraph, sentence, year) if not _is_gap(each, gaps)]
        _settle(rows)
        money = read_money(sentence, year)
        before = _backwards(findings, sentence)
        actors = (each.counted_by for each in before if each.counted_by and not each.prior)
        actor = next(actors, "")
        for each in money:
            if each.counted_by in PRONOUNS:
                each.counted_by = actor or each.counted_by
        taken = [*rows, *money, *gaps]
        training = read_training(sentence, taken)
        findings += [*taken, *training, *read_durations(sentence)]
        speaker = next((each.speaker for each in reversed(rows)), "")
        findings += read_claims(sentence, [*taken, *training], speaker)
    divide_by_agent(findings)
    _set_earlier_amounts(findings)
    return findings


def _backwards(findings: Sequence[Finding], sentence: Sentence) -> Iterator[Finding]:
    """The findings of the paragraph of a sentence, the last first; no later paragraph has any."""
    return takewhile(lambda each: each.sentence.paragraph == sentence.paragraph, reversed(findings))


def _set_earlier_amounts(findings: list[Finding]) -> None:
    """Let an amount of an earlier year in its own sentence belong to the one before it."""
    amounts = [each for each in findings if each.kind == "amount" and each.period.isdigit()]
    for at, each in enumerate(amounts):
        hosts = (
            other
            for other in _backwards(amounts[:at], each.sentence)
            if not other.prior
            and f"{other.indicator} ".startswith(f"{each.indicator} ")
            and (other.unit, other.converted) == (each.unit, each.converted)
            and int(other.period) > int(each.period)
        )
        host = next(hosts, None)
        if host is not None and not each.prior:
            each.prior, each.host = True, host
            each.indicator, each.recipient = host.indicator, each.recipient or host.recipient
            each.rules.append("earlier-by-year")


def _is_gap(row: Row, gaps: list[Finding]) -> bool:
    """Return whether a row is a zero of words which a non-report or an absence has already."""
    is_zero = row.value == 0 and row.note.startswith("worded")
    return is_zero and any(each.first <= row.last and row.first <= each.last + 4 for each in gaps)


def _settle(rows: list[Row]) -> None:
    """Fill the cells of figures that depend on what was read of the sentence as a whole."""
    for row in rows:
        path = row.path or [TOTAL]
        row.part = " / ".join(each.part for each in path)
        row.axis = " / ".join(each.axis for each in path)
        row.indicator, row.stage = row.wording, _stage(row)
        row.speaker = row.speaker or REPORT
        row.rules = list(dict.fromkeys(row.rules))
        row.note = "" if row.note == PREVIOUS_YEAR else row.note
        row.host = row.host if row.host in rows else None


def _stage(row: Row) -> str:
    stage = row.predicate.stage if row.predicate else "other"
    if stage == "other" and row.noun in LESSONS and row.predicate and row.predicate.base:
        return "trained"
    if stage == "capacity" and row.noun in EVENTS:
        return "other"
    is_presumed = bool(PRESUMED & {*row.words.split()}) and stage not in NOT_PRESUMED
    return f"presumed+{stage}" if is_presumed and "presumed" not in stage else stage
