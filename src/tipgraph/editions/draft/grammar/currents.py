"""Current figures: whether a mention is a headline, a part, or another count of the same."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from tipgraph.editions.draft.grammar.complements import complement_at
from tipgraph.editions.draft.grammar.marks import AGENTS, PERCENT, RETURNS
from tipgraph.editions.draft.grammar.phrases import Label, NounPhrase, labels_in, noun_phrase
from tipgraph.editions.draft.grammar.predicates import (
    Predicate,
    predicate_after,
    predicate_before,
    with_shelter,
)
from tipgraph.editions.draft.grammar.priors import EarlierFigures
from tipgraph.editions.draft.grammar.rows import (
    Around,
    Frame,
    Mention,
    Row,
    Scope,
    before_words,
    last_year,
)
from tipgraph.editions.draft.grammar.subjects import actor_text, agent_after
from tipgraph.editions.draft.number_classes import COUNT, OTHER, NumberClass
from tipgraph.editions.draft.tokens import Token
from tipgraph.editions.draft.words import ACTIVE, SPEECH, VERBS, stage

RECOGNIZED = {"official", "recognized", "confirmed", "identified", "registered", "certified"}
OF_WHOM = (("of", "whom"), ("of", "which"))


class CurrentFigures(EarlierFigures):
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
        if trailing is None and leading is None and mention.partitive == "last":
            relative = self._relative(mention.end, after[1])
            trailing = replace(relative, is_finite=True) if relative and relative.subject else None
        if (
            trailing is None
            and leading is None
            and phrase is not None
            and not before_words(self._tokens, before)
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
        agent = self._agent_part(mention, before, after)
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

    def _of_these(self, before: tuple[int, int]) -> bool:
        words = [self._word(at) for at in range(*before)]
        while words and words[0] in {",", "and", "while"}:
            words = words[1:]
        if words[:1] in (["of"], ["among"]) and words[-1:] == [","]:
            return True
        return any(
            words[at] in {"of", "among"} and words[at + 1] in {"these", "those", "them", "the"}
            for at in range(len(words) - 1)
        ) and not any(word in VERBS and VERBS[word][1] == "past" for word in words)

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
        if in_list and self.frame is not None and self._is_same_stage(trailing):
            return None
        if is_partitive and labels and trailing.stage == "other":
            return None
        return trailing

    def _is_done_to_those(self, mention: Mention, leading: Predicate) -> bool:
        """Whether `Of the 96 referrals, the board granted status to 73 persons` is a new count."""
        phrase = mention.phrase
        return (
            phrase is not None
            and phrase.is_person
            and not phrase.labels
            and bool(leading.subject and leading.thing)
            and not self._is_same_stage(leading)
        )

    def _after_insertion(self, mention: Mention) -> Predicate | None:
        """The verb after `Four victims, including two children, entered`."""
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

    def _unlabelled(self, mention: Mention, around: Around) -> Row | None:
        """A further count of the same thing: another agent, another year, a part in words."""
        before, after, period, scope, parents = around
        frame = self.frame
        assert frame is not None
        if mention.unit == PERCENT:
            return None
        other = self._other_complement(mention, after)
        if other is not None:
            new = Frame(frame.words, frame.noun, other, frame.counted_by, frame.speaker, frame.act)
            row = self._row(mention, [], new, after)
            self._set_period(row, period)
            row.rules.append("same-count-other-place")
            new.rows.append(row)
            self._frames.append(new)
            return row
        if (
            period is not None
            and frame.rows
            and not (period.is_earlier and self._word(after[0]) in VERBS)
        ):
            last = frame.rows[-1]
            row = self._row(mention, list(last.path), frame, after)
            self._set_period(row, period)
            row.rules.append("same-count-other-period")
            current = [each for each in frame.current if each.path == row.path]
            year = last_year(row.period)
            known = last_year(current[0].period) if current and current[0].period else None
            if known is None and self._edition_year is not None:
                known = self._edition_year - 1
            if current and year is not None and known is not None and year < known:
                row.is_prior, row.host = True, current[0]
            frame.rows.append(row)
            return row
        phrase = mention.phrase
        if (
            phrase is not None
            and not phrase.is_person
            and phrase.noun != frame.noun
            and scope.kind == "main"
            and (not self._coordinated(before))
        ):
            new = Frame(phrase.text, phrase.noun, Predicate.bare("other"), "", "", "")
            row = self._row(mention, [], new, after)
            row.rules.append("count-without-verb")
            row.confidence = "low"
            new.rows.append(row)
            return row
        if (
            phrase is not None
            and self._coordinated(before)
            and (phrase.noun != "victims" or phrase.is_presumed or _has_status(phrase))
        ):
            coordinated = self._coordinated_row(mention, phrase, after)
            self._set_period(coordinated, period or scope.year)
            return coordinated
        if self._is_aside(mention, phrase, before):
            return None
        part = None if self._elliptical_subject(before) else self._part_in_words(mention, after)
        if part is None:
            subject = self._elliptical_subject(before)
            previous = scope.clause[-1] if scope.clause else None
            if (
                subject
                and previous is not None
                and previous.path
                and previous.path[-1].axis == "agent"
            ):
                by_agent = self._part_row(
                    mention, [Label(subject, "agent")], scope, None, frame, keep=False
                )
                by_agent.counted_by = subject
                return by_agent
            if subject:
                row = self._row(mention, [], frame, after)
                row.counted_by = subject
                row.rules.append("same-count-other-agent")
                frame.rows.append(row)
                return row
            if phrase is not None and self._coordinated(before) and phrase.is_person:
                return self._coordinated_row(mention, phrase, after)
            return None
        row = self._part_row(mention, [part], scope, self._parent(mention, scope, parents),
                             frame, keep=False)  # fmt: skip
        if not row.period:
            self._set_period(row, period or scope.year)
        row.rules.append("part-in-words")
        row.confidence = "low"
        return row

    def _is_aside(
        self, mention: Mention, phrase: NounPhrase | None, before: tuple[int, int]
    ) -> bool:
        """Whether `abuse, including one allegation of theft` is no part of those before it."""
        return (
            not self._rows
            and phrase is None
            and not mention.partitive
            and not self._of_these(before)
            and self._word(mention.first - 1) == "including"
        )

    def _other_complement(self, mention: Mention, after: tuple[int, int]) -> Predicate | None:
        """The predicate of `12 to a state-run shelter` after `referred 37 victims to shelters`."""
        own = self.frame.predicate if self.frame else None
        if own is None or mention.phrase is not None or not own.complement:
            return None
        preposition = own.complement.split()[0]
        if self._word(after[0]) != preposition:
            return None
        found = complement_at(self._tokens, after[0])
        return replace(own, complement=found) if found else None

    def _part_in_words(self, mention: Mention, after: tuple[int, int]) -> Label | None:
        """The part in the source's words, where no axis is known: `two to the airport`."""
        phrase = mention.phrase
        if (
            phrase is not None
            and self.frame is not None
            and phrase.noun == self.frame.noun
            and len(phrase.words) > 1
        ):
            own = [each for each in phrase.words[:-1] if each not in self.frame.words.split()]
            if own:
                return Label(" ".join(own), "other")
        words = [each for each in self._tokens[after[0] : after[1]] if each.is_word]
        place = self._place_in_words([each for each in words if each.lower != "respectively"])
        if place is not None:
            return place
        while words and words[0].lower in {
            "were",
            "was",
            "had",
            "been",
            "of",
            "the",
            "who",
            "in",
            "to",
            "for",
            "whom",
        }:
            words = words[1:]
        words = [each for each in words if each.lower != "respectively"]
        if [each.lower for each in words] == ["both"] and len(self._rows) > 1:
            # `12 of sex trafficking, nine of forced labor, and one of both`
            pair = [each.path[-1] for each in self._rows[-2:] if each.path]
            if len(pair) == len({each.axis for each in pair}) + 1:
                return Label(f"both {pair[0].part} and {pair[1].part}", pair[0].axis)
        if not words or len(words) > 8 or (len(words) == 1 and words[0].lower.endswith("ing")):
            return None
        last = self._rows[-1].path if self._rows else []
        axis = last[-1].axis if last and last[-1].axis == "exploitation" else "other"
        return Label(" ".join(each.text for each in words), axis)

    def _place_in_words(self, words: list[Token]) -> Label | None:
        """`301 in the United Kingdom and 12 in other countries`: a part by place."""
        names = words[2:] if [each.lower for each in words[1:2]] == ["the"] else words[1:]
        while names and names[-1].lower in {"and", "or"}:
            names = names[:-1]
        if not names or words[0].lower != "in" or len(names) > 6:
            return None
        named = all(each.is_capitalised or each.lower in {"and", "of", "the"} for each in names)
        other = names[0].lower == "other" and names[-1].lower in {
            "countries", "provinces", "regions", "states", "cities", "districts", "places",
        }  # fmt: skip
        if not (named or other):
            return None
        article = ["the"] if words[1].lower == "the" else []
        return Label(" ".join(["in", *article, *(each.text for each in names)]), "place")

    def _elliptical_subject(self, before: tuple[int, int]) -> str:
        """`and NGOs 30`: a subject without its verb."""
        start = before[0]
        while start < before[1] and self._word(start) in {",", "and", "while", "but"}:
            start += 1
        if start >= before[1] or before[1] - start > 6:
            return ""
        if not self._tokens[before[1] - 1].is_word or any(
            self._word(at) in VERBS for at in range(start, before[1])
        ):
            return ""
        return actor_text(self._tokens, start, before[1])

    def _agent_part(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int]
    ) -> Label | None:
        """A part by who did it: `30 by police`, `police referred 109 of the victims`."""
        agent = agent_after(self._tokens, *after)
        frame = self.frame
        if agent and frame is not None:
            trailing = predicate_after(self._tokens, *after)
            if trailing is not None:
                return Label(f"{trailing.participle} by {agent}", "agent")
            return Label(agent, "agent")
        if (mention.partitive and self._rows) or self._of_these(before):
            leading = predicate_before(self._tokens, *before, mention.phrase, self._subject)
            if leading is not None and leading.subject:
                return Label(f"{leading.participle} by {leading.subject}", "agent")
        return None

    def _parent(self, mention: Mention, scope: Scope, parents: list[Row | None]) -> Row | None:
        """The figure that a part divides; None for the headline itself."""
        if mention.partitive == "last":
            return scope.rows[-1] if scope.rows else None
        if mention.partitive_value is not None and self.frame is not None:
            named = [each for each in self.frame.current if each.value == mention.partitive_value]
            if named and not named[-1].is_total:
                return named[-1]
        parent = parents[-1]
        verb = self._word(mention.end) in {"were", "was"}
        inner = [each for each in scope.rows if each.parent is parent]
        if len(parents) > 1 and verb and inner and not inner[0].has_verb:
            # A finite verb ends the list without verbs that `including` opened.
            parents.pop()
            return parents[-1]
        return parent


def _has_status(phrase: NounPhrase) -> bool:
    """Whether the words before `victims` say no more than who recognized them: `official`."""
    own = [each.lower() for each in phrase.words[:-1] if each not in {"trafficking", "officially"}]
    return bool(own) and all(each in RECOGNIZED for each in own)
