"""Charts of figures, each with a text that tells the same as the picture."""

from collections.abc import Mapping
from dataclasses import dataclass

from tipgraph.errors import UsageError
from tipgraph.graph import Graph

# The stored query behind each chart.
QUERIES = {"series": "series", "breakdown": "shares"}
FORMS = ("svg", "png")


@dataclass(frozen=True)
class Chart:
    """A picture as a file's content, and the text that can stand in its place."""

    content: bytes
    alternative: str


def chart(graph: Graph, name: str, form: str, parameters: Mapping[str, object]) -> Chart:
    """Draw a `series` or a `breakdown` as `svg` or `png`.

    The parameters are those of the stored query behind the chart. Raises UsageError when matplotlib
    is not installed, when there is no figure, and when there are figures of several kinds, which no
    one picture may hold; and as `Graph.query` does.
    """
    _check(name, form)
    from tipgraph.charts.alt_text import of_breakdown, of_series
    from tipgraph.charts.breakdown import breakdown
    from tipgraph.charts.drawing import draw_breakdown, draw_series
    from tipgraph.charts.series import series
    from tipgraph.charts.table import Table

    table = Table(graph, QUERIES[name], parameters)
    if name == "series":
        of_whole = {**parameters, "part": "total"}
        whole = Table(graph, QUERIES[name], of_whole) if "part" in parameters else None
        over_time = series(table, whole)
        text = of_series(over_time)
        return Chart(draw_series(over_time, form, text), str(text))
    parts = breakdown(table)
    text = of_breakdown(parts)
    return Chart(draw_breakdown(parts, form, text), str(text))


def _check(name: str, form: str) -> None:
    if name not in QUERIES:
        raise UsageError(f"no chart is called {name!r}; there are {', '.join(QUERIES)}")
    if form not in FORMS:
        raise UsageError(f"a chart is written as {' or '.join(FORMS)}, not as {form!r}")
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise UsageError("charts are drawn with matplotlib; install tipgraph[chart]") from None
