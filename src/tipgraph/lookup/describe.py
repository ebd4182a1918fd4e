"""What the graph says of one thing: its own properties, and the statements that speak of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from pyoxigraph import NamedNode, Triple

from tipgraph.lookup import entities, passages
from tipgraph.lookup.labels import cells
from tipgraph.lookup.passages import Passage
from tipgraph.namespaces import shorten
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows

# Which edition a statement belongs to and who reports it is no statement about these.
SILENT = "tip:edition, tip:reporter"
# What a thing is called and where it is quoted from is told in lines of its own.
APART = "rdf:type, rdfs:label, skos:prefLabel, tip:evidence, rdfs:isDefinedBy"
# A statement also speaks of what its requirement or its amount is made of.
PART = "(cv:holdsRequirement|tip:ifNotMet|tip:contingentOn|cv:hasRequirement|tip:amount)"
# One step or more, but not as `+`, which Virtuoso does not follow from a node that is known.
PARTS = f"{PART}/{PART}*"
WIDER = "rdfs:subClassOf/rdfs:subClassOf*"
# What a passage is made of.
QUOTED = "(oa:hasSelector|oa:refinedBy|tip:sentence)*"


@dataclass(frozen=True)
class Property:
    """A property by its label, with the labels of its values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """A statement that speaks of the thing, in which parts, who says it, and where."""

    iri: str
    label: str
    kind: str
    roles: tuple[str, ...]
    speakers: tuple[str, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Description:
    """All that `show` prints of a thing."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    properties: tuple[Property, ...]
    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON; passages have their link too."""
        told = asdict(self)
        _add_links(self.passages, told["passages"])
        for mention, entry in zip(self.mentions, told["mentions"], strict=True):
            _add_links(mention.passages, entry["passages"])
        return told


def describe(engine: Engine, iri: str) -> Description:
    """What the graph says of the thing with this IRI."""
    quoted = passages.passages(engine, [iri, *_evidence(engine, iri)])
    return Description(
        iri=iri,
        label=entities.label(engine, iri),
        kinds=_called(engine, _kinds(engine, [iri])[iri]),
        properties=_properties(engine, iri),
        passages=tuple(quoted.values()),
        mentions=_mentions(engine, iri),
    )


def triples(engine: Engine, iri: str) -> list[Triple]:
    """The triples behind a description: of the thing, of the statements, and of their passages."""
    thing = NamedNode(iri)
    said = terms(_roles(engine, iri)) or str(thing)
    found = [
        engine.construct(f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?by {{ {by} }} {path} . ?s ?p ?o }}")
        for by, path in (
            (f"{thing} {said}", "BIND(?by AS ?s)"),
            (f"{thing} {said}", f"?by tip:evidence/{QUOTED} ?s"),
            (said, f"?by {PARTS} ?s"),
        )
    ]
    return list(dict.fromkeys(chain.from_iterable(found)))


def _add_links(passages: Iterable[Passage], entries: Iterable[dict[str, Any]]) -> None:
    for passage, entry in zip(passages, entries, strict=True):
        entry["link"] = passage.link


def _evidence(engine: Engine, iri: str) -> list[str]:
    rows = engine.select(f"SELECT ?passage {{ {NamedNode(iri)} tip:evidence ?passage }}")
    return [str(passage) for passage in rows.column("passage")]


def _kinds(engine: Engine, iris: Iterable[str]) -> dict[str, list[str]]:
    """Of each thing its classes, but for those that merely stand above another of them."""
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?kind {{ VALUES ?thing {{ {terms(iris)} }} ?thing a ?kind"
        " FILTER(isIRI(?kind)) } ORDER BY ?kind"
    )
    kinds = _grouped(rows)
    wider = _wider(engine, chain.from_iterable(kinds.values()))
    for thing, all_kinds in kinds.items():
        above = set().union(*(wider[kind] for kind in all_kinds))
        kinds[thing] = [kind for kind in all_kinds if kind not in above]
    return kinds


def _wider(engine: Engine, kinds: Iterable[str]) -> dict[str, list[str]]:
    """Of each class those that stand above it."""
    wanted = terms(kinds)
    if not wanted:
        return {}
    rows = engine.select(
        f"SELECT DISTINCT ?kind ?wider {{ VALUES ?kind {{ {wanted} }} ?kind {WIDER} ?wider"
        " FILTER(?kind != ?wider) }"
    )
    return _grouped(rows)


def _properties(engine: Engine, iri: str) -> tuple[Property, ...]:
    rows = engine.select(
        f"SELECT DISTINCT ?property ?value {{ {NamedNode(iri)} ?property ?value"
        f" FILTER(!isBlank(?value) && ?property NOT IN ({APART})) }} ORDER BY ?property ?value"
    )
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in cells(engine, rows):
        values[name].append(value)
    return tuple(Property(name, tuple(each)) for name, each in values.items())


def _roles(engine: Engine, iri: str) -> dict[str, list[str]]:
    """The statements that speak of the thing, with the properties by which they do."""
    thing = NamedNode(iri)
    rows = engine.select(
        "SELECT DISTINCT ?statement ?role {"
        f" {{ ?statement ?role {thing} FILTER(?role NOT IN ({SILENT})) }}"
        f" UNION {{ ?part ?role {thing} . ?statement {PARTS} ?part }}"
        f" UNION {{ ?passage tip:sentence {thing} . ?statement ?role ?passage }}"
        " ?statement tip:evidence ?any ; tip:speaker ?someone } ORDER BY ?statement ?role"
    )
    return _grouped(rows)


def _mentions(engine: Engine, iri: str) -> tuple[Mention, ...]:
    roles = _roles(engine, iri)
    kinds = _kinds(engine, roles)
    speakers = _linked(engine, roles, "tip:speaker")
    evident = _linked(engine, roles, "tip:evidence")
    quoted = passages.passages(engine, chain.from_iterable(evident.values()))
    position = {passage: number for number, passage in enumerate(quoted)}

    def place(statement: str) -> int:
        return min(position.get(passage, len(position)) for passage in evident[statement])

    return tuple(
        Mention(
            iri=statement,
            label=entities.label(engine, statement),
            kind=", ".join(_called(engine, kinds[statement])),
            roles=_called(engine, roles[statement]),
            speakers=_called(engine, speakers[statement]),
            passages=tuple(quoted[each] for each in quoted if each in evident[statement]),
        )
        for statement in sorted(roles, key=place)
    )


def _linked(engine: Engine, statements: Iterable[str], link: str) -> dict[str, list[str]]:
    rows = engine.select(
        f"SELECT DISTINCT ?statement ?thing {{ VALUES ?statement {{ {terms(statements)} }}"
        f" ?statement {link} ?thing }} ORDER BY ?thing"
    )
    return _grouped(rows)


def _called(engine: Engine, iris: Iterable[str]) -> tuple[str, ...]:
    known = entities.labels(engine, iris := list(iris))
    return tuple(known.get(iri, shorten(iri)) for iri in iris)


def _grouped(rows: Rows) -> dict[str, list[str]]:
    """The second column's values by the first's."""
    groups: dict[str, list[str]] = defaultdict(list)
    for first, second in (row.values() for row in rows):
        groups[str(first)].append(str(second))
    return groups
