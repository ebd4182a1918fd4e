"""The draft in an edition's folder: the text that the folder pins, its files, and its review."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from os import makedirs
from os.path import dirname, exists, isfile, join

from pyoxigraph import NamedNode

from tipgraph.editions.folder import Completeness, EditionFinding, EditionFolder, read_folder
from tipgraph.editions.pin import SentenceSpan, read_text_to_pin
from tipgraph.editions.table import CellError, TableError, TableRow, read_rows
from tipgraph.errors import InputError
from tipgraph.files import CHANGED, read_text, write_atomic
from tipgraph.namespaces import last_part
from tipgraph.render.formats import csv as as_csv
from tipgraph.store.engine import Engine
from tipgraph.text import plural
from tipgraph.texts import OFFSETS, digest, read
from tipgraph.validate.report import Location
from tipgraph_draft.candidate import (
    COLUMNS,
    CONTENT,
    COUNTED,
    ID_LENGTH,
    KINDS,
    NEW,
    PERSON,
    Candidate,
    Codes,
    cell,
    changed_cells,
    check_cell,
    codes_of,
    drafted_axis,
)
from tipgraph_draft.checks import problems
from tipgraph_draft.document import Document
from tipgraph_draft.drafting import NUMBER_COLUMNS, NUMERAL, Draft, draft
from tipgraph_draft.numerals import NOT_UNDERSTOOD
from tipgraph_draft.review_session import ReviewSession, is_undecided

DRAFT = "draft"
CANDIDATES_FILE, NUMBERS_FILE, REVIEW_FILE = "candidates.jsonl", "numbers.csv", "review.csv"
# The rows that were taken into the folder.
TAKEN_FILE = "taken.csv"
ACTOR_COLUMNS = ("counted_by", "recipient", "speaker")
# The code lists with the words of columns.
SCHEMES = {
    "indicator": "indicators", "part": "parts", "axis": "axes", "act": "speech-acts",
    "qualifier": "number-qualifiers", "unit": "units",
}  # fmt: skip


@dataclass(frozen=True)
class PinnedEdition:
    """An edition as its folder describes it: short name, year, area, digest and sentences."""

    iri: str
    name: str
    year: int
    area: str
    sha256: str
    spans: dict[str, SentenceSpan]


def read_edition(path: str) -> PinnedEdition:
    """The edition that a folder describes, with the text that it pins.

    Raises InputError when there is no such folder, what describes it is broken, or it pins no text.
    """
    folder = read_folder(path)
    rows = folder.engine.select(
        "SELECT ?text ?sha256 ?edition ?year ?area { ?text a tip:SourceText ; tip:sha256 ?sha256 ;"
        " tip:edition ?edition OPTIONAL { ?edition tip:year ?year"
        " FILTER(isNumeric(?year) && DATATYPE(?year) = xsd:integer) }"
        " OPTIONAL { ?edition dcterms:spatial ?area } } ORDER BY ?text"
    )
    found = list(rows)
    if not found:
        raise InputError(
            f"{path}: the folder pins no text; make it with 'tipgraph new NAME --text FILE'"
        )
    row = found[0]
    if folder.errors and not (row["year"] and row["area"]):
        raise InputError(str(folder.errors[0]))
    spans = {
        str(each["name"]): SentenceSpan(
            int(str(each["start"])), int(str(each["end"])), int(str(each["paragraph"] or 1))
        )
        for each in folder.engine.select(
            "SELECT ?name ?start ?end ?paragraph { ?sentence a tip:Sentence ; rdfs:label ?name ;"
            f" oa:start ?start ; oa:end ?end {OFFSETS}"
            " OPTIONAL { ?sentence tip:paragraph ?paragraph"
            " FILTER(isNumeric(?paragraph) && DATATYPE(?paragraph) = xsd:integer) } }"
            " ORDER BY ?start"
        )
    }
    return PinnedEdition(
        iri=str(row["edition"]),
        name=folder.name,
        year=int(str(row["year"] or 0)),
        area=str(row["area"] or ""),
        sha256=str(row["sha256"]),
        spans=spans,
    )


def pinned_document(edition: PinnedEdition, folder: str, text: str) -> Document:
    """The text of a file as a document with the folder's sentences.

    Raises InputError when the file cannot be read, or is another text than the folder pins.
    """
    document = Document(read_text_to_pin(text).text, edition.year or None, edition.spans)
    if document.sha256 != edition.sha256:
        raise InputError(
            f"{text}: this is not the text that {folder} pins (SHA-256 {document.sha256[:12]}…, not"
            f" {edition.sha256[:12]}…); compare it with 'tipgraph check {folder} --text {text}'"
        )
    return document


# ── Files ───────────────────────────────────────────────────────────────────────────────────────


def write_draft(folder: str, drafted: Draft) -> list[str]:
    """Write the candidates and the list of numbers into the folder's `draft`; returns the files."""
    makedirs(join(folder, DRAFT), exist_ok=True)
    lines = [json.dumps(each.as_json(), ensure_ascii=False) + "\n" for each in drafted.candidates]
    numbers = as_csv(NUMBER_COLUMNS, [each.cells() for each in drafted.numbers])
    files = [_path(folder, each) for each in (CANDIDATES_FILE, NUMBERS_FILE)]
    for file, content in zip(files, ("".join(lines), numbers), strict=True):
        write_atomic(file, content.encode())
    return files


