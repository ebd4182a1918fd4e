"""pySHACL, the reference engine, on rdflib graphs and in several processes."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from functools import cache, cached_property
from io import StringIO
from threading import Lock
from types import MappingProxyType
from typing import Any
from warnings import catch_warnings, simplefilter

import pyoxigraph as ox
import rdflib
from pyshacl import validate
from pyshacl.constraints.sparql.sparql_based_constraint_components import (
    SPARQLConstraintComponentValidator,
)
from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.operators import _CUSTOM_FUNCTIONS
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from tipgraph.offline import Refused, offline, refuse
from tipgraph.processes import in_processes, processors
from tipgraph.rdf.sparql import names, tokens
from tipgraph.text import plural
from tipgraph.validate.engines import Progress, UnusableShapes
from tipgraph.validate.engines.corrections import REPLACED, RETRIEVAL, XSD_STRING
from tipgraph.validate.literals import is_ill_typed
from tipgraph.validate.targets import find_targets, target_triples
from tipgraph.validate.triples import Triples, as_node, sh

# Below this number of triples a second process costs more time than it saves.
MIN_TRIPLES = 5_000
# Each process copies the pages of the data that it touches, so memory limits their number.
MAX_JOBS = 4
PARTS_PER_JOB = 4

# The flags of regular expressions that rdflib knows.
FLAGS = set("ism")

# Threads wait for each other: a run replaces streams and functions of the whole process.
_TURN = Lock()


class PyshaclEngine:
    """pySHACL on one rdflib graph; on Linux, large data is shared by several processes."""

    def __init__(self, jobs: int | None, prefixes: Mapping[str, str]) -> None:
        self._data = QueryCachingGraph(prefixes)
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
        parts = _split(Triples(shapes), jobs * PARTS_PER_JOB)
        reports = in_processes(lambda part: _report(self._data, part), parts, jobs)
        triples: list[ox.Triple] = []
        for done, report in enumerate(reports, 1):
            progress(done, len(parts))
            triples += report
        return triples


class QueryCachingGraph(Graph):
    """A graph that parses each query once: a SPARQL constraint runs it for every focus node."""

    def __init__(self, prefixes: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__()
        self._prefixes = prefixes

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        if isinstance(query_object, str):
            query_object = self._parsed(query_object)
        return super().query(query_object, *args, **kwargs)

    @cached_property
    def _parsed(self) -> Callable[[str], Query]:
        # Like any rdflib graph it offers some prefixes, but `dc` may be another one here. rdflib
        # knows one prefix for each namespace, so a query gets those that it uses.
        namespaces = {**dict(self.namespaces()), **self._prefixes}

        def parsed(text: str) -> Query:
            # Data has numbers as they are written, such as `1e0`.
            before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
            try:
                used = {prefix for prefix, _, _ in names(tokens(text))} & namespaces.keys()
                query = prepareQuery(text, initNs={name: namespaces[name] for name in used})
            finally:
                rdflib.NORMALIZE_LITERALS = before
            # rdflib ignores FROM in a graph that is no dataset.
            if query.algebra.datasetClause:
                raise refuse(RETRIEVAL)
            for wrong in _wrong_calls(query.algebra):
                raise ReportableRuntimeError(f"a query calls {wrong}")
            return query

        return cache(parsed)


def _wrong_calls(part: Any) -> Iterator[str]:
    """The calls in a part of a query that rdflib cannot evaluate as they are written.

    It takes them for an error of the expression, and so a FILTER for false, or ignores a flag.
    """
    inner: Iterable[Any] = part if isinstance(part, list | tuple) else ()
    if isinstance(part, CompValue):
        if part.name == "Function":
            yield from _wrong_call(part)
        elif part.name in ("Builtin_REGEX", "Builtin_REPLACE") and isinstance(part.flags, Literal):
            name = part.name.removeprefix("Builtin_")
            for flag in sorted(set(part.flags) - FLAGS):
                yield f"{name} with the flag {flag}, which is not known here"
        # The translated group of an EXISTS is an attribute, and no item.
        inner = (*part.values(), vars(part).get("graph"))
    for each in inner:
        yield from _wrong_calls(each)


def _wrong_call(call: CompValue) -> Iterator[str]:
    """The call, with the reason, if nothing defines the function with as many arguments."""
    function, _ = _CUSTOM_FUNCTIONS.get(call.iri, (None, False))
    if function is None:
        yield f"{call.iri.n3()}, which is not known here"
        return
    # A function of the shapes has parameters, and a cast takes one value.
    parameters = getattr(getattr(function, "__self__", None), "parameters", (None,))
    given = len(call.expr or ())
    if given != len(parameters):
        expected = plural(len(parameters), "argument")
        yield f"{call.iri.n3()} with {given} in place of {expected}"


def add_triples(graph: Graph, triples: Iterable[ox.Triple]) -> Graph:
    """The graph, after pyoxigraph's triples are added; blank nodes keep their labels."""
    terms = _TermCache()
    for triple in triples:
        graph.add((terms[triple.subject], terms[triple.predicate], terms[triple.object]))
    return graph


def to_triples(graph: Graph) -> Iterator[ox.Triple]:
    """The graph's triples in pyoxigraph's types; blank nodes keep their labels."""
    for subject, predicate, value in graph:
        yield ox.Triple(_from_rdflib(subject), _from_rdflib(predicate), _from_rdflib(value))


class _TermCache(dict[object, Node]):
    """rdflib's term for each pyoxigraph term, created once."""

    def __missing__(self, term: object) -> Node:
        found = self[term] = _to_rdflib(term)
        return found


def _to_rdflib(term: object) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return Literal(term.value, lang=term.language)
    # rdflib distinguishes a plain string from one typed as xsd:string.
    iri = term.datatype.value
    datatype = None if iri == XSD_STRING else URIRef(iri)
    literal = Literal(term.value, datatype=datatype, normalize=False)
    # rdflib takes NaN for a decimal, a date for a dateTime, and anything for a year.
    if is_ill_typed(term.value, iri):
        literal._ill_typed = True
    return literal


def _from_rdflib(term: Node) -> Any:
    if isinstance(term, URIRef):
        return ox.NamedNode(term)
    if isinstance(term, BNode):
        return ox.BlankNode(term)
    assert isinstance(term, Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(term.datatype or XSD_STRING))


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
    """Replace functions of rdflib and pySHACL by REPLACED.

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
