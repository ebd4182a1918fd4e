"""What a validation can skip: what conformed, where nothing that its shapes look at changed since.

The whole input is remembered by its content. Data in several folders is divided into units, each
with the nodes that a folder describes, and a unit is remembered by all triples that its shapes look
at, wherever they are. Only what conforms without any result is remembered.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from os.path import abspath, dirname
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, Triple

from tipgraph.files import files_below
from tipgraph.rdf.sparql import words
from tipgraph.validate.documents import RdfDocument
from tipgraph.validate.engines import REFERENCE
from tipgraph.validate.targets import SUBCLASS
from tipgraph.validate.triples import SHACL, Node, Term, Triples, sh
from tipgraph.version import VERSION

if TYPE_CHECKING:
    from tipgraph.validate.inputs import Inputs, ValidationRequest

PACKAGES = ("pyoxigraph", "pyshacl", "rdflib", "shacl")
KEPT = 10_000
# What gives another result at another time.
VOLATILE = {"NOW", "RAND", "UUID", "STRUUID"}
QUERIES = {sh(name) for name in ("select", "ask", "construct", "update")}


class Conformed:
    """The digests of what conformed; `read` and `write` keep them between processes.

    Without `skips`, what conforms is noted, and nothing is known to have conformed.
    """

    def __init__(
        self,
        read: Callable[[], bytes | None],
        write: Callable[[bytes], None],
        skips: bool = True,
    ) -> None:
        self._read = read
        self._write = write
        self._skips = skips

    def __contains__(self, digest: str) -> bool:
        return self._skips and digest in self._known

    def add(self, digests: Iterable[str]) -> None:
        """Note that these conformed, the newest last; the oldest are forgotten."""
        new = dict.fromkeys(digests)
        before = [each for each in self._stored() if each not in new]
        self._write("\n".join([*before, *new][-KEPT:]).encode())

    @cached_property
    def _known(self) -> set[str]:
        return set(self._stored())

    def _stored(self) -> list[str]:
        return (self._read() or b"").decode().split()


@dataclass(frozen=True)
class Unit:
    """The focus nodes of each shape that a folder describes, and a digest of all they depend on."""

    folder: str
    focus_nodes: Mapping[Node, set[Term]]
    digest: str

    @cached_property
    def nodes(self) -> set[Term]:
        """The focus nodes of all shapes."""
        return set().union(*self.focus_nodes.values())

    @property
    def has_blank_nodes(self) -> bool:
        """Whether a focus node has no name."""
        return any(isinstance(node, BlankNode) for node in self.nodes)


def can_be_remembered(shapes: Triples) -> bool:
    """Whether the shapes give the same results again for the same data."""
    predicates = {triple.predicate for triple in shapes}
    queries = (each.object for name in QUERIES & predicates for each in shapes.match(None, name))
    return not (
        any(predicate.value.startswith(SHACL + "js") for predicate in predicates)
        or any(VOLATILE & words(each.value) for each in queries if isinstance(each, Literal))
    )


def input_digest(request: "ValidationRequest", inputs: "Inputs") -> str:
    """A digest of all that the results of the validation depend on."""
    options = (request.each_graph, request.data_nodes_only, request.check_shapes)
    parts = [_software(request.engine), str(options), str(sorted(inputs.default_prefixes.items()))]
    for documents in (inputs.data, inputs.shapes, inputs.ontology, inputs.reference):
        parts += [str(len(documents)), *map(_content, documents)]
    return _digest(parts)


def is_divided(request: "ValidationRequest", inputs: "Inputs") -> bool:
    """Whether the data is divided into units: where it has folders, and takes time to validate."""
    return len(inputs.folders) > 1 and request.engine == REFERENCE


class Divider:
    """Collects the triples of a validation, and divides its focus nodes into units."""

    def __init__(self, inputs: "Inputs") -> None:
        self.triples: list[Triple] = []
        self._inputs = inputs
        self._folders: dict[Term, str] = {}
        documents = (*inputs.data, *inputs.ontology, *inputs.reference)
        self._names = {str(document.number): document.base for document in documents}

    def load(self, triples: Iterable[Triple], document: RdfDocument | None) -> None:
        """Add triples; the first document that describes a node decides on its unit."""
        new = list(triples)
        self.triples += new
        name = folder(document) if document else ""
        for triple in new:
            self._folders.setdefault(triple.subject, name)

    def units(self, engine: str, shapes: Triples, selected: Mapping[Node, set[Term]]) -> list[Unit]:
        """The focus nodes by the folders that describe them; empty where they cannot be divided."""
        # The library with the parser of queries takes a quarter of a second to import.
        from tipgraph.validate.reads import Reads, are_understood, used_prefixes

        if not are_understood(shapes):
            return []
        parts: defaultdict[str, defaultdict[Node, set[Term]]]
        parts = defaultdict(lambda: defaultdict(set))
        for shape, each in selected.items():
            for node in each:
                parts[self._folders.get(node, "")][shape].add(node)
        data = Triples(self.triples)
        prefixes = used_prefixes(shapes, self._inputs.prefixes)
        reads = Reads(shapes, data, prefixes)
        common = [
            _software(engine),
            *map(_content, self._inputs.shapes),
            str(sorted(prefixes.items())),
            self._sum(data.match(None, SUBCLASS)),
        ]
        return [
            Unit(name, part, _digest([*common, self._selection(part), self._sum(reads.by(part))]))
            for name, part in parts.items()
        ]

    def _sum(self, triples: Iterable[Triple]) -> str:
        """A digest of a set of triples, which does not depend on their order."""
        return str(sum(map(self._number, triples)) % 2**256)

    @cached_property
    def _number(self) -> Callable[[Triple], int]:
        return cache(
            lambda triple: int.from_bytes(
                blake2b(self._text(triple).encode(), digest_size=32).digest()
            )
        )

    def _selection(self, focus_nodes: Mapping[Node, set[Term]]) -> str:
        pairs = (
            f"{shape} {self._term(node)}" for shape in focus_nodes for node in focus_nodes[shape]
        )
        return _digest(sorted(pairs))

    def _text(self, triple: Triple) -> str:
        return " ".join(map(self._term, (triple.subject, triple.predicate, triple.object)))

    def _term(self, term: Term) -> str:
        """The term; a blank node with a label that does not depend on other documents."""
        if not isinstance(term, BlankNode):
            return str(term)
        number, _, label = term.value.removeprefix("b").partition("_")
        return f"_:{self._names.get(number, number)} {label}"


def folder(document: RdfDocument) -> str:
    """The folder of a document."""
    return dirname(abspath(document.name)) if document.content is None else document.name


def focus_nodes(units: Iterable[Unit]) -> dict[Node, set[Term]]:
    """The focus nodes of each shape in any of the units."""
    found: defaultdict[Node, set[Term]] = defaultdict(set)
    for unit in units:
        for shape, nodes in unit.focus_nodes.items():
            found[shape] |= nodes
    return dict(found)


def _content(document: RdfDocument) -> str:
    content = document.content
    if content is None:
        with open(document.name, "rb") as opened:
            content = opened.read()
    return f"{document.base} {document.syntax} {blake2b(content).hexdigest()}"


@cache
def _software(engine: str) -> str:
    """What runs: the engine, and the versions and code of all that the results depend on."""
    code = []
    for file in files_below(dirname(__file__), ".py"):
        with open(file, "rb") as opened:
            code.append(blake2b(opened.read()).hexdigest())
    return _digest([engine, VERSION, sys.version, *map(_version, PACKAGES), *code])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _digest(parts: Iterable[str]) -> str:
    state = blake2b(digest_size=16)
    for part in parts:
        state.update(f"{len(part)} {part}\n".encode())
    return state.hexdigest()
