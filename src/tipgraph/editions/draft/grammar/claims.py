"""Attributed claims: who says something, by which act of speech, and how firmly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tipgraph.editions.draft.grammar.subjects import actor_text
from tipgraph.editions.draft.reading import Finding
from tipgraph.editions.draft.tokens import (
    MAX_QUOTED_WORDS,
    Sentence,
    SentenceReader,
    spaced,
    without_ends,
    word_count,
)
from tipgraph.editions.draft.words import (
    AUXILIARIES,
    BE,
    CONCERN,
    HEDGES,
    NOT,
    PAST_SPEECH,
    PAST_VERBS,
    SPEECH,
    SPOKEN_NOUNS,
    UNNAMED_HEDGES,
    VERBS,
)

NOBODY = "unnamed"
TOPIC_WORDS = 8
SPEECH_NOUNS = {"reports", "allegations", "claims"}
ADVERBIALS = {"also", "again", "previously", "repeatedly", "continued", "to", "further", "both",
    "often",
              "have", "has", "had", "never", "still", "once", "publicly", "jointly"}  # fmt: skip
NEEDS_OBJECT = {"expresses", "raises", "voices"}
NOUN_OF_ACT = {
    "recommendation": "recommends", "recommendations": "recommends", "criticism": "criticizes",
    "criticisms": "criticizes", "optimism": "expresses optimism", "doubt": "doubts",
    "doubts": "doubts",
    "questions": "questions", "objections": "objects", "allegations": "alleges",
    "support": "supports",
    "satisfaction": "welcomes", "fear": "expresses fear", "appreciation": "welcomes",
    "regret": "regrets",
    "skepticism": "doubts",
    "frustration": "expresses frustration", "interest": "expresses interest",
}  # fmt: skip
# What cannot speak: the subject of these verbs is then the content, and not the speaker.
NOT_SPEAKERS = {
    "law", "laws", "protocol", "protocols", "code", "shelters'", "it", "this", "there", "which",
    "policy",
    "victims'", "cases", "changes", "legislation", "agreement", "guidelines", "constitution", "act",
    "article", "efforts", "number", "plan", "program",
}  # fmt: skip
CLAUSE = {
    ",",
    ";",
    ":",
    "(",
    ")",
    "—",
    "\u2013",
    "while",
    "but",
    "although",
    "where",
    "however",
    "whereas",
}
PREPOSED = {"according"}
VIEWS = {"view", "opinion", "assessment", "words"}


@dataclass(frozen=True)
class _Speech:
    """A verb of speech: its token, the first of the speaker, and the content from there."""

    verb: int
    start: int
    content: int
    speaker: str
    act: str
    rule: str


def read_claims(sentence: Sentence, taken: Sequence[Finding], known: str = "") -> list[Finding]:
    """The claims of a sentence; what others already read as figures or non-reports is left out.

    `known` is who acted or spoke last, for a pronoun.
    """
    reading = _ClaimReading(sentence, taken, known)
    return list(reading.findings())


class _ClaimReading(SentenceReader):
    """The reading of one sentence."""

    def __init__(self, sentence: Sentence, taken: Sequence[Finding], known: str = "") -> None:
        self._known = known
        self._sentence = sentence
        self._tokens = sentence.tokens
        self._taken = taken
        self._gaps = [
            (each.first, each.last) for each in taken if each.kind in {"non-report", "absence"}
        ]

    def findings(self) -> Iterator[Finding]:
        seen: set[tuple[str, str]] = set()
        speeches = sorted(self._speeches(), key=lambda each: each.verb)
        for at, speech in enumerate(speeches):
            end = self._end(speech, speeches[at + 1 :])
            if self._is_figure(speech, end):
                continue
            finding = self._finding(speech, end)
            key = (finding.speaker, finding.act)
            if key in seen and speech.rule == "claim-hedged":
                continue
            seen.add(key)
            yield finding

    # ── Finding who speaks ──────────────────────────────────────────────────────────────────────

    def _speeches(self) -> Iterator[_Speech]:
        last_speaker, last_start, last_verb, last_content = "", 0, -1, 0
        for at, token in enumerate(self._tokens):
            word = token.lower
            if word == "according" and self._word(at + 1) == "to":
                found = self._according(at)
            elif word in VIEWS and self._is_view(at):
                found = self._viewed(at)
            elif (
                word == "reported"
                and self._word(at + 1) == "that"
                and self._word(at - 2) == "it"
                and (self._word(at - 1) in BE)
            ):
                found = _Speech(at, at - 2, at + 2, NOBODY, "reports", "claim-passive")
            elif (word in SPEECH and self._is_speech(at)) or self._goes_on(at):
                found = self._by_verb(at)
                if found is None and last_verb >= 0 and self._shares_subject(last_verb, at):
                    found = self._shared(at, last_speaker, last_start)
            elif word in UNNAMED_HEDGES:
                found = self._hedged(at)
            elif word in SPEECH_NOUNS:
                found = self._reports(at)
            else:
                found = None
            if found is None or self._in_gap(found):
                continue
            if last_verb >= 0 and self._is_within(last_verb, last_content, found):
                continue
            last_speaker, last_start, last_verb = found.speaker, found.start, found.verb
            last_content = found.content
            yield found

    def _is_within(self, verb: int, content: int, found: _Speech) -> bool:
        """Whether somebody says it within what another says: `Media reported NGOs complained`."""
        if found.rule in {"claim-shared", "claim-passive"} or found.verb <= verb:
            return False
        if (
            found.rule == "claim-hedged"
            and not {";"} & {self._word(at) for at in range(verb, found.verb)}
            and (self._word(verb) == "according")
        ):
            return True
        between = [self._word(at) for at in range(verb + 1, max(found.start, verb + 1))]
        if found.rule == "claim-according" and between[-1:] == [","] and len(between) <= 2:
            return True
        marks = {";", ",", "while", "but", "and", "—"}
        return not marks & set(between) and found.start >= content - 1

    def _in_gap(self, speech: _Speech) -> bool:
        return any(first <= speech.verb <= last for first, last in self._gaps)

    def _goes_on(self, at: int) -> bool:
        """`continued to report`: a form that is often a noun."""
        return (
            self._word(at) in SPOKEN_NOUNS
            and self._word(at - 1) == "to"
            and (self._word(at - 2) in {"continued", "continue", "began"})
        )

    def _is_speech(self, at: int) -> bool:
        """Whether a form of speech is a verb with a subject that says something."""
        word = self._word(at)
        kind = SPEECH[word][1]
        before = self._word(at - 1)
        skipped = at - 1
        while skipped > 0 and (
            self._word(skipped) in ADVERBIALS or self._word(skipped).endswith("ly")
        ):
            skipped -= 1
        if {self._word(each) for each in range(max(0, skipped), at)} & NOT or self._word(
            skipped
        ) in NOT:
            return False
        if kind == "base":
            return (
                before in {"and"}
                or (before == "to" and self._word(at - 2) in {"continued", "continue"})
                or (
                    self._is_plural_subject(at)
                    and word in {"believe", "say", "argue", "allege", "assert", "think"}
                )
            )
        if kind == "gerund":
            return before == "," and word in {"noting", "stating", "claiming", "arguing", "citing",
                "saying",
                                              "reporting", "alleging", "adding", "asserting"} and (
                self._word(at + 1) in {"that", "the", "a", "some", "many"}
                or word == "citing")  # fmt: skip
        if before in {
            "the",
            "of",
            "a",
            "an",
            "no",
            "any",
            "all",
            "most",
            "for",
            "to",
            "other",
            "these",
        }:
            return False
        if self._word(skipped) in BE or before in BE:
            return self._word(at + 1) == "by"
        return kind in {"past", "present"}

    def _is_plural_subject(self, at: int) -> bool:
        return self._word(at - 1).endswith("s") and self._word(at - 2) not in {"the"}

    def _by_verb(self, at: int) -> _Speech | None:
        word = self._word(at)
        act, kind = SPEECH[word] if word in SPEECH else SPOKEN_NOUNS[word]
        if self._word(at - 1) in BE or self._passive(at):
            return self._passive_speech(at, act)
        if kind == "gerund":
            start = 0
            speaker = actor_text(self._tokens, 0, self._without_adverbs(self._first_verb()))
            return _Speech(at, start, at + 1, speaker, act, "claim-participle") if speaker else None
        end = self._without_adverbs(at)
        start = self._subject_start(end)
        if start == end:
            return None
        head = {self._word(each) for each in range(start, end)}
        speaker = self._speaker(start, end)
        if head <= {"they", "it", "she", "he"} and self._known:
            speaker = self._known
        elif head & {"they", "it"} and end - start == 1:
            return None
        if not speaker or (head & NOT_SPEAKERS - {"it"} and not self._is_document(end)):
            return None
        if self._word(end - 1) in NOT_SPEAKERS - {"it"}:
            return None
        return self._with_object(at, start, speaker, act)

    def _is_document(self, end: int) -> bool:
        return self._word(end - 1) in {"report", "study", "reports", "observers", "experts",
            "officials",
                                       "organizations", "ngos", "enforcement",
                                       "authorities"}  # fmt: skip

    def _with_object(self, at: int, start: int, speaker: str, act: str) -> _Speech | None:
        content = at + 1
        window = [self._word(each) for each in range(at + 1, at + 6)]
        if window[:1] == ["to"] and act not in {"calls", "notes"}:
            # `reported to parliament`, `believed to be corrupt`
            return None
        if act in {"expresses", "raises", "voices"}:
            noun = next((each for each in window if each in CONCERN or each in NOUN_OF_ACT), "")
            if not noun:
                return None
            act = "expresses concern" if noun in CONCERN else NOUN_OF_ACT[noun]
            content = at + 1 + window.index(noun) + 1
            if content <= len(self._tokens) and self._word(content) in {"that", "about", "over",
                "regarding",
                                                                        "with", "concerning", "at",
                                                                        "on"}:  # fmt: skip
                content += 1
        elif act == "calls":
            if window[:1] not in (["on"], ["for"], ["upon"]):
                return None
            content = at + 2
        elif act == "notes" and self._word(at).startswith("point"):
            if window[:1] not in (["out"], ["to"]):
                return None
            content = at + 2
        elif (
            act in {"finds", "confirms", "agrees"}
            and window[:1] != ["that"]
            and not (act == "finds" and self._clause_follows(at + 1))
        ):
            return None
        if content < len(self._tokens) and self._word(content) == "that":
            content += 1
        return _Speech(at, start, content, speaker, act, "claim-verb")

    def _clause_follows(self, at: int) -> bool:
        """Whether a clause with a verb of its own follows, not a thing that was found."""
        for index in range(at, min(at + 10, len(self._tokens))):
            word = self._word(index)
            if word in {",", ";"} or self._tokens[index].text[0].isdigit():
                return False
            if word in AUXILIARIES or word.endswith("ed"):
                return index > at
        return False

    def _passive(self, at: int) -> bool:
        return any(self._word(at - back) in BE for back in (1, 2)) and self._word(at + 1) == "by"

    def _passive_speech(self, at: int, act: str) -> _Speech | None:
        """`was criticized by NGOs`, `concerns were raised by experts`."""
        if self._word(at + 1) != "by":
            return None
        stop = at + 2
        while stop < len(self._tokens) and self._word(stop) not in CLAUSE | {
            "about",
            "over",
            "regarding",
            ".",
            "that",
            "for",
            "as",
            "in",
        }:
            stop += 1
        speaker = actor_text(self._tokens, at + 2, stop)
        if act in NEEDS_OBJECT:
            before = {self._word(each) for each in range(max(0, at - 8), at)}
            if not before & CONCERN:
                return None
            act = "expresses concern"
        return _Speech(at, max(0, at - 4), stop, speaker, act, "claim-passive") if speaker else None

    def _without_adverbs(self, at: int) -> int:
        end = at
        while end > 0 and (
            self._word(end - 1) in ADVERBIALS | AUXILIARIES or self._word(end - 1).endswith("ly")
        ):
            end -= 1
        if (
            end > 2
            and self._word(end - 1) == ","
            and self._word(end - 2) in {"however", "also", "meanwhile"}
            and (self._word(end - 3) == ",")
        ):
            return end - 3
        if end > 0 and self._word(end - 1) == "," and end > 1:
            # `The Federal Migration Centre, in its role as rapporteur, noted`.
            opened = max((each for each in range(end - 1) if self._word(each) == ","), default=-1)
            if opened > 0 and self._word(opened + 1) in {
                "in",
                "the",
                "a",
                "an",
                "which",
                "as",
                "including",
                "who",
            }:
                return opened
        return end

    def _subject_start(self, end: int) -> int:
        """Where the noun phrase before a verb begins."""
        at = end
        depth = 0
        while at > 0:
            word = self._word(at - 1)
            if word == ")":
                depth += 1
            elif word == "(":
                if depth == 0:
                    break
                depth -= 1
            elif depth == 0:
                if word in CLAUSE - {"(", ")"}:
                    if word == "," and self._in_list(at, end):
                        at -= 1
                        continue
                    break
                if word == "who" and self._tokens[at - 2].is_word and at > 1:
                    at -= 1
                    continue
                if word in {
                    "that",
                    "which",
                    "who",
                    "because",
                    "when",
                    "if",
                    "as",
                    "whether",
                    "whom",
                }:
                    break
                if word == "change" and self._word(at - 2) == "a":
                    break
                if word == "and" and self._verb_before(at - 1):
                    break
                if word in PAST_SPEECH and self._word(at - 2) not in {"the", "of"}:
                    break
            at -= 1
        while at < end and self._word(at) in {
            "and",
            "a",
            "however",
            "additionally",
            ",",
            "while",
            "moreover",
        }:
            if self._word(at) == "a" and self._word(at + 1) not in {"change"} and at + 1 < end:
                break
            at += 1
        return at

    def _in_list(self, at: int, end: int) -> bool:
        words = [self._word(each) for each in range(at, end)]
        before = [self._word(each) for each in range(max(0, at - 8), at - 1)]
        if "and" not in words or any(each in VERBS or each in AUXILIARIES for each in words):
            return False
        return not any(
            each in VERBS or each in AUXILIARIES or each in {"in", "during"} for each in before
        )

    def _verb_before(self, at: int) -> bool:
        for index in range(at - 1, -1, -1):
            word = self._word(index)
            if word in {";"}:
                return False
            if (
                word in AUXILIARIES
                or (word in VERBS and VERBS[word][1] in {"past", "present"})
                or (word in SPEECH and SPEECH[word][1] in {"past"})
                or word
                in {
                    "received",
                    "could",
                    "lacked",
                    "remained",
                    "continued",
                    "made",
                    "began",
                    "failed",
                }
            ):
                return True
        return False

    def _speaker(self, start: int, end: int) -> str:
        text = actor_text(self._tokens, start, end)
        return text if text and not text[0].isdigit() else ""

    def _first_verb(self) -> int:
        for at in range(len(self._tokens)):
            word = self._word(at)
            if word in AUXILIARIES or (word in PAST_VERBS) or (word in PAST_SPEECH):
                return at
        return 0

    def _shares_subject(self, verb: int, at: int) -> bool:
        """Whether `and noted` goes on with the subject of the verb before it."""
        return self._word(self._without_adverbs(at) - 1) in {"and", ",", "but"} and at > verb

    def _shared(self, at: int, speaker: str, start: int) -> _Speech | None:
        act, _ = SPEECH.get(self._word(at)) or SPOKEN_NOUNS[self._word(at)]
        found = self._with_object(at, start, speaker, act)
        if found is None:
            return None
        return _Speech(
            at, self._without_adverbs(at), found.content, speaker, found.act, "claim-shared"
        )

    def _according(self, at: int) -> _Speech | None:
        """`According to GRETA, …`, or `…, according to NGOs`."""
        stop = at + 2
        while stop < len(self._tokens) and self._word(stop) not in {",", ";", ".", ")", ":"}:
            stop += 1
        if self._word(stop) == "," and stop + 1 < len(self._tokens):
            closing = next((each for each in range(stop + 1, min(stop + 10, len(self._tokens)))
                            if self._word(each) == ","), None)  # fmt: skip
            inner = [self._word(each) for each in range(stop + 1, closing or stop + 1)]
            if (
                closing
                and "and" in inner
                and not any(each in VERBS or each in AUXILIARIES for each in inner)
            ):
                stop = closing
        speaker = actor_text(self._tokens, at + 2, stop)
        if not speaker:
            return None
        opens = at <= 1 or self._word(at - 1) in {";", "and"}
        content = stop + 1 if opens else 0
        return _Speech(at, at, content, speaker, "reports", "claim-according")

    def _is_view(self, at: int) -> bool:
        before = [self._word(at - 2), self._word(at - 1)]
        return before == ["in", "the"] and self._word(at + 1) == "of"

    def _viewed(self, at: int) -> _Speech | None:
        """`In the view of lawyers, …`."""
        stop = at + 2
        while stop < len(self._tokens) and self._word(stop) not in {",", ";", "."}:
            stop += 1
        speaker = actor_text(self._tokens, at + 2, stop)
        if not speaker:
            return None
        content = stop + 1 if at == 2 else 0
        return _Speech(at, at - 2, content, speaker, "believes", "claim-according")

    def _hedged(self, at: int) -> _Speech:
        """`reportedly`: somebody who is not named says so."""
        start = at
        while start > 0 and self._word(start - 1) not in {";", ",", "that"} and at - start < 8:
            start -= 1
        return _Speech(at, start, start, NOBODY, "reports" if self._word(at) != "allegedly"
            else "alleges",
                       "claim-hedged")  # fmt: skip

    def _reports(self, at: int) -> _Speech | None:
        """`There were reports that …`, `amid allegations that …`: nobody is named."""
        if self._word(at + 1) not in {"that", "of"}:
            return None
        before = [self._word(at - back) for back in (1, 2, 3, 4)]
        if not (
            {"were", "are", "have"} & set(before)
            and ("there" in before or self._word(0) == "there")
        ):
            return None
        if "no" in before or "not" in before:
            return None
        act = "alleges" if self._word(at) == "allegations" else "reports"
        return _Speech(at, max(0, at - 3), at + 2, NOBODY, act, "claim-reports")

    # ── Rows ────────────────────────────────────────────────────────────────────────────────────

    def _end(self, speech: _Speech, later: Sequence[_Speech]) -> int:
        """Where the content ends."""
        limit = min(
            (each.start for each in later if each.start > speech.verb), default=len(self._tokens)
        )
        for at in range(speech.verb + 1, limit):
            if self._word(at) == ";":
                return at
        return limit

    def _is_figure(self, speech: _Speech, end: int) -> bool:
        """Whether the content is only a figure, an amount or a non-report."""
        if speech.rule == "claim-according":
            end = len(self._tokens)
        inside = [
            each
            for each in self._taken
            if each.kind in {"figure", "amount", "non-report", "absence", "training"}
            and speech.start <= each.last and each.first <= end
            and (each.first >= speech.verb or speech.rule == "claim-according")
        ]  # fmt: skip
        if speech.act not in {
            "reports",
            "states",
            "notes",
            "says",
            "estimates",
            "claims",
            "alleges",
        }:
            return False
        return any(
            each.kind in {"figure", "amount"} or each.first <= speech.verb + 6 for each in inside
        )

    def _finding(self, speech: _Speech, end: int) -> Finding:
        content = min(max(speech.content, 0), len(self._tokens) - 1)
        topic = self._topic(content, end)
        hedge = next(
            (self._word(at) for at in range(min(speech.start, content), min(end, len(self._tokens)))
             if self._word(at) in HEDGES),
            "",
        )  # fmt: skip
        first, last = self._quote(speech, end)
        return Finding(
            kind="claim",
            sentence=self._sentence,
            first=first,
            last=last,
            place=self._tokens[speech.verb].start,
            indicator=topic,
            period="",
            speaker=speech.speaker,
            act=speech.act,
            qualifier=hedge,
            rules=(speech.rule,),
            confidence="high" if speech.rule == "claim-verb" else "medium",
        )

    def _topic(self, content: int, end: int) -> str:
        words: list[str] = []
        for token in self._tokens[content:end]:
            if token.text in {",", ";", "(", ".", "—"} and len(words) > 2:
                break
            if token.is_word or words:
                words.append(token.text)
            if len(words) == TOPIC_WORDS:
                break
        words = without_ends(
            words,
            {
                "the",
                "of",
                "and",
                "to",
                "a",
                "in",
                "for",
                "that",
                ",",
                ".",
            },
            {"the", "a", "an", "that"},
        )
        return spaced(words)

    def _quote(self, speech: _Speech, end: int) -> tuple[int, int]:
        """The speaker, the verb and what is stated, before them or after."""
        first = max(speech.start, speech.verb - 6)
        last = min(max(speech.verb, end - 1), len(self._tokens) - 1)
        if self._word(speech.start - 1) == "," and (
            speech.rule == "claim-according"
            or not any(each.is_word for each in self._tokens[speech.verb + 1 : end])
        ):
            stated = self._statement_start(speech.start)
            if word_count(self._tokens, stated, last) <= MAX_QUOTED_WORDS:
                first = stated
        return first, last

    def _statement_start(self, at: int) -> int:
        """Where the statement before a speaker begins: `Shelters were full, NGOs reported`."""
        while at > 0 and self._word(at - 1) != ";":
            at -= 1
        return at
