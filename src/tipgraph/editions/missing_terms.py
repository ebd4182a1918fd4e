"""Turtle for the names that a table has and the graph does not have.

Each name becomes a node with what it shows; a comment says what a person must decide.
"""

import re
from calendar import month_name, monthrange
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from tipgraph import entities
from tipgraph.editions.turtle import (
    PropertyValues,
    TurtleWriter,
    english,
    extend,
    plain,
)
from tipgraph.namespaces import CODE, ID, PREFIXES
from tipgraph.store.engine import Engine
from tipgraph.store.rows import grouped
from tipgraph.text import slugify

INDICATOR, PART, AXIS, ACTOR = "indicator", "part", "axis", "actor"
PERIOD, UNIT, QUALIFIER = "period", "unit", "qualifier"
# The file of a checkout in which a kind is described; actors have one for each country.
FILES = {
    INDICATOR: "ontology/indicators.ttl", PART: "ontology/parts.ttl", AXIS: "ontology/parts.ttl",
    PERIOD: "data/periods.ttl", UNIT: "ontology/codes.ttl", QUALIFIER: "ontology/codes.ttl",
}  # fmt: skip
COMMENT = (
    "Names of a table that the graph does not have. Decide on each TODO, and add the facets that a"
    " wording shows."
)
MONEY = "code:units-money"
# In the place of a class. It is none, so that the name stays unknown until somebody has decided.
UNDECIDED = "tip:TODO"
SPAN = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(?:to-)?(\d{4})(?:-(\d\d))?)?")
MONTHS = set(range(1, 13))
CURRENCY = re.compile(r"[A-Z]{3}")

Node = tuple[str, str, list[PropertyValues], list[str]]


@dataclass(frozen=True, order=True)
class MissingTerm:
    """A name of a table that the graph does not have.

    `context` is the unit of an indicator, the axis of a part or the country of an actor, as an IRI;
    empty if it is not known. `is_each` says that an amount is for each of several recipients.
    """

    kind: str
    name: str
    context: str = ""
    is_each: bool = False


def describe_missing(engine: Engine, missing: Iterable[MissingTerm], before: str = "") -> str:
    """A Turtle file with a node for each name, grouped by the file that it belongs to.

    `before` is what the file has; it stays, and the nodes follow.
    """
    writer = _Describer(engine)
    groups = grouped((writer.file(each), writer.describe(each)) for each in _merged(missing))
    nodes = (f"# For {file}\n\n" + "\n".join(found) for file, found in sorted(groups.items()))
    return extend(before or f"# {COMMENT}\n", "\n".join(nodes), {})


def is_period(name: str) -> bool:
    """Return whether a name has the bounds of its period, such as `2020-04-to-2021-03`."""
    return _bounds(name) is not None


def unit_iri(name: str) -> str:
    """The IRI that a unit or currency which the graph does not have gets."""
    return PREFIXES["currency"] + name if CURRENCY.fullmatch(name) else CODE + slugify(name)


def _merged(missing: Iterable[MissingTerm]) -> list[MissingTerm]:
    """Each name once, with all that its cells show."""
    found: dict[tuple[str, str], MissingTerm] = {}
    for each in sorted(set(missing)):
        other = found.get((each.kind, each.name), each)
        found[each.kind, each.name] = MissingTerm(
            each.kind, each.name, each.context or other.context, each.is_each or other.is_each
        )
    return list(found.values())


