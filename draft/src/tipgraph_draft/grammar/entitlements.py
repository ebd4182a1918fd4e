"""Durations of what victims may have: reflection periods, permits, shelter, and their renewal."""

from collections.abc import Iterator, Sequence

from tipgraph_draft.document import Finding
from tipgraph_draft.number_classes import DURATION, NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.tokens import HYPHENS, Sentence, SentenceReader, spaced
from tipgraph_draft.words import BENEFITS, DURATION_UNITS, word_set

# Nouns that end the name of what is granted.
HEADS = {"period", "periods", "permit", "permits", "visa", "visas"}
RECIPIENT_WORDS = word_set("entitlements_recipient_words")
NOT_GRANTED = word_set("entitlements_not_granted")
FORMS = ("day", "week", "month", "year", "hour", "minute", "decade")
WORDED = {"permanent": "permanent", "indefinite": "indefinite", "indefinitely": "indefinite",
          "unlimited": "indefinite"}  # fmt: skip
QUALIFIERS = {("up", "to"): "up to", ("at", "least"): "at least", ("a", "minimum",
    "of"): "at least",
              ("maximum", "of"): "up to", ("more", "than"): "more than", ("approximately",
                  ): "approximately",
              ("no", "more", "than"): "up to", ("minimum",): "at least"}  # fmt: skip


def read_durations(
    sentence: Sentence, found: Sequence[Numeral], classes: Sequence[NumberClass]
) -> list[Finding]:
    """The durations of entitlements in a sentence, and those in words such as permanent."""
    reading = _DurationReading(sentence, found, classes)
    return [*reading.in_numbers(), *reading.in_words()]


