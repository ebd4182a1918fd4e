"""The terms of SHACL: which there are, and what is used as one and is none."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from os.path import dirname, join

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, parse

from tipgraph.namespaces import RDF, RDFS
from tipgraph.validate.hints import did_you_mean
from tipgraph.validate.shape_lint.issues import Namer, Sighting, Suspect
from tipgraph.validate.triples import SHACL, TYPE, Triples, sh

# The regime of SHACL-AF, which its vocabulary leaves out.
ENTAILMENT = SHACL + "Rules"

Used = Mapping[tuple[NamedNode, str], set[Sighting]]

# The roles that a term can play; what is used in several is told by the first.
KINDS = {"property": NamedNode(RDF + "Property"), "class": NamedNode(RDFS + "Class"), "term": None}
ROLES = tuple(KINDS)
# What people write for the namespace of SHACL. A bare prefix is what JSON-LD makes of a name when
# its context does not have the prefix.
MISTAKEN = re.compile(
    r"(?:https?://(?:www\.)?w3\.org/(?:ns/)?shacl[#/]*|sh:|shacl:)", re.IGNORECASE
)


@cache
def vocabulary() -> Triples:
    """What SHACL, SHACL-SPARQL, SHACL-AF and SHACL-JS say of their terms, as pySHACL brings it."""
    spec = find_spec("pyshacl")
    assert spec is not None
    return Triples(parse(path=join(dirname(spec.origin or ""), "assets", "shacl.ttl")))


def parameters(graph: Triples) -> set[NamedNode]:
    """The properties that make a constraint by the components that the graph defines."""
    return {
        path
        for component in graph.match(None, sh("parameter"))
        if isinstance(component.object, NamedNode | BlankNode)
        for path in graph.values(component.object, sh("path"))
        if isinstance(path, NamedNode)
    }


def misspelt(shapes: Triples, prefixes: Mapping[str, str], name: Namer) -> Iterator[Suspect]:
    """What is in the namespace of SHACL and no term of it, or is where it cannot stand.

    Also what is in a namespace that was meant to be that of SHACL.
    """
    used = _used(shapes)
    yield from _in_mistaken_namespaces(used)
    wrong: defaultdict[NamedNode, list[str]] = defaultdict(list)
    for term, role in used:
        if term.value.startswith(SHACL) and term.value not in _terms(role):
            wrong[term].append(role)
    for term, roles in wrong.items():
        role = min(roles, key=ROLES.index)
        what = role if term.value in _terms("term") else "term"
        yield Suspect(
            "unknown-term",
            f"{name(term)} is no {what} of SHACL",
            frozenset().union(*(used[term, role] for role in roles)),
            did_you_mean(term.value, _terms(role), prefixes),
        )


def _used(shapes: Triples) -> Used:
    """Where each IRI plays each of its roles."""
    found: defaultdict[tuple[NamedNode, str], set[Sighting]] = defaultdict(set)
    for triple in shapes:
        for term, role in _roles(triple):
            found[term, role].add((triple, term))
    return found


def _roles(triple: Triple) -> Iterator[tuple[NamedNode, str]]:
    """The IRIs of a triple, each with the role that it plays there."""
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    yield predicate, "property"
    if isinstance(subject, NamedNode):
        yield subject, "term"
    if isinstance(value, NamedNode):
        yield value, "class" if predicate == TYPE else "term"
    if isinstance(value, Literal):
        yield value.datatype, "term"


def _in_mistaken_namespaces(used: Used) -> Iterator[Suspect]:
    found: defaultdict[str, set[Sighting]] = defaultdict(set)
    for (term, role), seen in used.items():
        start = MISTAKEN.match(term.value)
        if not start or start[0] == SHACL or role == "term":
            continue
        if SHACL + term.value[start.end() :] in _terms(role):
            found[start[0]] |= seen
    for namespace, seen in found.items():
        message = f"what is in the namespace <{namespace}> makes no shapes; SHACL's is <{SHACL}>"
        yield Suspect("no-shapes", message, frozenset(seen))


@cache
def _terms(role: str) -> frozenset[str]:
    """The IRIs of the terms of SHACL that can play the role."""
    found = (triple.subject for triple in vocabulary().match(None, TYPE, KINDS[role]))
    terms = frozenset(term.value for term in found if isinstance(term, NamedNode))
    return terms | {ENTAILMENT} if role == "term" else terms
