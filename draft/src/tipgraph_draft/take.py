"""Take accepted rows into the edition's folder: figures, and stubs of statements.

Figures are imported as by `import-figures`, beside those that the folder has. A name that the graph
does not have becomes a proposal in `terms.ttl`; the figures that need it wait until it is complete.
A claim, a non-report, an absence, a duration or training becomes a passage and the stub of a
statement in `drafted.ttl`, with TODO where a person must decide. A passage that the folder has is
left alone, with its statement.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from os.path import isfile, join
from tempfile import TemporaryDirectory

from tipgraph.editions.figures import ActorIndex, NameIndex, NameNotResolved, group_values
from tipgraph.editions.folder import read_folder
from tipgraph.editions.import_figures import ImportedFigures, import_figures
from tipgraph.editions.missing_terms import MissingTerm, describe_missing
from tipgraph.editions.pin import SentenceSpan
from tipgraph.editions.table import TURTLE_FILE, TableError
from tipgraph.editions.turtle import (
    PropertyValues,
    TurtleWriter,
    english,
    extend,
    own_prefix,
    plain,
)
from tipgraph.entities.editions import Edition, editions
from tipgraph.errors import InputError
from tipgraph.export.figures import figures as known_figures
from tipgraph.export.figures import import_table
from tipgraph.figure_table import SPEECH_ACT, TABLE, UNSTATED_PERIODS, WORDS
from tipgraph.files import read_text
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import CODE, ID, last_part
from tipgraph.render.results import csv as as_csv
from tipgraph.store.engine import Engine
from tipgraph.text import capitalise, slugify
from tipgraph_draft.candidate import YES, Candidate
from tipgraph_draft.codes import COUNTED, NEW, graph_axis
from tipgraph_draft.folder_draft import DRAFT, REVIEW_FILE, PinnedEdition
from tipgraph_draft.tokens import MAX_QUOTED_WORDS

STUBS_FILE = "drafted.ttl"
# The cells that identify a figure which was taken before.
SAME = (*WORDS, "value")
# The figures that the last take imported: the id of the row, and these cells.
TAKEN_FILE = "taken.csv"
# Proposals for names that the graph does not have.
TERMS_FILE = "terms.ttl"
ALSO = re.compile(r" \(also in lines? .*?\)")
TOTAL_PART, REPORT, NOT_STATED = "total", "report", "not stated"
UNSTATED, UNSTATED_EARLIER, _ = UNSTATED_PERIODS
COMMENT = (
    "# Statements from a draft. Decide on each TODO, and move each to the file of its theme; its"
    "\n# passage keeps its name, by which the draft knows that it was taken."
)
DURATION_UNITS = ("day", "month", "year")


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
    stubs: int
    left: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()
    names: int = 0


def take(
    graph: LocalGraph,
    folder: str,
    pinned: PinnedEdition,
    rows: Sequence[Candidate],
    text: str | None = None,
) -> AcceptedRows:
    """Return what the rows with `yes` become in the folder. Nothing is written.

    `graph` has the folder. `text` is the pinned text, in which each quote is made unique; without
    it, quotes stay as the rows have them. Raises InputError when a row has no reviewer, or its
    words cannot be quoted so that the text has them once.
    """
    taker = _Taker(graph.engine, folder, pinned, text)
    accepted = [row for row in rows if row.status == "yes"]
    for row in accepted:
        if not row.reviewer:
            raise InputError(
                f"{join(folder, DRAFT, REVIEW_FILE)}: row {row.id}, column reviewer: the cell is"
                " empty; write the alias of the person who accepted the row"
            )
    figures = [row for row in accepted if row.kind in COUNTED]
    stubs = [row for row in accepted if row.kind not in COUNTED and not taker.has(row)]
    files: dict[str, str] = {}
    found = _Imported()
    if figures or taker.last:
        found = _import(graph.engine, taker.table_with(figures, _folder_figures(graph, pinned)))
        files |= found.figures.files(folder) if found.figures else _without_figures(folder)
        files[join(folder, DRAFT, TAKEN_FILE)] = taker.memory(found.lines)
    names = _new_names(folder, found.missing)
    if names:
        file = join(folder, TERMS_FILE)
        before = read_text(file) if isfile(file) else ""
        files[file] = describe_missing(graph.engine, names, before)
    if stubs:
        files[join(folder, STUBS_FILE)] = taker.stubs_with(stubs)
    kept = {row.id for row in accepted}
    left = [
        f"{row.sentence}: {taker.passage_name(row)} was taken, but is {row.status} now; remove it"
        for row in rows
        if row.id not in kept and row.kind not in COUNTED and taker.has(row)
    ]
    imported = sum(each.row is not None for each in found.lines)
    return AcceptedRows(files, imported, len(stubs), tuple(left), tuple(found.left_out), len(names))


def untaken_rows(folder: str, pinned: PinnedEdition, rows: Iterable[Candidate]) -> list[Candidate]:
    """The accepted rows that the folder does not have yet."""
    taken = {cells["id"] for cells in _rows(join(folder, DRAFT, TAKEN_FILE))}
    described = read_folder(folder).described
    return [
        row
        for row in rows
        if row.status == "yes"
        and (row.id not in taken if row.kind in COUNTED else _passage(pinned, row) not in described)
    ]


@dataclass(frozen=True)
class _Line:
    """A line of the table of figures, and the accepted row that it comes from, if any."""

    cells: dict[str, str]
    row: Candidate | None = None


@dataclass
class _Imported:
    """The imported lines of a table, and what was left out of it and why."""

    figures: ImportedFigures | None = None
    lines: list[_Line] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    missing: set[MissingTerm] = field(default_factory=set)


def _folder_figures(graph: LocalGraph, pinned: PinnedEdition) -> list[dict[str, str]]:
    """The figures that the folder has, under the columns of a table of figures."""
    rows = import_table(graph.engine, known_figures(graph.engine, graph.queries, pinned.name))
    return [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in rows]


def _import(engine: Engine, table: Sequence[_Line]) -> _Imported:
    """Import the lines of a table without those that have an error, such as an unknown name."""
    found = _Imported(lines=list(table))
    columns = list(
        dict.fromkeys([*TABLE, *WORDS, *(name for each in table for name in each.cells)])
    )
    with TemporaryDirectory() as place:
        file = join(place, "figures.csv")
        while found.lines:
            cells = [[each.cells.get(name, "") for name in columns] for each in found.lines]
            with open(file, "w", encoding="utf-8", newline="") as opened:
                opened.write(as_csv(columns, cells))
            try:
                found.figures = import_figures(engine, file)
                break
            except TableError as error:
                _leave_out(found, error)
    return found


def _without_figures(folder: str) -> dict[str, str]:
    """The file of figures of a folder that has none any more."""
    file = join(folder, TURTLE_FILE)
    return {file: "# No figures.\n"} if isfile(file) else {}


def _leave_out(found: _Imported, error: TableError) -> None:
    """Move the lines with an error out of the table. Raises an error that belongs to no line."""
    wrong: dict[int, LeftOut] = {}
    for each in error.errors:
        # The header is the first line.
        at = each.line - 2
        if not 0 <= at < len(found.lines):
            raise error
        reason = ALSO.sub("", each.message)
        wrong.setdefault(at, LeftOut(found.lines[at].row, each.column, reason))
    found.missing |= set(error.missing)
    found.left_out += wrong.values()
    found.lines = [each for at, each in enumerate(found.lines) if at not in wrong]


def _new_names(folder: str, missing: Iterable[MissingTerm]) -> list[MissingTerm]:
    """The missing names that the folder does not propose yet."""
    file = join(folder, TERMS_FILE)
    before = read_text(file) if isfile(file) else ""
    return sorted(each for each in missing if f'"{each.name}"' not in before)


class _Taker:
    """Turns the rows of one folder's review into its files."""

    def __init__(
        self, engine: Engine, folder: str, pinned: PinnedEdition, text: str | None
    ) -> None:
        self._engine = engine
        self._pinned = pinned
        self._text = text
        self._folder = read_folder(folder)
        self._path = folder
        self._prefix = own_prefix(pinned.iri, pinned.area)
        self._own = {self._prefix: f"{pinned.iri}/"}
        self._writer = TurtleWriter(self._own)
        self.last = {_key(cells) for cells in _rows(join(folder, DRAFT, TAKEN_FILE))}

    @cached_property
    def _edition(self) -> Edition:
        return editions(self._engine, [self._pinned.iri])[self._pinned.iri]

    @cached_property
    def _actors(self) -> ActorIndex:
        return ActorIndex(self._engine, self._pinned.area)

    @cached_property
    def _acts(self) -> NameIndex:
        return NameIndex(self._engine, "speech act", f"?entity skos:inScheme <{CODE}speech-acts> .")

    @cached_property
    def _parts(self) -> NameIndex:
        return NameIndex(self._engine, "part", f"?entity skos:inScheme <{CODE}parts> .")

    @cached_property
    def _axes(self) -> dict[str, list[str]]:
        """The names of the axis of each part."""
        return group_values(
            self._engine.select(
                "SELECT ?part ?name {"
                " ?part skos:inScheme code:parts ; tip:axis/skos:prefLabel ?name }"
            )
        )

    # ── Figures ─────────────────────────────────────────────────────────────────────────────────

    def table_with(
        self, figures: Sequence[Candidate], known: Iterable[dict[str, str]]
    ) -> list[_Line]:
        """The lines of the table of figures: the accepted rows, then others that the folder has.

        An accepted row keeps the other cells of the line that it had before. A line that the last
        take put there, and that is accepted no longer, is left out.
        """
        others = {_key(cells): cells for cells in known}
        table = []
        for row in figures:
            cells = self._cells(row)
            table.append(_Line(others.pop(_key(cells), {}) | cells, row))
        return [*table, *(_Line(cells) for key, cells in others.items() if key not in self.last)]

    def memory(self, lines: Iterable[_Line]) -> str:
        """The imported rows, for the next take."""
        own = [(each.row.id, *_key(each.cells)) for each in lines if each.row]
        return as_csv(("id", *SAME), own)

    def _cells(self, row: Candidate) -> dict[str, str]:
        """The cells of a figure or amount in the table of figures."""
        cells = {
            "country": last_part(self._pinned.area),
            "edition": str(self._pinned.year),
            "page": self._edition.page,
            "indicator": _code_or(row.indicator, row.indicator_code),
            "reference_period": _period(row),
            "part": row.part or TOTAL_PART,
            "value": "" if row.value is None else f"{row.value:f}",
            "unit": row.unit,
            "counted_by": "" if row.counted_by == NOT_STATED else row.counted_by,
            "sentence": row.sentence,
            "quote": self._quote(row),
            "axis": self._axis(row),
            "number_qualifier": row.qualifier,
            "converted": YES if row.converted else "",
            "period_inferred": YES if row.period_from == "assumed" and _is_year(row) else "",
            "recipient": row.recipient if row.kind == "amount" else "",
            "speaker": "" if row.speaker in (REPORT, NOT_STATED) else row.speaker,
            SPEECH_ACT: "" if row.act.startswith(NEW) else row.act,
        }
        return cells | ({"note": row.note} if row.note else {})

    def _axis(self, row: Candidate) -> str:
        """The axis of a part, where its name alone is new, or means one of another axis or none."""
        if row.part in ("", TOTAL_PART) or row.axis in ("", TOTAL_PART):
            return ""
        axis = graph_axis(row.axis)
        try:
            part = self._parts.iri(row.part)
        except NameNotResolved:
            return axis
        return "" if axis in self._axes[part] else axis

    def _quote(self, row: Candidate) -> str:
        """The words of a row, with more beside them as far as the text has them once."""
        if self._text is None:
            return row.quote
        text, sentence = self._text, self._span(row)
        start, end = row.start, row.end
        while text.count(text[start:end]) > 1:
            before, after = (sentence.start, start), (end, sentence.end)
            if text[slice(*after)].strip():
                end += _word_length(text[slice(*after)])
            elif text[slice(*before)].strip():
                start -= _word_length(text[slice(*before)][::-1])
            else:
                break
            if len(text[start:end].split()) > MAX_QUOTED_WORDS:
                break
        quote = text[start:end]
        if text.count(quote) != 1 or len(quote.split()) > MAX_QUOTED_WORDS:
            raise InputError(
                f"row {row.id}: the text has {row.quote!r} more than once; quote other words of"
                f" {row.sentence}"
            )
        return quote

    def _span(self, row: Candidate) -> SentenceSpan:
        """Return where the sentence of a row begins and ends. Raises InputError for an unknown one.

        Eturn where the sentence of a row begins and ends. Raises InputError for an unknown one.
        """
        if row.sentence not in self._pinned.spans:
            raise InputError(f"row {row.id}: {self._path} has no sentence {row.sentence}")
        return self._pinned.spans[row.sentence]

    # ── Stubs ───────────────────────────────────────────────────────────────────────────────────

    def has(self, row: Candidate) -> bool:
        """Return whether the folder has the passage of a row."""
        return _passage(self._pinned, row) in self._folder.described

    def passage_name(self, row: Candidate) -> str:
        return self._writer.name(_passage(self._pinned, row))

    def stubs_with(self, rows: Sequence[Candidate]) -> str:
        """The file of stubs, with those of more rows at its end."""
        file = join(self._path, STUBS_FILE)
        before = read_text(file) if isfile(file) else f"{COMMENT}\n"
        return extend(before, "\n".join("\n".join(self._stub(row)) for row in rows), self._own)

    def _stub(self, row: Candidate) -> Iterator[str]:
        """The passage of a row, then its statement, with what is to decide."""
        iri = _passage(self._pinned, row)
        sentence = self._span(row)
        name = self._writer.name
        decided = f" by {row.reviewer}" if row.reviewer else ""
        decided += f" on {row.reviewed_on}" if row.reviewed_on else ""
        yield f"# {row.sentence}: {row.kind}, accepted{decided}"
        yield self._writer.node(
            iri,
            "tip:Passage",
            [
                ("tip:sentence", [name(f"{self._pinned.iri}/{row.sentence}")]),
                ("oa:hasSource", [name(f"{self._pinned.iri}/text")]),
                ("oa:hasSelector", [name(f"{iri}-at")]),
            ],
        )
        yield self._writer.node(
            f"{iri}-at",
            "oa:TextPositionSelector",
            [
                ("oa:start", [str(sentence.start)]),
                ("oa:end", [str(sentence.end)]),
                ("oa:refinedBy", [name(f"{iri}-quote")]),
            ],
        )
        quote = [("oa:exact", [plain(self._quote(row))])]
        yield self._writer.node(f"{iri}-quote", "oa:TextQuoteSelector", quote)
        kind, properties, open_points = self._statement(row)
        yield f"# TODO: {'; '.join(open_points)}."
        yield self._writer.node(f"{iri}-statement", kind, properties)

    def _statement(self, row: Candidate) -> tuple[str, list[PropertyValues], list[str]]:
        """The class of a statement, what is known of it, and what a person decides."""
        makers = {
            "claim": self._remark, "non-report": self._non_report, "absence": self._absence,
            "duration": self._entitlement, "training": self._training,
        }  # fmt: skip
        kind, label, properties, open_points = makers[row.kind](row)
        reporter = self._writer.name(self._edition.publisher)
        speaker, problem = self._actor(row.speaker, "speaker") if _is_named(row) else (reporter, "")
        act = self._act(row)
        points = [f"write {'the label' if label else 'a label'} in your words", "add tip:topic"]
        if row.act and not act and row.kind == "claim":
            points.append(f"the speech act {row.act.removeprefix(NEW)!r} has no code")
        points += [*open_points, *filter(None, [problem])]
        evidence = self.passage_name(row)
        return (
            kind,
            [
                ("rdfs:label", [english(f"TODO: {label}")]),
                *properties,
                ("tip:evidence", [evidence]),
                ("tip:edition", [self._writer.name(self._pinned.iri)]),
                ("tip:reporter", [reporter]),
                ("tip:speaker", [speaker] if speaker else []),
                ("tip:speechAct", [act] if act and row.kind == "claim" else []),
            ],
            points,
        )

    def _remark(self, row: Candidate) -> tuple[str, str, list[PropertyValues], list[str]]:
        points = ["if it judges how something turned out, make it a tip:Finding"]
        if row.qualifier:
            points.append(f"the source hedges it: {row.qualifier}")
        return "tip:Remark", row.quote, [], points

    def _non_report(self, row: Candidate) -> tuple[str, str, list[PropertyValues], list[str]]:
        who, problem = self._actor(row.counted_by, "tip:nonReporter")
        label = f"{capitalise(row.counted_by or 'somebody')} did not report {row.indicator}"
        properties: list[PropertyValues] = [("tip:nonReporter", [who] if who else [])]
        return "tip:NonReport", label, properties, [problem] if problem else []

    def _absence(self, row: Candidate) -> tuple[str, str, list[PropertyValues], list[str]]:
        return "tip:AbsenceOfReports", f"no reports of {row.indicator}", [], []

    def _entitlement(self, row: Candidate) -> tuple[str, str, list[PropertyValues], list[str]]:
        unit = row.unit.rstrip("s")
        properties: list[PropertyValues] = [
            ("tip:durationValue", [f"{row.value:f}"] if row.value is not None else []),
            ("tip:durationUnit", [f"code:{unit}"] if unit in DURATION_UNITS else []),
        ]
        points = ["add tip:beneficiary, tip:grants, tip:conditionality and tip:strength"]
        if unit not in DURATION_UNITS:
            points.append(f"a duration in {row.unit or 'words'} has no unit in the graph")
        length = "" if row.value is None else f", {row.value:f} {row.unit}"
        return "tip:Entitlement", f"{row.indicator}{length}", properties, points

    def _training(self, row: Candidate) -> tuple[str, str, list[PropertyValues], list[str]]:
        label = f"{row.recipient or 'somebody'}: {row.indicator}"
        return "tip:Training", label, [], ["add tip:target, tip:subjectMatter and who trained"]

    def _actor(self, name: str, role: str) -> tuple[str, str]:
        """The actor of a name, or what to do about one that the graph does not have."""
        if not name or name in (REPORT, NOT_STATED):
            return "", f"add {role}"
        try:
            iri = self._actors.iri(name)
        except NameNotResolved:
            iri = ""
        # A group of unnamed speakers belongs to its edition, and is another in the next.
        is_foreign = "/" in iri.removeprefix(ID) and not iri.startswith(f"{self._pinned.iri}/")
        if not iri or is_foreign:
            return "", f"add {role}, and describe {name!r} in actors.ttl if it is new"
        return self._writer.name(iri), ""

    def _act(self, row: Candidate) -> str:
        if not row.act or row.act.startswith(NEW):
            return ""
        try:
            return self._writer.name(self._acts.iri(row.act))
        except NameNotResolved:
            return ""


