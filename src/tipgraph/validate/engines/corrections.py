"""Corrections of pySHACL: functions of its own that differ from SHACL.

Tests compare the results with those that the recommendations demand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from itertools import product
from types import SimpleNamespace
from typing import Any, NamedTuple

from pyshacl import shape
from pyshacl.constraints import advanced
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.constraints.core import (
    string_based_constraints,
    value_constraints,
    value_range_constraints,
)
from pyshacl.constraints.core.property_pair_constraints import (
    LessThanConstraintComponent,
    LessThanOrEqualsConstraintComponent,
)
from pyshacl.constraints.core.string_based_constraints import (
    MinLengthConstraintComponent,
    PatternConstraintComponent,
)
from pyshacl.constraints.sparql.sparql_based_constraint_components import (
    BoundShapeValidatorComponent,
    SelectConstraintValidator,
)
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.errors import ReportableRuntimeError
from pyshacl.functions.shacl_function import SPARQLFunction
from pyshacl.helper import expression_helper, path_helper
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from pyshacl.rules import triple
from pyshacl.rules.shacl_rule import SHACLRule
from pyshacl.target import BoundSPARQLTargetType
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, SH
from rdflib.query import Result
from rdflib.term import Node
from rdflib.xsd_datetime import Duration

from tipgraph.namespaces import XSD
from tipgraph.rdf.sparql import used_prefixes, variables, with_variable, words
from tipgraph.validate.engines.rdflib_terms import XSD_STRING
from tipgraph.validate.engines.regular_expressions import compiled
from tipgraph.validate.literals import DURATIONS, INTEGERS, TIMES
from tipgraph.validate.shape_lint.embedded_code import MESSAGE_VARIABLE

# The properties that make a node expression, besides functions, whose arguments are lists.
EXPRESSIONS = (SH.path, SH.union, SH.intersection, SH.filterShape, SH.nodes)
# Variables of a solution that name parts of a result (section 5.3.2).
RESULT = ("this", "path", "value")

# Types with whose values others are compared.
BASES = dict.fromkeys(INTEGERS | {XSD + "double", XSD + "float"}, XSD + "decimal") | dict.fromkeys(
    (XSD + "normalizedString", XSD + "token", XSD + "language"), XSD_STRING
)
# Dates, and what makes parts of one a whole date.
DATES = {
    URIRef(XSD + name): parts
    for name, parts in {
        "date": ("", ""),
        "gYear": ("", "-01-01"),
        "gYearMonth": ("", "-01"),
        "gMonth": ("2000-", "-01"),
        "gMonthDay": ("2000-", ""),
        "gDay": ("2000-01-", ""),
    }.items()
}
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
    one, other = _value_of(first), _value_of(second)
    # NaN is not itself.
    if one != one or other != other:
        raise TypeError
    pairs = product(_moments(one, other), _moments(other, one))
    order, *others = {int(each > than) - int(each < than) for each, than in pairs}
    if others:
        raise TypeError
    return order


def _value_of(literal: Literal) -> Any:
    """The value of a literal. rdflib has none of a year, and dates without their time zone.

    Raises TypeError for a year that has not four digits.
    """
    value = literal.value
    if isinstance(value, Duration) and not value.tdelta:
        return value.years * 12 + value.months
    if literal.datatype not in DATES:
        return value
    before, after = DATES[literal.datatype]
    # A month and a day begin with hyphens.
    found = re.fullmatch(r"(?:---?)?(.*?)(Z|[+-]\d\d:\d\d)?", literal.strip(), re.DOTALL)
    assert found
    try:
        return datetime.fromisoformat(f"{before}{found[1]}{after}T00:00:00{found[2] or ''}")
    except ValueError:
        raise TypeError from None


def _moments(value: Any, other: Any) -> list[Any]:
    """The value; where it lacks the time zone that the other has, its first and last moment."""
    if not isinstance(value, datetime) or value.tzinfo or not getattr(other, "tzinfo", None):
        return [value]
    return [value.replace(tzinfo=timezone(timedelta(hours=hours))) for hours in (-14, 14)]


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


def _expressed(
    expression: Node, focus: Node, data: Graph, shapes: Any, recurse_depth: int = 0
) -> Iterable[Node | None]:
    """The nodes of a node expression.

    pySHACL takes one of several parts, and nothing for unions ten deep in each other.
    """
    parts = [
        name
        for name, value in shapes.predicate_objects(expression)
        if name in EXPRESSIONS or (value, RDF.first, None) in shapes.graph
    ]
    if isinstance(expression, BNode) and len(parts) != 1:
        raise ReportableRuntimeError("a node expression of none or several parts is not supported")
    return _EXPRESSED(expression, focus, data, shapes)


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


class _Keyword(NamedTuple):
    """A keyword, in the place of a pattern that finds it in names, variables and strings too."""

    text: str

    def search(self, query: str) -> bool:
        return self.text in words(query)


def _bound_before(
    query: Any, focus: Node, valuenode: Node | None = None, extravars: Any = None
) -> tuple[dict[str, Node], str]:
    """The variables that a query gets (section 5.3.1), and its text with the path.

    pySHACL binds no value that Python takes for false, such as 0 and an empty text.
    """
    text, path = query.select_text, query.shape.path()
    query.check_invalid_sparql(text, valuenode, extravars)
    used = variables(text)
    if "shapesGraph" in used:
        raise ReportableRuntimeError("a query uses $shapesGraph, which is not supported")
    if "PATH" in used:
        if path is None:
            raise ReportableRuntimeError("a query uses $PATH, and its shape has no sh:path")
        steps = _PATH_TEXT(query.shape.sg, path)
        # A query may repeat or invert the whole.
        text = with_variable(text, "PATH", f"({steps})" if isinstance(path, BNode) else steps)
    known = {"this": focus, "currentShape": query.shape.node, "value": valuenode}
    return {name: term for name, term in known.items() if term is not None}, text


def _solutions(_constraint: object, text: str, known: Any, data: Graph) -> list[tuple[Any, ...]]:
    """The solutions of a constraint's query, each once; pySHACL compares each with all others."""
    found = dict[Any, tuple[Any, ...]]()
    rows: Iterable[Any] = data.query(text, initBindings=known)
    for row in rows:
        others = row.asdict()
        if others.pop("failure", None) is not None:
            found.setdefault("failure", (True, others))
            continue
        result = tuple(others.pop(name, None) for name in RESULT)
        if result != (None, None, None):
            found[result, frozenset(others.items())] = (*result, others)
    return list(found.values())


