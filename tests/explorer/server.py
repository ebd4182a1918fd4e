"""A real server of the SPARQL endpoint alone, on a free port, in this process or in another."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx
import pytest
import uvicorn
from pyoxigraph import Literal, NamedNode, Quad, Store
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

import tipgraph
from tipgraph.explorer.http import Policy
from tipgraph.explorer.sparql import routes
from tipgraph.explorer.workers import QuerySettings
from tipgraph.resources import folders
from tipgraph.store.engine import Embedded

Process = subprocess.Popen[str]

# To read the certificate authorities takes longer than a request.
CLIENT = httpx.Client(verify=False, timeout=30)


@contextmanager
def serving(store: Store, settings: QuerySettings | None = None) -> Iterator[str]:
    """The address of an endpoint over the store, served by a thread."""
    if sys.platform == "win32":
        pytest.skip("queries need fork")
    server = _server(store, settings or QuerySettings())
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield _address(server)
    server.should_exit = True
    thread.join()


@contextmanager
def server_process(triples: int, timeout: float) -> Iterator[tuple[str, Process]]:
    """The address and the process of a server of as many triples."""
    command = [sys.executable, "-m", "tests.explorer.server", str(triples), str(timeout)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


def numbered(triples: int) -> Store:
    """A store of triples, each with a subject and a number of its own."""
    store, predicate = Store(), NamedNode("http://example.org/p")
    graph = NamedNode("http://example.org/graph")
    store.bulk_extend(
        Quad(NamedNode(f"http://example.org/{number}"), predicate, Literal(number), graph)
        for number in range(triples)
    )
    return store


async def _page(request: Request) -> Response:
    return HTMLResponse("<p>the page of the endpoint</p>")


def _server(store: Store, settings: QuerySettings) -> uvicorn.Server:
    graph = tipgraph.LocalGraph(Embedded(store), folders.shipped(), own=(), bundled=True)
    policy = Middleware(Policy, host="127.0.0.1")
    app = Starlette(routes=routes(graph, settings, _page), middleware=[policy])
    # HTTP in Python: the other parser is not installed everywhere.
    return uvicorn.Server(
        uvicorn.Config(
            app,
            port=0,
            log_level="error",
            lifespan="off",
            http="h11",
            timeout_graceful_shutdown=1,
        )
    )


def _address(server: uvicorn.Server) -> str:
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/sparql"


def _main() -> None:
    server = _server(numbered(int(sys.argv[1])), QuerySettings(timeout=float(sys.argv[2])))

    def announce() -> None:
        while not server.started:
            time.sleep(0.01)
        print(_address(server), flush=True)

    Thread(target=announce, daemon=True).start()
    server.run()


if __name__ == "__main__":
    _main()
