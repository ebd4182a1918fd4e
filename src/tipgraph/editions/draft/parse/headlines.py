"""Headlines: counts that have a verb of their own."""

from dataclasses import replace

from tipgraph.editions.draft.labels import labels_in, ordered
from tipgraph.editions.draft.noun_phrases import phrase_to
from tipgraph.editions.draft.parse.actions import action_of, base_of
from tipgraph.editions.draft.parse.counts import PERSONS, Count, span_of
from tipgraph.editions.draft.parse.names import PRONOUNS, name_between
from tipgraph.editions.draft.parse.rows import Row
from tipgraph.editions.draft.parse.sentence import SentenceReading
from tipgraph.editions.draft.parse.sites import Site

# Stages of those who are victims, whatever noun counts them.
OF_VICTIMS = {"identified", "confirmed", "registered", "referred", "assisted", "sheltered",
              "repatriated"}  # fmt: skip


class HeadlineReading(SentenceReading):
    """Reads the counts of a sentence that have a verb of their own."""

    def _headline(self, count: Count, site: Site) -> Row | None:
        """A count with a verb of its own; None where the verb or its object is not sure."""
        tree = self._tree
        verb = site.node
        if tree.children(verb, "neg") and not count.is_zero_in_words:
            return None
        if count.phrase is None and self._head is None:
            return None
        if count.phrase is not None and site.kind == "subject" and not count.phrase.is_person:
            return None
        self._add_exploitation(count, verb)
        action = action_of(tree, verb, site.kind, count.phrase, self._after(count))
        if action is None or (action.words.endswith("reported") and not count.is_zero_in_words):
            return None
        if count.is_zero_in_words and self._is_gap(verb):
            return None
        doer = action.doer
        if doer in PRONOUNS and self._known_doer:
            doer = self._known_doer
        if base_of(tree, verb) == "report" and doer:
            action = replace(action, speaker=doer, act="reports")
        if count.phrase is None:
            head = self._head
            assert head is not None
            if action.complement.startswith("in "):
                # `66 of these victims in the capital`: a part, or where it took place?
                return None
            stated = self._clause_period(count, verb)
            is_same = head.indicator == action.indicator(head.words) and (
                stated is None or stated.text == head.period
            )
            if is_same and head.sentence is tree.sentence:
                return None
            words, noun, unit = head.words, head.noun, head.unit
        else:
            words, noun, unit = self._worded(count, action.stage)
        row = Row(
            tree.sentence,
            count,
            words,
            noun,
            unit,
            action,
            list(count.labels),
            "head",
            doer,
            action.speaker,
            action.act,
            last=count.end - 1,
        )
        row.rules.append(f"parse-{site.kind}")
        self._set_period(row, self._clause_period(count, verb))
        self._head = row
        return row

    def _add_exploitation(self, count: Count, verb: int) -> None:
        """`identified five victims in forced labor`: the form may hang from the verb."""
        for each in self._tree.children(verb, "prep"):
            if each != count.end or self._tree.word(each) != "in":
                continue
            found = labels_in(self._tree.tokens, *span_of(self._tree, each, self._counts))
            if [label.axis for label in found] == ["exploitation"]:
                count.labels = ordered([*count.labels, *found])

    def _is_gap(self, verb: int) -> bool:
        """Whether not reporting, and not identifying, is what is stated."""
        tree = self._tree
        return any(
            tree.children(each, "neg") and base_of(tree, each) == "report"
            for each in (verb, *tree.ancestors(verb))
        )

    def _after(self, count: Count) -> int:
        """The place after a count and the words that name its part."""
        tree, at = self._tree, count.end
        while tree.word(at) == "of":
            node = next(iter(tree.children(at, "pobj", "pcomp")), None)
            if node is None or node in self._by_node:
                break
            at = max(tree.subtree(node, {"prep"})) + 1
        while tree.word(at) == "(":
            close = next(
                (each for each in range(at, len(tree.tokens)) if tree.word(each) == ")"), None
            )
            if close is None:
                break
            at = close + 1
        return at

    def _worded(self, count: Count, stage: str = "identified") -> tuple[str, str, str]:
        """The words of what is counted, its noun, and the unit."""
        phrase = count.phrase
        assert phrase is not None
        words = phrase.text
        if (
            phrase.is_person
            and words.endswith("victims")
            and phrase.noun != "victims"
            and not (set(stage.split("+")) & OF_VICTIMS)
        ):
            # `migrants screened`: who is no victim is counted under the own name.
            count.labels = [each for each in count.labels if each not in phrase.labels]
            return self._tree.text(range(phrase.first, phrase.last + 1)), phrase.noun, count.unit
        if phrase.is_person and self._tree.words(count.end, count.end + 2) == ["of", "trafficking"]:
            words += " of trafficking"
        before = self._tree.word(count.first - 1)
        if before in {"additional", "new"} and before not in words:
            words = f"{before} {words}"
        return words, phrase.noun, count.unit

    def _base(self, count: Count) -> Row | None:
        """`of the 85 victims authorities identified in 2021`: a headline given by the way."""
        tree, noun = self._tree, count.node
        if count.phrase is None:
            return None
        above = tree.heads[noun] if tree.relations[noun] in {"compound", "nmod"} else noun
        verb = next(
            (
                each
                for each in tree.children(above, "relcl", "acl")
                if base_of(tree, each) and each > noun
            ),
            None,
        )
        if verb is None or (tree.word(verb) == "identified" and verb < noun):
            return None
        action = action_of(tree, verb, "object", count.phrase, count.end)
        if action is None:
            return None
        doer = name_between(tree, noun + 1, above + 1) if above != noun else action.doer
        doer = self._known_doer if doer in PRONOUNS and self._known_doer else doer
        words, known, unit = self._worded(count, action.stage)
        speaker = action.speaker, action.act
        row = Row(
            tree.sentence,
            count,
            words,
            known,
            unit,
            action,
            list(count.labels),
            "head",
            doer,
            *speaker,
            last=count.end - 1,
        )
        row.rules.append("parse-by-the-way")
        self._set_period(row, self._clause_period(count, verb))
        self._head = row
        return row

    def _existing(self, count: Count) -> Row | None:
        """`In 2020, there were 14 victims`: the indicator of the headline before it."""
        head = self._head
        if head is None or count.phrase is None or count.phrase.noun != head.noun:
            return None
        row = self._like(head, count, list(count.labels), "head", "parse-existence")
        row.words = head.words
        self._set_period(row, self._clause_period(count, self._tree.heads[count.node]))
        if not row.period:
            return None
        self._head = row
        return row

    def _change(self, count: Count, site: Site) -> Row | None:
        """`The number of victims identified rose from 26 in 2020 to 45 in 2021`."""
        tree = self._tree
        verb = tree.heads[site.node]
        own = self._own_period(count)
        subject = next(iter(tree.children(verb, "nsubj")), None)
        if own is None or subject is None or tree.word(subject) != "number":
            return None
        noun = next(
            (at for each in tree.children(subject, "prep") for at in tree.children(each, "pobj")),
            None,
        )
        done = next(iter(tree.children(noun, "acl")), None) if noun is not None else None
        if noun is None or done is None:
            return None
        phrase = phrase_to(tree.tokens, next(iter(tree.subtree(noun))), noun)
        action = action_of(tree, done, "object", phrase, done + 1)
        if action is None:
            return None
        row = Row(
            tree.sentence,
            count,
            phrase.text,
            phrase.noun,
            PERSONS,
            action,
            list(phrase.labels),
            "head",
            action.doer,
            last=count.end,
        )
        row.rules.append("parse-change")
        self._set_period(row, own)
        return row
