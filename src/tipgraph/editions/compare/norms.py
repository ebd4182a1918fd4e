"""The norms of two editions: what both state, what changed, and what only one states."""

from collections.abc import Iterator
from dataclasses import dataclass

from tipgraph.editions.compare.editions import Edition
from tipgraph.editions.compare.statements import Statement, Statements
from tipgraph.store.engine import Engine

KINDS = ("tip:Entitlement", "tip:Obligation", "tip:Power")
STATES = "tip:states"
# In what norms that stand in each other's place are held against each other, and what it is called.
ASPECTS = {
    "cv:holdsRequirement/cv:hasRequirement*/tip:fact": "condition",
    "tip:beneficiary": "beneficiary",
    "tip:grants": "benefit",
    "tip:durationValue": "duration",
}


@dataclass(frozen=True)
class Aspect:
    """A respect in which two norms differ: what only the earlier has, and what only the later."""

    name: str
    earlier: tuple[str, ...]
    later: tuple[str, ...]


@dataclass(frozen=True)
class NormChange:
    """Two norms of which the later stands in the earlier's place."""

    earlier: Statement
    later: Statement
    aspects: tuple[Aspect, ...]
    link: str
    note: str


@dataclass(frozen=True)
class Norms:
    """What the norms of two editions show."""

    changed: tuple[NormChange, ...]
    unchanged: tuple[tuple[Statement, Statement], ...]
    only_earlier: tuple[Statement, ...]
    only_later: tuple[Statement, ...]


def norms(engine: Engine, earlier: Edition, later: Edition) -> Norms:
    """The norms of the two editions, set against each other by the provisions that they state."""
    old, new = (Statements(engine, each, KINDS, [STATES, *ASPECTS]) for each in (earlier, later))
    pairs = list(_pairs(engine, old, new))
    changes = [_change(old, new, *pair) for pair in pairs]
    matched = {iri for one, other, *_ in pairs for iri in (one, other)}
    return Norms(
        tuple(each for each in changes if each.aspects),
        tuple((each.earlier, each.later) for each in changes if not each.aspects),
        tuple(old.told(iri) for iri in old if iri not in matched),
        tuple(new.told(iri) for iri in new if iri not in matched),
    )


def _pairs(engine: Engine, old: Statements, new: Statements) -> Iterator[tuple[str, str, str, str]]:
    """Norms that state one provision, or two that a link relates, with its label and note."""
    links = {
        tuple(map(str, (row["one"], row["other"]))): (str(row["label"]), str(row["note"]))
        for row in engine.select(
            "SELECT ?one ?other ?label ?note { ?link a tip:WordingLink ; rdfs:label ?label ;"
            " skos:scopeNote ?note ; tip:earlier|tip:later ?one ; tip:earlier|tip:later ?other ."
            " ?one a tip:Provision . FILTER(?one != ?other) }"
        )
    }
    for one in old:
        for other in new:
            ends = (*old.values(one, STATES), *new.values(other, STATES))
            if len(ends) == 2 and (ends[0] == ends[1] or ends in links):
                yield one, other, *links.get(ends, ("", ""))


def _change(
    old: Statements, new: Statements, one: str, other: str, link: str, note: str
) -> NormChange:
    aspects = (_aspect(old, new, one, other, path) for path in ASPECTS)
    return NormChange(old.told(one), new.told(other), tuple(filter(None, aspects)), link, note)


def _aspect(old: Statements, new: Statements, one: str, other: str, path: str) -> Aspect | None:
    was, now = old.called(one, path), new.called(other, path)
    gone, come = (tuple(v for v in a if v not in b) for a, b in ((was, now), (now, was)))
    return Aspect(ASPECTS[path], gone, come) if gone or come else None
