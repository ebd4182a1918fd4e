"""A case: what matters for a person's entitlements, and nothing that identifies the person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.namespaces import CODE, ID, RDF, TIP, last_part

# The key of a case document for each state of a fact, and the property in RDF.
KEYS = {"met": "met", "not-met": "not_met", "unknown": "unknown"}
PROPERTIES = {"met": TIP + "met", "not-met": TIP + "notMet", "unknown": TIP + "unknown"}


@dataclass(frozen=True)
class Case:
    """The situation of a person.

    `citizenships` are IRIs of countries (all that the person has), or that of `code:stateless`;
    `facts` maps the IRI of each known fact to its state (`met`, `not-met`). Whatever is None, empty
    or missing is unknown. `reading` is set in variants that read all open questions of the source
    alike: `wider` or `narrower`.
    """

    citizenships: frozenset[str] = frozenset()
    age: int | None = None
    unaccompanied: bool | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    reading: str | None = None

    def with_facts(self, facts: Mapping[str, str]) -> "Case":
        """The case with these states of facts in place of its own; `unknown` removes a fact."""
        merged = {**self.facts, **facts}
        return replace(self, facts={f: s for f, s in merged.items() if s != "unknown"})

    def quads(self, name: str, edition: str) -> Iterable[Quad]:
        """The case as RDF, under a name, to be assessed under an edition."""
        node = NamedNode(f"{ID}case/{name}")

        def quad(predicate: str, value: NamedNode | Literal) -> Quad:
            return Quad(node, NamedNode(predicate), value)

        yield quad(RDF + "type", NamedNode(TIP + "Case"))
        yield quad(TIP + "assessedUnder", NamedNode(edition))
        for citizenship in sorted(self.citizenships):
            yield quad(TIP + "citizenship", NamedNode(citizenship))
        if self.age is not None:
            yield quad(TIP + "age", Literal(self.age))
        if self.unaccompanied is not None:
            yield quad(TIP + "unaccompanied", Literal(self.unaccompanied))
        for fact, state in sorted(self.facts.items()):
            yield quad(PROPERTIES[state], NamedNode(fact))
        if self.reading is not None:
            yield quad(TIP + "readsOpenQuestions", NamedNode(CODE + self.reading))

    def as_dict(self) -> dict[str, Any]:
        """The case as a document that `read_case` reads."""
        document = {
            "citizenship": sorted(map(last_part, self.citizenships)),
            "age": self.age,
            "unaccompanied": self.unaccompanied,
            **{key: self._facts_in_state(state) for state, key in KEYS.items()},
        }
        return {key: value for key, value in document.items() if value not in (None, [])}

    def _facts_in_state(self, state: str) -> list[str]:
        return sorted(last_part(fact) for fact, each in self.facts.items() if each == state)
