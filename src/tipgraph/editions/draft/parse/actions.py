"""What was done to those who are counted, by whom, and who says so, from the verb of a clause."""

from dataclasses import dataclass, replace

from tipgraph.editions.draft.labels import labels_in
from tipgraph.editions.draft.noun_phrases import NounPhrase
from tipgraph.editions.draft.parse.names import PRONOUNS, RELATIVES, name_between, name_of, thing_of
from tipgraph.editions.draft.parse.tree import Tree
from tipgraph.editions.draft.tokens import spaced, without_ends
from tipgraph.editions.draft.words import (
    ACTIVE,
    GIVING,
    SPEECH,
    SPOKEN_NOUNS,
    VERB_NOUNS,
    VERBS,
    misspelt,
    participle,
    stage,
)

OBJECT, SUBJECT, RECIPIENT = "object", "subject", "recipient"
MANNER = {"formally", "officially", "proactively", "initially"}
SHELTER = {"shelter", "housing", "accommodation", "lodging", "accommodations"}
ONLY_SHELTER = {*SHELTER, "and", "or", "temporary", "safe", "emergency", "with", "short-term"}
# The stage of what somebody gets, by a word for it.
STAGES_OF_THINGS = {
    "compensation": "compensated", "restitution": "compensated", "damages": "compensated",
    "training": "trained", "trainings": "trained", "permit": "granted", "permits": "granted",
    "residency": "granted", "residence": "granted", "visa": "granted", "visas": "granted",
}  # fmt: skip
RECEIVED = {"referrals": "referred", "calls": "contacted", "contacts": "contacted",
            "reports": "contacted", "tips": "contacted"}  # fmt: skip
PAST_OBJECTS = {"receive": "received", "accept": "accepted", "obtain": "obtained"}
COMPLEMENT = {"to", "for", "with", "at", "among", "through", "into", "via", "in", "on", "within",
              "under", "outside"}  # fmt: skip
ENDS = {",", ";", "(", ")", ":", ".", "who", "which", "that", "including", "compared", "during",
        "since", "by", "while", "but", "from", "whom", "after", "before", "because", "where",
        "when", "throughout", "respectively", "than", "whose", "until", "as", "among"}  # fmt: skip
SMALL = {"and", "the", "of", "in", "for", "to", "a", "or", "with", "at"}
MAX_COMPLEMENT = 12
MODALS = {"could", "may", "might", "can", "would", "should", "must", "will"}
# Clauses between a verb and the subject that it shares, and between it and who reports it.
MAX_STEPS = 8


@dataclass(frozen=True)
class Action:
    """The verb of a count: its words and stage, what is given and where to, doer and speaker."""

    verb: int
    words: str
    stage: str
    doer: str = ""
    speaker: str = ""
    act: str = ""
    thing: str = ""
    complement: str = ""

    def indicator(self, counted: str) -> str:
        return " ".join(each for each in (counted, self.words, self.thing, self.complement) if each)


def base_of(tree: Tree, at: int) -> str:
    """The base form of a verb that says what was done to somebody; empty if it is none."""
    word = tree.word(at)
    if word in VERBS:
        return VERBS[word][0]
    if word in VERB_NOUNS and tree.tags[at].startswith("VB"):
        return VERB_NOUNS[word][0]
    form = misspelt(word)
    return VERBS[form][0] if form in VERBS else ""


