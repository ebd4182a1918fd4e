"""The ontology as one file: all modules in one, which no tool has to resolve imports for."""

from collections.abc import Iterable
from os.path import basename

from pyoxigraph import NamedNode, Quad, parse

from tipgraph.namespaces import OWL, PREFIXES, RDF, RDFS
from tipgraph.resources.folders import Resources

WHOLE = NamedNode("https://w3id.org/tipgraph/ontology/tipgraph")
TYPE, LABEL = NamedNode(RDF + "type"), NamedNode(RDFS + "label")
ONTOLOGY, IMPORTS = NamedNode(OWL + "Ontology"), NamedNode(OWL + "imports")
PREFERRED_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")


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
    return [*kept, *_labels(kept)]


def _labels(quads: Iterable[Quad]) -> list[Quad]:
    return [
        Quad(quad.subject, LABEL, quad.object)
        for quad in quads
        if quad.predicate == PREFERRED_LABEL
    ]
