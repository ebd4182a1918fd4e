"""Transfer graphs into a store, so that readers see the old content or the new, never a part.

Each graph is sent to a staging graph, under a name that no other load uses, verified there, and
moved into place, where responses may get lost. A query confirms every move, and the graph itself is
verified after it. A move changes nothing unless its source is complete, so it may be repeated, and
may arrive late. In a store without snapshots, one that may be under way could still read its
source in part while that is removed; so the source then stays, and the error names it.

Small graphs are transferred together: each request is for all of them.
"""

import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain
from random import uniform
from uuid import uuid4

from pyoxigraph import NamedNode

from tipgraph.endpoint.client import GraphClient
from tipgraph.endpoint.retry import ConnectError, RequestRefused, ResponseLost, retrying
from tipgraph.errors import EndpointError
from tipgraph.loader.manifest import Manifest, ManifestEntry, Record, Source
from tipgraph.loader.sorted_ntriples import FilePart, SortedTriples, batches, has_blank_node
from tipgraph.loader.sources import ReservedNames, TargetGraph
from tipgraph.loader.verify import Verification, VerificationError, Verify, is_same, verify

# Called with the number of bytes sent, and of all bytes.
Progress = Callable[[int, int], None]
# The graphs that are moved by one request, by the names of their staging graphs.
Staged = Mapping[str, TargetGraph]


