"""A finding at one place of a text, before it has an id and is checked."""

from dataclasses import dataclass, field
from decimal import Decimal

from tipgraph_draft.candidate import Kind
from tipgraph_draft.number_classes import NumberClass
from tipgraph_draft.tokens import Sentence


@dataclass(eq=False, kw_only=True)
class Finding:
    """A row as a reader reads it; the quote runs from token `first` to token `last`.

    `place` is the code point of the numeral, or of the word that it begins with. `host` is the
    current figure that an earlier one is compared with. `is_derived` marks a value that other rows
    give, and `inherited` names the cells that come from another sentence.
    """

    kind: Kind
    sentence: Sentence
    first: int
    last: int
    place: int
    indicator: str = ""
    stage: str = ""
    period: str = ""
    period_from: str = ""
    part: str = ""
    axis: str = ""
    value: Decimal | None = None
    unit: str = ""
    counted_by: str = ""
    recipient: str = ""
    qualifier: str = ""
    converted: bool = False
    prior: bool = False
    speaker: str = ""
    act: str = ""
    rules: tuple[str, ...] = ()
    doubts: list[str] = field(default_factory=list)
    note: str = ""
    host: "Finding | None" = None
    is_derived: bool = False
    inherited: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """The findings in a text, and the classes of its numerals by their place."""

    findings: list[Finding]
    classes: dict[int, NumberClass] = field(default_factory=dict)
