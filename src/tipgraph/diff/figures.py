"""The figures of two editions side by side.

Rules derive revisions and changes, which figures stand in one series, and which were counted
otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import NamedTuple

from pyoxigraph import NamedNode

from tipgraph.entities.editions import Edition
from tipgraph.entities.passages import Passage, passages
from tipgraph.namespaces import OURSELVES, PERCENT, UNIDENTIFIED
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.rdf.terms import Value, finite
from tipgraph.render.document import separate
from tipgraph.render.results import labelled
from tipgraph.store.engine import Engine
from tipgraph.text import unit_of

# The columns of a measure
MEASURED = ("indicator", "part", "unit", "counted_by", "speaker")
# Follows two figures for one period that differ in their numbers alone.
UNEXPLAINED = "nothing that is known of the two explains the difference"

Row = dict[str, Value]


class Measure(NamedTuple):
    """The IRIs of what a figure measures."""

    indicator: str
    part: str
    unit: str
    counter: str
    speaker: str


@dataclass(frozen=True)
class Figure:
    """A figure of one edition, with labels instead of IRIs; the part is in the source's words.

    `counted_by` is empty where the source names nobody, `speaker` where it is the edition itself.
    """

    iri: str
    measure: str
    period: str
    value: Decimal
    unit: str
    qualifier: str
    counted_by: str
    speaker: str
    caveats: tuple[str, ...]
    passage: Passage | None

    @property
    def amount(self) -> str:
        """The value with its qualifier and its unit."""
        words = f"{self.value.normalize():,f} {unit_of(self.value, self.unit)}"
        return f"{self.qualifier} {words}" if self.qualifier else words


@dataclass(frozen=True)
class FigurePair:
    """Two figures; `result` is a difference or the kind of a revision, `notes` limit its use.

    `direction` is `up`, `down` or `unchanged`, where the two are comparable.
    """

    earlier: Figure
    later: Figure
    result: str = ""
    notes: tuple[str, ...] = ()
    direction: str = ""


@dataclass(frozen=True)
class Figures:
    """The figures of two editions.

    `revisions` are two values for one period, `changes` what rules compute within the later
    edition, and `pairs` the newest figures of one series in both. `undated` are those whose year an
    edition does not state.
    """

    revisions: tuple[FigurePair, ...]
    changes: tuple[FigurePair, ...]
    pairs: tuple[FigurePair, ...]
    only_earlier: tuple[Figure, ...]
    only_later: tuple[Figure, ...]
    undated: tuple[Figure, ...]


def figures(
    engine: Engine, queries: Mapping[str, StoredQuery], earlier: Edition, later: Edition
) -> Figures:
    """The figures, without amounts that an edition converted: they would compare exchange rates."""
    old, new = (EditionFigures(engine, queries["figures"], each) for each in (earlier, later))
    given = {"earlier_edition": earlier.iri, "edition": later.iri}
    revisions = [
        FigurePair(
            old.by_iri[str(row["earlier_statement"])],
            new.by_iri[str(row["statement"])],
            str(row["kind"]),
            tuple(filter(None, (_reason(str(row["reason"])), str(row["note"] or "")))),
        )
        for row in engine.select(queries["revisions"].bound(engine, given))
        if row["earlier_statement"] in old.by_iri and row["statement"] in new.by_iri
    ]
    revised = {each.earlier.iri: each for each in revisions}
    pairs = [
        _unless_revised(each, revised.get(each.earlier.iri))
        for each in _same_series(old, new, _linked(engine, earlier.area))
        if each.earlier.iri not in revised or revised[each.earlier.iri].later != each.later
    ]
    shown = {each.iri for pair in (*revisions, *pairs) for each in (pair.earlier, pair.later)}
    only_earlier, only_later = (
        tuple(side.by_iri[iri] for iri in side.newest.values() if iri not in shown)
        for side in (old, new)
    )
    return Figures(
        tuple(revisions),
        tuple(_changes(engine, later, new)),
        tuple(pairs),
        only_earlier,
        only_later,
        (*old.undated, *new.undated),
    )


def _reason(differences: str) -> str:
    """In what the figures of a revision differ, as a sentence."""
    return UNEXPLAINED if differences == "none" else f"the two differ in {differences}"


def _unless_revised(pair: FigurePair, revision: FigurePair | None) -> FigurePair:
    """The pair, without a difference from a figure in whose place the later edition has another."""
    if revision is None:
        return pair
    other = revision.later
    reason = f"not computed: for {other.period} the later edition has {other.amount}"
    return FigurePair(pair.earlier, pair.later, "", (f"{reason} ({other.measure})",))


class EditionFigures:
    """The figures of an edition by IRI, and the newest of each measure."""

    def __init__(self, engine: Engine, query: StoredQuery, edition: Edition) -> None:
        found = engine.select(query.bound(engine, {"edition": edition.iri}))
        rows = [
            (row, labels)
            for row, labels in zip(found, labelled(engine, found), strict=True)
            if not row["converted"] and str(row["speaker"]) != OURSELVES
            # Own data may have anything.
            if finite(row["value"]) is not None
        ]
        cited = passages(engine, {str(row["place"]) for row, _ in rows})
        self.by_iri = {
            str(row["statement"]): _figure(row, labels, cited, edition.publisher)
            for row, labels in rows
        }
        self.measures: dict[str, Measure] = {str(r["statement"]): _measure(r) for r, _ in rows}
        # The end and the start of each figure's period, so that the newest sorts last.
        self._periods: dict[str, tuple[str, str]] = {}
        self.series: dict[str, set[str]] = {}
        # The way in which a figure is counted since a break that its source declares.
        self.methods: dict[str, str] = {}
        for row in engine.select(
            "SELECT ?figure ?series ?start ?end ?method {"
            f" ?figure tip:edition {NamedNode(edition.iri)} ;"
            " tip:seriesIndicator ?series ; sdmx-dimension:refPeriod ?period ."
            " ?period tip:start ?start ; tip:end ?end"
            " OPTIONAL { ?figure tip:methodText ?method } }"
        ):
            iri = str(row["figure"])
            self.methods[iri] = str(row["method"] or "")
            self._periods[iri] = str(row["end"]), str(row["start"])
            self.series.setdefault(iri, set()).add(str(row["series"]))
        dated = self.by_iri.keys() & self._periods.keys()
        ordered = sorted(dated, key=lambda iri: (self._periods[iri], iri))
        self.newest = {self.measures[iri]: iri for iri in ordered}
        self.undated = [figure for iri, figure in self.by_iri.items() if iri not in dated]

    def nearest(self, iri: str) -> str:
        """The figure, or the newer one of its measure in another unit."""
        alike = [
            other
            for measure, other in self.newest.items()
            if measure._replace(unit="") == self.measures[iri]._replace(unit="")
            and self.months(other) == self.months(iri)
        ]
        return max(alike, key=lambda other: (self._periods[other], other == iri))

    def months(self, iri: str) -> int:
        """The length of a figure's period."""
        end, start = (12 * int(date[:4]) + int(date[5:7]) for date in self._periods[iri])
        return end - start + 1