def read_candidates(folder: str) -> list[Candidate]:
    """The candidates of a folder's last draft; none without one.

    Raises InputError when a line is broken.
    """
    file = _path(folder, CANDIDATES_FILE)
    return list(_parsed(file, read_text(file).splitlines())) if isfile(file) else []


def _parsed(file: str, lines: Iterable[str]) -> Iterable[Candidate]:
    for number, line in enumerate(lines, 1):
        try:
            values = json.loads(line, parse_float=Decimal)
            if not isinstance(values, dict):
                raise ValueError("this is no JSON object")
            yield Candidate.from_dict({name: cell(value) for name, value in values.items()})
        except (ValueError, RecursionError) as error:
            raise InputError(f"{file}: line {number}: {error}") from None


def unclassified(document: Document) -> dict[str, list[tuple[int, int]]]:
    """The places of the numerals that no rule understands, by sentence."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row in draft(document).numbers:
        if (row.what, row.class_) == (NUMERAL, NOT_UNDERSTOOD):
            found.setdefault(row.sentence, []).append((row.start, row.end))
    return found


def taken_rows(folder: str) -> dict[str, dict[str, str]]:
    """The cells of the rows that were taken into the folder, by their ids; none without a list.

    Raises InputError where their list is not as `draft` wrote it.
    """
    file = _path(folder, TAKEN_FILE)
    text = read(file).decode("utf-8-sig") if isfile(file) else ""
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error:
        rows = [{}]
    if any(row.get(name) is None for row in rows for name in ("id", "value")):
        raise InputError(
            f"{file}: this is not as 'tipgraph draft' wrote it; restore it, or draft again"
        )
    return {row["id"]: row for row in rows}


# ── The review ──────────────────────────────────────────────────────────────────────────────────


def review_path(folder: str) -> str:
    return _path(folder, REVIEW_FILE)


def _path(folder: str, name: str) -> str:
    """The path of a file of the draft. Raises InputError for a pipe, which may have no end."""
    path = join(folder, DRAFT, name)
    if exists(path) and not isfile(path):
        raise InputError(f"{path}: cannot be read (it is no file)")
    return path


def review_digest(folder: str) -> str:
    """The SHA-256 of a folder's review. Raises InputError when it cannot be read."""
    return digest(read(review_path(folder)))


def merged_review(folder: str, drafted: Draft) -> list[Candidate]:
    """The rows of a folder's review after a new draft; nothing is written.

    It is made before the files of the draft are replaced. Raises InputError when a file cannot be
    read, and TableError for broken edits.
    """
    last = read_candidates(folder)
    file = review_path(folder)
    reviewed = [row for _, row in read_review(file)] if isfile(file) else []
    return merge_review(reviewed, drafted.candidates, last)


def unsettled_findings(
    folder: EditionFolder, completeness: Completeness
) -> Iterator[EditionFinding]:
    """The rows of a folder's draft that nobody has decided, or that were not taken into it.

    `tipgraph check` finds this function by its entry point.
    """
    file = review_path(folder.path)
    if folder.errors or not isfile(file):
        return
    try:
        numbered, taken = read_review(file), taken_rows(folder.path)
    except TableError as error:
        for each in error.errors:
            message = f"column {each.column}: {each.message}" if each.column else each.message
            yield EditionFinding.at(Location(file, each.line, 1), "table", message)
        return
    except InputError as error:
        yield EditionFinding.at(Location(file), "unreadable", str(error).removeprefix(f"{file}: "))
        return
    count = 0
    for line, row in numbered:
        is_untaken = row.status == "yes" and row.id not in taken
        if is_untaken or is_undecided(row):
            left = "accepted, and not in the folder yet" if is_untaken else row.status
            message = f"the {row.kind} “{row.quote}” of {row.sentence} is {left}"
            yield EditionFinding.at(Location(file, line, 1), "draft", message)
            count += 1
    if count and completeness.coverage == "complete":
        message = f"{plural(count, 'row')} of the draft left, but the edition is marked complete"
        yield EditionFinding.at(folder.place(folder.edition), "coverage", message)


