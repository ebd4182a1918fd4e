"""Jena in a Java machine, in a process of its own: rows of queries, and what rules derive.

It knows nothing of our engine: graphs are files of N-Triples, rows are JSON, triples N-Triples.
"""

from pathlib import Path

import jpype

from tests.tools import TOOLS

JARS = TOOLS / "jena"
OPTIONS = ("-XX:+UseSerialGC", "-Xrs")


def start() -> None:
    """Start the machine."""
    jpype.startJVM(*OPTIONS, classpath=[str(JARS / "*")], convertStrings=True)


def rows(graph: Path, queries: list[str]) -> list[bytes]:
    """The results of SELECT queries over a graph, as SPARQL JSON."""
    java, model = jpype.JClass, _model(graph)
    results = []
    for query in queries:
        execution = java("org.apache.jena.query.QueryExecutionFactory").create(query, model)
        out = java("java.io.ByteArrayOutputStream")()
        java("org.apache.jena.query.ResultSetFormatter").outputAsJSON(out, execution.execSelect())
        execution.close()
        results.append(bytes(out.toByteArray()))
    return results


def derive(graph: Path, strata: list[list[tuple[str, bool]]]) -> bytes:
    """Return the triples that CONSTRUCT queries add to a graph, as N-Triples.

    All queries of a stratum see the same snapshot. They run once, and those that are recursive
    again until they add nothing.
    """
    java, model = jpype.JClass, _model(graph)
    derived = java("org.apache.jena.rdf.model.ModelFactory").createDefaultModel()
    for rules in strata:
        while rules:
            new = java("org.apache.jena.rdf.model.ModelFactory").createDefaultModel()
            for rule, _ in rules:
                execution = java("org.apache.jena.query.QueryExecutionFactory").create(rule, model)
                execution.execConstruct(new)
                execution.close()
            new.remove(model)
            if new.isEmpty():
                break
            model.add(new)
            derived.add(new)
            rules = [(rule, recursive) for rule, recursive in rules if recursive]
    return _ntriples(derived)


def _model(file: Path) -> jpype.JObject:
    return jpype.JClass("org.apache.jena.riot.RDFDataMgr").loadModel(file.as_uri())


def _ntriples(model: jpype.JObject) -> bytes:
    out = jpype.JClass("java.io.ByteArrayOutputStream")()
    language = jpype.JClass("org.apache.jena.riot.Lang").NTRIPLES
    jpype.JClass("org.apache.jena.riot.RDFDataMgr").write(out, model, language)
    return bytes(out.toByteArray())
