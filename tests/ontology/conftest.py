"""The ontology, the data and what follows, as rdflib graphs."""

import re
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
def sampled() -> list[Path]:
    """The files of a sample of the data, for a reasoner whose time grows with their square.

    It has the editions of Belgium, and each further edition with a class, a property or a code that
    the sample does not have yet; with them what editions share, and the actors of their countries.
    """
    folders = sorted(file.parent for file in ROOT.glob("data/*/edition.ttl"))
    folders.sort(key=lambda folder: not folder.name.endswith("-be"))
    shared, chosen, seen = [*ROOT.glob("data/*.ttl")], [], set[str]()
    for folder in folders:
        used = set().union(*map(vocabulary, folder.glob("*.ttl")))
        if folder.name.endswith("-be") or not used <= seen:
            chosen.append(folder)
            seen |= used
    mentioned = "".join(
        file.read_text("utf-8") for folder in chosen for file in folder.glob("*.ttl")
    )
    actors = [
        file
        for file in ROOT.glob("data/actors/*.ttl")
        if file.stem == "shared" or f"id:{file.stem}-" in mentioned
    ]
    return [*shared, *actors, *(file for folder in chosen for file in folder.glob("*.ttl"))]


def vocabulary(file: Path) -> set[str]:
    """The classes and properties that a file uses, and its codes but for indicators and parts."""
    text = re.sub(r'"[^"]*"', "", file.read_text("utf-8"))
    codes = re.findall(r"(?:breakdown|numberQualifier|coverage|speechAct) +(code:[\w-]+)", text)
    return {*re.findall(r"\btip:\w+", text), *codes}


@pytest.fixture(scope="session")
def data(sampled: list[Path]) -> Graph:
    """The sources' graphs, as far as the sample goes."""
    return union(*(Graph().parse(file) for file in sampled))


@pytest.fixture(scope="session")
def derived(sampled: list[Path]) -> Graph:
    """Return what the rules derive from the ontology and the sample."""
    store = Store()
    made = make_graph(shipped(), [str(file) for file in sampled], bundled=False)
    store.load(made, format=RdfFormat.N_QUADS)
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
