"""`owl:imports`, resolved among the documents that are given and shipped; nothing is fetched."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from pyoxigraph import NamedNode

from tipgraph.namespaces import OWL
from tipgraph.validate.findings import spelled
from tipgraph.validate.inputs import Source
from tipgraph.validate.locate import place_of
from tipgraph.validate.report import Fault
from tipgraph.validate.triples import SHACL, TYPE

IMPORTS = NamedNode(OWL + "imports")
ONTOLOGY = NamedNode(OWL + "Ontology")
VERSION = NamedNode(OWL + "versionIRI")


class ImportResolver:
    """Documents by the names that an import may call them; those shipped are fetched at need."""

    def __init__(self, given: Iterable[Source], shipped: Callable[[], Iterable[Source]]) -> None:
        self._by_name = {name: source for source in given for name in _names(source)}
        self._shipped = shipped
        self._is_complete = False

    def imports(self, sources: Sequence[Source]) -> list[Source]:
        """The documents that these import, directly or not, and that are not among them."""
        found = list(sources)
        for source in found:
            wanted = (self._called(name) for name in _imported(source))
            found += (each for each in wanted if each is not None and each not in found)
        return found[len(sources) :]

    def missing(self, sources: Iterable[Source]) -> list[Fault]:
        """A fault for each import that is neither given nor shipped."""
        return [
            Fault(
                "missing-import",
                f"imports <{name}>, which is neither given nor shipped, and nothing is fetched",
                place_of(source, IMPORTS, NamedNode(name)),
                "give its file as well",
            )
            for source in sources
            for name in _imported(source)
            if self._called(name) is None
        ]

    def _called(self, name: str) -> Source | None:
        if name not in self._by_name and not self._is_complete:
            self._is_complete = True
            shipped = {iri: each for each in self._shipped() for iri in _names(each)}
            self._by_name = {**shipped, **self._by_name}
        return self._by_name.get(name)


def _imported(source: Source) -> Iterator[str]:
    """What the document imports; SHACL itself is known anyway."""
    for triple in source.schema:
        name = spelled(triple.object)
        if triple.predicate == IMPORTS and name.rstrip("#") != SHACL.rstrip("#"):
            yield name


def _names(source: Source) -> Iterator[str]:
    """The IRIs of the ontology that the document holds, of its version, and of its file."""
    yield source.base
    for triple in source.schema:
        if triple.predicate == TYPE and triple.object == ONTOLOGY:
            yield spelled(triple.subject)
        if triple.predicate == VERSION:
            yield spelled(triple.object)
