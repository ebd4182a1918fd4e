"""`tipgraph validate`."""

import os
import warnings
from collections.abc import Callable, Iterable
from os.path import exists

import click

from tipgraph.atomic import write_whole
from tipgraph.cli.options import Command, check_folder, note, write
from tipgraph.cli.progress import progress_bar
from tipgraph.errors import EndpointError, InputError, UsageError
from tipgraph.rdf.files import SYNTAXES
from tipgraph.resources.folders import shipped
from tipgraph.validate import Report, Request, baseline, validate
from tipgraph.validate.engines import ENGINES, REFERENCE
from tipgraph.validate.formats import FORMATS, render
from tipgraph.validate.formats.text import excerpt
from tipgraph.validate.formats.wording import numbered
from tipgraph.validate.report import FAIL_ON, Fault

FINDINGS = 1
# How many findings go to the page of a job, which takes no more than a megabyte.
SUMMARY = 500


def paths_option(name: str, help: str) -> Callable[[Command], Command]:
    """An option for files, folders and globs."""
    return click.option(name, multiple=True, metavar="PATH", help=f"{help} May be repeated.")


@click.command("validate")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--syntax", type=click.Choice(list(SYNTAXES)), default="trig", help="Of standard input."
)
@click.option("--endpoint", metavar="URL", help="Validate a graph of this SPARQL store.")
@click.option("--graph", metavar="IRI", help="Which graph of the store.")
@click.option("--each-graph", is_flag=True, help="Validate each named graph by itself.")
@paths_option("--shapes", "Use these shapes instead of the shipped ones.")
@paths_option("--add-shapes", "Use these shapes as well.")
@paths_option("--ontology", "What declares the classes and properties of one's own shapes.")
@click.option(
    "--format", "style", type=click.Choice(FORMATS), default="text", help="How to write the report."
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write the whole report to a file as well. May be repeated.",
)
@click.option("--max", "most", type=click.IntRange(min=0), help="Show this many findings.")
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default=FAIL_ON[0],
    show_default=True,
    help="The least severity that fails.",
)
@click.option(
    "--baseline", "known", metavar="FILE", help="Fail on new findings only; made when missing."
)
@click.option("--no-guards", is_flag=True, help="Let shapes pass that may check nothing.")
@click.option("--check-shapes", is_flag=True, help="Run the guards alone.")
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default=REFERENCE,
    show_default=True,
    help="What validates.",
)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to use.")
def command(
    paths: tuple[str, ...],
    syntax: str,
    endpoint: str | None,
    graph: str | None,
    each_graph: bool,
    shapes: tuple[str, ...],
    add_shapes: tuple[str, ...],
    ontology: tuple[str, ...],
    style: str,
    outputs: tuple[str, ...],
    most: int | None,
    fail_on: str,
    known: str | None,
    no_guards: bool,
    check_shapes: bool,
    engine: str,
    jobs: int | None,
) -> int:
    """Hold RDF files, folders, globs or standard input (-) against shapes (SHACL).

    Without a PATH the shipped data, without --shapes the shipped shapes; with --check-shapes alone
    a PATH is shapes. Exits with 1 when there are findings grave enough, with 3 when something could
    not be read or nothing was checked.
    """
    if no_guards and check_shapes:
        raise UsageError("--check-shapes runs the guards that --no-guards leaves out; choose one")
    if check_shapes and not (shapes or add_shapes):
        paths, shapes = (), paths
    files = [_output(each) for each in outputs]
    request = Request(
        resources=shipped(),
        data=paths,
        remote=_remote(endpoint, graph),
        syntax=SYNTAXES[syntax],
        shapes=shapes,
        more_shapes=add_shapes,
        ontology=ontology,
        each_graph=each_graph,
        guards=not no_guards,
        guards_only=check_shapes,
        engine=engine,
        jobs=jobs,
        fail_on=fail_on,
    )
    # What an engine warns of, such as a shape that refers to itself, is one line too.
    warnings.showwarning = lambda message, *_: note(str(message))
    with progress_bar("validating") as progress:
        report = validate(request, progress)
    if known:
        report = _without_known(report, known)
    for form, file in files:
        write_whole(file, render(form, report).encode())
    if style == "github":
        _summarise(report)
    _complain(report.faults)
    write(render(style, report, most))
    return _code(report)


def _output(text: str) -> tuple[str, str]:
    """The format and the file of an `--output`."""
    form, _, file = text.partition("=")
    if form not in FORMATS or not file:
        raise UsageError(f"--output {text}: write FORMAT=FILE, FORMAT one of {', '.join(FORMATS)}")
    if file == "-":
        raise UsageError(f"--output {text}: for standard output take --format {form}")
    check_folder(file)
    return form, file


def _remote(endpoint: str | None, graph: str | None) -> tuple[str, str] | None:
    if endpoint and graph:
        return endpoint, graph
    if endpoint:
        raise UsageError("--endpoint: say with --graph which of its graphs to validate")
    if graph:
        raise UsageError("--graph: say with --endpoint in which store the graph is")
    return None


def _without_known(report: Report, file: str) -> Report:
    """The report less what the baseline knows; a baseline that is not there yet is made."""
    if exists(file):
        report, gone = baseline.without_known(report, file)
        if gone and not report.faults:
            there = numbered(gone, "finding")
            note(f"{file}: records {there} no longer there; delete it to record anew")
    elif report.faults:
        note(f"{file}: not recorded, since not everything could be validated")
    else:
        baseline.record(report, file)
        found = numbered(len(report.findings), "finding")
        note(f"{file}: recorded {found}; only new ones fail from now on")
    return report


def _summarise(report: Report) -> None:
    """Add the report to the page that GitHub shows for the job."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        with open(file, "a", encoding="utf-8") as opened:
            opened.write(render("markdown", report, SUMMARY))


def _complain(faults: Iterable[Fault]) -> None:
    """One line for each fault, and under it the line that it is in."""
    for fault in faults:
        note(str(fault))
        for line in excerpt(fault.place) if fault.place else ():
            click.echo(line, err=True)


def _code(report: Report) -> int:
    if report.faults:
        kinds = {fault.kind for fault in report.faults}
        return EndpointError.exit_code if "endpoint" in kinds else InputError.exit_code
    return FINDINGS if report.fails else 0
