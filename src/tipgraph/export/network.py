"""The network: what statements say of two parties, with evidence, as tables and as GraphML."""

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import partial
from os.path import dirname, join
from typing import NamedTuple

from tipgraph import entities
from tipgraph.entities import THINGS, leaf_kinds
from tipgraph.entities.editions import ALL, sources
from tipgraph.export.figures import Cells, StatementCells, instances, to_rows
from tipgraph.files import read_text
from tipgraph.namespaces import TIP, last_part
from tipgraph.queries.catalogue import EDITION, StoredQuery
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import literal
from tipgraph.render.formats import plain
from tipgraph.safe_text import xml
from tipgraph.show import PARTS
from tipgraph.store.engine import Engine, Rows
from tipgraph.text import SEPARATOR

NODES = ("iri", "label", "kind", "actor", "editions")
EDGES = (
    *("source", "source_label", "source_kind", "label", "target", "target_label", "target_kind"),
    *(
        "relation",
        "kind",
        "country",
        "edition",
        "page",
        "capacity",
        "period",
        "hedge",
        "caveat",
        "note",
    ),
    *("speaker", "speech_act", "reporter", "coverage", "edition_id"),
    *("statement", "statement_label", "place", "quote", "link"),
)
# The columns of the query that make an edge.
ENDS = ("subject", "relation", "object", "statement", "kind")
# Records of actors and publications state the body that an actor is part of, its country, the
# countries that a publisher reports on, and for an actor of no country where an edition names it.
RECORDS = """
    SELECT DISTINCT ?source ?relation ?target ?record {
      {
        ?source a tip:Actor ; ?relation ?target
        VALUES ?relation { org:subOrganizationOf dcterms:spatial }
      }
      UNION
      {
        ?record ?relation ?source ; dcterms:spatial ?target
        VALUES ?relation { dcterms:publisher }
      }
      UNION
      {
        ?record ?relation ?source ; dcterms:spatial ?target
        VALUES ?relation { tip:hasActor }
        FILTER NOT EXISTS { ?source dcterms:spatial ?any }
        FILTER NOT EXISTS {
          VALUES ?nobody { tip:UnidentifiedActor tip:UnidentifiedSpeaker tip:Curator }
          ?source a ?nobody
        }
      }
      FILTER(isIRI(?source) && isIRI(?target))
    }
    ORDER BY ?source ?relation ?target ?record
"""
RECORD = "record"
RECORD_LABELS = {
    "subOrganizationOf": "is part of",
    "spatial": "has the country",
    "publisher": "publishes a report on",
    "hasActor": "is named in a report on",
}
# The editions that mention a resource. A rule relates them to actors; those of a country are on it.
EDITIONS = (
    f"SELECT DISTINCT ?thing ?edition {{ VALUES ?thing {{ {THINGS} }}"
    " { ?edition tip:hasActor ?thing } UNION { ?edition a tip:Edition ; dcterms:spatial ?thing }"
    " UNION { ?thing a ?kind VALUES ?kind { tip:PersonCategory tip:Project }"
    f" ?part ?property ?thing . ?statement ({PARTS})* ?part ; tip:edition ?edition }} }}"
    " ORDER BY ?thing ?edition"
)
LABELLED = {
    "capacity": "tip:inCapacity",
    "period": "tip:period",
    "figure_period": "sdmx-dimension:refPeriod",
    "caveat": "tip:caveat",
}
# The columns of an edge without those that GraphML has at the nodes.
EDGE_ATTRIBUTES = [name for name in EDGES if not name.startswith(("source", "target"))]
# Types of attributes in GraphML; the others are strings.
TYPES = {"actor": "boolean", "edition": "int"}


class Network(NamedTuple):
    """The actors and the other ends of edges; edges of statements, and those of records."""

    nodes: Rows
    edges: Rows
    records: Rows


