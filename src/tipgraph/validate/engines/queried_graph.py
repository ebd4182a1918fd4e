"""The graph that pySHACL validates: one of rdflib, whose queries pyoxigraph evaluates.

rdflib's own evaluation differs from SPARQL in many ways, and pyoxigraph's parser is the one that
checks the queries of shapes. Tests compare both with Jena.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, partial
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox
from pyshacl.errors import ReportableRuntimeError
from rdflib import BNode, Graph, Literal, URIRef, Variable
from rdflib.plugins.sparql.operators import _CUSTOM_FUNCTIONS
from rdflib.query import Result
from rdflib.term import Node

from tipgraph.namespaces import XSD
from tipgraph.offline import refuse
from tipgraph.rdf.sparql import (
    around_pattern,
    has_dataset,
    names,
    syntax_error,
    tokens,
    variables,
    with_functions,
)
from tipgraph.validate.literals import is_ill_typed

RETRIEVAL = "a query asks for data of another server or file (SERVICE or FROM), which was refused"
XSD_STRING = XSD + "string"

# Functions that a query calls here: for the value of a variable, and in the place of built-in ones.
# The engine's own regular expressions have no look-ahead and take that for an error, and it keeps a
# number, a date or a truth value without its spelling, and integers of all types as xsd:integer.
VALUE = "urn:x-tipgraph:value:"
OWN = {name: f"urn:x-tipgraph:{name}" for name in ("DATATYPE", "REGEX", "REPLACE", "STR")}
FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}

NO_FLAGS = ox.Literal("")

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
        return self._result(str(query_object), terms)

    def _result(self, text: str, terms: Mapping[str, Any]) -> Result:
        query, prefixes = self._prepared(text, frozenset(terms))
        errors = list[Exception]()
        functions: dict[ox.NamedNode, Function] = {
            ox.NamedNode(iri): partial(_called, function, errors)
            for iri, function in self._functions(terms)
        }
        try:
            answer = self.copy().query(query, prefixes=prefixes, custom_functions=functions)
            result = self._as_result(answer)
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise ReportableRuntimeError(f"a query cannot be evaluated: {error}") from None
        if errors:
            raise errors[0]
        return result

    @cached_property
    def _prepared(self) -> Callable[[str, frozenset[str]], tuple[str, dict[str, str]]]:
        """For a query and its bound variables: the query for the engine, and its prefixes."""

        def prepared(text: str, bound: frozenset[str]) -> tuple[str, dict[str, str]]:
            used = {prefix for prefix, _, _ in names(tokens(text))} & self._prefixes.keys()
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
        yield OWN["REGEX"], _regex
        yield OWN["REPLACE"], _replace
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
        found = sorted(self._spellings.get(term, {term}), key=str)
        if len(found) > 1:
            raise ReportableRuntimeError(
                "a query asks for the text or the datatype of a value that the data has as"
                f" {found[0]} and as {found[1]}, which is not supported"
            )
        return found[0]

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


def _called(function: Function, errors: list[Exception], *arguments: Any) -> Any:
    """The value of a function; an error that is none of SPARQL's ends the query."""
    try:
        return function(*arguments)
    except Exception as error:
        errors.append(error)
        return None


def _value(term: Any) -> Any:
    return term


def _regex(text: Any, pattern: Any, flags: Any = NO_FLAGS) -> Any:
    if _is_text(text) and _is_text(pattern):
        return ox.Literal(bool(_compiled(pattern.value, flags.value).search(text.value)))
    return None


def _replace(text: Any, pattern: Any, replacement: Any, flags: Any = NO_FLAGS) -> Any:
    if not (_is_text(text) and _is_text(pattern) and _is_text(replacement)):
        return None

    def replaced(match: re.Match[str]) -> str:
        # `$1` is a group, and a backslash makes `$` and itself plain.
        return re.sub(
            r"\\([\\$])|\$(\d)", lambda each: each[1] or match[int(each[2])] or "", template
        )

    template = replacement.value
    value = _compiled(pattern.value, flags.value).sub(replaced, text.value)
    return ox.Literal(value, language=text.language) if text.language else ox.Literal(value)


def _is_text(term: Any) -> bool:
    """Return whether SPARQL takes a term for a string: without a type, or with a language."""
    is_literal = isinstance(term, ox.Literal)
    return is_literal and (bool(term.language) or term.datatype.value == XSD_STRING)


@cache
def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    for flag in sorted(set(flags) - FLAGS.keys()):
        raise ReportableRuntimeError(f"a query uses the flag {flag}, which is not known here")
    try:
        return re.compile(pattern, sum(FLAGS[flag] for flag in set(flags)))
    except re.error as error:
        raise ReportableRuntimeError(f"a query has an invalid pattern: {error}") from None


def add_triples(graph: Graph, triples: Iterable[ox.Triple]) -> Graph:
    """The graph, after pyoxigraph's triples are added; blank nodes keep their labels."""
    terms = _TermCache()
    for triple in triples:
        graph.add((terms[triple.subject], terms[triple.predicate], terms[triple.object]))
    return graph


def to_triples(graph: Graph) -> Iterator[ox.Triple]:
    """The graph's triples in pyoxigraph's types; blank nodes keep their labels."""
    for subject, predicate, value in graph:
        yield ox.Triple(from_rdflib(subject), from_rdflib(predicate), from_rdflib(value))


class _TermCache(dict[object, Node]):
    """rdflib's term for each pyoxigraph term, created once."""

    def __missing__(self, term: object) -> Node:
        found = self[term] = to_rdflib(term)
        return found


def to_rdflib(term: object) -> Node:
    """rdflib's term for one of pyoxigraph."""
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


def from_rdflib(term: Node) -> Any:
    """pyoxigraph's term for one of rdflib."""
    if isinstance(term, URIRef):
        return ox.NamedNode(term)
    if isinstance(term, BNode):
        return ox.BlankNode(term)
    assert isinstance(term, Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(term.datatype or XSD_STRING))


def _quad(triple: Any) -> ox.Quad:
    return ox.Quad(*map(from_rdflib, triple))
