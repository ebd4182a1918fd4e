"""Rows of a query in the W3C's formats, written one by one.

pyoxigraph writes all rows of a query or none, so that they could not be counted. `render.results`
writes rows for people, all at once.
"""

from collections.abc import Callable, Iterable, Sequence
from csv import writer
from json import dumps
from typing import Any, TextIO

from pyoxigraph import Triple

from tipgraph.escape import xml as as_xml
from tipgraph.rdf.terms import Term, plain_term
from tipgraph.render import results

Cell = Term | Triple | None
Row = Iterable[Cell]
Write = Callable[[Sequence[str], Iterable[Row], TextIO], None]


def write_json(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """SPARQL 1.1 Query Results JSON Format."""
    out.write(f'{{"head":{{"vars":{_compact(columns)}}},"results":{{"bindings":[')
    separator = "\n"
    for row in rows:
        cells = zip(columns, row, strict=True)
        binding = {name: _json(term) for name, term in cells if term is not None}
        out.write(f"{separator}{_compact(binding)}")
        separator = ",\n"
    out.write("\n]}}\n")


def write_xml(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """SPARQL Query Results XML Format."""
    head = "".join(f'<variable name="{as_xml(name)}"/>' for name in columns)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write('<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n')
    out.write(f"<head>{head}</head>\n<results>\n")
    for row in rows:
        cells = "".join(
            f'<binding name="{as_xml(name)}">{_xml(term)}</binding>'
            for name, term in zip(columns, row, strict=True)
            if term is not None
        )
        out.write(f"<result>{cells}</result>\n")
    out.write("</results>\n</sparql>\n")


def write_csv(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """SPARQL 1.1 Query Results CSV Format: IRIs and lexical forms."""
    lines = writer(out)
    lines.writerow(columns)
    for row in rows:
        lines.writerow(["" if term is None else _plain(term) for term in row])


def write_tsv(columns: Sequence[str], rows: Iterable[Row], out: TextIO) -> None:
    """SPARQL 1.1 Query Results TSV Format: terms as in Turtle."""
    out.write("\t".join(f"?{name}" for name in columns) + "\n")
    for row in rows:
        cells = ("" if term is None else str(term) for term in row)
        out.write("\t".join(cells).replace("\n", "\\n").replace("\r", "\\r") + "\n")


def _compact(content: Any) -> str:
    return dumps(content, ensure_ascii=False, separators=(",", ":"))


def _json(term: Term | Triple) -> Any:
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json(each) for name, each in parts.items()}}
    return results.json_term(term)


def _xml(term: Term | Triple) -> str:
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        content = "".join(f"<{name}>{_xml(each)}</{name}>" for name, each in parts.items())
        return f"<triple>{content}</triple>"
    return results.xml_term(term)


def _plain(term: Term | Triple) -> str:
    return str(term) if isinstance(term, Triple) else plain_term(term)
