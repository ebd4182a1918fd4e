"""The reading of one sentence from left to right, with the scopes within it."""

from tipgraph_draft.grammar.marks import (
    INCLUSION,
    OVERLAPS,
    PERCENT,
    PLAIN_MARKS,
    PRIOR_MARKS,
    ZERO_VERBS,
)
from tipgraph_draft.grammar.parallel_lists import pair_with_agents, pair_with_years
from tipgraph_draft.grammar.parentheses import Parentheses
from tipgraph_draft.grammar.predicates import predicate_before
from tipgraph_draft.grammar.references import References
from tipgraph_draft.grammar.rows import Around, Mention, Row, Scope
from tipgraph_draft.grammar.sentence_forms import SentenceForms
from tipgraph_draft.grammar.subjects import actor_text
from tipgraph_draft.labels import labels_in
from tipgraph_draft.periods import Period
from tipgraph_draft.tokens import place_of
from tipgraph_draft.words import FINITE_VERBS, VERBS


class SentenceFigures(References, SentenceForms, Parentheses):
    """Reads the figures of one sentence."""

    def rows(self) -> list[Row]:
        """The figures in the order in which they are read."""
        main = Scope("main", len(self._tokens), is_prior=False, parent=None)
        begin = self._end_of_leading_comparison()
        if begin:
            # `Compared with 77 victims in 2020, authorities identified 69`: the main clause first.
            self._read_scope(begin, main)
            if self.frame is not None and main.rows:
                earlier = Scope("main", begin, True, None, hosts=[main.rows[0]])
                self._read_scope(2, earlier)
        elif not self._read_change(main) and not self._read_numbers_of(main):
            self._read_scope(0, main)
        pair_with_years(self._rows, self._tokens, list(self._periods.values()))
        pair_with_agents(self._rows, self._tokens)
        self._add_doubts()
        self._add_speaker()
        return self._rows

    def _end_of_leading_comparison(self) -> int:
        """Where the main clause begins after `Compared with … ,`; 0 if nothing is before it."""
        if (self._word(0), self._word(1)) not in {("compared", "with"), ("compared", "to")}:
            return 0
        commas = [at for at in range(2, len(self._tokens)) if self._word(at) == ","]
        return next((at + 1 for at in commas if any(each < at for each in self._mentions)), 0)

    def _add_doubts(self) -> None:
        """Add what the sentence as a whole says against its figures."""
        words = " ".join(each.lower for each in self._tokens)
        if any(each in words for each in OVERLAPS):
            for row in self._rows:
                if row.path:
                    row.doubts.append("categories overlap")
        for row in self._rows:
            row.doubts += [f"typing error in the source: {each}" for each in self._errors]

    def _add_speaker(self) -> None:
        """Let those after `According to` say the figures of the sentence."""
        at = next((at for at in range(len(self._tokens)) if self._word(at) == "according"), None)
        if at is None or self._word(at + 1) != "to":
            return
        stop = place_of(self._tokens, {",", ";", "."}, at + 2)
        speaker = actor_text(self._tokens, at + 2, stop)
        for row in self._rows:
            if speaker and not row.speaker:
                row.speaker, row.act = speaker, "reports"

    def _read_scope(self, start: int, scope: Scope) -> None:
        """Read the mentions from a place to the scope's end, with the scopes within it."""
        index = prefix = start
        base_prior = scope.is_prior
        parents: list[Row | None] = [scope.parent]
        while index < scope.end:
            if index in self.closing:
                has_mentions = self._read_inner(index, scope, parents[-1])
                index = self.closing[index] + 1
                prefix = index if has_mentions else prefix
                continue
            word = self._word(index)
            if word in {";", ":"}:
                scope.is_prior, scope.hosts, scope.clause = base_prior, [], []
                scope.base_labels = []
                parents = [scope.parent]
                if word == ";" and self._divided is not None:
                    parents.append(self._divided)
                if word == ":" and scope.rows:
                    parents = [scope.rows[-1]]
                index = prefix = index + 1
                scope.year = self._fronted_year() if word == ";" else scope.year
                continue
            mention = self._mentions.get(index)
            if mention is not None and mention.number < scope.end:
                split = self._read_mention(mention, prefix, scope, parents)
                index, prefix = max(mention.end, index + 1), split
                continue
            size = self._prior_mark(index, scope)
            if size:
                self._begin_prior(scope, parents)
                index = prefix = index + size
                continue
            size = self._inclusion(index, scope)
            if size:
                last = scope.rows[-1] if scope.rows else None
                if self._word(index) in {"of", "among"} and self._word(index + 1) in {
                    "these", "those"
                }:  # fmt: skip
                    parents = [None]
                elif last is not None:
                    parents = [*parents, last]
                index = prefix = index + size
                continue
            index += 1

    def _read_inner(self, index: int, outer: Scope, parent: Row | None) -> bool:
        """Read a scope in parentheses or between dashes; false if there is no figure in it."""
        end = self.closing[index]
        inner = [at for at in self._mentions if index < at < end]
        if not inner:
            return False
        last = outer.rows[-1] if outer.rows and self._adjoins(outer.rows[-1], index) else None
        is_paren = self._word(index) == "("
        stated = [each for at, each in self._periods.items() if index < at < end]
        earlier = any(self._is_earlier(each, last) for each in stated)
        outside = next((each for each in self._periods.values() if each.last == index - 1), None)
        if (
            len(inner) == 1
            and not stated
            and outside is not None
            and self._is_earlier(outside, last)
            and (
                self._word(outside.first - 1) == "in"
                and self._word(outside.first - 2) in {"than", "as"}
            )
        ):
            # `fewer than in 2018 (22)`
            earlier, stated = True, [outside]
        if is_paren and self._labels_from_before(index, end, inner, outer, parent):
            return True
        kind = "paren" if is_paren else "dash"
        scope = Scope(kind, end, outer.is_prior or (earlier and is_paren), last or parent)
        if scope.is_prior and not outer.is_prior:
            scope.hosts = self._paren_hosts(inner, outer, last)
            scope.parent = None
        if outer.is_prior:
            scope.hosts = [last] if last else outer.hosts
        trailing = [each for each in stated if not each.is_earlier]
        scope.year = trailing[-1] if len(trailing) == 1 and scope.is_prior else None
        self._read_scope(index + 1, scope)
        if kind == "dash" and not scope.is_prior:
            outer.rows.extend(scope.rows)
        return True

    def _adjoins(self, row: Row, index: int) -> bool:
        """Whether nothing but the words of the row stands before an opening mark."""
        return not any(each.text in {";"} for each in self._tokens[max(row.last, 0) : index])

    def _prior_mark(self, index: int, scope: Scope) -> int:
        """The number of words of a mark at this place after which earlier figures follow."""
        if not scope.rows and not (self.frame and self.frame.rows and scope.kind == "main"):
            return 0
        for mark in PRIOR_MARKS:
            if tuple(self._word(index + at) for at in range(len(mark))) != mark:
                continue
            following = self._next_mention(index + len(mark))
            if following is None:
                return 0
            gap = following - index - len(mark)
            if mark in PLAIN_MARKS:
                if not self._is_plain_prior(index, index + len(mark), following, scope):
                    return 0
            elif gap > 14:
                return 0
            return len(mark)
        return 0

    def _is_plain_prior(self, index: int, after: int, following: int, scope: Scope) -> bool:
        """Whether `from 12 in 2019`, `than the 12 victims in 2019` gives an earlier figure."""
        mention = self._mentions[following]
        near = 1 if self._word(index) == "from" else 4
        if following - after > near or mention.unit == PERCENT or not scope.rows:
            return False
        stated = [each for at, each in self._periods.items() if following < at < following + 12]
        last = scope.rows[-1]
        if not any(self._is_earlier(each, last) for each in stated):
            return False
        words = {self._word(at) for at in range(max(0, index - 6), index)}
        change = {"increase", "decrease", "increased", "decreased", "up", "down", "rise", "drop",
                  "decline", "more", "fewer", "less", "higher", "lower", "compared", ",",
                  "reduction"}  # fmt: skip
        return bool(words & change) or self._word(index) in {"double", "twice", "triple"}

    def _begin_prior(self, scope: Scope, parents: list[Row | None]) -> None:
        """The figures that earlier ones after this mark are compared with."""
        scope.is_prior = True
        current = [each for each in scope.clause if not each.is_prior]
        if not current and self.frame is not None:
            current = self.frame.current
        heads = [each for each in current if each.host is None]
        total = next((each for each in reversed(heads) if each.is_total), None)
        if total is not None:
            scope.hosts = [total]
        elif heads and all(each is heads[0] or _is_within(each, heads[0]) for each in heads):
            # `860 foreign victims, including 843 adults, compared with 196`
            scope.hosts = [heads[0]]
        else:
            scope.hosts = current
        del parents[1:]

    def _inclusion(self, index: int, scope: Scope) -> int:
        for words in INCLUSION:
            if tuple(self._word(index + at) for at in range(len(words))) == words:
                following = self._next_mention(index + len(words))
                if following is None or not (scope.rows or self.frame):
                    return 0
                gap = following - index - len(words)
                if words in {("with",), ("included",), ("involving",)} and gap > 0:
                    return 0
                if words == ("with",) and not self._is_with_list(index, following):
                    return 0
                if words[0] in {"of", "among"} and (gap > 3 or self._word(index + 2) in VERBS):
                    return 0
                return len(words) if gap <= 6 else 0
        return 0

    def _is_with_list(self, index: int, following: int) -> bool:
        """Whether `, with 583 in 2020` or `, with five children` adds a part."""
        mention = self._mentions[following]
        if self._word(index - 1) != ",":
            return False
        return mention.phrase is None or bool(mention.phrase.labels)

    def _read_mention(
        self, mention: Mention, prefix: int, scope: Scope, parents: list[Row | None]
    ) -> int:
        """Make the row of a mention; returns where the words before the next one begin."""
        stop = self._next_event(mention.end, scope)
        split = self._split(mention.end, stop, scope)
        number = mention.number + (1 if self._word(mention.number) in ZERO_VERBS else 0)
        before = (prefix, number if mention.kind == "any" else mention.first)
        after = (mention.end, split)
        own = self._period_in(*after) or self._period_past(split)
        leading = self._leading(before)
        if leading is not None:
            scope.year = leading
        if mention.is_reference and not scope.is_prior and self._is_of_all(mention):
            mention.kind, mention.is_reference = "all", False
        if mention.is_reference and not scope.is_prior:
            if self._set_reference(mention, parents, scope, before):
                return mention.end
            return mention.phrase.first if mention.phrase else mention.end
        if self._is_actor(mention):
            return mention.first
        restart = (
            scope.is_prior and scope.kind == "main" and self._restarts(mention, before, after, own)
        )
        if restart:
            scope.is_prior, scope.hosts, scope.clause = False, [], []
            del parents[1:]
        around = Around(before, after, own, scope, parents)
        row = self._prior(mention, around) if scope.is_prior else self._current(mention, around)
        if row is not None and leading is not None and leading.is_earlier:
            self._set_earlier(row)
        if row is not None:
            self._keep(row, mention, scope)
            self._read_apposition(mention, row, scope)
            self._divide_zero(mention, row, scope)
            if not row.period and not row.is_prior and scope.kind == "main":
                self._set_period(row, self._later_period(split))
        return split

    def _next_event(self, at: int, scope: Scope) -> int:
        """The next place at which something else begins."""
        while at < scope.end:
            if at in self._mentions or at in self.closing or self._word(at) in {";", ":", ")"}:
                return at
            if self._prior_mark_ahead(at) or self._inclusion_ahead(at):
                return at
            at += 1
        return scope.end

    def _inclusion_ahead(self, at: int) -> bool:
        words = (self._word(at), self._word(at + 1))
        return words[0] in {"including", "namely", "comprising"} or words in {
            ("of", "whom"), ("of", "which"), ("among", "whom"), ("consisting", "of"),
        }  # fmt: skip

    def _split(self, start: int, stop: int, scope: Scope) -> int:
        """Where the words after a mention end and those before the next one begin."""
        if stop not in self._mentions or stop >= scope.end:
            return stop
        limit = stop
        # `and, in 2019, 30 victims`: the year belongs to what follows.
        leading = self._leading_start(start, stop)
        if leading is not None:
            limit = leading
        candidates = [
            at for at in range(start, limit)
            if self._word(at) == "," or self._word(at) in {"and", "while", "but", "or"}
        ]  # fmt: skip
        verbs = [
            at for at in range(start, limit)
            if self._word(at) in FINITE_VERBS
            and self._word(at - 1) not in {"was", "were", "been", "be"} and at > start
        ]  # fmt: skip
        if verbs:
            earlier = [at for at in candidates if at < verbs[-1]]
            if len(earlier) > 1 and self._joins_subjects(*earlier[-2:]):
                earlier.pop()
            if earlier:
                return self._with_comma(earlier[-1], start)
            return limit if not candidates else self._with_comma(candidates[-1], start)
        if not candidates:
            return limit
        return self._with_comma(candidates[-1], start)

    def _joins_subjects(self, first: int, second: int) -> bool:
        """Whether the second `and` of `, and police and prosecutors identified` is in a subject."""
        opens = self._word(first) in {"while", "but"} or (
            self._word(first) == "and" and self._word(first - 1) == ","
        )
        return (
            opens
            and self._word(second) == "and"
            and 1 < second - first < 6
            and all(
                each.is_word and each.lower not in VERBS
                for each in self._tokens[first + 1 : second]
            )
        )

    def _with_comma(self, at: int, start: int) -> int:
        """The place of a conjunction, or of the comma before it."""
        return at - 1 if at > start and self._word(at - 1) == "," and self._word(at) != "," else at

    def _leading_start(self, start: int, stop: int) -> int | None:
        """Where `in 2019,` begins, right before a mention."""
        for at, period in self._periods.items():
            adjoins = period.last + 1 == stop or (
                period.last + 1 == stop - 1 and self._word(stop - 1) == ","
            )
            leads = self._word(at - 1) in {"in", "during"} and self._word(at - 2) in {",", "and"}
            if start <= at < stop and adjoins and leads:
                return at - 2
        return None

    def _restarts(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int], own: Period | None
    ) -> bool:
        """Whether a new statement on the current period begins after earlier figures."""
        if own is not None and own.year is not None and self._is_earlier(own, self._last_current()):
            return False
        words = [self._word(at) for at in range(*before)]
        leading = self._leading(before)
        if leading is not None and self._is_earlier(leading, self._last_current()):
            return False
        has_conjunction = bool(words) and words[0] in {",", "and", "while", "but"}
        predicate = predicate_before(self._tokens, *before, mention.phrase, self._subject)
        if has_conjunction and predicate is not None:
            return True
        following = self._word(mention.end)
        if not has_conjunction:
            return False
        if self._shared_prior_year(after):
            return False
        labels = list(mention.phrase.labels) if mention.phrase else []
        labels += labels_in(self._tokens, *after)
        same_label = {each.part for row in self._rows if row.is_prior for each in row.path}
        return following in {"were", "was"} and not (
            own is not None or any(each.part in same_label for each in labels)
        )

    def _shared_prior_year(self, after: tuple[int, int]) -> bool:
        """Whether a later year of this clause covers the mention: `30 adults and 16 in 2016`."""
        for at in sorted(self._periods):
            if at >= after[1]:
                stop = any(self._word(each) in {";"} for each in range(after[1], at))
                return (
                    not stop
                    and self._is_earlier(self._periods[at], self._last_current())
                    and (at - after[1] < 14)
                )
        return False

    def _last_current(self) -> Row | None:
        rows = [each for each in self._rows if not each.is_prior]
        return rows[-1] if rows else None


def _is_within(row: Row, whole: Row) -> bool:
    """Whether a row is a part of another."""
    return len(row.path) > len(whole.path) and row.path[: len(whole.path)] == whole.path
