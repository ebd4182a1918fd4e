"""Time `tipgraph load` beside curl, which sends the same file to the same store.

Two tasks are timed: the upload of a prepared file, and a complete load (upload to a staging graph,
count, move into place; curl by a MOVE, which must not arrive twice). The contenders take turns, so
that other work on the machine slows all of them, and their fastest runs are compared. Then the
command runs as a process, which also parses and sorts a file, and once more with twice as many
triples, which must not take more memory. Each run has a new, empty store.

Oxigraph keeps its data in memory: on disk it takes twenty times as long, whatever the client, so
that differences between clients would not show. Virtuoso is slow; by default it gets fewer triples
in fewer rounds, and has no bounds. The exit code is 1 when a bound is exceeded.
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from bench import triples as generator
from bench.processes import COMMAND, Run, machine, run
from bench.stores import KINDS, StoreKind
from tipgraph.endpoint.client import TRIPLES, GraphClient
from tipgraph.endpoint.profiles import RemoteStore
from tipgraph.loader.sorted_ntriples import SortedTriples, sort_by_graph
from tipgraph.loader.sources import ReservedNames, TargetGraph
from tipgraph.loader.transfer import Transfer
from tipgraph.loader.verify import Verify
from tipgraph.rdf.files import read

GRAPH, STAGING = "https://example.org/graph/bench", "https://example.org/graph/staging"
NAMES = ReservedNames("urn:x-bench:manifest", "urn:x-bench:staging/", "urn:x-bench:blank/")


class Task(NamedTuple):
    """The triples as generated and as sent, and the file for a command's output."""

    file: Path
    content: SortedTriples
    output: Path


class Bound(NamedTuple):
    """A result, its bound, and whether the result is within it."""

    result: str
    bound: str
    is_met: bool


Contender = Callable[[Task, RemoteStore], Run]


@click.command(help=__doc__)
@click.option(
    "--store",
    "names",
    multiple=True,
    type=click.Choice(list(KINDS)),
    default=list(KINDS),
    help="Only this store (may be repeated).",
)
@click.option(
    "--triples",
    type=click.IntRange(min=1),
    help="Number of triples; default: "
    + " and ".join(f"{kind.triples:,} for {name}" for name, kind in KINDS.items())
    + ".",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    help="Number of rounds; default: "
    + " and ".join(f"{kind.rounds} for {name}" for name, kind in KINDS.items())
    + ".",
)
def main(names: Sequence[str], triples: int | None, rounds: int | None) -> None:
    are_fine = [
        compare(kind, triples or kind.triples, rounds or kind.rounds)
        for kind in map(KINDS.__getitem__, names)
    ]
    sys.exit(not all(are_fine))


def compare(kind: StoreKind, triples: int, rounds: int) -> bool:
    """Time the contenders, print the results, and return whether all bounds are met."""
    before = machine(rounds)
    with tempfile.TemporaryDirectory() as folder:
        task = prepared(triples, Path(folder))
        runs = in_turns(kind, task, triples, rounds)
    print(f"\n{kind.title}: {triples:,} triples, {task.content.size / 1e6:.0f} MB, {before}")
    report(runs)
    bounds = compared(runs)
    for result, bound, is_met in bounds:
        verdict = f" (bound: {bound}{'' if is_met else ', EXCEEDED'})"
        print(result + verdict * kind.has_bounds)
    return not kind.has_bounds or all(each.is_met for each in bounds)


