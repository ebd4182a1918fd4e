"""Pages that are a document or a chart of a command: a country, a comparison, and entitlements.

A case is private. It comes in the body of a request, the answer is never stored, and no title,
address or message on standard error has any of it. Only the page of a chart may be framed: it has
no form, no script and nothing of its reader.
"""

import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from tipgraph import charts
from tipgraph.assess.case import facts as fact_labels
from tipgraph.assess.overview import list_facts
from tipgraph.assess.regime import Regime, editions_with_entitlements, newest_complete
from tipgraph.entities.editions import Choice, Edition
from tipgraph.errors import TipgraphError, UsageError
from tipgraph.explorer.fields import Field, area_choices, edition_choices
from tipgraph.explorer.http import EMBEDDED, Content, NotFoundError, PageRequest, Refusal
from tipgraph.explorer.site import Site
from tipgraph.namespaces import CODE, last_part
from tipgraph.queries.catalogue import AREA
from tipgraph.render import in_format
from tipgraph.render.document import Cell, Document, Picture
from tipgraph.render.page import MEDIA_TYPES
from tipgraph.render.results import source
from tipgraph.store.engine import Engine
from tipgraph.text import capitalise, join, slugify

SUFFIXES = {f".{each}": each for each in charts.FORMATS}
# The parameter of countries that a chart has besides that of `area`, with commas between them.
BESIDE = "with"
NO_EDITION = {"": "choose an edition"}
CASE_TITLE = "Assess a case"
CASE = "/-/case"
# As a header of every answer about cases: no browser or proxy keeps it.
NO_STORE = {"Cache-Control": "no-store"}
FACT = "fact-"
# The fields that are text; those of an edition are checked with it.
TEXTS = ("edition", "citizenship", "age")
COMPANY = {
    "": "unknown",
    "true": "without a responsible adult",
    "false": "with one",
}
STATES = {"": "unknown", "met": "true", "not_met": "false"}
WORD = "docx"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def compare(site: Site, request: PageRequest) -> Content:
    """The difference between two editions on one country, once both are chosen."""
    from tipgraph.diff import TwoCountriesError
    from tipgraph.diff import compare as difference_of
    from tipgraph.diff.document import document

    earlier, later = (request.parameters.get(each, "").strip() for each in ("earlier", "later"))
    choices = {**NO_EDITION, **edition_choices(site)}
    fields = [
        Field("earlier", "Earlier edition", earlier, choices=choices, required=True),
        Field("later", "Later edition", later, choices=choices, required=True),
    ]
    divisions = _comparable(site) if site.is_static and not earlier else {}
    title, found, problem = "Compare two editions", None, ""
    both: tuple[Cell, ...] = ()
    links = {}
    if earlier or later:
        try:
            _check_is_one(site, site.engine, earlier)
            _check_is_one(site, site.engine, later)
            difference = difference_of(site.engine, site.graph.queries, earlier, later)
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
    has_files = bool(find_spec("docx") and not site.is_static)
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
        # DOCX needs python-docx.
        downloads={"DOCX": f"/-/briefing/{code}.{WORD}"} if has_files else {},
        chart_files=chart_files(shown) if shown and has_chart else {},
        others=others if has_chart else {},
        chosen=chosen,
    )


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
    fields = [_edition_field(site, edition)]
    title, found, problem = "Entitlements", None, ""
    sources: tuple[Cell, ...] = ()
    try:
        _check_is_one(site, site.engine, edition)
        if edition or _has_default(site):
            regime = site.graph.regime(edition or None)
            found = overview.document(overview.overview(regime))
            sources = (source(site.editions[regime.edition]),)
    except UsageError as error:
        problem = str(error)
    divisions: Mapping[str, Mapping[str, str]] = {}
    if site.is_static:
        states = {each.slug: each.label for each in _with_entitlements(site)}
        pages = {
            f"/-/entitlements?{urlencode({'edition': slug})}": label
            for slug, label in states.items()
        }
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
            f"/-/compare?{urlencode({'earlier': one.slug, 'later': other.slug})}": (
                f"{one.label}, and {other.label}"
            )
            for one, other in pairwise(known)
        }
    return {label: pairs for label, pairs in found.items() if pairs}


