"""Reference data: what is known of the nodes that the data to validate refers to."""

from collections import defaultdict
from collections.abc import Iterable, Set

from pyoxigraph import Literal, Triple

from tipgraph.validate.targets import SUBCLASS
from tipgraph.validate.triples import TYPE, Term, Triples


class ReferenceData:
    """Triples that data may refer to, as a named graph does to the other ones of its dataset.

    They are read beside the data, as an ontology is: no shape selects their nodes.
    """

    def __init__(self, triples: Iterable[Triple], schema: Triples, roots: Set[Term]) -> None:
        """`schema` has the superclasses; `roots` are nodes that all data may refer to."""
        self._schema = schema
        self._roots = roots
        self._by_subject: defaultdict[Term, list[Triple]] = defaultdict(list)
        self._referrers: defaultdict[Term, set[Term]] = defaultdict(set)
        for triple in triples:
            self._by_subject[triple.subject].append(triple)
            self._referrers[triple.object].add(triple.subject)

    def beside(self, data: Iterable[Triple]) -> list[Triple]:
        """The triples on the roots and on nodes that the data mentions or that refer to its own,
        and on the nodes that these refer to.

        What the data describes itself is left out, so that it is validated as it is.
        """
        types: defaultdict[Term, set[Term]] = defaultdict(set)
        properties: defaultdict[Term, set[Term]] = defaultdict(set)
        mentioned: set[Term] = set()
        for triple in data:
            own_types = types[triple.subject]
            if triple.predicate == TYPE:
                own_types.add(triple.object)
                continue
            properties[triple.subject].add(triple.predicate)
            if not isinstance(triple.object, Literal):
                mentioned.add(triple.object)
        described = {
            node for node in types if self._is_described(node, types[node], properties[node])
        }
        referrers = {each for node in types for each in self._referrers.get(node, ())}
        new = (self._roots | mentioned | referrers | types.keys()) - described
        reached = set(described)
        found = []
        while new:
            reached |= new
            triples = [triple for node in new for triple in self._by_subject.get(node, ())]
            found += triples
            new = {triple.object for triple in triples if triple.object in self._by_subject}
            new -= reached
        return found

    def _is_described(self, node: Term, types: set[Term], properties: set[Term]) -> bool:
        """Whether the data describes the node, and does not only add to it.

        It adds wider types, or other properties than are known.
        """
        known = self._by_subject.get(node, ())
        known_types = [each.object for each in known if each.predicate == TYPE]
        if not known_types or not types <= self._superclasses(known_types):
            return True
        known_properties = {each.predicate for each in known}
        return not (types or node in self._roots) and bool(properties & known_properties)

    def _superclasses(self, classes: Iterable[Term]) -> set[Term]:
        found: set[Term] = set()
        new = set(classes)
        while new:
            new = {wider for each in new for wider in self._schema.values(each, SUBCLASS)} - found
            found |= new
        return found
