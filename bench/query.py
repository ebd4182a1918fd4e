"""Time `tipgraph query` as a whole process beside a bare pyoxigraph script and the same on rdflib.

All three answer the same stored query on the same graph: the command as it ships, the scripts by
parsing the project's Turtle files (and, ready-made, what the rules derive). They take turns, so
that whatever else the machine does weighs on all alike. Prints medians, ratios and peak memory.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import pyoxigraph

import tipgraph
from bench.processes import COMMAND, Run, run

ROUNDS = 15
ROOT = Path(__file__).resolve().parent.parent
QUERY = ROOT / "queries/statistics/figures.rq"
TURTLE = [str(path) for folder in ("ontology", "data") for path in ROOT.glob(f"{folder}/**/*.ttl")]
DERIVED = (
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <https://w3id.org/tipgraph/graph/derived> { ?s ?p ?o } }"
)

PYOXIGRAPH = """
import sys
from pyoxigraph import RdfFormat, Store
query, derived, *turtle = sys.argv[1:]
store = Store()
for path in turtle:
    store.load(path=path, format=RdfFormat.TURTLE)
store.load(path=derived, format=RdfFormat.N_TRIPLES)
for row in store.query(open(query).read()):
    print(*(term.value if term else "" for term in row), sep="\\t")
"""

RDFLIB = """
import sys
from rdflib import Graph
query, derived, *turtle = sys.argv[1:]
graph = Graph()
for path in turtle:
    graph.parse(path, format="turtle")
graph.parse(derived, format="nt")
for row in graph.query(open(query).read()):
    print(*("" if term is None else term for term in row), sep="\\t")
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        derived = Path(folder, "derived.nt")
        triples = tipgraph.open().engine.construct(DERIVED)
        pyoxigraph.serialize(triples, output=derived, format=pyoxigraph.RdfFormat.N_TRIPLES)
        files = [str(QUERY), str(derived), *TURTLE]
        contenders = {
            "tipgraph query": [COMMAND, "query", QUERY.stem, "--format", "tsv"],
            "bare pyoxigraph": [sys.executable, "-c", PYOXIGRAPH, *files],
            "bare rdflib": [sys.executable, "-c", RDFLIB, *files],
        }
        runs: dict[str, list[Run]] = {name: [] for name in contenders}
        for _ in range(ROUNDS):
            for name, command in contenders.items():
                runs[name].append(run(command, Path(folder, name), Path(folder, "errors")))
        rows = {name: Path(folder, name).read_text(encoding="utf-8").count("\n") for name in runs}
    report(runs, rows)


def report(runs: dict[str, list[Run]], rows: dict[str, int]) -> None:
    ours = statistics.median(each.seconds for each in runs["tipgraph query"])
    print(f"{'':<16} {'median':>9} {'fastest':>9} {'memory':>9} {'rows':>5}  tipgraph takes")
    for name, measured in runs.items():
        seconds = [each.seconds for each in measured]
        median = statistics.median(seconds)
        memory = max(each.memory for each in measured)
        # The command prints a header line, the scripts do not.
        count = rows[name] - (name == "tipgraph query")
        print(
            f"{name:<16} {median * 1000:>6.0f} ms {min(seconds) * 1000:>6.0f} ms {memory:>5.0f} MiB"
            f" {count:>5}  {ours / median:.2f} times as long"
        )


if __name__ == "__main__":
    main()
