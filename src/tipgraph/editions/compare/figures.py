"""The figures of two editions, those of the same measure against each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from pyoxigraph import NamedNode

from tipgraph.editions.compare.editions import Edition
from tipgraph.graph import Graph
from tipgraph.lookup.passages import Passage, passages
from tipgraph.store.rows import Value

# The direction of a figure that both editions give for one period: it is no change.
SAME = "same-period"

Key = tuple[str, str, str]
Row = dict[str, Value]
# How the wordings of two indicators, or of two parts, are related.
Links = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Figure:
    """A figure of one edition; things by their labels."""

    iri: str
    indicator: str
    part: str
    period: str
    value: Decimal
    unit: str
    approximate: bool
    counted_by: str
    caveat: str
    speaker: str
    passage: Passage | None


@dataclass(frozen=True)
class FigureChange:
    """The newest figures of one measure in two editions, and how the wording differs if it does.

    `other_parts` are those that one edition has and the other has not, where these are parts.
    `instead` is what the later edition itself gives for the earlier period, in other words.
    """

    earlier: Figure
    later: Figure
    wording: str = ""
    other_parts: tuple[str, ...] = ()
    instead: Figure | None = None

    @property
    def difference(self) -> Decimal:
        return self.later.value - self.earlier.value

    @property
    def percent(self) -> Decimal | None:
        """The difference in per cent of the earlier, to one place."""
        if not self.earlier.value:
            return None
        return (100 * self.difference / self.earlier.value).quantize(Decimal("0.1"))

    @property
    def direction(self) -> str:
        if self.earlier.period == self.later.period and not self.difference:
            return SAME
        return "up" if self.difference > 0 else "down" if self.difference < 0 else "unchanged"


@dataclass(frozen=True)
class Revision:
    """A period of which the two editions tell differently."""

    earlier: Figure
    later: Figure
    kind: str
    note: str


@dataclass(frozen=True)
class Figures:
    """What the figures of two editions show."""

    changes: tuple[FigureChange, ...]
    revisions: tuple[Revision, ...]
    only_earlier: tuple[Figure, ...]
    only_later: tuple[Figure, ...]


def figures(graph: Graph, earlier: Edition, later: Edition) -> Figures:
    """The figures of the two editions, set against each other.

    Compared are the newest figures of one indicator, part and unit for periods of one length.
    Amounts that an edition converted are left out: they would compare its rates.
    """
    old, new = (_Held(graph, edition) for edition in (earlier, later))
    links = _links(graph, earlier.area)
    revisions = tuple(_revisions(graph, old, new))
    changes = tuple(_changes(old, new, links))
    told = {iri for each in changes for iri in (each.earlier.iri, each.later.iri)}
    told |= {iri for each in revisions for iri in (each.earlier.iri, each.later.iri)}
    compared = {key for pair in changes for key in (old.key(pair.earlier), new.key(pair.later))}
    return Figures(
        changes,
        revisions,
        tuple(old.others(told, compared)),
        tuple(new.others(told, compared)),
    )


class _Held:
    """The figures of an edition, and the newest of each measure."""

    def __init__(self, graph: Graph, edition: Edition) -> None:
        all_rows = graph.rows("figures", edition=edition.iri)
        pairs = zip(all_rows, graph.labelled(all_rows), strict=True)
        rows = [(row, called) for row, called in pairs if not row["converted"]]
        places = passages(graph.engine, {str(row["sentence"]) for row, _ in rows})
        self._periods = _periods(graph)
        self._axes = _axes(graph)
        self._rows = {str(row["statement"]): row for row, _ in rows}
        self.by_iri = {str(row["statement"]): _figure(row, called, places) for row, called in rows}
        self.newest = {_key(self._rows[iri]): iri for iri in sorted(self._rows, key=self._span)}

    def key(self, figure: Figure) -> Key:
        return _key(self._rows[figure.iri])

    def parts(self, figure: Figure) -> dict[str, str]:
        """The labels of the parts that stand beside a part on its axis; none for a whole."""
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

    def length(self, iri: str) -> int:
        """How long the period of a figure is, in months."""
        end, start = (12 * int(text[:4]) + int(text[5:7]) for text in self._span(iri))
        return end - start + 1

    def instead(self, figure: Figure, key: Key, links: Links) -> Figure | None:
        """What stands here for a figure of another edition, of the same period in other words."""
        places = dict(_places(key, links))
        found = (self.by_iri[iri] for iri, row in self._rows.items() if _key(row) in places)
        return next((each for each in found if each.period == figure.period), None)

    def others(self, told: set[str], compared: set[Key]) -> Iterator[Figure]:
        """The newest figures of measures that are told nowhere else."""
        for key, iri in self.newest.items():
            if iri not in told and key not in compared:
                yield self.by_iri[iri]

    def _span(self, iri: str) -> tuple[str, str]:
        start, end = self._periods[str(self._rows[iri]["period"])]
        return end, start


def _changes(old: _Held, new: _Held, links: Links) -> Iterator[FigureChange]:
    for key, iri in old.newest.items():
        for other, wording in _counterparts(key, old.newest, new.newest, links):
            if old.length(iri) == new.length(other):
                earlier, later = old.by_iri[iri], new.by_iri[other]
                parts = _other_parts(old.parts(earlier), new.parts(later), links)
                instead = new.instead(earlier, old.key(earlier), links)
                yield FigureChange(earlier, later, wording, parts, instead)


def _other_parts(one: dict[str, str], other: dict[str, str], links: Links) -> tuple[str, ...]:
    """The labels of the parts that one has, and the other neither has nor words differently."""
    labels = {
        label
        for mine, theirs in ((one, other), (other, one))
        for part, label in mine.items()
        if part not in theirs and not any((part, each) in links for each in theirs)
    }
    return tuple(sorted(labels))


def _counterparts(
    key: Key, old: dict[Key, str], new: dict[Key, str], links: Links
) -> Iterator[tuple[str, str]]:
    """The figure of the same measure; else those that stand in its place and are no other's."""
    if key in new:
        yield new[key], ""
        return
    for place, wording in _places(key, links):
        if place in new and place not in old:
            yield new[place], wording