def _same_series(
    old: EditionFigures, new: EditionFigures, linked: set[tuple[str, str]]
) -> Iterator[FigurePair]:
    """The newest figures of one measure; else those of one series, of the same counter if any.

    Rules derive which figures stand in one series; `linked` are parts that replace each other.
    """
    for measure, iri in old.newest.items():
        alike = {
            other: found
            for other, found in new.newest.items()
            if other == measure
            or (
                other not in old.newest
                and other.unit == measure.unit
                and (other.part == measure.part or (measure.part, other.part) in linked)
                and not old.series[iri].isdisjoint(new.series[found])
            )
        }
        of_counter = [found for other, found in alike.items() if other.counter == measure.counter]
        exact = [alike[measure]] if measure in alike else []
        for found in exact or of_counter or alike.values():
            if old.months(iri) == new.months(found):
                yield _pair_of(old, old.nearest(iri), new, found)


def _pair_of(old: EditionFigures, iri: str, new: EditionFigures, other: str) -> FigurePair:
    """The two figures; a difference only of exact values, of one measure that is counted alike."""
    before, after = old.by_iri[iri], new.by_iri[other]
    obstacles = {
        f"counted in {before.unit}, then in {after.unit}": before.unit != after.unit,
        old.methods[iri] or new.methods[other]: old.methods[iri] != new.methods[other],
        "a value is not exact": bool(before.qualifier or after.qualifier),
        "two speakers state them": old.measures[iri].speaker != new.measures[other].speaker,
        "the wording or the counter differs": old.measures[iri] != new.measures[other],
    }
    reason = next((text for text, is_so in obstacles.items() if is_so), "")
    if reason or before.period == after.period:
        return FigurePair(before, after, "", (f"not computed: {reason}",) if reason else ())
    difference = after.value - before.value
    direction = "up" if difference > 0 else "down" if difference < 0 else "unchanged"
    is_counted = before.value and old.measures[iri].unit != PERCENT
    percent = f" ({_percent(difference, before.value):+.1f} %)" if is_counted else ""
    return FigurePair(before, after, f"{difference.normalize():+,f}{percent}", (), direction)


