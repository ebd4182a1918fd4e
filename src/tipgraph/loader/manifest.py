"""The manifest: what a store records about the graphs that were loaded into it.

It is a named graph, in which each loaded graph is a dataset (VoID), with its number of triples, the
SHA-256 of its canonical N-Triples, and the time:

    <https://w3id.org/tipgraph/graph/ontology> a void:Dataset ;
        void:triples       4237 ;
        dcterms:identifier "sha256:9b24…" ;
        dcterms:modified   "2026-11-24T21:00:00Z"^^xsd:dateTime .

A graph that is moved into place has a type and, as `dcterms:source`, the staging graph that it
comes from: it belongs to the loader, and its content is not yet verified. Only the load whose
staging graph this is records the content, so that of two loads the last one to move does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from pyoxigraph import Literal, NamedNode

from tipgraph.endpoint.client import GraphClient

VOID = "http://rdfs.org/ns/void#"
DCTERMS = "http://purl.org/dc/terms/"
DATASET = f"<{VOID}Dataset>"
TRIPLES = f"<{VOID}triples>"
IDENTIFIER = f"<{DCTERMS}identifier>"
MODIFIED = f"<{DCTERMS}modified>"
SOURCE = f"<{DCTERMS}source>"
DATE_TIME = NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")


@dataclass(frozen=True)
class ManifestEntry:
    """The record of a loaded graph; its fields are empty after an interrupted load."""

    triples: int | None = None
    sha256: str | None = None


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

    def read(self) -> dict[str, ManifestEntry]:
        """Return the entries by graph name."""
        rows = self._client.select(
            f"SELECT ?graph ?triples ?identifier {{ GRAPH {self._graph} {{ ?graph a {DATASET}"
            f" OPTIONAL {{ ?graph {TRIPLES} ?triples ; {IDENTIFIER} ?identifier }} }} }}"
        )
        entries: dict[str, ManifestEntry] = {}
        try:
            for row in cast(Any, rows):
                triples, identifier = row["triples"], row["identifier"]
                entries[row["graph"].value] = ManifestEntry(
                    int(triples.value) if triples else None,
                    identifier.value.removeprefix("sha256:") if identifier else None,
                )
        except (AttributeError, KeyError, ValueError):
            raise self._client.not_sparql() from None
        return entries

    def claim(self, graphs: Mapping[str, str]) -> None:
        """Record that the graphs belong to the loader, whatever their content is.

        Each has the name of its staging graph.
        """
        self._client.update(*self.claiming(graphs), repeatable=True)

    def claiming(self, graphs: Mapping[str, str]) -> Iterator[str]:
        """Yield the operations that record which staging graph each graph comes from."""
        for graph, staging in graphs.items():
            claim = f"{NamedNode(graph)} a {DATASET} ; {SOURCE} {NamedNode(staging)}"
            yield self._delete(graph)
            yield f"INSERT DATA {{ GRAPH {self._graph} {{ {claim} }} }}"

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

    def remove(self, graph: str) -> None:
        """Remove the graph's entry."""
        self._client.update(self._delete(graph), repeatable=True)

    def _delete(self, graph: str) -> str:
        return f"DELETE WHERE {{ GRAPH {self._graph} {{ {NamedNode(graph)} ?p ?o }} }}"
