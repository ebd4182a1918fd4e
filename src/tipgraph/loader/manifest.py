"""What a store knows of what tipgraph loaded into it, in a graph of its own.

Each graph that was loaded is a dataset (VoID) there, with the number of its triples, the SHA-256 of
its canonical N-Triples, and the time:

    <https://w3id.org/tipgraph/graph/ontology> a void:Dataset ;
        void:triples       4237 ;
        dcterms:identifier "sha256:9b24…" ;
        dcterms:modified   "2026-11-24T21:00:00Z"^^xsd:dateTime .

A graph that is about to be moved into place is only named there: ours, with unknown content.
"""

from dataclasses import dataclass
from typing import Any, cast

from pyoxigraph import Literal, NamedNode

from tipgraph.endpoint.client import Client
from tipgraph.namespaces import LEDGER_GRAPH, PREFIXES, XSD

VOID = "http://rdfs.org/ns/void#"
DATASET = f"<{VOID}Dataset>"
TRIPLES = f"<{VOID}triples>"
IDENTIFIER = f"<{PREFIXES['dcterms']}identifier>"
MODIFIED = f"<{PREFIXES['dcterms']}modified>"


@dataclass(frozen=True)
class Entry:
    """What is noted of a graph; nothing but its name where a load broke off."""

    triples: int | None = None
    sha256: str | None = None


def read(client: Client) -> dict[str, Entry]:
    """What is noted, by the name of the graph. Raises EndpointError."""
    rows = client.select(
        f"SELECT ?graph ?triples ?identifier {{ GRAPH <{LEDGER_GRAPH}> {{ ?graph a {DATASET}"
        f" OPTIONAL {{ ?graph {TRIPLES} ?triples ; {IDENTIFIER} ?identifier }} }} }}"
    )
    entries: dict[str, Entry] = {}
    for row in cast(Any, rows):
        triples, identifier = row["triples"], row["identifier"]
        entries[row["graph"].value] = Entry(
            int(triples.value) if triples else None,
            identifier.value.removeprefix("sha256:") if identifier else None,
        )
    return entries


def expect(client: Client, graph: str) -> None:
    """Note that the graph is ours, with whatever is in it."""
    client.update(_forget(graph), _insert(f"{NamedNode(graph)} a {DATASET}"), safe=True)


def note(client: Client, graph: str, triples: int, sha256: str, time: str) -> None:
    """Note what the graph holds since this time."""
    when = Literal(time, datatype=NamedNode(XSD + "dateTime"))
    said = (
        f"{NamedNode(graph)} a {DATASET} ; {TRIPLES} {triples} ;"
        f" {IDENTIFIER} {Literal(f'sha256:{sha256}')} ; {MODIFIED} {when}"
    )
    client.update(_forget(graph), _insert(said), safe=True)


def forget(client: Client, graph: str) -> None:
    """Note nothing of the graph any more."""
    client.update(_forget(graph), safe=True)


def _forget(graph: str) -> str:
    return f"DELETE WHERE {{ GRAPH <{LEDGER_GRAPH}> {{ {NamedNode(graph)} ?p ?o }} }}"


def _insert(triples: str) -> str:
    return f"INSERT DATA {{ GRAPH <{LEDGER_GRAPH}> {{ {triples} }} }}"
