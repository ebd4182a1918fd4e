"""Norms, claims and non-reports of two editions, each matched with its counterpart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.entities.editions import Edition
from tipgraph.entities.passages import Passage, passages
from tipgraph.namespaces import CODE, TIP
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine

NORMS = ("tip:Entitlement", "tip:Obligation", "tip:Power")
PROVISION = "tip:states"
# A duration with its unit, such as `3 month` or `permanent`.
DURATION = (
    "?statement tip:durationUnit/skos:prefLabel ?unit"
    " OPTIONAL { ?statement tip:durationValue ?number }"
    ' BIND(CONCAT(IF(BOUND(?number), CONCAT(STR(?number), " "), ""), STR(?unit)) AS ?value)'
)
# The aspects in which two norms are compared, by the path or pattern for their values. The stored
# query `norm-changes` compares the same aspects; a test checks that.
ASPECTS = {
    "cv:holdsRequirement/cv:hasRequirement*/tip:fact": "condition",
    "tip:beneficiary": "beneficiary",
    "tip:grants": "benefit",
    DURATION: "duration",
}

FINDING, REMARK = TIP + "Finding", TIP + "Remark"
CLAIMS = ("tip:Finding", "tip:Caveat", "tip:Remark")
NON_REPORTS = ("tip:NonReport", "tip:AbsenceOfReports")
TOPIC, AFFECTS, SPEAKER, GIST = "tip:topic", "tip:affects", "tip:speaker", "rdfs:label"
BROADER_TOPIC = "tip:topic/skos:broader*"
# A verdict, with the broader ones. Nearly all verdicts are shortcomings, so that one is ignored.
VERDICT = "(tip:outcome|tip:cause)/skos:broader*"
SHORTCOMING = CODE + "shortcoming"


@dataclass(frozen=True)
class Statement:
    """A statement of an edition that is not a figure, with its speakers and passages."""

    iri: str
    label: str
    kind: str
    speakers: tuple[str, ...]
    note: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Aspect:
    """An aspect in which two norms differ: the values that only one of the two has."""

    name: str
    earlier: tuple[str, ...]
    later: tuple[str, ...]


@dataclass(frozen=True)
class NormChange:
    """Two norms: the later replaces the earlier."""

    earlier: Statement
    later: Statement
    aspects: tuple[Aspect, ...]
    link: str
    note: str


@dataclass(frozen=True)
class Norms:
    """The norms of two editions, compared."""

    changed: tuple[NormChange, ...]
    unchanged: tuple[tuple[Statement, Statement], ...]
    only_earlier: tuple[Statement, ...]
    only_later: tuple[Statement, ...]


@dataclass(frozen=True)
class Claims:
    """Statements that both editions make, and those that only one makes.

    `similar` are pairs in which at least one statement is in no pair of `both`. The two are so
    close that neither can be called absent from the other edition.
    """

    both: tuple[tuple[Statement, Statement], ...]
    similar: tuple[tuple[Statement, Statement], ...]
    only_earlier: tuple[Statement, ...]
    only_later: tuple[Statement, ...]


def compare_norms(engine: Engine, earlier: Edition, later: Edition) -> Norms:
    """The norms of two editions, matched by the provisions that they state."""
    old, new = (
        _Statements(engine, each, NORMS, [PROVISION, *ASPECTS]) for each in (earlier, later)
    )
    pairs = list(_norm_pairs(engine, old, new))
    changes = [_norm_change(old, new, *pair) for pair in pairs]
    matched = {iri for one, other, *_ in pairs for iri in (one, other)}
    return Norms(
        tuple(each for each in changes if each.aspects),
        tuple((each.earlier, each.later) for each in changes if not each.aspects),
        tuple(old.statement(iri) for iri in old if iri not in matched),
        tuple(new.statement(iri) for iri in new if iri not in matched),
    )


def compare_claims(engine: Engine, earlier: Edition, later: Edition) -> Claims:
    """Findings and caveats, matched by verdict or cause and by topic; and remarks.

    Two findings must also affect the same persons; otherwise they are similar. Their speakers are
    not compared: each statement keeps its own. Two remarks match where topic, speaker and gist are
    the same, and are never similar: their topic alone does not show what they say.
    """
    return _compare(engine, earlier, later, CLAIMS)


def compare_non_reports(engine: Engine, earlier: Edition, later: Edition) -> Claims:
    """Non-reports and absences of reports, matched by kind and by the same topics.

    Those that share a topic or a broader one are similar.
    """
    return _compare(engine, earlier, later, NON_REPORTS)


class _Statements:
    """The statements of some kinds that an edition makes, and the values of their properties.

    An inference of ours is no statement of the edition.
    """

    def __init__(
        self, engine: Engine, edition: Edition, kinds: Iterable[str], paths: Iterable[str]
    ) -> None:
        """`kinds` are prefixed names.

        `paths` are property paths for `values`, or graph patterns with ?statement and ?value.
        """
        rows = engine.select(
            f"SELECT DISTINCT ?statement ?kind {{ VALUES ?kind {{ {' '.join(kinds)} }}"
            f" ?statement a ?kind ; tip:edition {NamedNode(edition.iri)}"
            " FILTER NOT EXISTS { ?statement tip:speaker id:tipgraph } } ORDER BY ?statement"
        )
        self._kinds = {str(row["statement"]): str(row["kind"]) for row in rows}
        self._iris: set[str] = set()
        paths = [*paths, "tip:speaker", "tip:evidence", "skos:scopeNote"]
        self._values = {path: self._select(engine, path) for path in paths}
        self._labels = entities.labels(engine, {*self._kinds, *self._kinds.values(), *self._iris})
        evidence = [iri for iris in self._values["tip:evidence"].values() for iri in iris]
        self._passages = passages(engine, evidence)

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def values(self, statement: str, path: str) -> list[str]:
        """The values of a path from the statement, as IRIs and plain texts."""
        return self._values[path].get(statement, [])

    def labels(self, statement: str, path: str) -> tuple[str, ...]:
        """The values of a path from the statement, with labels instead of IRIs."""
        return tuple(self._labels.get(each, each) for each in self.values(statement, path))

    def kind(self, statement: str) -> str:
        """The IRI of the statement's kind."""
        return self._kinds[statement]

    def statement(self, iri: str) -> Statement:
        """The statement with its label, speakers and passages."""
        evidence = set(self.values(iri, "tip:evidence"))
        return Statement(
            iri=iri,
            label=self._labels.get(iri, iri),
            kind=self._labels.get(self._kinds[iri], ""),
            speakers=self.labels(iri, "tip:speaker"),
            note=" ".join(self.values(iri, "skos:scopeNote")),
            passages=tuple(each for name, each in self._passages.items() if name in evidence),
        )

    def _select(self, engine: Engine, path: str) -> dict[str, list[str]]:
        pattern = path if "?value" in path else f"?statement {path} ?value"
        rows = engine.select(
            f"SELECT DISTINCT ?statement ?value {{ VALUES ?statement {{ {terms(self._kinds)} }}"
            f" {pattern} }} ORDER BY ?statement ?value"
        )
        self._iris.update(each.value for _, each in rows.terms if isinstance(each, NamedNode))
        return rows.grouped()


