"""Other entities that a reader of one should look at, each with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from tipgraph import entities
from tipgraph.entities.batches import by_subject
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows

# A name in lower case, without what follows it in brackets, such as the country or the edition.
# From COALESCE an engine knows that there always is one; else it compares all names with all.
PLAIN = "COALESCE(REPLACE(LCASE(STR({})), ' *[(][^)]*[)]$', ''), '')"
# Places in a text, and what a rule derives for a statement, take their names from others.
NAMED = (
    "FILTER NOT EXISTS {{ {} a ?kind FILTER(?kind IN (tip:Sentence, tip:Citation, tip:Derived)) }}"
)
# An ?other with a name of its own, and not of another country than the ?thing.
OTHER = NAMED.format("?other") + (
    " FILTER NOT EXISTS { ?thing dcterms:spatial ?here . ?other dcterms:spatial ?there"
    " FILTER(?here != ?there) }"
)
# The plain names of each ?thing that is {wanted} and of every ?other. Joined as values, they take
# one pass over the names for any number of things.
OF_THING = (
    f"{{ SELECT ?thing ?plain {{ {{wanted}} ?thing {entities.NAMES} ?own"
    f" BIND({PLAIN.format('?own')} AS ?plain) }} }}"
)
OF_OTHERS = (
    f"{{ SELECT ?other ?plain {{ ?other {entities.NAMES} ?name"
    f" BIND({PLAIN.format('?name')} AS ?plain) }} }}"
)
HOLDER = "?holding tip:holder {} ; tip:role/skos:prefLabel ?role BIND(LCASE(STR(?role)) AS ?plain)"
# Each group finds an ?other for the ?thing, and the ?reason.
REASONS = (
    f"{OF_THING} {OF_OTHERS} {OTHER} BIND('same name' AS ?reason)",
    f"{OF_THING} {{ SELECT ?other ?plain ?role {{ {HOLDER.format('?other')} }} }} {OTHER}"
    " BIND(CONCAT('holds the role: ', STR(?role)) AS ?reason)",
    f"{{ SELECT ?thing ?plain ?role {{ {{wanted}} {HOLDER.format('?thing')} }} }} {OF_OTHERS}"
    f" {OTHER} BIND(CONCAT('named as its role: ', STR(?role)) AS ?reason)",
    """
    ?thing a tip:State ; dcterms:spatial ?country . ?other dcterms:spatial ?country ;
    a tip:Government BIND('its government' AS ?reason)
    """,
    """
    ?thing a tip:Government ; dcterms:spatial ?country . ?other dcterms:spatial ?country ;
    a tip:State BIND('its state' AS ?reason)
    """,
    "?thing a tip:State ; dcterms:spatial ?other BIND('its country' AS ?reason)",
    "?other a tip:State ; dcterms:spatial ?thing BIND('its state' AS ?reason)",
    "?other a tip:Government ; dcterms:spatial ?thing BIND('its government' AS ?reason)",
    "?thing tip:isPartOf ?other BIND('what it is part of' AS ?reason)",
    "?other tip:isPartOf ?thing BIND('part of it' AS ?reason)",
    "?thing tip:states ?stated . ?other tip:states ?stated BIND('same provision' AS ?reason)",
    "?link tip:earlier ?thing ; tip:later ?other BIND('later wording' AS ?reason)",
    "?link tip:later ?thing ; tip:earlier ?other BIND('earlier wording' AS ?reason)",
    "?other skos:broader ?thing BIND('narrower' AS ?reason)",
    "?other skos:related ?thing BIND('related' AS ?reason)",
)


@dataclass(frozen=True)
class Related:
    """Another entity, with the reasons to look at it."""

    iri: str
    label: str
    reasons: tuple[str, ...]


def see_also(engine: Engine, iris: Iterable[str]) -> dict[str, tuple[Related, ...]]:
    """The entities to look at besides each one, by their labels."""
    found: dict[str, tuple[Related, ...]] = dict.fromkeys(iris, ())
    reasons = by_subject(engine, found, _query, _reasons)
    labels = entities.labels(engine, chain.from_iterable(reasons.values()))
    for thing, others in reasons.items():
        related = (
            Related(other, labels.get(other, entities.slug(other)), tuple(others[other]))
            for other in others
        )
        found[thing] = tuple(sorted(related, key=lambda each: (each.label, each.iri)))
    return found


def _query(iris: str) -> str:
    """The query for all reasons, for `by_subject`."""
    wanted = f"VALUES ?thing {{ {iris} }} {NAMED.format('?thing')}"
    groups = (f"{{ {wanted} {group.replace('{wanted}', wanted)} }}" for group in REASONS)
    return (
        f"SELECT DISTINCT ?thing ?other ?reason {{ {{ {' UNION '.join(groups)} }}"
        " FILTER(?other != ?thing) } ORDER BY ?thing ?other ?reason"
    )


def _reasons(rows: Rows) -> dict[str, dict[str, list[str]]]:
    """Of each thing the others, each with the reasons."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        others = found.setdefault(str(row["thing"]), {})
        others.setdefault(str(row["other"]), []).append(str(row["reason"]))
    return found
