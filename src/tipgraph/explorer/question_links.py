"""The questions that take a thing as a parameter, as links of its page."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache, partial
from urllib.parse import quote, urlencode

from tipgraph.entities import slug
from tipgraph.explorer import question_files
from tipgraph.explorer.site import Site
from tipgraph.namespaces import expand, last_part
from tipgraph.queries.catalogue import AREA, EDITION, StoredQuery
from tipgraph.queries.parameters import Parameter
from tipgraph.rdf.sparql import terms


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
        if area in site.areas:
            label = site.labels([area])[area]
            briefing = f"Briefing on {label}"
            found_at[f"/-/report/{quote(last_part(area))}"] = briefing
        for query, parameter in asking(frozenset(kinds[iri])):
            name = last_part(iri) if parameter.name == AREA else slug(iri)
            given: Mapping[str, str] = {parameter.name: name}
            if site.is_static:
                code = last_part(area_of[iri]) if iri in area_of else ""
                given = question_files.parameters(site, query, parameter, name, code)
            if given:
                address = f"/query/{query.name}?{urlencode(given)}"
                found_at[address] = query.question or query.summary
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
    return {iri: site.editions[edition].area for iri, edition in found.items()}


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
    return not (query.has_editions and _is_scope(parameter)) or query.name in question_files.GENERAL
