"""What a citation of anything in the graph consists of.

What a source states is cited with the source: its publisher, section, report and places. Anything
else, such as an actor or a code, is a record of tipgraph and is cited as such.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pyoxigraph import NamedNode

from tipgraph.lookup import entities
from tipgraph.lookup.editions import Edition, editions
from tipgraph.lookup.passages import Passage, passages
from tipgraph.namespaces import OURS, OURSELVES
from tipgraph.store.engine import Engine
from tipgraph.text import join
from tipgraph.version import VERSION

# As CITATION.cff has them; a test compares the two.
TITLE = "tipgraph: a sourced knowledge graph of how states protect victims of human trafficking"
AUTHORS = "The tipgraph contributors"


@dataclass(frozen=True)
class CitedPlace:
    """A place in a source: its sentence or its section, the phrase, and the address of both."""

    name: str
    quote: str
    link: str


@dataclass(frozen=True)
class Citation:
    """A citation, without the date of access, which only its user knows.

    `is_record` is true for a record of tipgraph, and `container` then names tipgraph. `key` is a
    short name for a bibliography, `address` leads to the first place. `statement` is our label of
    what is cited; `speakers` are those who state it where the author only reports it, `inferred` is
    true where we conclude it. `digest` is the SHA-256 of the graph, empty where it is unknown.
    """

    key: str
    author: str
    title: str
    container: str
    year: int
    address: str
    places: tuple[CitedPlace, ...] = ()
    statement: str = ""
    speakers: tuple[str, ...] = ()
    inferred: bool = False
    caveats: tuple[str, ...] = ()
    is_record: bool = False
    version: str = VERSION
    digest: str = ""

    @property
    def credit(self) -> str:
        """Who states it, in words that the author follows; empty where the author does."""
        if self.inferred:
            return "inferred by tipgraph from"
        return f"{join(self.speakers)}, as reported by" if self.speakers else ""

    @property
    def graph(self) -> str:
        """tipgraph, with its version and the digest of its graph."""
        name = f"tipgraph {self.version}, {OURS}"
        return f"{name}, graph sha256:{self.digest}" if self.digest else name

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def cite(engine: Engine, iri: str, digest: str = "") -> Citation:
    """The citation of the entity with this IRI; `digest` is that of the graph."""
    places = list(passages(engine, [iri, *_evidence(engine, iri)]).values())
    edition = _edition(engine, iri, places)
    if edition is None:
        return _record(engine, iri, digest)
    speakers = _linked(engine, iri, "tip:speaker")
    others = {} if edition.publisher in speakers else speakers
    is_place = iri == edition.iri or not speakers
    return Citation(
        key=_key(iri),
        author=edition.publisher_label or AUTHORS,
        title=_title(engine, edition),
        container=_report(engine, edition),
        year=edition.year,
        address=places[0].link if places else edition.page,
        places=_sentence(engine, iri, places) or tuple(map(_place, places)),
        statement="" if is_place else entities.label(engine, iri),
        speakers=tuple(name for speaker, name in others.items() if speaker != OURSELVES),
        inferred=OURSELVES in speakers,
        caveats=tuple(_linked(engine, iri, "tip:caveat").values()),
        digest=digest,
    )


def _record(engine: Engine, iri: str, digest: str) -> Citation:
    return Citation(
        key=_key(iri),
        author=AUTHORS,
        title=entities.label(engine, iri),
        container=TITLE,
        year=_year(engine),
        address=iri,
        is_record=True,
        digest=digest,
    )


def _evidence(engine: Engine, iri: str) -> list[str]:
    """The passages that the entity rests on; those of a sentence."""
    node = NamedNode(iri)
    rows = engine.select(
        f"SELECT DISTINCT ?passage {{ {{ {node} tip:evidence ?passage }}"
        f" UNION {{ ?passage tip:sentence {node} }} }}"
    )
    return [str(passage) for passage in rows.column("passage")]


def _edition(engine: Engine, iri: str, places: Sequence[Passage]) -> Edition | None:
    """The edition that the entity is, or that its passages are in, or that a sentence is of."""
    rows = engine.select(f"SELECT ?edition {{ {NamedNode(iri)} tip:ofText/tip:edition ?edition }}")
    for candidate in (iri, *(each.edition for each in places), *map(str, rows.column("edition"))):
        found = editions(engine, [candidate]).get(candidate)
        if found is not None and (found.page or found.publisher):
            return found
    return None


def _title(engine: Engine, edition: Edition) -> str:
    country = entities.labels(engine, [edition.area]).get(edition.area, "") if edition.area else ""
    return ": ".join(filter(None, [country, edition.section])) or edition.label


def _report(engine: Engine, edition: Edition) -> str:
    if not edition.series:
        return edition.label
    return f"{entities.label(engine, edition.series)} {edition.year or ''}".rstrip()


def _sentence(engine: Engine, iri: str, places: Sequence[Passage]) -> tuple[CitedPlace, ...]:
    """The sentence itself as the place, without the phrases that others quote from it."""
    if not engine.ask(f"ASK {{ {NamedNode(iri)} a tip:Sentence }}"):
        return ()
    link = places[0].link if places else ""
    return (CitedPlace(f"sentence {entities.label(engine, iri)}", "", link),)


def _place(passage: Passage) -> CitedPlace:
    name = f"sentence {passage.place}" if passage.sentence else passage.place
    return CitedPlace(name, passage.exact, passage.link)


def _linked(engine: Engine, iri: str, link: str) -> dict[str, str]:
    """The entities that a property leads to, with their labels, sorted by label."""
    rows = engine.select(f"SELECT DISTINCT ?thing {{ {NamedNode(iri)} {link} ?thing }}")
    found = [str(thing) for thing in rows.column("thing")]
    labels = entities.labels(engine, found)
    named = [(labels.get(each, entities.slug(each)), each) for each in found]
    return {thing: label for label, thing in sorted(named)}


def _year(engine: Engine) -> int:
    """The year in which the newest part of the graph was modified, 0 where it is not stated."""
    rows = engine.select(
        "SELECT ?time { ?graph a tip:NamedGraph ; dcterms:modified ?time }"
        " ORDER BY DESC(?time) LIMIT 1"
    )
    found = re.match(r"\d{4}", str(rows[0]["time"])) if rows else None
    return int(found[0]) if found else 0


def _key(iri: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", entities.slug(iri)).strip("-") or "tipgraph"
