"""Pages that are a document of a command: a country, a comparison, and the entitlements."""

import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from tipgraph import charts
from tipgraph.assess.regime import editions_with_entitlements, newest_complete
from tipgraph.entities.editions import Choice, Edition
from tipgraph.errors import UsageError
from tipgraph.explorer import pictures
from tipgraph.explorer.fields import Field, area_choices, edition_choices
from tipgraph.explorer.http import Content, PageRequest
from tipgraph.explorer.site import Site
from tipgraph.namespaces import last_part
from tipgraph.render import in_format
from tipgraph.render.answer import source
from tipgraph.render.document import Cell, Document
from tipgraph.store.engine import Engine
from tipgraph.text import slugify

NO_EDITION = {"": "choose an edition"}
NONE: tuple[Cell, ...] = ()
WORD = "docx"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def compare(site: Site, request: PageRequest) -> Content:
    """The difference between two editions on one country, once both are chosen."""
    from tipgraph.editions.compare import TwoCountriesError, document
    from tipgraph.editions.compare import compare as difference_of

    earlier, later = (request.parameters.get(each, "").strip() for each in ("earlier", "later"))
    choices = {**NO_EDITION, **edition_choices(site)}
    fields = [
        Field("earlier", "Earlier edition", earlier, choices=choices, required=True),
        Field("later", "Later edition", later, choices=choices, required=True),
    ]
    divisions = _comparable(site) if site.is_static and not earlier else {}
    title, found, problem, both = "Compare two editions", None, "", NONE
    links = {}
    if earlier or later:
        try:
            check_is_one(site, site.engine, earlier)
            check_is_one(site, site.engine, later)
            known = site.compared if site.is_static else None
            queries = site.graph.queries
            difference = difference_of(site.engine, queries, earlier, later, known=known)
            both = (source(difference.earlier), source(difference.later))
            found = document(difference)
            title = found.title
        except TwoCountriesError:
            problem = f"{earlier!r} and {later!r} are about two countries"
            links = {"/-/countries": "Compare countries"}
        except UsageError as error:
            problem = str(error)
    return _page(
        site,
        title,
        found,
        fields,
        action="/-/compare",
        button="Compare",
        divisions=divisions,
        problem=problem,
        command=f"tipgraph diff {shlex.quote(earlier)} {shlex.quote(later)}",
        links=links,
        sources=both,
    )


def country(
    site: Site,
    iri: str,
    questions: Mapping[str, str],
    formats: Mapping[str, str],
    beside: Sequence[str] = (),
) -> Content:
    """The briefing on a country, with a chart where matplotlib is installed.

    `questions` are those about it by the addresses of their answers, and `formats` are the
    addresses of its RDF. The chart has the countries `beside`, by code, too.
    """
    code = last_part(iri)
    others = {name: label for name, label in area_choices(site).items() if name != code}
    chosen = [each for each in others if each in beside]
    drawn = "svg" if charts.can_draw() else None
    found = site.graph.report(code, pictures=drawn, beside=chosen)
    command = f"tipgraph report --area {shlex.quote(code)}"
    pictures_of = (each for section in found.filled for each in section.pictures)
    shown = next((each for each in pictures_of if each.chart), None)
    has_chart = bool(shown and not site.is_static)
    return _page(
        site,
        found.title,
        found,
        action=site.address(iri),
        command=command,
        links={
            **questions,
            f"/-/network?{urlencode({'area': code})}": "Who does what, as a drawing",
        },
        sources=found.sources,
        subject=iri,
        formats=formats,
        downloads=_files(code) if not site.is_static else {},
        chart_files=pictures.links(shown) if shown and has_chart else {},
        others=others if has_chart else {},
        chosen=chosen,
    )


def _files(code: str) -> dict[str, str]:
    """The addresses of a briefing as files, by their formats. DOCX needs python-docx."""
    return {"DOCX": f"/-/briefing/{code}.{WORD}"} if find_spec("docx") else {}


def briefing(site: Site, request: PageRequest) -> Content:
    """The briefing on a country as a DOCX file. Raises UsageError for an unknown country."""
    drawn = "png" if charts.can_draw() else None
    found = site.graph.report(request.name, pictures=drawn)
    body = in_format(found, request.format)
    assert isinstance(body, bytes)
    name = f'attachment; filename="{slugify(found.title)}.{request.format}"'
    return Content(body, WORD_TYPE, headers={"Content-Disposition": name})