def read_reviewed(
    folder: str, text: str
) -> tuple[PinnedEdition, Document, list[tuple[int, Candidate]]]:
    """The edition, the text, and the rows of a folder's review, each with its line.

    Raises InputError when there is no draft, or the text is not the one that the folder pins, and
    TableError for broken edits, and where a row's quote is not at its place in the text.
    """
    edition = read_edition(folder)
    document = pinned_document(edition, folder, text)
    file = review_path(folder)
    if not isfile(file):
        raise InputError(f"{file}: no such file; run 'tipgraph draft {folder} --text FILE' first")
    numbered = read_review(file)
    errors = []
    for line, row in numbered:
        sentence = document.by_name.get(row.sentence)
        is_inside = sentence and sentence.start <= row.start and row.end <= sentence.end
        if not (is_inside and document.text[row.start : row.end] == row.quote):
            message = (
                f"the text does not have {row.quote!r} at {row.start} in {row.sentence};"
                " restore the cells, or remove the row and draft again"
            )
            errors.append(CellError(line, "quote", message))
    if errors:
        raise TableError(file, errors)
    return edition, document, numbered


def check_accepted(
    engine: Engine, folder: str, document: Document, numbered: Iterable[tuple[int, Candidate]]
) -> None:
    """Check the accepted rows of a folder's review, which a spreadsheet may have edited.

    `engine` has the graph. Raises TableError, with line and column.
    """
    rows = list(numbered)
    ids = {row.id for _, row in rows}
    machine = {each.id: each for each in read_candidates(folder)}
    codes = codes_of(engine)
    errors = [
        CellError(line, column, problem)
        for line, row in rows
        if row.status == "yes"
        for column, problem in (
            *problems(row, document, ids),
            *_code_problems(row, machine.get(row.id), codes),
        )
    ]
    if errors:
        raise TableError(review_path(folder), errors)


def _code_problems(
    row: Candidate, machine: Candidate | None, codes: Codes
) -> Iterator[tuple[str, str]]:
    """Return whether a code was left as it is although the words that it is for are others."""
    code = row.indicator_code
    if (
        machine is not None
        and row.kind in COUNTED
        and row.indicator != machine.indicator
        and code == machine.indicator_code
        and code not in ("", codes.indicator(row.indicator))
        and not code.startswith(NEW)
    ):
        yield (
            "indicator_code",
            f"{code!r} is the code of {machine.indicator!r}, and the indicator is"
            f" {row.indicator!r} now; write {codes.indicator(row.indicator)!r}, or another code",
        )


def open_session(engine: Engine, folder: str, text: str, reviewer: str) -> ReviewSession:
    """A session on a folder's review; `engine` has the graph, for the words that complete cells.

    Raises as `read_reviewed` does.
    """
    edition, document, numbered = read_reviewed(folder, text)
    actors = _actors(engine, edition.area)
    return ReviewSession(
        document=document,
        rows=[row for _, row in numbered],
        reviewer=reviewer,
        save=partial(write_review, review_path(folder)),
        machine={each.id: each for each in read_candidates(folder)},
        unclassified=unclassified(document),
        choices=_choices(engine) | dict.fromkeys(ACTOR_COLUMNS, actors),
        codes=codes_of(engine),
    )


def _choices(engine: Engine) -> dict[str, list[str]]:
    """The words that the graph knows for the cells of a row."""
    found: dict[str, list[str]] = {"kind": list(KINDS)}
    for column, scheme in SCHEMES.items():
        rows = engine.select(
            f"SELECT DISTINCT ?code ?label {{ ?code skos:inScheme code:{scheme} ;"
            " skos:prefLabel ?label } ORDER BY STR(?label)"
        )
        found[column] = list(dict.fromkeys(map(str, rows.column("label"))))
        if column == "indicator":
            found["indicator_code"] = sorted({last_part(str(each)) for each in rows.column("code")})
    found["axis"] = [drafted_axis(each) for each in found["axis"]]
    return found


