"""Rows of a table as figures, with their names resolved to the entities of the graph."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pyoxigraph import NamedNode

from tipgraph.editions.missing import (
    ACTOR,
    AXIS,
    INDICATOR,
    PART,
    PERIOD,
    QUALIFIER,
    UNIT,
    MissingTerm,
    is_period,
    unit_iri,
)
from tipgraph.editions.names import Actors, NameIndex, NameNotResolved, UnknownName, some_of
from tipgraph.editions.quotes import contradictions
from tipgraph.editions.table import CellError, TableError, TableRow
from tipgraph.entities.editions import Edition, editions
from tipgraph.figure_table import EACH, REPORTING_PERIOD, SENTENCE, UNSTATED_PERIODS, is_noted
from tipgraph.namespaces import CODE, PERCENT, PREFIXES, TOTAL, UNIDENTIFIED, last_part
from tipgraph.store.engine import Engine, grouped
from tipgraph.text import slugify

# Categories of persons, which are classes, may receive money, as actors may.
CATEGORY = "?entity a ?kind . ?kind rdfs:subClassOf* tip:PersonCategory ."
MONEY = CODE + "units-money"
# Too little for a period, since an edition may leave open the years of several.
NOT_STATED = "not stated"
OPEN_END = "-to-"
QUOTE = re.compile(r"\S+( \S+){0,11}")
# No count of people or money needs more digits, and engines can add up numbers of this length.
MAX_DIGITS = 15
WHOLE_NUMBER = rf"\d{{1,{MAX_DIGITS}}}"
# Remedies for an edition that the graph does not have.
BEGIN = "begin it with 'tipgraph new'"
DOCUMENT = "write its year; 'tipgraph import-claims' takes figures of documents"
BOOLEANS = {"true": True, "false": False}
# The columns of the cells that a quote can contradict, where they have other names
COLUMN_OF = {"qualifier": "number_qualifier", "period": "reference_period"}


@dataclass(frozen=True)
class FigureRow:
    """A row of a table, with IRIs for names; a value that the table does not have is empty."""

    line: int
    edition: str
    indicator: str
    period: str
    part: str
    part_wording: str
    value: Decimal
    unit: str
    counted_by: str
    counted_as: str
    note: str
    approximate: bool
    converted: bool
    period_inferred: bool = False
    per_unit: str = ""
    recipient: str = ""
    speaker: str = ""
    speech_act: str = ""
    sentence: str = ""
    quote: str = ""
    number_qualifier: str = ""
    caution: str = ""
    percentage_of: str = ""
    names_counter: bool = False

    @property
    def iri(self) -> str:
        """The IRI of the observation or payment."""
        name = f"{last_part(self.indicator)}-{last_part(self.period)}"
        part = "" if self.part == TOTAL else f"-{last_part(self.part)}"
        percent = "-percent" if self.unit == PERCENT else ""
        speaker = f"-by-{last_part(self.speaker)}" if self.speaker else ""
        counter = f"-counted-by-{last_part(self.counted_by)}" if self.names_counter else ""
        return f"{self.edition}/{name}{part}{percent}{speaker}{counter}"

    @property
    def is_money(self) -> bool:
        return self.unit.startswith(PREFIXES["currency"])

    @property
    def breakdown_key(self) -> tuple[str, ...]:
        """The values that the rows of one breakdown, or of one payment, share."""
        return self.edition, self.indicator, self.period, self.speaker, self.counted_by

    @property
    def is_percentage(self) -> bool:
        return self.unit == PERCENT

    @property
    def key(self) -> tuple[str, ...]:
        """The values that identify a row: its place in the cube, and its currency."""
        return *self.breakdown_key, self.part, self.unit if self.is_money else ""


def resolve_rows(engine: Engine, file: str, rows: Iterable[TableRow]) -> list[FigureRow]:
    """The rows of a table as figures.

    Raises TableError for unknown or ambiguous names, invalid numbers, and pages that are not the
    edition's.
    """
    resolver = _RowResolver(engine)
    found = [figure for row in rows if (figure := resolver.figure(row))]
    if resolver.errors:
        raise TableError(file, _once_each(resolver.errors), resolver.missing)
    return list(_with_counters(found))


def _once_each(errors: Iterable[CellError]) -> Iterator[CellError]:
    """Each error of a column once, at its first line, with the other lines that have it."""
    lines = grouped(((each.column, each.message), each.line) for each in errors)
    for (column, message), found in lines.items():
        first, *others = dict.fromkeys(found)
        also = f" (also in {_lines(others)})" if others else ""
        yield CellError(first, column, f"{message}{also}")


def _with_counters(figures: Sequence[FigureRow]) -> Iterator[FigureRow]:
    """The figures; those that differ in nothing but who counted have the counter in their IRI."""
    counters: dict[str, set[str]] = defaultdict(set)
    for each in figures:
        counters[each.iri].add(each.counted_by)
    for each in figures:
        yield replace(each, names_counter=True) if len(counters[each.iri]) > 1 else each


class _RowResolver:
    """Resolves the cells of each row, and collects the errors in them."""

    def __init__(self, engine: Engine) -> None:
        self.errors: list[CellError] = []
        self.missing: list[MissingTerm] = []
        self._engine = engine
        self._editions = {(each.area, str(each.year)): each for each in editions(engine).values()}
        self._topics = engine.select(
            "SELECT ?code ?topic { ?code skos:inScheme ?list ; tip:topic ?topic }"
        ).grouped()
        self._per_units = engine.select(
            "SELECT ?code ?unit { ?code skos:inScheme ?list ; tip:perUnit ?unit }"
        ).grouped()
        self._counted_units = engine.select(
            "SELECT ?code ?unit { ?code skos:inScheme ?list ; tip:countedUnit ?unit }"
        ).grouped()
        self._part_variants = engine.select(
            "SELECT ?part ?variant { ?part skos:inScheme code:parts ; skos:altLabel ?variant }"
        ).grouped()
        # The shortest table has no column for the recipient, but figures of the same kind on the
        # country have one.
        self._known_recipients = engine.select(
            "SELECT DISTINCT ?kind ?recipient { ?figure a tip:Figure ; tip:amount ?any ;"
            " tip:indicator ?indicator ; tip:recipient ?recipient ;"
            " tip:edition/dcterms:spatial ?country"
            ' BIND(CONCAT(STR(?country), " ", STR(?indicator)) AS ?kind) }'
        ).grouped()
        self._countries = NameIndex(engine, "country", "?entity a tip:Country .")
        self._indicators = _codes(engine, "indicator", "indicators")
        self._axes = _codes(engine, "axis", "axes")
        self._parts = _codes(engine, "part", "parts")
        self._parts_by_axis: dict[str, NameIndex] = {}
        self._qualifiers = _codes(engine, "qualifier of a number", "number-qualifiers")
        self._hedges = hedges(engine)
        self._units = _codes(engine, "unit", "units")
        self._currencies = _codes(engine, "currency", "currencies")
        self._periods = NameIndex(engine, "period", "?entity a tip:Period .")
        self._speech_acts = _codes(engine, "speech act", "speech-acts")
        self._categories = NameIndex(engine, "category of persons", CATEGORY)
        self._actors = Actors(engine)
        self._sentences_by_edition: dict[str, NameIndex] = {}

    def figure(self, row: TableRow) -> FigureRow | None:
        """The figure of a row; None, with errors collected, if a cell cannot be resolved."""
        before = len(self.errors)
        country = self._cell(row, "country", self._countries.iri)
        edition = self._edition(row, country)
        unit = self._cell(row, "unit", self._unit, MissingTerm(UNIT, row["unit"]))
        indicator = self._indicator(row, unit)
        part = TOTAL if _is_each(row) else self._part(row)
        qualifier = self._optional(row, "number_qualifier", self._qualifiers, QUALIFIER)
        actor, quality = _split_quality(row["counted_by"])
        converted = self._boolean(row, "converted")
        approximate = bool(qualifier) or self._boolean(row, "approximate")
        # The quote of a converted amount is that of the amount which was paid.
        if not converted:
            cells = row["quote"], row["value"], last_part(unit), row["reference_period"]
            for cell, problem in contradictions(*cells, () if approximate else self._hedges):
                self._error(row, COLUMN_OF.get(cell, cell), problem)
        found = FigureRow(
            line=row.line,
            edition=edition.iri if edition else "",
            indicator=indicator,
            period=self._cell(
                row,
                "reference_period",
                lambda name: self._period(name, edition),
                MissingTerm(PERIOD, row["reference_period"])
                if is_period(row["reference_period"])
                else None,
            ),
            part=part,
            part_wording=self._part_wording(row, part),
            value=self._value(row, unit),
            unit=unit,
            counted_by=self._actor(row, "counted_by", country, actor) if actor else UNIDENTIFIED,
            counted_as=quality,
            note=row["note"],
            approximate=approximate,
            converted=converted,
            period_inferred=self._boolean(row, "period_inferred"),
            per_unit=self._per_unit(row, indicator),
            recipient=self._recipient(row, country, indicator),
            speaker=self._speaker(row, country, edition),
            speech_act=self._optional(row, "speech_act", self._speech_acts),
            sentence=self._sentence(row, edition),
            quote=row["quote"],
            number_qualifier=qualifier,
            caution=row["caution"],
            percentage_of=self._optional(row, "percentage_of", self._parts),
        )
        return found if len(self.errors) == before else None

    def _error(self, row: TableRow, column: str, message: str) -> None:
        self.errors.append(CellError(row.line, column, message))

    def _cell(
        self,
        row: TableRow,
        column: str,
        resolve: Callable[[str], str],
        missing: MissingTerm | None = None,
    ) -> str:
        """The IRI of a cell; empty, with the error collected, and `missing` if nothing has it."""
        if not row[column]:
            self._error(row, column, "the cell is empty")
            return ""
        try:
            return resolve(row[column])
        except NameNotResolved as error:
            self._error(row, column, str(error))
            if missing and isinstance(error, UnknownName):
                self.missing.append(missing)
            return ""

    def _edition(self, row: TableRow, country: str) -> Edition | None:
        year = row["edition"]
        found = self._editions.get((country, year))
        if found is None:
            if country:
                message = f"no edition of {year or '(empty)'} on {row['country']} is described"
                self._error(row, "edition", f"{message}; {BEGIN if year.isdecimal() else DOCUMENT}")
        elif row["page"] != found.page:
            page = found.page or "unknown; add it with dcat:landingPage to edition.ttl"
            self._error(row, "page", f"the edition's page is {page}")
        return found

    def _indicator(self, row: TableRow, unit: str) -> str:
        counted_in = unit or (unit_iri(row["unit"]) if row["unit"] else "")
        missing = MissingTerm(INDICATOR, row["indicator"], counted_in)
        indicator = self._cell(row, "indicator", self._indicators.iri, missing)
        if indicator and indicator not in self._topics:
            message = f"{last_part(indicator)} has no tip:topic; add one in ontology/indicators.ttl"
            self._error(row, "indicator", message)
        counted = self._counted_units.get(indicator)
        is_money = unit.startswith(PREFIXES["currency"])
        if unit not in ("", PERCENT) and counted and is_money is not (MONEY in counted):
            message = f"{last_part(indicator)} counts {'no money' if is_money else 'money'}"
            self._error(row, "unit", message)
        return indicator

    def _part(self, row: TableRow) -> str:
        """The part; its axis is needed where two parts have the same name."""
        if not row["axis"]:
            missing = MissingTerm(PART, row["part"])
            return self._cell(row, "part", self._parts.iri, missing)
        axis = self._cell(row, "axis", self._axes.iri, MissingTerm(AXIS, row["axis"]))
        if not axis:
            # The part cannot be one of the graph's, and is described together with its axis.
            self.missing.append(MissingTerm(PART, row["part"], CODE + slugify(row["axis"])))
            return ""
        if axis not in self._parts_by_axis:
            pattern = f"?entity skos:inScheme code:parts ; tip:axis {NamedNode(axis)} ."
            self._parts_by_axis[axis] = NameIndex(self._engine, "part", pattern)
        missing = MissingTerm(PART, row["part"], axis)
        return self._cell(row, "part", self._parts_by_axis[axis].iri, missing)

    def _optional(self, row: TableRow, column: str, index: NameIndex, kind: str = "") -> str:
        """The IRI of a cell that may be empty; `kind` is that of a missing term."""
        missing = MissingTerm(kind, row[column]) if kind else None
        return self._cell(row, column, index.iri, missing) if row[column] else ""

    def _period(self, name: str, edition: Edition | None) -> str:
        if name.casefold() in UNSTATED_PERIODS:
            unstated = UNSTATED_PERIODS[name.casefold()]
            return f"{edition.iri}/{unstated}" if edition else unstated
        if name.casefold() == NOT_STATED:
            known = " or ".join(repr(each) for each in UNSTATED_PERIODS)
            raise NameNotResolved(f"write which period the edition does not state: {known}")
        if name.endswith(OPEN_END):
            last = edition.year - 1 if edition else ""
            raise NameNotResolved(
                f"the period has no end; add the one that you infer, such as {name}{last}, and"
                " 'true' in period_inferred"
            )
        if name.casefold() != REPORTING_PERIOD:
            return self._periods.iri(name)
        if edition and not edition.reporting_period:
            raise NameNotResolved("the edition has no tip:reportingPeriod; add one in edition.ttl")
        return edition.reporting_period if edition else ""

    def _per_unit(self, row: TableRow, indicator: str) -> str:
        """The unit that gets the amount, if the part is `each`."""
        if not _is_each(row):
            return ""
        if indicator and indicator not in self._per_units:
            message = f"{last_part(indicator)} has no tip:perUnit, so 'each' has no meaning"
            self._error(row, "part", message)
        return next(iter(self._per_units.get(indicator, [])), "")

    def _part_wording(self, row: TableRow, part: str) -> str:
        """The alternative label of the part that the cell has; empty for other names."""
        words = row["part"].casefold()
        variants = self._part_variants.get(part, [])
        return next((each for each in variants if each.casefold() == words), "")

    def _unit(self, name: str) -> str:
        try:
            return self._currencies.iri(name)
        except NameNotResolved:
            return self._units.iri(name)

    def _value(self, row: TableRow, unit: str) -> Decimal:
        is_money = unit.startswith(PREFIXES["currency"])
        # With three digits behind it, the point is a separator of thousands in many countries.
        pattern = WHOLE_NUMBER + r"(\.\d\d?)?" if is_money else WHOLE_NUMBER
        example = "430000" if is_money else "144"
        if re.fullmatch(pattern, row["value"]):
            return Decimal(row["value"])
        message = f"invalid number {row['value']!r}; write it without separators, such as {example}"
        self._error(row, "value", message)
        return Decimal()

    def _actor(self, row: TableRow, column: str, country: str, name: str = "") -> str:
        """The actor of a cell, or of the part of it that is its name; empty without a country."""
        if not country:
            return ""
        missing = MissingTerm(ACTOR, name or row[column], country)
        return self._cell(
            row, column, lambda cell: self._actors.iri(name or cell, country), missing
        )

    def _speaker(self, row: TableRow, country: str, edition: Edition | None) -> str:
        """The speaker, unless it is the report itself."""
        speaker = self._actor(row, "speaker", country) if row["speaker"] else ""
        return "" if edition and speaker == edition.publisher else speaker

    def _recipient(self, row: TableRow, country: str, indicator: str) -> str:
        if row["recipient"] in self._categories:
            return self._cell(row, "recipient", self._categories.iri)
        if row["recipient"]:
            return self._actor(row, "recipient", country)
        known = self._known_recipients.get(f"{country} {indicator}", [])
        return known[0] if len(known) == 1 else ""

    def _sentence(self, row: TableRow, edition: Edition | None) -> str:
        """The sentence of the pinned text; empty if the cell has a place on a page."""
        if not (edition and SENTENCE.fullmatch(row["place"])):
            if row["quote"] and not QUOTE.fullmatch(row["quote"]):
                self._error(row, "quote", "quote at most twelve words of the page")
            return ""
        if not QUOTE.fullmatch(row["quote"]):
            message = f"quote the words of {row['place']} that give the figure, at most twelve"
            self._error(row, "quote", message)
        return self._cell(row, "place", self._sentences(edition.iri).iri)

    def _sentences(self, edition: str) -> NameIndex:
        if edition not in self._sentences_by_edition:
            pattern = f"?entity tip:ofText/tip:edition {NamedNode(edition)} ; a tip:Sentence ."
            self._sentences_by_edition[edition] = NameIndex(self._engine, "sentence", pattern)
        return self._sentences_by_edition[edition]

    def _boolean(self, row: TableRow, column: str) -> bool:
        """The cell, or if it is empty whether the note has the column's name."""
        text = row[column].casefold()
        if text and text not in BOOLEANS:
            self._error(row, column, f"{row[column]!r} is neither true nor false")
        return BOOLEANS.get(text, is_noted(row["note"], column))


def hedges(engine: Engine) -> list[str]:
    """Return the words that make a number less than exact, such as `at least`."""
    rows = engine.select(
        "SELECT ?words { ?code skos:inScheme code:number-qualifiers ; skos:prefLabel ?words }"
    )
    return [str(each) for each in rows.column("words")]


def _codes(engine: Engine, kind: str, scheme: str) -> NameIndex:
    return NameIndex(engine, kind, f"?entity skos:inScheme {NamedNode(CODE + scheme)} .")


def _is_each(row: TableRow) -> bool:
    return row["part"].casefold() == EACH


def _split_quality(cell: str) -> tuple[str, str]:
    """The actor of a cell, and its quality in brackets: `police (sole authority)`."""
    match = re.fullmatch(r"([^()]+) \(([^()]+)\)", cell)
    return (match[1], match[2]) if match else (cell, "")


def _lines(numbers: Sequence[int]) -> str:
    return f"{'lines' if len(numbers) > 1 else 'line'} {some_of(map(str, numbers))}"
