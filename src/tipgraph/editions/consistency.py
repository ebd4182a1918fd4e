"""Whether the figures of a table agree with each other and with what the graph has already."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import NamedNode

from tipgraph.editions.figures import TOTAL, Figure, iri, says
from tipgraph.editions.resolve import pairs
from tipgraph.editions.table import Fault, TableError
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows

Breakdown = tuple[Figure, list[Figure]]


def check(engine: Engine, file: str, found: Sequence[Figure]) -> None:
    """Raise TableError, with all faults, where figures do not agree.

    That is: a figure that is given twice, or that the edition has with another value; parts beyond
    their whole; money whose conversion, giver or recipient is not known.
    """
    faults = [
        *_twice(found),
        *_elsewhere(found, _held(engine, {figure.edition for figure in found})),
        *_beyond(engine, found),
        *_unclear_money(found),
    ]
    if faults:
        raise TableError(file, faults)


def _held(engine: Engine, editions: Iterable[str]) -> Rows:
    """The observations that these editions have already."""
    wanted = " ".join(str(NamedNode(edition)) for edition in editions)
    return engine.select(
        "SELECT ?figure ?edition ?indicator ?period ?part ?value {"
        f" VALUES ?edition {{ {wanted} }} ?figure tip:edition ?edition ;"
        " tip:indicator ?indicator ; sdmx-dimension:refPeriod ?period ; tip:part ?part ;"
        " sdmx-measure:obsValue ?value }"
    )


def _twice(found: Iterable[Figure]) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], Figure] = {}
    for figure in found:
        first = seen.setdefault(figure.place, figure)
        if first is not figure:
            other = "the same value" if first.value == figure.value else f"{first.value:f}"
            yield Fault(figure.line, "value", f"line {first.line} gives this figure, with {other}")


def _elsewhere(found: Iterable[Figure], held: Rows) -> Iterator[Fault]:
    """Figures that the edition's other files have with other values."""
    known = {
        tuple(str(row[name]) for name in ("edition", "indicator", "period", "part")): row
        for row in held
    }
    for figure in found:
        row = known.get((figure.edition, figure.indicator, figure.period, figure.part))
        if row and row["figure"] != iri(figure) and row["value"] != figure.value:
            name = last_part(str(row["figure"]))
            yield Fault(
                figure.line, "value", f"the edition has it already ({name}): {row['value']}"
            )


def wholes(engine: Engine, found: Iterable[Figure]) -> dict[Figure, Figure]:
    """Of each part the whole that it is a part of, where the table has it."""
    wider = pairs(engine.select("SELECT ?one ?other { ?one tip:axis ?axis ; skos:broader ?other }"))
    by_place = {figure.place: figure for figure in found}
    owners = {}
    for figure in by_place.values():
        if figure.part == TOTAL or figure.is_money:
            continue
        whole = next(iter(wider.get(figure.part, [TOTAL])))
        owner = by_place.get((*figure.measure, whole, ""))
        if owner:
            owners[figure] = owner
    return owners


def axes(engine: Engine) -> dict[str, str]:
    """In which respect each part is told from its fellows."""
    return {
        part: axis
        for part, (axis, *_) in pairs(
            engine.select("SELECT ?one ?other { ?one tip:axis ?other }")
        ).items()
    }


def breakdowns(engine: Engine, found: Iterable[Figure]) -> list[Breakdown]:
    """Each whole with its parts of one axis."""
    respects = axes(engine)
    groups: dict[tuple[Figure, str], list[Figure]] = defaultdict(list)
    for part, whole in wholes(engine, found).items():
        groups[whole, respects.get(part.part, "")].append(part)
    return [(whole, parts) for (whole, _), parts in groups.items()]


def overlaps(whole: Figure) -> bool:
    """Whether the table says of a whole that its parts overlap."""
    return says(whole.note, "parts overlap")


def _beyond(engine: Engine, found: Iterable[Figure]) -> Iterator[Fault]:
    for whole, parts in breakdowns(engine, found):
        total = sum(part.value for part in parts)
        for part in parts:
            if part.value > whole.value:
                told = f"the part is more than its whole, {whole.value:f} in line {whole.line}"
                yield Fault(part.line, "value", told)
        if total > whole.value and not overlaps(whole):
            last = max(parts, key=lambda part: part.line)
            told = f"the parts add up to {total:f}, beyond the {whole.value:f} of line {whole.line}"
            hint = "if the source says that they overlap, say 'parts overlap' in the note there"
            yield Fault(last.line, "value", f"{told}; {hint}")


def payments(found: Iterable[Figure]) -> dict[tuple[str, ...], list[Figure]]:
    """The amounts of each payment, the one that was not converted first."""
    groups: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in found:
        if figure.is_money:
            groups[*figure.measure, figure.part].append(figure)
    return {key: sorted(each, key=lambda one: one.converted) for key, each in groups.items()}


def _unclear_money(found: Iterable[Figure]) -> Iterator[Fault]:
    for amounts in payments(found).values():
        first, *rest = amounts
        if first.converted or not all(each.converted for each in rest):
            told = "say 'converted' in the note of each amount but that in the currency paid"
            yield Fault(amounts[-1].line, "note", told)
        for each in amounts:
            if not each.recipient:
                told = "who gets the money is not known; say it in a column recipient"
                yield Fault(each.line, "recipient", told)
            if not each.counted_by:
                yield Fault(each.line, "counted_by", "it is empty: say who gives the money")
