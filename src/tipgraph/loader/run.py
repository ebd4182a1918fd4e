"""A load from beginning to end, with its report: files, hashes and times.

The plan decides what happens to each named graph before anything is changed.
"""

import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from os.path import isfile, join
from tempfile import TemporaryDirectory
from typing import Any

from tipgraph.endpoint.client import COUNTED, GraphClient
from tipgraph.endpoint.profiles import RemoteStore
from tipgraph.endpoint.retry import RetryPolicy
from tipgraph.errors import EndpointError, UsageError
from tipgraph.loader.manifest import Manifest, ManifestEntry
from tipgraph.loader.sources import GraphSource, ReservedNames, TargetGraph
from tipgraph.loader.transfer import Transfer, shown_names
from tipgraph.loader.verify import Verification, Verify, is_same
from tipgraph.version import VERSION

# Seconds that a store may take to list its staging graphs after a load.
LISTING = 10.0
NO_CONTENT = ManifestEntry()


class Action(StrEnum):
    """An action on a graph."""

    CREATE = "create"
    REPLACE = "replace"
    KEEP = "keep"
    REMOVE = "remove"


@dataclass(frozen=True)
class PlanStep:
    """The action on one graph. `before` is its number of triples now.

    A graph that is removed has no `target`, but an entry in the manifest.
    """

    graph: str
    action: Action
    before: int
    target: TargetGraph | None = None
    entry: ManifestEntry = NO_CONTENT

    @property
    def triples(self) -> int:
        """The number of triples that it is to have."""
        return self.target.content.triples if self.target else 0


@dataclass(frozen=True)
class LoadRequest:
    """A source to load, a store, and the options.

    `force` loads what is there already and replaces graphs that tipgraph did not load; `prune`
    removes graphs with the source's prefix that were loaded before and are no longer in it;
    `dry_run` plans only.
    """

    source: GraphSource
    names: ReservedNames
    force: bool = False
    prune: bool = False
    dry_run: bool = False
    verify: Verify = Verify.COUNTS
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)

    def __post_init__(self) -> None:
        """Raise UsageError when it is unknown which graphs to prune."""
        if self.prune and self.source.prefix is None:
            raise UsageError("--prune needs --base, to know which graphs belong together")


class LoadObserver:
    """Receives the progress of a load; this one ignores it."""

    def planned(self, steps: Sequence[PlanStep]) -> None:
        """The plan is complete, and nothing was done yet."""

    def started(self, steps: Sequence[PlanStep]) -> None:
        """These steps begin together."""

    def sent(self, done: int, total: int) -> None:
        """`done` of `total` bytes of the current graphs were sent."""


