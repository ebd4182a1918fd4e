"""Amounts of money: who gives how much for what, with conversions and earlier amounts."""

from dataclasses import replace

from tipgraph.editions.draft.number_classes import CONVERTED, MONEY
from tipgraph.editions.draft.numerals import Numeral
from tipgraph.editions.draft.parse.actions import doer_of
from tipgraph.editions.draft.parse.sites import CHANGES, COMPARE_PREPOSITIONS, COMPARING
from tipgraph.editions.draft.parse.stated import clause_period
from tipgraph.editions.draft.parse.tree import Tree, qualifier_before
from tipgraph.editions.draft.periods import NOT_STATED, Period
from tipgraph.editions.draft.reading import Finding
from tipgraph.editions.draft.tokens import spaced, without_ends
from tipgraph.editions.draft.words import SPENDING, SPENDING_VERBS

TO_WHOM = {"to", "for", "on", "in", "per"}
COMPENSATION = {"compensation", "restitution", "damages"}
ENDS = {",", ";", "(", ")", ".", ":", "compared", "including", "during", "since", "while", "which",
        "from", "by", "as"}  # fmt: skip
SMALL = {"and", "the", "of", "in", "for", "to", "a", "or", "with", "at", "on"}
EACH = "each"
# Prepositions that make an amount a bound, or a part of another.
UNSURE = {"between", "including", "from"}


class MoneyReader:
    """Reads the amounts of a text; an earlier amount belongs to the current one before it."""

    def __init__(self) -> None:
        self._paragraph = 0
        self._before: list[Finding] = []

    def read(self, tree: Tree) -> list[Finding]:
        """The amounts of a sentence, those alone whose verb is one of giving or spending."""
        found: list[Finding] = []
        current: Finding | None = None
        last: Finding | None = None
        for numeral, kind in zip(tree.numerals, tree.classes, strict=True):
            if kind.name not in {MONEY, CONVERTED} or numeral.value is None:
                continue
            if kind.name == CONVERTED:
                if last is not None and _is_adjacent(tree, last, numeral):
                    converted = _converted(last, tree, numeral, kind.unit)
                    found.append(converted)
                continue
            last = self._amount(tree, numeral, kind.unit, current)
            if last is not None:
                found.append(last)
                current = current if last.prior else last
        self._assume(found)
        if tree.sentence.paragraph != self._paragraph:
            self._paragraph, self._before = tree.sentence.paragraph, []
        self._set_earlier(found)
        self._before += [each for each in found if not each.prior]
        return found

    def _amount(
        self, tree: Tree, numeral: Numeral, unit: str, current: Finding | None
    ) -> Finding | None:
        """The row of an amount; `current` is the one that an earlier amount belongs to."""
        node = _node(tree, numeral)
        preposition = _preposition(tree, node)
        if preposition is not None and _is_compared(tree, preposition):
            return _earlier(tree, numeral, unit, current)
        if preposition is not None and tree.word(preposition) in UNSURE:
            return None
        verb = next((up for up in tree.ancestors(node) if tree.word(up) in SPENDING_VERBS), None)
        if verb is None or tree.children(verb, "neg") or tree.word(verb) in CHANGES:
            return None
        if tree.relations[verb] == "relcl" and verb > numeral.first:
            return None
        noun = SPENDING[SPENDING_VERBS[tree.word(verb)]]
        target = _target(tree, verb, numeral)
        row = Finding(
            kind="amount",
            sentence=tree.sentence,
            first=max(0, numeral.first - 1),
            last=numeral.last,
            place=numeral.start,
            value=numeral.value,
            unit=unit,
            indicator=f"{noun} {target}".strip(),
            stage="compensated" if COMPENSATION & set(target.split()) else "funded",
            part=EACH if _is_each(tree, numeral) else "total",
            axis="total",
            counted_by=doer_of(tree, verb),
            recipient=target.removeprefix("to ") if target.startswith("to ") else "",
            qualifier=_qualifier(tree, numeral),
            rules=("parse-amount",),
            confidence="medium",
        )
        taken = [each for each in tree.periods if _is_of_earlier(tree, each)]
        period = clause_period(tree, verb, node, lambda each: each in taken)
        row.period = period.text if period is not None else ""
        row.period_from = "sentence" if row.period not in ("", NOT_STATED) else ""
        return row

    def _assume(self, found: list[Finding]) -> None:
        """The year after that of an earlier amount; without one, none is stated."""
        for each in found:
            if each.period:
                continue
            years = [int(other.period) for other in found
                     if other.prior and other.host is each and other.period.isdigit()]  # fmt: skip
            each.period = str(max(years) + 1) if years else NOT_STATED
            each.period_from = "assumed" if years else ""
        for each in found:
            if each.converted and each.host is not None and not each.prior:
                each.period, each.period_from = each.host.period, each.host.period_from
                each.host = None

    def _set_earlier(self, found: list[Finding]) -> None:
        """An amount for the same of an earlier year belongs to the one before it."""
        for each in found:
            if each.prior or not each.period.isdigit():
                continue
            host = next(
                (
                    other
                    for other in self._before
                    if (other.indicator, other.unit, other.converted)
                    == (each.indicator, each.unit, each.converted)
                    and other.period.isdigit()
                    and int(other.period) > int(each.period)
                ),
                None,
            )
            if host is not None:
                each.prior, each.host = True, host


