"""Current figures: whether a mention is a headline, a part, or another count of the same."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from tipgraph_draft.grammar.bare_counts import bare_row, capacity_row, estimate_row, zero_row
from tipgraph_draft.grammar.builder import (
    cover_label,
    headline_row,
    is_coordinated,
    labels_of,
    part_row,
    period_in,
    relative_predicate,
    set_period,
)
from tipgraph_draft.grammar.derived import all_row, derived_row
from tipgraph_draft.grammar.marks import AGENTS, RETURNS
from tipgraph_draft.grammar.mentions import clause_stop
from tipgraph_draft.grammar.phrases import noun_phrase
from tipgraph_draft.grammar.predicates import (
    Predicate,
    predicate_after,
    predicate_before,
    with_shelter,
)
from tipgraph_draft.grammar.rows import Mention, Row, Scope, Surroundings, before_words
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.grammar.subjects import actor_text, agent_after
from tipgraph_draft.grammar.totals import introduce_whole, keep_base, keep_whole
from tipgraph_draft.grammar.worded_parts import (
    is_of_these,
    parent_of,
    subject_labels_of,
    unlabelled_row,
)
from tipgraph_draft.labels import Label, labels_in
from tipgraph_draft.number_classes import COUNT, OTHER, NumberClass
from tipgraph_draft.words import ACTIVE, SPEECH, VERBS, stage

OF_WHOM = (("of", "whom"), ("of", "which"))


def is_actor(state: SentenceState, mention: Mention) -> bool:
    """Return whether the number counts those who do or say something: `One NGO alleged`."""
    phrase = mention.phrase
    if phrase is None or mention.kind != "number" or mention.unit:
        return False
    actors = phrase.noun in AGENTS
    at = mention.end
    while state.word(at) in {"also", "again", "have", "had", "has"} or state.word(at).endswith(
        "ly"
    ):
        at += 1
    word = state.word(at)
    verb = VERBS.get(word)
    acts = (
        verb is not None and verb[1] == "past" and verb[0] not in ACTIVE and _has_object(state, at)
    )
    says = word in SPEECH and SPEECH[word][1] in {"past", "present"} and word != "identified"
    places = (
        phrase.noun in {"shelters", "centers", "facilities", "hospitals", "clinics"}
        and mention.value != 1
    )
    governs = actors and _governs_number(state, mention.end)
    if (not (actors and (acts or says)) or places) and not governs:
        return False
    index = state.by_token.get(mention.number)
    if index is not None and state.classes[index].name == COUNT:
        state.classes[index] = NumberClass(OTHER, "number of those who act or speak")
    return True


def _is_destination(state: SentenceState, mention: Mention, after: tuple[int, int]) -> bool:
    """Return whether `and nine to Cambodia` names where they were returned to.

    And no nationality.
    """
    own = state.frame.predicate if state.frame is not None else None
    return (
        mention.phrase is None
        and own is not None
        and own.base in RETURNS
        and own.complement.startswith("to ")
        and state.word(after[0]) == "to"
    )


def _governs_number(state: SentenceState, at: int) -> bool:
    """Return whether a verb with a number follows: `two shelters in the capital assisted 133`."""
    for index in range(at, at + 7):
        verb = VERBS.get(state.word(index))
        if verb is not None:
            return verb[1] == "past" and verb[0] not in ACTIVE and index + 1 in state.mentions
        if not state.word(index).isalpha() or state.word(index) in {"who", "that", "which", "and"}:
            return False
    return False


def _has_object(state: SentenceState, verb: int) -> bool:
    """Return whether a verb in the active has an object: a number or a noun, not a preposition."""
    following = state.word(verb + 1)
    return following not in {
        "in",
        "by",
        "to",
        "for",
        "as",
        "at",
        "from",
        "with",
        ",",
        ".",
        "during",
        ";",
        ")",
        "on",
    }


def current_row(state: SentenceState, mention: Mention, around: Surroundings) -> Row | None:
    before, after, own, scope, parents = around
    if mention.kind == "all" and mention.is_headline:
        return all_row(state, mention, around)
    if mention.kind in {"all", "rest", "half", "all but some", "same"}:
        return derived_row(state, mention, around)
    before = _name_compared(state, mention, before)
    phrase = mention.phrase
    return_to_frame(state, mention.partitive_value)
    if mention.partitive == "frame" or is_of_these(state, before):
        whole = after
        after = introduce_whole(state, mention, before, after, scope)
        own = own if after == whole else period_in(state, *after)
    labels = labels_of(state, mention, after)
    if _is_destination(state, mention, after):
        labels = []
    subject_labels = subject_labels_of(state, before)
    labels = labels or subject_labels
    leading = (
        None
        if subject_labels
        else predicate_before(state.tokens, *before, phrase, state.subject, mention.end)
    )
    trailing = predicate_after(state.tokens, after[0], after[1])
    if state.frame is not None and phrase is None and _is_negated(state, after[0]):
        # `12 were not registered` is a part of those counted before.
        trailing = None
    if leading is None and state.frame is not None:
        leading = _elided(state, before)
    if trailing is not None and trailing.is_finite and _follows_comma(state, mention, before):
        # `Of the 60 victims identified, only 12 received shelter`
        leading = None
    if trailing is None and leading is None and mention.partitive == "last":
        relative = relative_predicate(state, mention.end, after[1])
        trailing = replace(relative, is_finite=True) if relative and relative.subject else None
    if (
        trailing is None
        and leading is None
        and (phrase is None or not before_words(state.tokens, before))
    ):
        trailing = _after_insertion(state, mention)
    if leading is not None and leading.subject:
        state.subject = leading.subject
    of_these = is_of_these(state, before)
    in_list = scope.kind in {"paren", "dash"} or len(parents) > 1 or of_these
    if of_these:
        scope.base_labels = labels_in(state.tokens, *before)
        if not any(state.word(at) in VERBS for at in range(*before)):
            scope.base_labels = [
                each for each in scope.base_labels if each.axis in {"age", "sex", "exploitation"}
            ]
    if mention.kind in {"no", "any"} and leading is None and trailing is None:
        return zero_row(state, mention, before, after, own)
    speaker = ""
    if leading is not None and trailing is not None and leading.base == "report":
        # `reported 12 children went missing`: the report has a clause of its own.
        trailing = replace(trailing, speaker=leading.subject, act="reports")
        leading = None
    elif leading is not None and leading.base == "report" and mention.partitive:
        speaker, leading = leading.subject, None
    elif leading is not None and leading.base == "report":
        leading = replace(leading, speaker=leading.subject, act="reports")
    if leading is None and trailing is not None and not trailing.speaker:
        trailing = _with_speaker(state, trailing, before)
    if mention.partitive == "base" and mention.of_phrase is not None:
        keep_base(state, mention, leading, own, scope)
    if mention.partitive == "frame" and leading is not None:
        keep_whole(state, mention, leading, own or scope.year, scope)
    headline = _headline(state, mention, leading, trailing, labels, in_list)
    place = _place_part(state, mention, headline)
    if place is not None:
        labels, headline, in_list = [*labels, place], None, True
    elif headline is leading and leading is not None and _divides_by_agent(state, mention, leading):
        labels, headline = [Label(leading.subject, "agent")], None
        in_list = True
    elif (
        headline is leading
        and leading is not None
        and _continues_agents(state, mention, leading, scope)
    ):
        labels, headline = [Label(f"{leading.participle} by {leading.subject}", "agent")], None
        in_list = True
    if (
        leading is not None
        and trailing is not None
        and not trailing.is_finite
        and own is not None
        and (leading.base != trailing.base)
    ):
        # `assisted 35 victims identified in 2020`: the year is that of the identification.
        own = None
    period = own or (scope.year if not scope.is_prior else None)
    if headline is not None:
        return headline_row(state, mention, headline, labels, after, period)
    capacity = capacity_row(state, mention, before, after)
    if capacity is not None:
        return capacity
    estimate = estimate_row(state, mention, before, labels, period)
    if estimate is not None:
        return estimate
    if state.frame is None or (not labels and phrase is not None and not in_list and
                              not is_coordinated(state, before)):  # fmt: skip
        return bare_row(state, mention, labels, before, after, period)
    if mention.kind in {"no", "any"}:
        return None
    agent = _agent_part(state, mention, before, after, in_list)
    if not labels and not agent:
        return unlabelled_row(state, mention, Surroundings(before, after, own, scope, parents))
    if agent and not labels:
        labels = [agent]
    labels = _unknown_of_siblings(state, labels, scope)
    if scope.base_labels and labels and not set(scope.base_labels) & set(labels):
        labels = [*scope.base_labels, *labels]
    parent = parent_of(state, mention, scope, parents)
    if parent is not None and _is_sibling(state, mention, labels, parent):
        parent = parent.parent
    row = part_row(state, mention, labels, scope, parent, state.frame, keep=False)
    if row.path and row.path[-1].axis == "agent":
        counter = agent_after(state.tokens, *after) or _leading_subject(state, mention, before)
        row.counted_by = counter or row.counted_by
    set_period(state, row, own or period)
    cover_label(state, row, mention, after)
    if speaker:
        row.speaker, row.act = speaker, "reports"
    return row


def _follows_comma(state: SentenceState, mention: Mention, before: tuple[int, int]) -> bool:
    """Return whether nothing but an adverb stands between a number and a comma before it."""
    at = mention.first - 1
    while state.word(at) in {"only", "just"}:
        at -= 1
    return at > before[0] and state.word(at) == ","


def _name_compared(
    state: SentenceState, mention: Mention, before: tuple[int, int]
) -> tuple[int, int]:
    """Let a number have the noun of `identified fewer victims, 14 in 2022`.

    Returns the words before that noun.
    """
    comma = mention.first - 1
    if mention.phrase is not None or mention.kind != "number" or state.word(comma) != ",":
        return before
    for at in range(comma - 1, max(before[0], comma - 5), -1):
        if state.word(at) in {"fewer", "more"}:
            named = noun_phrase(state.tokens, at + 1, comma)
            if named is not None and named.last == comma - 1:
                place = mention.number
                mention.phrase = replace(named, first=place, last=mention.after - 1)
                return before[0], at
    return before


def _is_negated(state: SentenceState, at: int) -> bool:
    return state.word(at) in {"were", "was"} and state.word(at + 1) == "not"


def _with_speaker(state: SentenceState, predicate: Predicate, before: tuple[int, int]) -> Predicate:
    """The predicate with its speaker: `The ministry reported that 48 victims entered`."""
    that = before[1] - 1
    speech = SPEECH.get(state.word(that - 1), ("", ""))
    if state.word(that) != "that" or that <= before[0] or speech[1] != "past":
        return predicate
    speaker = actor_text(state.tokens, before[0], that - 1)
    return replace(predicate, speaker=speaker, act=speech[0]) if speaker else predicate


def _is_sibling(state: SentenceState, mention: Mention, labels: list[Label], other: Row) -> bool:
    """Return whether `36 of whom were women and 21 of whom were men` divide the same whole."""
    if mention.partitive != "last" or not labels or not other.path:
        return False
    words = [state.word(at) for at in range(other.first, other.last + 1)]
    is_part_too = any(pair in pairwise(words) for pair in OF_WHOM)
    is_same_axis = labels[-1].axis == other.path[-1].axis
    return is_part_too and (is_same_axis or state.word(mention.first - 1) == "and")


def _unknown_of_siblings(state: SentenceState, labels: list[Label], scope: Scope) -> list[Label]:
    """`51 were unspecified` differs from the parts before it in what they differ in."""
    last = scope.clause[-1] if scope.clause else None
    if (
        len(labels) != 1
        or labels[0].part not in {"unspecified", "unknown"}
        or last is None
        or not last.path
    ):
        return labels
    axis = last.path[-1].axis
    prefix = {"sex": "gender ", "nationality": "nationality ", "age": "age "}.get(axis, "")
    return [Label(f"{prefix}{labels[0].part}", axis)] if axis != "exploitation" else labels


def _leading_subject(state: SentenceState, mention: Mention, before: tuple[int, int]) -> str:
    leading = predicate_before(state.tokens, *before, mention.phrase, "", mention.end)
    return leading.subject if leading else ""


def return_to_frame(state: SentenceState, value: Decimal | None) -> None:
    """Go back to the headline of a number that is divided now: `12 of the 27 victims`."""
    known = state.frame.current if state.frame is not None else []
    if value is None or any(each.value == value for each in known):
        return
    for frame in reversed(state.frames):
        if any(each.value == value for each in frame.current):
            state.frame = frame
            return


def _elided(state: SentenceState, before: tuple[int, int]) -> Predicate | None:
    """`and short-term shelter to 11`: another thing given by the verb before."""
    own = state.frame.predicate if state.frame is not None else None
    words = [state.word(at) for at in range(*before)]
    if (
        own is None
        or not own.thing
        or not own.is_before
        or words[:1] not in (["and"], [","])
        or len(words) > 9
    ):
        return None
    begin = before[0] + (2 if words[:2] == [",", "and"] else 1)
    if words[-1] not in {"to", "for"} or any(each in VERBS for each in words):
        return None
    thing = " ".join(state.tokens[at].text for at in range(begin, before[1] - 1))
    if not thing:
        return None
    return with_shelter(replace(own, thing=thing, complement="", stage=stage(own.base)))


def _place_part(state: SentenceState, mention: Mention, headline: Predicate | None) -> Label | None:
    """`66 of these victims in the capital`: a part by place of those of the same stage."""
    if headline is None or mention.partitive != "frame" or not _is_same_stage(state, headline):
        return None
    if not headline.complement.startswith("in "):
        return None
    return Label(headline.complement, "place")


def _divides_by_agent(state: SentenceState, mention: Mention, leading: Predicate) -> bool:
    """Return whether `police identified 40` divides the total of the same sentence."""
    frame = state.frame
    total = frame.total if frame is not None else None
    group = mention.of_phrase
    is_of_total = mention.partitive == "frame" and group is not None and "total" in group.words
    return bool(
        mention.phrase is None
        and state.word(mention.first - 1) not in {"additional", "further", "another"}
        and total is not None
        and (is_of_total or (not mention.partitive and total.sentence is state.sentence))
        and _is_same_stage(state, leading)
        and leading.subject
        and leading.subject != total.counted_by
        and mention.value is not None
        and mention.value < total.value
    )


def _continues_agents(
    state: SentenceState, mention: Mention, leading: Predicate, scope: Scope
) -> bool:
    """Return whether `and NGOs referred 46` follows `police referred 109 of the victims`."""
    last = scope.clause[-1] if scope.clause else None
    return bool(
        mention.phrase is None
        and last is not None
        and last.path
        and leading.subject
        and last.path[-1].axis == "agent"
        and last.path[-1].part.startswith(f"{leading.participle} by ")
    )


def _headline(
    state: SentenceState,
    mention: Mention,
    leading: Predicate | None,
    trailing: Predicate | None,
    labels: list[Label],
    in_list: bool,
) -> Predicate | None:
    """The predicate that makes a mention a headline, if it is one."""
    is_partitive = bool(mention.partitive)
    if leading is not None and not in_list:
        if is_partitive and _is_agent_part(state, leading):
            return None
        return leading
    if leading is not None and _is_done_to_those(state, mention, leading):
        return leading
    if trailing is None:
        return None
    if in_list and labels and mention.phrase is None:
        return None
    if labels and _is_same_stage(state, trailing) and trailing.complement.startswith("as "):
        # `nine victims identified as LGBTQI+` are a part of those identified.
        return None
    if (
        in_list
        and mention.phrase is None
        and not trailing.is_finite
        and mention.partitive != "last"
    ):
        return None
    if in_list and _is_same_stage(state, trailing) and _is_same_thing(state, trailing):
        return None
    if is_partitive and labels and trailing.stage == "other":
        return None
    return trailing


def _is_done_to_those(state: SentenceState, mention: Mention, leading: Predicate) -> bool:
    """Return whether `Of the 96 referrals.

    The board granted status to 73 persons` is a new count.
    """
    phrase = mention.phrase
    return (
        (phrase is None or (phrase.is_person and not phrase.labels))
        and mention.unit == ""
        and bool(leading.subject and leading.thing)
        and not _is_same_stage(state, leading)
    )


def _after_insertion(state: SentenceState, mention: Mention) -> Predicate | None:
    """The verb after `Four victims, including two children, entered`."""
    if state.word(mention.end) == "(" and mention.phrase is None:
        after = state.closing.get(mention.end, mention.end) + 1
        return predicate_after(state.tokens, after, clause_stop(state, after))
    if state.word(mention.end) != "," or state.word(mention.end + 1) not in {
        "including",
        "all",
        "among",
    }:
        return None
    stop = next(
        (at for at in range(mention.end, len(state.tokens)) if state.word(at) == ";"),
        len(state.tokens),
    )
    for at in range(stop - 1, mention.end + 2, -1):
        if state.word(at) == ",":
            return predicate_after(state.tokens, at + 1, clause_stop(state, at + 1))
    return None


def _is_agent_part(state: SentenceState, predicate: Predicate) -> bool:
    """Return whether `police referred 109 of the victims` divides the count of the same sentence.

    Eturn whether `police referred 109 of the victims` divides the count of the same sentence.
    """
    rows = [each for each in state.rows if not each.is_prior]
    return bool(rows) and predicate.subject != rows[0].counted_by


def _is_same_stage(state: SentenceState, predicate: Predicate) -> bool:
    own = state.frame.predicate if state.frame else None
    return own is not None and own.base == predicate.base


def _is_same_thing(state: SentenceState, predicate: Predicate) -> bool:
    """Return whether a predicate gives what that of the headline gives, or nothing of its own."""
    own = state.frame.predicate if state.frame else None
    return own is None or not predicate.thing or predicate.thing == own.thing


def _agent_part(
    state: SentenceState,
    mention: Mention,
    before: tuple[int, int],
    after: tuple[int, int],
    in_list: bool,
) -> Label | None:
    """A part by who did it: `30 by police`, `police referred 109 of the victims`."""
    agent = agent_after(state.tokens, *after)
    frame = state.frame
    if agent and frame is not None:
        trailing = predicate_after(state.tokens, *after)
        if trailing is not None:
            return Label(f"{trailing.participle} by {agent}", "agent")
        return Label(agent, "agent")
    if (mention.partitive and state.rows) or is_of_these(state, before) or in_list:
        leading = predicate_before(state.tokens, *before, mention.phrase, state.subject)
        if leading is not None and leading.subject:
            return Label(f"{leading.participle} by {leading.subject}", "agent")
    return None
