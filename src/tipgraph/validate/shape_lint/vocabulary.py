"""The terms of SHACL, and the terms in shapes that look like SHACL but do not exist."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from os.path import dirname, join

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, parse

from tipgraph.namespaces import RDF, RDFS
from tipgraph.validate.shape_lint.issues import Issue, Namer, Occurrence
from tipgraph.validate.suggestions import did_you_mean
from tipgraph.validate.triples import SHACL, TYPE, Triples, sh

# SHACL-AF defines this entailment regime, but its vocabulary lacks it.
ENTAILMENT = SHACL + "Rules"

Uses = Mapping[tuple[NamedNode, str], set[Occurrence]]

# The roles of a term, and the type that it must have; an issue names the first that applies.
ROLE_TYPES = {
    "property": NamedNode(RDF + "Property"),
    "class": NamedNode(RDFS + "Class"),
    "term": None,
}
ROLES = tuple(ROLE_TYPES)
# Common misspellings of the SHACL namespace. A bare prefix results from JSON-LD whose context does
# not define it.
WRONG_NAMESPACE = re.compile(
    r"(?:https?://(?:www\.)?w3\.org/(?:ns/)?shacl[#/]*|sh:|shacl:)", re.IGNORECASE
)


@cache
def vocabulary() -> Triples:
    """The vocabulary of SHACL, SHACL-SPARQL, SHACL-AF and SHACL-JS, from pySHACL's files."""
    return _asset("shacl.ttl")


@cache
def dash_parameters() -> set[NamedNode]:
    """The parameters of DASH's constraint components: its other properties are for editors."""
    return parameters(_asset("dash.ttl"))


def _asset(name: str) -> Triples:
    """A file that comes with pySHACL."""
    spec = find_spec("pyshacl")
    assert spec is not None
    return Triples(parse(path=join(dirname(spec.origin or ""), "assets", name)))


def parameters(graph: Triples) -> set[NamedNode]:
    """The parameters of the constraint components that the graph defines."""
    return {
        path
        for component in graph.match(None, sh("parameter"))
        if isinstance(component.object, NamedNode | BlankNode)
        for path in graph.values(component.object, sh("path"))
        if isinstance(path, NamedNode)
    }


def unknown_terms(shapes: Triples, prefixes: Mapping[str, str], name: Namer) -> Iterator[Issue]:
    """Terms in the SHACL namespace that do not exist, or not in the role that they are used in.

    Also terms in a misspelt SHACL namespace.
    """
    uses = _uses(shapes)
    yield from _wrong_namespaces(uses)
    unknown: defaultdict[NamedNode, list[str]] = defaultdict(list)
    for term, role in uses:
        if term.value.startswith(SHACL) and term.value not in _terms(role):
            unknown[term].append(role)
    for term, roles in unknown.items():
        role = min(roles, key=ROLES.index)
        noun = role if term.value in _terms("term") else "term"
        yield Issue(
            "unknown-term",
            f"{name(term)} is not a SHACL {noun}",
            frozenset().union(*(uses[term, role] for role in roles)),
            did_you_mean(term.value, _terms(role), prefixes),
        )


def _uses(shapes: Triples) -> Uses:
    """Where each IRI is used, by its role."""
    found: defaultdict[tuple[NamedNode, str], set[Occurrence]] = defaultdict(set)
    for triple in shapes:
        for term, role in _roles(triple):
            found[term, role].add((triple, term))
    return found


def _roles(triple: Triple) -> Iterator[tuple[NamedNode, str]]:
    """The IRIs of a triple, each with its role."""
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    yield predicate, "property"
    if isinstance(subject, NamedNode):
        yield subject, "term"
    if isinstance(value, NamedNode):
        yield value, "class" if predicate == TYPE else "term"
    if isinstance(value, Literal):
        yield value.datatype, "term"


def _wrong_namespaces(uses: Uses) -> Iterator[Issue]:
    found: defaultdict[str, set[Occurrence]] = defaultdict(set)
    for (term, role), occurrences in uses.items():
        start = WRONG_NAMESPACE.match(term.value)
        if not start or start[0] == SHACL or role == "term":
            continue
        if SHACL + term.value[start.end() :] in _terms(role):
            found[start[0]] |= occurrences
    for namespace, occurrences in found.items():
        message = f"<{namespace}> is not the SHACL namespace, which is <{SHACL}>"
        yield Issue("no-shapes", message, frozenset(occurrences))


@cache
def _terms(role: str) -> frozenset[str]:
    """The IRIs of the SHACL terms that can have the role."""
    found = (triple.subject for triple in vocabulary().match(None, TYPE, ROLE_TYPES[role]))
    terms = frozenset(term.value for term in found if isinstance(term, NamedNode))
    return terms | {ENTAILMENT} if role == "term" else terms
