"""Attributed claims: the subject of a verb of speech, and those it is according to."""

from collections.abc import Iterator, Sequence

from tipgraph.editions.draft.number_classes import COUNT, MONEY
from tipgraph.editions.draft.parse.actions import MODALS, act_of, doer_of
from tipgraph.editions.draft.parse.names import PRONOUNS, name_of
from tipgraph.editions.draft.parse.tree import Tree
from tipgraph.editions.draft.reading import Finding
from tipgraph.editions.draft.tokens import spaced, without_ends
from tipgraph.editions.draft.words import AUXILIARIES, CONCERN, HEDGES, UNNAMED_HEDGES

NOBODY = "unnamed"
# What cannot speak.
NOT_SPEAKERS = {"law", "laws", "protocol", "protocols", "code", "it", "this", "there", "which",
                "policy", "cases", "changes", "legislation", "agreement", "guidelines", "act",
                "constitution", "article", "efforts", "number", "plan", "program",
                "that"}  # fmt: skip
WITH_CLAUSE = {"finds", "confirms", "agrees", "maintains", "suspects", "acknowledges"}
# Acts that a figure or a gap may be the whole content of.
PLAIN = {"reports", "states", "notes", "says", "estimates", "claims", "alleges"}
CONTENT = ("ccomp", "dobj", "prep", "xcomp", "oprd", "advcl", "acl")
MAX_TOPIC = 8
SMALL = {"the", "of", "and", "to", "a", "in", "for", "that", ",", ".", "an"}


def read_claims(tree: Tree, taken: Sequence[Finding], known: str) -> list[Finding]:
    """The claims of a sentence, but those that figures, amounts or gaps have already.

    `known` is who acted or spoke last, for a pronoun.
    """
    claims = [*_by_verbs(tree, known), *_according(tree), *_hedged(tree)]
    kept: list[tuple[int, Finding]] = []
    for verb, claim in sorted(claims, key=lambda each: each[0]):
        outer = [each for each, _ in kept]
        if any(up in outer and up != verb for up in _clauses_around(tree, verb)):
            continue
        if claim.act in PLAIN and _is_taken(tree, verb, claim, taken):
            continue
        kept.append((verb, claim))
    return [claim for _, claim in kept]


def _clauses_around(tree: Tree, verb: int) -> Iterator[int]:
    """The verbs whose content a verb of speech is part of."""
    at = verb
    while tree.heads[at] != at:
        relation, at = tree.relations[at], tree.heads[at]
        if relation in {"conj", "advcl", "parataxis"}:
            return
        yield at


def _by_verbs(tree: Tree, known: str) -> Iterator[tuple[int, Finding]]:
    for verb in range(len(tree.tokens)):
        act = act_of(tree, verb)
        if not act or not tree.tags[verb].startswith("VB") or tree.tags[verb] == "VBG":
            continue
        if tree.children(verb, "neg") or any(
            tree.word(at) in MODALS or tree.word(at) == "to" for at in tree.children(verb, "aux")
        ):
            continue
        if tree.children(verb, "auxpass", "preconj") or any(
            tree.word(at) in {"if", "whether", "when", "unless"}
            for at in tree.children(verb, "mark", "advmod")
        ):
            continue
        act = _act_with_object(tree, verb, act)
        speaker = _speaker(tree, verb, known)
        if act and speaker:
            yield verb, _finding(tree, verb, speaker, act, "parse-claim")


