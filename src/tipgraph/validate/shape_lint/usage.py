"""Which parts of the shapes a validation uses."""

from collections.abc import Callable

from pyoxigraph import BlankNode, Literal, NamedNode

from tipgraph.validate.targets import find_targets
from tipgraph.validate.triples import TYPE, Term, Triples, sh

# What an engine uses without a target: it collects these from all files.
DEFINITIONS = {
    sh(name)
    for name in (
        *("ConstraintComponent", "SPARQLAskValidator", "SPARQLSelectValidator"),
        *("SPARQLFunction", "SPARQLTargetType", "JSFunction"),
    )
}


def usage(shapes: Triples) -> Callable[[Term], bool]:
    """Whether a validation uses a node of the shapes.

    It does where the node is, or is part of, an active shape with a target or a definition, such
    as a constraint component; over shapes that are deactivated it is not.
    """
    used: set[Term] = {*find_targets(shapes)}
    used |= {node for type_ in DEFINITIONS for node in shapes.subjects(TYPE, type_)}

    def is_used(node: Term) -> bool:
        waiting, visited = [node], set[Term]()
        while waiting:
            part = waiting.pop()
            if part in visited or _is_deactivated(shapes, part):
                continue
            if part in used:
                return True
            visited.add(part)
            waiting += [triple.subject for triple in shapes.match(None, None, part)]
        return False

    return is_used


def _is_deactivated(shapes: Triples, node: Term) -> bool:
    if not isinstance(node, NamedNode | BlankNode):
        return False
    value = shapes.value(node, sh("deactivated"))
    return isinstance(value, Literal) and value.value in ("true", "1")
