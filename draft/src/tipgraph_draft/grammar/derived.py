"""Figures that other figures give: all of them, the remainder, half, the same as before."""

from dataclasses import replace
from decimal import Decimal

from tipgraph_draft.grammar.builder import (
    headline_row,
    is_divided_anew,
    labels_of,
    make_row,
    only_headline,
    only_row,
    set_period,
)
from tipgraph_draft.grammar.mentions import clause_stop
from tipgraph_draft.grammar.phrases import noun_phrase
from tipgraph_draft.grammar.predicates import predicate_after, predicate_before
from tipgraph_draft.grammar.rows import Frame, Mention, Row, Scope, Surroundings, compatible, unique
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.labels import Label, labels_in, ordered
from tipgraph_draft.periods import Period


def all_row(state: SentenceState, mention: Mention, around: Surroundings) -> Row | None:
    """All of those counted before have something done with them."""
    before, after, own, *_ = around
    frame = state.frame
    base = None
    if frame is not None:
        base = frame.total or only_row(state, frame)
        if mention.value is not None:
            base = next((each for each in frame.current if each.value == mention.value), base)
    leading = predicate_before(state.tokens, *before, None, state.subject, mention.end)
    trailing = predicate_after(state.tokens, *after)
    predicate = leading or trailing
    is_derived = mention.value is None
    if predicate is None or (is_derived and base is None):
        return None
    if leading is not None and leading.subject:
        state.subject = leading.subject
    if is_derived and base is not None:
        mention.value = base.value
    row = headline_row(state, mention, predicate, [], after, own)
    if base is not None and not row.period:
        row.period, row.period_from = base.period, base.period_from
    row.is_derived = is_derived
    row.rules.append("derived-all" if is_derived else "all-of-them")
    return row


def derived_row(state: SentenceState, mention: Mention, around: Surroundings) -> Row | None:
    """A figure that other figures give: all, the remainder, half, all but one, the same."""
    _, after, own, scope, parents = around
    frame = state.frame
    if frame is None or not frame.current:
        return None
    parent = parents[-1] or (scope.parent if scope.kind != "main" else None)
    if mention.kind == "all" and mention.value is not None:
        named = [each for each in frame.current if each.value == mention.value]
        parent = named[-1] if named else parent
    if state.word(mention.after - 1) in {"whom", "which"} and scope.rows:
        parent = scope.rows[-1]
    base = parent or frame.total or only_row(state, frame) or only_headline(state, frame)
    if base is None:
        return None
    if mention.kind == "same":
        return _same_row(state, mention, base, own, scope)
    labels = labels_of(state, mention, after)
    if not labels:
        return None
    value = _derived_value(state, mention, base, frame, labels)
    if value is None:
        return None
    mention.value = value
    wider = [] if is_divided_anew(state, base) else base.path
    row = make_row(state, mention, unique([*wider, *labels]), frame, after)
    row.is_derived, row.parent = True, base
    row.first, row.last = mention.first, max(row.last, min(mention.end + 2, after[1] - 1))
    row.period, row.period_from = base.period, base.period_from
    row.rules.append(f"derived-{mention.kind.replace(' ', '-')}")
    row.note = f"derived: {mention.kind} of {base.value:f}"
    frame.rows.append(row)
    return row


def _derived_value(
    state: SentenceState, mention: Mention, base: Row, frame: Frame, labels: list[Label]
) -> Decimal | None:
    if mention.kind == "all":
        return base.value
    if mention.kind == "all but some":
        return base.value - (mention.partitive_value or 1)
    if mention.kind == "half":
        half = base.value / 2
        return half if half == half.to_integral_value() else None
    depth = len(base.path)
    siblings = [
        each
        for each in frame.current
        if each.path[:depth] == base.path and len(each.path) == depth + 1
        and compatible(each.path[depth].axis, labels[0].axis) and each.unit == base.unit
    ]  # fmt: skip
    rest = base.value - sum((each.value for each in siblings), Decimal())
    return rest if siblings and rest >= 0 else None


def _same_row(
    state: SentenceState, mention: Mention, base: Row, own: Period | None, scope: Scope
) -> Row | None:
    frame = state.frame
    assert frame is not None
    period = own or next((each for at, each in state.periods.items() if at >= mention.after), None)
    if period is None:
        return None
    base = scope.clause[-1] if scope.clause else base
    mention.value = base.value
    row = make_row(state, mention, list(base.path), frame, (mention.end, mention.end))
    row.last = period.last
    row.is_derived, row.is_prior, row.host = True, True, base
    row.rules.append("derived-same")
    row.note = f"derived: the same as {base.value:f}"
    set_period(state, row, period)
    frame.rows.append(row)
    return row


def read_apposition(state: SentenceState, mention: Mention, row: Row, scope: Scope) -> None:
    """`a single victim, a girl from Eritrea`: who the one person is."""
    at = mention.end
    if row.value != 1 or state.word(at) != "," or state.word(at + 1) not in {"a", "an"}:
        return
    stop = clause_stop(state, at + 1)
    labels = ordered(labels_in(state.tokens, at + 2, stop))
    frame = state.frame
    if not labels or frame is None or row not in frame.rows:
        return
    other = replace(row, first=at + 1, last=stop - 1, place=state.tokens[at + 1].start,
                    path=[*row.path, *labels], is_derived=True, rules=["derived-apposition"],
                    doubts=[], parent=row)  # fmt: skip
    frame.rows.append(other)
    scope.rows.append(other)
    state.rows.append(other)


def divide_zero(state: SentenceState, mention: Mention, row: Row, scope: Scope) -> None:
    """`did not identify any male or labor trafficking victims`: two parts, none of either."""
    phrase, frame = mention.phrase, state.frame
    if mention.kind not in {"no", "any"} or phrase is None or frame is None:
        return
    joints = [at for at in range(phrase.first, phrase.last) if state.word(at) == "or"]
    if len(joints) != 1 or row not in frame.rows:
        return
    first = labels_in(state.tokens, phrase.first, joints[0])
    second = noun_phrase(state.tokens, joints[0] + 1, len(state.tokens))
    if len(first) != 1 or second is None or len(second.labels) != 1 or second.noun != "victims":
        return
    row.path, row.words, frame.words = first, second.text, second.text
    other = replace(row, path=list(second.labels), rules=list(row.rules), parent=row.parent,
                    doubts=list(row.doubts))  # fmt: skip
    frame.rows.append(other)
    scope.rows.append(other)
    state.rows.append(other)
