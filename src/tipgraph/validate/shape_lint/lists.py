"""RDF lists, cell by cell."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode, Triple

from tipgraph.namespaces import RDF
from tipgraph.validate.triples import FIRST, REST, Term, Triples

NIL = NamedNode(RDF + "nil")


def items(graph: Triples, head: Term | None) -> Iterator[Triple]:
    """The triples that name the members of a list, be it well-formed or not."""
    seen: set[Term] = set()
    while isinstance(head, NamedNode | BlankNode) and head not in seen:
        seen.add(head)
        yield from graph.match(head, FIRST)
        head = graph.value(head, REST)


def is_list(graph: Triples, head: Term) -> bool:
    """Whether the list comes to its end and has one member in each cell."""
    seen: set[Term] = set()
    while head != NIL:
        if not isinstance(head, NamedNode | BlankNode) or head in seen:
            return False
        seen.add(head)
        members, rests = graph.values(head, FIRST), graph.values(head, REST)
        if len(members) != 1 or len(rests) != 1:
            return False
        (head,) = rests
    return True
