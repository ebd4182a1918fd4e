"""Query results as text: rows, triples or a truth value, in the W3C formats and in Markdown.

pyoxigraph serialises only the solutions of a query that it has just run. Rows may come from a
remote store and have labels in place of IRIs, so the formats are written here.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from tipgraph.escape import markdown as as_markdown
from tipgraph.escape import spreadsheet
from tipgraph.escape import xml as as_xml
from tipgraph.namespaces import PREFIXES, XSD
from tipgraph.rdf.terms import Term, plain_term
from tipgraph.render.answer import AnswerRows
from tipgraph.store.rows import Rows

Answer = AnswerRows | bool | list[Triple]

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


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    shown = [list(map(as_markdown, line)) for line in [columns, *rows]]
    lines = [shown[0], ["---"] * len(columns), *shown[1:]]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def json(rows: Rows) -> str:
    """SPARQL 1.1 query results in JSON, a line for each row."""
    from json import JSONEncoder

    # With an indent, Python's encoder takes four times as long.
    line = JSONEncoder(ensure_ascii=False).encode
    bindings = ",\n".join(
        line({name: json_term(term) for name, term in zip(rows.columns, row, strict=True) if term})
        for row in rows.terms
    )
    head = line({"vars": rows.columns})
    return f'{{"head": {head},\n"results": {{"bindings": [\n{bindings}\n]}}}}\n'


def xml(rows: Rows) -> str:
    """SPARQL query results in XML."""
    head = "".join(f'<variable name="{as_xml(name)}"/>' for name in rows.columns)
    body = "".join(
        "    <result>"
        + "".join(
            f'<binding name="{as_xml(name)}">{xml_term(term)}</binding>'
            for name, term in zip(rows.columns, row, strict=True)
            if term
        )
        + "</result>\n"
        for row in rows.terms
    )
    return _xml_document(f"  <head>{head}</head>\n  <results>\n{body}  </results>\n")


def plain(rows: Rows) -> list[list[str]]:
    """The terms as text: IRIs and lexical forms, empty where unbound."""
    return [[plain_term(term) for term in row] for row in rows.terms]


def truth(answer: bool, style: str) -> str:
    """The result of an ASK, in `json`, `xml` or as the plain word."""
    word = "true" if answer else "false"
    if style == "json":
        return dumps({"head": {}, "boolean": answer})
    if style == "xml":
        return _xml_document(f"  <head/>\n  <boolean>{word}</boolean>\n")
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


def json_term(term: Term) -> dict[str, str]:
    """The term as SPARQL 1.1 Query Results JSON has it."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    return {"type": "literal", "value": term.value, **_json_qualifier(term)}


def _json_qualifier(literal: Literal) -> dict[str, str]:
    if literal.language:
        return {"xml:lang": literal.language}
    kind = literal.datatype.value
    return {} if kind == XSD + "string" else {"datatype": kind}


def xml_term(term: Term) -> str:
    """The term as SPARQL Query Results XML has it."""
    if isinstance(term, NamedNode):
        return f"<uri>{as_xml(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{as_xml(term.value)}</bnode>"
    qualifier = "".join(f' {key}="{as_xml(v)}"' for key, v in _json_qualifier(term).items())
    return f"<literal{qualifier}>{as_xml(term.value)}</literal>"


def _xml_document(content: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n{content}</sparql>\n'
    )


def _safe(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    return ([spreadsheet(cell) for cell in row] for row in rows)
