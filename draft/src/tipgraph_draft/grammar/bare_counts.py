"""Counts without a verb of counting: `There were 33 victims`, a capacity, an estimate."""

from tipgraph_draft.grammar.builder import (
    coordinated_row,
    counted_words,
    existence_predicate,
    headline_row,
    later_period,
    make_row,
    set_period,
)
from tipgraph_draft.grammar.complements import complement_at
from tipgraph_draft.grammar.marks import EVENTS, IN_WORDS, PERCENT, WITHOUT_VERB
from tipgraph_draft.grammar.predicates import Predicate
from tipgraph_draft.grammar.rows import Frame, Mention, Row
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.grammar.subjects import actor_text, agent_after
from tipgraph_draft.labels import Label
from tipgraph_draft.number_classes import CONVERTED, MONEY
from tipgraph_draft.periods import Period
from tipgraph_draft.words import PLACES


def bare_row(
    state: SentenceState,
    mention: Mention,
    labels: list[Label],
    before: tuple[int, int],
    after: tuple[int, int],
    period: Period | None,
) -> Row | None:
    """A count without a verb of ours: `There were 33 victims`, `four dedicated shelters`."""
    phrase = mention.phrase
    if phrase is None or (mention.unit == PERCENT and state.frame is None):
        return None
    if phrase.noun in {"police", "staff"}:
        return None
    if state.word(mention.first - 1) in {"to", "for"} and any(
        each.name in {MONEY, CONVERTED} for each in state.classes
    ):
        return None
    if (
        phrase.noun in {"nationalities", "countries"}
        and state.frame is not None
        and state.frame.rows
        and (state.word(mention.first - 1) in {"from", "of", "representing"})
    ):
        return _origins(state, mention, after, period)
    if state.word(mention.first - 1) == "remaining" and state.frame is not None and (
        state.frame.rows and phrase.is_person and not labels
    ):  # fmt: skip
        row = make_row(state, mention, [Label("remaining", "other")], state.frame, after)
        row.rules.append("part-that-remains")
        row.doubts.append(IN_WORDS)
        state.frame.rows.append(row)
        return row
    here = [each for each in state.rows if not each.is_prior]
    if phrase.noun == "locations" and here and state.word(mention.first - 1) in {"at", "in"}:
        # `screened 395 persons at 98 locations`
        return coordinated_row(state, mention, phrase, after)
    whole = _total_of(state, mention, before, after, period)
    if whole is not None:
        return whole
    words, noun, labels = counted_words(state, mention, None, labels)
    predicate = existence_predicate(state, before)
    is_place = noun in PLACES
    same = state.frame
    if predicate is not None and same is not None and same.words == words and same.predicate:
        row = headline_row(state, mention, same.predicate, labels, after, period)
        row.counted_by = row.counted_by or same.counted_by
        row.rules.append("count-as-before")
        return row
    if (
        predicate is None
        and not is_place
        and not phrase.is_person
        and not _counted_thing(state, mention)
    ):
        return None
    counted_by = agent_after(state.tokens, *after)
    frame = Frame(words, noun, predicate, counted_by, "", "")
    if not is_place and phrase.is_person:
        state.frame = frame
        state.frames.append(frame)
    row = make_row(state, mention, labels if phrase.is_person else [], frame, after)
    row.predicate = predicate or Predicate.bare("capacity" if is_place else "other")
    row.rules.append("count-without-verb")
    row.doubts.append(WITHOUT_VERB)
    row.counted_by = counted_by
    set_period(state, row, period)
    frame.rows.append(row)
    return row


def _total_of(
    state: SentenceState,
    mention: Mention,
    before: tuple[int, int],
    after: tuple[int, int],
    period: Period | None,
) -> Row | None:
    """The sum of those before it: `Police found 80 and NGOs 60, for a total of 140 victims`."""
    frame, phrase = state.frame, mention.phrase
    words = [state.word(at) for at in range(*before)]
    if words[-4:] != ["for", "a", "total", "of"] or frame is None or frame.predicate is None:
        return None
    if phrase is None or phrase.noun != frame.noun:
        return None
    row = make_row(state, mention, list(phrase.labels), frame, after)
    row.counted_by = ""
    row.rules.append("total-of-those-before")
    set_period(state, row, period)
    frame.rows.append(row)
    return row


