"""The figures as a tidy table, and the columns that all tables of statements share.

A row is an observation, or an amount of money.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain

from pyoxigraph import Literal, NamedNode

from tipgraph import entities
from tipgraph.entities import THINGS, by_subject, passages
from tipgraph.entities.editions import editions
from tipgraph.figure_table import (
    APPROXIMATE,
    AXIS,
    CAUTION,
    COLUMNS,
    CONVERTED,
    EACH,
    NUMBER_QUALIFIER,
    PERCENTAGE_OF,
    PERIOD_INFERRED,
    RECIPIENT,
    REPORTING_PERIOD,
    SENTENCE,
    SPEAKER,
    SPEECH_ACT,
    TABLE,
    UNSTATED_PERIODS,
    WORDS,
    is_noted,
)
from tipgraph.namespaces import OURSELVES, TOTAL, UNIDENTIFIED, expand, last_part
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.queries.parameters import Names
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Term, Value, literal, plain_term, value
from tipgraph.store.engine import Engine, Rows, grouped, iris_in, matching
from tipgraph.text import SEPARATOR

STATEMENT = {
    "edition": "tip:edition",
    "note": "skos:scopeNote",
    "hedge": "tip:hedge",
    "speaker": "tip:speaker",
    "speech_act": "tip:speechAct",
    "reporter": "tip:reporter",
    "statement_label": "rdfs:label",
    "passage": "tip:evidence",
}
# The properties of STATEMENT that become columns as they are.
COPIED = ("note", "hedge", "speaker", "speech_act", "reporter", "statement_label")

# The cells of one row by column.
Cells = Mapping[str, str | Term]


class PropertyValues:
    """The values of some properties, under short names, for each of some resources."""

    def __init__(
        self, engine: Engine, things: Iterable[str], properties: Mapping[str, str]
    ) -> None:
        """Query them. `properties` has the prefixed name of each property by its short name."""
        names = grouped((expand(each), name) for name, each in properties.items())
        wanted = ", ".join(properties.values())
        # As values, the properties would come first, with all that have them.
        query = (
            f"SELECT DISTINCT ?thing ?property ?value {{ VALUES ?thing {{ {THINGS} }}"
            f" ?thing ?property ?value FILTER(?property IN ({wanted})) }}"
        )
        self._values: dict[str, dict[str, list[str]]] = {}
        self._iris: set[str] = set()
        for thing, rows in by_subject(engine, things, query, _by_thing).items():
            for iri, is_text, found in sorted(rows):
                for name in names[iri]:
                    self._values.setdefault(thing, {}).setdefault(name, []).append(found)
                self._iris.update([] if is_text else [found])
        self._labels = entities.labels(engine, self._iris)

    def __iter__(self) -> Iterator[str]:
        """The resources that have any of the properties."""
        return iter(self._values)

    def values(self, thing: str, name: str) -> list[str]:
        """The values as IRIs and plain texts."""
        return self._values.get(thing, {}).get(name, [])

    def iris(self, thing: str, name: str) -> list[str]:
        """Return the values that are IRIs."""
        return [value for value in self.values(thing, name) if value in self._iris]

    def first(self, thing: str, name: str) -> str:
        """The value of a property that has at most one; empty if there is none."""
        return next(iter(self.values(thing, name)), "")

    def labels(self, thing: str, name: str) -> list[str]:
        """The values, each as its label if it has one."""
        return [self._labels.get(value, value) for value in self.values(thing, name)]

    def cell(self, thing: str, name: str) -> str:
        """The labels of the values, in one cell."""
        return SEPARATOR.join(self.labels(thing, name))


def _by_thing(rows: Rows) -> dict[str, list[tuple[str, bool, str]]]:
    """Of each thing the properties and values, each with whether it is a text, which come last."""
    return grouped(
        (plain_term(thing), (plain_term(by), isinstance(each, Literal), plain_term(each)))
        for thing, by, each in rows.terms
    )


def instances(engine: Engine, class_: str) -> list[str]:
    """The resources of a class, by its prefixed name."""
    return matching(engine, f"?thing a {class_} FILTER(isIRI(?thing))")


class StatementCells:
    """The shared cells of each of some statements, and the values of more properties."""

    def __init__(self, engine: Engine, iris: Iterable[str], more: Mapping[str, str]) -> None:
        self.properties = PropertyValues(engine, iris, STATEMENT | dict(more))
        self.editions = editions(engine, self.values("edition"), kinds=())
        known = self.editions.values()
        self._coverages = entities.labels(engine, (e.coverage for e in known if e.coverage))
        self._passages = passages.passages(engine, self.values("passage"))

    def values(self, name: str) -> list[str]:
        """The values that a property has for any of the statements, as IRIs and plain texts."""
        every = (self.properties.values(each, name) for each in self.properties)
        return list(dict.fromkeys(chain.from_iterable(every)))

    def cells(self, statement: str) -> Cells:
        """The shared cells of a statement by column."""
        properties = self.properties
        edition = self.editions.get(properties.first(statement, "edition"))
        passages = self._passages.among(properties.iris(statement, "passage"))
        pages = [edition.page if edition else "", *(each.page for each in passages)]
        return {
            "country": last_part(edition.area) if edition else "",
            "edition": str(edition.year or "") if edition else "",
            "edition_id": edition.slug if edition else "",
            "page": next(filter(None, pages), ""),
            "coverage": self._coverages.get(edition.coverage, edition.coverage) if edition else "",
            "statement": statement,
            "place": SEPARATOR.join(each.place for each in passages),
            "quote": SEPARATOR.join(each.exact for each in passages),
            "link": SEPARATOR.join(each.link for each in passages),
            **{name: properties.cell(statement, name) for name in COPIED},
        }


def to_rows(columns: Sequence[str], lines: Iterable[Cells]) -> Rows:
    """A table with these columns; an empty text becomes an unbound cell."""
    return Rows(tuple(columns), tuple(tuple(_term(line[c]) for c in columns) for line in lines))


def _term(cell: str | Term) -> Term | None:
    if isinstance(cell, str):
        return Literal(cell) if cell else None
    return cell


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────

PERIOD_WORDS = {name: words for words, name in UNSTATED_PERIODS.items()}
# Properties of a figure whose values become labels in the column of that name.
LABELLED = {
    "per_unit": "tip:perUnit",
    "breakdown": "tip:breakdown",
    "funder": "tip:funder",
    "recipient": "tip:recipient",
}
# Properties of a figure that other columns are made of.
COMBINED = {
    "part_wording": "tip:partWording",
    "counter": "tip:countedBy",
    "capacity": "tip:countedAs",
    "amounts": "tip:amount",
    "percentage_of": "tip:percentageOf",
    CAUTION: "tip:caution",
    PERIOD_INFERRED: "tip:periodInferred",
}
# Columns with the IRIs of other figures, which are in the column `statement` of their rows.
RELATED = {"part_of": "tip:breakdownOf", "included_in": "tip:includedIn"}
# Columns of the stored query whose values become labels.
LABELLED_IN_QUERY = ("indicator", "stage", "unit", NUMBER_QUALIFIER)
COMPARISON = {
    "direction": "tip:direction",
    "compared_with": "tip:baseline",
    "worded_differently": "tip:wordedDifferently",
}
AMOUNT = {"currency": "tip:currency", "note": "skos:scopeNote", CAUTION: "tip:caution"}
PERIOD = {"period_start": "tip:start", "period_end": "tip:end"}
# The comparisons of figures with earlier ones, for `by_subject`.
COMPARISONS = (
    f"SELECT ?figure ?each {{ VALUES ?figure {{ {THINGS} }}"
    " ?each tip:current ?figure ; a tip:Comparison }"
)
# Columns that the stored query has under the same names.
FROM_QUERY = (APPROXIMATE, CONVERTED, "population", "caveat")

# The editions that `runs` puts together.
TOGETHER = 25

Row = Mapping[str, Term | None]


def figures(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    edition: Names = None,
    area: Names = None,
    indicator: str | None = None,
) -> Rows:
    """All figures, or those of an edition, an area or an indicator, under COLUMNS.

    Several values in one cell are separated by ` | `; sentences, quotes and links are in the same
    order, and so are the columns of comparisons. A missing value is None. `queries` are the stored
    queries, by name. Raises UsageError for an edition, an area or an indicator that is unknown.
    """
    given = {"edition": edition, "area": area, "indicator": indicator}
    parameters = {name: each for name, each in given.items() if each}
    found = engine.select(queries["figures"].bound(engine, parameters))
    # Sums that are ours are no figures of an edition.
    named = (dict(zip(found.columns, row, strict=True)) for row in found.terms)
    rows = _distinct(row for row in named if row["speaker"] != NamedNode(OURSELVES))
    lines = _FigureCells(engine, rows)
    return to_rows(COLUMNS, map(lines.cells, rows))


def runs(
    engine: Engine, queries: Mapping[str, StoredQuery], edition: Names = None, area: Names = None
) -> list[list[str]]:
    """The editions that `figures` draws on, so many at once as take little memory.

    The figures of each run follow those of the one before. Raises as `figures`.
    """
    given = {"edition": edition, "area": area}
    bound = queries["figures"].bind(engine, {name: each for name, each in given.items() if each})
    iris = sorted(each.iri for each in bound.scope.editions) if bound.scope else []
    return [iris[first : first + TOGETHER] for first in range(0, len(iris), TOGETHER)]


def import_table(engine: Engine, figures: Rows) -> Rows:
    """The columns that `import-figures` reads: ten, and more if the figures need them.

    A column is needed where `import-figures` could not work out its cells: the axis where several
    parts have one name, the recipient where the indicator leaves it open, the speaker where that is
    not the reporter, the marks of a number where its note does not have them. Cells that are not
    needed are empty.
    """
    parts, recipients = _parts_by_name(engine), _recipients(engine)
    lines = []
    for row in figures:
        line = {name: row[name] for name in COLUMNS}
        if parts.get(str(row["part"]).casefold()) in (None, {row["part_id"]}):
            line[AXIS] = None
        if not row["funder"] or recipients[str(row["indicator"])] == 1:
            line[RECIPIENT] = None
        if row[SPEAKER] == row["reporter"]:
            line[SPEAKER] = line[SPEECH_ACT] = None
        if not SENTENCE.fullmatch(str(row["place"])):
            line["place"] = None
        lines.append(line)
    needed = {name for name in _OPTIONAL if any(line[name] for line in lines)}
    for mark in (APPROXIMATE, CONVERTED):
        if all(_is_marked(line, mark) for line in lines if line[mark]):
            needed.discard(mark)
    columns = [*TABLE, *(name for name in _OPTIONAL if name in needed)]
    cells = dict(zip(figures.columns, range(len(figures.columns)), strict=True))
    terms = (
        tuple(row[cells[name]] if line[name] is not None else None for name in columns)
        for line, row in zip(lines, figures.terms, strict=True)
    )
    return Rows(tuple(columns), tuple(terms))


# The columns that a table has only if its figures need them.
_OPTIONAL = (
    *(AXIS, NUMBER_QUALIFIER, CAUTION, PERCENTAGE_OF, APPROXIMATE, CONVERTED),
    *(*WORDS, RECIPIENT, SPEAKER, SPEECH_ACT, PERIOD_INFERRED),
)


def _is_marked(line: Mapping[str, Value], mark: str) -> bool:
    """Return whether the note, the qualifier, or what a number was converted from marks it."""
    is_implied = mark == APPROXIMATE and bool(line[NUMBER_QUALIFIER] or line[CONVERTED])
    return is_implied or is_noted(str(line["note"] or ""), mark)


def _parts_by_name(engine: Engine) -> dict[str, set[str]]:
    """The parts that each name means, as `import-figures` reads it: another name comes second."""
    found: dict[str, set[str]] = {}
    for label in ("skos:prefLabel", "skos:altLabel"):
        by_name: dict[str, set[str]] = {}
        rows = engine.select(
            f"SELECT ?part ?name {{ ?part skos:inScheme code:parts ; {label} ?name }}"
        )
        for row in rows:
            parts = by_name.setdefault(str(row["name"]).casefold(), set())
            parts.add(last_part(str(row["part"])))
        found = by_name | found
    return found


def _bases(engine: Engine, figures: Iterable[str]) -> dict[str, str]:
    """The part of each figure that percentages are of, by a name that no other part has."""
    if not (wanted := terms(figures)):
        return {}
    parts = _parts_by_name(engine)
    rows = engine.select(
        f"SELECT ?figure ?part ?name {{ VALUES ?figure {{ {wanted} }} ?figure tip:part ?part ."
        " ?part skos:prefLabel ?name }"
    )
    return {
        str(row["figure"]): str(row["name"])
        if len(parts[str(row["name"]).casefold()]) == 1
        else last_part(str(row["part"]))
        for row in rows
    }


def _recipients(engine: Engine) -> Counter[str]:
    """The number of recipients that the amounts of each indicator have."""
    rows = engine.select(
        "SELECT DISTINCT ?name ?recipient { ?figure a tip:Figure ; tip:amount ?any ;"
        " tip:indicator/skos:prefLabel ?name ; tip:recipient ?recipient }"
    )
    return Counter(str(row["name"]) for row in rows)


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """One row for each figure and unit; the query repeats it per speaker and passage."""
    figures = {(row["statement"], row["part"], row["unit"]): row for row in rows}
    return sorted(figures.values(), key=_sort_key)


def _sort_key(row: Row) -> tuple[object, ...]:
    first = [str(row[name]) for name in ("edition", "area", "indicator", "period")]
    is_part = row["part"] != NamedNode(TOTAL)
    return *first, is_part, *(str(row[name]) for name in ("part", "unit", "statement"))


class _FigureCells:
    """The cells of each figure: those of its statement, and those that only figures have."""

    def __init__(self, engine: Engine, rows: Sequence[Row]) -> None:
        def named(*columns: str) -> list[str]:
            return iris_in(row[name] for row in rows for name in columns)

        figures = named("statement")
        self._statements = StatementCells(engine, figures, LABELLED | COMBINED | RELATED)
        of_all = self._statements.values
        self._amounts = PropertyValues(engine, of_all("amounts"), AMOUNT)
        actors = [*of_all("counter"), *of_all("funder")]
        self._actors = PropertyValues(engine, actors, {"local": "tip:localName"})
        self._periods = PropertyValues(engine, named("period"), PERIOD)
        comparisons = by_subject(engine, figures, COMPARISONS, Rows.grouped)
        self._comparisons = PropertyValues(
            engine, chain.from_iterable(comparisons.values()), COMPARISON
        )
        self._comparisons_of = {figure: sorted(those) for figure, those in comparisons.items()}
        self._labels = entities.labels(
            engine, named("indicator", "period", "part", "unit", AXIS, NUMBER_QUALIFIER, "stage")
        )
        self._bases = _bases(engine, of_all("percentage_of"))

    def cells(self, row: Row) -> Cells:
        """The cells of a figure, from its row of the stored query."""
        statement, period = plain_term(row["statement"]), plain_term(row["period"])
        properties = self._statements.properties
        return {
            **self._statements.cells(statement),
            **{name: self._label(row[name]) for name in LABELLED_IN_QUERY},
            **{name: row[name] or "" for name in FROM_QUERY},
            **{name: properties.cell(statement, name) for name in LABELLED},
            **{name: SEPARATOR.join(properties.values(statement, name)) for name in RELATED},
            **{name: self._periods.first(period, name) for name in PERIOD},
            **self._comparison_cells(statement),
            "country": last_part(plain_term(row["area"])),
            "reference_period": self._period(row),
            "part": self._part(row),
            "part_id": last_part(plain_term(row["part"])),
            AXIS: last_part(plain_term(row[AXIS])),
            PERCENTAGE_OF: self._bases.get(properties.first(statement, "percentage_of"), ""),
            CAUTION: SEPARATOR.join(self._of_amount(statement, plain_term(row["unit"]), CAUTION)),
            PERIOD_INFERRED: properties.first(statement, PERIOD_INFERRED),
            "value": _number(row["value"]),
            "counted_by": self._counted_by(statement),
            "note": SEPARATOR.join(self._of_amount(statement, plain_term(row["unit"]), "note")),
        }

    def _period(self, row: Row) -> str:
        edition = self._statements.editions.get(plain_term(row["edition"]))
        if edition and plain_term(row["period"]) == edition.reporting_period:
            return REPORTING_PERIOD
        return PERIOD_WORDS.get(last_part(plain_term(row["period"])), self._label(row["period"]))

    def _part(self, row: Row) -> str:
        """The part in the source's words, or `each` for an amount per unit."""
        properties, statement = self._statements.properties, plain_term(row["statement"])
        if properties.values(statement, "per_unit"):
            return EACH
        return properties.first(statement, "part_wording") or self._label(row["part"])

    def _counted_by(self, statement: str) -> str:
        """Return the local name of who counted or paid, with the capacity in parentheses."""
        properties = self._statements.properties
        role = "funder" if properties.values(statement, "funder") else "counter"
        actors = zip(
            properties.values(statement, role), properties.labels(statement, role), strict=True
        )
        names = [
            self._actors.first(iri, "local") or label
            for iri, label in actors
            if iri != UNIDENTIFIED
        ]
        capacity = properties.first(statement, "capacity")
        return SEPARATOR.join(names) + (f" ({capacity})" if capacity else "")

    def _of_amount(self, statement: str, unit: str, name: str) -> list[str]:
        """The texts on the figure, and on its amount in this currency."""
        amounts = self._statements.properties.values(statement, "amounts")
        in_unit = (each for each in amounts if self._amounts.first(each, "currency") == unit)
        of_amount = (text for each in in_unit for text in self._amounts.values(each, name))
        return [*self._statements.properties.values(statement, name), *of_amount]

    def _label(self, term: Term | None) -> str:
        return self._labels.get(plain_term(term), plain_term(term))

    def _comparison_cells(self, statement: str) -> Cells:
        """The comparisons with earlier figures, in the same order in each cell."""
        comparisons, own = self._comparisons, self._comparisons_of.get(statement, [])
        return {
            "direction": _aligned([comparisons.cell(each, "direction") for each in own]),
            "compared_with": _aligned([comparisons.first(each, "compared_with") for each in own]),
            "worded_differently": _aligned(
                [comparisons.first(each, "worded_differently") for each in own]
            ),
        }


def _aligned(texts: list[str]) -> str:
    return SEPARATOR.join(texts) if any(texts) else ""


def _number(term: Term | None) -> str | Term:
    """The number without trailing zeros."""
    number = value(term)
    return literal(number.normalize()) if isinstance(number, Decimal) else term or ""
