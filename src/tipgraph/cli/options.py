"""Options that several commands share, and output to a terminal, a pipe or a file."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce, wraps
from math import isnan
from os.path import abspath, basename, dirname, exists, isdir, isfile, realpath, samefile, splitext
from typing import Any, NamedTuple

import click

from tipgraph.cli.process import continue_in_worker
from tipgraph.endpoint.settings import Access, Endpoint, config_file
from tipgraph.entities import ENGLISH, LANGUAGES, chosen
from tipgraph.errors import EndpointError, InputError, UsageError
from tipgraph.files import write_atomic
from tipgraph.graph import Graph, LocalGraph, connect
from tipgraph.graph import open as open_graph
from tipgraph.queries.catalogue import AREA, EDITION
from tipgraph.render.terminal import write_no_styles
from tipgraph.text import join, web_address

Command = Callable[..., int | None]
# Errors of work with values that are not of the kind that a query asks for.
UNEXPECTED = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
# The key of a command's context once a store has shown that it has the graph.
CONNECTED = "tipgraph.connected"
# The longest time that a command can be given, in seconds: a day.
MAX_TIMEOUT = 86_400
# Wherever a command writes CSV.
csv_safe_option = click.option(
    "--csv-safe",
    is_flag=True,
    help="In CSV and TSV, put ' before text that a spreadsheet would take for a formula.",
)
# Wherever a command writes the names of things.
language_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=ENGLISH,
    expose_value=False,
    callback=lambda context, _, language: context.with_resource(chosen(language)),
    help="Language of the names of things; the texts of statements stay English.",
)
parameters_option = click.option(
    "-p",
    "--param",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="Parameter of the query (repeatable).",
)
edition_option = click.option(
    "--edition",
    "editions",
    multiple=True,
    metavar="NAME",
    help="Edition to ask: its name, a year, an area, or all (repeatable).",
)
area_option = click.option(
    "--area",
    "areas",
    multiple=True,
    metavar="AREA",
    help="Country to ask about: its code or name (repeatable).",
)
ENDPOINT_OPTIONS = (
    click.option(
        "--endpoint",
        "url",
        metavar="URL",
        help="Triple store: its base address, its query address, or a name from config.toml.",
    ),
    click.option(
        "--store",
        metavar="KIND",
        help="Kind of store: oxigraph, virtuoso, fuseki, rdf4j, graphdb or sparql.",
    ),
    click.option("--query-url", metavar="URL", help="The store's address for queries."),
    click.option("--update-url", metavar="URL", help="The store's address for updates."),
    click.option(
        "--graph-store-url",
        metavar="URL",
        help="The store's address for the Graph Store Protocol.",
    ),
    click.option(
        "--ca-file",
        type=click.Path(),
        metavar="FILE",
        help="Certificate authority that issued a private certificate.",
    ),
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
        click.get_current_context().meta[CONNECTED] = True
        return graph


def graph_options(command: Command) -> Command:
    """`--data` and `--no-bundled`, which select the graph; the command gets one `source`."""

    @wraps(command)
    def wrapper(data: tuple[str, ...], no_bundled: bool, **rest: Any) -> int | None:
        return command(source=GraphFiles(data, no_bundled), **rest)

    own = click.option(
        "--data",
        multiple=True,
        type=click.Path(),
        metavar="PATH",
        help="RDF file or folder to add (repeatable).",
    )
    bundled = click.option(
        "--no-bundled", is_flag=True, help="Leave out the shipped data; keep the ontology."
    )
    return own(bundled(wrapper))


class _Format(click.Choice[str]):
    """A format, by its name or by its file extension, such as `md` for `markdown`."""

    def convert(self, value: str, *context: Any) -> str:
        others = [EXTENSIONS.get(value), *(e for e, name in EXTENSIONS.items() if name == value)]
        known = (each for each in (value, *others) if each in self.choices)
        return super().convert(next(known, value), *context)


def format_option(*formats: str, help: str = "Output format.") -> Callable[..., Command]:
    """`--format`, with these choices."""
    return click.option("--format", "style", type=_Format(formats), help=help)


def syntax_option(command: Command) -> Command:
    """`--syntax`, where a command reads RDF from standard input."""
    from tipgraph.rdf.files import SYNTAXES

    return click.option(
        "--syntax",
        type=click.Choice(list(SYNTAXES)),
        default="trig",
        show_default=True,
        help="RDF syntax of standard input.",
    )(command)


def text_option(help: str) -> Callable[..., Command]:
    """`--text`, the file of an edition's text."""
    return click.option("--text", type=click.Path(), metavar="FILE", help=help)


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


