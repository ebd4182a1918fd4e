"""RDF files: found in folders, and read as quads in any syntax."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from os.path import isdir, isfile, relpath, splitext
from shutil import copyfileobj
from tempfile import TemporaryFile

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QuadParser,
    RdfFormat,
    parse,
)

from tipgraph.errors import InputError
from tipgraph.files import files_through_links
from tipgraph.rdf import limits

STANDARD_INPUT = "-"
# The syntaxes by their names in options.
SYNTAXES = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "n3": RdfFormat.N3,
}

ALIASES = {"turtle": "ttl", "ntriples": "nt", "nquads": "nq"}
# Extensions of files that are RDF or something else, in one syntax or another.
SHARED = ("json", "xml", "owl", "rdfs", "shacl")
# Extensions of RDF that is not read, unless the content shows a syntax.
UNREAD = (
    *(".owl", ".rdfs", ".jsonl", ".hdt", ".trix"),
    *(".ttl.gz", ".nt.gz", ".nq.gz", ".trig.gz", ".rdf.gz"),
)
# Patterns that identify each syntax near the start of a file.
ENOUGH = 1 << 16
MARKS = (
    (RdfFormat.RDF_XML, rb"^\s*(\xef\xbb\xbf)?\s*<[^@]*?22-rdf-syntax-ns#"),
    (RdfFormat.JSON_LD, rb"^\s*(\xef\xbb\xbf)?\s*[{\[][^@]*\"@(context|id|graph|type)\""),
    (RdfFormat.TURTLE, rb"(?mi)^\s*@?(prefix|base)\s"),
)


# The parser's words that name its internals, and others for them.
REASONS = {
    "LoadDocumentCallback": "its @context is in another document, and nothing is downloaded;"
    " write the context into the file",
    "Invalid UTF-8": "a character is not in UTF-8",
}


class BrokenText(InputError):
    """A syntax error, with its place; the line is 0 where the parser gives none."""

    def __init__(self, name: str, error: SyntaxError) -> None:
        reason = re.sub(r"^Parser error (at|between) line .*?: ", "", error.msg)
        self.reason = next((text for mark, text in REASONS.items() if mark in reason), reason)
        self.line = error.lineno or 0
        self.column = (error.offset or 0) if self.line else 0
        self.end = (error.end_offset or 0) if error.end_lineno == self.line else 0
        place = f"{name}:{self.line}:{self.column}" if self.line else name
        super().__init__(f"{place}: {self.reason}")


def rdf_files(path: str) -> list[str]:
    """The file itself, or every RDF file in the folder.

    Raises InputError when there is none.
    """
    if isfile(path):
        return [path]
    if not isdir(path):
        raise InputError(f"{path}: no such file or folder")
    every = (file for file in files_through_links(path) if not _is_hidden(file, path))
    files = [file for file in every if _format(file) is not None]
    if not files:
        raise InputError(f"{path}: no RDF file in this folder (.ttl, .nt, .nq, .trig, .rdf, …)")
    return files


def unread_files(path: str) -> list[str]:
    """The files of a folder whose extension says that they are RDF, and that `rdf_files` omits."""
    files = files_through_links(path) if isdir(path) else []
    return [file for file in files if file.lower().endswith(UNREAD) and _format(file) is None]


def read(path: str, graph: str, syntax: RdfFormat = RdfFormat.TRIG) -> Iterator[Quad]:
    """The quads of a file in any RDF syntax; those in the default graph go into `graph`.

    The file extension selects the syntax; `-` is standard input, in `syntax`. Raises InputError,
    with line and column of a syntax error.
    """
    name, default = NamedNode(graph), DefaultGraph()
    with readable(path):
        for quad in _parser(path, syntax):
            own = quad.graph_name
            yield Quad(quad.subject, quad.predicate, quad.object, name if own == default else own)


def _parser(path: str, syntax: RdfFormat) -> QuadParser:
    if path != STANDARD_INPUT:
        syntax = syntax_of(path)
        limits.check_file(path, syntax)
        return parse(path=path, format=syntax, rename_blank_nodes=True)
    # The limits are checked first, so standard input is read twice.
    copy = TemporaryFile()  # noqa: SIM115  (the parser keeps reading and closes it)
    copyfileobj(sys.stdin.buffer, copy)
    copy.seek(0)
    limits.check_file(copy, syntax)
    return parse(input=copy, format=syntax, rename_blank_nodes=True)


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turns the errors of parser and system into InputError and BrokenText."""
    try:
        yield
    except SyntaxError as error:
        raise BrokenText(name, error) from None
    except MemoryError as error:
        raise InputError(f"{name}: {limits.too_long(error)}") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror or error})") from None


def syntax_of(path: str) -> RdfFormat:
    """The RDF syntax for the file's extension. Raises InputError for an unknown extension."""
    ending = _ending(path)
    syntax = None if ending == "txt" else RdfFormat.from_extension(ending) or _format(path)
    if syntax is None:
        raise InputError(f"{path}: unknown RDF file extension {splitext(path)[1]!r}")
    return syntax


def _is_hidden(path: str, folder: str) -> bool:
    return any(part.startswith(".") for part in relpath(path, folder).split(os.sep))


def _format(path: str) -> RdfFormat | None:
    """The syntax of a file, None if it is not RDF.

    Extensions that other formats share, or that several syntaxes do, need a look at the content.
    """
    ending = _ending(path)
    if ending not in SHARED:
        return None if ending == "txt" else RdfFormat.from_extension(ending)
    if not isfile(path):
        return None
    with readable(path), open(path, "rb") as opened:
        start = opened.read(ENOUGH)
    return next((syntax for syntax, mark in MARKS if re.search(mark, start)), None)


def _ending(path: str) -> str:
    ending = splitext(path)[1].removeprefix(".").lower()
    return ALIASES.get(ending, ending)
