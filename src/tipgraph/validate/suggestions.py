"""Suggestions for misspelt names: the known terms that are most similar."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cache, cached_property

from pyoxigraph import NamedNode

from tipgraph.namespaces import last_part
from tipgraph.text import join
from tipgraph.validate.documents import RdfDocument
from tipgraph.validate.results import ValidationResult
from tipgraph.validate.triples import (
    TYPE,
    Term,
    Triples,
    sh,
    shorten,
    to_text,
    with_standard_prefixes,
)

MAX_SUGGESTIONS = 3
MIN_SIMILARITY = 0.7
# A name whose similarity is this much lower than the best one's is no suggestion.
SIMILARITY_RANGE = 0.1
# The names with which the findings of a validation are compared: 20 µs each.
MAX_COMPARISONS = 200_000
# The terms to suggest from.
PROPERTIES, THINGS = "properties", "things"


def did_you_mean(iri: str, known: Iterable[str], prefixes: Mapping[str, str]) -> str:
    """A question that names the known IRIs most similar to this one; empty where none is.

    `prefixes` are ordered as by `with_standard_prefixes`.
    """
    names = [shorten(each, prefixes) for each in similar(iri, known)]
    return f"did you mean {join(names, last='or')}?" if names else ""


def similar(iri: str, known: Iterable[str]) -> list[str]:
    """The known IRIs most similar to this one, a few.

    IRIs with the same local name in any case and namespace win; otherwise those with a similar
    local name in the same namespace.
    """
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for each in sorted(known, key=lambda each: (namespace(each) != namespace(iri), each)):
        if namespace(each) == namespace(iri) or _folded_name(each) == _folded_name(iri):
            by_name[_folded_name(each)].append(each)
    wanted = _folded_name(iri)
    cutoff = 1 if wanted in by_name else MIN_SIMILARITY
    ratios = {
        each: SequenceMatcher(None, each, wanted).ratio()
        for each in get_close_matches(wanted, by_name, n=MAX_SUGGESTIONS, cutoff=cutoff)
    }
    least = max(ratios.values(), default=0) - SIMILARITY_RANGE
    found = [each for name, ratio in ratios.items() if ratio > least for each in by_name[name]]
    return found[:MAX_SUGGESTIONS]


def namespace(iri: str) -> str:
    """The IRI without its last part."""
    return iri.removesuffix(last_part(iri))


def _folded_name(iri: str) -> str:
    return last_part(iri).casefold()


class Suggestions:
    """Suggestions for findings, from the names in ontology, shapes and data."""

    def __init__(
        self,
        data: Sequence[RdfDocument],
        ontology: Sequence[RdfDocument],
        shapes: Triples,
        prefixes: Mapping[str, str],
    ) -> None:
        self._data = data
        self._ontology = ontology
        self._schema = Triples(
            triple for document in [*self._ontology, *self._data] for triple in document.schema
        )
        self._shapes = shapes
        self._prefixes = with_standard_prefixes(prefixes)
        self._similar = cache(self._most_similar)
        self._left = MAX_COMPARISONS

    def hint(self, result: ValidationResult) -> str:
        """A question that names similar terms; empty where the finding's terms are known."""
        if result.component == "In" and result.value is not None:
            return self._similar(result.value, result.source_shape)
        if isinstance(result.path, NamedNode) and result.path not in self._properties:
            return self._similar(result.path, PROPERTIES)
        if isinstance(result.value, NamedNode) and self._is_unknown(result.value):
            return self._similar(result.value, THINGS)
        return ""

    def _most_similar(self, term: Term, among: Term | str) -> str:
        """A question that names the terms most similar to this one; `among` is as in `_terms`."""
        candidates = [to_text(each) for each in self._terms(among)]
        self._left -= len(candidates)
        if self._left < 0:
            return ""
        if isinstance(term, NamedNode):
            return did_you_mean(term.value, candidates, self._prefixes)
        similar = get_close_matches(to_text(term), candidates, n=1)
        return f"did you mean {similar[0]}?" if similar else ""

    def _terms(self, among: Term | str) -> Collection[Term]:
        """The known properties or things; for a shape the members of its `sh:in`."""
        if isinstance(among, str):
            return self._properties if among == PROPERTIES else self._things
        return self._shapes.members(self._shapes.value(among, sh("in")))

    def _is_unknown(self, term: Term) -> bool:
        return not any(term in each for each in (self._things, self._properties, self._described))

    @cached_property
    def _properties(self) -> set[Term]:
        """The declared properties and those that shapes have as a path."""
        declared = {
            triple.subject
            for triple in self._schema.match(None, TYPE)
            if to_text(triple.object).endswith("Property")
        }
        paths = {triple.object for triple in self._shapes.match(None, sh("path"))}
        return {term for term in declared | paths | {TYPE} if isinstance(term, NamedNode)}

    @cached_property
    def _things(self) -> set[Term]:
        """The ontology's classes, codes and other things, and the values that shapes allow."""
        described = {quad.subject for each in self._ontology for quad in each.quads()}
        heads = [triple.object for triple in self._shapes.match(None, sh("in"))]
        allowed = {term for head in heads for term in self._shapes.members(head)}
        found = described - self._properties | allowed
        return {term for term in found if isinstance(term, NamedNode)}

    @cached_property
    def _described(self) -> set[Term]:
        """The subjects of the data."""
        return {quad.subject for each in self._data for quad in each.quads()}
