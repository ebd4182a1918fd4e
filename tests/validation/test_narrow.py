"""A narrow look finds the same of the data, whatever selects the nodes that a shape looks at."""

from pathlib import Path

import pytest

from tests.validation.conftest import Write
from tipgraph.resources import folders
from tipgraph.validate import Report, Request, validate

RDFS = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
BESIDE = """\
ex:Woman rdfs:subClassOf ex:Human .
ex:far a ex:Human ; ex:knows ex:farther ; ex:name 1 .
ex:near ex:age "old" .
"""
DATA = """\
ex:a a ex:Human ; ex:knows ex:near .
ex:b a ex:Woman ; ex:age "young" .
ex:c a ex:Named .
"""


@pytest.mark.parametrize(
    "target",
    [
        "sh:targetClass ex:Human",
        "sh:targetSubjectsOf ex:knows",
        "sh:targetObjectsOf ex:knows",
        "sh:targetNode ex:a , ex:nowhere",
        "sh:targetClass ex:Human ; sh:targetObjectsOf ex:knows ; sh:targetNode ex:c",
        "a rdfs:Class , sh:NodeShape",
    ],
)
def test_that_a_narrow_look_finds_the_same(write: Write, target: str) -> None:
    shapes = write(
        "shapes.ttl",
        f"{RDFS}ex:Named {target} .\nex:Named a sh:NodeShape ; sh:property ex:name , ex:age .\n"
        "ex:name sh:path ex:name ; sh:minCount 1 .\nex:age sh:path ex:age ; sh:nodeKind sh:IRI .\n",
    )
    data, beside = write("data.ttl", DATA), write("beside.ttl", RDFS + BESIDE)

    whole, narrow = (_report(data, beside, shapes, narrow) for narrow in (False, True))

    assert whole.findings
    assert narrow.findings == whole.findings


def _report(data: Path, beside: Path, shapes: Path, narrow: bool) -> Report:
    return validate(
        Request(
            folders.shipped(),
            data=[str(data)],
            shapes=[str(shapes)],
            ontology=[str(beside)],
            guards=False,
            narrow=narrow,
        )
    )
