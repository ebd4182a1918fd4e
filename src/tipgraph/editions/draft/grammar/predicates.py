"""The verb that makes a number a headline: what was done with those counted, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tipgraph.editions.draft.noun_phrases import NounPhrase
from tipgraph.editions.draft.tokens import Token, spaced, without_ends
from tipgraph.editions.draft.words import (
    ACTIVE,
    AUXILIARIES,
    BE,
    EXPLOITATION,
    EXPLOITATION_MODIFIERS,
    GIVING,
    HAVE,
    MONTHS,
    NOT,
    NOUNS,
    SPEECH,
    VERB_NOUNS,
    VERBS,
    demonyms,
    participle,
    stage,
)

MAX_WORDS = 10
# Words between a verb and its number that say nothing about what is counted.
BEFORE_NUMBER = {
    "a", "an", "total", "of", "the", "additional", "only", "new", "just", "also", "another",
    "approximately", "at", "least", "more", "than", "some", "combined", "as", "many", "and", "or",
    "nearly", "almost", "about", "over", "roughly", "around", "up", "to", "one", ",", "including",
    "further", "estimated", "fewer", "less", "any", "no", "in", "2019",
}  # fmt: skip
# Nouns that name what a verb would.
NOMINAL = {
    "identification": "identify", "referral": "refer", "referrals": "refer",
    "repatriation": "repatriate", "rescue": "rescue", "registration": "register",
    "certification": "certify", "screening": "screen", "training": "train",
    "protection": "protect", "reintegration": "reintegrate", "admission": "admit",
    "placement": "place", "compensation": "compensate", "release": "release",
    "recognition": "recognize", "return": "return",
}  # fmt: skip
PRONOUNS = {"they", "it", "he", "she", "these", "those"}
# Verbs that give something for, and not only to, those who get it.
FOR = {"provide", "offer", "fund", "arrange", "deliver", "order", "renew", "extend", "issue",
       "approve", "obtain"}  # fmt: skip
HELP = {"assistance", "services", "support", "care", "shelter", "protection", "accommodation",
        "housing", "counseling", "aid", "help", "training", "compensation", "restitution",
        "benefits", "food", "treatment"}  # fmt: skip
MANNER = {"formally", "officially", "proactively", "initially"}
SHELTER = {"shelter", "housing", "accommodation", "lodging", "accommodations"}
COMPLEMENT = {"to", "for", "with", "at", "among", "through", "into", "via", "in", "on", "abroad",
              "overseas", "within", "as", "under", "outside"}  # fmt: skip
COMPLEMENT_END = {
    ",", ";", "(", ")", ":", "—", "\u2013", ".", "who", "which", "that", "including", "compared",
    "during", "since", "by", "while", "but", "from", "whom", "after", "before", "because", "where",
    "when", "throughout", "respectively", "than", "whose", "until", "as", "among",
}  # fmt: skip
CLAUSE_MARKS = {",", ";", ":", "(", ")", "—", "\u2013", "that", "while", "but", "where",
                "when", "which",
                "who", "because", "although", "as", "though", "whereas", "after",
                "before", "and/or"}  # fmt: skip
PREPOSITIONS = {"in", "during", "of", "to", "for", "with", "by", "from", "at", "on", "through",
                "among", "under", "since", "as", "following", "despite", "according",
                "due"}  # fmt: skip
ADVERBS = {"also", "not", "only", "again", "then", "still", "never", "first", "jointly", "together",
           "further", "once", "often", "both", "either", "alone", "itself",
           "themselves"}  # fmt: skip


@dataclass(frozen=True)
class Predicate:
    """What was done: the base form of its verb, its words, the stage, the doer and the speaker."""

    base: str
    participle: str
    stage: str
    subject: str = ""
    speaker: str = ""
    act: str = ""
    thing: str = ""
    complement: str = ""
    is_before: bool = False
    is_finite: bool = True

    def indicator(self, words: str) -> str:
        """The wording of the indicator, given that of what is counted."""
        parts = [words, self.participle, self.thing, self.complement]
        return " ".join(each for each in parts if each)

    @classmethod
    def bare(cls, name: str) -> "Predicate":
        """No verb: the indicator is what is counted."""
        return cls("", "", name)

    @classmethod
    def worded(cls, own: "Predicate", host: "Predicate") -> "Predicate":
        """A predicate of fewer verbs than its host's: what was given and where is the same."""
        return replace(own, thing=host.thing, complement=host.complement)


