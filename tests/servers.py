"""Real SPARQL servers, started for tests on free ports and stopped afterwards."""

import os
import shutil
import socket
import subprocess
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import randbelow

import pytest

PROGRAM = Path(sysconfig.get_path("scripts")) / "oxigraph"
# The password that Virtuoso gives its administrator when it makes a database.
DBA = ("dba", "dba")

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
MaxQueryExecutionTime = 60
{sparql}
"""


def require_virtuoso() -> None:
    """Skip the test where there is no Virtuoso; in CI there must be one."""
    if not (shutil.which("virtuoso-t") or "CI" in os.environ):
        pytest.skip("virtuoso-t is not installed (Debian: virtuoso-opensource-7)")


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """An empty Oxigraph that keeps its data in the folder; gives its base address."""
    address = f"127.0.0.1:{_free_port()}"
    command = [str(PROGRAM), "serve", "--location", str(folder), "--bind", address]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(server, f"http://{address}/")
            yield f"http://{address}"
        finally:
            server.terminate()


@contextmanager
def virtuoso(folder: Path, parameters: str = "", sparql: str = "") -> Iterator[str]:
    """An empty Virtuoso 7 that keeps its data in the folder; gives its base address.

    `parameters` and `sparql` are further lines for these sections of its ini file.
    """
    sql, http = _free_port(), _free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(
        VIRTUOSO.format(folder=folder, sql=sql, http=http, parameters=parameters, sparql=sparql)
    )
    program = shutil.which("virtuoso-t")
    assert program, "Virtuoso is not installed"
    command = [program, "+foreground", "+configfile", str(ini)]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(server, f"http://127.0.0.1:{http}/sparql?query=ASK%7B%7D")
            yield f"http://127.0.0.1:{http}"
        finally:
            server.kill()


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
