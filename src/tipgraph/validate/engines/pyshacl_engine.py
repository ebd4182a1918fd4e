"""pySHACL, the engine that is believed."""

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Any

import pyoxigraph as ox
from pyshacl import validate
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from tipgraph.errors import InputError
from tipgraph.validate.engines import Progress
from tipgraph.validate.engines.convert import fill, triples
from tipgraph.validate.targets import target_triples, targets
from tipgraph.validate.triples import Triples, as_node, sh

# Below this number of triples a second process costs more than it brings.
LARGE = 5_000
# Each process has its own copy of what it touches of the data, so there are not many.
MOST_JOBS = 4
PARTS_PER_JOB = 4


class Engine:
    """pySHACL over an rdflib graph, with as many processes as there is work for."""

    def __init__(self, jobs: int | None, prefixes: Mapping[str, str]) -> None:
        self._data = QuickGraph()
        for prefix, iri in prefixes.items():
            self._data.bind(prefix, iri)
        self._jobs = jobs

    def load(self, triples: Iterable[ox.Triple]) -> None:
        fill(self._data, triples)

    def run(self, shapes: Sequence[ox.Triple], progress: Progress) -> list[ox.Triple]:
        jobs = self._jobs or min(_processors(), MOST_JOBS)
        if jobs == 1 or len(self._data) < LARGE or sys.platform != "linux":
            return _report(self._data, shapes)
        parts = _parts(Triples(shapes), jobs * PARTS_PER_JOB)
        reports = _in_processes(lambda part: _report(self._data, part), parts, jobs)
        found: list[ox.Triple] = []
        for done, report in enumerate(reports, 1):
            progress(done, len(parts))
            found += report
        return found


class QuickGraph(Graph):
    """A graph that parses a query once: a constraint asks the same of each focus node."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        if isinstance(query_object, str):
            query_object = self._parsed(query_object)
        return super().query(query_object, *args, **kwargs)

    @cached_property
    def _parsed(self) -> Callable[[str], Query]:
        # As any graph of rdflib does, it knows the prefixes that it has been given.
        namespaces = dict(self.namespaces())
        return cache(lambda text: prepareQuery(text, initNs=namespaces))


def _report(data: Graph, shapes: Iterable[ox.Triple]) -> list[ox.Triple]:
    graph = fill(Graph(bind_namespaces="none"), shapes)
    with _silence():
        try:
            _, report, _ = validate(
                data, shacl_graph=graph, advanced=True, inference="none", inplace=True
            )
        # Besides its own errors, those of the SPARQL parser, of regular expressions and others.
        except Exception as error:
            raise InputError(_one_line(error)) from None
    if not isinstance(report, Graph):
        raise InputError(_one_line(report))
    return list(triples(report))


@contextmanager
def _silence() -> Iterator[None]:
    """pySHACL logs to standard error what it raises anyway."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _one_line(error: object) -> str:
    told = " ".join(str(error).split()) or type(error).__name__
    return f"the shapes cannot be used: {told}"


def _parts(shapes: Triples, number: int) -> list[list[ox.Triple]]:
    """The shapes so many times, each time with the targets of other ones.

    No shape needs to know where another looks; but the rules of SHACL-AF change the data for all,
    so shapes with rules stay in one part.
    """
    looking = [] if any(shapes.match(None, sh("rule"))) else list(targets(shapes))
    if len(looking) < 2:
        return [list(shapes)]
    turns = {shape: turn % number for turn, shape in enumerate(looking)}
    targeting = target_triples(shapes)
    rest = [triple for triple in shapes if triple not in targeting]
    return [
        rest + [triple for triple in targeting if turns.get(as_node(triple.subject)) == turn]
        for turn in sorted(set(turns.values()))
    ]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


_work: Callable[[Any], Any]


def _in_processes(
    work: Callable[[list[ox.Triple]], list[ox.Triple]],
    tasks: Sequence[list[ox.Triple]],
    jobs: int,
) -> Iterator[list[ox.Triple]]:
    """What the work makes of each task, as it comes; the data is shared, not sent."""
    from multiprocessing import get_context

    global _work
    _work = work
    with get_context("fork").Pool(min(jobs, len(tasks))) as pool:
        yield from pool.imap_unordered(_do, tasks)


def _do(task: list[ox.Triple]) -> list[ox.Triple]:
    done: list[ox.Triple] = _work(task)
    return done
