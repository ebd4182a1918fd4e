"""`tipgraph query`."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from os.path import isfile

import click
from pyoxigraph import Literal, NamedNode

from tipgraph import processes
from tipgraph.cli import options
from tipgraph.cli.declare import argument, command, option
from tipgraph.cli.options import GraphFiles, parameters
from tipgraph.cli.output import for_people, note, write
from tipgraph.cli.output_files import Output
from tipgraph.cli.process import continue_in_worker, limit_time
from tipgraph.endpoint.settings import Endpoint
from tipgraph.errors import InputError, UsageError
from tipgraph.files import read_input, read_text
from tipgraph.graph import Graph, LocalGraph
from tipgraph.queries.catalogue import AREA, BoundQuery, StoredQuery
from tipgraph.render import formats, in_format, results
from tipgraph.render.document import section_text
from tipgraph.render.results import Answer, AnswerRows
from tipgraph.store.engine import Engine, Rows
from tipgraph.text import did_you_mean, nearest, plural

# The ends of the columns that --quotes adds after one of passages.
ADDED = ("_quote", "_link")
# Documents for people and spreadsheets.
FILE_FORMATS = ("markdown", "html", "xlsx")
# From so many countries on, rows are written as they come (bench/scale.py), and this many or more
# at once where countries do not follow each other.
MANY, PART = 10, 500
FORMATS = ("table", *formats.ROW_FORMATS, *FILE_FORMATS, *formats.GRAPH_FORMATS)


@command("query")
def query_command(
    name: str | None = argument(),
    given: tuple[str, ...] = options.PARAMETERS,
    editions: tuple[str, ...] = options.EDITIONS,
    areas: tuple[str, ...] = options.AREAS,
    file: str | None = option(
        "File with a SPARQL query.", "-f", "--file", type=click.Path(), metavar="FILE"
    ),
    text: str | None = option("SPARQL query.", "-e", "--expression", metavar="TEXT"),
    output: Output = options.output_in(
        *FORMATS, help="Output format; a table on a terminal, else TSV."
    ),
    columns: str | None = option(
        "Columns, separated by commas, or all; by default at most eight.", metavar="all|LIST"
    ),
    iris: bool = option("IRIs in place of labels; JSON and XML always have them."),
    quotes: bool = option("Add the quote and link of each place."),
    sort: str | None = option("Refused: rows have the order of their query.", hidden=True),
    csv_safe: bool = options.CSV_SAFE,
    exit_code: bool = option("Exit with 1 when the query has a row."),
    explain: bool = option("Show engine, time and rows of each step."),
    source: GraphFiles = options.NAMED_GRAPH,
    endpoint: Endpoint | None = options.ENDPOINT,
    timeout: float = options.timeout("Time limit, with --endpoint for each request.", 60),
) -> int:
    """Run the stored query NAME, or your own SPARQL; without either, list the stored queries.

    NAME may be - to read a query from standard input. --endpoint queries a triple store into which
    'tipgraph load' has loaded the graph.

    Without --edition a query asks the editions that 'tipgraph queries NAME' names: all, or the
    newest of each country. A line names the editions: above a table on a terminal, else on standard
    error. 'tipgraph queries' shows for which countries each query has rows.

    Of a stored query at most eight columns are shown, and the country where several are asked;
    --columns all shows all. Rows have labels, but for --format json and xml, which are SPARQL
    results and always have IRIs.
    """
    if name is None and file is None and text is None:
        from tipgraph.cli.queries import overview

        shipped = GraphFiles().open()
        write(overview(shipped.queries, None, csv_safe, shipped))
        return 0
    if sum(each is not None for each in (name, file, text)) > 1:
        raise UsageError("give exactly one query: NAME, -f FILE, -e TEXT or -")
    style = output.style
    # Before the time starts: a person may be typing.
    typed = _standard_input() if "-" in (name, file) else None
    # A stored query on the shipped graph takes less time than a worker.
    is_quick = endpoint is None and typed is None and name is not None and not source.data
    if endpoint is None and not is_quick:
        continue_in_worker(timeout)
    steps = Steps()
    graph = source.select(endpoint, timeout)
    steps.done("open", graph.engine)
    if is_quick:
        # Not before: the first command makes the graph.
        limit_time(timeout)
    query = _chosen(graph, name, file, text, typed)
    if name in (None, "-"):
        _warn_of_unknown_terms(graph, query)
    bindings = parameters(given, editions, areas, **({"sort": sort} if sort else {}))
    with graph.engine.unchanged():
        bound = query.bind(graph.engine, bindings)
        steps.done("bind", graph.engine)
        known: Answer | None = None
        if style in formats.TEXT_FORMATS and not (quotes or explain or output.file):
            is_written, known = _stream(graph, bound, style, columns, iris, csv_safe)
            if is_written:
                return int(exit_code)
        answer = graph.answer(bound) if known is None else known
        steps.done("evaluate", graph.engine)
        if isinstance(answer, Rows) and quotes:
            answer = graph.quoted(answer)
        style = style or default_format(answer)
        _check_safe(style, csv_safe)
        names = chosen(answer, columns)
        is_empty = isinstance(answer, Rows) and not answer
        reasons = _reasons(graph, query, bindings) if is_empty else []
        heading = ""
        content = rendered(graph, answer, style, names, iris, csv_safe, reasons)
    if style not in ("table", *FILE_FORMATS):
        for line in reasons[1:]:
            note(line)
    steps.done("label", graph.engine)
    about = list(_about(graph.engine, bound, answer))
    if about and style == "table" and for_people():
        from tipgraph.render.tables import paragraph

        heading = f"{''.join(map(paragraph, about))}\n"
    else:
        for line in about:
            note(line)
    output.write(heading + content if isinstance(content, str) else content)
    steps.done("print", graph.engine)
    for line in (f"engine: {graph.engine.name}", *steps.lines) if explain else ():
        note(line)
    return int(exit_code and bool(answer))


def _stream(
    graph: Graph, bound: BoundQuery, style: str, columns: str | None, iris: bool, csv_safe: bool
) -> tuple[bool, Answer | None]:
    """Write the rows of many countries as they come, and return whether there was something.

    Processes answer for a country each where the rows follow the countries. Nothing is written
    where the countries are few, or no row is of a second one; the answer follows if it is known.
    """
    scope = bound.scope
    areas = {each.area for each in scope.editions} if scope else set()
    if len(areas) < MANY or not isinstance(graph, LocalGraph):
        return False, None

    def written(answer: Answer) -> str:
        assert isinstance(answer, Rows)
        names = chosen(answer, columns)
        text = rendered(graph, answer, style, names, iris, csv_safe, several=True)
        return str(text) if answer else ""

    if countries := bound.by_country():
        if not hasattr(os, "fork"):
            return False, None
        texts = processes.in_processes(
            lambda each: written(graph.answer(each)),
            countries,
            processes.processors(),
            in_order=True,
        )
    elif AREA in bound.query.columns:
        parts = graph.answers(bound, AREA, PART)
        known, more = next(parts), next(parts, None)
        if more is None:
            return False, known
        texts = map(written, chain([known, more], parts))
    else:
        return False, None
    found = filter(None, texts)
    first, second = next(found, ""), next(found, "")
    if second:
        write(first)
        for text in chain([second], found):
            _, _, rows = text.partition("\n")
            write(rows)
        for line in _about(graph.engine, bound, True):
            note(line)
    return bool(second), None


def _about(engine: Engine, bound: BoundQuery, answer: Answer) -> Iterator[str]:
    """The editions that were asked, other publishers on the same, and rows that may be missing."""
    if engine.kind in bound.query.incomplete_on:
        yield (
            f"warning: this kind of store ({engine.kind}) may leave out rows of this query; ask"
            " without --endpoint too"
        )
    if bound.scope is not None and bound.scope.editions:
        yield results.editions_line(bound.scope)
    if isinstance(answer, AnswerRows) and answer.context.others is not None:
        yield str(answer.context.others)


def _reasons(graph: Graph, query: StoredQuery, bindings: Mapping[str, object]) -> list[str]:
    """Return the reasons why the query has no rows, a line each."""
    from tipgraph.queries.no_rows import explanation

    return explanation(graph.no_rows(query, bindings))


def _chosen(
    graph: Graph, name: str | None, file: str | None, text: str | None, typed: str | None
) -> StoredQuery:
    if text is not None:
        return graph.parse(text, "query")
    if typed is not None:
        return graph.parse(typed, "standard input")
    if file is not None:
        return graph.parse(read_text(file), file)
    assert name is not None
    if name not in graph.queries and (name.endswith(".rq") or isfile(name)):
        raise UsageError(f"unknown query {name!r}; did you mean --file {name}?")
    return graph.find(name)


def _warn_of_unknown_terms(graph: Graph, query: StoredQuery) -> None:
    """Warn of a user's terms that match nothing; a store may be without the ontology."""
    from tipgraph.queries.no_rows import unknown_terms

    if isinstance(graph, LocalGraph):
        for warning in unknown_terms(graph.engine, query.text):
            note(f"warning: {warning}")