class _Describer:
    """Describes missing terms with the code lists and countries of a graph."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = TurtleWriter({})

    def file(self, term: MissingTerm) -> str:
        """The file of a checkout in which such a term is described."""
        if term.kind == ACTOR:
            return f"data/actors/{self._country(term)}.ttl"
        return FILES[term.kind]

    def describe(self, term: MissingTerm) -> str:
        """The node of a term, after a comment on what to complete."""
        makers = {
            INDICATOR: self._indicator, PART: self._part, AXIS: self._axis, ACTOR: self._actor,
            PERIOD: self._period, UNIT: self._unit, QUALIFIER: self._qualifier,
        }  # fmt: skip
        iri, kind, properties, open_points = makers[term.kind](term)
        node = self._writer.node(iri, kind, properties)
        todo = f"# TODO: {'; '.join(open_points)}.\n" if open_points else ""
        return f"{todo}{node}"

    # ── Indicators ──────────────────────────────────────────────────────────────────────────────

    def _indicator(self, term: MissingTerm) -> Node:
        unit = self._counted_unit(term.context)
        properties = [
            *_labelled("indicators", term.name, f"What sources count as “{term.name}”."),
            ("tip:countedUnit", [unit] if unit else []),
        ]
        needed = "tip:topic and tip:perUnit" if term.is_each else "tip:topic"
        open_points = [f"add {needed}, and the facets that the wording shows surely"]
        return self._free(CODE + slugify(term.name)), "skos:Concept", properties, open_points

    def _counted_unit(self, unit: str) -> str:
        """The code of what is counted in a unit, as most figures in that unit have it."""
        if unit.startswith(PREFIXES["currency"]):
            return MONEY
        rows = self._engine.select(
            "SELECT ?counted (COUNT(*) AS ?figures) {"
            f" ?figure sdmx-attribute:unitMeasure {NamedNode(unit)} ; tip:indicator ?indicator ."
            " ?indicator tip:countedUnit ?counted }"
            " GROUP BY ?counted ORDER BY DESC(?figures) ?counted LIMIT 1"
            if unit
            else "SELECT ?counted { }"
        )
        return next((self._writer.name(str(each)) for each in rows.column("counted") if each), "")

    # ── Parts and their axes ────────────────────────────────────────────────────────────────────

    def _part(self, term: MissingTerm) -> Node:
        outer, _, inner = term.name.rpartition(" / ")
        broader = self._codes("parts", outer) if outer else []
        definition = (
            f"“{inner}” within “{outer}”, as sources call a part."
            if outer
            else f"What sources call “{term.name}”."
        )
        properties: list[PropertyValues] = [
            *_labelled("parts", term.name, definition),
            ("skos:broader", [self._writer.name(each) for each in broader[:1]]),
            ("tip:axis", [self._writer.name(term.context)] if term.context else []),
        ]
        open_points = []
        if outer and not broader:
            open_points.append(f"add skos:broader, the part “{outer}”")
        if not term.context:
            narrower = ", narrower than that of the broader part" if outer else ""
            open_points.append(f"add tip:axis, of the list code:axes{narrower}")
        return self._free(CODE + slugify(term.name)), "skos:Concept", properties, open_points

    def _axis(self, term: MissingTerm) -> Node:
        inner, _, outer = term.name.partition(" within ")
        broader = self._codes("axes", f"by {outer}") if outer else []
        feature = inner.removeprefix("by ")
        definition = (
            f"Parts of one part by {outer}, which differ in {feature}."
            if outer
            else f"Parts that differ in {feature}."
        )
        properties: list[PropertyValues] = [
            *_labelled("axes", term.name, definition),
            ("skos:broader", [self._writer.name(each) for each in broader[:1]]),
        ]
        open_points = [f"add skos:broader, the axis “by {outer}”"] if outer and not broader else []
        return self._free(CODE + slugify(term.name)), "skos:Concept", properties, open_points

    # ── Actors, periods, units and qualifiers ───────────────────────────────────────────────────

    def _actor(self, term: MissingTerm) -> Node:
        """An actor of the class that one of the same name has elsewhere, or of none yet."""
        properties: list[PropertyValues] = [
            ("tip:localName", [plain(term.name)]),
            ("dcterms:spatial", [self._writer.name(term.context)]),
        ]
        rows = self._engine.select(
            f"SELECT ?kind {{ ?thing tip:localName {Literal(term.name)} ; a ?kind"
            " { ?kind a tip:Kind } } ORDER BY ?kind LIMIT 1"
        )
        kind = next((self._writer.name(str(each)) for each in rows.column("kind")), "")
        open_points = [] if kind else ["write a class in the place of TODO"]
        slug = slugify(re.sub(r"^(an?|the) ", "", term.name))
        iri = self._free(f"{ID}{self._country(term)}-{slug}")
        return iri, kind or UNDECIDED, properties, open_points

    def _period(self, term: MissingTerm) -> Node:
        bounds = _bounds(term.name)
        assert bounds is not None
        first, last = bounds
        end = f"{last[0]}-{last[1]:02}-{monthrange(*last)[1]}"
        properties: list[PropertyValues] = [
            ("rdfs:label", [plain(_period_label(first, last))]),
            ("tip:start", [f'"{first[0]}-{first[1]:02}-01T00:00:00Z"^^xsd:dateTime']),
            ("tip:end", [f'"{end}T23:59:59Z"^^xsd:dateTime']),
        ]
        return f"{ID}period/{term.name}", "tip:Period", properties, []

    def _unit(self, term: MissingTerm) -> Node:
        iri = unit_iri(term.name)
        if not iri.startswith(PREFIXES["currency"]):
            definition = f"What sources count in {term.name}."
            return (
                self._free(iri), "skos:Concept", _labelled("units", term.name, definition), []
            )  # fmt: skip
        definition = f"{term.name}, as the EU authority table of currencies lists it."
        properties = [
            *_labelled("currencies", term.name, definition),
            ("skos:notation", [plain(term.name)]),
        ]
        return iri, "skos:Concept", properties, []

    def _qualifier(self, term: MissingTerm) -> Node:
        definition = f"Sources write “{term.name}” before the number."
        properties = _labelled("number-qualifiers", term.name, definition)
        open_points = ["define on which side of the number the true one may be"]
        return self._free(CODE + slugify(term.name)), "skos:Concept", properties, open_points

    # ── The graph ───────────────────────────────────────────────────────────────────────────────

    def _country(self, term: MissingTerm) -> str:
        return slugify(entities.labels(self._engine, [term.context])[term.context])

    def _codes(self, scheme: str, name: str) -> list[str]:
        rows = self._engine.select(
            f"SELECT ?code {{ ?code skos:inScheme {NamedNode(CODE + scheme)} ;"
            f" skos:prefLabel|skos:altLabel {Literal(name, language='en')} }} ORDER BY ?code"
        )
        return [str(code) for code in rows.column("code")]

    def _exists(self, iri: str) -> bool:
        return self._engine.ask(f"ASK {{ {NamedNode(iri)} ?property ?value }}")

    def _free(self, iri: str) -> str:
        """The IRI, or the same with a suffix if something else has it."""
        return self._free(f"{iri}-2") if self._exists(iri) else iri


def _labelled(scheme: str, name: str, definition: str) -> list[PropertyValues]:
    """Yield the triples of every code: its list, its label and its definition."""
    return [
        ("skos:inScheme", [f"code:{scheme}"]),
        ("skos:prefLabel", [english(name)]),
        ("skos:definition", [english(definition)]),
    ]


def _bounds(name: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The first and the last month of a period, each with its year; None for another name."""
    found = SPAN.fullmatch(name)
    if found is None:
        return None
    year, month, last_year, last_month = found.groups()
    if last_year and bool(month) is not bool(last_month):
        return None
    first = int(year), int(month or 1)
    last = int(last_year or year), int((last_month if last_year else month) or 12)
    is_valid = {first[0] // 100, last[0] // 100} <= {19, 20} and {first[1], last[1]} <= MONTHS
    return (first, last) if is_valid and first <= last else None


def _period_label(first: tuple[int, int], last: tuple[int, int]) -> str:
    (year, month), (last_year, last_month) = first, last
    if (month, last_month) == (1, 12):
        return str(year) if year == last_year else f"{year}\u2013{last_year}"
    if first == last:
        return f"{month_name[month]} {year}"
    begin = month_name[month] if year == last_year else f"{month_name[month]} {year}"
    return f"{begin} to {month_name[last_month]} {last_year}"
