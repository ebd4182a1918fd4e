"""Options that name a store and how to access it."""

from functools import reduce, wraps
from typing import Any

import click

from tipgraph.cli.options import Command
from tipgraph.endpoint.settings import Access, Endpoint

OPTIONS = (
    click.option(
        "--endpoint",
        "url",
        metavar="URL",
        help="Triple store: its base address, its query address, or a name from config.toml.",
    ),
    click.option(
        "--store",
        metavar="KIND",
        help="Kind of store: oxigraph, virtuoso, fuseki, rdf4j, graphdb or sparql.",
    ),
    click.option("--query-url", metavar="URL", help="The store's address for queries."),
    click.option("--update-url", metavar="URL", help="The store's address for updates."),
    click.option(
        "--graph-store-url",
        metavar="URL",
        help="The store's address for the Graph Store Protocol.",
    ),
    click.option(
        "--ca-file",
        type=click.Path(),
        metavar="FILE",
        help="Certificate authority that issued a private certificate.",
    ),
)


def endpoint_options(command: Command) -> Command:
    """Add the options for a store. The command gets one `endpoint`, None when none is given."""

    @wraps(command)
    def wrapper(
        url: str | None,
        store: str | None,
        query_url: str | None,
        update_url: str | None,
        graph_store_url: str | None,
        ca_file: str | None,
        **rest: Any,
    ) -> int | None:
        access = Access(ca_file=ca_file)
        given = Endpoint(url, store, query_url, update_url, graph_store_url, access)
        return command(endpoint=None if given == Endpoint() else given, **rest)

    return reduce(lambda inner, option: option(inner), reversed(OPTIONS), wrapper)
