"""Amounts of money: with conversion and period, who gives them, to whom, and for what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tipgraph_draft.document import Finding, Sentence
from tipgraph_draft.grammar.subjects import actor_of, agent_after
from tipgraph_draft.numerals import CONVERTED, MONEY, NOT_UNDERSTOOD, SMALL, NumberClass, Numeral
from tipgraph_draft.periods import NOT_STATED, Period
from tipgraph_draft.phrases import qualifier_before
from tipgraph_draft.tokens import place_of, spaced, without_ends
from tipgraph_draft.words import (
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    NOUNS,
    PERSON_NOUNS,
    SPENDING,
    SPENDING_VERBS,
    word_phrases,
    word_set,
)

# Words after which an earlier amount follows, and words of a change: after one, `from` does.
PRIOR_MARKS = [" ".join(each) for each in word_phrases("earlier_prior_marks") if each != ("from",)]
CHANGE = word_set("earlier_change")
SHARED_CELLS = "indicator", "stage", "part", "axis", "counted_by", "recipient", "speaker", "act"
# Words between two earlier amounts.
BETWEEN = {",", "and", ")", "in", "approximately", "at", "least"}
# A period that stands so far in front leads the sentence.
LEADING_WORDS = 4
MONEY_NOUNS = word_set("money_nouns")
COMPENSATION = word_set("compensation")
TARGET = word_set("target")
TARGET_END = word_set("target_end")
EACH, NO_NOUN = "each", "amount"
# Currencies of several countries have this name.
SHARED_CURRENCIES = word_set("amounts_shared_currencies")
TOTALS = {"totaling", "totalling", "totaled"}
# Forms that are nouns, but for after these.
NOUN_FORMS = {"funding", "spending"}
VERB_BEFORE_NOUN_FORM = {"reported", "including", "continued"}
BEFORE_INFINITIVE = {"to", "not", "would", "could", "must"}
# Verbs by which somebody awards compensation, and by which victims get it.
AWARDING, RECEIVING = {"award", "grant", "order", "pay"}, {"receive", "obtain"}
NOUNS_ALONE = word_set("nouns_alone")
# Nouns that stand after an amount.
NOUNS_AFTER = {"stipend", "stipends", "allowance", "grant", "payment", "budget", "benefit"}
NOT_OF_NOUN = word_set("nouns_not_of_noun")
# Verbs between what the money is and the amount.
SUMS = {"amounted", "stood", "reached", "totaled", "totalled"}
# Words between a purpose and its amount: `budget for shelters amounted to €500`.
AROUND_AMOUNTS = word_set("around_amounts") | SUMS
PURPOSES = word_set("recipients_purposes")
# `each year` is no recipient.
TIMES = {"year", "month", "day"}
PER = word_set("recipients_per")
MAX_TARGET, MAX_TARGET_BEFORE = 16, 12
# Words that no target ends with.
OPEN_ENDS = word_set("target_open_ends")
OF_AMOUNT = word_set("targets_of_amount")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of money: its numeral, and its tokens with those of the currency."""

    numeral: Numeral
    first: int
    last: int
    unit: str
    is_converted: bool


def amounts_of(sentence: Sentence) -> list[Amount]:
    """The amounts of a sentence in order."""
    return [
        Amount(each, *_extent(sentence, each), each.kind.unit, each.kind.name == CONVERTED)
        for each in sentence.numerals
        if each.kind.name in (MONEY, CONVERTED) and each.value is not None
    ]


def _extent(sentence: Sentence, numeral: Numeral) -> tuple[int, int]:
    """The tokens of a number of money with its currency."""
    tokens, first, last = sentence.tokens, numeral.first, numeral.last
    names = CURRENCY_CODES | CURRENCY_SIGNS.keys()
    if first and tokens[first - 1].text in names:
        first -= 1
    for at in range(last + 1, min(last + 4, len(tokens))):
        if tokens[at].lower in CURRENCY_WORDS or tokens[at].text in names:
            return first, at
        if not tokens[at].is_capitalised:
            break
    return first, last


