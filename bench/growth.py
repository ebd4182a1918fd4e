"""Time commands on a smaller graph, the shipped one and a larger one, each in both forms.

The graph is parsed at each start, or opened from disk. The smaller one has no editions that were
read in part; the shipped one is seven times as large. The larger one, thirteen times as large, has
each of these editions twice, with what the rules derive from it. All take turns, so that whatever
else the machine does weighs on all alike. Prints medians and peak memory. The output of a command
is the same in both forms, or the benchmark fails.
"""

import re
import statistics
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import tipgraph
from bench.processes import Run, machine, run
from tipgraph.assess import regime
from tipgraph.queries import catalogue
from tipgraph.resources.folders import DIGEST, PREPARED, Resources, shipped
from tipgraph.store.build import GRAPH_FILE, nquads

ROUNDS = 15
TIMES = (0, 1, 2)
COMMANDS = {
    "no graph": ["--version"],
    "query, few rows": ["query", "conditions", "--format", "tsv"],
    "query, one country": ["query", "figures", "--area", "BEL", "--edition", "all"],
    "series, one edition": [
        *("query", "series", "-p", "indicator=victims-assisted", "--edition", "tip-2021-be"),
    ],
    "changes, one edition": ["query", "changes", "--edition", "tip-2021-be"],
    "find": ["find", "who", "pays"],
    "report": ["report", "--edition", "tip-2021-be", "--format", "md"],
    "query, all editions": ["query", "figures", "--edition", "all", "--format", "tsv"],
    "show": ["show", "GRETA"],
    "assess": ["assess", "--citizenship", "ALB", "--age", "30", "--met", "identified"],
}
# The largest graph in bytes that is parsed.
FORMS = {"parsed": 10**12, "opened": 0}
PROGRAM = """
import sys
from tipgraph.resources import cache, folders
folders.PACKAGE, cache.LARGEST = sys.argv[1], int(sys.argv[2])
sys.argv[1:] = sys.argv[3:]
from tipgraph.cli import run
run()
"""
PARTLY = """
SELECT ?slug ?country {
  ?edition tip:coverage code:partial ; dcterms:identifier ?slug ; dcterms:spatial ?country
}
"""


class Contender(NamedTuple):
    """A graph, and how it gets into memory."""

    package: Path
    quads: int
    form: str

    def command(self, arguments: Iterable[str]) -> list[str]:
        largest = str(FORMS[self.form])
        return [sys.executable, "-c", PROGRAM, str(self.package), largest, *arguments]


def main() -> None:
    before = machine(ROUNDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # In a process of its own: a process counts the memory of the one that starts it as its own.
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            made = other.submit(packages, folder).result()
        contenders = [Contender(package, quads, form) for package, quads in made for form in FORMS]
        print(before)
        print(f"{'':<20} {'quads':>8}  {'form':<7} {'median':>8} {'processor':>10} {'memory':>9}")
        for title, arguments in COMMANDS.items():
            report(title, compare(contenders, arguments, folder))


def packages(folder: Path) -> list[tuple[Path, int]]:
    """The graphs, each as in an installed wheel, and the number of its quads."""
    resources = shipped()
    graph = tipgraph.open()
    partly = graph.rows(PARTLY)
    slugs, countries = (set(map(str, partly.column(name))) for name in ("slug", "country"))
    lines = nquads(graph.engine.store).splitlines(keepends=True)
    copied = re.compile("|".join((*slugs, *(f"^<{each}> " for each in countries))).encode())
    renamed = re.compile("|".join((*slugs, *(f"(?<={each})(?=>)" for each in countries))).encode())
    names = {
        catalogue.INDEX: catalogue.make_index(resources),
        regime.RULES_FILE: regime.compile_rules(resources),
    }
    repeated = [line for line in lines if copied.search(line)]
    others = [line for line in lines if not copied.search(line)]
    made = []
    for times in TIMES:
        # The first copy keeps the names.
        endings = [b"", *(b"-copy%d" % number for number in range(1, TIMES[-1]))][:times]
        copies = (renamed.sub(rb"\g<0>" + end, line) for end in endings for line in repeated)
        quads = [*others, *copies]
        content = {GRAPH_FILE: b"".join(quads), DIGEST: b"%d" % times, **names}
        write(folder / str(times) / "shipped", resources, content)
        made.append((folder / str(times), len(quads)))
    return made


def write(root: Path, resources: Resources, content: dict[str, bytes]) -> None:
    (root / PREPARED).mkdir(parents=True)
    for name, each in content.items():
        (root / PREPARED / name).write_bytes(each)
    for name in ("ontology", "data", "queries"):
        (root / name).symlink_to(Path(resources.root, name))


def compare(
    contenders: list[Contender], arguments: list[str], folder: Path
) -> dict[Contender, list[Run]]:
    """Let the contenders run a command in turns, after a first run that fills the cache."""
    runs: dict[Contender, list[Run]] = {each: [] for each in contenders}
    outputs: dict[Path, bytes] = {}
    for _ in range(ROUNDS + 1):
        for each in contenders:
            out, messages = folder / "out", folder / "messages"
            cache = str(folder / each.form)
            taken = run(each.command(arguments), out, messages, XDG_CACHE_HOME=cache)
            runs[each].append(taken)
            outputs.setdefault(each.package, out.read_bytes())
            if out.read_bytes() != outputs[each.package]:
                raise SystemExit(f"{' '.join(arguments)}: other output where it is {each.form}")
    return {each: measured[1:] for each, measured in runs.items()}


def report(title: str, runs: dict[Contender, list[Run]]) -> None:
    for each, measured in runs.items():
        seconds = statistics.median(run.seconds for run in measured)
        processor = statistics.median(run.processor for run in measured)
        memory = max(run.memory for run in measured)
        print(
            f"{title:<20} {each.quads:>8,}  {each.form:<7} {seconds * 1000:>5.0f} ms"
            f" {processor * 1000:>7.0f} ms {memory:>5.0f} MiB",
            flush=True,
        )


if __name__ == "__main__":
    main()
