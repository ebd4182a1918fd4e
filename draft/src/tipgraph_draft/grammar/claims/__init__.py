"""Attributed claims: who says something, by which act of speech, and how firmly."""

from collections.abc import Iterator, Sequence

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.claims.attributions import attribution
from tipgraph_draft.grammar.claims.rows import claim_of
from tipgraph_draft.grammar.claims.speakers import Speech
from tipgraph_draft.grammar.claims.verbs import is_speech, speech_by_verb
from tipgraph_draft.tokens import Sentence, place_of

GAPS = {"non-report", "absence"}
COUNTED = {"figure", "amount"}
# Acts by which somebody only gives a figure.
PLAIN_ACTS = {"reports", "states", "notes", "says", "estimates", "claims", "alleges"}
# Words after its verb within which a speech is only a non-report or a training.
NEAR = 6


def read_claims(sentence: Sentence, taken: Sequence[Finding], known: str = "") -> list[Finding]:
    """The claims of a sentence; what others already read as figures or non-reports is left out.

    `known` is who acted or spoke last, for a pronoun.
    """
    gaps = [each for each in taken if each.kind in GAPS]
    speeches = [*_speeches(sentence, gaps, known)]
    claims: list[Finding] = []
    for at, speech in enumerate(speeches):
        end = _end(sentence, speech, speeches[at + 1 :])
        if _is_figure(sentence, speech, end, taken):
            continue
        is_repeated = any(
            (each.speaker, each.act) == (speech.speaker, speech.act) for each in claims
        )
        if not is_repeated or speech.rule != "claim-hedged":
            claims.append(claim_of(sentence, speech, end))
    return claims


def _speeches(sentence: Sentence, gaps: Sequence[Finding], known: str) -> Iterator[Speech]:
    """All speech of a sentence, but for what is within a gap or within what another says."""
    last: Speech | None = None
    for at in range(len(sentence.tokens)):
        found = (
            speech_by_verb(sentence, at, known, last)
            if is_speech(sentence, at)
            else attribution(sentence, at)
        )
        if found is None or any(each.first <= found.verb <= each.last for each in gaps):
            continue
        if last is None or not _is_within(sentence, last, found):
            last = found
            yield found


def _is_within(sentence: Sentence, last: Speech, found: Speech) -> bool:
    """Return whether somebody says it within what another says.

    `Media reported NGOs complained`.
    """
    if found.rule in {"claim-shared", "claim-passive"}:
        return False
    if (
        found.rule == "claim-hedged"
        and sentence.word(last.verb) == "according"
        and ";" not in sentence.word_list(last.verb, found.verb)
    ):
        return True
    between = sentence.word_list(last.verb + 1, found.start)
    if found.rule == "claim-according" and between[-1:] == [","] and len(between) <= 2:
        return True
    marks = {";", ",", "while", "but", "and", "—"}
    return not marks & {*between} and found.start >= last.content - 1


def _end(sentence: Sentence, speech: Speech, later: Sequence[Speech]) -> int:
    """Return where the content ends."""
    starts = [each.start for each in later if each.start > speech.verb]
    return min([*starts, place_of(sentence.tokens, {";"}, speech.verb + 1)])


def _is_figure(sentence: Sentence, speech: Speech, end: int, taken: Sequence[Finding]) -> bool:
    """Return whether the content is only a figure, an amount or a non-report."""
    if speech.act not in PLAIN_ACTS:
        return False
    is_according = speech.rule == "claim-according"
    inside = [
        each
        for each in taken
        if (speech.start <= each.last if is_according else speech.verb <= each.first <= end)
    ]
    return any(
        each.kind in COUNTED
        or (each.kind in {*GAPS, "training"} and each.first <= speech.verb + NEAR)
        for each in inside
    )
