"""Where a store is and who asks: from the command line, the environment, and a file, in that order.

The file is `tipgraph/config.toml` in `~/.config` (or `$XDG_CONFIG_HOME`):

    [endpoints.work]
    url      = "https://sparql.example.org/dataset"
    store    = "fuseki"
    user     = "loader"
    password = "…"
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os.path import expanduser, join
from typing import Any

from tipgraph.errors import InputError, UsageError

KEYS = {
    "url",
    "store",
    "query-url",
    "update-url",
    "graph-store-url",
    "user",
    "password",
    "token",
    "ca-file",
}


@dataclass(frozen=True)
class Access:
    """As whom a store is asked, and which authority its certificate is held against.

    Secrets are no part of its text, so that they come into no message.
    """

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    ca_file: str | None = None

    @property
    def is_anonymous(self) -> bool:
        return not (self.user or self.token)

    @property
    def bearing(self) -> dict[str, str]:
        """The header with the token: a bearer's (RFC 6750), unless it tells its scheme: `GDB …`.

        Raises UsageError for what cannot be a token.
        """
        if not self.token:
            return {}
        if not (self.token.isascii() and self.token.isprintable()):
            raise UsageError(
                "TIPGRAPH_TOKEN, or the file's token, holds a character that no token has;"
                " is there a line end in it?"
            )
        return {"Authorization": self.token if " " in self.token else f"Bearer {self.token}"}


@dataclass(frozen=True)
class Endpoint:
    """What is known of a store before it is asked: addresses, kind, access; any may be missing.

    `url` is the base address, the address for queries, or the name of an entry in the file.
    """

    url: str | None = None
    store: str | None = None
    query_url: str | None = None
    update_url: str | None = None
    graph_store_url: str | None = None
    access: Access = Access()


def settled(given: Endpoint, environment: Mapping[str, str] = os.environ) -> Endpoint:
    """What is meant in the end by what the command line gives.

    Raises UsageError when an address holds a password, credentials are half given, or no entry
    of the file has the name; InputError when the file is broken.
    """
    for address in (given.url, given.query_url, given.update_url, given.graph_store_url):
        _check_no_password(address or "")
    named = given.url is not None and "://" not in given.url
    entry = _entry(str(given.url)) if named else {}
    where = f"the endpoint {given.url!r} in {config_file()}" if named else ""
    meant = replace(
        given,
        url=entry.get("url") if named else given.url,
        store=given.store or entry.get("store"),
        query_url=given.query_url or entry.get("query-url"),
        update_url=given.update_url or entry.get("update-url"),
        graph_store_url=given.graph_store_url or entry.get("graph-store-url"),
        access=Access(
            **(_from_environment(environment) or _from_entry(entry, where)),
            ca_file=given.access.ca_file
            or environment.get("TIPGRAPH_CA_FILE")
            or entry.get("ca-file"),
        ),
    )
    if not (meant.url or meant.query_url):
        raise UsageError(f"{where}: needs a 'url'" if named else "say with --endpoint which store")
    for address in (meant.url, meant.query_url, meant.update_url, meant.graph_store_url):
        _check(address)
    return meant


def config_file() -> str:
    """The path of the file with named endpoints."""
    base = os.environ.get("XDG_CONFIG_HOME") or join(expanduser("~"), ".config")
    return join(base, "tipgraph", "config.toml")


def _entry(name: str) -> dict[str, str]:
    endpoints = _read(config_file())
    if name not in endpoints:
        from tipgraph.lookup.entities import nearest

        near = nearest(name, endpoints)
        hint = (
            f"did you mean {near[0]!r}?" if near else "an address begins with http:// or https://"
        )
        raise UsageError(f"no endpoint is called {name!r} in {config_file()}; {hint}")
    entry = endpoints[name]
    if not isinstance(entry, dict):
        raise InputError(f"{config_file()}: write [endpoints.{name}] and its settings below it")
    for key, value in entry.items():
        if key not in KEYS:
            raise InputError(f"{config_file()}: unknown setting {key!r} of the endpoint {name!r}")
        if not isinstance(value, str):
            raise InputError(f"{config_file()}: {key} of the endpoint {name!r} must be a text")
    return entry


def _read(file: str) -> dict[str, Any]:
    import tomllib

    try:
        with open(file, "rb") as opened:
            content = tomllib.load(opened)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The reason tells the place; the line itself may hold a password.
        raise InputError(f"{file}: is no TOML ({error})") from None
    endpoints = content.get("endpoints", {})
    if not isinstance(endpoints, dict):
        raise InputError(f"{file}: write each endpoint as [endpoints.NAME]")
    return endpoints


def _from_environment(environment: Mapping[str, str]) -> dict[str, str | None]:
    names = {key: f"TIPGRAPH_{key.upper()}" for key in ("user", "password", "token")}
    return _whole({key: environment.get(name) or None for key, name in names.items()}, names)


def _from_entry(entry: Mapping[str, str], where: str) -> dict[str, str | None]:
    names = {key: f"{key} of {where}" for key in ("user", "password", "token")}
    return _whole({key: entry.get(key) or None for key in names}, names)


def _whole(credentials: dict[str, str | None], names: Mapping[str, str]) -> dict[str, str | None]:
    """Either a user with a password, or a token, or nothing at all."""
    given = {key for key, value in credentials.items() if value}
    if "token" in given and len(given) > 1:
        raise UsageError(f"give either {names['token']} or {names['user']}, not both")
    for key, other in (("user", "password"), ("password", "user")):
        if key in given and other not in given:
            raise UsageError(f"there is {names[key]}, but not {names[other]}")
    return credentials if given else {}


def _check_no_password(address: str) -> None:
    if "@" in address.rpartition("://")[2].partition("/")[0]:
        raise UsageError(
            "an address must not hold a password; set TIPGRAPH_USER and TIPGRAPH_PASSWORD instead"
        )


def _check(address: str | None) -> None:
    if address is None:
        return
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (it raises when it is no number)
    except ValueError:
        raise UsageError(
            "an endpoint's address is no URL; it looks like http://host:7878"
        ) from None
    _check_no_password(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{address}: an endpoint's address looks like http://host:7878")
