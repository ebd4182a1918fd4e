"""RDF terms: their types, their text form, and prefixed names."""

import re
from collections.abc import Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from tipgraph.namespaces import OWL, RDF, RDFS, XSD

Node = NamedNode | BlankNode
Term = Node | Literal | Triple

SHACL = "http://www.w3.org/ns/shacl#"
TYPE = NamedNode(RDF + "type")
FIRST = NamedNode(RDF + "first")
REST = NamedNode(RDF + "rest")
NIL = NamedNode(RDF + "nil")

# Known even where no file declares them.
STANDARD_PREFIXES = {"owl": OWL, "rdf": RDF, "rdfs": RDFS, "sh": SHACL, "xsd": XSD}

LOCAL_NAME = re.compile(r"[\w](?:[\w.-]*[\w-])?\Z|\Z")
IRI_IN_TEXT = re.compile(r"<(\w+:[^<>\s]+)>|(\bhttps?://[^\s<>\"(),;]*[\w/#])")
IRI_OR_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>\s]+>')


def sh(name: str) -> NamedNode:
    """The SHACL term with this name."""
    return NamedNode(SHACL + name)


def as_node(term: object) -> Node:
    """The term, typed as the IRI or blank node that it is."""
    assert isinstance(term, NamedNode | BlankNode)
    return term


def to_text(term: Term | None) -> str:
    """The term as text: an IRI without brackets, a literal as in Turtle, empty for None."""
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode) else str(term)


def with_standard_prefixes(prefixes: Mapping[str, str]) -> dict[str, str]:
    """These prefixes and the standard ones that they leave free; longest namespaces first."""
    free = {name: iri for name, iri in STANDARD_PREFIXES.items() if name not in prefixes}
    merged = [(name, iri) for name, iri in {**prefixes, **free}.items() if iri]
    return dict(sorted(merged, key=lambda each: -len(each[1])))


def shorten(term: str, prefixes: Mapping[str, str]) -> str:
    """An IRI, a literal or a path, with each IRI as a prefixed name where one fits.

    `prefixes` are ordered as `with_standard_prefixes` returns them.
    """
    if term.startswith("_:") or not term:
        return term
    if not term.startswith('"') and "<" not in term:
        return _prefixed_name(term, prefixes) or term
    return IRI_OR_STRING.sub(lambda found: _shorten_part(found[0], prefixes), term)


def shorten_in_text(text: str, prefixes: Mapping[str, str]) -> str:
    """A sentence, with each IRI in it as a prefixed name where one fits."""
    return IRI_IN_TEXT.sub(
        lambda found: _prefixed_name(found[1] or found[2], prefixes) or found[0], text
    )


def _shorten_part(part: str, prefixes: Mapping[str, str]) -> str:
    return part if part.startswith('"') else _prefixed_name(part[1:-1], prefixes) or part


def _prefixed_name(iri: str, prefixes: Mapping[str, str]) -> str:
    """The prefixed name with the longest namespace; empty where no prefix fits."""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and LOCAL_NAME.match(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return ""
