"""Statements of two editions that are no figures: each with what it is matched by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from tipgraph.editions.compare.editions import Edition
from tipgraph.lookup import entities
from tipgraph.lookup.passages import Passage, passages
from tipgraph.store.engine import Engine


@dataclass(frozen=True)
class Statement:
    """What an edition states, who says it, and where."""

    iri: str
    label: str
    kind: str
    speakers: tuple[str, ...]
    note: str
    passages: tuple[Passage, ...]


class Statements:
    """The statements of an edition that are of some kinds, and what their properties have."""

    def __init__(
        self, engine: Engine, edition: Edition, kinds: Iterable[str], paths: Iterable[str]
    ) -> None:
        """Kinds as prefixed names; paths as SPARQL has them, by which `values` is asked."""
        wanted = " ".join(kinds)
        rows = engine.select(
            f"SELECT DISTINCT ?statement ?kind {{ VALUES ?kind {{ {wanted} }} ?statement a ?kind ;"
            f" tip:edition {NamedNode(edition.iri)} }} ORDER BY ?statement"
        )
        self._kinds = {str(row["statement"]): str(row["kind"]) for row in rows}
        self._iris: set[str] = set()
        paths = [*paths, "tip:speaker", "tip:evidence", "skos:scopeNote"]
        self._values = {path: self._of(engine, path) for path in paths}
        self._labels = entities.labels(engine, {*self._kinds, *self._kinds.values(), *self._iris})
        evident = [each for all in self._values["tip:evidence"].values() for each in all]
        self._passages = passages(engine, evident)

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def values(self, statement: str, path: str) -> list[str]:
        """The values of a path from the statement, as IRIs and bare texts."""
        return self._values[path].get(statement, [])

    def called(self, statement: str, path: str) -> tuple[str, ...]:
        """The same, things by their labels."""
        return tuple(self._labels.get(each, each) for each in self.values(statement, path))

    def kind(self, statement: str) -> str:
        """The kind as an IRI."""
        return self._kinds[statement]

    def told(self, statement: str) -> Statement:
        """The statement as it is told to people."""
        evident = set(self.values(statement, "tip:evidence"))
        return Statement(
            iri=statement,
            label=self._labels.get(statement, statement),
            kind=self._labels.get(self._kinds[statement], ""),
            speakers=self.called(statement, "tip:speaker"),
            note=" ".join(self.values(statement, "skos:scopeNote")),
            passages=tuple(p for iri, p in self._passages.items() if iri in evident),
        )

    def _of(self, engine: Engine, path: str) -> dict[str, list[str]]:
        mine = " ".join(str(NamedNode(iri)) for iri in self._kinds)
        rows = engine.select(
            f"SELECT DISTINCT ?statement ?value {{ VALUES ?statement {{ {mine} }}"
            f" ?statement {path} ?value }} ORDER BY ?statement ?value"
        )
        found: dict[str, list[str]] = defaultdict(list)
        for statement, value in (map(str, row.values()) for row in rows):
            found[statement].append(value)
        self._iris.update(each.value for _, each in rows.terms if isinstance(each, NamedNode))
        return found
