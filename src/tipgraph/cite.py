"""Citations of any entity in the graph and of answers, as text, BibTeX and CSL-JSON.

A statement is cited with its source: its publisher, section, report and places. Anything
else, such as an actor or a code, is a record of tipgraph and is cited as such.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

from tipgraph import entities
from tipgraph.entities import linked
from tipgraph.entities.editions import SOURCES, Edition, editions
from tipgraph.entities.passages import Passage, passages
from tipgraph.namespaces import OURS, OURSELVES
from tipgraph.rdf.sparql import terms
from tipgraph.render.document import separate
from tipgraph.render.formats import dumps
from tipgraph.safe_text import latex, latex_address, web_address
from tipgraph.store.engine import Engine, matching
from tipgraph.text import capitalise, join, one_line, sentence
from tipgraph.version import VERSION

# Title and authors of CITATION.cff; a test compares the two.
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
    true where we conclude it. An answer has the `command` that gives it, and the editions that it
    draws on as `sources`. `digest` is the SHA-256 of the graph, empty where it is unknown.
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
    command: str = ""
    sources: tuple[str, ...] = ()
    version: str = VERSION
    digest: str = ""

    @property
    def credit(self) -> str:
        """Return the speaker in words before the author; empty if the author is the speaker."""
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
    return cite_all(engine, [iri], digest)[iri]


def cite_all(engine: Engine, iris: Iterable[str], digest: str = "") -> dict[str, Citation]:
    """The citations of several entities, by IRI; many take little longer than one."""
    wanted = list(dict.fromkeys(iris))
    cited = _Cited(engine, wanted)
    return {iri: _citation(cited, iri, digest) for iri in wanted}


class _Cited:
    """Read the entities to cite."""

    def __init__(self, engine: Engine, iris: Sequence[str]) -> None:
        self._engine = engine
        # Of a sentence, the passages that others quote from it.
        evidence = linked(engine, iris, "tip:evidence|^tip:sentence")
        quoted = passages(engine, [*iris, *chain.from_iterable(evidence.values())])
        self.places = {iri: quoted.among((iri, *evidence[iri])) for iri in iris}
        self.of_text = linked(engine, iris, "tip:ofText/tip:edition")
        named = f"VALUES ?thing {{ {terms(iris)} }}"
        self.sentences = {*matching(engine, f"{named} ?thing a tip:Sentence")}
        self.speakers = linked(engine, iris, "tip:speaker")
        self.caveats = linked(engine, iris, "tip:caveatText")
        self._editions = editions(
            engine,
            [*iris, *(each.edition for each in quoted.values()), *chain(*self.of_text.values())],
            kinds=SOURCES,
        )
        known = self._editions.values()
        self.labels = entities.labels(
            engine,
            [
                *(each.area for each in known if each.area),
                *(each.series for each in known if each.series),
                *iris,
                *chain(*self.speakers.values()),
            ],
        )

    def edition(self, iri: str) -> Edition | None:
        """The edition that the entity is, or that its passages are in, or that a sentence is of."""
        of_places = (each.edition for each in self.places[iri])
        for candidate in (iri, *of_places, *self.of_text[iri]):
            found = self._editions.get(candidate)
            if found is not None and (found.page or found.publisher):
                return found
        return None

    @cached_property
    def year(self) -> int:
        return graph_year(self._engine)

    def named(self, iris: Iterable[str]) -> dict[str, str]:
        """The entities with their labels, sorted by label."""
        named = [(self.labels.get(each, entities.slug(each)), each) for each in iris]
        return {iri: label for label, iri in sorted(named)}


def _citation(cited: _Cited, iri: str, digest: str) -> Citation:
    edition, places = cited.edition(iri), cited.places[iri]
    if edition is None:
        return _record(cited, iri, digest)
    speakers = cited.named(cited.speakers[iri])
    others = {} if edition.publisher in speakers else speakers
    is_place = iri == edition.iri or not speakers
    return Citation(
        key=_key(iri),
        author=edition.publisher_label or AUTHORS,
        title=_title(cited, edition),
        container=_report(cited, edition),
        year=edition.year,
        address=places[0].link if places else edition.page,
        places=_cited_sentence(cited, iri) or tuple(map(_cited_place, places)),
        statement="" if is_place else cited.labels[iri],
        speakers=tuple(name for speaker, name in others.items() if speaker != OURSELVES),
        inferred=OURSELVES in speakers,
        caveats=tuple(chain.from_iterable(map(separate, cited.caveats[iri]))),
        digest=digest,
    )


def cite_answer(
    title: str, year: int, digest: str, command: str = "", sources: Sequence[str] = ()
) -> Citation:
    """The citation of an answer of tipgraph; `year` is that of the graph."""
    return Citation(
        key=_key(command.removeprefix("tipgraph ")),
        author=AUTHORS,
        title=title,
        container=TITLE,
        year=year,
        address=OURS,
        is_record=True,
        command=command,
        sources=tuple(sources),
        digest=digest,
    )


def graph_date(engine: Engine) -> str:
    """The day on which the newest part of the graph was modified, empty where it is not stated."""
    rows = engine.select(
        "SELECT ?time { ?graph a tip:NamedGraph ; dcterms:modified ?time }"
        " ORDER BY DESC(?time) LIMIT 1"
    )
    return str(rows[0]["time"])[:10] if rows else ""


def graph_year(engine: Engine) -> int:
    """The year of that day, 0 where it is not stated."""
    found = re.match(r"\d{4}", graph_date(engine))
    return int(found[0]) if found else 0


def _record(cited: _Cited, iri: str, digest: str) -> Citation:
    record = cite_answer(cited.labels[iri], cited.year, digest)
    return replace(record, key=_key(iri), address=iri)


def _title(cited: _Cited, edition: Edition) -> str:
    country = cited.labels.get(edition.area, "")
    return ": ".join(filter(None, [country, edition.section])) or edition.label


def _report(cited: _Cited, edition: Edition) -> str:
    if not edition.series:
        return edition.label
    series = cited.labels[edition.series]
    return f"{series} {edition.year or ''}".rstrip()


def _cited_sentence(cited: _Cited, iri: str) -> tuple[CitedPlace, ...]:
    """The sentence itself as the place, without the phrases that others quote from it."""
    if iri not in cited.sentences:
        return ()
    places = cited.places[iri]
    name = f"sentence {cited.labels[iri]}"
    return (CitedPlace(name, "", places[0].link if places else ""),)


def _cited_place(passage: Passage) -> CitedPlace:
    name = f"sentence {passage.place}" if passage.sentence else passage.place
    return CitedPlace(name, passage.exact, passage.link)


def _key(iri: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", entities.slug(iri)).strip("-") or "tipgraph"


def text(citation: Citation) -> str:
    """The citation as one paragraph, for a person."""
    if citation.is_record:
        version = ", ".join(filter(None, [f"Version {citation.version}", _year(citation)]))
        digest = f"Graph sha256:{citation.digest}" if citation.digest else ""
        parts = [citation.author, f"“{citation.title}”", f"In: {citation.container}", version]
        parts += [f"<{citation.address}>", digest, *_notes(citation)]
    else:
        author = capitalise(f"{citation.credit} {citation.author}".lstrip())
        parts = [author, f"“{citation.title}”", f"In: {citation.container}", _year(citation)]
        parts += [_places(citation) or f"<{citation.address}>"]
        parts += _notes(citation)
    return " ".join(_sentence(each) for each in parts if each) + "\n"


def bibtex(citation: Citation) -> str:
    """The citation as an entry of BibTeX; every field is balanced, whatever labels contain."""
    kind = "misc" if citation.is_record else "incollection"
    fields = {
        "author": f"{{{latex(citation.author)}}}",
        "title": f"{{{latex(citation.title)}}}",
        "howpublished" if citation.is_record else "booktitle": f"{{{latex(citation.container)}}}",
        "publisher": "" if citation.is_record else f"{{{latex(citation.author)}}}",
        "year": _year(citation),
        "url": latex_address(citation.address),
        "note": " ".join(_latex_notes(citation)),
    }
    lines = (f"  {name:12} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{citation.key},\n" + ",\n".join(lines) + "\n}\n"


def csl_json(citation: Citation) -> str:
    """The citation as CSL-JSON: a list with one item."""
    item: dict[str, Any] = {
        "id": citation.key,
        "type": "dataset" if citation.is_record else "chapter",
        "author": [{"literal": citation.author}],
        "title": citation.title,
        "container-title": citation.container,
        "publisher": "" if citation.is_record else citation.author,
        "issued": {"date-parts": [[citation.year]]} if citation.year else None,
        "URL": web_address(citation.address),
        "version": citation.version if citation.is_record else "",
        "source": citation.graph,
        "note": " ".join(_sentence(each) for each in _plain_notes(citation)),
    }
    return dumps([{name: value for name, value in item.items() if value}])


FORMATS = {"text": text, "bibtex": bibtex, "csl-json": csl_json}


def _notes(citation: Citation) -> Iterator[str]:
    """Yield the cited statement, the remarks on it, and its place."""
    if citation.statement:
        yield f"Cited for: {citation.statement}"
    yield from (f"Note: {caveat}" for caveat in citation.caveats)
    if citation.command:
        yield f"Given by: {citation.command}"
    if citation.sources:
        yield f"Drawn from: {'; '.join(citation.sources)}"
    if not citation.is_record:
        yield f"Found with {citation.graph}"


def _plain_notes(citation: Citation) -> Iterator[str]:
    if citation.credit:
        yield capitalise(f"{citation.credit} {citation.author}")
    if citation.places:
        yield _places(citation)
    # The field `source` names tipgraph.
    yield from list(_notes(citation))[: None if citation.is_record else -1]


def _latex_notes(citation: Citation) -> Iterator[str]:
    if citation.credit:
        yield latex(_sentence(capitalise(f"{citation.credit} {citation.author}")))
    if citation.places:
        yield f"{capitalise('; '.join(map(_latex_place, citation.places)))}."
    yield from (latex(_sentence(each)) for each in _notes(citation))
    if citation.is_record:
        yield latex(_sentence(citation.graph))


def _places(citation: Citation) -> str:
    return capitalise("; ".join(map(_place, citation.places)))


def _place(place: CitedPlace) -> str:
    quote = f"“{one_line(place.quote)}”" if place.quote else ""
    link = f"<{place.link}>" if place.link else ""
    return ", ".join(filter(None, [place.name, quote, link]))


def _latex_place(place: CitedPlace) -> str:
    quote = f"``{latex(place.quote)}''" if place.quote else ""
    link = f"\\url{{{latex_address(place.link)}}}" if place.link else ""
    return ", ".join(filter(None, [latex(place.name), quote, link]))


def _sentence(text: str) -> str:
    """The text as a sentence on one line."""
    return sentence(one_line(text))


def _year(citation: Citation) -> str:
    return str(citation.year) if citation.year else ""
