"""Find rules that look, through negation or aggregates, at results of no lower stratum.

An atom is a predicate together with the class of its subject, so far as a rule states it: rules
that count rungs by their edition do not depend on one that gives changes an edition. A class is
any class where none is stated; so is a predicate that stands as a variable, unless the rule takes
it from the ontology.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from rdflib import RDF, RDFS, Graph, URIRef, Variable
from rdflib.paths import Path
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from tipgraph.store.rules import Rule

Term = Any
TripleOf = tuple[Term, Term, Term]
ANY = None


# Properties of properties, by which a rule takes a predicate from the ontology.
LISTING = (RDFS.subPropertyOf, URIRef("https://w3id.org/tipgraph/ns#listsNamesOf"))


class Atom(NamedTuple):
    """A predicate on things of a class; either may be any."""

    kind: URIRef | None
    predicate: URIRef | None


class Fault(NamedTuple):
    """A rule looks at an atom that another of the same stratum or a higher one gives."""

    rule: str
    atom: Atom
    given_by: str


def faults(rules: Sequence[Rule], ontology: Graph) -> set[Fault]:
    """Return violations of the strata; empty if the outcome cannot depend on the rules' order."""
    read = [(rule, algebra(rule.text)) for rule in rules]
    given = [(rule, gives(query, ontology)) for rule, query in read]
    return {
        Fault(_name(rule), atom, _name(other))
        for rule, query in read
        for atom in looked_at(query, ontology)
        for other, gifts in given
        if other.stratum >= rule.stratum and any(_meet(atom, gift, ontology) for gift in gifts)
    }


@cache
def algebra(text: str) -> CompValue:
    """The query, which is parsed once: a rule is looked at beside many others."""
    return prepareQuery(text).algebra


def looked_at(query: CompValue, ontology: Graph) -> set[Atom]:
    """The atoms below EXISTS, with or without NOT, MINUS and aggregates."""
    return {
        atom for part in _not_monotone(query.p) for atom in _atoms(list(_triples(part)), ontology)
    }


def gives(query: CompValue, ontology: Graph) -> set[Atom]:
    """The atoms of the template. A type that is some superclass may be each class that is one."""
    where = list(_triples(query.p))
    template: list[TripleOf] = list(query.template)
    climbs = {o for _, p, o in where if isinstance(p, Path) and RDFS.subClassOf in _steps(p)}
    supers = {o for o in ontology.objects(None, RDFS.subClassOf) if isinstance(o, URIRef)}
    atoms: set[Atom] = set()
    for subject, predicate, value in template:
        if predicate == RDF.type and value in climbs:
            atoms |= {Atom(each, RDF.type) for each in supers}
        else:
            choices = _choices(predicate, where, ontology)
            atoms |= _atom(subject, predicate, value, _kinds(template), choices)
    return atoms


def _choices(predicate: Term, triples: Iterable[TripleOf], ontology: Graph) -> set[URIRef]:
    """The properties that a variable stands for, if the ontology lists them."""
    found: set[URIRef] = set()
    for subject, named, value in triples:
        steps = _steps(named) if isinstance(named, Path) else {named}
        for step in steps & set(LISTING):
            if subject == predicate:
                found |= {each for each in ontology.subjects(step) if isinstance(each, URIRef)}
            if value == predicate:
                found |= {each for each in ontology.objects(None, step) if isinstance(each, URIRef)}
    return found


def _not_monotone(node: Any) -> Iterator[CompValue]:
    """The parts of a query whose answers can shrink when the data grow."""
    if isinstance(node, CompValue):
        if node.name in ("Builtin_NOTEXISTS", "Builtin_EXISTS"):
            yield node.graph
        elif node.name == "Minus":
            yield node.p2
        elif node.name == "AggregateJoin":
            yield node.p
    for below in _below(node):
        yield from _not_monotone(below)


def _triples(node: Any) -> Iterator[TripleOf]:
    if isinstance(node, CompValue) and "triples" in node:
        for terms in node.triples:
            yield from zip(*[iter(terms)] * 3, strict=True)
    else:
        for below in _below(node):
            yield from _triples(below)


def _below(node: Any) -> Iterable[Any]:
    if isinstance(node, CompValue):
        return [value for name, value in node.items() if name != "_vars"]
    return node if isinstance(node, list | tuple) else []


def _atoms(triples: list[TripleOf], ontology: Graph) -> set[Atom]:
    kinds = _kinds(triples)
    return {
        atom
        for triple in triples
        for atom in _atom(*triple, kinds, _choices(triple[1], triples, ontology))
    }


def _atom(
    subject: Term,
    predicate: Term,
    value: Term,
    kinds: dict[Term, URIRef],
    choices: Iterable[URIRef] = (),
) -> set[Atom]:
    if isinstance(predicate, Variable):
        return {Atom(ANY, each) for each in choices} or {Atom(ANY, ANY)}
    if isinstance(predicate, Path):
        return {Atom(ANY, step) for step in _steps(predicate)}
    if predicate == RDF.type:
        return {Atom(value if isinstance(value, URIRef) else ANY, RDF.type)}
    return {Atom(kinds.get(subject, ANY), predicate)}


def _kinds(triples: Iterable[TripleOf]) -> dict[Term, URIRef]:
    return {s: o for s, p, o in triples if p == RDF.type and isinstance(o, URIRef)}


def _steps(path: Any) -> set[URIRef]:
    """The predicates that a property path goes along."""
    if isinstance(path, URIRef):
        return {path}
    parts = getattr(path, "args", None) or [getattr(path, "path", None) or path.arg]
    return {step for part in parts for step in _steps(part)}


def _meet(one: Atom, other: Atom, ontology: Graph) -> bool:
    return _same(one.predicate, other.predicate) and (
        _same(one.kind, other.kind)
        or (one.predicate != RDF.type and _related(one.kind, other.kind, ontology))
    )


def _same(one: URIRef | None, other: URIRef | None) -> bool:
    return ANY in (one, other) or one == other


def _related(one: URIRef | None, other: URIRef | None, ontology: Graph) -> bool:
    above = ontology.transitive_objects
    return other in set(above(one, RDFS.subClassOf)) or one in set(above(other, RDFS.subClassOf))


def _name(rule: Rule) -> str:
    return str(rule.path).rpartition("/")[2].removesuffix(".rq")
