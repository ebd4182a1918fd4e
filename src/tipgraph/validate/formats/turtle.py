"""The W3C validation report in Turtle, nested and in a fixed order."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.namespaces import XSD
from tipgraph.validate.formats.common import lowest_ranked, more
from tipgraph.validate.report import ValidationReport, severity_rank
from tipgraph.validate.triples import (
    FIRST,
    NIL,
    REST,
    SHACL,
    TYPE,
    Node,
    Term,
    Triples,
    as_node,
    sh,
    shorten,
    with_standard_prefixes,
)

PROPERTY_ORDER = [
    TYPE,
    sh("conforms"),
    sh("focusNode"),
    sh("resultPath"),
    sh("value"),
    sh("resultMessage"),
    sh("resultSeverity"),
    sh("sourceShape"),
    sh("sourceConstraintComponent"),
    sh("sourceConstraint"),
    sh("detail"),
    sh("result"),
]
# The datatypes with a short form in Turtle, and when it applies.
SHORT_FORMS = {
    XSD + "boolean": re.compile("true|false"),
    XSD + "integer": re.compile("[+-]?[0-9]+"),
    XSD + "decimal": re.compile("[+-]?[0-9]*[.][0-9]+"),
}
INDENT = "    "
MAX_DEPTH = 20


def render(report: ValidationReport, limit: int | None) -> str:
    """The report with all that it refers to, results sorted by focus node and path.

    Blank nodes of the data (focus nodes and values) keep their labels.
    """
    graph, omitted = _limited(Triples(report.triples or _empty_report(report)), limit)
    heads = graph.subjects(TYPE, sh("ValidationReport"))
    data_nodes = {
        triple.object
        for property in (sh("focusNode"), sh("value"))
        for triple in graph.match(None, property)
        if isinstance(triple.object, BlankNode)
    }
    prefixes = with_standard_prefixes(report.prefixes)
    text = NestedTurtle(graph, heads, data_nodes, PROPERTY_ORDER, prefixes).text()
    return f"{text}\n# {more(omitted)}\n" if omitted else text


def _empty_report(report: ValidationReport) -> Iterator[Triple]:
    head = BlankNode()
    yield Triple(head, TYPE, sh("ValidationReport"))
    yield Triple(head, sh("conforms"), Literal(report.conforms))


def _limited(graph: Triples, limit: int | None) -> tuple[Triples, Sequence[Triple]]:
    """The graph with the most severe results, and the `sh:result` triples of the others."""
    ordered = sorted(graph.match(None, sh("result")), key=lambda each: _order(graph, each))
    ranks = [_severity_rank(graph, as_node(triple.object)) for triple in ordered]
    _, omitted = lowest_ranked(ranks, ordered, limit)
    return (Triples(set(graph).difference(omitted)) if omitted else graph), omitted


def _order(graph: Triples, triple: Triple) -> list[str]:
    result = as_node(triple.object)
    return [str(graph.value(result, sh(name))) for name in ("focusNode", "resultPath", "value")]


def _severity_rank(graph: Triples, result: Node) -> int:
    severity = graph.value(result, sh("resultSeverity"))
    if not isinstance(severity, NamedNode):
        return 0
    return severity_rank(severity.value.removeprefix(SHACL))


@dataclass
class NestedTurtle:
    """Turtle for what the heads refer to: blank nodes nested, lists in parentheses, sorted.

    Blank nodes in `labelled` keep their labels; others that are used more than once get new ones.
    Properties in `order` come first. No library writes this: pyoxigraph does not nest, and rdflib's
    longturtle relabels blank nodes and sorts them by hash.
    """

    graph: Triples
    heads: Sequence[Node]
    labelled: Collection[Term]
    order: Sequence[NamedNode]
    prefixes: Mapping[str, str]
    _names: dict[Node, str] = field(default_factory=dict, init=False)
    _queue: list[Node] = field(default_factory=list, init=False)
    _queued: set[Node] = field(default_factory=set, init=False)

    def text(self) -> str:
        """The used prefixes, a block for each head, and one for each node that is not nested."""
        blocks = [*self._blocks()]
        return "\n\n".join([*self._declarations(), *blocks]) + "\n"

    def _blocks(self) -> Iterator[str]:
        self._queue += sorted(self.heads, key=self._description_key)
        self._queued.update(self.heads)
        for node in self._queue:  # grows in the loop
            properties = self._properties(node, INDENT)
            if properties:
                yield f"{self._name(node) if self._uses[node] else '[]'} {properties} ."

    def _declarations(self) -> Iterator[str]:
        names = (name for name in self._names.values() if not name.startswith(("<", "_:")))
        used = sorted({name.partition(":")[0] for name in names})
        if used:
            yield "\n".join(f"@prefix {prefix}: <{self.prefixes[prefix]}> ." for prefix in used)

    def _properties(self, node: Node, indent: str) -> str:
        return f" ;\n{indent}".join(
            f"{self._verb(predicate)} {self._objects(objects, indent)}"
            for predicate, objects in self._description(node).items()
        )

    def _verb(self, predicate: NamedNode) -> str:
        return "a" if predicate == TYPE else self._name(predicate)

    def _objects(self, objects: list[Term], indent: str) -> str:
        return ", ".join(self._term(each, indent) for each in sorted(objects, key=self._sort_key))

    def _term(self, term: Term, indent: str) -> str:
        if isinstance(term, Literal):
            return self._literal(term)
        node = as_node(term)
        if node == NIL:
            return "()"
        members = self._members(node)
        if members:
            return f"( {' '.join(self._term(each, indent) for each in members)} )"
        if self._is_nested(node) and len(indent) < MAX_DEPTH * len(INDENT):
            return self._nested(node, indent)
        return self._reference(node)

    def _literal(self, literal: Literal) -> str:
        datatype = literal.datatype
        short_form = SHORT_FORMS.get(datatype.value)
        if short_form and short_form.fullmatch(literal.value):
            return literal.value
        if literal.language or datatype.value == XSD + "string":
            return str(literal)
        return f"{Literal(literal.value)}^^{self._name(datatype)}"

    def _nested(self, node: Node, indent: str) -> str:
        properties = self._properties(node, indent + INDENT)
        if "\n" in properties:
            return f"[\n{indent}{INDENT}{properties}\n{indent}]"
        return f"[ {properties} ]" if properties else "[]"

    def _reference(self, node: Node) -> str:
        """The name of a node that has, or will get, its own block."""
        if node not in self._queued:
            self._queued.add(node)
            self._queue.append(node)
        return self._name(node)

    def _name(self, node: Node) -> str:
        if node not in self._names:
            self._names[node] = self._new_name(node)
        return self._names[node]

    def _new_name(self, node: Node) -> str:
        if isinstance(node, BlankNode):
            return str(node) if node in self.labelled else next(self._new_labels)
        name = shorten(node.value, self.prefixes)
        # Turtle does not allow all non-ASCII characters in names.
        return name if name != node.value and name.isascii() else str(node)

    @cached_property
    def _new_labels(self) -> Iterator[str]:
        labels = (BlankNode(f"b{number}") for number in count(1))
        return (str(label) for label in labels if label not in self.labelled)

    def _sort_key(self, term: Term, depth: int = 0) -> str:
        """The term, or the description of an unlabelled blank node."""
        if not isinstance(term, BlankNode) or term in self.labelled:
            return str(term)
        members = self._members(term)
        if members:
            return f"( {' '.join(self._sort_key(each, depth + 1) for each in members)} )"
        if self._is_nested(term) and depth < MAX_DEPTH:
            return self._description_key(term, depth + 1)
        return "_"

    def _description_key(self, node: Node, depth: int = 0) -> str:
        parts = (
            f"{predicate} {' '.join(sorted(self._sort_key(each, depth) for each in objects))}"
            for predicate, objects in self._description(node).items()
        )
        return f"[ {' '.join(parts)} ]"

    def _description(self, node: Node) -> dict[NamedNode, list[Term]]:
        """The node's objects by property, in the order of properties."""
        found = defaultdict(list)
        for triple in self.graph.match(node):
            found[triple.predicate].append(triple.object)
        return {predicate: found[predicate] for predicate in sorted(found, key=self._property_key)}

    def _property_key(self, predicate: NamedNode) -> tuple[int, str]:
        rank = self.order.index(predicate) if predicate in self.order else len(self.order)
        return rank, predicate.value

    def _members(self, node: Term) -> list[Term]:
        """The members of a list whose cells have no other properties; empty for other nodes."""
        members = []
        while node != NIL:
            cell = self._description(as_node(node)) if self._is_nested(node) else {}
            if [(key, len(objects)) for key, objects in cell.items()] != [(FIRST, 1), (REST, 1)]:
                return []
            members += cell[FIRST]
            (node,) = cell[REST]
        return members

    def _is_nested(self, term: Term) -> bool:
        """Whether a node is written where it is used, because nothing else refers to it."""
        is_used_once = self._uses[term] == 1 and term not in self.heads
        return is_used_once and isinstance(term, BlankNode) and term not in self.labelled

    @cached_property
    def _uses(self) -> Counter[Term]:
        """How often each term is an object, in what the heads refer to."""
        uses: Counter[Term] = Counter()
        visited = set(self.heads)
        waiting = list(self.heads)
        while waiting:
            for triple in self.graph.match(waiting.pop()):
                node = triple.object
                uses[node] += 1
                if isinstance(node, NamedNode | BlankNode) and node not in visited:
                    visited.add(node)
                    waiting.append(node)
        return uses
