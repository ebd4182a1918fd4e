"""What shapes look at: all triples that can change their results for given focus nodes.

Shapes reach triples by paths, and by the patterns of queries. For each path and each variable of a
pattern this computes nodes that include all to which it can lead. Triples elsewhere change no
result. There may be too many nodes, and never too few: what is not understood looks at everything.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from functools import cache, partial
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, Triple
from pyparsing import ParseResults
from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from tipgraph.namespaces import RDF, XSD
from tipgraph.validate.property_paths import ALTERNATIVE, INVERSE, REPEATED
from tipgraph.validate.shape_lint.embedded_queries import declared_prefixes, undeclared_prefixes
from tipgraph.validate.triples import SHACL, Node, Term, Triples, as_node, sh

PATH = sh("path")
SELECT = sh("select")
# What leads from a shape to shapes for its value nodes, directly or by a list.
NESTED = [sh(name) for name in ("property", "node", "not", "qualifiedValueShape")]
LISTS = [sh(name) for name in ("and", "or", "xone")]
# Other terms that look at nothing but the values and their own triples. With any further one, such
# as a custom constraint, a rule or a function, it is unknown what the shapes look at.
UNDERSTOOD = {PATH, ALTERNATIVE, INVERSE, *REPEATED, *NESTED, *LISTS} | {
    sh(name)
    for name in (
        *("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "deactivated"),
        *("name", "description", "message", "severity", "order", "group", "defaultValue"),
        *("class", "datatype", "nodeKind", "pattern", "flags", "languageIn", "uniqueLang"),
        *("minCount", "maxCount", "minLength", "maxLength", "hasValue", "in"),
        *("minInclusive", "maxInclusive", "minExclusive", "maxExclusive"),
        *("equals", "disjoint", "lessThan", "lessThanOrEquals", "closed", "ignoredProperties"),
        *("qualifiedMinCount", "qualifiedMaxCount"),
        *("sparql", "select", "prefixes", "declare", "prefix", "namespace"),
    )
}
# Other literals may be equal to an engine and written otherwise, such as 1 and 1.0.
TEXTS = {XSD + "string", RDF + "langString"}
THIS = Variable("this")

# A step is an IRI, or a sequence, alternatives, an inverse or a repetition of steps.
Step = NamedNode | tuple[str, Any]
Domains = Mapping[Any, Set[Term]]


class NotUnderstood(Exception):
    """A path or query that may look at anything."""


def are_understood(shapes: Triples) -> bool:
    """Whether it is known what each of the shapes looks at."""
    used = {triple.predicate for triple in shapes if triple.predicate.value.startswith(SHACL)}
    return used <= UNDERSTOOD


def used_prefixes(shapes: Triples, prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes, of these, that queries use without a declaration."""
    return {
        name: prefixes[name]
        for triple in shapes.match(None, SELECT)
        if isinstance(triple.object, Literal)
        for name in _undeclared(shapes, triple)
        if name in prefixes
    }


def _undeclared(shapes: Triples, query: Triple) -> list[str]:
    assert isinstance(query.object, Literal)
    return undeclared_prefixes(query.object.value, declared_prefixes(shapes, query.subject))


