"""Reports to render: one with everything, one with a single warning, and an empty one."""

from pyoxigraph import RdfFormat, Triple, parse

from tipgraph.validate.report import Diagnostic, Finding, Location, ValidationReport

EX = "https://example.org/"
SH = "http://www.w3.org/ns/shacl#"

TABBED = '\tex:beds "many" ;'
NAME = '"Foyer « L\'Étoile », 50 % plein"'
ACCENTED = f"    rdfs:label {NAME}@fr ;  # à revoir 🏠"
NESTED = "    ex:houses [ a ex:Stay ; ex:until 2020 ] ."


PREFIXES = f"""
@prefix ex: <{EX}> .
@prefix sh: <{SH}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def triples(turtle: str) -> tuple[Triple, ...]:
    """The triples of a text, which needs no prefix declarations."""
    return tuple(quad.triple for quad in parse(PREFIXES + turtle, format=RdfFormat.TURTLE))


def located(file: str, line: int, text: str, excerpt: str) -> Location:
    """The location of an excerpt in the text of a line."""
    column = text.index(excerpt) + 1
    return Location(file, line, column, column + len(excerpt), text)


FINDINGS = (
    Finding(
        severity=EX + "Urgent",
        focus_node=EX + "compass",
        path="",
        value="",
        message="A shelter needs somebody who is responsible for it.",
        shape=EX + "ShelterShape",
        component=SH + "SPARQLConstraintComponent",
        location=Location("data/compass.jsonld"),
        fingerprint="4f1c",
        triples=triples(
            """
            _:1 a sh:ValidationResult ; sh:focusNode ex:compass ; sh:sourceShape ex:ShelterShape ;
              sh:resultMessage "A shelter needs somebody." , "Il faut quelqu'un."@fr ;
              sh:resultSeverity ex:Urgent ; sh:value _:stay1 ;
              sh:sourceConstraintComponent sh:SPARQLConstraintComponent .
            """
        ),
    ),
    Finding(
        severity="Violation",
        focus_node=EX + "compass",
        path=EX + "beds",
        value='"many"',
        message="Give the number of beds, as a number; | and * are no numbers.",
        shape=EX + "ShelterShape-beds",
        component=SH + "DatatypeConstraintComponent",
        graph=EX + "graph/2020",
        hint="write the number without quotes",
        location=located("data/shelters.ttl", 7, TABBED, '"many"'),
        fingerprint="a0b1",
        triples=triples(
            """
            _:2 a sh:ValidationResult ; sh:focusNode ex:compass ; sh:sourceShape _:beds ;
              sh:resultPath ex:beds ; sh:resultSeverity sh:Violation ; sh:value "many" ;
              sh:sourceConstraintComponent sh:DatatypeConstraintComponent .
            """
        ),
    ),
    Finding(
        severity="Violation",
        focus_node=EX + "compass",
        path=EX + "beds",
        value='"many"',
        message="A number is written in digits.",
        shape=EX + "ShelterShape-beds",
        component=SH + "PatternConstraintComponent",
        graph=EX + "graph/2020",
        location=located("data/shelters.ttl", 7, TABBED, '"many"'),
        fingerprint="a0b2",
    ),
    Finding(
        severity="Warning",
        focus_node=EX + "star",
        path="http://www.w3.org/2000/01/rdf-schema#label",
        value=NAME + "@fr",
        message="A label is a name:\nit has no comma, no percentage, and no `code`.",
        shape=EX + "LabelShape",
        component=SH + "PatternConstraintComponent",
        location=located("data/shelters.ttl", 112, ACCENTED, NAME),
        fingerprint="77aa",
        triples=triples(
            """
            _:4 a sh:ValidationResult ; sh:focusNode ex:star ; sh:sourceShape ex:LabelShape ;
              sh:resultPath rdfs:label ; sh:resultSeverity sh:Warning ;
              sh:sourceConstraintComponent sh:PatternConstraintComponent .
            """
        ),
    ),
    Finding(
        severity="Info",
        focus_node="_:stay1",
        path=f"^<{EX}houses>/(<{EX}runBy>|<{EX}fundedBy>)*",
        value='"a \\"quoted\\" word,\\nand a line"',
        message="A stay should name its sponsor.",
        shape="",
        component=SH + "MinCountConstraintComponent",
        location=located("data/shelters.ttl", 113, NESTED, "["),
        fingerprint="c0de",
        triples=triples(
            """
            _:3 a sh:ValidationResult ; sh:focusNode _:stay1 ; sh:sourceShape _:stays ;
              sh:resultPath _:31 ; sh:resultSeverity sh:Info ; sh:value "a\\nline" ;
              sh:sourceConstraintComponent sh:MinCountConstraintComponent .
            _:31 rdf:first _:32 ; rdf:rest _:33 . _:32 sh:inversePath ex:houses .
            _:33 rdf:first _:34 ; rdf:rest () . _:34 sh:zeroOrMorePath ex:runBy .
            """
        ),
    ),
    Finding(
        severity="Warning",
        focus_node="https://elsewhere.example/unknown?a=1&b=<2>",
        path="",
        value="",
        message="This has no description.",
        shape=EX + "LabelShape",
        component=SH + "ClassConstraintComponent",
        graph=EX + "graph/2020",
        fingerprint="0a0a",
    ),
    Finding(
        severity="Violation",
        focus_node=EX + "missing",
        path=EX + "beds",
        value="",
        message="Every shelter on the list is described.",
        shape=EX + "ListShape",
        component=SH + "MinCountConstraintComponent",
        hint="did you mean ex:missing-persons-unit?",
        fingerprint="0b0b",
    ),
)

KNOWN = Finding(
    severity="Violation",
    focus_node=EX + "old",
    path=EX + "beds",
    value='"few"',
    message="Give the number of beds, as a number; | and * are no numbers.",
    shape=EX + "ShelterShape-beds",
    component=SH + "DatatypeConstraintComponent",
    location=located("data/old shelters.ttl", 3, 'ex:old ex:beds "few" .', '"few"'),
    fingerprint="beef",
)

ERRORS = (
    Diagnostic(
        "syntax",
        "expected '.', found a comma",
        located("data/broken, 100%.ttl", 2, "ex:a ex:b ex:c , .", "."),
        "end the list before the full stop",
    ),
    Diagnostic("unknown-term", "sh:mincount is not a SHACL term"),
)

FULL = ValidationReport(
    findings=FINDINGS,
    known_findings=(KNOWN,),
    errors=ERRORS,
    files=("data/compass.jsonld", "data/old shelters.ttl", "data/shelters.ttl", "data/towns.ttl"),
    shapes={
        EX + "LabelShape": 40,
        EX + "ListShape": 1,
        EX + "ShelterShape": 1,
        EX + "TownShape": 0,
        "https://elsewhere.example/shapes?of=Street": 0,
    },
    focus_nodes=41,
    prefixes={"ex": EX},
)

WARNED = ValidationReport(
    findings=FINDINGS[3:4],
    files=("data/shelters.ttl",),
    shapes={EX + "LabelShape": 1},
    focus_nodes=1,
    prefixes={"ex": EX},
    fail_on="warning",
    warnings=(
        Diagnostic(
            "missing-vocabulary",
            "cannot resolve the vocabulary <http://example.org/towns>",
            Location("shapes/towns.ttl", 3, 15, 40, "  owl:imports <http://example.org/towns> ."),
            "add its file to the inputs",
            is_warning=True,
        ),
    ),
)

REPORTS = {"full": FULL, "warned": WARNED, "empty": ValidationReport()}
