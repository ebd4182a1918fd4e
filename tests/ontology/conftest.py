"""The ontology, the data and what follows, as rdflib graphs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib import Graph

from tipgraph.namespaces import DERIVED_GRAPH
from tipgraph.resources.folders import shipped
from tipgraph.store.build import make_graph

from .graphs import ROOT, union
from .hermit import Verdict, reason


@pytest.fixture(scope="session")
def modules() -> dict[str, Graph]:
    """Each module of the ontology by its name, parsed on its own."""
    return {file.stem: Graph().parse(file) for file in ROOT.glob("ontology/*.ttl")}


@pytest.fixture(scope="session")
def ontology(modules: dict[str, Graph]) -> Graph:
    """Everything that tipgraph.ttl imports."""
    return union(*(graph for name, graph in modules.items() if name != "alignments"))


@pytest.fixture(scope="session")
def data() -> Graph:
    """The sources' graphs."""
    return union(*(Graph().parse(file) for file in ROOT.glob("data/**/*.ttl")))


@pytest.fixture(scope="session")
def derived() -> Graph:
    """What the rules derive from ontology and data."""
    store = Store()
    store.load(make_graph(shipped()), format=RdfFormat.N_QUADS)
    triples = store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(DERIVED_GRAPH))
    return Graph().parse(data=triples, format="nt")


@pytest.fixture(scope="session")
def everything(ontology: Graph, modules: dict[str, Graph], data: Graph, derived: Graph) -> Graph:
    """Ontology, data and what follows from them, by the alignments too."""
    assert data, "no data found"
    assert derived, "nothing derived"
    return union(ontology, modules["alignments"], data, derived)


@pytest.fixture
def hermit(tmp_path: Path) -> Callable[[Graph], Verdict]:
    """HermiT's verdict on a graph."""
    return lambda graph: reason(graph, tmp_path / "merged.nt")