class Reads:
    """What shapes look at in the data; `prefixes` are those that queries may use undeclared."""

    def __init__(self, shapes: Triples, data: Triples, prefixes: Mapping[str, str]) -> None:
        self._shapes = shapes
        self._data = data
        self._prefixes = prefixes
        self._paths = cache(self._read_paths)
        self._nested = cache(self._read_nested)
        self._queries = cache(self._read_queries)
        self._forward: defaultdict[tuple[Term, NamedNode], list[Triple]] = defaultdict(list)
        self._backward: defaultdict[tuple[Term, NamedNode], list[Triple]] = defaultdict(list)
        for triple in data:
            self._forward[triple.subject, triple.predicate].append(triple)
            self._backward[triple.object, triple.predicate].append(triple)
        self._start()

    def _start(self) -> None:
        self._found: set[Triple] = set()
        self._described: set[Term] = set()
        self._visited: defaultdict[Node, set[Term]] = defaultdict(set)

    def by(self, focus_nodes: Mapping[Node, Set[Term]]) -> set[Triple]:
        """All that these shapes look at for these focus nodes."""
        self._start()
        try:
            for shape, nodes in focus_nodes.items():
                self._visit(shape, nodes)
        except NotUnderstood:
            return set(self._data)
        return self._found

    def _visit(self, shape: Node, nodes: Set[Term]) -> None:
        new = nodes - self._visited[shape]
        if not new:
            return
        self._visited[shape] |= new
        # Constraints compare the properties of a node, and look at the types of a value.
        values: Set[Term] = new
        self._describe(new)
        for path in self._paths(shape):
            values = self._follow(path, new)
            self._describe(values)
        for query in self._queries(shape):
            domains = self._group(query.where, {THIS: new}, {THIS})
            self._exists(query.having, domains)
        for nested in self._nested(shape):
            self._visit(nested, values)

    def _read_paths(self, shape: Node) -> list[Step]:
        return [_shacl_step(self._shapes, path) for path in self._shapes.values(shape, PATH)]

    def _read_nested(self, shape: Node) -> list[Node]:
        heads = [head for name in LISTS for head in self._shapes.values(shape, name)]
        return [
            *(as_node(each) for name in NESTED for each in self._shapes.values(shape, name)),
            *(as_node(each) for head in heads for each in self._shapes.members(head)),
        ]

    def _read_queries(self, shape: Node) -> list[CompValue]:
        return [
            _parsed(text.value, {**self._prefixes, **declared_prefixes(self._shapes, constraint)})
            for constraint in self._shapes.values(shape, sh("sparql"))
            for text in self._shapes.values(constraint, SELECT)
            if isinstance(text, Literal)
        ]

    # Triples. Each method adds those that it looks at.

    def _describe(self, nodes: Set[Term]) -> None:
        """Look at all triples of these subjects."""
        for node in nodes - self._described:
            self._found.update(self._data.match(node))
        self._described |= nodes

    def _follow(self, step: Step, nodes: Iterable[Term], inverse: bool = False) -> set[Term]:
        """The nodes to which the step leads; with `inverse` those from which it leads to these."""
        match step:
            case NamedNode() if inverse:
                return self._subjects(each for node in nodes for each in self._into(node, step))
            case NamedNode():
                return self._objects(
                    each for node in nodes for each in self._forward.get((node, step), ())
                )
            case "/", steps:
                for each in reversed(steps) if inverse else steps:
                    nodes = self._follow(each, nodes, inverse)
                return set(nodes)
            case "|", steps:
                return {node for each in steps for node in self._follow(each, nodes, inverse)}
            case "^", inner:
                return self._follow(inner, nodes, not inverse)
            case "*", inner:
                found = new = set(nodes)
                while new:
                    new = self._follow(inner, new, inverse) - found
                    found = found | new
                return found
        raise NotUnderstood

    def _into(self, node: Term, predicate: NamedNode | None) -> Iterable[Triple]:
        if isinstance(node, Literal) and node.datatype.value not in TEXTS:
            return self._data.match(None, predicate)
        if predicate is None:
            return self._data.match(None, None, node)
        return self._backward.get((node, predicate), ())

    def _subjects(self, triples: Iterable[Triple]) -> set[Term]:
        read = set(triples)
        self._found |= read
        return {triple.subject for triple in read}

    def _objects(self, triples: Iterable[Triple]) -> set[Term]:
        read = set(triples)
        self._found |= read
        return {triple.object for triple in read}

    # Queries. A domain includes all that a variable can be; without one it can be anything.

    def _group(self, group: CompValue, outer: Domains, fixed: Set[Any]) -> Domains:
        """Read what the group looks at, and return the domains of its variables too.

        `fixed` are the variables that have a value before the group is evaluated.
        """
        if group.name == "SubSelect":
            return self._subquery(group, outer, fixed)
        parts = list(group.part or ())
        domains = {**outer, **_constants(parts)}
        patterns = _patterns(parts)
        self._match(patterns, domains)
        # A filter knows nothing of the variables of groups around its own.
        own = {*fixed, *_constants(parts), *(term for each in patterns for term in each)}
        for part in parts:
            if part.name == "GroupOrUnionGraphPattern":
                found = [self._group(each, domains, fixed) for each in part.graph]
                for variable in set.intersection(*(set(each) for each in found)):
                    joined = set().union(*(each[variable] for each in found))
                    domains.setdefault(variable, joined)
        before = set(fixed)
        for part in parts:
            if part.name in ("OptionalGraphPattern", "MinusGraphPattern"):
                # What comes after it may only look at what this left.
                known = {name: domain for name, domain in domains.items() if name in before}
                self._group(part.graph, known, fixed)
            elif part.name in ("Bind", "Filter"):
                self._exists(part.expr, {name: domains[name] for name in own & domains.keys()})
            elif part.name not in ("TriplesBlock", "GroupOrUnionGraphPattern", "InlineData"):
                raise NotUnderstood
            before |= {term for pattern in _patterns([part]) for term in pattern}
        return domains

    def _subquery(self, query: CompValue, outer: Domains, fixed: Set[Any]) -> Domains:
        """The same for a subquery, in which only `$this` is known, where it is selected."""
        selected = {each.var for each in query.projection or () if each.var is not None}
        if query.limitoffset or not selected:
            raise NotUnderstood
        known = {THIS} & selected & fixed
        domains = self._group(query.where, {name: outer[name] for name in known}, known)
        self._exists(query.having, domains)
        return {**{name: domains[name] for name in selected & domains.keys()}, **outer}

    def _exists(self, expression: Any, domains: Domains) -> None:
        """Read what the groups of EXISTS and NOT EXISTS in the expression look at."""
        if isinstance(expression, CompValue):
            if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                self._group(expression.graph, domains, domains.keys())
            else:
                self._exists(list(dict.values(expression)), domains)
        elif isinstance(expression, list | ParseResults):
            for each in expression:
                self._exists(each, domains)

    def _match(self, patterns: list[tuple[Any, Any, Any]], domains: dict[Any, Set[Term]]) -> None:
        """Read what patterns that all have to match look at, and add to the domains.

        The pattern that looks at the fewest triples comes first, since it limits the others.
        """
        waiting = list(patterns)
        while waiting:
            pattern = min(waiting, key=lambda each: self._cost(each, domains))
            waiting.remove(pattern)
            subject, predicate, value = pattern
            step = _query_step(predicate, domains)
            subjects, values = _domain(subject, domains), _domain(value, domains)
            if subjects is not None:
                found = (
                    self._objects(each for node in subjects for each in self._data.match(node))
                    if step is None
                    else self._follow(step, subjects)
                )
                _narrow(domains, value, found)
            elif values is not None:
                found = (
                    self._subjects(each for node in values for each in self._into(node, None))
                    if step is None
                    else self._follow(step, values, inverse=True)
                )
                _narrow(domains, subject, found)
            elif isinstance(step, NamedNode):
                _narrow(domains, subject, self._subjects(self._data.match(None, step)))
                _narrow(domains, value, self._objects(self._data.match(None, step)))
            else:
                raise NotUnderstood

    def _cost(self, pattern: tuple[Any, Any, Any], domains: Domains) -> int:
        """The number of triples that the pattern may look at; 0 where its subjects are known."""
        subject, predicate, value = pattern
        values = _domain(value, domains)
        if _domain(subject, domains) is not None:
            return 0
        if values is not None and isinstance(predicate, URIRef | Variable):
            return sum(self._data.number(node, 2) for node in values)
        return len(self._data)