def _selected(
    _validator: object, _executor: object, focus: Node, _values: object, data: Graph, query: Any
) -> list[tuple[Node, Any]]:
    """The results of a SELECT for a focus node, which pySHACL asks for each value, if any."""
    given = query.param_bind_map
    known, text = query.pre_bind_variables(focus, extravars=given.keys())
    rows: Iterable[Any] = data.query(query.apply_prefixes(text), initBindings=known | given)
    return [
        (focus, bool(row.get("failure")) or tuple(row.get(name) for name in RESULT)) for row in rows
    ]


def _given(query: SPARQLQueryHelper) -> Iterator[dict[str, Any]]:
    """The parameters of a component or of a target, for each of their values; pySHACL takes one."""
    values = {each.localname: [*query.shape.objects(each.path())] for each in query.parameters}
    given = {name: found for name, found in values.items() if found}
    for chosen in product(*given.values()):
        yield dict(zip(given, chosen, strict=True))


def _targets(target: Any, data: Graph) -> Result:
    """The nodes that a target of a type of one's own selects."""
    query = target.query_helper
    text = query.apply_prefixes(query.select_text)
    first, *others = (data.query(text, initBindings=given) for given in _given(query))
    first.bindings = [*first.bindings, *(row for each in others for row in each.bindings)]
    return first


def _value(function: Any, data: Graph, known: Any) -> Node | None:
    """The value of a function: that of the first variable in the first row, if it has any."""
    rows = data.query(function._qh.apply_prefixes(function.select), initBindings=known)
    return next((row.get(rows.vars[0]) for row in rows.bindings if rows.vars), None)


