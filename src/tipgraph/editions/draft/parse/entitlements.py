"""How long an entitlement lasts, and who was trained, from the noun or verb that governs both."""

from collections.abc import Iterator, Sequence
from itertools import islice

from tipgraph.editions.draft.number_classes import DURATION
from tipgraph.editions.draft.parse.actions import base_of, doer_of
from tipgraph.editions.draft.parse.names import name_of
from tipgraph.editions.draft.parse.tree import Tree, qualifier_before
from tipgraph.editions.draft.reading import Finding
from tipgraph.editions.draft.words import BENEFITS, DURATION_UNITS, PERSON_NOUNS

UNITS = ("day", "week", "month", "year")
TRAINING = {"training", "trainings", "workshop", "workshops", "seminar", "seminars", "sessions",
            "course", "courses"}  # fmt: skip
TRAINED = {"trained", "train", "training"}
GIVEN = {"provide", "conduct", "hold", "organize", "deliver", "offer", "give", "host"}
RECEIVED = {"received", "attended", "completed", "underwent"}
MAX_STEPS = 6


def read_durations(tree: Tree) -> list[Finding]:
    """The durations of entitlements in a sentence."""
    return list(_durations(tree))


def _durations(tree: Tree) -> Iterator[Finding]:
    for numeral, kind in zip(tree.numerals, tree.classes, strict=True):
        if kind.name != DURATION or numeral.value is None or kind.reason:
            continue
        unit_at, unit = _unit(tree, numeral.last, numeral.rest)
        benefit = _benefit(tree, numeral.first, unit_at) if unit else -1
        if benefit < 0 or _named(tree, benefit, unit_at) == "period" or benefit in tree.in_period:
            continue
        yield Finding(
            kind="duration",
            sentence=tree.sentence,
            first=numeral.first,
            last=max(unit_at, benefit if 0 < benefit - unit_at < 6 else unit_at),
            place=numeral.start,
            value=numeral.value,
            unit=unit,
            indicator=_named(tree, benefit, unit_at),
            part="total",
            axis="total",
            qualifier=qualifier_before(tree, numeral.first),
            rules=("parse-duration",),
            confidence="medium",
        )


def _unit(tree: Tree, last: int, rest: str) -> tuple[int, str]:
    word, at = rest.split("-")[0], last
    while word not in DURATION_UNITS and at < last + 3:
        at += 1
        word = tree.word(at)
    base = word.rstrip("s")
    return at, f"{base}s" if base in UNITS else ""


def _benefit(tree: Tree, first: int, unit_at: int) -> int:
    """The place of what lasts so long: a noun above the number, or the subject of its verb."""
    for above in islice(tree.ancestors(first), MAX_STEPS):
        if tree.word(above) in BENEFITS:
            return above
        inner = [at for each in tree.children(above, "prep", "dobj", "pobj", "nsubj", "nsubjpass")
                 for at in (each, *tree.children(each, "pobj", "conj"))
                 if tree.word(at) in BENEFITS]  # fmt: skip
        if inner and tree.tags[above] not in {"IN", "TO"}:
            return min(inner, key=lambda at: abs(at - unit_at))
        inner = [at for at in tree.children(above, "prep") for at in tree.children(at, "pobj")
                 if tree.word(at) in BENEFITS]  # fmt: skip
        if inner:
            return inner[0]
    return -1


def _named(tree: Tree, noun: int, unit_at: int) -> str:
    first = noun
    limit = unit_at if noun > unit_at else -1
    while first - 1 > limit and tree.relations[first - 1] in {"compound", "amod", "nmod"}:
        if tree.word(first - 1) in DURATION_UNITS:
            break
        first -= 1
    return tree.text(range(first, noun + 1))


def read_training(tree: Tree, taken: Sequence[Finding]) -> list[Finding]:
    """The training that a sentence states: `trained officers`, `officers received training`."""
    gaps = [each for each in taken if each.kind in {"non-report", "absence"}]
    found: list[Finding] = []
    for verb in range(len(tree.tokens)):
        row = _training(tree, verb)
        if row is None or any(each.first <= verb <= each.last for each in gaps):
            continue
        found.append(row)
    return found[:1]


def _training(tree: Tree, verb: int) -> Finding | None:
    word = tree.word(verb)
    if tree.children(verb, "neg") or tree.tags[verb] not in {"VBD", "VBN", "VBZ", "VBP"}:
        return None
    objects = tree.children(verb, "dobj")
    events = [at for at in objects if tree.word(at) in TRAINING]
    audience = -1
    doer = doer_of(tree, verb)
    if word in TRAINED:
        audience = next((at for at in [*objects, *tree.children(verb, "nsubjpass")]
                         if tree.word(at) in PERSON_NOUNS), -1)  # fmt: skip
    elif word in RECEIVED and events:
        audience = next(iter(tree.children(verb, "nsubj")), -1)
        doer = next(
            (
                name_of(tree, at)
                for each in tree.subtree(events[0])
                if tree.word(each) == "from"
                for at in tree.children(each, "pobj")
            ),
            "",
        )
    elif base_of(tree, verb) in GIVEN and events:
        audience = next((at for holder in (events[0], verb)
                         for each in tree.children(holder, "prep", "dative")
                         if tree.word(each) in {"to", "for"}
                         for at in tree.children(each, "pobj")), -1)  # fmt: skip
    if audience < 0:
        return None
    place = min([verb, *events])
    return Finding(
        kind="training",
        sentence=tree.sentence,
        first=max(0, place - 4),
        last=min(max(verb, audience) + 1, len(tree.tokens) - 1, max(0, place - 4) + 11),
        place=tree.tokens[place].start,
        indicator="training",
        stage="trained",
        part="total",
        axis="total",
        counted_by=doer,
        recipient=name_of(tree, audience, {"prep"}),
        rules=("parse-training",),
        confidence="medium",
    )
