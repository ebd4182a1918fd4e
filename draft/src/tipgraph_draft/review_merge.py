"""A new draft beside a review: no decision is lost, and what changed is decided again."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from tipgraph_draft.candidate import PERSON, SEPARATOR, Candidate, Status
from tipgraph_draft.review_table import CONTENT, EDITABLE, changed_cells, machine_reading

# Statuses that are a decision, or put one off on purpose.
DECIDED: tuple[Status, ...] = ("yes", "no", "later")
# Among the doubts of a row: the status that it had before it was `again` or `stale`, and what the
# machine reads now where it read something else then.
WAS = re.compile(r"was (yes|no|later)")
CHANGED = re.compile(r"changed (\w+) from .* to .*", re.DOTALL)


def merge_review(
    reviewed: Iterable[Candidate],
    candidates: Iterable[Candidate],
    before: Iterable[Candidate] | None = None,
) -> list[Candidate]:
    """The rows of the review after a new draft, in the order of the text.

    `before` are the candidates of the last draft, if they are known: they show which cells a person
    changed. Rows that are as before keep their decision; rows that the machine reads otherwise
    become `again`, with the difference among their doubts; rows that it no longer has become
    `stale`. Rows that nobody touched follow the machine.
    """
    old = {row.id: row for row in reviewed}
    last = None if before is None else {each.id: each for each in before}
    rows = []
    for candidate in candidates:
        row = old.pop(candidate.id, None)
        rows.append(candidate if row is None else _merged(row, candidate, last or {}))
    rows += [left for row in old.values() if (left := _left_over(row, last)) is not None]
    return sorted(rows, key=lambda each: (each.start, each.end))


def earlier_status(row: Candidate) -> Status | None:
    """The decision on a row before it was `again` or `stale`; None if there was none."""
    found = [match[1] for each in row.doubt.split(SEPARATOR) if (match := WAS.fullmatch(each))]
    return next((each for each in DECIDED if each in found), None)


def decided_row(row: Candidate, status: Status, reviewer: str, on: str) -> Candidate:
    """The row with a person's decision; what it had to decide again is settled."""
    reader = PERSON if row.status == "stale" and status == "yes" else row.reader
    return replace(
        row,
        status=status,
        doubt=SEPARATOR.join(_own_doubts(row)),
        reader=reader,
        reviewer=reviewer,
        reviewed_on=on,
    )


def _merged(row: Candidate, candidate: Candidate, last: Mapping[str, Candidate]) -> Candidate:
    """A row with what the machine reads at its place now."""
    machine = last.get(row.id) or (row if row.reader == PERSON else machine_reading(row))
    own = _differing(row, machine, EDITABLE)
    if row.status == "open" and not (own or row.note or row.reviewer):
        return candidate
    changed = _differing(machine, candidate, CONTENT)
    if row.status == "open":
        kept = replace(candidate, **{name: getattr(row, name) for name in own})
        return _with_review(kept, row, candidate, "open", [])
    kept = replace(candidate, **{name: getattr(row, name) for name in CONTENT})
    kept = replace(kept, **{name: getattr(row, name) for name in own if name not in CONTENT})
    earlier = earlier_status(row)
    pending = _changed_columns(row) if row.status == "again" else []
    columns = [
        name for name in CONTENT
        if name in {*changed, *pending} and getattr(row, name) != getattr(candidate, name)
    ]  # fmt: skip
    undecided: Status = "open" if row.status == "stale" else "again"
    status: Status = row.status if row.status in DECIDED else earlier or undecided
    if columns or (row.status == "again" and not pending):
        marks = [f"was {status}"] if status in DECIDED else []
        marks += [_change(name, row, candidate) for name in columns]
        return _with_review(kept, row, candidate, "again", marks)
    return _with_review(kept, row, candidate, status, [])


def _left_over(row: Candidate, last: Mapping[str, Candidate] | None) -> Candidate | None:
    """A row that the machine no longer has; None if nobody touched it."""
    if row.reader == PERSON or row.status in ("no", "stale"):
        return row
    machine = (last or {}).get(row.id) or machine_reading(row)
    if row.status == "open" and not (
        _differing(row, machine, EDITABLE) or row.note or row.reviewer
    ):
        return None
    if row.status == "yes" and last is not None and row.id not in last:
        return replace(row, reader=PERSON)
    status = row.status if row.status in DECIDED else earlier_status(row)
    marks = [f"was {status}"] if status else []
    return replace(row, status="stale", doubt=SEPARATOR.join([*marks, *_own_doubts(row)]))


def _with_review(
    kept: Candidate, row: Candidate, machine: Candidate, status: Status, marks: list[str]
) -> Candidate:
    """The row with the person's columns, and the machine's cells where they are others."""
    doubts = [*marks, *filter(None, [machine.doubt])]
    return replace(
        kept,
        status=status,
        doubt=SEPARATOR.join(doubts),
        original=changed_cells(kept, machine),
        reviewer=row.reviewer,
        reviewed_on=row.reviewed_on,
        note=row.note,
    )


def _differing(one: Candidate, other: Candidate, columns: Iterable[str]) -> list[str]:
    return [name for name in columns if getattr(one, name) != getattr(other, name)]


def _own_doubts(row: Candidate) -> Iterator[str]:
    """The doubts of a row without the marks of an earlier decision."""
    for each in row.doubt.split(SEPARATOR):
        if each and not WAS.fullmatch(each) and not CHANGED.fullmatch(each):
            yield each


def _changed_columns(row: Candidate) -> list[str]:
    matches = (CHANGED.fullmatch(each) for each in row.doubt.split(SEPARATOR))
    return [match[1] for match in matches if match]


def _change(name: str, row: Candidate, machine: Candidate) -> str:
    before, now = (each.as_row()[name].replace(";", ",") or "nothing" for each in (row, machine))
    return f"changed {name} from {before} to {now}"
