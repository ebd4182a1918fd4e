"""The shapes themselves: complete, well formed, never looking past what they should see."""

import re
from typing import Any

import pytest
from pyoxigraph import RdfFormat, serialize
from rdflib import OWL, QB, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import BNode, Node

import tipgraph

from .harness import TIPSH, WHOLE, Shapes, shape_name, union

TIP = "https://w3id.org/tipgraph/ns#"
W3C = "http://www.w3.org/"
N_TRIPLES = RdfFormat.N_TRIPLES

# Situations in which conclusions of all kinds are drawn, also blocked and final ones.
SITUATIONS: tuple[dict[str, Any], ...] = (
    {},
    {"citizenship": "ROU", "age": 16, "unaccompanied": True, "met": ["takes-part-in-proceedings"]},
    {"citizenship": ["BEL", "ALB"], "age": 30, "met": "identified", "not_met": "living-abroad"},
    {
        "citizenship": "stateless",
        "met": ["potential", "criminal-case-ended", "charges-brought"],
        "not_met": ["assists-prosecution", "conviction-and-sentence", "contact-broken-off"],
    },
)

# Properties that the rules derive for nodes in data.
ON_DATA = {URIRef(TIP + "caveat"), URIRef(TIP + "axis"), QB.slice}

# Other vocabularies' terms for persons, which the ontology does not declare and data may not use.
FOREIGN = ("http://xmlns.com/foaf/", "https://schema.org/", "http://www.w3.org/2006/vcard/")


