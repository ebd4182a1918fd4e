"""`tipgraph coverage`."""

from collections.abc import Iterator

import click

from tipgraph.cli import completion
from tipgraph.cli.options import format_option, graph_options, opened, write
from tipgraph.lookup.coverage import Coverage, Sentence
from tipgraph.render import results


@click.command("coverage")
@click.argument("edition", required=False, shell_complete=completion.editions)
@click.option(
    "--text",
    type=click.Path(),
    metavar="FILE",
    help="Also check digest, offsets and quotes against this text.",
)
@format_option("text", "json")
@graph_options
def command(
    edition: str | None,
    text: str | None,
    style: str | None,
    data: tuple[str, ...],
    no_bundled: bool,
) -> int:
    """List each sentence of EDITION, or of all, with the statements that rest on it.

    Exits with 1 when a sentence has none, or when the text differs.
    """
    found = opened(data, no_bundled).coverage(edition, text)
    if style == "json":
        write(results.dumps([each.as_dict() for each in found]))
    else:
        write("".join(f"{line}\n" for each in found for line in _lines(each)))
    return 0 if all(each.complete for each in found) else 1


def _lines(coverage: Coverage) -> Iterator[str]:
    for sentence in coverage.sentences:
        yield from _sentence(sentence)
    for mismatch in coverage.mismatches:
        place = f"{mismatch.sentence} " if mismatch.sentence else ""
        yield f"MISMATCH {place}at offset {mismatch.offset}: {mismatch.problem}"
    total = len(coverage.sentences)
    yield f"{coverage.edition}: {total - len(coverage.uncovered)} of {total} sentences covered"
    if coverage.checked:
        yield f"{coverage.edition}: {_verdict(len(coverage.mismatches))} against the text"


def _sentence(sentence: Sentence) -> Iterator[str]:
    if not sentence.statements:
        yield f"{sentence.name}  NO STATEMENT"
    for number, statement in enumerate(sentence.statements):
        yield f"{'' if number else sentence.name:{len(sentence.name)}}  {statement}"


def _verdict(mismatches: int) -> str:
    if not mismatches:
        return "no mismatch"
    return "1 mismatch" if mismatches == 1 else f"{mismatches} mismatches"
