"""The kinds of an entity: its classes without those that only gather others."""

from collections.abc import Iterable
from itertools import chain

from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine


def leaf_kinds(engine: Engine, iris: Iterable[str]) -> dict[str, list[str]]:
    """The classes of each entity, without superclasses of other ones of them."""
    rows = engine.select(
        f"SELECT DISTINCT ?thing ?kind {{ VALUES ?thing {{ {terms(iris)} }} ?thing a ?kind"
        " FILTER(isIRI(?kind)) } ORDER BY ?kind"
    )
    kinds = rows.grouped()
    wider = _wider(engine, chain.from_iterable(kinds.values()))
    for thing, all_kinds in kinds.items():
        above = set().union(*(wider[kind] for kind in all_kinds))
        kinds[thing] = [kind for kind in all_kinds if kind not in above]
    return kinds


def _wider(engine: Engine, kinds: Iterable[str]) -> dict[str, list[str]]:
    """The superclasses of each class."""
    wanted = terms(kinds)
    if not wanted:
        return {}
    rows = engine.select(
        f"SELECT DISTINCT ?kind ?wider {{ VALUES ?kind {{ {wanted} }}"
        " ?kind rdfs:subClassOf/rdfs:subClassOf* ?wider FILTER(?kind != ?wider) }"
    )
    return rows.grouped()
