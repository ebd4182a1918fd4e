"""The review of an edition's folder: brought up to date with a draft, and opened for a person."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from os.path import isfile, join

from pyoxigraph import NamedNode

from tipgraph.editions.folder import Completeness, EditionFinding, EditionFolder
from tipgraph.editions.table import CellError, TableError
from tipgraph.errors import InputError
from tipgraph.store.engine import Engine
from tipgraph.text import plural
from tipgraph.texts.pinned_text import read
from tipgraph.validate.report import Location
from tipgraph_draft.candidate import COUNTED, KINDS, NEW, Candidate, Codes, codes_of, drafted_axis
from tipgraph_draft.checks import problems
from tipgraph_draft.document import Document
from tipgraph_draft.drafting import NUMERAL, Draft
from tipgraph_draft.folder_draft import (
    DRAFT,
    NUMBERS_FILE,
    REVIEW_FILE,
    PinnedEdition,
    pinned_document,
    read_candidates,
    read_edition,
)
from tipgraph_draft.number_classes import NOT_UNDERSTOOD
from tipgraph_draft.review_session import ReviewSession, is_undecided
from tipgraph_draft.review_table import merge_review, read_numbered, read_review, write_review
from tipgraph_draft.take import untaken_rows

ACTOR_COLUMNS = ("counted_by", "recipient", "speaker")


def review_path(folder: str) -> str:
    return join(folder, DRAFT, REVIEW_FILE)


def review_digest(folder: str) -> str:
    """The SHA-256 of a folder's review. Raises InputError when it cannot be read."""
    return sha256(read(review_path(folder))).hexdigest()


def merged_review(folder: str, draft: Draft) -> list[Candidate]:
    """The rows of a folder's review after a new draft; nothing is written.

    It is made before the files of the draft are replaced. Raises InputError when a file cannot be
    read, and TableError for broken edits.
    """
    last = read_candidates(folder)
    file = review_path(folder)
    reviewed = read_review(file) if isfile(file) else []
    return merge_review(reviewed, draft.candidates, last)


def unsettled_rows(folder: str) -> list[tuple[int, Candidate, str]]:
    """The rows of a folder's review that keep its edition from being complete; none without one.

    Each with its line and what is left to do. Raises InputError and TableError as `read_review`.
    """
    file = review_path(folder)
    if not isfile(file):
        return []
    numbered = read_numbered(file)
    waiting = [(line, row, f"is {row.status}") for line, row in numbered if is_undecided(row)]
    lines = {row.id: line for line, row in numbered}
    rows = untaken_rows(folder, (row for _, row in numbered))
    untaken = [(lines[row.id], row, "is accepted, and not in the folder yet") for row in rows]
    return sorted([*waiting, *untaken], key=lambda each: each[0])


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
        rows = unsettled_rows(folder.path)
    except TableError as error:
        for each in error.errors:
            message = f"column {each.column}: {each.message}" if each.column else each.message
            yield EditionFinding.at(Location(file, each.line, 1), "table", message)
        return
    except InputError as error:
        yield EditionFinding.at(Location(file), "unreadable", str(error).removeprefix(f"{file}: "))
        return
    for line, row, problem in rows:
        message = f"the {row.kind} “{row.quote}” of {row.sentence} {problem}"
        yield EditionFinding.at(Location(file, line, 1), "draft", message)
    if rows and completeness.coverage == "complete":
        message = (
            f"{plural(len(rows), 'row')} of the draft left, but the edition is marked complete"
        )
        yield EditionFinding.at(folder.place(folder.edition), "coverage", message)


def open_session(engine: Engine, folder: str, text: str, reviewer: str) -> ReviewSession:
    """A session on a folder's review; `engine` has the graph, for the words that complete cells.

    Raises InputError when there is no draft, or the text is not the one that the folder pins, and
    TableError for broken edits.
    """
    edition, document, rows = read_reviewed(folder, text)
    actors = _actors(engine, edition.area)
    return ReviewSession(
        document=document,
        rows=rows,
        reviewer=reviewer,
        save=_saving(review_path(folder)),
        machine={each.id: each for each in read_candidates(folder)},
        unclassified=unclassified(folder),
        choices=_choices(engine) | dict.fromkeys(ACTOR_COLUMNS, actors),
        codes=codes_of(engine),
    )


