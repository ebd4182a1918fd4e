"""The relations of an actor, of a category of persons, or of the bodies of a country."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from tipgraph import entities
from tipgraph.entities.batches import by_subject
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows


@dataclass(frozen=True)
class Relation:
    """A relation between two parties by their labels, with the number of statements of it."""

    subject: str
    relation: str
    object: str
    statements: int


def relations(
    engine: Engine, iris: Iterable[str], editions: Sequence[str] = ()
) -> dict[str, tuple[Relation, ...]]:
    """The relations of each thing, most often stated first; of these editions, if any is given."""
    limit = f"?statement tip:edition ?edition VALUES ?edition {{ {terms(editions)} }}"

    def query(iris: str) -> str:
        return (
            "SELECT ?thing ?subject ?relation ?object (COUNT(DISTINCT ?statement) AS ?count) {"
            " { SELECT DISTINCT ?thing ?edge {"
            f" VALUES ?thing {{ {iris} }} {{ ?edge tip:subject|tip:object ?thing }} UNION"
            " { ?body dcterms:spatial ?thing . ?edge tip:subject|tip:object ?body } } }"
            " ?edge tip:subject ?subject ; tip:relation|tip:connectedBy ?relation ;"
            " tip:object ?object ; prov:wasDerivedFrom ?statement ."
            f" {limit if editions else ''} }} GROUP BY ?thing ?subject ?relation ?object"
            " ORDER BY ?thing DESC(?count) ?subject ?relation ?object"
        )

    found = by_subject(engine, iris, query, _by_thing)
    ends = ("subject", "relation", "object")
    named = {str(row[end]) for row in chain.from_iterable(found.values()) for end in ends}
    labels = entities.labels(engine, named)

    def relation(row: Mapping[str, Value]) -> Relation:
        subject, verb, other = (labels.get(str(row[end]), str(row[end])) for end in ends)
        return Relation(subject, verb, other, int(str(row["count"])))

    return {iri: tuple(map(relation, rows)) for iri, rows in found.items()}


def _by_thing(rows: Rows) -> dict[str, list[Mapping[str, Value]]]:
    found: dict[str, list[Mapping[str, Value]]] = {}
    for row in rows:
        found.setdefault(str(row["thing"]), []).append(row)
    return found
