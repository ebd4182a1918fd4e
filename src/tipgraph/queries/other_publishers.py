"""Publishers of documents that have figures on the same notions as an answer on editions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import BoundQuery, command, on_areas
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine, Rows
from tipgraph.text import join

# The columns, and the parameter, that name what an answer counts.
INDICATOR = "indicator"
INDICATORS = (INDICATOR, "reported_indicator")
# An answer on more countries names nobody: almost all of them have such figures.
MOST_AREAS = 3


@dataclass(frozen=True)
class OtherPublishers:
    """The publishers of an answer, and the others, the ones with the most figures first.

    `query` lists the figures of all of them on the countries, which `areas` has by code.
    """

    own: tuple[str, ...]
    others: tuple[str, ...]
    query: str
    areas: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return whose figures the answer has, and who has some too."""
        have = "have" if self.others[1:] else "has"
        own = f"publisher: {join(self.own)}; " if self.own else ""
        return f"{own}{join(self.others)} {have} figures on this too"

    def __str__(self) -> str:
        return f"{self.sentence}: {on_areas(command(self.query, {}), self.areas)}"


def of_answer(engine: Engine, bound: BoundQuery, rows: Rows) -> OtherPublishers | None:
    """Return the other publishers of an answer on few countries, if there are any.

    They are on what its rows count or, without a row, on what was asked for.
    """
    scope = bound.scope
    if scope is None or not bound.query.beside:
        return None
    areas = scope.areas or (each.area for each in scope.editions if scope.is_bound)
    own = (each.publisher_label for each in scope.editions if each.publisher_label)
    named = tuple(dict.fromkeys(filter(None, areas)))
    others = publishers(engine, named, _indicators(engine, bound, rows))
    if not others:
        return None
    codes = tuple(map(last_part, named))
    return OtherPublishers(tuple(dict.fromkeys(own)), tuple(others), bound.query.beside, codes)


def publishers(engine: Engine, areas: Sequence[str], indicators: Iterable[str]) -> list[str]:
    """The publishers of documents with figures on these countries and notions, by their names.

    Those with the most figures come first; none where the countries are many.
    """
    if not 0 < len(areas) <= MOST_AREAS:
        return []
    rows = engine.select(
        "SELECT ?name (COUNT(DISTINCT ?figure) AS ?number)"
        f" {{ {figures_of(areas, indicators)} ?publisher rdfs:label ?name }}"
        " GROUP BY ?name ORDER BY DESC(?number) ?name"
    )
    return [str(name) for name in rows.column("name")]


def figures_of(areas: Iterable[str], indicators: Iterable[str]) -> str:
    """A pattern for `?figure` of a `?document` by a `?publisher`, on these countries and notions.

    A figure is on a notion where the indicator that its words come nearest to says the same as one
    of these, or is close to it.
    """
    known = terms(list(indicators))
    return (
        " { SELECT DISTINCT ?nearest {"
        f" {{ VALUES ?notion {{ {known} }} ?nearest tip:standsFor ?notion }} UNION"
        f" {{ VALUES ?indicator {{ {known} }} ?indicator tip:standsFor ?same ."
        " ?nearest tip:standsFor ?same } } }"
        f" VALUES ?area {{ {terms(areas)} }}"
        " ?figure tip:nearestIndicator ?nearest ; tip:document ?document ."
        " ?document dcterms:spatial ?area ; dcterms:publisher ?publisher ."
    )


def _indicators(engine: Engine, bound: BoundQuery, rows: Rows) -> list[str]:
    named = (
        term.value
        for column in INDICATORS
        if column in rows.columns
        for term in dict.fromkeys(row[rows.columns.index(column)] for row in rows.terms)
        if isinstance(term, NamedNode)
    )
    asked = bound.parameters.get(INDICATOR)
    if rows or asked is None:
        return list(dict.fromkeys(named))
    parameter = next(each for each in bound.query.params if each.name == INDICATOR)
    _, found = parameter.table(engine, asked)
    return [term.value for (term,) in found if isinstance(term, NamedNode)]
