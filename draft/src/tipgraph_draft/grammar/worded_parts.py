"""Further counts of the same thing: another agent, another year, a part in the source's words."""

from dataclasses import replace

from tipgraph_draft.grammar.builder import (
    coordinated_row,
    is_coordinated,
    make_row,
    part_row,
    set_period,
)
from tipgraph_draft.grammar.complements import complement_at, is_infinitive
from tipgraph_draft.grammar.marks import COUNT_VERBS, IN_WORDS, PERCENT, WITHOUT_VERB
from tipgraph_draft.grammar.predicates import Predicate
from tipgraph_draft.grammar.rows import Frame, Mention, Row, Scope, Surroundings, last_year
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.grammar.subjects import actor_text
from tipgraph_draft.labels import Label, labels_in
from tipgraph_draft.noun_phrases import NounPhrase
from tipgraph_draft.tokens import Token, spaced, without_ends
from tipgraph_draft.words import PAST_VERBS, VERBS, word_set

# Prepositions of a purpose or a means, which is no feature of persons.
PURPOSE = {"for", "with"}
MAX_PURPOSE = 8
REGIONS = word_set("worded_parts_regions")
RECOGNIZED = {"official", "recognized", "confirmed", "identified", "registered", "certified"}


def unlabelled_row(state: SentenceState, mention: Mention, around: Surroundings) -> Row | None:
    """A further count of the same thing: another agent, another year, a part in words."""
    before, after, period, scope, parents = around
    frame = state.frame
    assert frame is not None
    if mention.unit == PERCENT:
        return None
    other = _other_complement(state, mention, after)
    if other is not None:
        new = Frame(frame.words, frame.noun, other, frame.counted_by, frame.speaker, frame.act)
        row = make_row(state, mention, [], new, after)
        set_period(state, row, period)
        row.rules.append("same-count-other-place")
        new.rows.append(row)
        state.frames.append(new)
        return row
    phrase = mention.phrase
    is_other = phrase is not None and phrase.noun != frame.noun and is_coordinated(state, before)
    if (
        period is not None
        and frame.rows
        and not is_other
        and not (period.is_earlier and state.word(after[0]) in VERBS)
    ):
        last = frame.rows[-1]
        row = make_row(state, mention, list(last.path), frame, after)
        set_period(state, row, period)
        row.rules.append("same-count-other-period")
        current = [each for each in frame.current if each.path == row.path]
        year = last_year(row.period)
        known = last_year(current[0].period) if current and current[0].period else None
        if known is None and state.edition_year is not None:
            known = state.edition_year - 1
        if current and year is not None and known is not None and year < known:
            row.is_prior, row.host = True, current[0]
        frame.rows.append(row)
        return row
    if (
        phrase is not None
        and not phrase.is_person
        and phrase.noun != frame.noun
        and scope.kind == "main"
        and (not is_coordinated(state, before))
    ):
        new = Frame(phrase.text, phrase.noun, Predicate.bare("other"), "", "", "")
        row = make_row(state, mention, [], new, after)
        row.rules.append("count-without-verb")
        row.doubts.append(WITHOUT_VERB)
        new.rows.append(row)
        return row
    if (
        phrase is not None
        and is_coordinated(state, before)
        and (phrase.noun != "victims" or phrase.is_presumed or _has_status(phrase))
    ):
        coordinated = coordinated_row(state, mention, phrase, after)
        set_period(state, coordinated, period or scope.year)
        previous = scope.clause[-1] if scope.clause else None
        if previous is not None and not previous.period and not previous.is_prior:
            # `trained 12 judges and 30 officers in 2020`
            set_period(state, previous, period)
        return coordinated
    if _is_aside(state, mention, phrase, before):
        return None
    part = None if _elliptical_subject(state, before) else _part_in_words(state, mention, after)
    if part is None:
        subject = _elliptical_subject(state, before)
        previous = scope.clause[-1] if scope.clause else None
        if subject and previous is not None and previous.path and previous.path[-1].axis == "agent":
            by_agent = part_row(
                state, mention, [Label(subject, "agent")], scope, None, frame, keep=False
            )
            by_agent.counted_by = subject
            return by_agent
        if subject:
            row = make_row(state, mention, [], frame, after)
            row.counted_by = subject
            row.rules.append("same-count-other-agent")
            frame.rows.append(row)
            return row
        if phrase is not None and is_coordinated(state, before) and phrase.is_person:
            return coordinated_row(state, mention, phrase, after)
        return None
    row = part_row(state, mention, [part], scope, parent_of(state, mention, scope, parents),
                         frame, keep=False)  # fmt: skip
    if not row.period:
        set_period(state, row, period or scope.year)
    row.rules.append("part-in-words")
    row.doubts.append(IN_WORDS)
    return row


def _is_aside(
    state: SentenceState, mention: Mention, phrase: NounPhrase | None, before: tuple[int, int]
) -> bool:
    """Return whether `abuse, including one allegation of theft` is no part of those before it."""
    return (
        not state.rows
        and phrase is None
        and not mention.partitive
        and not is_of_these(state, before)
        and state.word(mention.first - 1) == "including"
    )