def texts(sentence: Sentence, first: int, end: int) -> list[str]:
    """The words from a place to another as they are written."""
    return [each.text for each in sentence.tokens[first:end]]


def read_money(sentence: Sentence, edition_year: int | None) -> list[Finding]:
    """The amounts of a sentence in order."""
    findings = _findings(sentence, amounts_of(sentence))
    _set_periods(sentence, findings, edition_year)
    for each in findings:
        each.speaker = each.speaker or "report"
        if each.converted and each.host is not None:
            # The conversion of an earlier amount is compared with that of the current one.
            at = findings.index(each.host)
            twin = findings[at + 1]
            each.host = twin if twin.converted else each.host
    return findings


def _findings(sentence: Sentence, amounts: Sequence[Amount]) -> list[Finding]:
    """The amounts from left to right, each with what the one before it leaves unsaid."""
    findings: list[Finding] = []
    head: Finding | None = None
    original: Finding | None = None
    for order, amount in enumerate(amounts):
        if amount.is_converted and original is not None:
            findings.append(_converted(sentence, original, amount))
            continue
        if _is_range(sentence, amounts[order:], head):
            for each in amounts[order:]:
                each.numeral.kind = NumberClass(NOT_UNDERSTOOD, "a range, or a change")
            break
        original = _amount(sentence, amounts, order, head, original)
        findings.append(original)
        head = head if original.prior else original
    return findings


def _amount(
    sentence: Sentence,
    amounts: Sequence[Amount],
    order: int,
    head: Finding | None,
    original: Finding | None,
) -> Finding:
    """An amount; `head` is the current one before it, and `original` the last one."""
    amount, later = amounts[order], amounts[order + 1 :]
    previous = amounts[order - 1].numeral.last + 1 if order else 0
    others = (each.first for each in later if not each.is_converted)
    following = next(others, len(sentence.tokens))
    finding = _plain(sentence, amount)
    if head is not None and _is_earlier(sentence, original, previous, amount.first):
        # It is for the same as the current one before it.
        for name in SHARED_CELLS:
            setattr(finding, name, getattr(head, name))
        finding.prior, finding.host, finding.rules = True, head, ["earlier-amount"]
        if sentence.word(finding.last) in SHARED_CURRENCIES:
            # `24.5 million Mexican pesos, compared with 20 million pesos`
            finding.unit = head.unit
    else:
        describe(sentence, finding, amount, previous, following, head)
    _date(sentence, finding, previous, amount, following)
    if amount.last == amount.numeral.last + 1 and sentence.word(amount.last) in SHARED_CURRENCIES:
        finding.doubts.append("currency: several countries' has this name")
    if is_each(sentence, amount.first if finding.prior else previous, amount, following):
        finding.part, finding.axis = EACH, "total"
        finding.rules.append("each")
    return finding


def _is_range(sentence: Sentence, amounts: Sequence[Amount], head: Finding | None) -> bool:
    """Return whether amounts are `from €5 to €9` or `between €5 and €9`, which a person reads."""
    first, before = amounts[0].first, sentence.word(amounts[0].first - 1)
    lower = next((each for each in sentence.numerals if each.last == first - 2), None)
    if lower and before in {"to", "and"}:
        # `between 2 and 3 million pesos`, where the lower end has no currency.
        return sentence.word(lower.first - 1) in {"from", "between"}
    joint = {"from": "to" if head is None else None, "between": "and"}.get(before)
    return any(sentence.word(each.first - 1) == joint for each in amounts[1:])


def _plain(sentence: Sentence, amount: Amount) -> Finding:
    """Return what an amount says without the words around it."""
    start, qualifier = qualifier_before(sentence.tokens, amount.first)
    return Finding(
        kind="amount",
        sentence=sentence,
        first=start,
        last=amount.last,
        place=amount.numeral.start,
        value=amount.numeral.value,
        unit=amount.unit,
        qualifier=qualifier,
        stage="funded",
        rules=["amount"],
    )


