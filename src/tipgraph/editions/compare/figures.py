"""Figures of two editions: changes, revisions, and those that only one edition has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from pyoxigraph import NamedNode

from tipgraph.entities.editions import Edition
from tipgraph.entities.passages import Passage, passages
from tipgraph.entities.row_labels import labelled
from tipgraph.namespaces import OURSELVES, PERCENT, PREFIXES, UNIDENTIFIED
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.rdf.terms import Value
from tipgraph.store.engine import Engine

# The direction of a figure that both editions give for one period, which is not a change.
SAME_PERIOD = "same-period"
NOT_COMPARABLE = "not-comparable"

# The IRIs of indicator, part, unit and counter.
Measure = tuple[str, str, str, str]
Row = dict[str, Value]
# Two indicators or two parts, the one replacing the other's wording, and the link's label.
WordingLinks = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Figure:
    """A figure of one edition, with labels instead of IRIs; the part is in the source's words.

    `counted_by` is who did what is counted, or who pays; it is empty where the source names nobody.
    """

    iri: str
    indicator: str
    part: str
    period: str
    value: Decimal
    unit: str
    approximate: bool
    qualifier: str
    counted_by: str
    is_money: bool
    caveat: str
    speaker: str
    passage: Passage | None
    method: str


@dataclass(frozen=True)
class FigureChange:
    """The newest figures of one measure in two editions; units differ where years would not meet.

    `wording` says how the indicators' wordings are related, if they differ. `other_parts` are the
    parts that only one of the two breakdowns has. `restatement` is the figure that the later
    edition gives for the earlier period in other words. `is_replaced` says whether the later
    edition has the other words in place of the earlier one's, beside the same words.
    """

    earlier: Figure
    later: Figure
    wording: str = ""
    other_parts: tuple[str, ...] = ()
    restatement: Figure | None = None
    is_replaced: bool = False
    is_percentage: bool = False

    @property
    def difference(self) -> Decimal | None:
        """The later value minus the earlier one.

        None where a value is not exact, and where unit, method, counter or wording changed; but for
        wording where the later edition gives the earlier value in its own words.
        """
        if self.not_computed:
            return None
        is_reworded = self.wording or self.is_replaced
        is_restated = self.restatement and self.restatement.value == self.earlier.value
        if is_reworded and not is_restated:
            return None
        return self.later.value - self.earlier.value

    @property
    def not_computed(self) -> str:
        """The reason why no difference is computed, unless it is the wording; empty without one."""
        one, other = self.earlier, self.later
        if one.unit != other.unit:
            return f"{one.period} is counted in {one.unit}, {other.period} in {other.unit}"
        if one.method != other.method:
            return other.method or one.method
        if one.counted_by != other.counted_by:
            names = (each.counted_by or "unnamed bodies" for each in (one, other))
            return "counted by {}, then by {}".format(*names)
        if one.approximate or other.approximate:
            return "a value is not exact"
        return ""

    @property
    def percent(self) -> Decimal | None:
        """The difference in per cent of the earlier value, to one decimal place.

        None without a difference, for a zero, and for a percentage.
        """
        if self.difference is None or self.is_percentage or not self.earlier.value:
            return None
        return (100 * self.difference / self.earlier.value).quantize(Decimal("0.1"))

    @property
    def direction(self) -> str:
        """`up`, `down`, `unchanged`, `same-period` or `not-comparable`."""
        if self.earlier.period == self.later.period and self.earlier.value == self.later.value:
            return SAME_PERIOD
        if self.difference is None:
            return NOT_COMPARABLE
        return "up" if self.difference > 0 else "down" if self.difference < 0 else "unchanged"


@dataclass(frozen=True)
class Revision:
    """Two different figures that the two editions give for one period."""

    earlier: Figure
    later: Figure
    kind: str
    note: str


@dataclass(frozen=True)
class Figures:
    """The figures of two editions, compared.

    `undated` are those whose year an edition does not state: they are compared with none.
    """

    changes: tuple[FigureChange, ...]
    revisions: tuple[Revision, ...]
    only_earlier: tuple[Figure, ...]
    only_later: tuple[Figure, ...]
    undated_earlier: tuple[Figure, ...] = ()
    undated_later: tuple[Figure, ...] = ()


def compare_figures(
    engine: Engine, queries: Mapping[str, StoredQuery], earlier: Edition, later: Edition
) -> Figures:
    """The figures of two editions, compared.

    A change has the newest figures of one indicator, part, unit and counter for periods of one
    length; of a linked wording, others may have counted. Where the earlier edition counts a newer
    year in another unit, that figure stands in it. Two figures for one period are a revision alone.
    Amounts that an edition converted are left out: they would compare exchange rates.
    """
    periods, axes = _periods(engine), _axes(engine)
    old, new = (
        _EditionFigures(engine, queries["figures"], each, periods, axes)
        for each in (earlier, later)
    )
    links = _wording_links(engine, earlier.area)
    revisions = tuple(_revisions(engine, queries["revisions"], old, new))
    revised = {(each.earlier.iri, each.later.iri) for each in revisions}
    changes = tuple(
        each
        for each in _changes(old, new, links)
        if (each.earlier.iri, each.later.iri) not in revised
    )
    shown: list[FigureChange | Revision] = [*changes, *revisions]
    reported = {iri for each in shown for iri in (each.earlier.iri, each.later.iri)}
    compared = {
        measure
        for each in changes
        for measure in (old.measure(each.earlier), new.measure(each.later))
    }
    return Figures(
        changes,
        revisions,
        tuple(old.unreported(reported, compared)),
        tuple(new.unreported(reported, compared)),
        old.undated,
        new.undated,
    )


class _EditionFigures:
    """The figures of an edition, and the newest of each measure."""

    def __init__(
        self,
        engine: Engine,
        query: StoredQuery,
        edition: Edition,
        periods: dict[str, tuple[str, str]],
        axes: dict[str, tuple[str, str]],
    ) -> None:
        found = engine.select(query.bound(engine, {"edition": edition.iri}))
        rows = [
            (row, labels)
            for row, labels in zip(found, labelled(engine, found), strict=True)
            if not row["converted"] and str(row["speaker"]) != OURSELVES
        ]
        cited = passages(engine, {str(row["place"]) for row, _ in rows})
        methods = _methods(engine, edition)
        self._periods = periods
        self._axes = axes
        self._rows = {str(row["statement"]): row for row, _ in rows}
        self.by_iri = {
            str(row["statement"]): _figure(row, labels, cited, methods) for row, labels in rows
        }
        dated = [iri for iri, row in self._rows.items() if str(row["period"]) in periods]
        self.newest = {_measure(self._rows[iri]): iri for iri in sorted(dated, key=self._period)}
        self.undated = tuple(self.by_iri[iri] for iri in self._rows if iri not in dated)

    @property
    def indicators(self) -> set[str]:
        return {str(row["indicator"]) for row in self._rows.values()}

    def nearest(self, iri: str) -> Figure:
        """The figure, or the newer one of the same measure in another unit."""
        indicator, part, _, counter = _measure(self._rows[iri])
        others = (
            other
            for measure, other in self.newest.items()
            if (*measure[:2], measure[3]) == (indicator, part, counter)
            and self.months(other) == self.months(iri)
        )
        return self.by_iri[max([iri, *others], key=self._period)]

    def measure(self, figure: Figure) -> Measure:
        return _measure(self._rows[figure.iri])

    def parts(self, figure: Figure) -> dict[str, str]:
        """The labels of the parts in a figure's breakdown, by IRI; none for a total."""
        axis = self._axes.get(self._part(figure))
        return {
            self._part(each): each.part
            for each in self.by_iri.values()
            if axis
            and self._axes.get(self._part(each)) == axis
            and (each.indicator, each.period) == (figure.indicator, figure.period)
        }

    def _part(self, figure: Figure) -> str:
        return str(self._rows[figure.iri]["part"])

    def is_percentage(self, figure: Figure) -> bool:
        return str(self._rows[figure.iri]["unit"]) == PERCENT

    def months(self, iri: str) -> int:
        """The length of a figure's period in months."""
        end, start = (12 * int(date[:4]) + int(date[5:7]) for date in self._period(iri))
        return end - start + 1

    def restatement(self, figure: Figure, measure: Measure, links: WordingLinks) -> Figure | None:
        """The figure here for another edition's figure: the same period, in other words."""
        reworded = dict(_reworded(measure, links))
        found = (
            self.by_iri[iri] for iri, row in self._rows.items() if _measure(row)[:-1] in reworded
        )
        return next((each for each in found if each.period == figure.period), None)

    def unreported(self, reported: set[str], compared: set[Measure]) -> Iterator[Figure]:
        """The newest figures of measures that no change or revision shows."""
        for measure, iri in self.newest.items():
            if iri not in reported and measure not in compared:
                yield self.by_iri[iri]

    def _period(self, iri: str) -> tuple[str, str]:
        """The end and the start of a figure's period, so that the newest sorts last."""
        start, end = self._periods[str(self._rows[iri]["period"])]
        return end, start


