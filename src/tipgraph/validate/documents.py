"""The documents that a validation is about: data, shapes and ontology, with what they import."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import RdfFormat

from tipgraph.resources.folders import Resources
from tipgraph.validate.engines import REFERENCE
from tipgraph.validate.imports import ImportResolver
from tipgraph.validate.inputs import SYNTAX, Inputs, Source
from tipgraph.validate.report import FAIL_ON, Fault
from tipgraph.validate.triples import TYPE, Triples


@dataclass(frozen=True)
class Request:
    """What to validate, against what, and how.

    `data`, `shapes` and `ontology` are files, folders, globs or `-`; without any, the resources's.
    `more_shapes` come on top; the resources's shapes have its ontology with them in any case.
    `syntax` is that of standard input. `remote` is a SPARQL endpoint and the name of a graph in it.
    With `each_graph` every named graph is data of its own. With `narrow` shapes look at nodes that
    the data speaks of alone, which is quicker where much is given as ontology. With `guards_only`
    the data is not validated. `jobs` is how many processes may work, as many as there are
    processors where it is None; `fail_on` the least severity that fails.
    """

    resources: Resources
    data: Sequence[str] = ()
    remote: tuple[str, str] | None = None
    syntax: RdfFormat = SYNTAX
    shapes: Sequence[str] = ()
    more_shapes: Sequence[str] = ()
    ontology: Sequence[str] = ()
    each_graph: bool = False
    narrow: bool = False
    guards: bool = True
    guards_only: bool = False
    engine: str = REFERENCE
    jobs: int | None = None
    fail_on: str = FAIL_ON[0]


@dataclass(frozen=True)
class Documents:
    """What can be read of what the request names, and the faults of the rest.

    Without all its shapes and its ontology a validation is none: then they are not `usable`.
    `notes` say what data and ontology import and is not there.
    """

    data: list[Source]
    shapes: list[Source]
    ontology: list[Source]
    faults: list[Fault]
    usable: bool
    notes: list[str]

    @property
    def schema(self) -> Triples:
        """What data and ontology say of classes and properties.

        In an ontology any type can make a class, by way of a class of classes; data has too many.
        """
        types = (quad for each in self.ontology for quad in each.quads() if quad.predicate == TYPE)
        said = (triple for each in [*self.ontology, *self.data] for triple in each.schema)
        return Triples([*types, *said])

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of all; the data's own win."""
        sources = [*self.ontology, *self.shapes, *self.data]
        return {name: iri for source in sources for name, iri in source.prefixes.items()}


def gather(request: Request) -> Documents:
    """Find the documents, read each through, and add what they import and was given or shipped."""
    inputs, resources = Inputs(), request.resources
    data = inputs.files(request.data, request.syntax)
    if request.remote:
        data += inputs.graph(*request.remote)
    elif not request.data:
        data = inputs.files(resources.data())
    read = len(inputs.faults)
    shapes = inputs.files([*(request.shapes or resources.shapes()), *request.more_shapes])
    own = [] if request.shapes and request.ontology else resources.ontology()
    ontology = inputs.files([*request.ontology, *own], besides=data)
    usable = len(inputs.faults) == read

    def shipped() -> list[Source]:
        return inputs.files([*resources.ontology(), *resources.shapes()])

    shelf = ImportResolver([*data, *shapes, *ontology], shipped)
    shapes += shelf.imports(shapes)
    ontology += shelf.imports([*data, *ontology])
    if request.guards:
        inputs.faults += shelf.missing(shapes)
    notes = inputs.notes + list(map(str, shelf.missing([*data, *ontology])))
    return Documents(data, shapes, ontology, inputs.faults, usable, notes)