def _converted(sentence: Sentence, original: Finding, amount: Amount) -> Finding:
    """The conversion of an amount."""
    own = _plain(sentence, amount)
    return replace(
        original, first=own.first, last=own.last, place=own.place, value=own.value, unit=own.unit,
        qualifier=own.qualifier or original.qualifier, converted=True, rules=["conversion"],
        doubts=[],
    )  # fmt: skip


# ── Earlier amounts ─────────────────────────────────────────────────────────────────────────────


def _is_earlier(sentence: Sentence, original: Finding | None, start: int, first: int) -> bool:
    """Return whether an amount is an earlier one: `compared with €5`, `and €12,000 in 2018`."""
    words = sentence.word_list(start, first)
    continues = all(each in BETWEEN or each[:1].isdigit() for each in words)
    if original is not None and original.prior and continues:
        return True
    text = f" {' '.join(words)} "
    if ";" in words:
        return False
    # After words of a change, `from` alone is a mark, too.
    is_change = "from" in words[-3:] and CHANGE & {*sentence.word_list(first - 10, first)}
    return bool(is_change) or any(f" {each} " in text for each in PRIOR_MARKS)


# ── Periods ─────────────────────────────────────────────────────────────────────────────────────


def _date(
    sentence: Sentence, finding: Finding, previous: int, amount: Amount, following: int
) -> None:
    """Give an amount the period that the words around it state."""
    # The last period before the first amount; for later ones, that which leads the sentence.
    end = min(LEADING_WORDS, amount.first) if previous else amount.first
    leading = [each for each in sentence.periods if each.first < end and not finding.prior]
    period = _period_after(sentence, amount.last, following) or (leading[-1] if leading else None)
    if period is not None and not period.is_earlier:
        finding.period = period.text


def _period_after(sentence: Sentence, last: int, end: int) -> Period | None:
    """The first period after an amount, unless an earlier amount or another clause begins."""
    period = next((each for each in sentence.periods if last < each.first < end), None)
    if period is None:
        return None
    words = sentence.word_list(last + 1, period.first + 1)
    is_change = any(
        first in {"up", "down", "increase", "decrease"} and second == "from"
        for first, second in pairwise(words)
    )
    return None if is_change or {";", "compared", "while", "same"} & {*words} else period


def _set_periods(sentence: Sentence, findings: list[Finding], edition_year: int | None) -> None:
    """Share the year of a list of amounts, and imply one from a comparison."""
    _share_current(sentence, findings)
    _imply(findings, edition_year)
    for at, finding in enumerate(findings):
        if finding.converted and at:
            original = findings[at - 1]
            finding.period, finding.period_from = original.period, original.period_from
        finding.period = finding.period or NOT_STATED


def _imply(findings: list[Finding], edition_year: int | None) -> None:
    """Give amounts the year after that of the earlier ones; a sentence has one current year."""
    undated = [each for each in findings if not each.period and not each.prior]
    for finding in undated:
        years = [
            int(each.period)
            for each in findings
            if each.prior and each.period.isdigit() and (each.host is finding or finding.converted)
        ]
        if years and (edition_year is None or max(years) + 1 <= edition_year):
            finding.period, finding.period_from = str(max(years) + 1), "assumed"
    implied = next((each.period for each in findings if each.period_from == "assumed"), "")
    for finding in undated:
        if implied and not finding.period:
            finding.period, finding.period_from = implied, "assumed"


def _share_current(sentence: Sentence, findings: list[Finding]) -> None:
    """Give the year at the end of `€5 to shelters and €7 to a hotline in 2020` to both."""
    current = [each for each in findings if not each.prior and not each.converted]
    for finding, following in reversed([*pairwise(current)]):
        between = {*sentence.word_list(finding.last, following.first)}
        ends = any(
            each.first > following.last and each.text == following.period
            for each in sentence.periods
        )
        if not finding.period and ends and "and" in between and not between & {";", "while"}:
            finding.period, finding.period_from = following.period, following.period_from


# ── The words around an amount ──────────────────────────────────────────────────────────────────


