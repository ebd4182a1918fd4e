"""The graph, some named graphs or the ontology as RDF, in the syntaxes that other tools read.

The text is sorted, and blank nodes are named by canonicalization: equal quads give equal text.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from os.path import basename

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from tipgraph.errors import UsageError
from tipgraph.export.jsonld import INTEGER, NON_NEGATIVE, TYPE, context, jsonld
from tipgraph.namespaces import (
    DERIVED_GRAPH,
    ID,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    TIP,
    last_part,
    shorten,
)
from tipgraph.rdf.canonical import canonicalize
from tipgraph.resources.folders import Resources
from tipgraph.store.engine import Embedded, matching
from tipgraph.text import did_you_mean, nearest

SYNTAXES = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
}
# Our prefixes, and those that only the catalogue needs.
KNOWN_PREFIXES = PREFIXES | {
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
}
# The namespace of an IRI in a text of N-Quads, and the folder that a resource is in.
NAMESPACE = re.compile("<([^>]*[/#])")
FOLDER = rf"{re.escape(ID)}([A-Za-z][\w-]*)/"
# Classes and labels come before the other properties of a resource.
PREDICATE_ORDER = {RDF + "type": 0, RDFS + "label": 1}
CV, OA = PREFIXES["cv"], PREFIXES["oa"]
# The properties that lead to what is a part of a thing or of its parts.
INWARD = frozenset(
    map(
        NamedNode,
        [
            *(CV + "holdsRequirement", CV + "hasRequirement", OA + "hasSelector"),
            *(OA + "refinedBy", TIP + "amount", TIP + "contingentOn", TIP + "evidence"),
            *(TIP + "ifNotMet", TIP + "sentence"),
        ],
    )
)
WHOLE = NamedNode("https://w3id.org/tipgraph/ontology/tipgraph")
LABEL = NamedNode(RDFS + "label")
ONTOLOGY, IMPORTS = NamedNode(OWL + "Ontology"), NamedNode(OWL + "imports")
PREFERRED_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")


def named_graphs(engine: Embedded, names: Iterable[str] = (), asserted: bool = False) -> list[Quad]:
    """The quads of the named graphs with these names, or of all graphs.

    A name is an IRI, `graph:tip-2021-be` or just `tip-2021-be`. With `asserted`, the graph of
    derived triples is left out. Raises UsageError for a name that is unknown or ambiguous, and for
    the derived graph with `asserted`.
    """
    store, known = engine.store, graph_names(engine.store)
    iris = dict.fromkeys(_resolve(name, known) for name in names)
    if asserted and DERIVED_GRAPH in iris:
        raise UsageError("the derived graph has nothing that is asserted; leave out --asserted")
    if iris:
        wanted = map(NamedNode, iris)
        quads = [q for name in wanted for q in store.quads_for_pattern(None, None, None, name)]
    else:
        derived = NamedNode(DERIVED_GRAPH)
        quads = [quad for quad in store if not (asserted and quad.graph_name == derived)]
    return _with_datatypes_of_ranges(engine, quads)


def _with_datatypes_of_ranges(engine: Embedded, quads: Iterable[Quad]) -> list[Quad]:
    """The quads, with whole numbers in the datatype that their property has as its range.

    The store, and data as written, have only `xsd:integer`.
    """
    properties = {*map(NamedNode, matching(engine, f"?thing rdfs:range {NON_NEGATIVE}"))}
    return [
        Quad(
            quad.subject,
            quad.predicate,
            Literal(quad.object.value, datatype=NON_NEGATIVE),
            quad.graph_name,
        )
        if quad.predicate in properties
        and isinstance(quad.object, Literal)
        and quad.object.datatype == INTEGER
        else quad
        for quad in quads
    ]


def graph_names(store: Store) -> list[str]:
    """The IRIs of the named graphs in a store, sorted."""
    return sorted(name.value for name in store.named_graphs() if isinstance(name, NamedNode))


def serialize_quads(quads: Iterable[Quad], syntax: str, resources: Resources) -> str:
    """The quads in one of SYNTAXES. Turtle and N-Triples merge all graphs into one.

    `resources` has the context of JSON-LD. Raises InputError for quads that JSON-LD cannot
    express, and for blank nodes that cannot be named.
    """
    return serialize_in(quads, [syntax], resources)[syntax]


def serialize_in(
    quads: Iterable[Quad],
    syntaxes: Iterable[str],
    resources: Resources,
    context_address: str = "",
) -> dict[str, str]:
    """The quads in several of SYNTAXES, by syntax. Raises as `serialize_quads`.

    JSON-LD leads to its context at `context_address`; without one, the context is in it.
    """
    ordered = _Ordered(canonicalize(quads))
    return {syntax: ordered.text(syntax, resources, context_address) for syntax in syntaxes}


class _Ordered:
    """Sorted quads as text; their order is that of every syntax."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._quads = sorted(quads, key=_sort_key)
        self._is_dataset = any(quad.graph_name != DefaultGraph() for quad in self._quads)

    def text(self, syntax: str, resources: Resources, context_address: str) -> str:
        """The quads in one of SYNTAXES."""
        if self._is_dataset and not SYNTAXES[syntax].supports_datasets:
            return self._merged.text(syntax, resources, context_address)
        if syntax == "jsonld":
            return jsonld(self._quads, context(resources), context_address)
        # Without a graph, a line is the same in both.
        if syntax in ("nquads", "ntriples"):
            return self._lines
        return _serialized(self._quads, SYNTAXES[syntax], _prefixes(self._lines))

    @cached_property
    def _merged(self) -> "_Ordered":
        """The same in one graph."""
        return _Ordered({Quad(*quad.triple) for quad in self._quads})

    @cached_property
    def _lines(self) -> str:
        """The quads as N-Quads."""
        return _serialized(self._quads, RdfFormat.N_QUADS)


