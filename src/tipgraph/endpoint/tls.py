"""Certificates are verified, always; a private authority is one that the user names."""

import ssl

from tipgraph.endpoint.settings import Access
from tipgraph.errors import InputError


def context(access: Access) -> ssl.SSLContext:
    """What holds a store's certificate against the system's authorities, or the user's own.

    Raises InputError when the file with the own ones cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=access.ca_file)
    except OSError as error:
        reason = error.strerror or "it holds no certificate"
        raise InputError(f"--ca-file {access.ca_file}: cannot be read ({reason})") from None
