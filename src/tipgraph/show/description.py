"""A description of an entity, as text and as a document: its facts first, then its surroundings."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any

from tipgraph import entities
from tipgraph.entities.absence import Absence
from tipgraph.entities.passages import Highlighted, Passage
from tipgraph.namespaces import PREFIXES, TIP
from tipgraph.render import document as documents
from tipgraph.render.document import Cell, Document, Item, Section, Table, in_words, separate
from tipgraph.show.statements import OTHER, PART, WHOLE, Kin, Statement
from tipgraph.store.engine import grouped
from tipgraph.text import capitalise, join, one_line, plural

DEFINITION = PREFIXES["skos"] + "definition"
LANDING_PAGE = PREFIXES["dcat"] + "landingPage"
CAVEAT, SPEAKER, REPORTER = TIP + "caveat", TIP + "speaker", TIP + "reporter"
CAVEAT_TEXT = TIP + "caveatText"
DIMENSION = "http://purl.org/linked-data/sdmx/2009/dimension#"
# The facts of a statement that a reader asks first, each with the property that has it.
FACTS = {
    "counts": TIP + "indicator",
    "period": DIMENSION + "refPeriod",
    "part": TIP + "part",
    "for each": TIP + "perUnit",
    "counted by": TIP + "countedBy",
    "paid by": TIP + "funder",
    "stated by": SPEAKER,
    "reported by": REPORTER,
    "tone": TIP + "tone",
    "hedge": TIP + "hedge",
    "country": DIMENSION + "refArea",
    "edition": TIP + "edition",
}
# Properties that repeat the facts and the caveats.
REPEATED = {
    CAVEAT,
    "http://purl.org/linked-data/sdmx/2009/measure#obsValue",
    "http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure",
    TIP + "breakdownOf",
    TIP + "numberQualifier",
    TIP + "quote",
    *FACTS.values(),
}
IN_SERIES = (
    "They are of the same series and period. Their wording may be another one; which of several"
    " figures is right is not stated."
)
# Follows the number of statements that a list is cut to.
OTHERS = "--area and --edition select others, and --format json lists all."
# The relations that are shown; the query `relations` has all of them.
MOST_RELATIONS = 15


@dataclass(frozen=True)
class Property:
    """A property by its label, with the labels of its values.

    It is technical where it matters only to who checks a text against its description, or reads the
    graph itself. `iris` are those of the values, empty for texts; `iri` is that of the property.
    """

    name: str
    values: tuple[str, ...]
    technical: bool = False
    iris: tuple[str, ...] = ()
    iri: str = ""


@dataclass(frozen=True)
class Occurrence:
    """An edition or document that mentions an entity: its country, and in how many statements.

    A document of another publisher has no year here.
    """

    edition: str
    area: str
    country: str
    year: int | None
    statements: int


@dataclass(frozen=True)
class SourcePlace:
    """The place to read a sentence: the page of its edition, at a quote.

    `paragraph` and `position` (in the paragraph) count from one; they are 0 where unknown.
    """

    edition: str
    paragraph: int
    position: int
    link: str

    @property
    def where(self) -> str:
        place = (
            f", sentence {self.position} of paragraph {self.paragraph}" if self.paragraph else ""
        )
        return f"{self.edition}{place}"

    @property
    def advice(self) -> str:
        return f"The text of the sentence is not stored. Read it in {self.where}:"


@dataclass(frozen=True)
class Related:
    """Another entity, with the reasons to look at it."""

    iri: str
    label: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Relation:
    """A relation between two parties by their labels, with the number of statements of it."""

    subject: str
    relation: str
    object: str
    statements: int


@dataclass(frozen=True)
class Mention:
    """A statement that mentions the entity: along which properties, by whom, and where.

    A role is the label of a property, or of several with arrows between them.
    """

    iri: str
    label: str
    kind: str
    roles: tuple[str, ...]
    speakers: tuple[str, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Description:
    """All that `show` prints about an entity.

    `source_place` is for a sentence alone; `absences` are for a topic or an indicator; `limits` are
    the labels of what the statements are limited to. `texts` has sentences by IRI, where texts were
    asked for and are attached: the sentence itself, and those of the passages. `quantities` and
    `kin` are those of a figure: what it counts, its parts, and the figures of other editions.
    `occurrences` are where the mentions are. An edition has its `statements`, and `about` says what
    was read of it. `translation` is on a name in another language than English. `unlisted` counts
    the mentions that are left out.
    """

    iri: str
    label: str
    kinds: tuple[str, ...]
    properties: tuple[Property, ...]
    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]
    see_also: tuple[Related, ...]
    source_place: SourcePlace | None = None
    absences: tuple[Absence, ...] = ()
    limits: tuple[str, ...] = ()
    texts: Mapping[str, Highlighted] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    quantities: tuple[str, ...] = ()
    kin: tuple[Kin, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    statements: tuple[Statement, ...] = ()
    about: str = ""
    translation: str = ""
    unlisted: int = 0

    @property
    def text(self) -> Highlighted | None:
        """The text of the sentence that this describes."""
        return self.texts.get(self.iri)

    def _repr_html_(self) -> str:
        from tipgraph.render.page import fragment

        return fragment(document(self))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        content = asdict(self)
        for each in content["properties"]:
            del each["iris"], each["iri"]
        if not self.texts:
            del content["texts"]
        if not self.unlisted:
            del content["unlisted"]
        content["absences"] = [absence.as_dict() for absence in self.absences]
        return content


def as_text(description: Description, technical: bool = False) -> str:
    """The description as plain text, for a terminal; with its technical properties if wanted."""
    label = one_line(description.label)
    return f"{label}\n{documents.text(document(description, technical))}"


def document(description: Description, technical: bool = False) -> Document:
    """The description as a document: of a statement its facts, of anything else its definition."""
    facts = tuple(_facts(description))
    head = () if facts else _about(description)
    place, text = description.source_place, description.text
    if place and not text:
        head = (place.advice,)
    sentence = (Item(place.where, texts=(text,)),) if place and text else ()
    evidence = tuple(
        Item("", passages=(passage,), texts=(text,) if text else ())
        for passage, text in _with_sentences(description)
    )
    # That of an edition.
    landing_page = _values(description, LANDING_PAGE) if description.about else ()
    parts = {each.iri for each in description.kin if each.relation == PART}
    # Figures of other editions are listed above, and share the name for that reason.
    others = {each.iri for each in description.kin}
    related = (each for each in description.see_also if each.iri not in others)
    mentions = tuple(_mention(each) for each in description.mentions if each.iri not in parts)
    is_limited = bool(description.limits)
    count = _count(description, len(mentions) + description.unlisted)
    return Document(
        description.label,
        head,
        (
            Section("Sentence", sentence),
            Section("What it says", facts),
            *_by_topic(description),
            Section("Evidence", () if facts else evidence),
            _kin(description, OTHER, "Other editions on the same", IN_SERIES),
            _kin(description, PART, "Contains"),
            *(_absence(each) for each in description.absences if each.read_in_full),
            _who_does_what(description),
            _where(description),
            Section("Statements", paragraphs=() if mentions or not is_limited else (count,)),
            Section(count, mentions, tuple(_unlisted(description))),
            Section("See also", tuple(map(_related, related))),
            Section("Not extracted", paragraphs=tuple(_not_extracted(description)), folded=True),
            Section("Properties", tuple(_properties(description, technical)), folded=True),
        ),
        place.link if place else "".join(landing_page[:1]),
    )


def _facts(description: Description) -> Iterator[Item]:
    """The facts of a statement, with its quotes and its caveats; none for what is no statement."""
    found = {each.iri: each for each in description.properties}
    if SPEAKER not in found:
        return
    if description.quantities:
        yield _fact("value", Property("value", description.quantities))
    for name, iri in FACTS.items():
        is_repeated = iri == REPORTER and found.get(iri) and found[iri].iris == found[SPEAKER].iris
        if iri in found and not is_repeated:
            yield _fact(name, found[iri])
    wholes = [each for each in description.kin if each.relation == WHOLE]
    if wholes:
        yield Item(
            "; ".join(each.label for each in wholes),
            "part of",
            parts=tuple(Cell(each.label, iri=each.iri) for each in wholes),
        )
    quotes = tuple(each for each, _ in _with_sentences(description))
    texts = tuple(text for _, text in _with_sentences(description) if text)
    yield Item("", "quote", passages=quotes, texts=texts, caveats=_caveats(description))


def _caveats(description: Description) -> tuple[str, ...]:
    """The caveats of a figure; of what is computed from figures, those of the figures."""
    of_figures = (caveat for text in _values(description, CAVEAT_TEXT) for caveat in separate(text))
    return _values(description, CAVEAT) or tuple(of_figures)


def _values(description: Description, iri: str) -> tuple[str, ...]:
    """The values of a property."""
    return tuple(text for e in description.properties if e.iri == iri for text in e.values)


def _fact(name: str, stated: Property) -> Item:
    values = tuple(map(in_words, stated.values))
    iris = stated.iris or ("",) * len(values)
    parts = (Cell(value, iri=iri) for value, iri in zip(values, iris, strict=True))
    return Item("; ".join(values), name, parts=tuple(parts))


def _properties(description: Description, technical: bool) -> Iterator[Item]:
    """The other properties. A note that is a caveat has been stated."""
    is_statement = any(each.iri == SPEAKER for each in description.properties)
    stated = REPEATED if is_statement else {DEFINITION}
    yield _fact("is a", Property("is a", description.kinds))
    for each in description.properties:
        is_caveat = {*each.values} <= {*_caveats(description)}
        if technical or not (each.technical or each.iri in stated or is_caveat):
            yield _fact(each.name, each)
    yield _fact("IRI", Property("IRI", (description.iri,)))


def _kin(description: Description, relation: str, title: str, about: str = "") -> Section:
    items = tuple(_kindred(each) for each in description.kin if each.relation == relation)
    return Section(title, items, paragraphs=(about,) if items and about else ())


def _kindred(other: Kin) -> Item:
    edition = f" ({other.edition})" if other.relation == OTHER else ""
    line = f"{other.label}{edition}"
    return Item(line, iri=other.iri, name=other.label, caveats=other.caveats)


def _about(description: Description) -> tuple[str, ...]:
    """The definition of a thing, what was read of an edition, else the kind of the thing."""
    first = filter(None, [description.translation, description.about])
    found = (*first, *_values(description, DEFINITION))
    kinds = join(description.kinds)
    return found or ((f"{capitalise(kinds)}.",) if kinds else ())


def _by_topic(description: Description) -> Iterator[Section]:
    """The statements of an edition in the order of the text, the topic with the most first."""
    topics = grouped((each.topic, each) for each in description.statements)
    for topic, those in sorted(topics.items(), key=lambda pair: -len(pair[1])):
        yield Section(capitalise(topic), tuple(map(_statement, those)))


def _statement(stated: Statement) -> Item:
    return Item(
        f"{stated.label}; {stated.attribution}.",
        passages=stated.passages,
        iri=stated.iri,
        name=stated.label,
        caveats=stated.caveats,
    )


def _where(description: Description) -> Section:
    """A table of the editions and documents that mention a thing, by country, if it has several."""
    title = "Where it occurs"
    found = description.occurrences
    if not found[1:]:
        return Section(title)
    years = sorted({each.year for each in found if each.year})
    has_documents = any(each.year is None for each in found)
    rows = []
    for (country, area), group in groupby(found, key=lambda each: (each.country, each.area)):
        places = [*group]
        of_year = {each.year: each for each in places if each.year}
        cells = [_number_of_statements(of_year.get(year)) for year in years]
        if has_documents:
            number = sum(each.statements for each in places if each.year is None)
            cells.append(Cell(str(number), number=number) if number else Cell(""))
        rows.append((Cell(country, iri=area), *cells))
    columns = ("country", *map(str, years), *(["documents"] if has_documents else []))
    about = "Statements by country and year of the edition"
    beside = ", and those of documents of other publishers" if has_documents else ""
    return Section(title, tables=(Table(f"{about}{beside}", columns, tuple(rows)),))


def _number_of_statements(place: Occurrence | None) -> Cell:
    if place is None:
        return Cell("")
    return Cell(str(place.statements), number=place.statements, iri=place.edition)


def _who_does_what(description: Description) -> Section:
    """The relations that are most often stated, and how many others there are."""
    lines = []
    for each in description.relations[:MOST_RELATIONS]:
        count = f" ({plural(each.statements, 'statement')})" if each.statements > 1 else ""
        lines.append(f"{each.subject} {each.relation} {each.object}{count}")
    if others := description.relations[MOST_RELATIONS:]:
        lines.append(f"and {plural(len(others), 'other')}: see the query relations")
    return Section("Who does what", tuple(map(Item, lines)))


def _with_sentences(description: Description) -> Iterator[tuple[Passage, Highlighted | None]]:
    """The passages, with the text of their sentence after the last one of it, if it is known."""
    known = dict(description.texts)
    last = {each.sentence: each for each in description.passages}
    for each in description.passages:
        yield each, known.get(each.sentence) if last[each.sentence] is each else None


def _absence(absence: Absence) -> Section:
    near = tuple(
        Item(
            f"{each.label} ({'; '.join(each.reasons)})",
            passages=each.passages,
            iri=each.iri,
            name=each.label,
        )
        for each in absence.nearest
    )
    title = f"{capitalise(absence.verdict)} in {absence.place}, read in full"
    ahead = "Nearest statements:" if near else "No statement comes near."
    return Section(title, near, paragraphs=(ahead,))


def _not_extracted(description: Description) -> Iterator[str]:
    partial = [each for each in description.absences if not each.read_in_full]
    if partial:
        names = join(entities.slug(each.edition) for each in partial)
        yield f"Not extracted from editions that were read in part: {names}"


def _count(description: Description, number: int) -> str:
    limits = f" ({'; '.join(description.limits)})" if description.limits else ""
    if not number:
        return f"Mentioned in no statement{limits}"
    return f"Mentioned in {plural(number, 'statement')}{limits}"


def _unlisted(description: Description) -> Iterator[str]:
    if description.unlisted:
        number = len(description.mentions)
        yield f"The first {number} are listed. {OTHERS}"


def _mention(mention: Mention) -> Item:
    speakers = ", ".join(mention.speakers)
    # "Has speaker", read from the speaker.
    roles = ", ".join(re.sub("^has ", "as its ", each) for each in mention.roles)
    # The editions that state it, since the list has those of several countries.
    slugs = dict.fromkeys(entities.slug(each.edition) for each in mention.passages)
    editions = f", {join(slugs)}" if slugs else ""
    return Item(
        f"{mention.label} — {speakers} ({mention.kind}; {roles}){editions}",
        passages=mention.passages,
        iri=mention.iri,
        name=mention.label,
    )


def _related(other: Related) -> Item:
    line = f"{other.label} ({entities.slug(other.iri)}): {', '.join(other.reasons)}"
    return Item(line, iri=other.iri, name=other.label)
