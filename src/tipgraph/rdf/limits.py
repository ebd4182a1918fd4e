"""Limits on input that would crash a parser, take it hours or gigabytes, or be left out by it.

They are checked in the text, before a parser sees it. No limit is near what people write.
"""

import re
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from os import fstat
from typing import TYPE_CHECKING, BinaryIO, cast

from pyoxigraph import (
    DefaultGraph,
    RdfFormat,
    parse,
)

from tipgraph.namespaces import RDF

if TYPE_CHECKING:
    from mmap import mmap

    Content = bytes | mmap

# The levels of brackets, of JSON or of XML elements in each other. Parsers call themselves for each
# level, and the time for 1,000 levels of blank nodes is a minute.
MAX_NESTING = 200
# The characters that an XML entity stands for. It may abbreviate an IRI, but contain no entity.
MAX_ENTITY = 200
# The text that the XML entities of a document stand for, in lengths of the document.
MAX_EXPANSION = 10
# The bytes of a file that is checked in memory.
MOST_COPIED = 1 << 28
# The bytes of a term; pyoxigraph's own limit, in all syntaxes but RDF/XML.
MAX_TERM = 16 << 20
# The characters of a statement in an error.
MAX_SHOWN = 200
# Names of attributes of RDF/XML, the values of rdf:parseType, and what may stand beside it.
PARSE_TYPE, BAG = RDF + "parseType", RDF + "bagID"
PARSE_TYPES = {"Literal", "Resource", "Collection", "Triple"}
BESIDE_PARSE_TYPE = (PARSE_TYPE, RDF + "ID", "http://www.w3.org/XML/1998/namespace")
# The attributes of RDF/XML that name an object, and the keys of a value of JSON-LD.
NAMED_OBJECT = {RDF + "resource", RDF + "nodeID"}
VALUE_KEYS = {"@value", "@type", "@language", "@direction", "@index", "@context"}

# Comments, strings, IRIs and escaped characters are skipped. JSON has the same but comments.
_BRACKET = rb"""
    (?: [^\[\](){}<>"'\#\\]++ | \\. | <[^<>"{}|^`\x00-\x20]*+>
      | \"{3}(?:[^"\\]++|\\.|"(?!""))*+(?:\"{3}|\Z) | '{3}(?:[^'\\]++|\\.|'(?!''))*+(?:'{3}|\Z)
      | "(?:[^"\\\n]++|\\.)*+" | '(?:[^'\\\n]++|\\.)*+' | \#[^\n]*+ )*+
    (?: (?P<open> [\[({] | << ) | (?P<close> [\])}] | >> ) | . | \Z )"""
_ELEMENT = rb"""
    (?: [^<]++ | <!--(?:.*?-->|.*+) | <!\[CDATA\[(?:.*?\]\]>|.*+) | <[!?]
      | <[^/<>"'](?:[^/<>"']++|"[^"]*+"|'[^']*+'|/(?!>))*+/> )*+
    (?: (?P<close> </ ) | (?P<open> < ) | \Z )"""
_ENTITY = rb"<!ENTITY"
_HARMLESS_ENTITY = rb"<!ENTITY \s+ ([^\s%%]+) \s+ \"([^&%%\"]{0,%d})\"" % MAX_ENTITY
_REFERENCE = rb"&([^\s;&<]{1,100});"


def check_file(file: str | BinaryIO, syntax: RdfFormat) -> None:
    """Raise SyntaxError, with the place, where an RDF file is beyond a limit."""
    if isinstance(file, str):
        with open(file, "rb") as opened:
            check_file(opened, syntax)
    else:
        with content_of(file) as content:
            check_rdf(content, syntax)


@contextmanager
def content_of(file: BinaryIO) -> "Iterator[Content]":
    """A copy of the content of a file, of any size; the next reading begins at its start.

    The system ends a process that reads a mapped file which becomes shorter.
    """
    from mmap import ACCESS_READ, mmap
    from shutil import copyfileobj
    from tempfile import TemporaryFile

    if fstat(file.fileno()).st_size <= MOST_COPIED:
        content = file.read()
        file.seek(0)
        yield content
        return
    with TemporaryFile() as copy:
        copyfileobj(file, copy)
        copy.flush()
        file.seek(0)
        with mmap(copy.fileno(), 0, access=ACCESS_READ) as mapping:
            yield mapping


