"""The row of a claim: its topic, its hedge and its quote."""

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.claims.speakers import Speech
from tipgraph_draft.tokens import MAX_QUOTED_WORDS, Sentence, spaced, without_ends, word_count
from tipgraph_draft.words import HEDGES

TOPIC_WORDS = 8
# The most words of a speaker that are quoted before the verb.
SPEAKER_WORDS = 6
# Words that no topic ends or begins with.
OPEN_ENDS = {"the", "of", "and", "to", "a", "in", "for", "that", ",", "."}
OPEN_BEGINNINGS = {"the", "a", "an", "that"}


def claim_of(sentence: Sentence, speech: Speech, end: int) -> Finding:
    """The claim of a speech whose content ends at a place."""
    tokens = sentence.tokens
    content = min(max(speech.content, 0), len(tokens) - 1)
    hedges = [
        each.lower for each in tokens[min(speech.start, content) : end] if each.lower in HEDGES
    ]
    first, last = _quote(sentence, speech, end)
    return Finding(
        kind="claim",
        sentence=sentence,
        first=first,
        last=last,
        place=tokens[speech.verb].start,
        indicator=_topic(sentence, content, end),
        period="",
        speaker=speech.speaker,
        act=speech.act,
        qualifier=hedges[0] if hedges else "",
        rules=(speech.rule,),
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
    is_after = speech.rule == "claim-according" or not any(
        each.is_word for each in tokens[speech.verb + 1 : end]
    )
    if is_after and sentence.word(speech.start - 1) == ",":
        stated = _statement_start(sentence, speech.start)
        if word_count(tokens, stated, last) <= MAX_QUOTED_WORDS:
            first = stated
    return first, last


def _statement_start(sentence: Sentence, at: int) -> int:
    """Return where the statement before a speaker begins: `Shelters were full, NGOs reported`."""
    while at > 0 and sentence.word(at - 1) != ";":
        at -= 1
    return at
