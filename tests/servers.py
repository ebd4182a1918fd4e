"""Real SPARQL servers, started for tests on free ports and stopped afterwards."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = Path(sys.executable).parent / "oxigraph"


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """An empty Oxigraph that keeps its data in the folder; gives its base address."""
    address = f"127.0.0.1:{_free_port()}"
    command = [str(PROGRAM), "serve", "--location", str(folder), "--bind", address]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://{address}/")
            yield f"http://{address}"
        finally:
            server.terminate()


def put(base: str, graph: str, turtle: str) -> None:
    """Put the text into the named graph of the server at this base address."""
    request = urllib.request.Request(
        f"{base}/store?graph={graph}",
        data=turtle.encode(),
        headers={"Content-Type": "text/turtle"},
        method="PUT",
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.status in (201, 204)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(address)