def entitlements(site: Site, request: PageRequest) -> Content:
    """The overview of an edition for children and adults; by default the newest read in full."""
    from tipgraph.assess import overview

    edition = request.parameters.get("edition", "").strip()
    fields = [edition_field(site, edition)]
    title, found, problem, sources = "Entitlements", None, "", NONE
    try:
        check_is_one(site, site.engine, edition)
        if edition or has_default(site):
            regime = site.graph.regime(edition or None)
            found = overview.document(overview.overview(regime))
            sources = (source(site.editions[regime.edition]),)
    except UsageError as error:
        problem = str(error)
    divisions: Mapping[str, Mapping[str, str]] = {}
    if site.is_static:
        states = {each.slug: each.label for each in _with_entitlements(site)}
        pages = {f"/-/entitlements?edition={slug}": label for slug, label in states.items()}
        divisions = {"Editions": pages}
    option = f" --edition {shlex.quote(edition)}" if edition else ""
    link = "/-/case" + (f"?{urlencode({'edition': edition})}" if edition else "")
    return _page(
        site,
        title,
        found,
        fields,
        action="/-/entitlements",
        button="Show",
        divisions=divisions,
        problem=problem,
        command=f"tipgraph assess --overview{option}",
        links={link: "Assess a case"},
        sources=sources,
    )


def comparisons(site: Site) -> Iterator[Sequence[str]]:
    """The addresses of all comparisons, with the empty form; those on one country are a group."""
    yield ["/-/compare"]
    yield from map(list, _comparable(site).values())


def _comparable(site: Site) -> Mapping[str, Mapping[str, str]]:
    """The addresses of the comparisons by country, each with the labels of its editions.

    Each edition is compared with the one before; all pairs would grow with the square of the years.
    """
    labels = site.labels(site.areas)
    found = {}
    for area in sorted(site.areas, key=labels.__getitem__):
        known = [each for each in site.editions.values() if each.area == area]
        found[labels[area]] = {
            f"/-/compare?earlier={one.slug}&later={other.slug}": f"{one.label}, and {other.label}"
            for one, other in pairwise(known)
        }
    return {label: pairs for label, pairs in found.items() if pairs}


def regimes(site: Site) -> Iterator[Sequence[str]]:
    """The addresses of the entitlements of each edition that states some, and of the default."""
    yield ["/-/entitlements"]
    for each in _with_entitlements(site):
        yield [f"/-/entitlements?edition={each.slug}"]


def edition_field(site: Site, value: str) -> Field:
    """The editions that state entitlements, to choose one; by default the newest read in full."""
    none = {"": "newest that was read in full"} if has_default(site) else NO_EDITION
    choices = {**none, **edition_choices(site, _with_entitlements(site))}
    return Field("edition", "Edition", value, choices=choices)


def has_default(site: Site) -> bool:
    """Return whether one edition is the newest that has entitlements and was read in full."""
    return len(newest_complete(_with_entitlements(site))) == 1


def _with_entitlements(site: Site) -> Collection[Edition]:
    return editions_with_entitlements(site.engine).values()


def check_is_one(site: Site, engine: Engine, name: str) -> None:
    """Raises UsageError when a name stands for several editions, or for none."""
    if name and len(Choice(engine).select(name)) > 1:
        raise UsageError(f"{name!r} stands for several editions; choose one of the list")


def _page(
    site: Site,
    title: str,
    found: Document | None,
    fields: Sequence[Field] = (),
    *,
    action: str,
    problem: str = "",
    command: str = "",
    sources: Sequence[Cell] = (),
    subject: str = "",
    formats: Mapping[str, str] | None = None,
    **values: Any,
) -> Content:
    given = urlencode({each.name: each.value for each in fields if each.value})
    return site.page(
        "document.html",
        title,
        400 if problem else 200,
        subject=subject or (f"{action}?{given}" if given else action),
        formats=formats,
        cited=site.cited(title, command, sources) if found else None,
        document=found,
        fields=() if site.is_static else fields,
        action=action,
        problem=problem,
        command=command,
        **values,
    )