def predicate_before(
    tokens: Sequence[Token],
    start: int,
    end: int,
    phrase: NounPhrase | None,
    known_subject: str = "",
    after: int | None = None,
) -> Predicate | None:
    """The predicate whose object follows at `end`, read from the words before it.

    `after` is the place after the object.
    """
    if after is None:
        after = phrase.last + 1 if phrase else end + 1
    verb = _last_verb(tokens, start, end)
    nominal = _nominal(tokens, start, end)
    if nominal is not None and (verb is None or nominal[0] > verb):
        at, base = nominal
        subject, speaker, act = _subject(
            tokens, start, verb if verb is not None else at, known_subject
        )
        return Predicate(base, participle(base), stage(base), subject if verb is not None else "",
                         speaker, act, is_before=True,
                         complement=complement_at(tokens, after))  # fmt: skip
    if verb is None:
        return None
    between = [each.lower for each in tokens[verb + 1 : end]]
    known_verb = verb_at(tokens, verb)
    assert known_verb is not None
    base = known_verb[0]
    thing = ""
    if not _is_direct(between):
        thing = _given(tokens, verb + 1, end, base)
        if not thing:
            return None
    ordered = next((at for at in range(start, verb) if tokens[at].lower == "ordered"), None)
    if base == "pay" and ordered is not None:
        subject, speaker, act = _subject(tokens, start, ordered, known_subject)
        return Predicate(
            base, "ordered", "compensated", subject, speaker, act, thing, is_before=True
        )
    first, bases = _coordinated(tokens, start, verb)
    subject, speaker, act = _subject(tokens, start, first, known_subject)
    words = " and ".join(participle(each) for each in bases)
    stages = "+".join(dict.fromkeys(stage(each) for each in bases))
    words = _manner(tokens, first, verb, bases) + words
    predicate = Predicate(base, words, stages, subject, speaker, act, thing, is_before=True)
    predicate = _with_shelter(predicate)
    if base in ACTIVE and base not in {"return", "leave", "file"}:
        word = {"receive": "received", "accept": "accepted", "obtain": "obtained"}.get(base)
        if thing and base == "obtain":
            compensated = bool({"restitution", "compensation", "damages"} & set(thing.split()))
            return replace(predicate, participle=f"with {thing}", thing="",
                           stage="compensated" if compensated else "granted")  # fmt: skip
        predicate = replace(predicate, participle=word or participle(base), stage=_received(phrase))
    if base in GIVING and not thing and (phrase is None or phrase.is_person):
        thing, after = _second_object(tokens, after)
    complement = complement_at(tokens, after)
    if complement.startswith("with ") and base in GIVING:
        thing, complement = complement.removeprefix("with "), ""
    return replace(predicate, thing=thing or predicate.thing, complement=complement)


def _manner(tokens: Sequence[Token], first: int, last: int, bases: Sequence[str]) -> str:
    """An adverb that belongs to the wording: `formally identified`, of one verb alone."""
    before = tokens[first - 1].lower if first else ""
    return f"{before} " if first == last and len(bases) == 1 and before in MANNER else ""


def _with_shelter(predicate: Predicate) -> Predicate:
    """Shelter that is given is a stage of its own, and so is training."""
    words = set(predicate.thing.replace(",", " ").split())
    if predicate.stage == "assisted" and words & {"training", "trainings"}:
        return replace(predicate, stage="trained")
    if predicate.stage == "assisted" and words & SHELTER:
        only = (
            not words
            - SHELTER
            - {"and", "or", "temporary", "safe", "emergency", "with", "short-term"}
        )
        return replace(predicate, stage="sheltered" if only else "assisted+sheltered")
    return predicate