def regimes(site: Site) -> Iterator[Sequence[str]]:
    """The addresses of the entitlements of each edition that states some, and of the default."""
    yield ["/-/entitlements"]
    for each in _with_entitlements(site):
        yield [f"/-/entitlements?{urlencode({'edition': each.slug})}"]


def _edition_field(site: Site, value: str) -> Field:
    """The editions that state entitlements, to choose one; by default the newest read in full."""
    default = newest_complete(_with_entitlements(site))
    none = {"": f"newest read in full: {default[0].label}"} if _has_default(site) else NO_EDITION
    choices = {**none, **edition_choices(site, _with_entitlements(site))}
    return Field("edition", "Edition", value, choices=choices)


def _has_default(site: Site) -> bool:
    """Return whether one edition is the newest that has entitlements and was read in full."""
    return len(newest_complete(_with_entitlements(site))) == 1


def _with_entitlements(site: Site) -> Collection[Edition]:
    return editions_with_entitlements(site.engine).values()


def _check_is_one(site: Site, engine: Engine, name: str) -> None:
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


def charts_of(
    site: Site, query: str, given: Mapping[str, str], numbers: Mapping[str, int]
) -> Iterator[Picture]:
    """The chart of an answer, if it has one and matplotlib is there to draw it.

    `numbers` are those of the caveats on its page.
    """
    for name in (each for each, behind in charts.QUERIES.items() if behind == query):
        try:
            yield charts.chart(site.engine, site.graph.queries, name, "svg", given, numbers)
        except UsageError:
            return


def chart_files(picture: Picture) -> dict[str, str]:
    """The addresses of a chart as files and as a page to embed, by what they are."""
    given = dict(picture.parameters)
    areas = given.get(AREA)
    if isinstance(areas, list):
        given |= {AREA: areas[0], BESIDE: ",".join(areas[1:])}
    parameters = urlencode(given)
    files = {
        each.upper(): f"/-/chart/{picture.chart}.{each}?{parameters}" for each in charts.FORMATS
    }
    return {**files, "page to embed": f"/-/embed/{picture.chart}?{parameters}"}


def chart(site: Site, request: PageRequest) -> Content:
    """A chart as a file. Raises UsageError for a wrong parameter."""
    drawn = _drawn(site, request, request.format)
    name = f'attachment; filename="{request.name}.{drawn.format}"'
    return Content(drawn.content, MEDIA_TYPES[drawn.format], headers={"Content-Disposition": name})


def embed(site: Site, request: PageRequest) -> Content:
    """A chart with its source line as a page that other sites may frame."""
    shown = {name: value for name, value in request.parameters.items() if name != BESIDE}
    address = f"/query/{charts.QUERIES.get(request.name, '')}?{urlencode(shown)}"
    try:
        drawn, problem = _drawn(site, request, "svg"), ""
    except UsageError as error:
        drawn, problem = None, str(error)
    body = site.render("embed.html", address=address, chart=drawn, problem=problem)
    return Content(body, status=400 if problem else 200, headers=EMBEDDED)


def _drawn(site: Site, request: PageRequest, format: str) -> charts.Chart:
    """Raises NotFoundError for the name of no chart, and UsageError for a wrong parameter."""
    if request.name not in charts.QUERIES:
        raise NotFoundError(
            f"There is no chart {request.name!r}; there are {join(charts.QUERIES)}."
        )
    given: dict[str, object] = {
        name: value for name, value in request.parameters.items() if value.strip()
    }
    beside = str(given.pop(BESIDE, "")).split(",")
    if AREA in given and any(beside):
        given[AREA] = [given[AREA], *filter(None, beside)]
    return charts.chart(site.engine, site.graph.queries, request.name, format, given)


def case_form(site: Site, request: PageRequest) -> Content:
    """The empty form; in the files, which no server answers, the commands that assess a case."""
    if site.is_static:
        return site.page("case_command.html", CASE_TITLE, subject=CASE)
    return _case_page(site, {"edition": request.parameters.get("edition", "")})


