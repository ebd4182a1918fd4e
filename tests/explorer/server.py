"""A real server of the SPARQL endpoint alone, on a free port."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx
import uvicorn
from pyoxigraph import Store
from starlette.applications import Starlette

import tipgraph
from tipgraph.explorer.sparql import routes
from tipgraph.explorer.workers import QuerySettings
from tipgraph.resources import folders
from tipgraph.store.engine import Embedded

# To read the certificate authorities takes longer than a request.
CLIENT = httpx.Client(verify=False, timeout=30)


@contextmanager
def serving(store: Store, settings: QuerySettings | None = None) -> Iterator[str]:
    """The address of an endpoint over the store."""
    graph = tipgraph.LocalGraph(Embedded(store), folders.shipped(), own=(), bundled=True)
    app = Starlette(routes=routes(graph, settings or QuerySettings()))
    # HTTP in Python: the other parser is not installed everywhere.
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", http="h11")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/sparql"
    server.should_exit = True
    thread.join()