def describe(
    sentence: Sentence,
    finding: Finding,
    amount: Amount,
    previous: int,
    following: int,
    head: Finding | None,
) -> None:
    """Fill the cells of a current amount; `head` is the current one before it.

    The words around an amount are those from place `previous` to place `following`.
    """
    first, last = finding.first, amount.last
    verb = _verb_before(sentence, previous, first)
    base = SPENDING_VERBS[sentence.word(verb)] if verb is not None else ""
    noun = _noun_before(sentence, verb, first, previous) or _noun_after(sentence, last)
    noun = noun or (NO_NOUN if verb is None else SPENDING[base])
    target = _target_after(sentence, last, following) or _target_before(sentence, verb, first)
    kind = _kind_after(sentence, last, following)
    before = {*sentence.word_list(previous, amount.first)}
    if verb is not None:
        finding.counted_by = subject_of(sentence, verb)
    elif head is not None and not {";", "while"} & before:
        finding.counted_by = head.counted_by
        finding.period, finding.period_from = head.period, head.period_from
    if base == "receive" or (base == "obtain" and not target.startswith("for ")):
        finding.recipient = recipient_of(finding.counted_by)
        finding.counted_by = agent_after(sentence.tokens, last + 1, following, "from")
        target = target if target.startswith("for ") else ""
        noun = kind or noun
        if finding.recipient:
            received = "" if noun.endswith("received") else " received"
            noun = f"{noun}{received} by {finding.recipient}"
    if kind in COMPENSATION and base not in RECEIVING:
        is_awarded = base in AWARDING and kind == "compensation"
        noun = f"{kind} awarded" if is_awarded else kind
    finding.indicator = f"{noun} {target}".strip()
    if head is not None and verb is None and noun == NO_NOUN:
        noun_before = head.indicator.split()[0] if head.indicator else noun
        finding.indicator = f"{noun_before} {target}" if target else head.indicator
    if head is not None and target and _is_included(sentence, previous, first):
        finding.part, finding.axis = target.partition(" ")[2], "other"
        finding.indicator, finding.rules = head.indicator, ["amount-part"]
    words = set(finding.indicator.split())
    if COMPENSATION & words or (base == "award" and {"victims", "victim"} & words):
        finding.stage = "compensated"
    to = target if target.startswith("to ") else _target_before(sentence, verb, first)
    if to.startswith("to ") and not finding.recipient:
        finding.recipient = recipient_of(to)
        if to != target and target.startswith("for ") and noun not in {"award", "compensation"}:
            finding.indicator = f"{noun} {to} {target}"


def _is_included(sentence: Sentence, start: int, end: int) -> bool:
    """Return whether an amount is a part of the one before it: `, of which €5 was for shelters`."""
    after_of = {"which", "approximately", "€", "$"}
    return any(
        sentence.word(at) == "including"
        or (sentence.word(at) == "of" and sentence.word(at + 1) in after_of)
        for at in range(start, end)
    )


# ── Who gives it ────────────────────────────────────────────────────────────────────────────────


def _verb_before(sentence: Sentence, start: int, end: int) -> int | None:
    """The verb of an amount; of `ordered traffickers to pay`, the first."""
    for at in range(end - 1, start - 1, -1):
        word = sentence.word(at)
        if word == ";":
            return None
        if word in SPENDING_VERBS and _is_verb(sentence, start, at):
            back = range(at - 1, start - 1, -1) if word == "pay" else ()
            return next((each for each in back if sentence.word(each) == "ordered"), at)
    return None


def _is_verb(sentence: Sentence, start: int, at: int) -> bool:
    """Return whether a form of a verb of spending is no noun, and no second verb of a sum."""
    word, before = sentence.word(at), sentence.word(at - 1)
    if word in TOTALS and SPENDING_VERBS.keys() & {*sentence.word_list(start, at)}:
        return False
    if word in NOUN_FORMS and before not in VERB_BEFORE_NOUN_FORM:
        return False
    is_base = word == SPENDING_VERBS[word] and word != "set"
    return not is_base or before in BEFORE_INFINITIVE


