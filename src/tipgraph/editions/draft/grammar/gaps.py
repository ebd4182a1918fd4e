"""What is not reported: non-reports, and that there were no reports, which is another thing."""

import itertools
from collections.abc import Iterator, Sequence

from tipgraph.editions.draft.grammar.subjects import actor_text
from tipgraph.editions.draft.labels import labels_in
from tipgraph.editions.draft.number_classes import NumberClass
from tipgraph.editions.draft.numerals import Numeral
from tipgraph.editions.draft.periods import NOT_STATED, Period, periods
from tipgraph.editions.draft.reading import Finding
from tipgraph.editions.draft.tokens import Sentence, SentenceReader, Token, spaced, without_ends
from tipgraph.editions.draft.words import (
    AUXILIARIES,
    NOUNS,
    PAST_SPEECH,
    PAST_VERBS,
    SPEECH,
    VERBS,
    stage,
)

# Verbs of reporting: with `not` they are a non-report whatever follows.
REPORTING = {"report", "disclose", "specify", "indicate", "publish", "clarify", "reveal"}
# Verbs that are a non-report only with data as their object.
GIVE = {"provide", "share", "release", "have", "supply", "maintain", "keep", "collect", "compile",
        "submit", "make", "offer", "track", "record", "gather"}  # fmt: skip
SORT = {"disaggregate", "differentiate", "distinguish", "quantify", "count"}
DATA = {"data", "information", "statistics", "figures", "details", "numbers", "breakdown",
    "estimates",
        "number", "statistical"}  # fmt: skip
UNABLE = {"unable", "unwilling"}
FORMS = {form: base for base in REPORTING | GIVE | SORT
         for form in (base, base + "ed", base.rstrip("e") + "ed",
             base.rstrip("e") + "ing")}  # fmt: skip
UNKNOWN = {"unreported", "unknown", "undisclosed", "unspecified"}
CASES = {"case", "cases", "reports", "instances", "incidents", "allegations"}
UNCLEAR = {"unknown", "unclear", "uncertain"}
QUESTION = {"how", "whether", "what", "if", "which"}
QUANTITY = {"amount", "number", "amounts", "numbers", "total", "sum"}
OBJECT_END = {";", "however", "although", "but", "while", "(", ")", "—", "\u2013", ":"}


def word_after(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].lower if at < len(tokens) else ""


def read_gaps(
    sentence: Sentence, found: Sequence[Numeral], classes: Sequence[NumberClass]
) -> list[Finding]:
    """The non-reports and absences of reports in a sentence."""
    return list(_GapReading(sentence, found, classes).findings())


