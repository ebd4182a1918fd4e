"""One entity described, as text and as a document: its properties, and what mentions it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import Any

from pyoxigraph import NamedNode, Triple

from tipgraph import entities
from tipgraph.entities import leaf_kinds, passages, row_labels
from tipgraph.entities.absence import Absence, Nearest, absences, subjects
from tipgraph.entities.highlight import Highlighted
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import PREFIXES, SKOLEM, TIP
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Term
from tipgraph.render import document as documents
from tipgraph.render.document import Cell, Document, Item, Section, in_words
from tipgraph.show.mentions import (
    EVERYTHING,
    Limits,
    Mention,
    Related,
    Relation,
    mentions,
    paths,
    relations,
    see_also,
)
from tipgraph.store.engine import Engine
from tipgraph.text import capitalise, join, plural

# Types, labels and evidence have lines of their own.
SEPARATE = "rdf:type, rdfs:label, skos:prefLabel, tip:evidence, rdfs:isDefinedBy"
# Nested nodes of a statement, with its requirements. One step or more, but not as `+`, which
# Virtuoso does not follow from a bound node.
PART = "(cv:holdsRequirement|tip:ifNotMet|tip:contingentOn|cv:hasRequirement|tip:amount)"
PARTS = f"{PART}/{PART}*"
SENTENCE = TIP + "Sentence"
# Digest and offsets, of a sentence.
TECHNICAL = {TIP + "sha256", f"{PREFIXES['oa']}start", f"{PREFIXES['oa']}end"}
# Nested nodes of a passage.
QUOTED = "(oa:hasSelector|oa:refinedBy|tip:sentence)*"
# The relations that are shown; the query `relations` has all of them.
MOST_RELATIONS = 15
# Not a blank node, which in the merged graph of a store has an IRI.
NAMED_VALUE = f"!isBlank(?value) && !STRSTARTS(STR(?value), '{SKOLEM}')"


@dataclass(frozen=True)
class Property:
    """A property by its label, with the labels of its values.

    It is technical where it matters only to who checks a text against its description. `iris` are
    those of the values, empty for texts.
    """

    name: str
    values: tuple[str, ...]
    technical: bool = False
    iris: tuple[str, ...] = ()


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
class Description:
    """All that `show` prints about an entity.

    `source_place` is for a sentence alone; `absences` are for a topic or an indicator; `limits` are
    the labels of what the statements are limited to. `texts` has sentences by IRI, where texts were
    asked for and are attached: the sentence itself, and those of the passages.
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

    @property
    def text(self) -> Highlighted | None:
        """The text of the sentence that this describes."""
        return self.texts.get(self.iri)

    def _repr_html_(self) -> str:
        from tipgraph.render.page import fragment

        return fragment(document(self))

    def as_dict(self) -> dict[str, Any]:
        """For JSON; passages include their link."""
        content = asdict(self)
        _add_links(self.passages, content["passages"])
        for mention, entry in zip(self.mentions, content["mentions"], strict=True):
            _add_links(mention.passages, entry["passages"])
        for each in content["properties"]:
            del each["iris"]
        if not self.texts:
            del content["texts"]
        content["absences"] = [absence.as_dict() for absence in self.absences]
        return content


def describe(
    engine: Engine, iri: str, limits: Limits = EVERYTHING, with_text: bool = False
) -> Description:
    """The description of the entity with this IRI, with the statements within the limits.

    `with_text` adds the sentences of its evidence whose text the user has attached.
    """
    return describe_all(engine, [iri], limits, with_text)[iri]


def describe_all(
    engine: Engine, iris: Iterable[str], limits: Limits = EVERYTHING, with_text: bool = False
) -> dict[str, Description]:
    """The descriptions of several entities, by IRI; many take little longer than one."""
    wanted = list(dict.fromkeys(iris))
    evidence = _evidence(engine, wanted)
    quoted = passages.passages(engine, [*wanted, *chain.from_iterable(evidence.values())])
    position = {iri: number for number, iri in enumerate(quoted)}
    kinds = leaf_kinds(engine, wanted)
    properties = _properties(engine, wanted, kinds)
    mentioned = mentions(engine, wanted, limits)
    related = see_also(engine, wanted)
    related_by = relations(engine, wanted, limits.editions)
    absent = absences(engine, subjects(engine, wanted), limits.editions or None)
    limiting = [*limits.editions, *filter(None, [limits.topic])]
    names = row_labels.Labels(
        entities.labels(engine, [*wanted, *limiting, *chain.from_iterable(kinds.values())])
    )

    def described(iri: str) -> Description:
        own = [each for each in (iri, *evidence[iri]) if each in position]
        rests_on = tuple(quoted[each] for each in sorted(set(own), key=position.__getitem__))
        return Description(
            iri=iri,
            label=names[iri],
            kinds=tuple(names[each] for each in kinds[iri]),
            properties=properties[iri],
            passages=rests_on,
            mentions=mentioned[iri],
            see_also=related[iri],
            source_place=_source_place(engine, iri) if SENTENCE in kinds[iri] else None,
            absences=absent.get(iri, ()),
            limits=tuple(names[each] for each in limiting),
            texts=_texts(engine, iri, rests_on) if with_text else {},
            relations=related_by.get(iri, ()),
        )

    return {iri: described(iri) for iri in wanted}


