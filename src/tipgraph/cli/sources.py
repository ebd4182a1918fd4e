"""`tipgraph sources`."""

from dataclasses import replace
from typing import Any

import click
from pyoxigraph import Literal, NamedNode

from tipgraph.cli.options import (
    area_option,
    columns_option,
    csv_safe_option,
    for_people,
    format_option,
    graph_options,
    iris_option,
    note,
    opened,
    write,
)
from tipgraph.cli.query import LABELLED_FORMATS, chosen, default_format, rendered
from tipgraph.entities.editions import COMPLETE
from tipgraph.rdf.terms import Term
from tipgraph.render.answer import AnswerRows
from tipgraph.render.results import ROW_FORMATS
from tipgraph.store.rows import grouped


@click.command("sources")
@area_option
@format_option(*LABELLED_FORMATS, *ROW_FORMATS, help="Output format; TSV in a pipe.")
@columns_option
@iris_option
@csv_safe_option
@graph_options
def command(
    areas: tuple[str, ...],
    style: str | None,
    columns: str | None,
    iris: bool,
    csv_safe: bool,
    data: tuple[str, ...],
    no_bundled: bool,
) -> None:
    """List the editions in the graph, with coverage and the digest of each pinned text.

    This runs the stored query sources; on a terminal, without COUNTRY, there is one line for the
    editions of each country. To compare a text of your own with the digest, use 'tipgraph
    coverage EDITION --text FILE'.
    """
    graph = opened(data, no_bundled)
    rows = graph.rows("sources", **({"area": areas} if areas else {}))
    if for_people() and not (areas or style):
        write(rendered(graph, by_country(rows), "table", (), iris, csv_safe))
        note("'tipgraph sources --area COUNTRY' lists the editions of a country")
        return
    style = style or default_format(rows)
    write(rendered(graph, rows, style, chosen(rows, columns), iris, csv_safe))


def by_country(rows: AnswerRows) -> AnswerRows:
    """One row for each country, with the number and the years of its editions, and their sums."""
    found = grouped((str(row["area"]), row) for row in rows)
    columns = ("area", "editions", "complete", "years", "statements", "figures")
    return replace(rows, columns=columns, terms=tuple(_country(*e) for e in found.items()))


def _country(area: str, editions: list[dict[str, Any]]) -> tuple[Term, ...]:
    years = sorted(each["year"] for each in editions)
    complete = sum(each["coverage"] == COMPLETE for each in editions)
    sums = (sum(each[name] or 0 for each in editions) for name in ("statements", "figures"))
    span = str(years[0]) if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
    values = (len(editions), complete, span, *sums)
    return NamedNode(area), *(Literal(each) for each in values)
