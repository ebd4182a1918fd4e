"""Ask each stored query of real stores and of the embedded engine: rows and time, side by side.

Each store is new and has the shipped graph. A query is asked for its default editions with the
parameters that it needs, and with --all for all editions, too. Prints a row for each of these: the
rows of the embedded engine, and the seconds of a processor that each one takes, so that other work
on the machine counts little: the least of the rounds after a first one, in which a store plans. In
each round the engines follow each other.
A time of a store that is more than three times that of the embedded engine, and more than the
floor, is marked (*): a request alone takes some milliseconds. A store that gives other rows in any
round, compared by value, has the number of those that are missing (-) and added (+); one that
fails, its error. The sum leaves out what failed. The exit code is 1 where a store differs and the
header of the query does not say so.
"""

import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import click

import tipgraph
from bench.processes import machine
from tests.queries.cells import by_value
from tests.queries.files import bindings
from tests.servers import STORES
from tipgraph.graph import LocalGraph
from tipgraph.store.engine import Engine, Rows

# The first bindings of a query are these.
EDITIONS = ("default", "all")
# A query is slow where it takes more than this many times the time of the embedded engine, and more
# than these seconds of a processor.
SLOW, FLOOR = 3, 0.1


class Store(NamedTuple):
    """The engine of a store, and its process."""

    engine: Engine
    pid: int


class Answer(NamedTuple):
    """The processor time of an answer in seconds, and how it differs; empty where it does not."""

    seconds: float
    difference: str = ""

    def shown(self, embedded: float) -> str:
        is_slow = self.seconds > max(SLOW * embedded, FLOOR)
        return f"{self.seconds:.2f}{'*' * is_slow} {self.difference}".rstrip()


@click.command(help=__doc__)
@click.option("--store", "kinds", multiple=True, type=click.Choice(list(STORES)), default=[*STORES])
@click.option("--query", "names", multiple=True, help="Only this stored query (may be repeated).")
@click.option("--endpoint", help="The address of one store that has the graph already.")
@click.option("--pid", type=int, help="The process of that store.")
@click.option("--all", "has_all", is_flag=True, help="Ask for all editions, too.")
@click.option("--rounds", default=3, show_default=True, help="Rounds that are measured.")
@click.option("--timeout", default=60.0, show_default=True, help="Seconds for each query.")
def main(
    kinds: Sequence[str],
    names: Sequence[str],
    endpoint: str | None,
    pid: int | None,
    has_all: bool,
    rounds: int,
    timeout: float,
) -> None:
    before = machine(rounds)
    here = tipgraph.open()
    with ExitStack() as opened:
        stores: dict[str, Store] = {}
        for kind in kinds:
            os.environ.update(STORES[kind].environment)
            others = children()
            base = endpoint or opened.enter_context(loaded(kind))
            server = pid or next(iter(children() - others))
            stores[kind] = Store(tipgraph.connect(base, timeout).engine, server)
        print(f"{before}\n\n| query | editions | rows | embedded | {' | '.join(stores)} |")
        print("| --- " * (4 + len(stores)) + "|")
        editions = EDITIONS if has_all else EDITIONS[:1]
        sys.exit(not compare(here, stores, names or sorted(here.queries), editions, rounds))


def children() -> set[int]:
    """Return the processes that this one started and that run."""
    return {
        int(pid)
        for file in Path("/proc/self/task").glob("*/children")
        for pid in file.read_text().split()
    }


def processor(pid: int) -> float:
    """Return the processor time of a process until now, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def loaded(kind: str) -> Iterator[str]:
    """Start a store with the shipped graph; gives its address. Prints the seconds of the load."""
    with tempfile.TemporaryDirectory() as folder, STORES[kind].start(Path(folder)) as base:
        begin = time.perf_counter()
        steps = len(tipgraph.load(base).steps)
        print(f"{kind}: {steps} graphs loaded in {time.perf_counter() - begin:.0f} s", flush=True)
        yield base


def compare(
    here: LocalGraph,
    stores: dict[str, Store],
    names: Sequence[str],
    asked: Sequence[str],
    rounds: int,
) -> bool:
    """Print a row for each query, and the sum; return whether the headers name all differences."""
    sums: defaultdict[str, float] = defaultdict(float)
    is_fine = True
    for name in names:
        query = here.queries[name]
        for editions, given in zip(asked, bindings(query, here), strict=False):
            if editions == "all" and not query.has_editions:
                break
            text = query.bound(here.engine, given)
            taken = []
            found = defaultdict(list)
            for _ in range(1 + rounds):
                begin = time.process_time()
                ours = here.engine.select(text)
                taken.append(time.process_time() - begin)
                for kind, store in stores.items():
                    found[kind].append(answer(store, text, ours))
            seconds = min(taken[1:])
            sums["embedded"] += seconds
            answers = {kind: best(each[1:]) for kind, each in found.items()}
            for kind, each in answers.items():
                sums[kind] += 0 if each.difference else each.seconds
                is_fine &= not each.difference
            cells = " | ".join(each.shown(seconds) for each in answers.values())
            print(
                f"| {name} | {editions} | {len(ours.terms)} | {seconds:.2f} | {cells} |",
                flush=True,
            )
    print(f"| all | | | {sums['embedded']:.0f} | {' | '.join(f'{sums[k]:.0f}' for k in stores)} |")
    return is_fine


def best(answers: Sequence[Answer]) -> Answer:
    """Return the least time, and the first difference of any."""
    seconds = min(each.seconds for each in answers)
    return Answer(seconds, next((each.difference for each in answers if each.difference), ""))


def answer(store: Store, text: str, expected: Rows) -> Answer:
    """Return how long a store takes, and how its rows differ."""
    begin = processor(store.pid)
    try:
        rows = store.engine.select(text)
    except tipgraph.EndpointError as error:
        reason = "too slow" if "--timeout" in str(error) else str(error)[:80]
        return Answer(processor(store.pid) - begin, reason)
    seconds = processor(store.pid) - begin
    ours, theirs = by_value(expected), by_value(rows)
    missing, added = (ours - theirs).total(), (theirs - ours).total()
    return Answer(seconds, f"-{missing} +{added}" if missing or added else "")


if __name__ == "__main__":
    main()
