"""`tipgraph validate`."""

import os
import warnings
from collections.abc import Iterable
from os.path import exists, join
from typing import Any

import click

from tipgraph.cli import options
from tipgraph.cli.declare import argument, command, option
from tipgraph.cli.output import note, progress_bar, write
from tipgraph.cli.output_files import OutputFile
from tipgraph.cli.process import continue_in_worker
from tipgraph.endpoint.settings import READING
from tipgraph.errors import EndpointError, InputError, UsageError
from tipgraph.files import write_atomic
from tipgraph.graph import validation_defaults
from tipgraph.offline import go_offline
from tipgraph.rdf.files import SYNTAXES
from tipgraph.resources.folders import shipped
from tipgraph.text import plural
from tipgraph.validate import Diagnostic, ValidationReport, ValidationRequest, validate
from tipgraph.validate.engines import AUTO, ENGINES
from tipgraph.validate.formats import FORMATS, render
from tipgraph.validate.formats.text import excerpt
from tipgraph.validate.policy import apply_baseline, ignored_checks, record_baseline, unknown_check
from tipgraph.validate.report import CHECKS, FAIL_ON

FINDINGS = 1
# GitHub rejects a job summary of more than one megabyte.
SUMMARY_LIMIT = 500


def paths_option(help: str) -> Any:
    """Declare an option for files, folders and globs."""
    return option(f"{help} May be repeated.", type=click.Path(), metavar="PATH")


