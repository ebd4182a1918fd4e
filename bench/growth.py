"""Time bound questions on a graph of one country, on the shipped one and on a larger one.

The smallest graph has only the editions on Belgium. The largest one has each edition on another
country twice, with what the rules derive from it. Each question is about one country, thing or case
that all three describe alike, so that it should take the same processor time on all. They take
turns, so that whatever else the machine does weighs on all alike. Prints medians of processor time,
and the largest median by the smallest.
"""

import re
import statistics
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import tipgraph
from bench.processes import machine, run
from tipgraph.assess import regime
from tipgraph.queries import catalogue
from tipgraph.resources.folders import DIGEST, PREPARED, Resources, shipped
from tipgraph.store.build import GRAPH_FILE, nquads

ROUNDS = 5
TIMES = (0, 1, 2)
FIGURES = ["query", "figures", "--area", "BEL", "--format", "tsv"]
VICTIMS = ["-p", "indicator=victims-identified-and-assisted", "--format", "tsv"]
COMMANDS = {
    "no graph": ["--version"],
    "figures": FIGURES,
    "series": ["query", "series", "--area", "BEL", *VICTIMS],
    "changes": ["query", "changes", "--area", "BEL", "--format", "tsv"],
    "compare-countries": ["query", "compare-countries", "--area", "BEL", *VICTIMS],
    "show": ["show", "GRETA"],
    "find": ["find", "who", "pays", "--area", "BEL"],
    "assess": ["assess", "--citizenship", "ALB", "--age", "30", "--met", "identified"],
    "report": ["report", "--area", "BEL", "--format", "md"],
}
# A graph in memory is parsed at each start; one that is larger than this is opened from disk.
PARSED, OPENED = 10**12, 0
PROGRAM = """
import sys
from tipgraph.resources import cache, folders
folders.PACKAGE, cache.LARGEST = sys.argv[1], int(sys.argv[2])
sys.argv[1:] = sys.argv[3:]
from tipgraph.cli import run
run()
"""
# All editions but those on Belgium, with their countries.
OTHERS = """
SELECT ?slug ?country {
  ?edition a tip:Edition ; dcterms:identifier ?slug ; dcterms:spatial ?country
  FILTER(!STRENDS(STR(?country), "BEL"))
}
"""
SLUG = re.compile(rb"tip-\d{4}-\w\w")
COUNTRY = re.compile(rb"(?<=<)[^<>]*/[A-Z]{3}(?=>)")


def main() -> None:
    before = machine(ROUNDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # In a process of its own: a process counts the memory of the one that starts it as its own.
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            made = other.submit(packages, folder).result()
        print(before)
        print(f"{'quads':<20}", *(f"{quads:>10,}" for _, quads in made), "  ratio")
        for title, arguments in COMMANDS.items():
            report(title, [(package, OPENED) for package, _ in made], arguments, folder)
        # The smallest graph in both forms.
        smallest = made[0][0]
        report("parsed, opened", [(smallest, PARSED), (smallest, OPENED)], FIGURES, folder)


def packages(folder: Path) -> list[tuple[Path, int]]:
    """The graphs, each as in an installed wheel, and the number of its quads."""
    resources = shipped()
    graph = tipgraph.open()
    others = graph.rows(OTHERS)
    renamed = {f"{name}".encode() for each in ("slug", "country") for name in others.column(each)}

    def names_one(line: bytes) -> bool:
        """Return whether a quad is about an edition on another country, or about the country."""
        return not renamed.isdisjoint([*SLUG.findall(line), line[1:].partition(b">")[0]])

    lines = nquads(graph.engine.store).splitlines(keepends=True)
    repeated = [line for line in lines if names_one(line)]
    once = [line for line in lines if not names_one(line)]
    names = {
        catalogue.INDEX: catalogue.make_index(resources),
        regime.RULES_FILE: regime.compile_rules(resources),
    }
    made = []
    for times in TIMES:
        # The first copy keeps the names.
        endings = [b"", *(b"-copy%d" % number for number in range(1, TIMES[-1]))][:times]
        copies = (rename(line, renamed, end) for end in endings for line in repeated)
        quads = [*once, *copies]
        content = {GRAPH_FILE: b"".join(quads), DIGEST: b"%d" % times, **names}
        write(folder / str(times) / "shipped", resources, content)
        made.append((folder / str(times), len(quads)))
    return made


def rename(line: bytes, names: set[bytes], ending: bytes) -> bytes:
    """The quad with an ending at each of the names, which are slugs and IRIs."""

    def longer(found: re.Match[bytes]) -> bytes:
        return found[0] + ending if found[0] in names else found[0]

    return COUNTRY.sub(longer, SLUG.sub(longer, line))


def write(root: Path, resources: Resources, content: dict[str, bytes]) -> None:
    (root / PREPARED).mkdir(parents=True)
    for name, each in content.items():
        (root / PREPARED / name).write_bytes(each)
    for name in ("ontology", "data", "queries"):
        (root / name).symlink_to(Path(resources.root, name))


def report(title: str, graphs: list[tuple[Path, int]], arguments: list[str], folder: Path) -> None:
    """Let the graphs answer in turns, after a first run that fills the cache."""
    taken: list[list[float]] = [[] for _ in graphs]
    for _ in range(ROUNDS + 1):
        for (package, largest), times in zip(graphs, taken, strict=True):
            command = [sys.executable, "-c", PROGRAM, str(package), str(largest), *arguments]
            cache = str(folder / f"cache-{largest}")
            times.append(run(command, folder / "out", XDG_CACHE_HOME=cache).processor)
    medians = [statistics.median(times[1:]) for times in taken]
    cells = " ".join(f"{1000 * each:>7.0f} ms" for each in medians)
    print(f"{title:<20} {cells}  {max(medians) / min(medians):>5.2f}", flush=True)


if __name__ == "__main__":
    main()
