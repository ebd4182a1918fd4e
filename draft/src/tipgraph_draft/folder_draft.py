"""The draft in an edition's folder: the text that the folder pins, and the files of the draft."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from os import makedirs
from os.path import isfile, join

from tipgraph.editions.folder import read_folder
from tipgraph.editions.pin import SentenceSpan, read_text_to_pin
from tipgraph.errors import InputError
from tipgraph.files import read_text, write_atomic
from tipgraph.render.results import csv
from tipgraph.texts.pinned_text import OFFSETS
from tipgraph_draft.candidate import Candidate
from tipgraph_draft.document import Document
from tipgraph_draft.drafting import NUMBER_COLUMNS, Draft

DRAFT = "draft"
CANDIDATES_FILE, NUMBERS_FILE, REVIEW_FILE = "candidates.jsonl", "numbers.csv", "review.csv"


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

    Raises InputError when there is no such folder, or it pins no text.
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


def write_draft(folder: str, draft: Draft) -> list[str]:
    """Write the candidates and the list of numbers into the folder's `draft`; returns the files."""
    makedirs(join(folder, DRAFT), exist_ok=True)
    lines = "".join(
        json.dumps(each.as_json(), ensure_ascii=False) + "\n" for each in draft.candidates
    )
    numbers = csv(NUMBER_COLUMNS, [each.cells() for each in draft.numbers])
    contents = {CANDIDATES_FILE: lines, NUMBERS_FILE: numbers}
    files = []
    for name, content in contents.items():
        file = join(folder, DRAFT, name)
        write_atomic(file, content.encode())
        files.append(file)
    return files


def read_candidates(folder: str) -> list[Candidate]:
    """The candidates of a folder's last draft; none without one.

    Raises InputError when a line is broken.
    """
    file = join(folder, DRAFT, CANDIDATES_FILE)
    return list(_parsed(file, read_text(file).splitlines())) if isfile(file) else []


def _parsed(file: str, lines: Iterable[str]) -> Iterable[Candidate]:
    for number, line in enumerate(lines, 1):
        try:
            values = json.loads(line)
            if not isinstance(values, dict):
                raise ValueError("this is no JSON object")
            yield Candidate.from_dict(values)
        except (ValueError, TypeError, RecursionError) as error:
            raise InputError(f"{file}: line {number}: {error}") from None
