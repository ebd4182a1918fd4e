"""What a look over an edition's folder tells, as plain data."""

from dataclasses import asdict, dataclass
from typing import Any

from tipgraph.validate.report import Place

# Of these kinds are findings that keep the rest from being all that there is to find.
UNREADABLE = ("syntax", "unreadable")


@dataclass(frozen=True, order=True)
class Finding:
    """Something at fault, and where; line and column count from 1, and are 0 where there are none.

    `kind` is `syntax`, `unreadable`, `shape`, `unknown`, `style`, `coverage`, `text` or `table`.
    """

    path: str
    line: int
    column: int
    kind: str
    message: str

    def __str__(self) -> str:
        place = Place(self.path, self.line, self.column)
        return f"{place}: {self.kind}: {' '.join(self.message.split())}"


@dataclass(frozen=True)
class Tally:
    """How far an edition is: figures are statements too, and `covered` are sentences with one.

    `coverage` is `complete` or `partial`, as the edition itself says; `compared` tells whether the
    quotes were held against the text.
    """

    statements: int
    figures: int
    citations: int
    sentences: int
    covered: int
    coverage: str
    compared: bool


@dataclass(frozen=True)
class Checked:
    """The outcome for one edition; the findings are sorted by place."""

    edition: str
    findings: tuple[Finding, ...]
    tally: Tally

    @property
    def readable(self) -> bool:
        """True when all of the folder could be read."""
        return not any(finding.kind in UNREADABLE for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "readable": self.readable}


def finding(place: Place, kind: str, message: str) -> Finding:
    """The finding at this place."""
    return Finding(place.file, place.line, place.column, kind, message)
