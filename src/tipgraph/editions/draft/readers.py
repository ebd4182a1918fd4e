"""Readers: each reads a text and returns findings; what several find is compared.

A reader is one module with a function `read(document: Document) -> Reading`, registered under the
entry point group `tipgraph.readers`. The grammar needs no entry point.
"""

from collections.abc import Callable, Sequence
from importlib.metadata import entry_points

from tipgraph.editions.draft.candidate import Kind
from tipgraph.editions.draft.document import Document
from tipgraph.editions.draft.reading import Finding, Reading
from tipgraph.errors import UsageError
from tipgraph.text import did_you_mean, nearest

Read = Callable[[Document], Reading]
GROUP = "tipgraph.readers"
GRAMMAR = "grammar"
# The cells that readers must share to agree, by the kind of row.
OF_COUNTS = ("value", "unit", "period", "part", "axis", "prior")
COMPARED: dict[Kind, tuple[str, ...]] = {
    "figure": (*OF_COUNTS, "indicator", "stage", "qualifier", "speaker"),
    "amount": (*OF_COUNTS, "indicator", "converted", "qualifier"),
    "claim": ("speaker", "act"),
    "non-report": ("indicator", "part", "axis", "counted_by"),
    "absence": (),
    "duration": ("value", "unit", "indicator", "qualifier"),
    "training": ("counted_by", "recipient"),
}
# Cells in which an article or a capital makes no difference.
WORDED = ("indicator", "speaker", "counted_by", "recipient")
# Cells that may be empty for the usual.
USUAL = {"period": "not stated", "part": "total", "axis": "total"}


def reader_names() -> list[str]:
    """The readers that are installed, the grammar first."""
    others = {each.name for each in entry_points(group=GROUP)} - {GRAMMAR}
    return [GRAMMAR, *sorted(others)]


def load_reader(name: str) -> Read:
    """The function of a reader. Raises UsageError when there is no such reader."""
    if name == GRAMMAR:
        from tipgraph.editions.draft.grammar import read

        return read
    for each in entry_points(group=GROUP, name=name):
        loaded: Read = each.load()
        return loaded
    known = reader_names()
    hint = did_you_mean(nearest(name, known)[:1]) or f"readers: {', '.join(known)}"
    raise UsageError(f"unknown reader {name!r}; {hint}")


def read_with(document: Document, names: Sequence[str]) -> Reading:
    """What the readers find; findings of one thing are merged, the first reader's first.

    A row carries the names of all readers that agree on it. Where they differ, the first reader's
    cells stand, the others' are noted, and the row has a doubt, as has one that the first reader
    does not have.
    """
    first, *others = dict.fromkeys(names)
    reading = load_reader(first)(document)
    findings, classes, unread = list(reading.findings), dict(reading.classes), dict(reading.unread)
    for finding in findings:
        # A reader may copy one finding to another; what is noted of one is not of the other.
        finding.readers, finding.versions, finding.doubts = [first], {}, [*finding.doubts]
    for name in others:
        other = load_reader(name)(document)
        findings += _merge(findings, other.findings, name)
        classes = {**other.classes, **classes}
        unread = {**other.unread, **unread}
    return Reading(findings, classes, unread)


def _merge(known: Sequence[Finding], found: Sequence[Finding], name: str) -> list[Finding]:
    """Note in the known findings what another reader found; returns what they do not have."""
    pairs = _pairs(known, found)
    for finding in found:
        mine = pairs.get(id(finding))
        if mine is not None:
            _compare(mine, finding, name)
    new = [each for each in found if id(each) not in pairs]
    for finding in new:
        finding.readers = [name]
        finding.doubts.append(f"{name} alone finds it")
        finding.host = pairs.get(id(finding.host), finding.host)
    return new


def _pairs(known: Sequence[Finding], found: Sequence[Finding]) -> dict[int, Finding]:
    """The known finding of the same thing, by the identity of what was found.

    The same thing is of one kind and sentence. It stands at one place; else it has one value in
    words that overlap, since readers may begin it at another word.
    """
    left: dict[tuple[Kind, str], list[Finding]] = {}
    for each in known:
        left.setdefault((each.kind, each.sentence.name), []).append(each)
    pairs: dict[int, Finding] = {}
    for is_same in (_is_equal, _is_at_one_place, _overlaps):
        for each in found:
            if id(each) in pairs:
                continue
            candidates = left.get((each.kind, each.sentence.name), [])
            mine = next((other for other in candidates if is_same(other, each)), None)
            if mine is not None:
                pairs[id(each)] = mine
                candidates.remove(mine)
    return pairs


def _is_equal(first: Finding, second: Finding) -> bool:
    return _is_at_one_place(first, second) and not _different(first, second)


def _is_at_one_place(first: Finding, second: Finding) -> bool:
    return first.place == second.place


def _overlaps(first: Finding, second: Finding) -> bool:
    return first.value == second.value and first.first <= second.last and second.first <= first.last


def _compare(known: Finding, other: Finding, name: str) -> None:
    """Note another reader: its name if it agrees, else the cells in which it differs."""
    different = _different(known, other)
    if not different:
        known.readers.append(name)
        return
    known.versions[name] = {column: getattr(other, column) for column in different}
    known.doubts.append(f"readers differ in {', '.join(different)}")


def _different(known: Finding, other: Finding) -> list[str]:
    """The compared cells in which two findings of a kind differ."""
    return [
        column
        for column in COMPARED[known.kind]
        if _comparable(column, getattr(known, column))
        != _comparable(column, getattr(other, column))
    ]


def _comparable(column: str, value: object) -> object:
    """A cell without what makes no difference."""
    if column in USUAL:
        return value or USUAL[column]
    if column in WORDED:
        words = str(value).casefold().split()
        return [each for each in words if each not in {"the", "a", "an"}]
    return value
