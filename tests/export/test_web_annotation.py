"""A client of the Web Annotation model finds the passages in an export, and knows nothing of ours.

The sections are those of https://www.w3.org/TR/annotation-vocab/.
"""

from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from tipgraph.export.graph import named_graphs, serialize_quads
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import ID, PREFIXES, RDF, TIP

pytestmark = pytest.mark.slow(reason="exports the graph, and reads it as other tools do")

OA = PREFIXES["oa"]
TYPE = NamedNode(RDF + "type")


class Client:
    """Reads nodes of an export by the terms of Web Annotation alone."""

    def __init__(self, text: str) -> None:
        self._store = Store()
        self._store.load(text.encode(), RdfFormat.TURTLE)
        # The store has only xsd:integer; the text has the datatypes.
        self.text = text

    def instances(self, class_: str) -> list[NamedNode]:
        """The nodes of a class."""
        found = self._store.quads_for_pattern(None, TYPE, NamedNode(OA + class_))
        return [quad.subject for quad in found]  # type: ignore[misc]

    def values(self, node: object, name: str) -> list[Any]:
        """The values of a property."""
        path = NamedNode(OA + name)
        return [q.object for q in self._store.quads_for_pattern(node, path, None)]  # type: ignore[arg-type]

    def value(self, node: object, name: str) -> Any:
        """The one value of a property."""
        (value,) = self.values(node, name)
        return value


@pytest.fixture(scope="module")
def client(shipped: LocalGraph) -> Client:
    """A client that read the whole graph as Turtle."""
    quads = named_graphs(shipped.engine)
    return Client(serialize_quads(quads, "turtle", shipped.resources))


@pytest.mark.slow(reason="describes, writes or asks everything")
def test_each_annotation_leads_to_the_words(client: Client) -> None:
    """3.1 bodies and targets, 4.1 specific resources, 4.2 selectors and their refinement."""
    quoted, pages = 0, 0
    annotations = client.instances("Annotation")
    specific = set(client.instances("SpecificResource"))
    for annotation in annotations:
        assert isinstance(client.value(annotation, "hasBody"), NamedNode)
        assert client.value(annotation, "motivatedBy") == NamedNode(OA + "describing")
        targets = client.values(annotation, "hasTarget")
        assert targets
        assert specific.issuperset(targets)
        for target in targets:
            assert isinstance(client.value(target, "hasSource"), NamedNode)
            for selector in client.values(target, "hasSelector"):
                while selector in client.instances("TextPositionSelector"):
                    start, end = client.value(selector, "start"), client.value(selector, "end")
                    assert int(start.value) < int(end.value)
                    selector = client.value(selector, "refinedBy")
                assert isinstance(client.value(selector, "exact"), Literal)
                quoted += 1
            pages += not client.values(target, "hasSelector")
    assert len(annotations) > 200
    assert quoted > 150
    assert pages > 0


def test_every_supported_node_is_the_body_of_one_annotation(client, shipped: LocalGraph):
    bodies = [client.value(each, "hasBody") for each in client.instances("Annotation")]
    supported = shipped.rows("SELECT DISTINCT ?node { ?node tip:evidence ?passage }")

    assert sorted(body.value for body in bodies) == sorted(map(str, supported.column("node")))


def test_figure_leads_to_its_quote(client: Client) -> None:
    figure = NamedNode(ID + "tip-2021-be/victims-2020")
    (annotation,) = [
        e for e in client.instances("Annotation") if client.value(e, "hasBody") == figure
    ]
    target = client.value(annotation, "hasTarget")
    place = client.value(target, "hasSelector")

    assert client.value(target, "hasSource") == NamedNode(ID + "tip-2021-be/text")
    assert [client.value(place, name).value for name in ("start", "end")] == ["251", "493"]
    assert client.value(client.value(place, "refinedBy"), "exact") == Literal(
        "formally identified and assisted 91 victims"
    )


@pytest.mark.parametrize("syntax", ["turtle", "jsonld"])
def test_offsets_are_whole_numbers_from_zero(shipped: LocalGraph, syntax: str) -> None:
    quads = [
        quad
        for quad in named_graphs(shipped.engine, ["tip-2021-be"])
        if quad.predicate.value in (OA + "start", OA + "end", TIP + "paragraph")
    ]
    text = serialize_quads(quads, syntax, shipped.resources)

    if syntax == "turtle":
        assert 'oa:start "251"^^xsd:nonNegativeInteger' in text
    else:
        assert '"oa:start": 251' in text
    assert '"paragraph": 1' in text or "tip:paragraph 1 " in text
