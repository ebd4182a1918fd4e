"""Options that say which store is meant, and how it is reached."""

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
        help="The store: its base address, its address for queries, or a name of config.toml.",
    ),
    click.option(
        "--store", metavar="KIND", help="oxigraph, virtuoso, fuseki, rdf4j, graphdb or sparql."
    ),
    click.option("--query-url", metavar="URL", help="Where the store takes queries."),
    click.option("--update-url", metavar="URL", help="Where the store takes updates."),
    click.option(
        "--graph-store-url", metavar="URL", help="Where it speaks the Graph Store Protocol."
    ),
    click.option(
        "--ca-file", metavar="FILE", help="The authority that a private certificate is from."
    ),
)


def endpoint_options(command: Command) -> Command:
    """The options for a store. The command gets one `endpoint`, which is None without any."""

    @wraps(command)
    def gathered(
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

    return reduce(lambda inner, option: option(inner), reversed(OPTIONS), gathered)
