"""The score of a draft: F1 for each kind and field against the graph."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from pyoxigraph import NamedNode

from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine
from tipgraph_draft.candidate import Candidate, Codes, codes_of

NOT_STATED = "not stated"


class Scored(NamedTuple):
    """The pattern of a kind in the graph, the variables that identify a row, and its fields."""

    pattern: str
    key: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


PRIOR = "BIND(EXISTS { ?comparison tip:baseline ?s } AS ?prior)"
KINDS = {
    "figure": Scored(
        "?s a tip:Observation ; sdmx-measure:obsValue ?value ; tip:part ?part ;"
        " sdmx-dimension:refPeriod ?period ; sdmx-attribute:unitMeasure ?unit ;"
        f" tip:indicator/skos:prefLabel ?indicator {PRIOR}",
        ("value",),
        ("period", "prior", "part", "unit", "indicator"),
    ),
    "amount": Scored(
        "?s tip:amount ?amount . ?amount tip:amountValue ?value ; tip:currency ?unit ;"
        " tip:converted ?converted ; tip:approximate ?qualifier"
        f" OPTIONAL {{ ?s sdmx-dimension:refPeriod ?period }} {PRIOR}"
        " BIND(EXISTS { ?s tip:perUnit ?any } AS ?each)",
        ("value", "unit"),
        ("period", "prior", "converted", "each", "qualifier"),
    ),
    "claim": Scored(
        "?s tip:speaker ?actor ; tip:reporter ?reporter"
        " FILTER(?actor != ?reporter && ?actor != id:tipgraph)"
        " FILTER NOT EXISTS { ?s a tip:Observation } ?actor skos:prefLabel|rdfs:label ?name"
        ' BIND(IF(STRENDS(STR(?actor), "/nobody-named"), "unnamed",'
        ' STRBEFORE(CONCAT(?name, " ("), " (")) AS ?speaker) OPTIONAL { ?s tip:speechAct ?act }',
        ("speaker",),
        ("act",),
    ),
    "non-report": Scored("?s a tip:NonReport"),
    "absence": Scored("?s a tip:AbsenceOfReports"),
    "duration": Scored(
        "?s tip:durationUnit ?unit OPTIONAL { ?s tip:durationValue ?number }"
        " BIND(COALESCE(?number, ?unit) AS ?value)",
        ("value",),
    ),
    "training": Scored("?s a tip:Training"),
}
# Kinds that a sentence has once for each key.
ONCE = {"claim", "training"}


@dataclass(frozen=True)
class Fact:
    """A compared row: the kind, the sentence, what identifies it, and its fields."""

    kind: str
    sentence: str
    key: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldScore:
    """The score of a kind, or of a field of its rows that were found."""

    kind: str
    name: str
    in_graph: int
    drafted: int
    right: int

    @property
    def f1(self) -> float:
        whole = self.in_graph + self.drafted
        return 2 * self.right / whole if whole else 1


@dataclass(frozen=True)
class Score:
    """The scores, and the confusions: what the graph has and the draft has instead."""

    fields: tuple[FieldScore, ...]
    confusions: tuple[str, ...]


def score(engine: Engine, edition: str, candidates: Sequence[Candidate]) -> Score:
    """Compare candidates with what a graph has for an edition, by its IRI."""
    codes = codes_of(engine)
    drafted = _unique(_drafted(each, codes) for each in candidates)
    scores: list[FieldScore] = []
    confusions: list[str] = []
    for kind, scored in KINDS.items():
        wanted = _in_graph(engine, edition, kind)
        found = [each for each in drafted if each.kind == kind]
        pairs, missed, extra = _pair(wanted, found)
        scores.append(FieldScore(kind, "row", len(wanted), len(found), len(pairs)))
        confusions += [f"{each.sentence} {kind} {each.key}: missing" for each in missed]
        confusions += [f"{each.sentence} {kind} {each.key}: not in the graph" for each in extra]
        right: Counter[str] = Counter()
        for want, have in pairs:
            wrong = [name for name in scored.fields if want.fields[name] != have.fields[name]]
            right.update(name for name in scored.fields if name not in wrong)
            right["all fields"] += not wrong
            confusions += [
                f"{want.sentence} {kind} {want.key}: {name} is {want.fields[name] or '(empty)'} in"
                f" the graph, {have.fields[name] or '(empty)'} drafted"
                for name in wrong
            ]
        names = (*scored.fields, "all fields") if scored.fields else ()
        scores += [FieldScore(kind, each, len(wanted), len(found), right[each]) for each in names]
    return Score(tuple(scores), tuple(confusions))


def _unique(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts, of those that are one in a sentence the first."""
    seen: set[tuple[str, str, str]] = set()
    kept = []
    for each in facts:
        place = (each.kind, each.sentence, each.key)
        if each.kind not in ONCE or place not in seen:
            kept.append(each)
        seen.add(place)
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
        best = max(same, key=lambda each: len(want.fields.items() & each.fields.items()))
        left.remove(best)
        pairs.append((want, best))
    return pairs, missed, left


