"""Numbers given before, and years that cover more than the words around them."""

from tipgraph_draft.grammar.currents import CurrentFigures
from tipgraph_draft.grammar.rows import Mention, Row, Scope
from tipgraph_draft.labels import labels_in
from tipgraph_draft.number_classes import COUNT, OTHER, REPEATED, NumberClass
from tipgraph_draft.periods import Period


class References(CurrentFigures):
    """Resolves what a sentence takes for given."""

    def _set_reference(
        self,
        mention: Mention,
        parents: list[Row | None],
        scope: Scope,
        before: tuple[int, int],
    ) -> bool:
        """A number that was given before; parts that follow are parts of it."""
        at = self._by_token.get(mention.number)
        if at is not None and self._classes[at].name == COUNT:
            known = mention.phrase is not None or self._word(mention.after) in {
                ".",
                ",",
                ";",
                "were",
                "was",
            }
            self._classes[at] = (
                NumberClass(REPEATED) if known else NumberClass(OTHER, "counts something else")
            )
        introduces = self._word(before[1] - 1) in {"of", "among"} or self._word(
            mention.number - 2) in {"of", "among"}  # fmt: skip
        if introduces:
            self._return_to(mention.value)
        given = self.frame.current if self.frame is not None else []
        # `All of the victims were women` repeats the total, and divides nothing.
        named = [each for each in given if each.value == mention.value and not each.is_derived]
        if introduces and named:
            del parents[1:]
            whole = named[-1].is_total or self._is_divided_anew(named[-1])
            parents.append(None if whole else named[-1])
            self._divided = parents[-1]
        elif introduces and mention.phrase is not None and mention.value is not None:
            self._introduce(mention, scope, mention.end)
        elif not given and self._is_divided(mention):
            return self._introduce(mention, scope, mention.end) is not None
        return introduces

    def _is_divided(self, mention: Mention) -> bool:
        """Whether `The 74 victims authorities identified in 2023 included` begins a list."""
        if mention.phrase is None or not mention.phrase.is_person or mention.first > 2:
            return False
        stop = self._next_mention(mention.end)
        return stop is not None and any(
            self._word(at) in {"included", "comprised", "include"}
            for at in range(mention.end, stop)
        )

    def _is_of_all(self, mention: Mention) -> bool:
        """Whether `The three victims were adult women` says of all of them what they are."""
        stop = self._stop(mention.end)
        return (
            mention.phrase is not None
            and not mention.phrase.labels
            and self._word(mention.number - 1) == "the"
            and self._word(mention.end) in {"were", "was"}
            and bool(labels_in(self._tokens, mention.end, stop))
            and self.frame is not None
            and any(each.value == mention.value for each in self.frame.current)
        )

    def _set_earlier(self, row: Row) -> None:
        """`During the previous year, it identified 15 victims`: an earlier figure in its clause."""
        hosts = [
            each
            for frame in reversed(self._frames)
            for each in frame.current
            if each is not row and each.unit == row.unit
        ]
        if row.is_prior or not hosts or "headline-before" not in row.rules:
            return
        row.is_prior = True
        stage = row.predicate.stage if row.predicate else ""
        row.host = next(
            (
                each
                for each in hosts
                if each.path == row.path and each.predicate and stage in each.predicate.stage
            ),
            None,
        )
        row.period, row.period_from, row.note = "", "", "previous year"
        row.rules.append("earlier-headline")

    def _period_past(self, at: int) -> Period | None:
        """The year after parentheses: `33 victims (20 women and 13 men) in 2016`."""
        close = self.closing.get(at)
        if close is None or self._word(at) != "(" or self._word(close + 1) not in {"in", "during"}:
            return None
        return self._periods.get(close + 2)

    def _fronted_year(self) -> Period | None:
        """The year at the head of a sentence that begins with parts: `In 2019, 24 were men; …`."""
        found = self._periods.get(1)
        is_fronted = found is not None and self._word(found.last + 1) == ","
        begins = found is not None and found.last + 2 in self._mentions
        return found if is_fronted and begins and self._word(0) == "in" else None
