"""One entity described: its own properties, and the statements that mention it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from pyoxigraph import NamedNode, Triple

from tipgraph.lookup import entities, passages
from tipgraph.lookup.labels import cells
from tipgraph.lookup.passages import Passage
from tipgraph.namespaces import shorten
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine
from tipgraph.text import plural

# A statement does not mention its edition and its reporter.
IGNORED_ROLES = "tip:edition, tip:reporter"
# Types, labels and evidence have lines of their own.
SEPARATE = "rdf:type, rdfs:label, skos:prefLabel, tip:evidence, rdfs:isDefinedBy"
# A statement also mentions what its requirement or its amount consists of.
PART = "(cv:holdsRequirement|tip:ifNotMet|tip:contingentOn|cv:hasRequirement|tip:amount)"
# One step or more, but not as `+`, which Virtuoso does not follow from a bound node.
PARTS = f"{PART}/{PART}*"
WIDER = "rdfs:subClassOf/rdfs:subClassOf*"
# What a passage consists of.
QUOTED = "(oa:hasSelector|oa:refinedBy|tip:sentence)*"


@dataclass(frozen=True)
class Property:
    """A property by its label, with the labels of its values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """A statement that mentions the entity: by which properties, by whom, and where."""

    iri: str
    label: str
    kind: str
    roles: tuple[str, ...]
    speakers: tuple[str, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Description:
    """All that `show` prints about an entity."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    properties: tuple[Property, ...]
    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON; passages include their link."""
        content = asdict(self)
        _add_links(self.passages, content["passages"])
        for mention, entry in zip(self.mentions, content["mentions"], strict=True):
            _add_links(mention.passages, entry["passages"])
        return content


def describe(engine: Engine, iri: str) -> Description:
    """The description of the entity with this IRI."""
    quoted = passages.passages(engine, [iri, *_evidence(engine, iri)])
    return Description(
        iri=iri,
        label=entities.label(engine, iri),
        kinds=_called(engine, _kinds(engine, [iri])[iri]),
        properties=_properties(engine, iri),
        passages=tuple(quoted.values()),
        mentions=_mentions(engine, iri),
    )


def triples(engine: Engine, iri: str) -> list[Triple]:
    """The triples behind a description: of the entity, its statements and their passages."""
    thing = NamedNode(iri)
    statements = terms(_roles(engine, iri)) or str(thing)
    found = [
        engine.construct(f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?by {{ {by} }} {path} . ?s ?p ?o }}")
        for by, path in (
            (f"{thing} {statements}", "BIND(?by AS ?s)"),
            (f"{thing} {statements}", f"?by tip:evidence/{QUOTED} ?s"),
            (statements, f"?by {PARTS} ?s"),
        )
    ]
    return list(dict.fromkeys(chain.from_iterable(found)))


def as_text(description: Description) -> str:
    """The description as plain text, for a terminal."""
    return "\n".join(_text_lines(description)) + "\n"


def as_markdown(description: Description) -> str:
    """The description in Markdown."""
    return "\n".join(_markdown_lines(description)) + "\n"


def _add_links(passages: Iterable[Passage], entries: Iterable[dict[str, Any]]) -> None:
    for passage, entry in zip(passages, entries, strict=True):
        entry["link"] = passage.link


def _evidence(engine: Engine, iri: str) -> list[str]:
    rows = engine.select(f"SELECT ?passage {{ {NamedNode(iri)} tip:evidence ?passage }}")
    return [str(passage) for passage in rows.column("passage")]


