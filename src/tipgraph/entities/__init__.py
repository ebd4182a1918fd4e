"""Entities by their names: an IRI, a slug or a label to the IRI, and an IRI to its label."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from tipgraph.entities.languages import in_any_language, translated
from tipgraph.errors import UsageError
from tipgraph.namespaces import CODE, ID, TIP, expand, last_part, shorten
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Term, is_iri, value
from tipgraph.store.engine import Engine, Rows, matching
from tipgraph.text import did_you_mean, nearest

T = TypeVar("T")
# The IRIs of one query: from more than a thousand, an engine no longer begins with them, but with
# all that there are.
AT_ONCE = 500
# The IRIs in the text of such a query.
THINGS = "$THINGS"
LABELS = "rdfs:label|skos:prefLabel"
NAMES = f"{LABELS}|skos:altLabel"
LABELS_OF = f"SELECT ?thing ?label {{ VALUES ?thing {{ {THINGS} }} ?thing {LABELS} ?label }}"
NAMES_OF = f"SELECT DISTINCT ?thing ?name {{ VALUES ?thing {{ {THINGS} }} ?thing {NAMES} ?name }}"
SHOWN = 8


class Labels(dict[str, str]):
    """Labels by IRI. A key that has none gives the short form of the IRI."""

    def __missing__(self, iri: str) -> str:
        return shorten(iri)


def by_subject(
    engine: Engine,
    iris: Iterable[str],
    query: str,
    read: Callable[[Rows], dict[str, T]],
) -> dict[str, T]:
    """Return the result of `read` for the rows on each IRI that has any, in the given order.

    `query` has THINGS in the place of the IRIs.
    """
    wanted = list(dict.fromkeys(iris))
    known: dict[str, T] = {}
    for first in range(0, len(wanted), AT_ONCE):
        asked = wanted[first : first + AT_ONCE]
        known |= read(engine.select(query.replace(THINGS, terms(asked))))
    return {iri: known[iri] for iri in wanted if iri in known}


def resolve(
    engine: Engine, name: str, among: Iterable[str] | None = None, within: Iterable[str] = ()
) -> str:
    """The IRI of the entity with this name: its IRI, its slug or a label.

    `among` limits the choice to those IRIs. Of several, those that belong to the editions `within`
    are preferred. Raises UsageError when there is none (with the nearest names) or more than one
    (with a list of them).
    """
    wanted = None if among is None else set(among)
    editions = {*within}
    for found in _readings(engine, name.strip(), wanted):
        matches = sorted(found if wanted is None else found & wanted)
        if len(matches) > 1 and editions:
            known = editions_of(engine, matches)
            matches = [iri for iri in matches if editions & {*known.get(iri, ())}] or matches
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UsageError(f"{name!r} is ambiguous: {_listed(engine, matches)}")
    raise UsageError(f"unknown name {name!r}{_hint(engine, name, wanted)}")


def labels(engine: Engine, iris: Iterable[str]) -> Labels:
    """The label of each IRI that has one, in the chosen language, else in English, else in any."""
    wanted = list(iris)
    found = by_subject(engine, wanted, LABELS_OF, _labels)
    return Labels(found | translated(wanted))


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
    query = (
        f"SELECT DISTINCT ?thing ?kind {{ VALUES ?thing {{ {THINGS} }} ?thing a ?kind"
        " FILTER(isIRI(?kind)) } ORDER BY ?kind"
    )
    # A thing without a class has none.
    kinds = defaultdict[str, list[str]](list, by_subject(engine, iris, query, Rows.grouped))
    wider = _wider(engine, chain.from_iterable(kinds.values()))
    for thing, all_kinds in kinds.items():
        above = set().union(*(wider[kind] for kind in all_kinds))
        kinds[thing] = [kind for kind in all_kinds if kind not in above]
    return kinds


def linked(engine: Engine, iris: Iterable[str], path: str) -> defaultdict[str, list[str]]:
    """The values to which a path of properties leads from each of the IRIs, in order."""
    query = (
        f"SELECT DISTINCT ?thing ?value {{ VALUES ?thing {{ {THINGS} }}"
        f" ?thing {path} ?value }} ORDER BY ?value"
    )
    return defaultdict(list, by_subject(engine, iris, query, Rows.grouped))


def editions_of(engine: Engine, iris: Iterable[str]) -> dict[str, list[str]]:
    """The editions of each statement, sentence and passage among the IRIs."""
    query = (
        f"SELECT DISTINCT ?thing ?edition {{ VALUES ?thing {{ {THINGS} }}"
        " ?thing tip:edition|tip:ofText/tip:edition ?edition }"
    )
    return by_subject(engine, iris, query, Rows.grouped)


def _readings(engine: Engine, name: str, among: set[str] | None) -> Iterator[set[str]]:
    """The IRIs that the name can stand for, the most specific interpretation first.

    A look at all endings and labels is one at those of `among` where these are given.
    """
    spelled = [iri for iri in (name.strip("<>"), expand(name)) if iri and ":" in iri]
    yield _known(engine, spelled)
    yield from _slugs(engine, name)
    if among is None:
        # A state, and the part of its nationals, are called as the country is.
        has_edition = "?thing a tip:Country ; ^dcterms:spatial/a tip:Edition"
        yield _named(engine, name, matching(engine, has_edition))
    yield from _slugs(engine, name.lower())
    if among is None:
        # The rule plain-names.rq derives it, but not of places in a text, nor of what a rule
        # derives for a statement. To look for these reads all endings and labels.
        plain = re.sub(" *[(][^)]*[)]$", "", name.lower())
        yield _labelled(engine, name, f"?thing tip:plainName {Literal(plain)} .")
    yield _ending(engine, name, among)
    yield _labelled(engine, name) if among is None else _named(engine, name, among)
    yield _sentences(engine, name)
    yield _known(engine, in_any_language(name))
    # An actor is called "NGOs (Kenya)".
    yield {*matching(engine, f"?thing tip:plainName {Literal(name.lower())}")}


def _slugs(engine: Engine, name: str) -> Iterator[set[str]]:
    """The IRI with this slug in each namespace: an actor comes before a code."""
    yield from (_known(engine, [base + name]) for base in (ID, CODE, TIP))


def _known(engine: Engine, iris: Iterable[str]) -> set[str]:
    return {iri for iri in iris if is_iri(iri) and engine.ask(f"ASK {{ {NamedNode(iri)} ?p ?o }}")}


def _ending(engine: Engine, name: str, among: Iterable[str] | None) -> set[str]:
    if not is_iri(ID + name):
        return set()
    if among is None:
        ends = f"STRENDS(LCASE(STR(?thing)), {Literal(name.lower())})"
        among = matching(engine, f"?thing a ?type FILTER(isIRI(?thing) && {ends})")
    return {iri for iri in among if last_part(iri).lower() == name.lower()}


def _named(engine: Engine, name: str, among: Iterable[str]) -> set[str]:
    named = by_subject(engine, among, NAMES_OF, Rows.grouped)
    return {iri for iri, names in named.items() if name.lower() in map(str.lower, names)}


def _labelled(engine: Engine, name: str, begin: str = "") -> set[str]:
    """The IRIs with the label, of those that a pattern, which comes first, selects."""
    has_name = (
        f"?thing {NAMES} ?name FILTER(LCASE(STR(?name)) = LCASE({Literal(name)}) && isIRI(?thing))"
    )
    return {*matching(engine, f"{begin} {has_name}")}


def _sentences(engine: Engine, name: str) -> set[str]:
    """The sentences with this name but for zeros ahead of the number: S2, tip-2021-be/S2."""
    match = re.fullmatch(r"(.*/)?s0*(\d+)", name.lower())
    if match is None:
        return set()
    edition, number = match.groups(default="")
    pattern = (
        "?thing a tip:Sentence ; rdfs:label ?label"
        f" FILTER(REPLACE(LCASE(STR(?label)), '^s0*', '') = '{number}'"
        f" && CONTAINS(LCASE(STR(?thing)), {Literal('/' + edition)}))"
    )
    return {*matching(engine, pattern)}


def _listed(engine: Engine, iris: list[str]) -> str:
    known = labels(engine, iris)
    names = [f"{slug(iri)} ({known[iri]})" if iri in known else slug(iri) for iri in iris]
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if names[SHOWN:] else "")


def _hint(engine: Engine, name: str, wanted: set[str] | None) -> str:
    if wanted is None:
        named = engine.select(f"SELECT DISTINCT ?thing ?name {{ ?thing {NAMES} ?name }}").grouped()
    else:
        named = by_subject(engine, sorted(wanted), NAMES_OF, Rows.grouped)
    texts = [text for iri, names in named.items() for each in names for text in (each, slug(iri))]
    if near := nearest(name, texts):
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
