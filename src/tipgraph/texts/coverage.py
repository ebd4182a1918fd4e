"""Coverage of an edition's sentences by statements."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from tipgraph import entities
from tipgraph.errors import UsageError
from tipgraph.store.engine import Engine
from tipgraph.texts import pinned_text
from tipgraph.texts.pinned_text import Mismatch, Sentence, check, read


@dataclass(frozen=True)
class Coverage:
    """The coverage of one source text."""

    edition: str
    sentences: tuple[Sentence, ...]
    mismatches: tuple[Mismatch, ...] = ()
    checked: bool = False

    @property
    def uncovered(self) -> tuple[Sentence, ...]:
        """The sentences that no statement covers."""
        return tuple(sentence for sentence in self.sentences if not sentence.statements)

    @property
    def complete(self) -> bool:
        """True when every sentence is covered and nothing differs from the text."""
        return bool(self.sentences) and not self.uncovered and not self.mismatches

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "complete": self.complete}


def coverage(engine: Engine, edition: str | None = None, text: str | None = None) -> list[Coverage]:
    """Return the coverage of one edition's source text, or of every edition's.

    `text` is the path of a file to compare with the source of the edition. Raises UsageError when
    the edition is unknown, has no source text, or is not the only one although a text is given;
    InputError when the file cannot be read.
    """
    sources = pinned_text.sources(engine, edition)
    found = [Coverage(entities.slug(each.edition), each.sentences) for each in sources]
    if text is None:
        return found
    if len(sources) > 1:
        raise UsageError(f"name the edition of the text: {', '.join(e.edition for e in found)}")
    mismatches = check(sources[0], read(text))
    return [replace(found[0], mismatches=tuple(mismatches), checked=True)]
