"""The page of each thing, the same as RDF, and the page for what is unknown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tipgraph.cite.citation import Citation, cite_all
from tipgraph.explorer import addresses
from tipgraph.explorer.asked import HTML, Asked, Content, NotFoundError, redirect
from tipgraph.explorer.negotiation import MEDIA_TYPES, SYNTAXES
from tipgraph.explorer.questions import about
from tipgraph.explorer.site import Site, page_number, part
from tipgraph.namespaces import last_part
from tipgraph.show.describe import Description, describe_all
from tipgraph.show.render import document
from tipgraph.text import nearest

# The most names that are suggested for an unknown one.
SUGGESTED = 5


@dataclass(frozen=True)
class Thing:
    """What the page of a thing shows."""

    description: Description
    citation: Citation
    questions: Mapping[str, str]


def look_up(site: Site, iris: Iterable[str]) -> dict[str, Thing]:
    """What the pages of several things show, by IRI; many take little longer than one."""
    descriptions = describe_all(site.engine, iris, with_text=site.with_text)
    citations = cite_all(site.engine, descriptions, site.digest)
    questions = about(site, descriptions)
    return {
        iri: Thing(description, citations[iri], questions[iri])
        for iri, description in descriptions.items()
    }


def thing(site: Site, asked: Asked) -> Content:
    """The page of the thing at a path, or what the graph contains about it in a syntax."""
    return by_iri(site, addresses.iri(asked.name), asked)


def any_thing(site: Site, asked: Asked) -> Content:
    """The same for a thing whose IRI is a parameter."""
    return by_iri(site, asked.parameters.get("iri", ""), asked)


def by_iri(site: Site, iri: str, asked: Asked) -> Content:
    """The page of a thing by its IRI, which is a thing of the graph or is unknown."""
    address = site.address(iri)
    if not address:
        return unknown(site, iri, asked)
    if "#" in address:
        return redirect(address)
    if asked.format != HTML:
        return rdf(site, iri, [asked.format])[asked.format]
    return page(site, look_up(site, [iri])[iri], page_number(asked.parameters))


def page(site: Site, thing: Thing, number: int = 1) -> Content:
    """The page of a thing, or another page of its lists where they are long."""
    iri = thing.description.iri
    address = addresses.address(iri)
    shown, number, pages = part(document(thing.description), number)
    place = thing.description.source_place
    title = f"Sentence {shown.title}, {place.edition}" if place else shown.title
    return site.page(
        "thing.html",
        title,
        document=shown,
        number=number,
        pages=pages,
        address=address,
        questions=thing.questions,
        citation=thing.citation if thing.citation.statement else None,
        subject=iri,
        cited=thing.citation,
        formats={name: addresses.in_format(address, suffix) for name, suffix in SYNTAXES.items()},
    )


def rdf(site: Site, iri: str, syntaxes: Iterable[str]) -> dict[str, Content]:
    """What the graph has about a thing, in some syntaxes of RDF."""
    from tipgraph.export.graph import about, serialize_in

    texts = serialize_in(about(site.engine.store, iri), syntaxes, site.graph.resources)
    return {syntax: Content(text.encode(), media_type(syntax)) for syntax, text in texts.items()}


def see_other(site: Site, asked: Asked) -> Content:
    """303 from a thing, which is no document, to the document about it in a syntax."""
    iri = asked.parameters.get("iri") or addresses.iri(asked.name)
    address = site.address(iri)
    if not address:
        return unknown(site, iri, asked)
    return redirect(addresses.in_format(address, SYNTAXES[asked.format]))


def unknown(site: Site, iri: str, asked: Asked) -> Content:
    """404 with the things that may have been intended. Raises NotFoundError in other formats."""
    if asked.format != HTML:
        raise NotFoundError(f"The graph has nothing with the name {iri!r}.")
    name = last_part(iri)
    folder = iri.removesuffix(name)
    among = {last_part(each): each for each in site.things if folder and each.startswith(folder)}
    near = [among[each] for each in nearest(name, among, most=SUGGESTED)]
    found = site.graph.search(name.replace("-", " "), limit=SUGGESTED).hits
    suggestions = dict.fromkeys([*near, *(each.iri for each in found)])
    labels = site.labels(each for each in suggestions if site.address(each))
    return site.page(
        "unknown.html",
        "Not found",
        404,
        iri=iri,
        suggestions=labels,
        subject=iri,
    )


def media_type(syntax: str) -> str:
    """The value of Content-Type for a syntax of RDF."""
    charset = "; charset=utf-8" if MEDIA_TYPES[syntax].startswith("text/") else ""
    return MEDIA_TYPES[syntax] + charset
