"""The alt text of a chart: its title, its figures, its footnotes and its sources."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tipgraph.charts.breakdown import Breakdown
from tipgraph.charts.format import Footnotes, join_editions, number, sentence
from tipgraph.charts.series import PANELS, Point, Series
from tipgraph.charts.table import source_line
from tipgraph.text import capitalise, join


@dataclass(frozen=True)
class AltText:
    """A title and a description, which the file has in separate fields."""

    title: str
    description: str

    def __str__(self) -> str:
        return f"{sentence(self.title)} {self.description}"


def describe_series(series: Series) -> AltText:
    """The alt text of a series, period by period."""
    breaks = (
        f"The wording changes at {each.period.label}; no line joins figures across it:"
        f" {sentence(each.text)}"
        for each in series.breaks
    )
    sentences = [
        f"Chart of figures in {series.unit}, by period.",
        *_periods(series),
        *breaks,
        *series.gaps,
        *_footnotes(series.footnotes),
        sentence(source_line(series.citations)),
    ]
    return AltText(series.title, " ".join(sentences))


def describe_panels(panels: Sequence[Series]) -> AltText:
    """The alt text of a chart with a panel for each country."""
    texts = [describe_series(each) for each in panels]
    indicator, areas = panels[0].indicator, join([each.area for each in panels])
    return AltText(
        f"{capitalise(indicator)}, by country: {areas}",
        " ".join([PANELS, *(f"{sentence(each.title)} {each.description}" for each in texts)]),
    )


def describe_breakdown(breakdown: Breakdown) -> AltText:
    """The alt text of a breakdown: the total, and each part with its share."""
    parts = [*breakdown.parts, *([breakdown.rest] if breakdown.rest else [])]
    marks = breakdown.footnotes.marks
    figures = "; ".join(f"{part.name} {part.figure}{marks(part.notes)}" for part in parts)
    sentences = [
        f"Bar chart. {sentence(breakdown.total + marks(breakdown.total_notes))}",
        f"Parts: {figures}.",
        *([breakdown.overlap] if breakdown.overlap else []),
        *_footnotes(breakdown.footnotes),
        sentence(source_line([breakdown.citation])),
    ]
    return AltText(breakdown.title, " ".join(sentences))


def _periods(series: Series) -> Iterator[str]:
    for label, group in groupby(series.points, key=lambda point: point.period.label):
        yield f"{label}: {'; '.join(_figures(group, series.footnotes))}."


def _figures(points: Iterable[Point], footnotes: Footnotes) -> Iterator[str]:
    """The figures of a period; equal figures once, with the names of their editions."""
    equal: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        word = point.qualifier or ("about" if point.approximate else "")
        value = f"{word} {number(point.value)}".lstrip()
        equal.setdefault((value, point.wording), []).append(point)
    for (value, wording), group in equal.items():
        editions = join_editions([point.citation.name for point in group])
        worded = f", worded “{wording}”" if wording else ""
        marks = footnotes.marks(note for point in group for note in point.notes)
        yield f"{value} ({editions}{worded}){marks}"


def _footnotes(footnotes: Footnotes) -> Iterator[str]:
    texts = " ".join(f"[{number}] {text}" for number, text in footnotes)
    if texts:
        yield f"Notes: {texts}"
    if footnotes.more:
        yield sentence(footnotes.more)
