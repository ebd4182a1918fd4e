"""Real SPARQL servers, started for tests on free ports and stopped afterwards."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from secrets import randbelow
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from tests.tools import TOOLS

PROGRAM = Path(sysconfig.get_path("scripts")) / "oxigraph"
# The password that Virtuoso gives its administrator when it makes a database.
DBA = ("dba", "dba")

STOCK = Path("/etc/virtuoso-opensource-7/virtuoso.ini")
VIRTUOSO = """
[Database]
DatabaseFile    = {folder}/virtuoso.db
ErrorLogFile    = {folder}/virtuoso.log
LockFile        = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend      = 200
TempStorage     = TempDatabase

[TempDatabase]
DatabaseFile    = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx

[Parameters]
ServerPort      = {sql}
DisableUnixSocket = 1
NumberOfBuffers = 100000
MaxDirtyBuffers = 75000
MaxMemPoolSize  = 1600000000
; Otherwise it makes plans of a long query for half a minute before it takes one.
MaxOptimizeLayouts = 150
StopCompilerWhenXOverRunTime = 1
; As in Debian's settings. Otherwise each query that sorts starts sixteen threads.
ThreadsPerQuery = 4
CaseMode        = 2
DirsAllowed     = {folder}
{parameters}

[HTTPServer]
ServerPort      = {http}
ServerThreads   = 20
MaxKeepAlives   = 20
KeepAliveTimeout = 10

[SPARQL]
ResultSetMaxRows = 10000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = {seconds}
{sparql}
"""


REPOSITORY = """
@prefix repository: <http://www.openrdf.org/config/repository#> .
@prefix sail:       <http://www.openrdf.org/config/sail#> .
[] a repository:Repository ;
  repository:repositoryID "tests" ;
  repository:repositoryImpl [
    repository:repositoryType "openrdf:SailRepository" ;
    <http://www.openrdf.org/config/repository/sail#sailImpl> [
      sail:sailType "openrdf:NativeStore" ;
      <http://www.openrdf.org/config/sail/native#tripleIndexes> "spoc,posc,cpos"
    ]
  ] .
"""
# It compiles quickly rather than well: tests ask little of a server.
JAVA = ("java", "-Xmx2g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
JARS = TOOLS / "stores"
FUSEKI = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"


def oxigraph(folder: Path) -> AbstractContextManager[str]:
    """An empty Oxigraph that keeps its data in the folder; gives its base address."""
    return _oxigraph(folder, "--location", str(folder))


def oxigraph_in_memory(folder: Path) -> AbstractContextManager[str]:
    """The same with its data in memory, where a load takes it a sixth of the time."""
    return _oxigraph(folder)


@contextmanager
def _oxigraph(folder: Path, *options: str) -> Iterator[str]:
    folder.mkdir(exist_ok=True)
    address = f"127.0.0.1:{free_port()}"
    command = [str(PROGRAM), "serve", *options, "--bind", address]
    with _running(command, folder, f"http://{address}/"):
        yield f"http://{address}"


@contextmanager
def virtuoso(
    folder: Path, parameters: str = "", sparql: str = "", seconds: int = 60
) -> Iterator[str]:
    """An empty Virtuoso 7 that keeps its data in the folder; gives its base address.

    `parameters` and `sparql` are further lines for these sections of its ini file; a request may
    take these seconds.
    """
    sql, http = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    values = {"parameters": parameters, "sparql": sparql, "seconds": seconds}
    ini.write_text(VIRTUOSO.format(folder=folder, sql=sql, http=http, **values))
    with _running_virtuoso(ini, http) as base:
        yield base


@contextmanager
def stock_virtuoso(folder: Path) -> Iterator[str]:
    """A Virtuoso with the settings of Debian's package, in the folder; gives its base address."""
    sql, http = free_port(), free_port()
    text = STOCK.read_text().replace("/var/lib/virtuoso-opensource-7/db", str(folder))
    ports = iter((sql, http))
    ini = folder / "virtuoso.ini"
    ini.write_text(re.sub(r"(?<=ServerPort) *= \d+", lambda _: f" = {next(ports)}", text))
    with _running_virtuoso(ini, http) as base:
        yield base


def bulk_load(folder: Path, file: str) -> None:
    """Fill the running Virtuoso of this folder with N-Quads in it, by its own loader."""
    found = re.search(r"ServerPort *= (\d+)", (folder / "virtuoso.ini").read_text())
    assert found
    steps = f"ld_dir('.', '{file}', 'urn:x-tests:default'); rdf_loader_run(); checkpoint;"
    subprocess.run(["isql-vt", found[1], *DBA, f"EXEC={steps}"], check=True, capture_output=True)


