"""Import of a table of figures: checked for consistency, written as compact Turtle by edition."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple

from tipgraph.editions.figures import FigureRow, resolve_rows
from tipgraph.editions.table import CellError, TableError, TableRow
from tipgraph.editions.turtle import TurtleWriter, english, own_prefix, plain
from tipgraph.entities.editions import Edition, editions
from tipgraph.figure_table import UNSTATED_PERIODS
from tipgraph.namespaces import CODE, ONTOLOGY_GRAPH, TOTAL, UNIDENTIFIED, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.resources.folders import shipped
from tipgraph.store.engine import Embedded, Engine, grouped
from tipgraph.store.rules import derive, read_rules

CONTRADICTORY = CODE + "contradictory"
# The properties of codes and classes that the rules for breakdowns read.
VOCABULARY = """
CONSTRUCT { ?code ?property ?value }
WHERE {
  VALUES ?property { skos:broader tip:axis tip:usualUnit tip:countedUnit rdfs:subClassOf }
  ?code ?property ?value .
}
"""
EDITION = """
CONSTRUCT {{ ?edition a tip:Edition ; dcterms:publisher ?publisher }}
WHERE {{ ?edition dcterms:publisher ?publisher FILTER(?edition = <{}>) }}
"""
BREAKDOWNS = """
SELECT ?whole ?part ?axis ?breakdown
WHERE {
  ?part tip:breakdownOf ?whole ;
        tip:breakdown   ?breakdown .
  OPTIONAL { ?part tip:part/tip:axis ?axis }
}
"""


def import_figures(engine: Engine, file: str, rows: Iterable[TableRow]) -> dict[str, str]:
    """The figures of a table as Turtle, by the short name of the edition.

    The engine's graph has the editions of the table. Raises TableError when names are unknown or
    figures contradict each other or the graph.
    """
    figures = resolve_rows(engine, file, rows)
    check_consistency(engine, file, figures)
    turtle = figures_turtle(engine, figures)
    return {last_part(edition): text for edition, text in turtle.items()}


def check_consistency(engine: Engine, file: str, figures: Sequence[FigureRow]) -> None:
    """Raise TableError if figures contradict each other or those in the graph.

    Errors are a figure that is given twice, or that the edition has with another value, parts that
    exceed their total, and money without a clear conversion, funder or recipient.
    """
    errors = [
        *_duplicates(figures),
        *_conflicts_with_graph(engine, figures),
        *_excessive_parts(engine, figures),
        *_unclear_money(figures),
        *_unclear_percentages(figures),
    ]
    if errors:
        raise TableError(file, errors)


def _duplicates(figures: Iterable[FigureRow]) -> Iterator[CellError]:
    seen: dict[tuple[str, ...], FigureRow] = {}
    by_iri: dict[str, FigureRow] = {}
    for figure in figures:
        first = seen.setdefault(figure.key, figure)
        if first is not figure:
            other = "the same value" if first.value == figure.value else f"{first.value:f}"
            message = f"duplicate of line {first.line}, which has {other}"
            yield CellError(figure.line, "value", message)
        named = by_iri.setdefault(figure.iri, figure)
        if named.is_money is not figure.is_money:
            message = f"line {named.line} has the same in {last_part(named.unit)}"
            yield CellError(figure.line, "unit", message)


def _conflicts_with_graph(engine: Engine, figures: Iterable[FigureRow]) -> Iterator[CellError]:
    """Figures that other files of the edition have with other values, from the same speaker."""
    wanted = terms(figure.edition for figure in figures)
    rows = engine.select(
        "SELECT ?figure ?edition ?indicator ?period ?part ?speaker ?counter ?publisher ?value {"
        f" VALUES ?edition {{ {wanted} }} ?figure tip:edition ?edition ;"
        " tip:indicator ?indicator ; sdmx-dimension:refPeriod ?period ; tip:part ?part ;"
        " tip:countedBy ?counter ; sdmx-measure:obsValue ?value"
        " OPTIONAL { ?figure tip:speaker ?speaker }"
        " OPTIONAL { ?edition dcterms:publisher ?publisher } }"
    )
    known = defaultdict(list)
    for row in rows:
        speaker = "" if row["speaker"] in (None, row["publisher"]) else str(row["speaker"])
        place = (str(row[name]) for name in ("edition", "indicator", "period"))
        known[*place, speaker, str(row["counter"]), str(row["part"])].append(row)
    for figure in figures:
        for row in known[*figure.breakdown_key, figure.part]:
            if row["figure"] != figure.iri and row["value"] != figure.value:
                name = last_part(str(row["figure"]))
                message = f"the edition already has this figure ({name}) with {row['value']}"
                yield CellError(figure.line, "value", message)


def _excessive_parts(engine: Engine, figures: Sequence[FigureRow]) -> Iterator[CellError]:
    """Errors in parts that exceed their whole, one by one or together, as the rules find them.

    Where the whole or each part has a caution, the excess is known.
    """
    by_iri = {each.iri: each for each in reversed(figures)}
    groups: dict[tuple[FigureRow, object], list[FigureRow]] = defaultdict(list)
    contradictory = set()
    for row in _completed(engine, [*by_iri.values()]).select(BREAKDOWNS):
        whole, part = by_iri[str(row["whole"])], by_iri[str(row["part"])]
        groups[whole, row["axis"]].append(part)
        if row["breakdown"] == CONTRADICTORY:
            contradictory.add((whole, row["axis"]))
    for group, parts in groups.items():
        whole, _ = group
        if whole.caution or all(part.caution for part in parts):
            continue
        for part in parts:
            if part.value > whole.value:
                message = f"the part exceeds its total, {whole.value:f} in line {whole.line}"
                yield CellError(part.line, "value", message)
        if group in contradictory:
            message = (
                f"the parts sum to {sum(part.value for part in parts):f}, which exceeds"
                f" {whole.value:f} in line {whole.line}; if the source says that they overlap, add"
                " 'parts overlap' to the note there; if it does not explain it, say so in a column"
                " caution"
            )
            yield CellError(max(part.line for part in parts), "value", message)


def _completed(engine: Engine, figures: Sequence[FigureRow]) -> Embedded:
    """Return a graph of these figures alone, with what the rules derive of each edition's."""
    store = Store()
    store.extend(_quads(engine.construct(VOCABULARY), ONTOLOGY_GRAPH))
    for edition, text in figures_turtle(engine, figures).items():
        store.load(text, RdfFormat.TURTLE, to_graph=NamedNode(edition))
        store.extend(_quads(engine.construct(EDITION.format(edition)), edition))
    derive(store, read_rules(shipped())[0])
    return Embedded(store)


