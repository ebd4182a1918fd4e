"""What may have been meant, where a finding is about a name that nobody declares."""

from functools import cache, cached_property

from pyoxigraph import NamedNode

from tipgraph.validation.documents import Documents
from tipgraph.validation.findings import Result, spelled
from tipgraph.validation.hints import did_you_mean
from tipgraph.validation.names import known
from tipgraph.validation.triples import TYPE, Term, Triples, sh


class Suggestions:
    """Knows the properties and things that ontology and shapes speak of."""

    def __init__(self, documents: Documents, shapes: Triples) -> None:
        self._documents = documents
        self._shapes = shapes
        self._prefixes = known(documents.prefixes)
        self._meant = cache(self._did_you_mean)

    def hint(self, result: Result) -> str:
        """A question that names what is like it; empty where the names are known, or none is."""
        if isinstance(result.path, NamedNode) and result.path not in self._properties:
            return self._meant(result.path, True)
        if isinstance(result.value, NamedNode) and self._is_unknown(result.value):
            return self._meant(result.value, False)
        return ""

    def _did_you_mean(self, term: NamedNode, is_property: bool) -> str:
        candidates = self._properties if is_property else self._things
        return did_you_mean(term.value, map(spelled, candidates), self._prefixes)

    def _is_unknown(self, term: Term) -> bool:
        return not any(term in each for each in (self._things, self._properties, self._described))

    @cached_property
    def _properties(self) -> set[Term]:
        """The properties that are declared, and those that shapes ask for."""
        schema = self._documents.schema
        declared = {
            triple.subject
            for triple in schema.match(None, TYPE)
            if spelled(triple.object).endswith("Property")
        }
        asked = {triple.object for triple in self._shapes.match(None, sh("path"))}
        return {term for term in declared | asked | {TYPE} if isinstance(term, NamedNode)}

    @cached_property
    def _things(self) -> set[Term]:
        """The classes, codes and other things of the ontology, and the values that shapes allow."""
        described = {quad.subject for each in self._documents.ontology for quad in each.quads()}
        heads = [triple.object for triple in self._shapes.match(None, sh("in"))]
        allowed = {term for head in heads for term in self._shapes.members(head)}
        found = described - self._properties | allowed
        return {term for term in found if isinstance(term, NamedNode)}

    @cached_property
    def _described(self) -> set[Term]:
        """What the data itself describes."""
        return {quad.subject for each in self._documents.data for quad in each.quads()}
