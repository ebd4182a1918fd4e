"""Current figures: whether a mention is a headline, a part, or another count of the same."""

from dataclasses import replace
from itertools import pairwise

from tipgraph_draft.grammar.counts import (
    all_row,
    bare_row,
    capacity_row,
    derived_row,
    estimate_row,
    introduce_whole,
    is_of_these,
    keep_base,
    keep_whole,
    parent_of,
    subject_labels_of,
    unlabelled_row,
)
from tipgraph_draft.grammar.predicates import (
    Predicate,
    predicate_after,
    predicate_before,
    with_shelter,
)
from tipgraph_draft.grammar.rows import (
    Mention,
    Row,
    Scope,
    SentenceState,
    cover_label,
    headline_row,
    is_coordinated,
    labels_of,
    part_row,
    period_in,
    set_period,
)
from tipgraph_draft.grammar.subjects import actor_text, agent_after
from tipgraph_draft.numerals import COUNT, OTHER
from tipgraph_draft.periods import Period
from tipgraph_draft.phrases import Label
from tipgraph_draft.tokens import place_of
from tipgraph_draft.words import ACTIVE, SPEECH, VERBS, stage, word_set

OF_WHOM = (("of", "whom"), ("of", "which"))
# Nouns for those who act, and are not counted where they do.
AGENTS = word_set("marks_agents")
# Agents that are also places, which are counted.
PLACES_OF_AGENTS = {"shelters", "centers", "facilities", "hospitals", "clinics"}
# Words after a verb that are no object.
NO_OBJECT = word_set("no_object")
INSERTED = {"including", "all", "among"}


def is_actor(state: SentenceState, mention: Mention) -> bool:
    """Return whether the number counts those who do or say something: `One NGO alleged`."""
    phrase = mention.phrase
    if phrase is None or mention.kind != "number" or phrase.noun not in AGENTS or mention.unit:
        return False
    at = mention.end
    while state.word(at) in {"also", "again", "have", "had", "has"} or state.word(at).endswith(
        "ly"
    ):
        at += 1
    word = state.word(at)
    says = SPEECH.get(word, ("", ""))[1] in {"past", "present"} and word != "identified"
    acts = says or (_is_act(word) and state.word(at + 1) not in NO_OBJECT)
    is_counted = phrase.noun in PLACES_OF_AGENTS and mention.value != 1
    if (not acts or is_counted) and not _governs_number(state, mention.end):
        return False
    numeral = state.numeral_at.get(mention.number)
    if numeral is not None and numeral.kind.name == COUNT:
        state.classify(mention.number, OTHER, "number of those who act or speak")
    return True


def _is_act(word: str) -> bool:
    """Return whether a word is a verb in the past of what somebody does to others."""
    base, kind = VERBS.get(word, ("", ""))
    return kind == "past" and base not in ACTIVE


def _governs_number(state: SentenceState, at: int) -> bool:
    """Return whether a verb with a number follows: `two shelters in the capital assisted 133`."""
    for index in range(at, at + 7):
        word = state.word(index)
        if word in VERBS:
            return _is_act(word) and index + 1 in state.mentions
        if not word.isalpha() or word in {"who", "that", "which", "and"}:
            return False
    return False