@dataclass
class LoadReport:
    """The steps of a load; `failure` is the error that ended it early.

    Times are UTC in ISO 8601. `root` is the folder that the files' paths are relative to.
    """

    endpoint: str
    store: str
    verify: Verify
    started: str
    root: str = ""
    finished: str = ""
    failure: BaseException | None = None
    # Staging graphs of other loads, which are under way or were killed.
    others: list[str] = field(default_factory=list)
    steps: list[tuple[PlanStep, Verification | None]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return self.failure is None

    def add(self, step: PlanStep, verified: Verification | None) -> None:
        """Add a step that was done, and what was verified after it."""
        self.steps.append((step, verified))

    def as_dict(self) -> dict[str, Any]:
        """Return the report for JSON."""
        return {
            "tipgraph": VERSION,
            "endpoint": self.endpoint,
            "store": self.store,
            "verify": self.verify.value,
            "started": self.started,
            "finished": self.finished,
            "complete": self.complete,
            "error": self._error(),
            "staging_of_other_loads": self.others,
            "graphs": [self._graph(step, verified) for step, verified in self.steps],
        }

    def _error(self) -> str | None:
        if isinstance(self.failure, KeyboardInterrupt):
            return "interrupted"
        return str(self.failure) if self.failure else None

    def _graph(self, step: PlanStep, verified: Verification | None) -> dict[str, Any]:
        content = step.target.content if step.target else None
        files = step.target.files if step.target else ()
        return {
            "graph": step.graph,
            "action": step.action.value,
            "before": step.before,
            "triples": verified.triples if verified else step.triples,
            "sha256": content.sha256 if content else None,
            "sha256_by_value": verified.sha256_by_value if verified else None,
            "files": [{"path": file, "sha256": _sha256(join(self.root, file))} for file in files],
        }


def _sha256(path: str) -> str | None:
    """Return the file's SHA-256; nothing for standard input."""
    if not isfile(path):
        return None
    with open(path, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def load(
    store: RemoteStore, request: LoadRequest, observer: LoadObserver | None = None
) -> LoadReport:
    """Load the graphs, small ones together, and return a report.

    An error on the way ends the load and is the report's `failure`; graphs loaded by then stay.
    Raises UsageError, InputError and EndpointError when nothing was begun.
    """
    observer = observer or LoadObserver()
    if store.update_url is None:
        raise UsageError("the update address is unknown; give it with --update-url")
    with (
        TemporaryDirectory(prefix="tipgraph-") as folder,
        GraphClient(store, request.retry_policy) as client,
    ):
        targets = request.source.graphs(folder, request.names)
        manifest = Manifest(client, request.names.manifest)
        steps = _plan(client, manifest, request, targets)
        observer.planned(steps)
        report = LoadReport(
            store.base, store.title, request.verify, _now(), root=request.source.root
        )
        if request.dry_run:
            for step in steps:
                report.add(step, None)
            return report
        transfer = Transfer(client, request.names, request.verify, observer.sent)
        some: list[PlanStep] = []
        try:
            for some in _together(steps, store.max_batch_bytes):
                observer.started(some)
                verified = _run(transfer, some)
                for step, each in zip(some, verified, strict=True):
                    report.add(step, each)
            report.failure = transfer.finish() or _replaced(client, manifest, steps)
            if not report.failure:
                report.others = _other_staging(client, request)
        except EndpointError as error:
            failure = transfer.finish(error) or error
            report.failure = _with_progress(failure, steps, some, len(report.steps))
        except (Exception, KeyboardInterrupt) as error:
            report.failure = error
        report.finished = _now()
        return report


def _plan(
    client: GraphClient, manifest: Manifest, request: LoadRequest, targets: list[TargetGraph]
) -> list[PlanStep]:
    """Return a step for each target, and for each graph to prune.

    A graph is kept when it was recorded with the same hash and has as many triples as then, or,
    with full verification, the same ones. Raises UsageError where the store uses the name of a
    graph itself, or a graph was not loaded by tipgraph and is not to be replaced by force, and
    EndpointError.
    """
    for each in targets:
        if re.match(client.store.own_graphs, each.name.encode()):
            raise UsageError(
                f"<{each.name}>: {client.store.title} uses this name itself, or reads it as"
                " another; choose another graph"
            )
    sizes = {each.name: each.content.triples for each in targets}
    for pause in (client.policy.first_pause, 0):
        # A graph is claimed before it gets triples, so they are counted first.
        counts, entries = client.counts(sizes), manifest.read()
        if request.force or all(name in entries for name, before in counts.items() if before):
            break
        # Another load may have replaced a graph between the two requests.
        time.sleep(pause)
    steps = [
        _step(client, request, each, counts[each.name], entries.get(each.name)) for each in targets
    ]
    names = {each.name for each in targets}
    prefix = request.source.prefix
    if request.prune and prefix is not None:
        # Others may write to the manifest too.
        old = [
            name
            for name in sorted(entries)
            if name.startswith(prefix) and name not in names
            if not request.names.is_reserved(name)
        ]
        sizes = {name: entries[name].triples or 0 for name in old}
        steps += [
            PlanStep(name, Action.REMOVE, before, entry=entries[name])
            for name, before in client.counts(sizes).items()
        ]
    return steps


def _step(
    client: GraphClient,
    request: LoadRequest,
    target: TargetGraph,
    before: int,
    entry: ManifestEntry | None,
) -> PlanStep:
    if entry is None and before and not request.force:
        raise UsageError(
            f"<{target.name}> contains {before:,} triples that tipgraph did not load;"
            " choose another graph, or replace it with --force"
        )
    is_current = entry == ManifestEntry(before, target.content.sha256) and (
        request.verify is Verify.COUNTS or is_same(client, target.name, target.content)
    )
    if is_current and not request.force:
        return PlanStep(target.name, Action.KEEP, before, target)
    return PlanStep(target.name, Action.REPLACE if before else Action.CREATE, before, target)


def clean(
    store: RemoteStore,
    names: ReservedNames,
    retry_policy: RetryPolicy | None = None,
    dry_run: bool = False,
) -> list[str]:
    """Remove the staging graphs that interrupted loads left, and return their names.

    A dry run only returns them. Their claims stay, since another load may be under way, until a
    load of the graph has waited for them. Raises EndpointError.
    """
    with GraphClient(store, retry_policy or RetryPolicy()) as client:
        left = client.graph_names(names.staging)
        if dry_run:
            return left
        for graph in left:
            client.drop(graph)
        if still := set(left).intersection(client.graph_names(names.staging)):
            raise EndpointError(f"{store.base}: did not remove {shown_names(sorted(still))}")
        return left


def _together(steps: Sequence[PlanStep], max_bytes: int) -> Iterator[list[PlanStep]]:
    """Yield the steps in order, small graphs to load together.

    A graph with blank nodes is alone, since two graphs may name different ones alike.
    """
    batch: list[PlanStep] = []
    room = max_bytes
    for step in steps:
        size = max_bytes + 1
        content = step.target.content if step.target and step.action is not Action.KEEP else None
        if content and not content.has_blank_nodes:
            size = content.size
        if batch and (size > room or len(batch) == COUNTED):
            yield batch
            batch, room = [], max_bytes
        batch.append(step)
        room -= size
    if batch:
        yield batch


def _run(transfer: Transfer, steps: Sequence[PlanStep]) -> Sequence[Verification | None]:
    [first, *_] = steps
    if first.action is Action.KEEP:
        return [None]
    if first.action is Action.REMOVE:
        transfer.remove(first.graph, first.entry)
        return [None]
    before = {step.graph: step.before for step in steps}
    return transfer.load([step.target for step in steps if step.target], before)


def _replaced(
    client: GraphClient, manifest: Manifest, steps: Sequence[PlanStep]
) -> EndpointError | None:
    """Return an error where a graph is not as this load left it, by record and number.

    A store that isolates transactions may leave the triples of two that replace a graph at once.
    """
    entries = manifest.read()
    sizes = {step.graph: max(step.triples, step.before) for step in steps}
    counts = client.counts(sizes)
    for graph, target in ((step.graph, step.target) for step in steps):
        entry, number = entries.get(graph), counts[graph]
        if target and entry != ManifestEntry(number, target.content.sha256):
            return EndpointError(
                f"<{graph}>: another load has replaced it meanwhile; load it again"
            )
        if not target and (entry or number):
            return EndpointError(
                f"<{graph}>: it was not removed, or another load has replaced it; run it again"
            )
    return None


def _other_staging(client: GraphClient, request: LoadRequest) -> list[str]:
    """Return the staging graphs of other loads, which may be under way; they stay.

    Empty where the store does not list its graphs in time.
    """
    policy = client.policy
    once = replace(policy, response=min(policy.response, LISTING), attempts=1)
    try:
        return client.graph_names(request.names.staging, once)
    except (EndpointError, KeyboardInterrupt):
        # The load is complete, and a signal still decides the exit code.
        return []


def _with_progress(
    error: EndpointError, steps: Sequence[PlanStep], current: Sequence[PlanStep], done: int
) -> EndpointError:
    """Add to an error which graphs it concerns, and how many graphs were loaded before."""
    if done == len(steps):
        return error
    progress = f"; {done} of {len(steps)} graphs are loaded, run it again to go on" if done else ""
    names = shown_names([step.graph for step in current])
    return EndpointError(f"{names}: {error}{progress}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
