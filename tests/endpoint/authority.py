"""A private certificate authority, and a certificate that it issued for 127.0.0.1."""

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

OF_SERVER = "subjectAltName=IP:127.0.0.1"


@dataclass(frozen=True)
class Authority:
    """The file with the authority's certificate, and the TLS context of a server."""

    file: Path
    context: ssl.SSLContext


def authority(folder: Path) -> Authority:
    """Return a new authority, made in the folder."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    own = _certificate(folder, "authority", "-addext", "keyUsage=critical,keyCertSign")
    signed = "-CA", str(own), "-CAkey", str(own.with_suffix(".key")), "-addext", OF_SERVER
    server = _certificate(folder, "server", *signed, "-addext", "basicConstraints=CA:FALSE")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server, server.with_suffix(".key"))
    return Authority(own, context)


def _certificate(folder: Path, name: str, *options: str) -> Path:
    file = folder / f"{name}.pem"
    key = "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"
    into = "-keyout", str(file.with_suffix(".key")), "-out", str(file)
    command = ["openssl", "req", "-x509", *key, *into, "-subj", f"/CN={name}", "-days", "2"]
    subprocess.run([*command, *options], check=True, capture_output=True)
    return file
