"""Figures as Turtle: the observations, payments and citations of an edition."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.editions.consistency import (
    bases,
    breakdowns,
    has_overlapping_parts,
    payments,
    totals,
)
from tipgraph.editions.figures import FigureRow
from tipgraph.editions.turtle import (
    NodeGroup,
    PropertyValues,
    TurtleWriter,
    english,
    own_prefix,
    plain,
)
from tipgraph.entities.editions import Edition, editions
from tipgraph.figure_table import UNSTATED_PERIODS
from tipgraph.namespaces import TOTAL, UNIDENTIFIED, last_part
from tipgraph.store.engine import Engine
from tipgraph.text import capitalise

COMMENT = "Figures of the edition, from a table, each with the place on the page."


def figures_turtle(engine: Engine, figures: Sequence[FigureRow]) -> dict[str, str]:
    """A Turtle file with the figures of each edition, by the edition's IRI."""
    first_line: dict[tuple[object, ...], int] = {}
    for figure in figures:
        first_line.setdefault(_group_key(figure), figure.line)
    ordered = sorted(
        figures, key=lambda each: (each.edition, first_line[_group_key(each)], each.line)
    )
    known = editions(engine, (each.edition for each in figures))
    by_edition = groupby(ordered, key=lambda figure: figure.edition)
    return {
        iri: _EditionWriter(engine, known[iri], list(figures)).document()
        for iri, figures in by_edition
    }


def _group_key(figure: FigureRow) -> tuple[object, ...]:
    """The values that the figures of one group in the file share."""
    return figure.edition, figure.is_money, *_subject(figure)


def _subject(figure: FigureRow) -> tuple[str, str]:
    """The indicator and the period, which identify a place on the page."""
    return figure.indicator, figure.period


