"""Take accepted rows into the edition's folder: figures, and other statements.

Figures are imported as by `import-figures`, beside those that the folder has. A name that the graph
does not have becomes a proposal in `terms.ttl`; the figures that need it wait until it is complete.
Any other row becomes a statement with its quote in `drafted.ttl`, with TODO where a person must
decide. `draft/taken.csv` lists the rows that were taken, so that a person may rename, change and
move their statements.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import isfile, join

from tipgraph.editions.figures import resolve_rows
from tipgraph.editions.folder import read_folder
from tipgraph.editions.import_figures import check_consistency, figures_turtle
from tipgraph.editions.missing import MissingTerm, describe_missing
from tipgraph.editions.names import Actors, NameIndex, NameNotResolved
from tipgraph.editions.table import TURTLE_FILE, TableError, TableRow
from tipgraph.editions.turtle import TurtleWriter, english, extend, own_prefix, plain
from tipgraph.entities.editions import editions
from tipgraph.errors import InputError
from tipgraph.export.figures import figures as known_figures
from tipgraph.export.figures import import_table
from tipgraph.figure_table import SPEECH_ACT, UNSTATED_PERIODS, WORDS
from tipgraph.files import read_text
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import CODE, ID, last_part
from tipgraph.render.formats import csv as as_csv
from tipgraph.store.engine import Engine
from tipgraph.text import capitalise, slugify
from tipgraph_draft.candidate import COUNTED, NEW, YES, Candidate, graph_axis
from tipgraph_draft.periods import NOT_STATED
from tipgraph_draft.review_file import DRAFT, REVIEW_FILE, TAKEN_FILE, PinnedEdition, taken_rows
from tipgraph_draft.tokens import MAX_QUOTED_WORDS

STATEMENTS_FILE, TERMS_FILE = "drafted.ttl", "terms.ttl"
# The cells that identify a figure which was taken before.
SAME = (*WORDS, "value")
TOTAL_PART, REPORT = "total", "report"
UNSTATED, UNSTATED_EARLIER, _ = UNSTATED_PERIODS
COMMENT = (
    "# Statements from a draft. Decide on each TODO, and move each to the file of its theme.\n"
)
DURATION_UNITS = ("day", "month", "year")
# The class of a statement by the kind of its row, its label, and what a person adds to it.
CLASSES = {
    "claim": ("Remark", "{quote}", "if it judges how something turned out, make it a tip:Finding"),
    "non-report": ("NonReport", "{actor} did not report {indicator}", ""),
    "absence": ("AbsenceOfReports", "no reports of {indicator}", ""),
    "duration": (
        "Entitlement",
        "{indicator}, {value} {unit}",
        "add tip:beneficiary, tip:grants, tip:conditionality and tip:strength",
    ),
    "training": (
        "Training",
        "{recipient}: {indicator}",
        "add tip:target, tip:subjectMatter and who trained",
    ),
}
Cells = dict[str, str]


@dataclass(frozen=True)
class LeftOut:
    """An accepted figure that cannot be imported yet, with the column and the reason."""

    row: Candidate | None
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.row.sentence} “{self.row.quote}”" if self.row else "a figure of the folder"
        return f"left out: {place}: {self.column}: {self.reason}"


@dataclass(frozen=True)
class AcceptedRows:
    """The texts of files by path that accepted rows become, and how many of each kind.

    `left_out` are figures that wait for a name, and `names` counts the proposals. `left` are rows
    that were taken before and are accepted no longer, as lines for a person.
    """

    files: dict[str, str]
    figures: int
    statements: int
    left: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()
    names: int = 0


@dataclass(frozen=True)
class _Line:
    """A line of the table of figures, and the accepted row that it comes from, if any."""

    cells: Cells
    row: Candidate | None = None


@dataclass
class _Imported:
    """The imported lines of a table as Turtle, and what was left out of it and why."""

    lines: list[_Line]
    turtle: str = "# No figures.\n"
    left_out: list[LeftOut] = field(default_factory=list)
    missing: set[MissingTerm] = field(default_factory=set)


def take(
    graph: LocalGraph,
    folder: str,
    pinned: PinnedEdition,
    rows: Sequence[Candidate],
    text: str,
) -> AcceptedRows:
    """Return what the rows with `yes` become in the folder. Nothing is written.

    `graph` has the folder. `text` is the pinned text, in which each quote is made unique. Raises
    InputError when a row has no reviewer, or its words cannot be quoted so that the text has them
    once.
    """
    accepted = [row for row in rows if row.status == "yes"]
    for row in accepted:
        if not row.reviewer:
            raise InputError(
                f"{join(folder, DRAFT, REVIEW_FILE)}: row {row.id}, column reviewer: the cell is"
                " empty; write the alias of the person who accepted the row"
            )
    quotes = {row.id: _unique_quote(folder, pinned, row, text) for row in accepted}
    taken = taken_rows(folder)
    described = read_folder(folder).described
    statements = [row for row in accepted if row.kind not in COUNTED]
    new = [row for row in statements if row.id not in taken and _iri(pinned, row) not in described]
    figures = [row for row in accepted if row.kind in COUNTED]
    found = _Imported([])
    files: dict[str, str] = {}
    file = join(folder, TURTLE_FILE)
    if figures or any(cells["value"] for cells in taken.values()):
        own = _figure_cells(graph.engine, pinned, figures, quotes)
        known = import_table(graph.engine, known_figures(graph.engine, graph.queries, pinned.name))
        table = _table(own, known, [*map(_key, taken.values())])
        found = _import(graph.engine, file, table)
        if found.lines or isfile(file):
            files[file] = found.turtle
    imported = [each for each in found.lines if each.row]
    terms = join(folder, TERMS_FILE)
    # The missing names that the folder does not propose yet.
    names = sorted(each for each in found.missing if f'"{each.name}"' not in _text_of(terms))
    if names:
        files[terms] = describe_missing(graph.engine, names, _text_of(terms))
    if new:
        drafted = join(folder, STATEMENTS_FILE)
        writer = _StatementWriter(graph.engine, pinned)
        nodes = "\n".join(writer.statement(row, quotes[row.id]) for row in new)
        files[drafted] = extend(_text_of(drafted) or COMMENT, nodes, writer.own)
    if figures or statements or taken:
        memory = [(each.row.id, *_key(each.cells)) for each in imported if each.row]
        memory += [(row.id, row.sentence, row.quote, "") for row in statements]
        # The last to be written: what it lists is not taken again.
        files[join(folder, DRAFT, TAKEN_FILE)] = as_csv(("id", *SAME), memory)
    left = [
        f"{row.sentence}: {last_part(_iri(pinned, row))} was taken, but is {row.status} now;"
        " remove it"
        for row in rows
        if row.status != "yes" and row.kind not in COUNTED and _iri(pinned, row) in described
    ]
    return AcceptedRows(
        files, len(imported), len(new), tuple(left), tuple(found.left_out), len(names)
    )


def _text_of(file: str) -> str:
    """The text of a file, empty if there is none."""
    return read_text(file) if isfile(file) else ""


def _iri(pinned: PinnedEdition, row: Candidate) -> str:
    """The IRI of the statement that a row becomes; it has the row's id."""
    return f"{pinned.iri}/{row.sentence}-{row.kind}-{row.id}"


