"""The stored queries: a list by theme, and for each a form with its answer as a page or a file."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Triple

from tipgraph.entities.editions import ALL, Scope
from tipgraph.entities.row_labels import cells, grouped
from tipgraph.errors import UsageError
from tipgraph.explorer import pictures
from tipgraph.explorer.addresses import address as address_of
from tipgraph.explorer.execution import GRAPHS, ROWS
from tipgraph.explorer.fields import fields, question_on
from tipgraph.explorer.home import by_theme
from tipgraph.explorer.http import ANSWER_TYPES, HTML, Content, NotFoundError, PageRequest
from tipgraph.explorer.site import LONGEST, Site, counted, page_number, page_of
from tipgraph.export.graph import graph_names
from tipgraph.namespaces import PREFIXES
from tipgraph.queries.catalogue import AREA, EDITION, BoundQuery, StoredQuery, command, suggestions
from tipgraph.queries.no_rows import explanation
from tipgraph.render import in_format, results
from tipgraph.render.answer import AnswerRows
from tipgraph.render.document import Cell, Table
from tipgraph.render.results import Answer
from tipgraph.text import join

# The names of the files of rows, and of triples. A workbook needs XlsxWriter.
ROW_FILES = {"csv": "CSV", "json": "JSON", "md": "Markdown"}
if find_spec("xlsxwriter"):
    ROW_FILES["xlsx"] = "XLSX"
GRAPH_FILES = {"ttl": "Turtle"}
# The columns of numbers that a reader calculates with.
NUMBERS = frozenset(("value", "amount", "difference", "percent"))
# The most editions that a page names as those of its answer.
SHOWN = 6
# The value in a command for any value of a required parameter.
ANY_VALUE = "NAME"
# The parameters that are the page's own: its number, and `all` for all columns.
PAGE, COLUMNS = "page", "columns"
STATEMENT, VALUE, COUNTED_BY, CAVEAT = "statement", "value", "counted_by", "caveat"
AXIS, PART = "axis", "part"
# The query that the form of the SPARQL endpoint begins with.
EXAMPLE = "SELECT ?edition ?label {\n  ?edition a tip:Edition ; rdfs:label ?label\n}\nLIMIT 10"
# The prefixes of things that have pages.
LINKED = ("tip", "id", "code", "graph", "country")


def questions(site: Site, request: PageRequest) -> Content:
    """All stored queries by theme."""
    themes = by_theme(site.graph.queries.values())
    return site.page("questions.html", "Questions", themes=themes, subject="/query/")


def question(site: Site, request: PageRequest) -> Content:
    """The form of a stored query with its answer, or its answer as a file.

    Raises NotFoundError when there is no such query.
    """
    query = site.graph.queries.get(request.name)
    if query is None:
        near = suggestions(site.graph.queries, request.name)
        there_is_none = f"There is no query {request.name!r}."
        similar = join(map(repr, near), last="or")
        hint = f"Did you mean {similar}?" if near else ""
        raise NotFoundError(f"{there_is_none} {hint}".strip())
    given = {
        name: value
        for name, value in request.parameters.items()
        if value.strip() and name not in (PAGE, COLUMNS)
    }
    if request.format != HTML:
        _, answer = _answer(site, query, given)
        return answer_file(site, query, given, answer, request.format)
    missing = [each.name for each in query.params if each.required and each.name not in given]
    if missing and not given:
        return query_page(site, query, given)
    try:
        bound, answer = _answer(site, query, given)
    except UsageError as error:
        return query_page(site, query, given, status=400, problem=str(error))
    has_all = request.parameters.get(COLUMNS) == ALL
    number = page_number(request.parameters)
    return _with_answer(site, query, given, bound, answer, number, has_all)


def _answer(site: Site, query: StoredQuery, given: Mapping[str, str]) -> tuple[BoundQuery, Answer]:
    bound = query.bind(site.engine, given)
    return bound, site.graph.answer(bound)


def _with_answer(
    site: Site,
    query: StoredQuery,
    given: Mapping[str, str],
    bound: BoundQuery,
    answer: Answer,
    number: int,
    has_all: bool,
) -> Content:
    if isinstance(answer, AnswerRows):
        return rows_page(
            site, query, given, answer, number, LONGEST, reasons(site, query, given, answer),
            has_all,
            has_charts=number == 1,
            columns=address(query, {**given, COLUMNS: ALL}),
            scope=scope_line(bound.scope),
            wider=_wider(query, given, bound.scope),
            downloads=downloads(query, given),
        )  # fmt: skip
    return query_page(site, query, given, **other_answer(query, given, answer))


def _wider(query: StoredQuery, given: Mapping[str, str], scope: Scope | None) -> str:
    """The address of the answer of all editions, where it draws on the newest by default."""
    return address(query, {**given, EDITION: ALL}) if scope and scope.is_default else ""


def other_answer(
    query: StoredQuery, given: Mapping[str, str], answer: bool | list[Triple]
) -> dict[str, Any]:
    """Return the values of a page for an answer that has no rows: triples, or yes or no."""
    if isinstance(answer, bool):
        return {"truth": answer}
    text = results.graph(answer, "turtle")
    return {"triples": text, "downloads": downloads(query, given, GRAPH_FILES)}


def rows_page(
    site: Site,
    query: StoredQuery,
    given: Mapping[str, str],
    answer: AnswerRows,
    number: int,
    longest: int,
    missing: Sequence[str],
    has_all: bool = False,
    has_charts: bool = False,
    **values: Any,
) -> Content:
    """Return the page of a stored query with the rows of its answer, `longest` on each page.

    `missing` are the reasons why there are none. The columns that are no default are hidden, unless
    it has all of them. A file has no others.
    """
    groups = grouped(site.engine, answer)
    number, pages = page_of(len(groups), number, longest)
    start = (number - 1) * longest
    of_page = chain.from_iterable(groups[start : start + longest])
    # First the columns without which a row would be misread.
    default = columns_in_files(query, answer) if site.is_static else _default_columns(answer)
    columns = dict.fromkeys([*default, *answer.columns])
    # The marks of caveats are always there, so that their column has its head.
    optional = frozenset() if has_all else frozenset(columns.keys() - {*default, CAVEAT})
    shown = replace(answer, terms=tuple(of_page)).only([*columns])
    in_page = default if site.is_static else ()
    document = shown.document(in_page, missing)
    rows, *others = document.sections
    tables = tuple(_with_one_link(site, replace(each, optional=optional)) for each in rows.tables)
    rows = replace(rows, tables=tables)
    drawn = pictures.of_query(site, query.name, given, rows.caveats) if has_charts else ()
    rows = replace(rows, pictures=tuple(drawn))
    sections = (rows, *others)
    return query_page(
        site,
        query,
        given,
        document=replace(document, sections=sections),
        sources=answer.sources,
        count=counted(len(groups), "row"),
        more=address(query, {**given, PAGE: ""}),
        number=number,
        pages=pages,
        others=shown.context.others,
        chart_files=pictures.links(rows.pictures[0]) if rows.pictures else {},
        **values,
    )


def _default_columns(answer: AnswerRows) -> list[str]:
    """The columns by default, with who counted: the number leads to its statement then."""
    shown = list(answer.shown)
    if COUNTED_BY in answer.columns and COUNTED_BY not in shown and {STATEMENT, VALUE} <= {*shown}:
        shown[shown.index(STATEMENT)] = COUNTED_BY
        # Without its statement, a row of an axis would not name its part.
        if AXIS in shown and PART in answer.columns:
            shown[shown.index(AXIS)] = PART
    return shown


def columns_in_files(query: StoredQuery, answer: AnswerRows) -> list[str]:
    """The columns of a page that is a file: those by default, caveats, and what divides its rows.

    The rows are of several editions, and of all values of a required parameter.
    """
    required = (each.name for each in query.params if each.required)
    needed = (each for each in (EDITION, *required, CAVEAT) if each in answer.columns)
    return [*dict.fromkeys([*_default_columns(answer), *needed])]


def _with_one_link(site: Site, table: Table) -> Table:
    """The table with one link for an edition and for a place.

    The answer lists the addresses of the editions as its sources, and a place that is a part of a
    statement leads to the source: the statement has a link of its own.
    """

    def linked(cell: Cell) -> Cell:
        if cell.iri in site.editions:
            return replace(cell, link="")
        return replace(cell, iri="") if cell.link and cell.iri in site.wholes else cell

    return replace(table, rows=tuple(tuple(map(linked, row)) for row in table.rows))


def scope_line(scope: Scope | None) -> str:
    """The editions that an answer draws on, where a query draws on some."""
    if scope is None or not scope.editions:
        return ""
    lines = ["The newest editions." if scope.is_default else "Editions."]
    full = [each.label for each in scope.editions if each.is_complete]
    part = [each.label for each in scope.editions if not each.is_complete]
    if full:
        lines.append(f"Read in full: {_shown(full)}.")
    if part:
        lines.append(f"Read in part: {_shown(part)}.")
    return " ".join(lines)


def _shown(editions: Sequence[str]) -> str:
    """The names of editions, or their number where they are many."""
    if editions[SHOWN:]:
        return counted(len(editions), "edition")
    return "; ".join(editions)


def reasons(
    site: Site, query: StoredQuery, given: Mapping[str, str], answer: AnswerRows
) -> list[str]:
    """Return the reasons why there are no rows, a line each; empty if there are rows."""
    return [] if answer else explanation(site.graph.no_rows(query, given))


def query_page(
    site: Site,
    query: StoredQuery,
    given: Mapping[str, str],
    status: int = 200,
    sources: Sequence[Cell] = (),
    **values: Any,
) -> Content:
    """Return the page of a stored query; `values` are those of its template."""
    title, stated = question_on(site, query, given.get(AREA, "")), given
    if site.is_static:
        # A page of the files may have the rows of all values of a parameter that a command needs.
        required = (each for each in site.graph.queries[query.name].params if each.required)
        stated = {**{each.name: ANY_VALUE for each in required}, **given}
    line = command(query.name, stated)
    return site.page(
        "query.html",
        title,
        status,
        subject=address(query, given),
        cited=site.cited(title, line, sources),
        query=query,
        fields=() if site.is_static else fields(site, query, given),
        command=line,
        python=python(query, stated),
        example=query.example(site.engine) if site.is_static else "",
        **values,
    )


def answer_file(
    site: Site,
    query: StoredQuery,
    given: Mapping[str, str],
    answer: Answer,
    extension: str,
) -> Content:
    """The answer as a file. Raises UsageError for a format that does not fit it."""
    body: str | bytes
    if isinstance(answer, list) and extension == "ttl":
        body = results.graph(answer, "turtle")
    elif isinstance(answer, AnswerRows) and extension == "json":
        body = results.json(answer)
    elif isinstance(answer, AnswerRows) and extension == "json.gz":
        body = gzip.compress(results.json(answer).encode(), mtime=0)
    elif isinstance(answer, AnswerRows) and extension == "csv":
        body = results.csv(answer.columns, cells(site.engine, answer))
    elif isinstance(answer, AnswerRows) and extension in ("md", "xlsx"):
        missing = reasons(site, query, given, answer)
        body = in_format(
            answer.document(reasons=missing), "markdown" if extension == "md" else extension
        )
    else:
        raise UsageError(f"the answer to {query.name} cannot be written as .{extension}")
    name = f'attachment; filename="{query.name}.{extension}"'
    return Content(
        body.encode() if isinstance(body, str) else body,
        ANSWER_TYPES[extension],
        headers={"Content-Disposition": name},
    )


def downloads(
    query: StoredQuery, given: Mapping[str, str], files: Mapping[str, str] = ROW_FILES
) -> dict[str, str]:
    """The addresses of the answer as files, by the names of their formats."""
    return {name: address(query, given, f".{each}") for each, name in files.items()}


def files_in_site(query: StoredQuery) -> dict[str, str]:
    """Return the names of the files of an answer in a site of files, by their extensions.

    Markdown is the page again, programs unpack JSON, and a workbook is there for numbers.
    """
    kept = ("csv",) if NUMBERS.isdisjoint(query.columns) else ("csv", "xlsx")
    return {e: name for e, name in ROW_FILES.items() if e in kept} | {"json.gz": "JSON (gzip)"}


def address(query: StoredQuery, given: Mapping[str, str], suffix: str = "") -> str:
    """The address of the answer of a stored query."""
    parameters = f"?{urlencode(given)}" if given else ""
    return f"/query/{query.name}{suffix}{parameters}"


def python(query: StoredQuery, given: Mapping[str, str]) -> str:
    """The line of Python that gives the same answer."""
    arguments = "".join(f", {name}={value!r}" for name, value in given.items())
    return f"tipgraph.open().query({query.name!r}{arguments})"


def sparql_form(site: Site, request: PageRequest) -> Content:
    """The form, with a query to begin with, and the named graphs."""
    return site.page(
        "sparql.html",
        "SPARQL" if site.is_static else "SPARQL endpoint",
        subject="/sparql",
        example=EXAMPLE,
        prefixes=PREFIXES,
        own_pages={PREFIXES[each]: address_of(PREFIXES[each] + "x")[:-1] for each in LINKED},
        media_types_of_answers=[*ROWS, *GRAPHS],
        graphs=graph_names(site.engine.store),
    )
