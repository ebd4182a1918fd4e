"""New and empty stores, each a real server of its own that goes when it is done with."""

import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.servers import DBA, PROGRAM
from tests.servers import virtuoso as virtuoso_in
from tipgraph.endpoint.client import Client
from tipgraph.endpoint.profiles.oxigraph import Oxigraph
from tipgraph.endpoint.profiles.virtuoso import Virtuoso
from tipgraph.endpoint.retry import RetryPolicy
from tipgraph.endpoint.settings import Access
from tipgraph.endpoint.stores import Store


class Kind(NamedTuple):
    """A kind of store: how to open one, and how much of it is fit for a run and how often."""

    title: str
    opened: Callable[[], AbstractContextManager[Store]]
    triples: int
    rounds: int
    has_bounds: bool


@contextmanager
def oxigraph() -> Iterator[Store]:
    """An Oxigraph that keeps all in memory."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = "{}:{}".format(*probe.getsockname())
    command = [str(PROGRAM), "serve", "--bind", address]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            store = Oxigraph.at(f"http://{address}", Access())
            with Client(store, RetryPolicy(tries=12, first=0.01)) as client:
                client.count("urn:x-tipgraph:any")
            yield store
        finally:
            server.terminate()


@contextmanager
def virtuoso() -> Iterator[Store]:
    """A Virtuoso that keeps all on the disk, and may move two million triples at once."""
    limit = "TransactionAfterImageLimit = 500000000"
    with tempfile.TemporaryDirectory() as folder, virtuoso_in(Path(folder), limit) as base:
        yield Virtuoso.at(base, Access(*DBA))


KINDS = {
    "oxigraph": Kind("Oxigraph, in memory", oxigraph, 1_000_000, 10, has_bounds=True),
    "virtuoso": Kind("Virtuoso, on disk", virtuoso, 250_000, 5, has_bounds=False),
}
