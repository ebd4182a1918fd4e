"""Sentences of a form of their own: `The number of victims rose from 26 to 45`."""

from dataclasses import replace

from tipgraph_draft.grammar.builder import (
    keep_row,
    make_row,
    period_in,
    relative_predicate,
    set_period,
)
from tipgraph_draft.grammar.marks import CHANGES
from tipgraph_draft.grammar.phrases import noun_phrase
from tipgraph_draft.grammar.predicates import Predicate, predicate_after
from tipgraph_draft.grammar.rows import Frame, Scope
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.grammar.subjects import agent_after
from tipgraph_draft.labels import labels_in
from tipgraph_draft.words import VERBS, participle, stage


def read_numbers_of(state: SentenceState, scope: Scope) -> bool:
    """Read `The numbers of men and women police identified were 2 and 4, respectively`."""
    words = [each.lower for each in state.tokens]
    if words[:1] == ["the"]:
        words = words[1:]
    shift = len(state.tokens) - len(words)
    if words[:2] not in (["numbers", "of"], ["number", "of"]) or "respectively" not in words:
        return False
    verb = next((at for at, each in enumerate(words) if each in {"were", "was"}), None)
    if verb is None:
        return False
    begin, verb = 2 + shift, verb + shift
    last = max((at for at in range(begin, verb) if state.word(at) == "and"), default=begin)
    labels = [each for at in range(begin, last + 2) for each in labels_in(state.tokens, at, at + 1)]
    mentions = [each for at, each in sorted(state.mentions.items()) if at > verb]
    predicate = relative_predicate(state, last + 2, verb)
    if len(labels) < 2 or len(labels) != len(mentions) or predicate is None:
        return False
    predicate = replace(predicate, complement="")
    frame = Frame("victims", "victims", predicate, predicate.subject, "", "")
    state.frame = frame
    state.frames.append(frame)
    period = period_in(state, last, verb) or period_in(state, verb, len(state.tokens))
    for mention, label in zip(mentions, labels, strict=True):
        row = make_row(state, mention, [label], frame, (mention.end, mention.end))
        row.rules.append("by-place-in-list")
        set_period(state, row, period)
        frame.rows.append(row)
        keep_row(state, row, mention, scope)
    return True


def read_change(state: SentenceState, scope: Scope) -> bool:
    """Read `The number of victims identified rose from 26 in 2020 to 45 in 2021`.

    The two may change places: `fell to 112 in 2022 from 175 in 2021`.
    """
    at = next((at for at in range(len(state.tokens)) if state.word(at) in CHANGES), None)
    if at is None or state.word(at + 1) not in {"from", "to"}:
        return False
    first, second = state.mentions.get(at + 2), None
    other = "to" if state.word(at + 1) == "from" else "from"
    for start, mention in sorted(state.mentions.items()):
        if start > at + 2 and state.word(start - 1) == other:
            second = mention
            break
    if other == "from":
        first, second = second, first
    number = next((each for each in range(at) if state.word(each) == "number"), None)
    if first is None or second is None or number is None or state.word(number + 1) != "of":
        return False
    phrase = noun_phrase(state.tokens, number + 2, at)
    if phrase is None:
        return False
    after = phrase.last + 1
    predicate, words = predicate_after(state.tokens, after, at), phrase.text
    if predicate is None and phrase.words[0] in VERBS:
        # `The number of identified victims`.
        base = VERBS[phrase.words[0]][0]
        predicate = Predicate(base, participle(base), stage(base))
        words = " ".join(phrase.words[1:])
    agent = agent_after(state.tokens, after, at)
    frame = Frame(words, phrase.noun, predicate, agent, "", "")
    state.frame = frame
    state.frames.append(frame)
    labels = [*phrase.labels, *labels_in(state.tokens, after, at)]
    current = make_row(state, second, labels, frame, (second.end, second.end))
    earlier = make_row(state, first, labels, frame, (first.end, first.end))
    earlier.is_prior, earlier.host = True, current
    for row, mention in ((current, second), (earlier, first)):
        following = [each for each in state.periods.values() if each.first > mention.end]
        row.rules.append("change-from-to")
        set_period(state, row, following[0] if following else None)
        frame.rows.append(row)
        keep_row(state, row, mention, scope)
    return True
