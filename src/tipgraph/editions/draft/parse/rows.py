"""Rows of figures while they are read, and the axis of parts that stand together."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tipgraph.editions.draft.labels import TOTAL, Label
from tipgraph.editions.draft.parse.actions import Action
from tipgraph.editions.draft.parse.counts import Count
from tipgraph.editions.draft.tokens import Sentence
from tipgraph.editions.draft.words import PRESUMED

SESSIONS = {"sessions", "trainings", "courses", "workshops", "seminars"}


@dataclass(eq=False)
class Row:
    """A figure as it is read; `path` is its part, from the widest label to the narrowest."""

    sentence: Sentence
    count: Count
    words: str
    noun: str
    unit: str
    action: Action
    path: list[Label]
    kind: str
    doer: str = ""
    speaker: str = ""
    act: str = ""
    period: str = ""
    period_from: str = ""
    is_prior: bool = False
    is_previous: bool = False
    host: "Row | None" = None
    parent: "Row | None" = None
    last: int = 0
    rules: list[str] = field(default_factory=list)

    @property
    def indicator(self) -> str:
        return self.action.indicator(self.words)

    @property
    def stage(self) -> str:
        """The stage; what is only presumed is a stage of its own."""
        own = self.action.stage
        if self.noun in SESSIONS and (self.noun == "trainings" or "training" in self.words):
            return "trained"
        plain = {"other", "capacity", "trained", "funded", "confirmed"}
        if PRESUMED & set(self.words.split()) - {"likely"} and own not in plain:
            return f"presumed+{own}"
        return own

    @property
    def year(self) -> int | None:
        tail = self.period.split("/")[-1][:4]
        return int(tail) if tail.isdigit() else None

    @property
    def part(self) -> tuple[str, str]:
        path = self.path or [TOTAL]
        return " / ".join(each.part for each in path), " / ".join(each.axis for each in path)


def settle_axes(rows: Sequence[Row]) -> None:
    """Men and women beside girls, boys or children differ by sex and age."""
    for row in rows:
        if not row.path or row.path[-1].part not in {"men", "women", "children"}:
            continue
        beside = {each.path[-1].part for each in rows
                  if each.path and each.path[:-1] == row.path[:-1]
                  and each.is_prior == row.is_prior}  # fmt: skip
        others = (
            {"girls", "boys", "children"} if row.path[-1].part != "children" else {"men", "women"}
        )
        if beside & others:
            row.path[-1] = Label(row.path[-1].part, "sex and age")
