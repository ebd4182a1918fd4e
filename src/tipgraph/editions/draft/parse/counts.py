"""Counts of a sentence: a numeral with what it counts, found by the tree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from tipgraph.editions.draft.labels import Label, labels_in
from tipgraph.editions.draft.noun_phrases import NounPhrase, noun_key, phrase_to
from tipgraph.editions.draft.number_classes import COUNT, PERCENTAGE
from tipgraph.editions.draft.numerals import Numeral
from tipgraph.editions.draft.parse.tree import Tree, qualifier_before
from tipgraph.editions.draft.words import NOUNS

PERCENT, PERSONS = "percent", "persons"
# `1.250`: thousands, or a fraction?
MISPRINT = re.compile(r"\d{1,3}\.\d{3}")
# A noun whose absence is a gap, and no figure of 0.
GAPS = {"report", "reports", "data", "information", "statistics"}
MODIFIERS = {"nummod", "compound", "amod", "quantmod", "nmod", "det", "advmod", "npadvmod", "poss"}
# Relations of what stands after a number or its noun, and names the part.
AFTER = {"prep", "acl", "relcl", "amod", "advcl"}
# Prepositions that lead to something else than a part.
OTHER_PREPOSITIONS = {"including", "compared", "with", "by", "during", "for", "to", "as", "among",
                      "than", "through"}  # fmt: skip


@dataclass(eq=False)
class Count:
    """A number that counts: its tokens, the node that stands for it in the tree, and its phrase.

    `node` is the noun, or the number where no noun follows. `end` is the place after the phrase.
    """

    first: int
    last: int
    place: int
    node: int
    end: int
    value: Decimal
    qualifier: str = ""
    unit: str = PERSONS
    phrase: NounPhrase | None = None
    is_zero_in_words: bool = False
    labels: list[Label] = field(default_factory=list)


def counts_of(tree: Tree) -> list[Count]:
    """The counts of a sentence in order: numerals, and `no` or `any` before a noun."""
    return sorted([*_in_numerals(tree), *_zeros(tree)], key=lambda each: each.first)


def _in_numerals(tree: Tree) -> Iterator[Count]:
    for numeral, kind in zip(tree.numerals, tree.classes, strict=True):
        if kind.name not in {COUNT, PERCENTAGE} or numeral.value is None or kind.reason:
            continue
        if MISPRINT.fullmatch(tree.tokens[numeral.first].text):
            continue
        if kind.name == PERCENTAGE:
            yield _percentage(tree, numeral)
            continue
        node = _top(tree, numeral.first, numeral.last)
        noun = _noun(tree, node, numeral.last)
        yield _count(tree, numeral.first, numeral.last, numeral.value, node, noun)


def _percentage(tree: Tree, numeral: Numeral) -> Count:
    last = numeral.last
    if tree.word(last + 1) in {PERCENT, "%"}:
        last += 1
    value = numeral.value
    assert value is not None
    node = _top(tree, numeral.first, last)
    return Count(
        numeral.first,
        last,
        numeral.start,
        node,
        last + 1,
        value,
        qualifier_before(tree, numeral.first),
        PERCENT,
    )


def _zeros(tree: Tree) -> Iterator[Count]:
    for at, token in enumerate(tree.tokens):
        noun = tree.heads[at]
        if tree.relations[at] != "det" or noun <= at or not _is_noun(tree, noun):
            continue
        negated = token.lower == "any" and any(
            tree.children(each, "neg") for each in tree.ancestors(noun)
        )
        if (token.lower == "no" or negated) and tree.word(noun) not in GAPS:
            whole = _whole(tree, noun)
            counted = whole if _is_noun(tree, whole) else noun
            count = _count(tree, at, at, Decimal(0), at, counted)
            count.is_zero_in_words = True
            yield count


def _count(tree: Tree, first: int, last: int, value: Decimal, node: int, noun: int | None) -> Count:
    place = tree.tokens[first].start
    qualifier = qualifier_before(tree, first)
    if noun is None:
        count = Count(first, last, place, node, last + 1, value, qualifier)
    else:
        phrase = phrase_to(tree.tokens, last + 1, noun)
        unit = PERSONS if phrase.is_person else phrase.noun
        count = Count(first, last, place, noun, noun + 1, value, qualifier, unit, phrase)
        count.labels = list(phrase.labels)
    return count


def _top(tree: Tree, first: int, last: int) -> int:
    """The node of a numeral of several words: the one whose head stands outside."""
    inside = range(first, last + 1)
    return next(
        (at for at in reversed(inside) if tree.heads[at] not in inside or tree.heads[at] == at),
        last,
    )


def _noun(tree: Tree, node: int, last: int) -> int | None:
    """The noun that a number counts; the number after a coordinated one may have it."""
    at = node
    while tree.relations[at] == "conj" and _is_number(tree, tree.heads[at]):
        at = tree.heads[at]
    head = tree.heads[at]
    if tree.relations[at] not in MODIFIERS or head <= last:
        head = next(
            (
                each
                for each in tree.children(node)
                if each > last and _is_noun(tree, each) and tree.relations[each] in {"dep"}
            ),
            -1,
        )
    if head > last and _is_noun(tree, _whole(tree, head)):
        noun = _whole(tree, head)
        between = tree.words(last + 1, noun)
        if not {"of", "in", ";", "("} & set(between) and not any(
            _is_number(tree, each) for each in range(last + 1, noun) if at == node
        ):
            return noun
    return None


def _whole(tree: Tree, noun: int) -> int:
    """The noun of a compound: the permits of `residence permits`; not what follows persons."""
    while (
        tree.relations[noun] in {"compound", "nmod", "amod", "npadvmod"}
        and tree.heads[noun] > noun
        and tree.word(noun) not in {"victims", "persons", "individuals"}
        and not {",", ";"} & set(tree.words(noun + 1, tree.heads[noun]))
    ):
        noun = tree.heads[noun]
    return noun


def _is_noun(tree: Tree, at: int) -> bool:
    return noun_key(tree.tokens[at]) in NOUNS


def _is_number(tree: Tree, at: int) -> bool:
    return at in tree.numbers


def labels_after(tree: Tree, count: Count, others: list[Count]) -> list[Label]:
    """The parts that the words governed by a count name, up to the next count."""
    found: list[Label] = []
    head = tree.heads[count.node]
    if count.phrase is None and tree.relations[count.node] in MODIFIERS and head == count.end:
        # `one transgender`: the number counts an adjective.
        found += labels_in(tree.tokens, head, head + 1)
    for child in tree.children(count.node):
        if child < count.end or tree.relations[child] not in AFTER:
            continue
        if tree.word(child) in OTHER_PREPOSITIONS or _is_agent(tree, child):
            continue
        first, end = span_of(tree, child, others)
        if tree.relations[child] == "relcl" and tree.word(first) not in {"who", "whose", "that"}:
            continue
        if tree.word(first) == "of" and tree.word(first + 1) in {"the", "these", "those", "them"}:
            continue
        found += [each for each in labels_in(tree.tokens, first, end) if each not in found]
    return found


def span_of(tree: Tree, node: int, others: list[Count]) -> tuple[int, int]:
    """The stretch of a subtree from its first token up to the next count, mark or clause."""
    places = tree.subtree(node)
    first, end = places[0], places[-1] + 1
    stops = {each.first for each in others}
    for at in range(max(first, node if node in stops else first), end):
        if (
            at in stops
            or tree.word(at) in {"(", ")", ";", ",", "including", "compared"}
            or (tree.is_dash(at))
        ):
            return first, at
    return first, end


def _is_agent(tree: Tree, at: int) -> bool:
    return any(tree.word(each) == "by" for each in tree.subtree(at))
