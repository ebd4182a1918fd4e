"""Completion of documents: what rules derive of compact statements before shapes check them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from os.path import dirname
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from tipgraph.namespaces import DERIVED_GRAPH, PREFIXES, TIP
from tipgraph.resources.folders import Resources
from tipgraph.store.build import load_ontology
from tipgraph.store.rules import derive, read_rules
from tipgraph.validate.documents import RdfDocument
from tipgraph.validate.triples import TYPE, Term

EDITION = NamedNode(TIP + "Edition")
INTEGER = NamedNode(PREFIXES["xsd"] + "integer")
OFFSETS = {NamedNode(PREFIXES["oa"] + name) for name in ("start", "end")}

DocumentQuads = tuple[RdfDocument, list[Quad]]


def complete(
    resources: Resources, data: Sequence[RdfDocument], beside: Sequence[RdfDocument]
) -> tuple[list[Triple], list[Triple]]:
    """Return the triples that the statements of `data` leave out, and those of `beside`.

    The statements of an edition are in one folder, or in one named graph, with the edition.
    """
    store = Store()
    load_ontology(store, resources)
    own_quads = [(document, list(document.quads())) for document in data]
    typed = {quad.subject for _, quads in own_quads for quad in quads if quad.predicate == TYPE}
    # Data is completed as it is, whatever else describes the same.
    others = [
        (document, [quad for quad in document.quads() if quad.subject not in typed])
        for document in beside
    ]
    default = DefaultGraph()
    for folder, quads in _with_folders([*own_quads, *others]):
        store.extend(Quad(s, p, o, folder if g == default else g) for s, p, o, g in quads)
    derive(store, read_rules(resources)[0])
    return divide(store, data)


def divide(store: Store, data: Sequence[RdfDocument]) -> tuple[list[Triple], list[Triple]]:
    """Return what rules have derived in a store of the statements of `data`, and of others."""
    own_quads = [quad for document in data for quad in document.quads()]
    described: set[Term] = {quad.subject for quad in own_quads}
    # The store keeps a number's value, and not its type.
    counts = {
        Literal(quad.object.value, datatype=INTEGER): quad.object
        for quad in own_quads
        if quad.predicate in OFFSETS and isinstance(quad.object, Literal)
    }
    by_subject: dict[Term, list[Triple]] = defaultdict(list)
    derived = NamedNode(DERIVED_GRAPH)
    for quad in store.quads_for_pattern(None, None, None, derived):
        value = quad.object
        if quad.predicate in OFFSETS and isinstance(value, Literal):
            value = counts.get(value, value)
        by_subject[quad.subject].append(Triple(quad.subject, quad.predicate, value))
    own: list[Triple] = []
    nodes = described & by_subject.keys()
    while nodes:
        triples = [triple for node in nodes for triple in by_subject.pop(node)]
        own += triples
        # The places and selectors that the rules make, and nothing that others describe.
        nodes = {
            node
            for node in {triple.object for triple in triples} & by_subject.keys()
            if not isinstance(node, Literal)
            and all(q.graph_name == derived for q in store.quads_for_pattern(node, None, None))
        }
    return own, [triple for triples in by_subject.values() for triple in triples]


def _with_folders(documents: Sequence[DocumentQuads]) -> Iterator[tuple[NamedNode, list[Quad]]]:
    """Yield the quads with a name for their folder, or their file where editions share a folder."""
    editions = Counter(
        dirname(document.name)
        for document, quads in documents
        for quad in quads
        if quad.predicate == TYPE and quad.object == EDITION
    )
    for document, quads in documents:
        folder = dirname(document.name)
        name = document.name if editions[folder] > 1 else folder
        yield NamedNode("file:" + quote(name, errors="surrogateescape")), quads
