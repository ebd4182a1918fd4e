"""`tipgraph validate`."""

from collections import Counter
from collections.abc import Iterator

import click

from tipgraph import results
from tipgraph.bundle import shipped
from tipgraph.cli.options import format_option, write
from tipgraph.validation import Finding, Report, validate


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]...")
@click.option(
    "--shapes",
    multiple=True,
    type=click.Path(),
    metavar="PATH",
    help="Use these shapes instead of the shipped ones (may be repeated).",
)
@format_option("text", "json", help="How to write the report.")
def command(paths: tuple[str, ...], shapes: tuple[str, ...], style: str | None) -> int:
    """Hold RDF files or folders against the shapes; without any, the shipped data.

    Exits with 1 when there is a violation.
    """
    bundle = shipped()
    report = validate(paths or bundle.data(), shapes, bundle)
    text = results.dumps(report.as_dict()) if style == "json" else "\n".join(_lines(report)) + "\n"
    write(text)
    return 0 if report.conforms else 1


def _lines(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield from _finding(finding)
        yield ""
    counts = Counter(finding.severity for finding in report.findings)
    numbers = {"shapes": report.shapes, "nodes": report.focus_nodes, **counts}
    verdict = "conforms" if report.conforms else "does not conform"
    yield f"{verdict} ({', '.join(f'{name}: {number}' for name, number in numbers.items())})"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity}: {finding.focus}"
    told = {
        "path": finding.path,
        "value": finding.value,
        "message": finding.message,
        "shape": finding.shape or finding.component,
    }
    yield from (f"  {name:8} {text}" for name, text in told.items() if text)
