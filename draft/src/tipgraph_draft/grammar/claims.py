"""Attributed claims: who says something, by which act of speech, and how firmly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tipgraph_draft.document import Finding, Sentence
from tipgraph_draft.grammar.subjects import (
    actor_text,
    clause_start,
    relative_before,
    speech_before,
    without_adverbs,
)
from tipgraph_draft.tokens import MAX_QUOTED_WORDS, place_of, spaced, without_ends, word_count
from tipgraph_draft.words import AUXILIARIES, BE, NOT, SPEECH, SPOKEN_NOUNS, word_set, word_table

GAPS, COUNTED = {"non-report", "absence"}, {"figure", "amount"}
# Acts by which somebody only gives a figure.
PLAIN_ACTS = {"reports", "states", "notes", "says", "estimates", "claims", "alleges"}
# Words after its verb within which a speech is only a non-report or a training.
NEAR = 6
CONCERN = word_set("concern")
HEDGES = word_set("hedges")
UNNAMED_HEDGES = {"reportedly", "allegedly", "purportedly"}
NOBODY = "unnamed"
ADVERBIALS = word_set("speech_adverbials")
# Words between a subject and its verb, and the verbs that may be the first of a sentence.
BEFORE_VERB = ADVERBIALS | AUXILIARIES
NOT_SPEAKERS = word_set("speakers_not_speakers")
SPEAKERS = word_set("speakers")
FORMS = SPOKEN_NOUNS | SPEECH
# Acts that say nothing without the noun for what is expressed.
NEEDS_OBJECT = {"expresses", "raises", "voices"}
# The act of such a verb with a noun.
NOUN_OF_ACT = {
    noun: act.replace("_", " ") for noun, act in word_table("nouns_of_acts").items()
} | dict.fromkeys(CONCERN, "expresses concern")
BEFORE_CONTENT = {"that", "about", "over", "regarding", "with", "concerning", "at", "on"}
# Words that these verbs need right after them.
AFTER_CALL, AFTER_POINT = {"on", "for", "upon"}, {"out", "to"}
# Verbs that say something only before `that`.
NEEDS_THAT = {"finds", "confirms", "agrees"}
# Words before a form of speech that is no verb.
BEFORE_NOUN = word_set("before_speech_noun")
# The most words of a clause before a hedge in it.
MAX_HEDGED = 8
# The most words of a topic, and of a speaker that are quoted before the verb.
TOPIC_WORDS, SPEAKER_WORDS = 8, 6
# Words that no topic ends or begins with.
OPEN_ENDS = word_set("topic_open_ends")
OPEN_BEGINNINGS = {"the", "a", "an", "that"}
SPEECH_NOUNS = {"reports", "allegations", "claims"}


@dataclass(frozen=True)
class Speech:
    """A verb of speech: its token, the first of the speaker, and the content from there."""

    verb: int
    start: int
    content: int
    speaker: str
    act: str
    rule: str


def read_claims(sentence: Sentence, taken: Sequence[Finding], known: str = "") -> list[Finding]:
    """The claims of a sentence; what others already read as figures or non-reports is left out.

    `known` is who acted or spoke last, for a pronoun.
    """
    gaps = [each for each in taken if each.kind in GAPS]
    speeches = [*_speeches(sentence, gaps, known)]
    claims: list[Finding] = []
    for at, speech in enumerate(speeches):
        starts = [each.start for each in speeches[at + 1 :] if each.start > speech.verb]
        end = min([*starts, place_of(sentence.tokens, {";"}, speech.verb + 1)])
        known_claims = {(each.speaker, each.act) for each in claims}
        is_repeated = speech.rule == "claim-hedged" and (speech.speaker, speech.act) in known_claims
        if not is_repeated and not _is_figure(speech, end, taken):
            claims.append(_claim_of(sentence, speech, end))
    return claims


def _speeches(sentence: Sentence, gaps: Sequence[Finding], known: str) -> Iterator[Speech]:
    """All speech of a sentence, but for what is within a gap or within what another says."""
    last: Speech | None = None
    for at in range(len(sentence.tokens)):
        if _is_speech(sentence, at):
            found = _with_own_subject(sentence, at, known) or _shared(sentence, at, last)
        else:
            found = _attribution(sentence, at)
        if found is None or any(each.first <= found.verb <= each.last for each in gaps):
            continue
        if last is None or not _is_within(sentence, last, found):
            last = found
            yield found


def _is_within(sentence: Sentence, last: Speech, found: Speech) -> bool:
    """Return whether it is within what another says: `Media reported NGOs complained`."""
    is_according = sentence.word(last.verb) == "according"
    between = sentence.word_list(last.verb, found.verb)
    if found.rule == "claim-hedged" and is_according and ";" not in between:
        return True
    between = sentence.word_list(last.verb + 1, found.start)
    if found.rule == "claim-according" and between[-1:] == [","] and len(between) <= 2:
        return True
    divides = {";", ",", "while", "but", "and", "—"} & {*between}
    return not divides and found.start >= last.content - 1


def _is_figure(speech: Speech, end: int, taken: Sequence[Finding]) -> bool:
    """Return whether the content is only a figure, an amount or a non-report."""
    is_according = speech.rule == "claim-according"
    inside = [
        each
        for each in taken
        if (speech.start <= each.last if is_according else speech.verb <= each.first <= end)
    ]
    return speech.act in PLAIN_ACTS and any(
        each.kind in COUNTED
        or (each.kind in {*GAPS, "training"} and each.first <= speech.verb + NEAR)
        for each in inside
    )


# ── Verbs of speech ─────────────────────────────────────────────────────────────────────────────


def _is_speech(sentence: Sentence, at: int) -> bool:
    """Return whether a form of speech is a verb with a subject that says something."""
    second, before, word, following = sentence.word_list(at - 2, at + 2)
    if word in SPOKEN_NOUNS:
        # `continued to report`: a form that is often a noun.
        return before == "to" and second in {"continued", "continue", "began"}
    if SPEECH.get(word, ("", "gerund"))[1] == "gerund":
        return False
    skipped = without_adverbs(sentence.tokens, at, ADVERBIALS, 1) - 1
    if NOT & {*sentence.word_list(skipped, at)}:
        return False
    is_active = not {sentence.word(skipped), before} & BE
    return before not in BEFORE_NOUN and following != "by" and is_active


def _with_own_subject(sentence: Sentence, at: int, known: str) -> Speech | None:
    """The speech of a verb with a subject of its own: `NGOs noted`."""
    end = _subject_end(sentence, at)
    start = clause_start(sentence.tokens, 0, end)
    speech = speech_before(sentence.tokens, start, end)
    start = start if speech is None else speech + 1
    speaker = _speaker_before(sentence, start, end, known) if start < end else ""
    return _with_content(sentence, at, start, speaker, "claim-verb") if speaker else None


def _shared(sentence: Sentence, at: int, last: Speech | None) -> Speech | None:
    """A verb that goes on with the subject of the one before it: `and noted`."""
    start = _subject_end(sentence, at)
    if last is None or sentence.word(start - 1) not in {"and", ",", "but"}:
        return None
    return _with_content(sentence, at, start, last.speaker, "claim-shared")


def _with_content(
    sentence: Sentence, at: int, start: int, speaker: str, rule: str
) -> Speech | None:
    """The speech of a verb whose object is a statement; None where it is a thing."""
    word, following = sentence.word_list(at, at + 2)
    act, content = FORMS[word][0], at + 1
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
    if act == "calls" or word.startswith("point"):
        if following not in (AFTER_CALL if act == "calls" else AFTER_POINT):
            return None
        content += 1
    if act in NEEDS_THAT and following != "that":
        return None
    content += 1 if sentence.word(content) == "that" else 0
    return Speech(at, start, content, speaker, act, rule)


# ── Speakers ────────────────────────────────────────────────────────────────────────────────────


def _speaker_before(sentence: Sentence, start: int, end: int, known: str) -> str:
    """Return who speaks in the words of a subject, empty if nobody can.

    A pronoun is who is known.
    """
    words = {*sentence.word_list(start, end)}
    last = sentence.word(end - 1)
    if last in NOT_SPEAKERS or (words & NOT_SPEAKERS and last not in SPEAKERS):
        return ""
    if words <= {"they", "it", "she", "he"}:
        return known
    text = actor_text(sentence.tokens, start, end)
    return text if not text[:1].isdigit() else ""


def _subject_end(sentence: Sentence, verb: int) -> int:
    """Return where the subject of a verb ends: before adverbs, auxiliaries and asides."""
    end = without_adverbs(sentence.tokens, verb, BEFORE_VERB)
    # `The Federal Migration Centre, in its role as rapporteur, noted`.
    aside = relative_before(sentence.tokens, 0, end - 1) if sentence.word(end - 1) == "," else None
    return end if aside is None else aside


# ── Without a verb of speech ────────────────────────────────────────────────────────────────────


def _attribution(sentence: Sentence, at: int) -> Speech | None:
    """The speech that begins with a word at a place, if that attributes something."""
    word, following = sentence.word_list(at, at + 2)
    if word == "according" and following == "to":
        return _according(sentence, at)
    if word == "reported" and following == "that":
        # `It was reported that …`: nobody is named.
        is_it = sentence.word(at - 2) == "it" and sentence.word(at - 1) in BE
        return Speech(at, at - 2, at + 2, NOBODY, "reports", "claim-reports") if is_it else None
    act = "alleges" if word in {"allegedly", "allegations"} else "reports"
    if word in UNNAMED_HEDGES:
        back = range(at, max(0, at - MAX_HEDGED), -1)
        marks = (each for each in back if sentence.word(each - 1) in {";", ",", "that"})
        start = next(marks, max(0, at - MAX_HEDGED))
        return Speech(at, start, start, NOBODY, act, "claim-hedged")
    if word in SPEECH_NOUNS and following in {"that", "of"}:
        # `There were reports that …`: nobody is named.
        before = {*sentence.word_list(at - 4, at)}
        are_there = "there" in before and before & {"were", "are", "have"}
        if are_there and not {"no", "not"} & before:
            return Speech(at, max(0, at - 3), at + 2, NOBODY, act, "claim-reports")
    return None


def _according(sentence: Sentence, at: int) -> Speech | None:
    """`According to GRETA, …`, or `…, according to NGOs`."""
    stop = place_of(sentence.tokens, {",", ";", ".", ")", ":"}, at + 2)
    speaker = actor_text(sentence.tokens, at + 2, stop)
    opens = at <= 1 or sentence.word(at - 1) in {";", "and"}
    content = stop + 1 if opens else 0
    return Speech(at, at, content, speaker, "reports", "claim-according") if speaker else None


# ── Rows ────────────────────────────────────────────────────────────────────────────────────────


def _claim_of(sentence: Sentence, speech: Speech, end: int) -> Finding:
    """The claim of a speech whose content ends at a place."""
    tokens = sentence.tokens
    content = min(max(speech.content, 0), len(tokens) - 1)
    words = sentence.word_list(min(speech.start, content), end)
    first, last = _quote(sentence, speech, end)
    return Finding(
        kind="claim",
        sentence=sentence,
        first=first,
        last=last,
        place=tokens[speech.verb].start,
        indicator=_topic(sentence, content, end),
        speaker=speech.speaker,
        act=speech.act,
        qualifier=next((each for each in words if each in HEDGES), ""),
        part="",
        axis="",
        rules=[speech.rule],
    )


def _topic(sentence: Sentence, content: int, end: int) -> str:
    """The first words of the content."""
    words: list[str] = []
    for token in sentence.tokens[content:end]:
        if token.text in {",", ";", "(", ".", "—"} and len(words) > 2:
            break
        if token.is_word or words:
            words.append(token.text)
        if len(words) == TOPIC_WORDS:
            break
    return spaced(without_ends(words, OPEN_ENDS, OPEN_BEGINNINGS))


def _quote(sentence: Sentence, speech: Speech, end: int) -> tuple[int, int]:
    """The speaker, the verb and what is stated, before them or after."""
    tokens = sentence.tokens
    first = max(speech.start, speech.verb - SPEAKER_WORDS)
    last = min(max(speech.verb, end - 1), len(tokens) - 1)
    has_content = any(each.is_word for each in tokens[speech.verb + 1 : end])
    is_after = speech.rule == "claim-according" or not has_content
    if is_after and sentence.word(speech.start - 1) == ",":
        # `Shelters were full, NGOs reported`
        stated = speech.start
        while stated > 0 and sentence.word(stated - 1) != ";":
            stated -= 1
        if word_count(tokens, stated, last) <= MAX_QUOTED_WORDS:
            first = stated
    return first, last
