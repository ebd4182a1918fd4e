"""Corrections of pySHACL and rdflib: functions of theirs that differ from SHACL and SPARQL.

Tests compare the results with those that the recommendations demand.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import product
from typing import Any, NoReturn

from pyshacl import shape
from pyshacl.constraints.core import value_range_constraints
from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from pyshacl.constraints.sparql.sparql_based_constraint_components import (
    BoundShapeValidatorComponent,
    SelectConstraintValidator,
)
from pyshacl.errors import ReportableRuntimeError
from pyshacl.helper import expression_helper, path_helper, sparql_query_helper
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, SH
from rdflib.paths import NegatedPath
from rdflib.plugins.sparql import algebra, evaluate, parser
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import FrozenBindings, QueryContext, SPARQLError
from rdflib.term import Node

from tipgraph.namespaces import XSD
from tipgraph.offline import refuse
from tipgraph.validate.literals import INTEGERS

XSD_STRING = XSD + "string"
# Types with whose values others are compared.
BASES = dict.fromkeys(INTEGERS | {XSD + "double", XSD + "float"}, XSD + "decimal") | dict.fromkeys(
    (XSD + "normalizedString", XSD + "token", XSD + "language"), XSD_STRING
)
RETRIEVAL = "a query asks for data of another server or file (SERVICE or FROM), which was refused"


def _refused_retrieval(*_: object, **__: object) -> NoReturn:
    raise refuse(RETRIEVAL)


def _in_wrong_order(
    component: Any, values: Iterable[Node], others: Iterable[Node], data: Graph, focus: Node
) -> tuple[bool, list[Any]]:
    """The results for values that are not less than each other one, as pySHACL returns them."""
    most = 0 if isinstance(component, LessThanOrEqualsConstraintComponent) else -1
    found = [
        component.make_v_result(data, focus, value_node=value)
        for value in values
        for other in others
        if not _is_at_most(value, other, most)
    ]
    return bool(found), found


def _is_at_most(first: Node, second: Node, most: int) -> bool:
    try:
        return _compared(first, second) <= most
    except TypeError:
        return False


def _compared(first: Node, second: Node) -> int:
    """Return -1, 0 or 1. Raises TypeError for terms that SPARQL does not compare."""
    if not (isinstance(first, Literal) and isinstance(second, Literal)):
        raise TypeError
    if first.ill_typed or second.ill_typed or _type(first) != _type(second):
        raise TypeError
    one, other = first.value, second.value
    # NaN is not itself.
    if one != one or other != other:
        raise TypeError
    return int(one > other) - int(one < other)


def _type(value: Literal) -> str:
    """The type with whose values a literal is compared; each language is one."""
    name = str(value.datatype or XSD_STRING)
    return (value.language or "").lower() + BASES.get(name, name)


def _reached(
    shapes: Any, node: Node, path: Node, data: Graph, inverse: bool = False, recursion: int = 0
) -> set[Node]:
    """The nodes that a path leads to. pySHACL takes the steps of an inverse in their order."""
    if not (inverse and (path, RDF.first, None) in shapes.graph):
        return _REACHED(shapes, node, path, data, inverse, recursion)
    nodes = {node}
    for step in reversed(list(shapes.graph.items(path))):
        found = (_reached(shapes, each, step, data, inverse, recursion + 1) for each in nodes)
        nodes = set().union(*found)
    return nodes


def _beside(path: NegatedPath, *arguments: Any) -> Any:
    """The pairs of a negated property set; rdflib does not read an inverse in it."""
    if not all(isinstance(each, URIRef) for each in path.args):
        raise ReportableRuntimeError("a negated path has an inverse, which is not supported")
    return _BESIDE(path, *arguments)


def _projected(context: QueryContext, project: CompValue) -> Iterator[FrozenBindings]:
    """The rows of a SELECT with the values that variables had before: rdflib leaves these out."""
    given = context.initBindings or {}
    known = {name: value for name, value in given.items() if name in project.PV}
    for row in evaluate.evalPart(context, project.p):
        yield FrozenBindings(context, {**known, **row.project(project.PV)})


def _related(comparison: Any, context: object) -> Any:
    """The value of a comparison. rdflib orders values of any types, and to it IN is about terms."""
    one, other, operator = comparison.expr, comparison.other, comparison.op
    if operator in ("IN", "NOT IN"):
        found = any(_is_equal(one, each) for each in (() if other == RDF.nil else other))
        return Literal(found == (operator == "IN"))
    if operator in ("<", ">", "<=", ">=") and isinstance(one, Literal):
        is_of_its_type = isinstance(other, Literal) and not (one.ill_typed or other.ill_typed)
        if not is_of_its_type or _type(one) != _type(other):
            raise SPARQLError("values of different types have no order")
    return _RELATED(comparison, context)


def _is_equal(one: Node, other: Node) -> bool:
    if isinstance(one, Literal) and isinstance(other, Literal):
        with suppress(TypeError):
            return bool(one.eq(other))
    return one == other


def _resolved(term: Any, prologue: Any) -> Any:
    """The term for a name or literal of a query; strings have no type, as in the data."""
    found = _RESOLVED(term, prologue=prologue)
    return Literal(str(found)) if getattr(found, "datatype", None) == URIRef(XSD_STRING) else found


def _declared_prefixes(query: SPARQLQueryHelper) -> None:
    """Collect the prefixes of a query (section 5.2.1), and none that others declare."""
    graph = query.shape.sg.graph
    for prefixes in graph.objects(query.node, SH.prefixes):
        for source in graph.transitive_objects(prefixes, OWL.imports):
            for each in graph.objects(source, SH.declare):
                prefix = graph.value(each, SH.prefix)
                query.prefixes[str(prefix)] = URIRef(str(graph.value(each, SH.namespace)))


def _selected(
    _validator: object, _executor: object, focus: Node, _values: object, data: Graph, query: Any
) -> list[tuple[Node, Any]]:
    """The results of a SELECT for a focus node, which pySHACL asks for each value, if any."""
    given = query.param_bind_map
    known, text = query.pre_bind_variables(focus, extravars=given.keys())
    rows: Iterable[Any] = data.query(query.apply_prefixes(text), initBindings=known | given)
    names = ("this", "path", "value")
    return [
        (focus, bool(row.get("failure")) or tuple(row.get(name) for name in names)) for row in rows
    ]


def _for_all_values(component: Any, *arguments: Any) -> tuple[bool, list[Any]]:
    """The results for each value of a parameter; pySHACL takes one."""
    query, reports = component.query_helper, list[Any]()
    values = {each.localname: [*component.shape.objects(each.path())] for each in query.parameters}
    given = {name: found for name, found in values.items() if found}
    for chosen in product(*given.values()):
        query.param_bind_map = dict(zip(given, chosen, strict=True))
        reports += _EVALUATED(component, *arguments)[1]
    return not reports, reports


# The functions themselves.
_RELATED: Any = parser.RelationalExpression.evalfn
_RESOLVED = algebra.translatePName
_BESIDE: Any = NegatedPath.eval
_REACHED = expression_helper.value_nodes_from_path
_EVALUATED = BoundShapeValidatorComponent.evaluate
_PATH_TEXT = path_helper.shacl_path_to_sparql_path

# SERVICE, FROM and LOAD are refused. Values are compared as SHACL demands (sections 4.3 and 4.5):
# pySHACL sorts those of different types by the names of the types, and NaN below all numbers. It
# also binds a variable only behind white space or a bracket, and writes paths with prefixes that a
# query may declare otherwise.
REPLACED: tuple[tuple[Any, str, Any], ...] = (
    *(
        (SPARQLQueryHelper, f"bind_{short}_regex", re.compile(rf"()[$?]{name}\b"))
        for short, name in (
            *(("this", "this"), ("value", "value"), ("path", "PATH")),
            *(("sg", "shapesGraph"), ("cs", "currentShape")),
        )
    ),
    (SPARQLQueryHelper, "collect_prefixes", _declared_prefixes),
    (sparql_query_helper, "shacl_path_to_sparql_path", lambda sg, path, **_: _PATH_TEXT(sg, path)),
    (SelectConstraintValidator, "validate", _selected),
    (BoundShapeValidatorComponent, "evaluate", _for_all_values),
    (expression_helper, "value_nodes_from_path", _reached),
    (shape, "value_nodes_from_path", _reached),
    (evaluate, "evalProject", _projected),
    (parser.RelationalExpression, "evalfn", _related),
    (algebra, "translatePName", _resolved),
    (NegatedPath, "eval", _beside),
    (evaluate, "evalServiceQuery", _refused_retrieval),
    (QueryContext, "load", _refused_retrieval),
    (value_range_constraints, "compare_literal", _compared),
    (LessThanConstraintComponent, "_compare_lt", _in_wrong_order),
    (LessThanOrEqualsConstraintComponent, "_compare_ltoe", _in_wrong_order),
)
