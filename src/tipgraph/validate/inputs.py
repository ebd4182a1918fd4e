"""The inputs of a validation: the request, its documents, and what the data refers to."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from tipgraph.namespaces import OWL
from tipgraph.validate.documents import DEFAULT_SYNTAX, IMPORTS, DocumentReader, RdfDocument
from tipgraph.validate.engines import AUTO
from tipgraph.validate.literals import LiteralKinds, merged
from tipgraph.validate.report import FAIL_ON, Diagnostic
from tipgraph.validate.targets import SUBCLASS
from tipgraph.validate.triples import SHACL, TYPE, Term, Triples, merge_prefixes, reachable, to_text

ONTOLOGY = NamedNode(OWL + "Ontology")
VERSION = NamedNode(OWL + "versionIRI")


Documents = Sequence[RdfDocument]
GraphName = NamedNode | BlankNode | DefaultGraph


@dataclass(frozen=True)
class Defaults:
    """The caller's defaults, where the request names nothing itself.

    `data`, `shapes` and `ontology` are files. Data that is validated with the default shapes may
    refer to the default data. The ontology is used with the default data or the default shapes;
    with the request's own data and shapes only its own files count. `owl:imports` may resolve to
    shapes and ontology. The ontology declares all classes and properties whose IRIs start with
    `namespace` (none where it is empty). `prefixes` shorten IRIs in messages. `complete` derives
    what data leaves out for the default shapes to check, from the documents of the data and of what
    it may refer to: the triples that belong to each of the two. `referable` selects the files of
    the default data that data in some paths may refer to, by default all. `kept` returns what is
    made of the default shapes and ontology alone, and may keep it.
    """

    data: Sequence[str] = ()
    shapes: Sequence[str] = ()
    ontology: Sequence[str] = ()
    namespace: str = ""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    complete: Callable[[Documents, Documents], tuple[list[Triple], list[Triple]]] | None = None
    referable: Callable[[Sequence[str]], Sequence[str]] | None = None
    kept: Callable[[Callable[[], bytes]], bytes] = lambda make: make()


@dataclass(frozen=True)
class ValidationRequest:
    """The data to validate, the shapes, and the options.

    `data`, `shapes`, `more_shapes` and `ontology` are files, folders, globs or `-` for standard
    input, whose syntax is `syntax`. `more_shapes` are added to `shapes` or to the default ones.
    `remote` is a SPARQL endpoint, the name of a graph there, and the seconds to read it. With
    `each_graph`, every named graph is validated separately; with the default shapes it may refer to
    the other ones.
    `check_shapes` lints the shapes first, and with `shapes_only` that is all; what the checks in
    `ignore` find does not count. `jobs` is the maximum number of processes (None: one per
    processor); `fail_on` is the lowest severity that fails, one of FAIL_ON.
    """

    data: Sequence[str] = ()
    remote: tuple[str, str, float] | None = None
    syntax: RdfFormat = DEFAULT_SYNTAX
    shapes: Sequence[str] = ()
    more_shapes: Sequence[str] = ()
    ontology: Sequence[str] = ()
    defaults: Defaults = field(default_factory=Defaults)
    each_graph: bool = False
    check_shapes: bool = True
    ignore: Collection[str] = ()
    shapes_only: bool = False
    engine: str = AUTO
    jobs: int | None = None
    fail_on: str = FAIL_ON[0]

    @property
    def uses_default_data(self) -> bool:
        """Return whether it names no data."""
        return not (self.data or self.remote)

    @property
    def uses_default_ontology(self) -> bool:
        """Return whether its data or shapes are the default ones, and need their ontology."""
        return not self.shapes or (self.uses_default_data and not self.ontology)

    @property
    def uses_default_shapes_only(self) -> bool:
        """Return whether it names no shapes at all."""
        return not (self.shapes or self.more_shapes)


@dataclass(frozen=True)
class Inputs:
    """The documents of a request that can be read, and the errors of the others.

    Without all shapes and ontologies no validation is valid: then they are not `usable`. The data
    may refer to what is in `reference`. Imports that no document
    satisfies are `unresolved`, in shapes and in data and ontology: each is the document and an IRI.
    """

    data: list[RdfDocument]
    shapes: list[RdfDocument]
    ontology: list[RdfDocument]
    reference: list[RdfDocument]
    default_prefixes: Mapping[str, str]
    errors: list[Diagnostic]
    usable: bool
    unresolved_in_shapes: list[tuple[RdfDocument, str]]
    unresolved_in_data: list[tuple[RdfDocument, str]]

    @property
    def schema(self) -> Triples:
        """The triples of data and ontology about classes and properties.

        An ontology can make a class through any type (a class of classes), so all its types
        count; data has too many.
        """
        types = (quad for each in self.ontology for quad in each.quads() if quad.predicate == TYPE)
        schema = (triple for each in [*self.ontology, *self.data] for triple in each.schema)
        return Triples([*types, *schema])

    @property
    def kinds(self) -> LiteralKinds:
        """The kinds of the literals in data, ontology and what the data may refer to."""
        return merged(each.kinds for each in (*self.data, *self.ontology, *self.reference))

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of data, shapes, ontology and defaults, in this order of precedence."""
        documents = [*self.ontology, *self.shapes, *self.data]
        declared = {name: iri for each in documents for name, iri in each.prefixes.items()}
        return merge_prefixes(declared, self.default_prefixes)