class _GapReading(SentenceReader):
    """The reading of one sentence."""

    def __init__(
        self, sentence: Sentence, found: Sequence[Numeral], classes: Sequence[NumberClass]
    ) -> None:
        self._sentence = sentence
        self._tokens = sentence.tokens
        self._periods = periods(self._tokens, found, classes)
        self._last_subject = ""

    def findings(self) -> Iterator[Finding]:
        after = 0
        for at in range(len(self._tokens)):
            if at < after:
                continue
            found = self._non_report(at) or self._absence(at)
            if found:
                yield from found
                after = max(each.last for each in found) + 1

    # ── Non-reports ─────────────────────────────────────────────────────────────────────────────

    def _non_report(self, at: int) -> list[Finding]:
        word = self._word(at)
        if word in {"did", "has", "had", "have", "does", "do", "could"} and self._not_after(at):
            return self._negated(at)
        if word == "did" and self._word(at - 1) == "nor":
            verb = next(
                (each for each in range(at + 1, at + 6) if self._word(each) in REPORTING), None
            )
            return self._unreported(at, verb, "non-report-nor") if verb is not None else []
        if (
            word in {"failed", "declined", "refused"}
            and self._word(at + 1) == "to"
            and (self._word(at + 2) in REPORTING or (self._word(at + 2) == "provide"
                 and (word == "failed" or self._has_data(at + 3))))
        ):  # fmt: skip
            return self._unreported(at, at + 2, "non-report-failed")
        if word in UNABLE and self._word(at + 1) == "to":
            base = self._word(at + 2)
            if base in REPORTING or base in SORT or base in {"determine", "confirm"} or (
                base in GIVE and self._has_data(at + 3)
            ):  # fmt: skip
                start = at - 1 if self._word(at - 1) in {"was", "were", "is", "are"} else at
                return self._unreported(start, at + 2, "non-report-unable")
        if word in DATA or (word == "statistics"):
            return self._unavailable(at)
        if word in UNKNOWN and self._word(at + 1) in QUANTITY:
            return self._unknown_amount(at)
        if (
            word in UNCLEAR
            and self._word(at - 1) in {"was", "is", "remained", "remains"}
            and self._word(at + 1) in QUESTION
        ):
            return self._unreported(at - 1, at, "non-report-unclear")
        if word == "no" and self._is_no_data(at):
            return self._no_data(at)
        if (
            word == "not"
            and self._word(at + 1) in {"disaggregated", "reported", "disclosed", "specified"}
            and (self._word(at - 1) in {"were", "was", "are", "is"})
        ):
            return self._passive(at - 1, at + 1)
        if word == "neither":
            return self._neither(at)
        if word == "lacked":
            end = at + 6
            if any(
                self._word(each) in {"data", "statistics", "statistical"}
                for each in range(at + 1, end)
            ):
                return self._unreported(at, at, "non-report-lacked")
        return []

    def _not_after(self, at: int) -> int:
        following = at + 1
        while self._word(following) in {"also", "again", "still", "otherwise"}:
            following += 1
        return following if self._word(following) == "not" else 0

    def _negated(self, at: int) -> list[Finding]:
        verb = self._not_after(at) + 1
        while verb < len(self._tokens) and (
            self._word(verb).endswith("ly")
            or self._word(verb) in {"always", "yet", "again", "otherwise", "publicly"}
        ):
            verb += 1
        base = FORMS.get(self._word(verb), "")
        if base in REPORTING - {"reveal"}:
            return self._unreported(at, verb, "non-report")
        if (base in GIVE and self._has_data(verb + 1) and self._word(at) != "could") or (
            base in GIVE and self._word(at) == "could" and self._has_data(verb + 1)
        ):
            if base in {"make", "have"} and not self._has_data(verb + 1, 4):
                return []
            if base in {"maintain", "keep", "collect", "compile", "track", "record", "gather"} and (
                not self._has_data(verb + 1, 5)
            ):
                return []
            return self._unreported(at, verb, "non-report-data")
        if base in SORT:
            return self._unreported(at, verb, "non-report-breakdown")
        if self._word(at + 2) in {"know"} and self._word(at + 3) == "how":
            return self._unreported(at, at + 2, "non-report")
        return []

    def _has_data(self, start: int, size: int = 9) -> bool:
        """Whether the verb's object is data: only its noun phrase counts."""
        for at in range(start, min(start + size, len(self._tokens))):
            word = self._word(at)
            if word in DATA:
                return word not in {"information", "details"} or self._is_about(at)
            if word in {",", "to", "for", "of", "with", ";", "on"} and word not in {"of"}:
                return False
        return False

    def _is_about(self, at: int) -> bool:
        """Whether information goes to the report and not to victims."""
        return self._word(at + 1) in {"on", "about", "regarding", "concerning", ".", "related",
            "whether", ",",
                                      "for", "necessary", ""} or (
            self._word(at + 1) in {"of", "to"} and self._word(at + 2) not in {"victims",
                "potential"})  # fmt: skip

    def _unreported(self, start: int, verb: int, rule: str) -> list[Finding]:
        subject = self._subject(start)
        self._last_subject = subject or self._last_subject
        end = self._object_end(verb + 1)
        second = self._second_quantity(verb + 1, end)
        first = self._rows("non-report", start, verb, verb + 1, second or end, subject, rule)
        if second is None:
            return first
        return [
            *first,
            *self._rows("non-report", second, second, second + 1, end, subject, rule),
        ]

    def _second_quantity(self, start: int, end: int) -> int | None:
        """The `or` of `the number of victims or the amount spent`: two things not reported."""
        opens = self._word(start) == "the" and self._word(start + 1) in QUANTITY
        return next(
            (
                at
                for at in range(start, end - 2)
                if opens and self._word(at) in {"or", "nor"} and self._word(at + 1) == "the"
                and self._word(at + 2) in QUANTITY
            ),
            None,
        )  # fmt: skip

    def _neither(self, at: int) -> list[Finding]:
        for index in range(at + 1, min(at + 14, len(self._tokens))):
            if FORMS.get(self._word(index)) in REPORTING and self._word(index).endswith("ed"):
                is_subject = not any(self._word(each) in VERBS for each in range(at + 1, index))
                own = actor_text(self._tokens, at + 1, index) if is_subject else ""
                subject = own or self._subject(at)
                end = self._object_end(index + 1)
                nor = next((each for each in range(index, end) if self._word(each) == "nor"), None)
                first = self._rows(
                    "non-report", at, index, index + 1, nor or end, subject, "non-report-neither"
                )
                if nor is None:
                    return first
                second = self._rows(
                    "non-report", nor, nor, nor + 1, end, subject, "non-report-neither"
                )
                return [*first, *second]
        return []

    def _passive(self, start: int, verb: int) -> list[Finding]:
        """`were not disaggregated by sex`, `the number was not reported`."""
        begin = self._clause_start(start)
        words = self._text(begin, start)
        rule = (
            "non-report-breakdown" if self._word(verb) == "disaggregated" else "non-report-passive"
        )
        row = self._row("non-report", begin, self._object_end(verb) - 1, start, words, "", rule)
        row.indicator = self._text(begin, start) or self._text(verb, self._object_end(verb))
        return [row]

    def _unavailable(self, at: int) -> list[Finding]:
        """`data were not available`, `statistics on … were unavailable`."""
        if self._word(at - 1) in {"no"}:
            return []
        for index in range(at + 1, min(at + 16, len(self._tokens))):
            word = self._word(index)
            if word in {";", "."}:
                break
            if word in {"unavailable"} and self._word(index - 1) in {
                "was",
                "were",
                "remained",
                "are",
                "is",
            }:
                begin = self._clause_start(at)
                return [self._row("non-report", begin, index, at, self._text(begin, index - 1), "",
                                  "non-report-unavailable")]  # fmt: skip
            if (
                word == "not"
                and self._word(index + 1) in {"available", "provided", "reported", "disaggregated"}
                and (self._word(index - 1) in {"was", "were", "are", "is"})
            ):
                begin = self._clause_start(at)
                return [self._row("non-report", begin, index + 1, at, self._text(begin, index - 1),
                    "",
                                  "non-report-unavailable")]  # fmt: skip
            is_verb = word in PAST_VERBS
            if (
                is_verb
                and word not in {"provided", "reported"}
                and (self._word(index - 1) not in {"victims", "were", "of", "on"})
            ):
                break
        return []

    def _is_no_data(self, at: int) -> bool:
        if any(self._word(at + each) in DATA for each in (1, 2, 3)):
            window = [self._word(at + each) for each in range(1, 16)]
            return "available" in window or "provided" in window or self._word(at - 1) in {
                "provided", "had", "released", "was", "were", "is",
            }  # fmt: skip
        return False

    def _no_data(self, at: int) -> list[Finding]:
        noun = next(at + each for each in (1, 2, 3) if self._word(at + each) in DATA)
        end = self._object_end(noun)
        subject = (
            self._subject(at - 1) if self._word(at - 1) in {"provided", "had", "released"} else ""
        )
        indicator = self._text(at + 1, end)
        row = self._row("non-report", max(0, at - 1), end - 1, at, indicator,
            subject,
                        "non-report-no-data")  # fmt: skip
        return [row]

    def _unknown_amount(self, at: int) -> list[Finding]:
        end = self._object_end(at + 1)
        subject = ""
        for back in range(at - 1, max(-1, at - 8), -1):
            if self._word(back) in VERBS or self._word(back) in {
                "allocated",
                "spent",
                "donated",
                "contributed",
            }:
                subject = self._subject(back)
                break
        indicator = self._text(at + 1, end)
        return [self._row("non-report", max(0, at - 1), end - 1, at, indicator,
            subject,
                          "non-report-unknown-amount")]  # fmt: skip

    # ── Absences of reports ─────────────────────────────────────────────────────────────────────

    def _absence(self, at: int) -> list[Finding]:
        word = self._word(at)
        if word == "no" and self._word(at + 1) in {"reports", "report", "allegations", "evidence",
                                                   "indications", "indication"}:  # fmt: skip
            before = [self._word(at - each) for each in (1, 2, 3, 4)]
            if self._word(at + 2) in {"emerged", "surfaced"} and self._word(at + 3) == "of":
                return [self._absent(at, at + 2)]
            if not ({"were", "was", "are", "received", "been", "is"} & set(before)):
                return []
            if before[0] == "received" and word_after(self._tokens, at + 1) not in {
                "reports",
                "report",
            }:
                return []
            return [self._absent(at, at + 1)]
        if (
            word in {"no", "any"}
            and self._word(at + 1) in {"reported", "known", "confirmed"}
            and (self._word(at + 2) in NOUNS)
        ):
            near = {self._word(at - each) for each in (1, 2, 3)}
            if {"were", "was", "are"} & near and "there" in {
                self._word(at - each) for each in (1, 2, 3, 4)
            }:
                return [self._absent(at, at + 2)]
        if word == "any" and self._word(at + 1) in {"reports", "report"} and (
            [self._word(at - 2), self._word(at - 1)] == ["not", "receive"]
        ):  # fmt: skip
            return [self._absent(at, at + 1)]
        if word == "aware" and [self._word(at - 1), self._word(at + 1), self._word(at + 2)] == [
            "not", "of", "any",
        ]:  # fmt: skip
            return [self._absent(at - 1, at + 3)] if self._word(at + 3) in CASES else []
        if word == "no" and self._no_cases(at):
            return [self._absent(at, at + 1)]
        if (
            word == "not"
            and self._word(at - 1) in {"were", "was"}
            and self._word(at + 1) == "any"
            and (self._word(at + 2) in {"reports", "reported"})
        ):
            return [self._absent(at, at + 2)]
        return []

    def _no_cases(self, at: int) -> bool:
        """`no cases were reported`, `no victims were reported`."""
        for index in range(at + 1, min(at + 10, len(self._tokens))):
            word = self._word(index)
            if word in {",", ";", "."}:
                return False
            if word in {"was", "were"}:
                return self._word(index + 1) == "reported"
        return False

    def _absent(self, at: int, noun: int) -> Finding:
        start = at
        while start > 0 and at - start < 4 and self._word(start - 1) in {
            "there", "were", "was", "also", "again", "have", "been", "had", "are", "is", "not",
        }:  # fmt: skip
            start -= 1
        content = noun + 1
        while self._word(content) in {"that", "of", "reports", "in", "which", "where"}:
            content += 1
        end = self._object_end(content)
        return self._row("absence", start, end - 1, at,
                            self._text(content, end), "", "absence-of-reports")  # fmt: skip

    # ── Rows ────────────────────────────────────────────────────────────────────────────────────

    def _rows(
        self, kind: str, start: int, verb: int, object_start: int, end: int, subject: str, rule: str
    ) -> list[Finding]:
        """One row, or one for each year or group that the words name."""
        stated = [
            each for each in self._periods
            if object_start <= each.first < end and not each.is_earlier
            and (each.text == NOT_STATED or self._word(each.first - 1) in {"in", "during", "for",
                "or", "nor", "and", "the",
                                                                            "between", "from",
                                                                            "since"})
        ]  # fmt: skip
        text_end = stated[0].first if stated else end
        while text_end > object_start and self._word(text_end - 1) in {
            "in",
            ",",
            "during",
            "for",
            "the",
            "and",
        }:
            text_end -= 1
        indicator = self._text(object_start, text_end) or self._text(object_start, end)
        doubts = []
        any_at = next(
            (
                at
                for at in range(object_start, min(object_start + 4, end))
                if self._word(at) == "any"
            ),
            None,
        )
        if any_at is not None and self._word(verb) in {"report", "reported"}:
            doubts = ["did not report any: neither zero nor a count; a person decides"]
        groups: list[tuple[str, str] | None] = [None]
        if any_at is not None:
            groups = [*self._groups(object_start, text_end)] or groups
        rows: list[Finding] = []
        years: list[Period | None] = [
            *(stated[:4] if self._are_alternatives(stated) else stated[:1])
        ]
        for number, period in enumerate(years or [None]):
            for group in groups:
                last = end - 1
                first = (
                    max(start - 2, 0)
                    if self._word(start - 1) not in {",", ";", "and"} and start
                    else start
                )
                if number:
                    assert period is not None
                    first, last = max(period.first - 2, 0), period.last
                row = self._row(kind, first, last, start, indicator, subject, rule)
                row.doubts = list(doubts)
                row.place = self._tokens[start].start
                if period is not None:
                    row.period = period.text
                    row.period_from = "sentence" if period.text != NOT_STATED else ""
                if group is not None:
                    row.part, row.axis = group
                rows.append(row)
        return rows

    def _are_alternatives(self, stated: Sequence[Period]) -> bool:
        return len(stated) > 1 and all(
            any(
                self._word(at) in {"nor", "or", "and"} for at in range(first.last + 1, second.first)
            )
            for first, second in itertools.pairwise(stated)
        )

    def _groups(self, start: int, end: int) -> list[tuple[str, str]]:
        """The groups of `any child or male victims`, one row each."""
        words = [self._word(at) for at in range(start, end)]
        labels = labels_in(self._tokens, start, end)
        if not labels or not {"or", "and", ","} & set(words):
            return [(each.part, each.axis) for each in labels[:1]]
        return [(each.part, each.axis) for each in labels]

    def _row(
        self, kind: str, first: int, last: int, at: int, indicator: str, subject: str, rule: str
    ) -> Finding:
        stages = [
            stage(VERBS[self._word(each)][0])
            for each in range(at, min(at + 14, len(self._tokens)))
            if self._word(each) in VERBS and self._word(each) not in SPEECH
        ]
        return Finding(
            kind="absence" if kind == "absence" else "non-report",
            sentence=self._sentence,
            first=first,
            last=max(first, min(last, len(self._tokens) - 1)),
            place=self._tokens[at].start,
            indicator=indicator,
            stage=stages[0] if stages else "",
            period="" if kind == "absence" else NOT_STATED,
            part="total",
            axis="total",
            counted_by=subject,
            rules=(rule,),
        )

    def _subject(self, at: int) -> str:
        start = self._clause_start(at)
        end = at
        while end > start and (self._word(end - 1) in AUXILIARIES
            or self._word(end - 1).endswith("ly") or
                               self._word(end - 1) in {"also", "again", "still"}):  # fmt: skip
            end -= 1
        found = actor_text(self._tokens, start, end)
        if found == "nor":
            return self._last_subject
        if found in {"it", "they"}:
            first = next((each for each in range(len(self._tokens))
                          if self._word(each) in VERBS or self._word(each) in AUXILIARIES
                          or self._word(each).endswith("ed")), 0)  # fmt: skip
            earlier = actor_text(self._tokens, 0, first)
            return earlier if earlier and earlier not in {"it", "they"} else found
        if found:
            return found
        if self._word(start - 1) in {"and", "but", ","} or start == end:
            first = next((each for each in range(len(self._tokens))
                          if self._word(each) in VERBS or self._word(each) in AUXILIARIES),
                          0)  # fmt: skip
            return actor_text(self._tokens, 0, first)
        return self._last_subject

    def _clause_start(self, at: int) -> int:
        start = at
        while start > 0:
            word = self._word(start - 1)
            if word in PAST_SPEECH:
                return start
            if word in {
                ";",
                ":",
                ",",
                "but",
                "while",
                "although",
                "however",
                "(",
                ")",
                "that",
                "—",
                "which",
            }:
                return start
            if word == "and" and any(
                self._word(each) in AUXILIARIES
                or self._word(each) in VERBS
                or self._word(each) in SPEECH
                for each in range(max(0, start - 12), start - 1)
            ):
                return start
            start -= 1
        return start

    def _object_end(self, start: int) -> int:
        for at in range(start, len(self._tokens)):
            word = self._word(at)
            if word in OBJECT_END or (word in {".", "!", "?"} and at == len(self._tokens) - 1):
                return at
            if word == "," and self._word(at + 1) in {"and", "although", "but", "though", "as",
                "despite", "which",
                                                      "compared", "while", "however", "making",
                                                      "unlike", "nor"}:  # fmt: skip
                if self._word(at + 1) == "nor" and self._word(at + 2) != "did":
                    continue
                if self._word(at + 1) == "and" and not self._clause_after(at + 2):
                    continue
                if self._word(at + 1) == "as" and self._word(at + 2) not in {"in", "it"}:
                    continue
                return at
            if word == "compared":
                return at
        return len(self._tokens)

    def _clause_after(self, at: int) -> bool:
        """Whether a subject with its verb follows within a few words."""
        return any(
            self._word(each) in AUXILIARIES or (self._word(each) in PAST_VERBS)
            or (self._word(each) in PAST_SPEECH)
            for each in range(at, min(at + 8, len(self._tokens)))
        )  # fmt: skip

    def _text(self, start: int, end: int) -> str:
        words = [each.text for each in self._tokens[start:end]]
        words = without_ends(
            words,
            {
                ",",
                ".",
                "in",
                "the",
                "and",
                "during",
                "for",
                "or",
                "nor",
            },
            {"the", "on", ",", "any", "that"},
        )
        return spaced(words)