def _percent(difference: Decimal, value: Decimal) -> Decimal:
    """The difference in per cent, rounded as the rules do."""
    return floor(1000 * difference / value + Decimal("0.5")) / Decimal(10)


def _linked(engine: Engine, area: str) -> set[tuple[str, str]]:
    """The terms that a country's wording links relate, in both directions."""
    rows = engine.select(
        "SELECT ?one ?other { ?link a tip:WordingLink ;"
        f" dcterms:spatial {NamedNode(area)} ; tip:earlier|tip:later ?one ;"
        " tip:earlier|tip:later ?other }"
    )
    return {(str(row["one"]), str(row["other"])) for row in rows}


def _changes(engine: Engine, edition: Edition, figures: EditionFigures) -> Iterator[FigurePair]:
    """The changes that rules compute between figures of the edition."""
    rows = engine.select(
        "SELECT ?one ?other ?currency ?difference ?percent ?why_not {"
        f" ?change a tip:Change ; tip:edition {NamedNode(edition.iri)} ;"
        " tip:baseline ?one ; tip:current ?other"
        " OPTIONAL { ?change tip:currency ?currency }"
        " OPTIONAL { ?change tip:difference ?difference ; tip:percent ?percent }"
        " OPTIONAL { ?change tip:notComputedText ?why_not } } ORDER BY ?other ?one"
    )
    for row in rows:
        one, other = figures.by_iri.get(str(row["one"])), figures.by_iri.get(str(row["other"]))
        if one and other and row["currency"] in (None, figures.measures[other.iri].unit):
            why_not = (f"not computed: {row['why_not']}",) if row["why_not"] else ()
            result = "" if why_not else f"{row['difference']:+,} ({row['percent']:+} %)"
            yield FigurePair(one, other, result, why_not)


def _measure(row: Row) -> Measure:
    return Measure(*(str(row[name]) for name in MEASURED))


def _figure(row: Row, labels: Row, cited: Mapping[str, Passage], publisher: str) -> Figure:
    indicator, part = str(labels["indicator"]), str(row["part_wording"] or labels["part"])
    return Figure(
        iri=str(row["statement"]),
        measure=indicator if part == "total" else f"{indicator}, {part}",
        period=str(labels["period"]),
        value=Decimal(str(row["value"])),
        unit=str(labels["unit"]),
        qualifier=str(labels["number_qualifier"] or ("approximately" * bool(row["approximate"]))),
        counted_by="" if row["counted_by"] == UNIDENTIFIED else str(labels["counted_by"] or ""),
        speaker="" if row["speaker"] == publisher else str(labels["speaker"]),
        caveats=tuple(separate(str(row["caveat"] or ""))),
        passage=cited.get(str(row["place"])),
    )
