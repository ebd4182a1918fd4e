"""Rows made of mentions: headlines, their parts, and what both have in common."""

from dataclasses import replace

from tipgraph_draft.grammar.complements import complement_at
from tipgraph_draft.grammar.marks import PERCENT, PERSONS, RETURNS
from tipgraph_draft.grammar.mentions import clause_stop
from tipgraph_draft.grammar.predicates import Predicate, predicate_after
from tipgraph_draft.grammar.rows import (
    PERSON_UNITS,
    Frame,
    Mention,
    Row,
    Scope,
    first_year,
    last_year,
    unique,
)
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.grammar.subjects import actor_text, agent_after
from tipgraph_draft.labels import Label, labels_in, ordered
from tipgraph_draft.noun_phrases import NounPhrase
from tipgraph_draft.number_classes import COUNT, FIGURE, NumberClass
from tipgraph_draft.periods import NOT_STATED, Period
from tipgraph_draft.words import PAST_VERBS, PLACES, VERBS, participle, stage


def later_period(state: SentenceState, start: int) -> Period | None:
    """The period at the end of a clause, which covers all of it."""
    at, depth = start, 0
    while at < len(state.tokens) and state.word(at) not in {";", ":"}:
        depth += {"(": 1, ")": -1}.get(state.word(at), 0)
        if depth == 0 and at in state.mentions:
            return None
        if depth == 0 and (is_prior_mark(state, at) or
                           state.word(at) in {"while", "although", "since",
                               "who"}):  # fmt: skip
            return None
        if depth == 0 and at in state.periods and state.word(at - 1) in {"in", "during", "for"}:
            found = state.periods[at]
            return None if found.is_earlier else found
        at += 1
    return None


def keep_row(state: SentenceState, row: Row, mention: Mention, scope: Scope) -> None:
    mention.row = row
    if mention.is_misprinted:
        row.doubts.append("a point in the number: thousands are assumed")
    if row.noun in PLACES:
        state.last_places = row
    scope.rows.append(row)
    scope.clause.append(row)
    state.rows.append(row)
    at = state.by_token.get(mention.number)
    if at is not None and state.classes[at].name == COUNT:
        state.classes[at] = NumberClass(FIGURE)


def introduce_total(state: SentenceState, mention: Mention, scope: Scope, end: int) -> Row | None:
    """Make a headline of `the 85 victims authorities identified in 2021`, given by the way."""
    phrase = mention.phrase
    assert phrase is not None
    stop = clause_stop(state, end)
    predicate = relative_predicate(state, end, stop)
    if predicate is None:
        return None
    period = period_in(state, end, stop)
    if state.subject == "" and predicate.subject:
        state.subject = predicate.subject
    row = headline_row(state, mention, predicate, list(phrase.labels), (end, stop), period)
    row.rules.append("headline-by-the-way")
    keep_row(state, row, mention, scope)
    scope.clause.clear()
    return row


def relative_predicate(state: SentenceState, at: int, stop: int) -> Predicate | None:
    """`identified by police`, `that authorities identified`, `they assisted`."""
    trailing = predicate_after(state.tokens, at, stop)
    if trailing is not None:
        return replace(trailing, subject=agent_after(state.tokens, at, stop))
    for index in range(at, stop):
        word = state.word(index)
        if word in PAST_VERBS and state.word(index - 1) not in {"were", "was"}:
            base = VERBS[word][0]
            start = at + 1 if state.word(at) in {"that", "whom", "who", "which"} else at
            subject = actor_text(state.tokens, start, index) or state.subject
            return Predicate(base, participle(base), stage(base), subject,
                             complement=complement_at(state.tokens, index + 1))  # fmt: skip
        if index - at > 8:
            return None
    return None


def is_prior_mark(state: SentenceState, at: int) -> bool:
    words = (state.word(at), state.word(at + 1))
    return words in {("compared", "with"), ("compared", "to"), ("up", "from"), ("down", "from"),
                     ("increase", "from"), ("decrease", "from"), ("in", "comparison")} or (
        words[0] in {"versus", "vs", "whereas"}
    )  # fmt: skip


