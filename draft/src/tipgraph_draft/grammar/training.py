"""Training: who trained whom, on what, and how many."""

from collections.abc import Sequence

from tipgraph_draft.document import Finding
from tipgraph_draft.grammar.subjects import actor_text, without_adverbs
from tipgraph_draft.number_classes import NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.periods import periods
from tipgraph_draft.tokens import Sentence, SentenceReader, spaced, without_ends
from tipgraph_draft.words import AUXILIARIES, NOUNS, PAST_SPEECH, PAST_VERBS, PERSON_NOUNS, word_set

EVENTS = word_set("training_events")
GIVING = word_set("training_giving")
TRAINED = {"trained", "instructed"}
RECEIVING = {"received", "attended", "completed", "underwent", "participated"}
TOPIC = {"on", "in", "about", "regarding", "covering", "to", "concerning", "focused"}
END = word_set("training_end")
# Words between a subject and its verb.
BEFORE_VERB = AUXILIARIES | {"also", "jointly", "again", "continued", "to"}
CLAUSE_MARKS = {";", ":", "that", "while", "but", "which", "who"}
# Words that begin what leads a sentence up to a comma.
LEADING = {"in", "during", "with", "to", "additionally", "as"}


def read_training(
    sentence: Sentence,
    found: Sequence[Numeral],
    classes: Sequence[NumberClass],
    taken: Sequence[Finding],
) -> list[Finding]:
    """The training that a sentence states; what is not reported, or did not happen, is none."""
    return _TrainingReading(sentence, found, classes, taken).findings()


