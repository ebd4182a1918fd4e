"""Folders for a new edition, with commented Turtle, and for a document of another publisher."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from os.path import dirname, isdir, join, lexists, normpath
from string import Template

from pyoxigraph import Literal, NamedNode

from tipgraph import entities
from tipgraph.editions.names import NameIndex, NameNotResolved
from tipgraph.editions.pin import PinnedText, read_text_to_pin
from tipgraph.editions.turtle import (
    PropertyValues,
    TurtleWriter,
    declarations,
    english,
    own_prefix,
    plain,
)
from tipgraph.entities.editions import Edition, documents, editions
from tipgraph.errors import InputError, UsageError
from tipgraph.files import read_text, write_folder
from tipgraph.namespaces import ID, last_part, shorten
from tipgraph.store.engine import Engine
from tipgraph.text import slugify

EDITION_NAME = re.compile(
    r"(?P<series>[a-z]+(?:-[a-z]+)*)-(?P<year>[0-9]{4})-(?P<letters>[a-z]{2})"
)
DOCUMENT_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*(?:-(?P<year>[0-9]{4}))?-(?P<letters>[a-z]{2})")
DOCUMENT_FILE = "document.ttl"
DOCUMENT_COMMENT = (
    "The document, and the pages on which it was read. That the graph lacks something of it means"
    " nothing unless a page was read whole."
)
ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
# The part of a page that was read: words on one line without a full stop at the end.
NOTE = re.compile(r"\S([^\n\r\t]*[^\s.])?")
TEMPLATES = join(dirname(__file__), "templates")
PLACEHOLDER_PAGE = "https://…"


@dataclass(frozen=True)
class Country:
    """A country, and whether it is on the list of countries that editions are about."""

    iri: str
    name: str
    is_listed: bool
    government: str | None = None


@dataclass(frozen=True)
class NewEdition:
    """An edition that the graph does not have, as far as its short name describes it."""

    slug: str
    label: str
    year: int
    series: str
    publisher: str
    country: Country

    @property
    def prefix(self) -> str:
        """The prefix of the edition's own IRIs."""
        return own_prefix(self.slug, self.country.iri)


@dataclass(frozen=True)
class Scaffold:
    """A new folder, the names of its files, and the number of pinned sentences."""

    folder: str
    files: tuple[str, ...]
    sentences: int


def create_folder(
    engine: Engine,
    name: str,
    into: str = ".",
    text: str | None = None,
    page: str | None = None,
    read: str | None = None,
) -> Scaffold:
    """Make the folder of a new edition, such as `tip-2022-be`; on an error, make nothing.

    `text` is a file whose sentences are pinned; it is not copied. `page` is the address of the
    edition's public page. `read` says what of the page was read, of an edition from which figures
    alone are taken; it excludes `text`. Raises UsageError when an argument is invalid or the folder
    exists, and InputError when the text cannot be read or `into` does not exist.
    """
    edition = parse_name(engine, name)
    if page is not None:
        _check_address(page)
    if read is not None and text:
        raise UsageError("choose --read, for figures from a page, or --text, for a pinned text")
    if read is not None and not NOTE.fullmatch(read):
        raise UsageError("write after --read what was read, such as 'the first 2,000 characters'")
    folder = _free_folder(into, name)
    pinned = read_text_to_pin(text) if text else None
    contents = fill_templates(edition, pinned, page, read)
    write_folder(folder, {file: content.encode() for file, content in contents.items()})
    return Scaffold(folder, tuple(contents), len(pinned.sentences) if pinned else 0)


def _free_folder(into: str, name: str) -> str:
    """Return the path of a new folder. Raises as `create_folder` and `create_document_folder`."""
    folder = normpath(join(into, name))
    if not isdir(into):
        raise InputError(f"{into}: no such folder to make {name} in")
    if lexists(folder):
        raise UsageError(f"{folder} exists already; check it with 'tipgraph check {folder}'")
    return folder


def _check_new(name: str, known: Container[str]) -> None:
    if ID + name in known:
        raise UsageError(f"the graph already has {name}; see it with 'tipgraph show {name}'")


def _check_address(page: str) -> None:
    if not ADDRESS.fullmatch(page):
        raise UsageError(f"invalid address {page!r}; it begins with http:// or https://")


def parse_name(engine: Engine, name: str) -> NewEdition:
    """The edition that a short name such as `tip-2022-be` stands for.

    Raises UsageError when the name is invalid, its series or country is unknown, or the graph
    already has the edition.
    """
    parts = EDITION_NAME.fullmatch(name)
    if parts is None:
        raise UsageError(
            f"invalid edition name {name!r}; write series, year and the country's two letters, such"
            " as tip-2022-be"
        )
    known = editions(engine)
    _check_new(name, known)
    model = _edition_of_series(engine, [*known.values()], parts["series"])
    country = country_of(engine, parts["letters"])
    title = model.label.partition(f" {model.year}, ")[0]
    return NewEdition(
        slug=name,
        label=f"{title} {parts['year']}, {country.name}",
        year=int(parts["year"]),
        series=model.series,
        publisher=model.publisher,
        country=country,
    )