@pytest.fixture(scope="session", params=["shapes", "case_shapes"])
def written(request: pytest.FixtureRequest) -> Any:
    """The shapes for data, and those for a case: both are written alike."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def ours(written: Shapes) -> set[URIRef]:
    """All shapes that have a name."""
    kinds = (SH.NodeShape, SH.PropertyShape)
    return {
        URIRef(str(shape)) for kind in kinds for shape in written.graph.subjects(RDF.type, kind)
    }


def test_actors_may_have_every_relation(shapes: Shapes, ontology: Graph) -> None:
    """A rule derives the plain triple of a relationship, whichever relation it states."""
    relations = set(ontology.subjects(RDF.type, URIRef(TIP + "Relation")))

    assert relations < set(shapes.graph.items(URIRef(TIPSH + "Actor-paths")))


@pytest.mark.conformance
def test_conclusions_on_cases_conform(data, ontology, shapes, case_shapes):
    """Cases are none of the data, so each kind of shapes sees what it is for alone."""
    whole, tip, seen = union(ontology, data), tipgraph.open(), set()
    for situation in SITUATIONS:
        actual = tip.assess(situation).proof()
        proof = Graph().parse(data=serialize(actual, format=N_TRIPLES))
        (case,) = proof.subjects(RDF.type, URIRef(TIP + "Case"))
        conclusions = set(proof.subjects()) - {case}
        seen |= {name(kind) for kind in proof.objects(None, RDF.type)}
        added = [triple for triple in proof if triple not in whole]
        for triple in added:
            whole.add(triple)
        assert shapes.findings(whole, conclusions) == set()
        assert case_shapes.findings(whole, {case}) == set()
        for triple in added:
            whole.remove(triple)
    assert seen == {
        "Case", "TruthConclusion", "OpenConclusion", "NormConclusion", "BenefitConclusion"
    }  # fmt: skip


def test_every_kind_has_a_closed_shape(shapes: Shapes, ontology: Graph) -> None:
    closed = {name(shape) for shape in shapes.graph.subjects(SH.closed, Literal(True))}
    kinds = {name(kind) for kind in ontology.subjects(RDF.type, URIRef(TIP + "Kind"))}
    assert closed == kinds


def test_every_shape_has_a_name_and_a_message(written: Shapes, ours: set[URIRef]) -> None:
    targeted = {shape.node for shape in written.targeted}
    for shape in sorted(ours):
        short = shape_name(shape)
        assert count(written.graph, shape, SH.name) == 1, f"add one sh:name to {short}"
        if shape in targeted or (shape, RDF.type, SH.PropertyShape) in written.graph:
            severities = list(written.graph.objects(shape, SH.severity))
            assert severities == [SH.Violation], f"add one sh:severity sh:Violation to {short}"
            assert count(written.graph, shape, SH.message) == 1, f"add one sh:message to {short}"
            message = str(written.graph.value(shape, SH.message))
            assert re.match(r"[A-Z].*\.$", message, re.DOTALL), (
                f"the message of {short} is a sentence: a capital first, a full stop last"
            )


def test_shapes_have_iris(written: Shapes, ours: set[URIRef]) -> None:
    """An anonymous shape is a part of one that has a name."""
    assert all(str(shape).startswith(TIPSH) for shape in ours), "name shapes tipsh:Name"
    for path in (SH.property, SH.sparql):
        parents = written.graph.subjects(path, None)
        assert all(isinstance(shape, URIRef) for shape in parents), (
            f"a shape with {path} has a name instead of brackets"
        )


def test_targets_and_paths_are_declared(written: Shapes, ontology: Graph) -> None:
    """A target that nobody declares would find nothing, and say that all is well."""
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
    named = {term for path in targets for term in written.graph.objects(None, path)}
    for path in written.graph.objects(None, SH.path):
        named |= path_terms(written.graph, path)
    named |= set(written.graph.objects(None, SH["class"]))
    undeclared = {
        str(term)
        for term in named
        if (term, RDF.type, None) not in ontology
        and not str(term).startswith((W3C + "1999/", W3C + "2000/", W3C + "2002/", *FOREIGN))
    }
    assert undeclared == set()


def test_shapes_use_only_shacl(written: Shapes) -> None:
    """A misspelt `sh:mincount` is no error to pySHACL, and no constraint either."""
    spoken = {*written.graph.predicates(), *written.graph.objects(None, RDF.type)}
    shacl = {term for term in spoken if str(term).startswith(str(SH))}
    assert {str(term) for term in shacl if not is_shacl(term)} == set()
    assert all(str(term).startswith((str(SH), W3C)) for term in spoken)


def test_references_exist(written: Shapes, ontology: Graph, ours: set[URIRef]) -> None:
    """Each property that points to things says somewhere to which, so that none can dangle."""
    limits = (SH["class"], SH.node, SH["or"], SH.hasValue, SH.pattern)
    pointing, limited = set(), set()
    for shape in ours:
        path = written.graph.value(shape, SH.path)
        if (path, RDF.type, OWL.ObjectProperty) in ontology:
            pointing.add(path)
            if any((shape, limit, None) in written.graph for limit in limits):
                limited.add(path)
    assert pointing == limited


def test_statements_share_one_list_of_properties(shapes: Shapes, ontology: Graph) -> None:
    head = URIRef(TIPSH + "Statement-paths")
    shared = {
        shapes.graph.value(part, SH.path)
        for part in shapes.graph.objects(URIRef(TIPSH + "Statement"), SH.property)
    }
    named = {path for path in shared if not isinstance(path, BNode)}
    # One shape asks for an edition or a document, and another for the page of the latter.
    named |= {URIRef(TIP + each) for each in ("edition", "document", "readOn")}
    # Rules add texts and wider properties to statements.
    derived = {*ontology.subjects(RDF.type, URIRef(TIP + "Shorthand"))}
    derived |= {*ontology.objects(None, RDFS.subPropertyOf)}
    assert set(Collection(shapes.graph, head)) - derived == (named | {RDF.type}) - derived


@pytest.mark.slow(reason="selects with pySHACL as well")
def test_shortcut_selects_what_pyshacl_selects(data, ontology, shapes):
    graph = union(data, ontology)
    nodes = set(data.subjects()) | {WHOLE}
    official = {(shape, node) for shape in shapes.targeted for node in shape.focus_nodes(graph)}
    short = {(shape, node) for node in nodes for shape in shapes.looking_at(graph, node)}
    assert short == {(shape, node) for shape, node in official if node in nodes}


def test_code_lists_admit_only_their_codes(shapes: Shapes, ontology: Graph) -> None:
    schemes = set(ontology.objects(None, SKOS.inScheme))
    lists = schemes & set(shapes.graph.objects(None, SH.hasValue))
    assert len(lists) > 40
    for codes in lists:
        shape = URIRef(TIPSH + name(codes))
        assert (shape, RDF.type, SH.NodeShape) in shapes.graph
        assert (None, SH.node, shape) in shapes.graph, shape


def is_shacl(term: Node) -> bool:
    """Return True for a term that SHACL defines."""
    return SH.__contains__(str(term))


def path_terms(graph: Graph, path: Node) -> set[Node]:
    """The properties in a path."""
    if isinstance(path, URIRef):
        return {path}
    if (path, RDF.first, None) in graph:
        return {term for step in Collection(graph, path) for term in path_terms(graph, step)}
    return {term for step in graph.objects(path) for term in path_terms(graph, step)}


def count(graph: Graph, node: Node, path: Node) -> int:
    """The number of values."""
    return len(list(graph.objects(node, path)))


def name(term: Node) -> str:
    """The last part of an IRI."""
    return str(term).replace("#", "/").rpartition("/")[2]