def _parsed(text: str, prefixes: Mapping[str, str]) -> CompValue:
    """The query's syntax tree, with full IRIs and with paths."""
    try:
        prologue, query = parseQuery(text)
        names = translatePrologue(
            prologue, None, {key: URIRef(iri) for key, iri in prefixes.items()}
        )
        query = traverse(query, visitPost=partial(translatePName, prologue=names))
        query = traverse(query, visitPost=translatePath)
    except Exception as error:
        raise NotUnderstood from error
    # An engine puts a path in the place of $PATH.
    if query.name != "SelectQuery" or query.datasetClause or "PATH" in text:
        raise NotUnderstood
    return cast(CompValue, query)


def _patterns(parts: Iterable[CompValue]) -> list[tuple[Any, Any, Any]]:
    """The triple patterns of the group itself, without those of groups in it."""
    return [
        (terms[index], terms[index + 1], terms[index + 2])
        for part in parts
        if part.name == "TriplesBlock"
        for terms in part.triples
        for index in range(0, len(terms), 3)
    ]


def _constants(parts: Iterable[CompValue]) -> dict[Any, Set[Term]]:
    """The variables to which BIND gives an IRI."""
    found: dict[Any, Set[Term]] = {}
    for part in parts:
        if part.name == "Bind":
            value = part.expr
            while isinstance(value, CompValue) and len(value) == 1 and "expr" in value:
                value = dict.__getitem__(value, "expr")
            if isinstance(value, URIRef):
                found[part.var] = {NamedNode(value)}
    return found


def _domain(term: Any, domains: Domains) -> Set[Term] | None:
    if isinstance(term, URIRef):
        return {NamedNode(term)}
    return domains.get(term) if isinstance(term, Variable | BNode) else None


def _narrow(domains: dict[Any, Set[Term]], term: Any, found: set[Term]) -> None:
    """Note that the term is one of these; two literals may be equal and written otherwise."""
    if isinstance(term, Variable | BNode):
        before = domains.get(term)
        if before is None:
            domains[term] = found
        elif not any(isinstance(each, Literal) for each in (*before, *found)):
            domains[term] = before & found


def _shacl_step(shapes: Triples, path: Term) -> Step:
    if isinstance(path, NamedNode):
        return path
    steps = shapes.members(path)
    if steps:
        return "/", [_shacl_step(shapes, each) for each in steps]
    for alternatives in shapes.values(path, ALTERNATIVE):
        return "|", [_shacl_step(shapes, each) for each in shapes.members(alternatives)]
    for inner in shapes.values(path, INVERSE):
        return "^", _shacl_step(shapes, inner)
    for operator in REPEATED:
        for inner in shapes.values(path, operator):
            return "*", _shacl_step(shapes, inner)
    raise NotUnderstood


def _query_step(path: Any, domains: Domains) -> Step | None:
    """The step of a pattern; None where it can be any property."""
    match path:
        case URIRef():
            return NamedNode(path)
        case Variable():
            known = domains.get(path)
            return None if known is None else ("|", sorted(known, key=str))
        case SequencePath():
            return "/", [_query_step(each, domains) for each in path.args]
        case AlternativePath():
            return "|", [_query_step(each, domains) for each in path.args]
        case InvPath():
            return "^", _query_step(path.arg, domains)
        case MulPath():
            return "*", _query_step(path.path, domains)
    raise NotUnderstood
