"""Words of the grammar: what reports on trafficking count, do, and say, in general English."""

import csv
import tomllib
from functools import cache
from os.path import dirname, join
from typing import Any

from tipgraph.files import read_text

DEMONYMS = join(dirname(__file__), "demonyms.csv")
_WORDS: dict[str, Any] = tomllib.loads(read_text(join(dirname(__file__), "words.toml")))


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
    """Return a table of `words.toml`."""
    table: dict[str, str] = _WORDS[name]
    return table


def word_pairs(name: str) -> dict[str, tuple[str, str]]:
    """Return a table with two words for each."""
    return {key: (first, second) for key, (first, second) in _WORDS[name].items()}


# ── Who and what is counted ─────────────────────────────────────────────────────────────────────

PERSONS = word_table("persons")
THINGS = word_table("things")
FOUNDING = word_set("founding")
PLACES = word_set("places")
PLURALS = PERSONS | THINGS
NOUNS = {**{word: word for word in PLURALS.values()}, **PLURALS}
NOUNS |= {word.lower(): plural for word, plural in NOUNS.items()}
PERSON_NOUNS = set(PERSONS) | set(PERSONS.values())
SELF_PARTS = word_pairs("self_parts")

# ── Parts ───────────────────────────────────────────────────────────────────────────────────────

SEX_WORDS = word_table("sex_words")
AGE_WORDS = word_table("age_words")
SEX_AND_AGE = word_table("sex_and_age")
FOREIGN = {"foreign": "foreign", "domestic": "domestic", "local": "local"}
EXPLOITATION = word_set("exploitation")
EXPLOITATION_MODIFIERS = word_set("exploitation_modifiers")
STATUS_WORDS = word_set("status_words")
PRESUMED = word_set("presumed")

# ── Verbs ───────────────────────────────────────────────────────────────────────────────────────

_STAGES = word_pairs("stages")
_PASTS = word_table("pasts")
GIVING = word_set("giving")
ACTIVE = word_set("active")


def _forms(base: str) -> dict[str, str]:
    """The regular forms of a verb, each with its kind."""
    stem = base[:-1] if base.endswith("e") else base
    y = base[:-1] + "i" if base.endswith("y") and base[-2] not in "aeiou" else stem
    return {
        base: "base",
        y + "ed": "past",
        stem + "ing": "gerund",
        (y + "es") if y != stem or base.endswith(("s", "sh", "ch", "x")) else base + "s": "present",
    }


VERBS: dict[str, tuple[str, str]] = {}
for _base in _STAGES:
    for _form, _kind in _forms(_base.strip()).items():
        VERBS[_form] = (_base, _kind)
for _form, _base in _PASTS.items():
    VERBS[_form] = (_base, "gerund" if _form.endswith("ing") else "past")
VERBS["recognised"] = ("recognize", "past")
# Forms that are nouns more often: verbs only after `reported`, `not`, `to` and the like.
VERB_NOUNS: dict[str, tuple[str, str]] = {}


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


# Words that are nouns far more often than verbs where a figure stands.
for _word in word_list("nouns_not_verbs"):
    if _word in VERBS:
        VERB_NOUNS[_word] = VERBS.pop(_word)


PAST_VERBS = {form for form, (_, kind) in VERBS.items() if kind == "past"}
FINITE_VERBS = {form for form, (_, kind) in VERBS.items() if kind in {"past", "present"}}


def participle(base: str) -> str:
    return _STAGES[base][0]


def stage(base: str) -> str:
    return _STAGES[base][1]


BE = word_set("be")
HAVE = {"had", "has", "have", "having"}
AUXILIARIES = BE | HAVE | {"did", "do", "does", "would", "could", "may", "might", "will", "can"}
NOT = {"not", "never", "n't"}

# ── Speaking ────────────────────────────────────────────────────────────────────────────────────

_ACTS = word_table("acts")
_SPOKEN_PASTS = {"said": "say", "thought": "think", "found": "find", "denied": "deny",
                 "admitted": "admit"}  # fmt: skip
# Forms that are nouns more often: verbs of speech only after `continued to`.
SPOKEN_NOUNS: dict[str, tuple[str, str]] = {}
SPEECH: dict[str, tuple[str, str]] = {}
for _base, _act in _ACTS.items():
    for _form, _kind in _forms(_base.strip()).items():
        SPEECH[_form] = (_act, _kind)
for _form, _base in _SPOKEN_PASTS.items():
    SPEECH[_form] = (_ACTS[_base], "past")
for _word in word_list("nouns_not_speech"):
    if _word in SPEECH:
        SPOKEN_NOUNS[_word] = SPEECH.pop(_word)
PAST_SPEECH = {form for form, (_, kind) in SPEECH.items() if kind == "past"}
CONCERN = word_set("concern")
HEDGES = word_set("hedges")
UNNAMED_HEDGES = {"reportedly", "allegedly", "purportedly"}

QUALIFIERS = {tuple(key.split()): value for key, value in word_table("qualifiers").items()}

MONTHS = word_list("months")

CURRENCY_SIGNS = word_table("currency_signs")
CURRENCY_WORDS = word_table("currency_words")
CURRENCY_OF = {tuple(key.split()): value for key, value in word_table("currency_of").items()}
CURRENCY_CODES = set(CURRENCY_WORDS.values()) | set(CURRENCY_SIGNS.values()) | {
    "DKK", "ISK", "MXN", "ARS", "CLP", "COP", "CAD", "AUD", "NZD", "XOF", "XAF", "MDL", "BAM",
    "UGX", "TZS", "PKR", "MAD", "DZD", "TND", "EGP", "QAR", "KWD", "OMR", "BHD", "HKD", "TWD",
}  # fmt: skip

MONEY_NOUNS = word_set("money_nouns")
COMPENSATION = word_set("compensation")
TARGET = word_set("target")
TARGET_END = word_set("target_end")
SPENDING = word_table("spending")
_SPENDING_PASTS = word_table("spending_pasts")


def _spending_verbs() -> dict[str, str]:
    """The base of a verb of spending by its form."""
    forms: dict[str, str] = dict(_SPENDING_PASTS)
    for base in SPENDING:
        stem = base[:-1] if base.endswith("e") else base
        for form in (base, base + "s", stem + "ed", stem + "ing"):
            forms.setdefault(form, base)
    for noun in ("fine", "grant", "grants", "funds", "award", "awards", "costs", "totals",
        "support",
                 "budget", "supports", "orders", "order", "fund", "cost", "transfer",
                 "offer"):  # fmt: skip
        forms.pop(noun, None)
    return forms


SPENDING_VERBS = _spending_verbs()

BENEFITS = word_set("benefits")

DURATION_UNITS = word_set("duration_units")
REFERENCE_WORDS = word_set("reference_words")
REFERENCE_AFTER = word_set("reference_after")


@cache
def demonyms() -> dict[str, str]:
    """The country by its adjective, in the source's American English."""
    with open(DEMONYMS, encoding="utf-8", newline="") as file:
        return dict(csv.reader(file))


@cache
def country_names() -> set[str]:
    return set(demonyms().values())
