"""Words of the grammar: what reports on trafficking count, do, and say, in general English."""

import tomllib
from functools import cache
from os.path import dirname, join
from typing import Any

from tipgraph.files import read_text

_WORDS: dict[str, Any] = tomllib.loads(read_text(join(dirname(__file__), "words.toml")))
VOWELS = "aeiou"


def word_list(name: str) -> list[str]:
    """Return the words of a list of `words.toml`, in its order."""
    words: str = _WORDS[name]
    return words.split()


def word_set(name: str) -> set[str]:
    """Return the words of a list."""
    return set(word_list(name))


def word_phrases(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of a list of `words.toml`, each as its words."""
    return tuple(tuple(each.split()) for each in _WORDS[name])


def word_table(name: str) -> dict[str, str]:
    """Return a table of `words.toml`; a word alone stands for itself."""
    found = (each.partition(":") for each in word_list(name))
    return {word: other or word for word, _, other in found}


def _by_word(name: str) -> dict[str, str]:
    """Return the name of the list that each word of several lists is in."""
    return {word: key for key, words in _WORDS[name].items() for word in words.split()}


def _third_person(base: str) -> str:
    """Return the present of a verb, or the plural of a noun."""
    if base.endswith("y") and base[-2] not in VOWELS:
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s")


def _forms(base: str) -> dict[str, str]:
    """Return the regular forms of a verb, each with its kind."""
    stem = base[:-1] if base.endswith("e") else base
    y = base[:-1] + "i" if base.endswith("y") and base[-2] not in VOWELS else stem
    return {base: "base", y + "ed": "past", stem + "ing": "gerund", _third_person(base): "present"}


def _plurals(name: str) -> dict[str, str]:
    """Return the plural of each noun of a table; that of a word alone is regular."""
    found = (each.partition(":") for each in word_list(name))
    return {word: plural or _third_person(word) for word, _, plural in found}


def _parts(name: str) -> dict[str, tuple[str, str]]:
    """Return the part that each wording of a table names, and its axis."""
    return {
        wording: (part or wording, axis)
        for axis, wordings in _WORDS[name].items()
        for wording, _, part in (each.partition(": ") for each in wordings)
    }


# ── Who and what is counted ─────────────────────────────────────────────────────────────────────

PERSONS = _plurals("persons")
PLACES = word_set("places")
PLURALS = PERSONS | _plurals("things")
NOUNS = {**{word: word for word in PLURALS.values()}, **PLURALS}
NOUNS |= {word.lower(): plural for word, plural in NOUNS.items()}
PERSON_NOUNS = set(PERSONS) | set(PERSONS.values())
# The part that a noun is, and its axis.
SELF_PARTS = _parts("self_parts")

# ── Parts ───────────────────────────────────────────────────────────────────────────────────────

NAMED_PARTS = _parts("named_parts")
SAME_PARTS: dict[str, str] = {
    wording: part for part, wordings in _WORDS["same_parts"].items() for wording in wordings
}
EXPLOITATION = word_set("exploitation")
EXPLOITATION_MODIFIERS = word_set("exploitation_modifiers")
PRESUMED = word_set("presumed")

# ── Verbs ───────────────────────────────────────────────────────────────────────────────────────

_STAGES = _by_word("stages")
_PASTS = word_table("pasts")
GIVING = word_set("giving")
ACTIVE = word_set("active")
# Each form of a verb with its base and kind.
VERBS = {form: (base, kind) for base in _STAGES for form, kind in _forms(base).items()}
VERBS |= {
    form: (base, "gerund" if form.endswith("ing") else "past") for form, base in _PASTS.items()
}
_PARTICIPLES = {base: form for form, base in _PASTS.items() if VERBS[form][1] == "past"}
# Forms that are nouns more often: verbs only after `reported`, `not`, `to` and the like.
VERB_NOUNS = {word: VERBS.pop(word) for word in word_list("nouns_not_verbs") if word in VERBS}
PAST_VERBS = {form for form, (_, kind) in VERBS.items() if kind == "past"}
FINITE_VERBS = {form for form, (_, kind) in VERBS.items() if kind in {"past", "present"}}


def participle(base: str) -> str:
    """Return the word for what was done to those counted, or for what they did."""
    if base in _WORDS["participles"]:
        return str(_WORDS["participles"][base])
    kind = "gerund" if base in ACTIVE - {"return", "request", "file"} else "past"
    regular = next(form for form, each in _forms(base).items() if each == kind)
    return _PARTICIPLES.get(base, regular) if kind == "past" else regular


def stage(base: str) -> str:
    return _STAGES[base]


def misspelt(word: str) -> str:
    """The form of a verb that a word is a typing error of; empty if it is none."""
    if len(word) < 7 or not word.endswith(("ed", "d", "ing")) or word in VERBS or word in SPEECH:
        return ""
    shorter = {word[:at] + word[at + 1 :] for at in range(1, len(word))}
    swapped = {
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)
    }
    for form in sorted(shorter | swapped):
        if form in VERBS and len(form) > 6:
            return form
    return _one_letter_missing().get(word, "")


@cache
def _one_letter_missing() -> dict[str, str]:
    """Each form of a verb by what is left of it without one letter."""
    return {
        form[:at] + form[at + 1 :]: form
        for form in sorted(VERBS)
        if len(form) > 7
        for at in range(1, len(form))
        if form[:at] + form[at + 1 :] not in VERBS
    }


BE = word_set("be")
HAVE = {"had", "has", "have", "having"}
AUXILIARIES = BE | HAVE | {"did", "do", "does", "would", "could", "may", "might", "will", "can"}
NOT = {"not", "never", "n't"}

# ── Speaking ────────────────────────────────────────────────────────────────────────────────────

_ACTS = _plurals("acts")
SPEECH = {form: (act, kind) for base, act in _ACTS.items() for form, kind in _forms(base).items()}
SPEECH |= {form: (_ACTS[base], "past") for form, base in word_table("spoken_pasts").items()}
# Forms that are nouns more often: verbs of speech only after `continued to`.
SPOKEN_NOUNS = {word: SPEECH.pop(word) for word in word_list("nouns_not_speech") if word in SPEECH}
PAST_SPEECH = {form for form, (_, kind) in SPEECH.items() if kind == "past"}

# ── Numbers, money and time ─────────────────────────────────────────────────────────────────────

QUALIFIERS = {
    tuple(words.split()): text or words
    for words, _, text in (each.partition(": ") for each in _WORDS["qualifiers"])
}
MONTHS = word_list("months")
CURRENCY_SIGNS = word_table("currency_signs")
CURRENCY_WORDS = word_table("currency_words")
CURRENCY_CODES = {*CURRENCY_WORDS.values(), *CURRENCY_SIGNS.values(), *word_list("currency_codes")}
SPENDING = _by_word("spending")
DURATION_UNITS = word_set("duration_units")


def _spending_verbs() -> dict[str, str]:
    """The base of a verb of spending by its form."""
    forms = word_table("spending_pasts")
    for base in SPENDING:
        stem = base[:-1] if base.endswith("e") else base
        for form in (base, base + "s", stem + "ed", stem + "ing"):
            forms.setdefault(form, base)
    return {form: base for form, base in forms.items() if form not in word_set("spending_nouns")}


SPENDING_VERBS = _spending_verbs()

# The country of each adjective, and of the plural that is a noun.
DEMONYMS = dict(each.split(": ") for each in _WORDS["demonyms"])
COUNTRY_NAMES = set(DEMONYMS.values())
