"""Query results in the W3C formats, and other data as text: CSV, TSV, JSON, XML, RDF.

pyoxigraph serialises only the solutions of a query that it has just run. Rows may come from a
remote store and have labels in place of IRIs, so the formats are written here.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TextIO

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from tipgraph.namespaces import PREFIXES, XSD
from tipgraph.rdf.terms import Term, plain_term
from tipgraph.safe_text import spreadsheet
from tipgraph.safe_text import xml as as_xml
from tipgraph.store.engine import Rows

AnyRow = Iterable[Term | Triple | None]
# Writes rows under their columns, one by one.
Write = Callable[[Sequence[str], Iterable[AnyRow], TextIO], None]

XML_START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
)
GRAPH_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
}


def csv(columns: Sequence[str], rows: Iterable[Sequence[str]], safe: bool = False) -> str:
    """Comma-separated values (RFC 4180; SPARQL 1.1 Query Results CSV and TSV, section 3).

    `safe` keeps a spreadsheet from computing cells; they are then no longer what the data are.
    """
    import io
    from csv import writer

    text = io.StringIO()
    writer(text).writerows([columns, *(_safe(rows) if safe else rows)])
    return text.getvalue()


def tsv(columns: Sequence[str], rows: Iterable[Sequence[str]], safe: bool = False) -> str:
    """Plain tab-separated values; tabs and line ends in a value become `\\t` and `\\n`.

    `safe` is that of `csv`.
    """
    rows = _safe(rows) if safe else rows
    escapes = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})
    return "".join(
        "\t".join(value.translate(escapes) for value in row) + "\n" for row in [columns, *rows]
    )


def write_json(columns: Sequence[str], rows: Iterable[AnyRow], out: TextIO) -> None:
    """Write SPARQL 1.1 query results in JSON, a line for each row."""
    from json import JSONEncoder

    line = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    out.write(f'{{"head":{{"vars":{line(columns)}}},"results":{{"bindings":[')
    separator = "\n"
    for row in rows:
        cells = zip(columns, row, strict=True)
        binding = {name: _json(term) for name, term in cells if term is not None}
        out.write(f"{separator}{line(binding)}")
        separator = ",\n"
    out.write("\n]}}\n")


def write_xml(columns: Sequence[str], rows: Iterable[AnyRow], out: TextIO) -> None:
    """Write SPARQL query results in XML, a line for each row."""
    head = "".join(f'<variable name="{as_xml(name)}"/>' for name in columns)
    out.write(f"{XML_START}<head>{head}</head>\n<results>\n")
    for row in rows:
        cells = "".join(
            f'<binding name="{as_xml(name)}">{_xml(term)}</binding>'
            for name, term in zip(columns, row, strict=True)
            if term is not None
        )
        out.write(f"<result>{cells}</result>\n")
    out.write("</results>\n</sparql>\n")


def json(rows: Rows) -> str:
    """SPARQL 1.1 query results in JSON."""
    return _written(write_json, rows)


def xml(rows: Rows) -> str:
    """SPARQL query results in XML."""
    return _written(write_xml, rows)


def _written(write: Write, rows: Rows) -> str:
    from io import StringIO

    out = StringIO()
    write(rows.columns, rows.terms, out)
    return out.getvalue()


def plain(rows: Rows) -> list[list[str]]:
    """The terms as text: IRIs and lexical forms, empty where unbound."""
    return [[plain_term(term) for term in row] for row in rows.terms]


def truth(answer: bool, style: str) -> str:
    """The result of an ASK, in `json`, `xml` or as the plain word."""
    word = "true" if answer else "false"
    if style == "json":
        return dumps({"head": {}, "boolean": answer})
    if style == "xml":
        return f"{XML_START}<head/>\n<boolean>{word}</boolean>\n</sparql>\n"
    return f"{word}\n"


def graph(triples: Iterable[Triple], style: str) -> str:
    """Triples in an RDF syntax, sorted, under the prefixes they use."""
    ordered = sorted(triples, key=str)
    text = " ".join(map(str, ordered))
    used = {name: iri for name, iri in PREFIXES.items() if f"<{iri}" in text}
    syntax = GRAPH_FORMATS[style]
    prefixes = used if syntax in (RdfFormat.TURTLE, RdfFormat.TRIG) else None
    content = serialize(ordered, format=syntax, prefixes=prefixes) or b""
    return content.decode().rstrip("\n") + "\n"


def dumps(content: Any) -> str:
    """JSON that people can read."""
    from json import dumps

    return dumps(content, ensure_ascii=False, indent=2) + "\n"


# The formats of texts, and those of terms.
TEXT_FORMATS: dict[str, Callable[[Sequence[str], Iterable[Sequence[str]], bool], str]] = {
    "csv": csv,
    "tsv": tsv,
}
TERM_FORMATS: dict[str, Callable[[Rows], str]] = {"json": json, "xml": xml}
ROW_FORMATS = (*TEXT_FORMATS, *TERM_FORMATS)


def _json(term: Term | Triple) -> Any:
    """The term as SPARQL 1.1 Query Results JSON has it."""
    if isinstance(term, Triple):
        return {"type": "triple", "value": {name: _json(each) for name, each in _parts(term)}}
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    return {"type": "literal", "value": term.value, **_qualifier(term)}


def _xml(term: Term | Triple) -> str:
    """The term as SPARQL Query Results XML has it."""
    if isinstance(term, Triple):
        content = "".join(f"<{name}>{_xml(each)}</{name}>" for name, each in _parts(term))
        return f"<triple>{content}</triple>"
    if isinstance(term, NamedNode):
        return f"<uri>{as_xml(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{as_xml(term.value)}</bnode>"
    qualifier = "".join(f' {key}="{as_xml(v)}"' for key, v in _qualifier(term).items())
    return f"<literal{qualifier}>{as_xml(term.value)}</literal>"


def _parts(triple: Triple) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(triple, name)) for name in ("subject", "predicate", "object"))


def _qualifier(literal: Literal) -> dict[str, str]:
    if literal.language:
        return {"xml:lang": literal.language}
    kind = literal.datatype.value
    return {} if kind == XSD + "string" else {"datatype": kind}


def _safe(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    return ([spreadsheet(cell) for cell in row] for row in rows)