def _origins(
    state: SentenceState, mention: Mention, after: tuple[int, int], period: Period | None
) -> Row:
    """The number of nationalities or countries of the victims before it."""
    assert state.frame is not None
    phrase, victims = mention.phrase, (state.rows or state.frame.rows)[-1]
    assert phrase is not None
    of = " of origin" if phrase.noun == "countries" else ""
    frame = Frame(f"{phrase.noun}{of} of {victims.indicator}", phrase.noun,
        Predicate.bare("other"),
                  victims.counted_by, "", "")  # fmt: skip
    row = make_row(state, mention, [], frame, after)
    row.rules.append("nationalities")
    set_period(state, row, period)
    if not row.period:
        row.period, row.period_from = victims.period, victims.period_from
    frame.rows.append(row)
    return row


def _counted_thing(state: SentenceState, mention: Mention) -> bool:
    """Return whether a number of things is a count.

    `in each of two cases`, `through two seminars`.
    """
    phrase = mention.phrase
    before = state.word(mention.first - 1)
    if before == "of" and state.word(mention.first - 2) == "each":
        return True
    return phrase is not None and phrase.noun in EVENTS and before in {
        "during", "in", "through", "of", "following", "after", "at", "into", "to",
    }  # fmt: skip


def estimate_row(
    state: SentenceState,
    mention: Mention,
    before: tuple[int, int],
    labels: list[Label],
    period: Period | None,
) -> Row | None:
    """`Experts estimated that 3,000 children were victims`."""
    at = next((at for at in range(*before) if state.word(at) in {"estimated", "estimates"}), None)
    if at is None or mention.phrase is None or not mention.phrase.is_person:
        return None
    start = max(
        (each + 1 for each in range(before[0], at) if state.word(each) in {",", ";"}),
        default=before[0],
    )
    speaker = actor_text(state.tokens, start, at)
    predicate = Predicate("estimate", "estimated", "other", "", speaker, "estimates")
    are_victims = any(each.lower == "victims" for each in state.tokens)
    noun = "victims" if are_victims else mention.phrase.noun
    frame = Frame(noun, noun, predicate, "", speaker, "estimates")
    parts = labels[:1] if are_victims else []
    row = make_row(state, mention, parts, frame, (mention.end, mention.end))
    row.rules.append("estimate")
    set_period(state, row, period or later_period(state, mention.end))
    state.frame = frame
    frame.rows.append(row)
    return row


def capacity_row(
    state: SentenceState, mention: Mention, before: tuple[int, int], after: tuple[int, int]
) -> Row | None:
    """`five shelters, with capacity for 120 victims`."""
    words = [state.word(at) for at in range(*before)]
    room = {"capacity", "space", "room"} & set(words)
    if not room or words[-1:] not in (["for"], ["of"], ["to"]) or state.last_places is None:
        return None
    places = state.last_places
    frame = Frame(f"capacity of {places.indicator}", "victims", Predicate.bare("capacity"),
                  places.counted_by, "", "")  # fmt: skip
    row = make_row(state, mention, [], frame, after)
    row.rules.append("capacity")
    frame.rows.append(row)
    return row


def zero_row(
    state: SentenceState,
    mention: Mention,
    before: tuple[int, int],
    after: tuple[int, int],
    own: Period | None,
) -> Row | None:
    """`There were no shelters specifically for male victims`."""
    phrase = mention.phrase
    if phrase is None or phrase.noun not in PLACES or existence_predicate(state, before) is None:
        return None
    at = mention.end + (1 if state.word(mention.end).endswith("ly") else 0)
    manner = f" {state.word(mention.end)}" if at > mention.end else ""
    target = complement_at(state.tokens, at)
    words = f"{phrase.text}{manner} {target}".strip()
    frame = Frame(words, phrase.noun, Predicate.bare("capacity"), "", "", "")
    row = make_row(state, mention, [], frame, after)
    row.rules.append("zero-in-words")
    row.note = "worded 'no'"
    row.doubts.append("zero from the wording, no number printed")
    set_period(state, row, own)
    frame.rows.append(row)
    return row
