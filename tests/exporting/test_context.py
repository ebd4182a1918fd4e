"""The shipped JSON-LD context: short names for all that ontology and data say, and no others.

A property that is added to the ontology goes into ontology/context.jsonld too: an object property
with `"@type": "@id"`, a number, a date or a truth value with its datatype.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal

from tipgraph.export.jsonld import context
from tipgraph.export.syntaxes import KNOWN
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import OWL, RDF, TIP, XSD, last_part, shorten

ROOT = Path(__file__).parents[2]
CONTENT = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
PREFIXED = {name: iri for name, iri in CONTENT.items() if name[0] != "@" and name in KNOWN}
# JSON-LD has forms of its own for these.
FORMS = {RDF + name for name in ("type", "first", "rest")}


@pytest.fixture(scope="module")
def kinds(shipped: LocalGraph) -> dict[str, str]:
    """What each property's values are: `@id`, a datatype, a language, or nothing of these.

    It is what the graph has, and for what it does not use, what the ontology says.
    """
    found = declared(shipped)
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for quad in shipped.engine.store:
        used[quad.predicate.value][kind(quad.object)] += 1
    found.update({iri: counts.most_common(1)[0][0] for iri, counts in used.items()})
    return {iri: each for iri, each in found.items() if iri not in FORMS}


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


def test_that_the_prefixes_are_ours(shipped: LocalGraph) -> None:
    assert PREFIXED == KNOWN
    assert CONTENT["@vocab"] == TIP


def test_that_every_property_has_a_short_name(kinds: dict[str, str], shipped: LocalGraph) -> None:
    """Its local name; where that is taken by a prefix or by one of ours, its prefixed name."""
    ours = {last_part(iri) for iri in kinds if iri.startswith(TIP)}
    written = context(shipped.resources)

    assert len(ours) > 100
    for iri in kinds:
        local = last_part(iri)
        taken = local in KNOWN or (local in ours and not iri.startswith(TIP))
        assert written.key(iri).name == (shorten(iri) if taken else local)


def test_that_every_property_says_what_its_values_are(
    kinds: dict[str, str], shipped: LocalGraph
) -> None:
    written = context(shipped.resources)

    keys = {iri: written.key(iri) for iri in kinds}
    assert {iri: key.type or key.language for iri, key in keys.items()} == kinds


def test_that_every_class_has_a_short_name(shipped: LocalGraph) -> None:
    written = context(shipped.resources)
    classes = shipped.rows("SELECT DISTINCT ?class { ?any a ?class }").column("class")

    assert len(classes) > 80
    for iri in map(str, classes):
        assert written.name(iri) == (last_part(iri) if iri.startswith(TIP) else shorten(iri))


def test_that_no_name_is_idle(kinds: dict[str, str], shipped: LocalGraph) -> None:
    written = context(shipped.resources)

    names = {written.key(iri).name for iri in kinds}
    assert {name for name in CONTENT if name[0] != "@" and name not in KNOWN} <= names
