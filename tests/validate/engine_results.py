"""Results of an engine in a form that can be compared with another engine's."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import RdfFormat, Triple, parse

from tipgraph.validate.engines import load_engine
from tipgraph.validate.literals import LiteralKinds
from tipgraph.validate.paths import path_to_text
from tipgraph.validate.results import read_results
from tipgraph.validate.triples import Triples, sh, to_text

PREFIXES = """
    @prefix ex: <http://example.org/> .
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


class ComparableResult(NamedTuple):
    """The fields of a result that must be equal for both engines."""

    focus: str
    path: str
    value: str
    component: str
    shape: str
    severity: str


def found(name: str, data: Iterable[Triple], shapes: Iterable[Triple]) -> set[ComparableResult]:
    """The results of the engine with this name."""
    engine, shape_triples = load_engine(name), list(shapes)
    engine.load(data)
    report = Triples(engine.run(shape_triples, lambda done, total: None))
    return {
        ComparableResult(
            focus=to_text(each.focus_node),
            path=path_to_text(report, each.path),
            value=to_text(each.value),
            component=each.component,
            shape=to_text(report.value(each.node, sh("sourceShape"))),
            severity=to_text(report.value(each.node, sh("resultSeverity"))),
        )
        for each in read_results(report, Triples(shape_triples))
    }


def read(*paths: str | Path) -> list[Triple]:
    """The triples of these files; no two files share a blank node."""
    quads = (quad for path in paths for quad in parse(path=path, rename_blank_nodes=True))
    return [quad.triple for quad in quads]


def turtle(text: str) -> list[Triple]:
    quads = parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)
    return [quad.triple for quad in quads]


def kinds(text: str) -> LiteralKinds:
    """The kinds of the literals in these triples."""
    found = LiteralKinds()
    for quad in parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE):
        found.add(quad)
    return found


def values(constraint: str) -> str:
    """A constraint on the values of `ex:v`."""
    return f"sh:property [ sh:path ex:v ; {constraint} ]"


def query(text: str) -> str:
    """A SPARQL constraint."""
    text = re.sub(r"ex:(\w+)", r"<http://example.org/\1>", text)
    text = re.sub(r"xsd:(\w+)", r"<http://www.w3.org/2001/XMLSchema#\1>", text)
    return f"sh:sparql [ sh:select '''{text}''' ]"


def thing(constraint: str) -> list[Triple]:
    """A shape with this constraint on each `ex:Thing`."""
    return turtle(f"ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; {constraint} .")