def action_of(
    tree: Tree, verb: int, role: str, phrase: NounPhrase | None, after: int
) -> Action | None:
    """The action of a verb on what is counted; `after` is the place after the counted phrase."""
    base = base_of(tree, verb)
    if not base or any(tree.word(at) in MODALS for at in tree.children(verb, "aux")):
        return None
    verbs = [*_before(tree, verb), verb]
    bases = [base_of(tree, each) for each in verbs]
    words = " and ".join(participle(each) for each in bases)
    if len(verbs) == 1:
        manner = next(
            (
                tree.word(at)
                for at in tree.children(verb, "advmod")
                if tree.word(at) in MANNER and at < verb
            ),
            "",
        )
        words = f"{manner} {words}".strip()
    found = Action(
        verb,
        words,
        "+".join(dict.fromkeys(stage(each) for each in bases)),
        doer_of(tree, verbs[0]),
        *speaker_of(tree, verb),
    )
    after = max(after, verb + 1)
    complement = complement_of(tree, verb, after)
    if role == RECIPIENT:
        given = next(iter(tree.children(verb, "dobj")), None)
        if base not in GIVING or given is None or given > after or _is_amount(tree, given):
            return None
        found = replace(found, thing=thing_of(tree, given))
        complement = complement if complement.startswith("through ") else ""
    elif role == SUBJECT:
        given = next(iter(tree.children(verb, "dobj")), None)
        found = replace(found, doer="", thing=thing_of(tree, given) if given is not None else "")
        if given is not None:
            complement = complement_of(tree, verb, given + 1)
    elif base in ACTIVE and base in PAST_OBJECTS:
        noun = phrase.noun if phrase is not None else ""
        found = replace(found, words=PAST_OBJECTS[base], stage=RECEIVED.get(noun, "other"))
    elif base in GIVING and (phrase is None or phrase.is_person):
        thing = next((each for each in tree.children(verb, "dobj") if each > after - 1), None)
        given = next(
            (
                at
                for each in tree.children(verb, "prep")
                if tree.word(each) == "with" and each == after
                for at in tree.children(each, "pobj")
            ),
            None,
        )
        if given is not None:
            found, complement = replace(found, thing=thing_of(tree, given)), ""
        elif thing is not None:
            found = replace(found, thing=thing_of(tree, thing))
        elif base in {"provide", "give", "grant", "issue", "award"}:
            return None
    if phrase is not None and phrase.noun in {"permits", "visas"} and complement.startswith("for "):
        # For whom they are belongs to no wording of permits.
        complement = ""
    found = replace(found, complement=complement)
    return replace(found, stage=_stage(found))


def _is_amount(tree: Tree, at: int) -> bool:
    """Whether a node is an amount of money, or in one."""
    return any(
        kind.unit and numeral.first - 1 <= at <= numeral.last + 2
        for numeral, kind in zip(tree.numerals, tree.classes, strict=True)
    )


def _stage(action: Action) -> str:
    """The stage, with what is given: shelter, training, compensation, a permit."""
    words = set(action.thing.replace(",", " ").split())
    if action.stage not in {"assisted", "granted", "compensated"} or not words:
        return action.stage
    if action.stage == "assisted" and words & SHELTER:
        return "sheltered" if words <= ONLY_SHELTER else "assisted+sheltered"
    if action.stage != "assisted":
        return action.stage
    return next(
        (STAGES_OF_THINGS[each] for each in action.thing.split() if each in STAGES_OF_THINGS),
        action.stage,
    )


def _before(tree: Tree, verb: int) -> list[int]:
    """The verbs that share an object with this one: `identified and assisted`."""
    found: list[int] = []
    while tree.relations[verb] == "conj" and base_of(tree, tree.heads[verb]):
        head = tree.heads[verb]
        if not set(tree.words(head + 1, verb)) <= {"and", ",", "or"}:
            break
        found.insert(0, head)
        verb = head
    return found


def doer_of(tree: Tree, verb: int, steps: int = MAX_STEPS) -> str:
    """Who did it: the subject of the clause, or its agent; empty if nobody is named.

    A clause without a subject of its own has that of the clause around it, at most `steps` away.
    """
    subject = next(iter(tree.children(verb, "nsubj")), None)
    if subject is None:
        agent = _agent(tree, verb)
        if agent is not None:
            return name_of(tree, agent)
    relation, head = tree.relations[verb], tree.heads[verb]
    if tree.children(verb, "nsubjpass", "auxpass") or not steps:
        return ""
    if subject is None:
        if relation not in {"conj", "xcomp", "pcomp"} or head == verb:
            return ""
        return _new_subject(tree, verb, head) or doer_of(tree, head, steps - 1)
    word = tree.word(subject)
    if word in RELATIVES:
        return name_of(tree, head) if relation == "relcl" else ""
    if word in PRONOUNS:
        is_inner = relation in {"ccomp", "advcl", "conj", "parataxis"} and head != verb
        outer = doer_of(tree, head, steps - 1) if is_inner else ""
        before = [each for each in tree.children(verb, "ccomp", "advcl") if each < subject]
        inner = doer_of(tree, before[0], steps - 1) if before else ""
        return outer or inner or word
    return name_of(tree, subject)


