"""Counts without a verb of counting, counts that others give, and wholes given by the way."""

from dataclasses import replace
from decimal import Decimal

from tipgraph_draft.grammar.builder import (
    add_row,
    coordinated_row,
    counted_words,
    existence_predicate,
    headline_row,
    is_divided_anew,
    keep_row,
    labels_of,
    later_period,
    only_headline,
    only_row,
    period_in,
    relative_predicate,
    set_zero,
)
from tipgraph_draft.grammar.predicates import Predicate, predicate_after, predicate_before
from tipgraph_draft.grammar.state import (
    IN_WORDS,
    PERCENT,
    WITHOUT_VERB,
    Frame,
    Mention,
    Row,
    Scope,
    SentenceState,
)
from tipgraph_draft.grammar.subjects import PRONOUNS, actor_text, agent_after, complement_at
from tipgraph_draft.labels import Label
from tipgraph_draft.number_classes import FIGURE
from tipgraph_draft.periods import Period
from tipgraph_draft.phrases import noun_phrase
from tipgraph_draft.tokens import place_of
from tipgraph_draft.words import PAST_SPEECH, PLACES, SPEECH, VERBS, word_set

# Things that took place, which are counted also where they are only mentioned.
EVENTS = word_set("marks_events")
BEFORE_EVENTS = word_set("before_events")
# Verbs of the clause that a relative clause is in.
MAIN_VERBS = {"were", "was", "lacked", "had", "did", "received", "are"}
# Axes of parts that divide the same people.
SEXES = {"sex", "age", "sex and age"}


# ── Without a verb ──────────────────────────────────────────────────────────────────────────────


def bare_row(
    state: SentenceState, mention: Mention, labels: list[Label], period: Period | None
) -> Row | None:
    """A count without a verb of ours: `There were 33 victims`, `four dedicated shelters`."""
    phrase, frame, before = mention.phrase, state.frame, state.word(mention.first - 1)
    if phrase is None or phrase.noun in {"police", "staff"}:
        return None
    if (mention.unit == PERCENT and frame is None) or (before in {"to", "for"} and state.has_money):
        return None
    is_origin = phrase.noun in {"nationalities", "countries"}
    if frame is not None and frame.rows:
        if is_origin and before in {"from", "of", "representing"}:
            return _origins(state, mention, frame, period)
        if before == "remaining" and phrase.is_person and not labels:
            remaining = [Label("remaining", "other")]
            row = add_row(state, mention, remaining, frame, "part-that-remains")
            row.doubts.append(IN_WORDS)
            return row
    has_current = any(not each.prior for each in state.rows)
    if phrase.noun == "locations" and has_current and before in {"at", "in"}:
        # `screened 395 persons at 98 locations`
        return coordinated_row(state, mention, phrase)
    is_sum = state.words(mention.before)[-4:] == ["for", "a", "total", "of"]
    if is_sum and frame is not None and frame.predicate is not None and phrase.noun == frame.noun:
        # `Police found 80 and NGOs 60, for a total of 140 victims`
        row = add_row(state, mention, [*phrase.labels], frame, "total-of-those-before", period)
        row.counted_by = ""
        return row
    words, noun, labels = counted_words(state, mention, None, labels)
    predicate = existence_predicate(state, mention)
    if predicate is not None and frame is not None and frame.words == words and frame.predicate:
        return headline_row(state, mention, frame.predicate, labels, period)
    is_place = noun in PLACES
    is_thing = predicate is None and not is_place and not phrase.is_person
    if is_thing and not (noun in EVENTS and before in BEFORE_EVENTS):
        return None
    frame = Frame(words, noun, predicate, agent_after(state.tokens, *mention.following))
    if not is_place and phrase.is_person:
        state.frame = frame
        state.frames.append(frame)
    row = add_row(state, mention, labels, frame, "count-without-verb", period)
    row.predicate = predicate or Predicate.bare("capacity" if is_place else "other")
    row.doubts.append(WITHOUT_VERB)
    return row


def _origins(state: SentenceState, mention: Mention, known: Frame, period: Period | None) -> Row:
    """The number of nationalities or countries of the victims before it."""
    phrase, victims = mention.phrase, (state.rows or known.rows)[-1]
    assert phrase is not None
    of = " of origin" if phrase.noun == "countries" else ""
    words = f"{phrase.noun}{of} of {victims.wording}"
    frame = Frame(words, phrase.noun, Predicate.bare("other"), victims.counted_by)
    return add_row(state, mention, [], frame, "nationalities", period)


