"""A small in-memory graph for shapes, ontologies and reports: lookups by term, and RDF lists."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from tipgraph.validate.terms import FIRST, NIL, REST, Node, Term, as_node

Index = dict[Term, list[Triple]]


class Triples:
    """A set of triples in insertion order; literals keep their lexical form.

    A pyoxigraph Store is no replacement: it treats `1.0` and `1` as one number and returns either.
    """

    def __init__(self, triples: Iterable[Triple | Quad] = ()) -> None:
        self._all: dict[Triple, None] = {}
        self._by_term: tuple[Index, Index, Index] = ({}, {}, {})
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
        """The triples with these terms; None matches any."""
        wanted = [
            (position, term)
            for position, term in enumerate((subject, predicate, value))
            if term is not None
        ]
        candidates = (self._by_term[position].get(term, []) for position, term in wanted)
        for triple in min(candidates, key=len, default=self._all):
            terms = _terms(triple)
            if all(terms[position] == term for position, term in wanted):
                yield triple

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """The objects of the triples with this subject and predicate."""
        return [triple.object for triple in self.match(subject, predicate)]

    def value(self, subject: Term, predicate: NamedNode) -> Term | None:
        """One of `values`, the first in sort order; None where there is none."""
        return min(self.values(subject, predicate), key=str, default=None)

    def subjects(self, predicate: NamedNode, value: Term | None = None) -> list[Node]:
        """The subjects of the triples with this predicate and object."""
        return [as_node(triple.subject) for triple in self.match(None, predicate, value)]

    def members(self, head: Term | None) -> list[Term]:
        """The members of an RDF list; a circular list ends where it returns to a visited cell."""
        return [triple.object for cell in self._cells(head) for triple in cell[:1]]

    def member_triples(self, head: Term | None) -> Iterator[Triple]:
        """The `rdf:first` triples of an RDF list, whether it is well-formed or not."""
        for cell in self._cells(head):
            yield from cell

    def is_list(self, head: Term) -> bool:
        """Whether the term is a well-formed list: each cell has one member, and it ends."""
        visited: set[Term] = set()
        while head != NIL:
            if not isinstance(head, NamedNode | BlankNode) or head in visited:
                return False
            visited.add(head)
            members, rests = self.values(head, FIRST), self.values(head, REST)
            if len(members) != 1 or len(rests) != 1:
                return False
            (head,) = rests
        return True

    def _cells(self, head: Term | None) -> Iterator[list[Triple]]:
        """The `rdf:first` triples of each cell."""
        visited: set[Term] = set()
        while isinstance(head, NamedNode | BlankNode) and head not in visited:
            visited.add(head)
            yield list(self.match(head, FIRST))
            head = self.value(head, REST)


def _terms(triple: Triple) -> tuple[Term, Term, Term]:
    return triple.subject, triple.predicate, triple.object
