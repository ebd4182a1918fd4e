"""The result of a check of an edition's folder, and the result as text."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tipgraph.text import plural
from tipgraph.validate.report import Location

# After a finding of these kinds, there may be more to find.
UNREADABLE = ("syntax", "unreadable")


@dataclass(frozen=True, order=True)
class EditionFinding:
    """A problem and its place; line and column count from 1, and are 0 if there is none.

    `kind` is `syntax`, `unreadable`, `shape`, `unknown`, `style`, `coverage`, `text`,
    `table` or `draft`.
    """

    path: str
    line: int
    column: int
    kind: str
    message: str

    @classmethod
    def at(cls, place: Location, kind: str, message: str) -> "EditionFinding":
        return cls(place.file, place.line, place.column, kind, message)

    def __str__(self) -> str:
        place = Location(self.path, self.line, self.column)
        return f"{place}: {self.kind}: {' '.join(self.message.split())}"


@dataclass(frozen=True)
class Completeness:
    """The completeness of an edition in the graph.

    `statements` includes `figures`; `covered` counts the sentences that have a statement.
    `coverage` is `complete` or `partial`, as the edition states. `text_checked` says whether the
    quotes were compared with the text.
    """

    statements: int
    figures: int
    citations: int
    sentences: int
    covered: int
    coverage: str
    text_checked: bool


@dataclass(frozen=True)
class CheckResult:
    """The findings for one edition, sorted by place, and its completeness."""

    edition: str
    findings: tuple[EditionFinding, ...]
    completeness: Completeness

    @property
    def readable(self) -> bool:
        """Return whether every file of the folder could be read."""
        return not any(finding.kind in UNREADABLE for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """The result for JSON."""
        return {**asdict(self), "readable": self.readable}

    def as_text(self) -> str:
        """One line for each finding, and a summary."""
        lines = [*map(str, self.findings), "; ".join(self._summary())]
        return "".join(f"{line}\n" for line in lines)

    def _summary(self) -> Iterator[str]:
        found = plural(len(self.findings), "finding") if self.findings else "no findings"
        yield f"{self.edition}: {found}"
        known = self.completeness
        figures = f" ({plural(known.figures, 'figure')})" if known.figures else ""
        statements = f"{plural(known.statements, 'statement')}{figures}"
        yield f"{statements}, {plural(known.citations, 'citation')}"
        extent = "in full" if known.coverage == "complete" else "in part"
        if known.sentences:
            yield f"{known.covered} of {known.sentences} sentences covered, read {extent}"
            if not known.text_checked:
                yield "quotes not compared with the text (use --text FILE)"
        else:
            yield f"no text is pinned, read {extent}"
        if not self.readable:
            yield "some files could not be read, so the checks that need them were left out"
