"""Sentences of a form of their own: `The number of victims rose from 26 to 45`."""

from dataclasses import replace

from tipgraph_draft.grammar.builder import RowBuilder
from tipgraph_draft.grammar.marks import CHANGES
from tipgraph_draft.grammar.phrases import noun_phrase
from tipgraph_draft.grammar.predicates import Predicate, predicate_after
from tipgraph_draft.grammar.rows import Frame, Scope
from tipgraph_draft.grammar.subjects import agent_after
from tipgraph_draft.labels import labels_in
from tipgraph_draft.words import VERBS, participle, stage


class SentenceForms(RowBuilder):
    """Reads all figures of a sentence that has such a form."""

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