def timeout_option(help: str, default: float | None = None) -> Callable[..., Command]:
    """`--timeout`, in seconds."""
    return click.option(
        "--timeout",
        type=Seconds(),
        default=default,
        show_default=default is not None,
        metavar="SECONDS",
        help=help,
    )


def _check_address(context: click.Context, option: click.Parameter, address: str) -> str:
    if address and not web_address(address) and not address.startswith("mailto:"):
        raise click.BadParameter("an address starts with https://, http:// or mailto:")
    return address


# For the commands whose pages may have a link to report a mistake.
contact_option = click.option(
    "--contact",
    default="",
    callback=_check_address,
    metavar="ADDRESS",
    help="Where a link to report a mistake leads; the thing's IRI is appended. No link without it.",
)


def edition_options(command: Command) -> Command:
    """`--edition` and `--area`: the editions to ask, as `entities.editions` resolves them."""
    return edition_option(area_option(command))


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


def for_people() -> bool:
    """Return whether the output goes to a terminal."""
    return sys.stdout.isatty()


def write(text: str) -> None:
    """Write to standard output."""
    sys.stdout.write(text)


def note(text: str) -> None:
    """Write one line to standard error."""
    print(f"tipgraph: {' '.join(text.split())}", file=sys.stderr, flush=True)


def endpoint_options(command: Command) -> Command:
    """Add the options for a store. The command gets one `endpoint`, None when none is given."""

    @wraps(command)
    def wrapper(
        url: str | None,
        store: str | None,
        query_url: str | None,
        update_url: str | None,
        graph_store_url: str | None,
        ca_file: str | None,
        **rest: Any,
    ) -> int | None:
        access = Access(ca_file=ca_file)
        given = Endpoint(url, store, query_url, update_url, graph_store_url, access)
        if given == Endpoint():
            return command(endpoint=None, **rest)
        try:
            return command(endpoint=given, **rest)
        except UNEXPECTED as error:
            if CONNECTED not in click.get_current_context().meta:
                # No response is to blame.
                raise
            from traceback import extract_tb  # Only such a response pays for the import.

            place = extract_tb(error.__traceback__)[-1]
            raise EndpointError(
                f"{url or query_url}: a response has something that no sound graph gives"
                f" ({type(error).__name__} in {basename(place.filename)}, line {place.lineno});"
                " load the graph again, and report this line if that does not help"
            ) from None

    return reduce(lambda inner, option: option(inner), reversed(ENDPOINT_OPTIONS), wrapper)


@contextmanager
def progress_bar(doing: str, after: float = 0) -> Iterator[Callable[[int, int], None]]:
    """Yields the function that the work calls with (done, total); the bar ends with the work.

    It shows the time that has passed and an estimate of the rest. It appears after `after`
    seconds.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from tipgraph.render.terminal import escape_streams, unescaped

    columns = TextColumn(doing), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    bar = Progress(*columns, console=Console(file=unescaped(sys.stderr)), transient=True)
    task = bar.add_task(doing, total=None)
    due = time.monotonic() + after

    def start() -> None:
        bar.start()
        # Messages go through the bar now.
        escape_streams()

    def update(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)
        if time.monotonic() >= due:
            start()

    try:
        if not after:
            start()
        yield update
    finally:
        bar.stop()


# ── Files that a command writes ─────────────────────────────────────────────────────────────────

# An option or argument for something to read has the type `click.Path`, or one that is derived from
# it; an output has one of the types here. So the inputs of a command are known from its parameters,
# and no output replaces what a command reads.

# The formats whose files have another extension than their name.
EXTENSIONS = {
    "htm": "html",
    "json": "jsonld",
    "md": "markdown",
    "nq": "nquads",
    "nt": "ntriples",
    "srj": "json",
    "srx": "xml",
    "ttl": "turtle",
    "txt": "text",
}


@dataclass(frozen=True)
class Output:
    """The file that a command writes, if any, and the format, where the user selects one."""

    style: str | None
    file: str | None

    def write(self, content: str | bytes) -> None:
        """Write to the file, in one step, or to standard output.

        Raises UsageError when bytes would go to a terminal.
        """
        if self.file is not None:
            write_atomic(self.file, content if isinstance(content, bytes) else content.encode())
        elif isinstance(content, str):
            write(content)
        elif for_people():
            raise UsageError(
                "this format is no text for a terminal; name a file with --output FILE"
            )
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)


def output_options(*formats: str, help: str = "Output format.") -> Callable[[Command], Command]:
    """`--output`, and `--format` where there are several; the command gets one `output`."""

    def decorate(command: Command) -> Command:
        @wraps(command)
        def with_output(output: str | None, style: str | None = None, **rest: Any) -> int | None:
            style = style or (_by_extension(output, formats) if output else None)
            return command(output=Output(style, output), **rest)

        choose = format_option(*formats, help=help) if formats[1:] else lambda command: command
        return choose(_output_option(with_output))

    return decorate


def _by_extension(file: str, formats: Sequence[str]) -> str:
    """The format of a file. Raises UsageError where its extension is that of none."""
    stem, extension = splitext(file)
    name = extension.removeprefix(".").lower()
    found = name if name in formats else EXTENSIONS.get(name)
    if found in formats:
        return str(found)
    hint = f"name the format, such as --format {formats[0]} (formats: {join(formats, last='or')})"
    if not formats[1:]:
        hint = f"name the file {stem}.{formats[0]}"
    raise UsageError(f"{file}: unknown extension; {hint}")


def _without_styles(file: str | None) -> str | None:
    if file:
        write_no_styles()
    return file


class OutputFile(click.Path):
    """A file to write."""

    def file(self, value: Any) -> str:
        """Return the path in the option's value."""
        return str(value)