class _EditionWriter:
    """Writes the figures of one edition."""

    def __init__(self, engine: Engine, edition: Edition, figures: list[FigureRow]) -> None:
        self._engine = engine
        self._edition = edition
        self._figures = figures
        own = own_prefix(edition.iri, edition.area)
        self._writer = TurtleWriter({own: f"{edition.iri}/"})
        self._unstated = {
            f"{edition.iri}/{name}": words
            for words, name in UNSTATED_PERIODS.items()
            if any(each.period == f"{edition.iri}/{name}" for each in figures)
        }
        self._labels = entities.labels(engine, self._entities()) | self._unstated
        self._citations = _Citations(engine, self._writer, edition, figures, self._labels)
        self._data_set, self._has_data_set = self._find_data_set()
        self._totals = totals(engine, figures)
        self._bases = bases(figures)
        self._completeness = {
            part: _completeness(total, parts)
            for total, parts in breakdowns(engine, figures)
            for part in parts
        }

    def document(self) -> str:
        """The complete file."""
        return self._writer.document(COMMENT, [*self._citations.groups(), *self._groups()])

    def _entities(self) -> set[str]:
        names = (
            (each.indicator, each.period, each.part, each.unit, each.number_qualifier)
            for each in self._figures
        )
        return {self._edition.area, *(iri for group in names for iri in group if iri)}

    def _find_data_set(self) -> tuple[str, bool]:
        """The IRI of the edition's data set, and whether the graph describes it already."""
        rows = self._engine.select(
            f"SELECT ?data {{ ?data a qb:DataSet ; tip:edition {NamedNode(self._edition.iri)} }}"
            " ORDER BY ?data"
        )
        found = rows.column("data")
        return (str(found[0]), True) if found else (f"{self._edition.iri}/figures", False)

    def _groups(self) -> Iterator[NodeGroup]:
        """The data set if it is new, then the figures of each indicator and period."""
        if not self._has_data_set:
            yield NodeGroup("The figures as a data set", [self._data_set_node()])
        if self._unstated:
            nodes = [self._unstated_period(*each) for each in self._unstated.items()]
            yield NodeGroup("Periods whose year the edition does not state", nodes)
        for (indicator, period), figures in groupby(self._figures, key=_subject):
            comment = capitalise(f"{self._labels[indicator]}, {self._labels[period]}")
            yield NodeGroup(comment, list(self._nodes(list(figures))))

    def _nodes(self, figures: list[FigureRow]) -> Iterator[str]:
        yield from (self._observation(each) for each in figures if not each.is_money)
        for amounts in payments(figures).values():
            yield from self._payment(amounts)

    def _data_set_node(self) -> str:
        properties: list[PropertyValues] = [
            ("rdfs:label", [english(f"Figures of {self._edition.label}")]),
            ("qb:structure", ["tip:figureStructure"]),
            ("tip:edition", [self._name(self._edition.iri)]),
        ]
        return self._writer.node(self._data_set, "qb:DataSet", properties)

    def _unstated_period(self, iri: str, words: str) -> str:
        properties: list[PropertyValues] = [
            ("rdfs:label", [english(f"{words} ({self._edition.label})")]),
            ("tip:edition", [self._name(self._edition.iri)]),
        ]
        return self._writer.node(iri, "tip:UnstatedPeriod", properties)

    def _observation(self, figure: FigureRow) -> str:
        total, base = self._totals.get(figure), self._bases.get(figure)
        properties: list[PropertyValues] = [
            ("rdfs:label", [english(self._label(figure))]),
            ("tip:topic", self._of_indicator(figure, "tip:topic")),
            ("qb:dataSet", [self._name(self._data_set)]),
            *self._dimensions(figure),
            ("tip:part", [self._name(figure.part)]),
            ("tip:partWording", [plain(figure.part_wording)] if figure.part_wording else []),
            ("sdmx-measure:obsValue", [f"{figure.value:f}"]),
            ("sdmx-attribute:unitMeasure", [self._name(figure.unit)]),
            ("tip:approximate", [_boolean(figure.approximate)]),
            ("tip:numberQualifier", self._names(figure.number_qualifier)),
            ("tip:counts", self._of_indicator(figure, "tip:counts")),
            ("tip:countedBy", self._names(figure.counted_by)),
            ("tip:countedAs", [plain(figure.counted_as)] if figure.counted_as else []),
            ("tip:recipient", self._names(figure.recipient)),
            ("tip:percentageOf", self._names(base.iri if base else "")),
            ("tip:breakdownOf", self._names(total.iri if total else "")),
            ("tip:breakdown", [self._completeness[figure]] if total else []),
            ("skos:scopeNote", [english(figure.note)] if figure.note else []),
            ("tip:caution", [english(figure.caution)] if figure.caution else []),
            *self._provenance(figure),
        ]
        return self._writer.node(figure.iri, "tip:Observation", properties)

    def _label(self, figure: FigureRow) -> str:
        """The number with its qualifier, what it counts, and the part."""
        unit = ""
        if figure.is_percentage:
            base = self._bases.get(figure)
            unit = " per cent of" if base and base.part == TOTAL else " per cent,"
        number = _qualified(f"{figure.value:,f}{unit}", figure, self._labels)
        return capitalise(f"{number} {self._description(figure)}{self._part(figure)}")

    def _payment(self, amounts: list[FigureRow]) -> Iterator[str]:
        """The payment, then each of its amounts."""
        first = amounts[0]
        what = capitalise(self._description(first)) + self._part(first)
        label = f"{what}: {_money(first, self._labels)}"
        properties: list[PropertyValues] = [
            ("rdfs:label", [english(label)]),
            ("tip:topic", self._of_indicator(first, "tip:topic")),
            *self._dimensions(first),
            ("tip:funder", self._names(first.counted_by)),
            ("tip:recipient", self._names(first.recipient)),
            ("tip:part", self._names(first.part if first.part != TOTAL else "")),
            ("tip:perUnit", self._names(first.per_unit)),
            ("tip:amount", [self._name(_amount_iri(each)) for each in amounts]),
            *self._provenance(first),
        ]
        yield self._writer.node(first.iri, self._payment_class(first), properties)
        for each in amounts:
            yield self._amount(each, first)

    def _amount(self, figure: FigureRow, first: FigureRow) -> str:
        suffix = ", converted" if figure.converted else ""
        properties: list[PropertyValues] = [
            ("rdfs:label", [english(_money(figure, self._labels) + suffix)]),
            ("tip:amountValue", [_decimal(figure.value)]),
            ("tip:currency", [self._name(figure.unit)]),
            # A conversion is no more exact than what it was converted from.
            ("tip:approximate", [_boolean(figure.approximate or first.approximate)]),
            ("tip:numberQualifier", self._names(figure.number_qualifier)),
            ("tip:converted", [_boolean(figure.converted)]),
            ("tip:convertedFrom", self._names(_amount_iri(first) if figure.converted else "")),
            ("tip:rounded", [_boolean(figure.converted and figure.value % 10 == 0)]),
            ("skos:scopeNote", [english(figure.note)] if figure.note else []),
            ("tip:caution", [english(figure.caution)] if figure.caution else []),
        ]
        return self._writer.node(_amount_iri(figure), "tip:MonetaryAmount", properties)

    def _dimensions(self, figure: FigureRow) -> list[PropertyValues]:
        return [
            ("sdmx-dimension:refArea", [self._name(self._edition.area)]),
            ("sdmx-dimension:refPeriod", [self._name(figure.period)]),
            ("tip:periodInferred", ["true"] if figure.period_inferred else []),
            ("tip:indicator", [self._name(figure.indicator)]),
        ]

    def _provenance(self, figure: FigureRow) -> list[PropertyValues]:
        """The source properties that every statement has."""
        publisher = self._edition.publisher
        return [
            ("tip:evidence", [self._name(_citation_iri(figure))]),
            ("tip:edition", [self._name(self._edition.iri)]),
            ("tip:reporter", [self._name(publisher)]),
            ("tip:speaker", [self._name(figure.speaker or publisher)]),
            ("tip:speechAct", self._names(figure.speech_act)),
        ]

    def _payment_class(self, figure: FigureRow) -> str:
        """An award if persons get the money, an allocation if bodies get it."""
        recipient = NamedNode(figure.recipient or UNIDENTIFIED)
        to_persons = f"ASK {{ {recipient} a tip:PersonCategory }}"
        return "tip:Award" if self._engine.ask(to_persons) else "tip:Allocation"

    def _of_indicator(self, figure: FigureRow, property: str) -> list[str]:
        rows = self._engine.select(
            f"SELECT DISTINCT ?value {{ {NamedNode(figure.indicator)} {property} ?value }}"
            " ORDER BY ?value"
        )
        return [self._name(str(value)) for value in rows.column("value")]

    def _description(self, figure: FigureRow) -> str:
        """Indicator, country and period."""
        comma = "," if figure.period in self._unstated else ""
        where = f"{self._labels[self._edition.area]}{comma} {self._labels[figure.period]}"
        inferred = " (period inferred)" if figure.period_inferred else ""
        return f"{self._labels[figure.indicator]}, {where}{inferred}"

    def _part(self, figure: FigureRow) -> str:
        """The part that is counted, in the source's words; nothing for the whole."""
        words = figure.part_wording or self._labels[figure.part]
        return "" if figure.part == TOTAL else f": {words}"

    def _name(self, iri: str) -> str:
        return self._writer.name(iri)

    def _names(self, iri: str) -> list[str]:
        return [self._name(iri)] if iri else []


