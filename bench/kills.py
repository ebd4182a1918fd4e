"""Load many graphs into a real store, kill the load or the store at random, and take it up again.

    python -m bench.kills 1000 --store virtuoso --kills 12

The graphs are the editions of an invented report (bench/report.py). A load is killed after a random
time, or the store is, which starts again then. When all kills are done, a load completes, and every
graph is compared with its file: the number of its triples by a query of this script, its content by
`load --verify full`, which then keeps all. Prints a row for each store: the loads, their time
without the starts of the store, and the peak memory of the store's last process.
"""

import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import click
from pyoxigraph import RdfFormat, parse

from bench import report
from bench.processes import COMMAND, machine
from bench.stored_queries import children
from tests.loader.site import Site
from tests.servers import STORES

BASE = "https://example.org/kills/"


@click.command(help=__doc__)
@click.argument("editions", type=int)
@click.option("--store", "kinds", multiple=True, type=click.Choice(list(STORES)), default=[*STORES])
@click.option("--kills", default=12, show_default=True, help="Kills of each store and its loads.")
@click.option("--longest", default=20.0, show_default=True, help="Most seconds until a kill.")
@click.option("--seed", default=0, show_default=True)
def main(editions: int, kinds: Sequence[str], kills: int, longest: float, seed: int) -> None:
    print(f"{machine(1)}\n\n| store | graphs | triples | kills | loads | seconds | memory |")
    print("| --- " * 7 + "|")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        report.write(root / "report", editions, seed)
        expected = written(root / "report" / "data", root / "graphs")
        for kind in kinds:
            (root / kind).mkdir()
            row = loaded(kind, root, expected, kills, longest, random.Random(seed))
            print(row, flush=True)


def written(data: Path, target: Path) -> dict[str, int]:
    """Write each edition into a file; return the number of triples of each graph."""
    target.mkdir()
    counts = {}
    for folder in sorted(data.glob("tip-*")):
        lines = {
            f"{quad.triple} .\n"
            for file in folder.glob("*.ttl")
            for quad in parse(path=str(file), format=RdfFormat.TURTLE)
        }
        (target / f"{folder.name}.nt").write_text("".join(sorted(lines)))
        counts[BASE + folder.name] = len(lines)
    return counts


def loaded(
    kind: str,
    root: Path,
    expected: dict[str, int],
    kills: int,
    longest: float,
    generator: random.Random,
) -> str:
    """Load with kills, compare, and return a row. Raises SystemExit where a graph differs."""
    environment = STORES[kind].environment
    begin, down, loads, struck = time.monotonic(), 0.0, 0, 0
    kinds_of_kills = [generator.choice(("load", "store")) for _ in range(kills)]
    with ExitStack() as server:
        for victim in [*kinds_of_kills, None]:
            if loads == 0 or kinds_of_kills[loads - 1] == "store":
                started = time.monotonic()
                server.close()
                before = children()
                base = server.enter_context(STORES[kind].start(root / kind))
                pid = next(iter(children() - before))
                down += time.monotonic() - started
            load = subprocess.Popen(
                [COMMAND, "load", str(root / "graphs"), "--base", BASE, "--endpoint", base],
                env={**os.environ, **environment},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            loads += 1
            if victim:
                with suppress(subprocess.TimeoutExpired):
                    load.wait(generator.uniform(1, longest))
                struck += load.poll() is None
                load.kill() if victim == "load" else os.kill(pid, signal.SIGKILL)
            _, errors = load.communicate()
        if load.returncode:
            raise SystemExit(f"{kind}: {errors}")
        seconds = time.monotonic() - begin - down
        compare(kind, base, expected, root)
        memory = next(
            int(line.split()[1]) / 1024
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith("VmHWM")
        )
    of = f"{kinds_of_kills.count('load')} + {kinds_of_kills.count('store')}, {struck} amid a load"
    return (
        f"| {kind} | {len(expected):,} | {sum(expected.values()):,} | {of} | {loads}"
        f" | {seconds:,.0f} | {memory:,.0f} MiB |"
    )


def compare(kind: str, base: str, expected: dict[str, int], root: Path) -> None:
    """Raise SystemExit where the store has other graphs, or other triples in one."""
    environment = STORES[kind].environment
    with closing(Site(base, environment)) as site:
        rows = site.rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    found = {row["g"]: int(row["n"]) for row in rows if row["g"].startswith(BASE)}
    if found != expected:
        wrong = [name for name in expected if found.get(name) != expected[name]]
        raise SystemExit(f"{kind}: {len(wrong)} graphs differ, such as {wrong[:1]}")
    command = [COMMAND, "load", str(root / "graphs"), "--base", BASE, "--endpoint", base]
    options = ["--verify", "full", "--report", str(root / "report.json")]
    subprocess.run(
        [*command, *options],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    steps = json.loads((root / "report.json").read_text())["graphs"]
    changed = [step["graph"] for step in steps if step["action"] != "keep"]
    if changed:
        raise SystemExit(f"{kind}: the content of {len(changed)} graphs differs, as {changed[0]}")


if __name__ == "__main__":
    main()
