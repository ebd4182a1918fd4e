"""The documents of terms and of shapes, with an account and an anchor for each; the catalogue."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad, Store

from tipgraph.entities.languages import ENGLISH, chosen
from tipgraph.explorer import addresses
from tipgraph.explorer.http import HTML, SYNTAXES, Content, PageRequest, rdf_content
from tipgraph.explorer.site import Site
from tipgraph.export.catalog import Release, catalog
from tipgraph.export.graph import WHOLE, about, serialize_quads
from tipgraph.namespaces import (
    ONTOLOGY_GRAPH,
    OURS,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    TIP,
    last_part,
    shorten,
)
from tipgraph.render.document import Cell
from tipgraph.store.rows import grouped

SKOS, SH = PREFIXES["skos"], PREFIXES["sh"]
# The groups of the document, each with the classes of its terms; the last one takes the rest.
GROUPS = {
    "Classes": {OWL + "Class"},
    "Properties": {
        OWL + "ObjectProperty",
        OWL + "DatatypeProperty",
        OWL + "AnnotationProperty",
    },
    "Shapes of nodes": {SH + "NodeShape"},
    "Shapes of properties": {SH + "PropertyShape"},
    "Others": set(),
}
LABELS = (RDFS + "label", SKOS + "prefLabel", SH + "name")
TEXTS = (
    SKOS + "definition",
    SKOS + "scopeNote",
    SKOS + "example",
    RDFS + "comment",
    SH + "message",
)
# Properties of other vocabularies as a reader of the account knows them.
READABLE = {
    RDFS + "domain": "of",
    RDFS + "range": "has values of",
    RDFS + "subClassOf": "is a kind of",
    RDFS + "subPropertyOf": "is a kind of",
    RDFS + "isDefinedBy": "defined in",
    OWL + "inverseOf": "inverse of",
    SKOS + "closeMatch": "close to",
    SH + "path": "path",
    SH + "severity": "severity",
    SH + "targetClass": "for each",
}
# Properties that the description of a term lists; its type is its group.
IGNORED = {RDF + "type", *LABELS, *TEXTS, SH + "select", SH + "prefixes"}


@dataclass
class Account:
    """A term or a shape: its anchor, its label and name, its texts, and its properties."""

    iri: str
    anchor: str
    label: str
    name: str
    mistake: str
    texts: list[str] = field(default_factory=list)
    properties: dict[str, list[Cell]] = field(default_factory=dict)


def terms(site: Site, request: PageRequest) -> Content:
    """The terms of the ontology."""
    store = Store()
    store.extend(_ontology(site))
    head = [
        (
            "The classes and properties that the statements use. Each has an anchor, which its IRI"
            " leads to."
        )
    ]
    return _document(site, request, "Terms", head, store, TIP, _uses(site))


def shapes(site: Site, request: PageRequest) -> Content:
    """The shapes that records are validated against."""
    head = [
        "What a record must contain (SHACL). Its message explains what to do where it does not."
    ]
    return _document(site, request, "Shapes", head, site.shapes, addresses.SHAPES, {})


def _document(
    site: Site,
    request: PageRequest,
    title: str,
    head: list[str],
    store: Store,
    namespace: str,
    uses: Mapping[str, list[Cell]],
) -> Content:
    if request.format != HTML:
        quads = _described(store, namespace)
        text = serialize_quads(quads, request.format, site.graph.resources)
        return rdf_content(text, request.format)
    path = addresses.DOCUMENTS[namespace]
    groups: dict[str, list[Account]] = {name: [] for name in GROUPS}
    for iri, quads in _by_subject(store, namespace).items():
        groups[_group(quads)].append(_account(site, iri, quads, uses.get(iri, [])))
    for accounts in groups.values():
        accounts.sort(key=lambda each: each.label.casefold())
    return site.page(
        "terms.html",
        title,
        subject=path,
        head=head,
        other=("/shapes", "the shapes") if namespace == TIP else ("/ns", "the terms"),
        groups={name: each for name, each in groups.items() if each},
        formats={name: path + SYNTAXES[name] for name in site.syntaxes},
    )


def _account(site: Site, iri: str, quads: Iterable[Quad], used: list[Cell]) -> Account:
    # The content of a blank node is in the other formats.
    values = grouped(
        (quad.predicate.value, quad.object)
        for quad in quads
        if isinstance(quad.object, NamedNode | Literal)
    )
    named = [each.value for key in LABELS for each in values[key] if isinstance(each, Literal)]
    found = Account(
        iri, last_part(iri), next(iter(named), last_part(iri)), shorten(iri),
        site.contact_address(iri),
    )  # fmt: skip
    found.texts = [each.value for key in TEXTS for each in values[key]]
    labels = {**site.labels(values), **READABLE}
    for key in sorted(set(values) - IGNORED, key=labels.__getitem__):
        found.properties.setdefault(labels[key], []).extend(map(_cell, values[key]))
    if used:
        found.properties["used by"] = used
    return found


def _cell(value: NamedNode | Literal) -> Cell:
    if isinstance(value, NamedNode):
        return Cell(shorten(value.value), iri=value.value)
    return Cell(value.value)


def _group(quads: Iterable[Quad]) -> str:
    classes = {
        quad.object.value
        for quad in quads
        if quad.predicate.value == RDF + "type" and isinstance(quad.object, NamedNode)
    }
    return next((name for name, those in GROUPS.items() if those & classes), "Others")


def _by_subject(store: Store, namespace: str) -> dict[str, list[Quad]]:
    found = grouped(
        (quad.subject.value, quad)
        for quad in store
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(namespace)
    )
    return {iri: sorted(found[iri], key=str) for iri in sorted(found)}


def _ontology(site: Site) -> Iterator[Quad]:
    graph = NamedNode(ONTOLOGY_GRAPH)
    return iter(site.engine.store.quads_for_pattern(None, None, None, graph))


def _described(store: Store, namespace: str) -> list[Quad]:
    """Return the triples about the terms of a namespace, with the blank nodes that they lead to."""
    # Readers of ontologies look for the header at the address of the namespace.
    header = [WHOLE.value] if namespace == TIP else []
    iris = [*_by_subject(store, namespace), *header]
    return list(dict.fromkeys(q for iri in iris for q in about(store, iri, with_incoming=False)))


def _uses(site: Site) -> dict[str, list[Cell]]:
    """The stored queries and the shapes that use each term."""
    found = grouped(
        (TIP + name, Cell(f"query {query.name}", f"/query/{query.name}"))
        for query in site.graph.queries.values()
        for name in sorted(set(re.findall(r"\btip:([A-Za-z][\w-]*)", query.text)))
    )
    shapes: defaultdict[str, set[str]] = defaultdict(set)
    for quad in site.shapes:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            shapes[quad.object.value].add(quad.subject.value)
    for term, subjects in shapes.items():
        found[term] += [Cell(f"shape {shorten(each)}", iri=each) for each in sorted(subjects)]
    return found


def void(site: Site, request: PageRequest) -> Content:
    """The catalogue, which describes the graph in DCAT and VoID; in Turtle where a browser asks."""
    syntax = request.format if request.format in SYNTAXES else "turtle"
    return rdf_content(serialize_quads(_catalog(site), syntax, site.graph.resources), syntax)


# All syntaxes have the same quads, of a graph to which nothing is added.
@lru_cache(maxsize=1)
def _catalog(site: Site) -> tuple[Quad, ...]:
    with chosen(ENGLISH):
        described = catalog(site.engine, site.graph.resources, False, Release(OURS + "sparql"))
    return tuple(described.quads)