def case_answer(site: Site, entered: Mapping[str, str], is_own_origin: bool) -> Content:
    """The statements of an edition for the case that was entered, or the problem with it.

    It changes nothing, so a form of any origin may ask.
    """
    from tipgraph.assess.render import document

    edition = _edition_of(entered)
    try:
        _check(site, entered)
        _check_is_one(site, site.private.engine, edition)
        if not edition and not _has_default(site):
            raise UsageError("Choose an edition.")
        case = _case(entered)
        assessment = site.private.assess(case, edition or None)
        return _case_page(site, entered, document=document(assessment))
    except TipgraphError as error:
        return _case_page(site, entered, 400, problem=str(error))


def unreadable_case(site: Site, error: Refusal) -> Content:
    """The form again, with why what was sent is none."""
    return _case_page(site, {}, error.status, problem=error.message)


def _check(site: Site, entered: Mapping[str, str]) -> None:
    """Raises UsageError for a field that no form has, and for a value that is no choice of it.

    The facts of all editions are fields, since an answer has the form of its edition, in which
    another one may be chosen.
    """
    facts = (FACT + last_part(iri) for iri in fact_labels(site.private.engine))
    choices = {"company": COMPANY, **dict.fromkeys(facts, STATES)}
    for name, value in entered.items():
        if name not in choices and name not in TEXTS:
            raise UsageError(f"the form has no field {name!r}")
        if name in choices and value not in choices[name]:
            raise UsageError(f"{name} cannot be {value!r}; choose one of the list")


def _edition_of(entered: Mapping[str, str]) -> str:
    return entered.get("edition", "").strip()


def _unused(regime: Regime, labels: Mapping[str, str], entered: Mapping[str, str]) -> list[str]:
    """The labels of the facts that were stated, and that matter to no norm of the edition."""
    stated = (CODE + name.removeprefix(FACT) for name, value in entered.items() if value)
    return [
        labels[fact]
        for fact in sorted(labels.keys() & stated)
        if not regime.members(fact) & regime.facts.keys()
    ]


def _case(entered: Mapping[str, str]) -> dict[str, Any]:
    """The document of a case. Raises UsageError for an age that is no number."""
    case: dict[str, Any] = {}
    citizenships = [each.strip() for each in entered.get("citizenship", "").split(",")]
    if any(citizenships):
        case["citizenship"] = [each for each in citizenships if each]
    age = entered.get("age", "").strip()
    if age and not re.fullmatch("[0-9]{1,3}", age):
        raise UsageError("the age is a number of completed years, such as 16")
    if age:
        case["age"] = int(age)
    if entered.get("company"):
        case["unaccompanied"] = entered["company"] == "true"
    for state in ("met", "not_met"):
        named = [name for name, value in entered.items() if value == state]
        case[state] = [name.removeprefix(FACT) for name in named if name.startswith(FACT)]
    return {key: value for key, value in case.items() if value != []}


def _regime(site: Site, edition: str) -> Regime | None:
    """The regime of an edition, else of the default one, if there is such."""
    for name in (edition or None, None):
        with suppress(UsageError):
            return site.private.regime(name)
    return None


def _case_page(site: Site, entered: Mapping[str, str], status: int = 200, **values: Any) -> Content:
    regime = _regime(site, _edition_of(entered))
    labels = fact_labels(site.private.engine)

    def value(name: str) -> str:
        return entered.get(name, "")

    edition = _edition_field(site, value("edition"))
    person = [
        Field(
            "citizenship", "Citizenship", value("citizenship"),
            "codes of countries such as ALB, with commas between several, or stateless",
        ),
        Field("age", "Age", value("age"), "completed years"),
        Field("company", "Company", value("company"), choices=COMPANY),
    ]  # fmt: skip
    facts = [
        Field(
            FACT + each.fact,
            capitalise(labels.get(CODE + each.fact, each.fact)),
            value(FACT + each.fact),
            each.meaning,
            STATES,
        )
        for each in (list_facts(regime) if regime else ())
    ]
    content = site.page(
        "case.html",
        CASE_TITLE,
        status,
        can_assess=regime is not None,
        edition=edition,
        person=person,
        facts=facts,
        unused=_unused(regime, labels, entered) if regime else [],
        subject=CASE,
        **values,
    )
    return replace(content, headers=NO_STORE)
