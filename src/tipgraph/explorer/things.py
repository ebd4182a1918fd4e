"""The page of each thing, the same as RDF, and the page for what is unknown."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tipgraph.cite import Citation, cite_all
from tipgraph.entities import AT_ONCE
from tipgraph.explorer import addresses, assets, documents, question_files
from tipgraph.explorer.http import (
    HTML,
    IN_FILES,
    SYNTAXES,
    Content,
    NotFoundError,
    PageRequest,
    rdf_content,
    redirect,
)
from tipgraph.explorer.pictures import BESIDE
from tipgraph.explorer.site import LONGEST, LONGEST_IN_FILES, Site, numbered, page_number, part
from tipgraph.namespaces import OURS, last_part
from tipgraph.show.describe import describe_all
from tipgraph.show.description import Description, document
from tipgraph.text import nearest

# The most names that are suggested for an unknown one.
SUGGESTED = 5
# The IRIs of annotations begin with this.
ANNOTATION = f"{OURS}id/derived/annotation/"
# The things whose pages are made together: as many as one query takes.
TOGETHER = AT_ONCE


@dataclass(frozen=True)
class Thing:
    """The content of a thing's page."""

    description: Description
    citation: Citation
    questions: Mapping[str, str]


def look_up(site: Site, iris: Iterable[str]) -> dict[str, Thing]:
    """Return the content of several things' pages, by IRI; many take little longer than one."""
    descriptions = describe_all(site.engine, iris, with_text=site.with_text)
    citations = cite_all(site.engine, descriptions, site.digest)
    questions = question_files.about(site, descriptions)
    return {
        iri: Thing(description, citations[iri], questions[iri])
        for iri, description in descriptions.items()
    }


def thing(site: Site, request: PageRequest) -> Content:
    """The page of the thing at a path, or what the graph contains about it in a syntax."""
    return by_iri(site, addresses.iri(request.name), request)


def any_thing(site: Site, request: PageRequest) -> Content:
    """The same for a thing whose IRI is a parameter."""
    return by_iri(site, request.parameters.get("iri", ""), request)


def by_iri(site: Site, iri: str, request: PageRequest) -> Content:
    """The page of a thing by its IRI, which is a thing of the graph or is unknown."""
    address = site.address(iri)
    if not address:
        return unknown(site, iri, request)
    if "#" in address:
        place = address if request.format == HTML else _document(address, request.format)
        return redirect(place)
    if request.format != HTML:
        return rdf(site, iri, [request.format])[request.format]
    if iri in site.areas:
        beside = [each for each in request.parameters.get(BESIDE, "").split(",") if each]
        return country(site, iri, beside)
    return page(site, look_up(site, [iri])[iri], page_number(request.parameters))


def country(site: Site, iri: str, beside: Sequence[str] = ()) -> Content:
    """The briefing on a country, whose chart has the countries `beside` too.

    It needs no description: nearly all statements on a country mention it.
    """
    questions = question_files.about(site, [iri])[iri]
    return documents.country(site, iri, questions, _formats(site, iri), beside)


def _formats(site: Site, iri: str) -> dict[str, str]:
    """The addresses of the RDF of a thing, by syntax."""
    return {name: _document(addresses.address(iri), name) for name in site.syntaxes}


def page(site: Site, thing: Thing, number: int = 1) -> Content:
    """The page of a thing, or another page of its lists where they are long."""
    iri = thing.description.iri
    longest = LONGEST_IN_FILES if site.is_static else LONGEST
    shown, number, pages = part(document(thing.description), number, longest)
    # The pages of the editions have the others, and hundreds of items are read by nobody.
    has_first = site.is_static and pages > 1
    place = thing.description.source_place
    title = f"Sentence {shown.title}, {place.edition}" if place else shown.title
    return site.page(
        "thing.html",
        title,
        document=shown,
        parts={} if site.is_static else site.parts.get(iri, {}),
        number=number,
        pages=1 if has_first else pages,
        has_first=has_first,
        longest=longest,
        address=addresses.address(iri),
        questions=thing.questions,
        subject=iri,
        cited=thing.citation,
        formats=_formats(site, iri),
    )


