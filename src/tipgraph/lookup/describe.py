"""One entity described: its own properties, and the statements that mention it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import Any

from pyoxigraph import NamedNode, Triple

from tipgraph.lookup import entities, passages
from tipgraph.lookup.absence import Absence, absences, is_subject
from tipgraph.lookup.highlight import Highlighted
from tipgraph.lookup.kinds import leaf_kinds
from tipgraph.lookup.labels import cells
from tipgraph.lookup.mentions import EVERYTHING, Limits, Mention, mentions, paths
from tipgraph.lookup.passages import Passage
from tipgraph.lookup.see_also import Related, see_also
from tipgraph.namespaces import PREFIXES, TIP, shorten
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine

# Types, labels and evidence have lines of their own.
SEPARATE = "rdf:type, rdfs:label, skos:prefLabel, tip:evidence, rdfs:isDefinedBy"
# What a statement consists of, with its requirements. One step or more, but not as `+`, which
# Virtuoso does not follow from a bound node.
PART = "(cv:holdsRequirement|tip:ifNotMet|tip:contingentOn|cv:hasRequirement|tip:amount)"
PARTS = f"{PART}/{PART}*"
# Digest and offsets, of a sentence.
TECHNICAL = {TIP + "sha256", f"{PREFIXES['oa']}start", f"{PREFIXES['oa']}end"}
# What a passage consists of.
QUOTED = "(oa:hasSelector|oa:refinedBy|tip:sentence)*"


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
    """Where to read a sentence, whose text the graph lacks: the page of its edition, at a quote.

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

    @property
    def text(self) -> Highlighted | None:
        """The text of the sentence that this describes."""
        return self.texts.get(self.iri)

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
    quoted = passages.passages(engine, [iri, *_evidence(engine, iri)])
    return Description(
        iri=iri,
        label=entities.label(engine, iri),
        kinds=_called(engine, leaf_kinds(engine, [iri])[iri]),
        properties=_properties(engine, iri),
        passages=tuple(quoted.values()),
        mentions=mentions(engine, iri, limits),
        see_also=see_also(engine, iri),
        source_place=_source_place(engine, iri),
        absences=_absences(engine, iri, limits),
        limits=_called(engine, [*limits.editions, *filter(None, [limits.topic])]),
        texts=_texts(engine, iri, quoted.values()) if with_text else {},
    )


def triples(engine: Engine, iri: str, limits: Limits = EVERYTHING) -> list[Triple]:
    """The triples behind a description: of the entity, its statements and their passages."""
    thing = NamedNode(iri)
    statements = terms(paths(engine, iri, limits)) or str(thing)
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


def _evidence(engine: Engine, iri: str) -> list[str]:
    rows = engine.select(f"SELECT ?passage {{ {NamedNode(iri)} tip:evidence ?passage }}")
    return [str(passage) for passage in rows.column("passage")]


def _properties(engine: Engine, iri: str) -> tuple[Property, ...]:
    rows = engine.select(
        f"SELECT DISTINCT ?property ?value {{ {NamedNode(iri)} ?property ?value"
        f" FILTER(!isBlank(?value) && ?property NOT IN ({SEPARATE})) }} ORDER BY ?property ?value"
    )
    values: dict[tuple[str, bool], list[tuple[str, str]]] = defaultdict(list)
    for (key, term), (name, value) in zip(rows.terms, cells(engine, rows), strict=True):
        assert isinstance(key, NamedNode)
        of_value = term.value if isinstance(term, NamedNode) else ""
        values[name, key.value in TECHNICAL].append((value, of_value))
    is_sentence = engine.ask(f"ASK {{ {NamedNode(iri)} a tip:Sentence }}")
    return tuple(
        Property(
            name,
            tuple(value for value, _ in each),
            is_sentence and technical,
            tuple(of_value for _, of_value in each),
        )
        for (name, technical), each in values.items()
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
    from tipgraph.lookup import texts

    found = texts.attached(engine)
    return texts.sentences(found, [*quoted, *_quoted_from(engine, iri)], [iri]) if found else {}


def _absences(engine: Engine, iri: str, limits: Limits) -> tuple[Absence, ...]:
    if not is_subject(engine, iri):
        return ()
    return absences(engine, iri, limits.editions or None)


def _called(engine: Engine, iris: Iterable[str]) -> tuple[str, ...]:
    known = entities.labels(engine, iris := list(iris))
    return tuple(known.get(iri, shorten(iri)) for iri in iris)
