"""`tipgraph export`."""

import os
from collections import Counter
from os import listdir
from os.path import exists, isdir, splitext

import click

from tipgraph import processes
from tipgraph.cli import options
from tipgraph.cli.declare import argument, command, option
from tipgraph.cli.options import GraphFiles
from tipgraph.cli.output import note, write
from tipgraph.cli.output_files import Output, OutputFolder, check_output
from tipgraph.errors import InputError, UsageError
from tipgraph.export.catalog import Release, catalog
from tipgraph.export.catalog.executables import executables
from tipgraph.export.figures import figures, import_table, runs
from tipgraph.export.graph import SYNTAXES, merged_ontology, named_graphs, serialize_quads
from tipgraph.export.network import graphml, network
from tipgraph.files import write_atomic, write_folder
from tipgraph.queries.catalogue import Catalogue
from tipgraph.rdf.terms import is_iri
from tipgraph.render import formats
from tipgraph.resources.folders import shipped
from tipgraph.store.engine import Rows
from tipgraph.text import plural

NETWORK = ("graphml", "csv")
CHANGES = ("csv", "json")
# The output of RDF, by the syntax without an option.
TRIG, TURTLE = (
    options.output_in(
        *SYNTAXES,
        default=syntax,
        help=f"RDF syntax; the default is by file extension, else {syntax}.",
    )
    for syntax in ("trig", "turtle")
)


@click.group("export")
def export() -> None:
    """Export graph, ontology, queries, figures, tables, actors or a catalogue for other tools."""


@command("graph", export)
def export_graph(
    names: tuple[str, ...] = option(
        "A named graph, by IRI or by its last part such as tip-2021-be (may be repeated).",
        "--graph",
        metavar="NAME",
    ),
    asserted: bool = option("Only what data and ontology state, without derived triples."),
    output: Output = TRIG,
    source: GraphFiles = options.GRAPH,
) -> None:
    """Export the graph as RDF, all of it or some named graphs.

    Turtle and N-Triples merge the named graphs into one, the derived triples too.
    """
    if asserted and len(names) != 1 and not SYNTAXES[output.style].supports_datasets:
        raise UsageError(
            "--asserted does not merge graphs, from which statements have their edition; use"
            " --format trig or nquads, or one --graph"
        )
    graph = source.open()
    quads = named_graphs(graph.engine, names, asserted)
    output.write(serialize_quads(quads, output.style, graph.resources))


@command("ontology", export)
def export_ontology(output: Output = TURTLE) -> None:
    """Export the ontology as one file without imports, for Protégé and ROBOT."""
    resources = shipped()
    output.write(serialize_quads(merged_ontology(resources), output.style, resources))


@command("queries", export)
def export_queries(output: Output = TURTLE) -> None:
    """Export the stored queries as RDF, for endpoints and editors that list examples.

    Each is a sh:SPARQLExecutable (SHACL Advanced Features) with its question, its theme and its
    text, which runs as it is.
    """
    resources = shipped()
    quads = executables(Catalogue(resources).values())
    output.write(serialize_quads(quads, output.style, resources))


@command("figures", export)
def export_figures(
    editions: tuple[str, ...] = options.EDITIONS,
    areas: tuple[str, ...] = options.AREAS,
    output: Output = options.output_in("csv"),
    indicator: str | None = option("Only figures of this indicator.", metavar="NAME"),
    table: bool = option("Only the columns that 'tipgraph import-figures' reads."),
    csv_safe: bool = options.CSV_SAFE,
    source: GraphFiles = options.GRAPH,
) -> None:
    """Export the figures as tidy CSV, with their caveats.

    A row is a figure, or one of its amounts of money. Do not add or compare figures with
    different indicators, parts or populations.
    """
    graph = source.open()
    parts = [] if table else runs(graph.engine, graph.queries, editions, areas)
    if len(parts) < 2 or not hasattr(os, "fork"):
        rows = figures(graph.engine, graph.queries, editions, areas, indicator)
        output.write(_csv(import_table(graph.engine, rows) if table else rows, csv_safe))
        return

    def written(part: list[str]) -> str:
        rows = figures(graph.engine, graph.queries, part, indicator=indicator)
        head, _, lines = _csv(rows, csv_safe).partition("\n")
        return f"{head}\n{lines}" if part == parts[0] else lines

    texts = processes.in_processes(written, parts, processes.processors(), in_order=True)
    for each in ["".join(texts)] if output.file else texts:
        output.write(each)


@command("network", export)
def export_network(
    output: Output = options.output_in(
        *NETWORK, help="Output format; the default is by file extension, else graphml."
    ),
    csv_safe: bool = options.CSV_SAFE,
    source: GraphFiles = options.GRAPH,
) -> None:
    """Export the network of actors as GraphML or CSV.

    An edge is what one statement says of two actors, or of an actor and a category of persons,
    with the words of the source. CSV contains only these; GraphML also has the countries of actors
    and publications, which no sentence states.
    """
    graph = source.open()
    found = network(graph.engine, graph.queries)
    is_csv = output.style == "csv"
    output.write(_csv(found.edges, csv_safe) if is_csv else graphml(found))


