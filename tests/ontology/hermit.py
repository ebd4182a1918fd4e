"""HermiT, the reasoner that owlready2 ships, run on a graph."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import owlready2
import pytest
from rdflib import OWL, RDF, BNode, Graph, Literal, URIRef

from .graphs import union

FOLDER = Path(owlready2.__file__).parent / "hermit"
COMMAND = [
    "java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
    "-cp", os.pathsep.join([str(FOLDER), str(FOLDER / "HermiT.jar")]),
    "org.semanticweb.HermiT.cli.CommandLine", "--no-prefixes", "--unsatisfiable",
]  # fmt: skip
LISTED = re.compile(r"^\t(\S+)$", re.MULTILINE)

# In CI it must be there.
needs_java = pytest.mark.skipif(
    not (shutil.which("java") or "CI" in os.environ), reason="HermiT needs Java"
)


@dataclass(frozen=True)
class Verdict:
    """What HermiT says of a graph."""

    consistent: bool
    unsatisfiable: frozenset[str] = frozenset()


def reason(graph: Graph, file: Path) -> Verdict:
    """Run HermiT on a graph, by way of a file.

    The ontology headers are left out: an import would ask the network.
    """
    whole = union(graph)
    for header in set(whole.subjects(RDF.type, OWL.Ontology)):
        whole.remove((header, None, None))
    file.write_text(whole.serialize(format="nt"), encoding="utf-8")
    command = [*COMMAND, file.as_uri()]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if "InconsistentOntologyException" in result.stderr:
        return Verdict(False)
    if str(OWL.Nothing) not in LISTED.findall(result.stdout) or "Exception" in result.stderr:
        raise RuntimeError(f"HermiT did not answer:\n{result.stdout}\n{result.stderr}")
    return Verdict(True, frozenset(LISTED.findall(result.stdout)) - {str(OWL.Nothing)})


def one_name_each(graph: Graph) -> Graph:
    """The graph, and that two names never stand for one individual.

    OWL lets two names mean the same, so two values of a functional property would be taken for one.
    Each individual gets its own name as the value of a functional data property instead.
    """
    name = URIRef("urn:tipgraph:test:name")
    relations = set(graph.subjects(RDF.type, OWL.ObjectProperty))
    individuals = set(graph.subjects(RDF.type))
    individuals |= {value for _, predicate, value in graph if predicate in relations}
    whole = union(graph)
    whole.add((name, RDF.type, OWL.DatatypeProperty))
    whole.add((name, RDF.type, OWL.FunctionalProperty))
    for individual in individuals:
        if not isinstance(individual, BNode):
            whole.add((individual, name, Literal(str(individual))))
    return whole
