"""Mentions: the numbers of a sentence that may be figures, in digits and in other words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tipgraph_draft.document import Sentence
from tipgraph_draft.grammar.predicates import predicate_after
from tipgraph_draft.grammar.rows import PERCENT, Frame, Mention, SentenceState
from tipgraph_draft.numerals import COUNT, DETERMINERS, OTHER, PERCENTAGE, REPEATED, Numeral, plain
from tipgraph_draft.periods import Period, periods
from tipgraph_draft.phrases import NounPhrase, labels_in, noun_phrase, qualifier_before
from tipgraph_draft.tokens import DASHES, Token, place_of, word_at
from tipgraph_draft.words import BE, PAST_SPEECH, VERBS, misspelt, word_set

# The words that may stand between `neither`, `nor` and `any`, and between `not` and `any`.
MAX_NEITHER, MAX_NOT = 8, 6
PLURAL = re.compile(r"[a-z-]{3,}[^su\W]s")
FOUNDING = word_set("founding")
# Nouns for a count, whose year is that of the count: `its 2029 total of 40 victims`.
COUNTS = {"total", "figure", "number", "count", "level", "result"}
# Things that are granted or not.
REQUESTS = {"applications", "requests", "claims", "cases", "referrals"}
# After a number without a noun: `three more than in 2022`.
DIFFERENCES = (["more", "than"], ["fewer", "than"], ["less", "than"])
# Words of degree, after which `fewer than` compares.
DEGREES = word_set("degrees")
ALL_WORDS = {"all", "both"}
REST_WORDS = {"remainder", "rest", "others", "remaining"}
# Words before `all`, after which it is no subject.
BEFORE_ALL = {"not", "of", "in", "for", "to", "at", "with", "from", "on"}


def begin_sentence(
    sentence: Sentence,
    frame: Frame | None,
    frames: list[Frame],
    edition_year: int | None,
    subject: str,
) -> SentenceState:
    """The state of a sentence before its first figure is read, with its mentions.

    `frame`, `frames` and `subject` are of the sentences before it in the paragraph.
    """
    state = SentenceState(sentence, frame, frames, edition_year)
    state.tokens = [_corrected(state, each) for each in sentence.tokens]
    state.numeral_at = {each.first: each for each in sentence.numerals}
    dated = periods(state.tokens, sentence.numerals)
    state.periods = {each.first: each for each in dated if not _is_aside_year(state, each)}
    state.closing = _closing(state.tokens)
    state.mentions = _find_mentions(state)
    # The sentence may begin with somebody named before.
    state.subject = subject if {"they", "it"} & {*state.words((0, 8))} else ""
    return state


def _closing(tokens: Sequence[Token]) -> dict[int, int]:
    """The place of the closing mark by that of the opening one: parentheses and pairs of dashes."""
    found: dict[int, int] = {}
    opened: list[int] = []
    dashes: dict[int, int] = {}
    for index, token in enumerate(tokens):
        depth = len(opened)
        if token.text == "(":
            opened.append(index)
        elif token.text == ")" and opened:
            found[opened.pop()] = index
        elif token.text in DASHES and not _is_range(tokens, index):
            if depth in dashes:
                found[dashes.pop(depth)] = index
            else:
                dashes[depth] = index
    for start in dashes.values():
        found[start] = place_of(tokens, {";", ")"}, start + 1)
    return found


def _is_aside_year(state: SentenceState, period: Period) -> bool:
    """Return whether a year is of something else.

    `the shelter, which opened in 2027, assisted 40`.
    """
    before, verb = state.word(period.first - 1), period.first - 2
    if before in {"its", "their", "a"}:
        noun = state.word(period.last + 1)
        return noun.isalpha() and noun not in COUNTS
    is_founded = before in {"in", "since"} and state.word(verb) in FOUNDING
    return is_founded and state.word(verb - 1) not in BE and verb - 1 not in state.numeral_at


def _corrected(state: SentenceState, token: Token) -> Token:
    """The token with the form of a verb that it is a typing error of; its text stays."""
    form = misspelt(token.lower)
    if not form:
        return token
    state.errors.append(token.text)
    return replace(token, lower=form)


def _find_mentions(state: SentenceState) -> dict[int, Mention]:
    """The mentions by the token at which they begin, with their qualifier."""
    found: dict[int, Mention] = {}
    for numeral in state.sentence.numerals:
        name = numeral.kind.name
        if name in {COUNT, PERCENTAGE}:
            mention = _mention_of(state, numeral, PERCENT if name == PERCENTAGE else "")
            if mention is not None:
                found[mention.first] = mention
    for index in range(len(state.tokens)):
        mention = _worded(state, index)
        if mention is not None:
            found.setdefault(mention.first, mention)
    return found


def next_mention(state: SentenceState, index: int) -> int | None:
    """The place of the next mention in the clause, if there is one."""
    found = min((at for at in state.mentions if at >= index), default=None)
    return None if found is None or ";" in state.words((index, found)) else found


# ── Numbers ─────────────────────────────────────────────────────────────────────────────────────


def _mention_of(state: SentenceState, numeral: Numeral, unit: str) -> Mention | None:
    after, number = numeral.last + 1, numeral.first
    if state.words((after, after + 2)) in DIFFERENCES:
        state.classify(number, OTHER, "a difference from another number")
        return None
    after += 1 if unit and not numeral.rest else 0
    first, qualifier = qualifier_before(state.tokens, number)
    if state.word(number - 1) == "than" and state.word(first - 1) in DEGREES:
        # `far fewer than 29 in 2020` compares.
        is_dated = any(number < at < number + 8 for at in state.periods)
        first, qualifier = (number, "") if is_dated else (first, qualifier)
    phrase = None
    if not numeral.rest:
        phrase = _nationals_abroad(state, noun_phrase(state.tokens, after, len(state.tokens)))
        word = state.word(after)
        is_plural = PLURAL.fullmatch(word) is not None and word not in VERBS
        is_plural = is_plural and not state.tokens[after].is_capitalised
        if phrase is None and not unit and is_plural and state.word(after + 1) == "of":
            # A plural that no list has is counted: `12 indicators of trafficking`.
            phrase = NounPhrase(after, after, word, is_person=False, words=(word,))
    if state.words((after, after + 2)) == ["-", "bed"]:
        # `a 35-bed shelter`
        phrase = NounPhrase(after + 1, after + 1, "beds", is_person=False, words=("beds",))
    if _is_one_of_several(state, numeral):
        state.classify(number, OTHER, "one of several")
        return None
    kind, value = "number", numeral.value
    if value is None:
        kind, phrase = "half", None
        if state.word(number) != "half" or (qualifier and state.word(after) != "("):
            return None
    mention = Mention(first, number, after, value, unit, qualifier, kind, phrase, numeral.start)
    if value is not None:
        if phrase is not None and phrase.is_person and not numeral.is_whole and not unit:
            mention.value = plain(value * 1000)
            mention.is_misprinted = True
        # One already given: `the 91 victims`, `of the total 91`.
        before, second = state.word(number - 1), state.word(number - 2)
        is_total = before in {"total", "combined"} and second in {"the", "these"}
        mention.is_reference = before in DETERMINERS or is_total
    if phrase is None:
        _take_partitive(state, mention)
    return mention


def _is_one_of_several(state: SentenceState, numeral: Numeral) -> bool:
    """Return whether `one of four regional teams` counts nothing."""
    start = numeral.last + 2
    if numeral.value != 1 or state.word(start - 1) != "of" or start not in state.numeral_at:
        return False
    last = state.numeral_at[start].last
    group = noun_phrase(state.tokens, last + 1, len(state.tokens))
    return group is not None and not group.is_person


def _nationals_abroad(state: SentenceState, phrase: NounPhrase | None) -> NounPhrase | None:
    """`12 Gambian victims abroad`: whose nationals they are is their wording, and no part."""
    if phrase is None:
        return None
    at = phrase.last + 1
    at += 2 if state.words((at, at + 2)) == ["of", "trafficking"] else 0
    at += 1 if state.word(at) in {"exploited", "identified", "subjected"} else 0
    labels = tuple(each for each in phrase.labels if each.axis != "nationality")
    if state.word(at) not in {"abroad", "overseas"} or labels == phrase.labels:
        return phrase
    tokens = state.tokens[phrase.first : phrase.last + 1]
    names = [each.text for each in tokens if each.is_capitalised and labels_in([each], 0, 1)]
    return replace(phrase, words=(*names, *phrase.words), labels=labels)


def _take_partitive(state: SentenceState, mention: Mention) -> None:
    """Let `of whom`, `of the victims` or `of the 91` belong to the number."""
    at = mention.after + (1 if state.word(mention.after) == "out" else 0)
    word, start = state.word(at + 1), at + 2
    if state.word(at) != "of":
        return
    if word in {"whom", "which"}:
        mention.partitive, mention.after = "last", start
    elif at + 1 in state.numeral_at and not mention.unit:
        _take_base(state, mention, state.numeral_at[at + 1])
    elif word in {"the", "these", "those", "them", "its", "their"}:
        if start in state.numeral_at:
            numeral = state.numeral_at[start]
            if numeral.kind.name == COUNT:
                state.classify(start, REPEATED)
            mention.partitive_value = numeral.value
            start = numeral.last + 1
        phrase = noun_phrase(state.tokens, start, len(state.tokens)) if word != "them" else None
        mention.partitive, mention.of_phrase = "frame", phrase
        mention.after = phrase.last + 1 if phrase else start


def _take_base(state: SentenceState, mention: Mention, numeral: Numeral) -> None:
    """Let `of 47 presumed victims` belong to the number, as what it is a part of."""
    phrase = noun_phrase(state.tokens, numeral.last + 1, len(state.tokens))
    is_group = phrase is not None and (phrase.is_person or phrase.noun in REQUESTS)
    # Without a noun: `214 of 266 requests, compared with 195 of 273 in 2017`.
    if not is_group and (phrase is not None or not state.has_base):
        return
    state.has_base = True
    mention.partitive, mention.of_phrase = "base", phrase
    mention.partitive_value = numeral.value
    mention.after = (phrase.last if phrase else numeral.last) + 1


# ── Other words ─────────────────────────────────────────────────────────────────────────────────


def _worded(state: SentenceState, index: int) -> Mention | None:
    """A number in other words: all, none, no, any after not, the remainder."""
    word, before = state.word(index), state.word(index - 1)
    if word in ALL_WORDS:
        return _all(state, index)
    if word in {"no", "any"}:
        first = index if word == "no" else _negation(state, index)
        phrase = noun_phrase(state.tokens, index + 1, len(state.tokens))
        if first is None or phrase is None or state.words((index, index + 2)) == ["no", "longer"]:
            return None
        return _in_words(state, first, index, index + 1, Decimal(0), word, phrase)
    if word not in REST_WORDS or (word == "others" and before != "the"):
        return None
    if word == "remaining" and index + 1 in state.numeral_at:
        return None
    first = index - 1 if before == "the" else index
    return _in_words(state, first, index, index + 1, None, "rest")


def _in_words(
    state: SentenceState,
    first: int,
    index: int,
    after: int,
    value: Decimal | None,
    kind: str,
    phrase: NounPhrase | None = None,
) -> Mention:
    place = state.tokens[index].start
    return Mention(first, index, after, value, "", "", kind, phrase, place)


def _negation(state: SentenceState, index: int) -> int | None:
    """The place of `did` in `did not identify any`, of `neither` in `neither … nor …`."""
    if "nor" in state.words((max(0, index - MAX_NEITHER), index)):
        for at in range(index - 1, max(-1, index - 2 * MAX_NEITHER), -1):
            if state.word(at) == "neither":
                return at
    for at in range(index - 1, max(-1, index - MAX_NOT - 1), -1):
        if state.word(at) == "not" and state.word(at - 1) in {"did", "had", "has", "have", "were"}:
            return at - 1
        if state.word(at) in {",", ";", "("}:
            return None
    return None


def _all(state: SentenceState, index: int) -> Mention | None:
    """`all were`, `all of whom`, `all victims were`, `all but one`, `all female`."""
    after, before = index + 1, state.word(index - 1)
    if state.word(after) == "but" and after + 1 in state.numeral_at:
        numeral = state.numeral_at[after + 1]
        end = _after_whom(state, numeral.last + 1)
        mention = _in_words(state, index, index, end, None, "all but some")
        mention.partitive_value = numeral.value
        return mention
    if state.word(after) == "of" and state.word(after + 1) in {"these", "those", "the"}:
        group = noun_phrase(state.tokens, after + 2, len(state.tokens))
        end = group.last + 1 if group else after + 2
        return _in_words(state, index, index, end, None, "all") if _is_part(state, end) else None
    if after in state.numeral_at:
        numeral = state.numeral_at[after]
        phrase = noun_phrase(state.tokens, numeral.last + 1, len(state.tokens))
        end = phrase.last + 1 if phrase else numeral.last + 1
        return _all_of_a_verb(state, index, end, numeral.value, phrase)
    after = _after_whom(state, after)
    if before in BEFORE_ALL:
        return None
    is_set_off = before in {",", "("}
    phrase = noun_phrase(state.tokens, after, len(state.tokens))
    is_bare = phrase is None and state.word(after + 1) in {".", ";", ",", ")"}
    if is_bare and is_set_off and labels_in(state.tokens, after, after + 1):
        # `46 victims, all foreign`
        return _in_words(state, index, index, after, None, "all")
    has_labels = phrase is not None and bool(phrase.labels)
    end = phrase.last + 1 if phrase is not None and not has_labels else after
    if _is_part(state, end) or (has_labels and (is_set_off or before in DASHES)):
        return _in_words(state, index, index, end, None, "all")
    return _all_of_a_verb(state, index, end, None, phrase)


def _after_whom(state: SentenceState, at: int) -> int:
    """The place after `of whom`, if it stands at a place."""
    is_there = state.word(at) == "of" and state.word(at + 1) in {"whom", "which", "them"}
    return at + 2 if is_there else at


def _all_of_a_verb(
    state: SentenceState, index: int, end: int, value: Decimal | None, phrase: NounPhrase | None
) -> Mention | None:
    """`referred all to shelters`, `assisted all 12 victims`, `all 48 received assistance`."""
    before = state.word(index - 1)
    is_person = phrase is not None and phrase.is_person
    _, form = VERBS.get(before, ("", ""))
    is_reported = form == "gerund" and state.word(index - 2) in PAST_SPEECH
    is_governed = form == "past" or is_reported
    is_given = before in {"to", "for"} and (value is not None or is_person)
    is_object = state.word(index) == "all" and (is_governed or is_given)
    if not is_object and (
        (value is None and phrase is None)
        or predicate_after(state.tokens, end, state.stop(end)) is None
    ):
        return None
    if value is None and phrase is not None and (phrase.labels or not is_person):
        return None
    mention = _in_words(state, index, index, end, value, "all", phrase)
    mention.is_headline = True
    return mention


def _is_part(state: SentenceState, at: int) -> bool:
    """Return whether `were` and a part follow: `were adults`, `were female`."""
    if state.word(at) not in {"were", "was", "are"}:
        is_relative = state.word(at - 1) in {"whom", "which"}
        return is_relative and bool(labels_in(state.tokens, at, min(at + 2, len(state.tokens))))
    end = state.stop(at)
    is_done = predicate_after(state.tokens, at, end, is_strict=True) is not None
    return bool(labels_in(state.tokens, at, end)) and not is_done


def _is_range(tokens: Sequence[Token], index: int) -> bool:
    """Return whether an en dash joins two numbers; an em dash divides: `in 2019—12 men`."""
    before, after = word_at(tokens, index - 1), word_at(tokens, index + 1)
    if not (before[-1:].isdigit() and after[:1].isdigit()) or tokens[index].text == "\u2014":
        return False
    first, dash, second = tokens[index - 1 : index + 2]
    return first.end == dash.start and dash.end == second.start