def _act_with_object(tree: Tree, verb: int, act: str) -> str:
    """The act, given its object; empty where the verb has none that is a claim."""
    content = tree.children(verb, *CONTENT)
    objects = [tree.word(at) for at in tree.children(verb, "dobj")]
    clauses = tree.children(verb, "ccomp")
    if act in {"expresses", "raises", "voices"}:
        return "expresses concern" if CONCERN & set(objects) else ""
    if act == "calls":
        return act if any(tree.word(at) in {"on", "for", "upon"} for at in content) else ""
    if act in WITH_CLAUSE:
        return act if clauses else ""
    if act == "notes" and tree.word(verb).startswith("point"):
        return act if tree.word(verb + 1) in {"out", "to"} else ""
    if tree.word(verb + 1) == "to" and act != "calls":
        return ""
    if (
        not clauses
        and not objects
        and not any(tree.word(at) in {"about", "on", "against", "with"} for at in content)
    ):
        return ""
    return act


def _speaker(tree: Tree, verb: int, known: str) -> str:
    subject = next(iter(tree.children(verb, "nsubj", "nsubjpass")), None)
    if subject is None:
        # A name that the model takes for an auxiliary: `GRETA invited`.
        subject = next((at for at in tree.children(verb, "aux", "dep", "npadvmod", "compound")
                        if tree.word(at) not in AUXILIARIES and at == verb - 1), None)  # fmt: skip
    if subject is None:
        if tree.relations[verb] == "conj" and act_of(tree, tree.heads[verb]):
            return doer_of(tree, verb)
        return ""
    word = tree.word(subject)
    if word in PRONOUNS:
        found = doer_of(tree, verb)
        return known if found == word else found
    if word in NOT_SPEAKERS or tree.tokens[subject].text[0].isdigit():
        return ""
    return name_of(tree, subject)


def _according(tree: Tree) -> Iterator[tuple[int, Finding]]:
    for at in range(len(tree.tokens)):
        if tree.word(at) != "according" or tree.word(at + 1) != "to":
            continue
        noun = next((each for each in tree.subtree(at) if tree.relations[each] == "pobj"), None)
        speaker = name_of(tree, noun) if noun is not None else ""
        if speaker:
            yield at, _finding(tree, at, speaker, "reports", "parse-according")


def _hedged(tree: Tree) -> Iterator[tuple[int, Finding]]:
    for at in range(len(tree.tokens)):
        if tree.word(at) in UNNAMED_HEDGES:
            act = "alleges" if tree.word(at) == "allegedly" else "reports"
            yield at, _finding(tree, at, NOBODY, act, "parse-hedged")


def _is_taken(tree: Tree, verb: int, claim: Finding, taken: Sequence[Finding]) -> bool:
    """Whether the content is a figure, an amount, a gap or training that has its own row."""
    inside = set(tree.subtree(verb))
    if any(
        each.first in inside and each.first > verb and kind.name in {COUNT, MONEY}
        for each, kind in zip(tree.numerals, tree.classes, strict=True)
    ):
        return True
    if claim.rules == ("parse-according",):
        inside = set(range(len(tree.tokens)))
    return any(
        each.last in inside and (each.first > verb or claim.rules != ("parse-claim",))
        and (each.kind in {"figure", "amount"} or each.first <= verb + 6)
        for each in taken
    )  # fmt: skip


def _finding(tree: Tree, verb: int, speaker: str, act: str, rule: str) -> Finding:
    content = [at for each in tree.children(verb, *CONTENT) for at in tree.subtree(each)]
    content = sorted(at for at in content if at > verb) or tree.subtree(tree.heads[verb])
    hedge = next((tree.word(at) for at in content if tree.word(at) in HEDGES), "")
    words = [tree.tokens[at].text for at in content[: MAX_TOPIC + 3]]
    first = verb
    while first > 0 and verb - first < 6 and tree.word(first - 1) not in {",", ";", "("}:
        first -= 1
    return Finding(
        kind="claim",
        sentence=tree.sentence,
        first=first,
        last=min(verb + 5, len(tree.tokens) - 1),
        place=tree.tokens[verb].start,
        indicator=spaced(without_ends(words, SMALL, SMALL)[:MAX_TOPIC]),
        speaker=speaker,
        act=act,
        qualifier=hedge,
        rules=(rule,),
        confidence="medium",
    )
