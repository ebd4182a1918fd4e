"""The statements that mention an entity, each with the properties that lead from it to the entity.

The stored query 'mentions' uses the same definition for actors; a test holds the two together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.entities import leaf_kinds, passages
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import TIP, shorten
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine

# A statement does not mention its edition and its reporter; a shorthand repeats other properties.
IGNORED = "tip:edition, tip:reporter, tip:quantity, tip:partOrUnit, tip:doneBy"
# Links between two statements that are not part of what either states.
LOOSE = "tip:contrastsWith, tip:presentedUnder"
# Of these, a statement also mentions those that it reaches in two steps.
TWO_STEPS = (TIP + "Party", TIP + "Instrument")

# The ways in which a ?statement mentions a thing, with the ?path of properties from it to the
# thing; "<-" leads along a property the other way. Steps are one or more, but not as `+`, which
# Virtuoso does not follow from a bound node.
ANY_THING = (
    "?statement ?first {thing} FILTER(?first NOT IN ({ignored})) BIND(STR(?first) AS ?path)",
    "?passage tip:sentence {thing} . ?statement ?first ?passage BIND(STR(?first) AS ?path)",
    "?node ?last {thing} . ?node a tip:Requirement . ?statement ?first ?requirement ."
    " ?requirement a tip:Requirement ; cv:hasRequirement* ?node"
    " BIND(CONCAT(STR(?first), ' -> ', STR(?last)) AS ?path)",
    "?node ?last {thing} . ?statement tip:amount ?node"
    " BIND(CONCAT(STR(tip:amount), ' -> ', STR(?last)) AS ?path)",
)
UNNAMED = "FILTER NOT EXISTS {{ ?statement ?named {thing} FILTER(?named NOT IN ({ignored})) }}"
PARTY = (
    "?node ?last {thing} . ?node a tip:Statement . ?statement ?first ?node"
    " FILTER(?first NOT IN ({loose})) FILTER(?last NOT IN ({ignored}, tip:speaker)) {unnamed}"
    " BIND(CONCAT(STR(?first), ' -> ', STR(?last)) AS ?path)",
    "?relationship a tip:Relationship ; tip:object {thing} ; tip:relation tip:isPartOf ;"
    " tip:subject ?node ; tip:edition ?where . ?statement ?first ?node ; tip:edition ?where"
    " {unnamed} BIND(CONCAT(STR(?first), ' -> ', STR(tip:isPartOf)) AS ?path)",
    "?relationship a tip:Relationship ; tip:subject {thing} ; tip:relation ?last ;"
    " tip:object ?node ; tip:edition ?where . ?statement ?first ?node ; tip:edition ?where"
    " FILTER(?last IN (tip:runs, tip:isResponsibleFor)) {unnamed}"
    " BIND(CONCAT(STR(?first), ' <- ', STR(?last)) AS ?path)",
    "{thing} a tip:State ; dcterms:spatial ?country . ?statement tip:country ?country"
    " BIND(STR(tip:country) AS ?path)",
    "{thing} a tip:State ; dcterms:spatial ?country . ?node tip:country ?country ."
    " ?statement ?first ?node FILTER(?first NOT IN ({loose})) {unnamed}"
    " BIND(CONCAT(STR(?first), ' -> ', STR(tip:country)) AS ?path)",
)
ARROWS = {"->": "→", "<-": "←"}


@dataclass(frozen=True)
class Limits:
    """Limits on the statements to show: the IRIs of editions, and of a topic.

    Without editions, those of all. A statement on a narrower topic is on the topic too.
    """

    editions: tuple[str, ...] = ()
    topic: str | None = None

    def pattern(self) -> str:
        """SPARQL that a `?statement` within the limits matches."""
        parts = []
        if self.editions:
            parts.append(
                f"VALUES ?within {{ {terms(self.editions)} }} ?statement tip:edition ?within ."
            )
        if self.topic:
            parts.append(f"?statement tip:topic ?on . ?on skos:broader* {NamedNode(self.topic)} .")
        return " ".join(parts)


EVERYTHING = Limits()


@dataclass(frozen=True)
class Mention:
    """A statement that mentions the entity: along which properties, by whom, and where.

    A role is the label of a property, or of several with arrows between them.
    """

    iri: str
    label: str
    kind: str
    roles: tuple[str, ...]
    speakers: tuple[str, ...]
    passages: tuple[Passage, ...]


def paths(
    engine: Engine, iris: Iterable[str], limits: Limits = EVERYTHING
) -> dict[str, dict[str, list[str]]]:
    """Of each entity the statements that mention it, each with its paths of IRIs and arrows."""
    found: dict[str, dict[str, list[str]]] = {iri: {} for iri in iris}
    parties = engine.select(
        f"SELECT DISTINCT ?thing {{ VALUES ?thing {{ {terms(found)} }}"
        f" VALUES ?kind {{ {terms(TWO_STEPS)} }} ?thing a ?kind }}"
    )
    groups = [*_groups(ANY_THING, found), *_groups(PARTY, map(str, parties.column("thing")))]
    if not groups:
        return found
    # The condition is a filter, so that engines begin with the thing, not with every statement.
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?statement ?path {{ {{ {' UNION '.join(groups)} }}"
        " FILTER EXISTS { ?statement tip:evidence ?any ; tip:speaker ?someone }"
        f" {limits.pattern()} }} ORDER BY ?thing ?statement ?path"
    )
    for row in rows:
        statements = found[str(row["thing"])]
        statements.setdefault(str(row["statement"]), []).append(str(row["path"]))
    return found


def mentions(
    engine: Engine, iris: Iterable[str], limits: Limits = EVERYTHING
) -> dict[str, tuple[Mention, ...]]:
    """Of each entity the statements that mention it, in the order of the text."""
    found = paths(engine, iris, limits)
    statements = dict.fromkeys(chain.from_iterable(found.values()))
    every = list(chain.from_iterable(each.values() for each in found.values()))
    kinds = leaf_kinds(engine, statements)
    speakers = _linked(engine, statements, "tip:speaker")
    evidence = _linked(engine, statements, "tip:evidence")
    quoted = passages.passages(engine, chain.from_iterable(evidence.values()))
    position = {passage: number for number, passage in enumerate(quoted)}
    names = entities.labels(
        engine, [*statements, *_properties(every), *_all(kinds), *_all(speakers)]
    )

    def called(iris: Iterable[str]) -> tuple[str, ...]:
        return tuple(names.get(each, shorten(each)) for each in iris)

    def role(path: str) -> str:
        steps = path.split(" ")
        return " ".join(ARROWS.get(step) or names.get(step, shorten(step)) for step in steps)

    def places(statement: str) -> list[int]:
        return sorted(position[each] for each in evidence[statement] if each in position)

    def mention(statement: str, paths: list[str]) -> Mention:
        return Mention(
            iri=statement,
            label=called([statement])[0],
            kind=", ".join(called(kinds[statement])),
            roles=tuple(map(role, paths)),
            speakers=called(speakers[statement]),
            passages=tuple(quoted[in_order[each]] for each in places(statement)),
        )

    in_order = list(quoted)
    last = [len(position)]
    return {
        thing: tuple(
            mention(statement, those[statement])
            for statement in sorted(those, key=lambda each: (places(each) or last)[0])
        )
        for thing, those in found.items()
    }


def _groups(ways: Iterable[str], things: Iterable[str]) -> Iterator[str]:
    """The groups of a query for the ways in which a ?statement mentions one of the things."""
    iris = terms(things)
    # A single one is named in each pattern, for engines that do not begin with the values.
    thing = iris if iris and " " not in iris else "?thing"
    texts = {"thing": thing, "ignored": IGNORED, "loose": LOOSE}
    for way in ways if iris else ():
        pattern = way.format(unnamed=UNNAMED.format(**texts), **texts)
        yield f"{{ VALUES ?thing {{ {iris} }} {pattern} }}"


def _linked(engine: Engine, statements: Iterable[str], link: str) -> dict[str, list[str]]:
    rows = engine.select(
        f"SELECT DISTINCT ?statement ?thing {{ VALUES ?statement {{ {terms(statements)} }}"
        f" ?statement {link} ?thing }} ORDER BY ?thing"
    )
    return rows.grouped()


def _properties(paths: Iterable[list[str]]) -> set[str]:
    distinct = set(chain.from_iterable(paths))
    return {step for path in distinct for step in path.split(" ") if step not in ARROWS}


def _all(groups: dict[str, list[str]]) -> list[str]:
    return list(chain.from_iterable(groups.values()))
