"""Mentions: the numbers of a sentence that may be figures, in digits and in other words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tipgraph_draft.grammar.marks import (
    ALL_WORDS,
    PERCENT,
    REST_WORDS,
    ZERO_VERBS,
    closing,
)
from tipgraph_draft.grammar.phrases import noun_phrase
from tipgraph_draft.grammar.predicates import predicate_after
from tipgraph_draft.grammar.rows import Frame, Mention, Row
from tipgraph_draft.labels import labels_in
from tipgraph_draft.noun_phrases import NounPhrase
from tipgraph_draft.number_classes import (
    COUNT,
    DETERMINERS,
    OTHER,
    PERCENTAGE,
    REPEATED,
    NumberClass,
)
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.periods import Period, periods
from tipgraph_draft.tokens import DASHES, Sentence, SentenceReader, Token, place_of
from tipgraph_draft.words import BE, FOUNDING, PAST_SPEECH, QUALIFIERS, VERBS, misspelt

# The words that may stand between `neither`, `nor` and `any`.
MAX_NEITHER = 8
PLURAL = re.compile(r"[a-z-]{3,}[^su\W]s")
# Words that end the search for the subject of a verb before it.
CLAUSE_OPENINGS = {"in", "at", "by", "under", "through", "to", "from", "of", "which", "that", "who"}
# Things that are granted or not.
REQUESTS = {"applications", "requests", "claims", "cases", "referrals"}
# After a number without a noun: `three more than in 2022`.
DIFFERENCES = {("more", "than"), ("fewer", "than"), ("less", "than")}


class MentionFinder(SentenceReader):
    """Finds the mentions of a sentence, and holds what all steps of its reading share."""

    def __init__(
        self,
        sentence: Sentence,
        found: Sequence[Numeral],
        classes: list[NumberClass],
        frame: Frame | None,
        frames: list[Frame],
        edition_year: int | None,
        subject: str,
    ) -> None:
        self._sentence = sentence
        self._errors: list[str] = []
        self._tokens = [self._corrected(each) for each in sentence.tokens]
        self._found = found
        self._classes = classes
        self.frame = frame
        self._frames = frames
        self._edition_year = edition_year
        self._by_token = {each.first: at for at, each in enumerate(found)}
        self._periods = {
            each.first: each
            for each in periods(self._tokens, found, classes)
            if not self._is_aside_year(each)
        }
        self.closing = closing(self._tokens)
        self._has_base = False
        self._mentions = self._find_mentions()
        self._rows: list[Row] = []
        self._subject = subject if self._has_pronoun() else ""
        self._last_places: Row | None = None
        # The part that `Of the 41 children, …` divides to the end of its sentence.
        self._divided: Row | None = None

    def _is_aside_year(self, period: Period) -> bool:
        """Whether a year is of something else: `the shelter, which opened in 2027, assisted 40`."""
        at = period.first
        if self._word(at - 1) in {"its", "their", "a"}:
            return self._word(period.last + 1).isalpha()
        verb = at - 2
        return (
            self._word(at - 1) in {"in", "since"}
            and self._word(verb) in FOUNDING
            and self._word(verb - 1) not in BE
            and not self._counts_before(verb)
        )

    def _counts_before(self, verb: int) -> bool:
        """Whether those counted are the subject of a verb: `12 new shelters opened in 2027`."""
        at = verb - 1
        while at > 0 and self._tokens[at].is_word and self._word(at) not in CLAUSE_OPENINGS:
            at -= 1
        return at in self._by_token

    def _has_pronoun(self) -> bool:
        """Whether the sentence begins with somebody named before."""
        return any(self._word(at) in {"they", "it"} for at in range(min(8, len(self._tokens))))

    def _corrected(self, token: Token) -> Token:
        """The token with the form of a verb that it is a typing error of; its text stays."""
        form = misspelt(token.lower)
        if not form:
            return token
        self._errors.append(token.text)
        return replace(token, lower=form)

    def _find_mentions(self) -> dict[int, Mention]:
        """The mentions by the token at which they begin, with their qualifier."""
        found: dict[int, Mention] = {}
        for at, numeral in enumerate(self._found):
            name = self._classes[at].name
            if name in {COUNT, PERCENTAGE}:
                mention = self._mention(at, numeral)
                if mention is not None:
                    found[mention.first] = mention
        for index in range(len(self._tokens)):
            mention = self._worded(index)
            if mention is not None and mention.first not in found:
                found[mention.first] = mention
        return found

    def _mention(self, at: int, numeral: Numeral) -> Mention | None:
        after = numeral.last + 1
        if (self._word(after), self._word(after + 1)) in DIFFERENCES:
            self._classes[at] = NumberClass(OTHER, "a difference from another number")
            return None
        unit = ""
        if self._classes[at].name == PERCENTAGE:
            unit = PERCENT
            if self._word(after) == "per":
                after += 1
            after += 0 if numeral.rest else 1
            if self._word(after - 1) == "percentage":
                self._classes[at] = NumberClass(PERCENTAGE, "percentage points or share in words")
                return None
        first, qualifier = self._qualifier(numeral.first)
        phrase = self._nationals_abroad(noun_phrase(self._tokens, after, len(self._tokens)))
        if numeral.rest:
            phrase = None
        elif phrase is None and not unit and self._is_unknown_noun(after):
            word = self._tokens[after].lower
            phrase = NounPhrase(after, after, word, is_person=False, words=(word,))
        if numeral.rest == "bed" or (self._word(after), self._word(after + 1)) == ("-", "bed"):
            # `a 35-bed shelter`
            at_bed = after + 1 if self._word(after) == "-" else numeral.first
            beds = NounPhrase(at_bed, at_bed, "beds", is_person=False, words=("beds",))
            return Mention(
                first, numeral.first, after, numeral.value, "", qualifier, "number", beds,
                numeral.start,
            )  # fmt: skip
        if self._is_one_of_several(numeral):
            self._classes[at] = NumberClass(OTHER, "one of several")
            return None
        if numeral.value is None:
            kind = "half" if self._word(numeral.first) == "half" and not numeral.rest else ""
            if kind != "half" or (qualifier and self._word(numeral.last + 1) != "("):
                return None
            half = Mention(
                first, numeral.first, after, None, unit, qualifier, kind, place=numeral.start
            )
            self._take_partitive(half)
            return half
        kind = "number" if numeral.value or self._word(numeral.first) not in {"none"} else "none"
        mention = Mention(
            first, numeral.first, after, numeral.value, unit, qualifier, kind, phrase, numeral.start
        )
        if phrase is not None and phrase.is_person and not numeral.is_whole and not unit:
            mention.value = numeral.value * 1000
            mention.is_misprinted = True
        mention.is_reference = self._is_reference(numeral)
        if phrase is None:
            self._take_partitive(mention)
        return mention

    def _is_one_of_several(self, numeral: Numeral) -> bool:
        """Whether `one of four regional teams` counts nothing."""
        start = numeral.last + 2
        if numeral.value != 1 or self._word(start - 1) != "of" or start not in self._by_token:
            return False
        last = self._found[self._by_token[start]].last
        group = noun_phrase(self._tokens, last + 1, len(self._tokens))
        return group is not None and not group.is_person

    def _nationals_abroad(self, phrase: NounPhrase | None) -> NounPhrase | None:
        """`12 Gambian victims abroad`: whose nationals they are is their wording, and no part."""
        if phrase is None or not any(each.axis == "nationality" for each in phrase.labels):
            return phrase
        at = phrase.last + 1
        for name in (("of", "trafficking"), ("of", "human", "trafficking")):
            if tuple(self._word(at + each) for each in range(len(name))) == name:
                at += len(name)
        at += 1 if self._word(at) in {"exploited", "identified", "subjected"} else 0
        if self._word(at) not in {"abroad", "overseas"}:
            return phrase
        names = tuple(
            each.text
            for each in self._tokens[phrase.first : phrase.last + 1]
            if each.is_capitalised and labels_in([each], 0, 1)
        )
        labels = tuple(each for each in phrase.labels if each.axis != "nationality")
        return replace(phrase, words=(*names, *phrase.words), labels=labels)

    def _is_unknown_noun(self, at: int) -> bool:
        """Whether a plural that no list has is counted: `12 indicators of trafficking`."""
        word = self._word(at)
        return (
            PLURAL.fullmatch(word) is not None
            and not self._tokens[at].is_capitalised
            and word not in VERBS
            and not labels_in(self._tokens, at, at + 1)
            and self._word(at + 1) == "of"
        )

    def _take_partitive(self, mention: Mention) -> None:
        """Let `of whom`, `of the victims` or `of the 91` belong to the number."""
        at = mention.after
        if self._word(at) == "out":
            at += 1
        if self._word(at) != "of":
            return
        word = self._word(at + 1)
        if word in {"whom", "which"}:
            mention.partitive, mention.after = "last", at + 2
            return
        if at + 1 in self._by_token and not mention.unit:
            self._take_base(mention, self._found[self._by_token[at + 1]])
            return
        if mention.unit == PERCENT and (
            group := noun_phrase(self._tokens, at + 1, len(self._tokens))
        ):
            mention.partitive, mention.of_phrase, mention.of_labels = "frame", group, group.labels
            mention.after = group.last + 1
            return
        if word not in {"the", "these", "those", "them", "its", "their"}:
            return
        start = at + 2
        if start in self._by_token:
            inner = self._by_token[start]
            numeral = self._found[inner]
            if self._classes[inner].name == COUNT:
                self._classes[inner] = NumberClass(REPEATED)
            mention.partitive_value = numeral.value
            start = numeral.last + 1
        phrase = noun_phrase(self._tokens, start, len(self._tokens)) if word != "them" else None
        if phrase is None and mention.kind == "none" and PLURAL.fullmatch(self._word(start)):
            # `none of these efforts` are none of those counted.
            return
        mention.partitive = "frame"
        mention.of_labels = phrase.labels if phrase else ()
        mention.of_phrase = phrase
        mention.after = phrase.last + 1 if phrase else start

    def _take_base(self, mention: Mention, numeral: Numeral) -> None:
        """Let `of 47 presumed victims` belong to the number, as what it is a part of."""
        phrase = noun_phrase(self._tokens, numeral.last + 1, len(self._tokens))
        if phrase is None and self._has_base:
            # `214 of 266 requests, compared with 195 of 273 in 2017`
            mention.partitive, mention.partitive_value = "base", numeral.value
            mention.after = numeral.last + 1
            return
        if phrase is None or not (phrase.is_person or phrase.noun in REQUESTS):
            return
        self._has_base = True
        mention.partitive, mention.of_phrase = "base", phrase
        mention.partitive_value, mention.of_labels = numeral.value, phrase.labels
        mention.after = phrase.last + 1

    def _is_reference(self, numeral: Numeral) -> bool:
        """Whether the number is one already given: `the 91 victims`, `of the 91`."""
        before = self._word(numeral.first - 1)
        if before in {"total", "combined"} and self._word(numeral.first - 2) in {"the", "these"}:
            before = "the"
        return before in DETERMINERS

    def _qualifier(self, number: int) -> tuple[int, str]:
        for size in (3, 2, 1):
            words = tuple(self._word(number - size + at) for at in range(size))
            if number - size >= 0 and words in QUALIFIERS:
                if words == ("over",) and self._word(number - 2) in {"increase", "and"}:
                    continue
                if words[-1:] == ("than",) and self._compares(number - size, number):
                    continue
                return number - size, QUALIFIERS[words]
        return number, ""

    def _compares(self, start: int, number: int) -> bool:
        """Whether `fewer than 29 in 2020` compares, and does not qualify the number."""
        before = self._word(start - 1)
        degree = {
            "far",
            "significantly",
            "slightly",
            "much",
            "substantially",
            "considerably",
            "but",
            ",",
        }
        return before in degree and any(number < at < number + 8 for at in self._periods) and any(
            each.first < start for each in self._found
        )  # fmt: skip

    def _worded(self, index: int) -> Mention | None:
        """A number in other words: all, none, no, any after not, the remainder, the same as."""
        word = self._word(index)
        if (
            word in ZERO_VERBS
            and self._word(index - 1) == "not"
            and self._word(index - 2) in {"did", "had"}
        ):
            return self._not_done(index)
        if word not in {"no", "any", "all", "both", "same", *REST_WORDS}:
            return None
        place = self._tokens[index].start
        if word == "no":
            phrase = noun_phrase(self._tokens, index + 1, len(self._tokens))
            if phrase is None or self._word(index + 1) in {"longer", "one"}:
                return None
            return Mention(index, index, index + 1, Decimal(0), "", "", "no", phrase, place)
        if word == "any":
            negated = self._negation(index)
            phrase = noun_phrase(self._tokens, index + 1, len(self._tokens))
            if negated is None or phrase is None:
                return None
            return Mention(negated, index, index + 1, Decimal(0), "", "", "any", phrase, place)
        if word in ALL_WORDS:
            return self._all(index, place)
        if word == "same":
            return self._same(index, place)
        if word == "remaining" and index + 1 in self._by_token:
            return None
        if word == "others" and self._word(index - 1) not in {"the"}:
            return None
        first = index - 1 if self._word(index - 1) == "the" else index
        after = index + 1
        phrase = None
        if word == "remaining":
            phrase = noun_phrase(self._tokens, after, len(self._tokens))
        return Mention(first, index, after, None, "", "", "rest", phrase, place)

    def _not_done(self, verb: int) -> Mention | None:
        """`did not identify foreign victims`: none, though no number and no `any` is printed."""
        if self._word(verb + 1) in {
            "any",
            "the",
            "all",
            "these",
            "a",
            "an",
            "its",
            "their",
            "more",
            "enough",
        }:
            return None
        phrase = noun_phrase(self._tokens, verb + 1, len(self._tokens))
        if (
            phrase is None
            or phrase.last > verb + 6
            or phrase.noun not in {"victims", "permits", "children"}
        ):
            return None
        if (
            phrase.noun == "victims"
            and phrase.text in {"victims", "trafficking victims"}
            and not phrase.labels
        ):
            return None
        return Mention(
            verb - 2, verb, verb + 1, Decimal(0), "", "", "any", phrase, self._tokens[verb].start
        )

    def _negation(self, index: int) -> int | None:
        """The place of `did` in `did not identify any`, of `neither` in `neither … nor …`."""
        if "nor" in (self._word(at) for at in range(max(0, index - MAX_NEITHER), index)):
            for at in range(index - 1, max(-1, index - 2 * MAX_NEITHER), -1):
                if self._word(at) == "neither":
                    return at
        for at in range(index - 1, max(-1, index - 7), -1):
            word = self._word(at)
            if word == "not" and self._word(at - 1) in {"did", "had", "has", "have", "were"}:
                return at - 1
            if word in {",", ";", "("}:
                return None
        return None

    def _all(self, index: int, place: int) -> Mention | None:
        """`all were`, `all of whom`, `all victims were`, `all but one`, `all female`."""
        after = index + 1
        if self._word(after) == "but" and after + 1 in self._by_token:
            numeral = self._found[self._by_token[after + 1]]
            end = numeral.last + 1
            if self._word(end) == "of" and self._word(end + 1) in {"whom", "which", "them"}:
                end += 2
            mention = Mention(index, index, end, None, "", "", "all but some", None, place)
            mention.partitive_value = numeral.value
            return mention
        if self._word(after) in {"of"} and self._word(after + 1) in {"whom", "which", "them"}:
            after += 2
        elif self._word(after) in {"of"} and self._word(after + 1) in {"these", "those", "the"}:
            group = noun_phrase(self._tokens, after + 2, len(self._tokens))
            end = group.last + 1 if group else after + 2
            if self._has_part_predicate(end):
                return Mention(index, index, end, None, "", "", "all", None, place)
            return None
        elif after in self._by_token and self._word(after) not in {"of"}:
            numeral = self._found[self._by_token[after]]
            phrase = noun_phrase(self._tokens, numeral.last + 1, len(self._tokens))
            end = phrase.last + 1 if phrase else numeral.last + 1
            if self._word(end) in {"of"} and self._word(end + 1) in {"whom", "which"}:
                end += 2
            if self._has_part_predicate(end):
                return Mention(index, index, end, numeral.value, "", "", "all", None, place)
            return self._all_of_a_verb(index, end, numeral.value, phrase, place)
        if self._word(index - 1) in {"not", "of", "in", "for", "to", "at", "with", "from", "on"}:
            return None
        if self._word(index) == "both" and self._word(after) not in {"were", "of"} and not (
            index and self._word(index - 1) in {",", "("}
        ):  # fmt: skip
            return None
        phrase = noun_phrase(self._tokens, after, len(self._tokens))
        end = after
        is_bare = phrase is None and self._word(after + 1) in {".", ";", ",", ")"}
        if (
            is_bare
            and self._word(index - 1) in {",", "("}
            and labels_in(self._tokens, after, after + 1)
        ):
            # `46 victims, all foreign`
            return Mention(index, index, after, None, "", "", "all", None, place)
        if phrase is not None and not phrase.labels:
            end = phrase.last + 1
        if self._has_part_predicate(end) or (
            phrase is not None and phrase.labels and self._word(index - 1) in {",", "(", *DASHES}
        ):
            return Mention(index, index, end, None, "", "", "all", None, place)
        return self._all_of_a_verb(index, end, None, phrase, place)

    def _all_of_a_verb(
        self, index: int, end: int, value: Decimal | None, phrase: NounPhrase | None, place: int
    ) -> Mention | None:
        """`referred all to shelters`, `assisted all 12 victims`, `all 48 received assistance`."""
        verb = VERBS.get(self._word(index - 1))
        is_reported = self._word(index - 2) in PAST_SPEECH
        governed = (
            verb is not None
            and (verb[1] == "past" or (verb[1] == "gerund" and is_reported))
            and self._word(index) == "all"
        )
        given = (
            self._word(index - 1) in {"to", "for"}
            and self._word(index) == "all"
            and (value is not None or (phrase is not None and phrase.is_person))
        )
        trailing = None
        if value is not None or phrase is not None:
            trailing = predicate_after(self._tokens, end, self._stop(end))
        if not (governed or given or trailing is not None):
            return None
        if value is None and phrase is not None and (phrase.labels or not phrase.is_person):
            return None
        mention = Mention(index, index, end, value, "", "", "all", phrase, place)
        mention.is_headline = True
        return mention

    def _has_part_predicate(self, at: int) -> bool:
        """Whether `were` and a part follow: `were adults`, `were female`."""
        if self._word(at) not in {"were", "was", "are"}:
            return bool(labels_in(self._tokens, at, min(at + 2, len(self._tokens)))) and (
                self._word(at - 1) in {"whom", "which"}
            )
        end = self._stop(at)
        return bool(labels_in(self._tokens, at, end)) and not (
            predicate_after(self._tokens, at, end, is_strict=True)
        )

    def _stop(self, at: int) -> int:
        """The next mark that ends a clause."""
        return place_of(self._tokens, {",", ";", "(", ")", "—", "\u2013", ":"}, at)

    def _same(self, index: int, place: int) -> Mention | None:
        """`the same number as in 2019`: an earlier figure that is not repeated."""
        at = index + 1
        if self._word(at) == "amount":
            return None
        if self._word(at) in {"number", "total", "figure"}:
            at += 1
        if self._word(at) != "as" or self._word(at + 1) != "in":
            return None
        if at + 2 not in self._periods and self._word(at + 2) != "the":
            return None
        return Mention(index, index, at, None, "", "", "same", None, place)

    def _next_mention(self, index: int) -> int | None:
        following = [at for at, each in self._mentions.items() if at >= index]
        if not following:
            return None
        found = min(following)
        return None if any(self._word(at) == ";" for at in range(index, found)) else found
