"""What is claimed in two editions, and what is said not to have been reported."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipgraph.differences.editions import Edition
from tipgraph.differences.statements import Statement, Statements
from tipgraph.engines import Engine
from tipgraph.vocabulary import TIP

FINDING = TIP + "Finding"
CLAIMS = ("tip:Finding", "tip:Caveat")
GAPS = ("tip:NonReport", "tip:AbsenceOfReports")
TOPIC, AFFECTS = "tip:topic", "tip:affects"
# A verdict, and the wider ones that it is a case of. Nearly all are shortcomings: that says little.
VERDICT = "(tip:outcome|tip:cause)/skos:broader*"
ANY = "https://w3id.org/tipgraph/code/shortcoming"


@dataclass(frozen=True)
class Claims:
    """Statements that both editions hold, and those that only one holds."""

    both: tuple[tuple[Statement, Statement], ...]
    only_earlier: tuple[Statement, ...]
    only_later: tuple[Statement, ...]


def claims(engine: Engine, earlier: Edition, later: Edition) -> Claims:
    """Findings and caveats: one matches another of the same verdict or cause on a like topic.

    Findings must also touch the same persons.

    What they say is not weighed: each stands with its speakers, who may be others.
    """
    return _compared(engine, earlier, later, CLAIMS)


def gaps(engine: Engine, earlier: Edition, later: Edition) -> Claims:
    """Non-reports and absences of reports: one matches another of its kind on the same topics."""
    return _compared(engine, earlier, later, GAPS)


def _compared(engine: Engine, earlier: Edition, later: Edition, kinds: Sequence[str]) -> Claims:
    old, new = (
        Statements(engine, edition, kinds, [TOPIC, AFFECTS, VERDICT])
        for edition in (earlier, later)
    )
    pairs = [(one, other) for one in old for other in new if _alike(old, one, new, other)]
    matched = {iri for pair in pairs for iri in pair}
    return Claims(
        tuple((old.told(one), new.told(other)) for one, other in pairs),
        tuple(old.told(iri) for iri in old if iri not in matched),
        tuple(new.told(iri) for iri in new if iri not in matched),
    )


def _alike(old: Statements, one: str, new: Statements, other: str) -> bool:
    def both(path: str) -> tuple[set[str], set[str]]:
        return set(old.values(one, path)) - {ANY}, set(new.values(other, path)) - {ANY}

    kind = old.kind(one)
    (verdict, its), (topics, others), (affected, whom) = both(VERDICT), both(TOPIC), both(AFFECTS)
    if kind != new.kind(other):
        return False
    if kind == FINDING:
        return bool(verdict & its and topics & others) and affected == whom
    return bool(verdict & its and topics & others) if verdict or its else topics == others
