"""The statements of editions by topic, each with counter, speaker, quotes and caveats."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from tipgraph import entities
from tipgraph.entities import THINGS, by_subject, passages
from tipgraph.entities.editions import Edition
from tipgraph.entities.passages import Passage
from tipgraph.figure_table import UNSTATED_PERIODS
from tipgraph.namespaces import PERCENT, PERSONS, PREFIXES, TOTAL, UNIDENTIFIED, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value
from tipgraph.render.document import Cell, separate
from tipgraph.store.engine import Engine, Rows, grouped
from tipgraph.text import join, unit_of

# The units of what is counted; anything else is done or paid.
COUNTED = (PERSONS, PERCENT)
# The short names of periods without a year, the newest first.
UNSTATED = [*UNSTATED_PERIODS.values()]
# The precedence of what is no figure.
LAST = 1_000
# The country that follows the name of a body.
IN_COUNTRY = re.compile(r" \([^()]+\)$")


@dataclass(frozen=True)
class Statement:
    """A statement of an edition, under the one of its topics that most of them have."""

    iri: str
    label: str
    topic: str
    attribution: str
    passages: tuple[Passage, ...]
    caveats: tuple[str, ...]


def attribution(
    label: str, unit: str, counter: str, speakers: Collection[str], names: Mapping[str, str]
) -> str:
    """Return who counted or paid, unless the label of the figure names it, and who states it.

    `unit` is empty for what is no figure.
    """
    stated = join(names[each] for each in speakers)
    if not unit or _is_counter_named(label, names.get(counter, "")):
        return f"stated by {stated}"
    is_counted = unit in COUNTED
    if counter in ("", UNIDENTIFIED):
        who = "who paid" if unit.startswith(PREFIXES["currency"]) else "who counted"
        return f"{who} is not stated; stated by {stated}"
    if {counter} == {*speakers}:
        return f"{'counted and stated' if is_counted else 'done and stated'} by {stated}"
    verb = "counted by" if is_counted else "by"
    return f"{verb} {names[counter]}; stated by {stated}"


def _is_counter_named(label: str, counter: str) -> bool:
    """Return whether a label names who counted, as rules write it: without the country."""
    name = IN_COUNTRY.sub("", counter)
    plain = "the government" if name.startswith("Government of ") else name
    return bool(name) and (f"by {name}" in label or f"by {plain}" in label)


def statements(engine: Engine, editions: Iterable[str]) -> dict[str, tuple[Statement, ...]]:
    """The statements of each edition or document, in the order of its text."""
    rows = engine.select(
        "SELECT DISTINCT ?edition ?statement ?topic ?speaker ?place ?unit ?counter ?caveat"
        " ?precedence ?axis ?period {"
        f" VALUES ?edition {{ {terms(editions)} }} ?statement tip:edition|tip:document ?edition ;"
        " a tip:Statement ; tip:speaker ?speaker ; tip:evidence ?place ; tip:topic ?topic"
        " OPTIONAL { ?statement tip:quantity/(sdmx-attribute:unitMeasure|tip:currency) ?unit }"
        " OPTIONAL { ?statement tip:doneBy ?counter }"
        " OPTIONAL { ?statement tip:precedence ?precedence ; tip:axis ?axis ;"
        " sdmx-dimension:refPeriod ?period }"
        " OPTIONAL { ?statement tip:caveatText ?caveat } }"
        " ORDER BY ?edition ?statement ?unit ?speaker"
    )
    facts: dict[str, dict[str, dict[str, None]]] = {}
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        statement = str(row.pop("statement"))
        found.setdefault(str(row.pop("edition")), {})[statement] = None
        own = facts.setdefault(statement, {})
        for name, value in row.items():
            own.setdefault(name, {}).update({str(value): None} if value is not None else {})
    quoted = passages.passages(engine, (each for own in facts.values() for each in own["place"]))
    named = ("topic", "speaker", "counter")
    iris = {iri for own in facts.values() for name in named for iri in own[name]} | {*facts}
    names = entities.labels(engine, iris)

    def order(statement: str) -> tuple[object, ...]:
        """Sort by sentence; where the text has none, by the precedence of figures, totals first.

        Of equal ones the newest period comes first.
        """
        own = facts[statement]
        pinned = [each.iri for each in quoted.among(own["place"]) if each.sentence]
        place = quoted.first(pinned) if pinned else -1
        precedence = min(map(int, own["precedence"]), default=LAST)
        is_part, periods = TOTAL not in own["axis"], map(_age, own["period"])
        return place, precedence, is_part, *min(periods, default=()), statement

    def of_edition(iris: Iterable[str]) -> tuple[Statement, ...]:
        ordered = sorted(iris, key=order)
        common = Counter(topic for iri in ordered for topic in facts[iri]["topic"])

        def one(iri: str) -> Statement:
            own = facts[iri]
            topic = max(own["topic"], key=lambda each: (common[each], names[each]))
            unit, counter = (next(iter(own[name]), "") for name in ("unit", "counter"))
            return Statement(
                iri,
                names[iri],
                names[topic],
                attribution(names[iri], unit, counter, own["speaker"], names),
                quoted.among(own["place"]),
                tuple(text for each in own["caveat"] for text in separate(each)),
            )

        return tuple(map(one, ordered))

    return {edition: of_edition(those) for edition, those in found.items()}


def _age(period: str) -> tuple[bool, int]:
    """Sort the newest period first, then those without a year, the current one before others."""
    name = last_part(period)
    if name in UNSTATED:
        return True, UNSTATED.index(name)
    return False, -max(map(int, re.findall(r"\d{4}", name)), default=0)


def about(edition: Edition, country: str) -> str:
    """Return the country of an edition or document, its publisher, and what was read of it."""
    kind = "yearly report" if edition.year else "document"
    parts = (
        f"A {kind} on {country}" if country else f"A {kind}",
        edition.publisher_label and f"by {edition.publisher_label}",
        edition.section and f"its section {edition.section}",
        edition.read,
    )
    return f"{', '.join(filter(None, parts))}."


# The ways in which a figure belongs to another one.
WHOLE, PART, OTHER = "whole", "part", "other edition"


@dataclass(frozen=True)
class Kin:
    """A figure that belongs to another one, with its edition and its caveats."""

    relation: str
    iri: str
    label: str
    edition: str
    caveats: tuple[str, ...]


def quantities(engine: Engine, iris: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The number and unit of each figure; an amount that the source converts has two."""
    query = (
        "SELECT DISTINCT ?thing ?value ?unit ?qualifier ?approximate ?converted {"
        f" VALUES ?thing {{ {THINGS} }} ?thing tip:quantity ?quantity . ?quantity"
        " sdmx-measure:obsValue|tip:amountValue ?value ;"
        " sdmx-attribute:unitMeasure|tip:currency ?unit_code . ?unit_code rdfs:label ?unit"
        " OPTIONAL { ?quantity tip:approximate ?approximate }"
        " OPTIONAL { ?quantity tip:numberQualifier/rdfs:label ?qualifier }"
        " OPTIONAL { ?quantity tip:converted ?converted } } ORDER BY ?thing ?converted ?unit"
    )
    return by_subject(engine, iris, query, _quantities)


