"""The stored queries: for each a form with its answer as a page or a file.

In a site of files, where no server binds a parameter, each query has the page of its answer without
parameters, as a server shows it. Where this has not the rows of all editions, there is a page for
each country with those of all its editions. A script filters the rows by the values of a column. A
query with a required parameter that no column shows has a page for each of its values.
"""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from importlib.util import find_spec
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urlencode

from pyoxigraph import Triple

from tipgraph.entities.editions import ALL, NEWEST, Scope
from tipgraph.errors import UsageError
from tipgraph.explorer import documents
from tipgraph.explorer.fields import area_choices, fields, on_country, question_on
from tipgraph.explorer.http import ANSWER_TYPES, HTML, Content, NotFoundError, PageRequest
from tipgraph.explorer.site import LONGEST, Site, counted, page_number, page_of
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import AREA, EDITION, StoredQuery, command, suggestions
from tipgraph.queries.no_rows import NoRows, areas, explanation
from tipgraph.queries.parameters import Parameter
from tipgraph.render import formats, in_format
from tipgraph.render.document import Cell, Table
from tipgraph.render.results import Answer, AnswerRows, cells, grouped
from tipgraph.store.engine import iris_of
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
# The questions about an edition or a country as a whole, since nearly all can be limited to one.
GENERAL = (
    *("statements", "figures", "not-reported", "unmentioned-topics", "entitlements"),
    *("criticism", "revisions"),
)
# The questions without a page for each country: their rows are on the pages of editions,
# statements, actors and topics, and of networks. Their own page has the first ones.
ON_OTHER_PAGES = ("evidence", "mentions", "relations", "statements", "unmentioned-topics")
ELSEWHERE = (
    "The files have all of them; those of a country are on the pages of its editions and their"
    " statements, those on a body or a topic on its page."
)
# The figures as files, which are made with the page of downloads: it has their checksums.
FIGURES = {
    f"/query/figures.{each}": name for each, name in ROW_FILES.items() if each in ("csv", "xlsx")
}


def question(site: Site, request: PageRequest) -> Content:
    """The form of a stored query with its answer, or its answer as a file.

    Raises NotFoundError when there is no such query. In a site of files, there is no form.
    """
    if site.is_static:
        return question_file(site, request)
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
    is_page = request.format == HTML
    missing = [each.name for each in query.params if each.required and each.name not in given]
    if is_page and missing and not given:
        return query_page(site, query, given)
    try:
        bound = query.bind(site.engine, given)
        answer = site.graph.answer(bound)
    except UsageError as error:
        if not is_page:
            raise
        return query_page(site, query, given, status=400, problem=str(error))
    if not is_page:
        return answer_file(site, query, given, answer, request.format)
    if not isinstance(answer, AnswerRows):
        return query_page(site, query, given, **other_answer(query, given, answer))
    number, drawn_on = page_number(request.parameters), bound.scope
    return rows_page(
        site, query, given, answer, number, LONGEST,
        request.parameters.get(COLUMNS) == ALL,
        has_charts=number == 1,
        columns=address(query, {**given, COLUMNS: ALL}),
        # The answer of all editions, where it draws on the newest by default.
        wider=address(query, {**given, EDITION: ALL}) if drawn_on and drawn_on.is_default else "",
        downloads=downloads(query, given),
    )  # fmt: skip


def _instead(site: Site, query: StoredQuery, found: NoRows) -> dict[str, dict[str, str]]:
    """The pages with rows on the same, each with its text: other parameters, or other queries."""
    links = {
        address(
            site.graph.queries.get(each.query, query),
            {name: str(value) for name, value in each.parameters.items()},
        ): f"{counted(each.rows, 'row')} for {each.label} ({each.relation})"
        for each in found.alternatives
    }
    for each in found.elsewhere:
        if not site.is_static:
            links[f"/-/search?{urlencode({'q': each.words})}"] = "statements with these words"
        for name in each.instead:
            other = site.graph.queries[name]
            asked = on_country(site, other, each.code)
            if site.is_static:
                whole = whole_answers(site).get(name)
                asked = {AREA: each.code} if whole and each.code in whole.areas else {}
            links[address(other, asked)] = question_on(site, other, each.code)
    return {"What has rows": links} if links else {}


def other_answer(
    query: StoredQuery, given: Mapping[str, str], answer: bool | list[Triple]
) -> dict[str, Any]:
    """Return the values of a page for an answer that has no rows: triples, or yes or no."""
    if isinstance(answer, bool):
        return {"truth": answer}
    text = formats.graph(answer, "turtle")
    return {"triples": text, "downloads": downloads(query, given, GRAPH_FILES)}


