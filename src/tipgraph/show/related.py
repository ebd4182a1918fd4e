"""The things that are related to one, and the statements that mention it.

A rule derives the ways that lead to a party or an instrument through something else; the stored
query 'mentions' reads the same ones.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.entities import THINGS, by_subject, leaf_kinds, linked, passages
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value
from tipgraph.show.description import Mention, Related, Relation
from tipgraph.show.statements import by_thing
from tipgraph.store.engine import Engine, Rows

# An ?other that is not of another country than the ?thing.
OTHER = (
    "FILTER NOT EXISTS { ?thing dcterms:spatial ?here . ?other dcterms:spatial ?there"
    " FILTER(?here != ?there) }"
)
# The code of a role, found by its plain name, and the one who holds it.
HOLDER = "?code tip:plainName ?plain . ?holding tip:role ?code ; tip:holder {} ."
# Each group finds an ?other for the ?thing, and the ?reason.
REASONS = (
    f"?thing tip:plainName ?plain . ?other tip:plainName ?plain {OTHER}"
    " BIND('same name' AS ?reason)",
    f"?thing tip:plainName ?plain . {HOLDER.format('?other')} ?code skos:prefLabel ?role {OTHER}"
    " BIND(CONCAT('holds the role: ', STR(?role)) AS ?reason)",
    f"{HOLDER.format('?thing')} ?code skos:prefLabel ?role . ?other tip:plainName ?plain {OTHER}"
    " BIND(CONCAT('named as its role: ', STR(?role)) AS ?reason)",
    """
    ?thing a tip:State ; dcterms:spatial ?country . ?other dcterms:spatial ?country ;
    a tip:Government BIND('its government' AS ?reason)
    """,
    """
    ?thing a tip:Government ; dcterms:spatial ?country . ?other dcterms:spatial ?country ;
    a tip:State BIND('its state' AS ?reason)
    """,
    "?thing a tip:State ; dcterms:spatial ?other BIND('its country' AS ?reason)",
    "?other a tip:State ; dcterms:spatial ?thing BIND('its state' AS ?reason)",
    "?other a tip:Government ; dcterms:spatial ?thing BIND('its government' AS ?reason)",
    "?thing tip:isPartOf ?other BIND('what it is part of' AS ?reason)",
    "?other tip:isPartOf ?thing BIND('part of it' AS ?reason)",
    "?thing tip:states ?stated . ?other tip:states ?stated BIND('same provision' AS ?reason)",
    "?link tip:earlier ?thing ; tip:later ?other BIND('later wording' AS ?reason)",
    "?link tip:later ?thing ; tip:earlier ?other BIND('earlier wording' AS ?reason)",
    "?other skos:broader ?thing BIND('narrower' AS ?reason)",
    "?other skos:related ?thing BIND('related' AS ?reason)",
)
SEE_ALSO = (
    "SELECT DISTINCT ?thing ?other ?reason {"
    f" {{ {' UNION '.join(f'{{ VALUES ?thing {{ {THINGS} }} {each} }}' for each in REASONS)} }}"
    " FILTER(?other != ?thing) } ORDER BY ?thing ?other ?reason"
)
# The ways in which a ?statement mentions a thing, with the ?path of properties from it to the
# thing, or of their labels. A statement does not mention its source and its reporter, and a
# shorthand repeats other properties. Steps are one or more, but not as `+`, which Virtuoso does not
# follow from a bound node.
WAYS = (
    "?statement ?first {thing} FILTER(?first NOT IN (tip:edition, tip:document, tip:reporter))"
    " MINUS {{ ?first a tip:Shorthand }} BIND(STR(?first) AS ?path)",
    "?passage tip:sentence {thing} . ?statement ?first ?passage BIND(STR(?first) AS ?path)",
    "?node ?last {thing} . ?node a tip:Requirement . ?statement ?first ?requirement ."
    " ?requirement a tip:Requirement ; cv:hasRequirement* ?node"
    " MINUS {{ ?first a tip:Shorthand }}"
    " BIND(CONCAT(STR(?first), ' -> ', STR(?last)) AS ?path)",
    # The properties of an amount: others have a thing in many more places.
    "VALUES ?last {{ tip:currency tip:numberQualifier tip:convertedFrom rdf:type }}"
    " ?node ?last {thing} . ?statement tip:amount ?node"
    " BIND(CONCAT(STR(tip:amount), ' -> ', STR(?last)) AS ?path)",
    "?mention tip:mentions {thing} ; tip:inStatement ?statement ; tip:path ?path",
    "{thing} ?match ?wording FILTER(?match IN (skos:exactMatch, skos:closeMatch))"
    " ?statement tip:indicator ?wording"
    " BIND(CONCAT(STR(tip:indicator), ' -> ', STR(?match)) AS ?path)",
)
ARROWS = {"->": "→"}


@dataclass(frozen=True)
class Limits:
    """Limits on the statements to show: the IRIs of editions, and of a topic.

    Without editions, those of all. A statement on a narrower topic is on the topic too. `most` is
    the number of statements that are described of each thing, None for all.
    """

    editions: tuple[str, ...] = ()
    topic: str | None = None
    most: int | None = None

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


class Ways(NamedTuple):
    """The paths from a statement to a thing that it mentions, and its edition or document.

    A path has IRIs with arrows between them, or the text of a path that a rule derived.
    """

    edition: str
    paths: list[str]


def see_also(engine: Engine, iris: Iterable[str]) -> dict[str, tuple[Related, ...]]:
    """The entities to look at besides each one, by their labels."""
    found: dict[str, tuple[Related, ...]] = dict.fromkeys(iris, ())
    reasons = by_subject(engine, found, SEE_ALSO, _reasons)
    labels = entities.labels(engine, chain.from_iterable(reasons.values()))
    for thing, others in reasons.items():
        related = (
            Related(other, labels.get(other, entities.slug(other)), tuple(others[other]))
            for other in others
        )
        found[thing] = tuple(sorted(related, key=lambda each: (each.label, each.iri)))
    return found


def _reasons(rows: Rows) -> dict[str, dict[str, list[str]]]:
    """Of each thing the others, each with the reasons."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        others = found.setdefault(str(row["thing"]), {})
        others.setdefault(str(row["other"]), []).append(str(row["reason"]))
    return found


