"""`tipgraph coverage`."""

from collections.abc import Iterator

import click

from tipgraph.cli.options import format_option, graph_options, opened, write
from tipgraph.render import results
from tipgraph.texts.pinned_text import Coverage, Sentence


@click.command("coverage")
@click.argument("edition", required=False)
@click.option(
    "--text",
    type=click.Path(),
    metavar="FILE",
    help="Text of the edition; its digest, offsets and quotes are checked.",
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
    """List the sentences of EDITION, or of all editions, with the statements that rest on them.

    Exits with 1 when a sentence has none, or when the text differs.
    """
    coverages = opened(data, no_bundled).coverage(edition, text)
    if style == "json":
        write(results.dumps([each.as_dict() for each in coverages]))
    else:
        write("".join(f"{line}\n" for each in coverages for line in _lines(each)))
    return 0 if all(each.complete for each in coverages) else 1


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
    for number, line in enumerate(sentence.statements or ["NO STATEMENT"]):
        yield f"{'' if number else sentence.name:{len(sentence.name)}}  {line}"


def _verdict(mismatches: int) -> str:
    match mismatches:
        case 0:
            return "no mismatch"
        case 1:
            return "1 mismatch"
        case _:
            return f"{mismatches} mismatches"
