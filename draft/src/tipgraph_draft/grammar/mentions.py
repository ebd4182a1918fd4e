"""Mentions: the numbers of a sentence that may be figures, in digits and in other words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tipgraph_draft.grammar.marks import ALL_WORDS, PERCENT, REST_WORDS, ZERO_VERBS, closing
from tipgraph_draft.grammar.phrases import noun_phrase
from tipgraph_draft.grammar.predicates import predicate_after
from tipgraph_draft.grammar.rows import Frame, Mention
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.labels import labels_in
from tipgraph_draft.noun_phrases import NounPhrase
from tipgraph_draft.number_classes import (
    COUNT,
    DETERMINERS,
    OTHER,
    PERCENTAGE,
    REPEATED,
    NumberClass,
)
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.periods import Period, periods
from tipgraph_draft.tokens import DASHES, Sentence, Token, place_of
from tipgraph_draft.words import BE, FOUNDING, PAST_SPEECH, QUALIFIERS, VERBS, misspelt

# The words that may stand between `neither`, `nor` and `any`.
MAX_NEITHER = 8
PLURAL = re.compile(r"[a-z-]{3,}[^su\W]s")
# Words that end the search for the subject of a verb before it.
CLAUSE_OPENINGS = {"in", "at", "by", "under", "through", "to", "from", "of", "which", "that", "who"}
# Nouns for a count, whose year is that of the count: `its 2029 total of 40 victims`.
COUNTS = {"total", "figure", "number", "count", "level", "result"}
# Things that are granted or not.
REQUESTS = {"applications", "requests", "claims", "cases", "referrals"}
# After a number without a noun: `three more than in 2022`.
DIFFERENCES = {("more", "than"), ("fewer", "than"), ("less", "than")}


def begin_sentence(
    sentence: Sentence,
    found: Sequence[Numeral],
    classes: list[NumberClass],
    frame: Frame | None,
    frames: list[Frame],
    edition_year: int | None,
    subject: str,
) -> SentenceState:
    """The state of a sentence before its first figure is read, with its mentions.

    `frame`, `frames` and `subject` are of the sentences before it in the paragraph.
    """
    state = SentenceState(sentence, found, classes, frame, frames, edition_year)
    state.tokens = [_corrected(state, each) for each in sentence.tokens]
    state.by_token = {each.first: at for at, each in enumerate(found)}
    state.periods = {
        each.first: each
        for each in periods(state.tokens, found, classes)
        if not _is_aside_year(state, each)
    }
    state.closing = closing(state.tokens)
    state.mentions = _find_mentions(state)
    state.subject = subject if _has_pronoun(state) else ""
    return state


def _is_aside_year(state: SentenceState, period: Period) -> bool:
    """Return whether a year is of something else.

    `the shelter, which opened in 2027, assisted 40`.
    """
    at = period.first
    if state.word(at - 1) in {"its", "their", "a"}:
        noun = state.word(period.last + 1)
        return noun.isalpha() and noun not in COUNTS
    verb = at - 2
    return (
        state.word(at - 1) in {"in", "since"}
        and state.word(verb) in FOUNDING
        and state.word(verb - 1) not in BE
        and not _counts_before(state, verb)
    )


def _counts_before(state: SentenceState, verb: int) -> bool:
    """Return whether those counted are the subject of a verb: `12 new shelters opened in 2027`."""
    at = verb - 1
    while at > 0 and state.tokens[at].is_word and state.word(at) not in CLAUSE_OPENINGS:
        at -= 1
    return at in state.by_token


def _has_pronoun(state: SentenceState) -> bool:
    """Return whether the sentence begins with somebody named before."""
    return any(state.word(at) in {"they", "it"} for at in range(min(8, len(state.tokens))))


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
    for at, numeral in enumerate(state.found):
        name = state.classes[at].name
        if name in {COUNT, PERCENTAGE}:
            mention = _mention_of(state, at, numeral)
            if mention is not None:
                found[mention.first] = mention
    for index in range(len(state.tokens)):
        mention = _worded(state, index)
        if mention is not None and mention.first not in found:
            found[mention.first] = mention
    return found


def _mention_of(state: SentenceState, at: int, numeral: Numeral) -> Mention | None:
    after = numeral.last + 1
    if (state.word(after), state.word(after + 1)) in DIFFERENCES:
        state.classes[at] = NumberClass(OTHER, "a difference from another number")
        return None
    unit = ""
    if state.classes[at].name == PERCENTAGE:
        unit = PERCENT
        if state.word(after) == "per":
            after += 1
        after += 0 if numeral.rest else 1
        if state.word(after - 1) == "percentage":
            state.classes[at] = NumberClass(PERCENTAGE, "percentage points or share in words")
            return None
    first, qualifier = _qualifier(state, numeral.first)
    phrase = _nationals_abroad(state, noun_phrase(state.tokens, after, len(state.tokens)))
    if numeral.rest:
        phrase = None
    elif phrase is None and not unit and _is_unknown_noun(state, after):
        word = state.tokens[after].lower
        phrase = NounPhrase(after, after, word, is_person=False, words=(word,))
    if numeral.rest == "bed" or (state.word(after), state.word(after + 1)) == ("-", "bed"):
        # `a 35-bed shelter`
        at_bed = after + 1 if state.word(after) == "-" else numeral.first
        beds = NounPhrase(at_bed, at_bed, "beds", is_person=False, words=("beds",))
        return Mention(
            first, numeral.first, after, numeral.value, "", qualifier, "number", beds,
            numeral.start,
        )  # fmt: skip
    if _is_one_of_several(state, numeral):
        state.classes[at] = NumberClass(OTHER, "one of several")
        return None
    if numeral.value is None:
        kind = "half" if state.word(numeral.first) == "half" and not numeral.rest else ""
        if kind != "half" or (qualifier and state.word(numeral.last + 1) != "("):
            return None
        half = Mention(
            first, numeral.first, after, None, unit, qualifier, kind, place=numeral.start
        )
        _take_partitive(state, half)
        return half
    kind = "number" if numeral.value or state.word(numeral.first) not in {"none"} else "none"
    mention = Mention(
        first, numeral.first, after, numeral.value, unit, qualifier, kind, phrase, numeral.start
    )
    if phrase is not None and phrase.is_person and not numeral.is_whole and not unit:
        mention.value = numeral.value * 1000
        mention.is_misprinted = True
    mention.is_reference = _is_reference(state, numeral)
    if phrase is None:
        _take_partitive(state, mention)
    return mention


def _is_one_of_several(state: SentenceState, numeral: Numeral) -> bool:
    """Return whether `one of four regional teams` counts nothing."""
    start = numeral.last + 2
    if numeral.value != 1 or state.word(start - 1) != "of" or start not in state.by_token:
        return False
    last = state.found[state.by_token[start]].last
    group = noun_phrase(state.tokens, last + 1, len(state.tokens))
    return group is not None and not group.is_person


def _nationals_abroad(state: SentenceState, phrase: NounPhrase | None) -> NounPhrase | None:
    """`12 Gambian victims abroad`: whose nationals they are is their wording, and no part."""
    if phrase is None or not any(each.axis == "nationality" for each in phrase.labels):
        return phrase
    at = phrase.last + 1
    for name in (("of", "trafficking"), ("of", "human", "trafficking")):
        if tuple(state.word(at + each) for each in range(len(name))) == name:
            at += len(name)
    at += 1 if state.word(at) in {"exploited", "identified", "subjected"} else 0
    if state.word(at) not in {"abroad", "overseas"}:
        return phrase
    names = tuple(
        each.text
        for each in state.tokens[phrase.first : phrase.last + 1]
        if each.is_capitalised and labels_in([each], 0, 1)
    )
    labels = tuple(each for each in phrase.labels if each.axis != "nationality")
    return replace(phrase, words=(*names, *phrase.words), labels=labels)


def _is_unknown_noun(state: SentenceState, at: int) -> bool:
    """Return whether a plural that no list has is counted: `12 indicators of trafficking`."""
    word = state.word(at)
    return (
        PLURAL.fullmatch(word) is not None
        and not state.tokens[at].is_capitalised
        and word not in VERBS
        and not labels_in(state.tokens, at, at + 1)
        and state.word(at + 1) == "of"
    )


def _take_partitive(state: SentenceState, mention: Mention) -> None:
    """Let `of whom`, `of the victims` or `of the 91` belong to the number."""
    at = mention.after
    if state.word(at) == "out":
        at += 1
    if state.word(at) != "of":
        return
    word = state.word(at + 1)
    if word in {"whom", "which"}:
        mention.partitive, mention.after = "last", at + 2
        return
    if at + 1 in state.by_token and not mention.unit:
        _take_base(state, mention, state.found[state.by_token[at + 1]])
        return
    if mention.unit == PERCENT and (group := noun_phrase(state.tokens, at + 1, len(state.tokens))):
        mention.partitive, mention.of_phrase, mention.of_labels = "frame", group, group.labels
        mention.after = group.last + 1
        return
    if word not in {"the", "these", "those", "them", "its", "their"}:
        return
    start = at + 2
    if start in state.by_token:
        inner = state.by_token[start]
        numeral = state.found[inner]
        if state.classes[inner].name == COUNT:
            state.classes[inner] = NumberClass(REPEATED)
        mention.partitive_value = numeral.value
        start = numeral.last + 1
    phrase = noun_phrase(state.tokens, start, len(state.tokens)) if word != "them" else None
    if phrase is None and mention.kind == "none" and PLURAL.fullmatch(state.word(start)):
        # `none of these efforts` are none of those counted.
        return
    mention.partitive = "frame"
    mention.of_labels = phrase.labels if phrase else ()
    mention.of_phrase = phrase
    mention.after = phrase.last + 1 if phrase else start


def _take_base(state: SentenceState, mention: Mention, numeral: Numeral) -> None:
    """Let `of 47 presumed victims` belong to the number, as what it is a part of."""
    phrase = noun_phrase(state.tokens, numeral.last + 1, len(state.tokens))
    if phrase is None and state.has_base:
        # `214 of 266 requests, compared with 195 of 273 in 2017`
        mention.partitive, mention.partitive_value = "base", numeral.value
        mention.after = numeral.last + 1
        return
    if phrase is None or not (phrase.is_person or phrase.noun in REQUESTS):
        return
    state.has_base = True
    mention.partitive, mention.of_phrase = "base", phrase
    mention.partitive_value, mention.of_labels = numeral.value, phrase.labels
    mention.after = phrase.last + 1


def _is_reference(state: SentenceState, numeral: Numeral) -> bool:
    """Return whether the number is one already given: `the 91 victims`, `of the 91`."""
    before = state.word(numeral.first - 1)
    if before in {"total", "combined"} and state.word(numeral.first - 2) in {"the", "these"}:
        before = "the"
    return before in DETERMINERS


def _qualifier(state: SentenceState, number: int) -> tuple[int, str]:
    for size in (3, 2, 1):
        words = tuple(state.word(number - size + at) for at in range(size))
        if number - size >= 0 and words in QUALIFIERS:
            if words == ("over",) and state.word(number - 2) in {"increase", "and"}:
                continue
            if words[-1:] == ("than",) and _compares(state, number - size, number):
                continue
            return number - size, QUALIFIERS[words]
    return number, ""


def _compares(state: SentenceState, start: int, number: int) -> bool:
    """Return whether `fewer than 29 in 2020` compares, and does not qualify the number."""
    before = state.word(start - 1)
    degree = {
        "far",
        "significantly",
        "slightly",
        "much",
        "substantially",
        "considerably",
        "but",
        ",",
    }
    return before in degree and any(number < at < number + 8 for at in state.periods) and any(
        each.first < start for each in state.found
    )  # fmt: skip


def _worded(state: SentenceState, index: int) -> Mention | None:
    """A number in other words: all, none, no, any after not, the remainder, the same as."""
    word = state.word(index)
    if (
        word in ZERO_VERBS
        and state.word(index - 1) == "not"
        and state.word(index - 2) in {"did", "had"}
    ):
        return _not_done(state, index)
    if word not in {"no", "any", "all", "both", "same", *REST_WORDS}:
        return None
    place = state.tokens[index].start
    if word == "no":
        phrase = noun_phrase(state.tokens, index + 1, len(state.tokens))
        if phrase is None or state.word(index + 1) in {"longer", "one"}:
            return None
        return Mention(index, index, index + 1, Decimal(0), "", "", "no", phrase, place)
    if word == "any":
        negated = _negation(state, index)
        phrase = noun_phrase(state.tokens, index + 1, len(state.tokens))
        if negated is None or phrase is None:
            return None
        return Mention(negated, index, index + 1, Decimal(0), "", "", "any", phrase, place)
    if word in ALL_WORDS:
        return _all(state, index, place)
    if word == "same":
        return _same(state, index, place)
    if word == "remaining" and index + 1 in state.by_token:
        return None
    if word == "others" and state.word(index - 1) not in {"the"}:
        return None
    first = index - 1 if state.word(index - 1) == "the" else index
    after = index + 1
    phrase = None
    if word == "remaining":
        phrase = noun_phrase(state.tokens, after, len(state.tokens))
    return Mention(first, index, after, None, "", "", "rest", phrase, place)


def _not_done(state: SentenceState, verb: int) -> Mention | None:
    """`did not identify foreign victims`: none, though no number and no `any` is printed."""
    if state.word(verb + 1) in {
        "any",
        "the",
        "all",
        "these",
        "a",
        "an",
        "its",
        "their",
        "more",
        "enough",
    }:
        return None
    phrase = noun_phrase(state.tokens, verb + 1, len(state.tokens))
    if (
        phrase is None
        or phrase.last > verb + 6
        or phrase.noun not in {"victims", "permits", "children"}
    ):
        return None
    if (
        phrase.noun == "victims"
        and phrase.text in {"victims", "trafficking victims"}
        and not phrase.labels
    ):
        return None
    return Mention(
        verb - 2, verb, verb + 1, Decimal(0), "", "", "any", phrase, state.tokens[verb].start
    )


def _negation(state: SentenceState, index: int) -> int | None:
    """The place of `did` in `did not identify any`, of `neither` in `neither … nor …`."""
    if "nor" in (state.word(at) for at in range(max(0, index - MAX_NEITHER), index)):
        for at in range(index - 1, max(-1, index - 2 * MAX_NEITHER), -1):
            if state.word(at) == "neither":
                return at
    for at in range(index - 1, max(-1, index - 7), -1):
        word = state.word(at)
        if word == "not" and state.word(at - 1) in {"did", "had", "has", "have", "were"}:
            return at - 1
        if word in {",", ";", "("}:
            return None
    return None


def _all(state: SentenceState, index: int, place: int) -> Mention | None:
    """`all were`, `all of whom`, `all victims were`, `all but one`, `all female`."""
    after = index + 1
    if state.word(after) == "but" and after + 1 in state.by_token:
        numeral = state.found[state.by_token[after + 1]]
        end = numeral.last + 1
        if state.word(end) == "of" and state.word(end + 1) in {"whom", "which", "them"}:
            end += 2
        mention = Mention(index, index, end, None, "", "", "all but some", None, place)
        mention.partitive_value = numeral.value
        return mention
    if state.word(after) in {"of"} and state.word(after + 1) in {"whom", "which", "them"}:
        after += 2
    elif state.word(after) in {"of"} and state.word(after + 1) in {"these", "those", "the"}:
        group = noun_phrase(state.tokens, after + 2, len(state.tokens))
        end = group.last + 1 if group else after + 2
        if _has_part_predicate(state, end):
            return Mention(index, index, end, None, "", "", "all", None, place)
        return None
    elif after in state.by_token and state.word(after) not in {"of"}:
        numeral = state.found[state.by_token[after]]
        phrase = noun_phrase(state.tokens, numeral.last + 1, len(state.tokens))
        end = phrase.last + 1 if phrase else numeral.last + 1
        if state.word(end) in {"of"} and state.word(end + 1) in {"whom", "which"}:
            end += 2
        if _has_part_predicate(state, end):
            return Mention(index, index, end, numeral.value, "", "", "all", None, place)
        return _all_of_a_verb(state, index, end, numeral.value, phrase, place)
    if state.word(index - 1) in {"not", "of", "in", "for", "to", "at", "with", "from", "on"}:
        return None
    if state.word(index) == "both" and state.word(after) not in {"were", "of"} and not (
        index and state.word(index - 1) in {",", "("}
    ):  # fmt: skip
        return None
    phrase = noun_phrase(state.tokens, after, len(state.tokens))
    end = after
    is_bare = phrase is None and state.word(after + 1) in {".", ";", ",", ")"}
    if (
        is_bare
        and state.word(index - 1) in {",", "("}
        and labels_in(state.tokens, after, after + 1)
    ):
        # `46 victims, all foreign`
        return Mention(index, index, after, None, "", "", "all", None, place)
    if phrase is not None and not phrase.labels:
        end = phrase.last + 1
    if _has_part_predicate(state, end) or (
        phrase is not None and phrase.labels and state.word(index - 1) in {",", "(", *DASHES}
    ):
        return Mention(index, index, end, None, "", "", "all", None, place)
    return _all_of_a_verb(state, index, end, None, phrase, place)


def _all_of_a_verb(
    state: SentenceState,
    index: int,
    end: int,
    value: Decimal | None,
    phrase: NounPhrase | None,
    place: int,
) -> Mention | None:
    """`referred all to shelters`, `assisted all 12 victims`, `all 48 received assistance`."""
    verb = VERBS.get(state.word(index - 1))
    is_reported = state.word(index - 2) in PAST_SPEECH
    governed = (
        verb is not None
        and (verb[1] == "past" or (verb[1] == "gerund" and is_reported))
        and state.word(index) == "all"
    )
    given = (
        state.word(index - 1) in {"to", "for"}
        and state.word(index) == "all"
        and (value is not None or (phrase is not None and phrase.is_person))
    )
    trailing = None
    if value is not None or phrase is not None:
        trailing = predicate_after(state.tokens, end, clause_stop(state, end))
    if not (governed or given or trailing is not None):
        return None
    if value is None and phrase is not None and (phrase.labels or not phrase.is_person):
        return None
    mention = Mention(index, index, end, value, "", "", "all", phrase, place)
    mention.is_headline = True
    return mention


def _has_part_predicate(state: SentenceState, at: int) -> bool:
    """Return whether `were` and a part follow: `were adults`, `were female`."""
    if state.word(at) not in {"were", "was", "are"}:
        return bool(labels_in(state.tokens, at, min(at + 2, len(state.tokens)))) and (
            state.word(at - 1) in {"whom", "which"}
        )
    end = clause_stop(state, at)
    return bool(labels_in(state.tokens, at, end)) and not (
        predicate_after(state.tokens, at, end, is_strict=True)
    )


def clause_stop(state: SentenceState, at: int) -> int:
    """The next mark that ends a clause."""
    return place_of(state.tokens, {",", ";", "(", ")", "—", "\u2013", ":"}, at)


def _same(state: SentenceState, index: int, place: int) -> Mention | None:
    """`the same number as in 2019`: an earlier figure that is not repeated."""
    at = index + 1
    if state.word(at) == "amount":
        return None
    if state.word(at) in {"number", "total", "figure"}:
        at += 1
    if state.word(at) != "as" or state.word(at + 1) != "in":
        return None
    if at + 2 not in state.periods and state.word(at + 2) != "the":
        return None
    return Mention(index, index, at, None, "", "", "same", None, place)


def next_mention(state: SentenceState, index: int) -> int | None:
    following = [at for at, each in state.mentions.items() if at >= index]
    if not following:
        return None
    found = min(following)
    return None if any(state.word(at) == ";" for at in range(index, found)) else found
