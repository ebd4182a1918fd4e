"""Counts that belong to a headline: parts, earlier figures, and what goes on like another."""

from tipgraph.editions.draft.labels import Label, labels_in
from tipgraph.editions.draft.parse.actions import action_of, base_of
from tipgraph.editions.draft.parse.counts import PERCENT, Count
from tipgraph.editions.draft.parse.headlines import HeadlineReading
from tipgraph.editions.draft.parse.rows import Row
from tipgraph.editions.draft.parse.sites import BESIDE, LOOSE, Site
from tipgraph.editions.draft.periods import Period

# Words and marks at which the words of a part end.
CLAUSE_ENDS = {",", ";", "(", ".", "while", "who", "compared", "including"}


class ListReading(HeadlineReading):
    """Reads the counts of a sentence that belong to another."""

    def _listed(self, count: Count, host: Row | None, own: Period | None) -> Row | None:
        """A part that is listed: `including 30 women`, `victims, 41 of forced labor`."""
        if host is None:
            return None
        if own is not None and (own.is_earlier or self._is_earlier(own, host)):
            return None if own.is_earlier else self._prior(count, host, own)
        labels = self._own_labels(count)
        if not labels:
            return None
        return self._part(count, host, labels, "parse-part")

    def _with_copula(self, count: Count, site: Site) -> Row | None:
        tree = self._tree
        verb = site.node
        host = self._head
        if tree.relations[verb] == "relcl" and tree.heads[verb] in self._by_node:
            host = self._rows.get(id(self._by_node[tree.heads[verb]]))
        elif host is not None and host.parent is not None:
            host = host.parent
        if host is None:
            return None
        first, end = verb, self._clause_end(verb, count)
        labels = labels_in(tree.tokens, first, end)
        if not labels:
            return None
        return self._part(count, host, labels, "parse-copula")

    def _clause_end(self, verb: int, count: Count) -> int:
        """Where the words of a copula end: at a mark, a clause, or the next count."""
        tree = self._tree
        starts = {each.first for each in self._counts if each is not count}
        for at in range(verb + 1, len(tree.tokens)):
            if at in starts or tree.word(at) in CLAUSE_ENDS:
                return at
            if tree.word(at) == "and" and at + 1 in starts:
                return at
        return len(tree.tokens)

    def _share(self, count: Count, site: Site) -> Row | None:
        """`Women accounted for 41 of the 60 victims`: the subject names the part."""
        tree = self._tree
        subject = next(iter(tree.children(site.node, "nsubj")), None)
        whole = next(
            (
                self._by_node[at]
                for each in tree.children(count.node, "prep")
                for at in tree.subtree(each)
                if at in self._by_node
            ),
            None,
        )
        host = self._head
        if whole is not None:
            host = self._base(whole)
            if host is not None:
                self._rows[id(whole)] = host
        if subject is None or host is None:
            return None
        places = tree.subtree(subject)
        labels = labels_in(tree.tokens, places[0], places[-1] + 1)
        return self._part(count, host, labels, "parse-share") if labels else None

    def _part(self, count: Count, host: Row, labels: list[Label], rule: str) -> Row:
        path = [*host.path, *labels] if not host.is_prior else labels
        row = self._like(host, count, list(dict.fromkeys(path)), "part", rule)
        row.parent = host
        if count.unit == PERCENT:
            row.unit = PERCENT
        agents = [each for each in labels if each.axis == "agent"]
        if agents:
            row.doer = agents[0].part.rpartition("by ")[2]
        if host.is_prior:
            row.is_prior = True
            row.host = self._same_part(row, labels)
            row.period, row.period_from = host.period, host.period_from
            row.path = row.host.path if row.host else labels
        return row

    def _prior(self, count: Count, host: Row | None, own: Period | None) -> Row | None:
        """An earlier figure: it has the part of its own label, else that of its host."""
        if host is None or host.is_prior:
            return None
        labels = self._own_labels(count)
        path = host.path
        if labels and labels != host.path[-len(labels) :]:
            same = [each for each in self._currents() if each.path[-len(labels) :] == labels]
            if same:
                host, path = same[0], same[0].path
            elif host.path:
                return None
            else:
                path = labels
        row = self._like(host, count, list(path), "prior", "parse-prior")
        row.is_prior, row.host = True, host
        if count.qualifier in {"fewer than", "more than", "less than"}:
            # They compare, and say nothing of the number itself.
            count.qualifier = ""
        if count.phrase is not None:
            words, _, unit = self._worded(count)
            if unit != host.unit:
                return None
            row.words = host.words if words == "victims" else words
            verb = next(
                (
                    each
                    for each in self._tree.children(count.node, "acl")
                    if base_of(self._tree, each)
                ),
                None,
            )
            action = action_of(self._tree, verb, "object", count.phrase, verb + 1) if verb else None
            if action is not None and action.words != host.action.words:
                row.action = action
        if own is None:
            own = self._following_period(count)
        if own is None:
            return None
        self._set_period(row, own)
        return row

    def _in_parentheses(self, count: Count, opened: int, own: Period | None) -> Row | None:
        """Earlier figures, parts of a part, or the number of what stands before."""
        tree = self._tree
        before = [each for each in self._rows.values() if each.count.first < opened]
        inside = [each for each in self._rows.values() if each.count.first > opened]
        host = before[-1] if before else self._head
        if host is None:
            return None
        stated = [each for each in tree.periods if tree.opened[each.first] == opened]
        if stated:
            own = own or next((each for each in stated if each.first > count.last), stated[-1])
            if not self._is_earlier(own, host) and not own.is_earlier:
                return None
            return self._prior_in_parentheses(count, host, inside, own, opened)
        labels = self._own_labels(count)
        if labels:
            parent = inside[0].parent if inside and inside[0].parent else host
            return self._part(count, parent, labels, "parse-nested")
        close = next((at for at in range(opened, len(tree.tokens)) if tree.word(at) == ")"), -1)
        if close == count.last + 1:
            return self._counted_before(count, opened)
        return None

    def _prior_in_parentheses(
        self, count: Count, host: Row, inside: list[Row], own: Period, opened: int
    ) -> Row | None:
        """An earlier figure in parentheses: its label decides its host, else its place."""
        labels = self._own_labels(count)
        is_total = count.phrase is not None and count.phrase.noun == "victims"
        if host.path and not labels and not is_total and self._after(host.count) > opened:
            return self._prior_by_place(count, host, inside, own, opened)
        whole = host
        while whole.parent is not None:
            whole = whole.parent
        if inside and not labels and not is_total:
            parts = [each for each in self._currents() if each.parent is host.parent]
            if len(parts) > max(len(inside), 1) and inside[0].host is parts[0]:
                return self._prior(count, parts[len(inside)], own)
        return self._prior(count, whole if labels or not whole.path else host, own)

    def _prior_by_place(
        self, count: Count, host: Row, inside: list[Row], own: Period, opened: int
    ) -> Row | None:
        """`19 adults and seven children (24 and five in 2020)`: the order decides."""
        parts = [each for each in self._currents() if each.kind == "head" and each.path]
        numbers = [each for each in self._counts if self._tree.opened[each.first] == opened]
        if len(numbers) == 1:
            return self._prior(count, host, own)
        return self._prior(count, parts[len(inside)], own) if len(numbers) == len(parts) else None

    def _counted_before(self, count: Count, opened: int) -> Row | None:
        """`from Vietnam (14)`: the words before the parenthesis name the part."""
        tree, host = self._tree, self._head
        first = max((each.end for each in self._counts if each.end <= opened), default=0)
        start = opened
        while start > first and tree.word(start - 1) not in {",", ")", "from", ";", "and"}:
            start -= 1
        labels = labels_in(tree.tokens, start, opened)
        if not labels and tree.tokens[start].is_capitalised:
            # A name alone is that of a country; `labels_in` knows it after `from`.
            labels = [Label(tree.text(range(start, opened)), "nationality")]
        if host is None or len(labels) != 1:
            return None
        if host.sentence is tree.sentence:
            # The first of them was taken for the part of the headline.
            host.path = [each for each in host.path
                         if each.axis != labels[0].axis or each.part == "foreign"]  # fmt: skip
        return self._part(count, host, labels, "parse-counted-before")

    def _beside(
        self, count: Count, site: Site, previous: Row | None, own: Period | None
    ) -> Row | None:
        """What goes on like the count before it: a coordinated headline, part or earlier figure."""
        if previous is None:
            return None
        other = self._by_node.get(site.node)
        beside = self._rows.get(id(other)) if other is not None else None
        opened = self._tree.opened[count.first]
        level = [
            each
            for each in self._rows.values()
            if each.count.first < count.first and self._tree.opened[each.count.first] == opened
        ]
        if beside is None or self._tree.opened[beside.count.first] != opened:
            if not level:
                return None
            beside = level[-1]
        labels = self._own_labels(count)
        if own is not None and own.is_earlier:
            # `and 20 from previous years`: a part, or an earlier figure?
            return None
        if own is not None and self._is_earlier(own, self._whole(beside)):
            return self._prior(count, self._whole(beside), own)
        if beside.is_prior and beside.kind == "prior":
            return self._prior(count, beside.host, own) if own or not labels else None
        if beside.kind == "part" and beside.parent is not None:
            if count.phrase is not None and site.kind == LOOSE and not labels:
                return None
            return self._part(count, beside.parent, labels, "parse-part") if labels else None
        if own is not None and own.text != beside.period:
            return None
        between = self._tree.words(beside.count.end, count.first)
        comma = any(each in {",", ":", ";"} for each in between) or any(
            self._tree.is_dash(at) for at in range(beside.count.end, count.first)
        )
        if labels and not beside.path and comma:
            return self._part(count, beside, labels, "parse-part")
        if site.kind == BESIDE and count.phrase is not None and "and" in between and not comma:
            row = self._like(beside, count, labels, "head", "parse-coordinated")
            row.words, row.noun, row.unit = self._worded(count)
            return row
        return None

    def _host(self, site: Site, count: Count) -> Row | None:
        """The row that a list belongs to: that of a count, or of the verb that governs both."""
        other = self._by_node.get(site.node)
        if other is not None and id(other) in self._rows:
            row = self._rows[id(other)]
            return (
                row.parent
                if row.kind == "part" and self._is_sibling(row, count) and row.parent
                else row
            )
        own = [each for each in self._currents() if each.kind == "head"]
        return next(
            (each for each in reversed(own) if each.action.verb == site.node),
            own[-1] if own else self._head,
        )

    def _is_sibling(self, row: Row, count: Count) -> bool:
        """Whether a count after a part stands beside it: in a list, and not in parentheses."""
        tree = self._tree
        if tree.opened[count.first] != tree.opened[row.count.first]:
            return False
        between = tree.words(row.count.end, count.first)
        return "including" not in between and "whom" not in between

    def _same_part(self, row: Row, labels: list[Label]) -> Row | None:
        return next(
            (each for each in self._currents() if each.path[-len(labels) :] == labels), None
        )
