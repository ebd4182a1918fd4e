"""Lists of statements: criticism, what was not reported, silence, who does what, norms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from textwrap import wrap

from tipgraph.entities import leaf_kinds, passages
from tipgraph.namespaces import CODE, OURSELVES, TIP, UNIDENTIFIED, last_part
from tipgraph.rdf.terms import Term, Value, value
from tipgraph.render.document import Item, Picture, Section, in_words, separate
from tipgraph.render.results import text
from tipgraph.report.subject import OF_OTHERS, Subject, statement_column
from tipgraph.safe_text import replace_non_xml, xml
from tipgraph.store.engine import Rows
from tipgraph.text import join, plural, plural_of

# A body, what it does, and to whom.
Line = tuple[str, str, str]
MOST_LINES = 12
# Lengths in pixels: the boxes, the arrows between them, a line of text, and the space around.
BOX, ARROW, TEXT, GAP, MARGIN = 250, 190, 15, 12, 10
# The characters of a line of text in a box, and above an arrow.
IN_BOX, ON_ARROW = 36, 28
WIDTH = 2 * (BOX + MARGIN) + ARROW
STYLE = 'font-family="DejaVu Sans, Verdana, Arial, sans-serif" font-size="12" fill="#000"'


def drawing(title: str, lines: Sequence[Line]) -> Picture:
    """The first lines as a picture, whose description has their words."""
    shown = lines[:MOST_LINES]
    words = " ".join(f"{who}: {does} {whom}." for who, does, whom in shown)
    more = len(lines) - len(shown)
    rest = f" {plural(more, 'more line')} in the list." if more else ""
    body, height = _drawn(shown)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" height="{height}"'
        f' viewBox="0 0 {WIDTH} {height}">'
        f"<title>{xml(title)}</title><desc>{xml(words + rest)}</desc>"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/><g {STYLE}>{body}</g></svg>'
    )
    return Picture(title, f"{words}{rest}", replace_non_xml(svg).encode(), "svg")


def _drawn(lines: Sequence[Line]) -> tuple[str, int]:
    """The boxes and arrows, and the height of all."""
    parts: list[str] = []
    top = MARGIN
    for who, group in groupby(lines, key=lambda line: line[0]):
        start = top
        for _, does, whom in group:
            height = max(_height(whom, IN_BOX), 2 * TEXT * len(wrap(does, ON_ARROW)))
            middle = top + height // 2
            parts += _box(MARGIN + BOX + ARROW, top, height, whom)
            parts += _arrow(middle, does)
            top += height + GAP
        height = max(top - GAP - start, _height(who, IN_BOX))
        top = max(top, start + height + GAP)
        parts += _box(MARGIN, start, height, who)
    return "".join(parts), top - GAP + MARGIN


def _height(text: str, width: int) -> int:
    return max(2, len(_lines(text, width))) * TEXT + GAP


def _lines(text: str, width: int) -> list[str]:
    """The lines of a text in a box; of a long one the beginning, since the list has all of it."""
    return wrap(text, width, max_lines=3, placeholder=" …")


def _box(left: int, top: int, height: int, text: str) -> Iterator[str]:
    yield (
        f'<rect x="{left}" y="{top}" width="{BOX}" height="{height}" rx="4" fill="#f1f3f5"'
        ' stroke="#767676"/>'
    )
    yield from _text(left + BOX // 2, top + height // 2, _lines(text, IN_BOX))


def _arrow(y: int, text: str) -> Iterator[str]:
    left, right = MARGIN + BOX, MARGIN + BOX + ARROW
    yield f'<path d="M{left} {y}H{right - 7}" stroke="#000" fill="none"/>'
    yield f'<path d="M{right} {y}l-8 -4v8z"/>'
    lines = wrap(text, ON_ARROW)
    # Above the arrow.
    yield from _text((left + right) // 2, y - TEXT * len(lines) // 2 - 3, lines)


def _text(x: int, middle: int, lines: Sequence[str]) -> Iterator[str]:
    """The lines around a height, each in the middle."""
    first = middle - TEXT * (len(lines) - 1) // 2 + 4
    for number, line in enumerate(lines):
        y = first + number * TEXT
        yield f'<text x="{x}" y="{y}" text-anchor="middle">{xml(line)}</text>'


# ── Sections ──────────────────────────────────────────────────────────────────────────────────────

# The kinds of speakers whose criticism comes first.
SPEAKERS = (
    *("MonitoringBody", "IndependentBody", "NonGovernmentalOrganisation"),
    *("InternationalOrganisation", "UnnamedSpeakers", "UnidentifiedSpeaker"),
)
# The kinds of speakers who report difficulties of their own state, which is no criticism.
AUTHORITIES = "authorities"
STATE = {TIP + kind for kind in ("Government", "Ministry", "PublicAgency", "AuthorityGroup")}
OTHERS = "others"
NEEDED, OPEN = CODE + "cooperation-needed", CODE + "cooperation-open"
NOTHING = "The graph has no such statement of this edition."
NOT_STATED = "The section was read in full, and has no statement on these topics. That is not zero."

# The sections of remarks that are no criticism, by tone.
TONES = {
    "recommendation": "Recommendations",
    "praise": "Praise",
    "defence": "Answers to criticism",
    "self-reported": "What speakers state about themselves",
    "neutral": "Descriptions",
    "undecided": "Remarks whose tone is undecided",
}

Row = tuple[Term | None, ...]
RelationRow = Mapping[str, Value]
# The report has sections of their own for these, and for figures with their caveats.
ELSEWHERE = {TIP + kind for kind in ("Remark", "Entitlement", "Obligation", "Power")}
# The quotes of figures have the numbers.
FIGURES = {TIP + kind for kind in ("Observation", "Allocation")}
PERSONS = {TIP + kind for kind in ("PersonCategory", "VictimCategory")}
OMITTED = {CODE + code for code in ("speaks-of", "does-not-report-on", "is-directed-at")}


@dataclass(frozen=True)
class Listing:
    """A list of the statements that a stored query finds.

    `line` is the column that says what is stated, `lead` the one for the keyword ahead of it, and
    `details` are those that add to it.
    """

    query: str
    line: str
    lead: str
    details: tuple[str, ...]


# The outcome is in the line.
CRITICISM = Listing("criticism", "gist", "speaker", ("frequency", "hedge"))
REMARKS = Listing("remarks", "gist", "speaker", ("frequency", "hedge"))
NOT_REPORTED = Listing("not-reported", "statement", "speaker", ("period", "note"))
CLAIMS = Listing("claims", "gist", "speaker", ("hedge", "time"))
ENTITLEMENTS = Listing(
    "entitlements",
    "entitlement",
    "beneficiary",
    (
        *("requirement", "conditionality", "strength", "duration", "renewable_until"),
        *("granted_by", "note"),
    ),
)
OBLIGATIONS = Listing(
    "obligations",
    "statement",
    "bearer",
    ("trigger", "outcome", "frequency", "contrast", "note", "reading"),
)
POWERS = Listing(
    "powers", "statement", "holder", ("in_favour_of", "against", "requirement", "note")
)
CONSEQUENCES = Listing("consequences", "consequence", "affects", ("if_not_met", "note"))
FUNDING = Listing("funding", "statement", "funder", ("note", "caveat"))
# Statements of documents of other publishers on the country.
PUBLISHED = Listing(
    "compare-sources",
    "statement",
    "publication",
    ("period", "counted_by", "qualifier", "beside", "note"),
)
RECOMMENDED = Listing("recommendations", "gist", "publication", ("verb", "addressee", "note"))


def listings(subject: Subject, has_drawing: bool = False) -> Iterator[Section]:
    """The lists of statements, each statement in the first one that it fits.

    With a drawing, who does what is a picture too.
    """
    criticism = _criticism(subject)
    remarks = items(subject, REMARKS)
    claims = items(subject, CLAIMS)
    others = {iri: item for iri, item in claims.items() if iri not in criticism | remarks}
    by_whom = _by_speaker(subject, criticism)
    yield _section(subject, "Criticism", by_whom[OTHERS])
    yield _section(subject, "What was not reported", items(subject, NOT_REPORTED))
    yield from silence(subject)
    yield who_does_what(subject, has_drawing)
    yield Section("Difficulties that authorities report", tuple(by_whom[AUTHORITIES].values()))
    yield from _by_tone(subject, remarks)
    yield _section(subject, "What else others state", others)
    yield from _entitlements(subject)
    yield _section(subject, "Consequences", items(subject, CONSEQUENCES))
    yield _section(subject, "Obligations", items(subject, OBLIGATIONS))
    yield _section(subject, "Powers", items(subject, POWERS))
    yield _section(subject, "Who pays", items(subject, FUNDING))
    yield Section("Our inferences from criticism", tuple(by_whom[OURSELVES].values()))
    yield from _of_other_publishers(subject)


def _criticism(subject: Subject) -> dict[str, Item]:
    """The criticism: first that of independent bodies, then the author's."""
    speakers, kinds = _speakers(subject)

    def rank(statement: str) -> int:
        speaker = speakers[statement]
        places = (place for place, kind in enumerate(SPEAKERS) if TIP + kind in kinds[speaker])
        return next(places, len(SPEAKERS) + (speaker == subject.edition.publisher))

    found = items(subject, CRITICISM)
    return {iri: found[iri] for iri in sorted(found, key=rank)}