@command("catalog", export)
def export_catalog(
    output: Output = TURTLE,
    folder: str | None = option(
        "New folder for the files that the catalogue lists.",
        "--files",
        type=OutputFolder(),
        metavar="FOLDER",
    ),
    sparql: str = option("SPARQL endpoint that serves the graph.", default="", metavar="URL"),
    previous: str = option("The dataset of the release before.", default="", metavar="IRI"),
    notes: str = option("What changed since then, in words.", default="", metavar="TEXT"),
    source: GraphFiles = options.GRAPH,
) -> None:
    """Export a catalogue of the graph in DCAT-AP 3 and VoID.

    The graph is a dataset, with its figures, network and tables as files. Each named graph is a
    part of it, with a file in each syntax, its size and checksum, and statistics by class and by
    property.
    """
    if folder:
        _check_empty(folder)
    graph = source.open()
    wrong = [each for each in (sparql, previous) if each and not is_iri(each)]
    if wrong:
        raise UsageError(f"{wrong[0]!r} is no IRI; write one such as https://example.org/sparql")
    release = Release(sparql, previous, notes, graph.digest)
    found = catalog(graph.engine, graph.resources, release=release)
    if folder:
        write_folder(folder, found.files)
    output.write(serialize_quads(found.quads, output.style, graph.resources))


@command("package", export)
def export_package(
    target: str = argument(type=OutputFolder(), metavar="FOLDER|FILE.zip"),
    source: GraphFiles = options.GRAPH,
) -> None:
    """Export the tables as a data package, into a new folder or a ZIP archive.

    Figures, claims, norms, recommendations and non-reports of all editions as CSV, each row with
    counter, speaker, place, quote, link and caveats; Data Package, CSVW and RO-Crate describe them.
    Parquet needs pyarrow (the extra 'parquet').
    """
    from importlib.util import find_spec

    from tipgraph.export.package import package, zipped

    is_zip = splitext(target)[1].lower() == ".zip"
    if is_zip:
        check_output(click.get_current_context(), target)
    else:
        _check_empty(target)
    with_parquet = find_spec("pyarrow") is not None
    if not with_parquet:
        note("the package has no Parquet; for that, install pyarrow (the extra 'parquet')")
    graph = source.open()
    files = package(graph.engine, graph.queries, graph.resources, graph.digest, with_parquet)
    if is_zip:
        write_atomic(target, zipped(files))
    else:
        write_folder(target, files)


@command("bulk", export)
def export_bulk(
    folder: str = argument(type=OutputFolder()),
    merged: bool = option("One graph with all triples, which 'query --endpoint' asks."),
    source: GraphFiles = options.GRAPH,
) -> None:
    """Export the graph for bulk loaders, as gzipped N-Quads in parts, into a FOLDER.

    manifest.json has the quads, bytes and SHA-256 of each part. Beside the parts are the settings
    for TDB2, Virtuoso, QLever and Neptune. Run it again to go on where it broke off.
    """
    from tipgraph.export import bulk

    graph = source.open()
    made = bulk.write(graph.engine.store, graph.key, folder, merged)
    write(f"{folder}: {made['quads']:,} quads in {plural(len(made['parts']), 'part')}\n")


@command("changes", export)
def export_changes(
    old: str = argument(type=click.Path()),
    new: str = argument(type=click.Path()),
    output: Output = options.output_in(
        *CHANGES, help="Output format; the default is by file extension, else csv."
    ),
    csv_safe: bool = options.CSV_SAFE,
) -> None:
    """Export what changed between two releases, statement by statement.

    OLD and NEW are graphs that 'tipgraph export graph --output FILE.nq' wrote. A row is a statement
    that was added or removed, or a property of one whose values changed.
    """
    from tipgraph.export.changes import changes

    rows = changes(old, new)
    kinds = Counter(
        dict(zip(rows.column("statement"), rows.column("change"), strict=True)).values()
    )
    note(", ".join(f"{kinds[each]} {each}" for each in ("added", "removed", "changed")))
    is_json = output.style == "json"
    output.write(formats.json(rows) if is_json else _csv(rows, csv_safe))


def _check_empty(folder: str) -> None:
    """Raise InputError for a folder that has files, and for a file."""
    if exists(folder) and not isdir(folder):
        raise InputError(f"{folder}: this is a file; name a new folder")
    if isdir(folder) and listdir(folder):
        raise InputError(f"{folder}: this folder is not empty; name a new one")


def _csv(rows: Rows, is_safe: bool) -> str:
    return formats.csv(rows.columns, formats.plain(rows), is_safe)