def _agent(tree: Tree, verb: int) -> int | None:
    """The noun after `by`."""
    by = next((at for at in tree.children(verb, "agent", "prep") if tree.word(at) == "by"), None)
    return next(iter(tree.children(by, "pobj")), None) if by is not None else None


def _new_subject(tree: Tree, verb: int, head: int) -> str:
    """The subject of a coordinated clause that the tree takes for an object of the one before."""
    at = verb - 1
    while at > head and tree.tags[at] == "RB":
        at -= 1
    if tree.relations[verb] != "conj" or not tree.tags[at].startswith("NN") or at <= head:
        return ""
    start = at
    while start > head and tree.word(start - 1) not in {"and", ",", "but", "while"}:
        start -= 1
    if start <= head + 1 or tree.numbers & set(range(start, at)):
        return ""
    return name_between(tree, start, at + 1)


def speaker_of(tree: Tree, verb: int) -> tuple[str, str]:
    """Who reports what the verb says, and by which act; both empty if nobody is named."""
    at = verb
    for _ in range(MAX_STEPS):
        relation, head = tree.relations[at], tree.heads[at]
        according = next(
            (each for each in tree.children(at, "prep") if tree.word(each) == "according"), None
        )
        if according is not None:
            named = [
                name
                for each in tree.subtree(according)
                if tree.relations[each] == "pobj"
                for name in [name_of(tree, each)]
            ]
            return (named[0], "reports") if named else ("", "")
        if relation in {"xcomp", "ccomp"} and act_of(tree, head) and head != at:
            return doer_of(tree, head), act_of(tree, head)
        if relation == "relcl":
            at = next((up for up in tree.ancestors(at) if tree.tags[up].startswith("VB")), at)
        elif relation in {"conj", "xcomp", "ccomp", "advcl"} and head != at:
            at = head
        else:
            break
    return "", ""


def act_of(tree: Tree, at: int) -> str:
    """The act of a verb of speech; empty if the word is none."""
    word = tree.word(at)
    if word in SPEECH:
        return SPEECH[word][0]
    if word in SPOKEN_NOUNS and tree.tags[at].startswith("VB"):
        return SPOKEN_NOUNS[word][0]
    return ""


def complement_of(tree: Tree, verb: int, after: int) -> str:
    """Where to, for what or how: what follows the object and belongs to the indicator's wording."""
    if tree.word(after) not in COMPLEMENT or tree.relations[after] == "agent":
        return ""
    if after + 1 in tree.in_period or (
        tree.word(after + 1) == "the" and after + 2 in tree.in_period
    ):
        return ""
    if tree.word(after) == "to" and VERBS.get(tree.word(after + 1), ("", ""))[1] == "base":
        return ""
    if verb not in tree.ancestors(after):
        return ""
    end = after + 1
    while end < len(tree.tokens) and end - after < MAX_COMPLEMENT:
        word = tree.word(end)
        is_mark = word in ENDS or tree.is_dash(end) or end in tree.numbers
        if is_mark or verb not in tree.ancestors(end):
            break
        if end + 1 in tree.in_period or (word in {"in", "during"} and end + 2 in tree.in_period):
            break
        if word in {"and", "or"} and (base_of(tree, end + 1) or act_of(tree, end + 1)):
            break
        end += 1
    if tree.word(after) != "for" and any(
        each.axis in {"exploitation", "nationality"} for each in labels_in(tree.tokens, after, end)
    ):
        return ""
    words = without_ends([tree.tokens[at].text for at in range(after, end)], SMALL)
    return spaced(words) if len(words) > 1 else ""