def read_inputs(request: ValidationRequest) -> Inputs:
    """Find and read the documents of the request, and those that they import."""
    reader, defaults = DocumentReader(), request.defaults
    data = reader.read_paths(request.data, request.syntax)
    if request.remote:
        data += reader.read_graph(*request.remote)
    elif not request.data:
        data = reader.read_paths(defaults.data)
    data_errors = len(reader.errors)
    shapes = reader.read_paths([*(request.shapes or defaults.shapes), *request.more_shapes])
    used = [*request.ontology, *(defaults.ontology if request.uses_default_ontology else ())]
    ontology = reader.read_paths(used, exclude=data)
    may_refer = not (request.shapes or request.uses_default_data)
    referable = defaults.referable(request.data) if defaults.referable else defaults.data
    reference = reader.read_paths(referable, exclude=data) if may_refer else []
    if defaults.complete and not request.shapes:
        derived, derived_of_reference = defaults.complete(data, reference)
        own = list(_in_graphs(derived, data)) if request.each_graph else derived
        data += reader.read_derived(own)
        reference += reader.read_derived(derived_of_reference)
    usable = len(reader.errors) == data_errors

    def importable() -> list[RdfDocument]:
        return reader.read_paths([*defaults.ontology, *defaults.shapes])

    resolver = ImportResolver([*data, *shapes, *ontology], importable)
    shapes += resolver.imports(shapes)
    ontology += resolver.imports([*data, *ontology])
    return Inputs(
        data,
        shapes,
        ontology,
        reference,
        defaults.prefixes,
        reader.errors,
        usable,
        list(resolver.unresolved(shapes)),
        list(resolver.unresolved([*data, *ontology])),
    )


def _in_graphs(derived: Iterable[Triple], data: Documents) -> Iterator[Quad]:
    """The derived triples, each in the graphs that describe its subject.

    Nodes that rules make, which no graph describes, are where the node is that leads to them.
    """
    graphs: defaultdict[Term, set[GraphName]] = defaultdict(set)
    for document in data:
        for quad in document.quads():
            graphs[quad.subject].add(quad.graph_name)
    described = set(graphs)
    for triple in derived:
        for graph in graphs[triple.subject]:
            yield Quad(triple.subject, triple.predicate, triple.object, graph)
        if not isinstance(triple.object, Literal) and triple.object not in described:
            graphs[triple.object] |= graphs[triple.subject]


