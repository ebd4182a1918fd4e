"""What may have been meant, where a finding is about a name that nobody declares."""

from difflib import get_close_matches
from functools import cache, cached_property

from pyoxigraph import NamedNode

from tipgraph.validate.documents import Documents
from tipgraph.validate.findings import Result, spelled
from tipgraph.validate.hints import did_you_mean
from tipgraph.validate.names import known
from tipgraph.validate.triples import TYPE, Term, Triples, sh


class Suggestions:
    """Knows the properties and things that ontology and shapes speak of."""

    def __init__(self, documents: Documents, shapes: Triples, with_ontology: bool) -> None:
        """Whoever has shapes of their own and no ontology is not told the names of ours."""
        self._data = documents.data
        self._ontology = documents.ontology if with_ontology else []
        self._schema = Triples(
            each for doc in [*self._ontology, *self._data] for each in doc.schema
        )
        self._shapes = shapes
        self._prefixes = known(documents.prefixes)
        self._meant = cache(self._did_you_mean)

    def hint(self, result: Result) -> str:
        """A question that names what is like it; empty where the names are known, or none is."""
        if result.component == "In" and result.value is not None:
            return self._like(result.value, result.allowed)
        if isinstance(result.path, NamedNode) and result.path not in self._properties:
            return self._meant(result.path, True)
        if isinstance(result.value, NamedNode) and self._is_unknown(result.value):
            return self._meant(result.value, False)
        return ""

    def _did_you_mean(self, term: NamedNode, is_property: bool) -> str:
        candidates = self._properties if is_property else self._things
        return did_you_mean(term.value, map(spelled, candidates), self._prefixes)

    def _like(self, value: Term, allowed: list[Term]) -> str:
        """The values of a list that are most like one that is not in it."""
        if isinstance(value, NamedNode):
            return did_you_mean(value.value, map(spelled, allowed), self._prefixes)
        near = get_close_matches(spelled(value), map(spelled, allowed), n=1)
        return f"did you mean {near[0]}?" if near else ""

    def _is_unknown(self, term: Term) -> bool:
        return not any(term in each for each in (self._things, self._properties, self._described))

    @cached_property
    def _properties(self) -> set[Term]:
        """The properties that are declared, and those that shapes ask for."""
        declared = {
            triple.subject
            for triple in self._schema.match(None, TYPE)
            if spelled(triple.object).endswith("Property")
        }
        asked = {triple.object for triple in self._shapes.match(None, sh("path"))}
        return {term for term in declared | asked | {TYPE} if isinstance(term, NamedNode)}

    @cached_property
    def _things(self) -> set[Term]:
        """The classes, codes and other things of the ontology, and the values that shapes allow."""
        described = {quad.subject for each in self._ontology for quad in each.quads()}
        heads = [triple.object for triple in self._shapes.match(None, sh("in"))]
        allowed = {term for head in heads for term in self._shapes.members(head)}
        found = described - self._properties | allowed
        return {term for term in found if isinstance(term, NamedNode)}

    @cached_property
    def _described(self) -> set[Term]:
        """What the data itself describes."""
        return {quad.subject for each in self._data for quad in each.quads()}
