"""Labels in Dutch, French and German name each thing of the graph once, and apart from others."""

from collections import Counter, defaultdict
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store, parse

from tipgraph.namespaces import CODE, PREFIXES

from .graphs import ROOT

LANGUAGES = {"nl", "fr", "de"}
# A currency is labelled by its ISO 4217 code, which is the same in every language.
SAME_EVERYWHERE = {CODE + "currencies"}

THINGS = "SELECT DISTINCT ?thing { ?thing a ?class }"
ENGLISH = (
    "SELECT ?thing ?label { ?thing skos:prefLabel|rdfs:label ?label FILTER(lang(?label) = 'en') }"
)
LABELS = """
    SELECT ?thing (lang(?name) AS ?language) (str(?name) AS ?label) { ?thing skos:prefLabel ?name }
"""
MEMBERS = """
    SELECT DISTINCT ?list ?thing {
      { ?thing skos:inScheme ?list }
      UNION { VALUES ?list { skos:ConceptScheme tip:Notion tip:VictimCategory } ?thing a ?list }
    }
"""


def read(*patterns: str) -> Store:
    store = Store()
    for pattern in patterns:
        for file in ROOT.glob(pattern):
            store.bulk_extend(parse(path=file, format=RdfFormat.TURTLE))
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found: Any = store.query(query, prefixes=PREFIXES)
    return [tuple(term.value for term in row) for row in found]


@pytest.fixture(scope="module")
def graph() -> Store:
    return read("ontology/*.ttl", "data/*.ttl", "data/actors/*.ttl", "data/*/actors.ttl")


@pytest.fixture(scope="module")
def labels() -> list[tuple[str, ...]]:
    """Each thing with a language and its label there."""
    return rows(read("ontology/labels/*.ttl"), LABELS)


@pytest.fixture(scope="module")
def english(graph: Store) -> dict[str, str]:
    return {row[0]: row[1] for row in rows(graph, ENGLISH)}


@pytest.fixture(scope="module")
def members(graph: Store) -> dict[str, set[str]]:
    """The things of each code list, and of each class that has none."""
    found = defaultdict(set)
    for name, thing in rows(graph, MEMBERS):
        found[name].add(thing)
    return found


def test_each_label_names_a_thing_of_the_graph(graph, labels):
    assert {thing for thing, _, _ in labels} <= {row[0] for row in rows(graph, THINGS)}
    assert {language for _, language, _ in labels} == LANGUAGES
    assert all(label == label.strip() != "" for _, _, label in labels)


def test_a_thing_has_one_label_in_a_language(labels):
    counts = Counter((thing, language) for thing, language, _ in labels)

    assert [each for each, count in counts.items() if count > 1] == []


def test_things_of_one_list_are_as_distinct_as_in_english(members, labels, english):
    names = defaultdict(list)
    for thing, language, label in labels:
        names[thing].append((language, label))
    meanings = defaultdict(set)
    for listed, things in members.items():
        for thing in things:
            for name in names[thing]:
                meanings[listed, *name].add(english[thing])

    assert [name for name, texts in meanings.items() if len(texts) > 1] == []


def test_every_thing_of_a_list_has_a_label_in_each_language(members, labels):
    listed = {
        thing for name, things in members.items() if name not in SAME_EVERYWHERE for thing in things
    }

    missing = {(thing, language) for thing in listed for language in LANGUAGES}
    missing -= {(thing, language) for thing, language, _ in labels}

    assert missing == set()
