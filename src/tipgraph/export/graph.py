"""The graph, some named graphs or the ontology as RDF, in the syntaxes that other tools read.

The text is sorted, and blank nodes are named by canonicalization: equal quads give equal text.
JSON-LD is written here under the shipped context: short keys, plain values, and exactly the same
quads. PyLD does the same, but takes 15 times as long and changes some IRIs and JSON literals.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from itertools import groupby
from os.path import basename, join
from typing import Any, NamedTuple

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

from tipgraph.errors import InputError, UsageError
from tipgraph.namespaces import (
    DERIVED_GRAPH,
    ID,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    TIP,
    XSD,
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
INTEGER, NON_NEGATIVE = (NamedNode(XSD + name) for name in ("integer", "nonNegativeInteger"))
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
TYPE, LABEL = NamedNode(RDF + "type"), NamedNode(RDFS + "label")
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


# ── JSON-LD ─────────────────────────────────────────────────────────────────────────────────────

FILE = "context.jsonld"
_line = json.JSONEncoder(ensure_ascii=False).encode


class ContextTerm(NamedTuple):
    """The key of a property, and the type or language that its plain values have."""

    key: str
    type: str = ""
    language: str = ""


class Context:
    """A context of prefixes, a vocabulary, and terms with a type or a language."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """`content` is the value of `@context`."""
        self.content = content
        self._vocabulary = content.get("@vocab", "")
        strings = {name: iri for name, iri in content.items() if isinstance(iri, str)}
        self._prefixes = {
            name: iri for name, iri in strings.items() if name[0] != "@" and iri[-1] in "/#"
        }
        names = [name for name in content if name[0] != "@" and name not in self._prefixes]
        self._terms = {self._expand(name): self._term(name) for name in names}
        self._compacted: dict[str, str] = {}

    def term(self, iri: str) -> ContextTerm:
        """The term of a property; without a type or language where the context has none."""
        return self._terms.get(iri) or ContextTerm(self.class_name(iri))

    def class_name(self, iri: str) -> str:
        """A class: its local name in the vocabulary, else as any other IRI."""
        local = iri.removeprefix(self._vocabulary)
        is_local = local != iri and re.fullmatch(r"\w[\w-]*", local) and local not in self.content
        return local if is_local else self.compact(iri)

    def compact(self, iri: str) -> str:
        """The IRI with the longest prefix that fits, or in full.

        Raises InputError for an IRI that would be read as a prefixed name.
        """
        if iri not in self._compacted:
            self._compacted[iri] = self._compact(iri)
        return self._compacted[iri]

    def _compact(self, iri: str) -> str:
        fitting = [name for name, start in self._prefixes.items() if iri.startswith(start)]
        for name in sorted(fitting, key=lambda name: -len(self._prefixes[name])):
            local = iri.removeprefix(self._prefixes[name])
            if not local.startswith("//"):  # `id://x` is read as an IRI, not as a prefixed name.
                return f"{name}:{local}"
        scheme, _, rest = iri.partition(":")
        if scheme in self.content and not rest.startswith("//"):
            raise InputError(
                f"<{iri}> cannot be written as JSON-LD, where {scheme}: is a prefix;"
                " declare the prefix where the IRI comes from, or choose another format"
            )
        return iri

    def _term(self, name: str) -> ContextTerm:
        definition = self.content[name]
        if isinstance(definition, str):
            return ContextTerm(name)
        type_ = definition.get("@type", "")
        expanded = type_ if type_ in ("", "@id") else self._expand(type_)
        return ContextTerm(name, expanded, definition.get("@language", ""))

    def _expand(self, name: str) -> str:
        definition = self.content.get(name, name)
        written = definition if isinstance(definition, str) else definition.get("@id", name)
        prefix, colon, local = written.partition(":")
        return self._prefixes[prefix] + local if colon else self._vocabulary + written


@cache
def context(resources: Resources) -> Context:
    """The shipped context. Raises InputError when it cannot be read."""
    path = join(resources.root, "ontology", FILE)
    try:
        with open(path, "rb") as opened:
            return Context(json.loads(opened.read())["@context"])
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, KeyError):
        raise InputError(f"{path}: not a JSON-LD context") from None


def jsonld(quads: Sequence[Quad], context: Context, context_address: str = "") -> str:
    """A JSON-LD 1.1 document of quads that are sorted by graph, subject and predicate.

    Each node of the default graph has a line, and each named graph; a list is written as its cells.
    The document has the context in it, or leads to it at `context_address`. Raises InputError for
    quads that JSON-LD cannot express.
    """
    writer = _Writer(context)
    content: list[str] = []
    for name, members in groupby(quads, key=lambda quad: quad.graph_name):
        nodes = writer.nodes(members)
        content += map(_line, nodes if name == DefaultGraph() else [writer.graph(name, nodes)])
    lines = ",\n".join(content)
    known = _line(context_address or context.content)
    return f'{{"@context": {known},\n"@graph": [\n{lines}\n]}}\n'


class _Writer:
    """Nodes and values as JSON-LD objects."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def graph(self, name: Any, nodes: list[object]) -> object:
        """A named graph."""
        return {"@id": self._reference(name), "@graph": nodes}

    def nodes(self, quads: Iterable[Quad]) -> list[object]:
        """The node objects of the quads of one graph."""
        return [
            self._node(subject, own)
            for subject, own in groupby(quads, key=lambda quad: quad.subject)
        ]

    def _node(self, subject: Any, quads: Iterable[Quad]) -> object:
        node: dict[str, object] = {"@id": self._reference(subject)}
        for predicate, own in groupby(quads, key=lambda quad: quad.predicate):
            objects = [quad.object for quad in own]
            iris = [each.value for each in objects if isinstance(each, NamedNode)]
            if predicate == TYPE and len(iris) == len(objects):
                node["@type"] = _unwrap(list(map(self._context.class_name, iris)))
            else:
                term = self._context.term(predicate.value)
                node[term.key] = _unwrap([self._value(each, term) for each in objects])
        return node

    def _value(self, value: Any, term: ContextTerm) -> object:
        if isinstance(value, Literal):
            return self._literal(value, term)
        reference = self._reference(value)
        return reference if term.type == "@id" else {"@id": reference}

    def _literal(self, literal: Literal, term: ContextTerm) -> object:
        if literal.direction:
            raise InputError(f"JSON-LD cannot express {literal}, which has a direction")
        text, datatype, native = literal.value, literal.datatype.value, _native(literal)
        if literal.language:
            tagged = {"@value": text, "@language": literal.language}
            return text if literal.language == term.language else tagged
        if datatype == term.type:
            return text if native is None else native
        untyped = not term.type and not term.language
        if datatype == XSD + "string":
            return text if untyped else {"@value": text}
        if native is not None and literal.datatype != NON_NEGATIVE:
            return native if untyped else {"@value": native}
        return {"@value": text, "@type": self._context.compact(datatype)}

    def _reference(self, term: Any) -> str:
        if isinstance(term, NamedNode):
            return self._context.compact(term.value)
        if isinstance(term, BlankNode):
            return str(term)
        raise InputError(f"JSON-LD cannot express {term}, a triple as subject or object")


def _native(literal: Literal) -> bool | int | None:
    """The JSON value that is parsed as exactly this literal, if there is one.

    A number is parsed as an integer, or as the datatype of its term.
    Integers have at most 15 digits, which every JSON parser reads exactly.
    """
    text, datatype = literal.value, literal.datatype.value
    if datatype == XSD + "boolean":
        return {"true": True, "false": False}.get(text)
    if datatype in (INTEGER.value, NON_NEGATIVE.value) and re.fullmatch(r"0|-?[1-9]\d{0,14}", text):
        return int(text)
    return None


def _unwrap(values: list[Any]) -> object:
    """A single value without its list."""
    return values[0] if len(values) == 1 else values
