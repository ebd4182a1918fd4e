"""Shapes that would pass by accident are told of, at the line to mend; mended they are not."""

import string
from collections.abc import Iterable
from pathlib import Path

import pyshacl
import pytest
import rdflib
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from tipgraph.namespaces import RDF
from tipgraph.validate import Fault, shape_lint
from tipgraph.validate.inputs import Inputs
from tipgraph.validate.shape_lint.vocabulary import vocabulary
from tipgraph.validate.triples import SHACL, Term, Triples

ROOT = Path(__file__).parents[2]
SHAPES = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))
W3C = ROOT.parent / "shared" / "w3c-shacl-tests"

PREFIXES = """\
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
ONTOLOGY = """\
ex:Person a owl:Class .
ex:Child rdfs:subClassOf ex:Person .
ex:Category rdfs:subClassOf owl:Class .
ex:Minor a ex:Category .
ex:name a owl:DatatypeProperty .
ex:age rdfs:domain ex:Person .
ex:knows a rdf:Property .
"""
SOUND = """\
ex:Someone
    a sh:NodeShape ;
    sh:targetClass ex:Person ;
    sh:targetSubjectsOf ex:knows ;
    sh:severity sh:Warning ;
    sh:message "Say who this is." ;
    sh:closed true ;
    sh:ignoredProperties ( rdf:type ex:knows ) ;
    sh:or ( ex:Known [ sh:class ex:Child ] ) ;
    sh:not ex:Known ;
    sh:property ex:Someone-name , ex:Someone-age .

ex:Someone-name
    a sh:PropertyShape ;
    sh:path ( ex:knows [ sh:zeroOrMorePath ex:name ] ) ;
    sh:languageIn ( "en" "nl" ) ;
    sh:pattern "^[A-Z]" ;
    sh:flags "s" ;
    sh:minCount 1 .

ex:Someone-age
    a sh:PropertyShape ;
    sh:path ex:age ;
    sh:datatype xsd:integer ;
    sh:disjoint ex:name ;
    sh:qualifiedValueShape [ sh:minInclusive 18 ] ;
    sh:qualifiedMinCount 1 ;
    sh:maxCount 1 .

ex:Known
    a sh:NodeShape ;
    sh:nodeKind sh:IRI .
