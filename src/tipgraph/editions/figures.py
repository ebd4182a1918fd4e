"""Rows of a table as figures, their names resolved to the things of the graph."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import NamedNode

from tipgraph.editions.resolve import Names, Unknown, codes, pairs
from tipgraph.editions.table import Fault, Line, TableError
from tipgraph.namespaces import CODE, PREFIXES, last_part
from tipgraph.store.engine import Engine

TOTAL = CODE + "total"
EACH = "each"
REPORTING_PERIOD = "reporting period"
# Those to whom figures give something: actors, and categories of persons, which are classes.
PARTY = (
    "{ ?thing a tip:Actor } UNION { ?thing a ?kind . ?kind rdfs:subClassOf* tip:PersonCategory }"
)
SENTENCE = re.compile(r"S\d+")
QUOTE = re.compile(r"\S+( \S+){0,11}")
# No count of people or money has more, and engines can add up what has no more.
MOST_DIGITS = 15
TRUTH = {"true": True, "false": False}


@dataclass(frozen=True)
class Figure:
    """One row of a table; things by their IRIs, empty where the table tells none."""

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
    per: str = ""
    recipient: str = ""
    speaker: str = ""
    speech_act: str = ""
    sentence: str = ""
    quote: str = ""

    @property
    def is_money(self) -> bool:
        return self.unit.startswith(PREFIXES["currency"])

    @property
    def measure(self) -> tuple[str, ...]:
        """What rows of one breakdown, or of one payment, have in common."""
        return self.edition, self.indicator, self.period, self.speaker

    @property
    def place(self) -> tuple[str, ...]:
        """What no two rows have in common: a figure's place in the cube, and its currency."""
        return *self.measure, self.part, self.unit if self.is_money else ""


def resolved(engine: Engine, file: str, lines: Iterable[Line]) -> list[Figure]:
    """The rows as figures.

    Raises TableError, with all faults, for names that mean nothing, numbers that are none, and
    pages that are not the edition's.
    """
    reader = _Reader(engine)
    found = [figure for line in lines if (figure := reader.figure(line))]
    if reader.faults:
        raise TableError(file, reader.faults)
    return found


class _Graph:
    """What the graph knows of editions and indicators."""

    def __init__(self, engine: Engine) -> None:
        self.editions = {
            (str(row["country"]), str(row["year"])): row
            for row in engine.select(
                "SELECT ?edition ?country ?year ?publisher ?page ?period { ?edition a tip:Edition ;"
                " dcterms:spatial ?country ; tip:year ?year ; dcterms:publisher ?publisher"
                " OPTIONAL { ?edition"
                " dcat:landingPage ?page } OPTIONAL { ?edition tip:reportingPeriod ?period } }"
            )
        }
        self.topics = pairs(
            engine.select("SELECT ?one ?other { ?one skos:inScheme ?list ; tip:topic ?other }")
        )
        self.per = pairs(
            engine.select("SELECT ?one ?other { ?one skos:inScheme ?list ; tip:perUnit ?other }")
        )
        self.part_variants = pairs(
            engine.select(
                "SELECT ?one ?other { ?one skos:inScheme code:parts ; skos:altLabel ?other }"
            )
        )
        # Who is paid is told by no column of the shortest table, but by figures of the same kind.
        self.recipients = pairs(
            engine.select(
                "SELECT DISTINCT ?one ?other { ?figure a tip:Figure ; tip:amount ?any ;"
                " tip:indicator ?one ; tip:recipient ?other }"
            )
        )