def _unique_quote(folder: str, pinned: PinnedEdition, row: Candidate, text: str) -> str:
    """The words of a row, with more beside them as far as the text has them once."""
    if row.sentence not in pinned.spans:
        raise InputError(f"row {row.id}: {folder} has no sentence {row.sentence}")
    sentence, start, end = pinned.spans[row.sentence], row.start, row.end
    while text.count(text[start:end]) > 1 and len(text[start:end].split()) <= MAX_QUOTED_WORDS:
        after, before = text[end : sentence.end], text[sentence.start : start]
        if after.strip():
            end += _word_length(after)
        elif before.strip():
            start -= _word_length(before[::-1])
        else:
            break
    quote = text[start:end]
    if text.count(quote) != 1 or len(quote.split()) > MAX_QUOTED_WORDS:
        raise InputError(
            f"row {row.id}: the text has {row.quote!r} more than once; quote other words of"
            f" {row.sentence}"
        )
    return quote


def _word_length(text: str) -> int:
    """The length of the space and the word that a text begins with."""
    found = re.match(r"\s*\S+", text)
    return len(found[0]) if found else len(text)


# ── Figures ─────────────────────────────────────────────────────────────────────────────────────


def _table(
    own: Sequence[_Line], known: Iterable[Mapping[str, object]], last: Sequence[tuple[str, ...]]
) -> list[_Line]:
    """The lines of the table of figures: the accepted rows, then others that the folder has.

    An accepted row keeps the other cells of the line that it had before. A line that the last take
    put there, and that is accepted no longer, is left out.
    """
    texts = ({name: str(cell or "") for name, cell in row.items()} for row in known)
    others = {_key(cells): cells for cells in texts}
    lines = [_Line(others.pop(_key(each.cells), {}) | each.cells, each.row) for each in own]
    return [*lines, *(_Line(cells) for key, cells in others.items() if key not in last)]


