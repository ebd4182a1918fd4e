"""The shipped JSON-LD context has a short name for each property of ontology and data, and no more.

Add each new property of the ontology to ontology/context.jsonld: an object property with
`"@type": "@id"`, a number, a date or a boolean with its datatype.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal

from tipgraph.export.graph import KNOWN_PREFIXES, named_graphs
from tipgraph.export.jsonld import context
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import OWL, RDF, TIP, XSD, last_part, shorten

ROOT = Path(__file__).parents[2]
CONTENT = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
PREFIXED = {name: iri for name, iri in CONTENT.items() if name[0] != "@" and name in KNOWN_PREFIXES}
# JSON-LD has its own syntax for these.
KEYWORDS = {RDF + name for name in ("type", "first", "rest")}


@pytest.fixture(scope="module")
def kinds(shipped: LocalGraph) -> dict[str, str]:
    """The kind of each property's values: `@id`, a datatype, the language `en`, or nothing.

    The graph decides, and the ontology for properties that the graph does not use.
    """
    found = declared(shipped)
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for quad in named_graphs(shipped.engine):
        used[quad.predicate.value][kind(quad.object)] += 1
    found.update({iri: counts.most_common(1)[0][0] for iri, counts in used.items()})
    return {iri: each for iri, each in found.items() if iri not in KEYWORDS}


def declared(shipped: LocalGraph) -> dict[str, str]:
    rows = shipped.rows(
        "SELECT ?property ?type ?range { VALUES ?type { owl:ObjectProperty owl:DatatypeProperty"
        " owl:AnnotationProperty } ?property a ?type OPTIONAL { ?property rdfs:range ?range } }"
    )
    return {
        str(row["property"]): "@id"
        if row["type"] == OWL + "ObjectProperty"
        else coerced(str(row["range"] or ""))
        for row in rows
    }


def kind(term: object) -> str:
    if not isinstance(term, Literal):
        return "@id"
    return "en" if term.language == "en" else coerced(term.datatype.value)


def coerced(datatype: str) -> str:
    return "" if datatype in (XSD + "string", RDF + "langString") else datatype


def test_prefixes_are_those_of_the_package(shipped: LocalGraph) -> None:
    assert PREFIXED == KNOWN_PREFIXES
    assert CONTENT["@vocab"] == TIP


def test_every_property_has_a_short_name(kinds: dict[str, str], shipped: LocalGraph) -> None:
    """Its local name, or its prefixed name where a prefix or one of our terms has that name."""
    ours = {last_part(iri) for iri in kinds if iri.startswith(TIP)}
    shipped_context = context(shipped.resources)

    assert len(ours) > 100
    for iri in kinds:
        local = last_part(iri)
        taken = local in KNOWN_PREFIXES or (local in ours and not iri.startswith(TIP))
        assert shipped_context.term(iri).key == (shorten(iri) if taken else local)


def test_every_property_has_the_type_of_its_values(kinds, shipped: LocalGraph):
    shipped_context = context(shipped.resources)

    terms = {iri: shipped_context.term(iri) for iri in kinds}
    assert {iri: term.type or term.language for iri, term in terms.items()} == kinds


def test_every_class_has_a_short_name(shipped: LocalGraph) -> None:
    shipped_context = context(shipped.resources)
    classes = shipped.rows("SELECT DISTINCT ?class { ?any a ?class }").column("class")

    assert len(classes) > 80
    for iri in map(str, classes):
        assert shipped_context.class_name(iri) == (
            last_part(iri) if iri.startswith(TIP) else shorten(iri)
        )


def test_every_name_in_the_context_is_used(kinds: dict[str, str], shipped: LocalGraph) -> None:
    shipped_context = context(shipped.resources)

    names = {shipped_context.term(iri).key for iri in kinds}
    # The first release follows none.
    names.add("priorVersion")
    assert {name for name in CONTENT if name[0] != "@" and name not in KNOWN_PREFIXES} <= names