def check_rdf(content: "Content", syntax: RdfFormat) -> None:
    """The same for the content of an RDF document."""
    if syntax == RdfFormat.RDF_XML:
        _check_entities(content)
        if default := _compiled(rb"<!ATTLIST").search(content):
            reason = "attributes of a DTD are not read; write them into the elements"
            raise _error(reason, content, default.start())
        _check(content, _ELEMENT, "elements")
        _check_well_formed(content)
    else:
        _check(content, _BRACKET, "brackets")
        if syntax == RdfFormat.JSON_LD:
            _check_objects(content)
            _check_terms(content)
        elif syntax == RdfFormat.N3:
            _check_formulas(content)


def _check_well_formed(content: "Content") -> None:
    """Raise SyntaxError for XML that is cut off, which pyoxigraph reads up to there, or broken.

    It leaves out rdf:bagID too, attributes beside rdf:parseType, and rdf:type of an object that has
    no name. Another value of rdf:parseType is one of a literal (RDF/XML, section 7.2.20), and is
    left out.
    """
    from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

    # For each open element: are the elements in it properties?
    has_properties = [False]

    def check_attributes(name: str, attributes: dict[str, str]) -> None:
        reason = ""
        kind = attributes.get(PARSE_TYPE)
        is_property = has_properties[-1]
        has_properties.append(kind == "Resource" if is_property else name != RDF + "RDF")
        if kind is not None:
            if kind not in PARSE_TYPES:
                reason = "this rdf:parseType is not read; write Literal, Resource or Collection"
            elif any(not name.startswith(BESIDE_PARSE_TYPE) for name in attributes):
                reason = "attributes beside rdf:parseType are not read; write them as elements"
        elif BAG in attributes:
            reason = "rdf:bagID is not read; describe the statements"
        elif is_property and RDF + "type" in attributes and not NAMED_OBJECT & attributes.keys():
            reason = "rdf:type of an object without a name is not read; write it as an element"
        if reason:
            place = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
            raise SyntaxError(reason, (None, *place, None, *place))

    # Names are namespace and local name, without anything between them.
    parser = ParserCreate("utf-8", "")
    parser.StartElementHandler = check_attributes
    parser.EndElementHandler = lambda _name: has_properties.pop()
    try:
        parser.Parse(content, True)
    except ExpatError as error:
        cause = ErrorString(error.code).replace("no element found", "an element does not end")
        reason = f"not well-formed XML ({cause})"
        place = error.lineno, error.offset + 1
        raise SyntaxError(reason, (None, *place, None, *place)) from None


def _check_terms(content: "Content") -> None:
    """Raise SyntaxError for JSON-LD with an invalid term, whose statements pyoxigraph leaves out.

    JSON-LD 1.1 API, section 8.1, lets it do so. Keys that no context maps are no terms.
    """
    file = cast(BinaryIO, content)
    quads = parse(file, RdfFormat.JSON_LD, base_iri="file:///", lenient=True)
    mapped = (quad for quad in quads if ":" in quad.predicate.value)
    while lines := [f"{quad} .\n" for quad in islice(mapped, 1000)]:
        try:
            deque(parse("".join(lines), RdfFormat.N_QUADS), maxlen=0)
        except SyntaxError as error:
            statement = lines[(error.lineno or 1) - 1].strip()
            reason = "a term is invalid, so that its statement would be left out"
            raise SyntaxError(f"{reason}: {statement[:MAX_SHOWN]}") from None