def subject_of(sentence: Sentence, verb: int) -> str:
    """Return who does what a verb says; empty where it is passive."""
    return "" if sentence.word(verb - 1) in {"was", "were"} else actor_of(sentence.tokens, verb)


# ── What it is ──────────────────────────────────────────────────────────────────────────────────


def _noun_before(sentence: Sentence, verb: int | None, first: int, previous: int) -> str:
    least = max(previous - 1, first - 8, -1 if verb is None else verb)
    for at in range(first - 1, least, -1):
        if sentence.word(at) not in MONEY_NOUNS:
            continue
        start = at
        while start > previous and sentence.tokens[start - 1].is_word:
            # A word of the name of the money: `victim assistance budget`.
            if sentence.word(start - 1) in NOT_OF_NOUN | SPENDING_VERBS.keys():
                break
            start -= 1
        is_summed = bool(SUMS & {*sentence.word_list(at, first)})
        if start < at or is_summed or sentence.word(at) in NOUNS_ALONE:
            noun = spaced(texts(sentence, start, at + 1)) + _purpose(sentence, at, first)
            return noun if noun.isupper() else noun.lower()
    return ""


def _purpose(sentence: Sentence, noun: int, first: int) -> str:
    """Return what money is for, between its noun and the amount: `budget for shelters was €500`."""
    if sentence.word(noun + 1) not in {"to", "for"} or noun + 1 >= first - 1:
        return ""
    tokens = sentence.tokens[noun + 1 : first]
    words = [each.text for each in tokens if each.lower not in AROUND_AMOUNTS]
    purpose = spaced(without_ends(words, {"to"}))
    return purpose and f" {purpose}"


def _noun_after(sentence: Sentence, last: int) -> str:
    """`a €350 ($370) initial stipend`: the noun after an amount and its conversion."""
    at, end = last + 1, len(sentence.tokens)
    if sentence.word(at) == "(":
        at = min(place_of(sentence.tokens, {")"}, at) + 1, end)
    for index in range(at, min(at + 4, end)):
        if sentence.word(index) in NOUNS_AFTER:
            return spaced(texts(sentence, at, index + 1))
        if sentence.word(index) in TARGET | {"and", "of", "from"}:
            break
    return ""


def _kind_after(sentence: Sentence, last: int, end: int) -> str:
    """`€3,600 in compensation`: what the money is, in the words after it."""
    for at in range(last + 1, min(end, last + 12)):
        if sentence.word(at) == "in" and sentence.word(at + 1) in MONEY_NOUNS:
            return sentence.word(at + 1)
    return ""


# ── To whom, and for what ───────────────────────────────────────────────────────────────────────


def recipient_of(target: str) -> str:
    """Return who gets it: `NGOs` of `to NGOs for victim assistance`.

    `a shelter for male victims`.
    """
    words = target.removeprefix("to ").split()
    if len(words) > 1 and words[0] in PURPOSES:
        return ""
    if "for" in words:
        at = words.index("for")
        purpose = [each.lower().strip(",") for each in words[at + 1 :]]
        is_done = any(each.endswith("ing") for each in purpose)
        if not purpose or purpose[-1] not in PERSON_NOUNS or is_done:
            words = words[:at]
    text = " ".join(words)
    for prefix in ("each of the ", "each of ", "each ", "the "):
        text = text.removeprefix(prefix)
    first, _, rest = text.partition(" ")
    return rest if first.lower() in SMALL and rest else text


def is_each(sentence: Sentence, previous: int, amount: Amount, following: int) -> bool:
    """Return whether each gets an amount: `€500 per victim`, `gave each of two NGOs €500`.

    Those who get an earlier amount are not looked for before it, where `previous` is its place.
    """
    last = amount.last
    words = sentence.word_list(last + 1, min(following, last + 20))
    stops = (at for at, each in enumerate(words) if each in {";", "compared"})
    words = words[: next(stops, len(words))]
    for at, word in enumerate(words):
        if word == EACH:
            return not TIMES & {*words[at + 1 : at + 2]}
    if "per" in words[:-1]:
        return words[words.index("per") + 1] in PER
    before = range(max(previous, amount.first - 8), amount.first)
    return "apiece" in words or any(
        sentence.word(at) == EACH and sentence.word(at + 1) not in TIMES for at in before
    )


