"""The reading of one sentence: its counts and rows, and which period belongs to which."""

from functools import cached_property

from tipgraph.editions.draft.labels import Label
from tipgraph.editions.draft.parse.counts import Count, counts_of
from tipgraph.editions.draft.parse.names import name_of
from tipgraph.editions.draft.parse.rows import Row
from tipgraph.editions.draft.parse.stated import clause_period
from tipgraph.editions.draft.parse.tree import Tree
from tipgraph.editions.draft.periods import NOT_STATED, Period

# Words after which a period is that of an earlier figure, or of another clause.
OF_EARLIER = {"compared", "decrease", "increase", "down", "up", "fewer", "similar", ";"}


class SentenceReading:
    """The counts of a sentence, the rows made of them so far, and the headline that lasts."""

    def __init__(self, tree: Tree, heads: list[Row], edition_year: int | None, doer: str) -> None:
        self._tree = tree
        self._edition_year = edition_year
        self._known_doer = doer
        self._counts = counts_of(tree)
        self._by_node = {each.node: each for each in self._counts}
        for each in self._counts:
            self._by_node |= dict.fromkeys(range(each.first, each.last + 1), each)
        self._rows: dict[int, Row] = {}
        self._head: Row | None = heads[-1] if heads else None

    def _like(self, host: Row, count: Count, path: list[Label], kind: str, rule: str) -> Row:
        """A row with the wording of another."""
        row = Row(
            self._tree.sentence, count, host.words, host.noun, host.unit, host.action, path, kind,
            host.doer, last=count.end - 1,
        )  # fmt: skip
        if count.phrase is None:
            row.last = min(count.end + 3, len(self._tree.tokens) - 1)
        if host.sentence is self._tree.sentence:
            row.speaker, row.act = host.speaker, host.act
            if kind == "head":
                row.period, row.period_from = host.period, host.period_from
        row.rules.append(rule)
        return row

    def _own_labels(self, count: Count) -> list[Label]:
        """The labels of a count; without any, who did it where `by` names them."""
        if count.labels:
            return count.labels
        tree = self._tree
        for each in tree.children(count.node, "prep", "agent", "acl"):
            inner = [each, *tree.children(each, "agent", "prep")]
            by = next((at for at in inner if tree.word(at) == "by"), None)
            noun = next(iter(tree.children(by, "pobj")), None) if by is not None else None
            if noun is not None and each >= count.end:
                name = name_of(tree, noun)
                part = name if by == each else f"{tree.word(each)} by {name}"
                return [Label(part, "agent")]
        return []

    def _previous(self, count: Count) -> Row | None:
        rows = [each for each in self._rows.values() if each.count.first < count.first]
        return rows[-1] if rows else None

    def _currents(self) -> list[Row]:
        return [each for each in self._rows.values() if not each.is_prior]

    def _current(self) -> Row | None:
        """The headline that an earlier figure is compared with: the last of the sentence."""
        own = [each for each in self._currents() if each.kind == "head"]
        return own[-1] if own else self._head

    def _whole(self, row: Row) -> Row:
        """The row that a part belongs to, or the current figure of an earlier one."""
        above = row.parent if row.kind == "part" else row.host if row.is_prior else None
        return above or row

    def _set_period(self, row: Row, period: Period | None) -> None:
        if period is None:
            return
        row.is_previous = period.is_earlier and not period.text
        row.period = period.text
        row.period_from = "sentence" if period.text not in ("", NOT_STATED) else ""

    def _own_period(self, count: Count) -> Period | None:
        """The period after a count, before any other count, clause or mark."""
        tree = self._tree
        following = next((each for each in tree.periods if each.first >= count.end), None)
        if following is None:
            return None
        between = tree.words(count.end, following.first)
        others = [each for each in self._counts if count.end <= each.first < following.first]
        if others or {";", ")", "(", "and", ","} & set(between) or len(between) > 9:
            return None
        return following

    def _following_period(self, count: Count) -> Period | None:
        """The period of the counts after it: `18 and 40 in 2020`."""
        tree = self._tree
        following = next((each for each in tree.periods if each.first >= count.end), None)
        if following is None or ";" in tree.words(count.end, following.first):
            return None
        return following

    def _clause_period(self, count: Count, verb: int) -> Period | None:
        """The period of a headline: that of its clause, and of no earlier figure."""
        return clause_period(self._tree, verb, count.node, lambda each: self._is_taken(each, count))

    @cached_property
    def _owners(self) -> dict[int, Count]:
        """The bare number right before each period, by the place of the period."""
        return {
            own.first: each
            for each in self._counts
            if each.phrase is None and (own := self._own_period(each)) is not None
        }

    def _is_taken(self, period: Period, count: Count) -> bool:
        """Whether another count stands right before the period, or parentheses enclose it."""
        tree = self._tree
        if tree.opened[period.first] != tree.opened[count.first]:
            return True
        owner = self._owners.get(period.first)
        if owner is not None and owner is not count and owner.first > count.first:
            return True
        return bool(OF_EARLIER & set(tree.words(count.end, period.first)))

    def _is_earlier(self, period: Period, host: Row) -> bool:
        if period.is_earlier:
            return True
        year = host.year or ((self._edition_year or 0) - 1 if self._edition_year else None)
        return period.year is not None and year is not None and period.year < year