def _evaluated(
    component: Any, executor: object, data: Graph, nodes: Mapping[Node, Any], _path: object
) -> tuple[bool, list[Any]]:
    """The results of a component of one's own.

    pySHACL adds to the messages of a result those of all before it.
    """
    query, own_path, reports = component.query_helper, component.shape.path(), list[Any]()
    for given in _given(query):
        query.param_bind_map = given
        for focus, values in nodes.items():
            for value, found in component.validator.validate(executor, focus, values, data, query):
                if found is True:
                    raise ReportableRuntimeError("a query of a component reports a failure")
                # An ASK has none of these.
                this, path, selected = found or (None, None, None)
                this = focus if this is None else this
                known = {
                    **given,
                    "this": this,
                    "path": path or own_path,
                    "value": value if selected is None else selected,
                }
                result = component.make_v_result(
                    data,
                    this,
                    selected if own_path else known["value"],
                    path,
                    component.constraint.node,
                    extra_messages=[
                        Literal(_filled(each, known), lang=each.language)
                        for each in query.unbound_messages
                    ],
                )
                reports.append(result)
    return not reports, reports


def _with_patterns(component: PatternConstraintComponent, of: shape.Shape) -> None:
    """Take the patterns as XPath reads them, with all its flags: pySHACL knows two."""
    _INIT_PATTERN(component, of)
    flags = str(component.flags or "")
    component.compiled_cache = {each: compiled(each, flags) for each in component.compiled_cache}


def _formatted(_component: object, message: str, found: Any) -> str:
    """The message of a constraint's result, which pySHACL fills in as regular expressions."""
    *result, others = found if isinstance(found, tuple) else (found,)
    return _filled(message, dict(zip(RESULT, result, strict=False)) | others)


def _filled(message: str, values: Mapping[str, Node | None]) -> str:
    """The message, with the values of the variables in it."""
    known = {name: str(value) for name, value in values.items() if value is not None}
    return MESSAGE_VARIABLE.sub(lambda found: known.get(found[1], found[0]), message)


# The functions themselves.
_REACHED = expression_helper.value_nodes_from_path
_EXPRESSED = expression_helper.nodes_from_node_expression
_PATH_TEXT = path_helper.shacl_path_to_sparql_path
_INIT_PATTERN = PatternConstraintComponent.__init__

# Values are compared as SHACL demands (sections 4.3 and 4.5): pySHACL sorts those of different
# types by the names of the types, and NaN below all numbers.
REPLACED: tuple[tuple[Any, str, Any], ...] = (
    (SPARQLQueryHelper, "bind_this_regex", re.compile(r"[$?]this\b")),
    *(
        (SPARQLQueryHelper, f"has_{word.lower()}_regex", _Keyword(word))
        for word in ("MINUS", "VALUES", "SERVICE")
    ),
    (SPARQLQueryHelper, "pre_bind_variables", _bound_before),
    (SPARQLQueryHelper, "collect_prefixes", _declared_prefixes),
    (SPARQLQueryHelper, "apply_prefixes", _with_prefixes),
    # Where a parameter has a backslash, it fails.
    (SPARQLQueryHelper, "bind_messages", lambda _: None),
    (SPARQLBasedConstraint, "_validate_sparql_query", _solutions),
    (SelectConstraintValidator, "validate", _selected),
    (BoundShapeValidatorComponent, "evaluate", _evaluated),
    (BoundSPARQLTargetType, "find_targets", _targets),
    (SPARQLFunction, "execute_select", _value),
    (ConstraintComponent, "_format_sparql_based_result_message", _formatted),
    (expression_helper, "value_nodes_from_path", _reached),
    *(
        (module, "nodes_from_node_expression", _expressed)
        for module in (expression_helper, advanced, triple)
    ),
    # It runs the rules of a deactivated shape.
    (SHACLRule, "deactivated", property(lambda rule: rule._deactivated or rule.shape.deactivated)),
    (shape, "value_nodes_from_path", _reached),
    # To it, each literal has these two as a datatype.
    (value_constraints, "RDFS_Literal", None),
    (value_constraints, "RDFS_Datatype", None),
    (value_range_constraints, "compare_literal", _compared),
    (string_based_constraints, "re", SimpleNamespace(compile=lambda *_: None, I=0, M=0)),
    (PatternConstraintComponent, "__init__", _with_patterns),
    (MinLengthConstraintComponent, "_evaluate_string_rule", _too_short),
    (LessThanConstraintComponent, "_compare_lt", _in_wrong_order),
    (LessThanOrEqualsConstraintComponent, "_compare_ltoe", _in_wrong_order),
)
