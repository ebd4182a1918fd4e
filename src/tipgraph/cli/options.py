"""Options that several commands share."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple

import click

from tipgraph.cli.declare import CONNECTED, option
from tipgraph.cli.output_files import EXTENSIONS, Output, OutputFile, by_extension
from tipgraph.cli.process import continue_in_worker
from tipgraph.endpoint.settings import Access, Endpoint
from tipgraph.entities.languages import ENGLISH, LANGUAGES, chosen
from tipgraph.errors import UsageError
from tipgraph.graph import Graph, LocalGraph, connect
from tipgraph.graph import open as open_graph
from tipgraph.queries.catalogue import AREA, EDITION
from tipgraph.rdf.files import SYNTAXES
from tipgraph.render.terminal import write_no_styles
from tipgraph.safe_text import web_address

# The longest time that a command can be given, in seconds: a day.
MAX_TIMEOUT = 86_400
# Wherever a command writes CSV.
CSV_SAFE = option(
    "In CSV and TSV, put ' before text that a spreadsheet would take for a formula.", "--csv-safe"
)
PARAMETERS = option("Parameter of the query (repeatable).", "-p", "--param", metavar="NAME=VALUE")
# The editions to ask, as `entities.editions` resolves them.
EDITIONS = option(
    "Edition to ask: its name, a year, an area, or all (repeatable).", "--edition", metavar="NAME"
)
AREAS = option("Country to ask about: its code or name (repeatable).", "--area", metavar="AREA")
TOPIC = option("Only statements on this topic or a narrower one.", "--topic", metavar="NAME")
# Where a command reads RDF from standard input.
SYNTAX = option(
    "RDF syntax of standard input.", "--syntax", type=click.Choice(list(SYNTAXES)), default="trig"
)


class GraphFiles(NamedTuple):
    """The user's files of the graph, and whether the shipped data is left out."""

    data: tuple[str, ...] = ()
    no_bundled: bool = False

    def open(self, offline: bool = True) -> LocalGraph:
        """The graph of these files.

        The user's own files are read and queried in a worker process, without a network if
        `offline`.
        """
        if self.data:
            continue_in_worker(offline=offline)
        return open_graph(*self.data, bundled=not self.no_bundled)

    def select(self, endpoint: Endpoint | None, timeout: float) -> Graph:
        """The graph of these files, or that in a store."""
        if endpoint is None:
            return self.open()
        if self != GraphFiles():
            raise UsageError(
                "--endpoint queries a store; load your files into it instead of --data"
            )
        graph = connect(endpoint, timeout)
        click.get_current_context().meta[CONNECTED] = endpoint.url or endpoint.query_url
        return graph


def _graph_files(
    data: tuple[str, ...] = option(
        "RDF file or folder to add (repeatable).", type=click.Path(), metavar="PATH"
    ),
    no_bundled: bool = option("Leave out the shipped data; keep the ontology."),
) -> GraphFiles:
    return GraphFiles(data, no_bundled)


GRAPH: Any = _graph_files


def _named_graph(
    lang: str = option(
        "Language of the names of things; the texts of statements stay English.",
        type=click.Choice(LANGUAGES),
        default=ENGLISH,
        show_default=False,
    ),
    source: GraphFiles = GRAPH,
) -> GraphFiles:
    click.get_current_context().with_resource(chosen(lang))
    return source


# The same, wherever a command writes the names of things.
NAMED_GRAPH: Any = _named_graph


def _endpoint(
    url: str | None = option(
        "Triple store: its base address, its query address, or a name from config.toml.",
        "--endpoint",
        metavar="URL",
    ),
    store: str | None = option(
        "Kind of store: oxigraph, virtuoso, fuseki, rdf4j, graphdb or sparql.", metavar="KIND"
    ),
    query_url: str | None = option("The store's address for queries.", metavar="URL"),
    update_url: str | None = option("The store's address for updates.", metavar="URL"),
    graph_store_url: str | None = option(
        "The store's address for the Graph Store Protocol.", metavar="URL"
    ),
    ca_file: str | None = option(
        "Certificate authority that issued a private certificate.",
        type=click.Path(),
        metavar="FILE",
    ),
) -> Endpoint | None:
    access = Access(ca_file=ca_file)
    given = Endpoint(url, store, query_url, update_url, graph_store_url, access)
    return None if given == Endpoint() else given


# A store, None when no option names one.
ENDPOINT: Any = _endpoint


class _Format(click.Choice[str]):
    """A format, by its name or by its file extension, such as `md` for `markdown`."""

    def convert(self, value: str, *context: Any) -> str:
        others = [EXTENSIONS.get(value), *(e for e, name in EXTENSIONS.items() if name == value)]
        known = (each for each in (value, *others) if each in self.choices)
        return super().convert(next(known, value), *context)


def format_of(*formats: str, help: str = "Output format.") -> Any:
    """`--format`, with these choices."""
    return option(help, "--format", type=_Format(formats))


_OUTPUT = option(
    "Output file, written in one step; the extension selects the format.",
    "--output",
    type=OutputFile(),
    metavar="FILE",
)


def output_in(*formats: str, default: str = "", help: str = "Output format.") -> Any:
    """`--output`, and `--format` where there are several; `default` is the one without both."""

    def in_format(
        style: str | None = format_of(*formats, help=help), output: str | None = _OUTPUT
    ) -> Output:
        if output:
            write_no_styles()
            style = style or by_extension(output, formats)
        return Output(style or default, output)

    def of_file(output: str | None = _OUTPUT) -> Output:
        return in_format(None, output)

    return in_format if formats[1:] else of_file


class Seconds(click.FloatRange):
    """A positive number of seconds, of at most a day."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=MAX_TIMEOUT)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        seconds: float = super().convert(value, param, ctx)
        # Every comparison with it is false.
        if isnan(seconds):
            self.fail(f"{value} is not in the range {self._describe_range()}.", param, ctx)
        return seconds


def timeout(help: str, default: float | None = None) -> Any:
    """`--timeout`, in seconds."""
    return option(help, "--timeout", type=Seconds(), default=default, metavar="SECONDS")


def text_file(help: str) -> Any:
    """`--text`, the file of an edition's text."""
    return option(help, "--text", type=click.Path(), metavar="FILE")


def _check_address(context: click.Context, option: click.Parameter, address: str) -> str:
    if address and not web_address(address) and not address.startswith("mailto:"):
        raise click.BadParameter("an address starts with https://, http:// or mailto:")
    return address


# For the commands whose pages may have a link to report a mistake.
CONTACT = option(
    "Where a link to report a mistake leads; the thing's IRI is appended. No link without it.",
    "--contact",
    default="",
    callback=_check_address,
    metavar="ADDRESS",
)


def parameters(
    given: tuple[str, ...], editions: Sequence[str] = (), areas: Sequence[str] = (), **others: str
) -> Mapping[str, object]:
    """The parameters given by `-p` and by options.

    `edition` and `area` may have several values. Raises UsageError for a malformed parameter, and
    for another one that is repeated.
    """
    several = {EDITION: [*editions], AREA: [*areas]}
    found = {name: [text] for name, text in others.items()}
    found |= {name: each for name, each in several.items() if each}
    for each in given:
        name, equals, content = each.partition("=")
        if not equals:
            raise UsageError(f"-p takes NAME=VALUE, not {each!r}")
        if name in found and name not in several:
            raise UsageError(f"the parameter {name!r} is given twice")
        found.setdefault(name, []).append(content)
    return {name: each if each[1:] else each[0] for name, each in found.items()}
