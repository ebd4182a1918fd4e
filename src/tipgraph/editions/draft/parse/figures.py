"""Figures: each count of a tree as a headline, a part of one, or an earlier figure."""

from tipgraph.editions.draft.labels import joined, ordered
from tipgraph.editions.draft.parse.counts import Count, labels_after
from tipgraph.editions.draft.parse.lists import ListReading
from tipgraph.editions.draft.parse.rows import Row, settle_axes
from tipgraph.editions.draft.parse.sites import (
    BASE,
    CHANGE,
    COPULA,
    EXISTENCE,
    OF_ACTIONS,
    PART,
    PRIOR,
    SHARE,
    Site,
    site_of,
)
from tipgraph.editions.draft.parse.tree import Tree
from tipgraph.editions.draft.periods import NOT_STATED
from tipgraph.editions.draft.words import PLACES

LASTING = {"capacity"}
# A word after which the order of numbers decides what they count.
UNSURE = {"respectively"}


class FigureReader:
    """Reads the figures of a text, sentence by sentence; a headline lasts for its paragraph."""

    def __init__(self, edition_year: int | None) -> None:
        self._edition_year = edition_year
        self._paragraph = 0
        self._heads: list[Row] = []
        self._year: int | None = None
        self._doer = ""

    def read(self, tree: Tree) -> list[Row]:
        """The figures of a sentence, those alone that are sure."""
        if tree.sentence.paragraph != self._paragraph:
            self._paragraph, self._heads, self._year = tree.sentence.paragraph, [], None
            self._doer = ""
        reading = _Reading(tree, self._heads, self._edition_year, self._doer)
        rows = reading.rows()
        self._heads = [*self._heads, *(each for each in rows if each.kind == "head")][-20:]
        self._doer = next(
            (each.doer for each in rows if each.doer and not each.is_prior), self._doer
        )
        self._resolve(rows)
        self._set_earlier(rows)
        settle_axes(rows)
        return rows

    def _resolve(self, rows: list[Row]) -> None:
        """Give each row a period: stated, that of its headline or paragraph, assumed, or none."""
        for row in rows:
            if row.period or row.is_prior or row.kind != "head":
                continue
            years = [
                each.year
                for each in rows
                if each.is_prior and each.host is row and each.year is not None
            ]
            if years:
                year = max(years) + 1
                latest = (self._edition_year or year + 1) - 1
                if year in (latest, latest - 1):
                    row.period, row.period_from = str(latest), "assumed"
                else:
                    row.period, row.period_from = str(year), "assumed"
            elif (
                self._year is not None
                and row.action.stage not in {*LASTING, "trained"}
                and (row.noun not in PLACES or row.action.stage == "funded")
            ):
                row.period, row.period_from = str(self._year), "paragraph"
        for row in rows:
            if row.period:
                continue
            above = row.host if row.is_prior else row.parent
            if row.is_prior:
                year = (above.year if above else None) or (self._edition_year or 1) - 1
                row.period = str(year - 1) if row.is_previous and year else NOT_STATED
                row.period_from = "assumed" if row.period != NOT_STATED else ""
            elif above is not None and above.period:
                row.period, row.period_from = above.period, above.period_from
            else:
                row.period = NOT_STATED
        for row in rows:
            if not row.is_prior and row.year is not None and row.host is None:
                self._year = max(row.year, self._year or 0)

    def _set_earlier(self, rows: list[Row]) -> None:
        """A headline of an earlier year belongs to the current one before it."""
        for row in rows:
            if row.is_prior or row.kind != "head" or row.year is None:
                continue
            host = next(
                (
                    each
                    for each in self._heads[::-1]
                    if each is not row
                    and not each.is_prior
                    and each.stage == row.stage
                    and each.unit == row.unit
                    and each.path == row.path
                    and (each.year or 0) > row.year
                    and (not each.doer or not row.doer or each.doer == row.doer)
                ),
                None,
            )
            if host is None:
                continue
            row.is_prior, row.host = True, host
            parts = [each for each in rows if each.parent is row]
            for each in parts:
                each.is_prior = True


class _Reading(ListReading):
    """Reads one sentence."""

    def rows(self) -> list[Row]:
        for count in self._counts:
            for label in labels_after(self._tree, count, self._counts):
                if label not in count.labels:
                    count.labels = ordered(joined(count.labels, label))
        sites = {id(each): site_of(self._tree, each, self._by_node) for each in self._counts}
        # `Compared with 77 victims in 2020, authorities identified 69`: the current figure first.
        leading = []
        for count in self._counts:
            if sites[id(count)].kind != PRIOR:
                break
            leading.append(count)
        if not any(sites[id(each)].kind in OF_ACTIONS for each in self._counts):
            leading = []
        for count in [*self._counts[len(leading) :], *leading]:
            row = self._row(count, sites[id(count)])
            if row is not None:
                self._rows[id(count)] = row
        found = sorted(self._rows.values(), key=lambda each: each.count.first)
        if UNSURE & {self._tree.word(at) for at in range(len(self._tree.tokens))}:
            return []
        return found

    def _row(self, count: Count, site: Site) -> Row | None:
        previous = self._previous(count)
        opened = self._tree.opened[count.first]
        if previous is None and opened >= 0 and self._head is not None:
            previous = self._head
        if site.kind == BASE:
            return self._base(count)
        if site.kind == SHARE:
            return self._share(count, site)
        if site.kind == CHANGE:
            return self._change(count, site)
        own = self._own_period(count)
        if (
            opened >= 0
            and previous is not None
            and not (site.kind in OF_ACTIONS and self._tree.opened[site.node] == opened)
        ):
            return self._in_parentheses(count, opened, own)
        if site.kind in OF_ACTIONS and not self._goes_on(count, site, previous):
            return self._headline(count, site)
        if site.kind == EXISTENCE:
            return self._existing(count)
        if site.kind == PRIOR:
            return self._prior(count, self._current(), own)
        if site.kind == COPULA:
            return self._with_copula(count, site)
        if site.kind == PART:
            return self._listed(count, self._host(site, count), own)
        return self._beside(count, site, previous, own)

    def _goes_on(self, count: Count, site: Site, previous: Row | None) -> bool:
        """Whether a bare number follows the headline of the same verb: `12 victims (9 in 2020)`."""
        return (
            previous is not None
            and count.phrase is None
            and previous.count.phrase is not None
            and previous.action.verb == site.node
            and previous.kind == "head"
        )