def relations(
    engine: Engine, iris: Iterable[str], editions: Sequence[str] = ()
) -> dict[str, tuple[Relation, ...]]:
    """The relations of each thing, most often stated first; of these editions, if any is given."""
    limit = f"?statement tip:edition ?edition VALUES ?edition {{ {terms(editions)} }}"
    edge = (
        "?edge tip:subject ?subject ; tip:relation|tip:connectedBy ?relation ;"
        " tip:object ?object ; prov:wasDerivedFrom ?statement ."
        f" {limit if editions else ''}"
    )
    # In each group, since an engine that joins them with the groups reads all edges.
    groups = (
        f"{{ VALUES ?thing {{ {THINGS} }}{way} ?edge tip:subject|tip:object"
        f" {'?body' if way else '?thing'} . {edge} }}"
        for way in ("", " ?body dcterms:spatial ?thing .")
    )
    query = (
        "SELECT ?thing ?subject ?relation ?object (COUNT(DISTINCT ?statement) AS ?count) {"
        f" {' UNION '.join(groups)} }} GROUP BY ?thing ?subject ?relation ?object"
        " ORDER BY ?thing DESC(?count) ?subject ?relation ?object"
    )
    found = by_subject(engine, iris, query, by_thing)
    ends = ("subject", "relation", "object")
    named = {str(row[end]) for row in chain.from_iterable(found.values()) for end in ends}
    labels = entities.labels(engine, named)

    def relation(row: Mapping[str, Value]) -> Relation:
        subject, verb, other = (labels.get(str(row[end]), str(row[end])) for end in ends)
        return Relation(subject, verb, other, int(str(row["count"])))

    return {iri: tuple(map(relation, rows)) for iri, rows in found.items()}


def ways(
    engine: Engine, iris: Iterable[str], limits: Limits = EVERYTHING
) -> dict[str, dict[str, Ways]]:
    """Return for each entity the statements that mention it, by edition."""
    found: dict[str, dict[str, Ways]] = {iri: {} for iri in iris}
    groups = list(_groups(found))
    if not groups:
        return found
    # The condition is a filter, so that engines begin with the thing, not with every statement.
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?edition ?statement ?path {{ {{ {' UNION '.join(groups)} }}"
        " FILTER EXISTS { ?statement tip:evidence ?any ; tip:speaker ?someone }"
        " OPTIONAL { ?statement tip:edition|tip:document ?edition }"
        f" {limits.pattern()} }}"
    )
    # Sorted here, since an engine takes as long to sort them as to find them.
    for row in sorted(rows, key=lambda row: [*map(str, row.values())]):
        statements = found[str(row["thing"])]
        new = Ways(str(row["edition"] or ""), [])
        paths = statements.setdefault(str(row["statement"]), new).paths
        # Two rows of one path have an edition and a document.
        paths.extend({str(row["path"])}.difference(paths))
    return found


def mentions(
    engine: Engine, found: Mapping[str, Mapping[str, Ways]]
) -> dict[str, tuple[Mention, ...]]:
    """Of each entity the statements that `ways` found, in the order of the text."""
    statements = dict.fromkeys(chain.from_iterable(found.values()))
    every = [each.paths for those in found.values() for each in those.values()]
    kinds = leaf_kinds(engine, statements)
    speakers = linked(engine, statements, "tip:speaker")
    evidence = linked(engine, statements, "tip:evidence")
    quoted = passages.passages(engine, chain.from_iterable(evidence.values()))
    named = chain(*kinds.values(), *speakers.values())
    names = entities.labels(engine, [*statements, *_steps(every), *named])

    def called(iris: Iterable[str]) -> tuple[str, ...]:
        return tuple(names[each] for each in iris)

    def role(path: str) -> str:
        steps = path.split(" ")
        return " ".join(ARROWS.get(step) or names[step] for step in steps)

    def mention(statement: str, paths: list[str]) -> Mention:
        return Mention(
            iri=statement,
            label=called([statement])[0],
            kind=", ".join(called(kinds[statement])),
            roles=tuple(dict.fromkeys(map(role, paths))),
            speakers=called(speakers[statement]),
            passages=quoted.among(evidence[statement]),
        )

    return {
        thing: tuple(
            mention(statement, those[statement].paths)
            for statement in sorted(those, key=lambda each: quoted.first(evidence[each]))
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


def _steps(paths: Iterable[list[str]]) -> set[str]:
    distinct = set(chain.from_iterable(paths))
    return {step for path in distinct for step in path.split(" ") if ":" in step}
