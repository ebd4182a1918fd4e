"""Time `tipgraph load` beside curl, which sends the same file to the same store.

Both upload a graph ready to be sent, then both do the whole: upload it beside its place, ask for
its count and move it into place. They take turns, so that whatever else the machine does weighs on
all alike, and hardly ever on the fastest of several runs, by which they are compared. Last comes
the command as a process, which parses and sorts a file first, and once more with twice as many
triples, where it must need no more memory. Every run has a store of its own, new and empty.

Oxigraph keeps its data in memory here. On a disk it takes twenty times as long, whoever sends, and
nothing of ours would show. Virtuoso is slow on its own; by default it gets fewer triples in fewer
rounds, and nothing is asked of it. Exits with 1 where more is taken than is wanted.
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
from bench.stores import KINDS, Kind
from tipgraph.endpoint.client import TRIPLES, Client
from tipgraph.endpoint.stores import Store
from tipgraph.loader.graphs import Wanted
from tipgraph.loader.sorted_ntriples import Spool, spool
from tipgraph.loader.transfer import Transfer
from tipgraph.loader.verify import Verify
from tipgraph.rdf.files import read

GRAPH, BESIDE = "https://example.org/graph/bench", "https://example.org/graph/beside"


class Task(NamedTuple):
    """The triples as they were made and as they are sent, and where a command's output goes."""

    file: Path
    content: Spool
    output: Path


class Figure(NamedTuple):
    """What came out, what is wanted, and whether it is so."""

    text: str
    wanted: str
    is_so: bool


Contender = Callable[[Task, Store], Run]


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
    help="How many, instead of "
    + " and ".join(f"{kind.triples:,} for {name}" for name, kind in KINDS.items())
    + ".",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    help="How often each, instead of "
    + " and ".join(f"{kind.rounds} for {name}" for name, kind in KINDS.items())
    + ".",
)
def main(names: Sequence[str], triples: int | None, rounds: int | None) -> None:
    are_fine = [
        compare(kind, triples or kind.triples, rounds or kind.rounds)
        for kind in map(KINDS.__getitem__, names)
    ]
    sys.exit(not all(are_fine))


def compare(kind: Kind, triples: int, rounds: int) -> bool:
    """Let each contender load as often, in turns, and print what it took; whether that is fine."""
    before = machine(rounds)
    with tempfile.TemporaryDirectory() as folder:
        task = prepared(triples, Path(folder))
        runs = in_turns(kind, task, triples, rounds)
    print(f"\n{kind.title}: {triples:,} triples, {task.content.size / 1e6:.0f} MB, {before}")
    report(runs)
    figures = compared(runs)
    for text, wanted, is_so in figures:
        verdict = f" ({wanted} is wanted{'' if is_so else ', and MISSED'})"
        print(text + verdict * kind.has_bounds)
    return not kind.has_bounds or all(is_so for _, _, is_so in figures)


def in_turns(kind: Kind, task: Task, triples: int, rounds: int) -> dict[str, list[Run]]:
    """What each contender took, and at last the command, which has none that is its like."""
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
    content = spool(read(str(file), GRAPH), str(folder))[GRAPH]
    return Task(file, content, folder / "output")


def loaded(kind: Kind, contender: Contender, task: Task, triples: int) -> Run:
    """What a contender takes with a new store, which then has to hold so many triples."""
    with kind.opened() as store:
        taken = contender(task, store)
        with Client(store) as client:
            found = client.count(GRAPH)
    if found != triples:
        raise SystemExit(f"{kind.title} holds {found:,} triples instead of {triples:,}")
    return taken


def curl_upload(task: Task, store: Store) -> Run:
    return run(curl(store, curl_put(task, store, GRAPH)), task.output)


def own_upload(task: Task, store: Store) -> Run:
    def upload() -> None:
        with Client(store) as client:
            client.introduce(GRAPH)
            for piece in task.content.pieces(store.piece_triples):
                client.put(GRAPH, piece, piece.size, is_more=piece.start > 0)

    return timed(upload)


def curl_whole(task: Task, store: Store) -> Run:
    count = f"query=SELECT (COUNT(*) AS ?n) {{ GRAPH <{BESIDE}> {{ ?s ?p ?o }} }}"
    move, kind = store.update(f"MOVE GRAPH <{BESIDE}> TO GRAPH <{GRAPH}>")
    update = ["--data-binary", move.decode(), "--header", f"Content-Type: {kind}"]
    requests = (
        curl_put(task, store, BESIDE),
        ["--data-urlencode", count, store.query_url],
        [*update, store.update_url or ""],
    )
    return run(curl(store, *requests), task.output)


def own_whole(task: Task, store: Store) -> Run:
    def load() -> None:
        with Client(store) as client:
            transfer = Transfer(client, Verify.COUNTS, lambda done, total: None)
            transfer.load(Wanted(GRAPH, task.content, (str(task.file),)))

    return timed(load)


def command(task: Task, store: Store) -> Run:
    """The command that people give, from its start to its end."""
    words = [COMMAND, "load", str(task.file), "--graph", GRAPH, "--endpoint", store.base]
    user, password = store.access.user or "", store.access.password or ""
    return run(words, task.output, TIPGRAPH_USER=user, TIPGRAPH_PASSWORD=password)


CURL_UPLOAD, OWN_UPLOAD = "upload by curl", "upload by tipgraph"
CURL_WHOLE, OWN_WHOLE = "whole by curl", "whole by tipgraph"
OF_COMMAND = LOAD, DOUBLE = "tipgraph load", "of twice as much"
CONTENDERS: dict[str, Contender] = {
    CURL_UPLOAD: curl_upload,
    OWN_UPLOAD: own_upload,
    CURL_WHOLE: curl_whole,
    OWN_WHOLE: own_whole,
}


def curl_put(task: Task, store: Store, graph: str) -> list[str]:
    kind = f"Content-Type: {TRIPLES}"
    return ["--upload-file", task.content.path, "--header", kind, store.graph_url(graph)]


def curl(store: Store, *requests: list[str]) -> list[str]:
    """One command that makes all requests, one after the other, over one connection."""
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
    return Run(time.perf_counter() - begin, 0)


def report(runs: dict[str, list[Run]]) -> None:
    print(f"{'':<18} {'median':>9} {'fastest':>9} {'memory':>9}")
    for name, measured in runs.items():
        median = statistics.median(each.seconds for each in measured)
        memory = max(each.memory for each in measured)
        told = f"{memory:>5.0f} MiB" if name in OF_COMMAND else ""
        print(f"{name:<18} {median:>7.2f} s {fastest(measured):>7.2f} s {told}".rstrip())


def compared(runs: dict[str, list[Run]]) -> list[Figure]:
    upload = fastest(runs[CURL_UPLOAD]) / fastest(runs[OWN_UPLOAD])
    whole = fastest(runs[OWN_WHOLE]) / fastest(runs[CURL_WHOLE])
    memory, double = (max(each.memory for each in runs[name]) for name in OF_COMMAND)
    most, growth = max(memory, double), double / memory
    return [
        Figure(f"upload: {upload:.2f} times the throughput of curl", "at least 0.8", upload >= 0.8),
        Figure(f"whole: {whole:.2f} times as long as curl", "at most 1.1", whole <= 1.1),
        Figure(f"memory: {most:.0f} MiB", "less than 300", most < 300),
        Figure(f"twice as much: {growth:.2f} times the memory", "at most 1.1", growth <= 1.1),
    ]


def fastest(measured: Sequence[Run]) -> float:
    return min(each.seconds for each in measured)


if __name__ == "__main__":
    main()
