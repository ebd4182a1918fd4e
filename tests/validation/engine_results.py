"""What an engine finds, in a form in which two of them can be compared."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import RdfFormat, Triple, parse

from tipgraph.validate.engines import ENGINES, REFERENCE, engine
from tipgraph.validate.findings import results, spelled, spelled_path
from tipgraph.validate.triples import Triples, sh

(FAST,) = ENGINES.keys() - {REFERENCE}

PREFIXES = """
    @prefix ex: <http://example.org/> .
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


class Found(NamedTuple):
    """What the engines have to agree on in a result."""

    focus: str
    path: str
    value: str
    component: str
    shape: str
    severity: str


def found(name: str, data: Iterable[Triple], shapes: Iterable[Triple]) -> set[Found]:
    """What the engine of this name finds."""
    chosen, rules = engine(name), list(shapes)
    chosen.load(data)
    report = Triples(chosen.run(rules, lambda done, total: None))
    return {
        Found(
            focus=spelled(each.focus),
            path=spelled_path(report, each.path),
            value=spelled(each.value),
            component=each.component,
            shape=spelled(report.value(each.node, sh("sourceShape"))),
            severity=spelled(report.value(each.node, sh("resultSeverity"))),
        )
        for each in results(report, Triples(rules))
    }


def read(*paths: str | Path) -> list[Triple]:
    """The triples of these files, with blank nodes of their own each."""
    quads = (quad for path in paths for quad in parse(path=path, rename_blank_nodes=True))
    return [quad.triple for quad in quads]


def turtle(text: str) -> list[Triple]:
    quads = parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)
    return [quad.triple for quad in quads]


def values(constraint: str) -> str:
    """A constraint on the values of `ex:v`."""
    return f"sh:property [ sh:path ex:v ; {constraint} ]"


def query(text: str) -> str:
    """A constraint that is a query."""
    text = re.sub(r"ex:(\w+)", r"<http://example.org/\1>", text)
    return f"sh:sparql [ sh:select '''{text}''' ]"


def thing(constraint: str) -> list[Triple]:
    """A shape with this constraint on each `ex:Thing`."""
    return turtle(f"ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; {constraint} .")
