"""Transfer one graph into a store, so that readers see the old content or the new, never a part.

The graph is sent to a staging graph, under a name that no other load uses, verified there, and
moved into place, where responses may get lost. A query confirms every MOVE, and the graph itself is
verified after it. MOVE is repeated with a
store that refuses to move a missing graph, and where the store itself reports that it failed and
the source is complete. Otherwise a second MOVE, or the first one arriving late, might find its
source gone and empty the target; so the source is then not removed, and the error names it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain
from uuid import uuid4

from pyoxigraph import NamedNode

from tipgraph.endpoint.client import GraphClient
from tipgraph.endpoint.retry import ConnectError, RequestRefused, ResponseLost, retrying
from tipgraph.errors import EndpointError
from tipgraph.loader.manifest import Manifest
from tipgraph.loader.sorted_ntriples import FilePart, SortedTriples, has_blank_node
from tipgraph.loader.sources import ReservedNames, TargetGraph
from tipgraph.loader.verify import Verification, VerificationError, Verify, is_same, verify

# Called with the number of bytes sent, and of all bytes.
Progress = Callable[[int, int], None]


class Transfer:
    """Transfers graphs into a store, one after the other."""

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
        # True if any part of the current graph was sent.
        self._is_sent = False

    def load(self, target: TargetGraph) -> Verification:
        """Replace the graph by the target, record it in the manifest, and return what was verified.

        Raises EndpointError when that fails. The old graph is then complete, unless the error
        states that it may be incomplete, and the staging graph is removed, or the error
        (StagingGraphLeft) names it.
        """
        content, graph = target.content, target.name
        again = retrying(self._client.policy, repeatable=True, is_outer=True)
        staging: str = again(self._stage, content)
        with self._removed_on_failure(staging):
            staged = verify(self._client, staging, content, self._how)
            self._manifest.claim(graph, staging)
            try:
                self._move(target, staging, staged.triples)
            except EndpointError:
                raise
            except BaseException:
                if self._client.store.empties_target_of_missing:
                    raise StagingGraphLeft(self._client, "interrupted", staging) from None
                raise
        try:
            verified = verify(self._client, graph, content, self._how)
        except VerificationError as error:
            raise EndpointError(f"after the MOVE, {error}; load it again") from None
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._manifest.record(graph, staging, verified.triples, content.sha256, now)
        return verified

    def finish(self, failure: EndpointError | None = None) -> EndpointError | None:
        """Remove what the store may have created since; return the failure, which may be new.

        After a last response that was lost, the store may still create a staging graph, so the
        failure names it.
        """
        if isinstance(failure, StagingGraphLeft):
            return failure
        try:
            for staging in self._pending:
                self._remove(staging, failure or "a response was lost")
        except StagingGraphLeft as left:
            return left
        if isinstance(failure, ResponseLost) and self._pending:
            return StagingGraphLeft(self._client, failure, *self._pending)
        return failure

    def _stage(self, content: SortedTriples) -> str:
        """Send the content to a new staging graph and return its name."""
        staging = self._names.staging + uuid4().hex
        self._is_sent = False
        with self._removed_on_failure(staging):
            try:
                if self._client.store.graph_store_url:
                    self._put(staging, content)
                else:
                    self._insert(staging, content)
            except KeyboardInterrupt:
                # A request on its way may still arrive after this process has ended.
                with suppress(EndpointError, KeyboardInterrupt):
                    self._client.drop(staging)
                raise StagingGraphLeft(self._client, "interrupted", staging) from None
        return staging

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

    def _move(self, target: TargetGraph, staging: str, triples: int) -> None:
        """Replace the target by the staging graph, which has this number of triples.

        The request also claims the graph in the manifest, so that of two loads the one that moved
        last has the claim. Where a response was lost, the target is compared with what was sent,
        since others can remove the staging graph too.

        Raises StagingGraphLeft when the outcome is unknown, and EndpointError when the graph was
        not moved and no request is pending.
        """
        client, graph = self._client, target.name
        # A store that empties the target may also leave it incomplete.
        is_risky = client.store.empties_target_of_missing
        incomplete = f"<{graph}> may be incomplete, load it again"
        failure: EndpointError | None = None
        deadline: float | None = None
        for pause in client.policy.pauses():
            failure = self._send_move(staging, graph)
            try:
                if _is_pending(failure):
                    deadline = deadline or time.monotonic() + client.policy.settle
                if _is_gone(client, staging, graph, deadline):
                    if failure is None or is_same(client, graph, target.content):
                        return
                    raise EndpointError(
                        f"{failure}; <{staging}> is gone, and <{graph}> has other content; load"
                        " again"
                    )
                is_complete = not is_risky or client.count(staging) == triples
            except EndpointError as error:
                raise StagingGraphLeft(client, error, staging) from None
            if not is_complete:
                raise StagingGraphLeft(client, f"{failure}; {incomplete}", staging)
            failure = failure or ResponseLost(
                f"{client.store.base}: reports success of a MOVE, but the graph was not moved"
            )
            if isinstance(failure, RequestRefused) and failure.changed_nothing:
                if not (failure.is_transient and client.policy.allows(failure.retry_after)):
                    raise failure
                pause = failure.retry_after or pause
            elif is_risky:
                raise StagingGraphLeft(client, failure, staging)
            time.sleep(pause)
        assert failure is not None
        if is_risky:
            raise StagingGraphLeft(client, f"{failure}; {incomplete}", staging)
        raise failure

    def _send_move(self, staging: str, graph: str) -> EndpointError | None:
        """Send the MOVE and return the error, if there is one."""
        claim = self._manifest.claiming(graph, staging)
        try:
            self._client.update(*self._client.store.move(staging, graph), *claim)
        except EndpointError as error:
            return error
        return None

    @contextmanager
    def _removed_on_failure(self, staging: str) -> Iterator[None]:
        """Remove the staging graph after any failure; where that fails too, the error names it."""
        try:
            yield
        except StagingGraphLeft:
            raise
        except BaseException as error:
            if isinstance(error, ResponseLost | RequestRefused):
                self._pending.append(staging)
            self._remove(staging, error)
            raise

    def _remove(self, staging: str, reason: BaseException | str) -> None:
        if isinstance(reason, ConnectError) and not self._is_sent:
            return
        message = "interrupted" if isinstance(reason, KeyboardInterrupt) else reason
        try:
            with suppress(EndpointError):
                self._client.drop(staging)
            is_left = self._client.exists(staging)
        except (EndpointError, KeyboardInterrupt):
            is_left = True
        if is_left:
            raise StagingGraphLeft(self._client, message, staging) from None


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
    for lines in chain([blank] if blank else [], _batches(named, max_bytes)):
        yield head + b"".join(lines).decode() + tail


def _batches(lines: Iterator[bytes], max_bytes: int) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    room = max_bytes
    for line in lines:
        if batch and len(line) > room:
            yield batch
            batch, room = [], max_bytes
        batch.append(line)
        room -= len(line)
    if batch:
        yield batch


class StagingGraphLeft(EndpointError):
    """A load was broken off, and its staging graphs are, or may be, still in the store."""

    def __init__(self, client: GraphClient, reason: object, *staging: str) -> None:
        names = ", ".join(f"<{name}>" for name in staging)
        super().__init__(
            f"{reason}; {names} may be left in the store: once it is idle again, remove that with"
            f" 'tipgraph load --clean --endpoint {client.store.base}'"
        )


def _is_pending(failure: EndpointError | None) -> bool:
    """Return whether the store may still be working on the request that failed."""
    return isinstance(failure, ResponseLost) or (
        isinstance(failure, RequestRefused) and not failure.changed_nothing
    )


def _is_gone(client: GraphClient, staging: str, graph: str, deadline: float | None) -> bool:
    """Return whether the staging graph is gone and the target has triples.

    Waits, until the deadline at most, for what the store may still be doing.
    """
    while True:
        is_left = client.exists(staging)
        if not is_left and client.exists(graph):
            return True
        if deadline is None or time.monotonic() >= deadline:
            break
        time.sleep(client.policy.first_pause)
    if not is_left:
        base = client.store.base
        raise EndpointError(f"{base}: <{graph}> is empty now; load it again")
    return False
