"""Overviews of a regime: its outcomes for children and adults, and the facts that matter in it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, product
from textwrap import wrap
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from tipgraph.assess import wording
from tipgraph.assess.as_json import source_heading
from tipgraph.assess.case import Case
from tipgraph.assess.evaluate import statuses
from tipgraph.assess.explain import explain
from tipgraph.assess.model import DOES_NOT_FOLLOW, FAVOURABLE, READINGS, Answer, Consequence
from tipgraph.assess.regime import Conclusions, Regime
from tipgraph.assess.render import in_style
from tipgraph.entities import passages
from tipgraph.namespaces import CODE, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.render.document import Cell, Document, Section, Table

AGES = {"child": 17, "adult": 18}
IDENTIFICATIONS = ("identified", "potential")
SHORT = {"identified": "id.", "potential": "pot"}
# An undetermined outcome depends on facts that the case does not state, or on the reading.
FACTS, READING = "depends-on-facts", "depends-on-reading"
# Prefix of an outcome that another norm guarantees at least.
AT_LEAST = "at-least-"
MARKS = {
    "available": "yes",
    "reported-to-follow": "yes",
    "discretionary": "may",
    "condition-met": "may",
    **{AT_LEAST + status: "may" for status in FAVOURABLE},
    FACTS: "if",
    READING: "?",
    "blocked": "no",
    "condition-not-met": "no",
    DOES_NOT_FOLLOW: "no",
    "not-stated": "-",
    "not-applicable": "n/a",
}
LEGEND = (
    "yes: available, or was reported to follow. may: possible, at the discretion of those who"
    " decide, or more. if: depends on further facts. ?: depends on how the wording is read. no:"
    " blocked, not met, or does not follow. -: stated about other persons. n/a: of no use to this"
    " person. A potential victim is"
    " taken as a victim. Nothing else is known, such as whether a child is alone."
)
# Legend for the heads of the columns in plain text.
HEADS = "id.: identified. pot: potential victim."
WIDTH, CELL = 100, 4
# The name of a case that states nothing.
NOBODY = "nobody"


class Person(NamedTuple):
    """A kind of person: by age, citizenship (`citizen`, `EU`, `non-EU`) and identification."""

    age: str
    citizenship: str
    identification: str

    @property
    def title(self) -> str:
        return f"{self.age}, {self.citizenship}, {self.identification}"


class Row(NamedTuple):
    """A benefit or a consequence, and its status for each of the persons.

    An undetermined status is replaced by what the outcome is at least, or depends on. `iri` is the
    norm, and `link` leads to where the source says so.
    """

    iri: str
    link: str
    name: str
    short_name: str
    title: str
    statuses: tuple[str, ...]


class Overview(NamedTuple):
    """The statuses of all benefits and consequences for each kind of person."""

    answer: Answer
    persons: tuple[Person, ...]
    rows: tuple[Row, ...]

    def as_dict(self) -> dict[str, Any]:
        """The overview for JSON."""
        return {
            **source_heading(self.answer),
            "persons": [each._asdict() for each in self.persons],
            "rows": [
                {"name": row.name, "short_name": row.short_name, "statuses": list(row.statuses)}
                for row in self.rows
            ],
        }


def overview(regime: Regime) -> Overview:
    """Assess one case for each kind of person, with nothing else known."""
    countries = _countries(regime)
    persons = tuple(map(Person._make, product(AGES, countries, IDENTIFICATIONS)))
    cases = {str(number): _case(person, countries) for number, person in enumerate(persons)}
    concluded = regime.conclude({**cases, NOBODY: Case()})
    found = [_statuses(Conclusions(concluded, name)) for name in cases]
    # Of this answer only the source and the names of outcomes are shown.
    without_readings: dict[str, dict[str, str]] = {each: {} for each in READINGS}
    answer = explain(regime, Conclusions(concluded, NOBODY), Case(), without_readings)
    return Overview(
        answer,
        persons,
        tuple(
            Row(
                each.iri,
                next((passage.link for passage in each.passages), ""),
                each.name,
                each.short_name,
                "consequence: " * isinstance(each, Consequence) + wording.in_short(each),
                tuple(by_name.get(each.name, DOES_NOT_FOLLOW) for by_name in found),
            )
            for each in answer.outcomes
        ),
    )


def _countries(regime: Regime) -> dict[str, str]:
    """A country for each kind of citizenship, as far as the graph has one."""
    edition = NamedNode(regime.edition)
    rows = regime.engine.select(
        "SELECT ?kind ?country {"
        f" {{ {edition} dcterms:spatial ?country BIND('citizen' AS ?kind) }} UNION"
        " { ?country tip:joinedEU ?joined FILTER NOT EXISTS { ?country tip:leftEU ?left }"
        f"   FILTER NOT EXISTS {{ {edition} dcterms:spatial ?country }}"
        "   BIND('EU' AS ?kind) } UNION"
        " { ?country a tip:Country FILTER NOT EXISTS { ?country tip:joinedEU ?never }"
        f"   FILTER NOT EXISTS {{ {edition} dcterms:spatial ?country }}"
        "   BIND('non-EU' AS ?kind) }"
        "} ORDER BY ?kind ?joined ?country"
    )
    by_kind: dict[str, str] = {}
    for row in rows:
        by_kind.setdefault(str(row["kind"]), str(row["country"]))
    return {kind: by_kind[kind] for kind in ("citizen", "EU", "non-EU") if kind in by_kind}


def _case(person: Person, countries: Mapping[str, str]) -> Case:
    return Case(
        citizenships=frozenset([countries[person.citizenship]]),
        age=AGES[person.age],
        facts={CODE + person.identification: "met"},
    )


def _statuses(conclusions: Conclusions) -> dict[str, str]:
    """The status of each outcome; what it is at least, or depends on, if it is undetermined."""
    found = statuses(conclusions)
    for head, norms in conclusions.norms_by_head.items():
        name = last_part(head)
        if found.get(name) == "undetermined":
            favourable = [each for each in FAVOURABLE if each in map(conclusions.norms.get, norms)]
            depends = FACTS if any(map(conclusions.depends_on, norms)) else READING
            found[name] = AT_LEAST + favourable[0] if favourable else depends
    return found


def render(found: Overview, style: str) -> str | bytes:
    """The overview in a format. Raises UsageError for Turtle."""
    if style in ("", "text"):
        notice = wrap(wording.notice(found.answer), WIDTH)
        legend = wrap(f"{LEGEND} {HEADS}", WIDTH)
        lines = chain(notice, [""], _table(found), [""], legend)
        return "\n".join(line.rstrip() for line in lines) + "\n"
    return in_style(style, "--overview", found.as_dict(), document(found))


def document(found: Overview) -> Document:
    """The overview as a document with one table."""
    answer = found.answer
    rows = tuple(
        (Cell(row.title, row.link, iri=row.iri), *map(Cell, _marks(row))) for row in found.rows
    )
    columns = ("benefit or consequence", *(each.title for each in found.persons))
    table = Table("Children and adults, by citizenship and identification", columns, rows)
    return Document(
        f"What {answer.source.label} states for children and adults",
        (wording.notice(answer),),
        (Section("Overview", paragraphs=(LEGEND,), tables=(table,)),),
        answer.source.page,
    )


def _table(found: Overview) -> Iterator[str]:
    """The heads over the persons, and a line or two for each row."""
    room = WIDTH - CELL * len(found.persons)
    heads = [(each.age, each.citizenship, SHORT[each.identification]) for each in found.persons]
    for depth in range(len(Person._fields)):
        groups = Counter(head[: depth + 1] for head in heads)
        cells = (head[-1].ljust(CELL * size) for head, size in groups.items())
        yield " " * room + "".join(cells)
    for row in found.rows:
        first, *rest = wrap(row.title, room - 1, subsequent_indent="  ")
        yield first.ljust(room) + "".join(mark.ljust(CELL) for mark in _marks(row))
        yield from rest


def _marks(row: Row) -> Iterable[str]:
    return (MARKS[status] for status in row.statuses)


class FactSummary(NamedTuple):
    """A fact, its definition, and the norms in which it matters with their sentences."""

    fact: str
    meaning: str
    norms: str
    sentences: str


def list_facts(regime: Regime) -> list[FactSummary]:
    """The facts that matter under this regime, sorted by name."""
    rows = regime.engine.select(
        f"SELECT ?fact ?meaning {{ VALUES ?fact {{ {terms(regime.facts)} }}"
        " ?fact skos:definition ?meaning } ORDER BY ?fact"
    )
    cited = {each.passage for each in regime.fact_roles if each.passage}
    places = passages.named(passages.editions_of_places(regime.engine, cited))
    found = []
    for fact, meaning in (map(str, row.values()) for row in rows):
        roles = [each for each in regime.fact_roles if each.fact == fact]
        norms = dict.fromkeys(last_part(each.head) for each in roles)
        sentences = sorted({places[e.passage] for e in roles if e.passage in places})
        found.append(FactSummary(last_part(fact), meaning, ", ".join(norms), ", ".join(sentences)))
    return found


def render_facts(regime: Regime, style: str) -> str | bytes:
    """The facts in a format. Raises UsageError for Turtle."""
    rows, columns = list_facts(regime), FactSummary._fields
    intro = (
        f"A case under {regime.source.slug} can state citizenship, age,"
        " unaccompanied, and whether these facts are met:"
    )
    table = Table("Facts", columns, tuple(tuple(map(Cell, each)) for each in rows))
    section = Section("Facts", tables=(table,))
    title = f"Facts of a case under {regime.source.label}"
    document = Document(title, (intro,), (section,), regime.source.page)
    content = [row._asdict() for row in rows]
    return in_style(style, "--facts", content, document)