def _key(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(" ".join(cells.get(name, "").casefold().split()) for name in SAME)


def _import(engine: Engine, file: str, table: Sequence[_Line]) -> _Imported:
    """Import the lines of a table without those that have an error, such as an unknown name."""
    found = _Imported(list(table))
    while found.lines:
        rows = [TableRow(at, each.cells) for at, each in enumerate(found.lines)]
        try:
            figures = resolve_rows(engine, file, rows)
            check_consistency(engine, file, figures)
        except TableError as error:
            _leave_out(found, error)
            continue
        (found.turtle,) = figures_turtle(engine, figures).values()
        break
    return found


def _leave_out(found: _Imported, error: TableError) -> None:
    """Move the lines with an error out of the table."""
    wrong: dict[int, LeftOut] = {}
    for each in error.errors:
        reason = re.sub(r" \(also in lines? .*?\)", "", each.message)
        wrong.setdefault(each.line, LeftOut(found.lines[each.line].row, each.column, reason))
    found.missing |= set(error.missing)
    found.left_out += wrong.values()
    found.lines = [each for at, each in enumerate(found.lines) if at not in wrong]


def _figure_cells(
    engine: Engine, pinned: PinnedEdition, rows: Iterable[Candidate], quotes: Mapping[str, str]
) -> list[_Line]:
    """The lines of figures and amounts in the table of figures."""
    parts = NameIndex(engine, "part", f"?entity skos:inScheme <{CODE}parts> .")
    axes = engine.select(
        "SELECT ?part ?name { ?part skos:inScheme code:parts ; tip:axis/skos:prefLabel ?name }"
    ).grouped()
    page = editions(engine, [pinned.iri])[pinned.iri].page
    lines = []
    for row in rows:
        is_dated = row.period not in ("", NOT_STATED)
        code = row.indicator_code
        # A person's code stands where it is not made of the words.
        is_worded = not code or code.startswith(NEW) or slugify(row.indicator) == code
        cells = {
            "country": last_part(pinned.area),
            "edition": str(pinned.year),
            "page": page,
            "indicator": row.indicator if is_worded else code,
            "reference_period": _period(row),
            "part": row.part or TOTAL_PART,
            "value": "" if row.value is None else f"{row.value:f}",
            "unit": row.unit,
            "counted_by": "" if row.counted_by == NOT_STATED else row.counted_by,
            "place": row.sentence,
            "quote": quotes[row.id],
            "axis": _axis(row, parts, axes),
            "number_qualifier": row.qualifier,
            "converted": YES if row.converted else "",
            "period_inferred": YES if row.period_from == "assumed" and is_dated else "",
            "recipient": row.recipient if row.kind == "amount" else "",
            "speaker": "" if row.speaker in (REPORT, NOT_STATED) else row.speaker,
            SPEECH_ACT: "" if row.act.startswith(NEW) else row.act,
        }
        lines.append(_Line(cells | ({"note": row.note} if row.note else {}), row))
    return lines


def _axis(row: Candidate, parts: NameIndex, axes: Mapping[str, Sequence[str]]) -> str:
    """The axis of a part, where its name alone is new, or means one of another axis or none."""
    if row.part in ("", TOTAL_PART) or row.axis in ("", TOTAL_PART):
        return ""
    axis = graph_axis(row.axis)
    try:
        part = parts.iri(row.part)
    except NameNotResolved:
        return axis
    return "" if axis in axes[part] else axis


def _period(row: Candidate) -> str:
    """The reference period as the table of figures has it."""
    if row.period in ("", NOT_STATED):
        return UNSTATED_EARLIER if row.prior else UNSTATED
    is_years = re.fullmatch(r"\d{4}/\d{4}", row.period)
    return row.period.replace("/", "-" if is_years else "-to-")


# ── Other statements ────────────────────────────────────────────────────────────────────────────


class _StatementWriter:
    """Writes statements of an edition with what a row states, and with what is to decide."""

    def __init__(self, engine: Engine, pinned: PinnedEdition) -> None:
        self.own = {own_prefix(pinned.iri, pinned.area): f"{pinned.iri}/"}
        self._pinned = pinned
        self._writer = TurtleWriter(self.own)
        self._actors = Actors(engine)
        acts = f"?entity skos:inScheme <{CODE}speech-acts> ."
        self._acts = NameIndex(engine, "speech act", acts)

    def statement(self, row: Candidate, quote: str) -> str:
        """Return the statement of a row, below comments on who accepted it and what to decide."""
        kind, label, more = CLASSES[row.kind]
        cells = {name: cell or "somebody" for name, cell in row.as_row().items()}
        label = label.format(actor=capitalise(cells["counted_by"]), **cells)
        points = ["write the label in your words", "add tip:topic", *filter(None, [more])]
        found = [*self._properties(row)]
        points += [text for name, text in found if not name]
        on = f" on {row.reviewed_on}" if row.reviewed_on else ""
        sentence = self._writer.name(f"{self._pinned.iri}/{row.sentence}")
        node = self._writer.compact(
            _iri(self._pinned, row),
            f"tip:{kind}",
            [
                [("rdfs:label", english(f"TODO: {label}"))],
                [each for each in found if each[0]],
                [("tip:quote", plain(quote)), ("tip:quotedFrom", sentence)],
            ],
        )
        accepted = f"{row.sentence}: {row.kind}, accepted by {row.reviewer}{on}"
        comments = (accepted, f"TODO: {'; '.join(points)}.")
        # A cell of a spreadsheet may have several lines.
        lines = [f"# {' '.join(each.split())}" for each in comments]
        return "\n".join([*lines, node])

    def _properties(self, row: Candidate) -> Iterator[tuple[str, str]]:
        """Yield what a row states; without a property, what a person decides."""
        if row.kind == "non-report":
            yield self._actor(row.counted_by, "tip:nonReporter")
        elif row.kind == "duration":
            unit = row.unit.rstrip("s")
            if row.value is not None:
                yield "tip:durationValue", f"{row.value:f}"
            if unit in DURATION_UNITS:
                yield "tip:durationUnit", f"code:{unit}"
            else:
                yield "", f"a duration in {row.unit or 'words'} has no unit in the graph"
        elif row.kind == "claim":
            if row.speaker != REPORT:
                yield self._actor(row.speaker, "tip:speaker")
            yield from self._act(row)
            if row.qualifier:
                yield "", f"the source hedges it: {row.qualifier}"

    def _actor(self, name: str, role: str) -> tuple[str, str]:
        """The actor of a name, or what to do about one that the graph does not have."""
        if not name or name in (REPORT, NOT_STATED):
            return "", f"add {role}"
        try:
            iri = self._actors.iri(name, self._pinned.area)
        except NameNotResolved:
            iri = ""
        # A group of unnamed speakers belongs to its edition, and is another in the next.
        is_foreign = "/" in iri.removeprefix(ID) and not iri.startswith(f"{self._pinned.iri}/")
        if not iri or is_foreign:
            return "", f"add {role}, and describe {name!r} in actors.ttl if it is new"
        return role, self._writer.name(iri)

    def _act(self, row: Candidate) -> Iterator[tuple[str, str]]:
        act = row.act.removeprefix(NEW)
        try:
            if act:
                yield "tip:speechAct", self._writer.name(self._acts.iri(act))
        except NameNotResolved:
            yield "", f"the speech act {act!r} has no code"
