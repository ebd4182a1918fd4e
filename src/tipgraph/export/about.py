"""Return the description of one thing as RDF.

This is the symmetric concise bounded description (W3C member submission "CBD"): the triples from
the thing and those that lead to it; here also those of the passages that it rests on, and of the
parts that it consists of. A client gets the rest by following the IRIs.
"""

from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode, Quad, Store

from tipgraph.namespaces import PREFIXES, TIP

CV, OA = PREFIXES["cv"], PREFIXES["oa"]
# The properties that lead to what is a part of a thing or of its parts.
INWARD = frozenset(
    map(
        NamedNode,
        [
            *(CV + "holdsRequirement", CV + "hasRequirement", OA + "hasSelector"),
            *(OA + "refinedBy", TIP + "amount", TIP + "contingentOn", TIP + "evidence"),
            *(TIP + "ifNotMet", TIP + "sentence"),
        ],
    )
)


def about(store: Store, iri: str) -> list[Quad]:
    """The triples about the thing with this IRI, each once and without its graph."""
    thing = NamedNode(iri)
    found: dict[Quad, None] = {}
    waiting: list[NamedNode | BlankNode] = [thing]
    seen = {*waiting}
    for node in waiting:
        for quad in _triples(store, node):
            found[quad] = None
            part = quad.object
            is_part = isinstance(part, BlankNode) or quad.predicate in INWARD
            if is_part and isinstance(part, NamedNode | BlankNode) and part not in seen:
                seen.add(part)
                waiting.append(part)
    for quad in store.quads_for_pattern(None, None, thing, None):
        found[Quad(*quad.triple)] = None
    return list(found)


def _triples(store: Store, node: NamedNode | BlankNode) -> Iterator[Quad]:
    return (Quad(*quad.triple) for quad in store.quads_for_pattern(node, None, None, None))