class ReportFile(OutputFile):
    """A format and a file to write, as FORMAT=FILE."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        format, file = str(value).partition("=")[0], self.file(value)
        if format not in FORMATS or not file:
            raise UsageError(
                f"--output {value}: expected FORMAT=FILE, FORMAT one of {', '.join(FORMATS)}"
            )
        if file == "-":
            raise UsageError(f"--output {value}: use --format {format} for standard output")
        return str(value)

    def file(self, value: Any) -> str:
        return str(value).partition("=")[2]


@command("validate")
def validate_command(
    paths: tuple[str, ...] = argument(type=click.Path(), metavar="[PATH]..."),
    syntax: str = options.SYNTAX,
    endpoint: str | None = option("SPARQL store with the graph to validate.", metavar="URL"),
    graph: str | None = option("Named graph of the store to validate.", metavar="IRI"),
    each_graph: bool = option("Validate each named graph separately."),
    shapes: tuple[str, ...] = paths_option("Shapes to use instead of the shipped ones."),
    add_shapes: tuple[str, ...] = paths_option("Shapes to use in addition."),
    ontology: tuple[str, ...] = paths_option(
        "Ontology that declares the classes and properties of your shapes."
    ),
    report_format: str = option(
        "Report format on standard output.", "--format", type=click.Choice(FORMATS), default="text"
    ),
    outputs: tuple[str, ...] = option(
        "Additional report file, never shortened. May be repeated.",
        "--output",
        type=ReportFile(),
        metavar="FORMAT=FILE",
    ),
    limit: int | None = option(
        "Maximum number of findings to show to people.", "--max", type=click.IntRange(min=0)
    ),
    fail_on: str = option(
        "Lowest severity that fails.", type=click.Choice(FAIL_ON), default=FAIL_ON[0]
    ),
    baseline: str | None = option(
        "File of known findings, which do not fail; created when missing.",
        type=click.Path(),
        metavar="FILE",
    ),
    no_shape_checks: bool = option("Do not check the shapes for mistakes."),
    ignore: tuple[str, ...] = option(
        f"Check of the shapes to ignore. May be repeated. One of {', '.join(CHECKS)}.",
        metavar="NAME",
    ),
    check_shapes: bool = option("Check the shapes only; validate no data."),
    engine: str = option(
        "SHACL engine; auto is the fast one where it finds the same as pySHACL.",
        type=click.Choice([AUTO, *ENGINES]),
        default=AUTO,
    ),
    jobs: int | None = option(
        "Maximum number of processes; by default up to 4.", type=click.IntRange(min=1), metavar="N"
    ),
    timeout: float | None = options.timeout(
        f"Time limit; by default none, and {READING:g} to read a store."
    ),
) -> int:
    """Validate RDF with SHACL shapes.

    PATH is a file, folder, glob or - for standard input; the default is the shipped data. The
    default shapes are the shipped ones. With --check-shapes and no --shapes, PATH names shapes;
    the default is all shipped ones, those for cases and for the ontology included.

    Settings: [tool.tipgraph.validate] in the repository's pyproject.toml, with a list "ignore".

    Exit code 1: findings at or above --fail-on. Exit code 3: a file cannot be read, or nothing
    was checked.
    """
    if no_shape_checks and check_shapes:
        raise UsageError("--check-shapes and --no-shape-checks contradict each other; use one")
    if check_shapes and not (shapes or add_shapes):
        paths, shapes = (), paths or (join(shipped().root, "ontology", "shapes"),)
    if error := unknown_check(ignore):
        raise UsageError(f"--ignore: {error}")
    is_worker = continue_in_worker(timeout, offline=endpoint is None)
    request = ValidationRequest(
        data=paths,
        remote=_remote(endpoint, graph, timeout or READING),
        syntax=SYNTAXES[syntax],
        shapes=shapes,
        more_shapes=add_shapes,
        ontology=ontology,
        defaults=validation_defaults(shipped()),
        each_graph=each_graph,
        check_shapes=not no_shape_checks,
        ignore={*ignore, *ignored_checks()},
        shapes_only=check_shapes,
        engine=engine,
        jobs=jobs,
        fail_on=fail_on,
    )
    # Warnings of an engine, for instance about a recursive shape, take one line each.
    warnings.showwarning = lambda message, *_: note(str(message))
    with progress_bar("validating") as progress:
        report = validate(request, progress, go_offline if is_worker else lambda: None)
    if report.engine_reason:
        note(f"engine {report.engine}, not fast: {report.engine_reason}")
    if baseline:
        report = _use_baseline(report, baseline)
    for each in outputs:
        format, _, file = each.partition("=")
        # The name of a file may have bytes that are no UTF-8.
        write_atomic(file, render(format, report).encode(errors="backslashreplace"))
    if report_format == "github":
        _write_summary(report)
    _print_errors([*report.errors, *report.warnings])
    write(render(report_format, report, limit))
    return _exit_code(report)


def _remote(
    endpoint: str | None, graph: str | None, seconds: float
) -> tuple[str, str, float] | None:
    if endpoint and graph:
        return endpoint, graph, seconds
    if endpoint:
        raise UsageError("--endpoint needs --graph, the named graph to validate")
    if graph:
        raise UsageError("--graph needs --endpoint, the store with the graph")
    return None


def _use_baseline(report: ValidationReport, file: str) -> ValidationReport:
    """The report without the findings in the baseline; a missing baseline is recorded."""
    if exists(file):
        report, resolved = apply_baseline(report, file)
        if resolved and not report.errors:
            findings = plural(resolved, "recorded finding")
            verb = "occurs" if resolved == 1 else "occur"
            note(f"{file}: {findings} no longer {verb}; delete the file to record a new baseline")
    elif report.errors:
        note(f"{file}: not recorded, because the validation is incomplete")
    else:
        record_baseline(report, file)
        findings = plural(len(report.findings), "finding")
        note(f"{file}: recorded {findings}; only new ones fail from now on")
    return report


def _write_summary(report: ValidationReport) -> None:
    """Append the report to the summary that GitHub shows for the job."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        # As above, a file may have such a name.
        with open(file, "a", encoding="utf-8", errors="backslashreplace") as opened:
            opened.write(render("markdown", report, SUMMARY_LIMIT))


def _print_errors(errors: Iterable[Diagnostic]) -> None:
    """Print each error on one line of standard error, followed by its source line."""
    for error in errors:
        note(str(error))
        for line in excerpt(error.location) if error.location else ():
            click.echo(line, err=True)


def _exit_code(report: ValidationReport) -> int:
    if report.errors:
        codes = {error.code for error in report.errors}
        return EndpointError.exit_code if "endpoint" in codes else InputError.exit_code
    return FINDINGS if report.fails else 0
