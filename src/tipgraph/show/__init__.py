"""Describe entities: their properties, their evidence, what mentions them, and what is related.

A rule derives the ways that lead to a party or an instrument through something else; the stored
query 'mentions' reads the same ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from tipgraph import entities
from tipgraph.entities import THINGS, by_subject, languages, leaf_kinds, linked, passages
from tipgraph.entities.absence import absences, subjects
from tipgraph.entities.editions import SOURCES, editions
from tipgraph.entities.passages import Highlighted, Passage
from tipgraph.namespaces import PREFIXES, SKOLEM, TIP
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Term, Value
from tipgraph.render import results
from tipgraph.show.description import (
    CAVEAT_TEXT,
    Description,
    Mention,
    Occurrence,
    Property,
    Related,
    Relation,
    SourcePlace,
)
from tipgraph.show.statements import about, by_thing, kin, quantities, statements
from tipgraph.store.engine import Engine, Rows, matching

# Types, labels and evidence have lines of their own.
SEPARATE = "rdf:type, rdfs:label, skos:prefLabel, tip:evidence, rdfs:isDefinedBy"
# Nested nodes of a statement, with its requirements. One step or more, but not as `+`, which
# Virtuoso does not follow from a bound node.
PART = "(cv:holdsRequirement|tip:ifNotMet|tip:contingentOn|cv:hasRequirement|tip:amount)"
PARTS = f"{PART}/{PART}*"
SENTENCE, COUNTRY = TIP + "Sentence", TIP + "Country"
UNREAD = "A country. No edition or document on {} is here."
# Digest and offsets, of a sentence.
OFFSETS = {TIP + "sha256", f"{PREFIXES['oa']}start", f"{PREFIXES['oa']}end"}
# Properties that place a thing in the graph, and say nothing of what it is about.
TECHNICAL = {
    *(
        PREFIXES["skos"] + name
        for name in ("inScheme", "topConceptOf", "hasTopConcept", "notation")
    ),
    *(PREFIXES["dcterms"] + name for name in ("identifier",)),
    *(PREFIXES["qb"] + name for name in ("dataSet",)),
    CAVEAT_TEXT,
}
# Nested nodes of a passage.
QUOTED = "(oa:hasSelector|oa:refinedBy|tip:sentence)*"
# The things whose triples are read together.
TOGETHER = 100
# Not a blank node, which in the merged graph of a store has an IRI.
NAMED_VALUE = f"!isBlank(?value) && !STRSTARTS(STR(?value), '{SKOLEM}')"


@dataclass(frozen=True)
class Limits:
    """Limits on the statements to show: the IRIs of editions, and of a topic.

    Without editions, those of all. A statement on a narrower topic is on the topic too. `most` is
    the number of statements that are described of each thing, None for all.
    """

    editions: tuple[str, ...] = ()
    topic: str | None = None
    most: int | None = None

    def pattern(self) -> str:
        """SPARQL that a `?statement` within the limits matches."""
        parts = []
        if self.editions:
            parts.append(
                f"VALUES ?within {{ {terms(self.editions)} }} ?statement tip:edition ?within ."
            )
        if self.topic:
            parts.append(f"?statement tip:topic ?on . ?on skos:broader* {NamedNode(self.topic)} .")
        return " ".join(parts)


EVERYTHING = Limits()


class Ways(NamedTuple):
    """The paths from a statement to a thing that it mentions, and its edition or document.

    A path has IRIs with arrows between them, or the text of a path that a rule derived.
    """

    edition: str
    paths: list[str]


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
    evidence = linked(engine, wanted, "tip:evidence")
    quoted = passages.passages(engine, [*wanted, *chain.from_iterable(evidence.values())])
    kinds = leaf_kinds(engine, wanted)
    properties = _properties(engine, wanted, kinds)
    found = ways(engine, wanted, limits)
    listed = {iri: dict(islice(each.items(), limits.most)) for iri, each in found.items()}
    mentioned = mentions(engine, listed)
    related = see_also(engine, wanted)
    related_by = relations(engine, wanted, limits.editions)
    absent = absences(engine, subjects(engine, wanted), limits.editions or None)
    counted, kindred = quantities(engine, wanted), kin(engine, wanted)
    occurring = _occurrences(engine, found)
    known = editions(engine, wanted, kinds=SOURCES)
    stated = statements(engine, known.keys() & kinds.keys())
    unread = _unread(engine, (iri for iri in wanted if COUNTRY in kinds[iri]))
    limiting = [*limits.editions, *filter(None, [limits.topic])]
    areas = (known[iri].area for iri in wanted if iri in known)
    names = entities.labels(
        engine, [*areas, *wanted, *limiting, *chain.from_iterable(kinds.values())]
    )

    def described(iri: str) -> Description:
        rests_on = quoted.among((iri, *evidence[iri]))
        return Description(
            iri=iri,
            label=names[iri],
            kinds=tuple(names[each] for each in kinds[iri]),
            properties=properties[iri],
            passages=rests_on,
            mentions=mentioned[iri],
            unlisted=len(found[iri]) - len(mentioned[iri]),
            see_also=related[iri],
            source_place=_source_place(engine, iri) if SENTENCE in kinds[iri] else None,
            absences=absent.get(iri, ()),
            limits=tuple(names[each] for each in limiting),
            texts=_texts(engine, iri, rests_on) if with_text else {},
            relations=related_by.get(iri, ()),
            quantities=counted.get(iri, ()),
            kin=kindred.get(iri, ()),
            occurrences=occurring[iri],
            statements=stated.get(iri, ()),
            translation=_translation(engine, iri),
            about=(
                about(known[iri], names[known[iri].area])
                if iri in known
                else UNREAD.format(names[iri])
                if iri in unread
                else ""
            ),
        )

    return {iri: described(iri) for iri in wanted}


def _unread(engine: Engine, countries: Iterable[str]) -> set[str]:
    """The countries that no edition or document is on."""
    wanted = {*countries}
    if not wanted:
        return wanted
    is_read = f"?source dcterms:spatial ?thing ; a ?kind FILTER(?kind IN ({', '.join(SOURCES)}))"
    return wanted - {*matching(engine, f"VALUES ?thing {{ {terms(wanted)} }} {is_read}")}


def _occurrences(
    engine: Engine, found: Mapping[str, Mapping[str, Ways]]
) -> dict[str, tuple[Occurrence, ...]]:
    """The editions and documents in which each thing is mentioned, by country and year."""
    counts = {
        thing: Counter(each.edition for each in those.values()) for thing, those in found.items()
    }
    named = dict.fromkeys(chain.from_iterable(counts.values()))
    every = editions(engine, named, kinds=SOURCES)
    known = {iri: each for iri, each in every.items() if each.area}
    countries = entities.labels(engine, (each.area for each in known.values()))

    def one(iri: str, statements: int) -> Occurrence:
        area = known[iri].area
        return Occurrence(iri, area, countries.get(area, ""), known[iri].year or None, statements)

    return {
        thing: tuple(
            sorted(
                (one(iri, number) for iri, number in those.items() if iri in known),
                key=lambda each: (each.country, each.year or 0, each.edition),
            )
        )
        for thing, those in counts.items()
    }


def triples(engine: Engine, iri: str, limits: Limits = EVERYTHING) -> list[Triple]:
    """The triples behind a description: of the entity, its statements and their passages."""
    statements = [*ways(engine, [iri], limits)[iri]] or [iri]
    found: list[list[Triple]] = []
    for things, begin, path in (
        ([iri, *statements], "?s", ""),
        ([iri, *statements], "?by", f"?by tip:evidence/{QUOTED} ?s ."),
        (statements, "?by", f"?by {PARTS} ?s ."),
    ):
        # A store may limit the triples of a response.
        for first in range(0, len(things), TOGETHER):
            values = f"VALUES {begin} {{ {terms(things[first : first + TOGETHER])} }}"
            found.append(
                engine.construct(f"CONSTRUCT {{ ?s ?p ?o }} {{ {values} {path} ?s ?p ?o }}")
            )
    return list(dict.fromkeys(chain.from_iterable(found)))


def _translation(engine: Engine, iri: str) -> str:
    """The English name of a thing that is shown by another one, and whose that is."""
    shown = languages.translations([iri])
    with languages.chosen(languages.ENGLISH):
        return f"{shown[iri].origin}; in English: {entities.label(engine, iri)}" if shown else ""


def _properties(
    engine: Engine, iris: Iterable[str], kinds: Mapping[str, list[str]]
) -> dict[str, tuple[Property, ...]]:
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?property ?value {{ VALUES ?thing {{ {terms(iris)} }}"
        f" ?thing ?property ?value FILTER(?property NOT IN ({SEPARATE}) && {NAMED_VALUE})"
        " FILTER NOT EXISTS { ?property a tip:Shorthand FILTER(?property != tip:caveatText) } }"
        " ORDER BY ?thing ?property ?value"
    )
    known = results.names(engine, rows, editions=False)
    # Of each thing the values by their property, and whether that is technical.
    values: dict[str, dict[tuple[str, bool], list[Term]]] = defaultdict(lambda: defaultdict(list))
    for thing, key, value in rows.terms:
        assert isinstance(thing, NamedNode)
        assert isinstance(key, NamedNode)
        assert value is not None
        is_offset = key.value in OFFSETS and SENTENCE in kinds[thing.value]
        values[thing.value][key.value, is_offset or key.value in TECHNICAL].append(value)
    return defaultdict(
        tuple,
        {
            thing: tuple(
                Property(
                    known[iri],
                    tuple(results.text(each, known) for each in those),
                    is_technical,
                    tuple(each.value if isinstance(each, NamedNode) else "" for each in those),
                    iri,
                )
                for (iri, is_technical), those in named.items()
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
    found = matching(engine, f"?thing tip:sentence {NamedNode(iri)}")
    return list(passages.passages(engine, found).values())


def _texts(engine: Engine, iri: str, quoted: Iterable[Passage]) -> dict[str, Highlighted]:
    from tipgraph import attached_texts

    if found := attached_texts.attached(engine):
        return attached_texts.sentences(found, [*quoted, *_quoted_from(engine, iri)], [iri])
    return {}


# ── Related things, and mentions ──────────────────────────────────────────────────────────────────

# An ?other that is not of another country than the ?thing.
OTHER = (
    "FILTER NOT EXISTS { ?thing dcterms:spatial ?here . ?other dcterms:spatial ?there"
    " FILTER(?here != ?there) }"
)
# The code of a role, found by its plain name, and the one who holds it.
HOLDER = "?code tip:plainName ?plain . ?holding tip:role ?code ; tip:holder {} ."
# Each group finds an ?other for the ?thing, and the ?reason.
REASONS = (
    f"?thing tip:plainName ?plain . ?other tip:plainName ?plain {OTHER}"
    " BIND('same name' AS ?reason)",
    f"?thing tip:plainName ?plain . {HOLDER.format('?other')} ?code skos:prefLabel ?role {OTHER}"
    " BIND(CONCAT('holds the role: ', STR(?role)) AS ?reason)",
    f"{HOLDER.format('?thing')} ?code skos:prefLabel ?role . ?other tip:plainName ?plain {OTHER}"
    " BIND(CONCAT('named as its role: ', STR(?role)) AS ?reason)",
    """
    ?thing a tip:State ; dcterms:spatial ?country . ?other dcterms:spatial ?country ;
    a tip:Government BIND('its government' AS ?reason)
    """,
    """
    ?thing a tip:Government ; dcterms:spatial ?country . ?other dcterms:spatial ?country ;
    a tip:State BIND('its state' AS ?reason)
    """,
    "?thing a tip:State ; dcterms:spatial ?other BIND('its country' AS ?reason)",
    "?other a tip:State ; dcterms:spatial ?thing BIND('its state' AS ?reason)",
    "?other a tip:Government ; dcterms:spatial ?thing BIND('its government' AS ?reason)",
    "?thing tip:isPartOf ?other BIND('what it is part of' AS ?reason)",
    "?other tip:isPartOf ?thing BIND('part of it' AS ?reason)",
    "?thing tip:states ?stated . ?other tip:states ?stated BIND('same provision' AS ?reason)",
    "?link tip:earlier ?thing ; tip:later ?other BIND('later wording' AS ?reason)",
    "?link tip:later ?thing ; tip:earlier ?other BIND('earlier wording' AS ?reason)",
    "?other skos:broader ?thing BIND('narrower' AS ?reason)",
    "?other skos:related ?thing BIND('related' AS ?reason)",
)
SEE_ALSO = (
    "SELECT DISTINCT ?thing ?other ?reason {"
    f" {{ {' UNION '.join(f'{{ VALUES ?thing {{ {THINGS} }} {each} }}' for each in REASONS)} }}"
    " FILTER(?other != ?thing) } ORDER BY ?thing ?other ?reason"
)
# The ways in which a ?statement mentions a thing, with the ?path of properties from it to the
# thing, or of their labels. A statement does not mention its source and its reporter, and a
# shorthand repeats other properties. Steps are one or more, but not as `+`, which Virtuoso does not
# follow from a bound node.
WAYS = (
    "?statement ?first {thing} FILTER(?first NOT IN (tip:edition, tip:document, tip:reporter))"
    " MINUS {{ ?first a tip:Shorthand }} BIND(STR(?first) AS ?path)",
    "?passage tip:sentence {thing} . ?statement ?first ?passage BIND(STR(?first) AS ?path)",
    "?node ?last {thing} . ?node a tip:Requirement . ?statement ?first ?requirement ."
    " ?requirement a tip:Requirement ; cv:hasRequirement* ?node"
    " MINUS {{ ?first a tip:Shorthand }}"
    " BIND(CONCAT(STR(?first), ' -> ', STR(?last)) AS ?path)",
    # The properties of an amount: others have a thing in many more places.
    "VALUES ?last {{ tip:currency tip:numberQualifier tip:convertedFrom rdf:type }}"
    " ?node ?last {thing} . ?statement tip:amount ?node"
    " BIND(CONCAT(STR(tip:amount), ' -> ', STR(?last)) AS ?path)",
    "?mention tip:mentions {thing} ; tip:inStatement ?statement ; tip:path ?path",
    "{thing} ?match ?wording FILTER(?match IN (skos:exactMatch, skos:closeMatch))"
    " ?statement tip:indicator ?wording"
    " BIND(CONCAT(STR(tip:indicator), ' -> ', STR(?match)) AS ?path)",
)
ARROWS = {"->": "→"}


def see_also(engine: Engine, iris: Iterable[str]) -> dict[str, tuple[Related, ...]]:
    """The entities to look at besides each one, by their labels."""
    found: dict[str, tuple[Related, ...]] = dict.fromkeys(iris, ())
    reasons = by_subject(engine, found, SEE_ALSO, _reasons)
    labels = entities.labels(engine, chain.from_iterable(reasons.values()))
    for thing, others in reasons.items():
        related = (
            Related(other, labels.get(other, entities.slug(other)), tuple(others[other]))
            for other in others
        )
        found[thing] = tuple(sorted(related, key=lambda each: (each.label, each.iri)))
    return found


def _reasons(rows: Rows) -> dict[str, dict[str, list[str]]]:
    """Of each thing the others, each with the reasons."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        others = found.setdefault(str(row["thing"]), {})
        others.setdefault(str(row["other"]), []).append(str(row["reason"]))
    return found