class ImportResolver:
    """Resolves `owl:imports` among the given documents and the importable ones.

    Nothing is downloaded. The importable documents are read when an import needs them.
    """

    def __init__(
        self, given: Iterable[RdfDocument], importable: Callable[[], Iterable[RdfDocument]]
    ) -> None:
        self._by_name = {name: document for document in given for name in _names(document)}
        self._importable = importable

    def imports(self, documents: Sequence[RdfDocument]) -> list[RdfDocument]:
        """The documents that these import, directly or not, without these themselves."""
        found = list(documents)
        for document in found:  # grows in the loop
            resolved = (self._resolve(name) for name in _imported(document))
            found += (each for each in resolved if each is not None and each not in found)
        return found[len(documents) :]

    def unresolved(self, documents: Iterable[RdfDocument]) -> Iterator[tuple[RdfDocument, str]]:
        """Each import that no document satisfies, with the document that has it."""
        for document in documents:
            for name in _imported(document):
                if self._resolve(name) is None:
                    yield document, name

    def _resolve(self, name: str) -> RdfDocument | None:
        return self._by_name.get(name) or self._importable_by_name.get(name)

    @cached_property
    def _importable_by_name(self) -> dict[str, RdfDocument]:
        return {name: document for document in self._importable() for name in _names(document)}


def _imported(document: RdfDocument) -> Iterator[str]:
    """The names that the document imports, without SHACL, which is always known.

    A text, which should be an IRI, is one too; a blank node names nothing.
    """
    for triple in document.schema:
        if triple.predicate == IMPORTS and not isinstance(triple.object, BlankNode):
            name = to_text(triple.object)
            if name.rstrip("#") != SHACL.rstrip("#"):
                yield name


def _names(document: RdfDocument) -> Iterator[str]:
    """The IRIs of the document, of the ontology that it defines, and of its version."""
    yield document.base
    for triple in document.schema:
        if triple.predicate == TYPE and triple.object == ONTOLOGY:
            yield to_text(triple.subject)
        if triple.predicate == VERSION:
            yield to_text(triple.object)


class ReferenceData:
    """Triples that data may refer to, as a named graph does to the other ones of its dataset.

    They are read beside the data, as an ontology is: no shape selects their nodes.
    """

    def __init__(self, triples: Iterable[Triple], schema: Triples, roots: Set[Term]) -> None:
        """`schema` has the superclasses; `roots` are nodes that all data may refer to."""
        self._schema = schema
        self._roots = roots
        self._by_subject: defaultdict[Term, list[Triple]] = defaultdict(list)
        self._referrers: defaultdict[Term, set[Term]] = defaultdict(set)
        for triple in triples:
            self._by_subject[triple.subject].append(triple)
            self._referrers[triple.object].add(triple.subject)

    def beside(self, data: Iterable[Triple]) -> list[Triple]:
        """The triples on the roots and on nodes that the data mentions or that refer to its own,
        and on the nodes that these refer to.

        What the data describes itself is left out, so that it is validated as it is.
        """
        if not self._by_subject:
            return []
        types: defaultdict[Term, set[Term]] = defaultdict(set)
        properties: defaultdict[Term, set[Term]] = defaultdict(set)
        mentioned: set[Term] = set()
        for triple in data:
            own_types = types[triple.subject]
            if triple.predicate == TYPE:
                own_types.add(triple.object)
                continue
            properties[triple.subject].add(triple.predicate)
            if not isinstance(triple.object, Literal):
                mentioned.add(triple.object)
        described = {
            node for node in types if self._is_described(node, types[node], properties[node])
        }
        referrers = {each for node in types for each in self._referrers.get(node, ())}
        new = (self._roots | mentioned | referrers | types.keys()) - described
        reached = set(described)
        found = []
        while new:
            reached |= new
            triples = [triple for node in new for triple in self._by_subject.get(node, ())]
            found += triples
            new = {triple.object for triple in triples if triple.object in self._by_subject}
            new -= reached
        return found

    def _is_described(self, node: Term, types: set[Term], properties: set[Term]) -> bool:
        """Return whether the data describes the node, and does not only add to it.

        It adds wider types, or other properties than are known.
        """
        known = self._by_subject.get(node, ())
        known_types = [each.object for each in known if each.predicate == TYPE]

        def wider(class_: Term) -> Iterable[Term]:
            return self._schema.values(class_, SUBCLASS)

        above = reachable((each for type_ in known_types for each in wider(type_)), wider)
        if not known_types or not types.issubset(above):
            return True
        known_properties = {each.predicate for each in known}
        return not (types or node in self._roots) and bool(properties & known_properties)
