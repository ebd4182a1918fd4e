"""Run pySHACL over the sources' graphs."""

from collections.abc import Sequence
from os.path import realpath

from pyshacl import validate as pyshacl_validate
from pyshacl.errors import ReportableRuntimeError
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph
from rdflib.term import Node

from tipgraph.bundle import Bundle
from tipgraph.dataset import rdf_files
from tipgraph.errors import InputError
from tipgraph.validation.convert import merged
from tipgraph.validation.findings import Report, findings


def validate(data: Sequence[str], shapes: Sequence[str], bundle: Bundle) -> Report:
    """Hold the data against the shapes, or against the bundle's when none are given.

    The ontology is read beside the data, so that shapes see its classes and codes; but only what
    is found on the data's own nodes counts. Raises InputError when a file cannot be read, when
    there are no shapes, and when they select no node of the data: nothing may pass unlooked at.
    """
    subject = merged(data)
    rules = merged(shapes or bundle.shapes())
    whole = subject + merged(_others(bundle.ontology(), data))
    nodes = set(subject.subjects()) | set(subject.objects())
    targets = [found for found in _targets(rules, whole) if found & nodes]
    if not targets:
        raise InputError(
            "the shapes select no node of the data, so nothing was checked;"
            " give the shapes that belong to it with --shapes"
        )
    focus = set.union(*targets) & nodes
    return Report(len(targets), len(focus), findings(_run(whole, rules), nodes))


def _others(files: Sequence[str], read: Sequence[str]) -> list[str]:
    """The files that have not been read: blank nodes read twice would be other ones."""
    known = {realpath(file) for path in read for file in rdf_files(path)}
    return [file for file in files if realpath(file) not in known]


def _targets(shapes: Graph, data: Graph) -> list[set[Node]]:
    """For each shape the nodes that it selects."""
    try:
        found = list(ShapesGraph(_copy(shapes)).shapes)
    except ReportableRuntimeError as error:
        raise InputError(_one_line(error)) from None
    if not found:
        raise InputError("there are no shapes in what was given as shapes")
    for shape in found:
        shape.set_advanced(True)
    return [set(shape.focus_nodes(data)) for shape in found]


def _run(data: Graph, shapes: Graph) -> Graph:
    try:
        _, report, _ = pyshacl_validate(
            data, shacl_graph=shapes, advanced=True, inference="none", inplace=True
        )
    except ReportableRuntimeError as error:
        raise InputError(_one_line(error)) from None
    if not isinstance(report, Graph):
        raise InputError(_one_line(report))
    return report


def _copy(graph: Graph) -> Graph:
    """A copy, since pySHACL adds triples of its own to the shapes it is given."""
    return graph + Graph()


def _one_line(error: object) -> str:
    return f"the shapes cannot be used: {' '.join(str(error).split())}"
