"""Corrections of pySHACL: functions of its own that differ from SHACL.

Tests compare the results with those that the recommendations demand.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from pyshacl import shape
from pyshacl.constraints.core import value_constraints, value_range_constraints
from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from pyshacl.constraints.core.string_based_constraints import MinLengthConstraintComponent
from pyshacl.constraints.sparql.sparql_based_constraint_components import (
    BoundShapeValidatorComponent,
    SelectConstraintValidator,
)
from pyshacl.helper import expression_helper, path_helper, sparql_query_helper
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, SH
from rdflib.term import Node

from tipgraph.namespaces import XSD
from tipgraph.rdf.sparql import used_prefixes
from tipgraph.validate.engines.rdflib_terms import XSD_STRING
from tipgraph.validate.literals import DURATIONS, INTEGERS, TIMES

# Types with whose values others are compared.
BASES = dict.fromkeys(INTEGERS | {XSD + "double", XSD + "float"}, XSD + "decimal") | dict.fromkeys(
    (XSD + "normalizedString", XSD + "token", XSD + "language"), XSD_STRING
)
# Types whose values have an order (SPARQL 1.1, section 17.3, and those of dates and times).
ORDERED = {*BASES.values(), *TIMES, *DURATIONS} | {
    XSD + name for name in ("boolean", "date", "dateTime", "dateTimeStamp")
}


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


def _too_short(
    component: Any, least: Literal, data: Graph, values: Mapping[Node, Iterable[Node]]
) -> tuple[bool, list[Any]]:
    """The results for values below sh:minLength; a blank node is, also where this is 0."""
    found = [
        component.make_v_result(data, focus, value_node=value)
        for focus, each in values.items()
        for value in each
        if isinstance(value, BNode) or len(str(value)) < least.value
    ]
    return bool(found), found


def _compared(first: Node, second: Node) -> int:
    """Return -1, 0 or 1. Raises TypeError for terms that SPARQL does not compare."""
    if not (isinstance(first, Literal) and isinstance(second, Literal)):
        raise TypeError
    is_ill_typed = first.ill_typed or second.ill_typed
    if is_ill_typed or _type(first) != _type(second) or _base(first) not in ORDERED:
        raise TypeError
    one, other = first.value, second.value
    # NaN is not itself.
    if one != one or other != other:
        raise TypeError
    return int(one > other) - int(one < other)


def _type(value: Literal) -> str:
    """The type with whose values a literal is compared; each language is one."""
    return (value.language or "").lower() + _base(value)


def _base(value: Literal) -> str:
    name = str(value.datatype or XSD_STRING)
    return BASES.get(name, name)


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


def _declared_prefixes(query: SPARQLQueryHelper) -> None:
    """Collect the prefixes of a query (section 5.2.1), and none that others declare."""
    graph = query.shape.sg.graph
    for prefixes in graph.objects(query.node, SH.prefixes):
        for source in graph.transitive_objects(prefixes, OWL.imports):
            for each in graph.objects(source, SH.declare):
                prefix = graph.value(each, SH.prefix)
                query.prefixes[str(prefix)] = URIRef(str(graph.value(each, SH.namespace)))


def _with_prefixes(query: SPARQLQueryHelper, text: str) -> str:
    """The query with the prefixes that it uses; another may have a relative IRI."""
    used = used_prefixes(text) & query.prefixes.keys()
    return "".join(f"PREFIX {name}: <{query.prefixes[name]}>\n" for name in sorted(used)) + text


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
_REACHED = expression_helper.value_nodes_from_path
_EVALUATED = BoundShapeValidatorComponent.evaluate
_PATH_TEXT = path_helper.shacl_path_to_sparql_path

# Values are compared as SHACL demands (sections 4.3 and 4.5): pySHACL sorts those of different
# types by the names of the types, and NaN below all numbers. It also binds a variable only behind
# white space or a bracket, and writes paths with prefixes that a query may declare otherwise.
REPLACED: tuple[tuple[Any, str, Any], ...] = (
    *(
        (SPARQLQueryHelper, f"bind_{short}_regex", re.compile(rf"()[$?]{name}\b"))
        for short, name in (
            *(("this", "this"), ("value", "value"), ("path", "PATH")),
            *(("sg", "shapesGraph"), ("cs", "currentShape")),
        )
    ),
    (SPARQLQueryHelper, "collect_prefixes", _declared_prefixes),
    (SPARQLQueryHelper, "apply_prefixes", _with_prefixes),
    (sparql_query_helper, "shacl_path_to_sparql_path", lambda sg, path, **_: _PATH_TEXT(sg, path)),
    (SelectConstraintValidator, "validate", _selected),
    (BoundShapeValidatorComponent, "evaluate", _for_all_values),
    (expression_helper, "value_nodes_from_path", _reached),
    (shape, "value_nodes_from_path", _reached),
    # To it, each literal has these two as a datatype.
    (value_constraints, "RDFS_Literal", None),
    (value_constraints, "RDFS_Datatype", None),
    (value_range_constraints, "compare_literal", _compared),
    (MinLengthConstraintComponent, "_evaluate_string_rule", _too_short),
    (LessThanConstraintComponent, "_compare_lt", _in_wrong_order),
    (LessThanOrEqualsConstraintComponent, "_compare_ltoe", _in_wrong_order),
)
