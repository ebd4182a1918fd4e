"""Noun phrases of a tree as text: who acts or speaks, and what is given."""

from collections.abc import Collection

from tipgraph.editions.draft.parse.tree import Tree
from tipgraph.editions.draft.tokens import spaced, without_ends
from tipgraph.editions.draft.words import demonyms

PRONOUNS = {"they", "it", "he", "she", "them"}
RELATIVES = {"who", "which", "that", "whom"}
# What belongs to a noun, and not to its name.
APART = {"relcl", "acl", "advcl", "appos", "parataxis", "dep", "npadvmod"}
MAX_NAME = 16
ENDS = {"(", ")", ";", ":"}


def name_of(tree: Tree, noun: int, without: Collection[str] = ()) -> str:
    """The name of who acts: its words without article, clauses and periods; empty if too long.

    `without` are further relations to leave out.
    """
    places = phrase_places(tree, noun, {*APART, *without})
    return name_between(tree, places[0], places[-1] + 1)


def name_between(tree: Tree, first: int, end: int) -> str:
    """The name that stands between two places."""
    while first < end and (
        tree.word(first) in {"the", ",", "and"}
        or (first in tree.numbers and end - first > 1 and tree.word(first) != "one")
    ):
        first += 1
    places = list(range(first, end))
    if not places or len(places) > MAX_NAME or not tree.tokens[first].is_word:
        return ""
    text = tree.text(places)
    word = tree.tokens[first]
    return text if _is_name(tree, places) else word.lower + text[len(word.text) :]


def thing_of(tree: Tree, noun: int) -> str:
    """What is given, in words: `medical care and counseling`."""
    places = phrase_places(tree, noun, {*APART, "prep"})
    return spaced(without_ends([tree.tokens[at].text for at in places], {","}, {"a", "an"}))


def phrase_places(tree: Tree, noun: int, without: set[str] = APART) -> list[int]:
    """The places of a noun phrase, without a gap, and without periods and parentheses."""
    own = set(tree.subtree(noun, without)) - tree.in_period
    own = {at for at in own if at + 1 not in tree.in_period or tree.relations[at] != "prep"}
    first = last = noun
    while first - 1 in own and tree.word(first - 1) not in ENDS:
        first -= 1
    while last + 1 in own and tree.word(last + 1) not in ENDS:
        last += 1
    while last > noun and not tree.tokens[last].is_word:
        last -= 1
    return list(range(first, last + 1))


def _is_name(tree: Tree, places: list[int]) -> bool:
    """Whether the first word keeps its capital."""
    first = tree.tokens[places[0]]
    if not first.is_capitalised or not first.text[1:].islower():
        return True
    others = [tree.tokens[at].text for at in places[1:]]
    return first.text in demonyms() or any(
        each[0].isupper() and each[1:].islower() for each in others
    )
