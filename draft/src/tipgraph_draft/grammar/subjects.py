"""Actors and complements: who did it, who says so, and the words after a verb."""

from collections.abc import Container, Sequence

from tipgraph_draft.numerals import SMALL
from tipgraph_draft.tokens import Token, spaced, without_ends, word_at, words_at
from tipgraph_draft.words import (
    AUXILIARIES,
    BE,
    DEMONYMS,
    EXPLOITATION,
    EXPLOITATION_MODIFIERS,
    FINITE_VERBS,
    MONTHS,
    NOT,
    PAST_SPEECH,
    PAST_VERBS,
    PERSON_NOUNS,
    SPEECH,
    VERBS,
    word_set,
)

MAX_WORDS, MAX_ACTOR = 10, 16
COMPLEMENT = word_set("complements_complement")
COMPLEMENT_END = word_set("complements_complement_end")
# Words at which no wording begins or ends.
EDGES = {"and", "the", "of", "in", "for", "to"}
# Words of an amount of money before what it is, and after it.
AROUND_AMOUNT = word_set("around_amount_of_help")
TIME_WORDS = {"reporting", "year", "period", "consecutive", "months", "half", "years", "time"}
PURPOSES = word_set("infinitives")
PRONOUNS = {"they", "it", "he", "she", "these", "those"}
CLAUSE_MARKS = word_set("subjects_clause_marks")
PREPOSITIONS = word_set("subjects_prepositions")
ADVERBS = word_set("subjects_adverbs")
# Words between speakers and their verb.
BEFORE_SPEECH = AUXILIARIES | ADVERBS
# Words before a name that do not belong to it, and those that no name begins with.
INTRODUCTIONS = word_set("introductions")
NOT_NAMES = PREPOSITIONS | word_set("not_names")
ASIDES = {"which", "who", "whose", "in", "the", "an", "a", "as"}
BEFORE_PERIOD = {"in", "during", "from", "between", "as", "for", "by", "since"}
PERIOD_WORDS = word_set("period_words")


# ── Complements ─────────────────────────────────────────────────────────────────────────────────


def without_amounts(words: list[str]) -> list[str]:
    """The words before an amount of money: `restitution` of `restitution of €500 ($600)`."""
    for at, word in enumerate(words):
        if word in {"(", "€", "$", "£"} or word[0].isdigit():
            rest = words[at:]
            kind = rest.index("in") if "in" in rest else len(rest)
            words = words[:at] or rest[kind + 1 :]
            break
    return without_ends(words, AROUND_AMOUNT)


def object_after(tokens: Sequence[Token], start: int, end: int) -> str:
    """The object of a verb without those who gave it, and without its amount."""
    words: list[str] = []
    for at in range(start, min(end, start + MAX_WORDS)):
        word = tokens[at].lower
        is_clause = word == "and" and word_at(tokens, at + 1) in VERBS
        if is_clause or word in COMPLEMENT_END - {"from", "by", "as"}:
            break
        words.append(tokens[at].text)
    words = without_ends(without_amounts(words), EDGES | {"from", "by", "as", "totaling", "about"})
    return spaced(words)


