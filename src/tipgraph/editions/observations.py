"""Figures as Turtle: the observations, payments and page references of an edition."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from pyoxigraph import NamedNode

from tipgraph.editions.citations import Citations, citation, matter
from tipgraph.editions.consistency import breakdowns, overlaps, payments, wholes
from tipgraph.editions.figures import TOTAL, Figure, iri
from tipgraph.editions.prefixes import own_prefix
from tipgraph.editions.turtle import Group, Said, Writer, english, plain
from tipgraph.lookup import entities
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine

COMMENT = "Figures of the edition, from a table, each with the place on the page."


def turtle(engine: Engine, figures: Sequence[Figure]) -> dict[str, str]:
    """For each edition the text of a Turtle file with its figures."""
    first: dict[tuple[object, ...], int] = {}
    for figure in figures:
        first.setdefault(_group(figure), figure.line)
    ordered = sorted(figures, key=lambda each: (each.edition, first[_group(each)], each.line))
    by_edition = groupby(ordered, key=lambda figure: figure.edition)
    return {edition: _Edition(engine, edition, list(mine)).text() for edition, mine in by_edition}


def _group(figure: Figure) -> tuple[object, ...]:
    """What stands together in a file, in the order in which the table comes to it."""
    return figure.edition, figure.is_money, *matter(figure)


class _Edition:
    """Writes the figures of one edition."""

    def __init__(self, engine: Engine, edition: str, figures: list[Figure]) -> None:
        self._engine = engine
        self._edition = edition
        self._figures = figures
        self._about = self._known()
        own = own_prefix(edition, self._about["country"])
        self._writer = Writer({own: f"{edition}/"})
        self._labels = entities.labels(engine, self._things())
        self._citations = Citations(engine, self._writer, figures, self._about, self._labels)
        self._wholes = wholes(engine, figures)
        self._complete = {
            part: _completeness(whole, parts)
            for whole, parts in breakdowns(engine, figures)
            for part in parts
        }

    def text(self) -> str:
        """The whole file."""
        return self._writer.document(COMMENT, [*self._citations.groups(), *self._groups()])

    def _known(self) -> dict[str, str]:
        """What the graph says of the edition that its figures repeat."""
        rows = self._engine.select(
            "SELECT ?country ?publisher ?page ?section ?data {"
            f" VALUES ?edition {{ {NamedNode(self._edition)} }} ?edition dcterms:spatial ?country ;"
            " dcterms:publisher ?publisher ; dcat:landingPage ?page ; tip:section ?section"
            " OPTIONAL { ?data a qb:DataSet ; tip:edition ?edition } }"
        )
        return {name: str(value) for name, value in rows[0].items() if value is not None}

    def _things(self) -> set[str]:
        mine = ((each.indicator, each.period, each.part, each.unit) for each in self._figures)
        return {self._about["country"], *(iri for group in mine for iri in group)}

    def _groups(self) -> Iterator[Group]:
        """The figures of an indicator and a period, group by group."""
        if "data" not in self._about:
            yield Group("The figures as a data set", [self._data_set()])
        for (indicator, period), mine in groupby(self._figures, key=matter):
            nodes = list(self._nodes(list(mine)))
            yield Group(_capital(f"{self._labels[indicator]}, {self._labels[period]}"), nodes)

    def _nodes(self, figures: list[Figure]) -> Iterator[str]:
        yield from (self._observation(each) for each in figures if not each.is_money)
        for amounts in payments(figures).values():
            yield from self._payment(amounts)

    def _data_set(self) -> str:
        label = f"Figures of {entities.label(self._engine, self._edition)}"
        said: list[Said] = [
            ("rdfs:label", [english(label)]),
            ("qb:structure", ["tip:figureStructure"]),
            ("tip:edition", [self._name(self._edition)]),
        ]
        return self._writer.node(self._data, "qb:DataSet", said)

    @property
    def _data(self) -> str:
        return self._about.get("data", f"{self._edition}/figures")

    def _observation(self, figure: Figure) -> str:
        whole = self._wholes.get(figure)
        words = figure.part_wording or self._labels[figure.part]
        part = "" if figure.part == TOTAL else f": {words}"
        said: list[Said] = [
            ("rdfs:label", [english(f"{figure.value:,f} {self._matter(figure)}{part}")]),
            ("tip:topic", self._of_indicator(figure, "tip:topic")),
            ("qb:dataSet", [self._name(self._data)]),
            *self._where(figure),
            ("tip:part", [self._name(figure.part)]),
            ("tip:partWording", [plain(figure.part_wording)] if figure.part_wording else []),
            ("sdmx-measure:obsValue", [f"{figure.value:f}"]),
            ("sdmx-attribute:unitMeasure", [self._name(figure.unit)]),
            ("tip:approximate", [_truth(figure.approximate)]),
            ("tip:counts", self._of_indicator(figure, "tip:counts")),
            ("tip:countedBy", self._names(figure.counted_by)),
            ("tip:countedAs", [plain(figure.counted_as)] if figure.counted_as else []),
            ("tip:recipient", self._names(figure.recipient)),
            ("tip:breakdownOf", self._names(iri(whole) if whole else "")),
            ("tip:breakdown", [self._complete[figure]] if whole else []),
            ("skos:scopeNote", [english(figure.note)] if figure.note else []),
            *self._sourced(figure),
        ]
        return self._writer.node(iri(figure), "tip:Observation", said)

    def _payment(self, amounts: list[Figure]) -> Iterator[str]:
        """The payment, and behind it each amount that states it."""
        first = amounts[0]
        label = f"{_capital(self._matter(first))}: {_money(first, self._labels)}"
        said: list[Said] = [
            ("rdfs:label", [english(label)]),
            ("tip:topic", self._of_indicator(first, "tip:topic")),
            *self._where(first),
            ("tip:funder", self._names(first.counted_by)),
            ("tip:recipient", self._names(first.recipient)),
            ("tip:perUnit", self._names(first.per)),
            ("tip:amount", [self._name(_amount(each)) for each in amounts]),
            *self._sourced(first),
        ]
        yield self._writer.node(iri(first), self._kind(first), said)
        for each in amounts:
            yield self._amount(each, first)

    def _amount(self, figure: Figure, first: Figure) -> str:
        more = ", converted" if figure.converted else ""
        said: list[Said] = [
            ("rdfs:label", [english(_money(figure, self._labels) + more)]),
            ("tip:amountValue", [_decimal(figure.value)]),
            ("tip:currency", [self._name(figure.unit)]),
            ("tip:approximate", [_truth(figure.approximate)]),
            ("tip:converted", [_truth(figure.converted)]),
            ("tip:convertedFrom", self._names(_amount(first) if figure.converted else "")),
            ("tip:rounded", [_truth(figure.converted and figure.value % 10 == 0)]),
            ("skos:scopeNote", [english(figure.note)] if figure.note else []),
        ]
        return self._writer.node(_amount(figure), "tip:MonetaryAmount", said)

    def _where(self, figure: Figure) -> list[Said]:
        return [
            ("sdmx-dimension:refArea", [self._name(self._about["country"])]),
            ("sdmx-dimension:refPeriod", [self._name(figure.period)]),
            ("tip:indicator", [self._name(figure.indicator)]),
        ]

    def _sourced(self, figure: Figure) -> list[Said]:
        """What every statement says of where it is from."""
        publisher = self._about["publisher"]
        return [
            ("tip:evidence", [self._name(citation(figure))]),
            ("tip:edition", [self._name(self._edition)]),
            ("tip:reporter", [self._name(publisher)]),
            ("tip:speaker", [self._name(figure.speaker or publisher)]),
            ("tip:speechAct", self._names(figure.speech_act)),
        ]

    def _kind(self, figure: Figure) -> str:
        """Money that bodies get is allocated, money that people get is awarded."""
        to_people = f"ASK {{ {NamedNode(figure.recipient)} a tip:PersonCategory }}"
        return "tip:Award" if self._engine.ask(to_people) else "tip:Allocation"

    def _of_indicator(self, figure: Figure, property: str) -> list[str]:
        rows = self._engine.select(
            f"SELECT DISTINCT ?value {{ {NamedNode(figure.indicator)} {property} ?value }}"
            " ORDER BY ?value"
        )
        return [self._name(str(value)) for value in rows.column("value")]

    def _matter(self, figure: Figure) -> str:
        where = f"{self._labels[self._about['country']]} {self._labels[figure.period]}"
        return f"{self._labels[figure.indicator]}, {where}"

    def _name(self, iri: str) -> str:
        return self._writer.name(iri)

    def _names(self, iri: str) -> list[str]:
        return [self._name(iri)] if iri else []


def _amount(figure: Figure) -> str:
    return f"{iri(figure)}-{last_part(figure.unit).lower()}"


def _money(figure: Figure, labels: dict[str, str]) -> str:
    near = "approximately " if figure.approximate else ""
    return f"{near}{labels[figure.unit]} {figure.value:,f}"


def _completeness(whole: Figure, parts: Iterable[Figure]) -> str:
    if overlaps(whole):
        return "code:overlapping"
    is_all = sum(part.value for part in parts) == whole.value
    return "code:complete-by-sum" if is_all else "code:incomplete"


def _decimal(value: Decimal) -> str:
    return f"{value:f}" if value % 1 else f"{value:.1f}"


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
