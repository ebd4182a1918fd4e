"""The score of a draft: precision, recall and F1 for each kind and field against the graph."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pyoxigraph import NamedNode

from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine
from tipgraph_draft.candidate import Candidate
from tipgraph_draft.codes import Codes, codes_of

COLUMNS = ("kind", "field", "in_graph", "drafted", "right", "precision", "recall", "f1")
NOT_STATED = "not stated"
# The fields of each kind that the graph has in a form that can be compared.
FIELDS = {
    "figure": ("period", "prior", "part", "unit", "indicator"),
    "amount": ("period", "prior", "converted", "each", "qualifier"),
    "claim": ("act",),
    "non-report": (),
    "absence": (),
    "duration": (),
    "training": (),
}


@dataclass(frozen=True)
class Fact:
    """A compared row: the kind, the sentence, what identifies it, and its fields."""

    kind: str
    sentence: str
    key: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldScore:
    """The score of a kind, or of a field of its rows that were found."""

    kind: str
    name: str
    in_graph: int
    drafted: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.drafted if self.drafted else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.in_graph if self.in_graph else 1.0

    @property
    def f1(self) -> float:
        total = self.in_graph + self.drafted
        return 2 * self.right / total if total else 1.0

    def cells(self) -> tuple[str, ...]:
        numbers = (self.in_graph, self.drafted, self.right)
        ratios = (f"{each:.2f}" for each in (self.precision, self.recall, self.f1))
        return (self.kind, self.name, *map(str, numbers), *ratios)


@dataclass(frozen=True)
class Score:
    """The scores, and the confusions: what the graph has and the draft has instead."""

    fields: tuple[FieldScore, ...]
    confusions: tuple[str, ...]

    def f1(self, kind: str, name: str = "row") -> float:
        """The F1 of a field of a kind."""
        return next(each.f1 for each in self.fields if (each.kind, each.name) == (kind, name))


def score(engine: Engine, edition: str, candidates: Sequence[Candidate]) -> Score:
    """Compare candidates with what a graph has for an edition, by its IRI."""
    codes = codes_of(engine)
    kinds = (_figures, _amounts, _uncounted, _claims, _durations)
    expected = [fact for facts in kinds for fact in facts(engine, edition)]
    drafted = _unique([_drafted(each, codes) for each in candidates])
    return compare(expected, drafted)


def compare(expected: Sequence[Fact], drafted: Sequence[Fact]) -> Score:
    """The score of what was drafted against what was expected."""
    scores: list[FieldScore] = []
    confusions: list[str] = []
    for kind, names in FIELDS.items():
        wanted = [each for each in expected if each.kind == kind]
        found = [each for each in drafted if each.kind == kind]
        pairs, missed, extra = _pair(wanted, found)
        scores.append(FieldScore(kind, "row", len(wanted), len(found), len(pairs)))
        confusions += [f"{each.sentence} {kind} {each.key}: missing" for each in missed]
        confusions += [f"{each.sentence} {kind} {each.key}: not in the graph" for each in extra]
        whole = 0
        right: Counter[str] = Counter()
        for want, have in pairs:
            wrong = [name for name in names if want.fields.get(name) != have.fields.get(name)]
            whole += not wrong
            right.update(name for name in names if name not in wrong)
            confusions += [
                f"{want.sentence} {kind} {want.key}: {name} is"
                f" {want.fields.get(name) or '(empty)'} in the graph,"
                f" {have.fields.get(name) or '(empty)'} drafted"
                for name in wrong
            ]  # fmt: skip
        for name in names:
            scores.append(FieldScore(kind, name, len(wanted), len(found), right[name]))
        if names:
            scores.append(FieldScore(kind, "all fields", len(wanted), len(found), whole))
    return Score(tuple(scores), tuple(confusions))


def _unique(facts: Iterable[Fact]) -> list[Fact]:
    """Claims of one speaker in one sentence are one."""
    seen: set[tuple[str, str, str]] = set()
    kept = []
    for each in facts:
        key = (each.kind, each.sentence, each.key)
        if each.kind in {"claim", "training"} and key in seen:
            continue
        seen.add(key)
        kept.append(each)
    return kept


def _pair(
    wanted: Sequence[Fact], found: Sequence[Fact]
) -> tuple[list[tuple[Fact, Fact]], list[Fact], list[Fact]]:
    """Pairs of the same key in one sentence, those with most fields in common first."""
    left = list(found)
    pairs, missed = [], []
    for want in wanted:
        same = [
            each
            for each in left
            if _is_same(want, each) and (each.sentence == want.sentence or not want.sentence)
        ]
        if not same:
            missed.append(want)
            continue
        best = max(
            same, key=lambda each: sum(want.fields.get(n) == v for n, v in each.fields.items())
        )
        left.remove(best)
        pairs.append((want, best))
    return pairs, missed, left


def _is_same(first: Fact, second: Fact) -> bool:
    """Return whether two keys are equal, or for claims one name has all words of the other."""
    if first.kind != "claim":
        return first.key == second.key
    words = set(first.key.split()), set(second.key.split())
    return words[0] <= words[1] or words[1] <= words[0]


# ── The draft ───────────────────────────────────────────────────────────────────────────────────


def _drafted(candidate: Candidate, codes: Codes) -> Fact:
    key = _number(candidate.value) if candidate.value is not None else candidate.unit
    if candidate.kind == "claim":
        key = _speaker(candidate.speaker)
    elif candidate.kind in {"non-report", "absence", "training"}:
        key = candidate.kind
    elif candidate.kind == "amount":
        key = f"{key} {candidate.unit}"
    part = candidate.part.casefold()
    return Fact(
        candidate.kind,
        candidate.sentence,
        key,
        {
            "period": candidate.period or NOT_STATED,
            "prior": str(candidate.prior),
            "part": codes.parts.get(part, part),
            "unit": candidate.unit,
            "indicator": candidate.indicator.casefold(),
            "converted": str(candidate.converted),
            "each": str(candidate.part == "each"),
            "qualifier": candidate.qualifier and "approximate",
            "act": candidate.act,
        },
    )


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _speaker(name: str) -> str:
    return " ".join(name.casefold().replace("the ", "").split())


# ── The graph ───────────────────────────────────────────────────────────────────────────────────

SENTENCE = "OPTIONAL { ?s tip:evidence/tip:sentence/rdfs:label ?sentence }"


def _figures(engine: Engine, edition: str) -> list[Fact]:
    rows = engine.select(
        "SELECT DISTINCT ?s ?sentence ?value ?period ?part ?unit ?indicator ?prior {"
        f" ?s a tip:Observation ; tip:edition {NamedNode(edition)} ; sdmx-measure:obsValue ?value ;"
        " sdmx-dimension:refPeriod ?period ; tip:part ?part ; sdmx-attribute:unitMeasure ?unit ;"
        f" tip:indicator/skos:prefLabel ?indicator {SENTENCE}"
        " BIND(EXISTS { ?comparison tip:baseline ?s } AS ?prior) } ORDER BY ?s"
    )
    return [
        Fact(
            "figure",
            str(row["sentence"] or ""),
            _number(Decimal(str(row["value"]))),
            {
                "period": _period(str(row["period"])),
                "prior": str(bool(row["prior"])),
                "part": last_part(str(row["part"])),
                "unit": last_part(str(row["unit"])),
                "indicator": str(row["indicator"]).casefold(),
            },
        )
        for row in rows
    ]


def _period(iri: str) -> str:
    name = last_part(iri)
    if "not-stated" in name:
        return NOT_STATED
    if "-to-" in name:
        return name.replace("-to-", "/")
    first, _, last = name.partition("-")
    return f"{first}/{last}" if len(last) == 4 else name


def _amounts(engine: Engine, edition: str) -> list[Fact]:
    rows = engine.select(
        "SELECT DISTINCT ?s ?sentence ?value ?currency ?period ?converted ?approximate ?prior"
        " ?each {"
        f" ?s tip:edition {NamedNode(edition)} ; tip:amount ?a . ?a tip:amountValue ?value ;"
        f" tip:currency ?currency ; tip:converted ?converted ; tip:approximate ?approximate"
        f" {SENTENCE}"
        " OPTIONAL { ?s sdmx-dimension:refPeriod ?period }"
        " BIND(EXISTS { ?s tip:perUnit ?unit } AS ?each)"
        " BIND(EXISTS { ?comparison tip:baseline ?s } AS ?prior) } ORDER BY ?s ?value"
    )
    return [
        Fact(
            "amount",
            str(row["sentence"] or ""),
            f"{_number(Decimal(str(row['value'])))} {last_part(str(row['currency']))}",
            {
                "period": _period(str(row["period"] or "")) or NOT_STATED,
                "prior": str(bool(row["prior"])),
                "converted": str(bool(row["converted"])),
                "each": str(bool(row["each"])),
                "qualifier": "approximate" if row["approximate"] else "",
            },
        )
        for row in rows
    ]


def _uncounted(engine: Engine, edition: str) -> list[Fact]:
    """Return what is compared by its kind and sentence alone."""
    kinds = {
        "non-report": "tip:NonReport",
        "absence": "tip:AbsenceOfReports",
        "training": "tip:Training",
    }
    return [
        Fact(kind, str(row["sentence"] or ""), kind)
        for kind, type_ in kinds.items()
        for row in engine.select(
            f"SELECT DISTINCT ?s ?sentence {{ ?s a {type_} ; tip:edition {NamedNode(edition)}"
            f" {SENTENCE} }} ORDER BY ?s"
        )
    ]


def _claims(engine: Engine, edition: str) -> list[Fact]:
    """Return the statements of others than the report, but figures.

    One for each speaker in a sentence.
    """
    rows = engine.select(
        "SELECT DISTINCT ?sentence ?speaker ?label ?act {"
        f" ?s tip:edition {NamedNode(edition)} ; tip:speaker ?speaker ; tip:reporter ?reporter"
        " FILTER(?speaker != ?reporter && ?speaker != id:tipgraph)"
        " FILTER NOT EXISTS { ?s a tip:Observation }"
        f" ?speaker skos:prefLabel|rdfs:label ?label OPTIONAL {{ ?s tip:speechAct ?act }}"
        f" {SENTENCE}"
        " } ORDER BY ?sentence ?speaker ?label"
    )
    facts: dict[tuple[str, str], Fact] = {}
    for row in rows:
        name = _bare_name(str(row["label"]))
        if last_part(str(row["speaker"])) == "nobody-named":
            name = "unnamed"
        key = (str(row["sentence"] or ""), str(row["speaker"]))
        act = last_part(str(row["act"])) if row["act"] else ""
        facts.setdefault(key, Fact("claim", key[0], _speaker(name), {"act": act}))
    return list(facts.values())


def _bare_name(label: str) -> str:
    """The name of an actor without what its label adds in parentheses."""
    return label.partition(" (")[0]


def _durations(engine: Engine, edition: str) -> list[Fact]:
    rows = engine.select(
        "SELECT DISTINCT ?sentence ?value ?unit {"
        f" ?s tip:edition {NamedNode(edition)} ; tip:durationUnit ?unit {SENTENCE}"
        " OPTIONAL { ?s tip:durationValue ?value } } ORDER BY ?sentence"
    )
    return [
        Fact(
            "duration",
            str(row["sentence"] or ""),
            _number(Decimal(str(row["value"])))
            if row["value"] is not None
            else last_part(str(row["unit"])),
        )
        for row in rows
    ]