def second_object(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    """The thing after the person: `residence permits` of `granted 12 victims residence permits`."""
    words: list[str] = []
    ends = COMPLEMENT_END | COMPLEMENT | {"of", "compared"}
    for at in range(start, len(tokens)):
        word, following = words_at(tokens, at, at + 2)
        is_clause = word == "and" and (not words or following in VERBS)
        if word in ends or is_clause or len(words) == MAX_WORDS:
            break
        words.append(tokens[at].text)
    kept = without_ends(words, {"and"})
    return spaced(kept), start + len(kept)


def complement_at(tokens: Sequence[Token], start: int) -> str:
    """Return where to, for what or among whom: words that belong to the indicator."""
    at = start
    # Parts stand before it: `12 victims of forced labor to shelters`.
    while word_at(tokens, at) in {"of"} | EXPLOITATION | EXPLOITATION_MODIFIERS:
        at += 1
    if word_at(tokens, at) not in COMPLEMENT:
        return ""
    if is_time(tokens, at + 1) or is_infinitive(tokens, at) or _is_part_place(tokens, at):
        return ""
    words: list[str] = []
    for place in range(at, min(at + MAX_WORDS + 2, len(tokens))):
        word = tokens[place].lower
        joins = word in {"and", "or"} and begins_clause(tokens, place + 1)
        is_end = word in COMPLEMENT_END or (word == "for" and is_time(tokens, place + 1))
        if words and (is_end or joins or word[0].isdigit() or is_infinitive(tokens, place)):
            break
        words.append(tokens[place].text)
    words = without_ends(words, EDGES | {"a", "or", "with", "at"})
    return spaced(words) if len(words) > 1 or words[:1] in (["abroad"], ["overseas"]) else ""


def begins_clause(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a number or a verb follows within a few words."""
    words = words_at(tokens, at, at + 3)
    if any(each in FINITE_VERBS | PAST_SPEECH or each[:1].isdigit() for each in words):
        return True
    return words[0] in SMALL and words[0] != "one"


def is_time(tokens: Sequence[Token], at: int) -> bool:
    words = words_at(tokens, at, at + 4)
    is_year = words[0].isdigit() and len(words[0]) == 4
    return is_year or words[0] in MONTHS or bool(TIME_WORDS & {*words})


def is_infinitive(tokens: Sequence[Token], at: int) -> bool:
    """Return whether `to` begins a purpose: `to identify`."""
    word, following = words_at(tokens, at, at + 2)
    is_base = VERBS.get(following, ("", ""))[1] == "base"
    return word == "to" and (is_base or following in PURPOSES)


def _is_part_place(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the words name a part: `in forced labor`, `to sex trafficking`."""
    word, first, second = words_at(tokens, at, at + 3)
    if word not in {"in", "to", "into"} or (second or first) in PERSON_NOUNS:
        return False
    if first in EXPLOITATION:
        return True
    modifies = first in EXPLOITATION_MODIFIERS - {"other", "multiple"}
    return modifies and second in EXPLOITATION | {"criminal", ""}


# ── Subjects ────────────────────────────────────────────────────────────────────────────────────


def subject_of(tokens: Sequence[Token], start: int, verb: int, known: str) -> tuple[str, str, str]:
    """Return who did it, who says so, and by which act.

    The last two are empty if the report does.
    """
    unreported = _not_reported(tokens, start, verb)
    if unreported is not None:
        begin = clause_start(tokens, start, unreported)
        return actor_text(tokens, begin, unreported) or known, "", ""
    between = AUXILIARIES | ADVERBS | NOT | {"to", "helped"}
    end = verb
    while end > start:
        word = tokens[end - 1].lower
        if word not in between and (not word.endswith("ly") or word in {"family", "assembly"}):
            break
        end -= 1
    if end > start and tokens[end - 1].text == ",":
        end = relative_before(tokens, start, end - 1) or end
    speech = speech_before(tokens, start, end)
    if speech is not None:
        return _reported_subject(tokens, start, speech, end, known)
    begin = clause_start(tokens, start, end)
    if begin < end and tokens[begin].lower == "with":
        # `with police identifying 80`
        begin += 1
    if begin < end and tokens[end - 1].lower == "and":
        # `the government adopted a decree and assisted 40`
        verbs = (at for at in range(begin + 1, end - 1) if _may_be_past(tokens[at]))
        end = next(verbs, end - 1)
    if begin == end and begin > start + 1 and tokens[begin - 1].lower in {"that", "which", "who"}:
        return _antecedent(tokens, start, begin - 1) or known, "", ""
    # `the guard stopped a ship carrying 36 migrants`
    subject_ends = (
        at
        for at in range(begin + 1, end - 1)
        if tokens[at].lower in PAST_VERBS and tokens[at + 1].lower in {"a", "an", "the"}
    )
    subject = actor_text(tokens, begin, next(subject_ends, end))
    for verb_before in (" continued", " began", " continues"):
        subject = subject.removesuffix(verb_before)
    if subject.lower() in PRONOUNS:
        return known or subject.lower(), "", ""
    if not subject and begin > start:
        start = _after_period(tokens, start, end)
        subject = actor_text(tokens, start, _subject_end(tokens, start, end))
    return subject if subject not in {"", "including"} else known, "", ""


def actor_of(tokens: Sequence[Token], verb: int) -> str:
    """Return who did what the verb at a place says."""
    return subject_of(tokens, 0, verb, "")[0]


def _reported_subject(
    tokens: Sequence[Token], start: int, speech: int, end: int, known: str
) -> tuple[str, str, str]:
    """The same where somebody says it: `NGOs reported that police identified`."""
    begin = clause_start(tokens, start, speech)
    speaker = actor_text(tokens, begin, without_adverbs(tokens, speech, BEFORE_SPEECH, begin))
    inner = speech + 1
    own = actor_text(tokens, clause_start(tokens, inner, end), end)
    own = "" if own in PRONOUNS else own
    return own or speaker or known, speaker or known, SPEECH[tokens[speech].lower][0]


def _may_be_past(token: Token) -> bool:
    """Return whether a word may be a verb in the past, also one that no list has."""
    return token.lower in PAST_VERBS or (token.lower.endswith("ed") and not token.is_capitalised)


def _antecedent(tokens: Sequence[Token], start: int, end: int) -> str:
    """The noun phrase that a relative clause belongs to: `an NGO that assisted`."""
    ends = PREPOSITIONS | VERBS.keys() | {"and"}
    at = end
    while at > start and tokens[at - 1].is_word and tokens[at - 1].lower not in ends:
        at -= 1
    return actor_text(tokens, at, end).removeprefix("an ").removeprefix("a ")


def _not_reported(tokens: Sequence[Token], start: int, verb: int) -> int | None:
    """The place of `did` in `did not report` before a verb."""
    for at in range(start, verb - 1):
        did, *words = words_at(tokens, at, verb)
        is_negated = did in {"did", "has", "had", "have"} and words[0] == "not"
        is_report = any(each.startswith("report") for each in words[1:4])
        if is_negated and is_report and not {",", ";", "but"} & {*words}:
            return at
    return None


def _subject_end(tokens: Sequence[Token], start: int, end: int) -> int:
    """Return where the subject at the beginning of a sentence ends: at a verb, or at a comma."""
    for at in range(start, end):
        is_verb = at > start and _may_be_past(tokens[at])
        if tokens[at].text in ",(" or tokens[at].lower in AUXILIARIES or is_verb:
            return at
    return end


def speech_before(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """A verb of speech in the words before a subject and its verb."""
    for at in range(end - 1, start, -1):
        word = tokens[at].lower
        if word in {",", ";", ":"}:
            return None
        is_finite = SPEECH.get(word, ("", ""))[1] in {"past", "present"}
        if is_finite and tokens[at - 1].lower not in BE | {"the", "of"}:
            return at
    return None


def clause_start(tokens: Sequence[Token], start: int, end: int) -> int:
    """Return where the clause before a place begins."""
    depth = 0
    for at in range(end - 1, start - 1, -1):
        word = tokens[at].lower
        if word in {"(", ")"} and (depth or _opens_before(tokens, start, at)):
            depth += 1 if word == ")" else -1
        elif depth == 0 and word in CLAUSE_MARKS:
            if word == "," and word_at(tokens, at + 1) == "and":
                listed = _list_start(tokens, start, at)
                return at + 2 if listed is None else listed
            return at + 1
        elif depth == 0 and word == "and" and at > start and _ends_clause(tokens, start, at):
            return at + 1
    return start


def _list_start(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Return where `police, prosecutors, and inspectors` begins, if two items or more end here."""
    ends = VERBS.keys() | PREPOSITIONS | CLAUSE_MARKS - {","}
    at = end
    while at > start and tokens[at - 1].lower not in ends and not tokens[at - 1].text[0].isdigit():
        at -= 1
    while at < end and tokens[at].text == ",":
        at += 1
    return at if "," in words_at(tokens, at, end) else None


def _opens_before(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Return whether a short parenthesis closes here, as in `Ministry of Justice (MOJ)`."""
    back = words_at(tokens, max(start, at - 6), at)
    inside = back[back.index("(") :] if "(" in back else []
    return bool(inside) and not any(each[0].isdigit() for each in inside)


def relative_before(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Return where `, which the government funded,` begins, if it ends here."""
    for at in range(end - 1, start, -1):
        if tokens[at].text == "," and tokens[at + 1].lower in ASIDES:
            return at
    return None


def _ends_clause(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Return whether a verb stands before `and`, so that it joins clauses and not nouns."""
    commas = [each for each in range(start, at) if words_at(tokens, each, each + 2) == [",", "and"]]
    for place in range(commas[-1] if commas else start, at):
        word = tokens[place].lower
        is_count = word[0].isdigit() and not is_time(tokens, place)
        if word in FINITE_VERBS | AUXILIARIES | PAST_SPEECH or is_count:
            return True
    return False


def without_adverbs(
    tokens: Sequence[Token], end: int, words: Container[str], start: int = 0
) -> int:
    """Return where the words before a place end without adverbs in -ly, and without these words."""
    while end > start and (tokens[end - 1].lower in words or tokens[end - 1].lower.endswith("ly")):
        end -= 1
    return end


# ── Names ───────────────────────────────────────────────────────────────────────────────────────


def actor_text(tokens: Sequence[Token], start: int, end: int) -> str:
    """The name of who acts, without article; empty if the words name nobody."""
    while start < end and tokens[start].lower in INTRODUCTIONS:
        start += 1
    start = _after_period(tokens, start, end)
    while start < end and tokens[start].lower in {"the", ","}:
        start += 1
    if word_at(tokens, end - 2) in {"in", "during"} and is_time(tokens, end - 1):
        # `authorities in 2022 identified`
        end -= 2
    if start >= end or end - start > MAX_ACTOR or not tokens[start].is_word:
        return ""
    first = tokens[start]
    if first.lower in PRONOUNS and end - start == 1:
        return first.lower
    if first.lower in NOT_NAMES:
        return ""
    # Two actors of whom neither did something are two who did not.
    words = ["and" if each.lower == "nor" else each.text for each in tokens[start:end]]
    if "(" in words:
        at = words.index("(")
        closing = words.index(")", at) if ")" in words[at:] else len(words) - 1
        del words[at : closing + 1]
    is_title = first.is_capitalised and (first.text[1:].islower() or first.text == "A")
    if is_title and not _is_name(words):
        words[0] = words[0].lower()
    return spaced(words)


def _after_period(tokens: Sequence[Token], start: int, end: int) -> int:
    """The place after `In 2020,` or `during the reporting period,`."""
    if start >= end or tokens[start].lower not in BEFORE_PERIOD:
        return start
    at = start + 1
    while at < end:
        word = tokens[at].lower
        if not (word[0].isdigit() or word in MONTHS or word in PERIOD_WORDS):
            break
        at += 1
    return at + 1 if at < end and tokens[at].text == "," else at


def _is_name(words: Sequence[str]) -> bool:
    """Return whether words in title case are a name: a nationality, or several capitals."""
    is_short = len(words[0]) > 1 and not words[0][1:].islower()
    if words[0] in DEMONYMS or is_short or any(each.istitle() for each in words[1:]):
        return True
    return words[1:2] in (["of"], ["for"]) and any(each[:1].isupper() for each in words[2:])


def agent_after(tokens: Sequence[Token], start: int, end: int, word: str = "by") -> str:
    """Return who did it, after `by`: the police of `identified by the police`."""
    by = next((at for at in range(start, min(end, start + 14)) if tokens[at].lower == word), None)
    if by is None:
        return ""
    stop = by + 1
    for at in range(by + 1, min(end, by + 14)):
        word = tokens[at].lower
        ends = word in COMPLEMENT_END or word in {"in", "to", "for", "on"}
        joins = word in {"and", "or"} and begins_clause(tokens, at + 1)
        if joins or word[0].isdigit() or (ends and not _is_within_name(tokens, at)):
            break
        stop = at + 1
    return actor_text(tokens, by + 1, stop)


def _is_within_name(tokens: Sequence[Token], at: int) -> bool:
    """Return whether `for` stands between capitals: `Directorate for Victim Protection`."""
    around = (tokens[at - 1], *tokens[at + 1 : at + 2])
    is_named = len(around) == 2 and all(each.is_capitalised for each in around)
    return is_named and tokens[at].lower in {"for", "to", "on"}
