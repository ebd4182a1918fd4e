"""rdflib behind the same small protocol as the shipped engine: the second opinion."""

from typing import Any

import rdflib
from pyoxigraph import Literal, NamedNode, Triple

from tipgraph.rdf.terms import Term
from tipgraph.store.engine import Rows, Work


class Rdflib:
    """Answers from an rdflib dataset whose named graphs are read as one."""

    name = f"rdflib {rdflib.__version__}"

    def __init__(self, quads: bytes) -> None:
        self.work = Work()
        self.dataset = rdflib.Dataset(default_union=True)
        self.dataset.parse(data=quads, format="nquads")

    def select(self, query: str, allow_empty_rows: bool = False) -> Rows:
        found = self.dataset.query(query)
        columns = tuple(str(variable) for variable in found.vars or ())
        return Rows(columns, tuple(tuple(map(_term, row)) for row in _listed(found)))

    def ask(self, query: str) -> bool:
        return bool(self.dataset.query(query).askAnswer)

    def construct(self, query: str) -> list[Triple]:
        triples = _listed(self.dataset.query(query))
        return [Triple(*map(_known, triple)) for triple in triples]


def _listed(found: rdflib.query.Result) -> list[Any]:
    return list(found)


def _known(node: Any) -> Any:
    term = _term(node)
    assert term is not None
    return term


def _term(node: Any) -> Term | None:
    if node is None:
        return None
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    assert isinstance(node, rdflib.Literal), "no answer has a blank node"
    if node.language:
        return Literal(str(node), language=node.language)
    if node.datatype:
        return Literal(str(node), datatype=NamedNode(str(node.datatype)))
    return Literal(str(node))
