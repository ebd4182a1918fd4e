"""One screen for those who read no further: key figures, criticism, what is missing."""

from collections.abc import Iterable, Iterator, Mapping

from tipgraph.lookup import entities, passages
from tipgraph.lookup.kinds import leaf_kinds
from tipgraph.lookup.labels import names
from tipgraph.namespaces import ID, TIP, TOTAL, last_part
from tipgraph.rdf.terms import Value
from tipgraph.render.document import SEPARATOR, Item, Section
from tipgraph.report.statements import CRITICISM, NOT_REPORTED, items
from tipgraph.report.subject import Subject
from tipgraph.text import capitalise, join, plural

# The stages that a reader looks for first.
STAGES = ("identified", "assisted", "referred", "granted", "sheltered", "funded", "other")
# The kinds of speakers whose criticism comes first.
SPEAKERS = (
    *("MonitoringBody", "IndependentBody", "NonGovernmentalOrganisation"),
    *("InternationalOrganisation", "UnnamedSpeakers", "UnidentifiedSpeaker"),
)
MOST_FIGURES, MOST_CRITICISM = 6, 4
OURS = ID + "tipgraph"

Row = dict[str, Value]


def summary(subject: Subject) -> Section:
    """The newest figures with speaker, sentence and caveats, and what else the report has."""
    return Section("Summary", (*_figures(subject), *_statements(subject)))


def _figures(subject: Subject) -> Iterator[Item]:
    """The newest total of each of the most important indicators, with those of other periods."""
    rows = subject.rows("figures")
    known = names(subject.engine, rows)
    by_indicator: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: str(row["period"]), reverse=True):
        # An amount for each unit has no axis. What the source converted is not what was paid.
        if (row["part"] == TOTAL or row["axis"] is None) and not row["converted"]:
            by_indicator.setdefault(str(row["indicator"]), []).append(row)
    chosen = sorted(by_indicator.values(), key=lambda group: _rank(group[0]))[:MOST_FIGURES]
    quoted = passages.passages(subject.engine, (str(group[0]["sentence"]) for group in chosen))
    for row, *others in chosen:
        indicator, period, speaker = (
            known[str(row[name])] for name in ("indicator", "period", "speaker")
        )
        earlier = "; ".join(f"{known[str(e['period'])]}: {_number(e, known)}" for e in others)
        cited = [quoted[iri] for iri in [str(row["sentence"])] if iri in quoted]
        yield Item(
            f"{indicator}, {period}: {_number(row, known)}",
            details=(
                f"stated by: {speaker}",
                *([f"other periods: {earlier}"] if earlier else []),
                *_revisions(subject, row),
                *filter(None, dict.fromkeys(str(row["caveat"] or "").split(SEPARATOR))),
            ),
            passages=tuple(cited),
            texts=subject.sentences(cited),
        )


def _rank(row: Row) -> tuple[int, str]:
    stage = str(row["stage"] or "")
    places = (place for place, word in enumerate(STAGES) if word in stage)
    return next(places, len(STAGES)), str(row["indicator"])


def _number(row: Row, known: Mapping[str, str]) -> str:
    qualifier = f"{known[str(row['number_qualifier'])]} " if row["number_qualifier"] else ""
    return f"{qualifier}{row['value']:,} {known[str(row['unit'])]}"


def _revisions(subject: Subject, figure: Row) -> Iterator[str]:
    """What an earlier edition gives for the same period as a figure."""
    rows = subject.rows_of("revisions", area=last_part(subject.edition.area))
    known = names(subject.engine, rows)
    for row in rows:
        if row["statement"] == figure["statement"]:
            edition, indicator = (
                known[str(row[name])] for name in ("earlier_edition", "earlier_indicator")
            )
            yield f"{edition} gives {row['earlier_value']:,} for the same period ({indicator})"


def _statements(subject: Subject) -> Iterator[Item]:
    """What is criticised and by whom, and what is missing."""
    criticism = _criticism(subject)
    if criticism:
        lines = tuple(f"{each.lead}: {_with_places(each)}" for each in criticism[:MOST_CRITICISM])
        yield Item(plural(len(criticism), "finding"), "Criticism", lines)
    missing: dict[str, list[str]] = {}
    for each in items(subject, NOT_REPORTED).values():
        missing.setdefault(each.lead, []).append(_with_places(each))
    for kind, texts in missing.items():
        yield Item(plural(len(texts), "statement"), capitalise(kind), tuple(texts))
    unmentioned = subject.unmentioned() if subject.edition.is_complete else None
    if unmentioned:
        yield Item(_labels(subject, unmentioned.column("topic")), "Nothing is stated about")


def _with_places(item: Item) -> str:
    """What is stated, with its sentences."""
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

    found = {iri: item for iri, item in items(subject, CRITICISM).items() if speakers[iri] != OURS}
    return [found[iri] for iri in sorted(found, key=rank)]


def _labels(subject: Subject, iris: Iterable[Value]) -> str:
    distinct = list(dict.fromkeys(map(str, iris)))
    known = entities.labels(subject.engine, distinct)
    return join(known.get(iri, entities.slug(iri)) for iri in distinct)
