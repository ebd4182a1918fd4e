"""The plan of a load: what happens to each named graph, decided before anything is changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tipgraph.endpoint.client import GraphClient
from tipgraph.errors import UsageError
from tipgraph.loader.manifest import Manifest, ManifestEntry
from tipgraph.loader.sources import TargetGraph
from tipgraph.loader.verify import Verify, is_same


class Action(StrEnum):
    """An action on a graph."""

    CREATE = "create"
    REPLACE = "replace"
    KEEP = "keep"
    REMOVE = "remove"


@dataclass(frozen=True)
class PlanStep:
    """The action on one graph. `before` is its number of triples now.

    A graph that is removed has no `target`.
    """

    graph: str
    action: Action
    before: int
    target: TargetGraph | None = None

    @property
    def triples(self) -> int:
        """The number of triples that it is to have."""
        return self.target.content.triples if self.target else 0


def plan(
    client: GraphClient,
    manifest: Manifest,
    targets: Iterable[TargetGraph],
    force: bool = False,
    prune: str | None = None,
    how: Verify = Verify.COUNTS,
) -> list[PlanStep]:
    """Return a step for each target, and for each graph to prune.

    A graph is kept when it was recorded with the same hash and has as many triples as then, or,
    with full verification, the same ones. With `prune`, graphs that were loaded before, have this
    prefix and are no target are removed. Raises UsageError where a graph was not loaded by tipgraph
    and `force` is not given, and EndpointError.
    """
    targets = list(targets)
    # A graph is claimed before it gets triples, so they are counted first.
    counts = {each.name: client.count(each.name) for each in targets}
    entries = manifest.read()
    steps = [
        _step(client, each, counts[each.name], entries.get(each.name), force, how)
        for each in targets
    ]
    names = {each.name for each in targets}
    if prune is not None:
        old = (name for name in sorted(entries) if name.startswith(prune) and name not in names)
        steps += [PlanStep(name, Action.REMOVE, client.count(name)) for name in old]
    return steps


def _step(
    client: GraphClient,
    target: TargetGraph,
    before: int,
    entry: ManifestEntry | None,
    force: bool,
    how: Verify,
) -> PlanStep:
    if entry is None and before and not force:
        raise UsageError(
            f"<{target.name}> contains {before:,} triples that tipgraph did not load;"
            " choose another graph, or replace it with --force"
        )
    is_current = entry == ManifestEntry(before, target.content.sha256) and (
        how is Verify.COUNTS or is_same(client, target.name, target.content)
    )
    if is_current and not force:
        return PlanStep(target.name, Action.KEEP, before, target)
    return PlanStep(target.name, Action.REPLACE if before else Action.CREATE, before, target)
