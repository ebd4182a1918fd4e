"""Codes on which an edition has no statement, with the statements that come nearest.

An edition that was read in part may state it. Near is a statement on a code that the code lists
relate to it, or one that has words of its names and its definition. A word weighs the more, the
fewer statements and codes have it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from math import log
from typing import Any

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.entities import passages
from tipgraph.entities.editions import Edition, editions
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import CODE
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine
from tipgraph.text import join

# The code lists on which an edition can have a statement, or none.
SUBJECTS = (CODE + "topics", CODE + "indicators")
# The most statements that are near.
MOST = 3
# Words count as the same by their first letters: shelter, shelters, sheltered.
LETTERS = 6
WORD = "[a-z]{4,}"
# A statement on another code below the same broader one comes before one on the broader code.
SIBLING = 0.1
# The weight of a word of a definition, beside one of a name, and the least sum that is near.
IN_DEFINITION = 0.5
LEAST = 0.55
# Words that have no subject, and those that all of our statements and codes could have.
COMMON_WORDS = """
about after also among been before being between both does during each either else from have
into many more most much must none only other others over part parts period person persons same
some such take taken than that their them then there these they this those under until upon were
went what when where whether which while whom whose will with within without would number victim
victims trafficking
"""
COMMON = frozenset(COMMON_WORDS.split())
# Codes that the lists relate to a code, with the words for it.
RELATED = (
    "{code} skos:broader ?near BIND('broader' AS ?how)",
    "?near skos:broader {code} BIND('narrower' AS ?how)",
    "{code} skos:related ?near BIND('related' AS ?how)",
    "?near skos:related {code} BIND('related' AS ?how)",
    "{code} tip:facets ?facets . ?near tip:facets ?facets BIND('of the same facets' AS ?how)",
    "{code} tip:countedStage/skos:related ?stage . ?near tip:countedStage ?stage"
    " BIND('of a stage joined in it' AS ?how)",
    "{code} tip:countedStage ?stage . ?near tip:countedStage/skos:related ?stage"
    " BIND('of a joined stage' AS ?how)",
    "{code} tip:topic ?near BIND('topic' AS ?how)",
)


@dataclass(frozen=True)
class Nearest:
    """A statement that is near, with the reasons: related codes, and words in common."""

    iri: str
    label: str
    reasons: tuple[str, ...]
    passages: tuple[Passage, ...]


def related_codes(engine: Engine, code: str) -> dict[str, str]:
    """The codes that the code lists relate to this one, each with how."""
    groups = " UNION ".join(
        f"{{ {each.replace('{code}', str(NamedNode(code)))} }}" for each in RELATED
    )
    rows = engine.select(
        f"SELECT DISTINCT ?near ?how {{ {{ {groups} }} FILTER(?near != {NamedNode(code)}) }}"
        " ORDER BY ?near DESC(?how)"
    )
    return {str(row["near"]): str(row["how"]) for row in rows}


class Statements:
    """The statements of an edition, to be compared with codes."""

    def __init__(self, engine: Engine, edition: str) -> None:
        self._engine = engine
        self._edition = NamedNode(edition)

    def nearest(self, code: str) -> tuple[Nearest, ...]:
        """The statements nearest to the code, the nearest first."""
        related = self._on_related_codes(code)
        siblings = self._on_siblings(code)
        scores: dict[str, float] = {}
        common: dict[str, list[str]] = {}
        for iri, words in self._words.items():
            weights = self._common_words(code, words)
            score = sum(weights.values())
            if iri in related or score >= LEAST:
                scores[iri] = score + (iri in related) + SIBLING * (iri in siblings)
                common[iri] = [words[each] for each in sorted(weights, key=lambda w: -weights[w])]
        chosen = sorted(scores, key=lambda iri: -scores[iri])[:MOST]
        known = entities.labels(self._engine, chosen)
        return tuple(
            Nearest(
                iri,
                known.get(iri, entities.slug(iri)),
                (*related.get(iri, ()), *_named(common[iri])),
                self._passages(iri),
            )
            for iri in chosen
        )

    def _common_words(self, code: str, words: Iterable[str]) -> dict[str, float]:
        names, every = self._codes.get(code, (set(), set()))
        return {
            word: self._weights[word] * (1.0 if word in names else IN_DEFINITION)
            for word in every.intersection(words)
        }

    def _on_related_codes(self, code: str) -> dict[str, list[str]]:
        related = related_codes(self._engine, code)
        known = entities.labels(self._engine, related)
        found = {}
        for statement, codes in self._on_codes.items():
            near = [each for each in codes if each in related]
            if near:
                found[statement] = [f"{related[each]}: {known.get(each, each)}" for each in near]
        return found

    @cached_property
    def _on_codes(self) -> dict[str, list[str]]:
        """The topics and indicators of each statement, with those broader, sorted."""
        rows = self._engine.select(
            f"SELECT DISTINCT ?statement ?near {{ ?statement tip:edition {self._edition} ;"
            " tip:speaker ?any ; tip:topic|tip:indicator ?on FILTER(?any != id:tipgraph)"
            " ?on skos:broader* ?near } ORDER BY ?statement ?near"
        )
        return rows.grouped()

    def _on_siblings(self, code: str) -> set[str]:
        rows = self._engine.select(
            f"SELECT DISTINCT ?statement {{ {NamedNode(code)} skos:broader ?near ."
            " ?near skos:inScheme code:topics . ?on skos:broader ?near ."
            f" ?statement tip:topic ?on ; tip:edition {self._edition} ; tip:speaker ?any"
            f" FILTER(?any != id:tipgraph) }}"
        )
        return set(map(str, rows.column("statement")))

    @cached_property
    def _words(self) -> dict[str, dict[str, str]]:
        """The statements in the order of the text, each with the words of its labels by stem."""
        rows = self._engine.select(
            "SELECT ?statement ?text (MIN(?at) AS ?place) {"
            f" ?statement tip:edition {self._edition} ; tip:speaker ?any ; tip:evidence ?passage ."
            " FILTER(?any != id:tipgraph)"
            " { ?statement rdfs:label ?text } UNION { ?statement ?by ?requirement ."
            " ?requirement a tip:Requirement ; cv:hasRequirement*/rdfs:label ?text }"
            " OPTIONAL { ?passage tip:sentence/oa:start ?at }"
            " } GROUP BY ?statement ?text ORDER BY ?place ?statement ?text"
        )
        found: dict[str, dict[str, str]] = {}
        for row in rows:
            found.setdefault(str(row["statement"]), {}).update(_stems(str(row["text"])))
        return found

    @cached_property
    def _codes(self) -> dict[str, tuple[set[str], set[str]]]:
        """The stems of the names of each code, and of its names, definition and scope note."""
        rows = self._engine.select(
            "SELECT ?code ?text ?is_name { ?code skos:inScheme ?list ; ?by ?text"
            " FILTER(?by IN (skos:prefLabel, skos:altLabel, skos:definition, skos:scopeNote))"
            f" FILTER(STRSTARTS(STR(?code), '{CODE}'))"
            " BIND(?by IN (skos:prefLabel, skos:altLabel) AS ?is_name) }"
        )
        found: dict[str, tuple[set[str], set[str]]] = {}
        for row in rows:
            names, every = found.setdefault(str(row["code"]), (set(), set()))
            stems = _stems(str(row["text"])).keys()
            every.update(stems)
            if row["is_name"]:
                names.update(stems)
        return found

    @cached_property
    def _weights(self) -> dict[str, float]:
        """Return the rarity of each word among statements and codes, 0 to 1."""
        statements = _rarity(self._words.values())
        codes = _rarity(every for _, every in self._codes.values())
        return {word: rare * codes.get(word, 1.0) for word, rare in statements.items()}

    def _passages(self, statement: str) -> tuple[Passage, ...]:
        rows = self._engine.select(
            f"SELECT ?passage {{ {NamedNode(statement)} tip:evidence ?passage }}"
        )
        return tuple(passages.passages(self._engine, map(str, rows.column("passage"))).values())


def _stems(text: str) -> dict[str, str]:
    words = re.findall(WORD, text.lower())
    return {word[:LETTERS]: word for word in words if word not in COMMON}


def _rarity(texts: Iterable[Iterable[str]]) -> dict[str, float]:
    """1 for a word that one text has, 0 for one that all have."""
    every = list(texts)
    counts = Counter(word for text in every for word in set(text))
    whole = log(max(len(every), 2))
    return {word: 1 - log(count) / whole for word, count in counts.items()}


def _named(words: list[str]) -> tuple[str, ...]:
    return (f"in its words: {join(words)}",) if words else ()


@dataclass(frozen=True)
class Absence:
    """An edition without a statement on a code.

    In an edition that was read in full it is not stated; in another one it was not extracted, and
    may be stated.
    """

    edition: str
    edition_label: str
    section: str
    read_in_full: bool
    nearest: tuple[Nearest, ...]

    @property
    def verdict(self) -> str:
        return "not stated" if self.read_in_full else "not extracted"

    @property
    def place(self) -> str:
        """Return the part of the edition that was read."""
        return f"{self.edition_label} ({self.section})" if self.section else self.edition_label

    def as_dict(self) -> dict[str, Any]:
        """For JSON; passages include their link."""
        content = {"verdict": self.verdict, **asdict(self)}
        for near, entry in zip(self.nearest, content["nearest"], strict=True):
            for passage, each in zip(near.passages, entry["passages"], strict=True):
                each["link"] = passage.link
        return content


def subjects(engine: Engine, iris: Iterable[str]) -> set[str]:
    """Return the entities that are a topic or an indicator."""
    rows = engine.select(
        f"SELECT DISTINCT ?thing {{ VALUES ?thing {{ {terms(iris)} }}"
        f" VALUES ?list {{ {terms(SUBJECTS)} }} ?thing skos:inScheme ?list }}"
    )
    return set(map(str, rows.column("thing")))


def statements_on(engine: Engine, codes: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """Return the statements on each code or a narrower one, each with its edition, as IRIs.

    Those on a notion are on its wordings.
    """
    up = "(skos:broader|^skos:exactMatch|^skos:closeMatch)*"
    found: dict[str, set[tuple[str, str]]] = {code: set() for code in codes}
    if not found:
        return found
    # Virtuoso follows a path only from or to what it knows beforehand.
    each = " UNION ".join(
        f"{{ SELECT DISTINCT ?on ({code} AS ?code) {{ ?on {up} {code} }} }}"
        for code in map(NamedNode, found)
    )
    rows = engine.select(
        # In one group, an engine begins with all statements of all editions.
        "SELECT DISTINCT ?code ?statement ?edition { { SELECT DISTINCT ?code ?statement {"
        f" {{ SELECT DISTINCT ?code ?on {{ {each} }} }}"
        " ?statement ?by ?on FILTER NOT EXISTS { ?by a tip:Shorthand } } }"
        " ?statement tip:edition ?edition ; tip:speaker ?any ; tip:evidence ?passage"
        " FILTER(?any != id:tipgraph) }"
    )
    for row in rows:
        found[str(row["code"])].add((str(row["statement"]), str(row["edition"])))
    return found


def absences(
    engine: Engine, codes: Iterable[str], among: Iterable[str] | None = None
) -> dict[str, tuple[Absence, ...]]:
    """Of each code the editions, of all or of some, without a statement on it or a narrower one.

    Those that were read in full come first.
    """
    codes = list(codes)
    if not codes:
        return {}
    known = sorted(editions(engine, among).values(), key=lambda each: not each.is_complete)
    statements = {each.iri: Statements(engine, each.iri) for each in known if each.is_complete}

    def absence(edition: Edition, code: str) -> Absence:
        near = statements[edition.iri].nearest(code) if edition.is_complete else ()
        return Absence(
            edition=edition.iri,
            edition_label=edition.label,
            section=edition.section,
            read_in_full=edition.is_complete,
            nearest=near,
        )

    found = {}
    for code, stated in statements_on(engine, codes).items():
        with_statement = {edition for _, edition in stated}
        without = [each for each in known if each.iri not in with_statement]
        found[code] = tuple(absence(each, code) for each in without)
    return found
