"""The tables of the graph as a package: CSV and Parquet with descriptions, licence and citation.

Equal graphs give equal bytes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyoxigraph import Literal, NamedNode

from tipgraph import cite
from tipgraph.cite import AUTHORS
from tipgraph.entities import passages
from tipgraph.entities.editions import ALL, Edition, sources
from tipgraph.export.figures import PropertyValues
from tipgraph.namespaces import OURS, XSD
from tipgraph.queries.catalogue import EDITION, SharedTexts, StoredQuery, find
from tipgraph.rdf.terms import Term, plain_term
from tipgraph.render.formats import csv, dumps
from tipgraph.render.results import names, text
from tipgraph.resources.folders import Resources
from tipgraph.store.engine import Engine, grouped, iris_in
from tipgraph.text import SEPARATOR
from tipgraph.version import VERSION

TITLE = "tipgraph"
DESCRIPTION = (
    "A sourced knowledge graph of how states protect victims of human trafficking:"
    " each statement with its sentence, its speaker and its caveats."
)
# The graph as one dataset; its parts are the named graphs.
DATASET = OURS + "#dataset"
# Of our data: ontology, shapes, queries, and statements in our words.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_TITLE = "Creative Commons Attribution 4.0 International"
PROFILES = "https://datapackage.org/profiles/2.0/"
CRATE, CRATE_VERSION = "ro-crate-metadata.json", "https://w3id.org/ro/crate/1.1"
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
# Types of Table Schema that CSVW has under another name.
CSVW_TYPES = {"number": "decimal"}


@dataclass(frozen=True)
class Column:
    """A column with its cells as text; `type` is one of Table Schema."""

    name: str
    description: str
    type: str
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """The rows of a stored query; `key` names the columns that identify one, if they do."""

    name: str
    title: str
    description: str
    columns: list[Column]
    key: list[str]


@dataclass(frozen=True)
class File:
    """A table as a file; `kind` is a key of MEDIA_TYPES."""

    table: Table
    kind: str
    content: bytes

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.kind}"


def metadata(
    files: Sequence[File], date: str, citation: str, origins: Iterable[Edition]
) -> dict[str, bytes]:
    """The files that describe a package, by name."""
    # Readers of both descriptions read CSV; the columns of a Parquet file are described in it.
    texts = [each for each in files if each.kind == "csv"]
    described = {
        "csv-metadata.json": _csvw(each.table for each in texts),
        "datapackage.json": _data_package(texts, date, origins),
        CRATE: _crate(files, date),
    }
    text = (
        f"# {TITLE}\n\n{DESCRIPTION}\n\nRead the caveats of figures before you add or compare them."
        f" `{', '.join(described)}` describe the tables and their columns.\n\n## Licence\n\n"
        f"[{LICENCE_TITLE}]({LICENCE}), for our words and the selection; quotes are the sources'."
        f"\n\n## Citation\n\nCite the source of a row beside this.\n\n{citation}"
    )
    files_of = {name: dumps(content).encode() for name, content in described.items()}
    return {"README.md": text.encode(), **files_of}


def _data_package(files: Iterable[File], date: str, origins: Iterable[Edition]) -> dict[str, Any]:
    return {
        "$schema": f"{PROFILES}datapackage.json",
        "name": "tipgraph",
        "id": DATASET,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": VERSION,
        **({"created": f"{date}T00:00:00Z"} if date else {}),
        "homepage": OURS,
        "licenses": [{"name": "CC-BY-4.0", "title": LICENCE_TITLE, "path": LICENCE}],
        "contributors": [{"title": AUTHORS, "roles": ["creator"]}],
        "sources": [{"title": each.label, "path": each.page} for each in origins if each.page],
        "resources": [*map(_resource, files)],
    }


def _resource(file: File) -> dict[str, Any]:
    from hashlib import sha256

    fields = [
        {"name": each.name, "type": each.type, "description": each.description}
        for each in file.table.columns
    ]
    return {
        "name": file.table.name,
        "path": file.name,
        "type": "table",
        "title": file.table.title,
        "description": file.table.description,
        "format": file.kind,
        "mediatype": MEDIA_TYPES[file.kind],
        "encoding": "utf-8",
        "bytes": len(file.content),
        "hash": f"sha256:{sha256(file.content).hexdigest()}",
        "schema": {
            "$schema": f"{PROFILES}tableschema.json",
            "fields": fields,
            **_key(file.table),
        },
    }


def _key(table: Table) -> dict[str, list[str]]:
    return {"primaryKey": table.key} if table.key else {}


def _csvw(tables: Iterable[Table]) -> dict[str, Any]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": TITLE,
        "dc:license": {"@id": LICENCE},
        "tables": [*map(_csvw_table, tables)],
    }


def _csvw_table(table: Table) -> dict[str, Any]:
    columns = [
        {
            "name": each.name,
            "titles": each.name,
            "dc:description": each.description,
            "datatype": CSVW_TYPES.get(each.type, each.type),
        }
        for each in table.columns
    ]
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.description,
        "tableSchema": {"columns": columns, **_key(table)},
    }


def _crate(files: Sequence[File], date: str) -> dict[str, Any]:
    us = {"@id": f"{OURS}contributors"}
    crate = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": CRATE_VERSION},
        "about": {"@id": "./"},
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": DATASET,
        "name": TITLE,
        "description": DESCRIPTION,
        "version": VERSION,
        "datePublished": date,
        "license": {"@id": LICENCE},
        "creator": us,
        "publisher": us,
        "hasPart": [{"@id": each.name} for each in files],
    }
    described = [
        {
            "@id": each.name,
            "@type": "File",
            "name": each.table.title,
            "description": each.table.description,
            "encodingFormat": MEDIA_TYPES[each.kind],
            "contentSize": str(len(each.content)),
        }
        for each in files
    ]
    others = [
        {"@id": LICENCE, "@type": "CreativeWork", "name": LICENCE_TITLE},
        {**us, "@type": "Organization", "name": AUTHORS, "url": OURS},
    ]
    return {"@context": f"{CRATE_VERSION}/context", "@graph": [crate, root, *described, *others]}


# The stored query of each table.
TABLES = {
    "figures": "figures",
    "claims": "claims",
    "norms": "norms",
    "recommendations": "recommendations",
    "non-reports": "not-reported",
}
# Columns that a query has for its parameters alone, and those whose several values share a cell.
WITHOUT, REPEATED = ("period_match",), ("speaker", "place")
# Columns of every table, where its query is without them: those of statements, with the property.
OF_STATEMENTS = {"counted_by": "tip:doneBy", "caveat": "tip:caveatText"}
ADDED = (*OF_STATEMENTS, "section", "place", "quote", "link", "coverage")
# Types of Table Schema, with the datatypes of their values.
TYPES = {
    "integer": {"integer", "nonNegativeInteger"},
    "number": {"integer", "nonNegativeInteger", "decimal", "double"},
    "boolean": {"boolean"},
}
NOTE = f"Several values in one cell are separated by '{SEPARATOR}'."


def package(
    engine: Engine,
    queries: Mapping[str, StoredQuery],
    resources: Resources,
    digest: str,
    with_parquet: bool,
) -> dict[str, bytes]:
    """The files of the package by name; `digest` is that of the graph."""
    words = SharedTexts(resources.shared_texts()).columns
    tables = [_table(engine, name, find(queries, query), words) for name, query in TABLES.items()]
    writers = {"csv": _csv, **({"parquet": _parquet} if with_parquet else {})}
    files = [File(table, kind, write(table)) for kind, write in writers.items() for table in tables]
    cited = cite.cite_answer(cite.TITLE, cite.graph_year(engine), digest)
    described = metadata(files, cite.graph_date(engine), cite.text(cited), sources(engine).values())
    return dict(sorted({each.name: each.content for each in files}.items())) | described


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP archive, without dates."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = ZipInfo(name)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, content)
    return out.getvalue()


def _table(engine: Engine, name: str, query: StoredQuery, words: Mapping[str, str]) -> Table:
    given = {EDITION: ALL} if query.has_editions else {}
    rows = engine.select(query.bound(engine, given))
    key = [each for each in query.key if each not in REPEATED]
    places = [rows.columns.index(each) for each in key]
    groups = grouped((tuple(row[i] for i in places), row) for row in rows.terms)
    lines: list[dict[str, Sequence[Term]]] = [
        {
            column: [*dict.fromkeys(filter(None, values))]
            for column, values in zip(rows.columns, zip(*group, strict=True), strict=True)
            if column not in WITHOUT
        }
        for group in groups.values()
    ]
    _add(engine, lines)
    labels = names(engine, rows, editions=False)
    columns, more = [], []
    for column in (each for each in dict.fromkeys((*query.columns, *ADDED)) if each not in WITHOUT):
        description = query.columns.get(column) or words.get(column, "")
        cells = [line[column] for line in lines]
        labelled = [_joined(text(term, labels) for term in cell) for cell in cells]
        columns.append(Column(column, description, _type(cells), labelled))
        if any(isinstance(term, NamedNode) for cell in cells for term in cell):
            iris = [_joined(map(plain_term, cell)) for cell in cells]
            more.append(Column(f"{column}_iri", f"IRI of: {description}", "string", iris))
    # A table may be without a primary key: cells of one must not be empty.
    cells_of = {each.name: each.cells for each in more}
    identifying = {name: cells_of.get(name, []) for name in (f"{each}_iri" for each in key)}
    filled = {name: cells for name, cells in identifying.items() if cells and all(cells)}
    is_unique = len({*zip(*filled.values(), strict=True)}) == len(lines)
    description = f"{query.description} {NOTE}".strip()
    return Table(
        name, query.summary, description, [*columns, *more], [*filled] if is_unique else []
    )


def _add(engine: Engine, lines: Iterable[dict[str, Sequence[Term]]]) -> None:
    """Add the columns of ADDED to those that the query has."""
    statements = (plain_term(term) for line in lines for term in line["statement"])
    of_statements = PropertyValues(engine, statements, OF_STATEMENTS)
    origins = sources(engine)
    places = {iri for line in lines for iri in iris_in(line["place"])}
    found = passages.passages(engine, places)
    for line in lines:
        (statement,) = map(plain_term, line["statement"])
        named = line.get("edition") or line.get("publication") or ()
        origin = next((origins[iri] for iri in iris_in(named) if iri in origins), None)
        cited = [found[iri] for iri in iris_in(line["place"]) if iri in found]
        added = {name: of_statements.labels(statement, name) for name in OF_STATEMENTS} | {
            "section": [origin.section if origin else ""],
            "coverage": [origin.read if origin else ""],
            "quote": [each.exact or passages.NO_QUOTE for each in cited],
            "link": [each.link for each in cited],
        }
        for name, texts in added.items():
            line.setdefault(name, [Literal(each) for each in texts if each])


def _joined(texts: Iterable[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(texts))


def _type(cells: Iterable[Sequence[Term]]) -> str:
    """The narrowest of TYPES that all values of a column have, else `string`."""
    found = [*cells]
    terms = [term for cell in found for term in cell]
    kinds = {each.datatype.value if isinstance(each, Literal) else "" for each in terms}
    if terms and all(len(cell) < 2 for cell in found):
        for name, members in TYPES.items():
            if kinds <= {XSD + each for each in members}:
                return name
    return "string"


def _csv(table: Table) -> bytes:
    cells = zip(*(each.cells for each in table.columns), strict=True)
    return csv([each.name for each in table.columns], [*cells]).encode()


def _parquet(table: Table) -> bytes:
    import pyarrow
    from pyarrow.parquet import write_table

    types: dict[str, tuple[Any, Callable[[str], object]]] = {
        "integer": (pyarrow.int64(), int),
        "number": (pyarrow.float64(), float),
        "boolean": (pyarrow.bool_(), "true".__eq__),
        "string": (pyarrow.string(), str),
    }
    fields, arrays = [], []
    for each in table.columns:
        kind, read = types[each.type]
        fields.append(pyarrow.field(each.name, kind, metadata={"description": each.description}))
        arrays.append(pyarrow.array([read(c) if c else None for c in each.cells], kind))
    out = BytesIO()
    write_table(pyarrow.table(arrays, pyarrow.schema(fields)), out, compression="zstd")
    return out.getvalue()
