"""Folder of a new document of a publisher other than that of the editions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os.path import isdir, join, lexists, normpath

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.editions.names import NameIndex, NameNotResolved
from tipgraph.editions.scaffold import ADDRESS, NOTE, Country, country_of, country_turtle
from tipgraph.editions.turtle import PropertyValues, TurtleWriter, english, own_prefix, plain
from tipgraph.entities.editions import documents
from tipgraph.errors import InputError, UsageError
from tipgraph.files import write_folder
from tipgraph.namespaces import ID
from tipgraph.store.engine import Engine

NAME = re.compile(r"[a-z]+(?:-[a-z]+)*(?:-(?P<year>[0-9]{4}))?-(?P<letters>[a-z]{2})")
FILE = "document.ttl"
COMMENT = (
    "The document, and the pages on which it was read. That the graph lacks something of it means"
    " nothing unless a page was read whole."
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
    parts = NAME.fullmatch(name)
    if parts is None:
        raise UsageError(
            f"invalid name of a document {name!r}; write words, a year if a page states it, and the"
            " country's two letters, such as greta-2026-be"
        )
    _check(publication)
    if ID + name in documents(engine):
        raise UsageError(f"the graph already has {name}; see it with 'tipgraph show {name}'")
    folder = normpath(join(into, name))
    if not isdir(into):
        raise InputError(f"{into}: no such folder to make {name} in")
    if lexists(folder):
        raise UsageError(f"{folder} exists already; check it with 'tipgraph check {folder}'")
    country = country_of(engine, parts["letters"])
    turtle = _turtle(engine, name, parts["year"] or "", country, publication)
    write_folder(folder, {FILE: turtle.encode()})
    return folder


def _check(publication: Publication) -> None:
    if not publication.pages or len(publication.pages) != len(publication.read):
        raise UsageError(
            "give --page and --read once for each page of the document that was read: its address,"
            " and what was read"
        )
    for page in publication.pages:
        if not ADDRESS.fullmatch(page):
            raise UsageError(f"invalid address {page!r}; it begins with http:// or https://")
    if not all(map(NOTE.fullmatch, publication.read)):
        raise UsageError("write after --read what was read, such as 'the first half'")


def _turtle(
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
    return writer.compact_document(COMMENT, nodes)


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