def _actors(engine: Engine, area: str) -> list[str]:
    """The names of the actors of a country, and of those of none."""
    rows = engine.select(
        "SELECT DISTINCT (STR(?label) AS ?name) { ?actor a tip:Actor ;"
        " rdfs:label|tip:localName|skos:altLabel ?label OPTIONAL { ?actor dcterms:spatial ?area }"
        f" FILTER(!BOUND(?area) || ?area = {NamedNode(area)}) }} ORDER BY ?name"
    )
    return [str(each) for each in rows.column("name")]


# ── The table ───────────────────────────────────────────────────────────────────────────────────

IDENTIFIER = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
# Cells that a spreadsheet would compute, also behind the apostrophe that keeps it from that.
FORMULA = re.compile(r"'*[=+\-@]")


def read_review(file: str) -> list[tuple[int, Candidate]]:
    """The rows of the table in its order, each with the number of its first line.

    Raises InputError when the file cannot be read, and TableError, with line and column, for all
    broken edits.
    """
    table = [
        TableRow(row.line, {name: _unguarded(cell) for name, cell in row.cells.items()})
        for row in read_rows(file, COLUMNS, COLUMNS)
    ]
    found, errors = _candidates(table)
    if errors:
        raise TableError(file, errors)
    return found


def write_review(file: str, rows: Iterable[Candidate], replaced: str = "") -> str:
    """Write the table in one step, and return its SHA-256.

    `replaced` is that of the table in whose place it comes. Raises OSError when it cannot be
    written, and InputError where another table is there.
    """
    makedirs(dirname(file) or ".", exist_ok=True)
    cells = ([_guarded(cell) for cell in row.as_row().values()] for row in rows)
    content = as_csv(COLUMNS, list(cells)).encode()
    # To make the content of many rows takes long enough for a spreadsheet to save.
    if replaced and digest(read(file)) != replaced:
        raise InputError(f"{file}: {CHANGED}")
    write_atomic(file, content)
    return digest(content)


def _guarded(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    cell = cell.strip(" \t")
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _candidates(
    table: Iterable[TableRow],
) -> tuple[list[tuple[int, Candidate]], list[CellError]]:
    found: list[tuple[int, Candidate]] = []
    errors: list[CellError] = []
    lines: dict[str, int] = {}
    for row in table:
        cells: dict[str, str] = {}
        problems = []
        if not IDENTIFIER.fullmatch(row["id"]):
            message = f"{row['id']!r} is no id; restore it from a copy of the table"
            problems.append(CellError(row.line, "id", message))
        elif row["id"] in lines:
            message = f"line {lines[row['id']]} has the same id; remove one of them"
            problems.append(CellError(row.line, "id", message))
        lines.setdefault(row["id"], row.line)
        for name in COLUMNS:
            try:
                cells[name] = check_cell(name, row[name])
            except ValueError as error:
                problems.append(CellError(row.line, name, str(error)))
        if not problems:
            try:
                found.append((row.line, Candidate.from_dict(cells)))
            except ValueError as error:
                column, _, message = str(error).removeprefix("column ").partition(": ")
                problems.append(CellError(row.line, column, message))
        errors += problems
    return found, errors


def merge_review(
    reviewed: Iterable[Candidate],
    candidates: Iterable[Candidate],
    before: Iterable[Candidate] = (),
) -> list[Candidate]:
    """The rows of the review after a new draft, in the order of the text.

    `before` are the candidates of the last draft, which show what a person changed. A row that a
    person decided on still states the same, and others keep the cells that a person changed. Rows
    that nobody touched follow the machine.
    """
    last = {each.id: each for each in before}
    touched = {row.id: row for row in reviewed if _is_touched(row, last.get(row.id, row))}
    rows = []
    for candidate in candidates:
        row = touched.pop(candidate.id, None)
        rows.append(_merged(row, last.get(row.id), candidate) if row else candidate)
    return sorted([*rows, *touched.values()], key=lambda each: (each.start, each.end))


def _is_touched(row: Candidate, machine: Candidate) -> bool:
    """Return whether a person decided on the row, changed it, or added it."""
    is_changed = row.note or row.reviewer or changed_cells(row, machine)
    return row.status != "open" or row.reader == PERSON or bool(is_changed)


def _merged(row: Candidate, machine: Candidate | None, candidate: Candidate) -> Candidate:
    """A row with what the machine reads at its place now; `machine` is what it read before."""
    own = changed_cells(row, machine) if machine else ()
    stated = CONTENT if row.status != "open" or machine is None else ()
    kept = {*stated, *own, "status", "reviewer", "reviewed_on", "note"}
    return replace(candidate, **{name: getattr(row, name) for name in kept})
