"""Texts of editions that the user has attached, kept on this machine.

The graph contains no text. It pins the text of an edition by its SHA-256 and the offsets of its
sentences. A kept text counts only where its digest is the one that the graph pins.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from os.path import join
from urllib.parse import quote

from pyoxigraph import NamedNode

from tipgraph.files import write_atomic
from tipgraph.lookup.coverage import OFFSETS, digest
from tipgraph.lookup.entities import slug
from tipgraph.resources import user_folders
from tipgraph.store.engine import Engine


@dataclass(frozen=True)
class AttachedText:
    """The text of an edition, by its IRI: the words of each sentence, by the sentence's IRI."""

    sha256: str
    edition: str
    sentences: dict[str, str]


def attached(engine: Engine) -> dict[str, AttachedText]:
    """The attached texts that the graph pins, by the IRI of their edition."""
    names = _kept()
    if not names:
        return {}
    found = {}
    for text, edition, sha256 in _pins(engine):
        if _file_name(edition) in names:
            content = _read(edition)
            if digest(content) == sha256:
                sentences = _sentences(engine, text, content.decode(errors="replace"))
                found[edition] = AttachedText(sha256, edition, sentences)
    return found


def keep(edition: str, content: bytes) -> None:
    """Keep the text of an edition, by its IRI. Raises OSError where that fails."""
    os.makedirs(folder(), mode=0o700, exist_ok=True)
    write_atomic(file(edition), content, is_private=True)


def folder() -> str:
    """The folder of the attached texts, a file each."""
    return join(user_folders.data(), "texts")


def file(edition: str) -> str:
    """The path of the attached text of an edition, by its IRI."""
    return join(folder(), _file_name(edition))


def _kept() -> set[str]:
    """The names of the files in the folder."""
    with suppress(OSError):
        return set(os.listdir(folder()))
    return set()


def _file_name(edition: str) -> str:
    """The name of the file of an edition, whatever its IRI contains."""
    return f"{quote(slug(edition), safe='')}.txt"


def _read(edition: str) -> bytes:
    """The content of the kept text; empty where it cannot be read."""
    with suppress(OSError), open(file(edition), "rb") as opened:
        return opened.read()
    return b""


def _pins(engine: Engine) -> list[tuple[str, str, str]]:
    """Each pinned text: its IRI, its edition and its digest."""
    rows = engine.select(
        "SELECT ?text ?edition ?sha256 { ?text a tip:SourceText ; tip:edition ?edition ;"
        " tip:sha256 ?sha256 } ORDER BY ?edition ?text"
    )
    return [(str(row["text"]), str(row["edition"]), str(row["sha256"])) for row in rows]


def _sentences(engine: Engine, text: str, content: str) -> dict[str, str]:
    rows = engine.select(
        f"SELECT ?sentence ?start ?end {{ ?sentence tip:ofText {NamedNode(text)} ;"
        f" oa:start ?start ; oa:end ?end {OFFSETS} }} ORDER BY ?start ?sentence"
    )
    spans = ((str(row["sentence"]), str(row["start"]), str(row["end"])) for row in rows)
    return {sentence: content[int(start) : int(end)] for sentence, start, end in spans}
