"""The first section of a report: the key figures in sentences, a chart, and their caveats."""

from collections.abc import Iterator, Mapping

from tipgraph import entities
from tipgraph.entities import passages
from tipgraph.entities.row_labels import names
from tipgraph.namespaces import CODE, ID, OURSELVES, TOTAL, last_part
from tipgraph.rdf.terms import Value
from tipgraph.render.document import Item, Section, separate
from tipgraph.report.figures import NO_FIGURES, chart_of
from tipgraph.report.subject import Subject
from tipgraph.show.statements import attribution
from tipgraph.text import capitalise, unit_of

# The stages that a reader looks for first.
STAGES = ("identified", "assisted", "referred", "granted", "sheltered", "funded", "other")
MOST_FIGURES = 6
PERIOD = ID + "period/"
# The beginning of a caveat of the whole that a part has too.
WHOLE = "Of the whole: "
# The parts that are all children; others are some of them.
ALL_CHILDREN = (CODE + "children", CODE + "minors")

Row = dict[str, Value]
# A fact that qualifies a figure, and the caveats of that fact.
Detail = tuple[str, list[str]]


def summary(subject: Subject, is_of_edition: bool, pictures: str | None) -> Section:
    """The newest total of each of the most important indicators, and how one of them developed."""
    series = _series(subject)
    chosen = sorted(series.values(), key=lambda group: _rank(group[0]))[:MOST_FIGURES]
    items = tuple(_items(subject, chosen))
    drawn = chart_of(
        subject, is_of_edition, [str(group[0]["indicator"]) for group in chosen], pictures
    )
    return Section("Key figures", items, pictures=drawn, paragraphs=() if items else (NO_FIGURES,))


def _series(subject: Subject) -> dict[tuple[str, str], list[Row]]:
    """The totals of each indicator and counter, the newest period first."""
    rows = subject.rows("figures")
    series: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: (_is_stated(row), str(row["period"])), reverse=True):
        # An amount for each unit has no axis. What the source converted is not what was paid.
        if (row["part"] == TOTAL or row["axis"] is None) and not row["converted"]:
            # Figures that two actors counted are not one series.
            series.setdefault((str(row["indicator"]), str(row["counted_by"])), []).append(row)
    return series


def _items(subject: Subject, chosen: list[list[Row]]) -> Iterator[Item]:
    known = names(subject.engine, subject.rows("figures"))
    labels = entities.labels(subject.engine, (str(group[0]["statement"]) for group in chosen))
    revisions = _revisions(subject)
    places = (str(row["place"]) for group in chosen for row in group)
    quoted = passages.passages(subject.engine, places)
    for row, *others in chosen:
        statement = str(row["statement"])
        label = capitalise(labels.get(statement, entities.slug(statement)))
        cited = [quoted[iri] for iri in [str(row["place"])] if iri in quoted]
        children = [_child(each, row, known) for each in _children(subject, row)]
        earlier = [_other(each, row, known, quoted) for each in others]
        revised = revisions.get(statement, [])
        other_periods = "; ".join(text for text, _ in earlier)
        unit, counter, speaker = (str(row[e] or "") for e in ("unit", "counted_by", "speaker"))
        yield Item(
            f"{label}; {attribution(unit, counter, [speaker], known)}.",
            details=(
                *(text for text, _ in children),
                *([f"other periods: {other_periods}"] if earlier else []),
                *(text for text, _ in revised),
            ),
            passages=tuple(cited),
            texts=subject.sentences(cited),
            iri=statement,
            name=label,
            caveats=(
                *_caveats(row),
                *(text for _, each in (*children, *earlier, *revised) for text in each),
            ),
        )


def _children(subject: Subject, whole: Row) -> list[Row]:
    """The children among those whom a figure counts: as one number, else in parts such as girls."""
    same = ("indicator", "period", "counted_by")
    found = [
        row
        for row in subject.rows("figures", part="children")
        if all(row[name] == whole[name] for name in same)
    ]
    return [row for row in found if str(row["part"]) in ALL_CHILDREN] or found


def _child(row: Row, whole: Row, known: Mapping[str, str]) -> Detail:
    ours = ", our sum of girls and boys" if row["speaker"] == OURSELVES else ""
    caveats = [each for each in _caveats(row) if each.removeprefix(WHOLE) not in _caveats(whole)]
    return f"of these, {known[str(row['part'])]}: {_number(row, known)}{ours}", caveats


def _other(
    row: Row, newest: Row, known: Mapping[str, str], quoted: Mapping[str, passages.Passage]
) -> Detail:
    """A figure of another period, with the speaker, sentence and caveats that the newest lacks."""
    period = known[str(row["period"])]
    speaker = known[str(row["speaker"])] if row["speaker"] != newest["speaker"] else ""
    passage = quoted.get(str(row["place"]))
    # A place on a page repeats what the figure is.
    is_elsewhere = passage and passage.sentence and row["place"] != newest["place"]
    differing = ", ".join(
        filter(None, [speaker, passage.place if passage and is_elsewhere else ""])
    )
    also = f" ({differing})" if differing else ""
    caveats = [f"{period}: {text}" for text in _caveats(row) if text not in _caveats(newest)]
    return f"{period}: {_number(row, known)}{also}", caveats


def _caveats(row: Row, column: str = "caveat") -> list[str]:
    return list(dict.fromkeys(separate(str(row[column] or ""))))


def _rank(row: Row) -> tuple[bool, int, float, str]:
    """The rank of a figure: by its stage, and the larger count before a side count."""
    stage = str(row["stage"] or "")
    places = (place for place, word in enumerate(STAGES) if word in stage)
    size = float(str(row["value"]))
    return not _is_stated(row), next(places, len(STAGES)), -size, str(row["indicator"])


def _is_stated(row: Row) -> bool:
    """Return whether the period is one of the calendar. Some editions leave the year open."""
    return str(row["period"]).startswith(PERIOD)


def _number(row: Row, known: Mapping[str, str]) -> str:
    qualifier = f"{known[str(row['number_qualifier'])]} " if row["number_qualifier"] else ""
    return f"{qualifier}{row['value']:,} {unit_of(row['value'], known[str(row['unit'])])}"


def _revisions(subject: Subject) -> dict[str, list[Detail]]:
    """For each figure, what an earlier edition gives for the same period."""
    rows = subject.rows_of("revisions", area=last_part(subject.edition.area))
    known = names(subject.engine, rows)
    found: dict[str, list[Detail]] = {}
    for row in rows:
        edition, indicator = (
            known[str(row[name])] for name in ("earlier_edition", "earlier_indicator")
        )
        text = f"{edition} gives {row['earlier_value']:,} for the same period ({indicator})"
        caveats = [f"{edition}: {each}" for each in _caveats(row, "earlier_caveat")]
        found.setdefault(str(row["statement"]), []).append((text, caveats))
    return found
