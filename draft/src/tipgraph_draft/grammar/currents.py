"""Current figures: whether a mention is a headline, a part, or another count of the same."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from tipgraph_draft.grammar.bare_counts import BareCounts
from tipgraph_draft.grammar.derived import DerivedFigures
from tipgraph_draft.grammar.marks import AGENTS, RETURNS
from tipgraph_draft.grammar.phrases import noun_phrase
from tipgraph_draft.grammar.predicates import (
    Predicate,
    predicate_after,
    predicate_before,
    with_shelter,
)
from tipgraph_draft.grammar.rows import Around, Mention, Row, Scope, before_words
from tipgraph_draft.grammar.subjects import actor_text, agent_after
from tipgraph_draft.grammar.wholes import Wholes
from tipgraph_draft.grammar.worded_parts import WordedParts
from tipgraph_draft.labels import Label, labels_in
from tipgraph_draft.number_classes import COUNT, OTHER, NumberClass
from tipgraph_draft.words import ACTIVE, SPEECH, VERBS, stage

OF_WHOM = (("of", "whom"), ("of", "which"))


class CurrentFigures(WordedParts, DerivedFigures, BareCounts, Wholes):
    """Makes the rows of current figures."""

    def _is_actor(self, mention: Mention) -> bool:
        """Whether the number counts those who do or say something: `One NGO alleged`."""
        phrase = mention.phrase
        if phrase is None or mention.kind != "number" or mention.unit:
            return False
        actors = phrase.noun in AGENTS
        at = mention.end
        while self._word(at) in {"also", "again", "have", "had", "has"} or self._word(at).endswith(
            "ly"
        ):
            at += 1
        word = self._word(at)
        verb = VERBS.get(word)
        acts = (
            verb is not None
            and verb[1] == "past"
            and verb[0] not in ACTIVE
            and self._has_object(at)
        )
        says = word in SPEECH and SPEECH[word][1] in {"past", "present"} and word != "identified"
        places = (
            phrase.noun in {"shelters", "centers", "facilities", "hospitals", "clinics"}
            and mention.value != 1
        )
        governs = actors and self._governs_number(mention.end)
        if (not (actors and (acts or says)) or places) and not governs:
            return False
        index = self._by_token.get(mention.number)
        if index is not None and self._classes[index].name == COUNT:
            self._classes[index] = NumberClass(OTHER, "number of those who act or speak")
        return True

    def _is_destination(self, mention: Mention, after: tuple[int, int]) -> bool:
        """Whether `and nine to Cambodia` names where they were returned to, and no nationality."""
        own = self.frame.predicate if self.frame is not None else None
        return (
            mention.phrase is None
            and own is not None
            and own.base in RETURNS
            and own.complement.startswith("to ")
            and self._word(after[0]) == "to"
        )

    def _governs_number(self, at: int) -> bool:
        """Whether a verb with a number follows: `two shelters in the capital assisted 133`."""
        for index in range(at, at + 7):
            verb = VERBS.get(self._word(index))
            if verb is not None:
                return verb[1] == "past" and verb[0] not in ACTIVE and index + 1 in self._mentions
            if not self._word(index).isalpha() or self._word(index) in {
                "who",
                "that",
                "which",
                "and",
            }:
                return False
        return False

    def _has_object(self, verb: int) -> bool:
        """Whether a verb in the active has an object: a number or a noun, not a preposition."""
        following = self._word(verb + 1)
        return following not in {
            "in",
            "by",
            "to",
            "for",
            "as",
            "at",
            "from",
            "with",
            ",",
            ".",
            "during",
            ";",
            ")",
            "on",
        }

    def _current(self, mention: Mention, around: Around) -> Row | None:
        before, after, own, scope, parents = around
        if mention.kind == "all" and mention.is_headline:
            return self._all_headline(mention, around)
        if mention.kind in {"all", "rest", "half", "all but some", "same"}:
            return self._derived(mention, around)
        before = self._name_compared(mention, before)
        phrase = mention.phrase
        self._return_to(mention.partitive_value)
        if mention.partitive == "frame" or self._of_these(before):
            whole = after
            after = self._introduce_whole(mention, before, after, scope)
            own = own if after == whole else self._period_in(*after)
        labels = self._labels(mention, after)
        if self._is_destination(mention, after):
            labels = []
        subject_labels = self._subject_part(before)
        labels = labels or subject_labels
        leading = (
            None
            if subject_labels
            else predicate_before(self._tokens, *before, phrase, self._subject, mention.end)
        )
        trailing = predicate_after(self._tokens, after[0], after[1])
        if self.frame is not None and phrase is None and self._is_negated(after[0]):
            # `12 were not registered` is a part of those counted before.
            trailing = None
        if leading is None and self.frame is not None:
            leading = self._elided(before)
        if trailing is not None and trailing.is_finite and self._follows_comma(mention, before):
            # `Of the 60 victims identified, only 12 received shelter`
            leading = None
        if trailing is None and leading is None and mention.partitive == "last":
            relative = self._relative(mention.end, after[1])
            trailing = replace(relative, is_finite=True) if relative and relative.subject else None
        if (
            trailing is None
            and leading is None
            and (phrase is None or not before_words(self._tokens, before))
        ):
            trailing = self._after_insertion(mention)
        if leading is not None and leading.subject:
            self._subject = leading.subject
        of_these = self._of_these(before)
        in_list = scope.kind in {"paren", "dash"} or len(parents) > 1 or of_these
        if of_these:
            scope.base_labels = labels_in(self._tokens, *before)
            if not any(self._word(at) in VERBS for at in range(*before)):
                scope.base_labels = [
                    each
                    for each in scope.base_labels
                    if each.axis in {"age", "sex", "exploitation"}
                ]
        if mention.kind in {"no", "any"} and leading is None and trailing is None:
            return self._none_exist(mention, before, after, own)
        speaker = ""
        if leading is not None and trailing is not None and leading.base == "report":
            # `reported 12 children went missing`: the report has a clause of its own.
            trailing = replace(trailing, speaker=leading.subject, act="reports")
            leading = None
        elif leading is not None and leading.base == "report" and mention.partitive:
            speaker, leading = leading.subject, None
        elif leading is not None and leading.base == "report":
            leading = replace(leading, speaker=leading.subject, act="reports")
        if leading is None and trailing is not None and not trailing.speaker:
            trailing = self._with_speaker(trailing, before)
        if mention.partitive == "base" and mention.of_phrase is not None:
            self._keep_base(mention, leading, own, scope)
        if mention.partitive == "frame" and leading is not None:
            self._keep_whole(mention, leading, own or scope.year, scope)
        headline = self._headline(mention, leading, trailing, labels, in_list)
        place = self._place_part(mention, headline)
        if place is not None:
            labels, headline, in_list = [*labels, place], None, True
        elif (
            headline is leading and leading is not None and self._divides_by_agent(mention, leading)
        ):
            labels, headline = [Label(leading.subject, "agent")], None
            in_list = True
        elif (
            headline is leading
            and leading is not None
            and self._continues_agents(mention, leading, scope)
        ):
            labels, headline = [Label(f"{leading.participle} by {leading.subject}", "agent")], None
            in_list = True
        if (
            leading is not None
            and trailing is not None
            and not trailing.is_finite
            and own is not None
            and (leading.base != trailing.base)
        ):
            # `assisted 35 victims identified in 2020`: the year is that of the identification.
            own = None
        period = own or (scope.year if not scope.is_prior else None)
        if headline is not None:
            return self._headline_row(mention, headline, labels, after, period)
        capacity = self._capacity(mention, before, after)
        if capacity is not None:
            return capacity
        estimate = self._estimate(mention, before, labels, period)
        if estimate is not None:
            return estimate
        if self.frame is None or (not labels and phrase is not None and not in_list and
                                  not self._coordinated(before)):  # fmt: skip
            return self._bare_row(mention, labels, before, after, period)
        if mention.kind in {"no", "any"}:
            return None
        agent = self._agent_part(mention, before, after, in_list)
        if not labels and not agent:
            return self._unlabelled(mention, Around(before, after, own, scope, parents))
        if agent and not labels:
            labels = [agent]
        labels = self._unknown_of_siblings(labels, scope)
        if scope.base_labels and labels and not set(scope.base_labels) & set(labels):
            labels = [*scope.base_labels, *labels]
        parent = self._parent(mention, scope, parents)
        if parent is not None and self._is_sibling(mention, labels, parent):
            parent = parent.parent
        row = self._part_row(mention, labels, scope, parent, self.frame, keep=False)
        if row.path and row.path[-1].axis == "agent":
            counter = agent_after(self._tokens, *after) or self._leading_subject(mention, before)
            row.counted_by = counter or row.counted_by
        self._set_period(row, own or period)
        self._cover(row, mention, after)
        if speaker:
            row.speaker, row.act = speaker, "reports"
        return row

    def _follows_comma(self, mention: Mention, before: tuple[int, int]) -> bool:
        """Whether nothing but an adverb stands between a number and a comma before it."""
        at = mention.first - 1
        while self._word(at) in {"only", "just"}:
            at -= 1
        return at > before[0] and self._word(at) == ","

    def _name_compared(self, mention: Mention, before: tuple[int, int]) -> tuple[int, int]:
        """Let a number have the noun of `identified fewer victims, 14 in 2022`.

        Returns the words before that noun.
        """
        comma = mention.first - 1
        if mention.phrase is not None or mention.kind != "number" or self._word(comma) != ",":
            return before
        for at in range(comma - 1, max(before[0], comma - 5), -1):
            if self._word(at) in {"fewer", "more"}:
                named = noun_phrase(self._tokens, at + 1, comma)
                if named is not None and named.last == comma - 1:
                    place = mention.number
                    mention.phrase = replace(named, first=place, last=mention.after - 1)
                    return before[0], at
        return before

    def _is_negated(self, at: int) -> bool:
        return self._word(at) in {"were", "was"} and self._word(at + 1) == "not"

    def _with_speaker(self, predicate: Predicate, before: tuple[int, int]) -> Predicate:
        """The predicate with its speaker: `The ministry reported that 48 victims entered`."""
        that = before[1] - 1
        speech = SPEECH.get(self._word(that - 1), ("", ""))
        if self._word(that) != "that" or that <= before[0] or speech[1] != "past":
            return predicate
        speaker = actor_text(self._tokens, before[0], that - 1)
        return replace(predicate, speaker=speaker, act=speech[0]) if speaker else predicate

    def _is_sibling(self, mention: Mention, labels: list[Label], other: Row) -> bool:
        """Whether `36 of whom were women and 21 of whom were men` divide the same whole."""
        if mention.partitive != "last" or not labels or not other.path:
            return False
        words = [self._word(at) for at in range(other.first, other.last + 1)]
        is_part_too = any(pair in pairwise(words) for pair in OF_WHOM)
        is_same_axis = labels[-1].axis == other.path[-1].axis
        return is_part_too and (is_same_axis or self._word(mention.first - 1) == "and")

    def _unknown_of_siblings(self, labels: list[Label], scope: Scope) -> list[Label]:
        """`51 were unspecified` differs from the parts before it in what they differ in."""
        last = scope.clause[-1] if scope.clause else None
        if (
            len(labels) != 1
            or labels[0].part not in {"unspecified", "unknown"}
            or last is None
            or not last.path
        ):
            return labels
        axis = last.path[-1].axis
        prefix = {"sex": "gender ", "nationality": "nationality ", "age": "age "}.get(axis, "")
        return [Label(f"{prefix}{labels[0].part}", axis)] if axis != "exploitation" else labels

    def _leading_subject(self, mention: Mention, before: tuple[int, int]) -> str:
        leading = predicate_before(self._tokens, *before, mention.phrase, "", mention.end)
        return leading.subject if leading else ""

    def _return_to(self, value: Decimal | None) -> None:
        """Go back to the headline of a number that is divided now: `12 of the 27 victims`."""
        known = self.frame.current if self.frame is not None else []
        if value is None or any(each.value == value for each in known):
            return
        for frame in reversed(self._frames):
            if any(each.value == value for each in frame.current):
                self.frame = frame
                return

    def _elided(self, before: tuple[int, int]) -> Predicate | None:
        """`and short-term shelter to 11`: another thing given by the verb before."""
        own = self.frame.predicate if self.frame is not None else None
        words = [self._word(at) for at in range(*before)]
        if (
            own is None
            or not own.thing
            or not own.is_before
            or words[:1] not in (["and"], [","])
            or len(words) > 9
        ):
            return None
        begin = before[0] + (2 if words[:2] == [",", "and"] else 1)
        if words[-1] not in {"to", "for"} or any(each in VERBS for each in words):
            return None
        thing = " ".join(self._tokens[at].text for at in range(begin, before[1] - 1))
        if not thing:
            return None
        return with_shelter(replace(own, thing=thing, complement="", stage=stage(own.base)))

    def _place_part(self, mention: Mention, headline: Predicate | None) -> Label | None:
        """`66 of these victims in the capital`: a part by place of those of the same stage."""
        if headline is None or mention.partitive != "frame" or not self._is_same_stage(headline):
            return None
        if not headline.complement.startswith("in "):
            return None
        return Label(headline.complement, "place")

    def _divides_by_agent(self, mention: Mention, leading: Predicate) -> bool:
        """Whether `police identified 40` divides the total of the same sentence."""
        frame = self.frame
        total = frame.total if frame is not None else None
        group = mention.of_phrase
        is_of_total = mention.partitive == "frame" and group is not None and "total" in group.words
        return bool(
            mention.phrase is None
            and self._word(mention.first - 1) not in {"additional", "further", "another"}
            and total is not None
            and (is_of_total or (not mention.partitive and total.sentence is self._sentence))
            and self._is_same_stage(leading)
            and leading.subject
            and leading.subject != total.counted_by
            and mention.value is not None
            and mention.value < total.value
        )

    def _continues_agents(self, mention: Mention, leading: Predicate, scope: Scope) -> bool:
        """Whether `and NGOs referred 46` follows `police referred 109 of the victims`."""
        last = scope.clause[-1] if scope.clause else None
        return bool(
            mention.phrase is None
            and last is not None
            and last.path
            and leading.subject
            and last.path[-1].axis == "agent"
            and last.path[-1].part.startswith(f"{leading.participle} by ")
        )

    def _headline(
        self,
        mention: Mention,
        leading: Predicate | None,
        trailing: Predicate | None,
        labels: list[Label],
        in_list: bool,
    ) -> Predicate | None:
        """The predicate that makes a mention a headline, if it is one."""
        is_partitive = bool(mention.partitive)
        if leading is not None and not in_list:
            if is_partitive and self._is_agent_part(leading):
                return None
            return leading
        if leading is not None and self._is_done_to_those(mention, leading):
            return leading
        if trailing is None:
            return None
        if in_list and labels and mention.phrase is None:
            return None
        if labels and self._is_same_stage(trailing) and trailing.complement.startswith("as "):
            # `nine victims identified as LGBTQI+` are a part of those identified.
            return None
        if (
            in_list
            and mention.phrase is None
            and not trailing.is_finite
            and mention.partitive != "last"
        ):
            return None
        if in_list and self._is_same_stage(trailing) and self._is_same_thing(trailing):
            return None
        if is_partitive and labels and trailing.stage == "other":
            return None
        return trailing

    def _is_done_to_those(self, mention: Mention, leading: Predicate) -> bool:
        """Whether `Of the 96 referrals, the board granted status to 73 persons` is a new count."""
        phrase = mention.phrase
        return (
            (phrase is None or (phrase.is_person and not phrase.labels))
            and mention.unit == ""
            and bool(leading.subject and leading.thing)
            and not self._is_same_stage(leading)
        )

    def _after_insertion(self, mention: Mention) -> Predicate | None:
        """The verb after `Four victims, including two children, entered`."""
        if self._word(mention.end) == "(" and mention.phrase is None:
            after = self.closing.get(mention.end, mention.end) + 1
            return predicate_after(self._tokens, after, self._stop(after))
        if self._word(mention.end) != "," or self._word(mention.end + 1) not in {
            "including",
            "all",
            "among",
        }:
            return None
        stop = next(
            (at for at in range(mention.end, len(self._tokens)) if self._word(at) == ";"),
            len(self._tokens),
        )
        for at in range(stop - 1, mention.end + 2, -1):
            if self._word(at) == ",":
                return predicate_after(self._tokens, at + 1, self._stop(at + 1))
        return None

    def _is_agent_part(self, predicate: Predicate) -> bool:
        """Whether `police referred 109 of the victims` divides the count of the same sentence."""
        rows = [each for each in self._rows if not each.is_prior]
        return bool(rows) and predicate.subject != rows[0].counted_by

    def _is_same_stage(self, predicate: Predicate) -> bool:
        own = self.frame.predicate if self.frame else None
        return own is not None and own.base == predicate.base

    def _is_same_thing(self, predicate: Predicate) -> bool:
        """Whether a predicate gives what that of the headline gives, or nothing of its own."""
        own = self.frame.predicate if self.frame else None
        return own is None or not predicate.thing or predicate.thing == own.thing

    def _agent_part(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int], in_list: bool
    ) -> Label | None:
        """A part by who did it: `30 by police`, `police referred 109 of the victims`."""
        agent = agent_after(self._tokens, *after)
        frame = self.frame
        if agent and frame is not None:
            trailing = predicate_after(self._tokens, *after)
            if trailing is not None:
                return Label(f"{trailing.participle} by {agent}", "agent")
            return Label(agent, "agent")
        if (mention.partitive and self._rows) or self._of_these(before) or in_list:
            leading = predicate_before(self._tokens, *before, mention.phrase, self._subject)
            if leading is not None and leading.subject:
                return Label(f"{leading.participle} by {leading.subject}", "agent")
        return None
