"""The descriptions of a package of tables: Data Package 2, CSVW, RO-Crate 1.1, and a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tipgraph.cite import AUTHORS
from tipgraph.entities.editions import Edition
from tipgraph.export.void import DATASET, DESCRIPTION, LICENCE, TITLE
from tipgraph.namespaces import OURS
from tipgraph.render.results import dumps
from tipgraph.version import VERSION

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
