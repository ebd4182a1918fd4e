"""The giver of an amount: its verb, the subject of that verb, and who says so."""

from tipgraph_draft.grammar.money.amounts import MoneySentence
from tipgraph_draft.grammar.subjects import actor_text, without_adverbs
from tipgraph_draft.words import AUXILIARIES, PAST_SPEECH, SPEECH, SPENDING_VERBS, TARGET_END

# Words between a subject and its verb.
BEFORE_VERB = AUXILIARIES | {"also", "not", "again", "only", "to", "continued"}
CLAUSE_MARKS = {",", ";", ":", "that", "while", "but", "which", ")"}
# Verbs of what somebody did before giving.
OTHER_VERBS = {"operated", "continued"}
GIVER_END = TARGET_END | {"in", "for", "and", "."}
TOTALS = {"totaling", "totalling", "totaled"}
# Forms that are nouns, but for after these.
NOUN_FORMS = {"funding", "spending"}
VERB_BEFORE_NOUN_FORM = {"reported", "including", "continued"}
BEFORE_GERUND_AS_NOUN = {"in", "of", "the", "total", "additional"}
BEFORE_INFINITIVE = {"to", "not", "would", "could", "must"}


def verb_before(sentence: MoneySentence, start: int, end: int) -> int | None:
    """The verb of an amount; of `ordered traffickers to pay`, the first."""
    found = _last_verb(sentence, start, end)
    if found is None or sentence.word(found) != "pay":
        return found
    back = range(found - 1, start - 1, -1)
    return next((at for at in back if sentence.word(at) == "ordered"), found)


def _last_verb(sentence: MoneySentence, start: int, end: int) -> int | None:
    for at in range(end - 1, start - 1, -1):
        word = sentence.word(at)
        if word == ";":
            return None
        if word in SPENDING_VERBS and _is_verb(sentence, start, at):
            return at
    return None


def _is_verb(sentence: MoneySentence, start: int, at: int) -> bool:
    """Return whether a form of a verb of spending is no noun, and no second verb of a sum."""
    word, before = sentence.word(at), sentence.word(at - 1)
    if word in TOTALS and any(each in SPENDING_VERBS for each in sentence.word_list(start, at)):
        return False
    if word in NOUN_FORMS and before not in VERB_BEFORE_NOUN_FORM:
        return False
    if word.endswith("ing") and before in BEFORE_GERUND_AS_NOUN:
        return False
    is_base = word == SPENDING_VERBS[word] and word != "set"
    return not is_base or before in BEFORE_INFINITIVE


def subject_of(sentence: MoneySentence, verb: int) -> str:
    """Return who does what a verb says; empty where it is passive."""
    start = end = without_adverbs(sentence.tokens, verb, BEFORE_VERB)
    while start > 0:
        before = sentence.word(start - 1)
        if before in CLAUSE_MARKS or before in PAST_SPEECH:
            break
        if before == "and" and start == end:
            earlier = _verb_before(sentence, start - 1)
            if earlier:
                return subject_of(sentence, earlier)
        start -= 1
    if sentence.word(verb - 1) in {"was", "were"}:
        return ""
    found = actor_text(sentence.tokens, start, end)
    if found or start == 0:
        return found
    if sentence.word(start - 1) in SPEECH:
        return subject_of(sentence, start - 1)
    earlier = _verb_before(sentence, start)
    return subject_of(sentence, earlier) if earlier else ""


def _verb_before(sentence: MoneySentence, end: int) -> int:
    """The last verb before a place, whose subject goes on; 0 where none is."""
    for at in range(end - 1, 0, -1):
        word = sentence.word(at)
        if word == ";":
            return 0
        if word in SPENDING_VERBS or word in OTHER_VERBS:
            return at
    return 0


def giver_after(sentence: MoneySentence, last: int, end: int) -> str:
    """Return who gives what somebody received: the government of `€500 from the government`."""
    for at in range(last + 1, min(end, last + 8)):
        if sentence.word(at) == "from":
            stop = at + 1
            while stop < end and sentence.word(stop) not in GIVER_END:
                stop += 1
            return actor_text(sentence.tokens, at + 1, stop)
    return ""


def speaker_of(sentence: MoneySentence, verb: int | None, previous: int) -> tuple[str, str]:
    """Return who says in the clause of a verb that an amount was given, and by which act."""
    if verb is None:
        return "", ""
    for at in range(verb - 1, previous, -1):
        word = sentence.word(at)
        if word in {",", ";"}:
            break
        if word in PAST_SPEECH:
            speaker = subject_of(sentence, at)
            return speaker, SPEECH[word][0] if speaker else ""
    return "", ""