def period_in(state: SentenceState, start: int, end: int) -> Period | None:
    """The period that stands after a mention."""
    found = [
        each for at, each in state.periods.items()
        if start <= at < end and (state.word(at - 2), state.word(at - 1)) != ("than", "in")
        and not (each.text.endswith("/") and _has_comma(state, start, at))
    ]  # fmt: skip
    return found[0] if found else None


def leading_period(state: SentenceState, before: tuple[int, int]) -> Period | None:
    """The period that stands before a mention and its verb, as in `In 2020, the …`."""
    found = [each for at, each in state.periods.items() if before[0] <= at < before[1]]
    if not found and (state.word(before[0]), state.word(before[0] + 1)) == (",", "when"):
        # `the highest number since 2015, when it identified 1,102`
        found = [each for each in state.periods.values() if each.last == before[0] - 1]
    return found[-1] if found else None


def _has_comma(state: SentenceState, start: int, end: int) -> bool:
    """Return whether a comma divides: `10 victims, the largest number since 2013`."""
    return any(state.word(at) == "," for at in range(start, end))


def is_coordinated(state: SentenceState, before: tuple[int, int]) -> bool:
    words = [state.word(at) for at in range(*before)]
    return bool(words) and all(
        each in {",", "and", "or", "as", "well", "another"} for each in words
    )


def labels_of(state: SentenceState, mention: Mention, after: tuple[int, int]) -> list[Label]:
    """The parts that the mention and the words after it name."""
    labels = list(mention.phrase.labels) if mention.phrase else []
    start, end = after
    # A relative clause or a purpose adds no part: `who`, `in order to`.
    for at in range(start, after[1]):
        if (state.word(at) in {"who", "whose", "that", "which", "because", "due", "after",
            "mainly", "mostly",
                              "primarily", "predominantly", "especially", "largely"}
                              and at > start) or (
            state.word(at) == "," and state.word(at + 1) in {"a", "an"}
        ) or (_is_lone_number(state, end) and state.word(at) == "and"
              and state.word(at + 1) in {"nearly", "almost", "most", "many"}):  # fmt: skip
            end = at
            break
    found = labels_in(state.tokens, start, end)
    if found and end == after[1] and _is_lone_number(state, end):
        # `victims from Vietnam (14) and Romania (12)`: the number in parentheses has the label.
        found = found[:-1]
    stated = {each.part for each in labels}
    return ordered([*labels, *(each for each in found if each.part not in stated)])


def _is_lone_number(state: SentenceState, at: int) -> bool:
    """Return whether parentheses at this place have a number and nothing else."""
    close = state.closing.get(at)
    inner = state.mentions.get(at + 1)
    return (
        close is not None
        and inner is not None
        and inner.after == close
        and (state.word(at) == "(" and at + 1 not in state.periods)
    )


def headline_row(
    state: SentenceState,
    mention: Mention,
    predicate: Predicate,
    labels: list[Label],
    after: tuple[int, int],
    period: Period | None,
) -> Row:
    words, noun, labels = counted_words(state, mention, predicate, labels)
    if predicate.base in RETURNS and mention.phrase is not None:
        # Where they came back from is no nationality.
        labels = list(mention.phrase.labels)
        if mention.phrase.noun in {"citizens", "nationals"} and labels:
            words, noun, labels = mention.phrase.noun, mention.phrase.noun, labels[:-1]
    if noun in {"permits", "visas"} and predicate.complement.startswith("for "):
        # For whom they are belongs to no wording of permits.
        predicate = replace(predicate, complement="")
    if predicate.complement.startswith("among "):
        labels = [each for each in labels if each.part.split()[0] not in predicate.complement]
    if noun in {"sessions", "trainings", "courses", "workshops", "seminars"} and (
        noun in {"trainings"} or "training" in words
    ):
        predicate = replace(predicate, stage="trained")
    agent = agent_after(state.tokens, *after)
    acts = predicate.is_before and predicate.subject
    counted_by = predicate.subject if acts else agent or predicate.subject
    previous = state.frame
    frame = Frame(words, noun, predicate, counted_by, predicate.speaker, predicate.act)
    same = (
        previous is not None
        and previous.words == words
        and previous.predicate is not None
        and previous.predicate.indicator(words) == predicate.indicator(words)
        and not _is_new_total(state, previous, labels)
    )
    if same and previous is not None:
        frame = previous
        frame.counted_by = counted_by or frame.counted_by
    else:
        state.frames.append(frame)
    state.frame = frame
    row = make_row(state, mention, labels, frame, after)
    row.counted_by = counted_by
    row.rules.append("headline-" + ("before" if predicate.is_before else "after"))
    row.predicate = predicate
    if mention.kind in {"no", "any"}:
        row.rules.append("zero-in-words")
        row.note = f"worded {state.sentence.quote(mention.first, mention.number)!r}"
        row.doubts.append("zero from the wording, no number printed")
    set_period(state, row, period)
    earlier = _earlier_headline(state, row)
    if earlier is not None:
        row.is_prior, row.host = True, earlier
        row.rules.append("earlier-headline")
    frame.rows.append(row)
    return row


