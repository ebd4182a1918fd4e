"""The text that stands in for a picture: what it shows, with all that is written in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from tipgraph.charts.breakdown import Breakdown
from tipgraph.charts.format import editions, number, sentence
from tipgraph.charts.notes import Notes
from tipgraph.charts.series import Point, Series
from tipgraph.charts.sources import source


@dataclass(frozen=True)
class Alternative:
    """A title and a description."""

    title: str
    description: str

    def __str__(self) -> str:
        return f"{sentence(self.title)} {self.description}"


def of_series(series: Series) -> Alternative:
    """What a chart of a series shows."""
    return Alternative(
        series.title,
        " ".join(
            [
                f"Chart of figures in {series.unit}, by period.",
                *_periods(series),
                *(
                    f"The wording changes at {each.period.label}, and nothing is joined over it:"
                    f" {sentence(each.words)}"
                    for each in series.breaks
                ),
                *series.gaps,
                *_notes(series.notes),
                sentence(source(series.editions)),
            ]
        ),
    )


def of_breakdown(breakdown: Breakdown) -> Alternative:
    """What a chart of a breakdown shows."""
    parts = [*breakdown.parts, *([breakdown.rest] if breakdown.rest else [])]
    marks = breakdown.notes.marks
    told = "; ".join(f"{part.name} {part.figure}{marks(part.remarks)}" for part in parts)
    return Alternative(
        breakdown.title,
        " ".join(
            filter(
                None,
                [
                    f"Bar chart. {sentence(breakdown.whole)}",
                    f"Parts: {told}.",
                    breakdown.overlap,
                    *_notes(breakdown.notes),
                    sentence(source(breakdown.editions)),
                ],
            )
        ),
    )


def _periods(series: Series) -> Iterator[str]:
    for label, group in groupby(series.points, key=lambda point: point.period.label):
        yield f"{label}: {'; '.join(_figures(group, series.notes))}."


def _figures(points: Iterable[Point], notes: Notes) -> Iterator[str]:
    """The figures of a period; those that editions agree on once, with the editions' names."""
    agreed: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        told = f"{'about ' if point.approximate else ''}{number(point.value)}"
        agreed.setdefault((told, point.wording), []).append(point)
    for (told, wording), each in agreed.items():
        names = editions([point.edition.name for point in each])
        worded = f", worded “{wording}”" if wording else ""
        marks = notes.marks(remark for point in each for remark in point.remarks)
        yield f"{told} ({names}{worded}){marks}"


def _notes(notes: Notes) -> Iterator[str]:
    told = " ".join(f"[{number}] {text}" for number, text in notes)
    if told:
        yield f"Notes: {told}"
    if notes.more:
        yield sentence(notes.more)
