"""RDF files: found in folders, and read as quads in any syntax."""

import os
import re
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os.path import exists, isdir, isfile, splitext
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuadParser, RdfFormat, Triple, parse

from tipgraph.errors import InputError
from tipgraph.files import files_through_links, unchanged
from tipgraph.namespaces import RDF
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
# Extensions of RDF in one syntax or another, and of files that are RDF or something else.
SEVERAL = ("owl", "rdfs", "shacl")
LINES = ("jsonl", "ndjson")
SHARED = ("json", "xml", *LINES)
# Names of RDF that is not read.
UNREAD = re.compile(
    r"\.((hdt|jelly|hext|trix|rj|brf|ttls|trigs|rpb|trdf|rdf-?xml|n-triples|n-quads|json-ld"
    r"|(ndjson|ya?ml|cbor)-?ld|owx|ofn|omn|shaclc|shc)"
    r"|(ttl|turtle|nt|nq|trig|n3|rdf|owl|rdfs|shacl|jsonld|ntriples|nquads)(?=\.))"
    r"(\.(tar|t?(gz|bz2?|xz|zst|z)|gzip|zstd|lz4?|lzma|lzo|br|sz|snappy|zip|7z|rar))*$"
)
# Patterns that identify each syntax, wherever they are. Beyond ASCII, text is in UTF-8.
MARKS = (
    (RdfFormat.RDF_XML, rb"(?s)\A(\xef\xbb\xbf)?\s*<([?!]|[\w:.-]+\s).*22-rdf-syntax-ns#"),
    (RdfFormat.TURTLE, rb"(?mi)^[ \t]*@?(prefix\s+[^\s:<>\"]*:|base)\s*<"),
    # A key may have escapes, which no other JSON has in such words.
    (
        RdfFormat.JSON_LD,
        rb"\"(@|\\u0040)(context|id|graph|type|value|list|set|reverse|included"
        rb"|[a-z]*\\u[^\"]*)\"\s*:",
    ),
)
UTF_16 = re.compile(rb"\xff\xfe|\xfe\xff|.?\0", re.DOTALL)


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

    Raises InputError when there is none, or one that is not read.
    """
    files, unread = readable_and_unread(path)
    if unread:
        raise InputError("; ".join(map(not_read, unread)))
    if not files:
        raise InputError(f"{path}: no RDF file in this folder (.ttl, .nt, .nq, .trig, .rdf, …)")
    return files


def readable_and_unread(path: str) -> tuple[list[str], list[str]]:
    """The file itself, or the RDF files in a folder; and those that may be RDF and are not read.

    Raises InputError when there is no such file or folder.
    """
    if isfile(path):
        return [path], []
    if not isdir(path):
        raise InputError(f"{path}: no such file or folder")
    files, unread = [], []
    for file in files_through_links(path):
        if not _is_hidden(file, path):
            # A link that leads nowhere is an error where it is read.
            if (isfile(file) or not exists(file)) and _format(file):
                files.append(file)
            elif _may_be_rdf(file):
                unread.append(file)
    return files, unread


def not_read(file: str) -> str:
    """Return the error on a file that may be RDF and is not read."""
    return f"{file}: this may be RDF, and is not read; convert it, or move it out of the folder"


def read(path: str, graph: str, syntax: RdfFormat = RdfFormat.TRIG) -> Iterator[Quad]:
    """The quads of a file in any RDF syntax; those in the default graph go into `graph`.

    The file extension selects the syntax; `-` is standard input, in `syntax`. Raises InputError,
    with line and column of a syntax error, for a triple term, and where the file changes meanwhile.
    """
    name, default = NamedNode(graph), DefaultGraph()
    with unchanged([] if path == STANDARD_INPUT else [path]), readable(path):
        for quad in _parser(path, syntax):
            if isinstance(quad.object, Triple):
                raise InputError(
                    f"{path}: has a triple term (RDF 1.2), which most stores refuse; give the"
                    " statement an IRI"
                )
            own = quad.graph_name
            yield Quad(quad.subject, quad.predicate, quad.object, name if own == default else own)


def _parser(path: str, syntax: RdfFormat) -> QuadParser:
    if path != STANDARD_INPUT:
        syntax = syntax_of(path)
        limits.check_file(path, syntax)
        return parse(input=after_mark(open(path, "rb")), format=syntax, rename_blank_nodes=True)
    # The limits are checked first, so standard input is read twice.
    copy = TemporaryFile()  # noqa: SIM115  (the parser keeps reading and closes it)
    copyfileobj(sys.stdin.buffer, copy)
    copy.seek(0)
    limits.check_file(copy, syntax)
    return parse(input=after_mark(copy), format=syntax, rename_blank_nodes=True)


def after_mark(file: BinaryIO) -> BinaryIO:
    """Return the file after a byte order mark, which parsers mistake for a name."""
    if file.read(len(BOM_UTF8)) != BOM_UTF8:
        file.seek(0)
    return file


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
    return any(part.startswith(".") for part in path.removeprefix(folder).split(os.sep))


def _format(path: str) -> RdfFormat | None:
    """The syntax of a file, None if it is not RDF.

    Extensions that other formats share, or that several syntaxes do, need a look at the content.
    """
    ending = _ending(path)
    if ending not in (*SEVERAL, *SHARED):
        return None if ending == "txt" else RdfFormat.from_extension(ending)
    if not isfile(path):
        return None
    with readable(path), open(path, "rb") as opened, limits.content_of(opened) as content:
        found = next((syntax for syntax, mark in MARKS if re.search(mark, content)), None)
        if not (found or UTF_16.match(content)) and _declares_rdf(content):
            found = RdfFormat.RDF_XML
    # Lines of JSON-LD are several documents, which no parser here reads.
    return None if ending in LINES else found


def _declares_rdf(content: "limits.Content") -> bool:
    """Return whether XML declares the namespace of RDF, also with entities in it."""
    from xml.parsers.expat import ExpatError, ParserCreate

    namespaces = set[str]()
    parser = ParserCreate(namespace_separator=" ")
    parser.StartNamespaceDeclHandler = lambda prefix, iri: namespaces.add(iri)
    # Text without XML at its start ends here at once.
    with suppress(ExpatError, ValueError, LookupError):
        parser.Parse(content, True)
    return RDF in namespaces


def _may_be_rdf(path: str) -> bool:
    """Return whether a file that is not read as RDF may be some."""
    ending = _ending(path)
    if ending in SEVERAL or UNREAD.search(path.lower()):
        return True
    if ending not in SHARED:
        return not isfile(path) and RdfFormat.from_extension(ending) is not None
    if not isfile(path):
        return True
    with readable(path), open(path, "rb") as opened, limits.content_of(opened) as content:
        return bool(UTF_16.match(content)) or any(re.search(mark, content) for _, mark in MARKS)


def _ending(path: str) -> str:
    ending = splitext(path)[1].removeprefix(".").lower()
    return ALIASES.get(ending, ending)
