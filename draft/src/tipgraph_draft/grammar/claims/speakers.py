"""Speakers, and the parts of a sentence that a claim is made of."""

from dataclasses import dataclass

from tipgraph_draft.grammar.subjects import actor_text, without_adverbs
from tipgraph_draft.tokens import Sentence
from tipgraph_draft.words import AUXILIARIES, FINITE_VERBS, PAST_SPEECH, PAST_VERBS, VERBS, word_set

NOBODY = "unnamed"
CLAUSE = word_set("speech_clause")
ADVERBIALS = word_set("speech_adverbials")
# Words between a subject and its verb, and the verbs that may be the first of a sentence.
BEFORE_VERB = ADVERBIALS | AUXILIARIES
FIRST_VERBS = AUXILIARIES | PAST_VERBS | PAST_SPEECH
NOT_SPEAKERS = word_set("speakers_not_speakers")
SPEAKERS = word_set("speakers")
SUBORDINATORS = {"that", "which", "because", "when", "if", "as", "whether", "whom"}
# Words before a subject that do not belong to it.
INTRODUCTIONS = {"and", "a", "however", "additionally", ",", "while", "moreover"}
# Words after the first comma of an aside between subject and verb.
ASIDES = {"in", "the", "a", "an", "which", "as", "including", "who"}
OTHER_VERBS = word_set("speakers_other_verbs")


def speaker_before(sentence: Sentence, start: int, end: int, known: str) -> str:
    """Return who speaks in the words of a subject, empty if nobody can.

    A pronoun is who is known.
    """
    words = {*sentence.word_list(start, end)}
    if words <= {"they", "it", "she", "he"} and known:
        speaker = known
    elif words & {"they", "it"} and end - start == 1:
        return ""
    else:
        speaker = _name(sentence, start, end)
    last = sentence.word(end - 1)
    if last in NOT_SPEAKERS or (words & NOT_SPEAKERS and last not in SPEAKERS):
        return ""
    return speaker


def _name(sentence: Sentence, start: int, end: int) -> str:
    text = actor_text(sentence.tokens, start, end)
    return text if text and not text[0].isdigit() else ""


def first_subject(sentence: Sentence) -> str:
    """The subject of the first verb of a sentence."""
    tokens = sentence.tokens
    verb = next((at for at, each in enumerate(tokens) if each.lower in FIRST_VERBS), 0)
    return actor_text(tokens, 0, subject_end(sentence, verb))


def subject_end(sentence: Sentence, verb: int) -> int:
    """Return where the subject of a verb ends: before adverbs, auxiliaries and asides."""
    end = without_adverbs(sentence.tokens, verb, BEFORE_VERB)
    if end < 2 or sentence.word(end - 1) != ",":
        return end
    if (
        end > 2
        and sentence.word(end - 2) in {"however", "also", "meanwhile"}
        and sentence.word(end - 3) == ","
    ):
        return end - 3
    # `The Federal Migration Centre, in its role as rapporteur, noted`.
    opened = max((at for at in range(end - 1) if sentence.word(at) == ","), default=-1)
    return opened if opened > 0 and sentence.word(opened + 1) in ASIDES else end


def subject_start(sentence: Sentence, end: int) -> int:
    """Return where the noun phrase before a verb begins."""
    at, depth = end, 0
    while at > 0:
        word = sentence.word(at - 1)
        if word == "(" and depth == 0:
            break
        if word in {"(", ")"}:
            depth += 1 if word == ")" else -1
        elif depth == 0 and _begins_after(sentence, at - 1, end):
            break
        at -= 1
    while at < end and sentence.word(at) in INTRODUCTIONS:
        # `a change` is content that stands in front.
        if sentence.word(at) == "a" and sentence.word(at + 1) != "change" and at + 1 < end:
            break
        at += 1
    return at


def _begins_after(sentence: Sentence, at: int, end: int) -> bool:
    """Return whether a subject begins after a word, and does not go on before it."""
    word, before = sentence.word(at), sentence.word(at - 1)
    if word in CLAUSE:
        return word != "," or not _is_in_list(sentence, at + 1, end)
    if word == "who":
        return at == 0 or not sentence.tokens[at - 1].is_word
    return (
        word in SUBORDINATORS
        or (word == "change" and before == "a")
        or (word == "and" and _has_verb_before(sentence, at))
        or (word in PAST_SPEECH and before not in {"the", "of"})
    )


def _is_in_list(sentence: Sentence, at: int, end: int) -> bool:
    """Return whether the comma before a place divides those who speak.

    `police, courts, and NGOs`.
    """
    words = sentence.word_list(at, end)
    before = sentence.word_list(max(0, at - 8), at - 1)
    return (
        "and" in words
        and not any(each in VERBS or each in AUXILIARIES for each in (*words, *before))
        and not {"in", "during"} & {*before}
    )


def _has_verb_before(sentence: Sentence, at: int) -> bool:
    """Return whether a verb stands in the clause before a place."""
    for index in range(at - 1, -1, -1):
        word = sentence.word(index)
        if word == ";":
            return False
        if any(word in verbs for verbs in (AUXILIARIES, FINITE_VERBS, PAST_SPEECH, OTHER_VERBS)):
            return True
    return False


@dataclass(frozen=True)
class Speech:
    """A verb of speech: its token, the first of the speaker, and the content from there."""

    verb: int
    start: int
    content: int
    speaker: str
    act: str
    rule: str
