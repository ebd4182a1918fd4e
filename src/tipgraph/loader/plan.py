"""What a load would do to each named graph of a store, before it does anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tipgraph.endpoint.client import Client
from tipgraph.errors import UsageError
from tipgraph.loader import manifest
from tipgraph.loader.graphs import Wanted
from tipgraph.loader.manifest import Entry
from tipgraph.loader.verify import Verify, is_same


class Action(StrEnum):
    """What becomes of a graph."""

    CREATE = "create"
    REPLACE = "replace"
    KEEP = "keep"
    REMOVE = "remove"


@dataclass(frozen=True)
class Step:
    """One graph: what becomes of it, how many triples it has and is to have; none when removed.

    `found` are the triples that are there now.
    """

    graph: str
    action: Action
    found: int
    wanted: Wanted | None = None

    @property
    def triples(self) -> int:
        return self.wanted.content.triples if self.wanted else 0


def plan(
    client: Client,
    wanted: Iterable[Wanted],
    force: bool = False,
    prune: str | None = None,
    how: Verify = Verify.COUNTS,
) -> list[Step]:
    """A step for each graph that is wanted; and with `prune`, for each below that name that
    tipgraph loaded once and that is wanted no more.

    A graph is kept when it was noted with the same hash and has as many triples as then, or all
    the same ones where verification is full. Raises UsageError where a graph of a wanted name is
    none of ours and `force` is not given, and EndpointError.
    """
    wanted = list(wanted)
    entries = manifest.read(client)
    steps = [_step(client, each, entries.get(each.graph), force, how) for each in wanted]
    names = {each.graph for each in wanted}
    if prune is not None:
        gone = (name for name in sorted(entries) if name.startswith(prune) and name not in names)
        steps += [Step(name, Action.REMOVE, client.count(name)) for name in gone]
    return steps


def _step(client: Client, wanted: Wanted, entry: Entry | None, force: bool, how: Verify) -> Step:
    found = client.count(wanted.graph)
    if entry is None and found and not force:
        raise UsageError(
            f"<{wanted.graph}> holds {found:,} triples that tipgraph did not load;"
            " choose another graph, or replace it with --force"
        )
    is_kept = entry == Entry(found, wanted.content.sha256) and (
        how is Verify.COUNTS or is_same(client, wanted.graph, wanted.content)
    )
    if is_kept and not force:
        return Step(wanted.graph, Action.KEEP, found, wanted)
    return Step(wanted.graph, Action.REPLACE if found else Action.CREATE, found, wanted)
