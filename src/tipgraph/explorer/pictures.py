"""Charts as files, and as pages for the frame of another site.

Only the page of a chart may be framed: it has no form, no script and nothing of its reader.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from tipgraph import charts
from tipgraph.errors import UsageError
from tipgraph.explorer.http import EMBEDDED, Content, NotFoundError, PageRequest
from tipgraph.explorer.site import Site
from tipgraph.queries.catalogue import AREA
from tipgraph.render.document import Picture
from tipgraph.render.page import MEDIA_TYPES
from tipgraph.text import join

SUFFIXES = {f".{each}": each for each in charts.FORMATS}
# The parameter of countries that a chart has besides that of `area`, with commas between them.
BESIDE = "with"


def of_query(
    site: Site, query: str, given: Mapping[str, str], numbers: Mapping[str, int]
) -> Iterator[Picture]:
    """The chart of an answer, if it has one and matplotlib is there to draw it.

    `numbers` are those of the caveats on its page.
    """
    for name in (each for each, behind in charts.QUERIES.items() if behind == query):
        try:
            yield charts.chart(site.engine, site.graph.queries, name, "svg", given, numbers)
        except UsageError:
            return


def links(picture: Picture) -> dict[str, str]:
    """The addresses of a chart as files and as a page to embed, by what they are."""
    given = dict(picture.parameters)
    areas = given.get(AREA)
    if isinstance(areas, list):
        given |= {AREA: areas[0], BESIDE: ",".join(areas[1:])}
    parameters = urlencode(given)
    files = {
        each.upper(): f"/-/chart/{picture.chart}.{each}?{parameters}" for each in charts.FORMATS
    }
    return {**files, "page to embed": f"/-/embed/{picture.chart}?{parameters}"}


def chart(site: Site, request: PageRequest) -> Content:
    """A chart as a file. Raises UsageError for a wrong parameter."""
    drawn = _drawn(site, request, request.format)
    name = f'attachment; filename="{request.name}.{drawn.format}"'
    return Content(drawn.content, MEDIA_TYPES[drawn.format], headers={"Content-Disposition": name})


def embed(site: Site, request: PageRequest) -> Content:
    """A chart with its source line as a page that other sites may frame."""
    shown = {name: value for name, value in request.parameters.items() if name != BESIDE}
    address = f"/query/{charts.QUERIES.get(request.name, '')}?{urlencode(shown)}"
    values: dict[str, object] = {"address": address, "problem": "", "drawn": None}
    try:
        drawn = _drawn(site, request, "svg")
        values |= {"title": drawn.title, "picture": drawn, "source": drawn.source}
    except UsageError as error:
        values |= {"title": "No chart", "problem": str(error)}
    body = site.render("embed.html", **values)
    return Content(body, status=400 if values["problem"] else 200, headers=EMBEDDED)


def _drawn(site: Site, request: PageRequest, format: str) -> charts.Chart:
    """Raises NotFoundError for the name of no chart, and UsageError for a wrong parameter."""
    if request.name not in charts.QUERIES:
        raise NotFoundError(
            f"There is no chart {request.name!r}; there are {join(charts.QUERIES)}."
        )
    given: dict[str, object] = {
        name: value for name, value in request.parameters.items() if value.strip()
    }
    beside = str(given.pop(BESIDE, "")).split(",")
    if AREA in given and any(beside):
        given[AREA] = [given[AREA], *filter(None, beside)]
    return charts.chart(site.engine, site.graph.queries, request.name, format, given)
