"""RDF terms and triples: text, prefixed names, a small graph for lookups."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from tipgraph.namespaces import OWL, RDF, RDFS, XSD

Node = NamedNode | BlankNode
Term = Node | Literal | Triple
Index = dict[tuple[Term, ...], list[Triple]]
Item = TypeVar("Item")
# Makes a term readable in a message.
Namer = Callable[[Term], str]

SHACL = "http://www.w3.org/ns/shacl#"
TYPE = NamedNode(RDF + "type")
FIRST = NamedNode(RDF + "first")
REST = NamedNode(RDF + "rest")
NIL = NamedNode(RDF + "nil")

# Known even where no file declares them.
STANDARD_PREFIXES = {"owl": OWL, "rdf": RDF, "rdfs": RDFS, "sh": SHACL, "xsd": XSD}

LOCAL_NAME = re.compile(r"[\w](?:[\w.-]*[\w-])?\Z|\Z")
IRI_IN_TEXT = re.compile(r"<(\w+:[^<>\s]+)>|(\bhttps?://[^\s<>\"(),;]*[\w/#])")
IRI_OR_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"|<[^<>\s]+>')


def sh(name: str) -> NamedNode:
    """The SHACL term with this name."""
    return NamedNode(SHACL + name)


# The properties whose values are queries.
QUERIES = (sh("select"), sh("ask"), sh("construct"))


def as_node(term: object) -> Node:
    """The term, typed as the IRI or blank node that it is."""
    assert isinstance(term, NamedNode | BlankNode)
    return term


def to_text(term: Term | None) -> str:
    """The term as text: an IRI without brackets, a literal as in Turtle, empty for None."""
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode) else str(term)


def lexical(term: Term) -> str:
    """The term as text, a literal without its datatype and language."""
    return term.value if isinstance(term, Literal) else to_text(term)


def merge_prefixes(*mappings: Mapping[str, str]) -> dict[str, str]:
    """The prefixes of all mappings; earlier ones take precedence."""
    merged: dict[str, str] = {}
    for mapping in mappings:
        for prefix, iri in mapping.items():
            merged.setdefault(prefix, iri)
    return merged


def with_standard_prefixes(prefixes: Mapping[str, str]) -> dict[str, str]:
    """These prefixes and the standard ones, longest namespaces first, as `shorten` needs them."""
    merged = merge_prefixes(prefixes, STANDARD_PREFIXES)
    named = [(prefix, iri) for prefix, iri in merged.items() if iri]
    return dict(sorted(named, key=lambda each: -len(each[1])))


def shorten(term: str, prefixes: Mapping[str, str] = MappingProxyType(STANDARD_PREFIXES)) -> str:
    """An IRI, a literal or a path, with each IRI as a prefixed name where one fits.

    `prefixes` are ordered as `with_standard_prefixes` returns them.
    """
    if term.startswith("_:") or not term:
        return term
    if not term.startswith('"') and "<" not in term:
        return _prefixed_name(term, prefixes) or term
    return IRI_OR_STRING.sub(lambda found: _shorten_part(found[0], prefixes), term)


def shorten_in_text(text: str, prefixes: Mapping[str, str]) -> str:
    """A sentence, with each IRI in it as a prefixed name where one fits."""
    return IRI_IN_TEXT.sub(
        lambda found: _prefixed_name(found[1] or found[2], prefixes) or found[0], text
    )


def reachable(start: Iterable[Item], step: Callable[[Item], Iterable[Item]]) -> list[Item]:
    """The items at the start, and those that steps lead to from them, each once."""
    found = dict.fromkeys(start)
    waiting = list(found)
    for item in waiting:  # grows in the loop
        for each in step(item):
            if each not in found:
                found[each] = None
                waiting.append(each)
    return waiting


class Triples:
    """A set of triples in insertion order; literals keep their lexical form.

    pyoxigraph's containers do not fit: a Store returns `1.0` as `1`, a Dataset has its own order.
    """

    def __init__(self, triples: Iterable[Triple | Quad] = ()) -> None:
        distinct = (each if isinstance(each, Triple) else each.triple for each in triples)
        self._all = dict.fromkeys(distinct)
        # The triples by some of their terms, for each choice of terms that was asked for.
        self._indexes: dict[tuple[str, ...], Index] = {}

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
        terms = {"subject": subject, "predicate": predicate, "object": value}
        wanted = {name: term for name, term in terms.items() if term is not None}
        return iter(self._index(tuple(wanted)).get(tuple(wanted.values()), ()))

    def _index(self, names: tuple[str, ...]) -> Index:
        if names not in self._indexes:
            index = self._indexes[names] = defaultdict(list)
            for triple in self._all:
                index[tuple(getattr(triple, name) for name in names)].append(triple)
        return self._indexes[names]

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """The objects of the triples with this subject and predicate."""
        found = self._index(("subject", "predicate")).get((subject, predicate), ())
        return [triple.object for triple in found]

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
        """Return whether the term is a well-formed list: each cell has one member, and it ends."""
        visited: set[Term] = set()
        while head != NIL:
            if head in visited or any(len(self.values(head, name)) != 1 for name in (FIRST, REST)):
                return False
            visited.add(head)
            (head,) = self.values(head, REST)
        return True

    def is_broken_list(self, head: Term) -> bool:
        """Return whether the term is a cell of a list that is not well-formed."""
        return self.is_cell(head) and not self.is_list(head)

    def is_cell(self, term: Term) -> bool:
        """Return whether the term is a cell of a list, well-formed or not."""
        return isinstance(term, NamedNode | BlankNode) and bool(
            self.values(term, FIRST) or self.values(term, REST)
        )

    def _cells(self, head: Term | None) -> Iterator[list[Triple]]:
        """The `rdf:first` triples of each cell."""
        visited: set[Term] = set()
        while isinstance(head, NamedNode | BlankNode) and head not in visited:
            visited.add(head)
            yield list(self.match(head, FIRST))
            head = self.value(head, REST)


def _shorten_part(part: str, prefixes: Mapping[str, str]) -> str:
    return part if part.startswith('"') else _prefixed_name(part[1:-1], prefixes) or part


def _prefixed_name(iri: str, prefixes: Mapping[str, str]) -> str:
    """The prefixed name with the longest namespace; empty where no prefix fits."""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and LOCAL_NAME.match(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return ""