def in_turns(kind: StoreKind, task: Task, triples: int, rounds: int) -> dict[str, list[Run]]:
    """Return the runs of each contender, and of the command, which has no counterpart."""
    runs: dict[str, list[Run]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name, contender in CONTENDERS.items():
            runs[name].append(loaded(kind, contender, task, triples))
    runs[LOAD] = [loaded(kind, command, task, triples)]
    generator.write(2 * triples, task.file)
    runs[DOUBLE] = [loaded(kind, command, task, 2 * triples)]
    return runs


def prepared(triples: int, folder: Path) -> Task:
    file = folder / "triples.nt"
    generator.write(triples, file)
    content = sort_by_graph(read(str(file), GRAPH), str(folder))[GRAPH]
    return Task(file, content, folder / "output")


def loaded(kind: StoreKind, contender: Contender, task: Task, triples: int) -> Run:
    """Time a contender with a new store, and check that the store then has these triples."""
    with kind.start() as store:
        taken = contender(task, store)
        with GraphClient(store) as client:
            found = client.count(GRAPH)
    if found != triples:
        raise SystemExit(f"{kind.title} holds {found:,} triples instead of {triples:,}")
    return taken


def curl_upload(task: Task, store: RemoteStore) -> Run:
    return run(curl(store, curl_put(task, store, GRAPH)), task.output)


def own_upload(task: Task, store: RemoteStore) -> Run:
    def upload() -> None:
        with GraphClient(store) as client:
            client.authenticate(GRAPH)
            for part in task.content.parts(store.max_upload_triples):
                client.put(GRAPH, part, part.size, append=part.start > 0)

    return timed(upload)


def curl_load(task: Task, store: RemoteStore) -> Run:
    count = f"query=SELECT (COUNT(*) AS ?n) {{ GRAPH <{STAGING}> {{ ?s ?p ?o }} }}"
    move, kind = store.update_body(f"MOVE GRAPH <{STAGING}> TO GRAPH <{GRAPH}>")
    update = ["--data-binary", move.decode(), "--header", f"Content-Type: {kind}"]
    requests = (
        curl_put(task, store, STAGING),
        ["--data-urlencode", count, store.query_url],
        [*update, store.update_url or ""],
    )
    return run(curl(store, *requests), task.output)


def own_load(task: Task, store: RemoteStore) -> Run:
    def load() -> None:
        with GraphClient(store) as client:
            transfer = Transfer(client, NAMES, Verify.COUNTS, lambda done, total: None)
            target = TargetGraph(GRAPH, task.content, (str(task.file),))
            transfer.load([target], {GRAPH: 0})

    return timed(load)


def command(task: Task, store: RemoteStore) -> Run:
    """Time the command from start to end."""
    words = [COMMAND, "load", str(task.file), "--graph", GRAPH, "--endpoint", store.base]
    user, password = store.access.user or "", store.access.password or ""
    return run(words, task.output, TIPGRAPH_USER=user, TIPGRAPH_PASSWORD=password)


CURL_UPLOAD, OWN_UPLOAD = "upload by curl", "upload by tipgraph"
CURL_LOAD, OWN_LOAD = "load by curl", "load by tipgraph"
OF_COMMAND = LOAD, DOUBLE = "tipgraph load", "of twice as much"
CONTENDERS: dict[str, Contender] = {
    CURL_UPLOAD: curl_upload,
    OWN_UPLOAD: own_upload,
    CURL_LOAD: curl_load,
    OWN_LOAD: own_load,
}


def curl_put(task: Task, store: RemoteStore, graph: str) -> list[str]:
    kind = f"Content-Type: {TRIPLES}"
    return ["--upload-file", task.content.path, "--header", kind, store.graph_url(graph)]


def curl(store: RemoteStore, *requests: list[str]) -> list[str]:
    """Return one command that makes all requests, one after the other, over one connection."""
    program = shutil.which("curl")
    if program is None:
        raise SystemExit("curl is not installed")
    user = f"{store.access.user}:{store.access.password}"
    who = ["--digest", "--user", user] if store.access.user else []
    words = [program, "--silent", "--show-error", "--fail-early"]
    for number, request in enumerate(requests):
        words += ["--next"] * (number > 0) + ["--fail", *who, *request]
    return words


def timed(do: Callable[[], None]) -> Run:
    begin = time.perf_counter()
    do()
    return Run(time.perf_counter() - begin, 0, 0)


def report(runs: dict[str, list[Run]]) -> None:
    print(f"{'':<18} {'median':>9} {'fastest':>9} {'memory':>9}")
    for name, measured in runs.items():
        median = statistics.median(each.seconds for each in measured)
        memory = max(each.memory for each in measured)
        shown = f"{memory:>5.0f} MiB" if name in OF_COMMAND else ""
        print(f"{name:<18} {median:>7.2f} s {fastest(measured):>7.2f} s {shown}".rstrip())


def compared(runs: dict[str, list[Run]]) -> list[Bound]:
    upload = fastest(runs[CURL_UPLOAD]) / fastest(runs[OWN_UPLOAD])
    complete = fastest(runs[OWN_LOAD]) / fastest(runs[CURL_LOAD])
    memory, double = (max(each.memory for each in runs[name]) for name in OF_COMMAND)
    most, growth = max(memory, double), double / memory
    return [
        Bound(f"upload: {upload:.2f} times the throughput of curl", "at least 0.8", upload >= 0.8),
        Bound(f"load: {complete:.2f} times as long as curl", "at most 1.25", complete <= 1.25),
        Bound(f"memory: {most:.0f} MiB", "less than 300", most < 300),
        Bound(f"twice as much: {growth:.2f} times the memory", "at most 1.1", growth <= 1.1),
    ]


def fastest(measured: Sequence[Run]) -> float:
    return min(each.seconds for each in measured)


if __name__ == "__main__":
    main()
