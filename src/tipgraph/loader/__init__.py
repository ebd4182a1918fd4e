"""Graphs into a triple store, with proof that what is there is what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

from pyoxigraph import RdfFormat

from tipgraph.endpoint.client import Client
from tipgraph.endpoint.retry import RetryPolicy
from tipgraph.endpoint.stores import Store
from tipgraph.errors import EndpointError, UsageError
from tipgraph.loader import manifest
from tipgraph.loader.graphs import Wanted, own, prefix_of, shipped
from tipgraph.loader.plan import Action, Step, plan
from tipgraph.loader.report import Receipt
from tipgraph.loader.transfer import Transfer
from tipgraph.loader.verify import Verified, Verify
from tipgraph.namespaces import GRAPH, STAGING
from tipgraph.resources.folders import Resources

__all__ = ["Action", "LoadObserver", "Receipt", "Request", "Step", "Verify", "clean", "load"]


@dataclass(frozen=True)
class Request:
    """What is to be loaded, and how. Without `paths` it is the shipped graph.

    People's own triples go to `graph`, or for each file to a graph below `base`; `syntax` is that
    of standard input (`-`).
    """

    resources: Resources
    paths: Sequence[str] = ()
    graph: str | None = None
    base: str | None = None
    syntax: RdfFormat = RdfFormat.TRIG
    force: bool = False
    prune: bool = False
    dry_run: bool = False
    verify: Verify = Verify.COUNTS
    patience: RetryPolicy = field(default_factory=RetryPolicy)

    def __post_init__(self) -> None:
        """Raise UsageError for what cannot be meant together."""
        if self.graph and self.base:
            raise UsageError("give --graph or --base, not both")
        if (self.graph or self.base) and not self.paths:
            raise UsageError("--graph and --base are for files of your own; name them")
        if self.prune and self.paths and not self.base:
            raise UsageError("--prune needs --base, to know which graphs belong together")

    @property
    def pruned(self) -> str | None:
        """The beginning of the names of graphs that are removed when they are wanted no more."""
        if not self.prune:
            return None
        return prefix_of(self.base) if self.base else GRAPH


class LoadObserver:
    """Told how a load goes on; this one does nothing with it."""

    def planned(self, steps: Sequence[Step]) -> None:
        """What is to be done."""

    def begins(self, step: Step) -> None:
        """It is this graph's turn."""

    def sent(self, done: int, total: int) -> None:
        """How many bytes of how many are on their way."""


def load(store: Store, request: Request, watch: LoadObserver | None = None) -> Receipt:
    """Do what is asked, graph after graph, and tell what was done.

    What goes wrong on the way ends it and is the receipt's `failure`; graphs loaded by then stay.
    Raises UsageError, InputError and EndpointError when nothing could be begun.
    """
    watch = watch or LoadObserver()
    if store.update_url is None:
        raise UsageError("say with --update-url where the store takes updates")
    with (
        TemporaryDirectory(prefix="tipgraph-") as folder,
        Client(store, request.patience) as client,
    ):
        steps = plan(
            client, _wanted(request, folder), request.force, request.pruned, request.verify
        )
        watch.planned(steps)
        root = "" if request.paths else request.resources.root
        receipt = Receipt(store.base, store.title, request.verify, _now(), root)
        if request.dry_run:
            for step in steps:
                receipt.add(step, None)
            return receipt
        transfer = Transfer(client, request.verify, watch.sent)
        try:
            for step in steps:
                watch.begins(step)
                receipt.add(step, _done(client, transfer, step))
            receipt.failure = transfer.finish()
        except EndpointError as error:
            failure = transfer.finish(error) or error
            receipt.failure = _told(failure, steps, len(receipt.steps))
        except (Exception, KeyboardInterrupt) as error:
            receipt.failure = error
        receipt.finished = _now()
        return receipt


def clean(store: Store, patience: RetryPolicy | None = None) -> list[str]:
    """Remove the graphs that loads which broke off have left on their way; gives their names.

    Raises EndpointError.
    """
    with Client(store, patience or RetryPolicy()) as client:
        left = client.graphs(STAGING)
        for graph in left:
            client.drop(graph)
        return left


def _wanted(request: Request, folder: str) -> list[Wanted]:
    if not request.paths:
        return shipped(request.resources, folder)
    return own(request.paths, folder, request.graph, request.base, request.syntax)


def _done(client: Client, transfer: Transfer, step: Step) -> Verified | None:
    match step.action:
        case Action.KEEP:
            return None
        case Action.REMOVE:
            client.drop(step.graph)
            manifest.forget(client, step.graph)
            return None
        case _:
            assert step.wanted is not None
            return transfer.load(step.wanted)


def _told(error: EndpointError, steps: Sequence[Step], done: int) -> EndpointError:
    """What went wrong with which graph, and how far the load had come by then."""
    if done == len(steps):
        return error
    before = f"; {done} of {len(steps)} graphs were done, run it again to go on" if done else ""
    return EndpointError(f"<{steps[done].graph}>: {error}{before}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
