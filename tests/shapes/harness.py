"""The shipped shapes, ready to look at a few nodes of a graph at a time.

Validating all is pySHACL's own business and takes seconds. A fixture or a damage is a handful of
nodes, so here the shapes that target these nodes are run on them, by pySHACL's own code, and the
rest is left alone. `tests/validate/test_engines.py` compares the short way with the long one.
`FastShapes` looks at all, a fixture at a time: its engine needs a fiftieth of a second for that.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import shacl
from pyoxigraph import RdfFormat, Triple, parse, serialize
from pyshacl.graph_abstraction import DataGraph
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from tests.rules.kit import COMPLETED, sources
from tipgraph.namespaces import GRAPH, TIP
from tipgraph.validate.engines.queried_graph import QueriedGraph

HERE = Path(__file__).parent
CASE_SHAPES = HERE.parents[1] / "ontology" / "shapes" / "cases.ttl"
# The fixtures of these shapes stand in a folder of their own.
CASES = "cases/"
TIPSH = "https://w3id.org/tipgraph/shapes#"
WHOLE = URIRef("https://w3id.org/tipgraph/id/")


class Finding(NamedTuple):
    """A node, and the shape that it does not meet."""

    focus: Node
    shape: str


class Shapes:
    """The shapes, and which of them look at a node."""

    def __init__(self, graph: Graph, ontology: Graph) -> None:
        self.graph = graph
        self.ontology = ontology
        self._executor = SHACLExecutor()
        self._hits = Counter[Node]()

    @cached_property
    def targeted(self) -> list[Shape]:
        """The node shapes that have a target."""
        shapes = ShapesGraph(self.graph).shapes
        found = [shape for shape in shapes if any(map(list, shape.target()))]
        return sorted(found, key=lambda shape: str(shape.node))

    def findings(self, graph: Graph, nodes: Iterable[Node]) -> set[Finding]:
        """The findings of the shapes on these nodes; the graph contains the ontology too."""
        return {
            finding
            for shape, focus in self._looked_at(graph, nodes).items()
            for finding in self._run(shape, graph, focus)
        }

    def find_fault(self, graph: Graph, nodes: Iterable[Node]) -> bool:
        """Return True if any shape finds something; those that found most run first."""
        looked_at = self._looked_at(graph, nodes)
        for shape in sorted(looked_at, key=lambda each: (-self._hits[each.node], each.node)):
            if any(self._run(shape, graph, looked_at[shape])):
                self._hits[shape.node] += 1
                return True
        return False

    def _looked_at(self, graph: Graph, nodes: Iterable[Node]) -> dict[Shape, set[Node]]:
        looked_at = defaultdict(set)
        for node in nodes:
            for shape in self.looking_at(graph, node):
                looked_at[shape].add(node)
        return looked_at

    def looking_at(self, graph: Graph, node: Node) -> set[Shape]:
        """The shapes whose target takes in the node."""
        by_node, by_class, by_object, by_subject = self._targets
        found = set(by_node[node])
        for kind in graph.objects(node, RDF.type):
            for wider in {kind, *self.ontology.transitive_objects(kind, RDFS.subClassOf)}:
                found |= by_class[wider]
        for path in set(graph.predicates(node)):
            found |= by_subject[path]
        for path in set(graph.predicates(None, node)):
            found |= by_object[path]
        return found

    @cached_property
    def _targets(self) -> tuple[defaultdict[Node | None, set[Shape]], ...]:
        by_node, by_class, _, by_object, by_subject = found = tuple(
            defaultdict[Node | None, set[Shape]](set) for _ in range(5)
        )
        for shape in self.targeted:
            for index, terms in zip(found, shape.target(), strict=True):
                for term in terms:
                    index[term].add(shape)
        return by_node, by_class, by_object, by_subject

    def _run(self, shape: Shape, graph: Graph, focus: set[Any]) -> Iterable[Finding]:
        whole = DataGraph.from_rdflib(graph)
        _, results = shape.validate(self._executor, whole, focus=list(focus))
        for _, result, triples in results:
            about = {path: value for node, path, value in triples if node == result}
            yield Finding(about[SH.focusNode][1], shape_name(about[SH.sourceShape][1]))


class FastShapes:
    """The shapes in the fast engine, compiled once, and the ontology."""

    def __init__(self, shapes: Iterable[str | Path], ontology: Iterable[str | Path]) -> None:
        self._compiled = shacl.Shapes.from_text(ntriples(triples(shapes)).decode(), "ntriples")
        self._ontology = by_subject(triples(ontology))

    def names(self, file: Path) -> set[str]:
        """The names of the shapes that find fault with a file."""
        return {name for name, _ in self.messages([file])}

    def messages(self, files: Iterable[Path]) -> set[tuple[str, str]]:
        """The names of the shapes that find fault with the files, each with its message."""
        with tempfile.NamedTemporaryFile(suffix=".nt") as data:
            data.write(
                ntriples(with_terms(triples([HERE / "context.ttl", *files]), self._ontology))
            )
            data.flush()
            report = self._compiled.validate_file(data.name, inference="none")
        about: dict[object, dict[object, str]] = defaultdict(dict)
        for quad in parse(report.serialize("ntriples"), RdfFormat.N_TRIPLES):
            about[quad.subject][quad.predicate.value] = getattr(quad.object, "value", "")
        return {
            (shape_name(result[str(SH.sourceShape)]), result.get(str(SH.resultMessage), ""))
            for result in about.values()
            if result.get(str(RDF.type)) == str(SH.ValidationResult)
        }


def by_subject(triples: Iterable[Triple]) -> dict[object, list[Triple]]:
    """The triples of each subject."""
    found: dict[object, list[Triple]] = defaultdict(list)
    for triple in triples:
        found[triple.subject].append(triple)
    return found


def with_terms(found: list[Triple], ontology: dict[object, list[Triple]]) -> list[Triple]:
    """Add what the ontology has on all nodes that the triples lead to.

    To read all of it takes three times as long as to validate a fixture.
    """
    new, seen = found, set[object]()
    while new:
        nodes = {term for triple in new for term in triple} - seen
        seen |= nodes
        new = [triple for node in nodes for triple in ontology.get(node, ())]
        found = found + new
    return found


def triples(files: Iterable[str | Path]) -> list[Triple]:
    """The triples of these files."""
    return [quad.triple for file in files for quad in parse(path=file, rename_blank_nodes=True)]


def ntriples(triples: Iterable[Triple]) -> bytes:
    """The triples as N-Triples."""
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def shape_name(iri: object) -> str:
    """`tipsh:Edition-year` for the shape's IRI."""
    return str(iri).replace(TIPSH, "tipsh:")


def graph(triples: Iterable[Triple]) -> Graph:
    """These triples in rdflib."""
    return QueriedGraph().parse(data=ntriples(triples), format="nt")


def read(files: Iterable[str | Path]) -> Graph:
    """These files as one graph."""
    graph = QueriedGraph()
    for file in files:
        graph.parse(file)
    return graph


def completed(data: Graph) -> Graph:
    """Add what the rules derive of the editions and of what else is described."""
    store, described = sources(), {str(subject) for subject in data.subjects()}
    editions = tuple(f"{each}/" for each in data.subjects(RDF.type, URIRef(TIP + "Edition")))
    for quad in store.quads_for_pattern(None, None, None, COMPLETED):
        # As N-Triples write it, in angle brackets.
        iri = str(quad.subject)[1:-1]
        if iri in described or f"{iri}/".startswith((*editions, GRAPH)):
            data.parse(data=f"{quad.triple} .", format="nt")
    return data


def union(*graphs: Graph) -> Graph:
    """The triples of all in a graph of their own."""
    whole = QueriedGraph()
    for graph in graphs:
        whole += graph
    return whole