class _Reader:
    """Resolves the cells of each line, and gathers what is wrong with them."""

    def __init__(self, engine: Engine) -> None:
        self.faults: list[Fault] = []
        self.graph = _Graph(engine)
        self._engine = engine
        self._countries = Names(engine, "country", "?thing a tip:Country .")
        self._indicators = codes(engine, "indicator", "indicators")
        self._parts = codes(engine, "part", "parts")
        self._units = codes(engine, "unit", "units")
        self._currencies = codes(engine, "currency", "currencies")
        self._periods = Names(engine, "period", "?thing a tip:Period .")
        self._acts = codes(engine, "speech act", "speech-acts")
        self._speakers = Names(engine, "actor", "?thing a tip:Actor .")
        self._parties = Names(engine, "actor or category of persons", PARTY)
        self._actors: dict[str, Names] = {}
        self._sentences: dict[str, Names] = {}

    def figure(self, line: Line) -> Figure | None:
        """The figure of a line; None, and faults, where a cell cannot be meant."""
        before = len(self.faults)
        country = self._cell(line, "country", self._countries.iri)
        edition = self._edition(line, country)
        indicator = self._cell(line, "indicator", self._indicators.iri)
        if indicator and indicator not in self.graph.topics:
            told = f"no tip:topic says where to find {last_part(indicator)}; give it one"
            self._fault(line, "indicator", f"{told} in ontology/codes.ttl")
        unit = self._cell(line, "unit", self._unit)
        per = self._per(line, indicator)
        part = TOTAL if _is_each(line) else self._cell(line, "part", self._parts.iri)
        actor, quality = _qualified(line["counted_by"])
        found = Figure(
            line=line.number,
            edition=edition.get("edition", ""),
            indicator=indicator,
            period=self._cell(line, "reference_period", lambda name: self._period(name, edition)),
            part=part,
            part_wording=self._part_wording(line, part),
            value=self._value(line, unit),
            unit=unit,
            counted_by=self._actor(line, country, actor),
            counted_as=quality,
            note=line["note"],
            approximate=self._truth(line, "approximate", says(line["note"], "approximate")),
            converted=self._truth(line, "converted", says(line["note"], "converted")),
            per=per,
            recipient=self._recipient(line, indicator),
            speaker=self._speaker(line, edition.get("publisher", "")),
            speech_act=self._cell(line, "speech_act", self._acts.iri) if line["speech_act"] else "",
            sentence=self._sentence(line, edition.get("edition", "")),
            quote=line["quote"],
        )
        return found if len(self.faults) == before else None

    def _fault(self, line: Line, column: str, message: str) -> None:
        self.faults.append(Fault(line.number, column, message))

    def _cell(self, line: Line, column: str, meaning: Callable[[str], str]) -> str:
        if not line[column]:
            self._fault(line, column, "it is empty")
            return ""
        try:
            return meaning(line[column])
        except Unknown as unknown:
            self._fault(line, column, str(unknown))
            return ""

    def _edition(self, line: Line, country: str) -> dict[str, str]:
        row = self.graph.editions.get((country, line["edition"]))
        if row is None:
            if country:
                told = f"no edition of {line['edition'] or '(empty)'} on {line['country']} is"
                self._fault(line, "edition", f"{told} described; begin it with 'tipgraph new'")
            return {}
        known = {name: str(term) for name, term in row.items() if term is not None}
        if line["page"] != known.get("page"):
            unknown = "not known; say it with dcat:landingPage in edition.ttl"
            self._fault(line, "page", f"the edition's page is {known.get('page', unknown)}")
        return known

    def _period(self, name: str, edition: dict[str, str]) -> str:
        if name.casefold() != REPORTING_PERIOD:
            return self._periods.iri(name)
        if edition and "period" not in edition:
            raise Unknown("the edition has no tip:reportingPeriod; give it one in edition.ttl")
        return edition.get("period", "")

    def _per(self, line: Line, indicator: str) -> str:
        """To what single thing an amount is given, where the part is each."""
        if not _is_each(line):
            return ""
        if indicator and indicator not in self.graph.per:
            self._fault(line, "part", f"no tip:perUnit says of what {last_part(indicator)} is each")
        return next(iter(self.graph.per.get(indicator, [])), "")

    def _part_wording(self, line: Line, part: str) -> str:
        """The cell's words where they are an alternative label of the part, otherwise empty."""
        words = line["part"].casefold()
        variants = self.graph.part_variants.get(part, [])
        return next((variant for variant in variants if variant.casefold() == words), "")

    def _unit(self, name: str) -> str:
        try:
            return self._currencies.iri(name)
        except Unknown:
            return self._units.iri(name)

    def _value(self, line: Line, unit: str) -> Decimal:
        is_money = unit.startswith(PREFIXES["currency"])
        digits = rf"\d{{1,{MOST_DIGITS}}}"
        pattern, wanted = (rf"{digits}(\.\d+)?", "430000") if is_money else (digits, "144")
        if re.fullmatch(pattern, line["value"]):
            return Decimal(line["value"])
        told = f"{line['value']!r} is no number such as {wanted}, without signs that part thousands"
        self._fault(line, "value", told)
        return Decimal()

    def _actor(self, line: Line, country: str, name: str) -> str:
        if not name or not country:
            return ""
        return self._cell(line, "counted_by", lambda _: self._of(country).iri(name))

    def _speaker(self, line: Line, publisher: str) -> str:
        """Who says it, where that is not the report itself."""
        if not line["speaker"]:
            return ""
        speaker = self._cell(line, "speaker", self._speakers.iri)
        return "" if speaker == publisher else speaker

    def _of(self, country: str) -> Names:
        """The actors of a country, and those of none."""
        if country not in self._actors:
            pattern = (
                "?thing a tip:Actor OPTIONAL { ?thing dcterms:spatial ?where }"
                f" FILTER(!BOUND(?where) || ?where = {NamedNode(country)})"
            )
            self._actors[country] = Names(self._engine, "actor", pattern)
        return self._actors[country]

    def _recipient(self, line: Line, indicator: str) -> str:
        if line["recipient"]:
            return self._cell(line, "recipient", self._parties.iri)
        known = self.graph.recipients.get(indicator, [])
        return known[0] if len(known) == 1 else ""

    def _sentence(self, line: Line, edition: str) -> str:
        """The sentence of the pinned text that tells the figure; a place on a page is none."""
        if not (edition and SENTENCE.fullmatch(line["sentence"])):
            return ""
        if not QUOTE.fullmatch(line["quote"]):
            told = f"quote the words of {line['sentence']} that tell the figure, twelve at most"
            self._fault(line, "quote", told)
        return self._cell(line, "sentence", self._sentences_of(edition).iri)

    def _sentences_of(self, edition: str) -> Names:
        if edition not in self._sentences:
            pattern = f"?thing tip:ofText/tip:edition {NamedNode(edition)} ; a tip:Sentence ."
            self._sentences[edition] = Names(self._engine, "sentence", pattern)
        return self._sentences[edition]

    def _truth(self, line: Line, column: str, otherwise: bool) -> bool:
        text = line[column].casefold()
        if text and text not in TRUTH:
            self._fault(line, column, f"{line[column]!r} is neither true nor false")
        return TRUTH.get(text, otherwise)


def _is_each(line: Line) -> bool:
    return line["part"].casefold() == EACH


def says(note: str, word: str) -> bool:
    """Whether a part of the note, between semicolons, is about that: `approximate; …`."""
    return any(re.search(rf"^{word}\b|\b{word} at\b", each.strip()) for each in note.split(";"))


def _qualified(cell: str) -> tuple[str, str]:
    """The actor of a cell, and the quality in which it acts: `police (sole authority)`."""
    match = re.fullmatch(r"([^()]+) \(([^()]+)\)", cell)
    return (match[1], match[2]) if match else (cell, "")


def iri(figure: Figure) -> str:
    """The IRI of the observation or payment that a row is about."""
    name = f"{last_part(figure.indicator)}-{last_part(figure.period)}"
    part = "" if figure.part == TOTAL else f"-{last_part(figure.part)}"
    by = f"-by-{last_part(figure.speaker)}" if figure.speaker else ""
    return f"{figure.edition}/{name}{part}{by}"