def _other_complement(
    state: SentenceState, mention: Mention, after: tuple[int, int]
) -> Predicate | None:
    """The predicate of `12 to a state-run shelter` after `referred 37 victims to shelters`.

    What for, and with what, divides no persons either: `45 with legal aid`.
    """
    own = state.frame.predicate if state.frame else None
    if own is None or mention.phrase is not None:
        return None
    preposition = own.complement.partition(" ")[0]
    begins_purpose = state.word(after[0]) == "to" and is_infinitive(state.tokens, after[0])
    if state.word(after[0]) not in {preposition, *PURPOSE} and not begins_purpose:
        return None
    found = complement_at(state.tokens, after[0])
    if not found and (begins_purpose or state.word(after[0]) == "for"):
        words = without_ends([each.text for each in state.tokens[slice(*after)]], {"and", ",", "."})
        found = spaced(words) if len(words) <= MAX_PURPOSE else ""
    return replace(own, complement=found) if found else None


def _part_in_words(state: SentenceState, mention: Mention, after: tuple[int, int]) -> Label | None:
    """The part in the source's words, where no axis is known: `two to the airport`."""
    phrase = mention.phrase
    if (
        phrase is not None
        and state.frame is not None
        and phrase.noun == state.frame.noun
        and len(phrase.words) > 1
    ):
        own = [each for each in phrase.words[:-1] if each not in state.frame.words.split()]
        if own:
            return Label(" ".join(own), "other")
    words = [each for each in state.tokens[after[0] : after[1]] if each.is_word]
    place = _place_in_words(state, [each for each in words if each.lower != "respectively"])
    if place is not None:
        return place
    while words and words[0].lower in {
        "were",
        "was",
        "had",
        "been",
        "of",
        "the",
        "who",
        "in",
        "to",
        "for",
        "whom",
    }:
        words = words[1:]
    words = [each for each in words if each.lower != "respectively"]
    if [each.lower for each in words] == ["both"] and len(state.rows) > 1:
        # `12 of sex trafficking, nine of forced labor, and one of both`
        pair = [each.path[-1] for each in state.rows[-2:] if each.path]
        if len(pair) == len({each.axis for each in pair}) + 1:
            return Label(f"both {pair[0].part} and {pair[1].part}", pair[0].axis)
    if not words or len(words) > 8 or (len(words) == 1 and words[0].lower.endswith("ing")):
        return None
    last = state.rows[-1].path if state.rows else []
    axis = last[-1].axis if last and last[-1].axis == "exploitation" else "other"
    return Label(" ".join(each.text for each in words), axis)


def subject_labels_of(state: SentenceState, before: tuple[int, int]) -> list[Label]:
    """The part that a subject names: `Women accounted for 41`, `male victims numbered 90`."""
    words = [state.word(at) for at in range(*before)]
    verb = next((at for at, each in enumerate(words) if each in COUNT_VERBS), None)
    if verb is None or any(each in VERBS for each in words[verb + 1 :]):
        return []
    return labels_in(state.tokens, before[0], before[0] + verb)


def _place_in_words(state: SentenceState, words: list[Token]) -> Label | None:
    """`301 in the United Kingdom and 12 at the border`: a part by place."""
    while words and words[-1].lower in {"and", "or"}:
        words = words[:-1]
    names = words[2:] if [each.lower for each in words[1:2]] == ["the"] else words[1:]
    if not names or words[0].lower not in {"in", "at", "near"} or len(names) > 6:
        return None
    named = all(each.is_capitalised or each.lower in {"and", "of", "the"} for each in names)
    if not (named or names[-1].lower in REGIONS):
        return None
    return Label(" ".join([words[0].lower, *(each.text for each in words[1:])]), "place")


def _elliptical_subject(state: SentenceState, before: tuple[int, int]) -> str:
    """`and NGOs 30`: a subject without its verb."""
    start = before[0]
    while start < before[1] and state.word(start) in {",", "and", "while", "but"}:
        start += 1
    if state.word(before[1] - 1) == "," and state.word(before[1] + 1) in {";", "."}:
        # `; labor inspectors, 38;`
        before = before[0], before[1] - 1
    if start >= before[1] or before[1] - start > 6:
        return ""
    if not state.tokens[before[1] - 1].is_word or any(
        state.word(at) in VERBS for at in range(start, before[1])
    ):
        return ""
    return actor_text(state.tokens, start, before[1])


def parent_of(
    state: SentenceState, mention: Mention, scope: Scope, parents: list[Row | None]
) -> Row | None:
    """The figure that a part divides; None for the headline itself."""
    if mention.partitive == "last":
        return scope.rows[-1] if scope.rows else None
    if mention.partitive_value is not None and state.frame is not None:
        named = [each for each in state.frame.current if each.value == mention.partitive_value]
        if named and not named[-1].is_total:
            return named[-1]
    parent = parents[-1]
    verb = state.word(mention.end) in {"were", "was"}
    inner = [each for each in scope.rows if each.parent is parent]
    if len(parents) > 1 and verb and inner and not inner[0].has_verb:
        # A finite verb ends the list without verbs that `including` opened.
        parents.pop()
        return parents[-1]
    return parent


def is_of_these(state: SentenceState, before: tuple[int, int]) -> bool:
    words = [state.word(at) for at in range(*before)]
    while words and words[0] in {",", "and", "while"}:
        words = words[1:]
    if words[:1] in (["of"], ["among"]) and words[-1:] == [","]:
        return True
    return any(
        words[at] in {"of", "among"} and words[at + 1] in {"these", "those", "them", "the"}
        for at in range(len(words) - 1)
    ) and not any(word in PAST_VERBS for word in words)


def _has_status(phrase: NounPhrase) -> bool:
    """Return whether the words before `victims` say no more than who recognized them.

    `official`.
    """
    own = [each.lower() for each in phrase.words[:-1] if each not in {"trafficking", "officially"}]
    return bool(own) and all(each in RECOGNIZED for each in own)