def _is_new_total(state: SentenceState, frame: Frame, labels: list[Label]) -> bool:
    return not labels and frame.total is not None


def _earlier_headline(state: SentenceState, row: Row) -> Row | None:
    """The current figure before it that an earlier one with a verb of its own belongs to."""
    year = last_year(row.period) if row.period else None
    if year is None or row.predicate is None:
        return None
    for frame in reversed(state.frames):
        if frame.predicate is None or frame.predicate.stage != row.predicate.stage:
            continue
        for each in frame.current:
            if each.counted_by and row.counted_by and each.counted_by != row.counted_by:
                continue
            current = first_year(each.period) if each.period else None
            if current is None and state.edition_year is not None:
                current = state.edition_year - 1
            if each is not row and each.path == row.path and current is not None:
                return each if year < current else None
    return None


def counted_words(
    state: SentenceState, mention: Mention, predicate: Predicate | None, labels: list[Label]
) -> tuple[str, str, list[Label]]:
    """The words of what is counted, its noun, and the parts that are left."""
    phrase = mention.phrase
    if phrase is None and mention.partitive == "base" and mention.of_phrase is not None:
        return mention.of_phrase.text, mention.of_phrase.noun, labels
    group = mention.of_phrase
    known = state.frame.noun if state.frame is not None else ""
    if phrase is None and mention.unit == PERCENT and group is not None and known != group.noun:
        return group.text, group.noun, labels
    if phrase is None:
        frame = state.frame
        return (frame.words, frame.noun, labels) if frame else ("victims", "victims", labels)
    stage = predicate.stage if predicate else ""
    is_part = phrase.is_person and phrase.words[-1] == "victims" and phrase.noun != "victims"
    if is_part and stage not in {"identified", "confirmed", "registered", "referred",
        "assisted",
                                 "sheltered", "repatriated"}:  # fmt: skip
        text = " ".join(
            each.lower if not each.text[0].isupper() else each.text
            for each in state.tokens[phrase.first : phrase.last + 1]
        )
        outside = labels_in(state.tokens, mention.end, mention.end)
        return text, phrase.noun, outside
    if not phrase.is_person:
        return " ".join(phrase.words), phrase.noun, []
    words = phrase.text
    if phrase.noun == "victims" and _is_of_trafficking(state, mention):
        words += " of trafficking"
    if state.word(mention.first - 1) in {"additional", "new"} and "additional" not in words:
        words = f"{state.word(mention.first - 1)} {words}"
    return words, phrase.noun, labels


def _is_of_trafficking(state: SentenceState, mention: Mention) -> bool:
    at = mention.end
    if state.word(at) != "of":
        return False
    if state.word(at + 1) == "human":
        return state.word(at + 2) == "trafficking"
    return state.word(at + 1) == "trafficking"


def existence_predicate(state: SentenceState, before: tuple[int, int]) -> Predicate | None:
    words = [state.word(at) for at in range(*before)]
    if "there" in words and ("were" in words or "was" in words or "are" in words):
        return Predicate.bare("other")
    return None


