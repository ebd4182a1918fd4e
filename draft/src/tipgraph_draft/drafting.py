"""A draft: the candidates that the grammar finds in a text, and the list of its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tipgraph_draft.candidate import GRAMMAR, SEPARATOR, Candidate, candidate_id
from tipgraph_draft.checks import DERIVED, failure, inherited, period_source
from tipgraph_draft.codes import COUNTED, Codes
from tipgraph_draft.document import Document, Finding
from tipgraph_draft.doubts import Known, add_doubts, add_revisions
from tipgraph_draft.grammar import read
from tipgraph_draft.number_list import REFUSED, NumberRow, list_numbers
from tipgraph_draft.quotes import Quote, quote_of

KIND_ORDER = ("figure", "amount", "claim", "non-report", "absence", "duration", "training")


@dataclass(frozen=True)
class Draft:
    """The candidates of a text in its order, and the rows of its list of numbers."""

    candidates: tuple[Candidate, ...]
    numbers: tuple[NumberRow, ...]


def draft(
    text: str | Document,
    edition_year: int | None = None,
    codes: Codes | None = None,
    known: Known | None = None,
) -> Draft:
    """Draft a text.

    `edition_year` is the year of the report. `codes` are the graph's names, and `known` the figures
    that it has on the area.
    """
    document = text if isinstance(text, Document) else Document(text, edition_year)
    names = codes or Codes()
    reading = read(document)
    findings = sorted(reading.findings, key=lambda each: (each.place, KIND_ORDER.index(each.kind)))
    add_doubts(findings)
    add_revisions(findings, known or {})
    ids = _ids(document, findings)
    candidates, refused = [], []
    for finding in findings:
        quote = quote_of(finding)
        reason = failure(finding, quote, document)
        if reason or quote is None:
            refused.append(_refused(finding, document, reason))
            continue
        candidates.append(_candidate(finding, quote, document, names, ids))
    kept = {each.id for each in candidates}
    final = [
        each if each.compared_with in kept else replace(each, compared_with="")
        for each in candidates
    ]
    numbers = list_numbers(document, reading, final, refused)
    return Draft(tuple(final), tuple(numbers))


def _ids(document: Document, findings: Sequence[Finding]) -> dict[int, str]:
    counts: dict[tuple[str, int], int] = {}
    ids: dict[int, str] = {}
    for each in findings:
        ordinal = counts.get((each.kind, each.place), 0)
        counts[each.kind, each.place] = ordinal + 1
        ids[id(each)] = candidate_id(document.sha256, each.kind, each.place, ordinal)
    return ids


def _candidate(
    finding: Finding, quote: Quote, document: Document, codes: Codes, ids: dict[int, str]
) -> Candidate:
    rules = [*finding.rules, *(f"inherited-{each}" for each in inherited(finding))]
    if finding.is_derived:
        rules.append(DERIVED)
    doubts = list(finding.doubts)
    if finding.kind == "figure" and finding.part != "total" and not codes.knows_part(finding.part):
        doubts.append("new part")
    return Candidate(
        id=ids[id(finding)],
        kind=finding.kind,
        sentence=finding.sentence.name,
        start=quote.start,
        end=quote.end,
        quote=quote.text,
        indicator=finding.indicator,
        indicator_code=codes.indicator(finding.indicator) if finding.kind in COUNTED else "",
        stage=finding.stage,
        period=finding.period,
        period_from=period_source(finding, document),
        part=finding.part,
        axis=finding.axis,
        value=finding.value,
        unit=finding.unit,
        compared_with=ids.get(id(finding.host), "") if finding.host is not None else "",
        counted_by=finding.counted_by,
        recipient=finding.recipient,
        qualifier=finding.qualifier,
        converted=finding.converted,
        prior=finding.prior,
        speaker=finding.speaker,
        act=codes.act(finding.act),
        reader=GRAMMAR,
        rule=SEPARATOR.join(rules),
        doubt=SEPARATOR.join(doubts),
        note=finding.note,
    )


def _refused(finding: Finding, document: Document, reason: str) -> NumberRow:
    tokens = finding.sentence.tokens
    place = next((each for each in tokens if each.end > finding.place), None)
    start, end = (place.start, place.end) if place else (finding.place, finding.place)
    value = "" if finding.value is None else f"{finding.value:f}"
    return NumberRow(
        REFUSED,
        finding.sentence.name,
        start,
        end,
        document.text[start:end],
        value,
        finding.kind,
        reason,
    )