def estimate_row(
    state: SentenceState, mention: Mention, labels: list[Label], period: Period | None
) -> Row | None:
    """`Experts estimated that 3,000 children were victims`."""
    start, end = mention.before
    estimates = [at for at in range(start, end) if state.word(at) in {"estimated", "estimates"}]
    if not estimates or mention.phrase is None or not mention.phrase.is_person:
        return None
    at = estimates[0]
    marks = [each for each in range(start, at) if state.word(each) in {",", ";"}]
    speaker = actor_text(state.tokens, marks[-1] + 1 if marks else start, at)
    are_victims = any(each.lower == "victims" for each in state.tokens)
    noun = "victims" if are_victims else mention.phrase.noun
    predicate = Predicate("estimate", "estimated", "other", "", speaker, "estimates")
    state.frame = Frame(noun, noun, predicate, "", speaker, "estimates")
    period = period or later_period(state, mention.end)
    parts = labels[:1] if are_victims else []
    return add_row(state, mention, parts, state.frame, "estimate", period)


def capacity_row(state: SentenceState, mention: Mention) -> Row | None:
    """`five shelters, with capacity for 120 victims`."""
    words, places = state.words(mention.before), state.last_places
    has_room = bool({"capacity", "space", "room"} & {*words})
    if not has_room or words[-1] not in {"for", "of", "to"} or places is None:
        return None
    capacity = Predicate.bare("capacity")
    frame = Frame(f"capacity of {places.wording}", "victims", capacity, places.counted_by)
    return add_row(state, mention, [], frame, "capacity")


def zero_row(state: SentenceState, mention: Mention, period: Period | None) -> Row | None:
    """`There were no shelters specifically for male victims`."""
    phrase = mention.phrase
    if phrase is None or phrase.noun not in PLACES or existence_predicate(state, mention) is None:
        return None
    manner = state.word(mention.end)
    at = mention.end + (1 if manner.endswith("ly") else 0)
    words = [phrase.text, manner if at > mention.end else "", complement_at(state.tokens, at)]
    frame = Frame(" ".join(filter(None, words)), phrase.noun, Predicate.bare("capacity"))
    row = add_row(state, mention, [], frame, "capacity", period)
    set_zero(row, "no")
    return row


# ── Given by other figures ──────────────────────────────────────────────────────────────────────


def all_row(state: SentenceState, mention: Mention, own: Period | None) -> Row | None:
    """All of those counted before have something done with them."""
    frame, base = state.frame, None
    if frame is not None:
        same = [each for each in frame.current if each.value == mention.value]
        base = same[0] if same else frame.total or only_row(frame)
    leading = predicate_before(state.tokens, *mention.before, None, state.subject, mention.end)
    predicate = leading or predicate_after(state.tokens, *mention.following)
    is_derived = mention.value is None
    if predicate is None or (is_derived and base is None):
        return None
    if leading is not None and leading.subject:
        state.subject = leading.subject
    if is_derived and base is not None:
        mention.value = base.value
    row = headline_row(state, mention, predicate, [], own)
    if base is not None and not row.period:
        row.period, row.period_from = base.period, base.period_from
    row.is_derived = is_derived
    row.rules.append("derived-all" if is_derived else "all-of-them")
    return row


def derived_row(
    state: SentenceState, mention: Mention, own: Period | None, scope: Scope
) -> Row | None:
    """A figure that other figures give: all, the remainder, half, all but one."""
    frame = state.frame
    if frame is None or not frame.current:
        return None
    base = scope.parents[-1] or frame.total or only_row(frame) or only_headline(frame)
    if base is None:
        return None
    labels = labels_of(state, mention)
    mention.value = _derived_value(mention, base, frame, labels) if labels else None
    if mention.value is None:
        return None
    wider = [] if is_divided_anew(state, base) else base.path
    rule = f"derived-{mention.kind.replace(' ', '-')}"
    row = add_row(state, mention, [*wider, *labels], frame, rule)
    row.is_derived, row.parent = True, base
    row.last = max(row.last, min(mention.end + 2, mention.following[1] - 1))
    row.period, row.period_from = base.period, base.period_from
    row.note = f"derived: {mention.kind} of {base.value:f}"
    return row


def _derived_value(
    mention: Mention, base: Row, frame: Frame, labels: list[Label]
) -> Decimal | None:
    if mention.kind == "all":
        return base.value
    if mention.kind == "all but some":
        return base.value - (mention.partitive_value or 1)
    if mention.kind == "half":
        half = base.value / 2
        return half if half == half.to_integral_value() else None
    depth, axis = len(base.path), labels[0].axis
    siblings = [
        each
        for each in frame.current
        if len(each.path) == depth + 1 and each.path[:depth] == base.path
        if each.path[depth].axis == axis or {each.path[depth].axis, axis} <= SEXES
    ]
    rest = base.value - sum((each.value for each in siblings), Decimal())
    return rest if siblings and rest >= 0 else None


# ── Wholes that are given by the way ────────────────────────────────────────────────────────────


