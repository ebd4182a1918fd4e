"""Counts without a verb of counting: given by others, by the way, or with the verb before them."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from tipgraph_draft.grammar.predicates import Predicate, predicate_after, predicate_before
from tipgraph_draft.grammar.rows import (
    PERCENT,
    Frame,
    Mention,
    Row,
    Scope,
    SentenceState,
    add_row,
    counted_words,
    headline_row,
    is_coordinated,
    is_divided_anew,
    is_earlier,
    keep_row,
    labels_of,
    later_period,
    only_headline,
    part_row,
    period_in,
    relative_predicate,
    set_period,
)
from tipgraph_draft.grammar.subjects import (
    PRONOUNS,
    actor_text,
    agent_after,
    complement_at,
    is_infinitive,
)
from tipgraph_draft.numerals import FIGURE
from tipgraph_draft.periods import Period
from tipgraph_draft.phrases import Label, NounPhrase, labels_in, noun_phrase
from tipgraph_draft.tokens import Token, place_of, spaced, without_ends
from tipgraph_draft.words import PAST_SPEECH, PAST_VERBS, PLACES, SPEECH, VERBS, word_set

# Doubts about rows that rest on less than a verb and the name of a part.
IN_WORDS = "a part in the words of the source: see whether it divides those counted"
WITHOUT_VERB = "no verb says what was done with those counted"
# Things that took place, which are counted also where they are only mentioned.
EVENTS = word_set("marks_events")
BEFORE_EVENTS = word_set("before_events")
# Verbs of the clause that a relative clause is in.
MAIN_VERBS = {"were", "was", "lacked", "had", "did", "received", "are"}
# Axes of parts that divide the same people.
SEXES = [{"sex", "sex and age"}, {"age", "sex and age"}]
# Verbs between a part and its number.
COUNT_VERBS = word_set("count_verbs")
# Prepositions of a purpose or a means, which is no feature of persons.
PURPOSE = {"for", "with"}
MAX_PURPOSE, MAX_PLACE, MAX_PART = 8, 6, 8
REGIONS = word_set("worded_parts_regions")
RECOGNIZED = {"official", "recognized", "confirmed", "identified", "registered", "certified"}
BEFORE_PART = word_set("before_part")


# ── Without a verb ──────────────────────────────────────────────────────────────────────────────


def bare_row(
    state: SentenceState, mention: Mention, labels: list[Label], period: Period | None
) -> Row | None:
    """A count without a verb of ours: `There were 33 victims`, `four dedicated shelters`."""
    phrase, frame, before = mention.phrase, state.frame, state.word(mention.first - 1)
    if phrase is None or phrase.noun in {"police", "staff"} or before == "remaining":
        return None
    if (mention.unit == PERCENT and frame is None) or (before in {"to", "for"} and state.has_money):
        return None
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
        state.begin_frame(frame)
    row = add_row(state, mention, labels, frame, "count-without-verb", period)
    row.predicate = predicate or Predicate.bare("capacity" if is_place else "other")
    row.doubts.append(WITHOUT_VERB)
    return row


def existence_predicate(state: SentenceState, mention: Mention) -> Predicate | None:
    """`There were` before a mention."""
    words = {*state.words(mention.before)}
    return Predicate.bare("other") if "there" in words and words & {"were", "was", "are"} else None


def coordinated_row(state: SentenceState, mention: Mention, phrase: NounPhrase) -> Row:
    """`identified 12 victims and 15 potential victims`: a further count with the same verb."""
    own = state.frame
    assert own is not None
    frame = replace(own, words=phrase.text, noun=phrase.noun, rows=[])
    state.frames.append(frame)
    return add_row(state, mention, [], frame, "coordinated-count")


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


# ── Given by other figures ──────────────────────────────────────────────────────────────────────


def all_row(state: SentenceState, mention: Mention, own: Period | None) -> Row | None:
    """All of those counted before have something done with them."""
    frame, base = state.frame, None
    if frame is not None:
        same = [each for each in frame.current if each.value == mention.value]
        base = same[0] if same else frame.total
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


def derived_row(state: SentenceState, mention: Mention, scope: Scope) -> Row | None:
    """A figure that other figures give: all, the remainder, half, all but one."""
    frame = state.frame
    if frame is None or not frame.current:
        return None
    base = scope.parents[-1] or frame.total or only_headline(frame)
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
        if each.path[depth].axis == axis or {each.path[depth].axis, axis} in SEXES
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
    numerals = state.sentence.numerals
    numeral = next(e for e in numerals if e.value == value and e.first > mention.number)
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
    period = period_in(state, (mention.end, stop))
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
    # The relative clause ends before `were` or another verb after its own.
    first = place_of(state.tokens, VERBS, begin)
    stop = min(place_of(state.tokens, MAIN_VERBS, first + 1), state.stop(begin))
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
        state.begin_frame(Frame(words, noun, predicate, *own))
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


# ── Further counts of the same thing ─────────────────────────────────────────────────────────────


def unlabelled_row(
    state: SentenceState, mention: Mention, period: Period | None, scope: Scope
) -> Row | None:
    """A further count of the same thing: another agent, another year, a part in words."""
    frame, phrase = state.frame, mention.phrase
    assert frame is not None
    other = _other_complement(state, mention)
    if other is not None:
        new = replace(frame, predicate=other, rows=[])
        state.frames.append(new)
        return add_row(state, mention, [], new, "same-count-other-place", period)
    is_joined = is_coordinated(state, mention)
    is_other = phrase is not None and phrase.noun != frame.noun and is_joined
    is_done = state.word(mention.following[0]) in VERBS
    if period and frame.rows and not is_other and not (period.is_earlier and is_done):
        return _row_of_period(state, mention, period)
    previous = scope.clause[-1] if scope.clause else None
    if phrase is not None and is_joined and (phrase.noun != "victims" or _is_other(phrase)):
        row = coordinated_row(state, mention, phrase)
        set_period(row, period or scope.year)
        if previous is not None and not previous.period and not previous.prior:
            # `trained 12 judges and 30 officers in 2020`
            set_period(previous, period)
        return row
    is_included = state.word(mention.first - 1) == "including" and not state.rows
    if is_included and not (phrase or mention.partitive or is_of_these(state, mention)):
        # `abuse, including one allegation of theft` is no part of those before it.
        return None
    subject = _elliptical_subject(state, mention)
    if subject:
        is_part = previous is not None and bool(previous.path) and previous.path[-1].axis == "agent"
        path = [Label(subject, "agent")] if is_part else []
        row = add_row(state, mention, path, frame, "same-count-other-agent", scope.year)
        row.counted_by = subject
        return row
    part = _part_in_words(state, mention)
    if part is None:
        is_person = phrase is not None and is_joined and phrase.is_person
        return coordinated_row(state, mention, phrase) if is_person and phrase else None
    row = part_row(state, mention, [part], scope, parent_of(mention, scope), frame)
    set_period(row, period or scope.year)
    row.rules.append("part-in-words")
    row.doubts.append(IN_WORDS)
    return row


def _row_of_period(state: SentenceState, mention: Mention, period: Period) -> Row:
    """The same count in another year."""
    frame = state.frame
    assert frame is not None
    path = list(frame.rows[-1].path)
    current = next((each for each in frame.current if each.path == path), None)
    row = add_row(state, mention, path, frame, "same-count-other-period", period)
    if is_earlier(state, period, current):
        row.prior, row.host = True, current
    return row


def _is_other(phrase: NounPhrase) -> bool:
    """Return whether victims are others than those before: presumed, or recognized by somebody."""
    own = {each.lower() for each in phrase.words[:-1]} - {"trafficking", "officially"}
    return phrase.is_presumed or (bool(own) and own <= RECOGNIZED)


def _other_complement(state: SentenceState, mention: Mention) -> Predicate | None:
    """The predicate of `12 to a state-run shelter` after `referred 37 victims to shelters`.

    What for, and with what, divides no persons either: `45 with legal aid`.
    """
    own = state.frame.predicate if state.frame else None
    if own is None or mention.phrase is not None:
        return None
    at = mention.following[0]
    word = state.word(at)
    begins_purpose = word == "to" and is_infinitive(state.tokens, at)
    if word not in {own.complement.partition(" ")[0], *PURPOSE} and not begins_purpose:
        return None
    found = complement_at(state.tokens, at)
    if not found and (begins_purpose or word == "for"):
        texts = [each.text for each in state.tokens[slice(*mention.following)]]
        found = spaced(without_ends(texts, {"and", ",", "."})[:MAX_PURPOSE])
    return replace(own, complement=found) if found else None


def _part_in_words(state: SentenceState, mention: Mention) -> Label | None:
    """The part in the source's words, where no axis is known: `two to the airport`."""
    tokens = state.tokens[slice(*mention.following)]
    words = [each for each in tokens if each.is_word and each.lower != "respectively"]
    place = _place_in_words(words)
    if place is not None:
        return place
    while words and words[0].lower in BEFORE_PART:
        words = words[1:]
    if [each.lower for each in words] == ["both"] and len(state.rows) > 1:
        # `12 of sex trafficking, nine of forced labor, and one of both`
        pair = [each.path[-1] for each in state.rows[-2:] if each.path]
        if len(pair) == len({each.axis for each in pair}) + 1:
            return Label(f"both {pair[0].part} and {pair[1].part}", pair[0].axis)
    is_act = len(words) == 1 and words[0].lower.endswith("ing")
    if not words or len(words) > MAX_PART or is_act:
        return None
    last = state.rows[-1].path if state.rows else []
    axis = last[-1].axis if last and last[-1].axis == "exploitation" else "other"
    return Label(" ".join(each.text for each in words), axis)


