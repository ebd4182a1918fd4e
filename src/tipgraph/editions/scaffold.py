"""The folder of a new edition: commented Turtle to begin with, and a table for its figures."""

import re
from dataclasses import dataclass
from os.path import dirname, isdir, join, lexists, normpath
from string import Template
from unicodedata import normalize

from tipgraph.atomic import write_folder
from tipgraph.editions.edition import Edition, edition
from tipgraph.editions.pin import Pinned, pin
from tipgraph.editions.prefixes import declarations
from tipgraph.editions.table import TABLE_FILE
from tipgraph.errors import InputError, UsageError
from tipgraph.export.figures import TABLE, WORDS
from tipgraph.namespaces import ID, last_part, shorten
from tipgraph.rdf.front_matter import read_text
from tipgraph.store.engine import Engine

ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
TEMPLATES = join(dirname(__file__), "templates")
SOMEWHERE = "https://…"


@dataclass(frozen=True)
class Scaffold:
    """A folder that was made, its files, and how many sentences were pinned."""

    folder: str
    files: tuple[str, ...]
    sentences: int
    untidy: tuple[str, ...]


def begin(
    engine: Engine, name: str, into: str = ".", text: str | None = None, page: str | None = None
) -> Scaffold:
    """Make the folder of a new edition, such as `tip-2022-be`, whole or not at all.

    With `text`, a file that is not copied, its sentences are pinned. Raises UsageError when the
    name cannot be meant, the page has no address or the folder is there, InputError when the text
    cannot be read or there is no folder to make it in.
    """
    found = edition(engine, name)
    folder = normpath(join(into, name))
    if page is not None and not ADDRESS.fullmatch(page):
        raise UsageError(f"{page!r} is no address of a page: it begins with http:// or https://")
    if not isdir(into):
        raise InputError(f"{into}: no such folder to make {name} in")
    if lexists(folder):
        raise UsageError(
            f"{folder} is there already; 'tipgraph check {folder}' tells how it stands"
        )
    pinned = pin(text) if text else None
    made = skeleton(found, pinned, page)
    write_folder(folder, {file: content.encode() for file, content in made.items()})
    sentences, untidy = (pinned.sentences, pinned.untidy) if pinned else ((), ())
    return Scaffold(folder, tuple(made), len(sentences), tuple(untidy))


def skeleton(about: Edition, pinned: Pinned | None, page: str | None) -> dict[str, str]:
    """What to begin an edition with: the text of each file by its name."""
    own = {about.own: f"{ID}{about.name}/"}
    values = _values(about, page) | (_of_text(about, pinned) if pinned else {})

    def turtle(*names: str) -> str:
        text = "\n".join(map(_read, names))
        prefixes = declarations(Template(text).safe_substitute(values), own)
        return Template(text).substitute(values, prefixes=prefixes)

    country = [] if about.country.listed else ["country.ttl"]
    government = [] if about.country.government else ["government.ttl"]
    made = {"edition.ttl": turtle("edition.ttl", *country)}
    if pinned:
        made["text.ttl"] = turtle("text.ttl")
    made["passages.ttl"] = turtle("passages.ttl" if pinned else "page-references.ttl")
    made["statements.ttl"] = turtle("statements.ttl", *government, "examples.ttl")
    made[TABLE_FILE] = ",".join((*TABLE, *WORDS) if pinned else TABLE) + "\n"
    return made


def _read(name: str) -> str:
    return read_text(join(TEMPLATES, name))


def _values(about: Edition, page: str | None) -> dict[str, str]:
    """What is filled in for any edition."""
    country = about.country
    government = country.government or f"{ID}{_slug(country.name)}-government"
    return {
        "own": about.own,
        "name": about.name,
        "label": about.label,
        "year": str(about.year),
        "year_before": str(about.year - 1),
        "series": shorten(about.series),
        "publisher": shorten(about.publisher),
        "country": shorten(country.iri),
        "country_name": country.name,
        "notation": last_part(country.iri),
        "government": shorten(government),
        "evidence": f"{about.own}:page-shelters",
        "page": page or SOMEWHERE,
        "landing_page": _last("dcat:landingPage   ", page),
        "text_page": _last("tip:page      ", page),
    }


def _of_text(about: Edition, pinned: Pinned) -> dict[str, str]:
    """What is filled in besides where a text is pinned."""
    evidence = f"{about.own}:example"
    passage = pinned.passage(about.own, evidence).splitlines()
    return {
        "evidence": evidence,
        "sha256": pinned.sha256,
        "code_points": str(len(pinned.text)),
        "sentences": pinned.turtle(about.own),
        "passage": "\n".join(f"# {line}" for line in passage),
    }


def _last(property: str, page: str | None) -> str:
    """The line on the page, which is the last that is said of a node; what to do where it lacks."""
    if page:
        return f"    {property} <{page}> ."
    return (
        "    # TODO: write the address of the public page here, and take away the mark before it.\n"
        f"    # {property} <{SOMEWHERE}>\n"
        "    ."
    )


def _slug(name: str) -> str:
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
