"""Canonical labels of blank nodes, where they do not take too long.

RDFC-1.0 distinguishes blank nodes by their own quads first. From those that look alike, it follows
links to others that look alike, in every order. A chain of 1,000 takes a minute, and ten nodes that
are all linked to each other do not end.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import lgamma, log

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad

from tipgraph.errors import InputError

# Limits on the cost of canonical labels, a second each: the cube of the number of blank nodes that
# look alike and are linked to each other, and the number of orders in which to follow these links.
MAX_STEPS = 3_000_000
MAX_ORDERS = 10**10

# A blank node that looks like another one, with those that it is linked to, by kind of link.
_Links = dict[BlankNode, dict[object, set[BlankNode]]]


def canonicalize(quads: Iterable[Quad]) -> list[Quad]:
    """The quads with canonical labels. Raises InputError where these would take too long."""
    # The labels depend on the quads with blank nodes alone, which are few in a large graph.
    named: list[Quad] = []
    unnamed: list[Quad] = []
    for quad in dict.fromkeys(quads):
        (unnamed if _blank_nodes(quad) else named).append(quad)
    steps = 0
    for part in _connected(_alike(unnamed)):
        steps += len(part) ** 3
        orders = sum(lgamma(len(group) + 1) for links in part for group in links.values())
        if steps > MAX_STEPS or orders > log(MAX_ORDERS):
            raise InputError(
                f"{len(part):,} blank nodes that look alike are linked to each other, and to name"
                " them takes too long; give them IRIs"
            )
    dataset = Dataset(unnamed)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [*named, *dataset]


def _alike(quads: Iterable[Quad]) -> _Links:
    """The blank nodes that look like others by their own quads, with the links among them."""
    mentions: defaultdict[BlankNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        for node in set(_blank_nodes(quad)):
            mentions[node].append(quad)
    looks = {node: _look(node, quads) for node, quads in mentions.items()}
    same: defaultdict[object, list[BlankNode]] = defaultdict(list)
    for node, look in looks.items():
        same[look].append(node)
    found: _Links = {node: {} for nodes in same.values() if len(nodes) > 1 for node in nodes}
    for node, links in found.items():
        for quad in mentions[node]:
            for position, other in enumerate((quad.subject, quad.object, quad.graph_name)):
                if other != node and isinstance(other, BlankNode) and other in found:
                    links.setdefault((position, quad.predicate, looks[other]), set()).add(other)
    return found


def _look(node: BlankNode, quads: Iterable[Quad]) -> frozenset[object]:
    def seen(term: object) -> object:
        return (term == node) if isinstance(term, BlankNode) else term

    return frozenset(
        (seen(quad.subject), quad.predicate, seen(quad.object), seen(quad.graph_name))
        for quad in quads
    )


def _connected(links: _Links) -> Iterator[list[dict[object, set[BlankNode]]]]:
    """The links of the nodes of each connected part."""
    seen: set[BlankNode] = set()
    for start in links:
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for node in part:  # grows in the loop
            for group in links[node].values():
                for other in group:
                    if other not in seen:
                        seen.add(other)
                        part.append(other)
        yield [links[node] for node in part]


def _blank_nodes(quad: Quad) -> list[BlankNode]:
    terms = (quad.subject, quad.object, quad.graph_name)
    return [term for term in terms if isinstance(term, BlankNode)]
