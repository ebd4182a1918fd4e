"""pySHACL, the reference engine, on rdflib graphs and in several processes."""

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from threading import Lock
from warnings import catch_warnings, simplefilter

import pyoxigraph as ox
from pyshacl import validate
from pyshacl.constraints.sparql.sparql_based_constraint_components import (
    SPARQLConstraintComponentValidator,
)
from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning
from rdflib import Graph
from rdflib.plugins.sparql.operators import _CUSTOM_FUNCTIONS

from tipgraph.offline import Refused, offline
from tipgraph.processes import in_processes, processors
from tipgraph.validate.engines import Progress, UnusableShapes
from tipgraph.validate.engines.corrections import REPLACED
from tipgraph.validate.engines.queried_graph import QueriedGraph
from tipgraph.validate.engines.rdflib_terms import add_triples, to_triples
from tipgraph.validate.targets import find_targets, target_triples
from tipgraph.validate.triples import QUERIES, Triples, as_node, sh

# Below this number of triples a second process costs more time than it saves.
MIN_TRIPLES = 5_000
# Each process copies the pages of the data that it touches, so memory limits their number.
MAX_JOBS = 4
PARTS_PER_JOB = 4

# Threads wait for each other: a run replaces streams and functions of the whole process.
_TURN = Lock()


class PyshaclEngine:
    """pySHACL on one rdflib graph; on Linux, large data is shared by several processes."""

    def __init__(self, jobs: int | None, prefixes: Mapping[str, str]) -> None:
        self._data = QueriedGraph(prefixes)
        self._jobs = jobs

    def load(self, triples: Iterable[ox.Triple]) -> None:
        # rdflib logs each value that is no value of its datatype, with a traceback.
        with _TURN, _quiet():
            add_triples(self._data, triples)

    def run(self, shapes: Sequence[ox.Triple], progress: Progress) -> list[ox.Triple]:
        with _TURN:
            return self._run(shapes, progress)

    def _run(self, shapes: Sequence[ox.Triple], progress: Progress) -> list[ox.Triple]:
        jobs = self._jobs or min(processors(), MAX_JOBS)
        if jobs == 1 or len(self._data) < MIN_TRIPLES or sys.platform != "linux":
            return _report(self._data, shapes)
        if any(triple.predicate in QUERIES for triple in shapes):
            self._data.copy()
        parts = _split(Triples(shapes), jobs * PARTS_PER_JOB)
        reports = in_processes(lambda part: _report(self._data, part), parts, jobs)
        triples: list[ox.Triple] = []
        for done, report in enumerate(reports, 1):
            progress(done, len(parts))
            triples += report
        return triples


def _report(data: Graph, shapes: Iterable[ox.Triple]) -> list[ox.Triple]:
    with _quiet():
        graph = add_triples(Graph(bind_namespaces="none"), shapes)
        try:
            with offline(), _corrected(), catch_warnings():
                # It leaves out the rest.
                simplefilter("error", ShapeRecursionWarning)
                _, report, _ = validate(
                    data, shacl_graph=graph, advanced=True, inference="none", inplace=True
                )
        # Besides its own errors, those of the SPARQL parser, of regular expressions and others.
        except Exception as error:
            raise UnusableShapes(_refusal(error)) from None
    if not isinstance(report, Graph):
        raise UnusableShapes(_refusal(report))
    return list(to_triples(report))


@contextmanager
def _corrected() -> Iterator[None]:
    """Replace functions of pySHACL by REPLACED.

    Functions that shapes define, also in the place of rdflib's own, end with the run.
    """
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in REPLACED]
    functions = dict(_CUSTOM_FUNCTIONS)
    for owner, name, function in REPLACED:
        setattr(owner, name, function)
    try:
        yield
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)
        _CUSTOM_FUNCTIONS.clear()
        _CUSTOM_FUNCTIONS.update(functions)
        # Its keys are addresses of graphs, which other shapes may have later.
        SPARQLConstraintComponentValidator.validator_cache.clear()


@contextmanager
def _quiet() -> Iterator[None]:
    """pySHACL also logs what it raises, and prints some of it among the report."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with redirect_stdout(StringIO()):
            yield
    finally:
        logging.disable(before)


def _refusal(error: object) -> str:
    """Return the reason why pySHACL cannot use the shapes, without internals of its libraries."""
    if isinstance(error, ReportableRuntimeError):
        reason = error.message
    elif isinstance(error, Refused):
        reason = str(error)
    elif isinstance(error, ShapeRecursionWarning):
        reason = (
            "a shape refers to itself, and pySHACL does not follow it to the end of the data;"
            " give the shape targets, and use sh:class in place of sh:node"
        )
    elif isinstance(error, RecursionError):
        reason = "they refer to each other without end"
    elif isinstance(error, str):
        reason = error
    else:
        reason = f"pySHACL failed on them ({type(error).__name__})"
    return f"the shapes cannot be used: {' '.join(str(reason).split()).rstrip('.')}"


def _split(shapes: Triples, number: int) -> list[list[ox.Triple]]:
    """The shapes in at most this number of copies, each with other shapes' targets.

    No shape depends on the targets of another. But SHACL-AF rules change the data for all shapes,
    so shapes with rules are not split.
    """
    targeted = [] if any(shapes.match(None, sh("rule"))) else list(find_targets(shapes))
    if len(targeted) < 2:
        return [list(shapes)]
    part_of = {shape: index % number for index, shape in enumerate(targeted)}
    targeting = target_triples(shapes)
    rest = [triple for triple in shapes if triple not in targeting]
    return [
        rest + [triple for triple in targeting if part_of.get(as_node(triple.subject)) == part]
        for part in sorted(set(part_of.values()))
    ]
