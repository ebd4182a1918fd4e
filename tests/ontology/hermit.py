"""HermiT, the reasoner that owlready2 ships, in one Java machine for all graphs."""

import os
import shutil
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pytest
from rdflib import OWL, RDF, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from . import java
from .graphs import union

NAME = URIRef("urn:tipgraph:test:name")

# In CI it must be there.
needs_java = pytest.mark.skipif(
    not (shutil.which("java") or "CI" in os.environ), reason="HermiT needs Java"
)


@dataclass(frozen=True)
class Verdict:
    """The verdict of HermiT on a graph."""

    consistent: bool
    unsatisfiable: frozenset[str] = frozenset()


@cache
def _machine() -> ProcessPoolExecutor:
    """The process that reasons; it runs as long as the tests do."""
    return ProcessPoolExecutor(1, get_context("spawn"), java.start)


def reason(graph: Graph, file: Path) -> Verdict:
    """Run HermiT on a graph, by way of a file."""
    file.write_text(ntriples(graph), encoding="utf-8")
    empty = _machine().submit(java.unsatisfiable, str(file)).result(timeout=300)
    return Verdict(False) if empty is None else Verdict(True, frozenset(empty))


def is_consistent(text: str, file: Path) -> bool:
    """Ask HermiT for the consistency of a text in N-Triples alone, by way of a file."""
    file.write_text(text, encoding="utf-8")
    return _machine().submit(java.is_consistent, str(file)).result(timeout=300)


def ntriples(graph: Graph) -> str:
    """The graph without the headers of ontologies: an import would ask the network."""
    whole = union(graph)
    for header in set(whole.subjects(RDF.type, OWL.Ontology)):
        whole.remove((header, None, None))
    return whole.serialize(format="nt")


def one_name_each(graph: Graph, relations: Collection[Node] = ()) -> Graph:
    """The graph, and that two names never stand for one individual.

    OWL lets two names mean the same, so two values of a functional property would be taken for one.
    Each individual gets its own name as the value of a functional data property instead.
    `relations` are the object properties of a graph that does not declare them itself.
    """
    relations = {*relations, *graph.subjects(RDF.type, OWL.ObjectProperty)}
    individuals = set(graph.subjects(RDF.type))
    individuals |= {value for _, predicate, value in graph if predicate in relations}
    whole = union(graph)
    whole.add((NAME, RDF.type, OWL.DatatypeProperty))
    whole.add((NAME, RDF.type, OWL.FunctionalProperty))
    for individual in individuals:
        if not isinstance(individual, BNode):
            whole.add((individual, NAME, Literal(str(individual))))
    return whole