def current_row(
    state: SentenceState, mention: Mention, own: Period | None, scope: Scope
) -> Row | None:
    """The row of a mention that is about the current period; None if it counts nothing."""
    if mention.kind == "all" and mention.is_headline:
        return all_row(state, mention, own)
    if mention.kind in {"all", "rest", "half", "all but some"}:
        return derived_row(state, mention, scope)
    phrase = mention.phrase
    state.return_to_frame(mention.partitive_value)
    of_these = is_of_these(state, mention)
    if (mention.partitive == "frame" or of_these) and introduce_whole(state, mention, scope):
        own = period_in(state, mention.following)
    labels = labels_of(state, mention)
    subject_labels = subject_labels_of(state, mention)
    labels = labels or subject_labels
    place = (*mention.before, mention.phrase, state.subject, mention.end)
    leading = predicate_before(state.tokens, *place) or _elided(state, mention)
    trailing = predicate_after(state.tokens, *mention.following)
    is_negated = state.words((mention.end, mention.end + 2)) in (["were", "not"], ["was", "not"])
    if is_negated and state.frame is not None and phrase is None:
        # `12 were not registered` is a part of those counted before.
        trailing = None
    if leading is not None and leading.subject:
        state.subject = leading.subject
    if trailing is None and leading is None:
        words = {each.lower for each in state.tokens[slice(*mention.before)] if each.is_word}
        if phrase is None or words <= {"and", "while", "in", "only", "another"}:
            trailing = _after_insertion(state, mention)
    in_list = scope.kind in {"paren", "dash"} or len(scope.parents) > 1 or of_these
    if mention.kind in {"no", "any"} and leading is None and trailing is None:
        return None
    if leading is not None and leading.base == "report":
        # `reported 12 children went missing`: the report has a clause of its own.
        if trailing is not None:
            trailing = replace(trailing, speaker=leading.subject, act="reports")
            leading = None
        else:
            leading = replace(leading, speaker=leading.subject, act="reports")
    if leading is None and trailing is not None and not trailing.speaker:
        trailing = _with_speaker(state, trailing, mention)
    if mention.partitive == "base" and mention.of_phrase is not None:
        keep_base(state, mention, leading, own or scope.year)
    if mention.partitive == "frame" and leading is not None:
        keep_whole(state, mention, leading, own or scope.year, scope)
    headline = _headline(state, mention, leading, trailing, labels, in_list)
    division = _division(state, mention, headline, headline is leading)
    if division is not None:
        labels = [*labels, division] if division.axis == "place" else [division]
        headline, in_list = None, True
    is_reduced = trailing is not None and not trailing.is_finite
    if leading is not None and trailing and is_reduced and leading.base != trailing.base:
        # `assisted 35 victims identified in 2020`: the year is that of the identification.
        own = None
    period = own or (scope.year if not scope.is_prior else None)
    if headline is not None:
        return headline_row(state, mention, headline, labels, period)
    other = capacity_row(state, mention) or estimate_row(state, mention, labels, period)
    if other is not None:
        return other
    is_alone = not labels and phrase is not None and not in_list
    if state.frame is None or (is_alone and not is_coordinated(state, mention)):
        return bare_row(state, mention, labels, period)
    agent = _agent_part(state, mention, in_list)
    if not labels and agent is None:
        return unlabelled_row(state, mention, own, scope)
    if agent is not None:
        labels = labels or [agent]
    parent = parent_of(mention, scope)
    if parent is not None and _is_sibling(state, mention, labels, parent):
        parent = parent.parent
    row = part_row(state, mention, labels, scope, parent, state.frame)
    if row.path[-1].axis == "agent":
        counter = agent_after(state.tokens, *mention.following)
        before = predicate_before(state.tokens, *mention.before, phrase, "", mention.end)
        row.counted_by = counter or (before.subject if before else "") or row.counted_by
    set_period(row, period)
    cover_label(row, mention)
    return row


# ── Verbs ───────────────────────────────────────────────────────────────────────────────────────


def _elided(state: SentenceState, mention: Mention) -> Predicate | None:
    """`and short-term shelter to 11`: another thing given by the verb before."""
    own = state.frame.predicate if state.frame is not None else None
    words = state.words(mention.before)
    if own is None or not own.thing or not own.is_before or words[:1] not in (["and"], [","]):
        return None
    if words[-1] not in {"to", "for"} or VERBS.keys() & {*words}:
        return None
    begin = mention.before[0] + (2 if words[:2] == [",", "and"] else 1)
    thing = " ".join(each.text for each in state.tokens[begin : mention.before[1] - 1])
    return with_shelter(replace(own, thing=thing, complement="", stage=stage(own.base)))


def _after_insertion(state: SentenceState, mention: Mention) -> Predicate | None:
    """The verb after `Four victims, including two children, entered`."""
    end = mention.end
    if state.word(end) == "(" and mention.phrase is None:
        after = state.closing.get(end, end) + 1
        return predicate_after(state.tokens, after, state.stop(after))
    if state.word(end) != "," or state.word(end + 1) not in INSERTED:
        return None
    stop = place_of(state.tokens, {";"}, end)
    comma = next((at for at in range(stop - 1, end + 2, -1) if state.word(at) == ","), None)
    if comma is None:
        return None
    return predicate_after(state.tokens, comma + 1, state.stop(comma + 1))