class _Citations:
    """Writes the passages and page references that figures rest on, each once."""

    def __init__(
        self,
        engine: Engine,
        writer: TurtleWriter,
        edition: Edition,
        figures: Sequence[FigureRow],
        labels: Mapping[str, str],
    ) -> None:
        """`labels` are those of the indicators and periods."""
        self._engine = engine
        self._writer = writer
        self._edition = edition
        self._labels = labels
        self._by_iri: dict[str, FigureRow] = {}
        for figure in figures:
            self._by_iri.setdefault(_citation_iri(figure), figure)

    def groups(self) -> Iterator[NodeGroup]:
        """The page references, then the passages, if there are any."""
        pages = [(iri, each) for iri, each in self._by_iri.items() if not each.sentence]
        quoted = [(iri, each) for iri, each in self._by_iri.items() if each.sentence]
        if pages:
            nodes = (node for each in pages for node in self._page_reference(*each))
            yield NodeGroup("Where the page has them", list(nodes))
        if quoted:
            yield NodeGroup("Where the text has them", list(self._passages(quoted)))

    def _page_reference(self, iri: str, figure: FigureRow) -> Iterator[str]:
        """The page reference, and the words to look for on the page."""
        indicator, period = (self._labels[each] for each in _subject(figure))
        words = figure.part_wording or self._labels[figure.part]
        part = f": {words}" if figure.quote and figure.part != TOTAL else ""
        section = self._edition.section
        properties: list[PropertyValues] = [
            ("rdfs:label", [english(f"{section}: {indicator}, {period}{part}")]),
            ("oa:hasSource", [f"<{self._edition.page}>"]),
            ("oa:hasSelector", [self._writer.name(f"{iri}-quote")] if figure.quote else []),
            ("tip:section", [plain(section)]),
            ("tip:edition", [self._writer.name(figure.edition)]),
        ]
        yield self._writer.node(iri, "tip:PageReference", properties)
        if figure.quote:
            quote: list[PropertyValues] = [("oa:exact", [plain(figure.quote)])]
            yield self._writer.node(f"{iri}-quote", "oa:TextQuoteSelector", quote)

    def _passages(self, quoted: Sequence[tuple[str, FigureRow]]) -> Iterator[str]:
        """The passage of each figure with its two selectors."""
        rows = self._engine.select(
            "SELECT ?sentence ?text ?start ?end { ?sentence a tip:Sentence ; tip:ofText ?text ;"
            " oa:start ?start ; oa:end ?end }"
        )
        sentences = {str(row["sentence"]): row for row in rows}
        for iri, figure in quoted:
            position, quote = f"{iri}-at", f"{iri}-quote"
            row = sentences[figure.sentence]
            yield self._writer.node(
                iri,
                "tip:Passage",
                [
                    ("tip:sentence", [self._writer.name(figure.sentence)]),
                    ("oa:hasSource", [self._writer.name(str(row["text"]))]),
                    ("oa:hasSelector", [self._writer.name(position)]),
                ],
            )
            yield self._writer.node(
                position,
                "oa:TextPositionSelector",
                [
                    ("oa:start", [str(row["start"])]),
                    ("oa:end", [str(row["end"])]),
                    ("oa:refinedBy", [self._writer.name(quote)]),
                ],
            )
            yield self._writer.node(
                quote, "oa:TextQuoteSelector", [("oa:exact", [plain(figure.quote)])]
            )