def _by_speaker(subject: Subject, found: Mapping[str, Item]) -> dict[str, dict[str, Item]]:
    """The findings of authorities on their own state, our inferences, and the criticism of others.

    The publisher of an edition is an authority of another state.
    """
    speakers, kinds = _speakers(subject)
    groups: dict[str, dict[str, Item]] = {OTHERS: {}, AUTHORITIES: {}, OURSELVES: {}}
    for iri, item in found.items():
        speaker = speakers[iri]
        is_state = speaker != subject.edition.publisher and STATE & {*kinds[speaker]}
        group = OURSELVES if speaker == OURSELVES else AUTHORITIES if is_state else OTHERS
        groups[group][iri] = item
    return groups


def _speakers(subject: Subject) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The speaker of each finding, and the classes of each speaker."""
    speakers = {str(row["finding"]): str(row["speaker"]) for row in subject.rows("criticism")}
    return speakers, leaf_kinds(subject.engine, speakers.values())


def _by_tone(subject: Subject, remarks: Mapping[str, Item]) -> Iterator[Section]:
    """The remarks that are no criticism, in a section for each tone that the edition has."""
    tones = {str(row["statement"]): last_part(str(row["tone"])) for row in subject.rows("remarks")}
    for tone, title in TONES.items():
        found = tuple(item for iri, item in remarks.items() if tones[iri] == tone)
        if found:
            yield Section(title, found)


def _of_other_publishers(subject: Subject) -> Iterator[Section]:
    """The figures and recommendations of documents on the country; nothing where there are none."""
    area = last_part(subject.edition.area)
    for title, listing, rows in (
        (OF_OTHERS, PUBLISHED, subject.figures_of_others()),
        ("Recommendations", RECOMMENDED, subject.rows_of("recommendations", area=area)),
    ):
        found = items(subject, listing, rows)
        if found:
            yield Section(title, tuple(found.values()))


def _entitlements(subject: Subject) -> Iterator[Section]:
    """The entitlements by what they depend on, since that is what a victim asks first."""
    found = items(subject, ENTITLEMENTS)
    rows = subject.rows("entitlements")
    conditional = {str(row["entitlement"]) for row in rows if row["requirement"]}
    cooperation: dict[str, set[str]] = {NEEDED: set(), OPEN: set()}
    for row in subject.rows("cooperation-required"):
        cooperation[str(row["cooperation"])].add(str(row["entitlement"]))
    asking = cooperation[NEEDED] | cooperation[OPEN]
    for title, iris in {
        "Entitlements for which no condition is stated": found.keys() - conditional - asking,
        "Entitlements with a condition, but not of cooperation": conditional - asking,
        "Entitlements that depend on cooperation with authorities": cooperation[NEEDED],
        "Entitlements for which it is open whether they depend on cooperation": cooperation[OPEN],
    }.items():
        yield _section(subject, title, {iri: item for iri, item in found.items() if iri in iris})


def _section(subject: Subject, title: str, found: Mapping[str, Item]) -> Section:
    """The items. An empty section says so, unless the edition was read in part."""
    is_empty = subject.edition.is_complete and not found
    return Section(title, tuple(found.values()), paragraphs=(NOTHING,) if is_empty else ())


def items(subject: Subject, listing: Listing, rows: Rows | None = None) -> dict[str, Item]:
    """An item for each statement that the query finds, with all its speakers and passages.

    They are by the IRI of the statement, in the order of the query. `rows` are those of the query,
    where they are not the ones on the edition.
    """
    rows = subject.rows(listing.query) if rows is None else rows
    known = subject.names(rows)
    position = {name: number for number, name in enumerate(rows.columns)}
    groups: dict[Term | None, list[Row]] = {}
    for row in rows.terms:
        groups.setdefault(row[position[str(statement_column(rows))]], []).append(row)
    quoted = passages.passages(subject.engine, map(str, rows.column("place")))
    found = {}
    for statement, group in groups.items():

        def words(column: str, group: list[Row] = group) -> str:
            texts = (in_words(text(row[position[column]], known)) for row in group)
            return "; ".join(dict.fromkeys(part for each in texts for part in separate(each)))

        cited = {str(value(row[position["place"]])) for row in group}
        speaker = () if listing.lead == "speaker" else (f"stated by: {words('speaker')}",)
        line = words(listing.line)
        texts = ((name.replace("_", " "), words(name)) for name in listing.details)
        details = (f"{name}: {each}" for name, each in texts if _adds(each, line))
        found[str(value(statement))] = Item(
            line,
            words(listing.lead),
            (*speaker, *details),
            quoted.among(cited),
            iri=str(value(statement)),
        )
    return found


def _adds(detail: str, line: str) -> bool:
    """Return whether a detail is more than words of the line."""
    return bool(detail) and detail.casefold() not in line.casefold()


def silence(subject: Subject) -> Iterator[Section]:
    """The topics on which an edition that was read in full has no statement.

    Each has those who expect a statement on it.
    """
    if not subject.edition.is_complete:
        return
    rows = subject.unmentioned()
    known = subject.names(rows)
    expected: dict[str, list[str]] = {}
    for row in rows:
        by = [known[str(row["expected_by"])]] if row["expected_by"] else []
        expected.setdefault(known[str(row["topic"])], []).extend(by)
    found = (
        Item(topic, details=(f"expected by: {join(sorted(by))}",) if by else ())
        for topic, by in expected.items()
    )
    title = "What the source says nothing about"
    yield Section(title, tuple(found), paragraphs=(NOT_STATED,))


def who_does_what(subject: Subject, has_drawing: bool) -> Section:
    """An item for each body and relation: what it does, to whom, and the statements of it."""
    found = subject.rows("relations")
    known = subject.names(found)
    quoted = passages.passages(subject.engine, map(str, found.column("place")))
    rows = [row for row in found if row["kind"] not in ELSEWHERE and row["relation"] not in OMITTED]
    kinds = leaf_kinds(subject.engine, map(str, found.column("object")))

    def key(row: RelationRow) -> tuple[str, str]:
        return known[str(row["subject"])], known[str(row["relation"])]

    def party(row: RelationRow) -> str:
        iri = str(row["object"])
        if not PERSONS & {*kinds[iri]}:
            return known[iri]
        # Only identification makes an identified victim of one.
        is_stated = last_part(str(row["relation"])) == "identifies"
        return plural_of(known[iri].removeprefix("identified " if is_stated else ""))

    def item(line: tuple[str, str], group: Iterable[RelationRow]) -> Item:
        rows = list(group)
        cited = {str(row["place"]) for row in rows}

        def words(column: str) -> list[str]:
            return list(dict.fromkeys(known[str(row[column])] for row in rows if row[column]))

        speakers = {str(row["speaker"]) for row in rows}
        details = {
            "in the capacity of": words("capacity"),
            "hedge": words("hedge"),
            "stated as": [] if {row["kind"] for row in rows} <= FIGURES else words("statement"),
            "stated by": [] if speakers == {subject.edition.publisher} else words("speaker"),
        }
        return Item(
            f"{line[1]} {join(sorted(map(party, rows)))}",
            line[0],
            tuple(f"{name}: {'; '.join(texts)}" for name, texts in details.items() if texts),
            quoted.among(cited),
            iri=str(rows[0]["statement"]),
        )

    groups = {line: list(group) for line, group in groupby(sorted(rows, key=key), key)}
    items = tuple(item(*each) for each in groups.items())
    unless = f"As {subject.edition.publisher_label} states it, where no other speaker is named."
    section = Section("Who does what", items, paragraphs=(unless,) if items else ())
    if not (has_drawing and items):
        return section

    lines: dict[tuple[str, str], list[str]] = {}
    # Bodies with bodies come first, and nobody who is not named.
    ranks: dict[tuple[str, str], tuple[bool, bool]] = {}
    for (who, does), of_line in groups.items():
        pair = who, join(sorted(map(party, of_line)))
        objects = {kind for row in of_line for kind in kinds[str(row["object"])]}
        is_unnamed = any(row["subject"] == UNIDENTIFIED for row in of_line)
        lines.setdefault(pair, []).append(does)
        ranks[pair] = is_unnamed, bool(PERSONS & objects)
    first = set(sorted(lines, key=ranks.__getitem__)[:MOST_LINES])
    ordered = sorted(lines, key=lambda pair: pair not in first)
    drawn = [(who, join(lines[who, whom]), whom) for who, whom in ordered]
    return replace(section, pictures=(drawing(f"Who does what, {subject.country}", drawn),))
