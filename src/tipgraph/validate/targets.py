"""Which nodes the shapes look at, found while the triples of data and ontology pass by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from tipgraph.namespaces import OURS, OWL, RDFS
from tipgraph.validate.triples import TYPE, Node, Term, Triples, as_node, sh

SUBCLASS = NamedNode(RDFS + "subClassOf")
CLASS = NamedNode(RDFS + "Class")
OWL_CLASS = NamedNode(OWL + "Class")
TARGETS = {
    sh(name)
    for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
}


@dataclass
class Target:
    """What one shape looks at (SHACL 2.1.3); `open` where only the engine can tell (SHACL-AF)."""

    classes: set[Term] = field(default_factory=set)
    nodes: set[Term] = field(default_factory=set)
    subjects_of: set[Term] = field(default_factory=set)
    objects_of: set[Term] = field(default_factory=set)
    open: bool = False


def targets(shapes: Triples) -> dict[Node, Target]:
    """The shapes that have a target and are not deactivated, in the order of their names."""
    found: defaultdict[Node, Target] = defaultdict(Target)
    for triple in shapes.match(None, sh("targetClass")):
        found[as_node(triple.subject)].classes.add(triple.object)
    for shape, _ in _classes_that_are_shapes(shapes):
        found[shape].classes.add(shape)
    for triple in shapes.match(None, sh("targetNode")):
        found[as_node(triple.subject)].nodes.add(triple.object)
    for triple in shapes.match(None, sh("targetSubjectsOf")):
        found[as_node(triple.subject)].subjects_of.add(triple.object)
    for triple in shapes.match(None, sh("targetObjectsOf")):
        found[as_node(triple.subject)].objects_of.add(triple.object)
    for triple in shapes.match(None, sh("target")):
        found[as_node(triple.subject)].open = True
    return {shape: found[shape] for shape in sorted(found, key=str) if _is_active(shapes, shape)}


def target_triples(shapes: Triples) -> set[Triple]:
    """The triples that say where shapes look; without them no shape looks anywhere."""
    explicit = {triple for name in TARGETS for triple in shapes.match(None, name)}
    implicit = {Triple(shape, TYPE, kind) for shape, kind in _classes_that_are_shapes(shapes)}
    return explicit | implicit


def narrowed(shapes: Triples, focus: Mapping[Node, set[Term]]) -> list[Triple]:
    """The shapes with these focus nodes in the place of what else selects nodes.

    Nodes that a shape names, and those that only the engine can tell, are looked at as before.
    """
    kept = {sh("targetNode"), sh("target")}
    selecting = {triple for triple in target_triples(shapes) if triple.predicate not in kept}
    named = (Triple(shape, sh("targetNode"), node) for shape in focus for node in focus[shape])
    return [*(triple for triple in shapes if triple not in selecting), *named]


def _classes_that_are_shapes(shapes: Triples) -> Iterator[tuple[Node, Node]]:
    """Implicit class targets (SHACL 2.1.3.3), each with what makes it a class."""
    for kind in {CLASS, OWL_CLASS, *shapes.subjects(SUBCLASS, CLASS)}:
        for node in shapes.subjects(TYPE, kind):
            if _is_shape(shapes, node):
                yield node, kind


def _is_shape(shapes: Triples, node: Node) -> bool:
    types = shapes.values(node, TYPE)
    return any(
        [
            sh("NodeShape") in types,
            sh("PropertyShape") in types,
            # pySHACL knows a shape by these as well.
            shapes.values(node, sh("property")),
            shapes.values(node, sh("node")),
        ]
    )


def _is_active(shapes: Triples, shape: Node) -> bool:
    told = shapes.value(shape, sh("deactivated"))
    return not (isinstance(told, Literal) and told.value in ("true", "1"))


class TargetIndex:
    """Sees triples pass, and knows then what each shape selects among the nodes of the data.

    Data and ontology are one graph to the shapes, but only nodes that the data mentions count.
    """

    def __init__(self, targets: dict[Node, Target]) -> None:
        self._targets = targets
        self._paths = {
            path for each in targets.values() for path in each.subjects_of | each.objects_of
        }
        self._instances: defaultdict[Term, set[Term]] = defaultdict(set)
        self._subclasses: defaultdict[Term, set[Term]] = defaultdict(set)
        self._subjects: defaultdict[Term, set[Term]] = defaultdict(set)
        self._objects: defaultdict[Term, set[Term]] = defaultdict(set)
        self._mentions: dict[Term, int] = {}
        self._foreign: set[Term] = set()

    def data(self, number: int, triples: Iterable[Triple]) -> Iterator[Triple]:
        """Lets the triples of a document of the data pass."""
        mentions, bit = self._mentions, 1 << number
        for triple in self._seen(triples):
            for term in (triple.subject, triple.object):
                if not isinstance(term, Literal) or triple.predicate in self._paths:
                    mentions[term] = mentions.get(term, 0) | bit
            yield triple

    def ontology(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """Lets triples pass that are not the data's."""
        for triple in self._seen(triples):
            self._foreign.add(triple.subject)
            if not isinstance(triple.object, Literal):
                self._foreign.add(triple.object)
            yield triple

    def _seen(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        for triple in triples:
            path = triple.predicate
            if path == TYPE:
                self._instances[triple.object].add(triple.subject)
            elif path == SUBCLASS:
                self._subclasses[triple.object].add(triple.subject)
            if path in self._paths:
                self._subjects[path].add(triple.subject)
                self._objects[path].add(triple.object)
            yield triple

    def is_about_data(self, focus: Term | None, value: Term | None) -> bool:
        """Whether a result is the data's: its focus node or value is, or is nobody else's.

        A shape that looks at everything from one place names the node at fault as the value; and
        a node that a target names need not be in the data.
        """
        terms = {focus, value} - {None}
        return bool(terms & self._mentions.keys()) or not terms & self._foreign

    def is_in(self, term: Term, number: int) -> bool:
        """Whether the document with this number speaks of the node."""
        return bool(self._mentions.get(term, 0) >> number & 1)

    @cached_property
    def focus(self) -> dict[Node, set[Term]]:
        """For each shape the nodes of the data that it selects, as far as can be told here."""
        return {shape: self._selected(target) for shape, target in self._targets.items()}

    def counts(self) -> dict[Node, int | None]:
        """For each shape how many nodes it looks at; None where only the engine can tell.

        Nodes that a target names are looked at whether the data speaks of them or not.
        """
        named = {shape: len(target.nodes) for shape, target in self._targets.items()}
        return {
            shape: number if number is None else number or named[shape]
            for shape, number in self.counts_in_data().items()
        }

    def counts_in_data(self) -> dict[Node, int | None]:
        """For each shape how many nodes of the data it looks at; None where nobody can tell."""
        return {
            shape: None if self._targets[shape].open else len(nodes)
            for shape, nodes in self.focus.items()
        }

    @cached_property
    def is_ours(self) -> bool:
        """Whether the data speaks of anything that is tipgraph's."""
        return any(isinstance(t, NamedNode) and t.value.startswith(OURS) for t in self._mentions)

    @property
    def is_told(self) -> bool:
        """Whether all that shapes look at can be told here."""
        return not any(target.open for target in self._targets.values())

    def looks_into(self, number: int) -> bool:
        """Whether any shape selects a node of which the document with this number speaks."""
        return bool(self._looked_into >> number & 1)

    @cached_property
    def _looked_into(self) -> int:
        """The documents that speak of a focus node, each a bit."""
        found = 0
        for node in set().union(*self.focus.values()):
            found |= self._mentions[node]
        return found

    def focus_nodes(self) -> int:
        """How many nodes any shape selects."""
        return len(set().union(*self.focus.values()))

    def _selected(self, target: Target) -> set[Term]:
        found = set(target.nodes)
        for kind in self._narrower(target.classes):
            found |= self._instances.get(kind, set())
        for path in target.subjects_of:
            found |= self._subjects.get(path, set())
        for path in target.objects_of:
            found |= self._objects.get(path, set())
        return found & self._mentions.keys()

    def _narrower(self, classes: set[Term]) -> set[Term]:
        found, new = set(classes), set(classes)
        while new:
            new = {each for kind in new for each in self._subclasses.get(kind, ())} - found
            found |= new
        return found
