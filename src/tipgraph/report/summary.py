"""One screen for those who read no further: key figures, criticism, what is missing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tipgraph import entities
from tipgraph.entities import leaf_kinds, passages
from tipgraph.entities.row_labels import names
from tipgraph.namespaces import ID, OURSELVES, TIP, TOTAL, last_part
from tipgraph.rdf.terms import Value
from tipgraph.render.document import Item, Section, separate
from tipgraph.report.statements import CRITICISM, NOT_REPORTED, items
from tipgraph.report.subject import Subject
from tipgraph.text import capitalise, join, plural, unit_of

# The stages that a reader looks for first.
STAGES = ("identified", "assisted", "referred", "granted", "sheltered", "funded", "other")
# The kinds of speakers whose criticism comes first.
SPEAKERS = (
    *("MonitoringBody", "IndependentBody", "NonGovernmentalOrganisation"),
    *("InternationalOrganisation", "UnnamedSpeakers", "UnidentifiedSpeaker"),
)
MOST_FIGURES, MOST_CRITICISM = 6, 4
PERIOD = ID + "period/"

Row = dict[str, Value]


def summary(subject: Subject) -> Section:
    """The newest figures with speaker, sentence and caveats, and what else the report has."""
    return Section("Summary", (*_figures(subject), *_statements(subject)))


def _figures(subject: Subject) -> Iterator[Item]:
    """The newest total of each of the most important indicators, with those of other periods."""
    rows = subject.rows("figures")
    known = names(subject.engine, rows)
    # Figures that two actors counted are not one series.
    series: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: (_is_stated(row), str(row["period"])), reverse=True):
        # An amount for each unit has no axis. What the source converted is not what was paid.
        if (row["part"] == TOTAL or row["axis"] is None) and not row["converted"]:
            series.setdefault((str(row["indicator"]), str(row["counted_by"])), []).append(row)
    several = Counter(indicator for indicator, _ in series)
    revisions = _revisions(subject)
    chosen = sorted(series.values(), key=lambda group: _rank(group[0]))[:MOST_FIGURES]
    quoted = passages.passages(subject.engine, (str(group[0]["place"]) for group in chosen))
    for row, *others in chosen:
        indicator, period, speaker = (
            known[str(row[name])] for name in ("indicator", "period", "speaker")
        )
        counter = known[str(row["counted_by"])] if row["counted_by"] else "an actor not stated"
        counted = f", counted by {counter}" if several[str(row["indicator"])] > 1 else ""
        earlier = "; ".join(_other(each, row, known) for each in others)
        cited = [quoted[iri] for iri in [str(row["place"])] if iri in quoted]
        figure = f"{indicator}, {period}: {_number(row, known)}"
        yield Item(
            f"{figure}{counted}",
            details=(
                f"stated by: {speaker}",
                *([f"other periods: {earlier}"] if earlier else []),
                *revisions.get(str(row["statement"]), ()),
                *_caveats(row),
            ),
            passages=tuple(cited),
            texts=subject.sentences(cited),
            iri=str(row["statement"]),
            name=figure,
        )


def _other(row: Row, newest: Row, known: Mapping[str, str]) -> str:
    """A figure of another period, with the speaker, sentence and caveats that the newest lacks."""
    sources = ([known[str(each[name])] for name in ("speaker", "place")] for each in (row, newest))
    differing = [
        *(own for own, same in zip(*sources, strict=True) if own != same),
        *(text for text in _caveats(row) if text not in _caveats(newest)),
    ]
    also = f" ({'; '.join(differing)})" if differing else ""
    return f"{known[str(row['period'])]}: {_number(row, known)}{also}"


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


def _revisions(subject: Subject) -> dict[str, list[str]]:
    """For each figure, what an earlier edition gives for the same period."""
    rows = subject.rows_of("revisions", area=last_part(subject.edition.area))
    known = names(subject.engine, rows)
    found: dict[str, list[str]] = {}
    for row in rows:
        edition, indicator, sentence = (
            known[str(row[name])]
            for name in ("earlier_edition", "earlier_indicator", "earlier_place")
        )
        found.setdefault(str(row["statement"]), []).extend(
            (
                f"{edition} gives {row['earlier_value']:,} for the same period ({indicator})",
                f"there: {'; '.join((sentence, *_caveats(row, 'earlier_caveat')))}",
            )
        )
    return found


def _statements(subject: Subject) -> Iterator[Item]:
    """Yield criticism with its speakers, and what is missing."""
    criticism = _criticism(subject)
    if criticism:
        lines = tuple(f"{each.lead}: {_with_places(each)}" for each in criticism[:MOST_CRITICISM])
        yield Item(plural(len(criticism), "finding"), "Criticism", lines)
    missing: dict[str, list[str]] = {}
    for each in items(subject, NOT_REPORTED).values():
        missing.setdefault(each.lead, []).append(_with_places(each))
    for kind, texts in missing.items():
        several = len(texts) > 1
        line = plural(len(texts), "statement") if several else texts[0]
        yield Item(line, capitalise(kind), tuple(texts) if several else ())
    unmentioned = subject.unmentioned() if subject.edition.is_complete else None
    if unmentioned:
        yield Item(_labels(subject, unmentioned.column("topic")), "Nothing is stated about")


def _with_places(item: Item) -> str:
    """Return the statement with its sentences."""
    places = ", ".join(dict.fromkeys(each.place for each in item.passages))
    return f"{item.line} ({places})" if places else item.line


def _criticism(subject: Subject) -> list[Item]:
    """The findings of others than tipgraph, those of independent bodies first."""
    speakers = {str(row["finding"]): str(row["speaker"]) for row in subject.rows("criticism")}
    kinds = leaf_kinds(subject.engine, speakers.values())

    def rank(statement: str) -> int:
        speaker = speakers[statement]
        places = (place for place, kind in enumerate(SPEAKERS) if TIP + kind in kinds[speaker])
        return next(places, len(SPEAKERS) + (speaker == subject.edition.publisher))

    found = {
        iri: item for iri, item in items(subject, CRITICISM).items() if speakers[iri] != OURSELVES
    }
    return [found[iri] for iri in sorted(found, key=rank)]


def _labels(subject: Subject, iris: Iterable[Value]) -> str:
    distinct = list(dict.fromkeys(map(str, iris)))
    known = entities.labels(subject.engine, distinct)
    return join(known.get(iri, entities.slug(iri)) for iri in distinct)
