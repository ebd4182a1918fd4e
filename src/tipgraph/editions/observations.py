"""Figures as compact Turtle: what the source states; rules derive the rest (rules/complete)."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from pyoxigraph import NamedNode

from tipgraph.editions.figures import FigureRow
from tipgraph.editions.turtle import TurtleWriter, english, own_prefix, plain
from tipgraph.entities.editions import Edition, editions
from tipgraph.figure_table import UNSTATED_PERIODS
from tipgraph.namespaces import TOTAL, UNIDENTIFIED, last_part
from tipgraph.store.engine import Engine
from tipgraph.store.rows import grouped

COMMENT = "Figures of the edition: what it states of each. Rules derive the rest."
# One line of a node: properties as prefixed names, each with its value as Turtle.
Line = Sequence[tuple[str, str]]


def figures_turtle(engine: Engine, figures: Iterable[FigureRow]) -> dict[str, str]:
    """Return a Turtle file with the figures of each edition, by the edition's IRI.

    The same figures give the same file, whatever their order.
    """
    by_edition = grouped((each.edition, each) for each in sorted(figures, key=_sort_key))
    known = editions(engine, by_edition)
    return {
        iri: _EditionWriter(engine, known[iri], own).document() for iri, own in by_edition.items()
    }


def bases(figures: Iterable[FigureRow]) -> dict[FigureRow, FigureRow]:
    """The number that each percentage is a percentage of, if the table names its part.

    It has the same indicator and period, and the same speaker and counter if there is such a one.
    """
    figures = list(figures)
    by_place = grouped(
        ((each.edition, each.indicator, each.period, each.part), each)
        for each in figures
        if not each.is_percentage
    )
    found = {}
    for each in figures:
        place = each.edition, each.indicator, each.period, each.percentage_of
        candidates = by_place.get(place, [])
        same = [base for base in candidates if base.breakdown_key == each.breakdown_key]
        match same or candidates:
            case [base]:
                found[each] = base
    return found


def payments(figures: Iterable[FigureRow]) -> dict[tuple[str, ...], list[FigureRow]]:
    """The amounts of each payment, the one that was not converted first."""
    groups = grouped(((*each.breakdown_key, each.part), each) for each in figures if each.is_money)
    return {
        key: sorted(amounts, key=lambda each: each.converted) for key, amounts in groups.items()
    }


def _sort_key(figure: FigureRow) -> tuple[object, ...]:
    return figure.indicator, figure.period, figure.part != TOTAL, figure.iri, figure.converted


class _EditionWriter:
    """Writes the figures of one edition."""

    def __init__(self, engine: Engine, edition: Edition, figures: list[FigureRow]) -> None:
        self._engine = engine
        self._edition = edition
        self._figures = figures
        own = own_prefix(edition.iri, edition.area)
        self._writer = TurtleWriter({own: f"{edition.iri}/"})
        self._bases = bases(figures)
        self._usual_units = engine.select(
            "SELECT ?code ?unit { ?code tip:usualUnit|tip:countedUnit/tip:usualUnit ?unit }"
        ).grouped()

    def document(self) -> str:
        """Return the complete file."""
        return self._writer.compact_document(COMMENT, self._nodes())

    def _nodes(self) -> Iterator[str]:
        periods = {each.period for each in self._figures}
        for words, name in UNSTATED_PERIODS.items():
            if f"{self._edition.iri}/{name}" in periods:
                label = english(f"{words} ({self._edition.label})")
                period = f"{self._edition.iri}/{name}"
                yield self._writer.compact(period, "tip:UnstatedPeriod", [[("rdfs:label", label)]])
        of_payment = {amounts[0]: amounts for amounts in payments(self._figures).values()}
        for figure in self._figures:
            if not figure.is_money:
                yield self._observation(figure)
            elif figure in of_payment:
                yield self._payment(of_payment[figure])

    def _observation(self, figure: FigureRow) -> str:
        base = self._bases.get(figure)
        has_usual_unit = figure.unit in self._usual_units.get(figure.indicator, [])
        unit = "" if has_usual_unit else figure.unit
        counter = "" if figure.counted_by == UNIDENTIFIED else figure.counted_by
        lines: list[Line] = [
            self._indicator(figure),
            [
                *self._period(figure),
                ("sdmx-measure:obsValue", f"{figure.value:f}"),
                *self._named("sdmx-attribute:unitMeasure", unit),
                *self._named("tip:numberQualifier", figure.number_qualifier),
                *self._named("tip:percentageOf", base.iri if base else ""),
            ],
            [
                *self._named("tip:countedBy", counter),
                *_text("tip:countedAs", figure.counted_as),
                *self._named("tip:recipient", figure.recipient),
                *self._speaker(figure),
            ],
            self._source(figure),
            *_notes(figure),
        ]
        return self._writer.compact(figure.iri, "tip:Observation", lines)

    def _payment(self, amounts: list[FigureRow]) -> str:
        """Return the payment, then each of its amounts."""
        first = amounts[0]
        funder = "" if first.counted_by == UNIDENTIFIED else first.counted_by
        lines: list[Line] = [
            self._indicator(first),
            self._period(first),
            [
                *self._named("tip:funder", funder),
                *self._named("tip:recipient", first.recipient),
                *self._named("tip:perUnit", first.per_unit),
                *self._speaker(first),
            ],
            [("tip:amount", " , ".join(self._name(_amount_iri(each)) for each in amounts))],
            self._source(first),
        ]
        payment = self._writer.compact(first.iri, self._payment_class(first), lines)
        return "\n".join([payment, *(self._amount(each, first) for each in amounts)])

    def _amount(self, figure: FigureRow, first: FigureRow) -> str:
        is_unqualified = figure.approximate and not figure.number_qualifier
        lines: list[Line] = [
            [
                ("tip:amountValue", _decimal(figure.value)),
                ("tip:currency", self._name(figure.unit)),
                *self._named("tip:numberQualifier", figure.number_qualifier),
                *([("tip:approximate", "true")] if is_unqualified else []),
                *self._named("tip:convertedFrom", _amount_iri(first) if figure.converted else ""),
            ],
            *_notes(figure),
        ]
        return self._writer.compact(_amount_iri(figure), "tip:MonetaryAmount", lines)

    def _indicator(self, figure: FigureRow) -> Line:
        part = "" if figure.part == TOTAL else figure.part
        return [
            ("tip:indicator", self._name(figure.indicator)),
            *self._named("tip:part", part),
            *_text("tip:partWording", figure.part_wording),
        ]

    def _period(self, figure: FigureRow) -> Line:
        inferred = [("tip:periodInferred", "true")] if figure.period_inferred else []
        return [("sdmx-dimension:refPeriod", self._name(figure.period)), *inferred]

    def _speaker(self, figure: FigureRow) -> Line:
        return [
            *self._named("tip:speaker", figure.speaker),
            *self._named("tip:speechAct", figure.speech_act),
        ]

    def _source(self, figure: FigureRow) -> Line:
        return [*_text("tip:quote", figure.quote), *self._named("tip:quotedFrom", figure.sentence)]

    def _payment_class(self, figure: FigureRow) -> str:
        """Return the class of an award if persons get the money, of an allocation otherwise."""
        recipient = NamedNode(figure.recipient or UNIDENTIFIED)
        to_persons = f"ASK {{ {recipient} a tip:PersonCategory }}"
        return "tip:Award" if self._engine.ask(to_persons) else "tip:Allocation"

    def _name(self, iri: str) -> str:
        return self._writer.name(iri)

    def _named(self, name: str, iri: str) -> Line:
        return [(name, self._name(iri))] if iri else []


def _notes(figure: FigureRow) -> list[Line]:
    note = [("skos:scopeNote", english(figure.note))] if figure.note else []
    caution = [("tip:caution", english(figure.caution))] if figure.caution else []
    return [note, caution]


def _text(name: str, text: str) -> Line:
    return [(name, plain(text))] if text else []


def _amount_iri(figure: FigureRow) -> str:
    return f"{figure.iri}-{last_part(figure.unit).lower()}"


def _decimal(value: Decimal) -> str:
    return f"{value:f}" if value % 1 else f"{value:.1f}"