def _changes(
    old: _EditionFigures, new: _EditionFigures, links: WordingLinks
) -> Iterator[FigureChange]:
    for measure, iri in old.newest.items():
        for other, wording in _counterparts(measure, old.newest, new.newest, links):
            if old.months(iri) == new.months(other):
                earlier, later = old.nearest(iri), new.by_iri[other]
                parts = _other_parts(old.parts(earlier), new.parts(later), links)
                restatement = new.restatement(earlier, measure, links)
                added = new.indicators - old.indicators
                is_replaced = any(each in added for each, _ in _linked(measure[0], links))
                yield FigureChange(
                    *(earlier, later, wording, parts, restatement, is_replaced),
                    is_percentage=old.is_percentage(earlier),
                )


def _other_parts(old: dict[str, str], new: dict[str, str], links: WordingLinks) -> tuple[str, ...]:
    """The labels of the parts that only one breakdown has, also in other words."""
    labels = {
        label
        for one, other in ((old, new), (new, old))
        for part, label in one.items()
        if part not in other and not any((part, each) in links for each in other)
    }
    return tuple(sorted(labels))


def _counterparts(
    measure: Measure, old: dict[Measure, str], new: dict[Measure, str], links: WordingLinks
) -> Iterator[tuple[str, str]]:
    """The figure of the same measure; else those of a linked wording that only `new` has.

    Of a linked wording, that of the same counter comes first.
    """
    if measure in new:
        yield new[measure], ""
        return
    known = {each[:-1] for each in old}
    for reworded, wording in _reworded(measure, links):
        found = [each for each in new if each[:-1] == reworded and reworded not in known]
        same = [each for each in found if each[-1] == measure[-1]]
        for each in same or found:
            yield new[each], wording