def _norm_pairs(
    engine: Engine, old: _Statements, new: _Statements
) -> Iterator[tuple[str, str, str, str]]:
    """Norms that state one provision or two linked ones, with the link's label and note."""
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
            ends = (*old.values(one, PROVISION), *new.values(other, PROVISION))
            if len(ends) == 2 and (ends[0] == ends[1] or ends in links):
                yield one, other, *links.get(ends, ("", ""))


def _norm_change(
    old: _Statements, new: _Statements, one: str, other: str, link: str, note: str
) -> NormChange:
    aspects = (_aspect(old, new, one, other, path) for path in ASPECTS)
    return NormChange(
        old.statement(one), new.statement(other), tuple(filter(None, aspects)), link, note
    )


def _aspect(old: _Statements, new: _Statements, one: str, other: str, path: str) -> Aspect | None:
    before, after = old.labels(one, path), new.labels(other, path)
    removed = tuple(each for each in before if each not in after)
    added = tuple(each for each in after if each not in before)
    return Aspect(ASPECTS[path], removed, added) if removed or added else None


def _compare(engine: Engine, earlier: Edition, later: Edition, kinds: Sequence[str]) -> Claims:
    paths = [TOPIC, BROADER_TOPIC, AFFECTS, VERDICT, GIST]
    old, new = (_Statements(engine, edition, kinds, paths) for edition in (earlier, later))
    close = [(one, other) for one in old for other in new if _are_similar(old, one, new, other)]
    both = [pair for pair in close if _are_same(old, pair[0], new, pair[1])]
    matched = {iri for pair in both for iri in pair}
    similar = [pair for pair in close if not matched.issuperset(pair)]
    paired = {iri for pair in close for iri in pair}
    return Claims(
        tuple((old.statement(one), new.statement(other)) for one, other in both),
        tuple((old.statement(one), new.statement(other)) for one, other in similar),
        tuple(old.statement(iri) for iri in old if iri not in paired),
        tuple(new.statement(iri) for iri in new if iri not in paired),
    )


def _are_similar(old: _Statements, one: str, new: _Statements, other: str) -> bool:
    """Return whether the two share kind, topic and verdict; only findings must have a verdict."""
    if old.kind(one) != new.kind(other):
        return False
    if old.kind(one) == REMARK:
        return _are_same(old, one, new, other)
    topics = set(old.values(one, BROADER_TOPIC)) & set(new.values(other, BROADER_TOPIC))
    before = set(old.values(one, VERDICT)) - {SHORTCOMING}
    after = set(new.values(other, VERDICT)) - {SHORTCOMING}
    without_verdict = old.kind(one) != FINDING and not (before or after)
    return bool(topics) and (without_verdict or bool(before & after))


def _are_same(old: _Statements, one: str, new: _Statements, other: str) -> bool:
    """Return whether two similar statements are about the same topics and persons."""
    before, after = set(old.values(one, TOPIC)), set(new.values(other, TOPIC))
    if old.kind(one) == REMARK:
        same_speaker = set(old.values(one, SPEAKER)) == set(new.values(other, SPEAKER))
        return before == after and same_speaker and _gist(old, one) == _gist(new, other)
    if not old.values(one, VERDICT):
        return before == after
    same_persons = set(old.values(one, AFFECTS)) == set(new.values(other, AFFECTS))
    return bool(before & after) and (same_persons or old.kind(one) != FINDING)


def _gist(statements: _Statements, remark: str) -> set[str]:
    """Return the words of a remark, without its case and its full stop."""
    return {each.rstrip(".").casefold() for each in statements.values(remark, GIST)}
