"""The report on rules: how often each fired, and how often a person agreed."""

from collections.abc import Iterable
from dataclasses import dataclass
from os.path import isfile, join

from tipgraph_draft.candidate import SEPARATOR, Candidate
from tipgraph_draft.folder_draft import DRAFT, REVIEW_FILE, read_candidates
from tipgraph_draft.review_table import read_review

COLUMNS = ("rule", "fired", "accepted", "changed", "rejected", "undecided")


@dataclass
class RuleCount:
    """The counts of a rule: how often it fired, and what a person decided on its rows.

    `accepted` rows were right in every cell, `changed` ones were accepted after a change.
    """

    rule: str
    fired: int = 0
    accepted: int = 0
    changed: int = 0
    rejected: int = 0

    @property
    def undecided(self) -> int:
        return self.fired - self.accepted - self.changed - self.rejected

    def cells(self) -> tuple[str, ...]:
        return tuple(str(getattr(self, each)) for each in COLUMNS)


def report_rules(folder: str) -> list[RuleCount]:
    """The counts of the rules of a folder's draft, the most frequent rule first.

    Raises InputError when the folder has no draft.
    """
    return count_rules(read_candidates(folder), _decisions(join(folder, DRAFT, REVIEW_FILE)))


def count_rules(
    candidates: Iterable[Candidate], decisions: dict[str, tuple[str, str]]
) -> list[RuleCount]:
    """The counts, given the status and the original cells of each reviewed row by id."""
    counts: dict[str, RuleCount] = {}
    for candidate in candidates:
        status, original = decisions.get(candidate.id, ("open", ""))
        for rule in candidate.rule.split(SEPARATOR):
            count = counts.setdefault(rule, RuleCount(rule))
            count.fired += 1
            count.accepted += status == "yes" and not original
            count.changed += status == "yes" and bool(original)
            count.rejected += status == "no"
    return sorted(counts.values(), key=lambda each: (-each.fired, each.rule))


def _decisions(file: str) -> dict[str, tuple[str, str]]:
    """The status and the original of each row of `review.csv`; nothing if there is no such file."""
    rows = read_review(file) if isfile(file) else []
    return {row.id: (row.status, row.original) for row in rows}