def _quantities(rows: Rows) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        value = row["value"]
        about = "approximately" if row["approximate"] else ""
        cell = Cell(
            str(value),
            number=None if isinstance(value, str | bool | None) else value,
            qualifier=str(row["qualifier"] or about),
            unit=unit_of(value, str(row["unit"])),
        )
        converted = " (converted by the source)" if row["converted"] else ""
        thing = str(row["thing"])
        found[thing] = (*found.get(thing, ()), f"{cell.shown}{converted}")
    return found


def by_thing(rows: Rows) -> dict[str, list[dict[str, Value]]]:
    """The rows of each thing, for `by_subject`."""
    return grouped((str(row["thing"]), row) for row in rows)


def kin(engine: Engine, iris: Iterable[str]) -> dict[str, tuple[Kin, ...]]:
    """The whole of each figure, its parts, and what other editions give for the same period."""
    thing = f"VALUES ?thing {{ {THINGS} }}"
    query = (
        "SELECT DISTINCT ?thing ?relation ?other ?edition ?caveat {"
        # The edition in each group, since an engine begins with all there are otherwise.
        f" {{ {thing} ?thing tip:breakdownOf ?other . ?other tip:edition ?edition"
        f" BIND('{WHOLE}' AS ?relation) }} UNION"
        f" {{ {thing} ?other tip:breakdownOf ?thing ; tip:edition ?edition"
        f" BIND('{PART}' AS ?relation) }} UNION"
        # An engine that begins with the others looks through all figures for each thing.
        f" {{ {{ SELECT ?thing ?series ?part ?area ?period ?own {{ {thing}"
        " ?thing tip:seriesIndicator ?series ; tip:partOrUnit ?part ;"
        " sdmx-dimension:refArea ?area ; sdmx-dimension:refPeriod ?period ;"
        " tip:edition ?own } }"
        " ?other tip:seriesIndicator ?series ; tip:partOrUnit ?part ;"
        " sdmx-dimension:refArea ?area ; sdmx-dimension:refPeriod ?period ;"
        f" tip:edition ?edition FILTER(?own != ?edition) BIND('{OTHER}' AS ?relation) }}"
        " OPTIONAL { ?other tip:caveatText ?caveat } }"
        " ORDER BY ?thing ?relation ?edition ?other"
    )
    found = by_subject(engine, iris, query, by_thing)
    names = ("other", "edition")
    named = (str(row[name]) for row in chain.from_iterable(found.values()) for name in names)
    labels = entities.labels(engine, named)

    def one(row: Mapping[str, Value]) -> Kin:
        other, edition = (str(row[name]) for name in names)
        return Kin(
            str(row["relation"]),
            other,
            labels.get(other, entities.slug(other)),
            labels.get(edition, entities.slug(edition)),
            tuple(separate(str(row["caveat"] or ""))),
        )

    return {iri: tuple(map(one, rows)) for iri, rows in found.items()}
