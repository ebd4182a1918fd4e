"""Time `tipgraph validate` as a process, with either engine, beside a plain pySHACL script.

All validate the same 140,000 triples with 300 violations: first statements, which are copies of a
shipped edition, with the shipped shapes, many of which are queries; then plain records with one
plain shape. All must find the same number. They take turns, so that other load on the machine
affects all of them equally. Prints medians, ratios, and the peak memory of the largest process.
With --million: the command only, once, on a million triples of plain records.
"""

import re
import statistics
import sys
import tempfile
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase
from typing import NamedTuple

from pyoxigraph import RdfFormat, parse

from bench.processes import COMMAND, Run, machine, run
from tipgraph.resources.folders import shipped
from tipgraph.validate.engines import FAST, REFERENCE

ROUNDS = 3
TRIPLES, MILLION, VIOLATIONS = 140_000, 1_000_000, 300
SCRIPT = "plain script"

PYSHACL = """
import sys
from pyshacl import validate
from rdflib import Graph, SH
shapes, data = Graph(), Graph()
for graph, paths in zip((shapes, data), " ".join(sys.argv[1:]).split(" -- ")):
    for path in paths.split():
        graph.parse(path)
_, report, _ = validate(data, shacl_graph=shapes, inplace=True)
terms = SH.focusNode, SH.value, SH.sourceShape
results = report.objects(None, SH.result)
found = {tuple(report.value(result, term) for term in terms) for result in results}
print(len(found), "violations")
"""

EDITION = "tip-2021-be"
LABEL = re.compile(r'(rdfs:label +".*)(?="@en)')
TOPIC = re.compile(r"\n +tip:topic .*;(?=\n)")
PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPE = """
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property
    [ sh:path ex:name ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ,
    [ sh:path ex:age ; sh:minInclusive 0 ; sh:datatype xsd:integer ] ,
    [ sh:path ex:knows ; sh:class ex:Person ] ,
    [ sh:path ex:email ; sh:pattern "@" ] ,
    [ sh:path ex:born ; sh:maxCount 1 ; sh:datatype xsd:date ] .
"""
ONTOLOGY = """
ex:Person a rdfs:Class .
ex:name a rdf:Property . ex:age a rdf:Property . ex:knows a rdf:Property .
ex:email a rdf:Property . ex:born a rdf:Property .
"""
RECORD = """
ex:p{} a ex:Person ; ex:name "Person {}" ; ex:age {} ; ex:email "p{}@example.org" ;
    ex:knows ex:p{} , ex:p{} ; ex:born "19{}-01-01"^^xsd:date .
"""


class BenchInput(NamedTuple):
    """Data, shapes and ontology to validate with."""

    name: str
    data: list[str]
    shapes: list[str]
    ontology: list[str]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "--million" in sys.argv:
            compare(records(folder, MILLION), [REFERENCE, FAST], rounds=1)
        else:
            for make in (statements, records):
                compare(make(folder, TRIPLES), [SCRIPT, REFERENCE, FAST], ROUNDS)


def statements(folder: Path, triples: int) -> BenchInput:
    """Copies of an edition under other names; some statements have lost their topics."""
    resources = shipped()
    of_edition = [path for path in resources.data() if EDITION in path]
    edition = "\n".join(Path(path).read_text(encoding="utf-8") for path in of_edition)
    copies = triples // size(edition)
    is_lost = iter(spread(len(TOPIC.findall(edition)) * copies))
    data = [path for path in resources.data() if path not in of_edition]
    for country in islice(product(ascii_lowercase, repeat=2), copies):
        name = f"tip-2021-{''.join(country)}"
        text = TOPIC.sub(lambda topic: "" if next(is_lost) else topic[0], edition)
        text = LABEL.sub(rf"\1 of {name}", text).replace(EDITION, name)
        data.append(written(folder / f"{name}.ttl", text))
    return BenchInput("statements", data, resources.shapes(), resources.ontology())


def records(folder: Path, triples: int) -> BenchInput:
    """Records of persons; some have a negative age."""
    number = triples // size(PREFIXES + record(0, 1, False))
    people = (record(each, number, is_invalid) for each, is_invalid in enumerate(spread(number)))
    return BenchInput(
        "plain records",
        data=[written(folder / "records.ttl", PREFIXES + "".join(people))],
        shapes=[written(folder / "shapes.ttl", PREFIXES + SHAPE)],
        ontology=[written(folder / "ontology.ttl", PREFIXES + ONTOLOGY)],
    )


def record(each: int, number: int, is_invalid: bool) -> str:
    age = -1 if is_invalid else each % 90
    known = (each * 7 % number, each * 13 % number)
    return RECORD.format(each, each, age, each, *known, each % 90 + 10)


def spread(length: int) -> list[bool]:
    """A list of this length with VIOLATIONS true values, evenly spread."""
    return [index * VIOLATIONS % length < VIOLATIONS for index in range(length)]


def size(turtle: str) -> int:
    return sum(1 for _ in parse(turtle, format=RdfFormat.TURTLE))


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def compare(files: BenchInput, contenders: list[str], rounds: int) -> None:
    """Run each contender this number of times, in turns, and print the results."""
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    before = machine(rounds)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for name in contenders:
                runs[name].append(run(command(name, files), Path(folder, name)))
        found = {name: violations(Path(folder, name)) for name in contenders}
    triples = sum(size(Path(path).read_text(encoding="utf-8")) for path in files.data)
    print(f"\n{files.name}: {triples:,} triples, {before}")
    report(runs, found)


def command(contender: str, files: BenchInput) -> list[str]:
    """The command line of a contender, which exits with 0 in any case."""
    if contender == SCRIPT:
        paths = [*files.shapes, "--", *files.data, *files.ontology]
        return [sys.executable, "-c", PYSHACL, *paths]
    options = [("--shapes", path) for path in files.shapes]
    options += [("--ontology", path) for path in files.ontology]
    options += [("--engine", contender), ("--fail-on", "never")]
    return [
        COMMAND,
        "validate",
        *files.data,
        *(word for option in options for word in option),
    ]


def violations(output: Path) -> int:
    """The number of violations in the last line of a report."""
    found = re.findall(r"(\d+) violations", output.read_text(encoding="utf-8"))
    return int(found[-1]) if found else 0


def report(runs: dict[str, list[Run]], found: dict[str, int]) -> None:
    slowest, *_ = (statistics.median(run.seconds for run in each) for each in runs.values())
    print(f"{'':<18} {'median':>9} {'fastest':>9} {'memory':>9} {'found':>6}  times as fast")
    for name, measured in runs.items():
        seconds = [each.seconds for each in measured]
        median = statistics.median(seconds)
        memory = max(each.memory for each in measured)
        print(
            f"{name:<18} {median:>7.2f} s {min(seconds):>7.2f} s {memory:>5.0f} MiB"
            f" {found[name]:>6}  {slowest / median:.1f}"
        )
    if len(set(found.values())) > 1:
        raise SystemExit("the contenders find different numbers of violations")


if __name__ == "__main__":
    main()
