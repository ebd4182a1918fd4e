"""What VoID tells of a graph: how much it holds, of which classes, by which properties."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.export.syntaxes import KNOWN
from tipgraph.namespaces import RDF, shorten
from tipgraph.store.rows import Term

TYPE = NamedNode(RDF + "type")

Said = Mapping[str, Iterable[Term]]


def counted(name: str, held: Sequence[Quad]) -> Iterator[Quad]:
    """The numbers of a graph, its partitions by class and by property, and an example."""
    subjects = Counter(quad.subject for quad in held)
    properties = Counter(quad.predicate.value for quad in held)
    kinds = classes(held)
    said: Said = {
        "void:triples": [Literal(len(held))],
        "void:distinctSubjects": [Literal(len(subjects))],
        "void:distinctObjects": [Literal(len({quad.object for quad in held}))],
        "void:properties": [Literal(len(properties))],
        "void:classes": [Literal(len(kinds))],
        "void:vocabulary": {NamedNode(_vocabulary(iri)) for iri in (*properties, *kinds)},
        "void:exampleResource": _most_described(subjects),
    }
    yield from described(name, said)
    yield from _parts(name, "class", kinds, "void:entities")
    yield from _parts(name, "property", properties, "void:triples")


def classes(held: Iterable[Quad]) -> Counter[str]:
    """The classes of a graph's nodes, and how many have each."""
    kinds = (quad.object for quad in held if quad.predicate == TYPE)
    return Counter(kind.value for kind in kinds if isinstance(kind, NamedNode))


def described(subject: str, said: Said) -> Iterator[Quad]:
    """What is said of a thing, by the prefixed names of the properties."""
    for name, values in said.items():
        for value in values:
            yield Quad(NamedNode(subject), term(name), value)


def term(name: str) -> NamedNode:
    """The term of a prefixed name."""
    prefix, _, local = name.partition(":")
    return NamedNode(KNOWN[prefix] + local)


def _parts(name: str, kind: str, counts: Mapping[str, int], unit: str) -> Iterator[Quad]:
    """The partitions of a graph; each has an IRI, so that nothing here is a blank node."""
    mark = "-" if "#" in name else "#"
    for iri, number in counts.items():
        part = f"{name}{mark}{kind}-{quote(shorten(iri), safe=':')}"
        yield from described(name, {f"void:{kind}Partition": [NamedNode(part)]})
        yield from described(part, {f"void:{kind}": [NamedNode(iri)], unit: [Literal(number)]})


def _vocabulary(iri: str) -> str:
    """The namespace of a class or of a property."""
    fitting = [start for start in KNOWN.values() if iri.startswith(start)]
    return max(fitting, key=len, default=re.sub(r"[^/#:]*$", "", iri))


def _most_described(subjects: Mapping[Any, int]) -> list[NamedNode]:
    named = [each for each in subjects if isinstance(each, NamedNode)]
    return sorted(named, key=lambda each: (-subjects[each], each.value))[:1]