def coordinated_row(
    state: SentenceState, mention: Mention, phrase: NounPhrase, after: tuple[int, int]
) -> Row:
    """`identified 12 victims and 15 potential victims`: a further count with the same verb."""
    frame = state.frame
    assert frame is not None
    new = Frame(
        phrase.text, phrase.noun, frame.predicate, frame.counted_by, frame.speaker, frame.act
    )
    row = make_row(state, mention, [], new, after)
    row.rules.append("coordinated-count")
    new.rows.append(row)
    state.frames.append(new)
    return row


def part_row(
    state: SentenceState,
    mention: Mention,
    labels: list[Label],
    scope: Scope,
    parent: Row | None,
    frame: Frame,
    keep: bool = True,
) -> Row:
    own = labels
    parent = parent or _labelled_headline(state, frame, scope)
    path = [*parent.path, *own] if parent is not None and not parent.is_prior else own
    row = make_row(state, mention, unique(path), frame, (mention.end, mention.end))
    row.rules.append("part-of-part" if len(row.path) > len(own) else "part")
    row.parent = parent
    row.has_verb = state.word(mention.end) in {"were", "was"}
    frame.rows.append(row)
    if parent is not None and parent in frame.rows:
        row.period, row.period_from = parent.period, parent.period_from
    if keep:
        keep_row(state, row, mention, scope)
    return row


def _labelled_headline(state: SentenceState, frame: Frame, scope: Scope) -> Row | None:
    """The only headline, if it counts a part: `33 foreign victims. The victims came from`."""
    head = only_headline(state, frame)
    if frame.total is not None or head is None or not head.path or is_divided_anew(state, head):
        return None
    return head if head.sentence is not state.sentence or scope.kind != "main" else None


def only_headline(state: SentenceState, frame: Frame) -> Row | None:
    heads = [
        each for each in frame.current if any(rule.startswith("headline") for rule in each.rules)
    ]
    return heads[0] if len(heads) == 1 else None


def is_divided_anew(state: SentenceState, row: Row) -> bool:
    """Return whether a later sentence divides a headline that counts a part.

    `41 sex trafficking victims. Of the 41 victims, 30 were women`: its label is that of all.
    Where they are from is divided further: `12 foreign victims. Of these, two were from Fiji`.
    """
    return (
        row.sentence is not state.sentence
        and row.parent is None
        and any(rule.startswith("headline") for rule in row.rules)
        and not any(each.axis == "nationality" for each in row.path)
    )


def make_row(
    state: SentenceState, mention: Mention, path: list[Label], frame: Frame, after: tuple[int, int]
) -> Row:
    unit = mention.unit or (
        PERSONS if frame.noun in PERSON_UNITS or (mention.phrase and mention.phrase.is_person)
        else frame.noun
    )  # fmt: skip
    if mention.phrase and not mention.phrase.is_person:
        unit = mention.phrase.noun
    assert mention.value is not None
    row = Row(
        state.sentence,
        mention.first,
        max(mention.end - 1, mention.number),
        mention.place,
        mention.value,
        unit,
        path,
        frame.words,
        frame.predicate,
        frame.counted_by,
        frame.speaker,
        frame.act,
        mention.qualifier,
        noun=frame.noun,
    )
    if frame.rows and frame.rows[0].sentence is not state.sentence:
        # The speaker of the headline need not be that of this sentence.
        row.speaker = row.act = ""
    cover_label(state, row, mention, after)
    return row


def cover_label(state: SentenceState, row: Row, mention: Mention, after: tuple[int, int]) -> None:
    """Let the quote run over the first words that name the part."""
    if mention.phrase is None:
        row.last = max(row.last, min(after[1] - 1, mention.end + 3))


def set_period(state: SentenceState, row: Row, period: Period | None) -> None:
    if period is None:
        return
    if period.is_earlier:
        row.note = "previous year" if not period.text else ""
        row.period = period.text
        return
    row.period = period.text
    row.period_from = "sentence" if period.text != NOT_STATED else ""


def is_earlier(state: SentenceState, period: Period, row: Row | None) -> bool:
    if period.is_earlier:
        return True
    if period.year is None:
        return False
    current = last_year(row.period) if row and row.period else None
    if current is None and state.edition_year is not None:
        current = state.edition_year - 1
    return current is None or period.year < current


def only_row(state: SentenceState, frame: Frame) -> Row | None:
    return frame.current[0] if len(frame.current) == 1 else None