def fill_templates(
    edition: NewEdition, pinned: PinnedText | None, page: str | None, read: str | None = None
) -> dict[str, str]:
    """The content of each file of a new edition, by file name."""
    own = {edition.prefix: f"{ID}{edition.slug}/"}
    values = _values(edition, page) | (_text_values(edition, pinned) if pinned else {})
    values["coverage_note"] = _coverage_note(read)

    def turtle(*names: str) -> str:
        text = "\n".join(read_text(join(TEMPLATES, name)) for name in names)
        prefixes = declarations(Template(text).safe_substitute(values), own)
        return Template(text).substitute(values, prefixes=prefixes)

    country = [] if edition.country.is_listed else ["country.ttl"]
    government = [] if edition.country.government else ["government.ttl"]
    contents = {"edition.ttl": turtle("edition.ttl", *country)}
    contents["figures.ttl"] = turtle("figures.ttl")
    if read is not None:
        return contents
    if pinned:
        contents["text.ttl"] = turtle("text.ttl")
    contents["passages.ttl"] = turtle("passages.ttl" if pinned else "page-references.ttl")
    contents["statements.ttl"] = turtle("statements.ttl", *government, "examples.ttl")
    return contents


def country_turtle(country: Country) -> str:
    """The node that lists a country which no other source is about."""
    template = Template(read_text(join(TEMPLATES, "country.ttl")))
    return template.substitute(country=shorten(country.iri), notation=last_part(country.iri))


def _edition_of_series(engine: Engine, known: list[Edition], wanted: str) -> Edition:
    """An edition of the series whose short names begin with `wanted`."""
    by_series = {
        each.slug.partition(f"-{each.year}-")[0]: each
        for each in known
        if each.series and each.publisher
    }
    if wanted not in by_series:
        labels = entities.labels(engine, (each.series for each in by_series.values()))
        names = (f"{name} ({labels[each.series]})" for name, each in by_series.items())
        raise UsageError(
            f"unknown series {wanted!r}; known: {', '.join(names)}; a document of another publisher"
            " needs --publisher"
        )
    return by_series[wanted]


def country_of(engine: Engine, letters: str) -> Country:
    """The country with these two letters. Raises UsageError when there is none."""
    rows = engine.select(
        "SELECT ?country ?name ?listed ?government { ?country a tip:Country ;"
        f" tip:alpha2 {Literal(letters.upper())} ; skos:prefLabel ?name"
        " OPTIONAL { ?government a tip:Government ; dcterms:spatial ?country }"
        " BIND(EXISTS { ?country skos:inScheme code:countries } AS ?listed) } ORDER BY ?government"
    )
    if not rows:
        raise UsageError(
            f"unknown country {letters.upper()!r}; use a two-letter code of ISO 3166-1"
        )
    row = rows[0]
    government = row["government"]
    return Country(
        iri=str(row["country"]),
        name=str(row["name"]),
        is_listed=bool(row["listed"]),
        government=None if government is None else str(government),
    )


def _values(edition: NewEdition, page: str | None) -> dict[str, str]:
    """The values that the templates of every edition use."""
    country = edition.country
    government = country.government or f"{ID}{slugify(country.name)}-government"
    return {
        "own": edition.prefix,
        "name": edition.slug,
        "label": edition.label,
        "year": str(edition.year),
        "year_before": str(edition.year - 1),
        "series": shorten(edition.series),
        "publisher": shorten(edition.publisher),
        "country": shorten(country.iri),
        "country_name": country.name,
        "notation": last_part(country.iri),
        "government": shorten(government),
        "evidence": f"{edition.prefix}:page-shelters",
        "source": 'tip:quote                "at least 12 children"',
        "page": page or PLACEHOLDER_PAGE,
        "landing_page": _page_line("dcat:landingPage", page),
        "text_page": _page_line("tip:page      ", page),
    }


def _text_values(edition: NewEdition, pinned: PinnedText) -> dict[str, str]:
    """The values that the templates use if a text is pinned."""
    evidence = f"{edition.prefix}:example"
    passage = pinned.example_passage(edition.prefix, evidence)
    return {
        "evidence": evidence,
        "source": f"tip:evidence             {evidence}",
        "sha256": pinned.sha256,
        "code_points": str(len(pinned.text)),
        "sentences": pinned.turtle(edition.prefix),
        "passage": f"# {passage}",
    }


