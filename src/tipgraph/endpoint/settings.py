"""Settings of a store: from the command line, the environment and a file, in this order.

The file is `tipgraph/config.toml` in `~/.config` (or `$XDG_CONFIG_HOME`):

    [endpoints.work]
    url      = "https://sparql.example.org/dataset"
    store    = "fuseki"
    user     = "loader"
    password = "…"
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os.path import exists, expanduser, join

from tipgraph.errors import InputError, UsageError
from tipgraph.files import read_toml
from tipgraph.text import did_you_mean, nearest

# The fields of Endpoint with an address.
ADDRESSES = ("url", "query_url", "update_url", "graph_store_url")
# The start of an address with a user, also where its scheme or its slashes are mistyped.
PASSWORD = re.compile(r"(?:[^/?#]*/+)?[^/?#]*@")
# The seconds in which a graph must be read.
READING = 600.0
KEYS = {
    *("url", "store", "query-url", "update-url", "graph-store-url"),
    *("user", "password", "token", "ca-file"),
}


@dataclass(frozen=True)
class Access:
    """The credentials for a store, and the authority that its certificate is verified by.

    Secrets are left out of its text, so that no message shows them.
    """

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    ca_file: str | None = None

    @property
    def is_anonymous(self) -> bool:
        return not (self.user or self.token)

    @property
    def token_header(self) -> dict[str, str]:
        """The header with the token: Bearer (RFC 6750), unless it has its own scheme (`GDB …`).

        Raises UsageError when the token cannot be sent.
        """
        if not self.token:
            return {}
        if not (self.token.isascii() and self.token.isprintable()):
            raise UsageError(
                "TIPGRAPH_TOKEN, or the token in the file, contains a character that no token has;"
                " remove line ends and non-ASCII characters"
            )
        return {"Authorization": self.token if " " in self.token else f"Bearer {self.token}"}


@dataclass(frozen=True)
class Endpoint:
    """The user's settings for a store: addresses, kind, access; each may be missing.

    `url` is the base address, the query address, or the name of an entry in the file.
    """

    url: str | None = None
    store: str | None = None
    query_url: str | None = None
    update_url: str | None = None
    graph_store_url: str | None = None
    access: Access = Access()


def resolve_endpoint(given: Endpoint, environment: Mapping[str, str] = os.environ) -> Endpoint:
    """Return the endpoint with what the environment and the file add to the command line.

    Raises UsageError when an address contains a password, credentials are incomplete, or the file
    has no entry of that name; InputError when the file is broken.
    """
    for name in ADDRESSES:
        _check_no_password(getattr(given, name) or "")
    is_name = given.url is not None and "://" not in given.url
    entry = _entry(str(given.url)) if is_name else {}
    where = f"the endpoint {given.url!r} in {config_file()}" if is_name else ""
    endpoint = Endpoint(
        **{
            name: getattr(given, name) or entry.get(name.replace("_", "-"))
            for name in ("store", *ADDRESSES)
        },
        access=Access(
            **(_from_environment(environment) or _from_entry(entry, where)),
            ca_file=given.access.ca_file
            or environment.get("TIPGRAPH_CA_FILE")
            or entry.get("ca-file"),
        ),
    )
    if is_name:
        endpoint = replace(endpoint, url=entry.get("url"))
    if not (endpoint.url or endpoint.query_url):
        raise UsageError(f"{where}: add its 'url'" if is_name else "name the store with --endpoint")
    for name in ADDRESSES:
        _check_address(getattr(endpoint, name))
    _check_graph_store(endpoint.graph_store_url or "")
    return endpoint


def config_file() -> str:
    """Return the path of the file with named endpoints."""
    base = os.environ.get("XDG_CONFIG_HOME") or join(expanduser("~"), ".config")
    return join(base, "tipgraph", "config.toml")


def _entry(name: str) -> dict[str, str]:
    file = config_file()
    endpoints = read_toml(file).get("endpoints", {}) if exists(file) else {}
    if not isinstance(endpoints, dict):
        raise InputError(f"{file}: write each endpoint as [endpoints.NAME]")
    if name not in endpoints:
        hint = did_you_mean(nearest(name, endpoints, most=1))
        hint = hint or "an address begins with http:// or https://"
        raise UsageError(f"unknown endpoint {name!r} in {file}; {hint}")
    entry = endpoints[name]
    if not isinstance(entry, dict):
        raise InputError(f"{file}: write [endpoints.{name}] and its settings below it")
    for key, value in entry.items():
        if key not in KEYS:
            raise InputError(f"{file}: unknown setting {key!r} of the endpoint {name!r}")
        if not isinstance(value, str):
            raise InputError(f"{file}: {key} of the endpoint {name!r} must be a string")
    return entry


def _from_environment(environment: Mapping[str, str]) -> dict[str, str | None]:
    names = {key: f"TIPGRAPH_{key.upper()}" for key in ("user", "password", "token")}
    values = {key: environment.get(name) or None for key, name in names.items()}
    return _credentials(values, names)


def _from_entry(entry: Mapping[str, str], where: str) -> dict[str, str | None]:
    names = {key: f"{key} of {where}" for key in ("user", "password", "token")}
    return _credentials({key: entry.get(key) or None for key in names}, names)


def _credentials(values: dict[str, str | None], names: Mapping[str, str]) -> dict[str, str | None]:
    """Return a user with a password, or a token, or nothing at all."""
    given = {key for key, value in values.items() if value}
    if "token" in given and len(given) > 1:
        raise UsageError(f"give either {names['token']} or {names['user']}, not both")
    for key, other in (("user", "password"), ("password", "user")):
        if key in given and other not in given:
            raise UsageError(f"{names[key]} is set, but not {names[other]}; set both")
    return values if given else {}


def _check_no_password(address: str) -> None:
    if PASSWORD.match(address):
        raise UsageError(
            "an address must not contain a password;"
            " set TIPGRAPH_USER and TIPGRAPH_PASSWORD instead"
        )


def _check_graph_store(address: str) -> None:
    """Raise UsageError for an address where some stores replace all graphs by what is put there."""
    if "?" in address:
        raise UsageError(f"{address}: leave out what begins with '?'")
    if address.rstrip("/").endswith("/statements"):
        raise UsageError(
            f"{address}: RDF4J would replace the whole repository; use …/rdf-graphs/service"
        )


def _check_address(address: str | None) -> None:
    if address is None:
        return
    # Not needed by commands that use no store, which start faster without.
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (it raises when it is not a number)
        # A host with an empty label or one that is too long raises UnicodeError.
        host = parts.hostname or ""
        host.encode("idna")
        if host.startswith("xn--") or ".xn--" in host:
            import idna

            # The client decodes it by a stricter standard.
            idna.decode(host)
    except ValueError:
        raise UsageError("an address is not a URL; it looks like http://host:7878") from None
    _check_no_password(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{address}: not a URL; it looks like http://host:7878")
    if "#" in address:
        raise UsageError(f"{address}: leave out what begins with '#', which no store receives")