def _quads(triples: Iterable[Triple], graph: str) -> Iterator[Quad]:
    return (Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for t in triples)


def _unclear_percentages(figures: Sequence[FigureRow]) -> Iterator[CellError]:
    known = bases(figures)
    for figure in figures:
        if not figure.percentage_of:
            continue
        if not figure.is_percentage or figure not in known:
            message = "name a part whose number the table has for the same period, for a percentage"
            yield CellError(figure.line, "percentage_of", message)


def _unclear_money(figures: Iterable[FigureRow]) -> Iterator[CellError]:
    for amounts in payments(figures).values():
        first, *rest = amounts
        if first.converted or not all(each.converted for each in rest):
            message = (
                "add 'converted' to the note of each amount except the one in the currency that"
                " was paid"
            )
            yield CellError(amounts[-1].line, "note", message)


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
        lines: list[Line] = [
            self._indicator(figure),
            [
                *self._period(figure),
                ("sdmx-measure:obsValue", f"{figure.value:f}"),
                ("sdmx-attribute:unitMeasure", "" if has_usual_unit else self._name(figure.unit)),
                ("tip:numberQualifier", self._name(figure.number_qualifier)),
                ("tip:percentageOf", self._name(base.iri if base else "")),
            ],
            [
                ("tip:countedBy", self._counter(figure)),
                ("tip:countedAs", plain(figure.counted_as)),
                ("tip:recipient", self._name(figure.recipient)),
                *self._speaker(figure),
            ],
            self._source(figure),
            *_notes(figure),
        ]
        return self._writer.compact(figure.iri, "tip:Observation", lines)

    def _payment(self, amounts: list[FigureRow]) -> str:
        """Return the payment, then each of its amounts."""
        first = amounts[0]
        lines: list[Line] = [
            self._indicator(first),
            self._period(first),
            [
                ("tip:funder", self._counter(first)),
                ("tip:recipient", self._name(first.recipient)),
                ("tip:perUnit", self._name(first.per_unit)),
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
                ("tip:numberQualifier", self._name(figure.number_qualifier)),
                ("tip:approximate", "true" if is_unqualified else ""),
                ("tip:convertedFrom", self._name(_amount_iri(first)) if figure.converted else ""),
            ],
            *_notes(figure),
        ]
        return self._writer.compact(_amount_iri(figure), "tip:MonetaryAmount", lines)

    def _indicator(self, figure: FigureRow) -> Line:
        return [
            ("tip:indicator", self._name(figure.indicator)),
            ("tip:part", "" if figure.part == TOTAL else self._name(figure.part)),
            ("tip:partWording", plain(figure.part_wording)),
        ]

    def _period(self, figure: FigureRow) -> Line:
        return [
            ("sdmx-dimension:refPeriod", self._name(figure.period)),
            ("tip:periodInferred", "true" if figure.period_inferred else ""),
        ]

    def _speaker(self, figure: FigureRow) -> Line:
        return [
            ("tip:speaker", self._name(figure.speaker)),
            ("tip:speechAct", self._name(figure.speech_act)),
        ]

    def _source(self, figure: FigureRow) -> Line:
        return [("tip:quote", plain(figure.quote)), ("tip:quotedFrom", self._name(figure.sentence))]

    def _payment_class(self, figure: FigureRow) -> str:
        """Return the class of an award if persons get the money, of an allocation otherwise."""
        recipient = NamedNode(figure.recipient or UNIDENTIFIED)
        to_persons = f"ASK {{ {recipient} a tip:PersonCategory }}"
        return "tip:Award" if self._engine.ask(to_persons) else "tip:Allocation"

    def _counter(self, figure: FigureRow) -> str:
        return "" if figure.counted_by == UNIDENTIFIED else self._name(figure.counted_by)

    def _name(self, iri: str) -> str:
        """The IRI as Turtle; nothing for a name that the table does not have."""
        return self._writer.name(iri) if iri else ""


def _notes(figure: FigureRow) -> list[Line]:
    return [[("skos:scopeNote", english(figure.note))], [("tip:caution", english(figure.caution))]]


def _amount_iri(figure: FigureRow) -> str:
    return f"{figure.iri}-{last_part(figure.unit).lower()}"


def _decimal(value: Decimal) -> str:
    return f"{value:f}" if value % 1 else f"{value:.1f}"
