"""Names of a table that the graph does not have, and the nodes that a person decides on."""

import re
from calendar import month_name, monthrange
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from tipgraph.editions.turtle import PropertyValues, TurtleWriter, english, extend, plain
from tipgraph.entities import label
from tipgraph.namespaces import CODE, ID, PERSONS, PREFIXES
from tipgraph.store.engine import Engine
from tipgraph.text import join, slugify


@dataclass(frozen=True, order=True)
class MissingTerm:
    """A name of a table that the graph does not have.

    `context` is the unit of an indicator, the axis of a part or the country of an actor, as an IRI;
    empty if it is not known.
    """

    kind: str
    name: str
    context: str = ""


INDICATOR, PART, AXIS, ACTOR = "indicator", "part", "axis", "actor"
PERIOD, UNIT, QUALIFIER = "period", "unit", "qualifier"
# The file of a checkout in which a kind is described; actors have one for each country.
FILES = {
    INDICATOR: "ontology/indicators.ttl", PART: "ontology/parts.ttl", AXIS: "ontology/parts.ttl",
    PERIOD: "data/periods.ttl", UNIT: "ontology/codes.ttl", QUALIFIER: "ontology/codes.ttl",
}  # fmt: skip
# The list of the codes of a kind, what a code means, and what to decide on it.
CODES = {
    INDICATOR: (
        "indicators",
        "What sources count as “{}”.",
        "add tip:topic, the facets that the wording shows surely, and tip:perUnit for an amount"
        " that each of several gets",
    ),
    PART: ("parts", "What sources call “{}”.", "add skos:broader if it is within another part"),
    AXIS: ("axes", "Parts that differ {}.", "add skos:broader if it is within another axis"),
    UNIT: ("units", "What sources count in {}.", ""),
    QUALIFIER: (
        "number-qualifiers",
        "Sources write “{}” before the number.",
        "define on which side of the number the true one may be",
    ),
}
MISSING_TERMS = (
    "# Names of a table that the graph does not have. Decide on each TODO, and add the facets that"
    " a wording shows.\n"
)
# In the place of a class. It is none, so that the name stays unknown until somebody has decided.
UNDECIDED = "tip:TODO"
# The number of classes that are named instead.
USUAL = 5
SPAN = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(?:to-)?(\d{4})(?:-(\d\d))?)?")
MONTHS = set(range(1, 13))
CURRENCY = re.compile(r"[A-Z]{3}")
# The node of a missing term: its IRI, class and properties, and what a person must decide.
Node = tuple[str, str, list[PropertyValues], str]


def describe_missing(engine: Engine, missing: Iterable[MissingTerm], before: str = "") -> str:
    """A Turtle file with a node for each name, with what it shows, after what a person must decide.

    They are grouped by the file that they belong to. `before` is what the file has; it stays, and
    the nodes follow.
    """
    writer = TurtleWriter({})
    makers = {ACTOR: _actor, PERIOD: _period}
    texts: dict[str, list[str]] = {}
    # Of a name in several cells, the one with a context is the last.
    for term in {(each.kind, each.name): each for each in sorted(missing)}.values():
        iri, kind, properties, open_point = makers.get(term.kind, _code)(engine, writer, term)
        todo = f"# TODO: {open_point}.\n" if open_point else ""
        file = FILES.get(term.kind) or f"data/actors/{_country(engine, term)}.ttl"
        texts.setdefault(file, []).append(todo + writer.node(iri, kind, properties))
    nodes = (f"# For {file}\n\n" + "\n".join(found) for file, found in sorted(texts.items()))
    return extend(before or MISSING_TERMS, "\n".join(nodes), {})


def is_period(name: str) -> bool:
    """Return whether a name has the bounds of its period, such as `2020-04-to-2021-03`."""
    return _bounds(name) is not None


def unit_iri(name: str) -> str:
    """The IRI that a unit or currency which the graph does not have gets."""
    return PREFIXES["currency"] + name if CURRENCY.fullmatch(name) else CODE + slugify(name)


