"""The grammar: a reader of rules in general English, without dependencies beyond the base."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from tipgraph_draft.document import Document, Finding, Reading
from tipgraph_draft.grammar.agent_parts import divide_by_agent
from tipgraph_draft.grammar.claims import read_claims
from tipgraph_draft.grammar.entitlements import read_durations
from tipgraph_draft.grammar.figures import FigureReader
from tipgraph_draft.grammar.gaps import read_gaps
from tipgraph_draft.grammar.marks import EVENTS
from tipgraph_draft.grammar.money import read_money
from tipgraph_draft.grammar.rows import Row, part_of
from tipgraph_draft.grammar.subjects import PRONOUNS
from tipgraph_draft.grammar.training import read_training
from tipgraph_draft.number_classes import NumberClass
from tipgraph_draft.tokens import Sentence

NAME = "grammar"
# Things that took place to train somebody.
LESSONS = {"trainings", "workshops", "seminars", "courses"}
REPORT = "report"


def read(document: Document) -> Reading:
    """Return the findings of the grammar in a text, sentence by sentence."""
    figures = FigureReader(document.edition_year)
    findings: list[Finding] = []
    classes: dict[int, NumberClass] = {}
    for sentence in document.readable:
        found = document.numerals[sentence.name]
        own = list(document.classes[sentence.name])
        gaps = read_gaps(sentence, found, own)
        rows = _without_gaps(figures.read(sentence, found, own), gaps)
        counted = _as_findings(rows)
        money = read_money(sentence, found, own, document.edition_year)
        actor = _actor(findings, sentence) if sentence.paragraph else ""
        for each in money:
            each.counted_by = (
                actor or each.counted_by if each.counted_by in PRONOUNS else each.counted_by
            )
        taken = [*counted, *money, *gaps]
        training = read_training(sentence, found, own, taken)
        durations = read_durations(sentence, found, own)
        findings += [*taken, *training, *durations]
        speaker = next((each.speaker or each.counted_by for each in reversed(counted)), "")
        findings += read_claims(sentence, [*taken, *training], speaker)
        classes |= {each.start: kind for each, kind in zip(found, own, strict=True)}
    divide_by_agent(findings)
    _set_earlier_amounts(findings)
    return Reading(findings, classes)


def _actor(findings: list[Finding], sentence: Sentence) -> str:
    """Return who acted last in the paragraph before a sentence."""
    before = _backwards(findings, sentence)
    return next((each.counted_by for each in before if each.counted_by and not each.prior), "")


def _backwards(findings: Sequence[Finding], sentence: Sentence) -> Iterator[Finding]:
    """The findings of the paragraph of a sentence, the last first; no later paragraph has any."""
    return takewhile(lambda each: each.sentence.paragraph == sentence.paragraph, reversed(findings))


def _set_earlier_amounts(findings: list[Finding]) -> None:
    """An amount of an earlier year in a sentence of its own belongs to the one before it."""
    amounts = [each for each in findings if each.kind == "amount" and each.period.isdigit()]
    for at, each in enumerate(amounts):
        if each.prior:
            continue
        host = next(
            (
                other
                for other in _backwards(amounts[:at], each.sentence)
                if not other.prior and _is_same_purpose(each, other) and other.unit == each.unit
                and other.converted == each.converted and int(other.period) > int(each.period)
            ),
            None,
        )  # fmt: skip
        if host is not None:
            each.prior, each.host = True, host
            each.indicator, each.recipient = host.indicator, each.recipient or host.recipient
            each.rules = (*each.rules, "earlier-by-year")


def _is_same_purpose(own: Finding, other: Finding) -> bool:
    """Return whether an amount is for the same; `It had spent €5` does not repeat what for."""
    return own.indicator == other.indicator or other.indicator.startswith(f"{own.indicator} ")


def _without_gaps(rows: list[Row], gaps: list[Finding]) -> list[Row]:
    """The rows that are no zero of words which a non-report or an absence has already."""
    return [
        row
        for row in rows
        if not (row.value == 0 and row.note.startswith("worded")
                and any(each.first <= row.last and row.first <= each.last + 4 for each in gaps))
    ]  # fmt: skip


def _as_findings(rows: list[Row]) -> list[Finding]:
    by_row: dict[int, Finding] = {}
    for row in rows:
        part, axis = part_of(row)
        by_row[id(row)] = Finding(
            kind="figure",
            sentence=row.sentence,
            first=row.first,
            last=row.last,
            place=row.place,
            indicator=row.indicator,
            stage=_stage(row),
            period=row.period,
            period_from=row.period_from,
            part=part,
            axis=axis,
            value=row.value,
            unit=row.unit,
            counted_by=row.counted_by,
            qualifier=row.qualifier,
            prior=row.is_prior,
            speaker=row.speaker or REPORT,
            act=row.act,
            rules=tuple(dict.fromkeys(row.rules)),
            doubts=row.doubts,
            note=row.note if row.note != "previous year" else "",
            is_derived=row.is_derived,
        )
    for row in rows:
        if row.host is not None:
            by_row[id(row)].host = by_row.get(id(row.host))
    return list(by_row.values())


def _stage(row: Row) -> str:
    stage = row.predicate.stage if row.predicate else "other"
    if stage == "other" and row.noun in LESSONS and row.predicate and row.predicate.base:
        return "trained"
    if stage == "capacity" and row.noun in EVENTS:
        return "other"
    presumed = {"potential", "presumed", "suspected", "possible", "probable", "alleged"}
    if stage == "confirmed" or "presumed" in stage:
        return stage
    if presumed & set(row.words.split()) and stage not in {
        "other",
        "capacity",
        "trained",
        "funded",
    }:
        return f"presumed+{stage}"
    return stage
