"""The second reader: figures, money, claims and gaps from a dependency parse by spaCy.

It shares words and classes of numerals with the grammar, and none of its steps: that both read a
row alike says something. Where the tree leaves a doubt, it has no row.
"""

from tipgraph.editions.draft.document import Document
from tipgraph.editions.draft.parse.claims import read_claims
from tipgraph.editions.draft.parse.entitlements import read_durations, read_training
from tipgraph.editions.draft.parse.figures import FigureReader
from tipgraph.editions.draft.parse.gaps import read_gaps
from tipgraph.editions.draft.parse.model import model
from tipgraph.editions.draft.parse.money import MoneyReader
from tipgraph.editions.draft.parse.rows import Row
from tipgraph.editions.draft.parse.tree import trees, unparsed
from tipgraph.editions.draft.reading import Finding, Reading

REPORT = "report"


def read(document: Document) -> Reading:
    """What the parse shows of a text, sentence by sentence."""
    figures, money = FigureReader(document.edition_year), MoneyReader()
    findings: list[Finding] = []
    language = model()
    for tree in trees(document, language):
        gaps = read_gaps(tree)
        counted = _as_findings(figures.read(tree))
        taken = [*counted, *money.read(tree), *gaps]
        taken += read_training(tree, taken)
        speaker = next((each.counted_by for each in reversed(counted) if each.counted_by), "")
        findings += [*taken, *read_durations(tree), *read_claims(tree, taken, speaker)]
    return Reading(findings, unread=unparsed(document))


def _as_findings(rows: list[Row]) -> list[Finding]:
    by_row: dict[int, Finding] = {}
    for row in rows:
        part, axis = row.part
        by_row[id(row)] = Finding(
            kind="figure",
            sentence=row.sentence,
            first=row.count.first,
            last=row.last,
            place=row.count.place,
            indicator=row.indicator,
            stage=row.stage,
            period=row.period,
            period_from=row.period_from,
            part=part,
            axis=axis,
            value=row.count.value,
            unit=row.unit,
            counted_by=row.doer,
            qualifier=row.count.qualifier,
            prior=row.is_prior,
            speaker=row.speaker or REPORT,
            act=row.act,
            rules=tuple(row.rules),
            confidence="medium",
        )
    for row in rows:
        if row.host is not None:
            by_row[id(row)].host = by_row.get(id(row.host))
    return list(by_row.values())