def _earlier(tree: Tree, numeral: Numeral, unit: str, current: Finding | None) -> Finding | None:
    """An amount of an earlier year, for what the current one is for."""
    own = _period_after(tree, numeral)
    if current is None or own is None:
        return None
    row = _at(current, tree, numeral, unit)
    row.prior, row.host, row.period, row.period_from = True, current, own.text, "sentence"
    if own.is_earlier and not own.text and current.period[:4].isdigit():
        row.period = str(int(current.period[:4]) - 1)
    return row


def _converted(amount: Finding, tree: Tree, numeral: Numeral, unit: str) -> Finding:
    row = _at(amount, tree, numeral, unit)
    row = replace(
        row,
        qualifier=row.qualifier or amount.qualifier,
        converted=True,
        prior=amount.prior,
        rules=("parse-converted",),
    )
    row.host = amount.host if amount.prior else amount
    row.period, row.period_from = amount.period, amount.period_from
    return row


def _at(amount: Finding, tree: Tree, numeral: Numeral, unit: str) -> Finding:
    """The same amount at another numeral."""
    return replace(
        amount,
        sentence=tree.sentence,
        first=max(0, numeral.first - 1),
        last=numeral.last,
        place=numeral.start,
        value=numeral.value,
        unit=unit,
        qualifier=_qualifier(tree, numeral),
        doubts=[],
        rules=("parse-earlier-amount",),
    )


def _node(tree: Tree, numeral: Numeral) -> int:
    """The node of an amount: its number, or the name of its currency."""
    inside = range(numeral.first, numeral.last + 1)
    node = next((at for at in inside if tree.heads[at] not in inside), numeral.last)
    head = tree.heads[node]
    is_currency = tree.relations[node] in {"nummod", "compound", "quantmod", "nmod"}
    return head if is_currency and numeral.last < head <= numeral.last + 3 else node


def _preposition(tree: Tree, node: int) -> int | None:
    """The preposition that an amount, or the one that it is coordinated with, stands below."""
    at = node
    while tree.relations[at] in {"conj", "appos"}:
        at = tree.heads[at]
    return tree.heads[at] if tree.relations[at] == "pobj" else None


def _is_compared(tree: Tree, preposition: int) -> bool:
    """Whether the words above lead to an earlier amount: `an increase from`, `compared with`."""
    above = tree.heads[preposition]
    return tree.word(preposition) in COMPARE_PREPOSITIONS and (
        tree.word(above) in COMPARING
        or (tree.relations[above] == "prep" and tree.word(tree.heads[above]) in COMPARING)
    )


def _is_adjacent(tree: Tree, amount: Finding, numeral: Numeral) -> bool:
    between = tree.words(amount.last + 1, numeral.first)
    return "(" in between and len(between) <= 6


def _period_after(tree: Tree, numeral: Numeral) -> Period | None:
    following = next((each for each in tree.periods if each.first > numeral.last), None)
    if following is None or ";" in tree.words(numeral.last, following.first):
        return None
    return following


def _is_of_earlier(tree: Tree, period: Period) -> bool:
    """Whether a period follows words of comparison."""
    before = tree.words(max(0, period.first - 14), period.first)
    return bool((COMPARING | {"same"}) & set(before) - {"more", "up", "less"})


def _is_each(tree: Tree, numeral: Numeral) -> bool:
    after = tree.words(numeral.last + 1, numeral.last + 9)
    return EACH in after or "per" in after[:6]


def _qualifier(tree: Tree, numeral: Numeral) -> str:
    first = numeral.first
    while (
        first > 0 and not tree.tokens[first - 1].is_word and tree.word(first - 1) not in {",", "("}
    ):
        first -= 1
    return qualifier_before(tree, first)


def _target(tree: Tree, verb: int, numeral: Numeral) -> str:
    """For what or to whom: the words after the amount and its conversion."""
    at = numeral.last + 1
    while at < len(tree.tokens) and tree.word(at) not in TO_WHOM:
        if tree.word(at) == "(":
            at = next((each for each in range(at, len(tree.tokens)) if tree.word(each) == ")"), at)
        elif tree.word(at) in ENDS or at > numeral.last + 4:
            return ""
        at += 1
    words: list[str] = []
    numbers = {each.first for each in tree.numerals}
    for place in range(at, min(at + 12, len(tree.tokens))):
        if words and (tree.word(place) in ENDS or place + 1 in tree.in_period):
            break
        if place in tree.in_period or verb not in tree.ancestors(place):
            break
        if tree.word(place) == "and" and _leads_to_amount(tree, place):
            break
        if place not in numbers:
            words.append(tree.tokens[place].text)
    words = without_ends(words, SMALL)
    return spaced(words) if len(words) > 1 else ""


def _leads_to_amount(tree: Tree, at: int) -> bool:
    return any(each.first in {at + 1, at + 2} for each in tree.numerals)
