"""Describe entities: their properties, their evidence, and what mentions them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain

from pyoxigraph import NamedNode, Triple

from tipgraph import entities
from tipgraph.entities import languages, leaf_kinds, passages, row_labels
from tipgraph.entities.absence import absences, subjects
from tipgraph.entities.editions import SOURCES, editions
from tipgraph.entities.passages import Highlighted, Passage
from tipgraph.namespaces import PREFIXES, SKOLEM, TIP
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Term
from tipgraph.show.description import Description, Occurrence, Property, SourcePlace
from tipgraph.show.mentions import (
    EVERYTHING,
    Limits,
    Mention,
    mentions,
    paths,
    relations,
    see_also,
)
from tipgraph.show.statements import about, kin, quantities, statements
from tipgraph.store.engine import Engine

# Types, labels and evidence have lines of their own.
SEPARATE = "rdf:type, rdfs:label, skos:prefLabel, tip:evidence, rdfs:isDefinedBy"
# Nested nodes of a statement, with its requirements. One step or more, but not as `+`, which
# Virtuoso does not follow from a bound node.
PART = "(cv:holdsRequirement|tip:ifNotMet|tip:contingentOn|cv:hasRequirement|tip:amount)"
PARTS = f"{PART}/{PART}*"
SENTENCE = TIP + "Sentence"
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
}
# Nested nodes of a passage.
QUOTED = "(oa:hasSelector|oa:refinedBy|tip:sentence)*"
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
    evidence = _evidence(engine, wanted)
    quoted = passages.passages(engine, [*wanted, *chain.from_iterable(evidence.values())])
    position = {iri: number for number, iri in enumerate(quoted)}
    kinds = leaf_kinds(engine, wanted)
    properties = _properties(engine, wanted, kinds)
    mentioned = mentions(engine, wanted, limits)
    related = see_also(engine, wanted)
    related_by = relations(engine, wanted, limits.editions)
    absent = absences(engine, subjects(engine, wanted), limits.editions or None)
    counted, kindred = quantities(engine, wanted), kin(engine, wanted)
    occurring = _occurrences(engine, mentioned)
    known = editions(engine, wanted, kinds=SOURCES)
    stated = statements(engine, known.keys() & kinds.keys())
    limiting = [*limits.editions, *filter(None, [limits.topic])]
    areas = (known[iri].area for iri in wanted if iri in known)
    names = entities.labels(
        engine, [*areas, *wanted, *limiting, *chain.from_iterable(kinds.values())]
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
            quantities=counted.get(iri, ()),
            kin=kindred.get(iri, ()),
            occurrences=occurring[iri],
            statements=stated.get(iri, ()),
            translation=_translation(engine, iri),
            about=about(known[iri], names[known[iri].area]) if iri in known else "",
        )

    return {iri: described(iri) for iri in wanted}


def _occurrences(
    engine: Engine, mentioned: Mapping[str, Iterable[Mention]]
) -> dict[str, tuple[Occurrence, ...]]:
    """The editions in which each thing is mentioned, by country and year."""
    every = (each.passages for each in chain.from_iterable(mentioned.values()))
    named = dict.fromkeys(passage.edition for passage in chain.from_iterable(every))
    known = editions(engine, filter(None, named))
    countries = entities.labels(engine, (each.area for each in known.values() if each.area))

    def one(iri: str, statements: int) -> Occurrence:
        edition = known[iri]
        return Occurrence(
            iri, edition.area, countries.get(edition.area, ""), edition.year, statements
        )

    found = {}
    for thing, those in mentioned.items():
        cited = ({passage.edition for passage in each.passages} for each in those)
        counts = Counter(iri for iris in cited for iri in iris if iri in known)
        places = (one(iri, number) for iri, number in counts.items())
        found[thing] = tuple(sorted(places, key=lambda each: (each.country, each.year)))
    return found


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


def _translation(engine: Engine, iri: str) -> str:
    """The English name of a thing that is shown by another one, and whose that is."""
    shown = languages.names([iri])
    with languages.chosen(languages.ENGLISH):
        return f"{shown[iri].origin}; in English: {entities.label(engine, iri)}" if shown else ""


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
                    tuple(row_labels.text(each, known) for each in those),
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
    rows = engine.select(f"SELECT ?passage {{ ?passage tip:sentence {NamedNode(iri)} }}")
    return list(passages.passages(engine, map(str, rows.column("passage"))).values())


def _texts(engine: Engine, iri: str, quoted: Iterable[Passage]) -> dict[str, Highlighted]:
    from tipgraph import texts

    found = texts.attached(engine)
    return texts.sentences(found, [*quoted, *_quoted_from(engine, iri)], [iri]) if found else {}
