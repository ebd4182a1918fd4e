"""`tipgraph query`."""

import sys
from collections.abc import Mapping

import click

from tipgraph.cli import completion
from tipgraph.cli.endpoint import endpoint_options
from tipgraph.cli.options import (
    for_people,
    format_option,
    graph_options,
    meant,
    opened,
    parameters,
    parameters_option,
    write,
)
from tipgraph.endpoint.settings import Endpoint
from tipgraph.errors import InputError, UsageError
from tipgraph.graph import Graph
from tipgraph.queries.catalogue import StoredQuery, parse
from tipgraph.rdf.front_matter import read_text
from tipgraph.render import results
from tipgraph.render.results import GRAPH_FORMATS, ROW_FORMATS, Answer
from tipgraph.store.rows import Rows, value

PEOPLES = ("table", "markdown")
FORMATS = ("table", *ROW_FORMATS, "markdown", *GRAPH_FORMATS)


@click.command("query")
@click.argument("name", required=False, shell_complete=completion.query_names)
@parameters_option(completion.parameters)
@click.option("-f", "--file", "file", metavar="FILE", help="Run the query in this file.")
@click.option("-e", "--expression", "text", metavar="TEXT", help="Run this query.")
@format_option(*FORMATS, help="How to write the answer; a table on a terminal, else TSV.")
@click.option("--labels", is_flag=True, help="Labels in the place of IRIs, in any format.")
@click.option("--quotes", is_flag=True, help="Add each passage's quote and link.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when there is any row.")
@graph_options
@endpoint_options
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="How long a store may take.",
)
def command(
    name: str | None,
    given: tuple[str, ...],
    file: str | None,
    text: str | None,
    style: str | None,
    labels: bool,
    quotes: bool,
    exit_code: bool,
    data: tuple[str, ...],
    no_bundled: bool,
    endpoint: Endpoint | None,
    timeout: float,
) -> int:
    """Run the stored query NAME, or one of your own; without any, list the stored ones.

    NAME may be - for a query from standard input. With --endpoint a triple store is asked, into
    which 'tipgraph load' has put the graph.
    """
    if name is None and file is None and text is None:
        from tipgraph.cli.queries import overview

        write(overview(opened((), no_bundled=False).queries, style=None))
        return 0
    graph = meant(data, no_bundled, endpoint, timeout)
    query = _chosen(graph, name, file, text)
    answer = graph.run(query, parameters(given))
    if isinstance(answer, Rows) and quotes:
        answer = graph.quoted(answer)
    write(written(graph, answer, style or usual(answer), labels))
    return int(exit_code and _any(answer))


def _chosen(graph: Graph, name: str | None, file: str | None, text: str | None) -> StoredQuery:
    if sum(each is not None for each in (name, file, text)) > 1:
        raise UsageError("give one query: NAME, -f FILE, -e TEXT or -")
    if text is not None:
        return parse(text, "query", "query")
    if "-" in (name, file):
        return parse(_standard_input(), "standard input", "query")
    if file is not None:
        return parse(read_text(file), file, "query")
    assert name is not None
    return graph.find(name)


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("standard input: it is not UTF-8") from None


def usual(answer: Answer) -> str:
    """How an answer is written when nothing is said of it."""
    if isinstance(answer, list):
        return "turtle"
    return "table" if for_people() else "tsv"


def _any(answer: Answer) -> bool:
    return answer if isinstance(answer, bool) else len(answer) > 0


def written(graph: Graph, answer: Answer, style: str, labels: bool) -> str:
    """The answer in a style. Raises UsageError for a style that does not fit it."""
    if isinstance(answer, list):
        _check_fits(style, GRAPH_FORMATS, "CONSTRUCT and DESCRIBE")
        return results.graph(answer, style)
    _check_fits(style, (*ROW_FORMATS, *PEOPLES), "SELECT and ASK")
    if isinstance(answer, bool):
        return results.truth(answer, style)
    if style in ROW_FORMATS:
        return ROW_FORMATS[style](graph.labelled(answer) if labels else answer)
    return _for_people(graph, answer, style)


def _check_fits(style: str, fitting: Mapping[str, object] | tuple[str, ...], forms: str) -> None:
    if style not in fitting:
        raise UsageError(f"--format {style} does not fit; {forms} take {', '.join(fitting)}")


def _for_people(graph: Graph, rows: Rows, style: str) -> str:
    from tipgraph.lookup.labels import cells

    texts = cells(graph.engine, rows)
    if style == "markdown":
        return results.markdown(rows.columns, texts)
    from tipgraph.render.tables import answer as table_of

    if not rows:
        return "no rows; that is not zero (see the queries not-reported and unmentioned-topics)\n"
    return table_of(rows.columns, texts, _number_columns(rows))


def _number_columns(rows: Rows) -> list[int]:
    def numeric(position: int) -> bool:
        kinds = {type(value(row[position])) for row in rows.terms} - {type(None)}
        return bool(kinds) and not kinds & {str, bool}

    return [position for position in range(len(rows.columns)) if numeric(position)]