def _coverage_note(read: str | None) -> str:
    """A line that says what was read of the page; none if that is not known yet."""
    if read is None:
        return ""
    rest = "What the graph does not have of it may stand in the rest."
    return f"    skos:scopeNote   {english(f'Read of the page: {read}. {rest}')} ;\n"


def _page_line(property: str, page: str | None) -> str:
    """The last line of a node, with the page; without one, a line to complete."""
    if page:
        return f"    {property} <{page}> ."
    return (
        "    # TODO: write the address of the public page here, and remove the # before it.\n"
        f"    # {property} <{PLACEHOLDER_PAGE}>\n"
        "    ."
    )


@dataclass(frozen=True)
class Publication:
    """The properties of a document that its short name does not give.

    `pages` are the addresses of the pages on which it was read, and `read` how much of each was.
    """

    publisher: str
    pages: Sequence[str]
    read: Sequence[str]
    round: int | None = None
    number: str | None = None


def create_document_folder(engine: Engine, name: str, into: str, publication: Publication) -> str:
    """Make the folder of a new document, such as `greta-2026-be`, and return it.

    On an error, nothing is made. Raises UsageError when an argument is invalid or the folder
    exists, and InputError when `into` does not exist.
    """
    parts = DOCUMENT_NAME.fullmatch(name)
    if parts is None:
        raise UsageError(
            f"invalid name of a document {name!r}; write words, a year if a page states it, and the"
            " country's two letters, such as greta-2026-be"
        )
    _check_pages(publication)
    _check_new(name, documents(engine))
    folder = _free_folder(into, name)
    country = country_of(engine, parts["letters"])
    turtle = _document_turtle(engine, name, parts["year"] or "", country, publication)
    write_folder(folder, {DOCUMENT_FILE: turtle.encode()})
    return folder


def _check_pages(publication: Publication) -> None:
    if not publication.pages or len(publication.pages) != len(publication.read):
        raise UsageError(
            "give --page and --read once for each page of the document that was read: its address,"
            " and what was read"
        )
    for page in publication.pages:
        _check_address(page)
    if not all(map(NOTE.fullmatch, publication.read)):
        raise UsageError("write after --read what was read, such as 'the first half'")


def _document_turtle(
    engine: Engine, name: str, year: str, country: Country, publication: Publication
) -> str:
    known = (
        "?entity a tip:Actor FILTER NOT EXISTS { ?entity dcterms:spatial ?other"
        f" FILTER(?other != {NamedNode(country.iri)}) }}"
    )
    try:
        publisher = NameIndex(engine, "publisher", known).iri(publication.publisher)
    except NameNotResolved as error:
        raise UsageError(str(error)) from None
    prefix = own_prefix(name, country.iri)
    writer = TurtleWriter({prefix: f"{ID}{name}/"})
    words = [entities.label(engine, publisher), year]
    if publication.round is not None:
        words.insert(1, f"round {publication.round}")
    label = f"{' '.join(filter(None, words))}, {country.name}"
    nodes = [
        writer.node(
            ID + name,
            "tip:Document",
            [
                ("rdfs:label", [english(label)]),
                _belongs_to(engine, writer, publisher),
                ("dcterms:spatial", [writer.name(country.iri)]),
                ("tip:issuedIn", [year] if year else []),
                ("tip:round", [] if publication.round is None else [str(publication.round)]),
                ("tip:documentNumber", [plain(publication.number)] if publication.number else []),
                ("skos:scopeNote", [] if year else [english("Year: not stated.")]),
            ],
        ),
        *_pages(writer, f"{ID}{name}/", label, publication),
    ]
    if not country.is_listed:
        nodes.append(country_turtle(country))
    return writer.compact_document(DOCUMENT_COMMENT, nodes)


def _belongs_to(engine: Engine, writer: TurtleWriter, publisher: str) -> PropertyValues:
    """Return the series of the publisher, or the publisher if it has none, or several."""
    series = engine.select(
        "SELECT ?series { ?series a tip:EditionSeries ;"
        f" dcterms:publisher {NamedNode(publisher)} }}"
    )
    if len(series) == 1:
        return "dcat:inSeries", [writer.name(str(series[0]["series"]))]
    return "dcterms:publisher", [writer.name(publisher)]


def _pages(
    writer: TurtleWriter, namespace: str, label: str, publication: Publication
) -> Iterator[str]:
    """The nodes of the pages, named in their order."""
    for number, (page, read) in enumerate(zip(publication.pages, publication.read, strict=True), 1):
        yield writer.node(
            f"{namespace}page-{number}",
            "tip:ReadPage",
            [
                ("rdfs:label", [english(f"{label}: page {number}")]),
                ("dcat:landingPage", [f"<{page}>"]),
                ("skos:scopeNote", [english(f"Read of the page: {read}.")]),
            ],
        )