class _TrainingReading(SentenceReader):
    """The reading of one sentence."""

    def __init__(
        self,
        sentence: Sentence,
        found: Sequence[Numeral],
        classes: Sequence[NumberClass],
        taken: Sequence[Finding],
    ) -> None:
        self._sentence = sentence
        self._tokens = sentence.tokens
        self._taken = taken
        self._found = found
        self._periods = periods(self._tokens, found, classes)

    def findings(self) -> list[Finding]:
        for at in range(len(self._tokens)):
            word = self._word(at)
            if word in TRAINED and self._is_trained(at):
                return [self._by_verb(at)] if not self._is_denied(at) else []
            if word in EVENTS and self._is_event(at):
                verb = self._giver(at)
                lacking = {"lacked", "lack", "without", "insufficient", "inadequate"}
                between = {self._word(each) for each in range(verb or at, at)}
                if verb is not None and not self._is_denied(verb) and not lacking & between:
                    return [self._by_noun(at, verb)]
        return []

    def _is_denied(self, at: int) -> bool:
        gaps = [each for each in self._taken if each.kind in {"non-report", "absence"}]
        if any(each.first <= at <= each.last + 8 for each in gaps):
            return True
        before = {self._word(each) for each in range(max(0, at - 4), at)}
        after = {self._word(each) for each in range(at + 1, at + 3)}
        return bool(before & {"not", "lacked", "lack", "insufficient", "without", "should", "more",
            "never",
                              "need", "needed", "recommended", "inadequate", "would"}
                              or after & {"no"})  # fmt: skip

    def _is_trained(self, at: int) -> bool:
        before = self._word(at - 1)
        return before not in {
            "the",
            "of",
            "specially",
            "by",
            "for",
            "with",
            "specifically",
            "a",
            "well",
            "trained",
        } and (
            self._word(at + 1) not in {"professionals", "staff", "counselors", "lawyers"}
            or before in {"government"}
        )

    def _is_event(self, at: int) -> bool:
        word, following = self._word(at), self._word(at + 1)
        if word == "training" and following in {
            "sessions",
            "events",
            "courses",
            "workshops",
            "seminars",
        }:
            return True
        if word in {"session", "sessions", "course", "courses"}:
            near = {self._word(each) for each in range(max(0, at - 3), at)}
            return bool(near & {"training", "awareness", "online"})
        if word == "training" and following in {
            "program",
            "programs",
            "materials",
            "manual",
            "center",
            "module",
        }:
            return False
        return self._word(at - 1) not in {
            "vocational",
            "job",
            "skills",
            "language",
            "professional",
            "of",
            "life",
        }

    def _giver(self, at: int) -> int | None:
        """The verb that says that it took place."""
        for index in range(at - 1, max(-1, at - 14), -1):
            word = self._word(index)
            if word in {";"}:
                return None
            if word in GIVING and not (word == "included" and index > at):
                return index
        for index in range(at + 1, min(at + 10, len(self._tokens))):
            if self._word(index) in {"was", "were"} and self._word(index + 1) in GIVING:
                return index + 1
        return None

    def _by_verb(self, at: int) -> Finding:
        passive = self._word(at - 1) in {"were", "was", "been"}
        if passive:
            audience = self._audience_before(at - 1)
            trainer = self._agent(at)
        else:
            audience = self._audience_after(at + 1)
            trainer = self._subject(at)
        return self._finding(at, at, audience, trainer, self._topic(at + 1), "training-verb")

    def _by_noun(self, at: int, verb: int) -> Finding:
        word = self._word(verb)
        if word in RECEIVING:
            audience, trainer = self._subject(verb) or self._audience_before(verb), self._from(at)
        else:
            trainer = self._subject(verb)
            audience = self._audience_of(at)
            if not audience and verb < at:
                audience = self._between(verb, at)
        return self._finding(
            min(verb, at), max(verb, at), audience, trainer, self._topic(at + 1), "training-noun"
        )

    def _finding(
        self, first: int, last: int, audience: str, trainer: str, topic: str, rule: str
    ) -> Finding:
        figures = [
            each for each in self._taken if each.kind == "figure" and each.stage == "trained"
        ]
        persons = [each for each in figures if each.unit == "persons"]
        number = next(iter([*persons, *figures]), None)
        stated = [each for each in self._periods if not each.is_earlier]
        indicator = topic if topic.startswith(("on ", "to ")) else f"on {topic}" if topic else ""
        begin = max(0, first - 4)
        return Finding(
            kind="training",
            sentence=self._sentence,
            first=begin,
            last=min(max(last + 2, begin + 6), len(self._tokens) - 1, begin + 11),
            place=self._tokens[first].start,
            indicator=f"training {indicator}".strip(),
            stage="trained",
            period=stated[0].text if stated else "",
            period_from="sentence" if stated else "",
            part="total",
            axis="total",
            value=number.value if number is not None else None,
            unit=number.unit if number is not None else "",
            qualifier=number.qualifier if number is not None else "",
            counted_by=trainer,
            recipient=audience,
            rules=(rule,),
            is_derived=number is not None,
        )

    # ── Who and what ────────────────────────────────────────────────────────────────────────────

    def _subject(self, verb: int) -> str:
        start = end = without_adverbs(self._tokens, verb, BEFORE_VERB)
        while start > 0:
            before = self._word(start - 1)
            if before in CLAUSE_MARKS or before in PAST_SPEECH:
                break
            if before in PAST_VERBS and before not in {"training", "funded"}:
                return self._subject(start - 1)
            if before == "," and self._word(0) in LEADING:
                break
            start -= 1
        return actor_text(self._tokens, start, end)

    def _audience_before(self, end: int) -> str:
        start = end
        while start > 0 and self._word(start - 1) not in {",", ";", "that", "(", ")"}:
            start -= 1
        return self._without_number(start, end)

    def _without_number(self, start: int, end: int) -> str:
        numbers = {at for each in self._found for at in range(each.first, each.last + 1)}
        left = [self._tokens[at] for at in range(start, end) if at not in numbers]
        skipped = {"of", "the", "its", "their", "additional", "new", "at", "least", "more", "than",
                   "approximately", "nearly", "over", "about", "a", "total"}  # fmt: skip
        while left and left[0].lower in skipped:
            left.pop(0)
        return actor_text(left, 0, len(left))

    def _audience_after(self, start: int) -> str:
        at = start
        last = None
        while at < len(self._tokens) and at - start < 24:
            word = self._word(at)
            if (word in NOUNS and NOUNS[word] in PERSON_NOUNS) or word in {
                "enforcement",
                "authorities",
                "ngos",
            }:
                last = at
            elif word in {"on", ";", "in", "to", "during", "about", "(", "."} or word.endswith(
                "ed"
            ):
                break
            at += 1
        return self._without_number(start, last + 1) if last is not None else ""

    def _audience_of(self, at: int) -> str:
        """After the noun: `training for police`, `training to 40 officers`."""
        index = at + 1
        while index < len(self._tokens) and index - at < 18:
            word = self._word(index)
            if word in {"for", "to"} and self._word(index + 1) not in {
                "identify",
                "improve",
                "recognize",
            }:
                found = self._audience_after(index + 1)
                if found:
                    return found
            if word in {";"}:
                break
            index += 1
        return ""

    def _between(self, verb: int, at: int) -> str:
        """`provided police with training`, `gave 30 officers training`."""
        end = at
        while end > verb and self._word(end - 1) in {
            "with",
            "anti-trafficking",
            "specialized",
            "a",
            "-",
        }:
            end -= 1
        words = {self._word(each) for each in range(verb + 1, end)}
        named = (
            any(NOUNS.get(each) in PERSON_NOUNS for each in words)
            or {"police", "authorities"} & words
        )
        return self._without_number(verb + 1, end) if named else ""

    def _agent(self, at: int) -> str:
        for index in range(at + 1, min(at + 16, len(self._tokens))):
            if self._word(index) == "by":
                stop = index + 1
                while stop < len(self._tokens) and self._word(stop) not in END - {"and"} | {
                    "on",
                    "in",
                    ".",
                }:
                    stop += 1
                return actor_text(self._tokens, index + 1, stop)
        return ""

    def _from(self, at: int) -> str:
        for index in range(at + 1, min(at + 12, len(self._tokens))):
            if self._word(index) == "from":
                stop = index + 1
                while stop < len(self._tokens) and self._word(stop) not in END | {"on", "in", "."}:
                    stop += 1
                return actor_text(self._tokens, index + 1, stop)
        return self._agent(at)

    def _topic(self, start: int) -> str:
        """Return what it was on: the words after `on`, a list too."""
        for at in range(start, min(start + 26, len(self._tokens))):
            word = self._word(at)
            if word in {";", "."}:
                break
            if word in {"on", "in", "covering", "regarding", "about"} and self._is_topic(at + 1):
                words: list[str] = []
                index = at + 1
                while index < len(self._tokens) and len(words) < 16:
                    inner = self._word(index)
                    if inner in {
                        ";",
                        "(",
                        ".",
                        "during",
                        "which",
                        "while",
                        "that",
                        "for",
                        "compared",
                        "—",
                    }:
                        break
                    if (
                        any(each.first in (index, index + 1) for each in self._periods)
                        and inner == "in"
                    ):
                        break
                    words.append(self._tokens[index].text)
                    index += 1
                words = without_ends(words, {",", "and", "the", "in", "to"})
                return spaced(words)
        return ""

    def _is_topic(self, at: int) -> bool:
        if any(each.first in (at, at + 1) for each in self._periods):
            return False
        word = self._word(at)
        return word.endswith("ing") or word in {
            "victim", "trafficking", "how", "human", "the", "identification", "indicators",
            "anti-trafficking",
            "proactive", "child", "labor", "proper", "protection", "sex", "case", "interviewing",
            "trauma-informed",
            "best", "forced", "victim-centered", "referral", "screening", "national", "a",
            "standard", "sops", "nrm",
        }  # fmt: skip