def relations(
    engine: Engine, iris: Iterable[str], editions: Sequence[str] = ()
) -> dict[str, tuple[Relation, ...]]:
    """The relations of each thing, most often stated first; of these editions, if any is given."""
    limit = f"?statement tip:edition ?edition VALUES ?edition {{ {terms(editions)} }}"
    edge = (
        "?edge tip:subject ?subject ; tip:relation|tip:connectedBy ?relation ;"
        " tip:object ?object ; prov:wasDerivedFrom ?statement ."
        f" {limit if editions else ''}"
    )
    # In each group, since an engine that joins them with the groups reads all edges.
    groups = (
        f"{{ VALUES ?thing {{ {THINGS} }}{way} ?edge tip:subject|tip:object"
        f" {'?body' if way else '?thing'} . {edge} }}"
        for way in ("", " ?body dcterms:spatial ?thing .")
    )
    query = (
        "SELECT ?thing ?subject ?relation ?object (COUNT(DISTINCT ?statement) AS ?count) {"
        f" {' UNION '.join(groups)} }} GROUP BY ?thing ?subject ?relation ?object"
        " ORDER BY ?thing DESC(?count) ?subject ?relation ?object"
    )
    found = by_subject(engine, iris, query, by_thing)
    ends = ("subject", "relation", "object")
    named = {str(row[end]) for row in chain.from_iterable(found.values()) for end in ends}
    labels = entities.labels(engine, named)

    def relation(row: Mapping[str, Value]) -> Relation:
        subject, verb, other = (labels.get(str(row[end]), str(row[end])) for end in ends)
        return Relation(subject, verb, other, int(str(row["count"])))

    return {iri: tuple(map(relation, rows)) for iri, rows in found.items()}