@contextmanager
def _running_virtuoso(ini: Path, port: int) -> Iterator[str]:
    command = ["virtuoso-t", "+foreground", "+configfile", str(ini)]
    base = f"http://127.0.0.1:{port}"
    with _running(command, ini.parent, f"{base}/sparql?query=ASK%7B%7D", signal.SIGKILL):
        yield base


@contextmanager
def fuseki(folder: Path, end: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """A Fuseki whose dataset is a TDB2 in the folder; gives the dataset's address.

    It ends by this signal.
    """
    port = free_port()
    base = f"http://127.0.0.1:{port}/tests"
    where = ["--localhost", f"--port={port}", f"--loc={folder}", "--update", "/tests"]
    command = [*JAVA, "-cp", str(JARS / "fuseki.jar"), FUSEKI, *where]
    with _running(command, folder, f"{base}?query=ASK%7B%7D", end):
        yield base


@contextmanager
def rdf4j(folder: Path) -> Iterator[str]:
    """An RDF4J with a native store in the folder, empty if new; gives the repository's address."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/rdf4j-server"
    options = [f"-Dorg.eclipse.rdf4j.appdata.basedir={folder}", "-jar", str(JARS / "jetty.jar")]
    where = ["--host", "127.0.0.1", "--port", str(port), "--path", "/rdf4j-server"]
    command = [*JAVA, *options, *where, str(JARS / "rdf4j.war")]
    with _running(command, folder, f"{base}/protocol"):
        repository = f"{base}/repositories/tests"
        if not (folder / "server" / "repositories" / "tests").exists():
            _put(repository, REPOSITORY)
        yield repository


class StoreKind(NamedTuple):
    """A kind of store: how to start an empty one in a folder, and what it needs and asks for."""

    start: Callable[..., AbstractContextManager[str]]
    program: str | Path
    environment: Mapping[str, str] = MappingProxyType({})


STORES = {
    "oxigraph": StoreKind(oxigraph, PROGRAM),
    "virtuoso": StoreKind(
        virtuoso, "virtuoso-t", {"TIPGRAPH_USER": DBA[0], "TIPGRAPH_PASSWORD": DBA[1]}
    ),
    "fuseki": StoreKind(fuseki, JARS),
    "rdf4j": StoreKind(rdf4j, JARS),
}


def started(kind: str, folder: Path, *options: Any) -> AbstractContextManager[str]:
    """Start a store; skip the test where it is not installed, but not in CI."""
    return installed(kind, STORES[kind].start, folder, *options)


def quick(kind: str, folder: Path) -> AbstractContextManager[str]:
    """Start a store in which a test may load much: an Oxigraph in memory, others as `started`."""
    start = oxigraph_in_memory if kind == "oxigraph" else STORES[kind].start
    return installed(kind, start, folder)


def installed(
    kind: str, start: Callable[..., AbstractContextManager[str]], *options: Any
) -> AbstractContextManager[str]:
    """Start a store of a kind in some way; skip the test where it is not installed."""
    store = STORES[kind]
    if not (shutil.which(store.program) or Path(store.program).exists() or "CI" in os.environ):
        pytest.skip(f"{kind} is not installed (Debian: virtuoso-opensource-7; others: make tools)")
    return start(*options)


def put(base: str, graph: str, turtle: str) -> None:
    """Put the text into the named graph of the server at this base address."""
    _put(f"{base}/store?graph={graph}", turtle)


def dumped(base: str) -> bytes:
    """All that the Oxigraph at this base address has, as N-Quads."""
    request = urllib.request.Request(f"{base}/store", headers={"Accept": "application/n-quads"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return bytes(response.read())


def filled(kind: str, base: str, quads: bytes) -> None:
    """Fill an empty Fuseki or RDF4J with N-Quads, at once."""
    where = base if kind == "fuseki" else f"{base}/statements"
    _put(where, quads, "application/n-quads", 300)


def _put(
    address: str, content: bytes | str, media_type: str = "text/turtle", timeout: float = 10
) -> None:
    data = content.encode() if isinstance(content, str) else content
    request = urllib.request.Request(
        address, data=data, headers={"Content-Type": media_type}, method="PUT"
    )
    with urllib.request.urlopen(request, timeout=timeout) as response:
        assert response.status in (200, 201, 204)


@contextmanager
def _running(
    command: list[str], folder: Path, address: str, end: signal.Signals = signal.SIGTERM
) -> Iterator[None]:
    """Run a server that answers at this address until the context ends, by this signal then."""
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, stdout=nowhere, stderr=nowhere) as server:
        try:
            _wait_for(server, address)
            yield
        finally:
            server.send_signal(end)


def free_port() -> int:
    """A port that is free, and not one of those that clients are given (on Linux, from 32768)."""
    while True:
        port = 20_000 + randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _wait_for(server: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(1200):
        assert server.poll() is None, f"{server.args!r} ended"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(address)
