"""Completion of documents: what rules derive of compact statements before shapes check them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from os.path import dirname
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from tipgraph.namespaces import DERIVED_GRAPH, PREFIXES, TIP
from tipgraph.resources.folders import Resources
from tipgraph.store.build import load_ontology
from tipgraph.store.rules import derive, read_rule
from tipgraph.validate.documents import RdfDocument
from tipgraph.validate.triples import TYPE, Term

EDITION = NamedNode(TIP + "Edition")
INTEGER = NamedNode(PREFIXES["xsd"] + "integer")
OFFSETS = {NamedNode(PREFIXES["oa"] + name) for name in ("start", "end")}


def complete(
    resources: Resources, data: Sequence[RdfDocument], beside: Sequence[RdfDocument]
) -> tuple[list[Triple], list[Triple]]:
    """Return the triples that the statements of `data` leave out, and those of `beside`.

    The statements of an edition are in one folder, or in one named graph, with the edition.
    """
    store = Store()
    load_ontology(store, resources)
    names = {document.name for document in data}
    own_quads = [quad for document in data for quad in document.quads()]
    described: set[Term] = {quad.subject for quad in own_quads}
    typed = {quad.subject for quad in own_quads if quad.predicate == TYPE}
    for document, folder in _with_folders([*data, *beside]):
        for quad in document.quads():
            # Data is completed as it is, whatever else describes the same.
            if document.name in names or quad.subject not in typed:
                graph = folder if quad.graph_name == DefaultGraph() else quad.graph_name
                store.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    # The store keeps a number's value, and not its type.
    counts = {
        Literal(quad.object.value, datatype=INTEGER): quad.object
        for quad in own_quads
        if quad.predicate in OFFSETS and isinstance(quad.object, Literal)
    }
    derive(store, map(read_rule, resources.completions()))
    by_subject: dict[Term, list[Triple]] = defaultdict(list)
    for quad in store.quads_for_pattern(None, None, None, NamedNode(DERIVED_GRAPH)):
        value = quad.object
        if isinstance(value, Literal):
            value = counts.get(value, value)
        by_subject[quad.subject].append(Triple(quad.subject, quad.predicate, value))
    own: list[Triple] = []
    nodes = described & by_subject.keys()
    while nodes:
        triples = [triple for node in nodes for triple in by_subject.pop(node)]
        own += triples
        # The places and selectors that the rules make.
        nodes = {triple.object for triple in triples} & by_subject.keys()
    return own, [triple for triples in by_subject.values() for triple in triples]


def _with_folders(
    documents: Sequence[RdfDocument],
) -> Iterator[tuple[RdfDocument, NamedNode]]:
    """Return each document with a name for its folder, or its own where editions share one."""
    editions = Counter(
        dirname(document.name)
        for document in documents
        for quad in document.quads()
        if quad.predicate == TYPE and quad.object == EDITION
    )
    for document in documents:
        folder = dirname(document.name)
        name = document.name if editions[folder] > 1 else folder
        yield document, NamedNode("file:" + quote(name))
