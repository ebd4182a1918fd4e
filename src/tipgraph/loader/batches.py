"""A graph as updates, for stores without the Graph Store Protocol."""

from collections.abc import Iterator
from itertools import chain

from pyoxigraph import NamedNode

from tipgraph.loader.sorted_ntriples import Spool, has_blank_node


def batches(graph: str, content: Spool, most: int) -> Iterator[str]:
    """`INSERT DATA` operations of about `most` bytes that make the graph together.

    A blank node's label means nothing beyond its request, so all triples with blank nodes go out
    in the first, however many there are.
    """
    head, tail = f"INSERT DATA {{ GRAPH {NamedNode(graph)} {{\n", "} }"
    blank: list[bytes] = []
    named = content.lines()
    if content.has_blank_nodes:
        blank = [line for line in content.lines() if has_blank_node(line)]
        named = (line for line in content.lines() if not has_blank_node(line))
    for lines in chain([blank] if blank else [], _cut(named, most)):
        yield head + b"".join(lines).decode() + tail


def _cut(lines: Iterator[bytes], most: int) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    room = most
    for line in lines:
        if batch and len(line) > room:
            yield batch
            batch, room = [], most
        batch.append(line)
        room -= len(line)
    if batch:
        yield batch
