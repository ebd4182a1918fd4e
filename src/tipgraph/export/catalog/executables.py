"""The stored queries, in the SPARQL part of SHACL."""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.export.catalog.descriptions import Properties, describe, english, term
from tipgraph.export.package import DATASET, LICENCE
from tipgraph.namespaces import OURS
from tipgraph.queries.catalogue import StoredQuery

# The lines of front matter, which the other properties have.
HEADER = re.compile(r"^#\+.*\n", re.MULTILINE)
# The class of a query by its form, and the property that has its text.
FORMS = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
}


def executables(queries: Iterable[StoredQuery]) -> Iterator[Quad]:
    """Each query with its question, its text, and the theme that it belongs to."""
    for query in queries:
        class_, text = FORMS[query.form]
        properties: Properties = {
            "rdf:type": [term("sh:SPARQLExecutable"), term(class_)],
            "rdfs:label": [english(query.summary)],
            "rdfs:comment": map(english, filter(None, [query.question, query.description])),
            text: [Literal(re.sub(HEADER, "", query.text).strip())],
            "dcat:keyword": [english(each) for each in query.tags],
            "dcterms:identifier": [Literal(query.name)],
            "dcterms:license": [NamedNode(LICENCE)],
            "dcterms:isPartOf": [NamedNode(DATASET)],
        }
        yield from describe(f"{OURS}query/{query.name}", properties)
