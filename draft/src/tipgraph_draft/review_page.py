"""A review as a document to read: each sentence with its rows."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tipgraph.entities.highlight import Highlighted
from tipgraph.render.document import Document, Item, Section
from tipgraph.text import join, plural
from tipgraph_draft.candidate import PERIOD_SOURCES, STATUSES, Candidate
from tipgraph_draft.document import Document as Narrative


def review_document(
    title: str, narrative: Narrative, rows: Sequence[Candidate], numerals: Sequence[str]
) -> Document:
    """The sentences of a text in order, with what is read in each.

    `numerals` are the words for what no rule understood, one for each numeral.
    """
    counts = Counter(row.status for row in rows)
    shown = [f"{plural(counts[each], 'row')} {each}" for each in STATUSES if counts[each]]
    head = [f"{', '.join(shown) or 'no rows'}."]
    if numerals:
        head.append(f"{plural(len(numerals), 'numeral')} not understood: {', '.join(numerals)}.")
    by_sentence: dict[str, list[Candidate]] = {}
    for row in rows:
        by_sentence.setdefault(row.sentence, []).append(row)
    if rowless := [each.name for each in narrative.sentences if each.name not in by_sentence]:
        head.append(f"No row in {join(rowless)}: read them too.")
    sections = tuple(
        Section(
            each.name,
            tuple(
                _items(
                    narrative.text[each.start : each.end],
                    each.start,
                    by_sentence.get(each.name, []),
                )
            ),
        )
        for each in narrative.sentences
    )
    return Document(title, tuple(head), sections)


def headline(row: Candidate) -> str:
    """Return what a row states, on one line."""
    number = " ".join(filter(None, [row.qualifier, _number(row), row.unit]))
    kind = row.kind if row.kind not in ("figure", "amount") else ""
    marks = [name for name in ("prior", "converted") if getattr(row, name)]
    part = "" if row.part in ("", "total") else f"{row.part} ({row.axis})"
    cells = (kind, number, row.indicator, row.period, part, *marks)
    return " | ".join(filter(None, cells))


def details(row: Candidate) -> Iterator[str]:
    """Return who counts and states it, the words that it rests on, and what to look at."""
    named = {
        "counted by": row.counted_by, "recipient": row.recipient, "speaker": row.speaker,
        "act": row.act, "code": row.indicator_code,
    }  # fmt: skip
    cells = [f"{name}: {cell}" for name, cell in named.items() if cell]
    yield "; ".join([f"“{row.quote}”", *cells])
    if row.period_from not in ("", "sentence"):
        meaning = PERIOD_SOURCES.get(row.period_from, "")
        yield f"period from: {row.period_from}{f' ({meaning})' if meaning else ''}"
    read_by = [f"reader: {row.reader}", f"rule: {row.rule}"]
    yield "; ".join(each for each in read_by if not each.endswith(": "))
    for name in ("doubt", "original", "note"):
        if cell := getattr(row, name):
            yield f"{name}: {cell}"


def spans(rows: Sequence[Candidate], start: int) -> tuple[tuple[int, int], ...]:
    """The quotes of rows in a sentence that begins at `start`; those that touch are merged."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted((row.start - start, row.end - start) for row in rows):
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return tuple(merged)


def _items(text: str, start: int, rows: Sequence[Candidate]) -> Iterator[Item]:
    yield Item("Text", texts=(Highlighted(text, spans(rows, start)),))
    for row in rows:
        yield Item(headline(row), lead=row.status, details=tuple(details(row)))


def _number(row: Candidate) -> str:
    return "" if row.value is None else f"{row.value:,f}"
