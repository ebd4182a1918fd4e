"""The changes between two exported graphs, statement by statement."""

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad, Store

from tipgraph import entities
from tipgraph.errors import InputError
from tipgraph.export.figures import Cells, to_rows
from tipgraph.export.graph import about
from tipgraph.namespaces import DERIVED_GRAPH, GRAPH, last_part, shorten
from tipgraph.rdf.files import read
from tipgraph.store.engine import Embedded, Rows
from tipgraph.text import SEPARATOR

COLUMNS = ("change", "edition", "statement", "label", "property", "old", "new")
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
# An edition or a document of each statement.
STATEMENTS = """
    SELECT DISTINCT ?statement ?source {
      ?statement a tip:Statement ; tip:edition|tip:document ?source FILTER(isIRI(?statement))
    }
    ORDER BY ?source ?statement
"""
# The values of a statement by property; those of its parts by part and property.
Values = Mapping[str, tuple[str, ...]]


def changes(old: str, new: str) -> Rows:
    """The statements that only one of two exported graphs has, and those that differ, as rows.

    A changed statement has a row for each property whose values differ, its own and those of its
    parts, such as an amount or a quote. Triples that rules derive count only as labels. Raises
    InputError for a file that cannot be read or has no statement.
    """
    before, after = _Export(old), _Export(new)
    return to_rows(COLUMNS, _lines(before, after))


def _lines(before: "_Export", after: "_Export") -> Iterator[Cells]:
    for statement in sorted(
        {*before.sources, *after.sources},
        key=lambda each: (after.sources.get(each) or before.sources[each], each),
    ):
        if statement not in before.sources:
            yield after.line(statement, ADDED, new=after.labels[statement])
        elif statement not in after.sources:
            yield before.line(statement, REMOVED, old=before.labels[statement])
        else:
            old, new = before.values(statement), after.values(statement)
            for name in sorted({*old, *new}):
                texts = [SEPARATOR.join(each.get(name, ())) for each in (old, new)]
                if texts[0] != texts[1]:
                    yield after.line(statement, CHANGED, name, *texts)


class _Export:
    """An exported graph: its statements with their sources, and what is stated of each."""

    def __init__(self, file: str) -> None:
        derived = NamedNode(DERIVED_GRAPH)
        quads = list(read(file, GRAPH + "merged"))
        self._stated = Store()
        self._stated.bulk_extend(Quad(*quad.triple) for quad in quads if quad.graph_name != derived)
        store = Store()
        store.bulk_extend(quads)
        engine = Embedded(store)
        rows = engine.select(STATEMENTS)
        self.sources = {str(row["statement"]): str(row["source"]) for row in rows}
        if not self.sources:
            raise InputError(
                f"{file}: has no statement; name a graph with all that is derived, which"
                " 'tipgraph export graph --output FILE.nq' writes"
            )
        found = entities.labels(engine, self.sources)
        self.labels = {each: found.get(each) or shorten(each) for each in self.sources}

    def values(self, statement: str) -> Values:
        """Return what is stated of a statement and of its parts."""
        found: dict[str, set[str]] = {}
        for quad in about(self._stated, statement, with_incoming=False):
            name, value = shorten(quad.predicate.value), quad.object
            if quad.subject != NamedNode(statement):
                name = f"{last_part(str(quad.subject).strip('<>'))} {name}"
            if isinstance(value, NamedNode):
                text = shorten(value.value)
            else:
                text = value.value if isinstance(value, Literal) else str(value)
            found.setdefault(name, set()).add(text)
        return {name: tuple(sorted(texts)) for name, texts in found.items()}

    def line(
        self, statement: str, change: str, property_: str = "", old: str = "", new: str = ""
    ) -> Cells:
        """The cells of a row."""
        return {
            "change": change,
            "edition": last_part(self.sources[statement]),
            "statement": statement,
            "label": self.labels[statement],
            "property": property_,
            "old": old,
            "new": new,
        }
