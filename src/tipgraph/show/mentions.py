"""The statements that mention an entity, each with the properties that lead from it to the entity.

A rule derives the ways that lead to a party or an instrument through something else; the stored
query 'mentions' reads the same ones.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.entities import leaf_kinds, passages
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import shorten
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine

# The ways in which a ?statement mentions a thing, with the ?path of properties from it to the
# thing, or of their labels. A statement does not mention its edition and its reporter, and a
# shorthand repeats other properties. Steps are one or more, but not as `+`, which Virtuoso does not
# follow from a bound node.
WAYS = (
    "?statement ?first {thing} FILTER(?first NOT IN (tip:edition, tip:reporter))"
    " FILTER NOT EXISTS {{ ?first a tip:Shorthand }} BIND(STR(?first) AS ?path)",
    "?passage tip:sentence {thing} . ?statement ?first ?passage BIND(STR(?first) AS ?path)",
    "?node ?last {thing} . ?node a tip:Requirement . ?statement ?first ?requirement ."
    " ?requirement a tip:Requirement ; cv:hasRequirement* ?node"
    " BIND(CONCAT(STR(?first), ' -> ', STR(?last)) AS ?path)",
    "?node ?last {thing} . ?statement tip:amount ?node"
    " BIND(CONCAT(STR(tip:amount), ' -> ', STR(?last)) AS ?path)",
    "?mention tip:mentions {thing} ; tip:inStatement ?statement ; tip:path ?path",
)
ARROWS = {"->": "→"}


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
    """Return for each entity the statements that mention it, each with its paths.

    A path has IRIs with arrows between them, or the text of a path that a rule derived.
    """
    found: dict[str, dict[str, list[str]]] = {iri: {} for iri in iris}
    groups = list(_groups(found))
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
            roles=tuple(dict.fromkeys(map(role, paths))),
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


def _groups(things: Iterable[str]) -> Iterator[str]:
    """Yield the groups of a query for the ways in which a ?statement mentions one of the things."""
    iris = terms(things)
    # A single one is named in each pattern, for engines that do not begin with the values.
    thing = iris if iris and " " not in iris else "?thing"
    for way in WAYS if iris else ():
        yield f"{{ VALUES ?thing {{ {iris} }} {way.format(thing=thing)} }}"


def _linked(engine: Engine, statements: Iterable[str], link: str) -> dict[str, list[str]]:
    rows = engine.select(
        f"SELECT DISTINCT ?statement ?thing {{ VALUES ?statement {{ {terms(statements)} }}"
        f" ?statement {link} ?thing }} ORDER BY ?thing"
    )
    return rows.grouped()


def _properties(paths: Iterable[list[str]]) -> set[str]:
    distinct = set(chain.from_iterable(paths))
    return {step for path in distinct for step in path.split(" ") if ":" in step}


def _all(groups: dict[str, list[str]]) -> list[str]:
    return list(chain.from_iterable(groups.values()))
