"""A small graph to look things up in: shapes, ontology, a report."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from tipgraph.namespaces import RDF

Node = NamedNode | BlankNode
Term = Node | Literal | Triple
Index = dict[Term, list[Triple]]

TYPE = NamedNode(RDF + "type")
FIRST = NamedNode(RDF + "first")
REST = NamedNode(RDF + "rest")
SHACL = "http://www.w3.org/ns/shacl#"


def sh(name: str) -> NamedNode:
    """The term of SHACL with this name."""
    return NamedNode(SHACL + name)


def as_node(term: object) -> Node:
    """The term, which is an IRI or a blank node."""
    assert isinstance(term, NamedNode | BlankNode)
    return term


class Triples:
    """Triples, each once, in the order in which they came; terms stay as they are written.

    A store would know `1.0` and `1` for the same number, and give one for the other.
    """

    def __init__(self, triples: Iterable[Triple | Quad] = ()) -> None:
        self._all: dict[Triple, None] = {}
        self._by_term: tuple[Index, Index, Index] = ({}, {}, {})
        self.add(triples)

    def add(self, triples: Iterable[Triple | Quad]) -> None:
        for each in triples:
            triple = Triple(each.subject, each.predicate, each.object)
            if triple not in self._all:
                self._all[triple] = None
                for index, term in zip(self._by_term, _terms(triple), strict=True):
                    index.setdefault(term, []).append(triple)

    def __iter__(self) -> Iterator[Triple]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def match(
        self,
        subject: Term | None = None,
        predicate: NamedNode | None = None,
        value: Term | None = None,
    ) -> Iterator[Triple]:
        """The triples with these terms; None stands for any."""
        wanted = [
            (position, term)
            for position, term in enumerate((subject, predicate, value))
            if term is not None
        ]
        found = (self._by_term[position].get(term, []) for position, term in wanted)
        for triple in min(found, key=len, default=self._all):
            terms = _terms(triple)
            if all(terms[position] == term for position, term in wanted):
                yield triple

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        return [triple.object for triple in self.match(subject, predicate)]

    def value(self, subject: Term, predicate: NamedNode) -> Term | None:
        """One value, of several the first in order."""
        return min(self.values(subject, predicate), key=str, default=None)

    def subjects(self, predicate: NamedNode, value: Term | None = None) -> list[Node]:
        return [as_node(triple.subject) for triple in self.match(None, predicate, value)]

    def members(self, head: Term | None) -> list[Term]:
        """The members of an RDF list; a list that runs in a circle ends where it comes back."""
        found: list[Term] = []
        seen = set()
        while isinstance(head, NamedNode | BlankNode) and head not in seen:
            seen.add(head)
            found += self.values(head, FIRST)[:1]
            head = self.value(head, REST)
        return found


def _terms(triple: Triple) -> tuple[Term, Term, Term]:
    return triple.subject, triple.predicate, triple.object
