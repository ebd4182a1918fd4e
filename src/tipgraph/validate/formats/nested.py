"""Turtle as people write it: blank nodes where they are used, lists in brackets, a fixed order."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from pyoxigraph import BlankNode, Literal, NamedNode

from tipgraph.namespaces import RDF, XSD
from tipgraph.validate.names import shortened
from tipgraph.validate.triples import FIRST, REST, TYPE, Node, Term, Triples, as_node

NIL = NamedNode(RDF + "nil")
SHORT = {
    XSD + "boolean": re.compile("true|false"),
    XSD + "integer": re.compile("[+-]?[0-9]+"),
    XSD + "decimal": re.compile("[+-]?[0-9]*[.][0-9]+"),
}
INDENT = "    "
DEEPEST = 20


@dataclass
class Nested:
    """What the heads lead to in a graph, to be written in Turtle.

    Of the blank nodes the labelled keep their labels, and those used more than once get one.
    Properties come in the given order, and before all others.
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
        """The prefixes in use, then each head, and each node beside them that is told of."""
        blocks = [*self._blocks()]
        return "\n\n".join([*self._declarations(), *blocks]) + "\n"

    def _blocks(self) -> Iterator[str]:
        self._queue += sorted(self.heads, key=self._told_structure)
        self._queued.update(self.heads)
        for node in self._queue:  # which grows meanwhile
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
            for predicate, objects in self._told(node).items()
        )

    def _verb(self, predicate: NamedNode) -> str:
        return "a" if predicate == TYPE else self._name(predicate)

    def _objects(self, objects: list[Term], indent: str) -> str:
        return ", ".join(self._term(each, indent) for each in sorted(objects, key=self._structure))

    def _term(self, term: Term, indent: str) -> str:
        if isinstance(term, Literal):
            return self._literal(term)
        node = as_node(term)
        if node == NIL:
            return "()"
        members = self._members(node)
        if members:
            return f"( {' '.join(self._term(each, indent) for each in members)} )"
        if self._is_within(node) and len(indent) < DEEPEST * len(INDENT):
            return self._within(node, indent)
        return self._beside(node)

    def _literal(self, literal: Literal) -> str:
        kind = literal.datatype
        if kind.value in SHORT and SHORT[kind.value].fullmatch(literal.value):
            return literal.value
        if literal.language or kind.value == XSD + "string":
            return str(literal)
        return f"{Literal(literal.value)}^^{self._name(kind)}"

    def _within(self, node: Node, indent: str) -> str:
        properties = self._properties(node, indent + INDENT)
        if "\n" in properties:
            return f"[\n{indent}{INDENT}{properties}\n{indent}]"
        return f"[ {properties} ]" if properties else "[]"

    def _beside(self, node: Node) -> str:
        """The name of a node that has, or gets, a block of its own."""
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
            return str(node) if node in self.labelled else next(self._labels)
        name = shortened(node.value, self.prefixes)
        # Names of other letters than ASCII's are not all names in Turtle.
        return name if name != node.value and name.isascii() else str(node)

    @cached_property
    def _labels(self) -> Iterator[str]:
        labels = (BlankNode(f"b{number}") for number in count(1))
        return (str(label) for label in labels if label not in self.labelled)

    def _structure(self, term: Term, depth: int = 0) -> str:
        """What a term is sorted by: for a node without a name what is told of it."""
        if not isinstance(term, BlankNode) or term in self.labelled:
            return str(term)
        members = self._members(term)
        if members:
            return f"( {' '.join(self._structure(each, depth + 1) for each in members)} )"
        if self._is_within(term) and depth < DEEPEST:
            return self._told_structure(term, depth + 1)
        return "_"

    def _told_structure(self, node: Node, depth: int = 0) -> str:
        told = (
            f"{predicate} {' '.join(sorted(self._structure(each, depth) for each in objects))}"
            for predicate, objects in self._told(node).items()
        )
        return f"[ {' '.join(told)} ]"

    def _told(self, node: Node) -> dict[NamedNode, list[Term]]:
        """The objects by property, the properties in order."""
        told = defaultdict(list)
        for triple in self.graph.match(node):
            told[triple.predicate].append(triple.object)
        return {predicate: told[predicate] for predicate in sorted(told, key=self._place)}

    def _place(self, predicate: NamedNode) -> tuple[int, str]:
        place = self.order.index(predicate) if predicate in self.order else len(self.order)
        return place, predicate.value

    def _members(self, node: Term) -> list[Term]:
        """The members of a list that is nothing but a list; none of anything else."""
        members = []
        while node != NIL:
            told = self._told(as_node(node)) if self._is_within(node) else {}
            if [(key, len(objects)) for key, objects in told.items()] != [(FIRST, 1), (REST, 1)]:
                return []
            members += told[FIRST]
            (node,) = told[REST]
        return members

    def _is_within(self, term: Term) -> bool:
        """Whether a node can be written where it is used, as nothing else needs its name."""
        alone = self._uses[term] == 1 and term not in self.heads
        return alone and isinstance(term, BlankNode) and term not in self.labelled

    @cached_property
    def _uses(self) -> Counter[Term]:
        """How often each term is an object, in what the heads lead to."""
        uses: Counter[Term] = Counter()
        seen = set(self.heads)
        waiting = list(self.heads)
        while waiting:
            for triple in self.graph.match(waiting.pop()):
                node = triple.object
                uses[node] += 1
                if isinstance(node, NamedNode | BlankNode) and node not in seen:
                    seen.add(node)
                    waiting.append(node)
        return uses
