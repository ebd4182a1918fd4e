"""The bodies of an edition and their relations to others, each with its source."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from tipgraph.entities import passages
from tipgraph.entities.row_labels import names
from tipgraph.namespaces import CODE, TIP
from tipgraph.rdf.terms import Value
from tipgraph.render.document import Item, Section
from tipgraph.report.subject import Subject

Row = Mapping[str, Value]
# The report has sections of their own for these, and for figures with their caveats.
ELSEWHERE = {TIP + kind for kind in ("Remark", "Entitlement", "Obligation", "Power")}
OMITTED = {CODE + code for code in ("speaks-of", "does-not-report-on", "is-directed-at")}


def who_does_what(subject: Subject) -> Section:
    """An item for each body and relation: what it does, to whom, and the statements of it."""
    found = subject.rows("relations")
    known = names(subject.engine, found)
    quoted = passages.passages(subject.engine, map(str, found.column("place")))
    rows = [row for row in found if row["kind"] not in ELSEWHERE and row["relation"] not in OMITTED]

    def key(row: Row) -> tuple[str, str, str]:
        return (known[str(row["subject"])], known[str(row["relation"])], known[str(row["object"])])

    def item(line: tuple[str, str, str], group: Iterable[Row]) -> Item:
        rows = list(group)
        cited = {str(row["place"]) for row in rows}
        cited_passages = tuple(each for iri, each in quoted.items() if iri in cited)

        def words(column: str) -> list[str]:
            return list(dict.fromkeys(known[str(row[column])] for row in rows if row[column]))

        details = {
            "in the capacity of": words("capacity"),
            "hedge": words("hedge"),
            "stated as": words("statement"),
            "stated by": words("speaker"),
        }
        return Item(
            " ".join(line[1:]),
            line[0],
            tuple(f"{name}: {'; '.join(texts)}" for name, texts in details.items() if texts),
            cited_passages,
            subject.sentences(cited_passages),
            iri=str(rows[0]["statement"]),
        )

    items = (item(line, group) for line, group in groupby(sorted(rows, key=key), key))
    return Section("Who does what", tuple(items))
