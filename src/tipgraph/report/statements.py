"""Lists of statements: who states what, norms, criticism, what was not reported, silence."""

from collections.abc import Iterator
from dataclasses import dataclass

from tipgraph.lookup import passages
from tipgraph.lookup.labels import names, text
from tipgraph.rdf.terms import Term, value
from tipgraph.render.document import Item, Section
from tipgraph.report.subject import Subject, statement_column
from tipgraph.text import duration, join

SEPARATOR = " | "
NOTHING = "The graph has no such statement of this edition."
NOT_STATED = "The section was read in full, and has no statement on these topics. That is not zero."
NOT_EXTRACTED = (
    "The edition was read in part. What is missing in this report was not extracted from it, and"
    " may be stated there."
)

Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Listing:
    """A list of the statements that a stored query finds.

    `line` is the column that says what is stated, `lead` the one for the keyword ahead of it, and
    `details` are those that add to it.
    """

    title: str
    query: str
    line: str
    lead: str
    details: tuple[str, ...]


LISTINGS = (
    Listing("Criticism", "criticism", "gist", "speaker", ("outcome", "frequency", "hedge")),
    Listing("What was not reported", "not-reported", "statement", "kind", ("period", "note")),
    Listing("Statements of others", "claims", "gist", "speaker", ("hedge", "time")),
    Listing(
        "Entitlements",
        "entitlements",
        "entitlement",
        "beneficiary",
        (
            *("strength", "conditionality", "requirement", "duration", "renewable_until"),
            *("granted_by", "note"),
        ),
    ),
    Listing(
        "Obligations",
        "obligations",
        "statement",
        "bearer",
        ("trigger", "outcome", "frequency", "contrast", "note", "reading"),
    ),
    Listing(
        "Powers",
        "powers",
        "statement",
        "holder",
        ("in_favour_of", "against", "requirement", "note"),
    ),
    Listing("Consequences", "consequences", "consequence", "affects", ("if_not_met", "note")),
    Listing("Money", "funding", "statement", "funder", ("note", "caveat")),
)


def listings(subject: Subject) -> Iterator[Section]:
    """The lists. One that has nothing says so, unless the edition was read in part."""
    for listing in LISTINGS:
        found = tuple(items(subject, listing))
        is_empty = subject.edition.is_complete and not found
        yield Section(listing.title, found, paragraphs=(NOTHING,) if is_empty else ())


def items(subject: Subject, listing: Listing) -> Iterator[Item]:
    """An item for each statement that the query finds, with all its speakers and passages."""
    rows = subject.rows(listing.query)
    known = names(subject.engine, rows)
    place = {name: position for position, name in enumerate(rows.columns)}
    groups: dict[Term | None, list[Row]] = {}
    for row in rows.terms:
        groups.setdefault(row[place[str(statement_column(rows))]], []).append(row)
    quoted = passages.passages(subject.engine, map(str, rows.column("sentence")))
    for group in groups.values():

        def words(column: str, group: list[Row] = group) -> str:
            texts = (duration(text(row[place[column]], known)) for row in group)
            parts = (part for each in texts for part in each.split(SEPARATOR))
            return "; ".join(dict.fromkeys(filter(None, parts)))

        cited = {str(value(row[place["sentence"]])) for row in group}
        cited_passages = tuple(each for iri, each in quoted.items() if iri in cited)
        speaker = () if listing.lead == "speaker" else (f"stated by: {words('speaker')}",)
        details = ((name, words(name)) for name in listing.details)
        yield Item(
            words(listing.line),
            words(listing.lead),
            (*speaker, *(f"{name.replace('_', ' ')}: {each}" for name, each in details if each)),
            cited_passages,
            subject.sentences(cited_passages),
        )


def silence(subject: Subject) -> Section:
    """The topics on which the edition has no statement, with those that expect one."""
    title = "What the source says nothing about"
    if not subject.edition.is_complete:
        return Section(title, paragraphs=(NOT_EXTRACTED,))
    rows = subject.unmentioned()
    known = names(subject.engine, rows)
    expected: dict[str, list[str]] = {}
    for row in rows:
        by = [known[str(row["expected_by"])]] if row["expected_by"] else []
        expected.setdefault(known[str(row["topic"])], []).extend(by)
    found = (
        Item(topic, details=(f"expected by: {join(sorted(by))}",) if by else ())
        for topic, by in expected.items()
    )
    return Section(title, tuple(found), paragraphs=(NOT_STATED,))