def rows_page(
    site: Site,
    query: StoredQuery,
    given: Mapping[str, str],
    answer: AnswerRows,
    number: int,
    longest: int,
    has_all: bool = False,
    has_charts: bool = False,
    **values: Any,
) -> Content:
    """Return the page of a stored query with the rows of its answer, `longest` on each page.

    Without any, it has the reasons, and what has rows. The columns that are no default are hidden,
    unless it has all of them. A file has no others.
    """
    areas_of = partial(areas_in_files, site) if site.is_static else None
    no_rows = None if answer else site.graph.no_rows(query, given, areas_of)
    missing = explanation(no_rows, has_commands=False) if no_rows else []
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
    drawn = documents.charts_of(site, query.name, given, rows.caveats) if has_charts else ()
    rows = replace(rows, pictures=tuple(drawn))
    sections = (rows, *others)
    return query_page(
        site,
        query,
        given,
        document=replace(document, sections=sections),
        sources=answer.sources,
        scope=scope_line(answer.context.scope),
        instead=_instead(site, query, no_rows) if no_rows else {},
        count=counted(len(groups), "row"),
        more=address(query, {**given, PAGE: ""}),
        number=number,
        pages=pages,
        others=shown.context.others,
        chart_files=documents.chart_files(rows.pictures[0]) if rows.pictures else {},
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
        body = formats.graph(answer, "turtle")
    elif isinstance(answer, AnswerRows) and extension == "json":
        body = formats.json(answer)
    elif isinstance(answer, AnswerRows) and extension == "json.gz":
        body = gzip.compress(formats.json(answer).encode(), mtime=0)
    elif isinstance(answer, AnswerRows) and extension == "csv":
        body = formats.csv(answer.columns, cells(site.engine, answer))
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


class WholeAnswer(NamedTuple):
    """The rows of a query for all editions, countries and values.

    `areas` are the codes of the countries that have a page each; none where it has one for all.
    """

    rows: AnswerRows
    areas: Sequence[str]


@lru_cache(maxsize=1)
def whole_answers(site: Site) -> Mapping[str, WholeAnswer]:
    """Return the whole answers of the queries that have one, by name, for the site of files.

    Those whose rows are on other pages need none.
    """
    found = {}
    for query in site.graph.queries.values():
        is_elsewhere = query.name in ON_OTHER_PAGES
        if query.form == "SELECT" and divided_by(query) is None and not is_elsewhere:
            try:
                rows = _of_all_editions(site, query)
            except UsageError:
                # The user's own graph may lack the default value of a parameter.
                continue
            found[query.name] = WholeAnswer(rows, _areas_with_pages(site, query, rows))
    return found


def _of_all_editions(site: Site, query: StoredQuery, **given: str) -> AnswerRows:
    """Return the rows of a query for all editions and values, with these parameters."""
    everything = {EDITION: ALL} if query.has_editions else {}
    rows = site.graph.run(_with_any_value(query), given | everything)
    assert isinstance(rows, AnswerRows)
    return rows


def _areas_with_pages(site: Site, query: StoredQuery, rows: AnswerRows) -> Sequence[str]:
    """Return the countries with a page each, unless one page has the rows of all countries.

    A general question has a page for every country, and so has one on documents.
    """
    is_on_documents = not query.has_editions and AREA in {each.name for each in query.params}
    is_general = query.name in GENERAL or is_on_documents
    has_all = query.editions != NEWEST and not is_general
    if has_all or AREA not in rows.columns:
        return []
    named = iris_of(rows.only([AREA]))
    return sorted({*map(last_part, [*named, *(site.areas if is_general else ())])})


def divided_by(query: StoredQuery) -> Parameter | None:
    """Return the required parameter that no column of the query shows, if any."""
    required = (each for each in query.params if each.required)
    return next((each for each in required if each.name not in query.columns), None)


def _with_any_value(query: StoredQuery) -> StoredQuery:
    """Return the query without required parameters: its rows are those of all their values."""
    return replace(query, params=tuple(replace(each, required=False) for each in query.params))


def addresses(site: Site) -> Iterator[Sequence[str]]:
    """Return the addresses of each query: its pages, and its answer without parameters as files."""
    whole = whole_answers(site)
    for query in site.graph.queries.values():
        page = f"/query/{query.name}"
        is_answered = query.form != "ASK" and not any(each.required for each in query.params)
        files = files_in_site(query) if query.form == "SELECT" else GRAPH_FILES
        parameter = divided_by(query)
        if parameter is not None:
            values = site.values(parameter.type)
            yield [page, *(address(query, {parameter.name: each}) for each in values)]
        else:
            areas = whole[query.name].areas if query.name in whole else ()
            yield [
                page,
                *(
                    f"{page}.{extension}"
                    for extension in files
                    if is_answered and f"{page}.{extension}" not in FIGURES
                ),
                *(address(query, {AREA: code}) for code in areas),
            ]


def parameters_in_files(
    site: Site, query: StoredQuery, parameter: Parameter, name: str, code: str
) -> Mapping[str, str]:
    """Return the parameters of the page on which a reader finds the rows for a value.

    `code` is the country of the thing that is the value, if it has one. Empty where there is no
    such page: no column shows the parameter, or the page has other rows than those for the value.
    """
    if parameter == divided_by(query):
        return {parameter.name: name}
    has_other_rows = any(each.unless == parameter.name for each in query.params)
    if has_other_rows or query.name not in whole_answers(site):
        return {}
    whole = whole_answers(site)[query.name]
    shown = columns_in_files(query, whole.rows)
    code = name if parameter.name == AREA else code
    if code and whole.areas:
        is_there = code in whole.areas and parameter.name in (AREA, *shown)
        return {AREA: code, parameter.name: name} if is_there else {}
    return {parameter.name: name} if parameter.name in shown else {}


def question_file(site: Site, request: PageRequest) -> Content:
    """Return a page of a stored query, or its answer without parameters as a file."""
    query = site.graph.queries[request.name]
    given = dict(request.parameters)
    parameter = divided_by(query)
    if parameter is not None:
        return _of_value(site, query, parameter, given)
    is_answered = not any(each.required for each in query.params)
    query = _with_any_value(query)
    if AREA in given:
        rows = _of_all_editions(site, query, area=given[AREA])
        editions = {EDITION: ALL} if query.editions == NEWEST else {}
        return _rows_page(site, query, given | editions, rows)
    try:
        answer = site.graph.run(query, {})
    except UsageError as error:
        return query_page(site, query, {}, problem=str(error))
    if request.format != HTML:
        return answer_file(site, query, {}, answer, request.format)
    if isinstance(answer, AnswerRows):
        files = downloads(query, {}, files_in_site(query)) if is_answered else {}
        return _rows_page(site, query, {}, answer, files)
    values = other_answer(query, {}, answer)
    return query_page(site, query, {}, divisions={}, **values)


def areas_in_files(site: Site, query: StoredQuery, area: str = "") -> Sequence[str] | None:
    """Return the countries with rows in the whole answer of a query, as `areas` does.

    All are looked at, since the engine remembers them for the next page.
    """
    whole = whole_answers(site).get(query.name)
    if whole is None or AREA not in whole.rows.columns:
        return areas(site.engine, query)
    return sorted({str(each) for each in whole.rows.column(AREA) if each is not None})


def _of_value(
    site: Site, query: StoredQuery, parameter: Parameter, given: Mapping[str, str]
) -> Content:
    """Return the page for a value of a required parameter, or the one that lists the values."""
    values = site.values(parameter.type)
    pages = {address(query, {parameter.name: each}): values[each] for each in values}
    divisions = {parameter.name.replace("_", " ").capitalize(): pages}
    if parameter.name not in given:
        return query_page(site, query, {}, divisions=divisions)
    answer = site.graph.run(query, given)
    assert isinstance(answer, AnswerRows)
    return _rows_page(site, query, given, answer, divisions=divisions)


def _rows_page(
    site: Site,
    query: StoredQuery,
    given: Mapping[str, str],
    rows: AnswerRows,
    files: Mapping[str, str] | None = None,
    divisions: Mapping[str, Mapping[str, str]] | None = None,
) -> Content:
    """Return the page with all rows, since a script filters only the rows that a page has.

    Where other pages have them, too, it has the first ones.
    """
    # The page of all countries has the others, what columns contain, and parameters of a command.
    whole = f"/query/{query.name}" if AREA in given else ""
    if whole:
        divisions, rows = {}, replace(rows, context=replace(rows.context, meanings={}))
    cut = ""
    if query.name in ON_OTHER_PAGES and len(rows) > LONGEST:
        cut = f"The first {LONGEST} of {len(rows):,} rows. {ELSEWHERE}"
        rows = replace(rows, terms=rows.terms[:LONGEST])
    return rows_page(
        site, query, given, rows, 1, len(rows) or 1,
        downloads=files or {},
        divisions=_countries(site, query) if divisions is None else divisions,
        whole=whole,
        cut=cut,
    )  # fmt: skip


def _countries(site: Site, query: StoredQuery) -> Mapping[str, Mapping[str, str]]:
    """Return the pages of a query on one country, with the label of each, in their order."""
    codes = whole_answers(site)[query.name].areas if query.name in whole_answers(site) else ()
    labels = {code: label for code, label in area_choices(site).items() if code in codes}
    pages = {address(query, {AREA: code}): label for code, label in labels.items()}
    return {"Countries": {f"/query/{query.name}": "all", **pages}} if pages else {}
