"""Durations of what victims may have: reflection periods, permits, shelter, and their renewal."""

from collections.abc import Iterator

from tipgraph_draft.document import Finding, Sentence
from tipgraph_draft.numerals import DURATION, Numeral
from tipgraph_draft.phrases import qualifier_before
from tipgraph_draft.tokens import HYPHENS, spaced
from tipgraph_draft.words import DURATION_UNITS, word_set

BENEFITS = word_set("benefits")
# Nouns that end the name of what is granted.
HEADS = {"period", "periods", "permit", "permits", "visa", "visas"}
NOT_GRANTED = word_set("entitlements_not_granted")
FORMS = {"day", "week", "month", "year", "hour", "minute", "decade"}
WORDED = {"permanent": "permanent"} | dict.fromkeys(
    ("indefinite", "indefinitely", "unlimited"), "indefinite"
)
# Words at which the name of a benefit ends, before it begins, and between it and how long it lasts.
BENEFIT_END = word_set("benefit_end")
BEFORE_BENEFIT = word_set("before_benefit")
LASTING = word_set("lasting")
RENEWED = {"renewable", "renewed", "renew", "renewal"}
EXTENDED = {"extendable", "extended", "extend"}
MAX_BENEFIT, MAX_BACK = 8, 15


def read_durations(sentence: Sentence) -> list[Finding]:
    """The durations of entitlements in a sentence, and those in words such as permanent."""
    numbered = [*_in_numbers(sentence)]
    return [*numbered, *_in_words(sentence, {each.indicator for each in numbered})]


def _in_numbers(sentence: Sentence) -> Iterator[Finding]:
    for numeral in sentence.numerals:
        kind = numeral.kind
        if kind.name != DURATION or numeral.value is None or kind.reason:
            continue
        at, unit = _unit(sentence, numeral)
        is_benefit = bool(BENEFITS & {*sentence.word_list(at, at + 4)})
        if not unit or (unit in {"hours", "minutes"} and not is_benefit):
            continue
        benefit = _benefit(sentence, numeral.first, at)
        if not benefit or benefit == "period":
            continue
        words = benefit.split()
        following = sentence.word_list(at + 1, at + 3)
        leads = words[0].rstrip(",").lower() in following[: 2 if following[0] == "of" else 1]
        first, qualifier = qualifier_before(sentence.tokens, numeral.first)
        yield Finding(
            kind="duration",
            sentence=sentence,
            first=first,
            last=min(at + len(words), len(sentence.tokens) - 1) if leads else at,
            place=numeral.start,
            value=numeral.value,
            unit=unit,
            indicator=benefit,
            qualifier=qualifier,
            note=_renewal(sentence, at),
            rules=["duration"],
        )


def _in_words(sentence: Sentence, known: set[str]) -> Iterator[Finding]:
    """`permanent residency`, `permits for indefinite lengths`, if their length is not known."""
    for at, token in enumerate(sentence.tokens):
        unit = WORDED.get(token.lower, "")
        before = sentence.word_list(at - 9, at) if unit == "indefinite" else []
        near = [*sentence.word_list(at + 1, at + 4), *reversed(before)] if unit else []
        benefit = next((each for each in near if each in BENEFITS), "")
        if benefit and not any(benefit in each.split() for each in known):
            yield Finding(
                kind="duration",
                sentence=sentence,
                first=max(at - 1, 0),
                last=min(at + 2, len(sentence.tokens) - 1),
                place=token.start,
                unit=unit,
                indicator=f"{unit} {benefit}",
                rules=["duration-in-words"],
            )


def _unit(sentence: Sentence, numeral: Numeral) -> tuple[int, str]:
    """The place of the unit and its plural."""
    word, at = numeral.rest.split("-")[0], numeral.last
    if not word:
        at += 2 if sentence.word(at + 1) in {*HYPHENS} else 1
        while at < numeral.last + 4 and sentence.word(at).split("-")[0] not in DURATION_UNITS:
            at += 1
        word = sentence.word(at).split("-")[0]
    base = word.rstrip("s")
    return at, f"{base}s" if base in FORMS else ""


def _benefit(sentence: Sentence, first: int, unit: int) -> str:
    """Return what lasts so long: the words after it, else those before."""
    words: list[str] = []
    end = 0
    at = unit + (2 if sentence.word(unit + 1) == "of" else 1)
    for token in sentence.tokens[at : at + MAX_BENEFIT]:
        if token.lower in NOT_GRANTED and not words:
            return ""
        is_mark = not token.is_word and (
            token.text not in {",", "-"} or (token.text == "," and end)
        )
        if is_mark or token.lower in BENEFIT_END:
            break
        words.append(token.text)
        end = len(words) if token.lower in BENEFITS else end
        if token.lower in HEADS:
            break
    if end:
        return spaced(words[:end])
    if {each.lower() for each in words} & NOT_GRANTED:
        return ""
    return _benefit_before(sentence, first)


def _benefit_before(sentence: Sentence, first: int) -> str:
    """`permits valid for six months`, `shelter for up to 90 days`."""
    ends = NOT_GRANTED | {";"} | BENEFITS
    back = range(first - 1, max(-1, first - MAX_BACK - 1), -1)
    found = next((at for at in back if sentence.word(at) in ends), None)
    if found is None or sentence.word(found) not in BENEFITS:
        return ""
    if not LASTING & {*sentence.word_list(found, first)}:
        return ""
    start = found
    while start > 0 and found - start < 4 and sentence.tokens[start - 1].is_word:
        if sentence.word(start - 1) in BEFORE_BENEFIT:
            break
        start -= 1
    return spaced([each.text for each in sentence.tokens[start : found + 1]])


def _renewal(sentence: Sentence, at: int) -> str:
    near = sentence.word_list(max(0, at - 8), min(at + 22, len(sentence.tokens)))
    word = next((each for each in near if each in RENEWED | EXTENDED), "")
    return "renewable" if word in RENEWED else "may be extended" if word else ""
