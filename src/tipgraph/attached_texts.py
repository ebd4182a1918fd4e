"""Texts of editions that a user attached, in a folder of the user alone.

A text counts only where its digest is the one that the graph pins.
"""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from os.path import isfile, join
from urllib.parse import quote as percent_encoded

from pyoxigraph import NamedNode

from tipgraph.entities import editions, slug
from tipgraph.entities.passages import Highlighted, Passage, highlight
from tipgraph.errors import InputError, UsageError
from tipgraph.files import content_of, write_atomic
from tipgraph.resources import folders
from tipgraph.store.engine import Engine
from tipgraph.texts import digest, first_difference, pinned_sentences, pins, read, sources

EXTENSION = ".txt"


@dataclass(frozen=True)
class KeptText:
    """A text in the user's folder: the short name of its edition, and its file.

    `sentences` is how many the graph pins in it, 0 where it is not the text that the graph pins.
    """

    edition: str
    sentences: int
    file: str


def attached(engine: Engine) -> dict[str, dict[str, str]]:
    """The attached texts that the graph pins: their sentences by IRI, by the IRI of the edition."""
    names = _kept()
    if not names:
        return {}
    found = {}
    for pin in pins(engine):
        edition = pin["edition"]
        if _file_name(edition) in names:
            content = content_of(file(edition))
            if digest(content) == pin["sha256"]:
                text = content.decode(errors="replace")
                sentences = pinned_sentences(engine, NamedNode(pin["iri"]))
                found[edition] = {each.iri: text[each.start : each.end] for each in sentences}
    return found


def sentences(
    found: Mapping[str, Mapping[str, str]], passages: Iterable[Passage], others: Iterable[str] = ()
) -> dict[str, Highlighted]:
    """The sentences of the passages, and others, by IRI, as far as they are in attached texts.

    The phrases of the passages are highlighted.
    """
    phrases: dict[str, list[Passage]] = {each: [] for each in others}
    for each in passages:
        phrases.setdefault(each.sentence, []).append(each)
    return {
        sentence: highlight(words, phrases[sentence])
        for text in found.values()
        for sentence, words in text.items()
        if sentence in phrases
    }


def attach(engine: Engine, edition: str, path: str) -> KeptText:
    """Keep a file as the text of an edition, if it is the text that the graph pins.

    Raises UsageError when the edition is unknown or has no pinned text, InputError when the file
    cannot be read or differs, OSError when it cannot be kept.
    """
    chosen = editions.edition(engine, edition).iri
    pinned = [*pins(engine)]
    sha256s = [pin["sha256"] for pin in pinned if pin["edition"] == chosen]
    if not sha256s:
        names = ", ".join(dict.fromkeys(slug(pin["edition"]) for pin in pinned)) or "none"
        raise UsageError(
            f"the graph pins no text of {slug(chosen)}; editions with a pinned text: {names}"
        )
    content = read(path)
    if digest(content) not in sha256s:
        first = first_difference(sources(engine, chosen)[0], content.decode())
        raise InputError(
            f"{path}: not the text that the graph pins for {slug(chosen)};"
            f" first difference: {first}"
        )
    keep(chosen, content)
    return KeptText(slug(chosen), len(attached(engine)[chosen]), file(chosen))


def keep(edition: str, content: bytes) -> None:
    """Keep the text of an edition, by its IRI.

    Raises OSError where that fails, and InputError where others can write into the folder: a link
    of theirs would lead the text to them.
    """
    os.makedirs(folder(), mode=0o700, exist_ok=True)
    if not folders.is_private(folder()):
        raise InputError(f"{folder()}: others can write here; set XDG_DATA_HOME to your own folder")
    write_atomic(file(edition), content, is_private=True)


def kept(engine: Engine) -> list[KeptText]:
    """The texts in the user's folder, those included that the graph does not pin."""
    known = {_file_name(edition): text for edition, text in attached(engine).items()}
    return [
        KeptText(
            name.removesuffix(EXTENSION),
            len(known.get(name, ())),
            join(folder(), name),
        )
        for name in sorted(_kept())
    ]


def remove(engine: Engine, edition: str) -> KeptText:
    """Remove the text of an edition from the user's folder, and return what it was.

    Raises UsageError when none is there, OSError when it cannot be removed.
    """
    there = {each.edition: each for each in kept(engine)}
    name = edition if edition in there else editions.edition(engine, edition).slug
    if name not in there:
        names = ", ".join(there) or "none"
        raise UsageError(f"no text of {name} is attached; attached: {names}")
    os.unlink(there[name].file)
    return there[name]


def folder() -> str:
    """The folder of the attached texts, a file each."""
    return join(folders.user_data(), "texts")


def fingerprint() -> str:
    """Return a key that changes with the files of the folder, without reading them."""
    found = []
    for name in sorted(_kept()):
        with suppress(OSError):
            state = os.stat(join(folder(), name))
            found.append(f"{name} {state.st_size} {state.st_mtime_ns}")
    return "\n".join(found)


def file(edition: str) -> str:
    """The path of the attached text of an edition, by its IRI."""
    return join(folder(), _file_name(edition))


def _kept() -> set[str]:
    """The names of the files in the folder; to read from a pipe there would take for ever."""
    with suppress(OSError):
        return {
            name
            for name in os.listdir(folder())
            if name.endswith(EXTENSION) and isfile(join(folder(), name))
        }
    return set()


def _file_name(edition: str) -> str:
    """The name of the file of an edition, whatever its IRI contains."""
    return percent_encoded(slug(edition), safe="") + EXTENSION
