"""One screen for those who read no further: key figures, criticism, what is missing."""

from collections.abc import Iterable, Iterator

from tipgraph.lookup import entities, passages
from tipgraph.lookup.labels import names
from tipgraph.namespaces import TOTAL
from tipgraph.rdf.terms import Value
from tipgraph.render.document import Item, Section
from tipgraph.report.subject import Subject
from tipgraph.text import join, plural

# The stages that a reader looks for first.
STAGES = ("identified", "assisted", "referred", "granted", "sheltered", "funded")
MOST_FIGURES, MOST_NAMES = 5, 6
SEPARATOR = " | "

Row = dict[str, Value]


def summary(subject: Subject) -> Section:
    """The newest figures with speaker, sentence and caveats, and what else the report has."""
    return Section("Summary", (*_figures(subject), *_statements(subject)))


def _figures(subject: Subject) -> Iterator[Item]:
    """The newest total of each of the most important indicators."""
    rows = subject.rows("figures")
    known = names(subject.engine, rows)
    newest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: str(row["period"])):
        # An amount for each unit has no axis. What the source converted is not what was paid.
        if (row["part"] == TOTAL or row["axis"] is None) and not row["converted"]:
            newest[str(row["indicator"])] = row
    chosen = sorted(newest.values(), key=_rank)[:MOST_FIGURES]
    quoted = passages.passages(subject.engine, (str(row["sentence"]) for row in chosen))
    for row in chosen:
        indicator, period, unit, speaker = (
            known[str(row[name])] for name in ("indicator", "period", "unit", "speaker")
        )
        qualifier = f"{known[str(row['number_qualifier'])]} " if row["number_qualifier"] else ""
        caveats = str(row["caveat"] or "").split(SEPARATOR)
        passage = quoted[str(row["sentence"])]
        yield Item(
            f"{indicator}, {period}: {qualifier}{row['value']:,} {unit}",
            details=(f"stated by: {speaker}", *filter(None, dict.fromkeys(caveats))),
            passages=(passage,),
            texts=subject.sentences([passage]),
        )


def _rank(row: Row) -> tuple[int, str]:
    stage = str(row["stage"] or "")
    places = (place for place, word in enumerate(STAGES) if word in stage)
    return next(places, len(STAGES)), str(row["indicator"])


def _statements(subject: Subject) -> Iterator[Item]:
    """How much is stated, by whom, and what is missing."""
    criticism = subject.rows("criticism")
    if criticism:
        count = plural(len(set(criticism.column("finding"))), "finding")
        yield Item(f"{count}, by {_labels(subject, criticism.column('speaker'))}", "Criticism")
    missing = subject.rows("not-reported")
    if missing:
        count = plural(len(set(missing.column("statement"))), "statement")
        topics = _labels(subject, missing.column("topic"))
        yield Item(f"{count}, on {topics}", "Not reported, or no reports")
    unmentioned = subject.unmentioned()
    if unmentioned and subject.edition.is_complete:
        yield Item(_labels(subject, unmentioned.column("topic")), "Nothing is stated about")


def _labels(subject: Subject, iris: Iterable[Value]) -> str:
    """The labels of the first few, and how many more there are."""
    distinct = list(dict.fromkeys(map(str, iris)))
    known = entities.labels(subject.engine, distinct)
    texts = [known.get(iri, entities.slug(iri)) for iri in distinct]
    more = [f"{len(texts) - MOST_NAMES} more"] if len(texts) > MOST_NAMES else []
    return join([*texts[:MOST_NAMES], *more])
