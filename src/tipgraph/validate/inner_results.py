"""The results of the shapes within `sh:and`, `sh:or` and `sh:xone`.

A result of such a constraint names the focus node only. What is wrong there shows when each inner
shape is run on that node by itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from pyoxigraph import BlankNode, NamedNode, Triple

from tipgraph.validate.engines import UnusableShapes
from tipgraph.validate.property_paths import arrivals, path_properties
from tipgraph.validate.results import ValidationResult
from tipgraph.validate.targets import target_triples
from tipgraph.validate.triples import Term, Triples, sh

RunShapes = Callable[[list[Triple]], Iterable[ValidationResult]]
# The triples of the data with one of these properties.
TriplesWith = Callable[[set[NamedNode]], Triples]


def run_inner_shapes(
    results: Iterable[ValidationResult], shapes: Triples, run: RunShapes, data: TriplesWith
) -> dict[ValidationResult, list[list[ValidationResult]]]:
    """For each result of a logical constraint, the results of each shape within it.

    `run` runs the engine on shapes, which is done once. Results of `sh:not` have no inner ones,
    because there the inner shape conforms.
    """
    logical = [each for each in results if each.inner_shapes and each.component != "Not"]
    if not logical:
        return {}
    pairs = {
        (shape, result.focus_node)
        for result in logical
        for shape in result.inner_shapes
        if isinstance(shape, NamedNode | BlankNode) and result.focus_node is not None
    }
    excluded = target_triples(shapes)
    targets = [Triple(shape, sh("targetNode"), node) for shape, node in pairs]
    try:
        inner = list(run([*(each for each in shapes if each not in excluded), *targets]))
    except UnusableShapes:  # The results stand, at the places that are known without this.
        return {}
    nested = _NestedShapes(shapes, data, {shape for shape, _ in pairs})
    return {
        result: [_within(inner, nested.focus_nodes(each, result)) for each in result.inner_shapes]
        for result in logical
    }


def _within(
    results: Sequence[ValidationResult], focus_nodes: Mapping[Term, set[Term]]
) -> list[ValidationResult]:
    """The results of these shapes about these focus nodes of theirs."""
    return [
        each
        for each in results
        if each.source_shape is not None
        and each.focus_node in focus_nodes.get(each.source_shape, ())
    ]


class _NestedShapes:
    """The property shapes within shapes, and the nodes that they are about."""

    def __init__(self, shapes: Triples, data: TriplesWith, roots: Iterable[Term]) -> None:
        self._shapes = shapes
        paths = [self._path(part) for root in roots for part in self._nested(root)]
        properties = {name for path in paths for name in path_properties(shapes, path)}
        self._data = data(properties) if properties else Triples()

    def focus_nodes(self, shape: Term, result: ValidationResult) -> dict[Term, set[Term]]:
        """For the shape and each property shape within it the focus nodes, from the result's."""
        found: dict[Term, set[Term]] = {}
        focus = result.focus_node
        new: list[tuple[Term, set[Term]]] = [(shape, set() if focus is None else {focus})]
        for part, nodes in new:  # grows in the loop
            if part not in found:
                found[part] = nodes
                path = self._path(part)
                values = nodes if path is None else self._ends(path, nodes)
                new += [(each, values) for each in self._shapes.values(part, sh("property"))]
        return found

    def _ends(self, path: Term, nodes: Iterable[Term]) -> set[Term]:
        return {
            each.node for node in nodes for each in arrivals(self._data, self._shapes, path, node)
        }

    def _nested(self, root: Term) -> list[Term]:
        """The property shapes that have property shapes, within this shape."""
        found = [root]
        for part in found:  # grows in the loop
            found += [
                each for each in self._shapes.values(part, sh("property")) if each not in found
            ]
        return [each for each in found if self._shapes.values(each, sh("property"))]

    def _path(self, shape: Term) -> Term | None:
        return self._shapes.value(shape, sh("path"))
