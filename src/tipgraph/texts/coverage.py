"""Coverage of an edition's sentences by statements."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tipgraph import entities, texts
from tipgraph.entities.highlight import Highlighted, highlight
from tipgraph.errors import UsageError
from tipgraph.store.engine import Engine
from tipgraph.store.rows import grouped
from tipgraph.texts import AttachedText, pinned_text
from tipgraph.texts.pinned_text import Mismatch, Sentence, Source, check, read


@dataclass(frozen=True)
class Coverage:
    """The coverage of one source text.

    `texts` has the sentences by IRI, with all quotes highlighted, where texts were asked for and
    this one is attached.
    """

    edition: str
    sentences: tuple[Sentence, ...]
    mismatches: tuple[Mismatch, ...] = ()
    checked: bool = False
    texts: Mapping[str, Highlighted] = field(default_factory=dict)

    @property
    def uncovered(self) -> tuple[Sentence, ...]:
        """The sentences that no statement covers."""
        return tuple(sentence for sentence in self.sentences if not sentence.statements)

    @property
    def complete(self) -> bool:
        """True when every sentence is covered and nothing differs from the text."""
        return bool(self.sentences) and not self.uncovered and not self.mismatches

    def as_dict(self) -> dict[str, Any]:
        content = asdict(self)
        if not self.texts:
            del content["texts"]
        return {**content, "complete": self.complete}


def coverage(
    engine: Engine, edition: str | None = None, text: str | None = None, with_text: bool = False
) -> list[Coverage]:
    """Return the coverage of one edition's source text, or of every edition's.

    `text` is the path of a file to compare with the source of the edition; `with_text` adds the
    sentences of attached texts. Raises UsageError when the edition is unknown, has no source text,
    or is not the only one although a text is given; InputError when the file cannot be read.
    """
    sources = pinned_text.sources(engine, edition)
    attached = texts.attached(engine) if with_text else {}
    if text is None:
        return [_coverage(each, attached) for each in sources]
    if len(sources) > 1:
        names = ", ".join(entities.slug(source.edition) for source in sources)
        raise UsageError(f"name the edition of the text: {names}")
    source, content = sources[0], read(text)
    found = _coverage(source, attached)
    return [replace(found, mismatches=tuple(check(source, content)), checked=True)]


def _coverage(source: Source, attached: Mapping[str, AttachedText]) -> Coverage:
    text = attached.get(source.edition)
    words = text.sentences if text is not None and text.sha256 == source.sha256 else {}
    quotes = grouped((each.sentence, each) for each in source.quotes)
    highlighted = {
        each.iri: highlight(words[each.iri], quotes[each.name])
        for each in source.sentences
        if each.iri in words
    }
    return Coverage(entities.slug(source.edition), source.sentences, texts=highlighted)
