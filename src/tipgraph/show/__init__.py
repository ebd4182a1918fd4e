"""Describe entities: their properties, their evidence, and what mentions them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain, islice

from pyoxigraph import NamedNode, Triple

from tipgraph import entities
from tipgraph.entities import languages, leaf_kinds, linked, passages
from tipgraph.entities.absence import absences, subjects
from tipgraph.entities.editions import SOURCES, editions
from tipgraph.entities.passages import Highlighted, Passage
from tipgraph.namespaces import PREFIXES, SKOLEM, TIP
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Term
from tipgraph.render import results
from tipgraph.show.description import CAVEAT_TEXT, Description, Occurrence, Property, SourcePlace
from tipgraph.show.related import EVERYTHING, Limits, Ways, mentions, relations, see_also, ways
from tipgraph.show.statements import about, kin, quantities, statements
from tipgraph.store.engine import Engine, matching

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
