"""A briefing on one or more countries or editions: short first, each figure with its source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tipgraph import entities
from tipgraph.entities.editions import Edition
from tipgraph.entities.editions import editions as all_editions
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.render.document import Document, Section
from tipgraph.render.results import source
from tipgraph.report.figures import figures, side_by_side, trends
from tipgraph.report.statements import listings
from tipgraph.report.subject import Subject, choose
from tipgraph.report.summary import summary
from tipgraph.store.engine import Embedded, Engine, Remembering
from tipgraph.text import join

HOW_TO_READ = (
    "Each figure and statement is that of its speaker, in an edition of a report that is named as a"
    " source. It is neither checked nor endorsed here, and is no legal advice.",
    "“We” and “our” in notes, and tipgraph as a speaker, stand for the editors of tipgraph, who"
    " read the sentences.",
    "Numbers that are worded differently, or counted by different bodies, count different things."
    " “Did not report”, “there were no reports” and silence are three different things, and none of"
    " them is zero.",
)
PLACES = "S02 is the second sentence of the section; its link opens the page at the words quoted."
PARTIAL = "What is missing here was not extracted from it, and may be stated there."


def report(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    areas: Sequence[str],
    editions: Sequence[str] = (),
    topic: str | None = None,
    pictures: str | None = None,
    beside: Sequence[str] = (),
) -> Document:
    """The briefing as a document.

    `areas` are countries by code or name; `editions` select others than the newest of each
    country, as `entities.editions.Choice.select` does; `topic` limits the statements to a topic
    with the narrower ones. `pictures` is the format of charts, `svg` or `png`, or None for none.
    The countries `beside`, by
    code, have panels in the chart. Raises UsageError for an unknown name, and where nothing is
    selected.
    """
    if isinstance(engine, Embedded) and not isinstance(engine, Remembering):
        # Its parts name the same things.
        engine = Remembering(engine)
    subjects = choose(engine, queries, areas, editions, topic)
    content = [
        _titled(summary(each, bool(editions), pictures, beside), each.edition.label, subjects)
        for each in subjects
    ]
    content += side_by_side(subjects)
    for each in subjects:
        content += (
            _titled(part, each.edition.label, subjects)
            for part in listings(each, pictures == "svg")
        )
    content += _trends(subjects, editions)
    content += (_titled(figures(each), each.edition.label, subjects) for each in subjects)
    content.append(Section("How to read this", paragraphs=tuple(_reading(subjects))))
    return Document(
        _title(subjects),
        tuple(map(_about, subjects)),
        tuple(content),
        sources=tuple(map(source, _sources(subjects, editions))),
    )


def _about(subject: Subject) -> str:
    """Return the edition, its publisher and what it covers, as far as known."""
    edition = subject.edition
    publisher = f" ({edition.publisher_label})" if edition.publisher_label else ""
    period = edition.reporting_period
    parts = (
        edition.section and f"its section {edition.section}",
        period and f"on {entities.label(subject.engine, period)}",
        edition.read,
    )
    about = f"{edition.label}{publisher}: {', '.join(filter(None, parts))}."
    return about if edition.is_complete else f"{about} {PARTIAL}"


def _sources(subjects: Sequence[Subject], editions: Sequence[str]) -> list[Edition]:
    """The editions of the report, and where none was named, those that trends are drawn from."""
    own = [each.edition for each in subjects]
    if editions:
        return own
    engine, areas = subjects[0].engine, {each.area for each in own if each.area}
    others = [each for area in areas for each in all_editions(engine, area=area).values()]
    others.sort(key=lambda each: (each.year, each.label, each.iri))
    return [*own, *(each for each in others if each not in own)]


def _trends(subjects: Sequence[Subject], editions: Sequence[str]) -> Iterator[Section]:
    """The trends of each edition where editions were named, else those of each country."""
    by_area = {each.edition.area: each for each in subjects}
    for each in subjects if editions else by_area.values():
        label = each.edition.label if editions else each.country
        for section in trends(each, bool(editions)):
            yield _titled(section, label, subjects)


def _titled(section: Section, label: str, subjects: Sequence[Subject]) -> Section:
    """The section with what it is on in its title, where the report is on several editions."""
    return replace(section, title=f"{section.title}: {label}") if subjects[1:] else section


def _title(subjects: Sequence[Subject]) -> str:
    topic = subjects[0].topic
    areas = join(each.country for each in subjects)
    about = entities.label(subjects[0].engine, topic) if topic else "protection of victims"
    return f"{areas}: {about}"


def _reading(subjects: Sequence[Subject]) -> Iterator[str]:
    yield from HOW_TO_READ
    if any(each.edition.is_complete for each in subjects):
        yield PLACES
