"""The kinds of stores, and the ways to give the address of each."""

from dataclasses import dataclass

from tests.endpoint.fake import RDF4J, FakeStore, Fuseki, GraphDB, NoGraphStore, Virtuoso

THREE = ("--update-url", "{}/change/now", "--graph-store-url", "{}/graphs")


@dataclass(frozen=True)
class StoreKind:
    """A kind of store. Options have {} for the server's root; the first ones are the default.

    `reads` and `writes` are all paths that a load may use.
    """

    fake: type[FakeStore]
    title: str
    ways: tuple[tuple[str, ...], ...]
    reads: frozenset[str]
    writes: frozenset[str]
    user: str | None = None

    def options(self, root: str, way: int = 0) -> list[str]:
        return [option.format(root) for option in self.ways[way]]


STORES = {
    "fuseki": StoreKind(
        Fuseki,
        "Apache Jena Fuseki",
        (
            ("--endpoint", "{}/ds"),
            ("--endpoint", "{}/ds/"),
            ("--endpoint", "{}/ds/query"),
            ("--endpoint", "{}/ds/sparql"),
            ("--endpoint", "{}/ds", "--store", "fuseki"),
            ("--endpoint", "{}/ds/query", "--store", "fuseki"),
        ),
        frozenset({"/ds/query", "/ds/data"}),
        frozenset({"/ds/update", "/ds/data"}),
    ),
    "rdf4j": StoreKind(
        RDF4J,
        "Eclipse RDF4J",
        (
            ("--endpoint", "{}/rdf4j-server/repositories/tip"),
            ("--endpoint", "{}/rdf4j-server/repositories/tip/"),
            ("--endpoint", "{}/rdf4j-server/repositories/tip/statements"),
            ("--endpoint", "{}/rdf4j-server/repositories/tip", "--store", "rdf4j"),
        ),
        frozenset(
            {
                "/rdf4j-server/repositories/tip",
                "/rdf4j-server/repositories/tip/rdf-graphs/service",
            }
        ),
        frozenset(
            {
                "/rdf4j-server/repositories/tip/statements",
                "/rdf4j-server/repositories/tip/rdf-graphs/service",
            }
        ),
    ),
    "graphdb": StoreKind(
        GraphDB,
        "Ontotext GraphDB",
        (
            ("--endpoint", "{}/repositories/tip"),
            ("--endpoint", "{}/repositories/tip", "--store", "graphdb"),
        ),
        frozenset({"/repositories/tip", "/repositories/tip/rdf-graphs/service"}),
        frozenset({"/repositories/tip/statements", "/repositories/tip/rdf-graphs/service"}),
    ),
    "sparql": StoreKind(
        FakeStore,
        "SPARQL 1.1",
        (
            ("--query-url", "{}/ask", *THREE),
            ("--endpoint", "{}/ask", "--store", "sparql", *THREE),
            ("--endpoint", "{}", "--store", "sparql", "--query-url", "{}/ask", *THREE),
        ),
        frozenset({"/ask", "/graphs"}),
        frozenset({"/change/now", "/graphs"}),
    ),
    "no graph store": StoreKind(
        NoGraphStore,
        "SPARQL 1.1",
        (
            ("--query-url", "{}/sparql", "--update-url", "{}/sparql"),
            ("--endpoint", "{}/sparql", "--store", "sparql", "--update-url", "{}/sparql"),
        ),
        frozenset({"/sparql"}),
        frozenset({"/sparql"}),
    ),
    "virtuoso": StoreKind(
        Virtuoso,
        "OpenLink Virtuoso",
        (
            ("--endpoint", "{}"),
            ("--endpoint", "{}/sparql"),
            ("--endpoint", "{}/sparql-auth"),
            ("--endpoint", "{}", "--store", "virtuoso"),
        ),
        frozenset({"/sparql-auth", "/sparql-graph-crud-auth"}),
        frozenset({"/sparql-auth", "/sparql-graph-crud-auth"}),
        user="dba",
    ),
}