def _target_after(sentence: Sentence, last: int, end: int) -> str:
    for at in range(last + 1, end):
        word, following = sentence.word(at), sentence.word(at + 1)
        is_kind = following in MONEY_NOUNS and sentence.word(at + 2) in TARGET
        is_dated = any(each.first in (at + 1, at + 2) for each in sentence.periods)
        if word in TARGET and (word != "in" or is_kind):
            if found := _phrase(sentence, at, end):
                return found
        elif word in {";", "compared"} or (word == "," and not is_dated):
            break
    return ""


def _phrase(sentence: Sentence, at: int, end: int) -> str:
    """The words from a preposition to the end of what it leads to."""
    at += 2 if sentence.word(at) == "in" else 0
    words: list[str] = []
    while at < end and len(words) < MAX_TARGET:
        is_paren = (sentence.word(at), sentence.word(at + 2)) == ("(", ")")
        if words and is_paren and sentence.tokens[at + 1].text.isupper():
            # `the National Support Agency (NSA) program`
            at += 3
            continue
        is_each = len(words) == 1 and sentence.word(at) == EACH
        if not is_each and _ends_phrase(sentence, at, end, is_first=not words):
            break
        words.append(sentence.tokens[at].text)
        at += 1
    return _without_number(without_ends(words, OPEN_ENDS))


def _ends_phrase(sentence: Sentence, at: int, end: int, is_first: bool) -> bool:
    word, following = sentence.word(at), sentence.word(at + 1)
    if word == "and" and following in SPENDING_VERBS and not following.endswith("ing"):
        return True
    if is_first:
        return False
    if word == ",":
        # `to shelters, a hotline, and NGOs`
        words = {*sentence.word_list(at + 1, min(at + 7, end))}
        if "and" in words and not words & (SPENDING_VERBS.keys() | {"an", "compared"}):
            return False
    starts = {each.first for each in sentence.periods}
    leads = word in {"in", "for", "during", "from"} and starts & {at + 1, at + 2, at + 3}
    is_dated = leads and following in {"the", *(sentence.word(each) for each in starts)}
    return (word in TARGET_END and word != "an") or at in starts or bool(is_dated)


def _target_before(sentence: Sentence, verb: int | None, first: int) -> str:
    """`provided two NGOs €50,000`, `funded the shelter with €5,000`."""
    if verb is None:
        return ""
    words = texts(sentence, verb + 1, first)
    words = without_ends(words, OF_AMOUNT, {"the", "its", "their"})
    lower = [each.lower() for each in words]
    if not words or len(words) > MAX_TARGET_BEFORE or {";", "(", ")"} & {*words}:
        return ""
    if lower[0] in MONEY_NOUNS or (lower[0] in {"a", "an"} and MONEY_NOUNS & {*lower}):
        return ""
    if not NOUNS.keys() & {*lower} and not any(each[0].isupper() for each in words):
        return ""
    return spaced(words) if lower[0] in TARGET else _without_number(["to", *words])


def _without_number(words: list[str]) -> str:
    """`to six NGOs` is an amount to NGOs: how many is a count of its own."""
    if words[1:3] == ["each", "of"] and len(words) > 4 and _is_number(words[3]):
        return spaced([words[0], *words[4:]])
    at = 2 if words[1:2] and words[1].lower() in {"the", "its"} else 1
    if at < len(words) - 1 and words[1] != EACH and _is_number(words[at]):
        words = [*words[:1], *words[at + 1 :]]
    return spaced(words) if len(words) > 1 else ""


def _is_number(word: str) -> bool:
    return word.lower() in SMALL or word.isdigit()
