"""Import of a table of figures: checked for consistency, and written as Turtle for each edition."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple

from tipgraph.editions.figures import FigureRow, resolve_rows
from tipgraph.editions.observations import bases, figures_turtle, payments
from tipgraph.editions.table import CellError, TableError, read_table
from tipgraph.namespaces import CODE, ONTOLOGY_GRAPH, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.resources.folders import shipped
from tipgraph.store.engine import Embedded, Engine
from tipgraph.store.rules import derive, read_rule

CONTRADICTORY = CODE + "contradictory"
# The properties of codes and classes that the rules for breakdowns read.
VOCABULARY = """
CONSTRUCT { ?code ?property ?value }
WHERE {
  VALUES ?property { skos:broader tip:axis tip:usualUnit tip:countedUnit rdfs:subClassOf }
  ?code ?property ?value .
}
"""
EDITION = """
CONSTRUCT {{ ?edition a tip:Edition ; dcterms:publisher ?publisher }}
WHERE {{ ?edition dcterms:publisher ?publisher FILTER(?edition = <{}>) }}
"""
BREAKDOWNS = """
SELECT ?whole ?part ?axis ?breakdown
WHERE {
  ?part tip:breakdownOf ?whole ;
        tip:breakdown   ?breakdown .
  OPTIONAL { ?part tip:part/tip:axis ?axis }
}
"""


def import_figures(engine: Engine, file: str) -> dict[str, str]:
    """The figures of a table as Turtle, by the short name of the edition.

    The engine's graph has the editions of the table. Raises InputError when the file cannot be
    read, and TableError when names are unknown or figures contradict each other or the graph.
    """
    figures = resolve_rows(engine, file, read_table(file))
    check_consistency(engine, file, figures)
    turtle = figures_turtle(engine, figures)
    return {last_part(edition): text for edition, text in turtle.items()}


def check_consistency(engine: Engine, file: str, figures: Sequence[FigureRow]) -> None:
    """Raise TableError if figures contradict each other or those in the graph.

    Errors are a figure that is given twice, or that the edition has with another value, parts that
    exceed their total, and money without a clear conversion, funder or recipient.
    """
    errors = [
        *_duplicates(figures),
        *_conflicts_with_graph(engine, figures),
        *_excessive_parts(engine, figures),
        *_unclear_money(figures),
        *_unclear_percentages(figures),
    ]
    if errors:
        raise TableError(file, errors)


def _duplicates(figures: Iterable[FigureRow]) -> Iterator[CellError]:
    seen: dict[tuple[str, ...], FigureRow] = {}
    for figure in figures:
        first = seen.setdefault(figure.key, figure)
        if first is not figure:
            other = "the same value" if first.value == figure.value else f"{first.value:f}"
            message = f"duplicate of line {first.line}, which has {other}"
            yield CellError(figure.line, "value", message)


def _conflicts_with_graph(engine: Engine, figures: Iterable[FigureRow]) -> Iterator[CellError]:
    """Figures that other files of the edition have with other values, from the same speaker."""
    wanted = terms(figure.edition for figure in figures)
    rows = engine.select(
        "SELECT ?figure ?edition ?indicator ?period ?part ?speaker ?counter ?publisher ?value {"
        f" VALUES ?edition {{ {wanted} }} ?figure tip:edition ?edition ;"
        " tip:indicator ?indicator ; sdmx-dimension:refPeriod ?period ; tip:part ?part ;"
        " tip:countedBy ?counter ; sdmx-measure:obsValue ?value"
        " OPTIONAL { ?figure tip:speaker ?speaker }"
        " OPTIONAL { ?edition dcterms:publisher ?publisher } }"
    )
    known = defaultdict(list)
    for row in rows:
        speaker = "" if row["speaker"] in (None, row["publisher"]) else str(row["speaker"])
        place = (str(row[name]) for name in ("edition", "indicator", "period"))
        known[*place, speaker, str(row["counter"]), str(row["part"])].append(row)
    for figure in figures:
        for row in known[*figure.breakdown_key, figure.part]:
            if row["figure"] != figure.iri and row["value"] != figure.value:
                name = last_part(str(row["figure"]))
                message = f"the edition already has this figure ({name}) with {row['value']}"
                yield CellError(figure.line, "value", message)


def _excessive_parts(engine: Engine, figures: Sequence[FigureRow]) -> Iterator[CellError]:
    """Errors in parts that exceed their whole, one by one or together, as the rules find them.

    Where the whole or each part has a caution, the excess is known.
    """
    by_iri = {each.iri: each for each in reversed(figures)}
    groups: dict[tuple[FigureRow, object], list[FigureRow]] = defaultdict(list)
    contradictory = set()
    for row in _completed(engine, [*by_iri.values()]).select(BREAKDOWNS):
        whole, part = by_iri[str(row["whole"])], by_iri[str(row["part"])]
        groups[whole, row["axis"]].append(part)
        if row["breakdown"] == CONTRADICTORY:
            contradictory.add((whole, row["axis"]))
    for group, parts in groups.items():
        whole, _ = group
        if whole.caution or all(part.caution for part in parts):
            continue
        for part in parts:
            if part.value > whole.value:
                message = f"the part exceeds its total, {whole.value:f} in line {whole.line}"
                yield CellError(part.line, "value", message)
        if group in contradictory:
            message = (
                f"the parts sum to {sum(part.value for part in parts):f}, which exceeds"
                f" {whole.value:f} in line {whole.line}; if the source says that they overlap, add"
                " 'parts overlap' to the note there; if it does not explain it, say so in a column"
                " caution"
            )
            yield CellError(max(part.line for part in parts), "value", message)


def _completed(engine: Engine, figures: Sequence[FigureRow]) -> Embedded:
    """Return a graph of these figures alone, with what the rules derive of each edition's."""
    store = Store()
    store.extend(_quads(engine.construct(VOCABULARY), ONTOLOGY_GRAPH))
    for edition, text in figures_turtle(engine, figures).items():
        store.load(text, RdfFormat.TURTLE, to_graph=NamedNode(edition))
        store.extend(_quads(engine.construct(EDITION.format(edition)), edition))
    derive(store, map(read_rule, shipped().completions()))
    return Embedded(store)


def _quads(triples: Iterable[Triple], graph: str) -> Iterator[Quad]:
    return (Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for t in triples)


def _unclear_percentages(figures: Sequence[FigureRow]) -> Iterator[CellError]:
    known = bases(figures)
    for figure in figures:
        if not figure.percentage_of:
            continue
        if not figure.is_percentage or figure not in known:
            message = "name a part whose number the table has for the same period, for a percentage"
            yield CellError(figure.line, "percentage_of", message)


def _unclear_money(figures: Iterable[FigureRow]) -> Iterator[CellError]:
    for amounts in payments(figures).values():
        first, *rest = amounts
        if first.converted or not all(each.converted for each in rest):
            message = (
                "add 'converted' to the note of each amount except the one in the currency that"
                " was paid"
            )
            yield CellError(amounts[-1].line, "note", message)
