"""Turtle for the indicators, parts and actors that a table names and the graph does not have.

Each wording becomes a node with what it shows; comments say what its author completes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from tipgraph.editions.turtle import NodeGroup, PropertyValues, TurtleWriter, english, plain
from tipgraph.lookup import entities
from tipgraph.namespaces import CODE, ID, PREFIXES, last_part
from tipgraph.store.engine import Engine
from tipgraph.text import slugify

INDICATOR, PART, ACTOR = "indicator", "part", "actor"
COMMENT = "Names of a table that the graph does not have. Complete each node at TODO."
# The facets that the words of an indicator show, each by the first pattern that matches. A wording
# of several stages has a code of its own or none.
STAGES = {
    "identified": r"\bidentified\b",
    "confirmed": r"\b(confirmed|certified)\b",
    "registered": r"\bregistered\b",
    "referred": r"\breferr(ed|als)\b",
    "assisted": r"\b(assisted|served|supported|provided (services|assistance|support))\b",
    "sheltered": r"\b(sheltered|housed|accommodated|provided shelter)\b",
    "granted": r"\b(granted|issued)\b",
    "compensated": r"\bcompensat(ed|ion)\b",
    "repatriated": r"\brepatriated\b",
    "trained": r"\b(trained|training)\b",
    "screened": r"\bscreened\b",
}
POPULATIONS = {
    "potential-victims": r"\bpotential\b.*\bvictims\b",
    "possible-victims": r"\bpossible\b.*\bvictims\b",
    "presumed-victims": r"\bpresumed\b.*\bvictims\b",
    "suspected-victims": r"\bsuspected\b.*\bvictims\b",
    "victims": r"\bvictims\b",
}
UNITS = {"persons": "units-persons", "cases": "units-cases", "referrals": "units-acts"}
TOPICS = {
    "victim-identification": r"\b(identified|confirmed|certified|registered)\b",
    "referral": STAGES["referred"],
    "assistance-services": STAGES["assisted"],
    "shelter": r"\bshelter|housed|accommodated",
    "compensation": STAGES["compensated"],
    "repatriation": STAGES["repatriated"],
    "training": STAGES["trained"],
}
# The class of an actor by its local name; the first pattern that matches counts.
ACTOR_CLASSES = {
    "Government": r"^government$",
    "JointActorGroup": r"\b(and|with)\b.*\bNGOs?\b|\bNGOs?\b.*\b(and|with)\b",
    "Ministry": r"^Ministry\b",
    "ServiceProviderGroup": r"\b(NGOs?|shelters?)\b",
    "AuthorityGroup": r"\b(police|authorities|prosecutors|inspectors|officials|ministries)\b",
    "UnnamedSpeakers": r"\b(experts|observers|media|civil society)\b",
}
SINGLE_BODIES = {"Government", "Ministry"}


@dataclass(frozen=True, order=True)
class MissingTerm:
    """A name of a table that the graph does not have.

    `context` is the unit of an indicator, the axis of a part or the country of an actor, as an IRI;
    empty if it is not known.
    """

    kind: str
    name: str
    context: str = ""


def describe_missing(engine: Engine, missing: Iterable[MissingTerm]) -> str:
    """A Turtle file with a node for each name, grouped by the file that it belongs to."""
    writer = _Describer(engine)
    groups: dict[str, dict[str, str]] = {}
    for each in sorted(set(missing)):
        # Of the same name with a context and without, the one with it is written.
        groups.setdefault(writer.file(each), {})[each.name] = writer.describe(each)
    nodes = [NodeGroup(f"For {file}", [*found.values()]) for file, found in groups.items()]
    return TurtleWriter({}).document(COMMENT, nodes)


class _Describer:
    """Describes missing terms with the code lists and countries of a graph."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = TurtleWriter({})

    def file(self, term: MissingTerm) -> str:
        """The file of a checkout in which such a term is described."""
        if term.kind == ACTOR:
            return f"data/actors/{self._country(term)}.ttl"
        return f"ontology/{term.kind}s.ttl"

    def describe(self, term: MissingTerm) -> str:
        """The node of a term, after a comment on what to complete."""
        makers = {INDICATOR: self._indicator, PART: self._part, ACTOR: self._actor}
        iri, kind, properties, open_points = makers[term.kind](term)
        node = self._writer.node(iri, kind, properties)
        todo = f"# TODO: {'; '.join(open_points)}.\n" if open_points else ""
        return f"{todo}{node}"

    def _indicator(self, term: MissingTerm) -> tuple[str, str, list[PropertyValues], list[str]]:
        is_money = term.context.startswith(PREFIXES["currency"])
        unit = "units-money" if is_money else UNITS.get(last_part(term.context), "")
        facets = {
            "tip:countedStage": "counted-funded" if is_money else self._stage(term.name),
            "tip:population": "" if is_money else _first(POPULATIONS, term.name),
            "tip:stockOrFlow": "",
            "tip:countedUnit": unit,
        }
        topics = [name for name, words in TOPICS.items() if re.search(words, term.name)]
        properties: list[PropertyValues] = [
            ("skos:inScheme", ["code:indicators"]),
            ("skos:prefLabel", [english(term.name)]),
            ("skos:definition", [english(f"What sources count as “{term.name}”.")]),
            *((name, [f"code:{code}"] if code else []) for name, code in facets.items()),
            ("tip:topic", [f"code:{each}" for each in topics]),
        ]
        open_points = [
            f"add {', '.join(name for name, code in facets.items() if not code)} as far as the"
            " wording shows them"
        ]
        if not topics:
            open_points.append("add tip:topic, a topic of code:topics")
        return self._free(CODE + slugify(term.name)), "skos:Concept", properties, open_points

    def _stage(self, name: str) -> str:
        """The code of the stage, or of the stages together, that a wording names."""
        stages = [stage for stage, words in STAGES.items() if re.search(words, name)]
        *others, last = stages or [""]
        code = f"counted-{'-'.join(others)}-and-{last}" if others else f"counted-{last}"
        return code if self._exists(CODE + code) else ""

    def _part(self, term: MissingTerm) -> tuple[str, str, list[PropertyValues], list[str]]:
        outer, _, inner = term.name.rpartition(" / ")
        broader = self._codes("parts", outer) if outer else []
        definition = (
            f"“{inner}” within “{outer}”, as sources call a part."
            if outer
            else f"What sources call “{term.name}”."
        )
        properties: list[PropertyValues] = [
            ("skos:inScheme", ["code:parts"]),
            ("skos:prefLabel", [english(term.name)]),
            ("skos:definition", [english(definition)]),
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

    def _actor(self, term: MissingTerm) -> tuple[str, str, list[PropertyValues], list[str]]:
        kind = _first(ACTOR_CLASSES, term.name)
        country = entities.labels(self._engine, [term.context])[term.context]
        properties: list[PropertyValues] = [
            ("rdfs:label", [english(f"{term.name} ({country})")]),
            ("tip:localName", [plain(term.name)]),
            ("tip:named", ["true" if kind in SINGLE_BODIES or not kind else "false"]),
            ("dcterms:spatial", [self._writer.name(term.context)]),
        ]
        open_points = [] if kind else ["choose the class, and see whether the name is a proper one"]
        iri = self._free(f"{ID}{self._country(term)}-{slugify(term.name)}")
        return iri, f"tip:{kind or 'PublicAgency'}", properties, open_points

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


def _first(patterns: dict[str, str], text: str) -> str:
    """The first name whose pattern the text matches; empty if none does."""
    return next((name for name, words in patterns.items() if re.search(words, text)), "")
