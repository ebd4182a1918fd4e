"""Counts without a verb of counting: `There were 33 victims`, a capacity, an estimate."""

from tipgraph_draft.grammar.builder import RowBuilder
from tipgraph_draft.grammar.complements import complement_at
from tipgraph_draft.grammar.marks import EVENTS, IN_WORDS, PERCENT, WITHOUT_VERB
from tipgraph_draft.grammar.predicates import Predicate
from tipgraph_draft.grammar.rows import Frame, Mention, Row
from tipgraph_draft.grammar.subjects import actor_text, agent_after
from tipgraph_draft.labels import Label
from tipgraph_draft.number_classes import CONVERTED, MONEY
from tipgraph_draft.periods import Period
from tipgraph_draft.words import PLACES


class BareCounts(RowBuilder):
    """Makes the rows of counts without a verb of counting."""

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
            row.doubts.append(IN_WORDS)
            self.frame.rows.append(row)
            return row
        here = [each for each in self._rows if not each.is_prior]
        if phrase.noun == "locations" and here and self._word(mention.first - 1) in {"at", "in"}:
            # `screened 395 persons at 98 locations`
            return self._coordinated_row(mention, phrase, after)
        whole = self._total_of(mention, before, after, period)
        if whole is not None:
            return whole
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
        row.doubts.append(WITHOUT_VERB)
        row.counted_by = counted_by
        self._set_period(row, period)
        frame.rows.append(row)
        return row

    def _total_of(
        self,
        mention: Mention,
        before: tuple[int, int],
        after: tuple[int, int],
        period: Period | None,
    ) -> Row | None:
        """The sum of those before it: `Police found 80 and NGOs 60, for a total of 140 victims`."""
        frame, phrase = self.frame, mention.phrase
        words = [self._word(at) for at in range(*before)]
        if words[-4:] != ["for", "a", "total", "of"] or frame is None or frame.predicate is None:
            return None
        if phrase is None or phrase.noun != frame.noun:
            return None
        row = self._row(mention, list(phrase.labels), frame, after)
        row.counted_by = ""
        row.rules.append("total-of-those-before")
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

    def _counted_thing(self, mention: Mention) -> bool:
        """Whether a number of things is a count: `in each of two cases`, `through two seminars`."""
        phrase = mention.phrase
        before = self._word(mention.first - 1)
        if before == "of" and self._word(mention.first - 2) == "each":
            return True
        return phrase is not None and phrase.noun in EVENTS and before in {
            "during", "in", "through", "of", "following", "after", "at", "into", "to",
        }  # fmt: skip

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
