"""Other entities that a reader of one should look at, each with the reason."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from tipgraph.lookup import entities
from tipgraph.store.engine import Engine

# A name in lower case, without what follows it in brackets, such as the country or the edition.
PLAIN = "REPLACE(LCASE(STR({})), ' *[(][^)]*[)]$', '')"
# Places in a text, and what a rule derives for a statement, take their names from others.
UNNAMED = "tip:Sentence, tip:Citation, tip:Derived"
ANOTHER_COUNTRY = (
    "FILTER NOT EXISTS { ?thing dcterms:spatial ?here . ?other dcterms:spatial ?there"
    " FILTER(?here != ?there) }"
)
# Each group finds an ?other for the ?thing, and the ?reason.
REASONS = (
    f"""
    ?thing {entities.NAMES} ?own . ?other {entities.NAMES} ?name
    FILTER({PLAIN.format("?own")} = {PLAIN.format("?name")}) {ANOTHER_COUNTRY}
    FILTER NOT EXISTS {{ ?other a ?kind FILTER(?kind IN ({UNNAMED})) }}
    BIND('same name' AS ?reason)
    """,
    f"""
    ?holding tip:holder ?other ; tip:role/skos:prefLabel ?role . ?thing {entities.NAMES} ?own
    FILTER({PLAIN.format("?own")} = LCASE(STR(?role))) {ANOTHER_COUNTRY}
    BIND(CONCAT('holds the role: ', STR(?role)) AS ?reason)
    """,
    f"""
    ?holding tip:holder ?thing ; tip:role/skos:prefLabel ?role . ?other {entities.NAMES} ?name
    FILTER({PLAIN.format("?name")} = LCASE(STR(?role))) {ANOTHER_COUNTRY}
    BIND(CONCAT('named as its role: ', STR(?role)) AS ?reason)
    """,
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


def see_also(engine: Engine, iri: str) -> tuple[Related, ...]:
    """The entities to look at besides this one, by their labels."""
    thing = str(NamedNode(iri))
    if engine.ask(f"ASK {{ {thing} a ?kind FILTER(?kind IN ({UNNAMED})) }}"):
        return ()
    groups = " UNION ".join(f"{{ {group.replace('?thing', thing)} }}" for group in REASONS)
    rows = engine.select(
        f"SELECT DISTINCT ?other ?reason {{ {{ {groups} }} FILTER(?other != {thing}) }}"
        " ORDER BY ?other ?reason"
    )
    reasons = rows.grouped()
    known = entities.labels(engine, reasons)
    found = [
        Related(other, known.get(other, entities.slug(other)), tuple(reasons[other]))
        for other in reasons
    ]
    return tuple(sorted(found, key=lambda each: (each.label, each.iri)))
