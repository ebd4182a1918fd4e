"""The editions behind a chart: their names, who published them, and where the figures stand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tipgraph.charts.format import listed
from tipgraph.charts.table import Row, Table
from tipgraph.lookup import passages
from tipgraph.namespaces import last_part
from tipgraph.rdf.sparql import terms


@dataclass(frozen=True)
class Edition:
    """An edition, whether it was read as a whole, and the sentences of it that are drawn on."""

    label: str
    year: int
    name: str
    publisher: str
    page: str
    complete: bool
    sentences: tuple[str, ...]


def editions(table: Table) -> dict[str, Edition]:
    """The editions in the rows by their IRIs, the oldest first.

    They go by their years where these tell them apart.
    """
    sentences = _sentences(table)
    rows = table.engine.select(
        "SELECT ?edition ?label ?year ?publisher ?page ?complete {"
        f" VALUES ?edition {{ {terms(table.values('edition'))} }}"
        " OPTIONAL { ?edition rdfs:label ?label } OPTIONAL { ?edition tip:year ?year }"
        " OPTIONAL { ?edition dcterms:publisher/rdfs:label ?publisher }"
        " OPTIONAL { ?edition dcat:landingPage ?page }"
        " BIND(EXISTS { ?edition tip:coverage code:complete } AS ?complete)"
        "} ORDER BY ?year ?label ?edition"
    )
    found = {str(row["edition"]): _edition(row, sentences) for row in rows}
    years = [each.year for each in found.values()]
    if 0 in years or len(set(years)) < len(years):
        return {iri: replace(each, name=each.label) for iri, each in found.items()}
    return found


def source(editions: Iterable[Edition]) -> str:
    """The line that says where the figures are from."""
    by_publisher: dict[str, list[str]] = {}
    for edition in editions:
        by_publisher.setdefault(edition.publisher, []).append(_cited(edition))
    told = [
        f"{publisher}: {'; '.join(cited)}" if publisher else "; ".join(cited)
        for publisher, cited in by_publisher.items()
    ]
    return f"Source: {'. '.join(told)}"


def _edition(row: Row, sentences: dict[str, list[str]]) -> Edition:
    iri, year = str(row["edition"]), row["year"]
    return Edition(
        label=str(row["label"] or last_part(iri)),
        year=int(str(year or 0)),
        name=f"{year} edition",
        publisher=str(row["publisher"] or ""),
        page=str(row["page"] or ""),
        complete=bool(row["complete"]),
        sentences=tuple(sentences.get(iri, [])),
    )


def _sentences(table: Table) -> dict[str, list[str]]:
    """The sentences of each edition in the order of its text."""
    by_edition: dict[str, list[str]] = {}
    for passage in passages.passages(table.engine, table.values("sentence")).values():
        places = by_edition.setdefault(passage.edition, [])
        if passage.sentence and passage.place not in places:
            places.append(passage.place)
    return by_edition


def _cited(edition: Edition) -> str:
    several = "s" if len(edition.sentences) > 1 else ""
    places = f"sentence{several} {listed(edition.sentences)}" if edition.sentences else ""
    where = ", ".join(filter(None, [places, _short(edition.page)]))
    return f"{edition.label} ({where})" if where else edition.label


def _short(page: str) -> str:
    return page.partition("://")[2].removeprefix("www.").rstrip("/")
