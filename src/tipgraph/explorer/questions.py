"""The stored queries: a list by theme, and for each a form with its answer as a page or a file."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode

from tipgraph import charts
from tipgraph.entities import slug
from tipgraph.entities.editions import Scope
from tipgraph.entities.passages import passages
from tipgraph.errors import UsageError
from tipgraph.explorer.addresses import address as address_of
from tipgraph.explorer.columns import for_reading
from tipgraph.explorer.execution import GRAPHS, ROWS
from tipgraph.explorer.fields import fields
from tipgraph.explorer.home import by_theme
from tipgraph.explorer.http import HTML, Content, NotFoundError, PageRequest
from tipgraph.explorer.query_data import query_data
from tipgraph.explorer.site import LONGEST, Site, counted, page_number, page_of
from tipgraph.export.graph import graph_names
from tipgraph.namespaces import PREFIXES, expand, last_part
from tipgraph.queries.catalogue import AREA, EDITION, BoundQuery, StoredQuery, command, suggestions
from tipgraph.queries.no_rows import explanation
from tipgraph.queries.parameters import Parameter
from tipgraph.rdf.sparql import terms
from tipgraph.render import answer_document, formats, results
from tipgraph.render.answer import AnswerRows
from tipgraph.render.answer_document import source
from tipgraph.render.document import Cell, Item, Picture, Section
from tipgraph.render.results import Answer
from tipgraph.text import join
from tipgraph.texts import attached, sentences

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/sparql-results+json",
    "md": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ttl": "text/turtle; charset=utf-8",
}
# The names of the files of rows, and of triples. A workbook needs XlsxWriter.
ROW_FILES = {"csv": "CSV", "json": "JSON", "md": "Markdown"}
if find_spec("xlsxwriter"):
    ROW_FILES["xlsx"] = "XLSX"
GRAPH_FILES = {"ttl": "Turtle"}
# The questions about an edition or a country as a whole, since nearly all can be limited to one.
GENERAL = (
    *("statements", "figures", "not-reported", "unmentioned-topics", "entitlements"),
    *("criticism", "revisions"),
)
# The most editions that a page names as those of its answer.
SHOWN = 6
# The parameter that is the page's own.
PAGE = "page"
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
        name: value for name, value in request.parameters.items() if value.strip() and name != PAGE
    }
    if request.format != HTML:
        bound, answer = _answer(site, query, given)
        return _file(site, query, given, bound, answer, request.format)
    missing = [each.name for each in query.params if each.required and each.name not in given]
    if missing and not given:
        return _page(site, query, given)
    try:
        bound, answer = _answer(site, query, given)
    except UsageError as error:
        return _page(site, query, given, status=400, problem=str(error))
    return _with_answer(site, query, given, bound, answer, page_number(request.parameters))


def addresses(site: Site) -> Iterator[Sequence[str]]:
    """The address of each stored query, with those of its answer without parameters as files."""
    for query in site.graph.queries.values():
        is_answered = query.form != "ASK" and not any(each.required for each in query.params)
        files = (ROW_FILES if query.form == "SELECT" else GRAPH_FILES) if is_answered else ()
        page = f"/query/{query.name}"
        yield [page, *(f"{page}.{extension}" for extension in files)]


def about(site: Site, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """The questions that take each thing as a parameter, by the addresses of their answers."""
    found: dict[str, dict[str, str]] = {iri: {} for iri in iris}
    rows = site.engine.select(
        f"SELECT ?thing ?kind {{ VALUES ?thing {{ {terms(found)} }} ?thing a|skos:inScheme ?kind }}"
    )
    kinds = rows.grouped()
    asking = cache(partial(_asking, site))
    for iri, found_at in found.items():
        area = site.editions[iri].area if iri in site.editions else iri
        if area in site.areas:
            label = site.labels([area])[area]
            briefing = f"Briefing on {label}"
            found_at[f"/-/report/{quote(last_part(area))}"] = briefing
        for query, parameter in asking(frozenset(kinds[iri])):
            name = last_part(iri) if parameter.name == AREA else slug(iri)
            address = f"/query/{query.name}?{urlencode({parameter.name: name})}"
            found_at[address] = query.question or query.summary
    return found


def _asking(site: Site, kinds: Collection[str]) -> list[tuple[StoredQuery, Parameter]]:
    """The queries that ask about a thing of these kinds, with the parameter that takes it."""
    found = []
    for query in site.graph.queries.values():
        fitting = (each for kind, each in _by_type(query).items() if kind in kinds)
        parameter = next(fitting, None)
        if parameter and _is_about(query, parameter):
            found.append((query, parameter))
    return found


def _by_type(query: StoredQuery) -> dict[str | None, Parameter]:
    """The first parameter of each type; what limits the whole answer comes before others."""
    found: dict[str | None, Parameter] = {}
    for each in sorted(query.params, key=lambda each: not _is_scope(each)):
        found.setdefault(expand(each.type), each)
    return found


def _is_scope(parameter: Parameter) -> bool:
    return parameter.name in (EDITION, AREA)


def _is_about(query: StoredQuery, parameter: Parameter) -> bool:
    """Return whether a query with this parameter alone asks about its value."""
    if any(each.required for each in query.params if each is not parameter):
        return False
    return not (query.has_editions and _is_scope(parameter)) or query.name in GENERAL


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
) -> Content:
    if isinstance(answer, bool):
        return _page(site, query, given, truth=answer)
    if isinstance(answer, list):
        text = results.graph(answer, "turtle")
        return _page(
            site, query, given, triples=text, downloads=downloads(query, given, GRAPH_FILES)
        )
    number, pages = page_of(len(answer), number, LONGEST)
    start = (number - 1) * LONGEST
    shown = replace(answer, terms=answer.terms[start : start + LONGEST])
    shown = shown.only(for_reading(shown.columns))
    document = answer_document.document(shown, shown.context, reasons(site, query, given, answer))
    document = replace(document, sections=(*document.sections, _sentences(site, shown)))
    if number == 1:
        rows, *others = document.sections
        pictures = tuple(_charts(site, query, given))
        document = replace(document, sections=(replace(rows, pictures=pictures), *others))
    return _page(
        site,
        query,
        given,
        document=document,
        sources=list(map(source, answer_document.cited_editions(answer, answer.context))),
        count=counted(len(answer), "row"),
        scope=scope_line(bound.scope),
        downloads=downloads(query, given),
        more=_address(query, {**given, PAGE: ""}),
        number=number,
        pages=pages,
    )


def _sentences(site: Site, rows: AnswerRows) -> Section:
    """The sentences that the rows quote, as far as their texts are attached and shown."""
    title = "Sentences"
    found = attached(site.engine) if site.with_text else {}
    if not found:
        return Section(title)
    iris = {term.value for row in rows.terms for term in row if isinstance(term, NamedNode)}
    quoted = sentences(found, passages(site.engine, iris).values(), iris)
    items = (Item(name, iri=iri, texts=(quoted[iri],)) for iri, name in site.labels(quoted).items())
    return Section(title, tuple(items))


def _charts(site: Site, query: StoredQuery, given: Mapping[str, str]) -> Iterator[Picture]:
    """The chart of the answer, if it has one and matplotlib is there to draw it."""
    for name in (each for each, behind in charts.QUERIES.items() if behind == query.name):
        try:
            drawn = charts.chart(site.engine, site.graph.queries, name, "svg", given)
        except UsageError:
            return
        yield Picture(drawn.title, drawn.alt_text, drawn.content, drawn.format)


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


def _page(
    site: Site,
    query: StoredQuery,
    given: Mapping[str, str],
    status: int = 200,
    sources: Sequence[Cell] = (),
    **values: Any,
) -> Content:
    title, line = query.question or query.summary, command(query.name, given)
    defaults: dict[str, Any] = {
        "problem": "",
        "document": None,
        "triples": "",
        "truth": None,
        "downloads": {},
    }
    return site.page(
        "query.html",
        title,
        status,
        subject=_address(query, given),
        cited=site.cited(title, line, sources),
        query=query,
        fields=fields(site, query, given),
        command=line,
        python=python(query, given),
        data=query_data(site, query, title) if site.is_static else None,
        **(defaults | values),
    )


def _file(
    site: Site,
    query: StoredQuery,
    given: Mapping[str, str],
    bound: BoundQuery,
    answer: Answer,
    extension: str,
) -> Content:
    """The answer as a file. Raises UsageError for a format that does not fit it."""
    body: str | bytes
    if isinstance(answer, list) and extension == "ttl":
        body = results.graph(answer, "turtle")
    elif isinstance(answer, AnswerRows) and extension in ("csv", "json"):
        body = results.ROW_FORMATS[extension](answer)
    elif isinstance(answer, AnswerRows) and extension in ("md", "xlsx"):
        missing = reasons(site, query, given, answer)
        document = answer_document.document(answer, answer.context, missing)
        body = formats.rendered(document, "markdown" if extension == "md" else extension)
    else:
        raise UsageError(f"the answer to {query.name} cannot be written as .{extension}")
    name = f'attachment; filename="{query.name}.{extension}"'
    return Content(
        body.encode() if isinstance(body, str) else body,
        MEDIA_TYPES[extension],
        headers={"Content-Disposition": name},
    )


def downloads(
    query: StoredQuery, given: Mapping[str, str], files: Mapping[str, str] = ROW_FILES
) -> dict[str, str]:
    """The addresses of the answer as files, by the names of their formats."""
    return {name: _address(query, given, f".{each}") for each, name in files.items()}


def _address(query: StoredQuery, given: Mapping[str, str], suffix: str = "") -> str:
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
