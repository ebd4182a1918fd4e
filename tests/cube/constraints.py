"""The integrity constraints of the RDF Data Cube Vocabulary, run over a normalized store."""

import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Store

from tipgraph.namespaces import PREFIXES

HERE = Path(__file__).parent
NORMALIZE = (HERE / "normalize.ru").read_text(encoding="utf-8")
PAIRS = "?obs1 qb:dataSet ?dataset ."
DATA_SETS = "SELECT DISTINCT ?x { ?observation qb:dataSet ?x } ORDER BY ?x"
HEADING = re.compile(r"^## (IC-\d+)\. .*$", re.M)


def _read(text: str) -> dict[str, list[str]]:
    """The queries of each constraint, by its number."""
    _, *parts = HEADING.split(text)
    return {
        name: re.split(r"(?m)^(?=(?:ASK|SELECT) )", queries)[1:]
        for name, queries in zip(parts[::2], parts[1::2], strict=True)
    }


CONSTRAINTS = _read((HERE / "constraints.rq").read_text(encoding="utf-8"))


def normalize(store: Store) -> Store:
    """The store, after the normalization algorithm of the recommendation."""
    store.update(NORMALIZE)
    return store


def is_violated(store: Store, constraint: str) -> bool:
    """Return whether a normalized store violates a constraint, such as `IC-12`."""
    return any(_answer(store, query) for query in _instances(store, *CONSTRAINTS[constraint]))


def _instances(store: Store, first: str, *more: str) -> Iterator[str]:
    """The queries; a template is instantiated for each property that the first query finds.

    A query that compares each two observations of a data set runs once for each data set.
    """
    if PAIRS in first:
        for solution in store.query(DATA_SETS, prefixes=PREFIXES):  # type: ignore[union-attr]
            yield first.replace(PAIRS, f"VALUES ?dataset {{ {solution['x']} }} {PAIRS}")
        return
    if first.startswith("ASK"):
        yield from (first, *more)
        return
    for solution in store.query(first, prefixes=PREFIXES):  # type: ignore[union-attr]
        yield from (query.replace("$p", solution["p"].value) for query in more)


def _answer(store: Store, query: str) -> bool:
    # In SPARQL 1.1, HAVING does not see the names that SELECT gives; IC-17 would never answer true.
    standard = query.replace("HAVING (?count", "HAVING (COUNT(?obs2)")
    return bool(store.query(standard, prefixes=PREFIXES))
