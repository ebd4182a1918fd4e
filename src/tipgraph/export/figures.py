"""The figures as a tidy table: a row for each observation, and for each amount of money."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from pyoxigraph import BlankNode, NamedNode

from tipgraph.export.statements import BETWEEN, Cells, Facts, Statements, table
from tipgraph.graph import LocalGraph
from tipgraph.lookup import entities
from tipgraph.namespaces import CODE, last_part
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows, Term, literal, value

# What `tipgraph import-figures` reads, so that a table comes back as it was.
TABLE = (
    *("country", "edition", "page", "indicator", "reference_period"),
    *("part", "value", "unit", "counted_by", "note"),
)
# Where a text is pinned, which of its words tell the figure.
WORDS = ("sentence", "quote")
COLUMNS = (
    *TABLE,
    *("per_unit", "approximate", "converted", "population", "caveat", "hedge"),
    *("direction", "compared_with", "worded_differently"),
    *("part_id", "breakdown", "part_of", "included_in"),
    *("funder", "recipient", "period_start", "period_end"),
    *("speaker", "speech_act", "reporter", "coverage", "edition_id"),
    *("statement", "statement_label", "sentence", "quote", "link"),
)
NAMED = {
    "per_unit": "tip:perUnit",
    "breakdown": "tip:breakdown",
    "funder": "tip:funder",
    "recipient": "tip:recipient",
}
# The source's words for the part, where they are a variant of what it is usually called.
VARIANT = {"part_wording": "tip:partWording"}
# Who did what is counted, or gave the money, and in which quality.
DOERS = {"counter": "tip:countedBy", "quality": "tip:countedAs", "amounts": "tip:amount"}
EACH = "each"
REPORTING_PERIOD = "reporting period"
# Other figures, which are told by their IRIs, so that their rows can be found.
FIGURES = {"part_of": "tip:breakdownOf", "included_in": "tip:includedIn"}
COMPARISON = {
    "current": "tip:current",
    "direction": "tip:direction",
    "compared_with": "tip:baseline",
    "worded_differently": "tip:wordedDifferently",
}
AMOUNT = {"currency": "tip:currency", "note": "skos:scopeNote"}
PERIOD = {"period_start": "tip:start", "period_end": "tip:end"}

Row = Mapping[str, Term | None]


def figures(
    graph: LocalGraph,
    edition: str | None = None,
    area: str | None = None,
    indicator: str | None = None,
) -> Rows:
    """Every figure, or those of an edition, a country or an indicator, as people read them.

    Several values stand in one cell, parted by ` | `: sentences, quotes and links in one order,
    and so the comparisons. What the graph does not say is None. Raises UsageError as `query` does.
    """
    asked = {"edition": edition, "area": area, "indicator": indicator}
    found = graph.rows("figures", **{name: each for name, each in asked.items() if each})
    rows = _each_once(dict(zip(found.columns, row, strict=True)) for row in found.terms)
    lines = _Lines(graph.engine, rows)
    return table(COLUMNS, map(lines.line, rows))


def as_table(rows: Rows) -> Rows:
    """The columns that a table of figures has: ten, and more where these do not tell all.

    More are the words of a pinned text, and speakers other than the report itself.
    """
    more: list[str] = []
    if any(row["quote"] for row in rows):
        more += WORDS
    if any(row["speaker"] != row["reporter"] for row in rows):
        more += ["speaker", "speech_act"]
    return rows.only([*TABLE, *more])


def _each_once(rows: Iterable[Row]) -> list[Row]:
    """A row for each figure in each unit, though several say it, or several passages."""
    figures = {(row["statement"], row["part"], row["unit"]): row for row in rows}
    return sorted(figures.values(), key=_place)


def _place(row: Row) -> tuple[object, ...]:
    ahead = [str(row[name]) for name in ("edition", "area", "indicator", "period")]
    is_part = row["part"] != NamedNode(CODE + "total")
    return *ahead, is_part, *(str(row[name]) for name in ("part", "unit", "statement"))


class _Lines:
    """What the table tells of each figure, beside what the stored query gives."""

    def __init__(self, engine: Engine, rows: Iterable[Row]) -> None:
        self._statements = Statements(engine, "tip:Figure", NAMED | VARIANT | DOERS | FIGURES)
        self._amounts = Facts(engine, "tip:MonetaryAmount", AMOUNT)
        self._actors = Facts(engine, "tip:Actor", {"local": "tip:localName"})
        self._editions = Facts(engine, "tip:Edition", {"period": "tip:reportingPeriod"})
        self._periods = Facts(engine, "tip:Period", PERIOD)
        self._comparisons = Facts(engine, "tip:Comparison", COMPARISON)
        self._made_of: dict[str, list[str]] = {}
        for comparison in self._comparisons:
            current = self._comparisons.first(comparison, "current")
            self._made_of.setdefault(current, []).append(comparison)
        terms = {row[name] for row in rows for name in ("indicator", "period", "part", "unit")}
        iris = (each.value for each in terms if isinstance(each, NamedNode))
        self._labels = entities.labels(engine, iris)

    def line(self, row: Row) -> Cells:
        """The cells of a row."""
        statement, period = _text(row["statement"]), _text(row["period"])
        facts = self._statements.facts
        return {
            **self._statements.cells(statement),
            **{name: self._label(row[name]) for name in ("indicator", "unit")},
            **{
                name: row[name] or ""
                for name in ("approximate", "converted", "population", "caveat")
            },
            **{name: facts.text(statement, name) for name in NAMED},
            **{name: BETWEEN.join(facts.values(statement, name)) for name in FIGURES},
            **{name: self._periods.first(period, name) for name in PERIOD},
            **self._compared(statement),
            "country": self._statements.country(_text(row["area"])),
            "reference_period": self._period(row),
            "part": self._part(row),
            "part_id": last_part(_text(row["part"])),
            "value": _number(row["value"]),
            "counted_by": self._doer(statement),
            "note": BETWEEN.join(self._notes(statement, _text(row["unit"]))),
        }

    def _period(self, row: Row) -> str:
        reported_on = self._editions.first(_text(row["edition"]), "period")
        return (
            REPORTING_PERIOD if _text(row["period"]) == reported_on else self._label(row["period"])
        )

    def _part(self, row: Row) -> str:
        """The part in the source's words; `each` of what an amount is given to."""
        facts, statement = self._statements.facts, _text(row["statement"])
        if facts.values(statement, "per_unit"):
            return EACH
        return facts.first(statement, "part_wording") or self._label(row["part"])

    def _doer(self, statement: str) -> str:
        """Who did it, by the name that does where the country is known, and in which quality."""
        facts = self._statements.facts
        who = "funder" if facts.values(statement, "funder") else "counter"
        names = facts.called(statement, who, self._actors, "local")
        quality = facts.first(statement, "quality")
        return BETWEEN.join(names) + (f" ({quality})" if quality else "")

    def _notes(self, statement: str, unit: str) -> list[str]:
        """What is noted of the figure, and of its amount in this currency."""
        amounts = self._statements.facts.values(statement, "amounts")
        mine = (each for each in amounts if self._amounts.first(each, "currency") == unit)
        of_amount = (note for each in mine for note in self._amounts.values(each, "note"))
        return [*self._statements.facts.values(statement, "note"), *of_amount]

    def _label(self, term: Term | None) -> str:
        return self._labels.get(_text(term), _text(term))

    def _compared(self, statement: str) -> Cells:
        """The comparisons of the figure with earlier ones, in the same order in each cell."""
        told, mine = self._comparisons, self._made_of.get(statement, [])
        return {
            "direction": _aligned([told.text(each, "direction") for each in mine]),
            "compared_with": _aligned([told.first(each, "compared_with") for each in mine]),
            "worded_differently": _aligned(
                [told.first(each, "worded_differently") for each in mine]
            ),
        }


def _aligned(texts: list[str]) -> str:
    return BETWEEN.join(texts) if any(texts) else ""


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return str(term) if isinstance(term, BlankNode) else term.value


def _number(term: Term | None) -> str | Term:
    """The number without idle zeros."""
    number = value(term)
    return literal(number.normalize()) if isinstance(number, Decimal) else term or ""
