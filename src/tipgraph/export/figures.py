"""The figures as a tidy table: a row for each observation, and for each amount of money."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from pyoxigraph import BlankNode, NamedNode

from tipgraph.export.statements import SEPARATOR, Cells, PropertyValues, StatementCells, to_rows
from tipgraph.lookup import entities
from tipgraph.lookup.figure_table import (
    COLUMNS,
    EACH,
    PERIOD_INFERRED,
    REPORTING_PERIOD,
    TABLE,
    WORDS,
)
from tipgraph.namespaces import CODE, last_part
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.rdf.terms import Term, literal, value
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows

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
    PERIOD_INFERRED: "tip:periodInferred",
}
# Columns with the IRIs of other figures, which are in the column `statement` of their rows.
RELATED = {"part_of": "tip:breakdownOf", "included_in": "tip:includedIn"}
COMPARISON = {
    "current": "tip:current",
    "direction": "tip:direction",
    "compared_with": "tip:baseline",
    "worded_differently": "tip:wordedDifferently",
}
AMOUNT = {"currency": "tip:currency", "note": "skos:scopeNote"}
PERIOD = {"period_start": "tip:start", "period_end": "tip:end"}
# Columns that the stored query has under the same names.
FROM_QUERY = ("approximate", "converted", "population", "caveat")

Row = Mapping[str, Term | None]


def figures(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    edition: str | None = None,
    area: str | None = None,
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
    rows = _distinct(dict(zip(found.columns, row, strict=True)) for row in found.terms)
    lines = _FigureCells(engine, rows)
    return to_rows(COLUMNS, map(lines.cells, rows))


def import_table(figures: Rows) -> Rows:
    """The columns that `import-figures` reads: ten, and more if the figures need them.

    Figures of a pinned text have their sentence and quote, figures with a speaker other than the
    reporter have the speaker and the speech act, and inferred periods are marked.
    """
    more: list[str] = []
    if any(row["quote"] for row in figures):
        more += WORDS
    if any(row["speaker"] != row["reporter"] for row in figures):
        more += ["speaker", "speech_act"]
    if any(row[PERIOD_INFERRED] for row in figures):
        more.append(PERIOD_INFERRED)
    return figures.only([*TABLE, *more])


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """One row for each figure and unit; the query repeats it per speaker and passage."""
    figures = {(row["statement"], row["part"], row["unit"]): row for row in rows}
    return sorted(figures.values(), key=_sort_key)


def _sort_key(row: Row) -> tuple[object, ...]:
    first = [str(row[name]) for name in ("edition", "area", "indicator", "period")]
    is_part = row["part"] != NamedNode(CODE + "total")
    return *first, is_part, *(str(row[name]) for name in ("part", "unit", "statement"))


class _FigureCells:
    """The cells of each figure: those of its statement, and those that only figures have."""

    def __init__(self, engine: Engine, rows: Iterable[Row]) -> None:
        self._statements = StatementCells(engine, "tip:Figure", LABELLED | COMBINED | RELATED)
        self._amounts = PropertyValues(engine, "tip:MonetaryAmount", AMOUNT)
        self._actors = PropertyValues(engine, "tip:Actor", {"local": "tip:localName"})
        self._editions = PropertyValues(engine, "tip:Edition", {"period": "tip:reportingPeriod"})
        self._periods = PropertyValues(engine, "tip:Period", PERIOD)
        self._comparisons = PropertyValues(engine, "tip:Comparison", COMPARISON)
        self._comparisons_of: dict[str, list[str]] = {}
        for comparison in self._comparisons:
            current = self._comparisons.first(comparison, "current")
            self._comparisons_of.setdefault(current, []).append(comparison)
        terms = {row[name] for row in rows for name in ("indicator", "period", "part", "unit")}
        iris = (each.value for each in terms if isinstance(each, NamedNode))
        self._labels = entities.labels(engine, iris)

    def cells(self, row: Row) -> Cells:
        """The cells of a figure, from its row of the stored query."""
        statement, period = _text(row["statement"]), _text(row["period"])
        properties = self._statements.properties
        return {
            **self._statements.cells(statement),
            **{name: self._label(row[name]) for name in ("indicator", "unit")},
            **{name: row[name] or "" for name in FROM_QUERY},
            **{name: properties.cell(statement, name) for name in LABELLED},
            **{name: SEPARATOR.join(properties.values(statement, name)) for name in RELATED},
            **{name: self._periods.first(period, name) for name in PERIOD},
            **self._comparison_cells(statement),
            "country": self._statements.country(_text(row["area"])),
            "reference_period": self._period(row),
            "part": self._part(row),
            "part_id": last_part(_text(row["part"])),
            PERIOD_INFERRED: properties.first(statement, PERIOD_INFERRED),
            "value": _number(row["value"]),
            "counted_by": self._counted_by(statement),
            "note": SEPARATOR.join(self._notes(statement, _text(row["unit"]))),
        }

    def _period(self, row: Row) -> str:
        reporting_period = self._editions.first(_text(row["edition"]), "period")
        if _text(row["period"]) == reporting_period:
            return REPORTING_PERIOD
        return self._label(row["period"])

    def _part(self, row: Row) -> str:
        """The part in the source's words, or `each` for an amount per unit."""
        properties, statement = self._statements.properties, _text(row["statement"])
        if properties.values(statement, "per_unit"):
            return EACH
        return properties.first(statement, "part_wording") or self._label(row["part"])

    def _counted_by(self, statement: str) -> str:
        """Who counted or who paid, by the local name, with the capacity in parentheses."""
        properties = self._statements.properties
        role = "funder" if properties.values(statement, "funder") else "counter"
        actors = zip(
            properties.values(statement, role), properties.labels(statement, role), strict=True
        )
        names = [self._actors.first(iri, "local") or label for iri, label in actors]
        capacity = properties.first(statement, "capacity")
        return SEPARATOR.join(names) + (f" ({capacity})" if capacity else "")

    def _notes(self, statement: str, unit: str) -> list[str]:
        """The notes on the figure, and on its amount in this currency."""
        amounts = self._statements.properties.values(statement, "amounts")
        in_unit = (each for each in amounts if self._amounts.first(each, "currency") == unit)
        of_amount = (note for each in in_unit for note in self._amounts.values(each, "note"))
        return [*self._statements.properties.values(statement, "note"), *of_amount]

    def _label(self, term: Term | None) -> str:
        return self._labels.get(_text(term), _text(term))

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


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return str(term) if isinstance(term, BlankNode) else term.value


def _number(term: Term | None) -> str | Term:
    """The number without trailing zeros."""
    number = value(term)
    return literal(number.normalize()) if isinstance(number, Decimal) else term or ""