def _reworded(measure: Measure, links: WordingLinks) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Indicator, part and unit with other words for the first two, and how these are related."""
    indicator, part, unit, _ = measure
    indicators, parts = ([(name, ""), *_linked(name, links)] for name in (indicator, part))
    for (one, wording), (other, part_wording) in product(indicators, parts):
        if (one, other) != (indicator, part):
            yield (one, other, unit), "; ".join(filter(None, [wording, part_wording]))


def _linked(name: str, links: WordingLinks) -> Iterator[tuple[str, str]]:
    return ((other, wording) for (one, other), wording in links.items() if one == name)


def _revisions(
    engine: Engine, query: StoredQuery, old: _EditionFigures, new: _EditionFigures
) -> Iterator[Revision]:
    for row in engine.select(query.bound(engine, {})):
        for one, other in (("earlier_statement", "statement"), ("statement", "earlier_statement")):
            earlier, later = old.by_iri.get(str(row[one])), new.by_iri.get(str(row[other]))
            if earlier and later:
                yield Revision(earlier, later, str(row["kind"]), str(row["note"] or ""))


def _wording_links(engine: Engine, area: str) -> WordingLinks:
    """The indicators and parts that a country's wording links relate, in both directions."""
    rows = engine.select(
        "SELECT ?one ?other ?label { ?link a tip:WordingLink ; rdfs:label ?label ;"
        f" dcterms:spatial {NamedNode(area)} ; tip:earlier ?one ; tip:later ?other"
        " VALUES ?list { code:indicators code:parts } ?one skos:inScheme ?list }"
    )
    found = {}
    for one, other, label in (map(str, row.values()) for row in rows):
        found[one, other] = found[other, one] = label
    return found


def _periods(engine: Engine) -> dict[str, tuple[str, str]]:
    """The start and the end of each period."""
    rows = engine.select(
        "SELECT ?period ?start ?end { ?period a tip:Period ; tip:start ?start ; tip:end ?end }"
    )
    return {str(row["period"]): (str(row["start"]), str(row["end"])) for row in rows}


def _axes(engine: Engine) -> dict[str, tuple[str, str]]:
    """The axis and the broader part of each part."""
    rows = engine.select(
        "SELECT ?part ?axis ?broader {"
        " ?part skos:inScheme code:parts ; tip:axis ?axis"
        " OPTIONAL { ?part skos:broader ?broader } }"
    )
    return {str(row["part"]): (str(row["axis"]), str(row["broader"] or "")) for row in rows}


def _measure(row: Row) -> Measure:
    return str(row["indicator"]), str(row["part"]), str(row["unit"]), str(row["counted_by"])


def _methods(engine: Engine, edition: Edition) -> dict[str, str]:
    """Return how figures are counted since a break that their source declares, by IRI."""
    rows = engine.select(
        "SELECT ?figure ?text"
        f" {{ ?figure tip:edition {NamedNode(edition.iri)} ; tip:methodText ?text }}"
    )
    return {str(row["figure"]): str(row["text"]) for row in rows}


def _figure(row: Row, labels: Row, cited: dict[str, Passage], methods: Mapping[str, str]) -> Figure:
    names = {name: str(labels[name]) for name in ("indicator", "period", "unit", "speaker")}
    return Figure(
        iri=str(row["statement"]),
        part=str(row["part_wording"] or labels["part"]),
        value=Decimal(str(row["value"])),
        approximate=bool(row["approximate"]),
        qualifier=str(labels["number_qualifier"] or ""),
        counted_by=str(labels["counted_by"] or "") if row["counted_by"] != UNIDENTIFIED else "",
        is_money=str(row["unit"]).startswith(PREFIXES["currency"]),
        caveat=str(row["caveat"] or ""),
        passage=cited.get(str(row["place"])),
        method=methods.get(str(row["statement"]), ""),
        **names,
    )
