"""Quads as text: in one order, whatever the store's, and under the prefixes that they use."""

import re
from collections.abc import Iterable
from os.path import splitext

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    serialize,
)

from tipgraph.errors import UsageError
from tipgraph.namespaces import ID, PREFIXES, RDF, RDFS
from tipgraph.resources.folders import Resources

SYNTAXES = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
}
# Endings that stand for less, or for something else, than they might.
MEANT = {"json": "jsonld", "txt": ""}
# Our prefixes, and those that only the description of the graph needs.
KNOWN = PREFIXES | {
    "foaf": "http://xmlns.com/foaf/0.1/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
}
FOLDER = rf"<{re.escape(ID)}([A-Za-z][\w-]*)/"
# What a thing is and what it is called come before the rest of what is said of it.
FIRST = {RDF + "type": 0, RDFS + "label": 1}


def style_of(file: str | None, usual: str) -> str:
    """The style that a file's ending stands for, or the usual one where it stands for none.

    Raises UsageError when it stands for one that is not written.
    """
    ending = splitext(file or "")[1].removeprefix(".").lower()
    syntax = RdfFormat.from_extension(MEANT.get(ending, ending))
    styles = {syntax: style for style, syntax in SYNTAXES.items()}
    if syntax is None:
        return usual
    if syntax not in styles:
        raise UsageError(f"{file}: .{ending} is not written; --format takes {', '.join(SYNTAXES)}")
    return styles[syntax]


def text(quads: Iterable[Quad], style: str, resources: Resources) -> str:
    """The quads in a style of SYNTAXES; a syntax of triples has all graphs as one.

    The same quads give the same text. Raises InputError for what JSON-LD cannot hold.
    """
    syntax = SYNTAXES[style]
    named = _named_alike(quads)
    if not syntax.supports_datasets:
        named = list({Quad(*quad.triple) for quad in named})
    ordered = sorted(named, key=_place)
    if style == "jsonld":
        from tipgraph.export.jsonld import context, jsonld

        return jsonld(ordered, context(resources))
    content = ordered if syntax.supports_datasets else [quad.triple for quad in ordered]
    declared = _prefixes(ordered) if style in ("turtle", "trig") else None
    return (serialize(content, format=syntax, prefixes=declared) or b"").decode()


def _named_alike(quads: Iterable[Quad]) -> list[Quad]:
    """The quads, with names for blank nodes that come from what is said of these."""
    listed = list(quads)
    if not any(isinstance(term, BlankNode) for quad in listed for term in quad):
        return listed
    dataset = Dataset(listed)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _place(quad: Quad) -> tuple[object, ...]:
    predicate = quad.predicate.value
    return (
        str(quad.graph_name),
        isinstance(quad.subject, BlankNode),
        str(quad.subject).strip("<>"),
        FIRST.get(predicate, len(FIRST)),
        predicate,
        str(quad.object),
    )


def _prefixes(quads: Iterable[Quad]) -> dict[str, str]:
    """Those of our prefixes that fit, and one for each folder of things, as an edition has one."""
    whole = " ".join(map(str, quads))
    folders = {name: f"{ID}{name}/" for name in re.findall(FOLDER, whole)}
    return {name: iri for name, iri in (folders | KNOWN).items() if f"<{iri}" in whole}
