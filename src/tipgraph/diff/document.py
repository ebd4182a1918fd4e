"""The difference between two editions as a document."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tipgraph.diff.figures import Figure, FigurePair
from tipgraph.diff.statements import Topic
from tipgraph.entities.editions import Edition
from tipgraph.render.document import Document, Item, Section

if TYPE_CHECKING:
    from tipgraph.diff import Difference

# The kinds of the query `revisions` in words.
RESULTS = {"wording-differs": "worded differently"}


def document(difference: "Difference") -> Document:
    """The comparison as a document."""
    one, other = difference.earlier, difference.later
    head = [f"From {one.label} to {other.label}."]
    for each in (one, other):
        if not each.is_complete:
            head.append(
                f"{each.label} was read in part: what is not found in it may be in the part that"
                " was not read, and is neither new nor dropped."
            )
    head.append(
        "Figures, norms, claims and non-reports are compared; activities, such as trainings,"
        " publications and services, are not."
    )
    title = f"{one.label} and {other.label}, compared"
    return Document(title, tuple(head), tuple(_sections(difference)))


def _sections(difference: "Difference") -> Iterator[Section]:
    one, other, figures = difference.earlier, difference.later, difference.figures
    yield Section("Different figures for one period", tuple(map(_pair, figures.revisions)))
    yield Section(f"Changes that {other.label} shows", tuple(map(_pair, figures.changes)))
    yield Section("Figures of both, the newest of each", tuple(map(_pair, figures.pairs)))
    for stating, silent, only in (
        (one, other, figures.only_earlier),
        (other, one, figures.only_later),
    ):
        title = f"Figures in {stating.label}, {absence(silent)}"
        yield Section(title, tuple(map(_figure_item, only)))
    title = "Figures whose year the edition does not state, not compared"
    yield Section(title, tuple(map(_figure_item, figures.undated)))
    for name, topics in (
        ("Norms", difference.norms),
        ("Claims", difference.claims),
        ("Non-reports and absences of reports", difference.non_reports),
    ):
        both = [each for each in topics if each.earlier and each.later]
        of = "" if name == "Norms" else " on topics"
        yield Section(f"{name}{of} of both", tuple(_items(both, one, other)))
        for stating, silent, alone in (
            (one, other, [each for each in topics if not each.later]),
            (other, one, [each for each in topics if not each.earlier]),
        ):
            title = f"{name}{of} of {stating.label}, {absence(silent)}"
            yield Section(title, tuple(_items(alone, one, other)))


def _items(topics: Iterable[Topic], one: Edition, other: Edition) -> Iterator[Item]:
    for topic in topics:
        lead = f"{topic.label}, " if topic.label else ""
        for stating, those in ((one, topic.earlier), (other, topic.later)):
            for each in those:
                details = (each.attribution, topic.note if stating is other else "")
                yield Item(
                    each.label,
                    lead=f"{lead}{stating.year}",
                    details=tuple(filter(None, details)),
                    passages=each.passages,
                    iri=each.iri,
                )


def _pair(pair: FigurePair) -> Item:
    one, other = pair.earlier, pair.later
    reworded = f"{other.measure}: " if other.measure != one.measure else ""
    result = f"; {RESULTS.get(pair.result, pair.result)}" if pair.result else ""
    counters = dict.fromkeys(filter(None, (one.counted_by, other.counted_by)))
    counted = f"counted or paid by {', then by '.join(counters)}" if counters else ""
    speakers = dict.fromkeys(each.speaker or "the edition" for each in (one, other))
    stated = f"stated by {', then by '.join(speakers)}" if one.speaker or other.speaker else ""
    return Item(
        f"{one.measure}: {one.amount} ({one.period}), then"
        f" {reworded}{other.amount} ({other.period}){result}",
        lead=pair.direction,
        details=tuple(filter(None, (counted, stated, *pair.notes))),
        passages=tuple(each.passage for each in (one, other) if each.passage),
        caveats=tuple(dict.fromkeys((*one.caveats, *other.caveats))),
    )


def _figure_item(figure: Figure) -> Item:
    by = f", counted or paid by {figure.counted_by}" if figure.counted_by else ""
    by += f", stated by {figure.speaker}" if figure.speaker else ""
    return Item(
        f"{figure.measure}, {figure.period}: {figure.amount}{by}",
        passages=(figure.passage,) if figure.passage else (),
        iri=figure.iri,
        caveats=figure.caveats,
    )


def absence(edition: Edition) -> str:
    """Return the words for a statement that the graph does not have from this edition.

    If only a part of the edition was read, the statement may be in the other part.
    """
    if edition.is_complete:
        return f"not stated in {edition.label}"
    return f"not found in what was read of {edition.label}"