def keep_base(
    state: SentenceState, mention: Mention, leading: Predicate | None, period: Period | None
) -> None:
    """Make a figure of the 47 in `33 of 47 presumed victims`."""
    phrase = mention.of_phrase
    assert phrase is not None
    base = _whole(state, mention)
    predicate = Predicate.bare("presumed" if phrase.is_presumed else "other")
    frame = Frame(phrase.text, phrase.noun, predicate, leading.subject if leading else "")
    row = add_row(state, base, list(phrase.labels), frame, "base-of-a-part", period)
    state.rows.append(row)
    state.classify(base.number, FIGURE)


def _whole(state: SentenceState, mention: Mention) -> Mention:
    """The mention of the whole that another is a part of."""
    phrase, value = mention.of_phrase, mention.partitive_value
    assert phrase is not None
    numeral = state.number_after(value, mention.number)
    at = numeral.first
    after = (phrase.last + 1, phrase.last + 1)
    return Mention(
        at, at, phrase.first, value, "", "", "number", phrase, numeral.start, following=after
    )


def keep_whole(
    state: SentenceState, mention: Mention, leading: Predicate, period: Period | None, scope: Scope
) -> None:
    """Make a headline of the 140 in `Police identified 80 of the 140 victims`, if it is new."""
    phrase = mention.of_phrase
    is_new = not state.current and phrase is not None and mention.partitive_value is not None
    if is_new and phrase is not None and phrase.is_person and leading.subject:
        predicate = replace(leading, subject="", speaker="", act="")
        keep_by_the_way(state, _whole(state, mention), predicate, period, scope)


def keep_by_the_way(
    state: SentenceState, whole: Mention, predicate: Predicate, period: Period | None, scope: Scope
) -> Row:
    """Make a headline of a whole that is only mentioned."""
    assert whole.phrase is not None
    row = headline_row(state, whole, predicate, list(whole.phrase.labels), period)
    row.rules.append("headline-by-the-way")
    keep_row(state, row, whole, scope)
    return row


def introduce_total(state: SentenceState, mention: Mention, scope: Scope) -> bool:
    """Make a headline of `the 85 victims authorities identified in 2021`, given by the way."""
    stop = state.stop(mention.end)
    predicate = relative_predicate(state, mention.end, stop)
    if predicate is None:
        return False
    mention.following = (mention.end, stop)
    state.subject = state.subject or predicate.subject
    period = period_in(state, mention.following)
    keep_by_the_way(state, mention, predicate, period, scope)
    scope.clause.clear()
    return True


def introduce_whole(state: SentenceState, mention: Mention, scope: Scope) -> bool:
    """Make a headline of the victims that a number is a part of, where none was given before.

    `41 of the 60 victims authorities identified`, `of the victims police identified, 11 were`.
    Returns whether the words after the mention are others without that clause.
    """
    before, is_partitive = mention.before, mention.partitive == "frame"
    value = mention.partitive_value if is_partitive else None
    if state.current and (value is None or any(each.value == value for each in state.current)):
        return False
    if is_partitive:
        phrase, begin = mention.of_phrase, mention.after
    else:
        start = next((at for at in range(*before) if state.word(at) in {"of", "among"}), None)
        if start is None:
            return False
        begin = start + 1
        while state.word(begin) in {"the", "these", "those", "all"}:
            begin += 1
        phrase = noun_phrase(state.tokens, begin, before[1])
        begin = phrase.last + 1 if phrase else begin
    if phrase is None or not phrase.is_person or state.word(begin) in MAIN_VERBS:
        return False
    stop = _main_verb(state, begin, state.stop(begin))
    predicate = relative_predicate(state, begin, stop)
    if predicate is None:
        return False
    speech = next((at for at in range(*before) if state.word(at) in PAST_SPEECH), None)
    speaker = actor_text(state.tokens, before[0], speech) if speech is not None else ""
    if speaker and speech is not None:
        subject = speaker if predicate.subject in PRONOUNS else predicate.subject
        act = SPEECH[state.word(speech)][0]
        predicate = replace(predicate, subject=subject, speaker=speaker, act=act)
    period = period_in(state, (begin, stop))
    if value is None:
        whole = Mention(begin, begin, begin, None, "", "", "number", phrase)
        words, noun, _ = counted_words(state, whole, predicate, list(phrase.labels))
        own = (predicate.subject, predicate.speaker, predicate.act)
        state.frame = Frame(words, noun, predicate, *own)
        state.frames.append(state.frame)
    else:
        whole = _whole(state, mention)
        whole.following = (begin, stop)
        keep_by_the_way(state, whole, predicate, period, scope)
        scope.clause.clear()
    scope.year = period or scope.year
    if is_partitive and stop <= mention.following[1]:
        mention.following = (stop, mention.following[1])
        return True
    return False


def _main_verb(state: SentenceState, at: int, stop: int) -> int:
    """The place of `were` or another verb after a relative clause, or the stop."""
    first = place_of(state.tokens, VERBS, at)
    return min(place_of(state.tokens, MAIN_VERBS, first + 1), stop)
