"""Charts of figures, each with an alt text that has all that the picture shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from tipgraph.charts.alt_text import describe_breakdown, describe_panels, describe_series
from tipgraph.charts.breakdown import breakdown
from tipgraph.charts.series import panels
from tipgraph.charts.table import QueryRows
from tipgraph.errors import UsageError
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.store.engine import Engine

# The stored query behind each chart.
QUERIES = {"series": "series", "breakdown": "shares"}
FORMATS = ("svg", "png")


@dataclass(frozen=True)
class Chart:
    """A picture as the content of a file (`svg` or `png`), its title and its alt text.

    `indicators` are the IRIs of those that its figures report.
    """

    content: bytes
    alt_text: str
    title: str
    format: str
    indicators: tuple[str, ...]

    def _repr_html_(self) -> str:
        from tipgraph.render.document import Document, Picture, Section
        from tipgraph.render.page import fragment

        picture = Picture(self.title, self.alt_text, self.content, self.format)
        return fragment(Document(self.title, sections=(Section("Chart", pictures=(picture,)),)))


def chart(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    name: str,
    format: str,
    parameters: Mapping[str, object],
) -> Chart:
    """Draw a `series` or a `breakdown` as `svg` or `png`.

    The parameters are those of the stored query behind the chart; `queries` are the stored queries
    by name. A series of several countries, of `area` or of all, has a panel for each. Raises
    UsageError when matplotlib is not installed, when there is no figure, when the figures are of
    several kinds, which one chart must not mix, and for a wrong parameter.
    """
    _check(name, format)
    from tipgraph.charts.drawing import draw_breakdown, draw_series  # These need matplotlib.

    if name == "breakdown":
        table = QueryRows(engine, queries, QUERIES[name], parameters)
        parts = breakdown(table)
        text = describe_breakdown(parts)
        drawn, reported = draw_breakdown(parts, format, text), table.values("indicator")
        return Chart(drawn, str(text), text.title, format, tuple(reported))
    table = QueryRows(engine, queries, QUERIES[name], parameters)
    totals = None
    if "part" in parameters:
        totals = table.of_query(QUERIES[name], {**parameters, "part": "total"})
    figures = panels(table, totals)
    text = describe_panels(figures) if figures[1:] else describe_series(figures[0])
    drawn, reported = draw_series(figures, format, text), table.values("reported_indicator")
    return Chart(drawn, str(text), text.title, format, tuple(reported))


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
        raise UsageError(
            "charts need matplotlib; run pip install '.[chart]' in the checkout,"
            " or pip install matplotlib"
        ) from None
