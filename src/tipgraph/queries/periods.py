"""The periods that overlap one that a caller asks for, and how each of them relates to it."""

from pyoxigraph import Literal

from tipgraph.rdf.terms import Term
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows

PERIOD = "tip:Period"


def overlapping(engine: Engine, name: str, asked: Term) -> Rows:
    """The periods that share time with a period, itself first.

    The columns are `name` and `name_relation`: `same`, `contains` (the asked period lies within the
    found one), `within`, or `overlaps`. Bounds are inclusive instants.
    """
    rows = engine.select(
        f"""SELECT ?period ?relation {{
          VALUES ?asked {{ {asked} }}
          ?asked  tip:start ?from  ; tip:end ?to .
          ?period tip:start ?start ; tip:end ?end .
          FILTER(?period != ?asked && ?start <= ?to && ?from <= ?end)
          BIND(IF(?start <= ?from && ?to <= ?end, "contains",
               IF(?from <= ?start && ?end <= ?to, "within", "overlaps")) AS ?relation)
        }} ORDER BY ?start ?period"""
    )
    return Rows((name, f"{name}_relation"), ((asked, Literal("same")), *rows.terms))