def network(engine: Engine, queries: Mapping[str, StoredQuery]) -> Network:
    """The actors of the graph and the edges of the query `relations`, each with its evidence.

    A resource has its IRI in one column and its label in another. Several values in one cell are
    separated by ` | `. A missing value is None. `queries` are the stored queries, by name.
    """
    found = engine.select(queries["relations"].bound(engine, {EDITION: ALL}))
    # The query has a row for each speaker and each passage of a statement.
    edges = list(dict.fromkeys(map(tuple, plain(found.only(ENDS)))))
    actors = {*instances(engine, "tip:Actor")}
    records = plain(engine.select(RECORDS))
    ends = {end for source, _, target, *_ in (*edges, *records) for end in (source, target)}
    nodes = _nodes(engine, sorted(actors | ends), actors)
    statements = StatementCells(engine, instances(engine, "tip:Statement"), LABELLED)
    return Network(
        nodes=to_rows(NODES, nodes.values()),
        edges=to_rows(EDGES, _edges(engine, edges, nodes, statements)),
        records=to_rows(EDGES, _records(engine, records, nodes, statements)),
    )


def graphml(network: Network) -> str:
    """The network as a directed graph in GraphML, which Gephi, yEd and networkx open.

    Nodes and edges have the columns of the tables as attributes.
    """
    from jinja2 import Environment

    ids = {iri: f"n{number}" for number, iri in enumerate(network.nodes.column("iri"))}
    every = Rows(network.edges.columns, (*network.edges.terms, *network.records.terms))
    ends = zip(every.column("source"), every.column("target"), strict=True)
    nodes = [{"id": each} for each in ids.values()]
    edges = [
        {"id": f"e{number}", "source": ids[source], "target": ids[target]}
        for number, (source, target) in enumerate(ends)
    ]
    elements = [
        ("node", NODES, zip(nodes, plain(network.nodes.only(NODES)), strict=True)),
        ("edge", EDGE_ATTRIBUTES, zip(edges, plain(every.only(EDGE_ATTRIBUTES)), strict=True)),
    ]
    environment = Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    template = environment.from_string(read_text(join(dirname(__file__), "network.graphml")))
    return template.render(elements=elements, types=TYPES, xml=xml, zip=zip)


def own_kinds(engine: Engine, iris: Sequence[str]) -> dict[str, list[str]]:
    """Our narrowest classes of each resource."""
    kinds = leaf_kinds(engine, iris)
    return {iri: [each for each in kinds[iri] if each.startswith(TIP)] for iri in iris}


def _nodes(engine: Engine, iris: list[str], actors: Container[str]) -> dict[str, Cells]:
    kinds = own_kinds(engine, iris)
    editions = engine.select(EDITIONS.replace(THINGS, terms(iris))).grouped()
    labels = entities.labels(engine, [*iris, *(kind for each in kinds.values() for kind in each)])
    return {
        iri: {
            "iri": iri,
            "label": labels.get(iri) or last_part(iri),
            "kind": SEPARATOR.join(labels.get(kind, kind) for kind in kinds[iri]),
            "actor": literal(iri in actors),
            "editions": SEPARATOR.join(map(last_part, editions.get(iri, []))),
        }
        for iri in iris
    }


def _edges(
    engine: Engine,
    edges: Sequence[Sequence[str]],
    nodes: Mapping[str, Cells],
    statements: StatementCells,
) -> Iterator[Cells]:
    used = {iri for _, relation, _, _, kind in edges for iri in (relation, kind)}
    labels = entities.labels(engine, used)
    for source, relation, target, statement, kind in edges:
        cell = partial(statements.properties.cell, statement)
        yield {
            **statements.cells(statement),
            "capacity": cell("capacity"),
            "period": cell("period") or cell("figure_period"),
            "caveat": cell("caveat"),
            "relation": relation,
            "label": labels.get(relation) or last_part(relation),
            "kind": labels.get(kind) or last_part(kind),
            **_end("source", nodes[source]),
            **_end("target", nodes[target]),
        }


def _records(
    engine: Engine,
    records: Sequence[Sequence[str]],
    nodes: Mapping[str, Cells],
    statements: StatementCells,
) -> Iterator[Cells]:
    """Edges that no sentence states, and so without statement, speaker and quote."""
    named = sources(engine)
    for source, relation, target, record in records:
        publication = named.get(record)
        yield {
            **dict.fromkeys(EDGES, ""),
            "relation": relation,
            "label": RECORD_LABELS[last_part(relation)],
            "kind": RECORD,
            **_end("source", nodes[source]),
            **_end("target", nodes[target]),
            "edition_id": last_part(record),
            "edition": str(publication.year or "") if publication else "",
            "page": publication.page if publication else "",
        }


def _end(name: str, node: Cells) -> Cells:
    return {name: node["iri"], f"{name}_label": node["label"], f"{name}_kind": node["kind"]}
