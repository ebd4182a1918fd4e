"""The verb that makes a number a headline: what was done with those counted, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tipgraph_draft.grammar.complements import (
    complement_at,
    object_after,
    second_object,
    without_amounts,
)
from tipgraph_draft.grammar.subjects import ADVERBS, is_adjective, subject_of
from tipgraph_draft.noun_phrases import NounPhrase
from tipgraph_draft.tokens import Token, spaced
from tipgraph_draft.words import (
    ACTIVE,
    BE,
    EXPLOITATION,
    EXPLOITATION_MODIFIERS,
    GIVING,
    HAVE,
    NOUNS,
    PAST_SPEECH,
    VERB_NOUNS,
    VERBS,
    participle,
    stage,
    word_set,
    word_table,
)

BEFORE_NUMBER = word_set("predicates_before_number")
NOMINAL = word_table("predicates_nominal")
FOR = word_set("predicates_for")
RETURNED = {"repatriation", "reintegration"}
MANNER = {"formally", "officially", "proactively", "initially"}
SHELTER = {"shelter", "housing", "accommodation", "lodging", "accommodations"}


@dataclass(frozen=True)
class Predicate:
    """An act on those counted.

    The base form of its verb, its words, the stage, the doer and the speaker.
    """

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
        subject, speaker, act = subject_of(
            tokens, start, verb if verb is not None else at, known_subject
        )
        if verb is None and _leads_to(tokens, start, at):
            subject = known_subject
        elif verb is None:
            subject = ""
        return Predicate(base, participle(base), stage(base), subject, speaker, act, is_before=True,
                         complement=complement_at(tokens, after))  # fmt: skip
    if verb is None:
        return None
    between = [each.lower for each in tokens[verb + 1 : end]]
    known_verb = verb_at(tokens, verb)
    assert known_verb is not None
    base = known_verb[0]
    thing = ""
    if base == "care" and between[:1] == ["for"]:
        between = between[1:]
    if not _is_direct(between):
        thing = _given(tokens, verb + 1, end, base)
        if not thing:
            return None
    ordered = next((at for at in range(start, verb) if tokens[at].lower == "ordered"), None)
    if base == "pay" and ordered is not None:
        subject, speaker, act = subject_of(tokens, start, ordered, known_subject)
        return Predicate(
            base, "ordered", "compensated", subject, speaker, act, thing, is_before=True
        )
    first, bases = _coordinated(tokens, start, verb)
    subject, speaker, act = subject_of(tokens, start, first, known_subject)
    words = " and ".join(participle(each) for each in bases)
    stages = "+".join(dict.fromkeys(stage(each) for each in bases))
    words = _manner(tokens, first, verb, bases) + words
    predicate = Predicate(base, words, stages, subject, speaker, act, thing, is_before=True)
    predicate = with_shelter(predicate)
    if base in ACTIVE and base not in {"return", "leave", "file"}:
        word = {"receive": "received", "accept": "accepted", "obtain": "obtained"}.get(base)
        if thing and base == "obtain":
            compensated = bool({"restitution", "compensation", "damages"} & set(thing.split()))
            return replace(predicate, participle=f"with {thing}", thing="",
                           stage="compensated" if compensated else "granted")  # fmt: skip
        predicate = replace(predicate, participle=word or participle(base), stage=_received(phrase))
    if base in GIVING and not thing and (phrase is None or phrase.is_person):
        thing, after = second_object(tokens, after)
    complement = complement_at(tokens, after)
    if complement.startswith("with ") and base in GIVING:
        thing, complement = complement.removeprefix("with "), ""
    return replace(predicate, thing=thing or predicate.thing, complement=complement)


def _leads_to(tokens: Sequence[Token], start: int, noun: int) -> bool:
    """Return whether what the subject before did `led to the identification of` those who follow.

    Eturn whether what the subject before did `led to the identification of` those who follow.
    """
    words = [each.lower for each in tokens[start:noun]]
    return any(pair in {("leading", "to"), ("led", "to"), ("resulting", "in"), ("resulted", "in")}
               for pair in pairwise(words))  # fmt: skip


def _manner(tokens: Sequence[Token], first: int, last: int, bases: Sequence[str]) -> str:
    """An adverb that belongs to the wording: `formally identified`, of one verb alone."""
    before = tokens[first - 1].lower if first else ""
    return f"{before} " if first == last and len(bases) == 1 and before in MANNER else ""


def with_shelter(predicate: Predicate) -> Predicate:
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
        if kind == "base" and before not in {"to", "not", "did", "could", "and", "helped"}:
            continue
        if kind == "past" and before in BE:
            continue
        if kind in {"past", "gerund"} and is_adjective(tokens, at, end):
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
    if found[1] == "gerund" and before in PAST_SPEECH:
        return found
    if found[1] == "base" and (before == "not" or (before == "to" and at > 1 and
                               tokens[at - 2].lower in {"continued", "continue",
                                   "began"})):  # fmt: skip
        return found
    return None


def _nominal(tokens: Sequence[Token], start: int, end: int) -> tuple[int, str] | None:
    """`the identification of`, `the repatriation of` right before a number."""
    at = end - 1
    while at >= start and tokens[at].lower in {"a", "total", "the", "at", "least", "approximately"}:
        at -= 1
    named = {"of"} if at - 1 < start or tokens[at - 1].lower not in RETURNED else {"of", "for"}
    if at - 1 < start or tokens[at].lower not in named:
        return None
    base = NOMINAL.get(tokens[at - 1].lower)
    return (at - 1, base) if base else None


def _is_direct(between: Sequence[str]) -> bool:
    """Return whether nothing but a qualifier stands between a verb and its number."""
    if not between:
        return True
    if between[0] in {"to", "in", "as"} and between[:2] not in (["as", "many"],):
        return False
    return all(
        each in BEFORE_NUMBER or each.endswith("ly") or each in ADVERBS or each[0].isdigit()
        for each in between
    )


def _given(tokens: Sequence[Token], start: int, end: int, base: str) -> str:
    """Return what is given to those who follow: `services` of `provided services to 12 victims`."""
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
    words = without_amounts([each.text for each in tokens[start:at]])
    for cut in ("including", "such"):
        if cut in words:
            words = words[: words.index(cut)]
    while words and words[-1] == ",":
        words.pop()
    joints = [at for at in range(len(words) - 3) if words[at : at + 3] == ["as", "well", "as"]]
    if joints and "to" in words[: joints[-1]]:
        # `psychological assistance to all as well as housing for two victims`
        words = words[joints[-1] + 3 :]
    text = spaced(words)
    return text if 0 < len(words) <= 14 and not any(each in ";:" for each in words) else ""


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
        if (word in {"and", "or", "nor"} or (word == "," and len(bases) > 1)) and at - 1 >= start:
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
                return replace(with_shelter(found), is_finite=finite)
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
        thing = object_after(tokens, last + 1, end)
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
        thing, after = second_object(tokens, last + 1)
    complement = complement_at(tokens, after)
    if complement.startswith("with ") and base in GIVING:
        thing, complement = complement.removeprefix("with "), ""
    return Predicate(base, words, stages, thing=thing, complement=complement)