def _with_speaker(state: SentenceState, predicate: Predicate, mention: Mention) -> Predicate:
    """The predicate with its speaker: `The ministry reported that 48 victims entered`."""
    start, that = mention.before[0], mention.before[1] - 1
    act, kind = SPEECH.get(state.word(that - 1), ("", ""))
    if state.word(that) != "that" or that <= start or kind != "past":
        return predicate
    speaker = actor_text(state.tokens, start, that - 1)
    return replace(predicate, speaker=speaker, act=act) if speaker else predicate


def _headline(
    state: SentenceState,
    mention: Mention,
    leading: Predicate | None,
    trailing: Predicate | None,
    labels: list[Label],
    in_list: bool,
) -> Predicate | None:
    """The predicate that makes a mention a headline, if it is one."""
    if leading is not None:
        current = [each for each in state.rows if not each.prior]
        is_agent = mention.partitive and current and leading.subject != current[0].counted_by
        if not in_list:
            # `police referred 109 of the victims` divides the count of the same sentence.
            return None if is_agent else leading
        if _is_done_to_those(state, mention, leading):
            return leading
    if trailing is None:
        return None
    is_same = _is_same_stage(state, trailing)
    is_reduced = not trailing.is_finite and mention.partitive != "last"
    if in_list and mention.phrase is None and (labels or is_reduced):
        return None
    own = state.frame.predicate if state.frame else None
    is_same_thing = own is None or trailing.thing in {"", own.thing}
    return None if in_list and is_same and is_same_thing else trailing


def _is_done_to_those(state: SentenceState, mention: Mention, leading: Predicate) -> bool:
    """Return whether `Of the 96 referrals, the board granted status to 73` is a new count."""
    phrase = mention.phrase
    is_whole = phrase is None or (phrase.is_person and not phrase.labels)
    is_given = bool(leading.subject and leading.thing) and not _is_same_stage(state, leading)
    return is_whole and not mention.unit and is_given


def _is_same_stage(state: SentenceState, predicate: Predicate) -> bool:
    own = state.frame.predicate if state.frame else None
    return own is not None and own.base == predicate.base


# ── Parts ───────────────────────────────────────────────────────────────────────────────────────


def _division(
    state: SentenceState,
    mention: Mention,
    headline: Predicate | None,
    is_before: bool,
) -> Label | None:
    """The part of `66 of these victims in the capital`, or of `police identified 40`."""
    if headline is None:
        return None
    is_same = _is_same_stage(state, headline)
    if mention.partitive == "frame" and is_same and headline.complement.startswith("in "):
        return Label(headline.complement, "place")
    if not is_before or mention.phrase is not None or not headline.subject:
        return None
    total = state.frame.total if state.frame is not None else None
    group = mention.of_phrase
    is_of_total = mention.partitive == "frame" and group is not None and "total" in group.words
    is_here = not mention.partitive and total is not None and total.sentence is state.sentence
    is_less = total is not None and mention.value is not None and mention.value < total.value
    is_further = state.word(mention.first - 1) in {"additional", "further", "another"}
    is_other = total is not None and headline.subject != total.counted_by
    if is_same and is_less and is_other and (is_of_total or is_here) and not is_further:
        return Label(headline.subject, "agent")
    return None


def _agent_part(state: SentenceState, mention: Mention, in_list: bool) -> Label | None:
    """A part by who did it: `30 by police`, `police referred 109 of the victims`."""
    agent = agent_after(state.tokens, *mention.following)
    if agent:
        trailing = predicate_after(state.tokens, *mention.following)
        return Label(f"{trailing.participle} by {agent}" if trailing else agent, "agent")
    if (mention.partitive and state.rows) or is_of_these(state, mention) or in_list:
        leading = predicate_before(state.tokens, *mention.before, mention.phrase, state.subject)
        if leading is not None and leading.subject:
            return Label(f"{leading.participle} by {leading.subject}", "agent")
    return None


def _is_sibling(state: SentenceState, mention: Mention, labels: list[Label], other: Row) -> bool:
    """Return whether `36 of whom were women and 21 of whom were men` divide the same whole."""
    if mention.partitive != "last" or not other.path:
        return False
    words = state.words((other.first, other.last + 1))
    is_part_too = any(pair in OF_WHOM for pair in pairwise(words))
    is_same_axis = labels[-1].axis == other.path[-1].axis
    return is_part_too and (is_same_axis or state.word(mention.first - 1) == "and")