def _citation_iri(figure: FigureRow) -> str:
    """The IRI of the passage or page reference that a figure rests on."""
    if figure.sentence:
        return f"{figure.iri}-passage"
    if figure.quote:
        return f"{figure.iri}-page"
    return f"{figure.edition}/page-{'-'.join(map(last_part, _subject(figure)))}"


def _amount_iri(figure: FigureRow) -> str:
    return f"{figure.iri}-{last_part(figure.unit).lower()}"


def _money(figure: FigureRow, labels: Mapping[str, str]) -> str:
    """The currency and the number with its qualifier; of an approximate one, the usual word."""
    amount = f"{labels[figure.unit]} {figure.value:,f}"
    is_unqualified = figure.approximate and not figure.number_qualifier
    return f"approximately {amount}" if is_unqualified else _qualified(amount, figure, labels)


def _qualified(number: str, figure: FigureRow, labels: Mapping[str, str]) -> str:
    """A number after the word with which the source qualifies it."""
    return " ".join(filter(None, [labels.get(figure.number_qualifier, ""), number]))


def _completeness(total: FigureRow, parts: Iterable[FigureRow]) -> str:
    if has_overlapping_parts(total):
        return "code:overlapping"
    sum_of_parts = sum(part.value for part in parts)
    if sum_of_parts > total.value:
        return "code:contradictory"
    return "code:complete-by-sum" if sum_of_parts == total.value else "code:incomplete"


def _decimal(value: Decimal) -> str:
    return f"{value:f}" if value % 1 else f"{value:.1f}"


def _boolean(value: bool) -> str:
    return "true" if value else "false"
