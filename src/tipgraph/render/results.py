"""Answers as text: rows, triples or a truth value in the formats that people and tools read."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from tipgraph.namespaces import PREFIXES, XSD
from tipgraph.store.rows import Rows, Term

Answer = Rows | bool | list[Triple]

GRAPH_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
}


def csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Comma-separated values as RFC 4180 and SPARQL's CSV results have them."""
    import io
    from csv import writer

    text = io.StringIO()
    writer(text).writerows([columns, *rows])
    return text.getvalue()


def tsv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Plain tab-separated values; tabs and line ends within a value are written `\\t` and `\\n`."""
    escapes = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})
    return "".join(
        "\t".join(value.translate(escapes) for value in row) + "\n" for row in [columns, *rows]
    )


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(map(_markdown_cell, line))} |\n" for line in lines)


def json(rows: Rows) -> str:
    """SPARQL 1.1 query results in JSON."""
    bindings = [
        {name: _json_term(term) for name, term in zip(rows.columns, row, strict=True) if term}
        for row in rows.terms
    ]
    return dumps({"head": {"vars": rows.columns}, "results": {"bindings": bindings}})


def xml(rows: Rows) -> str:
    """SPARQL query results in XML."""
    head = "".join(f'<variable name="{name}"/>' for name in rows.columns)
    body = "".join(
        "    <result>"
        + "".join(
            f'<binding name="{name}">{_xml_term(term)}</binding>'
            for name, term in zip(rows.columns, row, strict=True)
            if term
        )
        + "</result>\n"
        for row in rows.terms
    )
    return _xml_document(f"  <head>{head}</head>\n  <results>\n{body}  </results>\n")


def plain(rows: Rows) -> list[list[str]]:
    """The rows' terms as bare texts: IRIs and lexical forms, empty where unbound."""
    return [[_bare(term) for term in row] for row in rows.terms]


def truth(answer: bool, style: str) -> str:
    """The answer of an ASK."""
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


ROW_FORMATS: dict[str, Callable[[Rows], str]] = {
    "csv": lambda rows: csv(rows.columns, plain(rows)),
    "tsv": lambda rows: tsv(rows.columns, plain(rows)),
    "json": json,
    "xml": xml,
}


def _bare(term: Term | None) -> str:
    if term is None:
        return ""
    return str(term) if isinstance(term, BlankNode) else term.value


def _json_term(term: Term) -> dict[str, str]:
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


def _xml_term(term: Term) -> str:
    from xml.sax.saxutils import escape, quoteattr

    if isinstance(term, NamedNode):
        return f"<uri>{escape(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{escape(term.value)}</bnode>"
    qualifier = "".join(f" {key}={quoteattr(v)}" for key, v in _json_qualifier(term).items())
    return f"<literal{qualifier}>{escape(term.value)}</literal>"


def _xml_document(content: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n{content}</sparql>\n'
    )


def _markdown_cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
