"""Charts of figures, each with an alt text that has all that the picture shows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

from tipgraph import entities
from tipgraph.charts.breakdown import Breakdown, breakdown
from tipgraph.charts.series import PANELS, Point, Series, panels
from tipgraph.charts.table import AltText, Footnotes, QueryRows, join_editions, number, source_line
from tipgraph.errors import InputError, UsageError, not_installed
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.render.document import Document, Picture, Section
from tipgraph.store.engine import Engine
from tipgraph.text import capitalise, join, sentence

Shown = TypeVar("Shown", Breakdown, Series)
# The stored query behind each chart.
QUERIES = {"series": "series", "breakdown": "shares"}
FORMATS = ("svg", "png")
NO_NUMBERS: Mapping[str, int] = {}


@dataclass(frozen=True)
class Chart(Picture):
    """A picture with its alt text, which is its description.

    `indicators` are the IRIs of those that its figures report, and `source` names their editions.
    """

    indicators: tuple[str, ...] = ()
    source: str = ""

    @property
    def alt_text(self) -> str:
        return self.description

    def _repr_html_(self) -> str:
        from tipgraph.render.page import fragment

        return fragment(Document(self.title, sections=(Section("Chart", pictures=(self,)),)))


def chart(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    name: str,
    format: str,
    parameters: Mapping[str, object],
    numbers: Mapping[str, int] = NO_NUMBERS,
) -> Chart:
    """Draw a `series` or a `breakdown` as `svg` or `png`.

    The parameters are those of the stored query behind the chart; `queries` are the stored queries
    by name. A series of several countries, of `area` or of all, has a panel for each. `numbers` are
    those of the caveats on the page of the chart, by text: its notes have the same. Raises
    UsageError when matplotlib is not installed, when there is no figure, when the figures are of
    several kinds, which one chart must not mix, and for a wrong parameter.
    """
    _check(name, format)
    from tipgraph.charts.drawing import draw_breakdown, draw_series  # These need matplotlib.

    table = QueryRows(engine, queries, QUERIES[name], parameters)
    if name == "breakdown":
        parts = _numbered(breakdown(table), numbers)
        text, reported, cited = describe_breakdown(parts), "indicator", [parts.citation]
        drawn = draw_breakdown(parts, format, text)
    else:
        totals = None
        if "part" in parameters:
            totals = table.of_query(QUERIES[name], {**parameters, "part": "total"})
        *others, last = panels(table, totals)
        last = replace(last, gaps=(*last.gaps, *_without_figure(table, parameters.get("area"))))
        figures = [_numbered(each, numbers) for each in (*others, last)]
        text = describe_panels(figures) if figures[1:] else describe_series(figures[0])
        reported, cited = "reported_indicator", [c for each in figures for c in each.citations]
        drawn = draw_series(figures, format, text)
    content = text.title, str(text), drawn, format, name, parameters
    return Chart(*content, tuple(table.values(reported)), source_line(cited))


def _without_figure(table: QueryRows, areas: object) -> Iterator[str]:
    """Sentences on the countries that were asked for, and count nothing of this kind."""
    for name in areas if isinstance(areas, list) else ():
        area = entities.resolve(table.engine, name)
        if area not in table.values("area"):
            label = entities.label(table.engine, area)
            yield f"No panel for {label}: it has no figure of this kind."


def _numbered(shown: Shown, numbers: Mapping[str, int]) -> Shown:
    if not numbers:
        return shown
    return replace(shown, footnotes=shown.footnotes.numbered_as(numbers))


def can_draw() -> bool:
    """Return whether matplotlib is installed."""
    from importlib.util import find_spec

    return find_spec("matplotlib") is not None


def _check(name: str, format: str) -> None:
    if name not in QUERIES:
        raise UsageError(f"unknown chart {name!r}; the charts are {' and '.join(QUERIES)}")
    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}; a chart is {' or '.join(FORMATS)}")
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise not_installed("charts need matplotlib", "chart", "matplotlib") from None
    except UnicodeDecodeError:
        # It reads the settings in the current folder, if there are some.
        raise InputError("matplotlibrc: cannot be read (it is not UTF-8; save it so)") from None


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


def describe_panels(shown: Sequence[Series]) -> AltText:
    """The alt text of a chart with a panel for each country."""
    texts = [describe_series(each) for each in shown]
    indicator, areas = shown[0].indicator, join([each.area for each in shown])
    return AltText(
        f"{capitalise(indicator)}, by country: {areas}",
        " ".join([PANELS, *(f"{sentence(each.title)} {each.description}" for each in texts)]),
    )


def describe_breakdown(shown: Breakdown) -> AltText:
    """The alt text of a breakdown: the total, and each part with its share."""
    parts = [*shown.parts, *([shown.rest] if shown.rest else [])]
    marks = shown.footnotes.marks
    figures = "; ".join(f"{part.name} {part.figure}{marks(part.notes)}" for part in parts)
    sentences = [
        f"Bar chart. {sentence(shown.total + marks(shown.total_notes))}",
        f"Parts: {figures}.",
        *([shown.overlap] if shown.overlap else []),
        *_footnotes(shown.footnotes),
        sentence(source_line([shown.citation])),
    ]
    return AltText(shown.title, " ".join(sentences))


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
    texts = " ".join(f"[{mark}] {text}" for mark, text in footnotes)
    if texts:
        yield f"Notes: {texts}"
    if footnotes.more:
        yield sentence(footnotes.more)
