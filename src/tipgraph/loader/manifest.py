"""The manifest: what a store records about the graphs that were loaded into it.

It is a named graph, in which each loaded graph is a dataset (VoID), with its number of triples, the
SHA-256 of its canonical N-Triples, and the time:

    <https://w3id.org/tipgraph/graph/ontology> a void:Dataset ;
        void:triples       4237 ;
        dcterms:identifier "sha256:9b24…" ;
        dcterms:modified   "2026-11-24T21:00:00Z"^^xsd:dateTime .

A load claims the graphs that it is about to move or remove: its name, which is that of its first
staging graph, `dcterms:replaces` them. The move removes the claim and records, as `dcterms:source`,
the staging graph that a graph comes from; its content is not yet verified. Only the load whose
staging graph this is records the content, so that of two loads the last one to move does. No graph
changes where the staging graph is gone, so that copies of the requests may arrive late; nor without
the claim, where a move is a copy, so that one of a killed load may arrive after the next load.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from pyoxigraph import Literal, NamedNode, Quad, Store

from tipgraph.endpoint.client import GraphClient, read_graph, reading
from tipgraph.endpoint.profiles import RemoteStore
from tipgraph.endpoint.retry import RequestRefused
from tipgraph.endpoint.settings import READING
from tipgraph.errors import EndpointError

VOID = "http://rdfs.org/ns/void#"
DCTERMS = "http://purl.org/dc/terms/"
DATASET = f"<{VOID}Dataset>"
TRIPLES = f"<{VOID}triples>"
IDENTIFIER = f"<{DCTERMS}identifier>"
MODIFIED = f"<{DCTERMS}modified>"
SOURCE = f"<{DCTERMS}source>"
REPLACES = f"<{DCTERMS}replaces>"
# No store has as many triples as a number with so many digits.
DIGITS = 20
DATE_TIME = NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")


@dataclass(frozen=True)
class ManifestEntry:
    """The record of a loaded graph.

    After an interrupted load it has only the staging graph that the graph was moved from.
    """

    triples: int | None = None
    sha256: str | None = None
    source: NamedNode | None = None


class Source(NamedTuple):
    """A staging graph, and the number of its triples in the store.

    `replaced` is the number in the graph that it replaces.
    """

    staging: str
    triples: int
    replaced: int


class Record(NamedTuple):
    """The content of a graph that was moved from a staging graph."""

    staging: str
    triples: int
    sha256: str


class Manifest:
    """The manifest of a store, in this graph. Each method raises EndpointError."""

    def __init__(self, client: GraphClient, graph: str) -> None:
        self._client = client
        self._graph = NamedNode(graph)
        # True if large graphs are moved in steps: MOVE is faster, unless it is planned badly. After
        # a refusal, as of what took too long, the other way is tried.
        self._in_steps = True

    def read(self) -> dict[str, ManifestEntry]:
        """Return the entries by graph name."""
        rows = self._client.select(
            f"SELECT ?graph ?triples ?identifier ?source {{ GRAPH {self._graph} {{"
            f" ?graph a {DATASET} OPTIONAL {{ ?graph {SOURCE} ?source }}"
            f" OPTIONAL {{ ?graph {TRIPLES} ?triples ; {IDENTIFIER} ?identifier }} }} }}"
        )
        entries: dict[str, ManifestEntry] = {}
        try:
            for row in cast(Any, rows):
                graph, triples, identifier = row["graph"].value, row["triples"], row["identifier"]
                # Others may write to the manifest too.
                number = triples.value if triples else ""
                entry = ManifestEntry(
                    int(number) if number.isdecimal() and len(number) < DIGITS else None,
                    identifier.value.removeprefix("sha256:") if identifier else None,
                )
                # Two loads at once may leave two records, or one and the source of a later move.
                source = row["source"]
                is_known = graph not in entries and source is None
                moved = ManifestEntry(source=source if isinstance(source, NamedNode) else None)
                entries[graph] = entry if is_known else moved
        except (AttributeError, KeyError, ValueError):
            raise self._client.not_sparql() from None
        return entries

    def claim(self, name: str, graphs: Iterable[str]) -> None:
        """Record that the load of this name is about to change the graphs."""
        claims = " . ".join(f"{NamedNode(name)} {REPLACES} {NamedNode(graph)}" for graph in graphs)
        self._client.update(
            f"INSERT DATA {{ GRAPH {self._graph} {{ {claims} }} }}", repeatable=True
        )

    def claims(self, graphs: Iterable[str]) -> set[str]:
        """Return the names of all loads that are about to change one of the graphs."""
        rows = self._client.select(
            f"SELECT ?name ?graph {{ GRAPH {self._graph} {{ ?name {REPLACES} ?graph }} }}"
        )
        wanted = set(map(NamedNode, graphs))
        try:
            names = [row["name"] for row in cast(Any, rows) if row["graph"] in wanted]
        except KeyError:
            raise self._client.not_sparql() from None
        return {name.value for name in names if isinstance(name, NamedNode)}

    def withdraw(self, names: Iterable[str]) -> None:
        """Remove the claims of the loads with these names."""
        self._client.update(*map(self._withdrawal, names), repeatable=True)

    def _withdrawal(self, name: str) -> str:
        claims = f"GRAPH {self._graph} {{ {NamedNode(name)} {REPLACES} ?graph }}"
        return f"DELETE {{ {claims} }} WHERE {{ {claims} }}"

    def move(self, graphs: Mapping[str, Source]) -> None:
        """Replace the graphs by their sources, which are gone then, and record these.

        A repetition finds no source and changes nothing.
        """
        try:
            self._move(graphs)
        except RequestRefused as error:
            self._in_steps ^= error.is_transient
            raise

    def _move(self, graphs: Mapping[str, Source]) -> None:
        by_move = self._client.store.has_good_move
        [first, *_] = graphs.values()
        operations: list[str] = []
        for graph, source in graphs.items():
            here, there = NamedNode(source.staging), NamedNode(graph)
            claim = f"GRAPH {self._graph} {{ {NamedNode(first.staging)} {REPLACES} {there} }}"
            # A MOVE cannot depend on it, nor can steps, between which another load may remove it.
            operations += self._recording_source(graph, source, "" if by_move else claim)
            hint = self._client.store.hint(max(source.triples, source.replaced))
            if not by_move:
                operations += _copied(here, there, source.triples, claim)
            elif self._in_steps and hint:
                operations += _copied_in_steps(here, there, source.triples, hint)
                operations += self._client.removal(here, source.triples)
            else:
                operations += _moved(here, there, hint)
        operations.append(self._withdrawal(first.staging))
        self._client.update(*operations)

    def _recording_source(self, graph: str, source: Source, claim: str) -> Iterator[str]:
        """Yield the operations that record the source of a graph, if it and the claim are there."""
        hint = self._client.store.hint(source.triples)
        name, staging = NamedNode(graph), NamedNode(source.staging)
        entry = f"GRAPH {self._graph} {{ {name} ?p ?o }}"
        # One row: Virtuoso counts wrongly beside an OPTIONAL.
        has_source = f"{{ SELECT ?x {{ {claim} GRAPH {staging} {{ ?x ?y ?z }} }} LIMIT 1 }}"
        yield f"{hint}DELETE {{ {entry} }} WHERE {{ {has_source} {entry} }}"
        moved = f"{name} a {DATASET} ; {SOURCE} {staging}"
        yield f"{hint}INSERT {{ GRAPH {self._graph} {{ {moved} }} }} WHERE {{ {has_source} }}"

    def record(self, records: Mapping[str, Record], time: str) -> None:
        """Record the content of each graph since this time (ISO 8601).

        Nothing is recorded where another load has claimed a graph since.
        """
        modified = Literal(time, datatype=DATE_TIME)
        self._client.update(
            *(self._recording(graph, record, modified) for graph, record in records.items()),
            repeatable=True,
        )

    def _recording(self, graph: str, record: Record, modified: Literal) -> str:
        name = NamedNode(graph)
        entry = (
            f"{name} a {DATASET} ; {TRIPLES} {record.triples} ;"
            f" {IDENTIFIER} {Literal(f'sha256:{record.sha256}')} ; {MODIFIED} {modified}"
        )
        return (
            f"DELETE {{ GRAPH {self._graph} {{ {name} ?p ?o }} }}"
            f" INSERT {{ GRAPH {self._graph} {{ {entry} }} }}"
            f" WHERE {{ GRAPH {self._graph} {{"
            f" {name} {SOURCE} {NamedNode(record.staging)} . {name} ?p ?o }} }}"
        )

    def remove(self, graph: str, entry: ManifestEntry, claim: str) -> None:
        """Remove the graph, this entry of it, and the claim of this name.

        Nothing is removed where another load has replaced the graph since, nor without the claim,
        so that a copy of the request may arrive late.
        """
        name, known = NamedNode(graph), f"a {DATASET}"
        if entry.sha256:
            known = f"{IDENTIFIER} {Literal(f'sha256:{entry.sha256}')}"
        elif entry.source:
            known = f"{SOURCE} {entry.source}"
        is_known = f"{NamedNode(claim)} {REPLACES} {name} . {name} {known}"
        hint = self._client.store.hint(entry.triples or 0)
        self._client.update(
            f"{hint}DELETE {{ GRAPH {name} {{ ?s ?p ?o }} }} WHERE {{"
            f" GRAPH {self._graph} {{ {is_known} }} GRAPH {name} {{ ?s ?p ?o }} }}",
            f"DELETE {{ GRAPH {self._graph} {{ {name} ?p ?o }} }}"
            f" WHERE {{ GRAPH {self._graph} {{ {is_known} . {name} ?p ?o }} }}",
            self._withdrawal(claim),
            repeatable=True,
        )


def copy_graphs(store: RemoteStore, graphs: Iterable[str], manifest: str) -> Store:
    """Return a copy of these graphs in memory.

    Raises EndpointError as `download_graph` does, and where a graph has not as many triples as its
    load recorded, as in a store that was killed, or a load replaces it meanwhile.
    """
    copy = Store()
    with GraphClient(store, reading(READING)) as client:
        recorded = Manifest(client, manifest).read()
        for graph in graphs:
            quads, entry, name = read_graph(client, graph), recorded.get(graph), NamedNode(graph)
            if entry and entry.triples != len(quads):
                raise EndpointError(
                    f"{store.base}: the graph <{graph}> is not as it was loaded; load it again"
                )
            copy.extend(Quad(q.subject, q.predicate, q.object, name) for q in quads)
        if Manifest(client, manifest).read() != recorded:
            raise EndpointError(f"{store.base}: a load replaced a graph meanwhile; run this again")
    return copy


def _moved(source: NamedNode, target: NamedNode, hint: str) -> tuple[str, str]:
    """Return the operations that move a graph.

    A MOVE without its source empties its target, so a source that is gone gets its triples first.
    """
    return (
        f"{hint}INSERT {{ GRAPH {source} {{ ?s ?p ?o }} }} WHERE {{"
        f" {{ SELECT (COUNT(*) AS ?n) {{ GRAPH {source} {{ ?x ?y ?z }} }} }}"
        f" GRAPH {target} {{ ?s ?p ?o }} FILTER(?n = 0) }}",
        f"MOVE SILENT GRAPH {source} TO {target}",
    )


def _copied_in_steps(
    source: NamedNode, target: NamedNode, triples: int, hint: str
) -> tuple[str, str]:
    """Return the operations that copy a graph if it has this number of triples.

    Each begins with the hint.
    """
    is_complete = (
        f"{{ SELECT (COUNT(*) AS ?n) {{ GRAPH {source} {{ ?x ?y ?z }} }} }} FILTER(?n = {triples})"
    )
    old, new = f"GRAPH {target} {{ ?s ?p ?o }}", "{ ?a ?b ?c }"
    return (
        f"{hint}DELETE {{ {old} }} WHERE {{ {is_complete} {old} }}",
        f"{hint}INSERT {{ GRAPH {target} {new} }} WHERE {{ {is_complete} GRAPH {source} {new} }}",
    )


def _copied(source: NamedNode, target: NamedNode, triples: int, claim: str) -> tuple[str, str]:
    """Return the operations that copy a graph, and remove it.

    Nothing is copied unless it has this number of triples and the claim is there. RDF4J deletes and
    inserts row by row, so the old triples come first.
    """
    return (
        f"DELETE {{ GRAPH {target} {{ ?s ?p ?o }} }}"
        f" INSERT {{ GRAPH {target} {{ ?a ?b ?c }} }} WHERE {{"
        f" {{ SELECT (COUNT(*) AS ?n) {{ {claim} GRAPH {source} {{ ?x ?y ?z }} }} }}"
        f" {{ {{ GRAPH {target} {{ ?s ?p ?o }} }} UNION {{ GRAPH {source} {{ ?a ?b ?c }} }} }}"
        f" FILTER(?n = {triples}) }}",
        f"DROP SILENT GRAPH {source}",
    )
