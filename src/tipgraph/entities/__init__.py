"""Entities by their names: an IRI, a slug or a label to the IRI, and an IRI to its label."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from tipgraph.entities import languages
from tipgraph.errors import UsageError
from tipgraph.namespaces import CODE, ID, TIP, expand, last_part, shorten
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Term, is_iri, value
from tipgraph.store.engine import Engine, Remembering
from tipgraph.store.rows import Rows
from tipgraph.text import did_you_mean, nearest

T = TypeVar("T")
# The IRIs of one query: from more than a thousand, an engine no longer begins with them, but with
# all that there are.
AT_ONCE = 500
LABELS = "rdfs:label|skos:prefLabel"
NAMES = f"{LABELS}|skos:altLabel"
SHOWN = 8


class Labels(dict[str, str]):
    """Labels by IRI. A key that has none gives the short form of the IRI."""

    def __missing__(self, iri: str) -> str:
        return shorten(iri)


def by_subject(
    engine: Engine,
    iris: Iterable[str],
    query: Callable[[str], str],
    read: Callable[[Rows], dict[str, T]],
) -> dict[str, T]:
    """Return the result of `read` for the rows on each IRI that has any, in the given order.

    `query` makes the query about IRIs, which it has as SPARQL lists them.
    """
    wanted = list(dict.fromkeys(iris))
    known = engine.known.setdefault(query, {}) if isinstance(engine, Remembering) else {}
    missing = [iri for iri in wanted if iri not in known]
    for first in range(0, len(missing), AT_ONCE):
        asked = missing[first : first + AT_ONCE]
        known |= dict.fromkeys(asked) | read(engine.select(query(terms(asked))))
    return {iri: known[iri] for iri in wanted if known[iri] is not None}


def resolve(
    engine: Engine, name: str, among: Iterable[str] | None = None, within: Iterable[str] = ()
) -> str:
    """The IRI of the entity with this name: its IRI, its slug or a label.

    `among` limits the choice to those IRIs. Of several, those that belong to the editions `within`
    are preferred. Raises UsageError when there is none (with the nearest names) or more than one
    (with a list of them).
    """
    wanted = None if among is None else set(among)
    editions = terms(within)
    for found in _readings(engine, name.strip()):
        matches = sorted(found if wanted is None else found & wanted)
        if len(matches) > 1 and editions:
            matches = _belonging(engine, matches, editions) or matches
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UsageError(f"{name!r} is ambiguous: {_listed(engine, matches)}")
    raise UsageError(f"unknown name {name!r}{_hint(engine, name, wanted)}")


def labels(engine: Engine, iris: Iterable[str]) -> Labels:
    """The label of each IRI that has one, in the chosen language, else in English, else in any."""
    wanted = list(iris)
    found = by_subject(engine, wanted, labels_query, _labels)
    return Labels(found | languages.labels(wanted))


def labels_query(iris: str) -> str:
    """The query for the labels of IRIs, for `by_subject`."""
    return f"SELECT ?thing ?label {{ VALUES ?thing {{ {iris} }} ?thing {LABELS} ?label }}"


def _labels(rows: Rows) -> dict[str, str]:
    """The last label of each thing counts. Engines take as long to sort them as to find them."""

    def key(row: Sequence[Term | None]) -> tuple[bool, str]:
        return getattr(row[1], "language", None) == "en", str(value(row[1]))

    return {str(value(thing)): str(value(label)) for thing, label in sorted(rows.terms, key=key)}


def label(engine: Engine, iri: str) -> str:
    """The entity's label, or a short form of its IRI."""
    return labels(engine, [iri])[iri]


def slug(iri: str) -> str:
    """The short name of the entity, which `resolve` accepts."""
    for base in (ID, CODE, TIP):
        if iri.startswith(base):
            return iri.removeprefix(base)
    return shorten(iri)


def leaf_kinds(engine: Engine, iris: Iterable[str]) -> dict[str, list[str]]:
    """The classes of each entity, without superclasses of other ones of them."""

    def query(listed: str) -> str:
        return (
            f"SELECT DISTINCT ?thing ?kind {{ VALUES ?thing {{ {listed} }} ?thing a ?kind"
            " FILTER(isIRI(?kind)) } ORDER BY ?kind"
        )

    # A thing without a class has none.
    kinds = defaultdict[str, list[str]](list, by_subject(engine, iris, query, Rows.grouped))
    wider = _wider(engine, chain.from_iterable(kinds.values()))
    for thing, all_kinds in kinds.items():
        above = set().union(*(wider[kind] for kind in all_kinds))
        kinds[thing] = [kind for kind in all_kinds if kind not in above]
    return kinds


