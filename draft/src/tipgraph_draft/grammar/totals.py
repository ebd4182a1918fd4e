"""Wholes that are given by the way: `33 of 47 presumed victims`."""

from dataclasses import replace

from tipgraph_draft.grammar.builder import (
    counted_words,
    headline_row,
    keep_row,
    make_row,
    period_in,
    relative_predicate,
    set_period,
)
from tipgraph_draft.grammar.mentions import clause_stop
from tipgraph_draft.grammar.phrases import noun_phrase
from tipgraph_draft.grammar.predicates import Predicate
from tipgraph_draft.grammar.rows import Frame, Mention, Scope
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.grammar.subjects import PRONOUNS, actor_text
from tipgraph_draft.number_classes import FIGURE, NumberClass
from tipgraph_draft.periods import Period
from tipgraph_draft.words import PAST_SPEECH, SPEECH, VERBS

# Verbs of the clause that a relative clause is in.
MAIN_VERBS = {"were", "was", "lacked", "had", "did", "received", "are"}


def keep_base(
    state: SentenceState,
    mention: Mention,
    leading: Predicate | None,
    own: Period | None,
    scope: Scope,
) -> None:
    """Make a figure of the 47 in `33 of 47 presumed victims`."""
    phrase, value = mention.of_phrase, mention.partitive_value
    assert phrase is not None
    assert value is not None
    numeral = next(
        each for each in state.found if each.value == value and each.first > mention.number
    )
    base = Mention(
        numeral.first, numeral.first, phrase.first, value, "", "", "number", phrase, numeral.start
    )
    stage_name = "presumed" if phrase.is_presumed else "other"
    frame = Frame(phrase.text, phrase.noun, Predicate.bare(stage_name),
                  leading.subject if leading else "", "", "")  # fmt: skip
    row = make_row(state, base, list(phrase.labels), frame, (phrase.last + 1, phrase.last + 1))
    row.rules.append("base-of-a-part")
    set_period(state, row, own or scope.year)
    frame.rows.append(row)
    state.rows.append(row)
    at = state.by_token[numeral.first]
    state.classes[at] = NumberClass(FIGURE)


def keep_whole(
    state: SentenceState, mention: Mention, leading: Predicate, period: Period | None, scope: Scope
) -> None:
    """Make a headline of the 140 in `Police identified 80 of the 140 victims`, if it is new."""
    phrase, value = mention.of_phrase, mention.partitive_value
    known = state.frame is not None and bool(state.frame.current)
    if known or phrase is None or value is None or not phrase.is_person or not leading.subject:
        return
    at = next(each for each in state.found if each.value == value and each.first > mention.number)
    whole = Mention(at.first, at.first, phrase.first, value, "", "", "number", phrase, at.start)
    predicate = replace(leading, subject="", speaker="", act="")
    after = (phrase.last + 1, phrase.last + 1)
    row = headline_row(state, whole, predicate, list(phrase.labels), after, period)
    row.rules.append("headline-by-the-way")
    keep_row(state, row, whole, scope)


def introduce_whole(
    state: SentenceState,
    mention: Mention,
    before: tuple[int, int],
    after: tuple[int, int],
    scope: Scope,
) -> tuple[int, int]:
    """Make a headline of the victims that a number is a part of, where none was given before.

    `41 of the 60 victims authorities identified`, `of the victims police identified, 11 were`.
    Returns the words after the mention without that clause.
    """
    if mention.partitive == "frame":
        known = state.frame.current if state.frame is not None else []
        if any(each.value == mention.partitive_value for each in known):
            return after
        if mention.partitive_value is None and known:
            return after
        phrase, begin = mention.of_phrase, mention.after
    else:
        if state.frame is not None and state.frame.current:
            return after
        start = next((at for at in range(*before) if state.word(at) in {"of", "among"}), None)
        if start is None:
            return after
        begin = start + 1
        while state.word(begin) in {"the", "these", "those", "all"}:
            begin += 1
        phrase = noun_phrase(state.tokens, begin, before[1])
        begin = phrase.last + 1 if phrase else begin
    if phrase is None or not phrase.is_person or state.word(begin) in MAIN_VERBS:
        return after
    stop = _main_verb(state, begin, clause_stop(state, begin))
    predicate = relative_predicate(state, begin, stop)
    if predicate is None:
        return after
    speech = next((at for at in range(*before) if state.word(at) in PAST_SPEECH), None)
    speaker = actor_text(state.tokens, before[0], speech) if speech is not None else ""
    if speaker and speech is not None:
        subject = speaker if predicate.subject in PRONOUNS else predicate.subject
        act = SPEECH[state.word(speech)][0]
        predicate = replace(predicate, subject=subject, speaker=speaker, act=act)
    period = period_in(state, begin, stop)
    value = mention.partitive_value if mention.partitive == "frame" else None
    whole = Mention(begin, begin, begin, value, "", "", "number", phrase,
                    state.tokens[phrase.first].start)  # fmt: skip
    if value is None:
        words, noun, _ = counted_words(state, whole, predicate, list(phrase.labels))
        state.frame = Frame(
            words, noun, predicate, predicate.subject, predicate.speaker, predicate.act
        )
        state.frames.append(state.frame)
        scope.year = period or scope.year
    else:
        at = next(
            each for each in state.found if each.value == value and mention.number < each.first
        )
        whole.place, whole.first, whole.number = at.start, at.first, at.first
        whole.after = phrase.first
        row = headline_row(state, whole, predicate, list(phrase.labels), (begin, stop), period)
        row.rules.append("headline-by-the-way")
        keep_row(state, row, whole, scope)
        scope.clause.clear()
        scope.year = period or scope.year
    return (stop, after[1]) if mention.partitive == "frame" and stop <= after[1] else after


def _main_verb(state: SentenceState, at: int, stop: int) -> int:
    """The place of `were` or another verb after a relative clause, or the stop."""
    seen = False
    for index in range(at, stop):
        word = state.word(index)
        if word in MAIN_VERBS and seen:
            return index
        seen = seen or word in VERBS
    return stop
