"""Codes on which an edition has no statement, with the statements that come nearest.

An edition that was read in part may state it. Near is a statement that has a name of the code in
its words, as a rule derives, or one on a code that the code lists relate to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.entities import passages
from tipgraph.entities.editions import Edition, editions
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import CODE
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine, grouped, matching

# The code lists on which an edition can have a statement, or none.
SUBJECTS = (CODE + "topics", CODE + "indicators")
# The most statements that are near.
MOST = 3
# Codes that the lists relate to a code, with the words for it.
RELATED = (
    "?code skos:broader ?near BIND('broader' AS ?how)",
    "?near skos:broader ?code BIND('narrower' AS ?how)",
    "?code skos:related ?near BIND('related' AS ?how)",
    "?near skos:related ?code BIND('related' AS ?how)",
    "?code tip:facets ?facets . ?near tip:facets ?facets BIND('of the same facets' AS ?how)",
    "?code tip:countedStage/skos:related ?stage . ?near tip:countedStage ?stage"
    " BIND('of a stage joined in it' AS ?how)",
    "?code tip:countedStage ?stage . ?near tip:countedStage/skos:related ?stage"
    " BIND('of a joined stage' AS ?how)",
    "?code tip:topic ?near BIND('topic' AS ?how)",
)


@dataclass(frozen=True)
class Nearest:
    """A statement that is near, with the reasons: its words, and related codes."""

    iri: str
    label: str
    reasons: tuple[str, ...]
    passages: tuple[Passage, ...]


def related_codes(engine: Engine, codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """The codes that the code lists relate to each of these, each with how."""
    groups = " UNION ".join(f"{{ VALUES ?code {{ {terms(codes)} }} {way} }}" for way in RELATED)
    rows = engine.select(
        f"SELECT DISTINCT ?code ?near ?how {{ {{ {groups} }} FILTER(?near != ?code) }}"
        " ORDER BY ?code ?near DESC(?how)"
    )
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[str(row["code"])][str(row["near"])] = str(row["how"])
    return found


def nearest(engine: Engine, edition: str, codes: Iterable[str]) -> dict[str, tuple[Nearest, ...]]:
    """The statements of an edition nearest to each code: with its name, then on related codes."""
    wanted = list(codes)
    related = related_codes(engine, wanted)
    on = dict.fromkeys(chain.from_iterable(related.values()))
    rows = engine.select(
        "SELECT DISTINCT ?statement ?near ?by ?passage ?at { { SELECT DISTINCT * {"
        f" {{ VALUES ?near {{ {terms(wanted)} }} ?near tip:namedIn ?statement"
        "   BIND('name' AS ?by) } UNION"
        f" {{ VALUES ?near {{ {terms(on)} }} ?on tip:broaderOrSame ?near ."
        "   ?statement tip:topic|tip:indicator ?on BIND('code' AS ?by) } } }"
        f" ?statement tip:edition {NamedNode(edition)} ; tip:speaker ?any ; tip:evidence ?passage"
        " FILTER(?any != id:tipgraph) OPTIONAL { ?passage tip:sentence/oa:start ?at } }"
        " ORDER BY ?at ?statement ?near"
    )
    found = [(str(row["statement"]), (str(row["near"]), str(row["by"]))) for row in rows]
    own = grouped((str(row["statement"]), str(row["passage"])) for row in rows)
    quoted = passages.passages(engine, chain.from_iterable(own.values()))
    known = entities.labels(engine, [*wanted, *on, *own])

    def of_code(code: str) -> Iterator[Nearest]:
        reasons = {(code, "name"): f"names it: {known[code]}"}
        reasons |= {(e, "code"): f"{how}: {known[e]}" for e, how in related[code].items()}
        near = grouped((iri, reasons[key]) for iri, key in found if key in reasons)
        named = reasons[code, "name"]
        ordered = sorted(near, key=lambda e: (named not in near[e], -len({*near[e]})))
        for iri in ordered[:MOST]:
            reasons_of = tuple(dict.fromkeys(near[iri]))
            yield Nearest(iri, known[iri], reasons_of, quoted.among(own[iri]))

    return {code: tuple(of_code(code)) for code in wanted}


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
        """For JSON."""
        return {"verdict": self.verdict, **asdict(self)}


def subjects(engine: Engine, iris: Iterable[str]) -> set[str]:
    """Return the entities that are a topic or an indicator."""
    lists = f"VALUES ?list {{ {terms(SUBJECTS)} }} ?thing skos:inScheme ?list"
    return {*matching(engine, f"VALUES ?thing {{ {terms(iris)} }} {lists}")}


def stating(engine: Engine, codes: Iterable[str]) -> dict[str, set[str]]:
    """Return the editions, by IRI, that have a statement on each code or on a narrower one.

    A rule derives them. Those of a notion are the ones of its wordings.
    """
    wanted = list(codes)
    values = f"VALUES ?code {{ {terms(wanted)} }}"
    rows = engine.select(
        "SELECT DISTINCT ?code ?edition { { SELECT DISTINCT ?code ?first {"
        f" {{ {values} ?code tip:firstStatedIn ?first }} UNION"
        f" {{ {values} ?code skos:exactMatch|skos:closeMatch ?wording ."
        " ?wording tip:firstStatedIn ?first } } } ?first tip:edition ?edition }"
    )
    found = rows.grouped()
    return {code: {*found.get(code, ())} for code in wanted}


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
    stated = stating(engine, codes)

    def silent(edition: Edition) -> list[str]:
        return [code for code in stated if edition.iri not in stated[code]]

    near = {each: nearest(engine, each.iri, silent(each)) for each in known if each.is_complete}

    def absence(edition: Edition, code: str) -> Absence:
        return Absence(
            edition=edition.iri,
            edition_label=edition.label,
            section=edition.section,
            read_in_full=edition.is_complete,
            nearest=near[edition][code] if edition.is_complete else (),
        )

    return {
        code: tuple(absence(each, code) for each in known if each.iri not in those)
        for code, those in stated.items()
    }
