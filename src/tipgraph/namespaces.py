"""Namespaces, their prefixes, and the named graphs."""

OURS = "https://w3id.org/tipgraph/"
TIP = OURS + "ns#"
CODE = OURS + "code/"
ID = OURS + "id/"
GRAPH = OURS + "graph/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"

ONTOLOGY_GRAPH = GRAPH + "ontology"
SHAPES_GRAPH = GRAPH + "shapes"
DERIVED_GRAPH = GRAPH + "derived"
# In a store only: the triples of all graphs but the shapes, which queries read; the manifest of
# what was loaded; and the prefix of graphs that are being loaded.
MERGED_GRAPH = GRAPH + "all"
MANIFEST_GRAPH = GRAPH + "loads"
STAGING = GRAPH + "staging/"
# The prefix of IRIs for blank nodes of users' files.
SKOLEM = OURS + ".well-known/genid/"

# Codes of figures: the total, the unit of percentages, and the counter or payer where the
# source does not say who.
TOTAL = CODE + "total"
PERCENT = CODE + "percent"
PERSONS = CODE + "persons"
UNIDENTIFIED = ID + "unidentified-actor"
# The editors of tipgraph as a speaker.
OURSELVES = ID + "tipgraph"

PREFIXES = {
    "tip": TIP,
    "tipsh": "https://w3id.org/tipgraph/shapes#",
    "code": CODE,
    "id": ID,
    "graph": GRAPH,
    "bibo": "http://purl.org/ontology/bibo/",
    "country": "http://publications.europa.eu/resource/authority/country/",
    "currency": "http://publications.europa.eu/resource/authority/currency/",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": RDF,
    "rdfs": RDFS,
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": XSD,
}
# The prefixes, with the longest namespace first.
LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda each: len(each[1]), reverse=True)


def expand(name: str) -> str | None:
    """The IRI of a prefixed name such as `tip:Edition`; None for an unknown prefix."""
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else None


def shorten(iri: str) -> str:
    """The prefixed name for the IRI where a prefix fits, the longest one, else the IRI."""
    for name, start in LONGEST_FIRST:
        if iri.startswith(start):
            return f"{name}:{iri.removeprefix(start)}"
    return iri


def last_part(iri: str) -> str:
    """Return the part after the last slash or hash: `S12` of `…/tip-2021-be/S12`."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