"""


def check(folder: Path, *texts: str, known: str = ONTOLOGY, strict: bool = True) -> list[Fault]:
    """What the guards say of the shapes in these texts, each a file of its own."""
    paths = [folder / f"{number}.ttl" for number, _ in enumerate(texts)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(PREFIXES + text, encoding="utf-8")
    return check_files(paths, Triples(parse(PREFIXES + known, RdfFormat.TURTLE)), strict)


def check_files(paths: Iterable[Path], known: Triples, strict: bool) -> list[Fault]:
    inputs = Inputs()
    sources = inputs.files(map(str, paths))
    assert not inputs.faults
    shapes = Triples(quad for source in sources for quad in source.quads())
    return shape_lint.check(shapes, sources, known, strict)


def slipped(meant: str, written: str) -> str:
    """The sound shapes, in which somebody wrote one thing for another."""
    assert meant in SOUND
    return SOUND.replace(meant, written, 1)


def assert_marked(fault: Fault, text: str, marked: str) -> None:
    """The fault stands at the first token of this, where it is first in the text."""
    before = (PREFIXES + text).partition(marked)[0]
    place = fault.place
    assert place is not None
    assert place.line == before.count("\n") + 1
    assert place.text == (PREFIXES + text).splitlines()[place.line - 1]
    assert marked.startswith(place.text[place.column - 1 : place.end - 1])
    assert place.text.startswith(marked.splitlines()[0], place.column - 1)


def test_that_nothing_is_said_of_sound_shapes(tmp_path: Path) -> None:
    assert check(tmp_path, SOUND) == []


def test_that_nothing_is_said_of_the_shapes_of_this_project() -> None:
    ontology = Triples(
        quad for path in (ROOT / "ontology").glob("*.ttl") for quad in parse(path=path)
    )

    assert SHAPES
    assert check_files(SHAPES, ontology, strict=True) == []


# ── Terms of SHACL ──


@pytest.mark.parametrize(
    ("meant", "written", "term", "hint"),
    [
        ("sh:minCount 1", "sh:mincount 1", "sh:mincount", "did you mean sh:minCount?"),
        ("sh:targetClass", "sh:targetclass", "sh:targetclass", "did you mean sh:targetClass?"),
        ("sh:path ex:age", "sh:Path ex:age", "sh:Path", "did you mean sh:path?"),
        ("sh:Warning", "sh:Warn", "sh:Warn", "did you mean sh:Warning?"),
        ("a sh:NodeShape", "a sh:Nodeshape", "sh:Nodeshape", "did you mean sh:NodeShape?"),
        ("sh:maxCount 1", "sh:colour 1", "sh:colour", ""),
        ("ex:Known\n", "sh:x rdfs:label 'x' . ex:Known\n", "sh:x", ""),
    ],
)
def test_that_a_term_that_shacl_does_not_have_is_told_with_the_nearest(
    tmp_path: Path, meant: str, written: str, term: str, hint: str
) -> None:
    text = slipped(meant, written)

    (fault,) = check(tmp_path, text)

    assert fault.kind == "unknown-term"
    assert fault.message == f"{term} is no term of SHACL"
    assert fault.hint == hint
    assert_marked(fault, text, term)


@pytest.mark.parametrize(
    ("meant", "written", "term", "role", "hint"),
    [
        ("sh:nodeKind", "sh:NodeKind", "sh:NodeKind", "property", "sh:nodeKind"),
        ("a sh:NodeShape", "a sh:nodeKind", "sh:nodeKind", "class", "sh:NodeKind"),
    ],
)
def test_that_a_term_of_shacl_cannot_stand_anywhere(
    tmp_path: Path, meant: str, written: str, term: str, role: str, hint: str
) -> None:
    text = slipped(meant, written)

    (fault,) = check(tmp_path, text)

    assert fault.kind == "unknown-term"
    assert fault.message == f"{term} is no {role} of SHACL"
    assert fault.hint == f"did you mean {hint}?"
    assert_marked(fault, text, term)


def test_that_a_datatype_that_shacl_does_not_have_is_told_where_its_literal_is(
    tmp_path: Path,
) -> None:
    text = slipped('"Say who this is."', '"Say who this is."^^sh:string')

    (fault,) = check(tmp_path, text)

    assert str(fault).endswith("sh:string is no term of SHACL")
    assert_marked(fault, text, '"Say who this is."^^sh:string')


def test_that_a_term_is_told_once_at_its_first_place(tmp_path: Path) -> None:
    other = "ex:Other sh:targetNode ex:x ; sh:maxcount 2 ."
    wrong = SOUND.replace("sh:maxCount", "sh:maxcount").replace("sh:minCount", "sh:maxcount")

    (fault,) = check(tmp_path, "ex:Known sh:order 1 .", wrong, other)

    assert fault.place is not None
    assert fault.place.file == str(tmp_path / "1.ttl")
    assert_marked(fault, wrong, "sh:maxcount")


def test_that_what_a_misspelt_term_brings_about_is_not_told_beside_it(tmp_path: Path) -> None:
    text = slipped("sh:path ex:age", "sh:pth ex:age").replace("sh:targetClass", "sh:targetClas")

    assert {fault.kind for fault in check(tmp_path, text)} == {"unknown-term"}


TERMS = sorted(
    triple.subject.value.removeprefix(SHACL)
    for triple in vocabulary().match(None, NamedNode(RDF + "type"))
    if isinstance(triple.subject, NamedNode) and triple.subject.value != SHACL
)


@st.composite
def misspellings(draw: st.DrawFn) -> str:
    """A term of SHACL with one letter too few, too many, or another."""
    term: str = draw(st.sampled_from(TERMS))
    at = draw(st.integers(0, len(term) - 1))
    letter: str = draw(st.sampled_from(["", *string.ascii_letters]))
    return term[:at] + letter + term[at + draw(st.integers(0, 1)) :]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(term=misspellings(), use=st.sampled_from(["{} 1", "a {}", "sh:hasValue {}"]))
def test_that_every_misspelling_is_told(tmp_path: Path, term: str, use: str) -> None:
    assume(term not in TERMS)

    found = check(tmp_path, SOUND + f"[] {use.format(f'sh:{term}')} .")

    assert [fault.message for fault in found] == [f"sh:{term} is no term of SHACL"]


@pytest.mark.parametrize(
    "namespace",
    [
        "https://www.w3.org/ns/shacl#",
        "http://www.w3.org/ns/shacl/",
        "http://www.w3.org/ns/shacl",
        "http://w3.org/ns/shacl#",
        "http://www.w3.org/shacl#",
    ],
)
@pytest.mark.parametrize("others", [[], [SOUND]])
def test_that_a_mistaken_namespace_is_told(
    tmp_path: Path, namespace: str, others: list[str]
) -> None:
    text = f"@prefix sh: <{namespace}> .\n{SOUND}"

    (fault,) = check(tmp_path, text, *others)

    assert fault.kind == "no-shapes"
    assert fault.message == (
        f"what is in the namespace <{namespace}> makes no shapes; SHACL's is <{SHACL}>"
    )
    assert_marked(fault, text, "sh:NodeShape")


def test_that_a_prefix_that_json_ld_does_not_know_is_told(tmp_path: Path) -> None:
    path = tmp_path / "shapes.jsonld"
    path.write_text('{"@id": "http://example.org/S", "sh:nodeKind": {"@id": "sh:IRI"}}')

    (fault,) = check_files([path], Triples(), strict=True)

    assert fault.kind == "no-shapes"
    assert "namespace <sh:>" in fault.message
    assert str(fault.place) == str(path)


# ── Well-formed shapes ──


INTEGER = "takes an integer, such as 1, not"
KINDS = "one of SHACL's six node kinds, such as sh:IRI"


@pytest.mark.parametrize(
    ("meant", "written", "marked", "message"),
    [
        ("minCount 1", 'minCount "1"', '"1"', f'sh:minCount {INTEGER} "1"'),
        ("minCount 1", "minCount 1.5", "1.5", f'sh:minCount {INTEGER} "1.5"^^xsd:decimal'),
        ("closed true", 'closed "yes"', '"yes"', 'sh:closed takes true or false, not "yes"'),
        ("nodeKind sh:IRI", "nodeKind ex:IRI", "ex:IRI", f"sh:nodeKind takes {KINDS}, not ex:IRI"),
        ("targetClass ex:Person", 'targetClass "P"', '"P"', 'sh:targetClass takes an IRI, not "P"'),
        ("datatype xsd:integer", 'datatype "int"', '"int"', 'sh:datatype takes an IRI, not "int"'),
        ("severity sh:Warning", 'severity "low"', '"low"', 'sh:severity takes an IRI, not "low"'),
        (
            "Inclusive 18",
            "Inclusive ex:Old",
            "ex:Old",
            "sh:minInclusive takes a literal, not ex:Old",
        ),
        ('pattern "^[A-Z]"', "pattern 5", "5", 'sh:pattern takes a string, not "5"^^xsd:integer'),
        ("not ex:Known", 'not "Known"', '"Known"', 'sh:not takes a shape, not "Known"'),
        ("not ex:Known", 'node "Known"', '"Known"', 'sh:node takes a shape, not "Known"'),
        (
            "qualifiedValueShape [ sh:minInclusive 18 ]",
            "qualifiedValueShape 18",
            "18",
            'sh:qualifiedValueShape takes a shape, not "18"^^xsd:integer',
        ),
        (
            "ex:Known\n",
            'ex: sh:entailment "RDFS" .\nex:Known\n',
            '"RDFS"',
            'sh:entailment takes an IRI, not "RDFS"',
        ),
        (
            "ex:Known\n",
            'ex: sh:shapesGraph "shapes.ttl" .\nex:Known\n',
            '"shapes.ttl"',
            'sh:shapesGraph takes an IRI, not "shapes.ttl"',
        ),
        (
            '"Say who this is."',
            "5",
            "5",
            'sh:message takes a string, with or without a language, not "5"^^xsd:integer',
        ),
        (
            "targetClass ex:Person",
            "targetNode []",
            "[]",
            "sh:targetNode takes an IRI or a literal, not a node in brackets",
        ),
        (
            "or ( ex:Known [ sh:class ex:Child ] )",
            "or ex:Known",
            "ex:Known",
            "sh:or takes a list in parentheses, not ex:Known",
        ),
        (
            '"en" "nl"',
            '"en" ex:nl',
            "ex:nl",
            "sh:languageIn takes a list in which each is a string, not ex:nl",
        ),
        (
            "rdf:type ex:knows",
            '"type" ex:knows',
            '"type"',
            'sh:ignoredProperties takes a list in which each is an IRI, not "type"',
        ),
        (
            "ex:Known [ sh:class",
            '"Known" [ sh:class',
            '"Known"',
            'sh:or takes a list in which each is a shape, not "Known"',
        ),
        (
            "or ( ex:Known [",
            'and ( "Known" [',
            '"Known"',
            'sh:and takes a list in which each is a shape, not "Known"',
        ),
        (
            "or ( ex:Known [",
            'xone ( "Known" [',
            '"Known"',
            'sh:xone takes a list in which each is a shape, not "Known"',
        ),
        (
            "property ex:Someone-name , ex:Someone-age",
            "property ( ex:Someone-name ex:Someone-age )",
            "( ex:Someone-name",
            "sh:property takes a shape, not a list",
        ),
        (
            "maxCount 1",
            "maxCount 1 , 2",
            "sh:maxCount",
            "sh:maxCount stands in a shape at most once, and here 2 times",
        ),
        (
            "path ex:age",
            "path ex:age , ex:name",
            "sh:path ex:age",
            "sh:path stands in a shape at most once, and here 2 times",
        ),
        (
            "path ex:age",
            'path "age"',
            '"age"',
            '"age" is no property and no property path',
        ),
        (
            "path ex:age",
            "path ( ex:age )",
            "( ex:age )",
            "a list of fewer than two steps is no property and no property path",
        ),
        (
            "path ex:age",
            "path ()",
            "()",
            "a list of fewer than two steps is no property and no property path",
        ),
        (
            "[ sh:zeroOrMorePath ex:name ]",
            "[ sh:zeroOrMorePath ex:name ; sh:inversePath ex:name ]",
            "[ sh:zero",
            "a node in brackets is no property and no property path",
        ),
        (
            "[ sh:zeroOrMorePath ex:name ]",
            "[ sh:alternativePath ( ex:name ) ]",
            "[ sh:alt",
            "a node in brackets is no property and no property path",
        ),
        (
            "nodeKind sh:IRI",
            "nodeKind sh:IRI ; sh:minCount 2",
            "sh:minCount 2",
            "sh:minCount is about the values of a path, and there is no sh:path",
        ),
        (
            "    sh:path ex:age ;\n",
            "",
            "ex:Someone-age\n",
            "a property shape needs a sh:path",
        ),
        (
            "ex:Someone-age .",
            "[] , ex:Someone-age .",
            "[]",
            "a property shape needs a sh:path",
        ),
        (
            "nodeKind sh:IRI",
            "path ex:name ; sh:nodeKind sh:IRI",
            "sh:path ex:name",
            "a node shape has no sh:path; make a property shape of it, or put one into it with"
            " sh:property",
        ),
        (
            "ex:Known\n    a",
            "[] a rdfs:Class , sh:NodeShape ; sh:nodeKind sh:IRI .\nex:Known\n    a",
            "[] a rdfs:Class",
            "a class that is a shape needs an IRI",
        ),
    ],
)
def test_that_a_broken_rule_of_syntax_is_told_where_it_is_broken(
    tmp_path: Path, meant: str, written: str, marked: str, message: str
) -> None:
    text = slipped(meant, written)

    (fault,) = check(tmp_path, text)

    assert fault.kind == "ill-formed-shape"
    assert fault.message == message
    assert_marked(fault, text, marked)


def test_that_a_place_is_told_as_far_as_the_syntax_has_lines(tmp_path: Path) -> None:
    path = tmp_path / "shapes.rdf"
    quads = parse(PREFIXES + slipped("sh:minCount 1", "sh:minCount ex:one"), RdfFormat.TURTLE)
    serialize((quad.triple for quad in quads), path, RdfFormat.RDF_XML)

    (fault,) = check_files([path], Triples(parse(PREFIXES + ONTOLOGY, RdfFormat.TURTLE)), True)

    assert str(fault).startswith(f"{path}: sh:minCount takes an integer")


ASSETS = Path(pyshacl.__file__).parent / "assets"
META = rdflib.Graph().parse(ASSETS / "shacl-shacl.ttl")
RULED = sorted({str(path) for path in META.objects(None, rdflib.SH.path) if SHACL in str(path)})


# SHACL-SHACL lets some of these have what is no shape, and one of them what is no path.
STRICTER = ["and", "or", "path", "qualifiedValueShape", "xone"]
VALUES = [
    *("1", "1 , 2", "true", "true , false", '"a"', '"a" , "b"', '"a"@en', '"a"^^xsd:integer'),
    *("ex:A", "ex:A , ex:B", "sh:IRI", "sh:IRI , sh:Literal", "[]", "[] , [ sh:nodeKind sh:IRI ]"),
    *("()", "() , ( ex:A )", '() , ( "a" )', '( "a" )'),
]


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE)]


def is_refused(shapes: list[Triple]) -> bool:
    found = shape_lint.check(Triples(shapes), [], Triples(), strict=False)
    kinds = {"unknown-term", "ill-formed-shape", "undefined-shape"}
    return any(fault.kind in kinds for fault in found)


def refused_by_shacl_shacl(shapes: list[Triple]) -> set[str]:
    """The names of the shapes, and of parts of them, that do not conform."""
    text = serialize(shapes, format=RdfFormat.N_TRIPLES)
    assert text is not None
    graph = rdflib.Graph().parse(data=text, format="nt")
    try:
        _, report, _ = pyshacl.validate(graph, shacl_graph=META)
    except ValueError:  # A list that runs in a circle.
        return {"all"}
    assert isinstance(report, rdflib.Graph)
    return set(map(str, report.objects(None, rdflib.SH.focusNode)))


@pytest.mark.parametrize("name", [term.removeprefix(SHACL) for term in RULED])
def test_that_a_value_is_refused_where_shacl_shacl_refuses_it(name: str) -> None:
    one = "a sh:PropertyShape" if name == "path" else "a sh:PropertyShape ; sh:path ex:p"
    beginnings = {one: VALUES, "a sh:NodeShape": ["1", "true", "ex:A", "[ sh:nodeKind sh:IRI ]"]}
    texts = [
        f"{beginning} ; sh:{name} {value} ."
        for beginning, values in beginnings.items()
        for value in values
    ]
    shapes = [f"ex:{number} {text}" for number, text in enumerate(texts)]

    refused = refused_by_shacl_shacl(triples("".join(shapes)))

    for number, shape in enumerate(shapes):
        ours, theirs = is_refused(triples(shape)), f"http://example.org/{number}" in refused
        assert ours == theirs or (ours and name in STRICTER), shape


@st.composite
def damaged_shapes(draw: st.DrawFn) -> list[Triple]:
    """The sound shapes; up to three of their triples are missing, changed, or on top of others."""
    shapes = triples(SOUND)
    terms: list[Term] = [term for each in shapes for term in (each.subject, each.object)]
    strange: list[Term] = [
        BlankNode("new"),
        NamedNode(RDF + "nil"),
        Literal(1),
        Literal("1"),
        Literal(True),
    ]
    for _ in range(draw(st.integers(1, 3))):
        triple = draw(st.sampled_from(shapes))
        predicate = draw(st.sampled_from([triple.predicate, *map(NamedNode, RULED)]))
        value = draw(st.sampled_from([*strange, *terms]))
        if draw(st.booleans()):
            shapes.remove(triple)
        if draw(st.booleans()):
            shapes.append(Triple(triple.subject, predicate, value))
    return list(dict.fromkeys(shapes))


@settings(deadline=None, max_examples=15)
@given(shapes=damaged_shapes())
def test_that_shapes_are_refused_where_shacl_shacl_refuses_them(shapes: list[Triple]) -> None:
    assume(refused_by_shacl_shacl(shapes))

    assert is_refused(shapes)


# ── Classes and properties ──


@pytest.mark.parametrize(
    ("meant", "written", "term", "kind", "hint"),
    [
        ("targetClass ex:Person", "targetClass ex:Persn", "ex:Persn", "class", "ex:Person"),
        ("class ex:Child", "class ex:child", "ex:child", "class", "ex:Child"),
        ("class ex:Child", "class ex:name", "ex:name ]", "class", ""),
        ("path ex:age", "path ex:agee", "ex:agee", "property", "ex:age"),
        ("Path ex:name", "Path ex:Name", "ex:Name", "property", "ex:name"),
        ("path ( ex:knows", "path ( ex:know", "ex:know ", "property", "ex:knows"),
        ("SubjectsOf ex:knows", "SubjectsOf ex:know", "ex:know ", "property", "ex:knows"),
        ("SubjectsOf ex:knows", "ObjectsOf ex:know", "ex:know ", "property", "ex:knows"),
        ("disjoint ex:name", "disjoint ex:nam", "ex:nam ", "property", "ex:name"),
        ("disjoint ex:name", "equals ex:nam", "ex:nam ", "property", "ex:name"),
        ("disjoint ex:name", "lessThan ex:nam", "ex:nam ", "property", "ex:name"),
        ("disjoint ex:name", "lessThanOrEquals ex:nam", "ex:nam ", "property", "ex:name"),
    ],
)
def test_that_what_nobody_declares_is_told_with_the_nearest(
    tmp_path: Path, meant: str, written: str, term: str, kind: str, hint: str
) -> None:
    text = slipped(meant, written)

    (fault,) = check(tmp_path, text)

    name = term.split()[0]
    assert fault.kind == f"undeclared-{kind}"
    assert fault.message == f"{name} is a {kind} that the ontology does not declare"
    assert fault.hint == (f"did you mean {hint}?" if hint else "")
    assert_marked(fault, text, term)


@pytest.mark.parametrize(
    "declaration",
    [
        "ex:X a rdfs:Class",
        "ex:X a rdfs:Datatype",
        "ex:X a owl:Class",
        "ex:X a owl:DeprecatedClass",
        "ex:X rdfs:subClassOf ex:Person",
        "ex:X a ex:Kind . ex:Kind rdfs:subClassOf ex:Category",
    ],
)
def test_that_a_class_is_declared_in_several_ways(tmp_path: Path, declaration: str) -> None:
    text = slipped("targetClass ex:Person", "targetClass ex:X")

    assert check(tmp_path, text) != []
    assert check(tmp_path, text, known=f"{ONTOLOGY} {declaration} .") == []


PROPERTIES_OF_OWL = (
    *("Object", "Datatype", "Annotation", "Ontology", "Deprecated"),
    *("Functional", "InverseFunctional", "Symmetric", "Asymmetric"),
    *("Transitive", "Reflexive", "Irreflexive"),
)


@pytest.mark.parametrize(
    "declaration",
    [
        "ex:x a rdf:Property",
        *(f"ex:x a owl:{kind}Property" for kind in PROPERTIES_OF_OWL),
        "ex:x rdfs:subPropertyOf ex:knows",
        "ex:x rdfs:domain ex:Person",
        "ex:x rdfs:range ex:Person",
        "ex:x a ex:Relation . ex:Relation rdfs:subClassOf owl:ObjectProperty",
    ],
)
def test_that_a_property_is_declared_in_several_ways(tmp_path: Path, declaration: str) -> None:
    text = slipped("path ex:age", "path ex:x")

    assert check(tmp_path, text) != []
    assert check(tmp_path, text, known=f"{ONTOLOGY} {declaration} .") == []


def test_that_shapes_may_declare_what_they_speak_of(tmp_path: Path) -> None:
    text = f"{SOUND} {ONTOLOGY} ex:Dog a rdfs:Class , sh:NodeShape ; sh:class ex:Dog ."

    assert check(tmp_path, text, known="") == []


@pytest.mark.parametrize("kind", ["rdfs:Class", "owl:Class"])
def test_that_a_class_that_is_a_shape_is_a_target(tmp_path: Path, kind: str) -> None:
    assert check(tmp_path, f"ex:Dog a {kind} , sh:NodeShape ; sh:nodeKind sh:IRI .") == []


def test_that_terms_of_the_standard_need_no_declaration(tmp_path: Path) -> None:
    text = slipped("targetClass ex:Person", "targetClass owl:Class , sh:Shape , rdfs:Resource")

    assert check(tmp_path, text.replace("path ex:age", "path rdfs:label")) == []


def test_that_a_parameter_of_a_component_is_no_property_of_the_data(tmp_path: Path) -> None:
    component = "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] ."

    assert check(tmp_path, f"{SOUND} {component}") == []


def test_that_only_vocabularies_of_the_ontology_have_to_be_declared(tmp_path: Path) -> None:
    asks = "[] sh:targetClass ex:Person ; sh:property [ sh:path {} ; sh:maxCount 1 ] ."

    assert check(tmp_path, SOUND + asks.format("<http://xmlns.com/foaf/0.1/name>")) == []
    assert check(tmp_path, SOUND + asks.format("ex:nam")) != []


@pytest.mark.parametrize(
    ("constraint", "message", "hint"),
    [
        ('sh:pattern "("', "the pattern is no regular expression", ""),
        ('sh:sparql [ sh:select "SELEC $this WHERE { $this ?p ?o }" ]', "the query is broken", ""),
        (
            'sh:sparql [ sh:select "SELECT ?x WHERE { ?x ?p ?o }" ]',
            "the query does not select $this",
            "",
        ),
        ("sh:js [ ]", "sh:js is not run here", ""),
        ("sh:datatype xsd:strng", "xsd:strng is no datatype", "did you mean xsd:string?"),
    ],
)
def test_that_what_cannot_be_run_is_told(
    tmp_path: Path, constraint: str, message: str, hint: str
) -> None:
    text = SOUND.replace(
        "ex:Known\n",
        f"ex:Broken a sh:NodeShape ; sh:targetClass ex:Person ; {constraint} .\nex:Known\n",
        1,
    )

    faults = check(tmp_path, text)

    assert [(each.message[: len(message)], each.hint) for each in faults] == [(message, hint)]
    assert faults[0].place is not None
    assert faults[0].place.line


def test_that_queries_with_prefixes_functions_and_paths_are_sound(tmp_path: Path) -> None:
    query = (
        "SELECT $this ?value WHERE { $this $PATH ?value . FILTER (xsd:integer(?value) > 1"
        " && ex:isOdd(?value) && afn:x(?value)) }"
    )
    text = f'{SOUND} [] sh:targetClass ex:Person ; sh:sparql [ sh:select "{query}" ] .'

    assert check(tmp_path, text) == []


def test_that_without_an_ontology_only_our_terms_are_known(tmp_path: Path) -> None:
    ours = "@prefix tip: <https://w3id.org/tipgraph/ns#> .\n"
    text = ours + slipped("targetClass ex:Person", "targetClass tip:Edtion")

    assert check(tmp_path, SOUND, known="", strict=False) == []
    (fault,) = check(
        tmp_path,
        text,
        known="<https://w3id.org/tipgraph/ns#Edition> a owl:Class .",
        strict=False,
    )
    assert str(fault).endswith("does not declare; did you mean tip:Edition?")


# ── Shapes that check nothing ──


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "there is no shape in what was given as shapes", "is it the data?"),
        ("ex:a a ex:Person .", "there is no shape in what was given as shapes", "is it the data?"),
        ("ex: sh:declare [] .", "there is no shape in what was given as shapes", ""),
    ],
)
def test_that_shapes_without_a_shape_are_told(
    tmp_path: Path, text: str, message: str, hint: str
) -> None:
    (fault,) = check(tmp_path, text)

    assert (fault.kind, fault.message, fault.hint) == ("no-shapes", message, hint)
    assert str(fault.place) == str(tmp_path / "0.ttl")


@pytest.mark.parametrize(
    "text",
    [
        "ex:Shape a sh:NodeShape ; sh:class ex:Person .",
        "ex:Shape sh:property [ sh:path ex:age ; sh:maxCount 1 ] .",
        "ex:Person a rdfs:Class ; sh:class ex:Person .",
        "ex:Shape sh:targetClass ex:Person ; sh:class ex:Child ; sh:deactivated true .",
    ],
)
def test_that_shapes_without_a_target_are_told(tmp_path: Path, text: str) -> None:
    (fault,) = check(tmp_path, text)

    assert fault.kind == "no-shapes"
    assert fault.message == "no shape that is active has a target, so nothing would be looked at"
    assert fault.hint == "give one a target, such as sh:targetClass"
    assert_marked(fault, text, text.split()[0])


def test_that_shapes_without_a_constraint_are_told(tmp_path: Path) -> None:
    text = "ex:Shape a sh:NodeShape ; sh:targetClass ex:Person ."

    (fault,) = check(tmp_path, text, strict=False)

    assert fault.kind == "no-constraint"
    assert fault.message == "no shape that has a target has a constraint, so nothing can be found"
    assert_marked(fault, text, "ex:Shape")


@pytest.mark.parametrize(
    "constraint",
    [
        "sh:class ex:Child",
        "sh:sparql [ sh:select 'SELECT $this {}' ]",
        "sh:rule [ a sh:TripleRule ]",
        "ex:most 1 . ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ]",
    ],
)
def test_that_a_constraint_may_be_of_any_sort(tmp_path: Path, constraint: str) -> None:
    text = f"ex:Shape a sh:NodeShape ; sh:targetClass ex:Person ; {constraint} ."

    assert check(tmp_path, text) == []


NO_USE = "has no target and no shape refers to it, so it checks nothing"
NO_TYPE = "is no shape to the engine; say that it is a sh:NodeShape"
NO_CONSTRAINT = "has a target and no constraint, so it finds nothing"


@pytest.mark.parametrize(
    ("kind", "idle", "told", "mended"),
    [
        (
            "unused-shape",
            "ex:New sh:property [ sh:path ex:age ; sh:maxCount 1 ]",
            NO_USE,
            "ex:New sh:property [ sh:path ex:age ; sh:maxCount 1 ] ; sh:targetClass ex:Child",
        ),
        (
            "unused-shape",
            "[] a sh:PropertyShape ; sh:path ex:age ; sh:maxCount 1",
            NO_USE,
            "[] a sh:PropertyShape ; sh:path ex:age ; sh:maxCount 1 ; sh:targetClass ex:Child",
        ),
        (
            "unused-shape",
            "ex:New a rdfs:Class ; sh:class ex:New",
            NO_USE,
            "ex:New a rdfs:Class , sh:NodeShape ; sh:class ex:New",
        ),
        (
            "unused-shape",
            "ex:New sh:target [ a sh:SPARQLTarget ] ; sh:class ex:Child",
            NO_TYPE,
            "ex:New a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ] ; sh:class ex:Child",
        ),
        (
            "no-constraint",
            "ex:New sh:targetClass ex:Child",
            NO_CONSTRAINT,
            "ex:New sh:targetClass ex:Child ; sh:closed false",
        ),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_that_a_shape_of_no_use_is_told(
    tmp_path: Path, kind: str, idle: str, told: str, mended: str, strict: bool
) -> None:
    text = f"{SOUND} {idle} ."

    (fault,) = check(tmp_path, text, strict=strict)

    name = "a node in brackets" if idle.startswith("[") else "ex:New"
    assert (fault.kind, fault.message) == (kind, f"{name} {told}")
    assert_marked(fault, text, idle)
    assert check(tmp_path, f"{SOUND} {mended} .", strict=strict) == []


@pytest.mark.parametrize(
    "said",
    [
        "sh:targetClass ex:Child",
        "sh:targetNode ex:x",
        "sh:targetSubjectsOf ex:knows",
        "sh:targetObjectsOf ex:knows",
        "sh:target [] ; sh:property [ sh:path ex:age ; sh:maxCount 1 ]",
        "sh:target [] ; sh:node ex:Known",
    ],
)
def test_that_much_makes_a_shape_without_a_type(tmp_path: Path, said: str) -> None:
    assert check(tmp_path, f"{SOUND} ex:New {said} ; sh:class ex:Child .") == []


@pytest.mark.parametrize(
    "use",
    [
        "ex:x a ex:New",
        "ex:Known sh:class ex:New",
        "ex:Known sh:targetClass ex:New",
        "ex:Toddler rdfs:subClassOf ex:New",
    ],
)
def test_that_the_use_as_a_class_is_no_use_as_a_shape(tmp_path: Path, use: str) -> None:
    text = f"{SOUND} ex:New a sh:NodeShape ; sh:class ex:Child ."
    known = f"{ONTOLOGY} ex:New a owl:Class ."

    told = check(tmp_path, f"{text} {use} .", known=known)

    assert [fault.message for fault in told] == [f"ex:New {NO_USE}"]
    assert check(tmp_path, f"{text} ex:Known ex:someShape ex:New .", known=known) == []


@pytest.mark.parametrize(
    ("spare", "told"),
    [
        ("ex:New a sh:NodeShape ; sh:class ex:Child", NO_USE),
        ("ex:New a sh:PropertyShape ; sh:path ex:age ; sh:maxCount 1", NO_USE),
        ("ex:New a sh:NodeShape ; sh:targetClass ex:Child", NO_CONSTRAINT),
    ],
)
def test_that_the_shapes_of_others_may_hold_more_than_one_uses(
    tmp_path: Path, spare: str, told: str
) -> None:
    text = f"{SOUND} {spare} ."

    assert check(tmp_path, text, strict=False) == []
    assert [fault.message for fault in check(tmp_path, text)] == [f"ex:New {told}"]
    assert check(tmp_path, f"{SOUND} {spare} ; sh:deactivated true .") == []


def test_that_a_class_that_is_a_shape_needs_no_constraint(tmp_path: Path) -> None:
    assert check(tmp_path, f"{SOUND} ex:New a rdfs:Class , sh:NodeShape .") == []


@pytest.mark.parametrize(
    ("meant", "written"),
    [
        ("sh:not ex:Known", "sh:not ex:Knwn"),
        ("sh:not ex:Known", "sh:node ex:Knwn"),
        ("sh:or ( ex:Known", "sh:or ( ex:Knwn"),
        ("sh:or ( ex:Known", "sh:and ( ex:Knwn"),
        ("sh:or ( ex:Known", "sh:xone ( ex:Knwn"),
        ("sh:not ex:Known", "sh:rule [ sh:condition ex:Knwn ]"),
        ("sh:not ex:Known", "sh:expression [ sh:filterShape ex:Knwn ]"),
        ("sh:qualifiedValueShape [ sh:minInclusive 18 ]", "sh:qualifiedValueShape ex:Knwn"),
        ("sh:property ex:Someone-name ,", "sh:property ex:Knwn , ex:Someone-name ,"),
    ],
)
def test_that_a_shape_that_nobody_defines_is_told_with_the_nearest(
    tmp_path: Path, meant: str, written: str
) -> None:
    text = slipped(meant, written)

    (fault,) = check(tmp_path, text, strict=False)

    assert fault.kind == "undefined-shape"
    assert fault.message == "ex:Knwn is used as a shape and defined nowhere"
    assert fault.hint == "did you mean ex:Known?"
    assert_marked(fault, text, "ex:Knwn")


@pytest.mark.parametrize(
    ("meant", "written", "term", "needed"),
    [
        ('    sh:pattern "^[A-Z]" ;\n', "", "sh:flags", "sh:pattern"),
        ("    sh:closed true ;\n", "", "sh:ignoredProperties", "sh:closed"),
        (
            "    sh:qualifiedValueShape [ sh:minInclusive 18 ] ;\n",
            "",
            "sh:qualifiedMinCount",
            "sh:qualifiedValueShape",
        ),
        (
            "sh:minCount 1",
            "sh:minCount 1 ; sh:qualifiedMaxCount 1",
            "sh:qualifiedMaxCount",
            "sh:qualifiedValueShape",
        ),
        (
            "sh:minCount 1",
            "sh:minCount 1 ; sh:qualifiedValueShapesDisjoint true",
            "sh:qualifiedValueShapesDisjoint",
            "sh:qualifiedValueShape",
        ),
        (
            "    sh:qualifiedMinCount 1 ;\n",
            "",
            "sh:qualifiedValueShape",
            "sh:qualifiedMinCount or sh:qualifiedMaxCount",
        ),
    ],
)
def test_that_half_a_constraint_is_told(
    tmp_path: Path, meant: str, written: str, term: str, needed: str
) -> None:
    text = slipped(meant, written)

    (fault,) = check(tmp_path, text)

    assert fault.kind == "no-constraint"
    assert fault.message == f"{term} does nothing without {needed} beside it"
    assert_marked(fault, text, term)


def test_that_shapes_that_select_nothing_at_all_are_told() -> None:
    one, other = NamedNode("http://example.org/1"), NamedNode("http://example.org/2")

    (fault,) = shape_lint.unlooked({one: 0, other: 0})

    assert fault.kind == "no-focus-nodes"
    assert "nothing was checked" in str(fault)
    assert shape_lint.unlooked({one: 0, other: 1}) == []
    assert shape_lint.unlooked({one: 0, other: None}) == []


# ── Shapes of others ──


@pytest.mark.skipif(not W3C.exists(), reason="the W3C suite is not there")
def test_that_the_w3c_suite_uses_terms_of_shacl_and_well_formed_shapes() -> None:
    told = {
        (path.name, fault.message)
        for path in W3C.rglob("*.ttl")
        if b"sht:Failure" not in path.read_bytes()
        for fault in check_files([path], Triples(), strict=False)
        if fault.kind in ("unknown-term", "ill-formed-shape", "undefined-shape", "unused-shape")
    }

    assert told == {
        # A draft's term, said of the data.
        ("qualifiedValueShape-001.ttl", "sh:nodeShape is no term of SHACL"),
        # A path beside another, of which the test says that it is invalid.
        (
            "path-strange-002.ttl",
            "a list of fewer than two steps is no property and no property path",
        ),
    }