def rdf(site: Site, iri: str, syntaxes: Iterable[str]) -> dict[str, Content]:
    """Return the description of a thing, in some syntaxes of RDF."""
    from tipgraph.export.graph import about, serialize_in

    # In the files, a triple is in the data of its subject alone.
    # An annotation repeats the evidence of its statement.
    repeated = ANNOTATION if site.is_static else ()
    parts = [each for each in site.parts.get(iri, ()) if not each.startswith(repeated)]
    triples = site.module(iri) or about(site.engine.store, iri, parts, not site.is_static)
    to_context = addresses.link_between(addresses.address(iri), assets.CONTEXT)
    context = to_context if site.is_static else ""
    texts = serialize_in(triples, syntaxes, site.graph.resources, context)
    return {syntax: rdf_content(text, syntax) for syntax, text in texts.items()}


def at_paths(site: Site) -> Iterator[Sequence[str]]:
    """The addresses of the things that have a path, in groups to make together."""
    return _groups(site, lambda address: not address.startswith(f"{addresses.ANY}?"))


def in_full(site: Site) -> Iterator[Sequence[str]]:
    """The addresses of the other things, which have their IRI as a parameter."""
    return _groups(site, lambda address: address.startswith(f"{addresses.ANY}?"))


def _groups(site: Site, is_wanted: Callable[[str], bool]) -> Iterator[Sequence[str]]:
    all_of_them = map(site.address, sorted(site.things))
    known = addresses.DOCUMENTS.values()
    found = [each for each in all_of_them if "#" not in each and each not in known]
    # The page of a country takes as long as those of many other things.
    countries = set(map(addresses.address, site.areas))
    yield from ([each] for each in found if each in countries and is_wanted(each))
    wanted = [each for each in found if each not in countries and is_wanted(each)]
    yield from (wanted[start : start + TOGETHER] for start in range(0, len(wanted), TOGETHER))


def batch(site: Site, group: Sequence[str]) -> Iterator[tuple[str, Content]]:
    """The pages of things by their addresses, and the same in the syntaxes of files."""
    iris = list(map(addresses.iri_at, group))
    others = [each for each in iris if each not in site.areas]
    found = look_up(site, others) if others else {}
    for iri in iris:
        address = addresses.address(iri)
        if iri in site.areas:
            yield address, country(site, iri)
        else:
            yield from numbered(address, partial(page, site, found[iri]))
        for syntax, content in rdf(site, iri, IN_FILES).items():
            yield addresses.in_format(address, SYNTAXES[syntax]), content


def see_other(site: Site, request: PageRequest) -> Content:
    """303 from a thing, which is no document, to the document about it in a syntax."""
    iri = request.parameters.get("iri") or addresses.iri(request.name)
    address = site.address(iri)
    if not address:
        return unknown(site, iri, request)
    return redirect(_document(address, request.format))


def _document(address: str, syntax: str) -> str:
    """The address of the document in a syntax that describes what is at an address."""
    return addresses.in_format(address, SYNTAXES[syntax])


def unknown(site: Site, iri: str, request: PageRequest) -> Content:
    """404 with the things that may have been intended. Raises NotFoundError in other formats."""
    if request.format != HTML:
        raise NotFoundError(f"The graph has nothing with the name {iri!r}.")
    name = last_part(iri)
    folder = iri.removesuffix(name)
    among = {last_part(each): each for each in site.things if folder and each.startswith(folder)}
    near = [among[each] for each in nearest(name, among, most=SUGGESTED)]
    found = site.graph.search(name.replace("-", " "), limit=SUGGESTED).hits
    suggestions = dict.fromkeys([*near, *(each.iri for each in found)])
    # Parts of a statement are on its page.
    own = [each for each in suggestions if site.address(each) and "#" not in site.address(each)]
    labels = site.labels(own[:SUGGESTED])
    return site.page(
        "unknown.html",
        "Not found",
        404,
        name=iri.removeprefix(OURS),
        suggestions=labels,
        subject=iri,
    )
