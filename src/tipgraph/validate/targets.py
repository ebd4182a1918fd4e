"""The focus nodes of shapes, found while the triples of data and ontology stream past."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.namespaces import OWL, RDFS
from tipgraph.validate.triples import TYPE, Node, Term, Triples, as_node, reachable, sh

SUBCLASS = NamedNode(RDFS + "subClassOf")
CLASS = NamedNode(RDFS + "Class")
OWL_CLASS = NamedNode(OWL + "Class")
# The field of Target for each kind of target.
FIELDS = {
    "targetClass": "classes",
    "targetNode": "nodes",
    "targetSubjectsOf": "subjects_of",
    "targetObjectsOf": "objects_of",
}
TARGETS = [*map(sh, FIELDS), sh("target")]


@dataclass
class Target:
    """The targets of one shape (SHACL 2.1.3); `custom` if only the engine knows them (SHACL-AF)."""

    classes: set[Term] = field(default_factory=set)
    nodes: set[Term] = field(default_factory=set)
    subjects_of: set[Term] = field(default_factory=set)
    objects_of: set[Term] = field(default_factory=set)
    custom: bool = False


def find_targets(shapes: Triples) -> dict[Node, Target]:
    """The active shapes with a target, sorted by name."""
    found: defaultdict[Node, Target] = defaultdict(Target)
    for name, field_name in FIELDS.items():
        for triple in shapes.match(None, sh(name)):
            getattr(found[as_node(triple.subject)], field_name).add(triple.object)
    for shape, _ in _implicit_class_targets(shapes):
        found[shape].classes.add(shape)
    for shape in shapes.subjects(sh("target")):
        found[shape].custom = True
    active = (shape for shape in sorted(found, key=str) if not is_deactivated(shapes, shape))
    return {shape: found[shape] for shape in active}


def target_triples(shapes: Triples) -> set[Triple]:
    """The triples that define targets; without them the shapes select nothing."""
    explicit = {triple for name in TARGETS for triple in shapes.match(None, name)}
    implicit = {Triple(shape, TYPE, class_) for shape, class_ in _implicit_class_targets(shapes)}
    return explicit | implicit


def with_class_targets(shapes: Triples) -> list[Triple]:
    """The shapes, with implicit class targets written out: pySHACL does not find all of them."""
    implicit = {shape for shape, _ in _implicit_class_targets(shapes)}
    return [*shapes, *(Triple(shape, sh("targetClass"), shape) for shape in implicit)]


def custom_target_probes(shapes: Triples) -> dict[Term | None, tuple[Node, list[Triple]]]:
    """By the name of a probe, a shape with a custom target, and triples that fail all it selects.

    An engine that runs them beside the shapes reports the focus nodes, those that rules give too.
    """
    found: dict[Term | None, tuple[Node, list[Triple]]] = {}
    for number, (shape, target) in enumerate(find_targets(shapes).items()):
        if target.custom:
            probe = NamedNode(f"urn:tipgraph:target:{number}")
            selected = shapes.values(shape, sh("target"))
            triples = [
                Triple(probe, sh("hasValue"), probe),
                *(Triple(probe, sh("target"), each) for each in selected),
                Triple(probe, TYPE, sh("NodeShape")),
            ]
            found[probe] = shape, triples
    return found


def restrict_targets(shapes: Triples, focus_nodes: Mapping[Node, set[Term]]) -> list[Triple]:
    """The shapes, with these focus nodes in place of their targets.

    Named nodes (`sh:targetNode`) and custom targets stay as they are.
    """
    kept = {sh("targetNode"), sh("target")}
    replaced = {triple for triple in target_triples(shapes) if triple.predicate not in kept}
    nodes = (
        Triple(shape, sh("targetNode"), node)
        for shape in focus_nodes
        for node in focus_nodes[shape]
    )
    return [*(triple for triple in shapes if triple not in replaced), *nodes]


def _implicit_class_targets(shapes: Triples) -> Iterator[tuple[Node, Node]]:
    """Implicit class targets (SHACL 2.1.3.3), each with the type that makes it a class."""
    start: tuple[Node, ...] = (CLASS, OWL_CLASS)
    for class_ in reachable(start, lambda each: shapes.subjects(SUBCLASS, each)):
        for node in shapes.subjects(TYPE, class_):
            if _is_shape(shapes, node):
                yield node, class_


def _is_shape(shapes: Triples, node: Node) -> bool:
    types = shapes.values(node, TYPE)
    return any(
        [
            sh("NodeShape") in types,
            sh("PropertyShape") in types,
            # pySHACL recognises shapes by these too.
            shapes.values(node, sh("property")),
            shapes.values(node, sh("node")),
        ]
    )


def is_deactivated(shapes: Triples, shape: Term) -> bool:
    """Return whether a shape has `sh:deactivated true`."""
    value = shapes.value(shape, sh("deactivated"))
    return isinstance(value, Literal) and value.value in ("true", "1")


class TargetIndex:
    """Observes the triples that pass through it, and then knows the focus nodes of each shape.

    To the shapes data and ontology are one graph, but only nodes that the data mentions count.
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
        # For each term the numbers of the documents that mention it, as bits.
        self._mentions: dict[Term, int] = {}
        self._described: set[Term] = set()
        self._ontology_terms: set[Term] = set()
        self._reference_nodes: set[Term] = set()
        # The focus nodes of custom targets, for each shape that an engine was asked about.
        self._custom: dict[Node, set[Term]] = {}

    def data(self, number: int, triples: Iterable[Triple]) -> Iterator[Triple]:
        """Pass on the triples of the data document with this number."""
        mentions, bit = self._mentions, 1 << number
        for triple in self._observed(triples):
            self._described.add(triple.subject)
            for term in (triple.subject, triple.object):
                if not isinstance(term, Literal) or triple.predicate in self._paths:
                    mentions[term] = mentions.get(term, 0) | bit
            yield triple

    def ontology(self, triples: Iterable[Triple], has_shapes: bool = False) -> Iterator[Triple]:
        """Pass on triples that are not data. A node that shapes only name may be missing."""
        for triple in self._observed(triples):
            self._ontology_terms.add(triple.subject)
            if not (has_shapes or isinstance(triple.object, Literal)):
                self._ontology_terms.add(triple.object)
            yield triple

    def reference(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """Pass on triples on nodes that the data refers to; shapes select none of those nodes."""
        for triple in self._observed(triples):
            if triple.subject not in self._described:
                self._reference_nodes.add(triple.subject)
            yield triple

    def _observed(self, triples: Iterable[Triple]) -> Iterator[Triple]:
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

    def is_about_data(self, focus_node: Term | None, value: Term | None) -> bool:
        """Return whether a result is about the data: its focus node or value is in the data.

        The value counts because a shape with one focus node can report other nodes as values.
        Nodes in neither data nor ontology count too: a target can name a node that is missing.
        """
        terms = {focus_node, value} - {None}
        if (terms & self._mentions.keys()) - self._reference_nodes:
            return True
        return self._ontology_terms.isdisjoint(terms) and self._reference_nodes.isdisjoint(terms)

    def mentioning(self, term: Term) -> Iterator[int]:
        """The numbers of the documents that mention the node."""
        left = self._mentions.get(term, 0)
        while left:
            number = left.bit_length() - 1
            yield number
            left ^= 1 << number

    def add_custom(self, focus_nodes: Mapping[Node, set[Term]]) -> None:
        """Add the focus nodes of shapes with custom targets, before any is asked for."""
        self._custom.update(focus_nodes)

    @cached_property
    def focus_nodes(self) -> dict[Node, set[Term]]:
        """For each shape the data's nodes that it selects; of custom targets the added ones."""
        own = self._mentions.keys() - self._reference_nodes
        found = {shape: self._selected(target) & own for shape, target in self._targets.items()}
        for shape, nodes in self._custom.items():
            # Rules may have made them.
            found[shape] |= {each for each in nodes if self.is_about_data(each, None)}
        return found

    def counts(self) -> dict[Node, int]:
        """The number of focus nodes of each shape.

        Nodes that a target names count even if the data does not mention them.
        """
        return {
            shape: number or len(self._targets[shape].nodes)
            for shape, number in self.counts_in_data().items()
        }

    def counts_in_data(self) -> dict[Node, int]:
        """The number of the data's nodes that each shape selects."""
        return {shape: len(nodes) for shape, nodes in self.focus_nodes.items()}

    def mentions_namespace(self, namespace: str) -> bool:
        """Return whether the data mentions an IRI that starts with this."""
        nodes = (term for term in self._mentions if isinstance(term, NamedNode))
        return any(node.value.startswith(namespace) for node in nodes)

    @property
    def can_be_named(self) -> bool:
        """Return whether a shape can name all focus nodes: each is an IRI or a literal."""
        return not any(isinstance(node, BlankNode) for node in self.all_focus_nodes)

    def selects_from(self, number: int) -> bool:
        """Return whether a shape selects a node that the document with this number mentions."""
        return bool(self._selected_documents >> number & 1)

    @cached_property
    def _selected_documents(self) -> int:
        """The numbers of the documents that mention a focus node, as bits."""
        found = 0
        for node in self.all_focus_nodes:
            found |= self._mentions.get(node, 0)
        return found

    @cached_property
    def all_focus_nodes(self) -> set[Term]:
        """The data's nodes that at least one shape selects."""
        return set().union(*self.focus_nodes.values())

    def _selected(self, target: Target) -> set[Term]:
        found = set(target.nodes)
        for class_ in reachable(target.classes, lambda each: self._subclasses.get(each, ())):
            found |= self._instances.get(class_, set())
        for path in target.subjects_of:
            found |= self._subjects.get(path, set())
        for path in target.objects_of:
            found |= self._objects.get(path, set())
        return found