def _readings(engine: Engine, name: str) -> Iterator[set[str]]:
    """The IRIs that the name can stand for, the most specific interpretation first."""
    spelled = [iri for iri in (name.strip("<>"), expand(name)) if iri and ":" in iri]
    yield _known(engine, spelled)
    for slug in (name, name.lower()):
        yield _known(engine, [base + slug for base in (ID, CODE, TIP)])
    yield _ending(engine, name)
    yield _labelled(engine, name)
    yield _sentences(engine, name)
    yield _known(engine, languages.named(name))


def _belonging(engine: Engine, iris: Iterable[str], editions: str) -> list[str]:
    """The IRIs of statements, sentences and passages of these editions, sorted."""
    rows = engine.select(
        f"SELECT DISTINCT ?thing {{ VALUES ?thing {{ {terms(iris)} }}"
        f" VALUES ?edition {{ {editions} }} ?thing tip:edition|tip:ofText/tip:edition ?edition }}"
    )
    return sorted(map(str, rows.column("thing")))


def _known(engine: Engine, iris: Iterable[str]) -> set[str]:
    return {iri for iri in iris if is_iri(iri) and engine.ask(f"ASK {{ {NamedNode(iri)} ?p ?o }}")}


def _ending(engine: Engine, name: str) -> set[str]:
    if not is_iri(ID + name):
        return set()
    rows = engine.select(
        "SELECT DISTINCT ?thing { ?thing a ?type FILTER(isIRI(?thing) &&"
        f" STRENDS(LCASE(STR(?thing)), {Literal(name.lower())})) }}"
    )
    things = map(str, rows.column("thing"))
    return {iri for iri in things if last_part(iri).lower() == name.lower()}


def _labelled(engine: Engine, name: str) -> set[str]:
    plain = re.sub(" *[(][^)]*[)]$", "", name.lower())
    # The rule plain-names.rq derives it alike, but not of places in a text, nor of what a rule
    # derives for a statement.
    for begin in (f"?thing tip:plainName {Literal(plain)} .", ""):
        rows = engine.select(
            f"SELECT DISTINCT ?thing {{ {begin} ?thing {NAMES} ?name"
            f" FILTER(LCASE(STR(?name)) = LCASE({Literal(name)}) && isIRI(?thing)) }}"
        )
        if rows:
            break
    return set(map(str, rows.column("thing")))


def _sentences(engine: Engine, name: str) -> set[str]:
    """The sentences with this name but for zeros ahead of the number: S2, tip-2021-be/S2."""
    match = re.fullmatch(r"(.*/)?s0*(\d+)", name.lower())
    if match is None:
        return set()
    edition, number = match.groups(default="")
    rows = engine.select(
        "SELECT DISTINCT ?sentence { ?sentence a tip:Sentence ; rdfs:label ?label FILTER("
        f"REPLACE(LCASE(STR(?label)), '^s0*', '') = '{number}'"
        f" && CONTAINS(LCASE(STR(?sentence)), {Literal('/' + edition)})) }}"
    )
    return set(map(str, rows.column("sentence")))


def _listed(engine: Engine, iris: list[str]) -> str:
    known = labels(engine, iris)
    names = [f"{slug(iri)} ({known[iri]})" if iri in known else slug(iri) for iri in iris]
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if names[SHOWN:] else "")


def _hint(engine: Engine, name: str, wanted: set[str] | None) -> str:
    rows = engine.select(f"SELECT DISTINCT ?thing ?name {{ ?thing {NAMES} ?name }}")
    pairs = [
        (str(row["thing"]), str(row["name"]))
        for row in rows
        if wanted is None or row["thing"] in wanted
    ]
    near = nearest(name, [text for iri, text in pairs for text in (text, slug(iri))])
    if near:
        return f"; {did_you_mean(near)}"
    return "; 'tipgraph find WORDS' searches" if wanted is None else ""


def _wider(engine: Engine, kinds: Iterable[str]) -> dict[str, list[str]]:
    """The superclasses of each class."""
    wanted = terms(kinds)
    if not wanted:
        return {}
    rows = engine.select(
        f"SELECT DISTINCT ?kind ?wider {{ VALUES ?kind {{ {wanted} }}"
        " ?kind rdfs:subClassOf/rdfs:subClassOf* ?wider FILTER(?kind != ?wider) }"
    )
    return rows.grouped()
