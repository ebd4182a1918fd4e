"""The actor network: who stands to whom in which relation, and which words say so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tipgraph.export.statements import BETWEEN, Cells, Statements, table
from tipgraph.graph import LocalGraph
from tipgraph.lookup import entities
from tipgraph.lookup.describe import PARTS
from tipgraph.namespaces import last_part
from tipgraph.rdf.sparql import terms
from tipgraph.render.results import plain
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows

NODES = ("iri", "label", "kind", "editions")
EDGES = (
    *("source", "source_label", "source_kind", "label", "target", "target_label", "target_kind"),
    *("relation", "country", "edition", "page", "capacity", "period", "hedge", "note"),
    *("speaker", "speech_act", "reporter", "coverage", "edition_id"),
    *("statement", "statement_label", "sentence", "quote", "link"),
)
# The direct edges that rules derive, each with the statement that it comes from.
STATED = (
    "SELECT DISTINCT ?source ?relation ?target ?statement { ?statement a tip:Relationship ;"
    " tip:subject ?source ; tip:relation ?relation ; tip:object ?target ."
    " ?source ?relation ?target FILTER(isIRI(?source) && isIRI(?target)) }"
    " ORDER BY ?source ?relation ?target ?statement"
)
ACTORS = "SELECT DISTINCT ?actor { ?actor a tip:Actor FILTER(isIRI(?actor)) }"
# The narrowest classes of things, and the editions that speak of them.
KINDS = (
    "SELECT DISTINCT ?thing ?kind { VALUES ?thing { $THINGS } ?thing a ?kind FILTER NOT EXISTS"
    " { ?thing a ?narrower . ?narrower rdfs:subClassOf+ ?kind FILTER(?narrower != ?kind) } }"
    " ORDER BY ?thing ?kind"
)
EDITIONS = (
    "SELECT DISTINCT ?thing ?edition { VALUES ?thing { $THINGS } ?part ?as ?thing ."
    f" ?said ({PARTS})* ?part ; tip:edition ?edition }} ORDER BY ?thing ?edition"
)
NAMED = {"capacity": "tip:inCapacity", "period": "tip:period"}


class Network(NamedTuple):
    """Every actor, and what else a relation leads to; an edge for each statement of a relation."""

    nodes: Rows
    edges: Rows


def network(graph: LocalGraph) -> Network:
    """The actors of the graph and the direct relations between them, each with its evidence.

    A thing has its IRI in one column and its label in another. Several values stand in one cell,
    parted by ` | `; what the graph does not say is None.
    """
    engine = graph.engine
    stated = plain(engine.select(STATED))
    actors = {actor for (actor,) in plain(engine.select(ACTORS))}
    ends = {end for source, _, target, _ in stated for end in (source, target)}
    nodes = _nodes(engine, sorted(actors | ends))
    return Network(
        nodes=table(NODES, nodes.values()), edges=table(EDGES, _edges(engine, stated, nodes))
    )


def _nodes(engine: Engine, iris: list[str]) -> dict[str, Cells]:
    kinds, editions = _grouped(engine, KINDS, iris), _grouped(engine, EDITIONS, iris)
    called = entities.labels(engine, [*iris, *(kind for each in kinds.values() for kind in each)])
    return {
        iri: {
            "iri": iri,
            "label": called.get(iri) or last_part(iri),
            "kind": BETWEEN.join(called.get(kind, kind) for kind in kinds.get(iri, [])),
            "editions": BETWEEN.join(map(last_part, editions.get(iri, []))),
        }
        for iri in iris
    }


def _edges(
    engine: Engine, stated: Iterable[Sequence[str]], nodes: Mapping[str, Cells]
) -> Iterator[Cells]:
    statements = Statements(engine, "tip:Relationship", NAMED)
    relations = entities.labels(engine, {relation for _, relation, _, _ in stated})
    for source, relation, target, statement in stated:
        yield {
            **statements.cells(statement),
            **{name: statements.facts.text(statement, name) for name in NAMED},
            "relation": relation,
            "label": relations.get(relation) or last_part(relation),
            **_end("source", nodes[source]),
            **_end("target", nodes[target]),
        }


def _end(name: str, node: Cells) -> Cells:
    return {name: node["iri"], f"{name}_label": node["label"], f"{name}_kind": node["kind"]}


def _grouped(engine: Engine, query: str, iris: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for thing, each in plain(engine.select(query.replace("$THINGS", terms(iris)))):
        found.setdefault(thing, []).append(each)
    return found
