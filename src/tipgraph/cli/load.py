"""`tipgraph load`."""

import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import NoReturn

import click

from tipgraph.atomic import write_whole
from tipgraph.cli.endpoint import endpoint_options
from tipgraph.cli.options import check_folder, for_people, note, write
from tipgraph.cli.progress import progress_bar
from tipgraph.endpoint.retry import RetryPolicy
from tipgraph.endpoint.settings import Endpoint, settled
from tipgraph.endpoint.stores import open_store
from tipgraph.loader import Action, LoadObserver, Receipt, Request, Step, Verify, clean, load
from tipgraph.rdf.files import SYNTAXES
from tipgraph.render import results
from tipgraph.resources.folders import shipped

COLUMNS = ("action", "graph", "triples", "before")
# Loads that take no longer than this, in seconds, are over before anybody wonders.
SHORT = 1.0
# How often a log is told how far it is.
EVERY = 10.0


@click.command("load")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@endpoint_options
@click.option("--graph", metavar="IRI", help="The named graph that the files go to.")
@click.option("--base", metavar="IRI", help="A graph for each file, named below this.")
@click.option(
    "--syntax", type=click.Choice(list(SYNTAXES)), default="trig", help="Of standard input."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option(
    "--force", is_flag=True, help="Load what is there already, and over what is not ours."
)
@click.option("--prune", is_flag=True, help="Remove graphs loaded before that are gone since.")
@click.option(
    "--verify",
    "how",
    type=click.Choice([each.value for each in Verify]),
    default=Verify.COUNTS.value,
    show_default=True,
    help="What is asked back: how many triples, or all of them.",
)
@click.option("--receipt", metavar="FILE", help="Write what was loaded to this file, as JSON.")
@click.option("--clean", "cleaning", is_flag=True, help="Only remove what broken loads left.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=3600,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for an answer.",
)
def command(
    paths: tuple[str, ...],
    endpoint: Endpoint | None,
    graph: str | None,
    base: str | None,
    syntax: str,
    dry_run: bool,
    force: bool,
    prune: bool,
    how: str,
    receipt: str | None,
    cleaning: bool,
    timeout: float,
) -> None:
    """Load the shipped graph, or one's own RDF files, into a triple store, and check it.

    Without a PATH: ontology, shapes, each source's graph, and what follows from them, each in its
    own named graph. PATH may be a file, a folder, or - for standard input. A graph that is there
    already is left as it is; else it is loaded beside the old one, checked, and moved over it.
    User and password are taken from TIPGRAPH_USER and TIPGRAPH_PASSWORD, a token from
    TIPGRAPH_TOKEN, or all of it from config.toml.
    """
    patience = RetryPolicy(answer=timeout)
    request = Request(
        resources=shipped(),
        paths=paths,
        graph=graph,
        base=base,
        syntax=SYNTAXES[syntax],
        force=force,
        prune=prune,
        dry_run=dry_run,
        verify=Verify(how),
        patience=patience,
    )
    if receipt:
        check_folder(receipt)
    store = open_store(settled(endpoint or Endpoint()), patience)
    signal.signal(signal.SIGTERM, _interrupt)
    if cleaning:
        for left in clean(store, patience):
            note(f"removed <{left}>")
        return
    with progress_bar("loading", after=SHORT) as bar:
        outcome = load(store, request, _Teller(bar))
    if receipt:
        write_whole(receipt, results.dumps(outcome.as_dict()).encode())
    write(_table(outcome))
    if dry_run:
        note("nothing was done (--dry-run)")
    if outcome.failure:
        raise outcome.failure


class _Teller(LoadObserver):
    """Shows how a load goes on: a bar on a terminal, now and then a line in a log."""

    def __init__(self, bar: Callable[[int, int], None]) -> None:
        self._bar = bar
        self._graph = ""
        self._due = time.monotonic() + SHORT

    def planned(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if step.action is Action.REMOVE:
                note(
                    f"<{step.graph}> ({step.found:,} triples) is wanted no more: --prune removes it"
                )

    def begins(self, step: Step) -> None:
        self._graph = step.graph

    def sent(self, done: int, total: int) -> None:
        self._bar(done, total)
        if done < total and time.monotonic() >= self._due and not sys.stderr.isatty():
            note(f"<{self._graph}>: {done / 1e6:,.1f} of {total / 1e6:,.1f} MB sent")
            self._due = time.monotonic() + EVERY


def _table(outcome: Receipt) -> str:
    """A row for each graph; tab-separated where nobody looks."""
    rows = [
        (step.action.value, step.graph, str(step.triples), str(step.found))
        for step, _ in outcome.steps
    ]
    if not for_people():
        return results.tsv(COLUMNS, rows)
    from tipgraph.render.tables import table

    return table(COLUMNS, rows, numbers=(2, 3))


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