def _standard_input() -> str:
    try:
        return read_input().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("standard input: not UTF-8; convert it") from None


def default_format(answer: Answer) -> str:
    """The output format without `--format`."""
    if isinstance(answer, list):
        return "turtle"
    return "table" if for_people() else "tsv"


def rendered(
    graph: Graph,
    answer: Answer,
    style: str,
    columns: Sequence[str] = (),
    iris: bool = False,
    csv_safe: bool = False,
    reasons: Sequence[str] = (),
    several: bool = False,
) -> str | bytes:
    """The result in an output format. Raises UsageError for a format that does not fit it.

    Rows for people and spreadsheets have labels, unless `iris` is true; SPARQL results have terms.
    `reasons` are why there is no row, and `several` is that of `results.cells`.
    """
    _check_safe(style, csv_safe)
    if isinstance(answer, list):
        _check_fits(style, formats.GRAPH_FORMATS, "CONSTRUCT and DESCRIBE queries")
        return formats.graph(answer, style)
    if isinstance(answer, bool):
        _check_fits(style, ("table", "markdown", *formats.ROW_FORMATS), "ASK queries")
        return formats.truth(answer, style)
    _check_fits(style, ("table", *formats.ROW_FORMATS, *FILE_FORMATS), "SELECT queries")
    columns = columns or answer.columns
    if style in formats.TERM_FORMATS:
        return formats.TERM_FORMATS[style](answer.only(columns))
    if style in formats.TEXT_FORMATS:
        texts = results.cells(graph.engine, answer, columns, labels=not iris, several=several)
        return formats.TEXT_FORMATS[style](columns, texts, csv_safe)
    document = (_with_iris(answer) if iris else answer).document(columns, reasons)
    if style != "table":
        return in_format(document, style)
    if reasons:
        return "".join(f"{line}\n" for line in reasons)
    return section_text(document.sections[0], answer.context.tables in columns)