def _is_same(first: Fact, second: Fact) -> bool:
    """Return whether two keys are equal, or for claims one name has all words of the other."""
    if first.kind != "claim":
        return first.key == second.key
    words = set(first.key.split()), set(second.key.split())
    return words[0] <= words[1] or words[1] <= words[0]


def _drafted(row: Candidate, codes: Codes) -> Fact:
    part = row.part.casefold()
    cells = {
        **row.as_row(),
        "value": _number(row.value) if row.value is not None else row.unit,
        "period": row.period or NOT_STATED,
        "part": codes.parts.get(part, part),
        "indicator": row.indicator.casefold(),
        "each": _truth(row.part == "each"),
        "qualifier": _truth(bool(row.qualifier)),
        "speaker": _speaker(row.speaker),
    }
    return _fact(row.kind, row.sentence, cells)


def _fact(kind: str, sentence: str, cells: Mapping[str, str]) -> Fact:
    scored = KINDS[kind]
    key = " ".join(cells[name] for name in scored.key) or kind
    return Fact(kind, sentence, key, {name: cells[name] for name in scored.fields})


def _in_graph(engine: Engine, edition: str, kind: str) -> list[Fact]:
    """Return what the graph has of a kind for an edition."""
    scored = KINDS[kind]
    names = list(dict.fromkeys((*scored.key, *scored.fields)))
    variables = " ".join(f"?{name}" for name in names)
    rows = engine.select(
        f"SELECT DISTINCT ?s ?sentence {variables} {{ ?s tip:edition {NamedNode(edition)} ."
        f" {scored.pattern} OPTIONAL {{ ?s tip:evidence/tip:sentence/rdfs:label ?sentence }} }}"
        f" ORDER BY ?sentence ?s {variables}"
    )
    facts = (
        _fact(kind, str(row["sentence"] or ""), {name: _cell(name, row[name]) for name in names})
        for row in rows
    )
    return _unique(facts)


def _cell(name: str, value: object) -> str:
    """Return a value of the graph in the form in which a draft has it."""
    if isinstance(value, bool):
        return _truth(value)
    text = "" if value is None else str(value)
    if name == "value" and text.replace(".", "").isdigit():
        return _number(Decimal(text))
    if name == "period":
        return _period(last_part(text)) or NOT_STATED
    if name == "speaker":
        return _speaker(text)
    return text.casefold() if name == "indicator" else last_part(text)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _truth(value: bool) -> str:
    return str(value).lower()


def _speaker(name: str) -> str:
    return " ".join(name.casefold().replace("the ", "").split())


def _period(name: str) -> str:
    if "not-stated" in name:
        return NOT_STATED
    first, _, last = name.partition("-to-" if "-to-" in name else "-")
    return f"{first}/{last}" if "-to-" in name or len(last) == 4 else name
