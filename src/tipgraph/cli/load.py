"""`tipgraph load`."""

import sys
import time
from collections.abc import Callable, Sequence

import click

from tipgraph.cli import options
from tipgraph.cli.declare import argument, command, option
from tipgraph.cli.output import for_people, note, progress_bar, write
from tipgraph.cli.output_files import OutputFile
from tipgraph.cli.process import stop_gracefully
from tipgraph.endpoint.client import open_store
from tipgraph.endpoint.retry import RetryPolicy
from tipgraph.endpoint.settings import Endpoint, resolve_endpoint
from tipgraph.errors import EndpointError, UsageError
from tipgraph.files import write_atomic
from tipgraph.graph import load_request
from tipgraph.loader import Action, LoadObserver, LoadReport, PlanStep, Verify, clean, load
from tipgraph.loader.transfer import shown_names, stems
from tipgraph.rdf.files import SYNTAXES
from tipgraph.render import formats

COLUMNS = ("action", "graph", "triples", "before")
# Seconds before progress is shown.
QUIET = 1.0
# Seconds between two lines about progress in a log.
INTERVAL = 10.0


@command("load")
def load_command(
    paths: tuple[str, ...] = argument(type=click.Path(), metavar="[PATH]..."),
    endpoint: Endpoint | None = options.ENDPOINT,
    graph: str | None = option("Named graph for the files.", metavar="IRI"),
    base: str | None = option("Prefix of the named graphs, one for each file.", metavar="IRI"),
    syntax: str = options.SYNTAX,
    dry_run: bool = option("Show what would be done, and change nothing."),
    force: bool = option(
        "Load unchanged graphs too, and replace graphs that tipgraph did not load."
    ),
    prune: bool = option("Remove graphs of earlier loads that are gone since."),
    verify: str = option(
        "What to read back and compare: the number of triples, or all triples.",
        type=click.Choice([each.value for each in Verify]),
        default=Verify.COUNTS.value,
    ),
    report_file: str | None = option(
        "Output file for a report (JSON).", "--report", type=OutputFile(), metavar="FILE"
    ),
    clean_only: bool = option("Only remove what interrupted loads left.", "--clean"),
    timeout: float = options.timeout("Time limit for each response.", 3600),
) -> None:
    """Load the shipped graph, or your own RDF files, into a triple store, and verify it.

    Without a PATH, the ontology, the shapes, each source's statements and the derived statements
    are loaded, each into its own named graph. PATH is a file, a folder, or - for standard input.
    A graph that is up to date is kept. Any other is loaded beside the old one, verified, and moved
    into its place.

    The user and password are read from TIPGRAPH_USER and TIPGRAPH_PASSWORD, a token from
    TIPGRAPH_TOKEN, or all of them from config.toml.
    """
    if clean_only and paths:
        raise UsageError("--clean loads nothing; leave out PATH")
    retry_policy = RetryPolicy(response=timeout)
    request = load_request(
        paths,
        graph,
        base,
        SYNTAXES[syntax],
        force=force,
        prune=prune,
        dry_run=dry_run,
        verify=Verify(verify),
        retry_policy=retry_policy,
    )
    store = open_store(resolve_endpoint(endpoint or Endpoint()), retry_policy)
    stop_gracefully()
    if clean_only:
        for left in clean(store, request.names, retry_policy, dry_run):
            note(f"{'would remove' if dry_run else 'removed'} <{left}>")
        return
    with progress_bar("loading", after=QUIET) as bar:
        report = load(store, request, _ProgressObserver(bar))
    output = "standard output"
    try:
        write(_table(report))
        sys.stdout.flush()
        if report_file:
            output = report_file
            write_atomic(report_file, formats.dumps(report.as_dict()).encode())
    except OSError as error:
        if isinstance(error, BrokenPipeError) or report.failure or dry_run:
            raise report.failure or error from None
        raise EndpointError(
            f"{output}: cannot be written ({error.strerror}); the load itself is complete"
        ) from None
    if dry_run:
        note("nothing was changed (--dry-run)")
    for other in stems(report.others):
        note(
            f"<{other}> is a staging graph of another load; if none is under way, remove it with"
            f" 'tipgraph load --clean --endpoint {store.base}'"
        )
    if report.failure:
        raise report.failure


class _ProgressObserver(LoadObserver):
    """Shows the progress of a load: a bar on a terminal, a line now and then in a log."""

    def __init__(self, bar: Callable[[int, int], None]) -> None:
        self._bar = bar
        self._graphs = ""
        self._due = time.monotonic() + QUIET

    def planned(self, steps: Sequence[PlanStep]) -> None:
        for step in steps:
            if step.action is Action.REMOVE:
                note(f"--prune removes <{step.graph}> ({step.before:,} triples)")

    def started(self, steps: Sequence[PlanStep]) -> None:
        self._graphs = shown_names([step.graph for step in steps])

    def sent(self, done: int, total: int) -> None:
        self._bar(done, total)
        if done < total and time.monotonic() >= self._due and not sys.stderr.isatty():
            note(f"{self._graphs}: {done / 1e6:,.1f} of {total / 1e6:,.1f} MB sent")
            self._due = time.monotonic() + INTERVAL


def _table(report: LoadReport) -> str:
    """Return a row for each graph: a table on a terminal, tab-separated otherwise."""
    rows = [
        (step.action.value, step.graph, str(step.triples), str(step.before))
        for step, _ in report.steps
    ]
    if not for_people():
        return formats.tsv(COLUMNS, rows)
    # Importing rich is slow, and pipes do not need it.
    from tipgraph.render.tables import table

    return table(COLUMNS, rows, numbers=(2, 3))
