"""Shape checks report shapes that would check nothing, at the line that needs a correction."""

import string
from collections.abc import Iterable
from pathlib import Path

import pyshacl
import pytest
import rdflib
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from tests.yaml_files import read_yaml
from tipgraph.namespaces import OURS, RDF
from tipgraph.namespaces import PREFIXES as TIPGRAPH_PREFIXES
from tipgraph.validate import Diagnostic, ValidationRequest, validate
from tipgraph.validate.documents import DocumentReader
from tipgraph.validate.engines import FAST
from tipgraph.validate.shape_lint import lint, no_focus_nodes
from tipgraph.validate.shape_lint.vocabulary import vocabulary
from tipgraph.validate.triples import SHACL, Term, Triples

from .engine_results import found as results
from .engine_results import read

ROOT = Path(__file__).parents[2]
MISTAKES = read_yaml(Path(__file__).with_name("mistakes.yaml"))
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
CORRECT = """\
ex:Someone
    a sh:NodeShape ;
    sh:targetClass ex:Person ;
    sh:targetSubjectsOf ex:knows ;
    sh:severity sh:Warning ;
    sh:message "Name this person." ;
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
    sh:flags "im" ;
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


def check(
    folder: Path, *texts: str, known: str = ONTOLOGY, strict: bool = True
) -> list[Diagnostic]:
    """The errors of the shapes in these texts, each written to a file."""
    paths = [folder / f"{number}.ttl" for number, _ in enumerate(texts)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(PREFIXES + text, encoding="utf-8")
    return check_files(paths, Triples(parse(PREFIXES + known, RdfFormat.TURTLE)), strict)


def check_files(paths: Iterable[Path], known: Triples, strict: bool) -> list[Diagnostic]:
    reader = DocumentReader()
    documents = reader.read_paths(map(str, paths))
    assert not reader.errors
    shapes = Triples(quad for document in documents for quad in document.quads())
    return lint(shapes, documents, known, strict, OURS, TIPGRAPH_PREFIXES)


def with_mistake(correct: str, written: str) -> str:
    """The correct shapes with one mistake."""
    assert correct in CORRECT
    return CORRECT.replace(correct, written, 1)


def assert_marked(error: Diagnostic, text: str, marked: str) -> None:
    """The error is located at the first token of `marked`, at its first occurrence."""
    before = (PREFIXES + text).partition(marked)[0]
    location = error.location
    assert location is not None
    assert location.line == before.count("\n") + 1
    assert location.line_text == (PREFIXES + text).splitlines()[location.line - 1]
    assert marked.startswith(location.line_text[location.column - 1 : location.end_column - 1])
    assert location.line_text.startswith(marked.splitlines()[0], location.column - 1)


COMPONENT = "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ]"
COMPONENT += " ; sh:validator [ sh:ask 'ASK {}' ]"
NEW_TARGET = "ex:New sh:target [ sh:select 'SELECT $this {}' ] ; sh:class ex:Child ;"
QUERY = (
    "PREFIX afn: <http://jena.apache.org/ARQ/function#>"
    " SELECT $this ?value WHERE { $this $PATH ?value . FILTER (xsd:integer(?value) > 1"
    " && ex:isOdd(?value) && afn:x(?value)) }"
)
OF_PERSONS = "ex:Shape a sh:NodeShape ; sh:targetClass ex:Person ;"
# Texts that are correct alone.
ALONE = [
    CORRECT,
    *(
        f"ex:Dog a {kind} , sh:NodeShape ; sh:nodeKind sh:IRI ."
        for kind in ("rdfs:Class", "owl:Class")
    ),
    # Every kind of constraint.
    f"{OF_PERSONS} sh:class ex:Child .",
    f"{OF_PERSONS} sh:sparql [ sh:select 'SELECT $this {{}}' ] .",
    f"{OF_PERSONS} sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:age ;"
    " sh:object 1 ] .",
    f"{OF_PERSONS} ex:most 1 . {COMPONENT} .",
]
# And beside the correct shapes.
BESIDE = [
    f"{COMPONENT} .",
    "[] sh:targetClass ex:Person ; sh:property [ sh:path <http://xmlns.com/foaf/0.1/name>"
    " ; sh:maxCount 1 ] .",
    f'[] sh:targetClass ex:Person ; sh:sparql [ sh:select "{QUERY}" ] .',
    # A class that is a shape needs no constraint.
    "ex:New a rdfs:Class , sh:NodeShape .",
    # Shapes without a type, by their target.
    "ex:New sh:targetClass ex:Child ; sh:class ex:Child .",
    "ex:New sh:targetNode ex:x ; sh:class ex:Child .",
    "ex:New sh:targetSubjectsOf ex:knows ; sh:class ex:Child .",
    "ex:New sh:targetObjectsOf ex:knows ; sh:class ex:Child .",
    f"{NEW_TARGET} sh:property [ sh:path ex:age ; sh:maxCount 1 ] .",
    f"{NEW_TARGET} sh:node ex:Known .",
]


@pytest.mark.parametrize("text", [*ALONE, *(f"{CORRECT} {each}" for each in BESIDE)])
def test_correct_shapes_have_no_errors(tmp_path: Path, text: str) -> None:
    assert check(tmp_path, text) == []


def test_shipped_shapes_have_no_errors() -> None:
    ontology = Triples(
        quad for path in (ROOT / "ontology").glob("*.ttl") for quad in parse(path=path)
    )

    assert SHAPES
    assert check_files(SHAPES, ontology, strict=True) == []


@pytest.mark.parametrize("code", MISTAKES)
def test_mistake_is_located_and_named(tmp_path: Path, code: str) -> None:
    for correct, written, marked, message, hint in MISTAKES[code]:
        text = with_mistake(correct, written)

        # An unused shape, which strict checks report too, is a consequence of an undefined one.
        (error,) = check(tmp_path, text, strict=code != "undefined-shape")

        assert (error.code, error.message, error.hint) == (code, message, hint)
        assert_marked(error, text, marked)


# ── SHACL terms ──


def test_repeated_unknown_term_is_reported_once(tmp_path: Path) -> None:
    other = "ex:Other sh:targetNode ex:x ; sh:maxcount 2 ."
    wrong = CORRECT.replace("sh:maxCount", "sh:maxcount").replace("sh:minCount", "sh:maxcount")

    (error,) = check(tmp_path, "ex:Known sh:order 1 .", wrong, other)

    assert error.location is not None
    assert error.location.file == str(tmp_path / "1.ttl")
    assert_marked(error, wrong, "sh:maxcount")


def test_consequences_of_unknown_term_are_not_reported(tmp_path: Path) -> None:
    text = with_mistake("sh:path ex:age", "sh:pth ex:age").replace(
        "sh:targetClass", "sh:targetClas"
    )

    assert {error.code for error in check(tmp_path, text)} == {"unknown-term"}


TERMS = sorted(
    triple.subject.value.removeprefix(SHACL)
    for triple in vocabulary().match(None, NamedNode(RDF + "type"))
    if isinstance(triple.subject, NamedNode) and triple.subject.value != SHACL
)


@st.composite
def misspellings(draw: st.DrawFn) -> str:
    """A SHACL term with one letter removed, added or changed."""
    term: str = draw(st.sampled_from(TERMS))
    at = draw(st.integers(0, len(term) - 1))
    letter: str = draw(st.sampled_from(["", *string.ascii_letters]))
    return term[:at] + letter + term[at + draw(st.integers(0, 1)) :]


@given(term=misspellings(), use=st.sampled_from(["{} 1", "a {}", "sh:hasValue {}"]))
def test_every_misspelt_shacl_term_is_an_error(tmp_path: Path, term: str, use: str) -> None:
    assume(term not in TERMS)

    found = check(tmp_path, CORRECT + f"[] {use.format(f'sh:{term}')} .")

    assert [error.message for error in found] == [f"sh:{term} is not a SHACL term"]


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
@pytest.mark.parametrize("others", [[], [CORRECT]])
def test_wrong_shacl_namespace_is_an_error(tmp_path, namespace, others):
    text = f"@prefix sh: <{namespace}> .\n{CORRECT}"

    (error,) = check(tmp_path, text, *others)

    assert error.code == "no-shapes"
    assert error.message == f"<{namespace}> is not the SHACL namespace, which is <{SHACL}>"
    assert_marked(error, text, "sh:NodeShape")


def test_undefined_json_ld_prefix_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "shapes.jsonld"
    path.write_text('{"@id": "http://example.org/S", "sh:nodeKind": {"@id": "sh:IRI"}}')

    (error,) = check_files([path], Triples(), strict=True)

    assert error.code == "no-shapes"
    assert "<sh:> is not the SHACL namespace" in error.message
    assert str(error.location) == str(path)


# ── Well-formed shapes ──


def test_error_in_rdf_xml_has_no_line(tmp_path: Path) -> None:
    path = tmp_path / "shapes.rdf"
    quads = parse(PREFIXES + with_mistake("sh:minCount 1", "sh:minCount ex:one"), RdfFormat.TURTLE)
    serialize((quad.triple for quad in quads), path, RdfFormat.RDF_XML)

    (error,) = check_files([path], Triples(parse(PREFIXES + ONTOLOGY, RdfFormat.TURTLE)), True)

    assert str(error).startswith(f"{path}: sh:minCount must be an integer")


ASSETS = Path(pyshacl.__file__).parent / "assets"
META = rdflib.Graph().parse(ASSETS / "shacl-shacl.ttl")
RULED = sorted({str(path) for path in META.objects(None, rdflib.SH.path) if SHACL in str(path)})


# SHACL-SHACL accepts for these some values that are not shapes or paths, or that engines ignore.
STRICTER = ["and", "flags", "or", "path", "qualifiedValueShape", "xone"]
VALUES = [
    *("1", "1 , 2", "true", "true , false", '"a"', '"a" , "b"', '"a"@en', '"a"^^xsd:integer'),
    *("ex:A", "ex:A , ex:B", "sh:IRI", "sh:IRI , sh:Literal", "[]", "[] , [ sh:nodeKind sh:IRI ]"),
    *("()", "() , ( ex:A )", '() , ( "a" )', '( "a" )'),
]


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE)]


def is_rejected(shapes: list[Triple]) -> bool:
    found = lint(Triples(shapes), [], Triples(), strict=False)
    kinds = {"unknown-term", "ill-formed-shape", "undefined-shape"}
    return any(error.code in kinds for error in found)


def rejected_by_shacl_shacl(shapes: list[Triple]) -> set[str]:
    """The IRIs and labels of the shapes, and of parts of them, that do not conform."""
    text = serialize(shapes, format=RdfFormat.N_TRIPLES)
    assert text is not None
    graph = rdflib.Graph().parse(data=text, format="nt")
    try:
        _, report, _ = pyshacl.validate(graph, shacl_graph=META)
    except ValueError:  # A list that runs in a circle.
        return {"all"}
    assert isinstance(report, rdflib.Graph)
    return set(map(str, report.objects(None, rdflib.SH.focusNode)))


def test_shipped_shapes_conform_to_shacl_shacl() -> None:
    """By the fast engine, since pySHACL takes a hundred times as long."""
    shapes, meta = read(*SHAPES), read(ASSETS / "shacl-shacl.ttl")

    assert shapes
    assert results(FAST, shapes, meta) == set()
    wrong = triples('ex:wrong a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:minCount "a" ] .')
    assert results(FAST, [*shapes, *wrong], meta)


@pytest.mark.conformance
@pytest.mark.parametrize("name", [term.removeprefix(SHACL) for term in RULED])
def test_values_that_shacl_shacl_rejects_are_errors(name: str) -> None:
    one = "a sh:PropertyShape" if name == "path" else "a sh:PropertyShape ; sh:path ex:p"
    beginnings = {one: VALUES, "a sh:NodeShape": ["1", "true", "ex:A", "[ sh:nodeKind sh:IRI ]"]}
    texts = [
        f"{beginning} ; sh:{name} {value} ."
        for beginning, values in beginnings.items()
        for value in values
    ]
    shapes = [f"ex:{number} {text}" for number, text in enumerate(texts)]

    rejected = rejected_by_shacl_shacl(triples("".join(shapes)))

    for number, shape in enumerate(shapes):
        found, expected = is_rejected(triples(shape)), f"http://example.org/{number}" in rejected
        assert found == expected or (found and name in STRICTER), shape


@st.composite
def damaged_shapes(draw: st.DrawFn) -> list[Triple]:
    """The correct shapes with up to three triples removed, changed or added."""
    shapes = triples(CORRECT)
    terms: list[Term] = [term for each in shapes for term in (each.subject, each.object)]
    unsuitable: list[Term] = [
        BlankNode("new"),
        NamedNode(RDF + "nil"),
        Literal(1),
        Literal("1"),
        Literal(True),
    ]
    for _ in range(draw(st.integers(1, 3))):
        triple = draw(st.sampled_from(shapes))
        predicate = draw(st.sampled_from([triple.predicate, *map(NamedNode, RULED)]))
        value = draw(st.sampled_from([*unsuitable, *terms]))
        if draw(st.booleans()):
            shapes.remove(triple)
        if draw(st.booleans()):
            shapes.append(Triple(triple.subject, predicate, value))
    return list(dict.fromkeys(shapes))


@pytest.mark.conformance
@given(shapes=damaged_shapes())
def test_shapes_that_shacl_shacl_rejects_have_errors(shapes: list[Triple]) -> None:
    assume(rejected_by_shacl_shacl(shapes))

    assert is_rejected(shapes)


# ── Classes and properties ──


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
def test_class_declarations_are_recognised(tmp_path: Path, declaration: str) -> None:
    text = with_mistake("targetClass ex:Person", "targetClass ex:X")

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
def test_property_declarations_are_recognised(tmp_path: Path, declaration: str) -> None:
    text = with_mistake("path ex:age", "path ex:x")

    assert check(tmp_path, text) != []
    assert check(tmp_path, text, known=f"{ONTOLOGY} {declaration} .") == []


def test_declarations_in_shapes_count(tmp_path: Path) -> None:
    text = f"{CORRECT} {ONTOLOGY} ex:Dog a rdfs:Class , sh:NodeShape ; sh:class ex:Dog ."

    assert check(tmp_path, text, known="") == []


def test_standard_terms_need_no_declaration(tmp_path: Path) -> None:
    text = with_mistake("targetClass ex:Person", "targetClass owl:Class , sh:Shape , rdfs:Resource")

    assert check(tmp_path, text.replace("path ex:age", "path rdfs:label")) == []


def test_term_of_the_ontology_needs_a_declaration(tmp_path: Path) -> None:
    asks = "[] sh:targetClass ex:Person ; sh:property [ sh:path ex:nam ; sh:maxCount 1 ] ."

    assert check(tmp_path, CORRECT + asks) != []


DECLARED = """
ex:prefixes sh:declare [ sh:prefix "own" ; sh:namespace "http://example.org/own#"^^xsd:anyURI ] .
ex:importing owl:imports ex:prefixes . ex:prefixes a owl:Ontology .
"""


def constraint(query: str, prefixes: str = "ex:importing", message: str = "Name it.") -> str:
    """Correct shapes, and one with this query and message."""
    return (
        f"{CORRECT}{DECLARED} ex:Query sh:targetClass ex:Person ; sh:sparql [ sh:message"
        f' "{message}" ; sh:prefixes {prefixes} ;\n sh:select "{query}" ] .'
    )


@pytest.mark.parametrize(
    ("query", "prefixes", "message", "hint"),
    [
        ("$this own:p ?x", "ex:importing", "", ""),
        ("$this own:p ?x . ?x rdf:type ex:Minor", "ex:prefixes", "", ""),
        ("$this ex:name ?x", "ex:none", "", ""),  # The file's own prefix, which pySHACL offers.
        (
            "$this own:p ?x",
            "ex:none",
            "the query uses the prefix own:, which nothing declares",
            "declare it in the query, or with sh:declare where sh:prefixes points",
        ),
        (
            "$this owm:p ?x",
            "ex:prefixes",
            "the query uses the prefix owm:, which nothing declares",
            "did you mean 'own:'?",
        ),
        (
            "$this ex:nmae ?x",
            "ex:prefixes",
            "the query uses ex:nmae, which the ontology does not declare",
            "did you mean ex:name?",
        ),
        (
            "?x a ex:Persom ; ex:name $this",
            "ex:prefixes",
            "the query uses ex:Persom, which the ontology does not declare",
            "did you mean ex:Person?",
        ),
    ],
)
def test_query_with_unknown_name_is_an_error(tmp_path, query, prefixes, message, hint):
    text = constraint(f"SELECT $this WHERE {{ {query} }}", prefixes)

    found = check(tmp_path, text)

    assert [(each.message, each.hint) for each in found] == ([(message, hint)] if message else [])
    for each in found:
        assert_marked(each, text, f'"SELECT $this WHERE {{ {query} }}"')


def test_name_that_data_describe_is_known(tmp_path: Path) -> None:
    text = PREFIXES + constraint("SELECT $this WHERE { $this ex:knows ex:alice }")
    (tmp_path / "shapes.ttl").write_text(text, encoding="utf-8")
    (tmp_path / "ontology.ttl").write_text(PREFIXES + ONTOLOGY, encoding="utf-8")
    for name in ("alice", "alicia"):
        (tmp_path / "data.ttl").write_text(f"{PREFIXES}ex:{name} a ex:Person .", encoding="utf-8")

        report = validate(
            ValidationRequest(
                data=[str(tmp_path / "data.ttl")],
                shapes=[str(tmp_path / "shapes.ttl")],
                ontology=[str(tmp_path / "ontology.ttl")],
            )
        )

        unknown = [each.message for each in report.errors if "ex:alice" in each.message]
        assert bool(unknown) == (name == "alicia")


def test_without_ontology_only_default_namespace_is_checked(tmp_path: Path) -> None:
    prefix = "@prefix tip: <https://w3id.org/tipgraph/ns#> .\n"
    text = prefix + with_mistake("targetClass ex:Person", "targetClass tip:Edtion")

    assert check(tmp_path, CORRECT, known="", strict=False) == []
    (error,) = check(
        tmp_path,
        text,
        known="<https://w3id.org/tipgraph/ns#Edition> a owl:Class .",
        strict=False,
    )
    assert error.message.endswith("does not declare the class tip:Edtion")
    assert error.hint == "did you mean tip:Edition?"


# ── Shapes that check nothing ──


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "the shapes files contain no shapes", "is this the data?"),
        ("ex:a a ex:Person .", "the shapes files contain no shapes", "is this the data?"),
        ("ex: sh:declare [] .", "the shapes files contain no shapes", ""),
    ],
)
def test_file_without_shapes_is_an_error(tmp_path, text, message, hint):
    (error,) = check(tmp_path, text)

    assert (error.code, error.message, error.hint) == ("no-shapes", message, hint)
    assert str(error.location) == str(tmp_path / "0.ttl")


@pytest.mark.parametrize(
    "text",
    [
        "ex:Shape a sh:NodeShape ; sh:class ex:Person .",
        "ex:Shape sh:property [ sh:path ex:age ; sh:maxCount 1 ] .",
        "ex:Person a rdfs:Class ; sh:class ex:Person .",
        "ex:Shape sh:targetClass ex:Person ; sh:class ex:Child ; sh:deactivated true .",
    ],
)
def test_shapes_without_target_are_an_error(tmp_path: Path, text: str) -> None:
    (error,) = check(tmp_path, text)

    assert error.code == "no-shapes"
    assert error.message == "no active shape has a target, so nothing would be checked"
    assert error.hint == "add a target, such as sh:targetClass"
    assert_marked(error, text, text.split()[0])


def test_shapes_without_constraint_are_an_error(tmp_path: Path) -> None:
    text = "ex:Shape a sh:NodeShape ; sh:targetClass ex:Person ."

    (error,) = check(tmp_path, text, strict=False)

    assert error.code == "no-constraint"
    assert error.message == "no shape with a target has a constraint, so nothing would be checked"
    assert_marked(error, text, "ex:Shape")


NO_USE = "has no target and no shape refers to it, so it checks nothing"
NO_TYPE = "is not a shape to the engine; add the type sh:NodeShape"
NO_CONSTRAINT = "has a target but no constraint, so it checks nothing"


@pytest.mark.parametrize(
    ("code", "ineffective", "message", "corrected"),
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
            "ex:New sh:target [ sh:select 'SELECT $this {}' ] ; sh:class ex:Child",
            NO_TYPE,
            "ex:New a sh:NodeShape ; sh:target [ sh:select 'SELECT $this {}' ] ; sh:class ex:Child",
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
def test_ineffective_shape_is_an_error(tmp_path, code, ineffective, message, corrected, strict):
    text = f"{CORRECT} {ineffective} ."

    (error,) = check(tmp_path, text, strict=strict)

    name = "a blank node" if ineffective.startswith("[") else "ex:New"
    assert (error.code, error.message) == (code, f"{name} {message}")
    assert_marked(error, text, ineffective)
    assert check(tmp_path, f"{CORRECT} {corrected} .", strict=strict) == []


@pytest.mark.parametrize(
    "use",
    [
        "ex:x a ex:New",
        "ex:Known sh:class ex:New",
        "ex:Known sh:targetClass ex:New",
        "ex:Toddler rdfs:subClassOf ex:New",
    ],
)
def test_use_as_class_is_no_use_as_shape(tmp_path: Path, use: str) -> None:
    text = f"{CORRECT} ex:New a sh:NodeShape ; sh:class ex:Child ."
    known = f"{ONTOLOGY} ex:New a owl:Class ."

    errors = check(tmp_path, f"{text} {use} .", known=known)

    assert [error.message for error in errors] == [f"ex:New {NO_USE}"]
    assert check(tmp_path, f"{text} ex:Known ex:someShape ex:New .", known=known) == []


@pytest.mark.parametrize(
    ("unused", "message"),
    [
        ("ex:New a sh:NodeShape ; sh:class ex:Child", NO_USE),
        ("ex:New a sh:PropertyShape ; sh:path ex:age ; sh:maxCount 1", NO_USE),
        ("ex:New a sh:NodeShape ; sh:targetClass ex:Child", NO_CONSTRAINT),
    ],
)
def test_published_shapes_may_be_unused(tmp_path: Path, unused: str, message: str) -> None:
    text = f"{CORRECT} {unused} ."

    assert check(tmp_path, text, strict=False) == []
    assert [error.message for error in check(tmp_path, text)] == [f"ex:New {message}"]
    assert check(tmp_path, f"{CORRECT} {unused} ; sh:deactivated true .") == []


def test_shapes_without_focus_nodes_are_an_error() -> None:
    one, other = NamedNode("http://example.org/1"), NamedNode("http://example.org/2")

    (error,) = no_focus_nodes({one: 0, other: 0})

    assert error.code == "no-focus-nodes"
    assert "nothing was checked" in str(error)
    assert no_focus_nodes({one: 0, other: 1}) == []


# ── Published shapes ──


@pytest.mark.skipif(not W3C.exists(), reason="the W3C suite is missing")
def test_w3c_suite_has_no_unexpected_errors() -> None:
    errors = {
        (path.name, error.message)
        for path in W3C.rglob("*.ttl")
        if b"sht:Failure" not in path.read_bytes()
        for error in check_files([path], Triples(), strict=False)
        if error.code in ("unknown-term", "ill-formed-shape", "undefined-shape", "unused-shape")
    }

    assert errors == {
        # A term of a draft, in the data.
        ("qualifiedValueShape-001.ttl", "sh:nodeShape is not a SHACL term"),
        # A path in a second position, which the test itself declares invalid.
        (
            "path-strange-002.ttl",
            "a list with fewer than two steps is not a property path",
        ),
    }
