"""The verb that makes a number a headline: what was done with those counted, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from tipgraph_draft.grammar.subjects import (
    ADVERBS,
    complement_at,
    object_after,
    second_object,
    subject_of,
    without_amounts,
)
from tipgraph_draft.phrases import NounPhrase
from tipgraph_draft.tokens import Token, spaced, word_at, words_at
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
# Words beside those for shelter that make nothing else of it.
WITH_SHELTER = SHELTER | {"and", "or", "temporary", "safe", "emergency", "with", "short-term"}
LEADING = {("leading", "to"), ("led", "to"), ("resulting", "in"), ("resulted", "in")}
# The words for what those counted did, and the stage by what they received.
OWN_ACTS = {"receive": "received", "accept": "accepted", "obtain": "obtained"}
STAGES_OF_THINGS = {
    "compensation": "compensated", "restitution": "compensated", "permits": "granted",
    "permit": "granted", "residency": "granted", "status": "granted", "training": "trained",
}  # fmt: skip
STAGES_OF_NOUNS = {"referrals": "referred"} | dict.fromkeys(
    ("calls", "contacts", "reports", "tips"), "contacted"
)
# Words before the base form of a verb.
HELPING = {"to", "not", "did", "could", "and", "helped"}
MAX_BACK, MAX_GIVEN, MAX_PASSED = 24, 14, 8


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


def _of_verbs(bases: Sequence[str], **cells: Any) -> Predicate:
    """The predicate of verbs that share their object."""
    words = " and ".join(participle(each) for each in bases)
    stages = "+".join(dict.fromkeys(stage(each) for each in bases))
    return replace(Predicate(bases[-1], words, stages), **cells)


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
    after = after or (phrase.last + 1 if phrase else end + 1)
    verb = _last_verb(tokens, start, end)
    noun, of = words_at(tokens, end - 2, end)
    is_of = of == "of" or (of == "for" and noun in RETURNED)
    if is_of and noun in NOMINAL and end - 2 >= start and (verb is None or end - 2 > verb):
        # `the identification of` right before the number.
        return _by_noun(tokens, start, end - 2, verb, known_subject, after)
    known = verb_at(tokens, verb) if verb is not None else None
    if verb is None or known is None:
        return None
    base, thing = known[0], ""
    between = words_at(tokens, verb + 1, end)
    if not _is_direct(between[1:] if (base, *between[:1]) == ("care", "for") else between):
        thing = _given(tokens, verb + 1, end, base)
        if not thing:
            return None
    ordered = next((at for at in range(start, verb) if tokens[at].lower == "ordered"), None)
    if base == "pay" and ordered is not None:
        actors = subject_of(tokens, start, ordered, known_subject)
        return Predicate(base, "ordered", "compensated", *actors, thing, is_before=True)
    first, bases = _coordinated(tokens, start, verb)
    subject, speaker, act = subject_of(tokens, start, first, known_subject)
    found = _of_verbs(bases, subject=subject, speaker=speaker, act=act, thing=thing)
    found = replace(found, is_before=True)
    manner = word_at(tokens, first - 1)
    if len(bases) == 1 and manner in MANNER:
        found = replace(found, participle=f"{manner} {found.participle}")
    found = with_shelter(found)
    if base in ACTIVE and base not in {"return", "leave", "file"}:
        own = OWN_ACTS.get(base, found.participle)
        received = STAGES_OF_NOUNS.get(phrase.noun, "other") if phrase else "other"
        found = replace(found, participle=own, stage=received)
    if base in GIVING and not thing and (phrase is None or phrase.is_person):
        thing, after = second_object(tokens, after)
    return _with_complement(found, thing or found.thing, complement_at(tokens, after))


def _with_complement(found: Predicate, thing: str, complement: str) -> Predicate:
    """The predicate with what was given: it may follow after `with`."""
    if complement.startswith("with ") and found.base in GIVING:
        thing, complement = complement.removeprefix("with "), ""
    return replace(found, thing=thing, complement=complement)


def _by_noun(
    tokens: Sequence[Token], start: int, at: int, verb: int | None, known: str, after: int
) -> Predicate:
    """`the identification of`, to which what the subject before did may have led."""
    base = NOMINAL[tokens[at].lower]
    place = verb if verb is not None else at
    subject, speaker, act = subject_of(tokens, start, place, known)
    if verb is None:
        leads = any(pair in LEADING for pair in pairwise(words_at(tokens, start, at)))
        subject = known if leads else ""
    complement = complement_at(tokens, after)
    found = _of_verbs([base], subject=subject, speaker=speaker, act=act, complement=complement)
    return replace(found, is_before=True)


def with_shelter(predicate: Predicate) -> Predicate:
    """Shelter that is given is a stage of its own, and so is training."""
    words = set(predicate.thing.replace(",", " ").split())
    if predicate.stage == "assisted" and words & SHELTER:
        own = "sheltered" if words <= WITH_SHELTER else "assisted+sheltered"
        return replace(predicate, stage=own)
    return predicate


def _last_verb(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """The last verb before a number that may govern it."""
    for at in range(end - 1, max(start, end - MAX_BACK) - 1, -1):
        before, _ = words_at(tokens, at - 1, at + 1)
        if (found := verb_at(tokens, at)) is not None:
            kind = found[1]
            is_other = kind == "base" and before not in HELPING
            is_passive = kind == "past" and before in BE
            is_noun = kind == "present" and before in {"the", "of", "and", "a"}
            if not (is_other or is_passive or is_noun):
                return at
    return None


def verb_at(tokens: Sequence[Token], at: int) -> tuple[str, str] | None:
    """The base and kind of a verb at a token; what is often a noun only where a verb must be."""
    second, before, word = words_at(tokens, at - 2, at + 1)
    if word in VERBS:
        return VERBS[word]
    found = VERB_NOUNS.get(word)
    kind = found[1] if found else ""
    is_reported = kind == "gerund" and before in PAST_SPEECH
    continues = before == "to" and second in {"continued", "continue", "began"}
    is_verb = is_reported or (kind == "base" and (before == "not" or continues))
    return found if is_verb else None


def _is_direct(between: Sequence[str]) -> bool:
    """Return whether nothing but a qualifier stands between a verb and its number."""
    if between and between[0] in {"to", "in", "as"} and between[:2] != ["as", "many"]:
        return False
    return all(
        each in BEFORE_NUMBER or each.endswith("ly") or each in ADVERBS or each[0].isdigit()
        for each in between
    )


def _given(tokens: Sequence[Token], start: int, end: int, base: str) -> str:
    """Return what is given to those who follow: `services` of `provided services to 12 victims`."""
    at = end - 1
    is_for = tokens[at].lower == "for" and base in FOR
    gives = base in GIVING or base in {"conduct", "obtain"}
    if at <= start or not gives or not (is_for or tokens[at].lower in {"to", "on"}):
        return ""
    words = without_amounts([each.text for each in tokens[start:at]])
    for cut in ("including", "such"):
        words = words[: words.index(cut)] if cut in words else words
    while words and words[-1] == ",":
        words.pop()
    text, joint, last = " ".join(words).rpartition(" as well as ")
    if joint and " to " in text:
        # `psychological assistance to all as well as housing for two victims`
        words = last.split()
    is_clause = any(each in ";:" for each in words)
    return spaced(words) if len(words) <= MAX_GIVEN and not is_clause else ""


def _coordinated(tokens: Sequence[Token], start: int, verb: int) -> tuple[int, list[str]]:
    """The first of the verbs that share the object, and the base forms of all."""
    last = verb_at(tokens, verb)
    assert last is not None
    first, bases, at = verb, [last[0]], verb - 1
    while at > start:
        before, word = words_at(tokens, at - 1, at + 1)
        if word in ADVERBS or word.endswith("ly"):
            at -= 1
            continue
        if before == "," and at - 2 >= start:
            before, at = word_at(tokens, at - 2), at - 1
        joins = word in {"and", "or", "nor"} or (word == "," and len(bases) > 1)
        base, kind = VERBS.get(before, ("", ""))
        if not joins or kind != last[1] or at - 1 < start:
            break
        bases.insert(0, base)
        first, at = at - 1, at - 2
    return first, bases


def predicate_after(
    tokens: Sequence[Token], start: int, end: int, is_strict: bool = False
) -> Predicate | None:
    """The predicate whose subject stands before `start`: `were identified`, `received shelter`."""
    is_passive = is_relative = False
    passed = EXPLOITATION | EXPLOITATION_MODIFIERS | {"of", "from", "the", "in"}
    for at in range(start, end):
        before, word = words_at(tokens, at - 1, at + 1)
        if word in BE:
            is_passive = True
        elif word in {"who", "that", "whom", "which"}:
            is_relative = is_relative or at == start or before != "of"
        elif word in HAVE or word in ADVERBS or word.endswith("ly"):
            continue
        elif word in VERBS:
            kind = VERBS[word][1]
            if kind != "past" and (kind != "gerund" or is_passive):
                return None
            found = _predicate_at(tokens, at, end, is_passive)
            if before in MANNER and " and " not in found.participle:
                found = replace(found, participle=f"{before} {found.participle}")
            is_active = found.base in ACTIVE and kind == "past"
            return replace(with_shelter(found), is_finite=is_passive or is_relative or is_active)
        elif (
            (is_passive and word not in NOUNS)
            or is_strict
            or at - start > MAX_PASSED
            or not (word in passed or tokens[at].is_capitalised)
        ):
            return None
    return None


def _predicate_at(tokens: Sequence[Token], at: int, end: int, is_passive: bool) -> Predicate:
    """The predicate of a verb at a place, with those that follow it in a list."""
    base, kind = VERBS[tokens[at].lower]
    bases, last = [base], at
    while last + 2 < end and tokens[last + 1].lower in {"and", "or", ","}:
        step = 3 if words_at(tokens, last + 1, last + 3) == [",", "and"] else 2
        following = VERBS.get(word_at(tokens, last + step), ("", ""))
        if following[1] != kind:
            break
        bases.append(following[0])
        last += step
    found = replace(_of_verbs(bases), base=base)
    if base in {"go", "miss"}:
        return Predicate(base, "going missing" if base == "go" else "missing", "other")
    if not is_passive and base in ACTIVE:
        thing = object_after(tokens, last + 1, end)
        own = "assisted" if base in {"receive", "accept", "benefit", "enter"} else found.stage
        stages = (STAGES_OF_THINGS[each] for each in thing.split() if each in STAGES_OF_THINGS)
        return replace(found, thing=thing, stage=next(stages, own))
    thing, after = second_object(tokens, last + 1) if base in GIVING else ("", last + 1)
    return _with_complement(found, thing, complement_at(tokens, after))
