"""What a number is a part of, where that is given by the way: `33 of 47 presumed victims`."""

from dataclasses import replace

from tipgraph_draft.grammar.builder import RowBuilder
from tipgraph_draft.grammar.phrases import noun_phrase
from tipgraph_draft.grammar.predicates import Predicate
from tipgraph_draft.grammar.rows import Frame, Mention, Scope
from tipgraph_draft.grammar.subjects import PRONOUNS, actor_text
from tipgraph_draft.number_classes import FIGURE, NumberClass
from tipgraph_draft.periods import Period
from tipgraph_draft.words import PAST_SPEECH, SPEECH, VERBS

# Verbs of the clause that a relative clause is in.
MAIN_VERBS = {"were", "was", "lacked", "had", "did", "received", "are"}


class Wholes(RowBuilder):
    """Makes rows and headlines of what a number is a part of."""

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

    def _keep_whole(
        self, mention: Mention, leading: Predicate, period: Period | None, scope: Scope
    ) -> None:
        """Make a headline of the 140 in `Police identified 80 of the 140 victims`, if it is new."""
        phrase, value = mention.of_phrase, mention.partitive_value
        known = self.frame is not None and bool(self.frame.current)
        if known or phrase is None or value is None or not phrase.is_person or not leading.subject:
            return
        at = next(
            each for each in self._found if each.value == value and each.first > mention.number
        )
        whole = Mention(at.first, at.first, phrase.first, value, "", "", "number", phrase, at.start)
        predicate = replace(leading, subject="", speaker="", act="")
        after = (phrase.last + 1, phrase.last + 1)
        row = self._headline_row(whole, predicate, list(phrase.labels), after, period)
        row.rules.append("headline-by-the-way")
        self._keep(row, whole, scope)

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
        if phrase is None or not phrase.is_person or self._word(begin) in MAIN_VERBS:
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
            if word in MAIN_VERBS and seen:
                return index
            seen = seen or word in VERBS
        return stop