def _code(engine: Engine, writer: TurtleWriter, term: MissingTerm) -> Node:
    """A code with its list, its label and its definition, and what the table shows."""
    scheme, definition, open_point = CODES[term.kind]
    iri = unit_iri(term.name) if term.kind == UNIT else CODE + slugify(term.name)
    properties: list[PropertyValues] = [
        ("skos:prefLabel", [english(term.name)]),
        ("skos:definition", [english(definition.format(term.name))]),
    ]
    if iri.startswith(PREFIXES["currency"]):
        scheme = "currencies"
        properties.append(("skos:notation", [plain(term.name)]))
    else:
        iri = _free(engine, iri)
    if term.kind == PART and term.context:
        properties.append(("tip:axis", [writer.name(term.context)]))
    elif term.kind == PART:
        open_point = f"add tip:axis, of the list code:axes; {open_point}"
    if term.kind == INDICATOR and term.context.startswith(PREFIXES["currency"]):
        properties.append(("tip:countedUnit", ["code:units-money"]))
    if term.kind == INDICATOR and term.context == PERSONS:
        properties.append(("tip:countedUnit", ["code:units-persons"]))
    return iri, "skos:Concept", [("skos:inScheme", [f"code:{scheme}"]), *properties], open_point


def _actor(engine: Engine, writer: TurtleWriter, term: MissingTerm) -> Node:
    """An actor of the class that one of the same name has elsewhere, or of none yet."""
    properties: list[PropertyValues] = [
        ("tip:localName", [plain(term.name)]),
        ("dcterms:spatial", [writer.name(term.context)]),
    ]
    rows = engine.select(
        f"SELECT ?kind {{ ?thing tip:localName {Literal(term.name)} ; a ?kind"
        " { ?kind a tip:Kind } } ORDER BY ?kind LIMIT 1"
    )
    kind = next((writer.name(str(each)) for each in rows.column("kind")), UNDECIDED)
    open_point = ""
    if kind == UNDECIDED:
        usual = join([writer.name(each) for each in _usual_classes(engine)], "or")
        open_point = f"write a class in the place of TODO, such as {usual}"
    words = slugify(re.sub(r"^(an?|the) ", "", term.name))
    return _free(engine, f"{ID}{_country(engine, term)}-{words}"), kind, properties, open_point


def _usual_classes(engine: Engine) -> list[str]:
    """The classes that most actors of countries have."""
    rows = engine.select(
        "SELECT ?kind (COUNT(?actor) AS ?number) {"
        " ?actor tip:localName ?name ; a ?kind . ?kind a tip:Kind }"
        f" GROUP BY ?kind ORDER BY DESC(?number) ?kind LIMIT {USUAL}"
    )
    return [str(each) for each in rows.column("kind")]


def _period(engine: Engine, writer: TurtleWriter, term: MissingTerm) -> Node:
    bounds = _bounds(term.name)
    assert bounds is not None
    first, last = bounds
    end = f"{last[0]}-{last[1]:02}-{monthrange(*last)[1]}"
    properties: list[PropertyValues] = [
        ("rdfs:label", [plain(_period_label(first, last))]),
        ("tip:start", [f'"{first[0]}-{first[1]:02}-01T00:00:00Z"^^xsd:dateTime']),
        ("tip:end", [f'"{end}T23:59:59Z"^^xsd:dateTime']),
    ]
    return f"{ID}period/{term.name}", "tip:Period", properties, ""


def _country(engine: Engine, term: MissingTerm) -> str:
    return slugify(label(engine, term.context))


def _free(engine: Engine, iri: str) -> str:
    """The IRI, or the same with a suffix if something else has it."""
    exists = engine.ask(f"ASK {{ {NamedNode(iri)} ?property ?value }}")
    return _free(engine, f"{iri}-2") if exists else iri


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
