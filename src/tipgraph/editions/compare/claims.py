"""What is claimed in two editions, and what is said not to have been reported."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipgraph.editions.compare.editions import Edition
from tipgraph.editions.compare.statements import Statement, Statements
from tipgraph.namespaces import TIP
from tipgraph.store.engine import Engine

FINDING = TIP + "Finding"
CLAIMS = ("tip:Finding", "tip:Caveat")
GAPS = ("tip:NonReport", "tip:AbsenceOfReports")
TOPIC, AFFECTS = "tip:topic", "tip:affects"
WIDER_TOPIC = "tip:topic/skos:broader*"
# A verdict, and the wider ones that it is a case of. Nearly all are shortcomings: that says little.
VERDICT = "(tip:outcome|tip:cause)/skos:broader*"
ANY = "https://w3id.org/tipgraph/code/shortcoming"


@dataclass(frozen=True)
class Claims:
    """Statements that both editions hold, and those that only one holds.

    `akin` are pairs of which at least one is in no pair of `both`: the two are near enough that of
    neither it can be said that the other edition does not state it.
    """

    both: tuple[tuple[Statement, Statement], ...]
    akin: tuple[tuple[Statement, Statement], ...]
    only_earlier: tuple[Statement, ...]
    only_later: tuple[Statement, ...]


def claims(engine: Engine, earlier: Edition, later: Edition) -> Claims:
    """Findings and caveats: one matches another of the same verdict or cause on a like topic.

    Findings must also touch the same persons, else they are akin. What they say is not weighed:
    each stands with its speakers, who may be others.
    """
    return _compared(engine, earlier, later, CLAIMS)


def gaps(engine: Engine, earlier: Edition, later: Edition) -> Claims:
    """Non-reports and absences of reports: one matches another of its kind on the same topics.

    Those that share a topic, or a wider one, are akin.
    """
    return _compared(engine, earlier, later, GAPS)


def _compared(engine: Engine, earlier: Edition, later: Edition, kinds: Sequence[str]) -> Claims:
    paths = [TOPIC, WIDER_TOPIC, AFFECTS, VERDICT]
    old, new = (Statements(engine, edition, kinds, paths) for edition in (earlier, later))
    near = [(one, other) for one in old for other in new if _akin(old, one, new, other)]
    both = [pair for pair in near if _alike(old, pair[0], new, pair[1])]
    matched = {iri for pair in both for iri in pair}
    akin = [pair for pair in near if not matched.issuperset(pair)]
    told = {iri for pair in near for iri in pair}
    return Claims(
        tuple((old.told(one), new.told(other)) for one, other in both),
        tuple((old.told(one), new.told(other)) for one, other in akin),
        tuple(old.told(iri) for iri in old if iri not in told),
        tuple(new.told(iri) for iri in new if iri not in told),
    )


def _akin(old: Statements, one: str, new: Statements, other: str) -> bool:
    """Whether the two are of a kind, share a topic, and a verdict; only findings must give one."""
    if old.kind(one) != new.kind(other):
        return False
    topics, others = set(old.values(one, WIDER_TOPIC)), set(new.values(other, WIDER_TOPIC))
    verdict, its = set(old.values(one, VERDICT)) - {ANY}, set(new.values(other, VERDICT)) - {ANY}
    unjudged = old.kind(one) != FINDING and not (verdict or its)
    return bool(topics & others) and (unjudged or bool(verdict & its))


def _alike(old: Statements, one: str, new: Statements, other: str) -> bool:
    """Whether two that are akin say it of the same."""
    topics, others = set(old.values(one, TOPIC)), set(new.values(other, TOPIC))
    if not old.values(one, VERDICT):
        return topics == others
    affected, whom = set(old.values(one, AFFECTS)), set(new.values(other, AFFECTS))
    return bool(topics & others) and (old.kind(one) != FINDING or affected == whom)
