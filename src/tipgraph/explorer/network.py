"""The actor network: what statements say of two parties, as a drawing and as a table.

Both show the rows of the query `relations`. The drawing has one line for all statements that
relate two parties alike; the table, which is also the drawing's text, has a row for each. A script
places the parties, in a column for each group.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from tipgraph.entities import passages, resolve, slug
from tipgraph.entities.editions import ALL, Edition
from tipgraph.errors import UsageError
from tipgraph.explorer.addresses import link
from tipgraph.explorer.fields import Field, area_choices, edition_choices, with_given
from tipgraph.explorer.http import Content, PageRequest
from tipgraph.explorer.questions import scope_line
from tipgraph.explorer.site import LONGEST, Site, counted, page_number, page_of
from tipgraph.export.network import own_kinds
from tipgraph.namespaces import CODE, TIP, last_part
from tipgraph.queries.catalogue import AREA, EDITION, command
from tipgraph.render.document import separate
from tipgraph.render.results import AnswerRows
from tipgraph.store.engine import iris_of

QUERY = "relations"
TITLE = "Who does what to whom"
CONNECTION, ACTOR = "connection", "actor"
PARAMETERS = (EDITION, AREA, CONNECTION, ACTOR)
# From here on a drawing has more connections than anyone can follow.
LARGE = 150
# The columns of the table; the country is in the name of the edition.
COLUMNS = (
    *("subject", "relation", "object", "kind", "hedge", "caveat"),
    *("statement", "speaker", "place", "edition"),
)
# The columns of the drawing by their headings, each with the kinds of parties in it; the one
# without any takes all others.
GROUPS = {
    "Monitors and other speakers": (
        *("MonitoringBody", "IndependentBody", "InternationalOrganisation"),
        *("UnnamedSpeakers", "UnidentifiedSpeaker", "Curator"),
    ),
    "States and authorities": (
        *("State", "Government", "Ministry", "PublicAgency", "AuthorityGroup", "JointActorGroup"),
    ),
    "Services, professions and projects": (),
    "Persons": ("PersonCategory", "VictimCategory", "OffenderGroup", "Public"),
}
# The kinds of lines of the drawing by their names in the legend, likewise.
FAMILIES = {
    "money": ("allocates-money-to", "awards-money-to", "funds", "contributesTo"),
    "persons identified, helped or reached": (
        *("identifies", "confirms", "registers", "refers", "refers-persons-to", "repatriates"),
        *("gives-shelter-to", "helps", "issues-permits-to", "places", "places-persons-with"),
        *("is-directed-at", "trains", "reaches-out-to", "campaigns-for", "publishes-for"),
    ),
    "duties, powers and benefits": (
        *("offers-benefit-to", "owes-duty-to", "has-power-against", "has-power-in-favour-of"),
    ),
    "statements about": (
        *("criticises", "praises", "defends", "recommends-to", "speaks-of", "does-not-report-on"),
    ),
    "ties between bodies": (),
}


@dataclass(frozen=True)
class Selection:
    """The selection of the filters: the rows, and the parameters of their query.

    `unfiltered` has the rows of the same editions with any connection and actor.
    """

    rows: AnswerRows
    unfiltered: AnswerRows
    given: Mapping[str, str]


def page(site: Site, request: PageRequest) -> Content:
    """The form of the filters, the drawing, and the table of what is drawn."""
    given = _given(request)
    try:
        selected = _selection(site, given)
    except UsageError as error:
        return _page(site, given, status=400, problem=str(error))
    rows, line = selected.rows, command(QUERY, selected.given)
    count = len({_line(each) for each in rows})
    number, pages = page_of(len(rows), page_number(request.parameters), LONGEST)
    shown = replace(rows, terms=rows.terms[LONGEST * (number - 1) : LONGEST * number])
    # A file has the drawing in it, so only the first page of the table has it.
    has_drawing = number == 1 or not site.is_static
    whole = shown.only(COLUMNS).document()
    sections = (replace(whole.sections[0], title="The same as a table"),)
    return _page(
        site,
        given,
        selected.unfiltered,
        document=replace(whole, sections=sections) if rows else None,
        scope=scope_line(rows.context.scope),
        reason="" if rows else _reason(selected),
        count=counted(count, "connection"),
        is_large=count > LARGE,
        source=f"/-/network.json?{urlencode(given)}".rstrip("?") if rows and has_drawing else "",
        more=f"/-/network?{urlencode([*given.items(), ('page', '')])}",
        embedded=_drawing(site, rows) if site.is_static and has_drawing else None,
        number=number,
        pages=pages,
        command=line,
        cited=site.cited(TITLE, line, rows.sources),
    )


def addresses(site: Site) -> Iterator[Sequence[str]]:
    """The addresses of the network by default, of each country, and of what was read in full."""
    for area in sorted(site.areas):
        yield [_address(AREA, last_part(area))]
    for each in _complete(site):
        yield [_address(EDITION, each.slug)]
    yield ["/-/network"]


def _address(parameter: str, name: str) -> str:
    return f"/-/network?{urlencode({parameter: name})}"


def _complete(site: Site) -> list[Edition]:
    """The editions that were read in full."""
    return [each for each in site.editions.values() if each.is_complete]


def _divisions(site: Site) -> Mapping[str, Mapping[str, str]]:
    """The addresses of the networks in files, with their labels.

    A country has those of all its editions, so an edition that was read in part has none.
    """
    areas = {_address(AREA, code): label for code, label in area_choices(site).items()}
    choices = edition_choices(site, _complete(site))
    editions = {_address(EDITION, name): label for name, label in choices.items()}
    newest = {"/-/network": "newest read in full"}
    return {"Countries": areas, "Editions": newest | editions}


def drawing(site: Site, request: PageRequest) -> Content:
    """The parties with their columns, and the lines between them, as JSON.

    An address is the path of a page of the explorer, a link an address on the web. Raises
    UsageError for a filter with an unknown value.
    """
    rows = _selection(site, _given(request)).rows
    text = json.dumps(_drawing(site, rows), ensure_ascii=False, separators=(",", ":"))
    return Content(text.encode(), "application/json")


def _given(request: PageRequest) -> dict[str, str]:
    """The filters that have a value."""
    found = {name: request.parameters.get(name, "").strip() for name in PARAMETERS}
    return {name: value for name, value in found.items() if value}


def _selection(site: Site, given: Mapping[str, str]) -> Selection:
    """Raises UsageError for a value that is unknown."""
    bound_to = {name: given[name] for name in (EDITION, AREA) if name in given}
    if EDITION not in given:
        # One edition on a country often has a few connections only.
        bound_to |= {EDITION: ALL} if AREA in given else _default(site)
    answer = site.graph.rows(QUERY, **bound_to)
    rows = answer
    if CONNECTION in given:
        rows = rows.where("relation", {resolve(site.engine, given[CONNECTION])})
    if ACTOR in given:
        actor = resolve(site.engine, given[ACTOR])
        ends = zip(rows.column("subject"), rows.column("object"), strict=True)
        kept = [row for row, pair in zip(rows.terms, ends, strict=True) if actor in pair]
        rows = replace(rows, terms=tuple(kept))
    return Selection(rows, answer, bound_to)


def _reason(selected: Selection) -> str:
    """Return why a network is empty."""
    if selected.unfiltered:
        return "No connection of these editions is of this kind, or has this actor at an end."
    editions = selected.rows.context.scope.editions if selected.rows.context.scope else ()
    if not editions:
        return "No statement of the graph relates two parties."
    if all(each.is_complete for each in editions):
        return "No statement of these editions, which were read in full, relates two parties."
    return (
        "No statement that was taken from these editions relates two parties. They were read in"
        " part, and may relate some."
    )


def _default(site: Site) -> dict[str, str]:
    """The newest edition that was read in full, since many at once cannot be read."""
    complete = _complete(site)
    return {EDITION: max(complete, key=lambda each: each.year).slug} if complete else {}


def _page(
    site: Site,
    given: Mapping[str, str],
    unfiltered: AnswerRows | None = None,
    status: int = 200,
    **values: Any,
) -> Content:
    divisions = _divisions(site) if site.is_static and not given else {}
    legend = {"columns": [*GROUPS], "lines": [*FAMILIES]}
    return site.page(
        "network.html",
        TITLE,
        status,
        fields=_fields(site, given, unfiltered),
        divisions=divisions,
        legend=legend,
        subject=f"/-/network?{urlencode(given)}".rstrip("?"),
        **values,
    )


def _fields(site: Site, given: Mapping[str, str], unfiltered: AnswerRows | None) -> list[Field]:
    connections: Counter[str] = Counter()
    parties: Counter[str] = Counter()
    for start, relation, target in {_line(each) for each in unfiltered or ()}:
        connections[relation] += 1
        parties.update({start, target})
    editions = {"": "newest read in full", ALL: "all", **edition_choices(site)}
    found = [
        (EDITION, "Edition", "by default; of a country, all", editions),
        (AREA, "Country", "", {"": "any", **area_choices(site)}),
        (
            CONNECTION, "Kind of connection", "with the number of each",
            {"": "any", **_counted(site, connections)},
        ),
        (
            ACTOR, "Actor or persons", "at either end of a connection",
            {"": "any", **_counted(site, parties)},
        ),
    ]  # fmt: skip
    return [
        Field(name, label, given.get(name, ""), hint, with_given(choices, given.get(name, "")))
        # In the files, an edition and a country have pages of their own.
        for name, label, hint, choices in found
        if not site.is_static or name in (CONNECTION, ACTOR)
    ]


def _counted(site: Site, numbers: Mapping[str, int]) -> dict[str, str]:
    labels = site.labels(numbers)
    return {
        slug(iri): f"{labels[iri]} ({numbers[iri]})"
        for iri in sorted(numbers, key=lambda each: (labels[each].casefold(), each))
    }


def _line(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(row["subject"]), str(row["relation"]), str(row["object"])


def _drawing(site: Site, rows: AnswerRows) -> dict[str, Any]:
    lines: dict[tuple[str, str, str], dict[str, list[dict[str, Any]]]] = {}
    for row in rows:
        statements = lines.setdefault(_line(row), {})
        statements.setdefault(str(row["statement"]), []).append(row)
    parties = sorted({end for source, _, target in lines for end in (source, target)})
    kinds = {party: each[0] for party, each in own_kinds(site.engine, parties).items() if each}
    groups = {party: _group(GROUPS, kinds.get(party, "")) for party in parties}
    columns = [name for name in GROUPS if name in groups.values()]
    # Own data may have text in place of things.
    others = (str(each) for name in ("kind", "relation") for each in rows.column(name))
    labels = site.labels({*iris_of(rows), *kinds.values(), *others})
    quoted = passages.passages(site.engine, {str(each) for each in rows.column("place")})

    def page_of_thing(iri: str) -> str:
        address = site.address(iri)
        return link(address) if address and site.is_static else address

    def named(iri: str) -> dict[str, str]:
        return {"label": labels.get(iri, iri), "address": page_of_thing(iri)}

    def sentence(iri: str) -> dict[str, str]:
        passage = quoted.get(iri)
        if passage is None:
            return named(iri)
        return {
            "label": passage.place,
            "address": page_of_thing(passage.sentence or iri),
            "quote": passage.exact,
            "link": passage.link,
        }

    def statement(iri: str, those: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        first = next(iter(those))

        def each(column: str) -> list[str]:
            return list(dict.fromkeys(str(row[column]) for row in those))

        return {
            **named(iri),
            "kind": labels[str(first["kind"])],
            "edition": named(str(first["edition"])),
            "hedge": labels.get(str(first["hedge"] or ""), first["hedge"] or ""),
            "caveats": separate(str(first["caveat"] or "")),
            "speakers": [named(speaker) for speaker in each("speaker")],
            "sentences": [sentence(passage) for passage in each("place")],
        }

    return {
        "columns": columns,
        "parties": [
            {
                "id": slug(party),
                **named(party),
                "kind": labels.get(kinds.get(party, ""), ""),
                "column": columns.index(groups[party]),
            }
            for party in parties
        ],
        "connections": [
            {
                "id": f"connection-{number}",
                "source": slug(source),
                "target": slug(target),
                "name": slug(relation),
                "relation": labels[relation],
                "family": list(FAMILIES).index(_group(FAMILIES, relation)),
                "statements": [statement(iri, those) for iri, those in statements.items()],
            }
            for number, ((source, relation, target), statements) in enumerate(lines.items())
        ],
    }


def _group(groups: Mapping[str, Sequence[str]], iri: str) -> str:
    """The group of a kind or a relation, else the one of the others."""
    name = iri.removeprefix(CODE).removeprefix(TIP)
    others = next(group for group, names in groups.items() if not names)
    return next((group for group, names in groups.items() if name in names), others)
