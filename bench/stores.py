"""New, empty stores for benchmarks, each a real server that is stopped at the end."""

import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.servers import DBA, PROGRAM
from tests.servers import virtuoso as virtuoso_in
from tipgraph.endpoint.client import GraphClient
from tipgraph.endpoint.profiles import Oxigraph, RemoteStore, Virtuoso
from tipgraph.endpoint.retry import RetryPolicy
from tipgraph.endpoint.settings import Access


class StoreKind(NamedTuple):
    """A kind of store: how to start one, the default number of triples and rounds of a benchmark.

    With `has_bounds`, the benchmark fails when it exceeds its bounds.
    """

    title: str
    start: Callable[[], AbstractContextManager[RemoteStore]]
    triples: int
    rounds: int
    has_bounds: bool


@contextmanager
def oxigraph() -> Iterator[RemoteStore]:
    """Start an Oxigraph that keeps its data in memory."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = "{}:{}".format(*probe.getsockname())
    command = [str(PROGRAM), "serve", "--bind", address]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            store = Oxigraph.at(f"http://{address}", Access())
            with GraphClient(store, RetryPolicy(attempts=12, first_pause=0.01)) as client:
                client.count("urn:x-tipgraph:any")
            yield store
        finally:
            server.terminate()


@contextmanager
def virtuoso() -> Iterator[RemoteStore]:
    """Start a Virtuoso that keeps its data on disk and can move two million triples at once."""
    limit = "TransactionAfterImageLimit = 500000000"
    with tempfile.TemporaryDirectory() as folder, virtuoso_in(Path(folder), limit) as base:
        yield Virtuoso.at(base, Access(*DBA))


KINDS = {
    "oxigraph": StoreKind("Oxigraph, in memory", oxigraph, 1_000_000, 10, has_bounds=True),
    "virtuoso": StoreKind("Virtuoso, on disk", virtuoso, 250_000, 5, has_bounds=False),
}
