"""Codes on which an edition has no statement: not stated, or only not extracted."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from pyoxigraph import NamedNode

from tipgraph.lookup.editions import Edition, editions
from tipgraph.lookup.nearest import Nearest, Statements
from tipgraph.namespaces import CODE
from tipgraph.store.engine import Engine

# What an edition can state something on, or not.
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
        """What of the edition was read."""
        return f"{self.edition_label} ({self.section})" if self.section else self.edition_label

    def as_dict(self) -> dict[str, Any]:
        """For JSON; passages include their link."""
        content = {"verdict": self.verdict, **asdict(self)}
        for near, entry in zip(self.nearest, content["nearest"], strict=True):
            for passage, each in zip(near.passages, entry["passages"], strict=True):
                each["link"] = passage.link
        return content


def is_subject(engine: Engine, iri: str) -> bool:
    """Whether the entity is a topic or an indicator."""
    lists = " ".join(f"<{each}>" for each in SUBJECTS)
    return engine.ask(f"ASK {{ VALUES ?list {{ {lists} }} {NamedNode(iri)} skos:inScheme ?list }}")


def statements_on(engine: Engine, code: str) -> set[tuple[str, str]]:
    """What the sources state on a code or on a narrower one: IRIs of statement and edition."""
    rows = engine.select(
        f"SELECT DISTINCT ?statement ?edition {{ ?on skos:broader* {NamedNode(code)} ."
        " ?statement ?by ?on ; tip:edition ?edition ; tip:speaker ?any ; tip:evidence ?passage"
        " FILTER(?any != id:tipgraph) }"
    )
    return {(str(row["statement"]), str(row["edition"])) for row in rows}


def absences(engine: Engine, code: str, among: Iterable[str] | None = None) -> tuple[Absence, ...]:
    """The editions, of all or of some, without a statement on the code or on a narrower one.

    Those that were read in full come first.
    """
    with_statement = {edition for _, edition in statements_on(engine, code)}
    without = [e for e in editions(engine, among).values() if e.iri not in with_statement]
    return tuple(
        _absence(engine, code, each) for each in sorted(without, key=lambda e: not e.is_complete)
    )


def _absence(engine: Engine, code: str, edition: Edition) -> Absence:
    return Absence(
        edition=edition.iri,
        edition_label=edition.label,
        section=edition.section,
        read_in_full=edition.is_complete,
        nearest=Statements(engine, edition.iri).nearest(code) if edition.is_complete else (),
    )