class _DurationReading(SentenceReader):
    """The reading of one sentence."""

    def __init__(
        self, sentence: Sentence, found: Sequence[Numeral], classes: Sequence[NumberClass]
    ) -> None:
        self._sentence = sentence
        self._tokens = sentence.tokens
        self._found = found
        self._classes = classes
        self._taken: set[str] = set()

    def in_numbers(self) -> Iterator[Finding]:
        for numeral, kind in zip(self._found, self._classes, strict=True):
            if kind.name != DURATION or numeral.value is None or kind.reason:
                continue
            unit_at, unit = self._unit(numeral)
            if not unit or (unit in {"hours", "minutes"} and not self._is_benefit(unit_at)):
                continue
            benefit = (
                self._benefit(numeral, unit_at)
                or self._purpose(unit_at)
                or self._after(numeral, unit_at)
            )
            if not benefit or benefit == "period":
                continue
            self._taken.add(benefit)
            qualifier, first = self._qualifier(numeral.first)
            yield Finding(
                kind="duration",
                sentence=self._sentence,
                first=first,
                last=min(unit_at + len(benefit.split()), len(self._tokens) - 1)
                if self._follows(unit_at, benefit) else unit_at,
                place=numeral.start,
                value=numeral.value,
                unit=unit,
                indicator=benefit,
                part="total",
                axis="total",
                recipient=self._recipient(numeral.first),
                qualifier=qualifier,
                note=self._renewal(unit_at),
                rules=("duration",),
            )  # fmt: skip

    def in_words(self) -> Iterator[Finding]:
        for at, token in enumerate(self._tokens):
            unit = WORDED.get(token.lower)
            if unit is None:
                continue
            window = [self._word(each) for each in range(at + 1, at + 4)]
            back = [self._word(each) for each in range(at - 9, at)]
            benefit = next((each for each in window if each in BENEFITS), "")
            if unit == "indefinite" and not benefit:
                benefit = next((each for each in reversed(back) if each in BENEFITS), "")
            if not benefit:
                continue
            if any(benefit in each.split() for each in self._taken):
                continue
            last = next((each for each in range(at, min(at + 5, len(self._tokens)))
                         if self._word(each) == benefit), at + 1)  # fmt: skip
            words = spaced([each.text for each in self._tokens[at : last + 1]])
            yield Finding(
                kind="duration",
                sentence=self._sentence,
                first=max(at - 1, 0),
                last=min(last, len(self._tokens) - 1),
                place=token.start,
                unit=unit,
                indicator=words if unit == "permanent" else f"{benefit} of indefinite length",
                part="total",
                axis="total",
                rules=("duration-in-words",),
            )

    def _unit(self, numeral: Numeral) -> tuple[int, str]:
        """The place of the unit and its plural."""
        word = numeral.rest.split("-")[0] if numeral.rest else ""
        at = numeral.last
        if not word:
            at += 1
            if self._word(at) and self._tokens[at].text in HYPHENS:
                at += 1
            while at < numeral.last + 4 and self._word(at).split("-")[0] not in DURATION_UNITS:
                at += 1
            word = self._word(at).split("-")[0]
        if word not in DURATION_UNITS:
            following = next((self._word(each).split("-")[0] for each in range(numeral.last,
                numeral.last + 7)
                              if self._word(each).split("-")[0] in DURATION_UNITS), "")  # fmt: skip
            return numeral.last, self._plural(following)
        return at, self._plural(word)

    def _plural(self, word: str) -> str:
        base = word.rstrip("s")
        return f"{base}s" if base in FORMS else ""

    def _is_benefit(self, at: int) -> bool:
        return any(self._word(each) in BENEFITS for each in range(at, at + 4))

    def _benefit(self, numeral: Numeral, unit_at: int) -> str:
        """Return what lasts so long: the words after it, else those before."""
        words: list[str] = []
        at = unit_at + 1
        end = None
        if self._word(at) in {"of"}:
            at += 1
        while at < len(self._tokens) and len(words) < 8:
            word = self._word(at)
            if word in NOT_GRANTED and not words:
                return ""
            if not self._tokens[at].is_word and self._tokens[at].text not in {",", "-"}:
                break
            if word in {"during", "to", "for", "in", "which", "that", "who", "while", "if", "with",
                "on", "by", "upon",
                        "renewable", "were", "was", "from", "at", "of", "until", "after", "once",
                        "as", "before",
                        "when", "where", "under", "without", "unless", "pending"}:  # fmt: skip
                break
            if self._tokens[at].text == "," and end is not None:
                break
            words.append(self._tokens[at].text)
            if word in BENEFITS:
                end = len(words)
            at += 1
            if word in HEADS:
                break
        if end is not None and unit_at + 1 <= at:
            return spaced(words[:end])
        if {each.lower for each in words} & NOT_GRANTED:
            return ""
        return self._benefit_before(numeral.first)

    def _purpose(self, unit_at: int) -> str:
        """`three months to decide whether to cooperate`: what the time is for."""
        if self._word(unit_at + 1) != "to":
            return ""
        before = {self._word(at) for at in range(max(0, unit_at - 6), unit_at)}
        if not before & {"had", "have", "given", "gave", "allowed", "granted", "up", "with"}:
            return ""
        end = unit_at + 2
        while end < len(self._tokens) and end < unit_at + 8 and self._tokens[end].is_word:
            end += 1
        return spaced([each.text for each in self._tokens[unit_at + 1 : end]])

    def _after(self, numeral: Numeral, unit_at: int) -> str:
        """`After five years, victims could apply for permanent residency`."""
        if self._word(numeral.first - 1) != "after":
            return ""
        for at in range(unit_at + 1, min(unit_at + 16, len(self._tokens))):
            if self._word(at) in BENEFITS - {"period", "status", "program"}:
                start = (
                    at - 1 if self._word(at - 1) in {"permanent", "residence", "temporary"} else at
                )
                return spaced([each.text for each in self._tokens[start : at + 1]])
        return ""

    def _benefit_before(self, first: int) -> str:
        """`permits valid for six months`, `shelter for up to 90 days`."""
        found = None
        for at in range(first - 1, max(-1, first - 16), -1):
            word = self._word(at)
            if word in NOT_GRANTED or word in {";"}:
                return ""
            if word in BENEFITS:
                found = at
                break
        if found is None:
            return ""
        linked = {self._word(each) for each in range(found, first)}
        if not linked & {"for", "valid", "of", "to", "by", "lasting", "lasted", "within",
            "renewable", "every",
                         "exceed", "lasts"}:  # fmt: skip
            return ""
        start = found
        while start > 0 and found - start < 4 and self._tokens[start - 1].is_word and self._word(
            start - 1) not in {
            "a", "an", "the", "of", "to", "for", "with", "received", "provided", "grant", "granted",
            "issue",
            "receive", "offered", "offer", "could", "in", "and", "victims", "their", "obtain",
            "provide", "that",
            "allowed", "extend", "its", "renew", "from", "gave", "were", "was", "entitled", "or",
            "issued",
        }:  # fmt: skip
            start -= 1
        if self._word(start - 1) in {"and", "or"} and self._word(start - 2) in {
            "residence",
            "residency",
            "work",
        }:
            start -= 2
        return spaced([each.text for each in self._tokens[start : found + 1]])

    def _follows(self, unit_at: int, benefit: str) -> bool:
        first = benefit.split()[0].rstrip(",")
        return self._word(unit_at + 1) == first.lower() or (
            self._word(unit_at + 1) == "of" and self._word(unit_at + 2) == first.lower()
        )

    def _qualifier(self, first: int) -> tuple[str, int]:
        for words, text in QUALIFIERS.items():
            start = first - len(words)
            if start >= 0 and tuple(self._word(start + at) for at in range(len(words))) == words:
                return text, start
        return "", first

    def _recipient(self, first: int) -> str:
        """The victims before it in the sentence, if they are named."""
        for at in range(min(first, 14) - 1, -1, -1):
            if self._word(at) in {"victims", "victim", "children"}:
                start = at
                while start > 0 and self._word(start - 1) in RECIPIENT_WORDS:
                    start -= 1
                return spaced([each.text for each in self._tokens[start : at + 1]]).lower()
        return ""

    def _renewal(self, at: int) -> str:
        for index in range(max(0, at - 8), min(at + 22, len(self._tokens))):
            word = self._word(index)
            if word in {
                "renewable",
                "renewed",
                "extendable",
                "extended",
                "renew",
                "extend",
                "renewal",
            }:
                return (
                    "renewable"
                    if word in {"renewable", "renewed", "renew", "renewal"}
                    else "may be extended"
                )
        return ""
