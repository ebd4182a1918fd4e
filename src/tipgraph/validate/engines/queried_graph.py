"""The graph that pySHACL validates: one of rdflib, whose queries pyoxigraph evaluates.

rdflib's own evaluation differs from SPARQL in many ways, and pyoxigraph's parser is the one that
checks the queries of shapes. Tests compare both with Jena.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, partial
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox
from pyshacl.errors import ReportableRuntimeError
from rdflib import Graph, Literal, Variable
from rdflib.plugins.sparql.operators import _CUSTOM_FUNCTIONS
from rdflib.query import Result
from rdflib.term import Node

from tipgraph.offline import refuse
from tipgraph.rdf.sparql import (
    around_pattern,
    has_dataset,
    syntax_error,
    used_prefixes,
    variables,
    with_functions,
)
from tipgraph.validate.engines.rdflib_terms import add_triples, from_rdflib, to_rdflib
from tipgraph.validate.engines.regular_expressions import matches, replaced

RETRIEVAL = "a query asks for data of another server or file (SERVICE or FROM), which was refused"

# Functions that a query calls here: for the value of a variable, and in the place of built-in ones.
# The engine keeps a number, a date or a truth value without its spelling, and integers of all types
# as xsd:integer.
VALUE = "urn:x-tipgraph:value:"
OWN = {name: f"urn:x-tipgraph:{name}" for name in ("DATATYPE", "REGEX", "REPLACE", "STR")}
Function = Callable[..., Any]


class QueriedGraph(Graph):
    """An rdflib graph, and a copy that pyoxigraph queries, made for the first query."""

    def __init__(self, prefixes: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__()
        # Like any rdflib graph it offers some prefixes, but `dc` may be another one here.
        self._prefixes = {name: str(iri) for name, iri in self.namespaces()} | dict(prefixes)
        self._copy: ox.Store | None = None

    def add(self, triple: Any) -> "QueriedGraph":
        super().add(triple)
        if self._copy is not None:
            self._copy.add(_quad(triple))
        return self

    def addN(self, quads: Iterable[Any]) -> "QueriedGraph":
        for *triple, _ in quads:
            self.add(tuple(triple))
        return self

    def remove(self, triple: Any) -> "QueriedGraph":
        if self._copy is not None:
            for each in self.triples(triple):
                self._copy.remove(_quad(each))
        super().remove(triple)
        return self

    def copy(self) -> ox.Store:
        """The copy, which forked processes share if it is made before."""
        if self._copy is None:
            self._copy = ox.Store()
            self._copy.extend(map(_quad, self))
        return self._copy

    def query(
        self,
        query_object: Any,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Any = None,
        initBindings: Any = None,
        *_: Any,
        **__: Any,
    ) -> Result:
        """Evaluate a query with its variables bound before (SHACL, section 5.3.1).

        Raises ReportableRuntimeError where it cannot be evaluated as it is written, and Refused for
        one that asks for other data.
        """
        given = (initBindings or {}).items()
        terms = {str(name): from_rdflib(term) for name, term in given}
        query, prefixes = self._prepared(str(query_object), frozenset(terms))
        errors = list[BaseException]()
        functions: dict[ox.NamedNode, Function] = {
            ox.NamedNode(iri): partial(_called, function, errors)
            for iri, function in self._functions(terms)
        }
        try:
            answer = self.copy().query(query, prefixes=prefixes, custom_functions=functions)
            found = self._as_result(answer)
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise ReportableRuntimeError(f"a query cannot be evaluated: {error}") from None
        if errors:
            raise errors[0]
        return found

    @cached_property
    def _prepared(self) -> Callable[[str, frozenset[str]], tuple[str, dict[str, str]]]:
        """For a query and its bound variables: the query for the engine, and its prefixes."""

        def prepared(text: str, bound: frozenset[str]) -> tuple[str, dict[str, str]]:
            used = used_prefixes(text) & self._prefixes.keys()
            prefixes = {name: self._prefixes[name] for name in used}
            if has_dataset(text):
                raise refuse(RETRIEVAL)
            # To a parser that does not know SERVICE, it is an error.
            if error := syntax_error(text, prefixes):
                raise ReportableRuntimeError(f"a query cannot be evaluated: {error.message}")
            found = sorted(bound & variables(text))
            values = "".join(f" BIND(<{VALUE}{name}>() AS ?{name})" for name in found)
            query = with_functions(text, OWN)
            # LATERAL (SEP-0006) gives all of the pattern its values, filters and subselects too.
            return around_pattern(query, f"{values} LATERAL") if found else query, prefixes

        return cache(prepared)

    def _functions(self, terms: Mapping[str, Any]) -> Iterator[tuple[str, Function]]:
        """The functions that a query may call: the shapes' own, and those of this module."""
        for iri, (function, _) in _CUSTOM_FUNCTIONS.items():
            # rdflib's own are casts.
            if owner := getattr(function, "__self__", None):
                yield str(iri), partial(self._evaluated, owner)
        for name, term in terms.items():
            yield VALUE + name, partial(_value, term)
        yield OWN["DATATYPE"], self._datatype
        yield OWN["REGEX"], matches
        yield OWN["REPLACE"], replaced
        yield OWN["STR"], self._text

    def _evaluated(self, function: Any, *arguments: Any) -> Any:
        """The value of a function that a shape defines; None if it has none."""
        value = function.execute(self, *map(to_rdflib, arguments))
        return from_rdflib(value) if isinstance(value, Node) else None

    def _as_result(self, answer: Any) -> Result:
        if isinstance(answer, ox.QueryBoolean):
            result = Result("ASK")
            result.askAnswer = bool(answer)
        elif isinstance(answer, ox.QueryTriples):
            result = Result("CONSTRUCT")
            result.graph = add_triples(Graph(), answer)
        else:
            result = Result("SELECT")
            result.vars = [Variable(each.value) for each in answer.variables]
            result.bindings = [
                {
                    name: self._as_in_data(term)
                    for name, term in zip(result.vars, row, strict=True)
                    if term is not None
                }
                for row in answer
            ]
        return result

    def _text(self, term: Any) -> Any:
        return None if isinstance(term, ox.BlankNode) else ox.Literal(self._written(term).value)

    def _datatype(self, term: Any) -> Any:
        return self._written(term).datatype if isinstance(term, ox.Literal) else None

    def _written(self, term: Any) -> Any:
        """The term as the data has it.

        Raises ReportableRuntimeError for a value that the data has in several spellings.
        """
        found = sorted(self._spellings.get(term, ()), key=str)
        if len(found) > 1:
            raise ReportableRuntimeError(
                "a query asks for the text or the datatype of a value that the data has as"
                f" {found[0]} and as {found[1]}, which is not supported"
            )
        return found[0] if found else term

    def _as_in_data(self, term: Any) -> Any:
        found = self._spellings.get(term, {term})
        return to_rdflib(term if term in found else min(found, key=str))

    @cached_property
    def _spellings(self) -> dict[Any, set[Any]]:
        """The spellings in the data of each literal that the engine has in another one."""
        written = {from_rdflib(value) for value in self.objects() if isinstance(value, Literal)}
        store, node, spellings = ox.Store(), ox.NamedNode("urn:x"), defaultdict[Any, set[Any]](set)
        store.extend(ox.Quad(node, node, value) for value in written)
        kept = {quad.object for quad in store}
        for value in written - kept:
            store.clear()
            store.add(ox.Quad(node, node, value))
            spellings[next(iter(store)).object].add(value)
        for value in spellings.keys() & written:
            spellings[value].add(value)
        return dict(spellings)


def _called(function: Function, errors: list[BaseException], *arguments: Any) -> Any:
    """The value of a function; an error that is none of SPARQL's, or a signal, ends the query.

    The engine takes any for an error of SPARQL. So those that follow are not called.
    """
    if errors:
        return None
    try:
        return function(*arguments)
    except BaseException as error:
        errors.append(error)
        return None


def _value(term: Any) -> Any:
    return term


def _quad(triple: Any) -> ox.Quad:
    return ox.Quad(*map(from_rdflib, triple))
