"""A case: what whoever asks tells of a person, and nothing that could tell who it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.namespaces import ID, RDF, TIP, last_part

# How the states of facts are told in a case, by how they are called in an answer.
KEYS = {"met": "met", "not-met": "notMet", "unknown": "unknown"}


@dataclass(frozen=True)
class Case:
    """The situation of a person.

    `citizenships` are IRIs of countries, all that the person holds, or that of `code:stateless`;
    `facts` has the state (`met`, `not-met`) of each fact that is known, by the fact's IRI. What is
    None, empty or missing is unknown.
    """

    citizenships: frozenset[str] = frozenset()
    age: int | None = None
    unaccompanied: bool | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def but(self, facts: Mapping[str, str]) -> "Case":
        """The case with other states of these facts; `unknown` sets one aside."""
        merged = {**self.facts, **facts}
        return replace(self, facts={f: s for f, s in merged.items() if s != "unknown"})

    def quads(self, name: str, edition: str) -> Iterable[Quad]:
        """The case as RDF, under a name, to be assessed under an edition."""
        node = NamedNode(f"{ID}case/{name}")

        def said(key: str, value: NamedNode | Literal) -> Quad:
            return Quad(node, NamedNode(TIP + key), value)

        yield Quad(node, NamedNode(RDF + "type"), NamedNode(TIP + "Case"))
        yield said("assessedUnder", NamedNode(edition))
        yield from (said("citizenship", NamedNode(each)) for each in sorted(self.citizenships))
        if self.age is not None:
            yield said("age", Literal(self.age))
        if self.unaccompanied is not None:
            yield said("unaccompanied", Literal(self.unaccompanied))
        for fact, state in sorted(self.facts.items()):
            yield said(KEYS[state], NamedNode(fact))

    def as_dict(self) -> dict[str, Any]:
        """The case as a document that `read_case` takes."""
        facts = {key: self._in_state(state) for state, key in KEYS.items()}
        told = {
            "citizenship": sorted(map(last_part, self.citizenships)),
            "age": self.age,
            "unaccompanied": self.unaccompanied,
            **facts,
        }
        return {key: value for key, value in told.items() if value not in (None, [])}

    def _in_state(self, state: str) -> list[str]:
        return sorted(last_part(fact) for fact, each in self.facts.items() if each == state)