def triples(engine: Engine, iri: str, limits: Limits = EVERYTHING) -> list[Triple]:
    """The triples behind a description: of the entity, its statements and their passages."""
    thing = NamedNode(iri)
    statements = terms(paths(engine, [iri], limits)[iri]) or str(thing)
    found = [
        engine.construct(f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?by {{ {by} }} {path} . ?s ?p ?o }}")
        for by, path in (
            (f"{thing} {statements}", "BIND(?by AS ?s)"),
            (f"{thing} {statements}", f"?by tip:evidence/{QUOTED} ?s"),
            (statements, f"?by {PARTS} ?s"),
        )
    ]
    return list(dict.fromkeys(chain.from_iterable(found)))


def _add_links(passages: Iterable[Passage], entries: Iterable[dict[str, Any]]) -> None:
    for passage, entry in zip(passages, entries, strict=True):
        entry["link"] = passage.link


def _evidence(engine: Engine, iris: Iterable[str]) -> dict[str, list[str]]:
    wanted = f"VALUES ?thing {{ {terms(iris)} }}"
    rows = engine.select(f"SELECT ?thing ?passage {{ {wanted} ?thing tip:evidence ?passage }}")
    return rows.grouped()


def _properties(
    engine: Engine, iris: Iterable[str], kinds: Mapping[str, list[str]]
) -> dict[str, tuple[Property, ...]]:
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?property ?value {{ VALUES ?thing {{ {terms(iris)} }}"
        f" ?thing ?property ?value FILTER(?property NOT IN ({SEPARATE}) && {NAMED_VALUE})"
        " FILTER NOT EXISTS { ?property a tip:Shorthand } } ORDER BY ?thing ?property ?value"
    )
    known = row_labels.names(engine, rows, editions=False)
    # Of each thing the values by the label of their property, and whether that is technical.
    values: dict[str, dict[tuple[str, bool], list[Term]]] = defaultdict(lambda: defaultdict(list))
    for thing, key, value in rows.terms:
        assert isinstance(thing, NamedNode)
        assert isinstance(key, NamedNode)
        assert value is not None
        is_technical = key.value in TECHNICAL and SENTENCE in kinds[thing.value]
        values[thing.value][known[key.value], is_technical].append(value)
    return defaultdict(
        tuple,
        {
            thing: tuple(
                Property(
                    name,
                    tuple(row_labels.text(each, known) for each in those),
                    is_technical,
                    tuple(each.value if isinstance(each, NamedNode) else "" for each in those),
                )
                for (name, is_technical), those in named.items()
            )
            for thing, named in values.items()
        },
    )


def _source_place(engine: Engine, iri: str) -> SourcePlace | None:
    sentence = NamedNode(iri)
    rows = engine.select(
        f"SELECT ?edition ?page ?paragraph {{ {sentence} tip:ofText ?text ."
        " ?text tip:page ?page ; tip:edition/rdfs:label ?edition ."
        f" OPTIONAL {{ {sentence} tip:paragraph ?paragraph }} }}"
    )
    if not rows:
        return None
    before = engine.select(
        f"SELECT DISTINCT ?before {{ {sentence} tip:ofText ?text ; oa:start ?start ;"
        " tip:paragraph ?paragraph . ?before tip:ofText ?text ; oa:start ?earlier ;"
        " tip:paragraph ?paragraph FILTER(?earlier <= ?start) }"
    )
    found = _quoted_from(engine, iri)
    return SourcePlace(
        edition=str(rows[0]["edition"]),
        paragraph=int(str(rows[0]["paragraph"] or 0)),
        position=len(before),
        link=next((each.link for each in found), str(rows[0]["page"])),
    )


def _quoted_from(engine: Engine, iri: str) -> list[Passage]:
    """The passages of a sentence; none where the entity is no sentence."""
    rows = engine.select(f"SELECT ?passage {{ ?passage tip:sentence {NamedNode(iri)} }}")
    return list(passages.passages(engine, map(str, rows.column("passage"))).values())


def _texts(engine: Engine, iri: str, quoted: Iterable[Passage]) -> dict[str, Highlighted]:
    from tipgraph import texts

    found = texts.attached(engine)
    return texts.sentences(found, [*quoted, *_quoted_from(engine, iri)], [iri]) if found else {}


def as_text(description: Description, technical: bool = False) -> str:
    """The description as plain text, for a terminal; with its technical properties if wanted."""
    return f"{description.label}\n{documents.text(document(description, technical))}"


def document(description: Description, technical: bool = False) -> Document:
    """The description as a document."""
    head = [description.iri]
    if description.source_place and not description.text:
        head.append(description.source_place.advice)
    shown = [Property("is a", description.kinds), *_shown(description, technical)]
    properties = (_property(each) for each in shown if each.values)
    sentence = (
        (Item(description.source_place.where, texts=(description.text,)),)
        if (description.source_place and description.text)
        else ()
    )
    evidence = (
        Item("", passages=(each,), texts=(text,) if text else ())
        for each, text in _with_sentences(description)
    )
    partial = _not_extracted(description)
    mentions = tuple(
        Item(
            f"{_mention(each)}{_editions(each)}",
            passages=each.passages,
            iri=each.iri,
            name=each.label,
        )
        for each in description.mentions
    )
    is_limited = bool(description.limits)
    return Document(
        description.label,
        tuple(head),
        (
            Section("Sentence", sentence),
            Section("Properties", tuple(properties)),
            Section("Who does what", tuple(map(Item, _relations(description)))),
            Section("Evidence", tuple(evidence)),
            *(_absence(each) for each in description.absences if each.read_in_full),
            Section("Not extracted", paragraphs=(partial,) if partial else ()),
            Section(
                "Statements",
                paragraphs=() if mentions or not is_limited else (_count(description),),
            ),
            Section(_count(description), mentions),
            Section(
                "See also",
                tuple(Item(_related(e), iri=e.iri, name=e.label) for e in description.see_also),
            ),
        ),
        description.source_place.link if description.source_place else "",
    )


def _relations(description: Description) -> Iterator[str]:
    """The relations that are most often stated, and how many others there are."""
    yield from map(_relation, description.relations[:MOST_RELATIONS])
    if others := description.relations[MOST_RELATIONS:]:
        yield f"and {plural(len(others), 'other')}: see the query relations"


def _relation(relation: Relation) -> str:
    count = f" ({plural(relation.statements, 'statement')})" if relation.statements > 1 else ""
    return f"{relation.subject} {relation.relation} {relation.object}{count}"


def _with_sentences(description: Description) -> Iterator[tuple[Passage, Highlighted | None]]:
    """The passages, with the text of their sentence after the last one of it, if it is known."""
    known = dict(description.texts)
    last = {each.sentence: each for each in description.passages}
    for each in description.passages:
        yield each, known.get(each.sentence) if last[each.sentence] is each else None


def _absence(absence: Absence) -> Section:
    near = tuple(
        Item(_near(each), passages=each.passages, iri=each.iri, name=each.label)
        for each in absence.nearest
    )
    return Section(_verdict(absence), near, paragraphs=(_nearest(absence),))


def _shown(description: Description, technical: bool) -> list[Property]:
    return [
        Property(each.name, tuple(map(in_words, each.values)), iris=each.iris)
        for each in description.properties
        if technical or not each.technical
    ]


def _property(shown: Property) -> Item:
    iris = shown.iris or ("",) * len(shown.values)
    parts = (Cell(value, iri=iri) for value, iri in zip(shown.values, iris, strict=True))
    return Item("; ".join(shown.values), shown.name, parts=tuple(parts))


def _verdict(absence: Absence) -> str:
    return f"{capitalise(absence.verdict)} in {absence.place}, read in full"


def _nearest(absence: Absence) -> str:
    return "Nearest statements:" if absence.nearest else "No statement comes near."


def _not_extracted(description: Description) -> str:
    partial = [each for each in description.absences if not each.read_in_full]
    if not partial:
        return ""
    names = join(entities.slug(each.edition) for each in partial)
    return f"Not extracted from editions that were read in part: {names}"


def _count(description: Description) -> str:
    limits = f" ({'; '.join(description.limits)})" if description.limits else ""
    if not description.mentions:
        return f"Mentioned in no statement{limits}"
    return f"Mentioned in {plural(len(description.mentions), 'statement')}{limits}"


def _near(near: Nearest) -> str:
    return f"{near.label} ({'; '.join(near.reasons)})"


def _mention(mention: Mention) -> str:
    speakers = ", ".join(mention.speakers)
    return f"{mention.label} — {speakers} ({mention.kind}; {', '.join(mention.roles)})"


def _editions(mention: Mention) -> str:
    """The editions that state it, on a page whose list has those of several countries."""
    slugs = dict.fromkeys(entities.slug(each.edition) for each in mention.passages)
    return f", {join(slugs)}" if slugs else ""


def _related(other: Related) -> str:
    return f"{other.label} ({entities.slug(other.iri)}): {', '.join(other.reasons)}"