def _place_in_words(words: list[Token]) -> Label | None:
    """`301 in the United Kingdom and 12 at the border`: a part by place."""
    names = words[1:]
    if not names or words[0].lower not in {"in", "at", "near"} or len(names) > MAX_PLACE:
        return None
    named = all(each.is_capitalised or each.lower in {"and", "of", "the"} for each in names)
    if not (named or names[-1].lower in REGIONS):
        return None
    return Label(" ".join([words[0].lower, *(each.text for each in words[1:])]), "place")


def _elliptical_subject(state: SentenceState, mention: Mention) -> str:
    """`and NGOs 30`: a subject without its verb."""
    start, end = mention.before
    if state.word(end - 1) == "," and state.word(end + 1) in {";", "."}:
        # `; labor inspectors, 38;`
        end -= 1
    is_short = 0 < end - start <= MAX_PLACE and state.tokens[end - 1].is_word
    if not is_short or VERBS.keys() & {*state.words((start, end))}:
        return ""
    return actor_text(state.tokens, start, end)


def subject_labels_of(state: SentenceState, mention: Mention) -> list[Label]:
    """The part that a subject names: `Women accounted for 41`, `male victims numbered 90`."""
    start, end = mention.before
    verb = next((at for at in range(start, end) if state.word(at) in COUNT_VERBS), None)
    return [] if verb is None else labels_in(state.tokens, start, verb)


def parent_of(mention: Mention, scope: Scope) -> Row | None:
    """The figure that a part divides; None for the headline itself."""
    if mention.partitive == "last":
        return scope.rows[-1] if scope.rows else None
    return scope.parents[-1]


def is_of_these(state: SentenceState, mention: Mention) -> bool:
    """Return whether `Of these,` or `among the victims` stands before a mention."""
    words = state.words(mention.before)
    while words and words[0] in {",", "and", "while"}:
        words = words[1:]
    if words and words[0] in {"of", "among"} and words[-1] == ",":
        return True
    return not PAST_VERBS & {*words} and any(
        first in {"of", "among"} and second in {"these", "those", "them", "the"}
        for first, second in pairwise(words)
    )
