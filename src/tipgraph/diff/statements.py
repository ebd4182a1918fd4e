"""The norms, claims and non-reports of two editions side by side.

Norms are paired where they state one provision; other statements stand by topic.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode

from tipgraph.namespaces import OURSELVES
from tipgraph.rdf.sparql import terms
from tipgraph.show.statements import Statement
from tipgraph.store.engine import Engine, grouped, matching

NORMS = ("tip:Entitlement", "tip:Obligation", "tip:Power")
CLAIMS = ("tip:Finding", "tip:Caveat", "tip:Remark")
NON_REPORTS = ("tip:NonReport", "tip:AbsenceOfReports")

# The provisions that norms state, and those that a link of wording puts in their place.
STATED = (
    "SELECT ?norm ?provision ?label ?note {"
    " ?norm tip:states ?provision . ?provision rdfs:label ?label }"
)
LINKED = (
    "SELECT ?norm ?provision ?label ?note { ?norm tip:states ?own ."
    " ?link a tip:WordingLink ; tip:earlier|tip:later ?own ; tip:earlier|tip:later ?provision ;"
    " rdfs:label ?label ; skos:scopeNote ?note FILTER(?own != ?provision) }"
)


@dataclass(frozen=True)
class Topic:
    """The statements of two editions on one topic; norms of one provision have its label."""

    label: str
    earlier: tuple[Statement, ...]
    later: tuple[Statement, ...]
    note: str = ""


def norms(engine: Engine, statements: Sequence[Sequence[Statement]]) -> Iterator[Topic]:
    """Norms that state one provision, or two that a link of wording relates; then the others."""
    old, new = _of_kinds(engine, NORMS, statements)
    stated, linked = (
        {
            (str(row["norm"]), str(row["provision"])): (str(row["label"]), str(row["note"] or ""))
            for row in engine.select(query)
        }
        for query in (STATED, LINKED)
    )
    matched = set()
    for one in old:
        for other in new:
            ends = [(one.iri, provision) for norm, provision in stated if norm == other.iri]
            found = [known[end] for known in (stated, linked) for end in ends if end in known]
            if found:
                label, note = found[0]
                matched |= {one.iri, other.iri}
                yield Topic(label, (one,), (other,), note)
    rest = [tuple(each for each in side if each.iri not in matched) for side in (old, new)]
    yield Topic("", rest[0], ())
    yield Topic("", (), rest[1])


def by_topic(
    engine: Engine, kinds: Sequence[str], stated: Sequence[Sequence[Statement]]
) -> tuple[Topic, ...]:
    """The statements of these kinds, each under the one of its topics that most of them have."""
    sides = _of_kinds(engine, kinds, stated)
    rows = engine.select(
        f"SELECT ?statement ?name {{ VALUES ?statement {{ {terms(e.iri for e in chain(*sides))} }}"
        " ?statement tip:topic/skos:prefLabel ?name }"
    )
    topics = rows.grouped()
    common = Counter(name for names in topics.values() for name in names)
    earlier, later = (
        grouped((max(topics[e.iri], key=lambda name: (common[name], name)), e) for e in side)
        for side in sides
    )
    names = sorted({*earlier, *later})
    return tuple(Topic(name, tuple(earlier[name]), tuple(later[name])) for name in names)


def _of_kinds(
    engine: Engine, kinds: Sequence[str], sides: Iterable[Sequence[Statement]]
) -> list[list[Statement]]:
    """The statements of these kinds on each side. An inference of ours is none of the edition."""
    others = f"?thing tip:speaker ?speaker FILTER(?speaker != {NamedNode(OURSELVES)})"
    wanted = {*matching(engine, f"VALUES ?kind {{ {' '.join(kinds)} }} ?thing a ?kind . {others}")}
    return [[each for each in side if each.iri in wanted] for side in sides]
