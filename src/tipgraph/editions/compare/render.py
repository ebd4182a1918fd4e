"""A difference as sections of items: what text and Markdown write."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from tipgraph.editions.compare.claims import Claims
from tipgraph.editions.compare.compare import Difference
from tipgraph.editions.compare.editions import Edition
from tipgraph.editions.compare.figures import SAME, Figure, FigureChange, Revision
from tipgraph.editions.compare.norms import Aspect, NormChange
from tipgraph.editions.compare.statements import Statement
from tipgraph.lookup.passages import Passage
from tipgraph.render.sections import Item, Section


def head(told: Difference) -> list[str]:
    """What is compared, and what its silence means."""
    lines = [f"From {told.earlier.label} to {told.later.label}."]
    if told.backwards:
        lines.append("The second is the earlier edition: what is told runs backwards.")
    for edition in (told.earlier, told.later):
        if not edition.complete:
            lines.append(
                f"{edition.label} was read in part: what is not found in it may stand in what was"
                " not read, and is neither new in the other nor gone."
            )
    lines.append(
        "Compared are figures, norms, claims and non-reports; not what was done, such as trainings,"
        " publications and services."
    )
    return lines


def sections(told: Difference) -> Iterator[Section]:
    """The sections that have something in them."""
    return (section for section in _sections(told) if section.items)


def _sections(told: Difference) -> Iterator[Section]:
    one, other = told.earlier, told.later
    yield Section("Figures, the newest of each", tuple(map(_figure_change, told.figures.changes)))
    yield Section("Told differently of one period", tuple(map(_revision, told.figures.revisions)))
    yield from _one_sided("Figures", told.figures.only_earlier, told.figures.only_later, one, other)
    yield Section(
        "Norms that changed", tuple(_norm(each, one, other) for each in told.norms.changed)
    )
    yield Section("Norms that both state", tuple(_both(*pair) for pair in told.norms.unchanged))
    yield from _one_sided("Norms", told.norms.only_earlier, told.norms.only_later, one, other)
    yield from _claims("Claims", told.claims, one, other)
    yield from _claims("Non-reports and absences of reports", told.gaps, one, other)


def _claims(title: str, held: Claims, one: Edition, other: Edition) -> Iterator[Section]:
    yield Section(f"{title}, in both", tuple(_both(*pair) for pair in held.both))
    yield Section(f"{title}, akin but not the same", tuple(_both(*pair) for pair in held.akin))
    yield from _one_sided(title, held.only_earlier, held.only_later, one, other)


def _one_sided(
    title: str,
    only_earlier: Iterable[Figure | Statement],
    only_later: Iterable[Figure | Statement],
    one: Edition,
    other: Edition,
) -> Iterator[Section]:
    yield Section(f"{title} in {one.label}, {other.lack}", tuple(map(_item, only_earlier)))
    yield Section(f"{title} in {other.label}, {one.lack}", tuple(map(_item, only_later)))


def _item(held: Figure | Statement) -> Item:
    if isinstance(held, Statement):
        return Item(held.label, details=_of_statement(held), passages=held.passages)
    return Item(
        f"{_measure(held)}, {held.period}: {_value(held)}",
        details=_caveats(held),
        passages=_places(held),
    )


def _figure_change(change: FigureChange) -> Item:
    one, other = change.earlier, change.later
    if change.direction == SAME:
        line = (
            f"{_measure(other)}, {other.period}: {_value(other)} in both; no newer figure in both"
        )
        return Item(line, lead=SAME, details=_caveats(other), passages=_places(one, other))
    percent = "" if change.percent is None else f", {change.percent:+}%"
    return Item(
        f"{_measure(other)}: {_value(one)} ({one.period}), then {_value(other)} ({other.period});"
        f" {change.difference:+,f}{percent}",
        lead=change.direction,
        details=(*_comparable(change), *_caveats(one), *_caveats(other)),
        passages=_places(one, other),
    )


def _comparable(change: FigureChange) -> Iterator[str]:
    """What stands in the way of comparing the two."""
    one, other, instead = change.earlier, change.later, change.instead
    if change.wording:
        yield f"The wording differs, and so may what is counted: {change.wording}."
    if instead:
        told = f"{_value(instead)} ({_measure(instead)})"
        yield f"For {one.period} the second edition itself gives {told}."
    if one.counted_by and other.counted_by and one.counted_by != other.counted_by:
        yield f"Counted by {one.counted_by}, then by {other.counted_by}."
    if change.other_parts:
        parts = "; ".join(change.other_parts)
        yield f"The whole is parted differently; only one of the two has: {parts}."


def _revision(revision: Revision) -> Item:
    one, other = revision.earlier, revision.later
    return Item(
        f"{one.period}: {_value(one)} ({_measure(one)}), then {_value(other)} ({_measure(other)})",
        lead=revision.kind,
        details=(*filter(None, [revision.note]), *_caveats(one), *_caveats(other)),
        passages=_places(one, other),
    )


def _norm(change: NormChange, one: Edition, other: Edition) -> Item:
    aspects = (line for aspect in change.aspects for line in _aspect(aspect, one, other))
    return Item(
        f"{change.earlier.label}; then: {change.later.label}",
        details=(*aspects, *filter(None, [change.note])),
        passages=(*change.earlier.passages, *change.later.passages),
    )


def _aspect(aspect: Aspect, one: Edition, other: Edition) -> Iterator[str]:
    if aspect.earlier and aspect.later:
        yield f"{aspect.name}: {_list(aspect.earlier)}; then {_list(aspect.later)}"
    elif aspect.later:
        yield f"{aspect.name}: {_list(aspect.later)} ({one.lack})"
    else:
        yield f"{aspect.name}: {_list(aspect.earlier)} ({other.lack})"


def _both(one: Statement, other: Statement) -> Item:
    return Item(
        f"{one.label} ({_list(one.speakers)}); then: {other.label} ({_list(other.speakers)})",
        passages=(*one.passages, *other.passages),
    )


def _of_statement(held: Statement) -> tuple[str, ...]:
    return (f"{held.kind}; says {_list(held.speakers)}", *filter(None, [held.note]))


def _places(*figures: Figure) -> tuple[Passage, ...]:
    return tuple(each.passage for each in figures if each.passage)


def _caveats(figure: Figure) -> tuple[str, ...]:
    return tuple(f"{figure.period}: {each}" for each in figure.caveat.split(" | ") if each)


def _measure(figure: Figure) -> str:
    return figure.indicator if figure.part == "total" else f"{figure.indicator}, {figure.part}"


def _value(figure: Figure) -> str:
    near = "approximately " if figure.approximate else ""
    return f"{near}{_number(figure.value)} {figure.unit}"


def _number(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)
