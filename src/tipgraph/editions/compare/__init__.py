"""Comparison of two editions of one country, and its words: figures, norms, claims, non-reports."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from tipgraph.editions.compare.figures import (
    SAME_PERIOD,
    Figure,
    FigureChange,
    Figures,
    Revision,
    compare_figures,
)
from tipgraph.editions.compare.statements import (
    Aspect,
    Claims,
    NormChange,
    Norms,
    Statement,
    compare_claims,
    compare_non_reports,
    compare_norms,
)
from tipgraph.entities.editions import Edition, edition
from tipgraph.entities.passages import Passage
from tipgraph.errors import UsageError
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.render.document import Document, Item, Section, separate
from tipgraph.render.page import fragment
from tipgraph.store.engine import Engine
from tipgraph.store.rows import grouped
from tipgraph.text import unit_of


class TwoCountriesError(UsageError):
    """The two editions are about two countries."""


@dataclass(frozen=True)
class Difference:
    """The comparison of two editions."""

    earlier: Edition
    later: Edition
    figures: Figures
    norms: Norms
    claims: Claims
    non_reports: Claims

    @property
    def backwards(self) -> bool:
        """Return whether `earlier`, the edition that is named first, is the later one."""
        return self.earlier.year > self.later.year

    def _repr_html_(self) -> str:
        return fragment(document(self))

    def as_dict(self) -> dict[str, Any]:
        """The comparison for JSON, with the computed values of the figures."""
        entry: dict[str, Any] = _as_json(asdict(self))
        for change, values in zip(self.figures.changes, entry["figures"]["changes"], strict=True):
            values["difference"] = _as_json(change.difference)
            values["percent"] = _as_json(change.percent)
            values["direction"] = change.direction
        entry["backwards"] = self.backwards
        entry["earlier"] = _edition(self.earlier)
        entry["later"] = _edition(self.later)
        return entry


def compare(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    earlier: str,
    later: str,
    area: str | None = None,
) -> Difference:
    """The difference between two editions, each given by IRI, short name or label.

    With `area`, a year is a name too. `queries` is the catalogue; its `figures` and `revisions` are
    run. Raises UsageError when an edition is unknown, when the two are the same, or when they are
    about two countries.
    """
    one, other = _editions(engine, earlier, later, area)
    return Difference(
        one,
        other,
        compare_figures(engine, queries, one, other),
        compare_norms(engine, one, other),
        compare_claims(engine, one, other),
        compare_non_reports(engine, one, other),
    )


def absence(edition: Edition) -> str:
    """Return the words for a statement that the graph does not have from this edition.

    If only a part of the edition was read, the statement may be in the other part.
    """
    if edition.is_complete:
        return f"not stated in {edition.label}"
    return f"not found in what was read of {edition.label}"


def _editions(
    engine: Engine, earlier: str, later: str, area: str | None
) -> tuple[Edition, Edition]:
    one, other = edition(engine, earlier, area), edition(engine, later, area)
    if one == other:
        raise UsageError(f"{one.slug} cannot be compared with itself; name two editions")
    if one.area != other.area:
        raise TwoCountriesError(
            f"{one.slug} and {other.slug} are about two countries;"
            " use 'tipgraph query compare-countries' to compare countries"
        )
    return one, other


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "iri": edition.iri,
        "label": edition.label,
        "area": edition.area,
        "year": edition.year,
        "page": edition.page,
        "complete": edition.is_complete,
        "absence": absence(edition),
    }


def _as_json(value: Any) -> Any:
    """The value with JSON numbers for decimals."""
    match value:
        case dict():
            return {name: _as_json(each) for name, each in value.items()}
        case list() | tuple():
            return [_as_json(each) for each in value]
        case Decimal():
            return int(value) if value == int(value) else float(value)
        case _:
            return value


def document(difference: Difference) -> Document:
    """The comparison as a document."""
    return Document(
        f"{difference.earlier.label} and {difference.later.label}, compared",
        tuple(_head(difference)),
        tuple(_sections(difference)),
    )


def _head(difference: Difference) -> list[str]:
    """The two editions, and how to read what is missing in one of them."""
    lines = [f"From {difference.earlier.label} to {difference.later.label}."]
    if difference.backwards:
        lines.append("The second edition is the earlier one, so changes run backwards.")
    for each in (difference.earlier, difference.later):
        if not each.is_complete:
            lines.append(
                f"{each.label} was read in part: what is not found in it may be in the part that"
                " was not read, and is neither new nor dropped."
            )
    lines.append(
        "Figures, norms, claims and non-reports are compared; activities, such as trainings,"
        " publications and services, are not."
    )
    return lines


def _sections(difference: Difference) -> Iterator[Section]:
    one, other = difference.earlier, difference.later
    figures, norms = difference.figures, difference.norms
    yield Section("Different figures for one period", tuple(map(_revision, figures.revisions)))
    yield Section("Figures, the newest of each", tuple(map(_figure_change, figures.changes)))
    yield from _one_sided("Figures", figures.only_earlier, figures.only_later, one, other)
    for each, undated in ((one, figures.undated_earlier), (other, figures.undated_later)):
        title = f"Figures whose year {each.label} does not state, not compared"
        yield Section(title, tuple(map(_item, undated)))
    yield Section("Norms that changed", tuple(_norm(each, one, other) for each in norms.changed))
    yield Section("Norms in both", tuple(_both(*pair) for pair in norms.unchanged))
    yield from _one_sided("Norms", norms.only_earlier, norms.only_later, one, other)
    yield from _claims("Claims", difference.claims, one, other)
    yield from _claims("Non-reports and absences of reports", difference.non_reports, one, other)


def _claims(title: str, claims: Claims, one: Edition, other: Edition) -> Iterator[Section]:
    yield Section(f"{title}, in both", tuple(_both(*pair) for pair in claims.both))
    yield Section(
        f"{title}, similar but not the same", tuple(_both(*pair) for pair in claims.similar)
    )
    yield from _one_sided(title, claims.only_earlier, claims.only_later, one, other)


def _one_sided(
    title: str,
    only_earlier: Iterable[Figure | Statement],
    only_later: Iterable[Figure | Statement],
    one: Edition,
    other: Edition,
) -> Iterator[Section]:
    yield Section(f"{title} in {one.label}, {absence(other)}", tuple(map(_item, only_earlier)))
    yield Section(f"{title} in {other.label}, {absence(one)}", tuple(map(_item, only_later)))


def _item(statement: Figure | Statement) -> Item:
    if isinstance(statement, Statement):
        details = (f"{statement.kind}, stated by {_list(statement.speakers)}", statement.note)
        return Item(
            statement.label,
            details=tuple(filter(None, details)),
            passages=statement.passages,
            iri=statement.iri,
        )
    did = "paid" if statement.is_money else "counted"
    counter = f", {did} by {statement.counted_by}" if statement.counted_by else ""
    return Item(
        f"{_measure(statement)}, {statement.period}: {_value(statement)}{counter}",
        details=tuple(_caveats(statement)),
        passages=_passages(statement),
    )


def _figure_change(change: FigureChange) -> Item:
    one, other = change.earlier, change.later
    if change.direction == SAME_PERIOD:
        line = (
            f"{_measure(other)}, {other.period}: {_value(other)} in both; no newer figure in both"
        )
        return Item(
            line, lead=SAME_PERIOD, details=tuple(_caveats(other)), passages=_passages(one, other)
        )
    percent = "" if change.percent is None else f", {change.percent:+}%"
    by = "not comparable" if change.difference is None else f"{change.difference:+,f}{percent}"
    reworded = f"{_measure(other)}: " if _measure(other) != _measure(one) else ""
    return Item(
        f"{_measure(one)}: {_value(one)} ({one.period}),"
        f" then {reworded}{_value(other)} ({other.period}); {by}",
        lead=change.direction,
        details=(*_obstacles(change), *_caveats(one, other, shown=change.wording)),
        passages=_passages(one, other),
    )


def _obstacles(change: FigureChange) -> Iterator[str]:
    """The reasons why the two figures may not be comparable."""
    one, restatement = change.earlier, change.restatement
    if change.not_computed:
        yield f"Not computed: {change.not_computed}."
    if change.wording:
        yield f"The wording differs, and so may what is counted: {change.wording}."
    if restatement:
        figure = f"{_value(restatement)} ({_measure(restatement)})"
        yield f"For {one.period} the second edition itself gives {figure}."
    if change.other_parts:
        parts = "; ".join(change.other_parts)
        yield f"The breakdowns differ; only one of the two has: {parts}."


def _revision(revision: Revision) -> Item:
    one, other = revision.earlier, revision.later
    return Item(
        f"{one.period}: {_value(one)} ({_measure(one)}), then {_value(other)} ({_measure(other)})",
        lead=revision.kind,
        details=(*filter(None, [revision.note]), *_caveats(one, other)),
        passages=_passages(one, other),
    )


def _norm(change: NormChange, one: Edition, other: Edition) -> Item:
    return Item(
        f"{change.earlier.label}; then: {change.later.label}",
        details=(
            *(_aspect(aspect, one, other) for aspect in change.aspects),
            *filter(None, [change.note]),
        ),
        passages=(*change.earlier.passages, *change.later.passages),
    )


def _aspect(aspect: Aspect, one: Edition, other: Edition) -> str:
    if aspect.earlier and aspect.later:
        return f"{aspect.name}: {_list(aspect.earlier)}; then {_list(aspect.later)}"
    if aspect.later:
        return f"{aspect.name}: {_list(aspect.later)} ({absence(one)})"
    return f"{aspect.name}: {_list(aspect.earlier)} ({absence(other)})"


def _both(one: Statement, other: Statement) -> Item:
    return Item(
        f"{one.label} ({_list(one.speakers)}); then: {other.label} ({_list(other.speakers)})",
        passages=(*one.passages, *other.passages),
    )


def _passages(*figures: Figure) -> tuple[Passage, ...]:
    return tuple(each.passage for each in figures if each.passage)


def _caveats(*figures: Figure, shown: str = "") -> Iterator[str]:
    """The caveats of the figures, each once with their periods, but for those in the text shown."""
    periods = grouped(
        (caveat, figure.period) for figure in figures for caveat in separate(figure.caveat)
    )
    for caveat, those in periods.items():
        if caveat not in shown:
            yield f"{' and '.join(dict.fromkeys(those))}: {caveat}"


def _measure(figure: Figure) -> str:
    return figure.indicator if figure.part == "total" else f"{figure.indicator}, {figure.part}"


def _value(figure: Figure) -> str:
    word = figure.qualifier or ("approximately" if figure.approximate else "")
    near = f"{word} " if word else ""
    return f"{near}{figure.value.normalize():,f} {unit_of(figure.value, figure.unit)}"


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)