def _kinds(engine: Engine, iris: Iterable[str]) -> dict[str, list[str]]:
    """The classes of each entity, without superclasses of other ones of them."""
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?kind {{ VALUES ?thing {{ {terms(iris)} }} ?thing a ?kind"
        " FILTER(isIRI(?kind)) } ORDER BY ?kind"
    )
    kinds = rows.grouped()
    wider = _wider(engine, chain.from_iterable(kinds.values()))
    for thing, all_kinds in kinds.items():
        above = set().union(*(wider[kind] for kind in all_kinds))
        kinds[thing] = [kind for kind in all_kinds if kind not in above]
    return kinds


def _wider(engine: Engine, kinds: Iterable[str]) -> dict[str, list[str]]:
    """The superclasses of each class."""
    wanted = terms(kinds)
    if not wanted:
        return {}
    rows = engine.select(
        f"SELECT DISTINCT ?kind ?wider {{ VALUES ?kind {{ {wanted} }} ?kind {WIDER} ?wider"
        " FILTER(?kind != ?wider) }"
    )
    return rows.grouped()


def _properties(engine: Engine, iri: str) -> tuple[Property, ...]:
    rows = engine.select(
        f"SELECT DISTINCT ?property ?value {{ {NamedNode(iri)} ?property ?value"
        f" FILTER(!isBlank(?value) && ?property NOT IN ({SEPARATE})) }} ORDER BY ?property ?value"
    )
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in cells(engine, rows):
        values[name].append(value)
    return tuple(Property(name, tuple(each)) for name, each in values.items())


def _roles(engine: Engine, iri: str) -> dict[str, list[str]]:
    """The statements that mention the entity, with the properties by which they do."""
    thing = NamedNode(iri)
    rows = engine.select(
        "SELECT DISTINCT ?statement ?role {"
        f" {{ ?statement ?role {thing} FILTER(?role NOT IN ({IGNORED_ROLES})) }}"
        f" UNION {{ ?part ?role {thing} . ?statement {PARTS} ?part }}"
        f" UNION {{ ?passage tip:sentence {thing} . ?statement ?role ?passage }}"
        " ?statement tip:evidence ?any ; tip:speaker ?someone } ORDER BY ?statement ?role"
    )
    return rows.grouped()


def _mentions(engine: Engine, iri: str) -> tuple[Mention, ...]:
    roles = _roles(engine, iri)
    kinds = _kinds(engine, roles)
    speakers = _linked(engine, roles, "tip:speaker")
    evidence = _linked(engine, roles, "tip:evidence")
    quoted = passages.passages(engine, chain.from_iterable(evidence.values()))
    position = {passage: number for number, passage in enumerate(quoted)}

    def place(statement: str) -> int:
        return min(position.get(passage, len(position)) for passage in evidence[statement])

    return tuple(
        Mention(
            iri=statement,
            label=entities.label(engine, statement),
            kind=", ".join(_called(engine, kinds[statement])),
            roles=_called(engine, roles[statement]),
            speakers=_called(engine, speakers[statement]),
            passages=tuple(quoted[each] for each in quoted if each in evidence[statement]),
        )
        for statement in sorted(roles, key=place)
    )


def _linked(engine: Engine, statements: Iterable[str], link: str) -> dict[str, list[str]]:
    rows = engine.select(
        f"SELECT DISTINCT ?statement ?thing {{ VALUES ?statement {{ {terms(statements)} }}"
        f" ?statement {link} ?thing }} ORDER BY ?thing"
    )
    return rows.grouped()


def _called(engine: Engine, iris: Iterable[str]) -> tuple[str, ...]:
    known = entities.labels(engine, iris := list(iris))
    return tuple(known.get(iri, shorten(iri)) for iri in iris)


def _text_lines(description: Description) -> Iterator[str]:
    yield description.label
    yield description.iri
    rows = [
        ("is a", description.kinds),
        *((each.name, each.values) for each in description.properties),
    ]
    width = max(len(name) for name, _ in rows)
    yield from (f"  {name:{width}}  {'; '.join(values)}" for name, values in rows if values)
    if description.passages:
        yield from ("", "Evidence")
    for passage in description.passages:
        yield from (f"  {passage.named}", f"       {passage.link}")
    if description.mentions:
        yield from ("", _count(description.mentions))
    for mention in description.mentions:
        yield f"  {_places(mention)}  {mention.label} — {_attribution(mention)}"
        yield from (f"       {_words(passage)}{passage.link}" for passage in mention.passages)


def _markdown_lines(description: Description) -> Iterator[str]:
    yield from (f"# {description.label}", "", f"<{description.iri}>", "")
    if description.kinds:
        yield f"- **is a**: {'; '.join(description.kinds)}"
    yield from (f"- **{each.name}**: {'; '.join(each.values)}" for each in description.properties)
    if description.passages:
        yield from ("", "## Evidence", "")
        yield from (f"- {_link(each)} {each.quoted}".rstrip() for each in description.passages)
    if description.mentions:
        yield from ("", f"## {_count(description.mentions)}", "")
    for mention in description.mentions:
        places = " ".join(map(_link, mention.passages))
        yield f"- {places} {mention.label} — {_attribution(mention)}"


def _words(passage: Passage) -> str:
    return f"{passage.quoted} " if passage.quoted else ""


def _count(mentions: tuple[Mention, ...]) -> str:
    return f"Mentioned in {plural(len(mentions), 'statement')}"


def _attribution(mention: Mention) -> str:
    return f"{', '.join(mention.speakers)} ({mention.kind}; {', '.join(mention.roles)})"


def _places(mention: Mention) -> str:
    return " ".join(dict.fromkeys(passage.place for passage in mention.passages))


def _link(passage: Passage) -> str:
    return f"[{passage.place}]({passage.link})"