class Transfer:
    """Transfers graphs into a store, some at a time."""

    def __init__(
        self,
        client: GraphClient,
        names: ReservedNames,
        how: Verify,
        progress: Progress,
    ) -> None:
        self._client = client
        self._names = names
        self._manifest = Manifest(client, names.manifest)
        self._how = how
        self._progress = progress
        # Staging graphs that the store may still be writing to.
        self._pending: list[str] = []
        # True if any part of the current graphs was sent.
        self._is_sent = False

    def load(self, targets: Sequence[TargetGraph], before: Mapping[str, int]) -> list[Verification]:
        """Replace the graphs by the targets, record them, and return what was verified of each.

        `before` are the numbers of triples that the graphs had.

        Raises EndpointError when that fails. The old graphs are then complete, unless the error
        states that they may be incomplete, and the staging graphs are removed, or the error
        (StagingGraphLeft) names them.
        """
        staged = self._replace(targets, before)
        try:
            verified = self._verify({target.name: target for target in targets})
        except VerificationError as error:
            raise EndpointError(f"after the move, {error}; load it again") from None
        records = {
            target.name: Record(staging, verified[target.name].triples, target.content.sha256)
            for staging, target in staged.items()
        }
        self._manifest.record(records, datetime.now(UTC).isoformat(timespec="seconds"))
        return [*verified.values()]

    def _replace(self, targets: Sequence[TargetGraph], before: Mapping[str, int]) -> Staged:
        """Move the targets into place, by way of staging graphs, and return these."""
        again = retrying(self._client.policy, repeatable=True, is_outer=True)
        staged: Staged = again(self._stage, targets)
        with self._removed_on_failure(staged):
            counted = self._verify(staged)
            sources = {
                target.name: Source(staging, counted[staging].triples, before[target.name])
                for staging, target in staged.items()
            }
            self._take_turn(next(iter(staged)), sources)
            try:
                self._move(staged, sources)
            except EndpointError:
                raise
            except BaseException:
                if not self._client.store.has_snapshots:
                    raise StagingGraphLeft(self._client, "interrupted", *staged) from None
                raise
        return staged

    def remove(self, graph: str, entry: ManifestEntry) -> None:
        """Remove a graph and this entry of it. Raises EndpointError."""
        name = self._names.staging + uuid4().hex
        try:
            self._take_turn(name, [graph])
            self._manifest.remove(graph, entry, name)
        finally:
            self._manifest.withdraw([name])

    def _take_turn(self, name: str, graphs: Collection[str]) -> None:
        """Claim the graphs by this name, once no other load claims one of them.

        A load that waits has no claim. So one that is seen for too long is that of a killed load,
        and is removed. Loads that claim a graph at once all wait, not equally long. Raises
        EndpointError where the store does not remove a claim.
        """
        seen: dict[str, float] = {}
        withdrawn: set[str] = set()
        while True:
            now = time.monotonic()
            if not seen:
                self._manifest.claim(name, graphs)
            others = self._manifest.claims(graphs) - {name}
            if not (seen or others):
                return
            seen = {other: seen.get(other, now) for other in others}
            left = {each for each, since in seen.items() if now > since + self._client.policy.turn}
            if left & withdrawn:
                raise EndpointError(
                    f"{self._client.store.base}: did not remove the claims of killed loads from"
                    f" <{self._names.manifest}>"
                )
            sources = [each for each in left if each.startswith(self._names.staging)]
            if sources and self._client.store.has_good_move:
                # A MOVE depends on no claim, so one that arrives later finds no source.
                self._client.drop(*sources)
            self._manifest.withdraw([name, *left])
            withdrawn |= left
            took = time.monotonic() - now
            time.sleep(uniform(0, self._client.policy.first_pause + 2 * took))

    def finish(self, failure: EndpointError | None = None) -> EndpointError | None:
        """Remove what the store may have created since; return the failure, which may be new.

        After a last response that was lost, the store may still create a staging graph, so the
        failure names it.
        """
        if isinstance(failure, StagingGraphLeft):
            return failure
        try:
            if self._pending:
                self._remove(self._pending, failure or "a response was lost")
        except StagingGraphLeft as left:
            return left
        if isinstance(failure, ResponseLost) and self._pending:
            return StagingGraphLeft(self._client, failure, *self._pending)
        return failure

    def _stage(self, targets: Sequence[TargetGraph]) -> Staged:
        """Send the targets to new staging graphs."""
        name = self._names.staging + uuid4().hex
        staged = {name: targets[0]}
        if len(targets) > 1:
            staged = {f"{name}/{number}": target for number, target in enumerate(targets)}
        self._is_sent = False
        with self._removed_on_failure(staged):
            try:
                self._send(staged)
            except KeyboardInterrupt:
                # A request on its way may still arrive after this process has ended.
                with suppress(EndpointError, KeyboardInterrupt):
                    self._client.drop(*staged)
                raise StagingGraphLeft(self._client, "interrupted", *staged) from None
        return staged

    def _send(self, staged: Staged) -> None:
        if len(staged) > 1:
            self._insert_together(staged)
            return
        for staging, target in staged.items():
            if self._client.store.graph_store_url:
                self._put(staging, target.content)
            else:
                self._insert(staging, target.content)

    def _insert_together(self, staged: Staged) -> None:
        """Send several small graphs by one update."""
        graphs = (
            f"GRAPH {NamedNode(staging)} {{\n{b''.join(target.content.lines()).decode()}}}"
            for staging, target in staged.items()
        )
        self._is_sent = True
        self._client.update(f"INSERT DATA {{ {' '.join(graphs)} }}")
        size = sum(target.content.size for target in staged.values())
        self._progress(size, size)

    def _put(self, staging: str, content: SortedTriples) -> None:
        """Send by the Graph Store Protocol, in one request where the store accepts that."""
        self._client.authenticate(staging)
        for part in content.parts(self._client.store.max_upload_triples):
            body = ProgressStream(part, content.size, self._progress)
            self._client.put(staging, body, part.size, append=self._is_sent)
            self._is_sent = True

    def _insert(self, staging: str, content: SortedTriples) -> None:
        """Send by updates, to a store without the Graph Store Protocol."""
        sent = 0
        for batch in _insert_operations(staging, content, self._client.store.max_insert_bytes):
            self._client.update(batch, repeatable=not content.has_blank_nodes)
            self._is_sent = True
            sent = min(sent + len(batch), content.size)
            self._progress(sent, content.size)

    def _verify(self, graphs: Mapping[str, TargetGraph]) -> dict[str, Verification]:
        """Compare graphs of the store with what was sent. Raises VerificationError."""
        client, found = self._client, {}
        sizes = {graph: target.content.triples for graph, target in graphs.items()}
        for graph, counted in client.counts(sizes).items():
            target = graphs[graph]
            try:
                found[graph] = verify(client, graph, target.content, self._how, counted)
            except VerificationError as error:
                # A caller names the graph, or the first one of several.
                of = f"of <{target.name}>, " if len(graphs) > 1 else ""
                raise VerificationError(f"{of}{error}") from None
        return {graph: found[graph] for graph in graphs}

    def _move(self, staged: Staged, sources: Mapping[str, Source]) -> None:
        """Replace the targets by their sources.

        The request also names the sources in the manifest, so that of two loads the one that moved
        last is recorded. Where a response was lost, the targets are compared with what was sent,
        since others can remove staging graphs too.

        Raises StagingGraphLeft when the outcome is unknown, and EndpointError when no graph was
        moved and no request is pending.
        """
        client = self._client
        failure: EndpointError | None = None
        deadline: float | None = None
        for pause in client.policy.pauses():
            failure = self._send_move(sources)
            try:
                if _is_pending(failure):
                    deadline = deadline or time.monotonic() + client.policy.settle
                if _is_gone(client, staged, deadline):
                    if failure is not None:
                        _check_moved(client, staged, failure)
                    return
            except EndpointError as error:
                raise StagingGraphLeft(client, error, *staged) from None
            failure = failure or ResponseLost(
                f"{client.store.base}: reports success of a move, but the graph was not moved"
            )
            if isinstance(failure, RequestRefused) and failure.changed_nothing:
                if not (failure.is_transient and client.policy.allows(failure.retry_after)):
                    raise failure
                pause = failure.retry_after or pause
            elif not client.store.has_snapshots:
                raise StagingGraphLeft(client, failure, *staged)
            time.sleep(pause)
        assert failure is not None
        raise failure

    def _send_move(self, sources: Mapping[str, Source]) -> EndpointError | None:
        """Send the request that moves and return the error, if there is one."""
        try:
            self._manifest.move(sources)
        except EndpointError as error:
            return error
        return None

    @contextmanager
    def _removed_on_failure(self, staging: Iterable[str]) -> Iterator[None]:
        """Remove the staging graphs after any failure; an error names those that are left."""
        try:
            yield
        except StagingGraphLeft:
            raise
        except BaseException as error:
            if isinstance(error, ResponseLost | RequestRefused):
                self._pending.extend(staging)
            self._remove(staging, error)
            raise

    def _remove(self, staging: Iterable[str], reason: BaseException | str) -> None:
        if isinstance(reason, ConnectError) and not self._is_sent:
            return
        message = "interrupted" if isinstance(reason, KeyboardInterrupt) else reason
        try:
            with suppress(EndpointError):
                self._client.drop(*staging)
                self._manifest.withdraw(staging)
            is_left = self._client.has_any(staging)
        except (EndpointError, KeyboardInterrupt):
            is_left = True
        if is_left:
            raise StagingGraphLeft(self._client, message, *staging) from None


