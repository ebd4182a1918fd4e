"""Counts that are given in another way: derived, by the way, without a verb, as a change."""

from dataclasses import replace
from decimal import Decimal

from tipgraph.editions.draft.grammar.builder import RowBuilder
from tipgraph.editions.draft.grammar.complements import complement_at
from tipgraph.editions.draft.grammar.marks import CHANGES, COUNT_VERBS, EVENTS, PERCENT
from tipgraph.editions.draft.grammar.phrases import noun_phrase
from tipgraph.editions.draft.grammar.predicates import Predicate, predicate_after, predicate_before
from tipgraph.editions.draft.grammar.rows import (
    Around,
    Frame,
    Mention,
    Row,
    Scope,
    compatible,
    unique,
)
from tipgraph.editions.draft.grammar.subjects import PRONOUNS, actor_text, agent_after
from tipgraph.editions.draft.labels import Label, labels_in, ordered
from tipgraph.editions.draft.number_classes import CONVERTED, FIGURE, MONEY, NumberClass
from tipgraph.editions.draft.periods import Period
from tipgraph.editions.draft.words import PAST_SPEECH, PLACES, SPEECH, VERBS, participle, stage


class SpecialCounts(RowBuilder):
    """Makes the rows of counts that are not plainly a headline or a part."""

    def _read_apposition(self, mention: Mention, row: Row, scope: Scope) -> None:
        """`a single victim, a girl from Eritrea`: who the one person is."""
        at = mention.end
        if row.value != 1 or self._word(at) != "," or self._word(at + 1) not in {"a", "an"}:
            return
        stop = self._stop(at + 1)
        labels = ordered(labels_in(self._tokens, at + 2, stop))
        frame = self.frame
        if not labels or frame is None or row not in frame.rows:
            return
        other = replace(row, first=at + 1, last=stop - 1, place=self._tokens[at + 1].start,
                        path=[*row.path, *labels], is_derived=True, rules=["derived-apposition"],
                        doubts=[], parent=row)  # fmt: skip
        frame.rows.append(other)
        scope.rows.append(other)
        self._rows.append(other)

    def _divide_zero(self, mention: Mention, row: Row, scope: Scope) -> None:
        """`did not identify any male or labor trafficking victims`: two parts, none of either."""
        phrase, frame = mention.phrase, self.frame
        if mention.kind not in {"no", "any"} or phrase is None or frame is None:
            return
        joints = [at for at in range(phrase.first, phrase.last) if self._word(at) == "or"]
        if len(joints) != 1 or row not in frame.rows:
            return
        first = labels_in(self._tokens, phrase.first, joints[0])
        second = noun_phrase(self._tokens, joints[0] + 1, len(self._tokens))
        if len(first) != 1 or second is None or len(second.labels) != 1 or second.noun != "victims":
            return
        row.path, row.words, frame.words = first, second.text, second.text
        other = replace(row, path=list(second.labels), rules=list(row.rules), parent=row.parent,
                        doubts=list(row.doubts))  # fmt: skip
        frame.rows.append(other)
        scope.rows.append(other)
        self._rows.append(other)

    def _read_numbers_of(self, scope: Scope) -> bool:
        """Read `The numbers of men and women police identified were 2 and 4, respectively`."""
        words = [each.lower for each in self._tokens]
        if words[:1] == ["the"]:
            words = words[1:]
        shift = len(self._tokens) - len(words)
        if words[:2] not in (["numbers", "of"], ["number", "of"]) or "respectively" not in words:
            return False
        verb = next((at for at, each in enumerate(words) if each in {"were", "was"}), None)
        if verb is None:
            return False
        begin, verb = 2 + shift, verb + shift
        last = max((at for at in range(begin, verb) if self._word(at) == "and"), default=begin)
        labels = [
            each for at in range(begin, last + 2) for each in labels_in(self._tokens, at, at + 1)
        ]
        mentions = [each for at, each in sorted(self._mentions.items()) if at > verb]
        predicate = self._relative(last + 2, verb)
        if len(labels) < 2 or len(labels) != len(mentions) or predicate is None:
            return False
        predicate = replace(predicate, complement="")
        frame = Frame("victims", "victims", predicate, predicate.subject, "", "")
        self.frame = frame
        self._frames.append(frame)
        period = self._period_in(last, verb) or self._period_in(verb, len(self._tokens))
        for mention, label in zip(mentions, labels, strict=True):
            row = self._row(mention, [label], frame, (mention.end, mention.end))
            row.rules.append("by-place-in-list")
            self._set_period(row, period)
            frame.rows.append(row)
            self._keep(row, mention, scope)
        return True

    def _read_change(self, scope: Scope) -> bool:
        """Read `The number of victims identified rose from 26 in 2020 to 45 in 2021`.

        The two may change places: `fell to 112 in 2022 from 175 in 2021`.
        """
        at = next((at for at in range(len(self._tokens)) if self._word(at) in CHANGES), None)
        if at is None or self._word(at + 1) not in {"from", "to"}:
            return False
        first, second = self._mentions.get(at + 2), None
        other = "to" if self._word(at + 1) == "from" else "from"
        for start, mention in sorted(self._mentions.items()):
            if start > at + 2 and self._word(start - 1) == other:
                second = mention
                break
        if other == "from":
            first, second = second, first
        number = next((each for each in range(at) if self._word(each) == "number"), None)
        if first is None or second is None or number is None or self._word(number + 1) != "of":
            return False
        phrase = noun_phrase(self._tokens, number + 2, at)
        if phrase is None:
            return False
        after = phrase.last + 1
        predicate, words = predicate_after(self._tokens, after, at), phrase.text
        if predicate is None and phrase.words[0] in VERBS:
            # `The number of identified victims`.
            base = VERBS[phrase.words[0]][0]
            predicate = Predicate(base, participle(base), stage(base))
            words = " ".join(phrase.words[1:])
        agent = agent_after(self._tokens, after, at)
        frame = Frame(words, phrase.noun, predicate, agent, "", "")
        self.frame = frame
        self._frames.append(frame)
        labels = [*phrase.labels, *labels_in(self._tokens, after, at)]
        current = self._row(second, labels, frame, (second.end, second.end))
        earlier = self._row(first, labels, frame, (first.end, first.end))
        earlier.is_prior, earlier.host = True, current
        for row, mention in ((current, second), (earlier, first)):
            following = [each for each in self._periods.values() if each.first > mention.end]
            row.rules.append("change-from-to")
            self._set_period(row, following[0] if following else None)
            frame.rows.append(row)
            self._keep(row, mention, scope)
        return True

    def _all_headline(self, mention: Mention, around: Around) -> Row | None:
        """All of those counted before have something done with them."""
        before, after, own, *_ = around
        frame = self.frame
        base = None
        if frame is not None:
            base = frame.total or self._only_row(frame)
            if mention.value is not None:
                base = next((each for each in frame.current if each.value == mention.value), base)
        leading = predicate_before(self._tokens, *before, None, self._subject, mention.end)
        trailing = predicate_after(self._tokens, *after)
        predicate = leading or trailing
        is_derived = mention.value is None
        if predicate is None or (is_derived and base is None):
            return None
        if leading is not None and leading.subject:
            self._subject = leading.subject
        if is_derived and base is not None:
            mention.value = base.value
        row = self._headline_row(mention, predicate, [], after, own)
        if base is not None and not row.period:
            row.period, row.period_from = base.period, base.period_from
        row.is_derived = is_derived
        row.rules.append("derived-all" if is_derived else "all-of-them")
        return row

    def _keep_base(
        self, mention: Mention, leading: Predicate | None, own: Period | None, scope: Scope
    ) -> None:
        """Make a figure of the 47 in `33 of 47 presumed victims`."""
        phrase, value = mention.of_phrase, mention.partitive_value
        assert phrase is not None
        assert value is not None
        numeral = next(
            each for each in self._found if each.value == value and each.first > mention.number
        )
        base = Mention(
            numeral.first,
            numeral.first,
            phrase.first,
            value,
            "",
            "",
            "number",
            phrase,
            numeral.start,
        )
        stage_name = "presumed" if phrase.is_presumed else "other"
        frame = Frame(phrase.text, phrase.noun, Predicate.bare(stage_name),
                      leading.subject if leading else "", "", "")  # fmt: skip
        row = self._row(base, list(phrase.labels), frame, (phrase.last + 1, phrase.last + 1))
        row.rules.append("base-of-a-part")
        self._set_period(row, own or scope.year)
        frame.rows.append(row)
        self._rows.append(row)
        at = self._by_token[numeral.first]
        self._classes[at] = NumberClass(FIGURE)

    def _introduce_whole(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int], scope: Scope
    ) -> tuple[int, int]:
        """Make a headline of the victims that a number is a part of, where none was given before.

        `41 of the 60 victims authorities identified`, `of the victims police identified, 11 were`.
        Returns the words after the mention without that clause.
        """
        if mention.partitive == "frame":
            known = self.frame.current if self.frame is not None else []
            if any(each.value == mention.partitive_value for each in known):
                return after
            if mention.partitive_value is None and known:
                return after
            phrase, begin = mention.of_phrase, mention.after
        else:
            if self.frame is not None and self.frame.current:
                return after
            start = next((at for at in range(*before) if self._word(at) in {"of", "among"}), None)
            if start is None:
                return after
            begin = start + 1
            while self._word(begin) in {"the", "these", "those", "all"}:
                begin += 1
            phrase = noun_phrase(self._tokens, begin, before[1])
            begin = phrase.last + 1 if phrase else begin
        if phrase is None or not phrase.is_person:
            return after
        stop = self._main_verb(begin, self._stop(begin))
        predicate = self._relative(begin, stop)
        if predicate is None:
            return after
        speech = next((at for at in range(*before) if self._word(at) in PAST_SPEECH), None)
        speaker = actor_text(self._tokens, before[0], speech) if speech is not None else ""
        if speaker and speech is not None:
            subject = speaker if predicate.subject in PRONOUNS else predicate.subject
            act = SPEECH[self._word(speech)][0]
            predicate = replace(predicate, subject=subject, speaker=speaker, act=act)
        period = self._period_in(begin, stop)
        value = mention.partitive_value if mention.partitive == "frame" else None
        whole = Mention(begin, begin, begin, value, "", "", "number", phrase,
                        self._tokens[phrase.first].start)  # fmt: skip
        if value is None:
            words, noun, _ = self._words(whole, predicate, list(phrase.labels))
            self.frame = Frame(
                words, noun, predicate, predicate.subject, predicate.speaker, predicate.act
            )
            self._frames.append(self.frame)
            scope.year = period or scope.year
        else:
            at = next(
                each for each in self._found if each.value == value and mention.number < each.first
            )
            whole.place, whole.first, whole.number = at.start, at.first, at.first
            whole.after = phrase.first
            row = self._headline_row(whole, predicate, list(phrase.labels), (begin, stop), period)
            row.rules.append("headline-by-the-way")
            self._keep(row, whole, scope)
            scope.clause.clear()
            scope.year = period or scope.year
        return (stop, after[1]) if mention.partitive == "frame" and stop <= after[1] else after

    def _main_verb(self, at: int, stop: int) -> int:
        """The place of `were` or another verb after a relative clause, or the stop."""
        seen = False
        for index in range(at, stop):
            word = self._word(index)
            if word in {"were", "was", "lacked", "had", "did", "received", "are"} and seen:
                return index
            seen = seen or word in VERBS
        return stop

    def _subject_part(self, before: tuple[int, int]) -> list[Label]:
        """The part that a subject names: `Women accounted for 41`, `male victims numbered 90`."""
        words = [self._word(at) for at in range(*before)]
        verb = next((at for at, each in enumerate(words) if each in COUNT_VERBS), None)
        if verb is None or any(each in VERBS for each in words[verb + 1 :]):
            return []
        return labels_in(self._tokens, before[0], before[0] + verb)

    def _bare_row(
        self,
        mention: Mention,
        labels: list[Label],
        before: tuple[int, int],
        after: tuple[int, int],
        period: Period | None,
    ) -> Row | None:
        """A count without a verb of ours: `There were 33 victims`, `four dedicated shelters`."""
        phrase = mention.phrase
        if phrase is None or (mention.unit == PERCENT and self.frame is None):
            return None
        if phrase.noun in {"police", "staff"}:
            return None
        if self._word(mention.first - 1) in {"to", "for"} and any(
            each.name in {MONEY, CONVERTED} for each in self._classes
        ):
            return None
        if (
            phrase.noun in {"nationalities", "countries"}
            and self.frame is not None
            and self.frame.rows
            and (self._word(mention.first - 1) in {"from", "of", "representing"})
        ):
            return self._origins(mention, after, period)
        if self._word(mention.first - 1) == "remaining" and self.frame is not None and (
            self.frame.rows and phrase.is_person and not labels
        ):  # fmt: skip
            row = self._row(mention, [Label("remaining", "other")], self.frame, after)
            row.rules.append("part-that-remains")
            row.confidence = "low"
            self.frame.rows.append(row)
            return row
        here = [each for each in self._rows if not each.is_prior]
        if phrase.noun == "locations" and here and self._word(mention.first - 1) in {"at", "in"}:
            # `screened 395 persons at 98 locations`
            return self._coordinated_row(mention, phrase, after)
        words, noun, labels = self._words(mention, None, labels)
        predicate = self._existence(before)
        is_place = noun in PLACES
        same = self.frame
        if predicate is not None and same is not None and same.words == words and same.predicate:
            row = self._headline_row(mention, same.predicate, labels, after, period)
            row.counted_by = row.counted_by or same.counted_by
            row.rules.append("count-as-before")
            return row
        if (
            predicate is None
            and not is_place
            and not phrase.is_person
            and not self._counted_thing(mention)
        ):
            return None
        counted_by = agent_after(self._tokens, *after)
        frame = Frame(words, noun, predicate, counted_by, "", "")
        if not is_place and phrase.is_person:
            self.frame = frame
            self._frames.append(frame)
        row = self._row(mention, labels if phrase.is_person else [], frame, after)
        row.predicate = predicate or Predicate.bare("capacity" if is_place else "other")
        row.rules.append("count-without-verb")
        row.confidence = "low"
        row.counted_by = counted_by
        self._set_period(row, period)
        frame.rows.append(row)
        return row

    def _origins(self, mention: Mention, after: tuple[int, int], period: Period | None) -> Row:
        """The number of nationalities or countries of the victims before it."""
        assert self.frame is not None
        phrase, victims = mention.phrase, (self._rows or self.frame.rows)[-1]
        assert phrase is not None
        of = " of origin" if phrase.noun == "countries" else ""
        frame = Frame(f"{phrase.noun}{of} of {victims.indicator}", phrase.noun,
            Predicate.bare("other"),
                      victims.counted_by, "", "")  # fmt: skip
        row = self._row(mention, [], frame, after)
        row.rules.append("nationalities")
        self._set_period(row, period)
        if not row.period:
            row.period, row.period_from = victims.period, victims.period_from
        frame.rows.append(row)
        return row

    def _estimate(
        self, mention: Mention, before: tuple[int, int], labels: list[Label], period: Period | None
    ) -> Row | None:
        """`Experts estimated that 3,000 children were victims`."""
        at = next(
            (at for at in range(*before) if self._word(at) in {"estimated", "estimates"}), None
        )
        if at is None or mention.phrase is None or not mention.phrase.is_person:
            return None
        start = max(
            (each + 1 for each in range(before[0], at) if self._word(each) in {",", ";"}),
            default=before[0],
        )
        speaker = actor_text(self._tokens, start, at)
        predicate = Predicate("estimate", "estimated", "other", "", speaker, "estimates")
        are_victims = any(each.lower == "victims" for each in self._tokens)
        noun = "victims" if are_victims else mention.phrase.noun
        frame = Frame(noun, noun, predicate, "", speaker, "estimates")
        parts = labels[:1] if are_victims else []
        row = self._row(mention, parts, frame, (mention.end, mention.end))
        row.rules.append("estimate")
        self._set_period(row, period or self._later_period(mention.end))
        self.frame = frame
        frame.rows.append(row)
        return row

    def _capacity(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int]
    ) -> Row | None:
        """`five shelters, with capacity for 120 victims`."""
        words = [self._word(at) for at in range(*before)]
        room = {"capacity", "space", "room"} & set(words)
        if not room or words[-1:] not in (["for"], ["of"], ["to"]) or self._last_places is None:
            return None
        places = self._last_places
        frame = Frame(f"capacity of {places.indicator}", "victims", Predicate.bare("capacity"),
                      places.counted_by, "", "")  # fmt: skip
        row = self._row(mention, [], frame, after)
        row.rules.append("capacity")
        frame.rows.append(row)
        return row

    def _counted_thing(self, mention: Mention) -> bool:
        """Whether a number of things is a count: `in each of two cases`, `through two seminars`."""
        phrase = mention.phrase
        before = self._word(mention.first - 1)
        if before == "of" and self._word(mention.first - 2) == "each":
            return True
        return phrase is not None and phrase.noun in EVENTS and before in {
            "during", "in", "through", "of", "following", "after", "at", "into", "to",
        }  # fmt: skip

    def _none_exist(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int], own: Period | None
    ) -> Row | None:
        """`There were no shelters specifically for male victims`."""
        phrase = mention.phrase
        if phrase is None or phrase.noun not in PLACES or self._existence(before) is None:
            return None
        at = mention.end + (1 if self._word(mention.end).endswith("ly") else 0)
        manner = f" {self._word(mention.end)}" if at > mention.end else ""
        target = complement_at(self._tokens, at)
        words = f"{phrase.text}{manner} {target}".strip()
        frame = Frame(words, phrase.noun, Predicate.bare("capacity"), "", "", "")
        row = self._row(mention, [], frame, after)
        row.rules.append("zero-in-words")
        row.note = "worded 'no'"
        row.doubts.append("zero from the wording, no number printed")
        self._set_period(row, own)
        frame.rows.append(row)
        return row

    def _derived(self, mention: Mention, around: Around) -> Row | None:
        """A figure that other figures give: all, the remainder, half, all but one, the same."""
        _, after, own, scope, parents = around
        frame = self.frame
        if frame is None or not frame.current:
            return None
        parent = parents[-1] or (scope.parent if scope.kind != "main" else None)
        if mention.kind == "all" and mention.value is not None:
            named = [each for each in frame.current if each.value == mention.value]
            parent = named[-1] if named else parent
        if self._word(mention.after - 1) in {"whom", "which"} and scope.rows:
            parent = scope.rows[-1]
        base = parent or frame.total or self._only_row(frame) or self._only_headline(frame)
        if base is None:
            return None
        if mention.kind == "same":
            return self._same_row(mention, base, own, scope)
        labels = self._labels(mention, after)
        if not labels:
            return None
        value = self._derived_value(mention, base, frame, labels)
        if value is None:
            return None
        mention.value = value
        wider = [] if self._is_divided_anew(base) else base.path
        row = self._row(mention, unique([*wider, *labels]), frame, after)
        row.is_derived, row.parent = True, base
        row.first, row.last = mention.first, max(row.last, min(mention.end + 2, after[1] - 1))
        row.period, row.period_from = base.period, base.period_from
        row.rules.append(f"derived-{mention.kind.replace(' ', '-')}")
        row.note = f"derived: {mention.kind} of {base.value:f}"
        frame.rows.append(row)
        return row

    def _derived_value(
        self, mention: Mention, base: Row, frame: Frame, labels: list[Label]
    ) -> Decimal | None:
        if mention.kind == "all":
            return base.value
        if mention.kind == "all but some":
            return base.value - (mention.partitive_value or 1)
        if mention.kind == "half":
            half = base.value / 2
            return half if half == half.to_integral_value() else None
        depth = len(base.path)
        siblings = [
            each
            for each in frame.current
            if each.path[:depth] == base.path and len(each.path) == depth + 1
            and compatible(each.path[depth].axis, labels[0].axis) and each.unit == base.unit
        ]  # fmt: skip
        rest = base.value - sum((each.value for each in siblings), Decimal())
        return rest if siblings and rest >= 0 else None

    def _same_row(
        self, mention: Mention, base: Row, own: Period | None, scope: Scope
    ) -> Row | None:
        frame = self.frame
        assert frame is not None
        period = own or next(
            (each for at, each in self._periods.items() if at >= mention.after), None
        )
        if period is None:
            return None
        base = scope.clause[-1] if scope.clause else base
        mention.value = base.value
        row = self._row(mention, list(base.path), frame, (mention.end, mention.end))
        row.last = period.last
        row.is_derived, row.is_prior, row.host = True, True, base
        row.rules.append("derived-same")
        row.note = f"derived: the same as {base.value:f}"
        self._set_period(row, period)
        frame.rows.append(row)
        return row
