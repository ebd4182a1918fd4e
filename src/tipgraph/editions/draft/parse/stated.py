"""Which period a clause states, by what governs its words in the tree."""

from collections.abc import Callable, Iterator
from itertools import islice

from tipgraph.editions.draft.parse.tree import Tree
from tipgraph.editions.draft.periods import Period

WITHIN = {"conj", "xcomp", "ccomp", "advcl", "pcomp"}
MAX_STEPS = 8


def clause_period(
    tree: Tree, verb: int, node: int, is_taken: Callable[[Period], bool]
) -> Period | None:
    """The period that governs a verb and its object, or the only one of the sentence.

    `is_taken` decides whether a period belongs to another number.
    """
    for governor in (verb, node, *islice(_outer_verbs(tree, verb), MAX_STEPS)):
        for period in tree.periods:
            if (
                tree.governors[period.first] == governor
                and not period.is_earlier
                and not is_taken(period)
            ):
                return period
    stated = [each for each in tree.periods if not each.is_earlier]
    if len(stated) != 1 or is_taken(stated[0]):
        return None
    above = tree.governors[stated[0].first]
    return None if tree.relations[above] in {"acl", "relcl"} else stated[0]


def _outer_verbs(tree: Tree, verb: int) -> Iterator[int]:
    """The verbs of the clauses around one, the nearest first."""
    at = verb
    while tree.heads[at] != at:
        if tree.relations[at] == "relcl":
            at = next((up for up in tree.ancestors(at) if tree.tags[up].startswith("VB")), at)
        elif tree.relations[at] in WITHIN:
            at = tree.heads[at]
        else:
            return
        yield at