class OutputFolder(click.Path):
    """A folder to write into. What it contains may be read too."""


def output_file(
    name: str, *names: str, type: OutputFile | None = None, **attributes: Any
) -> Callable[[Command], Command]:
    """An option for a file to write, which is checked before any work is done.

    Raises InputError when the file is a folder, or in one that does not exist, and UsageError when
    the command reads it, or writes it twice. Links and other names of one file are the same file.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def checked(**given: Any) -> int | None:
            _check_outputs(click.get_current_context())
            return command(**given)

        option = click.option(name, *names, type=type or OutputFile(), **attributes)
        return option(checked)

    return decorate


def _check_outputs(context: click.Context) -> None:
    written: list[str] = []
    for parameter in context.command.params:
        kind = parameter.type
        if isinstance(kind, OutputFile):
            written += [kind.file(each) for each in _values(context, parameter)]
    for number, file in enumerate(written):
        if any(_is_same(file, each) for each in written[:number]):
            raise UsageError(f"{file}: two outputs have this file; name another one for the second")
        check_output(context, file)


def check_output(context: click.Context, file: str) -> None:
    """Check a file that the command writes. Raises InputError and UsageError as `output_file`."""
    if isdir(file):
        raise InputError(f"{file}: this is a folder; name a file")
    if not isdir(dirname(abspath(file))):
        raise InputError(f"{file}: the folder {dirname(file)} does not exist; create it first")
    if any(_is_same(file, each) for each in _inputs(context, exists(file))):
        raise UsageError(f"{file}: this file is read as input; name another one for the output")


def _inputs(context: click.Context, is_replaced: bool) -> Iterator[str | int]:
    """Yield the files that the command reads, standard input by its number.

    Those that it reads without being asked exist, so they matter where a file `is_replaced`.
    """
    for parameter in context.command.params:
        if isinstance(parameter.type, click.Path) and not isinstance(
            parameter.type, OutputFile | OutputFolder
        ):
            for path in _values(context, parameter):
                yield from _files(path)
    if is_replaced:
        from tipgraph.resources.folders import shipped
        from tipgraph.validate.policy import settings_file

        yield 0
        yield config_file()
        yield settings_file()
        yield from shipped().ingredients()


def _values(context: click.Context, parameter: click.Parameter) -> tuple[Any, ...]:
    value = context.params.get(parameter.name or "")
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def _files(path: str) -> Iterator[str]:
    """Yield the files that a path stands for: itself, a folder's RDF files, or those of a glob."""
    from glob import glob

    from tipgraph.rdf.files import readable_and_unread

    for match in [path] if exists(path) else glob(path, recursive=True) or [path]:
        yield from readable_and_unread(match)[0] if isdir(match) else [match]


def _is_same(file: str, other: str | int) -> bool:
    """Return whether two names are of one file. A device is not replaced, so it is no file."""
    if isinstance(other, str) and not (exists(file) and exists(other)):
        return bool(other) and realpath(file) == realpath(other)
    return isfile(file) and samefile(file, other)


# Its folder is checked before any work is done.
_output_option = output_file(
    "--output",
    metavar="FILE",
    callback=lambda ctx, param, file: _without_styles(file),
    help="Output file, written in one step; the extension selects the format.",
)
