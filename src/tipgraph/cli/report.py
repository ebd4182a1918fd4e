"""`tipgraph report`, `diff` and `chart`."""

import logging
from os.path import splitext
from warnings import catch_warnings

import click

from tipgraph.charts import FORMATS, QUERIES, can_draw, chart
from tipgraph.cli import options
from tipgraph.cli.declare import argument, command, option
from tipgraph.cli.options import GraphFiles, parameters
from tipgraph.cli.output import note, write
from tipgraph.cli.output_files import Output, OutputFile
from tipgraph.entities.editions import Choice
from tipgraph.errors import UsageError
from tipgraph.files import write_atomic
from tipgraph.graph import LocalGraph
from tipgraph.render import formats, in_format

REPORT_FORMATS = ("md", "html", "docx", "xlsx")
# The format of the charts in each format of a report.
PICTURES = {"html": "svg", "docx": "png"}


@command("report")
def report_command(
    editions: tuple[str, ...] = options.EDITIONS,
    areas: tuple[str, ...] = options.AREAS,
    topic: str | None = options.TOPIC,
    output: Output = options.output_in(
        *REPORT_FORMATS, default="md", help="Output format; Markdown without it."
    ),
    source: GraphFiles = options.NAMED_GRAPH,
) -> None:
    """Write a briefing on a country: figures, trends, norms, criticism, what is not reported.

    Two areas or two editions are set side by side, with what is not comparable. HTML and DOCX
    contain charts, if matplotlib is installed (the extra 'chart').
    """
    graph = source.open()
    pictures = PICTURES.get(output.style)
    if pictures and not can_draw():
        note("the report has no charts; for those, install matplotlib (the extra 'chart')")
        pictures = None
    document = graph.report(areas, editions, topic, pictures)
    output.write(in_format(document, "markdown" if output.style == "md" else output.style))


DIFF_FORMATS = ("text", "markdown", "json", "html", "xlsx")


@command("diff")
def diff_command(
    earlier: str | None = argument(metavar="[A"),
    later: str | None = argument(metavar="B]"),
    areas: tuple[str, ...] = options.AREAS,
    output: Output = options.output_in(*DIFF_FORMATS, default="text"),
    source: GraphFiles = options.NAMED_GRAPH,
) -> None:
    """Show what changed from edition A to edition B of one country.

    With --area, A and B may be years; without them, they are the newest two editions. Several areas
    are shown one after the other.

    Lists figures that went up or down, with their caveats, norms that changed, and claims and
    non-reports that only one edition has. If an edition was read in part, nothing is called new
    or dropped because of it.
    """
    from tipgraph.diff.document import document

    style = output.style
    if areas[1:] and style not in ("text", "markdown"):
        raise UsageError(f"--format {style} takes one area; run diff once for each")
    graph = source.open()
    found = [
        graph.diff(*_two_editions(graph, earlier, later, area), area) for area in areas or [None]
    ]
    if style == "json":
        output.write(formats.dumps(found[0].as_dict()))
    elif areas[1:]:
        texts = [str(in_format(document(each), style)) for each in found]
        output.write("\n".join(texts))
    else:
        output.write(in_format(document(found[0]), style))


def _two_editions(
    graph: LocalGraph, earlier: str | None, later: str | None, area: str | None
) -> tuple[str, str]:
    """Return the editions to compare: the named ones, else the newest two of the country."""
    if earlier and later:
        return earlier, later
    if earlier or not area:
        raise UsageError("name two editions, or only a country with --area for its newest two")
    newest = [each.slug for each in Choice(graph.engine).on_area(area)][-2:]
    if len(newest) < 2:
        raise UsageError(f"there is no other edition on {area} than {newest[0]}")
    return newest[0], newest[1]


@command("chart")
def chart_command(
    name: str = argument(type=click.Choice(list(QUERIES))),
    given: tuple[str, ...] = options.PARAMETERS,
    editions: tuple[str, ...] = options.EDITIONS,
    areas: tuple[str, ...] = options.AREAS,
    output: str = option(
        "Output file; the extension .svg or .png selects the format.",
        type=OutputFile(),
        required=True,
        metavar="FILE",
        callback=lambda ctx, param, file: _checked(file),
    ),
    source: GraphFiles = options.NAMED_GRAPH,
) -> None:
    """Draw a series of figures over time, or the breakdown of a figure into its parts.

    The parameters are those of the queries 'series' and 'shares', which have all notes. The alt
    text is in the file and goes to standard output. Charts need matplotlib (the extra 'chart').
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # It logs its own cache folders.
    graph, format = source.open(), _format(output)
    with catch_warnings(record=True) as warnings:
        bindings = parameters(given, editions, areas)
        drawn = chart(graph.engine, graph.queries, name, format, bindings)
    write_atomic(output, drawn.content)
    write(f"{drawn.alt_text}\n")
    if format == "png" and any("Glyph" in str(each.message) for each in warnings):
        note("the font lacks some characters of the picture; use .svg, where fonts are replaced")


def _checked(file: str) -> str:
    """The file. Raises UsageError for an extension that is not in FORMATS."""
    if _format(file) not in FORMATS:
        raise UsageError(f"{file}: unknown chart format; use a file that ends in .svg or .png")
    return file


def _format(file: str) -> str:
    return splitext(file)[1].removeprefix(".").lower()
