"""Claims by a verb of speech: `NGOs criticized`, `was criticized by NGOs`, `and noted`."""

from tipgraph_draft.grammar.claims.speakers import (
    ADVERBIALS,
    CLAUSE,
    Speech,
    first_subject,
    speaker_before,
    subject_end,
    subject_start,
)
from tipgraph_draft.grammar.subjects import actor_text, without_adverbs
from tipgraph_draft.tokens import Sentence, place_of
from tipgraph_draft.words import AUXILIARIES, BE, CONCERN, NOT, SPEECH, SPOKEN_NOUNS, word_set

FORMS = SPOKEN_NOUNS | SPEECH
# Acts that say nothing without the noun for what is expressed.
NEEDS_OBJECT = {"expresses", "raises", "voices"}
NOUN_OF_ACT = {
    "recommendation": "recommends", "recommendations": "recommends", "criticism": "criticizes",
    "criticisms": "criticizes", "optimism": "expresses optimism", "doubt": "doubts",
    "doubts": "doubts", "questions": "questions", "objections": "objects",
    "allegations": "alleges", "support": "supports", "satisfaction": "welcomes",
    "fear": "expresses fear", "appreciation": "welcomes", "regret": "regrets",
    "skepticism": "doubts", "frustration": "expresses frustration",
    "interest": "expresses interest",
} | dict.fromkeys(CONCERN, "expresses concern")  # fmt: skip
BEFORE_CONTENT = {"that", "about", "over", "regarding", "with", "concerning", "at", "on"}
# Words that these verbs need right after them.
AFTER_CALL, AFTER_POINT = {"on", "for", "upon"}, {"out", "to"}
# Verbs that say something only before `that`.
NEEDS_THAT = {"finds", "confirms", "agrees"}
# Words before a form of speech that is no verb.
BEFORE_NOUN = {"the", "of", "a", "an", "no", "any", "all", "most", "for", "to", "other", "these"}
PLURAL_FORMS = {"believe", "say", "argue", "allege", "assert", "think"}
GERUNDS = word_set("verbs_gerunds")
AGENT_END = CLAUSE | {"about", "over", "regarding", ".", "that", "for", "as", "in"}


def is_speech(sentence: Sentence, at: int) -> bool:
    """Return whether a form of speech is a verb with a subject that says something."""
    word, before = sentence.word(at), sentence.word(at - 1)
    if word in SPOKEN_NOUNS:
        # `continued to report`: a form that is often a noun.
        return before == "to" and sentence.word(at - 2) in {"continued", "continue", "began"}
    if word not in SPEECH:
        return False
    _, kind = SPEECH[word]
    skipped = without_adverbs(sentence.tokens, at, ADVERBIALS, 1) - 1
    if NOT & {*sentence.word_list(skipped, at)}:
        return False
    if kind == "base":
        return _is_finite(sentence, at)
    if kind == "gerund":
        return _is_participle(sentence, at)
    if before in BEFORE_NOUN:
        return False
    return sentence.word(at + 1) == "by" or not {sentence.word(skipped), before} & BE


def _is_finite(sentence: Sentence, at: int) -> bool:
    """Return whether a base form has a subject: `NGOs believe`, `and note`, `continued to note`."""
    before, second = sentence.word(at - 1), sentence.word(at - 2)
    if before == "and" or (before == "to" and second in {"continued", "continue"}):
        return True
    return before.endswith("s") and second != "the" and sentence.word(at) in PLURAL_FORMS


def _is_participle(sentence: Sentence, at: int) -> bool:
    """Return whether a gerund goes on with the first subject: `, noting that`."""
    word = sentence.word(at)
    return (
        sentence.word(at - 1) == ","
        and word in GERUNDS
        and (word == "citing" or sentence.word(at + 1) in {"that", "the", "a", "some", "many"})
    )


def speech_by_verb(sentence: Sentence, at: int, known: str, last: Speech | None) -> Speech | None:
    """The speech of a verb at a place; `last` is the one before it, whose subject it may share."""
    found = _with_own_subject(sentence, at, known)
    return _shared(sentence, at, last) if found is None and last is not None else found


def _with_own_subject(sentence: Sentence, at: int, known: str) -> Speech | None:
    act, kind = FORMS[sentence.word(at)]
    is_by = sentence.word(at + 1) == "by"
    if sentence.word(at - 1) in BE or (is_by and sentence.word(at - 2) in BE):
        return _passive(sentence, at, act) if is_by else None
    if kind == "gerund":
        speaker = first_subject(sentence)
        return Speech(at, 0, at + 1, speaker, act, "claim-participle") if speaker else None
    end = subject_end(sentence, at)
    start = subject_start(sentence, end)
    speaker = speaker_before(sentence, start, end, known) if start < end else ""
    return _with_content(sentence, at, start, speaker, "claim-verb") if speaker else None


def _passive(sentence: Sentence, at: int, act: str) -> Speech | None:
    """`was criticized by NGOs`, `concerns were raised by experts`."""
    stop = place_of(sentence.tokens, AGENT_END, at + 2)
    speaker = actor_text(sentence.tokens, at + 2, stop)
    if act in NEEDS_OBJECT:
        if not CONCERN & {*sentence.word_list(max(0, at - 8), at)}:
            return None
        act = "expresses concern"
    return Speech(at, max(0, at - 4), stop, speaker, act, "claim-passive") if speaker else None


def _shared(sentence: Sentence, at: int, last: Speech) -> Speech | None:
    """A verb that goes on with the subject of the one before it: `and noted`."""
    start = subject_end(sentence, at)
    if sentence.word(start - 1) not in {"and", ",", "but"}:
        return None
    return _with_content(sentence, at, start, last.speaker, "claim-shared")


def _with_content(
    sentence: Sentence, at: int, start: int, speaker: str, rule: str
) -> Speech | None:
    """The speech of a verb whose object is a statement; None where it is a thing."""
    act, _ = FORMS[sentence.word(at)]
    content = at + 1
    following = sentence.word(content)
    if following == "to" and act not in {"calls", "notes"}:
        # `reported to parliament`, `believed to be corrupt`
        return None
    if act in NEEDS_OBJECT:
        window = range(at + 1, at + 6)
        place = next((each for each in window if sentence.word(each) in NOUN_OF_ACT), None)
        if place is None:
            return None
        act, content = NOUN_OF_ACT[sentence.word(place)], place + 1
        content += 1 if sentence.word(content) in BEFORE_CONTENT else 0
    if act == "calls" or sentence.word(at).startswith("point"):
        if following not in (AFTER_CALL if act == "calls" else AFTER_POINT):
            return None
        content += 1
    if (
        act in NEEDS_THAT
        and following != "that"
        and not (act == "finds" and _clause_follows(sentence, at + 1))
    ):
        return None
    content += 1 if sentence.word(content) == "that" else 0
    return Speech(at, start, content, speaker, act, rule)


def _clause_follows(sentence: Sentence, at: int) -> bool:
    """Return whether a clause with a verb of its own follows, not a thing that was found."""
    for index in range(at, min(at + 10, len(sentence.tokens))):
        word = sentence.word(index)
        if word in {",", ";"} or word[0].isdigit():
            return False
        if word in AUXILIARIES or word.endswith("ed"):
            return index > at
    return False