def _passage(pinned: PinnedEdition, row: Candidate) -> str:
    """The IRI of the passage that a row becomes; it has the row's id."""
    return f"{pinned.iri}/{row.sentence}-{row.kind}-{row.id}"


def _is_named(row: Candidate) -> bool:
    """Return whether another than the report itself states what a row has."""
    return row.kind == "claim" and row.speaker not in (REPORT,)


def _rows(file: str) -> list[dict[str, str]]:
    """The rows of a table, as they are; none if there is no such file."""
    if not isfile(file):
        return []
    text = read_text(file).removeprefix("\ufeff")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: cell or "" for name, cell in row.items() if name} for row in rows]


def _key(cells: dict[str, str]) -> tuple[str, ...]:
    return tuple(_folded(cells.get(name, "")) for name in SAME)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _code_or(words: str, code: str) -> str:
    """The words of the source; a person's code where it is not made of the words."""
    return words if not code or code.startswith(NEW) or slugify(words) == code else code


def _period(row: Candidate) -> str:
    """The reference period as the table of figures has it."""
    if row.period in ("", NOT_STATED):
        return UNSTATED_EARLIER if row.prior else UNSTATED
    is_years = re.fullmatch(r"\d{4}/\d{4}", row.period)
    return row.period.replace("/", "-" if is_years else "-to-")


def _is_year(row: Candidate) -> bool:
    return row.period not in ("", NOT_STATED)


def _word_length(text: str) -> int:
    """The length of the space and the word that a text begins with."""
    found = re.match(r"\s*\S+", text)
    return len(found[0]) if found else len(text)
