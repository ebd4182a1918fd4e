"""The package `shacl`, an engine in Rust. It reads files, and numbers blank nodes as they come."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from mmap import ACCESS_READ, mmap
from tempfile import NamedTemporaryFile
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from tipgraph.errors import InputError
from tipgraph.namespaces import XSD
from tipgraph.validate.engines import Progress
from tipgraph.validate.engines.messages import messages
from tipgraph.validate.engines.unsupported import unsupported
from tipgraph.validate.targets import targets
from tipgraph.validate.triples import Triples, sh

NTRIPLES = RdfFormat.N_TRIPLES
# A line of N-Triples, with the labels of the blank nodes that are its subject and its object.
LINE = re.compile(rb"^(?:_:(\S+)|\S+) \S+ (?:_:(\S+) \.$)?", re.MULTILINE)
# What the engine calls a blank node: 0 is the data, 1 the shapes, which are numbered first.
NUMBERED = re.compile(r"[01]_b(\d+)")
OF_DATA = re.compile(rb"_:0_b\d")
DATE = re.compile(re.escape(f"^^<{XSD}date>".encode()))
TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))


class Engine:
    """The data goes through a temporary file, so that the engine alone holds it in memory."""

    def __init__(self, jobs: int | None, prefixes: Mapping[str, str]) -> None:
        import shacl

        self._compile = shacl.Shapes.from_text
        self._file = NamedTemporaryFile(suffix=".nt")  # noqa: SIM115

    def load(self, triples: Iterable[Triple]) -> None:
        serialize(triples, output=self._file, format=NTRIPLES)

    def run(self, shapes: Sequence[Triple], progress: Progress) -> list[Triple]:
        self._file.flush()
        for reason in unsupported(shapes, dates=bool(DATE.search(self._content()))):
            raise _refusal(reason)
        given = serialize(_explicit(shapes), format=NTRIPLES) or b""
        try:
            compiled = self._compile(given.decode(), "ntriples")
            report = compiled.validate_file(self._file.name, inference="rules")
        except ValueError as error:
            raise _refusal(error) from None
        progress(1, 1)
        found = self._relabelled(report.serialize("ntriples").encode(), _labels(given))
        return [*found, *messages(found, Triples(shapes))]

    def _content(self) -> bytes | mmap:
        return mmap(self._file.fileno(), 0, access=ACCESS_READ) if self._file.tell() else b""

    def _relabelled(self, report: bytes, known: list[str]) -> list[Triple]:
        """The report, with the blank nodes of shapes and data called as they are called there."""
        if OF_DATA.search(report):
            known += _labels(self._content())
        names = _Names(known)
        return [
            Triple(names[quad.subject], quad.predicate, names[quad.object])
            for quad in parse(report, format=NTRIPLES)
        ]


class _Names(dict[Any, Any]):
    """Terms by what the engine calls them; a blank node that is its own gets a label of its own."""

    def __init__(self, labels: list[str]) -> None:
        self._labels = labels

    def __missing__(self, term: object) -> object:
        found = self[term] = self._named(term) if isinstance(term, BlankNode) else term
        return found

    def _named(self, node: BlankNode) -> BlankNode:
        found = NUMBERED.fullmatch(node.value)
        number = int(found[1]) if found else len(self._labels)
        return BlankNode(*self._labels[number : number + 1])


def _explicit(shapes: Sequence[Triple]) -> Iterator[Triple]:
    """The shapes, with that said in so many words which the engine would overlook."""
    graph = Triples(shapes)
    idle = {each.subject for each in graph.match(None, sh("deactivated"), TRUE)}
    for triple in shapes:
        if triple.predicate != sh("sparql") or triple.object not in idle:
            yield triple
    for shape, target in targets(graph).items():
        yield from (Triple(shape, sh("targetClass"), kind) for kind in target.classes)


def _labels(ntriples: bytes | mmap) -> list[str]:
    """The labels of the blank nodes in the order in which they come."""
    found = chain.from_iterable(line.groups() for line in LINE.finditer(ntriples))
    return [label.decode() for label in dict.fromkeys(found) if label]


def _refusal(reason: object) -> InputError:
    told = " ".join(str(reason).split())
    return InputError(f"the fast engine cannot use the shapes: {told}; use --engine pyshacl")
