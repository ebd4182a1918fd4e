"""GraphML, which Gephi, yEd, Cytoscape and networkx open."""

import re
from collections.abc import Iterator, Sequence

from tipgraph.export.network import EDGES, NODES, Network
from tipgraph.store.rows import Rows

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
    ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)
# What an edge tells of its ends stands with the nodes.
ATTRIBUTES = [name for name in EDGES if not name.startswith(("source", "target"))]
# What XML 1.0 cannot hold.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml(network: Network) -> str:
    """The network as a directed graph whose nodes and edges have the columns as attributes."""
    ids = {iri: f"n{number}" for number, iri in enumerate(network.nodes.column("iri"))}
    ends = zip(network.edges.column("source"), network.edges.column("target"), strict=True)
    nodes = [f'id="{each}"' for each in ids.values()]
    edges = [
        f'id="e{number}" source="{ids[source]}" target="{ids[target]}"'
        for number, (source, target) in enumerate(ends)
    ]
    lines = [
        *_keys("node", NODES),
        *_keys("edge", ATTRIBUTES),
        '  <graph id="actors" edgedefault="directed">\n',
        *_elements("node", NODES, nodes, network.nodes),
        *_elements("edge", ATTRIBUTES, edges, network.edges),
        "  </graph>\n",
    ]
    return HEAD + "".join(lines) + "</graphml>\n"


def _keys(kind: str, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield f'  <key id="{kind}-{name}" for="{kind}" attr.name="{name}" attr.type="string"/>\n'


def _elements(kind: str, names: Sequence[str], places: Sequence[str], rows: Rows) -> Iterator[str]:
    for place, row in zip(places, rows, strict=True):
        yield f"    <{kind} {place}>\n"
        for name in names:
            if row[name] is not None:
                yield f'      <data key="{kind}-{name}">{_written(str(row[name]))}</data>\n'
        yield f"    </{kind}>\n"


def _written(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(UNWRITABLE.sub("\ufffd", text), {"\r": "&#13;"})
