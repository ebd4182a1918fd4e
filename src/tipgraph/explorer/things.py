"""Pages by IRI: of each thing, and the documents of terms and of shapes, with RDF of each.

The page of a thing has links to the questions that take it as a parameter. Each term and shape has
an account and an anchor.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Quad, Store

from tipgraph.cite import Citation, cite_all
from tipgraph.entities import AT_ONCE, editions_of, slug
from tipgraph.explorer import addresses, assets, documents, questions
from tipgraph.explorer.documents import BESIDE
from tipgraph.explorer.fields import on_country
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
from tipgraph.explorer.site import LONGEST, LONGEST_IN_FILES, Site, numbered, page_number, part
from tipgraph.export.graph import WHOLE, about, serialize_in, serialize_quads
from tipgraph.namespaces import (
    ONTOLOGY_GRAPH,
    OURS,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    TIP,
    expand,
    last_part,
    shorten,
)
from tipgraph.queries.catalogue import AREA, EDITION, StoredQuery
from tipgraph.queries.parameters import Parameter
from tipgraph.rdf.sparql import terms
from tipgraph.render.document import Cell
from tipgraph.show import describe_all
from tipgraph.show.description import Description, document
from tipgraph.store.engine import grouped
from tipgraph.text import nearest

SKOS, SH = PREFIXES["skos"], PREFIXES["sh"]
# The groups of the document, each with the classes of its terms; the last one takes the rest.
GROUPS = {
    "Classes": {OWL + "Class"},
    "Properties": {
        OWL + "ObjectProperty",
        OWL + "DatatypeProperty",
        OWL + "AnnotationProperty",
    },
    "Shapes of nodes": {SH + "NodeShape"},
    "Shapes of properties": {SH + "PropertyShape"},
    "Others": set(),
}
LABELS = (RDFS + "label", SKOS + "prefLabel", SH + "name")
TEXTS = (
    SKOS + "definition",
    SKOS + "scopeNote",
    SKOS + "example",
    RDFS + "comment",
    SH + "message",
)
# Properties of other vocabularies as a reader of the account knows them.
READABLE = {
    RDFS + "domain": "of",
    RDFS + "range": "has values of",
    RDFS + "subClassOf": "is a kind of",
    RDFS + "subPropertyOf": "is a kind of",
    RDFS + "isDefinedBy": "defined in",
    OWL + "inverseOf": "inverse of",
    SKOS + "closeMatch": "close to",
    SH + "path": "path",
    SH + "severity": "severity",
    SH + "targetClass": "for each",
}
# Properties that the description of a term lists; its type is its group.
IGNORED = {RDF + "type", *LABELS, *TEXTS, SH + "select", SH + "prefixes"}
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
    asked = questions_about(site, descriptions)
    return {
        iri: Thing(description, citations[iri], asked[iri])
        for iri, description in descriptions.items()
    }


def thing(site: Site, request: PageRequest) -> Content:
    """The page of a thing, or what the graph contains about it in a syntax."""
    iri = _requested(request)
    address, is_page = site.address(iri), request.format == HTML
    if not address:
        return unknown(site, iri, request)
    if "#" in address:
        return redirect(address if is_page else addresses.in_syntax(address, request.format))
    if not is_page:
        return rdf(site, iri, [request.format])[request.format]
    if iri in site.areas:
        beside = [each for each in request.parameters.get(BESIDE, "").split(",") if each]
        return country(site, iri, beside)
    return page(site, look_up(site, [iri])[iri], page_number(request.parameters))


def _requested(request: PageRequest) -> str:
    """The IRI that a path has, or the parameter of one that has none."""
    return addresses.iri(request.name) if request.name else request.parameters.get("iri", "")


def country(site: Site, iri: str, beside: Sequence[str] = ()) -> Content:
    """The briefing on a country, whose chart has the countries `beside` too.

    It needs no description: nearly all statements on a country mention it.
    """
    asked = questions_about(site, [iri])[iri]
    return documents.country(site, iri, asked, _formats(site, iri), beside)


def _formats(site: Site, iri: str) -> dict[str, str]:
    """The addresses of the RDF of a thing, by syntax."""
    return {name: addresses.in_syntax(addresses.address(iri), name) for name in site.syntaxes}


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
            yield addresses.in_syntax(address, syntax), content


def see_other(site: Site, request: PageRequest) -> Content:
    """303 from a thing, which is no document, to the document about it in a syntax."""
    iri = _requested(request)
    address = site.address(iri)
    if not address:
        return unknown(site, iri, request)
    return redirect(addresses.in_syntax(address, request.format))


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
        "message.html",
        "Not found",
        404,
        message="There is nothing with the name",
        name=iri.removeprefix(OURS),
        suggestions=labels,
        subject=iri,
    )


def questions_about(site: Site, iris: Iterable[str]) -> dict[str, dict[str, str]]:
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
            found_at[addresses.address(area)] = site.labels([area])[area]
        for query, parameter in asking(frozenset(kinds[iri])):
            name = last_part(iri) if parameter.name == AREA else slug(iri)
            given: Mapping[str, str] = {parameter.name: name}
            if parameter.name == AREA:
                given = on_country(site, query, name)
            if site.is_static:
                code = last_part(area_of[iri]) if iri in area_of else ""
                given = questions.parameters_in_files(site, query, parameter, name, code)
            if given:
                address = f"/query/{query.name}?{urlencode(given)}"
                found_at[address] = query.asked
    return found


def _areas(site: Site, iris: Iterable[str]) -> Mapping[str, str]:
    """The country of each thing that belongs to an edition, and of the editions themselves."""
    known = site.editions
    found = {iri: those[-1] for iri, those in editions_of(site.engine, iris).items()}
    found |= {iri: iri for iri in iris if iri in known}
    return {iri: known[edition].area for iri, edition in found.items() if edition in known}


def _asking(site: Site, kinds: Collection[str]) -> list[tuple[StoredQuery, Parameter]]:
    """The queries that ask about a thing of these kinds, with the parameter that takes it."""
    found = []
    for query in site.graph.queries.values():
        # Parameters that limit the whole answer come before others.
        ordered = sorted(query.params, key=lambda each: not _is_scope(each))
        parameter = next((each for each in ordered if expand(each.type) in kinds), None)
        if parameter and _is_about(query, parameter):
            found.append((query, parameter))
    return found


def _is_scope(parameter: Parameter) -> bool:
    return parameter.name in (EDITION, AREA)


def _is_about(query: StoredQuery, parameter: Parameter) -> bool:
    """Return whether a query with this parameter alone asks about its value."""
    if any(each.required for each in query.params if each is not parameter):
        return False
    return not (query.has_editions and _is_scope(parameter)) or query.name in questions.GENERAL


@dataclass
class Account:
    """A term or a shape: its anchor, its label and name, its texts, and its properties."""

    iri: str
    anchor: str
    label: str
    name: str
    mistake: str
    texts: list[str]
    properties: dict[str, list[Cell]]


def term_document(site: Site, request: PageRequest) -> Content:
    """The terms of the ontology."""
    store = Store()
    store.extend(site.engine.store.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH)))
    head = (
        "The classes and properties that the statements use. Each has an anchor, which its IRI"
        " leads to."
    )
    return _document(site, request, "Terms", head, store, TIP, _uses(site))


def shape_document(site: Site, request: PageRequest) -> Content:
    """The shapes that records are validated against."""
    head = "What a record must contain (SHACL). Its message explains what to do where it does not."
    return _document(site, request, "Shapes", head, site.shapes, addresses.SHAPES, {})


def _document(
    site: Site,
    request: PageRequest,
    title: str,
    head: str,
    store: Store,
    namespace: str,
    uses: Mapping[str, list[Cell]],
) -> Content:
    if request.format != HTML:
        quads = _described(store, namespace)
        text = serialize_quads(quads, request.format, site.graph.resources)
        return rdf_content(text, request.format)
    path = addresses.DOCUMENTS[namespace]
    groups: dict[str, list[Account]] = {name: [] for name in GROUPS}
    for iri, quads in _by_subject(store, namespace).items():
        groups[_group(quads)].append(_account(site, iri, quads, uses.get(iri, [])))
    for accounts in groups.values():
        accounts.sort(key=lambda each: each.label.casefold())
    return site.page(
        "terms.html",
        title,
        subject=path,
        head=head,
        other=("/shapes", "the shapes") if namespace == TIP else ("/ns", "the terms"),
        groups={name: each for name, each in groups.items() if each},
        formats={name: path + SYNTAXES[name] for name in site.syntaxes},
    )


def _account(site: Site, iri: str, quads: Iterable[Quad], used: list[Cell]) -> Account:
    # The content of a blank node is in the other formats.
    values = grouped(
        (quad.predicate.value, quad.object)
        for quad in quads
        if isinstance(quad.object, NamedNode | Literal)
    )
    named = [each.value for key in LABELS for each in values[key] if isinstance(each, Literal)]
    texts = [each.value for key in TEXTS for each in values[key]]
    labels = {**site.labels(values), **READABLE}
    listed = sorted(set(values) - IGNORED, key=labels.__getitem__)
    properties = grouped((labels[key], _cell(each)) for key in listed for each in values[key])
    return Account(
        iri, last_part(iri), next(iter(named), last_part(iri)), shorten(iri),
        site.contact_address(iri), texts, properties | ({"used by": used} if used else {}),
    )  # fmt: skip


def _cell(value: NamedNode | Literal) -> Cell:
    if isinstance(value, NamedNode):
        return Cell(shorten(value.value), iri=value.value)
    return Cell(value.value)


def _group(quads: Iterable[Quad]) -> str:
    classes = {
        quad.object.value
        for quad in quads
        if quad.predicate.value == RDF + "type" and isinstance(quad.object, NamedNode)
    }
    return next((name for name, those in GROUPS.items() if those & classes), "Others")


def _by_subject(store: Store, namespace: str) -> dict[str, list[Quad]]:
    found = grouped(
        (quad.subject.value, quad)
        for quad in store
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(namespace)
    )
    return {iri: sorted(found[iri], key=str) for iri in sorted(found)}


def _described(store: Store, namespace: str) -> list[Quad]:
    """Return the triples about the terms of a namespace, with the blank nodes that they lead to."""
    # Readers of ontologies look for the header at the address of the namespace.
    header = [WHOLE.value] if namespace == TIP else []
    iris = [*_by_subject(store, namespace), *header]
    return list(dict.fromkeys(q for iri in iris for q in about(store, iri, with_incoming=False)))


def _uses(site: Site) -> dict[str, list[Cell]]:
    """The stored queries and the shapes that use each term."""
    found = grouped(
        (TIP + name, Cell(f"query {query.name}", f"/query/{query.name}"))
        for query in site.graph.queries.values()
        for name in sorted(set(re.findall(r"\btip:([A-Za-z][\w-]*)", query.text)))
    )
    shapes: defaultdict[str, set[str]] = defaultdict(set)
    for quad in site.shapes:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            shapes[quad.object.value].add(quad.subject.value)
    for term, subjects in shapes.items():
        found[term] += [Cell(f"shape {shorten(each)}", iri=each) for each in sorted(subjects)]
    return found
