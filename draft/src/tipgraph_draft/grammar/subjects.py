"""Actors: the subject of a verb, the agent after `by`, and who says so."""

from collections.abc import Container, Sequence

from tipgraph_draft.grammar.complements import COMPLEMENT_END, begins_clause, is_time
from tipgraph_draft.tokens import Token, spaced
from tipgraph_draft.words import (
    AUXILIARIES,
    BE,
    DEMONYMS,
    FINITE_VERBS,
    HAVE,
    MONTHS,
    NOT,
    NOUNS,
    PAST_VERBS,
    SPEECH,
    VERBS,
    word_set,
)

MAX_ITEM_WORDS = 5
PRONOUNS = {"they", "it", "he", "she", "these", "those"}
CLAUSE_MARKS = word_set("subjects_clause_marks")
PREPOSITIONS = word_set("subjects_prepositions")
ADVERBS = word_set("subjects_adverbs")
# Words between speakers and their verb.
BEFORE_SPEECH = AUXILIARIES | ADVERBS


def is_adjective(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Return whether a participle stands before its own noun: `the identified victims received`."""
    before = tokens[at - 1].lower if at else ""
    following = tokens[at + 1].lower if at + 1 < end else ""
    return before in {
        "the",
        "of",
        "an",
        "a",
        "all",
        "these",
        "their",
        "its",
        "to",
        "potential",
        "for",
    } and (following in NOUNS or following in {"trafficking", "potential"})


def subject_of(tokens: Sequence[Token], start: int, verb: int, known: str) -> tuple[str, str, str]:
    """Return who did it, who says so, and by which act.

    The last two are empty if the report does.
    """
    unreported = _not_reported(tokens, start, verb)
    if unreported is not None:
        return (
            actor_text(tokens, _clause_start(tokens, start, unreported), unreported) or known,
            "",
            "",
        )
    end = verb
    while end > start and (
        tokens[end - 1].lower in AUXILIARIES | ADVERBS | NOT
        or (tokens[end - 1].lower.endswith("ly") and tokens[end - 1].lower not in {"family",
            "assembly"})
        or tokens[end - 1].lower in {"to", "helped"}
    ):  # fmt: skip
        end -= 1
    if end > start and tokens[end - 1].text == ",":
        end = _relative_before(tokens, start, end - 1) or end
    speech = _speech_before(tokens, start, end)
    if speech is not None:
        act = SPEECH[tokens[speech].lower][0]
        speaker_start = _clause_start(tokens, start, speech)
        speaker_end = without_adverbs(tokens, speech, BEFORE_SPEECH, speaker_start)
        speaker = actor_text(tokens, speaker_start, speaker_end)
        inner = speech + 1
        if inner < end and tokens[inner].lower == "that":
            inner += 1
        own = actor_text(tokens, _clause_start(tokens, inner, end), end)
        own = "" if own in PRONOUNS else own
        return own or speaker or known, speaker or known, act
    begin = _clause_start(tokens, start, end)
    if begin < end and tokens[begin].lower == "with":
        # `with police identifying 80`
        begin += 1
    if begin < end and tokens[end - 1].lower == "and":
        # `the government adopted a decree and assisted 40`
        end = _first_verb(tokens, begin + 1, end - 1)
    if begin == end and begin > start + 1 and tokens[begin - 1].lower in {"that", "which", "who"}:
        return _antecedent(tokens, start, begin - 1) or known, "", ""
    subject = actor_text(tokens, begin, _modified_end(tokens, begin, end))
    if subject == "including":
        return known, "", ""
    words = subject.split()
    if len(words) > 1 and words[-1] in {"continued", "began", "continues"}:
        subject = " ".join(words[:-1])
    if subject.lower() in PRONOUNS:
        return known or subject.lower(), "", ""
    if not subject and begin > start:
        start = _after_period(tokens, start, end)
        subject = actor_text(tokens, start, _subject_end(tokens, start, end))
    return subject or known, "", ""


def _first_verb(tokens: Sequence[Token], start: int, end: int) -> int:
    """The place of the first word that may be a verb in the past, or the end."""
    return next((at for at in range(start, end) if _may_be_past(tokens[at])), end)


def _may_be_past(token: Token) -> bool:
    """Return whether a word may be a verb in the past, also one that no list has."""
    return token.lower in PAST_VERBS or (token.lower.endswith("ed") and not token.is_capitalised)


def _antecedent(tokens: Sequence[Token], start: int, end: int) -> str:
    """The noun phrase that a relative clause belongs to: `an NGO that assisted`."""
    at = end
    while at > start and tokens[at - 1].is_word and tokens[at - 1].lower not in (
        PREPOSITIONS | {"and"}) and (
        tokens[at - 1].lower not in VERBS
    ):  # fmt: skip
        at -= 1
    return actor_text(tokens, at, end).removeprefix("an ").removeprefix("a ")


def _not_reported(tokens: Sequence[Token], start: int, verb: int) -> int | None:
    """The place of `did` in `did not report` before a verb."""
    for at in range(start, verb - 1):
        negated = tokens[at + 1].lower == "not"
        unreported = any(
            tokens[each].lower.startswith("report") for each in range(at + 2, min(at + 5, verb))
        )
        apart = any(tokens[each].lower in {",", ";", "but"} for each in range(at, verb))
        if (
            tokens[at].lower in {"did", "has", "had", "have"}
            and negated
            and unreported
            and not apart
        ):
            return at
    return None


def _modified_end(tokens: Sequence[Token], start: int, end: int) -> int:
    """The end of the subject of `the guard stopped a ship carrying 36 migrants`."""
    return next(
        (
            at
            for at in range(start + 1, end - 1)
            if tokens[at].lower in PAST_VERBS and tokens[at + 1].lower in {"a", "an", "the"}
        ),
        end,
    )


def _subject_end(tokens: Sequence[Token], start: int, end: int) -> int:
    """Return where the subject at the beginning of a sentence ends: at a verb, or at a comma."""
    return next(
        (
            at
            for at in range(start, end)
            if tokens[at].text in ",("
            or (at > start and _may_be_past(tokens[at]) and not is_adjective(tokens, at, end))
        ),
        end,
    )


def _speech_before(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """A verb of speech in the words before a subject and its verb."""
    for at in range(end - 1, start, -1):
        word = tokens[at].lower
        if word in {",", ";", ":"}:
            return None
        found = SPEECH.get(word)
        if (
            found
            and found[1] in {"past", "present"}
            and tokens[at - 1].lower not in BE | {"the", "of"}
        ):
            return at
    return None


def _clause_start(tokens: Sequence[Token], start: int, end: int) -> int:
    depth = 0
    for at in range(end - 1, start - 1, -1):
        word = tokens[at].lower
        if word in {"(", ")"} and (depth or _opens_before(tokens, start, at)):
            depth += 1 if word == ")" else -1
            continue
        if depth > 0:
            continue
        if word in CLAUSE_MARKS:
            if (
                word == ","
                and at == end - 1
                and (opened := _relative_before(tokens, start, at)) is not None
            ):
                return _clause_start(tokens, start, opened)
            if word == "," and at + 1 < end and tokens[at + 1].lower == "and":
                listed = _list_start(tokens, start, at)
                return at + 2 if listed is None else listed
            if word == "," and _is_list_comma(tokens, start, at, end):
                continue
            return at + 1
        if word == "and" and at > start and _ends_clause(tokens, start, at):
            return at + 1
    return start


def _list_start(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Return where `police, prosecutors, and inspectors` begins, if two items or more end at a
    comma.
    """
    first, items, at = end, 0, end
    while at > start:
        at -= 1
        word = tokens[at].lower
        is_item = tokens[at].is_word and word not in VERBS.keys() | PREPOSITIONS | CLAUSE_MARKS
        if word == "," or at == start:
            begin = at if word != "," and is_item else at + 1
            if not (begin < first and first - begin <= MAX_ITEM_WORDS):
                break
            items, first = items + 1, begin if word != "," else at
            if word != ",":
                return begin if items > 1 else None
        elif not is_item:
            break
    return first + 1 if items > 1 else None


def _opens_before(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Return whether a short parenthesis closes here, as in `Ministry of Justice (MOJ)`."""
    return tokens[at].text == ")" and any(
        tokens[each].text == "("
        and not any(tokens[inner].text[0].isdigit() for inner in range(each, at))
        for each in range(max(start, at - 6), at)
    )


def _relative_before(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Return where `, which the government funded,` begins, if it ends here."""
    for at in range(end - 1, start, -1):
        if tokens[at].text == "," and tokens[at + 1].lower in {
            "which",
            "who",
            "whose",
            "in",
            "the",
            "an",
            "a",
            "as",
        }:
            return at
    return None


def _is_list_comma(tokens: Sequence[Token], start: int, at: int, end: int) -> bool:
    """Return whether a comma is within a subject: `police, prosecutors, and NGOs identified`."""
    rest = [each.lower for each in tokens[at + 1 : end]]
    if "and" not in rest or any(each in VERBS for each in rest):
        return False
    before = [each.lower for each in tokens[start:at]]
    return (
        len(before) <= 6
        and not any(each in VERBS or each[0].isdigit() for each in before)
        and (not before or before[0] not in PREPOSITIONS)
    )


def _ends_clause(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Return whether a verb stands before `and`, so that it joins clauses and not nouns."""
    clause = max(
        (each for each in range(start, at) if tokens[each].text == "," and
         tokens[each + 1].lower == "and"), default=start,
    )  # fmt: skip
    return any(
        tokens[each].lower in FINITE_VERBS
        or tokens[each].lower in BE | HAVE
        or (tokens[each].text[0].isdigit() and not is_time(tokens, each))
        for each in range(clause, at)
    )  # fmt: skip


def without_adverbs(
    tokens: Sequence[Token], end: int, words: Container[str], start: int = 0
) -> int:
    """Return where the words before a place end without adverbs in -ly, and without these words."""
    while end > start and (tokens[end - 1].lower in words or tokens[end - 1].lower.endswith("ly")):
        end -= 1
    return end


def actor_text(tokens: Sequence[Token], start: int, end: int) -> str:
    """The name of who acts, without article; empty if the words name nobody."""
    while start < end and (
        tokens[start].lower in {
            "and", "but", "neither", "while", ",", "however", "additionally", "also", "moreover",
            "overall", "separately", "meanwhile", "further", "then", "yet", "although", "though",
            "similarly", "instead", "specifically", "when", "because",
        }
    ):  # fmt: skip
        start += 1
    start = _after_period(tokens, start, end)
    while start < end and tokens[start].lower in {"the", "a", "an", ","}:
        if tokens[start].lower in {"a", "an"}:
            break
        start += 1
    end = _before_period(tokens, start, end)
    if start >= end or end - start > 16:
        return ""
    first = tokens[start]
    if first.lower in PRONOUNS and end - start == 1:
        return first.lower
    if first.lower in PREPOSITIONS | {
        "which",
        "who",
        "that",
        "it",
        "they",
        "this",
        "there",
        "these",
    }:
        return ""
    if not first.is_word:
        return ""
    # Two actors of whom neither did something are two who did not.
    words = ["and" if each.lower == "nor" else each.text for each in tokens[start:end]]
    for at, word in enumerate(words):
        if word == "(":
            closing = words.index(")", at) if ")" in words[at:] else len(words) - 1
            short = words[at + 1 : closing]
            if at > 6 and len(short) == 1 and short[0].isupper():
                return short[0]
            del words[at : closing + 1]
            break
    is_title = first.text[0].isupper() and (first.text[1:].islower() or first.text == "A")
    if is_title and not _is_name(words):
        words[0] = words[0].lower()
    return spaced(words)


def _after_period(tokens: Sequence[Token], start: int, end: int) -> int:
    """The place after `In 2020,` or `during the reporting period,`."""
    if start >= end or tokens[start].lower not in {
        "in",
        "during",
        "from",
        "between",
        "as",
        "for",
        "by",
        "since",
    }:
        return start
    at = start + 1
    while at < end and (
        tokens[at].text[0].isdigit() or tokens[at].lower in MONTHS
        or tokens[at].lower in {"the", "reporting", "period", "year", "and", "to", "of", "first",
            "half",
                                "calendar", "fiscal", "months", "-", "\u2013", "six", "last",
                                "second"}
    ):  # fmt: skip
        if tokens[at].lower == "the" and at > start + 1:
            break
        at += 1
    if at == start + 1:
        return start
    return at + 1 if at < end and tokens[at].text == "," else at


def _before_period(tokens: Sequence[Token], start: int, end: int) -> int:
    """The end of `authorities` in `authorities in 2022 identified`."""
    at = end - 1
    if at <= start or not (tokens[at].text.isdigit() and len(tokens[at].text) == 4):
        return end
    at -= 2 if tokens[at - 1].lower == "year" else 0
    return at - 1 if at - 1 > start and tokens[at - 1].lower in {"in", "during"} else end


def _is_name(words: Sequence[str]) -> bool:
    """Return whether words in title case are a name: a nationality, or several capitals."""
    if words[0] == "A":
        return False
    if len(words[0]) > 1 and not words[0][1:].islower():
        return True
    if words[0] in DEMONYMS:
        return True
    return (
        len(words) > 1 and any(each[:1].isupper() and each[1:].islower() for each in words[1:])
    ) or (
        len(words) > 1
        and words[1] in {"of", "for"}
        and any(each[:1].isupper() for each in words[2:])
    )


def _is_within_name(tokens: Sequence[Token], at: int) -> bool:
    """Return whether `for` or `to` stands between capitals, as in `Directorate for Victim
    Protection`.
    """
    return (
        tokens[at].lower in {"for", "to"}
        and tokens[at - 1].is_capitalised
        and at + 1 < len(tokens)
        and tokens[at + 1].is_capitalised
    )


def agent_after(tokens: Sequence[Token], start: int, end: int) -> str:
    """Return who did it, after `by`: the police of `identified by the police`."""
    for at in range(start, min(end, start + 14)):
        if tokens[at].lower != "by":
            continue
        stop = at + 1
        while stop < min(end, len(tokens)) and stop < at + 14 and (
            (tokens[stop].lower not in COMPLEMENT_END and tokens[stop].lower not in {"in", "to",
                "for"})
            or _is_within_name(tokens, stop)
        ) and not tokens[stop].text[0].isdigit():  # fmt: skip
            if tokens[stop].lower in {"and", "or"} and begins_clause(tokens, stop + 1):
                break
            if tokens[stop].lower in VERBS and VERBS[tokens[stop].lower][1] == "gerund":
                return ""
            stop += 1
        while stop > at + 1 and tokens[stop - 1].lower in {"and", "or", ","}:
            stop -= 1
        return actor_text(tokens, at + 1, stop)
    return ""
