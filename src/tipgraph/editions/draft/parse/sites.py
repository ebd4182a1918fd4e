"""Where a count stands in the tree: object of a verb, part, earlier figure, or beside another."""

from dataclasses import dataclass

from tipgraph.editions.draft.parse.actions import OBJECT, RECIPIENT, SUBJECT, base_of
from tipgraph.editions.draft.parse.counts import Count
from tipgraph.editions.draft.parse.tree import Tree
from tipgraph.editions.draft.words import ACTIVE, BE, GIVING

# Kinds of sites besides those of an action: object, subject and recipient of its verb.
PART, PRIOR, COPULA, BASE, BESIDE, EXISTENCE, CHANGE, SHARE, LOOSE = (
    "part", "prior", "copula", "base", "beside", "existence", "change", "share", "loose",
)  # fmt: skip
OF_ACTIONS = (OBJECT, SUBJECT, RECIPIENT)

INCLUDING = {"including", "comprising", "comprised", "included", "include", "includes", "namely",
             "involving", "consisting"}  # fmt: skip
# What leads to an earlier figure, above the preposition before it.
COMPARING = {"compared", "comparing", "compares", "comparison", "contrast", "relative", "increase",
             "decrease", "decline", "rise", "drop", "reduction", "down", "up", "fewer", "more",
             "less", "higher", "lower", "similar", "comparable", "increasing", "decreasing",
             "greater"}  # fmt: skip
COMPARE_PREPOSITIONS = {"with", "to", "from", "than", "over", "versus", "vs"}
CHANGES = {"rose", "increased", "decreased", "fell", "dropped", "declined", "grew"}
# Verbs between a part and its number.
SHARES = {"accounted", "numbered", "totaled", "comprised", "constituted", "represented"}
# Verbs whose subject is a part, which the words after them name.
PART_VERBS = {"exploited", "subjected", "came", "numbered", "originated"}
# Nodes between a count and what decides its site; in a long list there may be many.
MAX_STEPS = 60
TOTALS = {"total", "number", "numbers"}
# A word between a count and the verb that says what part it is.
OF_THEM = {"whom", "them", "these", "those", "which"}


@dataclass(frozen=True)
class Site:
    """A kind, and the node that decides it: a verb, or the node of another count."""

    kind: str
    node: int = -1


def site_of(tree: Tree, count: Count, counts: dict[int, Count]) -> Site:
    """The site of a count; `counts` are the other counts by their nodes and numbers."""
    if tree.word(count.first - 1) == "but":
        return Site(LOOSE)
    if tree.word(count.first - 1) == "the" and tree.word(count.first - 2) in {"of", "included"}:
        return Site(BASE)
    copula = _copula(tree, count)
    if copula is not None:
        return copula
    at = count.node
    share = next((each for each in list(tree.ancestors(at))[:2] if tree.word(each) in SHARES), None)
    if share is not None and share < count.first and count.phrase is None:
        return Site(SHARE, share)
    if count.phrase is None and tree.relations[at] == "nummod" and tree.heads[at] < at:
        return Site(LOOSE, tree.heads[at])
    for _ in range(MAX_STEPS):
        relation, head = tree.relations[at], tree.heads[at]
        if head == at:
            return Site(LOOSE)
        other = counts.get(head)
        if relation == "dative" and base_of(tree, head) in GIVING:
            return Site(OBJECT, head)
        if relation in {"pobj", "pcomp", "dative"} and tree.relations[head] != "ROOT":
            found, at = _under_preposition(tree, head, counts, count)
            if found is not None:
                return found
            continue
        if (
            relation in {"appos", "npadvmod", "dep", "nummod"}
            and other is not None
            and other is not count
        ):
            return Site(PART if relation == "appos" else BESIDE, head)
        if relation == "conj":
            if other is not None and other is not count:
                return Site(BESIDE, head)
            at = head
            continue
        found = _under_verb(tree, at, relation, head)
        if found is not None:
            return found
        if relation not in {"appos", "conj", "nmod", "compound"}:
            return Site(LOOSE, head)
        at = head
    return Site(LOOSE)


def _copula(tree: Tree, count: Count) -> Site | None:
    """`12 of whom were minors`, `14 were exploited in`: what follows the verb says which part."""
    at = count.end
    if tree.word(at) == "of" and tree.word(at + 1) in OF_THEM:
        at += 2
    elif tree.word(at) == "of" and tree.word(at + 1) in {"the", "these", "those", "its"}:
        inner = next((each for each in tree.children(at, "pobj")), at)
        at = inner + 1
    if count.phrase is not None and at == count.end:
        return None
    word = tree.word(at)
    if word in BE or word in PART_VERBS:
        verb = at
        if word in BE and base_of(tree, at + 1) and tree.word(at + 1) not in PART_VERBS:
            return Site(OBJECT, at + 1)
        if word in BE and tree.word(at + 1) in PART_VERBS:
            verb = at + 1
        return Site(COPULA, verb)
    return None


def _under_preposition(
    tree: Tree, preposition: int, counts: dict[int, Count], count: Count
) -> tuple[Site | None, int]:
    """The site below a preposition, or where to go on above it."""
    word, above = tree.word(preposition), tree.heads[preposition]
    if word in INCLUDING:
        return Site(PART, above), above
    if word in {"of", "in"} and above in counts and counts[above] is not count:
        return Site(BASE if word == "of" else BESIDE, above), above
    if word == "of" and (tree.word(above) in TOTALS or tree.word(above) in INCLUDING):
        return None, above
    chain = above
    for _ in range(3):
        if tree.word(chain) in COMPARING and word in COMPARE_PREPOSITIONS:
            return Site(PRIOR, chain), above
        if tree.relations[chain] != "prep":
            break
        chain = tree.heads[chain]
    if tree.word(above) in CHANGES and word in {"from", "to"}:
        return Site(CHANGE, preposition), above
    if word == "to":
        verb = above if base_of(tree, above) else tree.heads[above]
        if base_of(tree, verb) in GIVING and tree.children(verb, "dobj"):
            return Site(RECIPIENT, verb), above
        if tree.word(preposition - 1) == "up" and base_of(tree, above):
            return Site(OBJECT, above), above
    if word == "with" and above in counts:
        return Site(PART, above), above
    if word == "with" and base_of(tree, above) and count.labels:
        return Site(PART, above), above
    return Site(LOOSE, preposition), above


def _under_verb(tree: Tree, at: int, relation: str, head: int) -> Site | None:
    word = tree.word(head)
    if relation in {"dobj", "nsubjpass"}:
        if word in INCLUDING:
            return Site(PART, tree.heads[head])
        return Site(OBJECT, head) if base_of(tree, head) else Site(LOOSE, head)
    if relation == "nsubj":
        base = base_of(tree, head)
        if base in ACTIVE and not tree.children(head, "neg"):
            return Site(SUBJECT, head)
        return Site(LOOSE, head)
    if relation == "attr" and tree.children(head, "expl"):
        return Site(EXISTENCE, head)
    return None
