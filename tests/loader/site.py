"""A real store, accessed without the code under test that loads."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
from pyoxigraph import RdfFormat, parse

from tipgraph.endpoint.client import open_store
from tipgraph.endpoint.settings import Endpoint, resolve_endpoint

MANIFEST = "https://w3id.org/tipgraph/graph/loads"
STAGING = "https://w3id.org/tipgraph/graph/staging/"
ENTRY = """
INSERT DATA {{ GRAPH <{manifest}> {{
    <{graph}> a <http://rdfs.org/ns/void#Dataset> ;
        <http://rdfs.org/ns/void#triples> {triples} ;
        <http://purl.org/dc/terms/identifier> "sha256:{sha256}" }} }}
"""

Lines = frozenset[str]


class Site:
    """A store at this base address, and the environment variables with its credentials."""

    def __init__(self, base: str, environment: Mapping[str, str]) -> None:
        self.base = base
        self.environment = environment
        self._store = open_store(resolve_endpoint(Endpoint(url=base), environment))
        pair = environment.get("TIPGRAPH_USER", ""), environment.get("TIPGRAPH_PASSWORD", "")
        self._http = httpx.Client(auth=httpx.DigestAuth(*pair), timeout=60, verify=False)

    @property
    def has_snapshots(self) -> bool:
        """Return whether a move that may be under way may be repeated."""
        return self._store.has_snapshots

    def close(self) -> None:
        self._http.close()

    def read(self, graph: str) -> bytes:
        """Return the graph as N-Triples; empty when it does not exist."""
        answer = self._http.get(
            self._store.graph_url(graph), headers={"Accept": "application/n-triples"}
        )
        if answer.status_code == 404:
            return b""
        answer.raise_for_status()
        return answer.content

    def content(self, graph: str) -> Lines:
        """Return the graph's triples, a line each."""
        return parsed(self.read(graph))

    def put(self, graph: str, lines: Iterable[str]) -> None:
        """Replace the graph by these lines."""
        content = "".join(f"{line}\n" for line in lines).encode()
        kind = {"Content-Type": "application/n-triples"}
        self._http.put(
            self._store.graph_url(graph), content=content, headers=kind
        ).raise_for_status()

    def update(self, text: str) -> None:
        content, kind = self._store.update_body(text)
        self._http.post(
            str(self._store.update_url), content=content, headers={"Content-Type": kind}
        ).raise_for_status()

    def rows(self, query: str) -> list[dict[str, str]]:
        answer = self._http.post(
            self._store.query_url,
            data={"query": query},
            headers={"Accept": "application/sparql-results+json"},
        )
        answer.raise_for_status()
        rows: list[dict[str, Any]] = answer.json()["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]

    def manifest(self) -> dict[str, tuple[int, str] | None]:
        """Return triples and hash of each graph in the manifest; None without content."""
        rows = self.rows(
            f"SELECT * {{ GRAPH <{MANIFEST}> {{ ?graph a <http://rdfs.org/ns/void#Dataset>"
            " OPTIONAL { ?graph <http://rdfs.org/ns/void#triples> ?n ;"
            " <http://purl.org/dc/terms/identifier> ?id } } }"
        )
        return {row["graph"]: (int(row["n"]), row["id"]) if "n" in row else None for row in rows}

    def staging(self) -> list[str]:
        """Return the staging graphs in the store."""
        rows = self.rows(
            "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o }"
            f' FILTER(STRSTARTS(STR(?g), "{STAGING}")) }}'
        )
        return [row["g"] for row in rows]

    def reset(self, graphs: Mapping[str, Lines]) -> None:
        """Set the content of the graphs, as if loaded by tipgraph, and remove staging graphs."""
        for graph, lines in graphs.items():
            self.put(graph, lines)
        gone = [MANIFEST, *self.staging(), *(graph for graph in graphs if not graphs[graph])]
        entries = [
            ENTRY.format(manifest=MANIFEST, graph=graph, triples=len(lines), sha256=sha256(lines))
            for graph, lines in graphs.items()
            if lines
        ]
        self.update(" ;\n".join([*(f"DROP SILENT GRAPH <{graph}>" for graph in gone), *entries]))


def parsed(content: bytes) -> Lines:
    """Return the triples of N-Triples, a line each."""
    quads = parse(input=content, format=RdfFormat.N_TRIPLES)
    return frozenset(f"{quad.triple} ." for quad in quads)


def sha256(lines: Iterable[str]) -> str:
    """Return the SHA-256 of these triples as canonical N-Triples."""
    return hashlib.sha256("".join(f"{line}\n" for line in sorted(lines)).encode()).hexdigest()


def entry(lines: Lines) -> tuple[int, str]:
    """Return the manifest entry of a graph with these lines."""
    return len(lines), f"sha256:{sha256(lines)}"


def text(name: str, version: str, triples: int = 200) -> Lines:
    """Return the content of a graph; two versions have no triple in common."""
    return frozenset(
        f'<https://example.org/{name}/{number}> <https://example.org/says> "{version} {number}" .'
        for number in range(triples)
    )
