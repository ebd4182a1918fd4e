"""Only the user's files count: on DCAT-AP the gate finds what pySHACL alone finds.

The shapes of DCAT-AP are not part of the project. The data is generated from their terms; it refers
to authority tables that the shipped ontology describes, and a validation must not know that.
"""

from collections import Counter
from pathlib import Path
from random import Random

import pyshacl
import pytest
from rdflib import RDF, SH, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from tests.validate.test_foreign import own_results, results_of
from tipgraph.graph import validation_defaults
from tipgraph.resources.folders import shipped
from tipgraph.validate import ValidationRequest, validate

SHAPES = Path(__file__).parents[3] / "shared" / "dcat-ap"
EU = Namespace("http://publications.europa.eu/resource/authority/")
EX = Namespace("http://example.org/")
# Values of all kinds; some are in the shipped ontology.
VALUES: list[Node] = [
    *(EU["country/BEL"], EU["country/DEU"], EU["currency/EUR"], EU["language/ENG"]),
    *(Literal("text"), Literal("text", lang="en"), Literal(1), Literal(True), Literal("2.5")),
    *(Literal("2020-01-01", datatype=XSD.date), Literal("never", datatype=XSD.dateTime)),
    *(Literal("P1D", datatype=XSD.duration), Literal("0A", datatype=XSD.hexBinary)),
    *(EX[f"thing{number}"] for number in range(30)),
]
pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not SHAPES.is_dir(), reason=f"the shapes of DCAT-AP are not in {SHAPES}"),
]


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """The shapes, with references to five property shapes that are in neither file."""
    read = Graph()
    for name in ("dcat-ap-SHACL.ttl", "ranges.ttl"):
        read.parse(SHAPES / name)
    return read


def without_dangling(shapes: Graph) -> Graph:
    """Return the shapes as pySHACL accepts them."""
    kept = Graph() + shapes
    for node, shape in shapes.subject_objects(SH.property):
        if (shape, SH.path, None) not in shapes:
            kept.remove((node, SH.property, shape))
    return kept


def generated(shapes: Graph, random: Random) -> Graph:
    classes = sorted({*shapes.objects(None, SH.targetClass)}, key=str)
    paths = sorted(path for path in {*shapes.objects(None, SH.path)} if isinstance(path, URIRef))
    data = Graph()
    for number in range(30):
        node = EX[f"thing{number}"]
        data.add((node, RDF.type, random.choice(classes)))
        for path in random.sample(paths, 12):
            for value in random.sample(VALUES, random.randint(1, 2)):
                data.add((node, path, value))
    return data


@pytest.mark.parametrize("engine", ["pyshacl", "fast"])
@pytest.mark.parametrize("seed", range(2))
def test_results_are_those_of_pyshacl(seed, engine, shapes, tmp_path):
    data = generated(shapes, Random(seed))
    if engine == "fast":
        # It does not support this datatype.
        shapes = Graph() + shapes
        shapes.remove((None, SH.datatype, XSD.hexBinary))
    for name, graph in (("data", data), ("shapes", shapes)):
        graph.serialize(tmp_path / f"{name}.ttl")
    request = ValidationRequest(
        data=[str(tmp_path / "data.ttl")],
        shapes=[str(tmp_path / "shapes.ttl")],
        defaults=validation_defaults(shipped()),
        check_shapes=False,
        engine=engine,
        jobs=1,
    )

    report = validate(request)

    usable = without_dangling(shapes)
    assert len(usable) == len(shapes) - 5
    _, expected, _ = pyshacl.validate(data, shacl_graph=usable, inference="none")
    assert own_results(report) == results_of(expected) != Counter()
    assert len(report.findings) == results_of(expected).total()
