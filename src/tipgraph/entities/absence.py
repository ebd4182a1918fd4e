"""Codes on which an edition has no statement: not stated, or only not extracted."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from pyoxigraph import NamedNode

from tipgraph.entities.editions import Edition, editions
from tipgraph.entities.nearest import Nearest, Statements
from tipgraph.namespaces import CODE
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine

# The code lists on which an edition can have a statement, or none.
SUBJECTS = (CODE + "topics", CODE + "indicators")


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


def statements_on(engine: Engine, code: str) -> set[tuple[str, str]]:
    """Return statements on a code or a narrower one, each with its edition, as IRIs."""
    rows = engine.select(
        f"SELECT DISTINCT ?statement ?edition {{ ?on skos:broader* {NamedNode(code)} ."
        " ?statement ?by ?on ; tip:edition ?edition ; tip:speaker ?any ; tip:evidence ?passage"
        " FILTER(?any != id:tipgraph) }"
    )
    return {(str(row["statement"]), str(row["edition"])) for row in rows}


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
    for code in codes:
        with_statement = {edition for _, edition in statements_on(engine, code)}
        without = [each for each in known if each.iri not in with_statement]
        found[code] = tuple(absence(each, code) for each in without)
    return found
