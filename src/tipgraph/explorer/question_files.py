"""The answers of stored queries in the files, where no server binds a parameter.

Each query has the page of its answer without parameters, as a server shows it. Where this has not
the rows of all editions, there is a page for each country with those of all its editions. A script
filters the rows by the values of a column. A query with a required parameter that no column shows
has a page for each of its values.

The page of a thing has links to the questions that take it as a parameter, on a server too.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import NamedTuple
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from tipgraph.entities import slug
from tipgraph.entities.editions import ALL, NEWEST, scope
from tipgraph.errors import UsageError
from tipgraph.explorer import questions
from tipgraph.explorer.addresses import address as address_of
from tipgraph.explorer.fields import area_choices, on_country
from tipgraph.explorer.http import HTML, Content, PageRequest
from tipgraph.explorer.site import LONGEST, Site
from tipgraph.namespaces import expand, last_part
from tipgraph.queries import other_publishers
from tipgraph.queries.areas import areas
from tipgraph.queries.catalogue import AREA, EDITION, BoundQuery, StoredQuery
from tipgraph.queries.no_rows import explanation
from tipgraph.queries.parameters import Parameter
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Term
from tipgraph.render.answer import AnswerRows
from tipgraph.render.results import Answer

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
    f"/query/figures.{each}": name
    for each, name in questions.ROW_FILES.items()
    if each in ("csv", "xlsx")
}


class WholeAnswer(NamedTuple):
    """The rows of a query for all editions, countries and values, and those of each country."""

    rows: AnswerRows
    by_area: Mapping[str, AnswerRows]


# For all countries at once: each apart takes ten times as long.
@lru_cache(maxsize=1)
def whole_answers(site: Site) -> Mapping[str, WholeAnswer]:
    """Return the whole answers of the queries that have one, by name, for the site of files.

    Those whose rows are on other pages need none.
    """
    found = {}
    for query in site.graph.queries.values():
        is_elsewhere = query.name in ON_OTHER_PAGES
        if query.form == "SELECT" and divided_by(query) is None and not is_elsewhere:
            everything = {EDITION: ALL} if query.has_editions else {}
            try:
                rows = site.graph.answer(_with_any_value(query).bind(site.engine, everything))
            except UsageError:
                # The user's own graph may lack the default value of a parameter.
                continue
            assert isinstance(rows, AnswerRows)
            found[query.name] = WholeAnswer(rows, _by_area(site, query, rows))
    return found


def _by_area(site: Site, query: StoredQuery, rows: AnswerRows) -> Mapping[str, AnswerRows]:
    """Return the rows of each country by its code, unless one page has those of all countries.

    A general question has a page for every country, and so has one on documents.
    """
    is_on_documents = not query.has_editions and AREA in {each.name for each in query.params}
    is_general = query.name in GENERAL or is_on_documents
    has_all = query.editions != NEWEST and not is_general
    if has_all or AREA not in rows.columns:
        return {}
    place = rows.columns.index(AREA)
    found: dict[str, list[tuple[Term | None, ...]]] = {}
    if is_general:
        found = {last_part(iri): [] for iri in site.areas}
    for row in rows.terms:
        area = row[place]
        if isinstance(area, NamedNode):
            found.setdefault(last_part(area.value), []).append(row)

    def of_country(code: str) -> AnswerRows:
        drawn_on = None
        if query.has_editions:
            drawn_on = scope(site.engine, query.editions, [ALL], [code])
        own = replace(rows, terms=tuple(found[code]))
        bound = BoundQuery(query, query.text, {}, drawn_on)
        others = other_publishers.of_answer(site.engine, bound, own)
        return replace(own, context=replace(rows.context, scope=drawn_on, others=others))

    return {code: of_country(code) for code in sorted(found)}


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
        files = questions.files_in_site(query) if query.form == "SELECT" else questions.GRAPH_FILES
        parameter = divided_by(query)
        if parameter is not None:
            values = site.values(parameter.type)
            yield [page, *(questions.address(query, {parameter.name: each}) for each in values)]
        else:
            areas = whole[query.name].by_area if query.name in whole else ()
            yield [
                page,
                *(
                    f"{page}.{extension}"
                    for extension in files
                    if is_answered and f"{page}.{extension}" not in FIGURES
                ),
                *(questions.address(query, {AREA: code}) for code in areas),
            ]


def parameters(
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
    shown = questions.columns_in_files(query, whole.rows)
    code = name if parameter.name == AREA else code
    if code and whole.by_area:
        is_there = code in whole.by_area and parameter.name in (AREA, *shown)
        return {AREA: code, parameter.name: name} if is_there else {}
    return {parameter.name: name} if parameter.name in shown else {}


def question(site: Site, request: PageRequest) -> Content:
    """Return a page of a stored query, or its answer without parameters as a file."""
    query = site.graph.queries[request.name]
    given = dict(request.parameters)
    parameter = divided_by(query)
    if parameter is not None:
        return _of_value(site, query, parameter, given)
    is_answered = not any(each.required for each in query.params)
    query = _with_any_value(query)
    if AREA in given:
        rows = whole_answers(site)[query.name].by_area[given[AREA]]
        editions = {EDITION: ALL} if query.editions == NEWEST else {}
        return _rows_page(site, query, given | editions, rows)
    try:
        answer = _unlimited(site, request.name)
    except UsageError as error:
        return questions.query_page(site, query, {}, problem=str(error))
    if request.format != HTML:
        return questions.answer_file(site, query, {}, answer, request.format)
    if isinstance(answer, AnswerRows):
        files = (
            questions.downloads(query, {}, questions.files_in_site(query)) if is_answered else {}
        )
        return _rows_page(site, query, {}, answer, files)
    values = questions.other_answer(query, {}, answer)
    return questions.query_page(site, query, {}, divisions={}, **values)


# For the page of a query and its files.
@lru_cache(maxsize=1)
def _unlimited(site: Site, name: str) -> Answer:
    """Return the answer of a query without parameters. Raises UsageError as `bind`."""
    query = site.graph.queries[name]
    whole = whole_answers(site).get(name)
    if whole and query.editions != NEWEST:
        return whole.rows
    return site.graph.answer(_with_any_value(query).bind(site.engine, {}))


def on_countries(site: Site) -> dict[str, list[str]]:
    """Return the countries on which each query that can be asked on one has a page, by code.

    Where it has none, its own page has the rows of all countries.
    """
    return {
        name: [*whole.by_area]
        for name, whole in whole_answers(site).items()
        if AREA in {each.name for each in site.graph.queries[name].params}
    }


def with_rows(site: Site) -> dict[str, list[str]]:
    """Return the countries with rows in the whole answer of each query, by code."""
    return {
        name: [*map(last_part, _areas_of(site, site.graph.queries[name]) or ())]
        for name, whole in whole_answers(site).items()
        if AREA in whole.rows.columns
    }


def _areas_of(site: Site, query: StoredQuery, area: str = "") -> Sequence[str] | None:
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
    pages = {questions.address(query, {parameter.name: each}): values[each] for each in values}
    divisions = {parameter.name.replace("_", " ").capitalize(): pages}
    if parameter.name not in given:
        return questions.query_page(site, query, {}, divisions=divisions)
    answer = site.graph.answer(query.bind(site.engine, given))
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
    missing: list[str] = []
    if not rows:
        missing = explanation(site.graph.no_rows(query, given, partial(_areas_of, site)))
    # The page of all countries has the others, what columns contain, and parameters of a command.
    whole = f"/query/{query.name}" if AREA in given else ""
    if whole:
        divisions, rows = {}, replace(rows, context=replace(rows.context, meanings={}))
    cut = ""
    if query.name in ON_OTHER_PAGES and len(rows) > LONGEST:
        cut = f"The first {LONGEST} of {len(rows):,} rows. {ELSEWHERE}"
        rows = replace(rows, terms=rows.terms[:LONGEST])
    return questions.rows_page(
        site, query, given, rows, 1, len(rows) or 1, missing,
        scope=questions.scope_line(rows.context.scope),
        downloads=files or {},
        divisions=_countries(site, query) if divisions is None else divisions,
        whole=whole,
        cut=cut,
    )  # fmt: skip


def _countries(site: Site, query: StoredQuery) -> Mapping[str, Mapping[str, str]]:
    """Return the pages of a query on one country, with the label of each, in their order."""
    codes = whole_answers(site)[query.name].by_area if query.name in whole_answers(site) else ()
    labels = {code: label for code, label in area_choices(site).items() if code in codes}
    pages = {questions.address(query, {AREA: code}): label for code, label in labels.items()}
    return {"Countries": {f"/query/{query.name}": "all", **pages}} if pages else {}


def about(site: Site, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """The questions that take each thing as a parameter, by the addresses of their answers."""
    found: dict[str, dict[str, str]] = {iri: {} for iri in iris}
    rows = site.engine.select(
        f"SELECT ?thing ?kind {{ VALUES ?thing {{ {terms(found)} }} ?thing a|skos:inScheme ?kind }}"
    )
    kinds = rows.grouped()
    asking = cache(partial(_asking, site))
    area_of = _areas(site, found) if site.is_static else {}
    for iri, found_at in found.items():
        area = site.editions[iri].area if iri in site.editions else iri
        if iri in site.editions and area in site.areas:
            found_at[address_of(area)] = site.labels([area])[area]
        for query, parameter in asking(frozenset(kinds[iri])):
            name = last_part(iri) if parameter.name == AREA else slug(iri)
            given: Mapping[str, str] = {parameter.name: name}
            if parameter.name == AREA:
                given = on_country(site, query, name)
            if site.is_static:
                code = last_part(area_of[iri]) if iri in area_of else ""
                given = parameters(site, query, parameter, name, code)
            if given:
                address = f"/query/{query.name}?{urlencode(given)}"
                found_at[address] = query.asked
    return found


def _areas(site: Site, iris: Iterable[str]) -> Mapping[str, str]:
    """The country of each thing that belongs to an edition, and of the editions themselves."""
    rows = site.engine.select(
        f"SELECT ?thing ?edition {{ VALUES ?thing {{ {terms(iris)} }}"
        " ?thing tip:edition|tip:ofText/tip:edition ?edition }"
    )
    found = {str(row["thing"]): str(row["edition"]) for row in rows} | {
        iri: iri for iri in iris if iri in site.editions
    }
    known = site.editions
    return {iri: known[edition].area for iri, edition in found.items() if edition in known}


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
