"""Measure builds, changes and bound questions on reports of several sizes, side by side.

    python -m bench.scale               the shipped editions, and three times as many
    python -m bench.scale 137 1000 4700

Each report contains the shipped data, and the questions are about a country or a case of these. So
all reports give the same answer, and it should take the same time and memory. The reports take
turns, so that whatever else the machine does weighs on all alike; times are medians of processes.
Then other stores are filled with the same graph. Prints tables in Markdown.
"""

import gzip
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from shutil import rmtree, which
from typing import TypeVar

from pyoxigraph import RdfFormat, Store

from bench import report
from bench.processes import COMMAND, Run, machine, run
from tests.servers import JARS, JAVA, PROGRAM, fuseki, oxigraph

T = TypeVar("T")

ROUNDS = 5
SIZES = (137, 411)
# The most editions that rdflib is given: it takes minutes and gigabytes.
RDFLIB = 137
BELGIUM = ["--edition", "tip-2021-be"]
FIGURES = ["query", "figures", *BELGIUM, "--format", "tsv"]
VICTIMS = ["-p", "indicator=victims-identified-and-assisted", "--format", "tsv"]
QUESTIONS = {
    "no graph": ["--version"],
    "figures of an edition": FIGURES,
    "series of a country": ["query", "series", "--area", "BEL", *VICTIMS],
    "changes of a country": ["query", "changes", "--area", "BEL", "--format", "tsv"],
    "compare-countries": ["query", "compare-countries", "--area", "BEL", *VICTIMS],
    "show an actor": ["show", "Payoke"],
    "find": ["find", "who", "pays", "--area", "BEL"],
    "assess": ["assess", *BELGIUM, "--citizenship", "ALB", "--age", "30", "--met", "identified"],
    "report on a country": ["report", "--area", "BEL", "--format", "md"],
}


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:]] or list(SIZES)
    before = machine(ROUNDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("| editions | quads | store | built | memory | one changed | bulk load alone |")
        print("|---|---|---|---|---|---|---|")
        for size in sizes:
            print(built(folder / str(size), size), flush=True)
        print("\n| editions | store | filled | memory | figures of an edition | memory |")
        print("|---|---|---|---|---|---|")
        for size in sizes:
            for row in peers(folder / str(size), size, folder / "out"):
                print(row, flush=True)
        print(f"\n{before}, medians\n\n| |{'|'.join(f' {size:,} ' for size in sizes)}| ratio |")
        print(f"|---|{'---|' * len(sizes)}---|")
        for title, arguments in QUESTIONS.items():
            answer(title, [folder / str(size) for size in sizes], arguments, folder / "out")


def built(root: Path, editions: int) -> str:
    """Build the report, and again with a changed edition; return a row of the table."""
    apart(report.write, root / "report", editions)
    build = [COMMAND, "build", str(root / "report" / "data"), "--store", str(root / "store")]
    first = run(build, root / "out")
    size = sum(file.stat().st_size for file in (root / "store" / "cache" / "graphs").rglob("*"))
    change(root / "report" / "data")
    again = run(build, root / "out")
    quads, alone = apart(bulk_load, root)
    cells = (
        f"{editions:,}", f"{quads:,}", f"{size / 2**20:,.0f} MiB", f"{first.seconds:,.0f} s",
        f"{first.memory:,.0f} MiB", f"{again.seconds:,.1f} s", f"{alone:,.0f} s",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def change(data: Path) -> None:
    """Give a figure of one edition another value; it is on an invented country if there is one."""
    file = sorted(data.glob("tip-2022-*/figures.ttl"))[-1]
    text = file.read_text()
    # It may be a link to a file that is shipped.
    file.unlink()
    file.write_text(re.sub(r"(?<=obsValue )\d+", lambda found: f"{found[0]}0", text, count=1))


def bulk_load(root: Path) -> tuple[int, float]:
    """The number of quads, and the seconds that pyoxigraph takes to load them into a folder."""
    store = Store.read_only(str(next((root / "store" / "cache" / "graphs").iterdir())))
    store.dump(str(root / "all.nq"), RdfFormat.N_QUADS)
    begin = time.perf_counter()
    Store(str(root / "alone")).bulk_load(path=str(root / "all.nq"), lenient=True)
    taken = time.perf_counter() - begin
    (root / "all.nq").unlink()
    rmtree(root / "alone")
    return len(store), taken


def peers(root: Path, editions: int, out: Path) -> Iterator[str]:
    """Fill other stores with the same graph and ask each for the figures of an edition.

    The last column has the memory of the server, or that of the process itself.
    """

    def row(title: str, filled: Run, answered: Run, memory: float) -> str:
        times = f"{filled.seconds:,.0f} s | {filled.memory:,.0f} MiB"
        answer = f"{1000 * answered.seconds:,.0f} ms | {memory:,.0f} MiB"
        return f"| {editions:,} | {title} | {times} | {answer} |"

    selected = {"TIPGRAPH_RESOURCES": str(root / "store")}
    run([COMMAND, "export", "bulk", str(root / "bulk"), "--merged"], out, None, **selected)
    parts = sorted(map(str, (root / "bulk").glob("*.gz")))
    jena = [str(which("java")), *JAVA[1:], "-cp", str(JARS / "fuseki.jar"), "tdb2.tdbloader"]
    fillers = {
        oxigraph: [str(PROGRAM), "load", "--lenient", "--location", "{}", "--file", *parts],
        fuseki: [*jena, "--loc", "{}", *parts],
    }
    for start, command in fillers.items():
        database = root / start.__name__
        database.mkdir()
        filled = run([each.format(database) for each in command], out)
        with start(database) as address:
            asked = [COMMAND, *FIGURES, "--endpoint", address]
            runs = [run(asked, out, None, **selected) for _ in range(ROUNDS + 1)][1:]
            memory = children_memory()
        yield row(start.__name__, filled, sorted(runs, key=lambda each: each.seconds)[2], memory)
        rmtree(database)
    if editions <= RDFLIB:
        begun = apart(in_rdflib, parts)
        yield row("rdflib, in memory", *begun, begun[1].memory)
    rmtree(root / "bulk")


def children_memory() -> float:
    """The memory of the processes that this one has started and that run, in MiB."""
    command = ["ps", "-o", "rss=", "--ppid", str(os.getpid())]
    return sum(map(int, subprocess.run(command, capture_output=True).stdout.split())) / 1024


def in_rdflib(parts: list[str]) -> tuple[Run, Run]:
    """Load the parts into rdflib, and ask it for the figures of an edition."""
    import rdflib

    from tipgraph import open as shipped_graph

    query = shipped_graph().queries["figures"]
    text = query.bound(shipped_graph().engine, {"edition": "tip-2021-be"})
    dataset = rdflib.Dataset(default_union=True)

    def measured(work: Callable[[], object]) -> Run:
        begin = time.perf_counter()
        work()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return Run(time.perf_counter() - begin, time.process_time(), memory)

    def load() -> None:
        for part in parts:
            dataset.parse(data=gzip.decompress(Path(part).read_bytes()), format="nquads")

    return measured(load), measured(lambda: list(dataset.query(text)))


def apart(work: Callable[..., T], *given: object) -> T:
    """Do the work in a process: one counts the memory of the one that starts it as its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as other:
        return other.submit(work, *given).result()


def answer(title: str, roots: list[Path], arguments: list[str], out: Path) -> None:
    """Let the reports answer in turns, after a first run; print a row of the table."""
    taken: list[list[Run]] = [[] for _ in roots]
    for _ in range(ROUNDS + 1):
        for root, runs in zip(roots, taken, strict=True):
            runs.append(run([COMMAND, *arguments], out, TIPGRAPH_RESOURCES=str(root / "store")))
    seconds = [statistics.median(each.seconds for each in runs[1:]) for runs in taken]
    memory = [max(each.memory for each in runs[1:]) for runs in taken]
    cells = (f"{1000 * s:,.0f} ms, {m:,.0f} MiB" for s, m in zip(seconds, memory, strict=True))
    ratio = max(seconds) / seconds[0]
    print(f"| {title} | {' | '.join(cells)} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
