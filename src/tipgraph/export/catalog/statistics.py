"""The content of a named graph in numbers, and its links to tables of the EU, in VoID."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.export.catalog.descriptions import AUTHORITY, Properties, describe, part, term
from tipgraph.export.graph import KNOWN_PREFIXES
from tipgraph.export.jsonld import TYPE
from tipgraph.export.package import DATASET
from tipgraph.namespaces import OURS, shorten


def linksets(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The links of our resources to each table of the EU, by property, with their number."""
    counts = Counter(
        (quad.object.value.removeprefix(AUTHORITY).partition("/")[0], quad.predicate.value)
        for quad in quads
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(AUTHORITY)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(OURS)
    )
    for (table, predicate), count in sorted(counts.items()):
        links = part(OURS, f"links-{table}-{quote(shorten(predicate), safe=':')}")
        yield from describe(DATASET, {"void:subset": [NamedNode(links)]})
        yield from describe(
            links,
            {
                "rdf:type": [term("void:Linkset")],
                "void:subjectsTarget": [NamedNode(DATASET)],
                "void:objectsTarget": [NamedNode(AUTHORITY + table)],
                "void:linkPredicate": [NamedNode(predicate)],
                "void:triples": [Literal(count)],
            },
        )


def statistics(name: str, content: Sequence[Quad]) -> Iterator[Quad]:
    """Its numbers, its partitions by class and property, and an example."""
    subjects = Counter(quad.subject for quad in content)
    properties = Counter(quad.predicate.value for quad in content)
    types = (quad.object for quad in content if quad.predicate == TYPE)
    classes = Counter(each.value for each in types if isinstance(each, NamedNode))
    numbers: Properties = {
        "void:triples": [Literal(len(content))],
        "void:distinctSubjects": [Literal(len(subjects))],
        "void:distinctObjects": [Literal(len({quad.object for quad in content}))],
        "void:properties": [Literal(len(properties))],
        "void:classes": [Literal(len(classes))],
        "void:vocabulary": {NamedNode(_vocabulary(iri)) for iri in (*properties, *classes)},
        "void:exampleResource": _most_described(subjects),
    }
    yield from describe(name, numbers)
    yield from _partitions(name, "class", classes, "void:entities")
    yield from _partitions(name, "property", properties, "void:triples")


def _partitions(name: str, kind: str, counts: Mapping[str, int], property_: str) -> Iterator[Quad]:
    for iri, count in counts.items():
        partition = part(name, f"{kind}-{quote(shorten(iri), safe=':')}")
        yield from describe(name, {f"void:{kind}Partition": [NamedNode(partition)]})
        yield from describe(
            partition, {f"void:{kind}": [NamedNode(iri)], property_: [Literal(count)]}
        )


def _vocabulary(iri: str) -> str:
    """The namespace of a class or property."""
    fitting = [start for start in KNOWN_PREFIXES.values() if iri.startswith(start)]
    return max(fitting, key=len, default=re.sub(r"[^/#:]*$", "", iri))


def _most_described(subjects: Mapping[Any, int]) -> list[NamedNode]:
    named = [each for each in subjects if isinstance(each, NamedNode)]
    return sorted(named, key=lambda each: (-subjects[each], each.value))[:1]
