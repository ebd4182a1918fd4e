"""Imports that no input file satisfies: of shapes that are missing, or of a vocabulary."""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from tipgraph.namespaces import OWL
from tipgraph.validate.documents import RdfDocument
from tipgraph.validate.report import Diagnostic
from tipgraph.validate.shape_lint.ineffective import all_shapes
from tipgraph.validate.shape_lint.vocabulary import (
    DASH,
    dash_parameters,
    used_classes,
    used_properties,
)
from tipgraph.validate.source_map import locate_value
from tipgraph.validate.suggestions import namespace
from tipgraph.validate.triples import SHACL, Triples, sh

IMPORTS = NamedNode(OWL + "imports")
# Vocabularies without shapes, by their IRIs without a separator at the end.
VOCABULARIES = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns",
    "http://www.w3.org/2000/01/rdf-schema",
    "http://www.w3.org/2001/XMLSchema",
    "http://www.w3.org/2002/07/owl",
    "http://www.w3.org/2004/02/skos/core",
    "http://www.w3.org/2008/05/skos-xl",
    "http://www.w3.org/2006/time",
    "http://www.w3.org/2006/vcard/ns",
    "http://www.w3.org/ns/adms",
    "http://www.w3.org/ns/dcat",
    "http://www.w3.org/ns/locn",
    "http://www.w3.org/ns/oa",
    "http://www.w3.org/ns/odrl/2",
    "http://www.w3.org/ns/org",
    "http://www.w3.org/ns/prov",
    "http://www.w3.org/ns/prov-o",
    "http://www.w3.org/ns/regorg",
    "http://www.w3.org/ns/sosa",
    "http://www.w3.org/ns/ssn",
    "http://purl.org/dc/elements/1.1",
    "http://purl.org/dc/terms",
    "http://purl.org/linked-data/cube",
    "http://purl.org/vocab/vann",
    "http://rdfs.org/ns/void",
    "http://xmlns.com/foaf/0.1",
    "http://schema.org",
    "https://schema.org",
}
# Vocabularies of an editor. They also define constraints, which count where a shape uses them.
EDITORS = {"http://datashapes.org/dash", "http://topbraid.org/tosh"}
VALUES = (sh("hasValue"), sh("datatype"))


def missing_imports(
    unresolved: Iterable[tuple[RdfDocument, str]], shapes: Triples
) -> Iterator[Diagnostic]:
    """An error for each import that is missing, and a warning where it is a vocabulary.

    `unresolved` are the documents, each with an IRI that it imports. A vocabulary is one of the
    well-known ones, or has terms that the shapes use as classes, properties or values, and none
    that they use as parameters of a constraint.
    """
    missing = list(unresolved)
    named, parameters = (_named(shapes), _parameters(shapes)) if missing else (set(), set())
    for document, iri in missing:
        name = _bare(iri)
        is_vocabulary = name in VOCABULARIES or name in (named | EDITORS) - parameters
        noun = "vocabulary" if is_vocabulary else "import"
        yield Diagnostic(
            "missing-vocabulary" if is_vocabulary else "missing-import",
            f"cannot resolve the {noun} <{iri}>: no input file defines it, and nothing is"
            " downloaded",
            locate_value(document, IMPORTS, NamedNode(iri)),
            "add its file to the inputs",
            is_warning=is_vocabulary,
        )


def _named(shapes: Triples) -> set[str]:
    """The IRIs of classes, properties and values, and their namespaces."""
    triples = [*used_classes(shapes), *used_properties(shapes)]
    terms = [triple.object for triple in triples]
    for predicate in VALUES:
        terms += [triple.object for triple in shapes.match(None, predicate)]
    for triple in shapes.match(None, sh("in")):
        terms += shapes.members(triple.object)
    iris = {term.value for term in terms if isinstance(term, NamedNode)}
    return {_bare(iri) for each in iris for iri in (each, namespace(each))}


def _parameters(shapes: Triples) -> set[str]:
    """The namespaces of the properties of shapes that may constrain something."""
    properties = {each.predicate for node in all_shapes(shapes) for each in shapes.match(node)}
    return {
        _bare(namespace(each.value))
        for each in properties
        if not each.value.startswith(SHACL)
        if not each.value.startswith(DASH) or each in dash_parameters()
    }


def _bare(iri: str) -> str:
    return iri.rstrip("#/")