def _received(phrase: NounPhrase | None) -> str:
    if phrase is not None and phrase.noun == "referrals":
        return "referred"
    if phrase is not None and phrase.noun in {"calls", "contacts", "reports", "tips"}:
        return "contacted"
    return "other"


def _last_verb(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """The last verb before a number that may govern it."""
    depth = 0
    for at in range(end - 1, max(start, end - 24) - 1, -1):
        word = tokens[at].lower
        if word in {"(", ")"}:
            depth += 1 if word == ")" else -1
            continue
        if word in {";", ":"}:
            return None
        if depth > 0:
            continue
        before = tokens[at - 1].lower if at else ""
        found = verb_at(tokens, at)
        if found is None:
            continue
        _, kind = found
        if kind == "base" and before not in {"to", "not", "did", "could", "and"}:
            continue
        if kind == "past" and before in BE:
            continue
        if kind in {"past", "gerund"} and _is_adjective(tokens, at, end):
            continue
        if kind == "present" and before in {"the", "of", "and", "a"}:
            continue
        return at
    return None


def verb_at(tokens: Sequence[Token], at: int) -> tuple[str, str] | None:
    """The base and kind of a verb at a token; what is often a noun only where a verb must be."""
    word = tokens[at].lower
    if word in VERBS:
        return VERBS[word]
    found = VERB_NOUNS.get(word)
    if found is None or not at:
        return None
    before = tokens[at - 1].lower
    if found[1] == "gerund" and before in SPEECH and SPEECH[before][1] == "past":
        return found
    if found[1] == "base" and (before == "not" or (before == "to" and at > 1 and
                               tokens[at - 2].lower in {"continued", "continue",
                                   "began"})):  # fmt: skip
        return found
    return None


def _is_adjective(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Whether a participle stands before its own noun: `the identified victims received`."""
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


def _nominal(tokens: Sequence[Token], start: int, end: int) -> tuple[int, str] | None:
    """`the identification of`, `the repatriation of` right before a number."""
    at = end - 1
    while at >= start and tokens[at].lower in {"a", "total", "the", "at", "least", "approximately"}:
        at -= 1
    if at - 1 < start or tokens[at].lower != "of":
        return None
    base = NOMINAL.get(tokens[at - 1].lower)
    return (at - 1, base) if base else None


def _is_direct(between: Sequence[str]) -> bool:
    """Whether nothing but a qualifier stands between a verb and its number."""
    if not between:
        return True
    if between[0] in {"to", "in", "as"} and between[:2] not in (["as", "many"],):
        return False
    return all(
        each in BEFORE_NUMBER or each.endswith("ly") or each in ADVERBS or each[0].isdigit()
        for each in between
    )


def _given(tokens: Sequence[Token], start: int, end: int, base: str) -> str:
    """What is given to those who follow: `services` of `provided services to 12 victims`."""
    at = end - 1
    skipped = {"a", "total", "of", "at", "least", "approximately", "more", "than", "the", "nearly",
               "all", "over", "about", "an", "additional", "up", "only", "another"}  # fmt: skip
    while at > start and tokens[at].lower in skipped:
        at -= 1
    if at <= start or tokens[at].lower not in {"to", "for", "on"}:
        return ""
    if tokens[at].lower == "for" and base not in FOR:
        return ""
    if base not in GIVING and base not in {"conduct", "obtain"}:
        return ""
    words = _without_amounts([each.text for each in tokens[start:at]])
    for cut in ("including", "such"):
        if cut in words:
            words = words[: words.index(cut)]
    while words and words[-1] == ",":
        words.pop()
    text = spaced(words)
    return text if 0 < len(words) <= 14 and not any(each in ";:" for each in words) else ""


def _without_amounts(words: list[str]) -> list[str]:
    """The words before an amount of money: `restitution` of `restitution of €500 ($600)`."""
    for at, word in enumerate(words):
        if word in {"(", "€", "$", "£"} or word[0].isdigit():
            rest = words[at:]
            kind = rest.index("in") if "in" in rest else len(rest)
            words = words[:at] or rest[kind + 1 :]
            break
    return without_ends(
        words,
        {
            "of",
            "totaling",
            "worth",
            "in",
            "a",
            "at",
            "least",
            "approximately",
        },
    )


def _coordinated(tokens: Sequence[Token], start: int, verb: int) -> tuple[int, list[str]]:
    """The first of the verbs that share the object, and the base forms of all."""
    last = verb_at(tokens, verb)
    assert last is not None
    bases = [last[0]]
    first = verb
    at = verb - 1
    while at > start:
        word = tokens[at].lower
        if word in ADVERBS or word.endswith("ly"):
            at -= 1
            continue
        if (word in {"and", "or"} or (word == "," and len(bases) > 1)) and at - 1 >= start:
            previous = tokens[at - 1].lower
            if previous == "," and at - 2 >= start:
                previous, at = tokens[at - 2].lower, at - 1
            kind = VERBS.get(previous)
            same = kind is not None and kind[1] == last[1]
            if same and kind is not None:
                bases.insert(0, kind[0])
                first = at - 1
                at -= 2
                continue
        break
    return first, bases


def _subject(tokens: Sequence[Token], start: int, verb: int, known: str) -> tuple[str, str, str]:
    """Who did it, who says so, and by which act; the last two are empty if the report does."""
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
        or tokens[end - 1].lower in {"to"}
    ):  # fmt: skip
        end -= 1
    if end > start and tokens[end - 1].text == ",":
        end = _relative_before(tokens, start, end - 1) or end
    speech = _speech_before(tokens, start, end)
    if speech is not None:
        act = SPEECH[tokens[speech].lower][0]
        speaker_start = _clause_start(tokens, start, speech)
        speaker_end = _without_auxiliaries(tokens, speaker_start, speech)
        speaker = actor_text(tokens, speaker_start, speaker_end)
        inner = speech + 1
        if inner < end and tokens[inner].lower == "that":
            inner += 1
        own = actor_text(tokens, _clause_start(tokens, inner, end), end)
        own = "" if own in PRONOUNS else own
        return own or speaker or known, speaker or known, act
    begin = _clause_start(tokens, start, end)
    if begin == end and begin > start + 1 and tokens[begin - 1].lower in {"that", "which", "who"}:
        return _antecedent(tokens, start, begin - 1) or known, "", ""
    subject = actor_text(tokens, begin, end)
    if subject.lower() in PRONOUNS:
        return known or subject.lower(), "", ""
    if not subject and begin > start:
        subject = actor_text(tokens, start, _first_comma(tokens, start, end))
    return subject or known, "", ""


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


def _first_comma(tokens: Sequence[Token], start: int, end: int) -> int:
    return next((at for at in range(start, end) if tokens[at].text in ",("), end)


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


def _without_auxiliaries(tokens: Sequence[Token], start: int, end: int) -> int:
    while end > start and (
        tokens[end - 1].lower in AUXILIARIES | ADVERBS or tokens[end - 1].lower.endswith("ly")
    ):
        end -= 1
    return end


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
                return at + 2
            if word == "," and _is_list_comma(tokens, start, at, end):
                continue
            return at + 1
        if word == "and" and at > start and _ends_clause(tokens, start, at):
            return at + 1
    return start


def _opens_before(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Whether a short parenthesis closes here, as in `Ministry of Justice (MOJ)`."""
    return tokens[at].text == ")" and any(
        tokens[each].text == "("
        and not any(tokens[inner].text[0].isdigit() for inner in range(each, at))
        for each in range(max(start, at - 6), at)
    )


def _relative_before(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Where `, which the government funded,` begins, if it ends here."""
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
    """Whether a comma is within a subject: `police, prosecutors, and NGOs identified`."""
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
    """Whether a verb stands before `and`, so that it joins clauses and not nouns."""
    return any(
        (tokens[each].lower in VERBS and VERBS[tokens[each].lower][1] in {"past", "present"})
        or tokens[each].lower in BE | HAVE
        or (tokens[each].text[0].isdigit() and not _is_time(tokens, each))
        for each in range(start, at)
    )  # fmt: skip


def actor_text(tokens: Sequence[Token], start: int, end: int) -> str:
    """The name of who acts, without article; empty if the words name nobody."""
    while start < end and (
        tokens[start].lower in {"and", "but", "while", ",", "however", "additionally", "also",
            "moreover",
                                "overall", "separately", "meanwhile", "further", "then", "yet",
                                "although",
                                "though", "similarly", "instead", "specifically", "when", "because"}
    ):  # fmt: skip
        start += 1
    start = _after_period(tokens, start, end)
    while start < end and tokens[start].lower in {"the", "a", "an", ","}:
        if tokens[start].lower in {"a", "an"}:
            break
        start += 1
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
    words = [each.text for each in tokens[start:end]]
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


def _is_name(words: Sequence[str]) -> bool:
    """Whether words in title case are a name: a nationality, or several capitals."""
    if words[0] == "A":
        return False
    if len(words[0]) > 1 and not words[0][1:].islower():
        return True
    if words[0] in demonyms():
        return True
    return (
        len(words) > 1 and any(each[:1].isupper() and each[1:].islower() for each in words[1:])
    ) or (
        len(words) > 1
        and words[1] in {"of", "for"}
        and any(each[:1].isupper() for each in words[2:])
    )


def predicate_after(
    tokens: Sequence[Token], start: int, end: int, is_strict: bool = False
) -> Predicate | None:
    """The predicate whose subject stands before `start`: `were identified`, `received shelter`."""
    at = start
    passive = False
    relative = False
    while at < end:
        word = tokens[at].lower
        if word in {",", ";", "(", ":", "and", "or"}:
            return None
        if word in BE:
            passive, at = True, at + 1
            continue
        if word in {"who", "that", "whom", "which"}:
            if at == start or tokens[at - 1].lower not in {"of"}:
                relative = True
            at += 1
            continue
        if word in HAVE or word in ADVERBS or word.endswith("ly"):
            at += 1
            continue
        if word in VERBS:
            kind = VERBS[word][1]
            if kind == "past" or (kind == "gerund" and not passive):
                found = _predicate_at(tokens, at, end, passive)
                before = tokens[at - 1].lower
                if before in MANNER and " and " not in found.participle:
                    found = replace(found, participle=f"{before} {found.participle}")
                finite = passive or relative or (found.base in ACTIVE and kind == "past")
                return replace(_with_shelter(found), is_finite=finite)
            return None
        if passive and word not in NOUNS:
            return None
        if word in EXPLOITATION | EXPLOITATION_MODIFIERS | {"of", "from", "the", "in"} or (
            tokens[at].is_capitalised
        ):
            if is_strict or at - start > 8:
                return None
            at += 1
            continue
        return None
    return None


def _predicate_at(tokens: Sequence[Token], at: int, end: int, passive: bool) -> Predicate:
    word = tokens[at].lower
    base, kind = VERBS[word]
    bases, last = [base], at
    while last + 2 < end and tokens[last + 1].lower in {"and", "or", ","}:
        step = 2
        if tokens[last + 1].text == "," and tokens[last + 2].lower == "and":
            step = 3
        if last + step >= len(tokens):
            break
        following = VERBS.get(tokens[last + step].lower)
        if following is None or following[1] != kind:
            break
        bases.append(following[0])
        last += step
    stages = "+".join(dict.fromkeys(stage(each) for each in bases))
    words = " and ".join(participle(each) for each in bases)
    if base == "go" or (base == "miss"):
        words = "going missing" if base == "go" else "missing"
        return Predicate(base, words, "other")
    if not passive and base in ACTIVE:
        thing = _object(tokens, last + 1, end)
        given = "assisted"
        if {"compensation", "restitution"} & set(thing.split()):
            given = "compensated"
        elif {"permits", "permit", "residency", "status"} & set(thing.split()):
            given = "granted"
        elif {"training"} & set(thing.split()):
            given = "trained"
        elif base not in {"receive", "accept", "benefit", "enter"}:
            given = stages
        return Predicate(base, words, given, thing=thing)
    thing, after = "", last + 1
    if base in GIVING or base == "offer":
        thing, after = _second_object(tokens, last + 1)
    complement = complement_at(tokens, after)
    if complement.startswith("with ") and base in GIVING:
        thing, complement = complement.removeprefix("with "), ""
    return Predicate(base, words, stages, thing=thing, complement=complement)


def _object(tokens: Sequence[Token], start: int, end: int) -> str:
    words: list[str] = []
    for at in range(start, min(end, start + MAX_WORDS)):
        word = tokens[at].lower
        if word in COMPLEMENT_END - {"from", "by", "as"} or (
            word == "in" and _is_time(tokens, at + 1)
        ):
            break
        if word in {"and"} and at + 1 < end and tokens[at + 1].lower in VERBS:
            break
        words.append(tokens[at].text)
    is_amount = words[:1] and (words[0] in {"€", "$", "£"} or words[0][0].isdigit())
    words = _without_amounts(words)
    if is_amount:
        kind = next((tokens[at + 1].lower for at in range(start, min(start + 14, len(tokens) - 1))
                     if tokens[at].lower == "in" and tokens[at + 1].lower in HELP), "")  # fmt: skip
        words = [kind] if kind else words
    words = without_ends(
        words,
        {
            "and",
            "the",
            "of",
            "in",
            "for",
            "to",
            "from",
            "by",
            "as",
            "totaling",
            "about",
        },
    )
    return spaced(words)


def _second_object(tokens: Sequence[Token], start: int) -> tuple[str, int]:
    """The thing after the person: `residence permits` of `granted 12 victims residence permits`."""
    words: list[str] = []
    at = start
    while at < len(tokens) and len(words) < MAX_WORDS:
        word = tokens[at].lower
        if word in COMPLEMENT_END | COMPLEMENT | {"and", "of", "compared"} and not (
            word == "and" and words and at + 1 < len(tokens) and tokens[at + 1].lower not in VERBS
        ):  # fmt: skip
            if word == "," and words and _is_thing_list(tokens, at):
                words.append(",")
                at += 1
                continue
            break
        if not tokens[at].is_word and tokens[at].text not in "-/":
            break
        words.append(tokens[at].text)
        at += 1
    while words and words[-1] in {"and", ","}:
        words.pop()
        at -= 1
    return spaced(words), at


def _is_thing_list(tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma is in a list of help: `medical, psychological, and legal assistance`."""
    return any(
        tokens[each].lower in HELP for each in range(at + 1, min(at + 6, len(tokens)))
    ) and not any(
        tokens[each].text[0].isdigit() for each in range(at + 1, min(at + 4, len(tokens)))
    )


def complement_at(tokens: Sequence[Token], start: int) -> str:
    """Where to, for what or among whom: what belongs to the wording of the indicator."""
    at = start
    # Parts stand before it: `12 victims of forced labor to shelters`.
    while at < len(tokens) and (tokens[at].lower in {"of"} | EXPLOITATION | EXPLOITATION_MODIFIERS):
        at += 1
    if at >= len(tokens) or tokens[at].lower not in COMPLEMENT:
        return ""
    if _is_time(tokens, at + 1) or _is_infinitive(tokens, at) or _is_part_place(tokens, at):
        return ""
    words: list[str] = []
    while at < len(tokens) and len(words) < MAX_WORDS + 2:
        word = tokens[at].lower
        if words and (
            word in COMPLEMENT_END or (word in {"in", "for", "at", "on"} and _is_time(tokens,
                at + 1))
            or (word in {"and", "or"} and _begins_clause(tokens, at + 1))
            or tokens[at].text[0].isdigit() or (word == "to" and _is_infinitive(tokens, at))
        ):  # fmt: skip
            break
        words.append(tokens[at].text)
        at += 1
    words = without_ends(
        words,
        {
            "and",
            "the",
            "of",
            "in",
            "for",
            "to",
            "a",
            "or",
            "with",
            "at",
        },
    )
    return spaced(words) if len(words) > 1 or words[:1] in (["abroad"], ["overseas"]) else ""


def _begins_clause(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number or a verb follows within a few words."""
    for index in range(at, min(at + 3, len(tokens))):
        word = tokens[index].lower
        if (word in VERBS and VERBS[word][1] in {"past", "present"}) or tokens[index].text[
            0
        ].isdigit():
            return True
        if word in SPEECH and SPEECH[word][1] == "past":
            return True
    return False


def _is_time(tokens: Sequence[Token], at: int) -> bool:
    words = [each.lower for each in tokens[at : at + 4]]
    if not words:
        return False
    if (words[0].isdigit() and len(words[0]) == 4) or words[0] in MONTHS:
        return True
    return bool(set(words[:4]) & {"reporting", "year", "period", "consecutive"}) or bool(
        set(words[:3]) & {"months", "half", "years", "time"}
    )


def _is_infinitive(tokens: Sequence[Token], at: int) -> bool:
    """Whether `to` begins a purpose: `to identify`."""
    if tokens[at].lower != "to" or at + 1 >= len(tokens):
        return False
    following = tokens[at + 1].lower
    verb = VERBS.get(following)
    return bool(verb and verb[1] == "base") or following in {
        "help", "ensure", "improve", "support", "be", "obtain", "decide", "become", "cover",
        "receive", "testify", "participate", "live", "remain", "prevent", "train", "increase",
    }  # fmt: skip


def _is_part_place(tokens: Sequence[Token], at: int) -> bool:
    """Whether the words name a part: `in forced labor`, `to sex trafficking`."""
    if tokens[at].lower not in {"in", "to", "into"}:
        return False
    words = [each.lower for each in tokens[at + 1 : at + 3]]
    return (
        bool(words)
        and (words[0] in EXPLOITATION | EXPLOITATION_MODIFIERS - {"other", "multiple"})
        and (len(words) < 2 or words[1] in EXPLOITATION | {"criminal"} or words[0] in EXPLOITATION)
    )


def _is_within_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether `for` or `to` stands between capitals, as in `Directorate for Victim Protection`."""
    return (
        tokens[at].lower in {"for", "to"}
        and tokens[at - 1].is_capitalised
        and at + 1 < len(tokens)
        and tokens[at + 1].is_capitalised
    )


def agent_after(tokens: Sequence[Token], start: int, end: int) -> str:
    """Who did it, after `by`: the police of `identified by the police`."""
    for at in range(start, min(end, start + 14)):
        if tokens[at].lower != "by":
            continue
        stop = at + 1
        while stop < min(end, len(tokens)) and stop < at + 14 and (
            (tokens[stop].lower not in COMPLEMENT_END and tokens[stop].lower not in {"in", "to",
                "for"})
            or _is_within_name(tokens, stop)
        ) and not tokens[stop].text[0].isdigit():  # fmt: skip
            if tokens[stop].lower in {"and", "or"} and _begins_clause(tokens, stop + 1):
                break
            if tokens[stop].lower in VERBS and VERBS[tokens[stop].lower][1] == "gerund":
                return ""
            stop += 1
        while stop > at + 1 and tokens[stop - 1].lower in {"and", "or", ","}:
            stop -= 1
        return actor_text(tokens, at + 1, stop)
    return ""