def _serialized(
    quads: Sequence[Quad], syntax: RdfFormat, prefixes: dict[str, str] | None = None
) -> str:
    content = serialize(quads, format=syntax, prefixes=prefixes)
    assert content is not None
    return content.decode()


def _resolve(name: str, known: Sequence[str]) -> str:
    matches = [iri for iri in known if name in (iri, shorten(iri), last_part(iri))]
    if name in matches or len(matches) == 1:
        return name if name in matches else matches[0]
    if matches:
        raise UsageError(f"{name!r} is ambiguous; use one of: {', '.join(matches)}")
    short_names = [last_part(iri) for iri in known]
    hint = did_you_mean(nearest(name, short_names)) or f"there are {', '.join(short_names)}"
    raise UsageError(f"unknown graph {name!r}; {hint}")


def _sort_key(quad: Quad) -> tuple[object, ...]:
    predicate = quad.predicate.value
    return (
        str(quad.graph_name),
        isinstance(quad.subject, BlankNode),
        str(quad.subject).strip("<>"),
        PREDICATE_ORDER.get(predicate, len(PREDICATE_ORDER)),
        predicate,
        str(quad.object),
    )


def _prefixes(lines: str) -> dict[str, str]:
    """The known prefixes that occur in N-Quads, and one for each folder, such as an edition."""
    found: dict[str, str] = {}
    for namespace in dict.fromkeys(NAMESPACE.findall(lines)):
        found |= _prefixes_of(namespace)
    return found


@lru_cache(maxsize=10_000)
def _prefixes_of(namespace: str) -> dict[str, str]:
    folder = re.match(FOLDER, namespace)
    of_folder = {folder[1]: folder[0]} if folder else {}
    known = {name: start for name, start in KNOWN_PREFIXES.items() if namespace.startswith(start)}
    return of_folder | known


def about(
    store: Store, iri: str, parts: Iterable[str] = (), with_incoming: bool = True
) -> list[Quad]:
    """The triples about the thing with this IRI and these parts, each once, without its graph.

    `with_incoming` adds those whose object it is.
    """
    thing = NamedNode(iri)
    found: dict[Quad, None] = {}
    waiting: list[NamedNode | BlankNode] = [thing, *map(NamedNode, parts)]
    seen = {*waiting}
    for node in waiting:
        for quad in store.quads_for_pattern(node, None, None, None):
            found[Quad(*quad.triple)] = None
            part = quad.object
            is_part = isinstance(part, BlankNode) or quad.predicate in INWARD
            if is_part and isinstance(part, NamedNode | BlankNode) and part not in seen:
                seen.add(part)
                waiting.append(part)
    for quad in store.quads_for_pattern(None, None, thing, None) if with_incoming else ():
        found[Quad(*quad.triple)] = None
    return list(found)


def merged_ontology(resources: Resources) -> list[Quad]:
    """The quads of tipgraph.ttl and of all modules that it imports, under its header alone.

    Codes have their `skos:prefLabel` as `rdfs:label` too, which editors of ontologies show.
    """
    files = [file for file in resources.ontology() if basename(file) != "alignments.ttl"]
    quads = [quad for file in files for quad in parse(path=file)]
    modules = {quad.subject for quad in quads if (quad.predicate, quad.object) == (TYPE, ONTOLOGY)}
    kept = [
        quad
        for quad in quads
        if quad.predicate != IMPORTS and (quad.subject == WHOLE or quad.subject not in modules)
    ]
    labels = (
        Quad(quad.subject, LABEL, quad.object) for quad in kept if quad.predicate == PREFERRED_LABEL
    )
    return [*kept, *labels]