def _with_iris(rows: AnswerRows) -> AnswerRows:
    """The rows with IRIs as texts, so that they get no labels."""
    terms = (
        (Literal(e.value) if isinstance(e, NamedNode) else e for e in row) for row in rows.terms
    )
    return replace(rows, terms=tuple(map(tuple, terms)))


def chosen(answer: Answer, given: str | None) -> list[str]:
    """The columns that `--columns` names, or those that are shown by default.

    What `--quotes` adds stays beside each. Raises UsageError for an unknown one.
    """
    if not isinstance(answer, AnswerRows):
        if given is not None:
            raise UsageError("--columns does not fit; it is for SELECT queries")
        return []
    names = list(answer.shown) if given is None else [each.strip() for each in given.split(",")]
    if given == "all":
        names = list(answer.columns)
    unknown = [name for name in names if name not in answer.columns]
    if unknown:
        hint = did_you_mean(nearest(unknown[0], answer.columns)) or "it has"
        raise UsageError(
            f"the query has no column {unknown[0]!r}; {hint} {', '.join(answer.columns)}"
        )
    added = [[f"{name}{end}" for end in ADDED] for name in names]
    wanted = (each for name, more in zip(names, added, strict=True) for each in (name, *more))
    return [*dict.fromkeys(each for each in wanted if each in answer.columns)]


def _check_safe(style: str, csv_safe: bool) -> None:
    if csv_safe and style not in formats.TEXT_FORMATS:
        raise UsageError(f"--csv-safe does not fit {style}; use it with --format csv or tsv")


def _check_fits(style: str, fitting: Mapping[str, object] | tuple[str, ...], forms: str) -> None:
    if style not in fitting:
        raise UsageError(f"--format {style} does not fit; {forms} take {', '.join(fitting)}")


class Steps:
    """Measures the steps of a command that asks an engine, from now on."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._time = time.perf_counter()
        self._queries = self._rows = 0

    def done(self, name: str, engine: Engine) -> None:
        """Add the line of a step: all that was done since the one before.

        Its rows are those that the engine gave: an engine does not report what it reads for them.
        """
        now, work = time.perf_counter(), engine.work
        line = f"{name}: {1000 * (now - self._time):,.0f} ms"
        if asked := work.queries - self._queries:
            queries = "1 query" if asked == 1 else f"{asked:,} queries"
            line += f", {queries}, {plural(work.rows - self._rows, 'row')} read"
        self.lines.append(line)
        self._time, self._queries, self._rows = now, work.queries, work.rows
