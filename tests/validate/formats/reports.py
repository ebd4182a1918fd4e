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
        details=(
            Finding(
                severity="Violation",
                focus_node=EX + "compass",
                path=EX + "beds",
                value='"many"',
                message="A bed is one, or none.",
                shape=EX + "BedShape",
                component=SH + "NodeKindConstraintComponent",
                location=located("data/beds.ttl", 3, 'ex:beds "many" .', '"many"'),
            ),
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

RESULTS = """
_:report a sh:ValidationReport ; sh:conforms false ; sh:result _:1, _:2, _:3, _:4 .
_:1 a sh:ValidationResult ; sh:focusNode ex:star ; sh:resultPath ex:beds ; sh:value "many" ;
  sh:resultMessage "Give the number of beds.", "Combien de lits?"@fr ;
  sh:resultSeverity sh:Violation ; sh:sourceConstraintComponent sh:DatatypeConstraintComponent ;
  sh:sourceShape _:beds .
_:2 a sh:ValidationResult ; sh:focusNode ex:compass ; sh:resultPath ex:beds ; sh:value 3.5 ;
  sh:resultMessage "Give the number of beds." ;
  sh:resultSeverity sh:Violation ; sh:sourceConstraintComponent sh:DatatypeConstraintComponent ;
  sh:sourceShape _:beds .
_:3 a sh:ValidationResult ; sh:focusNode _:stay1 ;
  sh:resultPath ( [ sh:inversePath ex:houses ]
    [ sh:zeroOrMorePath [ sh:alternativePath ( ex:runBy ex:fundedBy ) ] ] ) ;
  sh:resultMessage "A stay should name its sponsor.\\nThis is optional." ;
  sh:resultSeverity sh:Info ; sh:sourceConstraintComponent sh:MinCountConstraintComponent ;
  sh:sourceShape [ sh:minCount 1 ; sh:in () ] .
_:4 a sh:ValidationResult ; sh:focusNode ex:compass ; sh:resultMessage "See the details." ;
  sh:resultSeverity ex:Urgent ; sh:sourceConstraintComponent sh:NodeConstraintComponent ;
  sh:sourceShape ex:ShelterShape ; sh:value _:stay1 ;
  sh:detail [ a sh:ValidationResult ; sh:focusNode _:stay1 ; sh:resultPath ex:until ;
    sh:value 2020 ; sh:resultSeverity sh:Warning ;
    sh:sourceConstraintComponent sh:DatatypeConstraintComponent ] .
_:beds sh:path ex:beds ; sh:datatype xsd:integer .
_:stay1 a ex:Stay ; ex:until 2020 .
_:unused sh:path ex:beds .
"""

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
    triples=triples(RESULTS),
)

WARNED = ValidationReport(
    findings=FINDINGS[3:4],
    files=("data/shelters.ttl",),
    shapes={EX + "LabelShape": 1},
    focus_nodes=1,
    prefixes={"ex": EX},
    triples=triples(
        """
        [] a sh:ValidationReport ; sh:conforms false ; sh:result [
            a sh:ValidationResult ; sh:focusNode ex:star ; sh:sourceShape ex:LabelShape ;
            sh:resultPath <http://www.w3.org/2000/01/rdf-schema#label> ;
            sh:resultSeverity sh:Warning ;
            sh:sourceConstraintComponent sh:PatternConstraintComponent ] .
        """
    ),
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
