"""Amounts of money, with their conversion, period and the earlier amounts beside them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tipgraph.editions.draft.grammar.subjects import actor_text
from tipgraph.editions.draft.number_classes import CONVERTED, MONEY, NumberClass
from tipgraph.editions.draft.numerals import SMALL, Numeral
from tipgraph.editions.draft.periods import NOT_STATED, Period, periods
from tipgraph.editions.draft.reading import Finding
from tipgraph.editions.draft.tokens import Sentence, SentenceReader, spaced, without_ends
from tipgraph.editions.draft.words import (
    AUXILIARIES,
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    NOUNS,
    PAST_SPEECH,
    PERSON_NOUNS,
    QUALIFIERS,
    SPEECH,
    SPENDING,
    SPENDING_VERBS,
)

NO_NOUN = "amount"
MONEY_NOUNS = {"budget", "funding", "allocation", "grant", "grants", "stipend", "stipends",
    "allowance",
               "compensation", "restitution", "damages", "fine", "fines", "contribution", "fund",
               "subsidy", "payment", "payments", "aid", "award", "awards", "salary", "fee", "fees",
               "expenditures", "spending", "appropriation", "allotment", "donation", "cost",
               "costs",
               "assistance", "benefits", "wages", "support"}  # fmt: skip
COMPENSATION = {"compensation", "restitution", "damages"}
PRIOR_WORDS = (("compared", "with"), ("compared", "to"), ("up", "from"), ("down", "from"),
               ("increase", "from"), ("decrease", "from"), ("in", "comparison"), ("versus",),
               ("increased", "from"), ("decreased", "from"), ("decrease", "compared"), ("from",),
               ("increase", "over"), ("more", "than", "the"), ("less", "than", "the"),
               ("rise", "from"), ("drop", "from"), ("reduction", "from"), ("fewer", "than"),
               ("than", "the"),
               ("compares", "with"), ("compares", "to"), ("similar", "to"))  # fmt: skip
# Verbs after `to` that make a purpose of it, and no recipient.
PURPOSES = {"support", "assist", "provide", "fund", "improve", "help", "implement", "protect",
    "train", "house",
            "shelter", "cover", "combat", "prevent", "address", "strengthen", "operate",
            "establish", "ensure",
            "renovate", "build", "open", "conduct", "expand", "run", "maintain", "care", "pay",
            "develop"}  # fmt: skip
SHARED_CURRENCIES = {
    "kronor", "krona", "kroner", "krone", "peso", "pesos", "dinar", "dinars", "shilling",
    "shillings", "franc",
    "francs", "pound", "pounds", "rupee", "rupees", "lei", "leu", "lira", "rial", "riyal", "riyals",
    "dollars",
}  # fmt: skip
TARGET = {"to", "for", "toward", "towards", "on", "in"}
TARGET_END = {",", ";", "(", ")", ":", "compared", "during", "while", "which", "who", "that", "—",
              "\u2013", "an", "from", "up", "down", "each", "after", "per", "annually", "where",
              "whom",
              "through"}  # fmt: skip
EACH = "each"
# Verbs of a change: funding increased, or somebody increased it.
CHANGED = {"decreased", "increased", "rose", "fell", "dropped", "grew", "declined"}
CHANGING = {"decreased", "increased", "raised", "reduced", "cut", "expanded", "doubled"}
MAX_CHANGED = 12
# Verbs between what the money is and the amount.
SUMS = {"amounted", "stood", "reached", "totaled", "totalled"}
# What stands between a purpose and its amount: `budget for shelters amounted to €500`.
AROUND_AMOUNTS = {"of", "at", "least", "approximately", "totaling", "totalling", "from", "by",
                  "amounting", "was", *SUMS}  # fmt: skip


def _without_number(words: list[str]) -> str:
    """`to six NGOs` is an amount to NGOs: how many is a count of its own."""
    if words[1:3] == ["each", "of"] and len(words) > 4 and _is_number(words[3]):
        return spaced([words[0], *words[4:]])
    at = 2 if words[1:2] and words[1].lower() in {"the", "its"} and len(words) > 2 else 1
    number = at < len(words) - 1 and words[1:2] != ["each"] and _is_number(words[at])
    kept = [*words[:1], *words[at + 1 :]] if number else words
    return spaced(kept) if len(kept) > 1 else ""


def _is_number(word: str) -> bool:
    return word.lower() in SMALL or word.isdigit()


def _without_articles(words: list[str]) -> str:
    while words and words[0].lower() in {"the", "a", "an", "its", ","}:
        words = words[1:]
    return spaced(words)


def _recipient(target: str) -> str:
    """Who gets it: `NGOs` of `to NGOs for victim assistance`; `a shelter for male victims`."""
    words = target.removeprefix("to ").split()
    if len(words) > 1 and words[0] in PURPOSES:
        return ""
    if "for" in words:
        at = words.index("for")
        purpose = [each.lower().strip(",") for each in words[at + 1 :]]
        if not (
            purpose
            and purpose[-1] in PERSON_NOUNS
            and not any(each.endswith("ing") for each in purpose)
        ):
            words = words[:at]
    text = " ".join(words)
    for prefix in ("each of the ", "each of ", "each ", "the "):
        text = text.removeprefix(prefix)
    first, _, rest = text.partition(" ")
    return rest if first.lower() in SMALL and rest else text


def read_money(
    sentence: Sentence,
    found: Sequence[Numeral],
    classes: Sequence[NumberClass],
    edition_year: int | None,
) -> list[Finding]:
    """The amounts of a sentence in order."""
    if not any(each.name in (MONEY, CONVERTED) for each in classes):
        return []
    return _MoneyReading(sentence, found, classes, edition_year).findings()


class _MoneyReading(SentenceReader):
    """The reading of one sentence."""

    def __init__(
        self,
        sentence: Sentence,
        found: Sequence[Numeral],
        classes: Sequence[NumberClass],
        edition_year: int | None,
    ) -> None:
        self._sentence = sentence
        self._tokens = sentence.tokens
        self._found = found
        self._classes = classes
        self._edition_year = edition_year
        self._range_head: Finding | None = None
        self._periods = periods(self._tokens, found, classes)
        self._money = [
            at for at, each in enumerate(classes)
            if each.name in (MONEY, CONVERTED) and found[at].value is not None
        ]  # fmt: skip

    def findings(self) -> list[Finding]:
        findings: list[Finding] = []
        head: Finding | None = None
        original: Finding | None = None
        for order, at in enumerate(self._money):
            numeral, kind = self._found[at], self._classes[at]
            first, last = self._extent(numeral)
            following = self._following_amount(order)
            if kind.name == CONVERTED and original is not None:
                own = self._original_in_range(findings, order) or original
                finding = self._converted(own, numeral, kind, first, last)
                findings.append(finding)
                continue
            previous = self._found[self._money[order - 1]].last + 1 if order else 0
            is_prior = head is not None and self._is_prior(previous, first)
            if head is None and self._is_changed_from(first):
                self._change(findings, order)
                return self._settled(findings)
            if (
                head is not None
                and not is_prior
                and self._continues_prior(original, previous, first)
            ):
                is_prior = True
            qualifier, start = self._qualifier(first)
            finding = Finding(
                kind="amount",
                sentence=self._sentence,
                first=start,
                last=last,
                place=numeral.start,
                value=numeral.value,
                unit=kind.unit,
                qualifier=qualifier,
                stage="funded",
                part="total",
                axis="total",
                rules=("amount",),
            )
            if is_prior and head is not None:
                self._as_prior(finding, head)
            else:
                self._as_headline(finding, first, last, previous, following, head)
                head = finding
            self._date(finding, previous, first, last, following)
            self._note_range(finding, first)
            if self._is_ambiguous(numeral, last):
                finding.doubts.append("currency: several countries' has this name")
            if self._is_each(last, following) or (
                not is_prior and self._is_for_each(previous, first)
            ):
                finding.part, finding.axis = EACH, "total"
                finding.rules = (*finding.rules, "each")
            findings.append(finding)
            original = finding
        return self._settled(findings)

    def _settled(self, findings: list[Finding]) -> list[Finding]:
        self._settle(findings)
        for each in findings:
            each.speaker = each.speaker or "report"
            if each.converted and each.host is not None:
                # A conversion is compared with a conversion.
                at = next((at for at, one in enumerate(findings) if one is each.host), -1)
                twin = findings[at + 1] if 0 <= at < len(findings) - 1 else None
                each.host = twin if twin is not None and twin.converted else each.host
        return [*findings, *self._same_as(findings)]

    def _original_in_range(self, findings: list[Finding], order: int) -> Finding | None:
        """Of two conversions in one parenthesis, the first is that of the first amount."""
        here = self._found[self._money[order]]
        twins = [at for at in self._money if self._classes[at].name == CONVERTED
                 and abs(self._found[at].first - here.first) <= 4]  # fmt: skip
        if len(twins) != 2:
            return None
        originals = [each for each in findings if not each.converted]
        return originals[-2 + twins.index(self._money[order])] if len(originals) >= 2 else None

    def _is_changed_from(self, first: int) -> bool:
        has_other = any(self._word(self._extent(self._found[at])[0] - 1) == "to"
                        for at in self._money)  # fmt: skip
        return self._word(first - 1) == "from" and has_other and self._change_verb(first) >= 0

    def _change_verb(self, first: int) -> int:
        """The verb of a change before `from`, right there or with what is changed between them."""
        if self._word(first - 2) in CHANGED:
            return first - 2
        return next(
            (
                at
                for at in range(first - 3, max(0, first - MAX_CHANGED), -1)
                if self._word(at) in CHANGING
            ),
            -1,
        )

    def _change(self, findings: list[Finding], order: int) -> None:
        """Read `Funding for shelters decreased from €310,000 in 2019 to €290,000 in 2020`."""
        first = self._extent(self._found[self._money[order]])[0]
        verb = self._change_verb(first)
        is_plain = verb == first - 2
        actor = "" if is_plain else self._subject(verb)
        changed = self._tokens[:verb] if is_plain else self._tokens[verb + 1 : first - 1]
        words = [each.text for each in changed]
        while words and words[0].lower() in {
            "the",
            "its",
            "government",
            "\u2019s",
            "government\u2019s",
        }:
            words.pop(0)
        indicator = spaced([words[0].lower(), *words[1:]]) if words else "amount"
        to = "to" if " to " in indicator else "for"
        target = indicator.partition(f" {to} ")[2]
        original: Finding | None = None
        for place in self._money[order:]:
            numeral, kind = self._found[place], self._classes[place]
            start, last = self._extent(numeral)
            if kind.name == CONVERTED and original is not None:
                findings.append(self._converted(original, numeral, kind, start, last))
                continue
            qualifier, begin = self._qualifier(start)
            original = Finding(
                kind="amount", sentence=self._sentence, first=begin, last=last, place=numeral.start,
                value=numeral.value, unit=kind.unit, indicator=indicator, stage="funded",
                part="total",
                axis="total", qualifier=qualifier, recipient=target, counted_by=actor,
                rules=("amount-from-to",),
            )  # fmt: skip
            after = [each for each in self._periods if each.first > last]
            if after and not after[0].is_earlier:
                original.period, original.period_from = after[0].text, "sentence"
            original.prior = self._word(begin - 1) == "from"
            findings.append(original)
        current = next((each for each in findings if not each.prior), None)
        for each in findings:
            each.host = current if each.prior else None

    def _same_as(self, findings: list[Finding]) -> list[Finding]:
        """Earlier amounts given as `the same amount as in 2019`."""
        for at in range(len(self._tokens) - 3):
            if self._word(at) != "same" or self._word(at + 1) not in {"amount", "level", "as"}:
                continue
            period = next((each for each in self._periods if at < each.first <= at + 6), None)
            if period is None or period.year is None:
                continue
            derived = []
            for each in findings:
                if each.prior or each.first > at:
                    continue
                if (
                    each.period == period.text
                    or each.period_from == "assumed"
                    or each.period == NOT_STATED
                ):
                    each.period, each.period_from = str(period.year + 1), "assumed"
                earlier = replace(each, first=at, last=period.last, place=self._tokens[at].start,
                    prior=True,
                                  host=each, period=period.text, period_from="sentence",
                                  is_derived=True,
                                  rules=("derived-same",), doubts=[],
                                  note=f"derived: the same as {each.value:f}")  # fmt: skip
                derived.append(earlier)
            return derived
        return []

    # ── Words around ────────────────────────────────────────────────────────────────────────────

    def _extent(self, numeral: Numeral) -> tuple[int, int]:
        """The tokens of an amount with its currency."""
        first, last = numeral.first, numeral.last
        if self._word(first - 1) and self._tokens[first - 1].text in CURRENCY_SIGNS:
            first -= 1
            before = self._tokens[first - 1] if first else None
            if before and before.end == self._tokens[first].start and before.is_word:
                first -= 1
        elif first and self._tokens[first - 1].text in CURRENCY_CODES:
            first -= 1
        for at in range(last + 1, min(last + 4, len(self._tokens))):
            token = self._tokens[at]
            if (
                token.lower in CURRENCY_WORDS
                or token.text in CURRENCY_CODES
                or token.text in CURRENCY_SIGNS
            ):
                last = at
                break
            if not token.is_capitalised:
                break
        return first, last

    def _following_amount(self, order: int) -> int:
        """The place of the next amount that is not a conversion, or the end."""
        for at in self._money[order + 1 :]:
            if self._classes[at].name == MONEY:
                return self._extent(self._found[at])[0]
        return len(self._tokens)

    def _qualifier(self, first: int) -> tuple[str, int]:
        for size in (3, 2, 1):
            words = tuple(self._word(first - size + at) for at in range(size))
            if first - size >= 0 and words in QUALIFIERS and words != ("some",):
                return QUALIFIERS[words], first - size
        return "", first

    def _is_prior(self, start: int, first: int) -> bool:
        words = [self._word(at) for at in range(start, first)]
        if ";" in words:
            return False
        for mark in PRIOR_WORDS:
            for at in range(len(words) - len(mark) + 1):
                if tuple(words[at : at + len(mark)]) != mark:
                    continue
                if mark == ("from",) and not self._is_change(start + at, first):
                    continue
                return True
        return False

    def _is_change(self, at: int, first: int) -> bool:
        """Whether `from` belongs to an increase or a decrease."""
        words = {self._word(each) for each in range(max(0, at - 7), at)}
        near = first - at <= 3
        return near and bool(
            words & {"increase", "increased", "decrease", "decreased", "up", "down", "rise", "rose",
                     "increasing", "decreasing", "fell", "drop", "reduction", "raised", "reduced"}
        )  # fmt: skip

    def _continues_prior(self, original: Finding | None, start: int, first: int) -> bool:
        """Whether `and €12,000 in 2018` follows an earlier amount."""
        if original is None or not original.prior:
            return False
        words = [self._word(at) for at in range(start, first)]
        return all(
            each in {",", "and", ")", "in", "approximately", "at", "least"} or each[:1].isdigit()
            for each in words
        )

    # ── Cells ───────────────────────────────────────────────────────────────────────────────────

    def _converted(
        self, original: Finding, numeral: Numeral, kind: NumberClass, first: int, last: int
    ) -> Finding:
        qualifier, start = self._qualifier(first)
        return replace(
            original,
            first=start,
            last=last,
            place=numeral.start,
            value=numeral.value,
            unit=kind.unit,
            qualifier=qualifier or original.qualifier,
            converted=True,
            rules=("conversion",),
            confidence="high",
            doubts=[],
            is_derived=False,
            inherited=(),
        )

    def _as_prior(self, finding: Finding, head: Finding) -> None:
        finding.indicator, finding.stage = head.indicator, head.stage
        finding.part, finding.axis = head.part, head.axis
        finding.counted_by, finding.recipient = head.counted_by, head.recipient
        finding.speaker, finding.act = head.speaker, head.act
        finding.prior, finding.host = True, head
        finding.rules = ("earlier-amount",)
        if self._word(finding.last) in SHARED_CURRENCIES and finding.unit != head.unit:
            # `24.5 million Mexican pesos, compared with 20 million pesos`
            finding.unit = head.unit

    def _as_headline(
        self,
        finding: Finding,
        first: int,
        last: int,
        previous: int,
        following: int,
        head: Finding | None,
    ) -> None:
        verb = self._verb(previous, finding.first)
        noun = self._noun(verb, finding.first, previous)
        target = self._target(last, following, verb, finding.first)
        subject = ""
        if verb is not None:
            subject = self._subject(verb)
        elif head is not None and not self._new_clause(previous, first):
            subject = head.counted_by
            finding.period, finding.period_from = head.period, head.period_from
        base = SPENDING_VERBS[self._word(verb)] if verb is not None else ""
        gains = base == "receive" or (base == "obtain" and not target.startswith("for "))
        if gains:
            giver = self._giver(last, following)
            finding.recipient, subject = _recipient(subject), giver
            target = target if target.startswith("for ") else ""
            kind = self._kind_after(last, following)
            noun = kind or noun
            received = "" if noun.endswith("received") else " received"
            noun = f"{noun}{received} by {finding.recipient}" if finding.recipient else noun
        if " for " in f" {noun} " or " to " in f" {noun} ":
            target = ""
        kind = self._kind_after(last, following)
        if kind in COMPENSATION and base not in {"receive", "obtain"}:
            noun = (
                f"{kind} awarded"
                if base in {"award", "grant", "order", "pay"} and kind == "compensation"
                else kind
            )
        finding.indicator = " ".join(each for each in (noun, target) if each)
        if head is not None and verb is None and noun == NO_NOUN:
            word = head.indicator.split()[0] if head.indicator else noun
            finding.indicator = f"{word} {target}" if target else head.indicator
        included = self._includes(previous, finding.first)
        if included and head is not None and target:
            finding.part = target.partition(" ")[2]
            finding.axis = "other"
            finding.indicator = head.indicator
            finding.rules = ("amount-part",)
        if COMPENSATION & set(finding.indicator.split()) or (
            base == "award" and (set(finding.indicator.split()) & {"victims", "victim"})
        ):
            finding.stage = "compensated"
        finding.counted_by = subject
        to = target if target.startswith("to ") else self._target_before(verb, finding.first)
        if to.startswith("to ") and not finding.recipient:
            finding.recipient = _recipient(to)
            if to != target and target.startswith("for ") and noun not in {"award", "compensation"}:
                finding.indicator = f"{noun} {to} {target}"
        finding.speaker, finding.act = self._speaker(verb, previous)

    def _includes(self, start: int, end: int) -> bool:
        return any((self._word(at) in {"including", "of"} and self._word(at + 1) in {"which",
            "approximately", "€", "$"})
                   or self._word(at) == "including" for at in range(start, end))  # fmt: skip

    def _kind_after(self, last: int, following: int) -> str:
        """`€3,600 in compensation`: what the money is, in the words after it."""
        depth = 0
        for at in range(last + 1, min(following, last + 12)):
            depth += {"(": 1, ")": -1}.get(self._word(at), 0)
            if depth == 0 and self._word(at) == "in" and self._word(at + 1) in MONEY_NOUNS:
                return self._word(at + 1)
        return ""

    def _new_clause(self, start: int, end: int) -> bool:
        return any(self._word(at) in {";", "while"} for at in range(start, end))

    def _verb(self, start: int, end: int) -> int | None:
        found = self._last_verb(start, end)
        if found is not None and self._word(found) == "pay":
            ordered = next(
                (at for at in range(found - 1, start - 1, -1) if self._word(at) == "ordered"), None
            )
            return ordered if ordered is not None else found
        return found

    def _last_verb(self, start: int, end: int) -> int | None:
        for at in range(end - 1, start - 1, -1):
            word = self._word(at)
            if word in {"totaling", "totalling", "totaled"} and any(
                self._word(each) in SPENDING_VERBS for each in range(start, at)
            ):
                continue
            if word in {"funding", "spending"} and self._word(at - 1) not in {
                "reported",
                "including",
                "continued",
            }:
                continue
            if word in SPENDING_VERBS:
                kind = SPENDING_VERBS[word]
                if word.endswith("ing") and self._word(at - 1) in {
                    "in",
                    "of",
                    "the",
                    "total",
                    "additional",
                }:
                    continue
                if word == kind and self._word(at - 1) not in {"to", "not", "would", "could",
                    "must"} and (
                    word not in {"spent", "set"}
                ):  # fmt: skip
                    continue
                return at
            if word == ";":
                return None
        return None

    def _noun(self, verb: int | None, first: int, previous: int) -> str:
        """What the money is: its verb's noun, or a noun before it, such as a stipend of €100."""
        for at in range(first - 1, max(previous - 1, first - 8), -1):
            word = self._word(at)
            if word in MONEY_NOUNS and (verb is None or at > verb):
                start = at
                while start > previous and self._tokens[start - 1].is_word and self._word(
                    start - 1) not in {
                    "the", "a", "an", "of", "in", "its", "and", "received", "awarded", "their",
                    "to",
                    "for", "with", "total", "from", "increased", "decreased", "provided",
                    "allocated", "paid",
                    "victims", "ordered",
                } and self._word(start - 1) not in SPENDING_VERBS:  # fmt: skip
                    start -= 1
                is_summed = any(self._word(each) in SUMS for each in range(at, first))
                if start < at or is_summed or word in {"budget", "stipend", "stipends", "allowance",
                    "compensation",
                                          "restitution", "damages", "fine", "fines", "grant",
                                          "grants"}:  # fmt: skip
                    noun = _without_articles([each.text for each in self._tokens[start : at + 1]])
                    if self._word(at + 1) in {"to", "for"} and at + 1 < first - 1:
                        purpose = [each.text for each in self._tokens[at + 1 : first]
                                   if each.lower not in AROUND_AMOUNTS]  # fmt: skip
                        noun += " " + spaced(without_ends(purpose, {"to"}))
                    return noun.lower() if not noun.isupper() else noun
        if verb is not None and SPENDING_VERBS[self._word(verb)] in {
            "maintain",
            "increase",
            "decrease",
            "reduce",
            "set",
        }:
            named = next(
                (self._word(at) for at in range(verb + 1, first) if self._word(at) in MONEY_NOUNS),
                "",
            )
            if named:
                return named
        return self._noun_after(first) or (
            SPENDING[SPENDING_VERBS[self._word(verb)]] if verb is not None else NO_NOUN
        )

    def _noun_after(self, first: int) -> str:
        """`a €350 ($370) initial stipend`: the noun after an amount and its conversion."""
        at = self._extent_end(first) + 1
        if self._word(at) == "(":
            while at < len(self._tokens) and self._word(at) != ")":
                at += 1
            at += 1
        for index in range(at, min(at + 4, len(self._tokens))):
            if self._word(index) in {
                "stipend",
                "stipends",
                "allowance",
                "grant",
                "payment",
                "budget",
                "benefit",
            }:
                return spaced([each.text for each in self._tokens[at : index + 1]])
            if not self._tokens[index].is_word or self._word(index) in TARGET | {
                "and",
                "of",
                "from",
            }:
                return ""
        return ""

    def _target(self, last: int, following: int, verb: int | None, first: int) -> str:
        """To whom or for what: `to NGOs for victim assistance`, `to each shelter`."""
        at = last + 1
        end = min(following, len(self._tokens))
        depth = 0
        while at < end:
            word = self._word(at)
            if word == "(":
                depth += 1
            elif word == ")":
                depth -= 1
            elif depth == 0 and word in TARGET:
                if word == "in" and not self._is_kind(at):
                    at += 1
                    continue
                found = self._phrase(at, end)
                if found:
                    return found
            elif (depth == 0 and word in {";", "compared"}) or (
                depth == 0 and word == "," and not self._is_year(at + 1)
            ):
                break
            at += 1
        return self._target_before(verb, first)

    def _is_kind(self, at: int) -> bool:
        """Whether `in` leads to a kind of help: `in compensation to`, `in funding for`."""
        return self._word(at + 1) in MONEY_NOUNS and self._word(at + 2) in TARGET | {"to", "for"}

    def _is_year(self, at: int) -> bool:
        return any(each.first in (at, at + 1) for each in self._periods)

    def _phrase(self, at: int, end: int) -> str:
        if self._word(at) == "in":
            at += 2
        words: list[str] = []
        while at < end and len(words) < 16:
            word = self._word(at)
            if words and word == "each" and len(words) == 1:
                words.append(self._tokens[at].text)
                at += 1
                continue
            if words and self._is_short_name(at, end):
                at += 3
                continue
            ends = (word in TARGET_END and word != "an") or self._period_begins(at)
            if words and ends and not (word == "," and self._is_list(at, end)):
                break
            if word == "an" and self._word(at + 1) in {"increase", "decrease", "amount"}:
                break
            if (
                word in {"and"}
                and self._word(at + 1) in SPENDING_VERBS
                and not self._word(at + 1).endswith("ing")
            ):
                break
            if words and word == "in" and self._word(at + 1) in {"each", "its"}:
                break
            words.append(self._tokens[at].text)
            at += 1
        words = without_ends(
            words,
            {
                "and",
                "the",
                ",",
                ".",
                "!",
                "?",
                "in",
                "for",
                "to",
                "of",
                "an",
            },
        )
        return _without_number(words)

    def _is_short_name(self, at: int, end: int) -> bool:
        """Whether `(NSA)` stands within a phrase: `the National Support Agency (NSA) program`."""
        return (
            at + 3 < end
            and (self._word(at), self._word(at + 2)) == ("(", ")")
            and self._tokens[at + 1].text.isupper()
            and self._tokens[at + 3].is_word
            and self._word(at + 3) not in TARGET_END
        )

    def _is_list(self, at: int, end: int) -> bool:
        words = [self._word(each) for each in range(at + 1, min(at + 7, end))]
        return "and" in words and not any(
            each in SPENDING_VERBS or each in {"an", "compared"} for each in words
        )

    def _period_begins(self, at: int) -> bool:
        return any(each.first == at for each in self._periods) or (
            self._word(at) in {"in", "for", "during", "from"}
            and any(each.first - at in (1, 2, 3) and self._tokens[at + 1].lower in
                    {"the", *(self._tokens[each.first].lower for each in self._periods)}
                    for each in self._periods)
        )  # fmt: skip

    def _target_before(self, verb: int | None, first: int) -> str:
        """`provided two NGOs €50,000`, `funded the shelter with €5,000`."""
        if verb is None:
            return ""
        words = [each.text for each in self._tokens[verb + 1 : first]]
        words = without_ends(
            words,
            {
                "with",
                "of",
                "approximately",
                "at",
                "least",
                "more",
                "between",
                "from",
                "than",
                "nearly",
                "a",
                "total",
                "about",
                "an",
                "over",
                "the",
                "up",
                "to",
            },
            {"the", "its", "their"},
        )
        if not words or len(words) > 12 or any(each in ";()" for each in words):
            return ""
        if words[0].lower() in {"a", "an"} and any(each.lower() in MONEY_NOUNS for each in words):
            return ""
        if words[0].lower() in MONEY_NOUNS:
            rest = words[1:]
            return spaced(rest) if rest and rest[0].lower() in TARGET else ""
        if not any(each.lower() in NOUNS or each[:1].isupper() for each in words):
            return ""
        if words[0].lower() in TARGET:
            return spaced(words)
        return _without_number(["to", *words])

    def _subject(self, verb: int) -> str:
        end = verb
        while end > 0 and (self._word(end - 1) in AUXILIARIES or self._word(end - 1) in {"also",
            "did", "not", "were", "was", "has", "had", "again",
                                                   "only", "to", "continued", "separately"}
                           or self._word(end - 1).endswith("ly")):  # fmt: skip
            end -= 1
        start = end
        while start > 0 and self._word(start - 1) not in {",", ";", ":", "that", "while", "but",
            "which", ")"} and (
            self._word(start - 1) not in SPEECH or SPEECH[self._word(start - 1)][1] != "past"
        ):  # fmt: skip
            if self._word(start - 1) == "and" and start == end and self._has_verb(start - 1):
                return self._subject(self._previous_verb(start - 1))
            start -= 1
        passive = self._word(verb - 1) in {"was", "were"}
        if passive:
            return ""
        found = actor_text(self._tokens, start, end)
        if not found and start > 0 and self._word(start - 1) in SPEECH:
            return self._subject(start - 1)
        if not found and start > 1:
            return self._subject(self._previous_verb(start)) if self._previous_verb(start) else ""
        return found

    def _has_verb(self, before: int) -> bool:
        return self._previous_verb(before) > 0

    def _previous_verb(self, before: int) -> int:
        for at in range(before - 1, 0, -1):
            if self._word(at) in {";"}:
                return 0
            if self._word(at) in SPENDING_VERBS or self._word(at) in {
                "operated",
                "funded",
                "maintained",
                "continued",
            }:
                return at
        return 0

    def _giver(self, last: int, following: int) -> str:
        for at in range(last + 1, min(following, last + 8)):
            if self._word(at) == "from":
                stop = at + 1
                while stop < following and self._word(stop) not in TARGET_END | {
                    "in",
                    "for",
                    "and",
                    ".",
                }:
                    stop += 1
                return actor_text(self._tokens, at + 1, stop)
        return ""

    def _speaker(self, verb: int | None, previous: int) -> tuple[str, str]:
        if verb is None:
            return "", ""
        for at in range(verb - 1, previous, -1):
            word = self._word(at)
            if word in {",", ";"}:
                return "", ""
            if word in PAST_SPEECH:
                speaker = self._subject(at)
                return speaker, SPEECH[word][0] if speaker else ""
        return "", ""

    def _is_each(self, last: int, following: int) -> bool:
        words = [self._word(at) for at in range(last + 1, min(following, last + 20))]
        stop = next((at for at, each in enumerate(words) if each in {";", "compared"}), len(words))
        words = words[:stop]
        if "each" in words:
            at = words.index("each")
            # `each year` is no recipient.
            return words[at + 1 : at + 2] not in (["year"], ["month"], ["day"])
        if "per" in words and len(words) > words.index("per") + 1:
            return words[words.index("per") + 1] in {
                "shelter", "victim", "person", "child", "ngo", "case", "family", "center",
                "individual",
                "adult", "facility", "bed", "resident",
            }  # fmt: skip
        return bool(words) and "apiece" in words

    def _is_for_each(self, previous: int, first: int) -> bool:
        """Whether those who get an amount come before it: `gave each of two NGOs €500`."""
        return any(
            self._word(at) == EACH and self._word(at + 1) not in {"year", "month", "day"}
            for at in range(max(previous, first - 8), first)
        )

    # ── Periods ─────────────────────────────────────────────────────────────────────────────────

    def _date(self, finding: Finding, previous: int, first: int, last: int, following: int) -> None:
        after = [each for each in self._periods if last < each.first < following]
        before = [
            each
            for each in self._periods
            if previous <= each.first < first
            # `€9 in 2018; municipalities allotted €3`: the year is that of the clause before.
            and not any(self._word(at) == ";" for at in range(each.last, first))
        ]
        period: Period | None = after[0] if after else None
        mark = next((at for at in range(last + 1, following)
                     if self._word(at) in {";", "compared", "while"}
                     or (self._word(at) in {"up", "down", "increase", "decrease"}
                         and self._word(at + 1) == "from")),
                    following)  # fmt: skip
        if period is not None and period.first > mark:
            period = None
        if period is None and before:
            period = before[-1]
            leading = (
                self._word(period.first - 1) in {"in", "during", "for"} or period.text == NOT_STATED
            )
            if finding.prior and not leading:
                period = None
        if period is None and not before and not finding.prior and previous:
            leading_year = [each for each in self._periods if each.first < 4 and each.first < first]
            period = leading_year[-1] if leading_year else None
        if period is None and not finding.prior and not previous:
            leading_year = [each for each in self._periods if each.first < first]
            period = leading_year[-1] if leading_year else None
        if period is None:
            return
        if period.is_earlier:
            if not finding.prior and period.first > last:
                return
            finding.note = "previous year"
            return
        finding.period = period.text
        finding.period_from = "sentence" if period.text != NOT_STATED else ""

    def _share_period(self, findings: list[Finding]) -> None:
        """Give the year at the end of `€5 to shelters and €7 to a hotline in 2020` to both."""
        current = [each for each in findings if not each.prior and not each.converted]
        for finding, following in reversed([*pairwise(current)]):
            between = {self._word(at) for at in range(finding.last, following.first)}
            ends = any(each.first > following.last and each.text == following.period
                       for each in self._periods)  # fmt: skip
            if not finding.period and ends and "and" in between and not between & {";", "while"}:
                finding.period, finding.period_from = following.period, following.period_from

    def _note_range(self, finding: Finding, first: int) -> None:
        before_word = self._word(first - 1)
        after = self._word(self._extent_end(first) + 1)
        if (
            before_word in {"between", "from"}
            and after in {"and", "to"}
            and not finding.prior
            and (not finding.qualifier)
            and any(
                self._found[at].first - first <= 6 and self._found[at].first > first + 1
                for at in self._money
            )
        ):
            finding.qualifier = "at least" if before_word == "from" else "between"
            finding.doubts.append("range: the lower end")
        if (
            self._word(first - 1) in {"to", "and", "-", "\u2013"}
            and self._word(first - 2)
            and not finding.prior
        ):
            before = [at for at in self._money if self._found[at].last < first]
            between = (
                {self._word(at) for at in range(self._found[before[-1]].first - 3, first)}
                if before
                else set()
            )
            if (
                before
                and first - self._found[before[-1]].last <= 4
                and between & {"between", "from", "-", "\u2013"}
            ):
                finding.qualifier = finding.qualifier or "up to"
                finding.doubts.append("range: the upper end")
                head = self._range_head
                if head is not None:
                    finding.indicator, finding.recipient = head.indicator, head.recipient
                    finding.counted_by, finding.stage = head.counted_by, head.stage
                    if finding.period:
                        head.period, head.period_from = finding.period, finding.period_from
        self._range_head = finding

    def _is_ambiguous(self, numeral: Numeral, last: int) -> bool:
        """Whether several countries have a currency of this name, and none is named."""
        word = self._word(last)
        return last == numeral.last + 1 and word in SHARED_CURRENCIES

    def _extent_end(self, first: int) -> int:
        return next((self._extent(self._found[at])[1] for at in self._money
                     if self._extent(self._found[at])[0] == first), first)  # fmt: skip

    def _settle(self, findings: list[Finding]) -> None:
        """Imply the year of an amount from its comparison; share the last year of a list."""
        for at, finding in enumerate(findings):
            if finding.prior and not finding.period:
                later = next(
                    (each for each in findings[at + 1 :] if each.prior and each.period), None
                )
                if later is not None and not later.converted and finding.note != "previous year":
                    finding.period, finding.period_from = later.period, later.period_from
        self._share_period(findings)
        for finding in findings:
            if finding.period or finding.prior:
                continue
            years = [
                int(each.period) for each in findings
                if each.prior and each.period.isdigit() and (each.host is finding
                    or finding.converted)
            ]  # fmt: skip
            if years and (self._edition_year is None or max(years) + 1 <= self._edition_year):
                finding.period, finding.period_from = str(max(years) + 1), "assumed"
        implied = next((each.period for each in findings if each.period_from == "assumed"), "")
        for finding in findings:
            if implied and not (finding.period or finding.prior):
                # A sentence has one current year for all who give money in it.
                finding.period, finding.period_from = implied, "assumed"
        for at, finding in enumerate(findings):
            if finding.converted and at:
                original = findings[at - 1]
                finding.period, finding.period_from = original.period, original.period_from
            if finding.note == "previous year":
                host = finding.host
                current = (
                    int(host.period)
                    if host and host.period.isdigit()
                    else (self._edition_year or 1) - 1
                )
                finding.note = "period of the previous year"
                if self._edition_year or (host and host.period.isdigit()):
                    finding.period, finding.period_from = str(current - 1), "assumed"
            if not finding.period:
                finding.period = NOT_STATED