class ProgressStream:
    """A part of a graph that reports, each time it is read, how much of the graph was sent."""

    def __init__(self, part: FilePart, total: int, progress: Progress) -> None:
        self._part = part
        self._total = total
        self._progress = progress

    def __iter__(self) -> Iterator[bytes]:
        sent = self._part.start
        for chunk in self._part:
            yield chunk
            sent += len(chunk)
            self._progress(sent, self._total)


def _insert_operations(graph: str, content: SortedTriples, max_bytes: int) -> Iterator[str]:
    """Yield INSERT DATA operations of about this size that create the graph together.

    Blank node labels are valid within a request only, so all triples with blank nodes are in the
    first operation, however many there are.
    """
    head, tail = f"INSERT DATA {{ GRAPH {NamedNode(graph)} {{\n", "} }"
    blank: list[bytes] = []
    named = content.lines()
    if content.has_blank_nodes:
        blank = [line for line in content.lines() if has_blank_node(line)]
        named = (line for line in content.lines() if not has_blank_node(line))
    for lines in chain([blank] if blank else [], batches(named, max_bytes)):
        yield head + b"".join(lines).decode() + tail


def shown_names(graphs: Sequence[str]) -> str:
    """Return the name of the first graph, and the number of the others."""
    others = f" and {len(graphs) - 1} more" if len(graphs) > 1 else ""
    return f"<{graphs[0]}>{others}"


def stems(staging: Iterable[str]) -> list[str]:
    """Return the names of staging graphs; those that are loaded together have one, with a slash."""
    return [*dict.fromkeys(re.sub(r"/\d+$", "/", name) for name in staging)]


class StagingGraphLeft(EndpointError):
    """A load was broken off, and its staging graphs are, or may be, still in the store."""

    def __init__(self, client: GraphClient, reason: object, *staging: str) -> None:
        names = ", ".join(f"<{stem}>" for stem in stems(staging))
        super().__init__(
            f"{reason}; {names} may be left in the store: once it is idle again, remove that with"
            f" 'tipgraph load --clean --endpoint {client.store.base}'"
        )


def _is_pending(failure: EndpointError | None) -> bool:
    """Return whether the store may still be working on the request that failed."""
    return isinstance(failure, ResponseLost) or (
        isinstance(failure, RequestRefused) and not failure.changed_nothing
    )


def _check_moved(client: GraphClient, staged: Staged, failure: EndpointError) -> None:
    """Raise EndpointError where a target is not what was sent."""
    for staging, target in staged.items():
        if not is_same(client, target.name, target.content):
            raise EndpointError(
                f"{failure}; <{staging}> is gone, and <{target.name}> has other content; load again"
            )


def _is_gone(client: GraphClient, staged: Staged, deadline: float | None) -> bool:
    """Return whether the staging graphs are gone and the targets have triples.

    Waits, until the deadline at most, for what the store may still be doing.
    """
    targets = [target.name for target in staged.values()]
    while True:
        is_left = client.has_any(staged)
        if not is_left and client.has_all(targets):
            return True
        if deadline is None or time.monotonic() >= deadline:
            break
        time.sleep(client.policy.first_pause)
    if not is_left:
        base = client.store.base
        counts = client.counts(dict.fromkeys(targets, 0))
        empty = [graph for graph, triples in counts.items() if not triples]
        raise EndpointError(f"{base}: {shown_names(empty or targets)} is empty now; load it again")
    return False
