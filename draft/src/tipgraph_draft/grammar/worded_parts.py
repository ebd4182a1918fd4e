"""Further counts of the same thing: another agent, another year, a part in the source's words."""

from dataclasses import replace
from itertools import pairwise

from tipgraph_draft.grammar.builder import (
    add_row,
    coordinated_row,
    is_coordinated,
    is_earlier,
    part_row,
    set_period,
)
from tipgraph_draft.grammar.predicates import Predicate
from tipgraph_draft.grammar.state import (
    IN_WORDS,
    Mention,
    Row,
    Scope,
    SentenceState,
)
from tipgraph_draft.grammar.subjects import actor_text, complement_at, is_infinitive
from tipgraph_draft.labels import Label, labels_in
from tipgraph_draft.periods import Period
from tipgraph_draft.phrases import NounPhrase
from tipgraph_draft.tokens import Token, spaced, without_ends
from tipgraph_draft.words import PAST_VERBS, VERBS, word_set

# Verbs between a part and its number.
COUNT_VERBS = word_set("count_verbs")
# Prepositions of a purpose or a means, which is no feature of persons.
PURPOSE = {"for", "with"}
MAX_PURPOSE, MAX_PLACE, MAX_PART = 8, 6, 8
REGIONS = word_set("worded_parts_regions")
RECOGNIZED = {"official", "recognized", "confirmed", "identified", "registered", "certified"}
BEFORE_PART = word_set("before_part")


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
    if _is_aside(state, mention):
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
    row = part_row(state, mention, [part], scope, parent_of(state, mention, scope), frame)
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


def _is_aside(state: SentenceState, mention: Mention) -> bool:
    """Return whether `abuse, including one allegation of theft` is no part of those before it."""
    is_included = state.word(mention.first - 1) == "including" and not state.rows
    is_named = mention.phrase is not None or mention.partitive or is_of_these(state, mention)
    return is_included and not is_named


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
    while start < end and state.word(start) in {",", "and", "while", "but"}:
        start += 1
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


def parent_of(state: SentenceState, mention: Mention, scope: Scope) -> Row | None:
    """The figure that a part divides; None for the headline itself."""
    if mention.partitive == "last":
        return scope.rows[-1] if scope.rows else None
    parent = scope.parents[-1]
    inner = [each for each in scope.rows if each.parent is parent]
    is_finite = state.word(mention.end) in {"were", "was"}
    if len(scope.parents) > 1 and is_finite and inner and not inner[0].has_verb:
        # A finite verb ends the list without verbs that `including` opened.
        scope.parents.pop()
        return scope.parents[-1]
    return parent


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