def read_reviewed(folder: str, text: str) -> tuple[PinnedEdition, Document, list[Candidate]]:
    """The edition, the text and the rows of a folder's review, whose quotes are in the text.

    Raises as `open_session` does.
    """
    edition = read_edition(folder)
    document = pinned_document(edition, folder, text)
    numbered = _numbered(folder)
    check_quotes(review_path(folder), document, numbered)
    return edition, document, [row for _, row in numbered]


def _numbered(folder: str) -> list[tuple[int, Candidate]]:
    """The rows of a folder's review, each with its line.

    Raises InputError when there is no draft, and TableError for broken edits.
    """
    file = review_path(folder)
    if not isfile(file):
        raise InputError(f"{file}: no such file; run 'tipgraph draft {folder} --text FILE' first")
    return read_numbered(file)


def check_accepted(engine: Engine, folder: str, document: Document) -> None:
    """Check the accepted rows of a folder's review, which a spreadsheet may have edited.

    `engine` has the graph. Raises TableError, with line and column.
    """
    numbered = _numbered(folder)
    ids = {row.id for _, row in numbered}
    machine = {each.id: each for each in read_candidates(folder)}
    codes = codes_of(engine)
    errors = [
        CellError(line, column, problem)
        for line, row in numbered
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


def check_quotes(file: str, document: Document, numbered: Iterable[tuple[int, Candidate]]) -> None:
    """Raise TableError where a row's quote is not at its place in the text."""
    sentences = {each.name: each for each in document.sentences}
    errors = []
    for line, row in numbered:
        sentence = sentences.get(row.sentence)
        is_inside = sentence and sentence.start <= row.start and row.end <= sentence.end
        if not (is_inside and document.text[row.start : row.end] == row.quote):
            message = (
                f"the text does not have {row.quote!r} at {row.start} in {row.sentence};"
                " restore the cells, or remove the row and draft again"
            )
            errors.append(CellError(line, "quote", message))
    if errors:
        raise TableError(file, errors)


def unclassified(folder: str) -> dict[str, list[tuple[int, int]]]:
    """The places of the numerals that no rule understood, by sentence."""
    file = join(folder, DRAFT, NUMBERS_FILE)
    if not isfile(file):
        return {}
    found: dict[str, list[tuple[int, int]]] = {}
    for row in csv.DictReader(io.StringIO(read(file).decode(), newline="")):
        if (row.get("what"), row.get("class")) == (NUMERAL, NOT_UNDERSTOOD):
            found.setdefault(row["sentence"], []).append((int(row["start"]), int(row["end"])))
    return found


def _saving(file: str) -> Callable[[Sequence[Candidate]], None]:
    """Return a function that stores the rows, unless something else has changed the file since."""
    known = read(file)

    def save(rows: Sequence[Candidate]) -> None:
        nonlocal known
        if read(file) != known:
            raise InputError(f"{file}: changed by another program; start the review again")
        write_review(file, rows)
        known = read(file)

    return save


def _choices(engine: Engine) -> dict[str, list[str]]:
    """The words that the graph knows for the cells of a row."""
    schemes = {"indicator": "indicators", "part": "parts", "axis": "axes", "act": "speech-acts",
               "qualifier": "number-qualifiers", "unit": "units"}  # fmt: skip
    found: dict[str, list[str]] = {"kind": list(KINDS)}
    for column, scheme in schemes.items():
        rows = engine.select(
            f"SELECT DISTINCT ?label {{ ?code skos:inScheme code:{scheme} ;"
            " skos:prefLabel ?label } ORDER BY STR(?label)"
        )
        found[column] = [str(each) for each in rows.column("label")]
    found["axis"] = [drafted_axis(each) for each in found["axis"]]
    codes = engine.select(
        "SELECT DISTINCT ?code { ?code skos:inScheme code:indicators } ORDER BY STR(?code)"
    )
    found["indicator_code"] = [str(each).rsplit("/", 1)[-1] for each in codes.column("code")]
    return found


def _actors(engine: Engine, area: str) -> list[str]:
    """The names of the actors of a country, and of those of none."""
    rows = engine.select(
        "SELECT DISTINCT (STR(?label) AS ?name) { ?actor a tip:Actor ;"
        " rdfs:label|tip:localName|skos:altLabel ?label OPTIONAL { ?actor dcterms:spatial ?area }"
        f" FILTER(!BOUND(?area) || ?area = {NamedNode(area)}) }} ORDER BY ?name"
    )
    return [str(each) for each in rows.column("name")]
