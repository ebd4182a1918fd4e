"""Claims without a verb of speech and its subject: `according to GRETA`, `reportedly`."""

from tipgraph_draft.grammar.claims.speakers import NOBODY, Speech
from tipgraph_draft.grammar.subjects import actor_text
from tipgraph_draft.tokens import Sentence, place_of
from tipgraph_draft.words import AUXILIARIES, BE, UNNAMED_HEDGES, VERBS

VIEWS = {"view", "opinion", "assessment", "words"}
SPEECH_NOUNS = {"reports", "allegations", "claims"}
# The most words of a list of speakers after its first comma, and of a hedge before it.
MAX_LIST, MAX_HEDGED = 10, 8


def attribution(sentence: Sentence, at: int) -> Speech | None:
    """The speech that begins with a word at a place, if that attributes something."""
    word, following = sentence.word(at), sentence.word(at + 1)
    if word == "according" and following == "to":
        return _according(sentence, at)
    if word in VIEWS and following == "of" and sentence.word_list(at - 2, at) == ["in", "the"]:
        return _viewed(sentence, at)
    if word == "reported" and following == "that":
        return _impersonal(sentence, at)
    if word in UNNAMED_HEDGES:
        return _hedged(sentence, at)
    if word in SPEECH_NOUNS and following in {"that", "of"}:
        return _reports(sentence, at)
    return None


def _according(sentence: Sentence, at: int) -> Speech | None:
    """`According to GRETA, …`, or `…, according to NGOs`."""
    tokens = sentence.tokens
    stop = place_of(tokens, {",", ";", ".", ")", ":"}, at + 2)
    if sentence.word(stop) == ",":
        stop = _list_end(sentence, stop) or stop
    speaker = actor_text(tokens, at + 2, stop)
    if not speaker:
        return None
    opens = at <= 1 or sentence.word(at - 1) in {";", "and"}
    return Speech(at, at, stop + 1 if opens else 0, speaker, "reports", "claim-according")


def _list_end(sentence: Sentence, comma: int) -> int | None:
    """The comma after `NGOs, media, and observers,`; None if the first comma ends the speaker."""
    closing = place_of(sentence.tokens, {","}, comma + 1)
    words = sentence.word_list(comma + 1, closing)
    is_list = "and" in words and not any(each in VERBS or each in AUXILIARIES for each in words)
    is_near = closing < min(comma + MAX_LIST, len(sentence.tokens))
    return closing if is_near and is_list else None


def _viewed(sentence: Sentence, at: int) -> Speech | None:
    """`In the view of lawyers, …`."""
    stop = place_of(sentence.tokens, {",", ";", "."}, at + 2)
    speaker = actor_text(sentence.tokens, at + 2, stop)
    if not speaker:
        return None
    return Speech(at, at - 2, stop + 1 if at == 2 else 0, speaker, "believes", "claim-according")


def _impersonal(sentence: Sentence, at: int) -> Speech | None:
    """`It was reported that …`: nobody is named."""
    if sentence.word(at - 2) != "it" or sentence.word(at - 1) not in BE:
        return None
    return Speech(at, at - 2, at + 2, NOBODY, "reports", "claim-passive")


def _hedged(sentence: Sentence, at: int) -> Speech:
    """`reportedly`: somebody who is not named says so."""
    start = at
    while (
        start > 0
        and at - start < MAX_HEDGED
        and (sentence.word(start - 1) not in {";", ",", "that"})
    ):
        start -= 1
    act = "alleges" if sentence.word(at) == "allegedly" else "reports"
    return Speech(at, start, start, NOBODY, act, "claim-hedged")


def _reports(sentence: Sentence, at: int) -> Speech | None:
    """`There were reports that …`: nobody is named."""
    before = {*sentence.word_list(at - 4, at)}
    are_there = "there" in before or sentence.word(0) == "there"
    if not are_there or not {"were", "are", "have"} & before or {"no", "not"} & before:
        return None
    act = "alleges" if sentence.word(at) == "allegations" else "reports"
    return Speech(at, max(0, at - 3), at + 2, NOBODY, act, "claim-reports")
