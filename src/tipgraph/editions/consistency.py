"""Consistency of a table's figures, with each other and with those in the graph."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tipgraph.editions.figures import FigureRow, group_values
from tipgraph.editions.table import CellError, TableError
from tipgraph.namespaces import CODE, TOTAL, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine

BY_AGENT = CODE + "by-agent"
# A figure, and the parts of it along one axis.
Breakdown = tuple[FigureRow, list[FigureRow]]


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


def totals(engine: Engine, figures: Iterable[FigureRow]) -> dict[FigureRow, FigureRow]:
    """The figure that each part is a part of, if the table has it.

    It has the same indicator, period and counter, and the same speaker if there is such a one.
    """
    broader = group_values(
        engine.select(
            "SELECT ?part ?broader { ?part skos:inScheme code:parts ; skos:broader ?broader }"
        )
    )
    wholes: dict[tuple[str, ...], list[FigureRow]] = defaultdict(list)
    figures = list(figures)
    for each in figures:
        wholes[each.edition, each.indicator, each.period, each.part, each.unit].append(each)
    axis_of = axes(engine)
    found = {}
    for figure in figures:
        if figure.part == TOTAL or figure.is_money or figure.is_percentage:
            continue
        part = next(iter(broader.get(figure.part, [TOTAL])))
        candidates = wholes[figure.edition, figure.indicator, figure.period, part, figure.unit]
        if axis_of.get(figure.part) != BY_AGENT:
            # Only parts by agent have other counters than their whole.
            candidates = [each for each in candidates if each.counted_by == figure.counted_by]
        same = [each for each in candidates if each.speaker == figure.speaker]
        # Of another speaker's smaller number it is no part.
        candidates = [each for each in candidates if each.value >= figure.value]
        match same or candidates:
            case [total]:
                found[figure] = total
    return found


def bases(figures: Iterable[FigureRow]) -> dict[FigureRow, FigureRow]:
    """The number that each percentage is a percentage of, if the table names its part.

    It has the same indicator and period, and the same speaker and counter if there is such a one.
    """
    by_place: dict[tuple[str, ...], list[FigureRow]] = defaultdict(list)
    figures = list(figures)
    for figure in figures:
        if not figure.is_percentage:
            by_place[figure.edition, figure.indicator, figure.period, figure.part].append(figure)
    found = {}
    for each in figures:
        place = each.edition, each.indicator, each.period, each.percentage_of
        candidates = by_place.get(place, [])
        same = [base for base in candidates if base.breakdown_key == each.breakdown_key]
        match same or candidates:
            case [base]:
                found[each] = base
    return found


def breakdowns(engine: Engine, figures: Iterable[FigureRow]) -> list[Breakdown]:
    """Each figure that has parts, with its parts along one axis."""
    axis_of = axes(engine)
    groups: dict[tuple[FigureRow, str], list[FigureRow]] = defaultdict(list)
    for part, total in totals(engine, figures).items():
        axis = axis_of.get(part.part, "")
        groups[total, axis].append(part)
    return [(total, parts) for (total, _), parts in groups.items()]


def axes(engine: Engine) -> dict[str, str]:
    """The axis of each part."""
    rows = engine.select("SELECT ?part ?axis { ?part skos:inScheme code:parts ; tip:axis ?axis }")
    return {str(row["part"]): str(row["axis"]) for row in rows}


def has_overlapping_parts(total: FigureRow) -> bool:
    """Return whether the note of a figure says that its parts overlap."""
    return total.is_noted("parts overlap")


def is_cautioned(total: FigureRow, parts: Iterable[FigureRow]) -> bool:
    """Return whether each part, or the total, has a caution, so that the excess is known."""
    return bool(total.caution) or all(part.caution for part in parts)


def payments(figures: Iterable[FigureRow]) -> dict[tuple[str, ...], list[FigureRow]]:
    """The amounts of each payment, the one that was not converted first."""
    groups: dict[tuple[str, ...], list[FigureRow]] = defaultdict(list)
    for figure in figures:
        if figure.is_money:
            groups[*figure.breakdown_key, figure.part].append(figure)
    return {
        key: sorted(amounts, key=lambda each: each.converted) for key, amounts in groups.items()
    }


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


def _excessive_parts(engine: Engine, figures: Iterable[FigureRow]) -> Iterator[CellError]:
    for total, parts in breakdowns(engine, figures):
        if is_cautioned(total, parts):
            continue
        for part in parts:
            if part.value > total.value:
                message = f"the part exceeds its total, {total.value:f} in line {total.line}"
                yield CellError(part.line, "value", message)
        sum_of_parts = sum(part.value for part in parts)
        if sum_of_parts > total.value and not has_overlapping_parts(total):
            last = max(parts, key=lambda part: part.line)
            message = (
                f"the parts sum to {sum_of_parts:f}, which exceeds {total.value:f} in line"
                f" {total.line}; if the source says that they overlap, add 'parts overlap' to the"
                " note there; if it does not explain it, say so in a column caution"
            )
            yield CellError(last.line, "value", message)


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