def _check_objects(content: "Content") -> None:
    """Raise SyntaxError for JSON-LD that pyoxigraph reads in part, or otherwise than others do.

    These are a value (`@value`) beside other keys, a key that is there twice, and containers of
    @id, @type or @graph, where it misreads lists and contexts, or breaks off.
    """
    import json

    keywords: dict[str, str] = {}
    found: set[tuple[str, ...]] = set()

    def check(pairs: list[tuple[str, object]]) -> object:
        entries = dict(pairs)
        if len(entries) < len(pairs):
            raise SyntaxError(f"a key is twice in an object: {shown([key for key, _ in pairs])}")
        container = entries.get("@container")
        containers = container if isinstance(container, list) else [container]
        if any(each in containers for each in ("@id", "@type", "@graph")):
            raise SyntaxError("containers of @id, @type or @graph are not read; write a list")
        # A context that gives @value another name is no value.
        if "@value" not in entries.values():
            found.add(tuple(entries))
        for key, value in pairs:
            if isinstance(value, str) and value in VALUE_KEYS:
                keywords[key] = value
        # A context names a keyword also by the @id of an object.
        return entries.get("@id")

    def shown(keys: Iterable[str]) -> str:
        return ", ".join(keys)[:MAX_SHOWN]

    try:
        text = bytes(content).removeprefix(BOM_UTF8).decode()
        json.loads(text, object_pairs_hook=check, parse_int=str)
    except ValueError as error:
        # The parser of RDF describes it better.
        _check_terms(content)
        raise SyntaxError(f"not valid JSON: {error}") from None
    for keys in found:
        expanded = {keywords.get(key, key) for key in keys}
        if "@value" in expanded and not expanded <= VALUE_KEYS:
            raise SyntaxError(f"a value (@value) has other keys, and is left out: {shown(keys)}")


def _check_formulas(content: "Content") -> None:
    """Raise SyntaxError for N3 with a formula, whose statements are quoted and not made."""
    text = bytes(content).removeprefix(BOM_UTF8)
    quads = parse(text, RdfFormat.N3, base_iri="file:///")
    if quoted := next((quad for quad in quads if quad.graph_name != DefaultGraph()), None):
        reason = "an N3 formula (between braces) is not read, since nothing states what is in it"
        raise SyntaxError(f"{reason}: {str(quoted.triple)[:MAX_SHOWN]}")


def _check_entities(content: "Content") -> None:
    lengths: dict[bytes, int] = {}
    for entity in _compiled(_ENTITY).finditer(content):
        harmless = _compiled(_HARMLESS_ENTITY).match(content, entity.start())
        if not harmless:
            reason = (
                "an XML entity that is not just a short text can fill the memory;"
                " write out what it stands for"
            )
            raise _error(reason, content, entity.start())
        if harmless[1] in lengths:
            reason = "an XML entity is declared twice, and parsers take different ones"
            raise _error(reason, content, entity.start())
        lengths[harmless[1]] = len(harmless[2])
    if lengths:
        references = _compiled(_REFERENCE).finditer(content)
        expanded = sum(lengths.get(each[1], 0) for each in references)
        if expanded > MAX_EXPANSION * len(content):
            reason = "its XML entities stand for so much that it can fill the memory"
            raise _error(reason, content, content.find(b"<!ENTITY"))


def check_nesting(text: str | bytes) -> None:
    """The same for the brackets of a query or of JSON."""
    content = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    _check(content, _BRACKET, "brackets")


def too_long(error: MemoryError) -> str:
    """Return the message for a parser's error on input that is too long."""
    if "buffer" in str(error):
        return f"a term is longer than {MAX_TERM >> 20} MiB, which no parser here can read"
    return "it needs more memory than there is"


def _check(content: "Content", pattern: bytes, things: str) -> None:
    depth = 0
    for match in _compiled(pattern).finditer(content):
        if match.lastgroup == "open":
            depth += 1
            if depth > MAX_NESTING:
                reason = f"{things} are nested more than {MAX_NESTING} levels deep"
                raise _error(reason, content, match.start("open"))
        elif match.lastgroup == "close":
            depth = max(depth - 1, 0)


@cache
def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.VERBOSE | re.DOTALL)


def _error(reason: str, content: "Content", position: int) -> SyntaxError:
    """The error, with its place as parsers give it."""
    before = content[:position]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
    return SyntaxError(reason, (None, line, column, None, line, column + 1))