def _places(key: Key, links: Links) -> Iterator[tuple[Key, str]]:
    """The places of a measure in other words, with how the words of indicator and part differ."""
    indicator, part, unit = key
    indicators, parts = ([(name, ""), *_worded(name, links)] for name in (indicator, part))
    for (one, wording), (other, wording_of_part) in product(indicators, parts):
        if (one, other) != (indicator, part):
            yield (one, other, unit), "; ".join(filter(None, [wording, wording_of_part]))


def _worded(name: str, links: Links) -> Iterator[tuple[str, str]]:
    return ((other, wording) for (one, other), wording in links.items() if one == name)


def _revisions(graph: Graph, old: _Held, new: _Held) -> Iterator[Revision]:
    for row in graph.rows("revisions"):
        for one, other in (("earlier_statement", "statement"), ("statement", "earlier_statement")):
            earlier, later = old.by_iri.get(str(row[one])), new.by_iri.get(str(row[other]))
            if earlier and later:
                yield Revision(earlier, later, str(row["kind"]), str(row["note"] or ""))


def _links(graph: Graph, area: str) -> Links:
    """The indicators and parts of a country that links of wording relate, either way, and how."""
    rows = graph.engine.select(
        "SELECT ?one ?other ?label { ?link a tip:WordingLink ; rdfs:label ?label ;"
        f" dcterms:spatial {NamedNode(area)} ; tip:earlier ?one ; tip:later ?other"
        " VALUES ?list { code:indicators code:parts } ?one skos:inScheme ?list }"
    )
    found = {}
    for one, other, label in (map(str, row.values()) for row in rows):
        found[one, other] = found[other, one] = label
    return found


def _periods(graph: Graph) -> dict[str, tuple[str, str]]:
    rows = graph.engine.select(
        "SELECT ?period ?start ?end { ?period a tip:Period ; tip:start ?start ; tip:end ?end }"
    )
    return {str(row["period"]): (str(row["start"]), str(row["end"])) for row in rows}


def _axes(graph: Graph) -> dict[str, tuple[str, str]]:
    """In which respect a part differs from others, and what wider part it is of."""
    rows = graph.engine.select(
        "SELECT ?part ?axis ?wider { ?part tip:axis ?axis OPTIONAL { ?part skos:broader ?wider } }"
    )
    return {str(row["part"]): (str(row["axis"]), str(row["wider"] or "")) for row in rows}


def _key(row: Row) -> Key:
    return str(row["indicator"]), str(row["part"]), str(row["unit"])


def _figure(row: Row, called: Row, places: dict[str, Passage]) -> Figure:
    names = {name: str(called[name]) for name in ("indicator", "part", "period", "unit", "speaker")}
    return Figure(
        iri=str(row["statement"]),
        value=Decimal(str(row["value"])),
        approximate=bool(row["approximate"]),
        counted_by=str(called["counted_by"] or ""),
        caveat=str(row["caveat"] or ""),
        passage=places.get(str(row["sentence"])),
        **names,
    )
