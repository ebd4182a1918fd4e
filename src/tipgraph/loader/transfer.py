"""One graph into a store, so that a reader sees the old one or the new one and never half.

It is written beside the old one, under a name that no other load uses, held against what was sent,
and moved into place.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from uuid import uuid4

from tipgraph.endpoint.client import Client
from tipgraph.endpoint.retry import ConnectError, Refused, ResponseLost, retrying
from tipgraph.errors import EndpointError
from tipgraph.loader import manifest
from tipgraph.loader.batches import batches
from tipgraph.loader.graphs import Wanted
from tipgraph.loader.move import StagingGraphLeft, move
from tipgraph.loader.sorted_ntriples import Piece, Spool
from tipgraph.loader.verify import Verified, Verify, is_same, verify
from tipgraph.namespaces import STAGING

# Told how many bytes of how many are sent.
Progress = Callable[[int, int], None]


class Transfer:
    """Loads graphs into a store, one after the other."""

    def __init__(self, client: Client, how: Verify, progress: Progress) -> None:
        self._client = client
        self._how = how
        self._progress = progress
        # Of these nobody knows whether the store is still at work on them.
        self._doubtful: list[str] = []
        # Whether anything of the graph whose turn it is has gone out.
        self._is_sent = False

    def load(self, wanted: Wanted) -> Verified:
        """Make the graph what is wanted, and note it; gives what was verified.

        Raises EndpointError when that fails. The old graph is then whole, unless the error says
        that it may be torn, and nothing is left of the new one, or (StagingGraphLeft) the error
        names it.
        """
        content = wanted.content
        again = retrying(self._client.patience, safe=True, is_outer=True)
        staging: str = again(self._staged, content)
        with self._swept(staging):
            verified = verify(self._client, staging, content, self._how)
            manifest.expect(self._client, wanted.graph)
            graph = wanted.graph
            move(
                self._client,
                staging,
                graph,
                verified.triples,
                lambda: is_same(self._client, graph, content),
            )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        manifest.note(self._client, wanted.graph, verified.triples, content.sha256, now)
        return verified

    def finish(self, failure: EndpointError | None = None) -> EndpointError | None:
        """Remove what the store may have gone on to make; gives the failure, which may be new.

        After a last reply that was lost, nobody knows what is still to come, so that is named.
        """
        if isinstance(failure, StagingGraphLeft):
            return failure
        try:
            for staging in self._doubtful:
                self._sweep(staging, failure or "a reply was lost")
        except StagingGraphLeft as left:
            return left
        if isinstance(failure, ResponseLost) and self._doubtful:
            return StagingGraphLeft(self._client, failure, *self._doubtful)
        return failure

    def _staged(self, content: Spool) -> str:
        """The name of a new graph with this content."""
        staging = STAGING + uuid4().hex
        self._is_sent = False
        with self._swept(staging):
            try:
                if self._client.store.graph_store_url:
                    self._put(staging, content)
                else:
                    self._insert(staging, content)
            except KeyboardInterrupt:
                # What is on its way may arrive when nobody looks any more.
                with suppress(EndpointError, KeyboardInterrupt):
                    self._client.drop(staging)
                raise StagingGraphLeft(self._client, "interrupted", staging) from None
        return staging

    def _put(self, staging: str, content: Spool) -> None:
        """By the Graph Store Protocol, in one request where the store can take that."""
        self._client.introduce(staging)
        for piece in content.pieces(self._client.store.piece_triples):
            told = ProgressStream(piece, content.size, self._progress)
            self._client.put(staging, told, piece.size, is_more=self._is_sent)
            self._is_sent = True

    def _insert(self, staging: str, content: Spool) -> None:
        sent = 0
        for batch in batches(staging, content, self._client.store.batch_bytes):
            self._client.update(batch, safe=not content.has_blank_nodes)
            self._is_sent = True
            sent = min(sent + len(batch), content.size)
            self._progress(sent, content.size)

    @contextmanager
    def _swept(self, staging: str) -> Iterator[None]:
        """Whatever goes wrong, the staging graph is removed, or named."""
        try:
            yield
        except StagingGraphLeft:
            raise
        except BaseException as error:
            if isinstance(error, ResponseLost | Refused):
                self._doubtful.append(staging)
            self._sweep(staging, error)
            raise

    def _sweep(self, staging: str, reason: BaseException | str) -> None:
        if isinstance(reason, ConnectError) and not self._is_sent:
            return
        told = "interrupted" if isinstance(reason, KeyboardInterrupt) else reason
        try:
            with suppress(EndpointError):
                self._client.drop(staging)
            is_left = self._client.exists(staging)
        except (EndpointError, KeyboardInterrupt):
            is_left = True
        if is_left:
            raise StagingGraphLeft(self._client, told, staging) from None


class ProgressStream:
    """A piece of a graph that tells how much of the graph is on its way, each time it is read."""

    def __init__(self, piece: Piece, total: int, progress: Progress) -> None:
        self._piece = piece
        self._total = total
        self._progress = progress

    def __iter__(self) -> Iterator[bytes]:
        sent = self._piece.start
        for content in self._piece:
            yield content
            sent += len(content)
            self._progress(sent, self._total)
