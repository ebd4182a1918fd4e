"""Data beside the validated data changes no finding: shapes then select its own nodes by name."""

from pathlib import Path

import pytest

from tests.validate.conftest import Write
from tipgraph.validate import Defaults, ValidationReport, ValidationRequest, validate

RDFS = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
ONTOLOGY = """\
ex:Woman rdfs:subClassOf ex:Human .
ex:far a ex:Human ; ex:knows ex:farther ; ex:name 1 .
ex:near ex:age "old" .
"""
DATA = """\
ex:a a ex:Human ; ex:knows ex:near .
ex:b a ex:Woman ; ex:age "young" .
ex:c a ex:Named ; ex:lives ex:town .
"""
REFERENCE = "ex:town a ex:Town .\n"
RULE = """\
[ a sh:TripleRule ; sh:subject sh:this ; sh:object ex:Known
    ; sh:predicate <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ]"""


@pytest.mark.parametrize(
    "target",
    [
        "sh:targetClass ex:Human",
        "sh:targetSubjectsOf ex:knows",
        "sh:targetObjectsOf ex:knows",
        "sh:targetNode ex:a , ex:nowhere",
        "sh:targetClass ex:Human ; sh:targetObjectsOf ex:knows ; sh:targetNode ex:c",
        "a rdfs:Class , sh:NodeShape",
        f"sh:targetClass ex:Known . ex:R sh:targetObjectsOf ex:knows ; sh:rule {RULE}",
    ],
)
def test_reference_keeps_findings(write: Write, target: str) -> None:
    shapes = write(
        "shapes.ttl",
        f"{RDFS}ex:Named {target} .\nex:Named a sh:NodeShape ; sh:property ex:name , ex:age .\n"
        "ex:name sh:path ex:name ; sh:minCount 1 .\nex:age sh:path ex:age ; sh:nodeKind sh:IRI .\n",
    )
    data, ontology = write("data.ttl", DATA), write("ontology.ttl", RDFS + ONTOLOGY)
    reference = write("reference.ttl", REFERENCE)

    alone, beside = (_report(data, ontology, shapes, each) for each in ([], [str(reference)]))

    assert alone.findings
    assert beside.findings == alone.findings


def _report(data: Path, ontology: Path, shapes: Path, reference: list[str]) -> ValidationReport:
    return validate(
        ValidationRequest(
            data=[str(data)],
            defaults=Defaults(data=reference, shapes=[str(shapes)], ontology=[str(ontology)]),
            check_shapes=False,
        )
    )