def ways(
    engine: Engine, iris: Iterable[str], limits: Limits = EVERYTHING
) -> dict[str, dict[str, Ways]]:
    """Return for each entity the statements that mention it, by edition."""
    found: dict[str, dict[str, Ways]] = {iri: {} for iri in iris}
    groups = list(_groups(found))
    if not groups:
        return found
    # The condition is a filter, so that engines begin with the thing, not with every statement.
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?edition ?statement ?path {{ {{ {' UNION '.join(groups)} }}"
        " FILTER EXISTS { ?statement tip:evidence ?any ; tip:speaker ?someone }"
        " OPTIONAL { ?statement tip:edition|tip:document ?edition }"
        f" {limits.pattern()} }}"
    )
    # Sorted here, since an engine takes as long to sort them as to find them.
    for row in sorted(rows, key=lambda row: [*map(str, row.values())]):
        statements = found[str(row["thing"])]
        new = Ways(str(row["edition"] or ""), [])
        paths = statements.setdefault(str(row["statement"]), new).paths
        # Two rows of one path have an edition and a document.
        paths.extend({str(row["path"])}.difference(paths))
    return found


def mentions(
    engine: Engine, found: Mapping[str, Mapping[str, Ways]]
) -> dict[str, tuple[Mention, ...]]:
    """Of each entity the statements that `ways` found, in the order of the text."""
    statements = dict.fromkeys(chain.from_iterable(found.values()))
    every = [each.paths for those in found.values() for each in those.values()]
    kinds = leaf_kinds(engine, statements)
    speakers = linked(engine, statements, "tip:speaker")
    evidence = linked(engine, statements, "tip:evidence")
    quoted = passages.passages(engine, chain.from_iterable(evidence.values()))
    named = chain(*kinds.values(), *speakers.values())
    names = entities.labels(engine, [*statements, *_steps(every), *named])

    def called(iris: Iterable[str]) -> tuple[str, ...]:
        return tuple(names[each] for each in iris)

    def role(path: str) -> str:
        steps = path.split(" ")
        return " ".join(ARROWS.get(step) or names[step] for step in steps)

    def mention(statement: str, paths: list[str]) -> Mention:
        return Mention(
            iri=statement,
            label=called([statement])[0],
            kind=", ".join(called(kinds[statement])),
            roles=tuple(dict.fromkeys(map(role, paths))),
            speakers=called(speakers[statement]),
            passages=quoted.among(evidence[statement]),
        )

    return {
        thing: tuple(
            mention(statement, those[statement].paths)
            for statement in sorted(those, key=lambda each: quoted.first(evidence[each]))
        )
        for thing, those in found.items()
    }


def _groups(things: Iterable[str]) -> Iterator[str]:
    """Yield the groups of a query for the ways in which a ?statement mentions one of the things."""
    iris = terms(things)
    # A single one is named in each pattern, for engines that do not begin with the values.
    thing = iris if iris and " " not in iris else "?thing"
    for way in WAYS if iris else ():
        yield f"{{ VALUES ?thing {{ {iris} }} {way.format(thing=thing)} }}"


def _steps(paths: Iterable[list[str]]) -> set[str]:
    distinct = set(chain.from_iterable(paths))
    return {step for path in distinct for step in path.split(" ") if ":" in step}
