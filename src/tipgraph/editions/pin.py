"""A text pinned: its digest and its sentences as Turtle, so that the text itself can stay away."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tipgraph.editions.sentences import Sentence, sentences
from tipgraph.editions.turtle import plain
from tipgraph.errors import InputError
from tipgraph.lookup.coverage import digest, read

BYTE_ORDER_MARK = "\ufeff"
UNTIDY = {
    r"\r": "its lines end as on Windows",
    r"\n\Z": "it ends with a line feed",
    r"\n[ \t]*\r?\n": "it has blank lines",
    r"[ \t]{2}|[ \t](?=\r?\n)|\u00a0": "it has blanks that could be single ones, or none",
}
# The beginning of a sentence, as a phrase and the word behind it.
BEGINNING = re.compile(r"(\S+(?: \S+){0,2})( \S+)?")


@dataclass(frozen=True)
class Pinned:
    """A text, and its sentences by their names."""

    text: str

    @cached_property
    def sentences(self) -> dict[str, Sentence]:
        return {f"S{number:02}": each for number, each in enumerate(sentences(self.text), 1)}

    @property
    def untidy(self) -> Iterator[str]:
        """In what the text is not as all are pinned, so that another's copy may differ."""
        for pattern, told in UNTIDY.items():
            if re.search(pattern, self.text):
                yield told

    @property
    def sha256(self) -> str:
        """The digest of the text's bytes."""
        return digest(self.text.encode())

    def turtle(self, own: str) -> str:
        """The sentences, two lines each; `own` is the prefix of the edition."""
        return "\n".join(self._lines(own))

    def passage(self, own: str, name: str) -> str:
        """The three lines of a passage of this name, with a phrase of the text, to begin with."""
        sentence, exact, suffix = self._phrase
        start, end, _ = self.sentences[sentence]
        quote = f"oa:exact {plain(exact)}" + (f" ; oa:suffix {plain(suffix)}" if suffix else "")
        nodes = {
            name: f"tip:Passage ; tip:sentence {own}:{sentence} ; oa:hasSource {own}:text ;"
            f" oa:hasSelector {name}-at",
            f"{name}-at": f"oa:TextPositionSelector ; oa:start {start} ; oa:end {end} ;"
            f" oa:refinedBy {name}-quote",
            f"{name}-quote": f"oa:TextQuoteSelector ; {quote}",
        }
        width = max(map(len, nodes))
        return "\n".join(f"{node:{width}} a {said} ." for node, said in nodes.items())

    @property
    def _phrase(self) -> tuple[str, str, str]:
        """A sentence's name, its first words, and the word behind them."""
        phrases = [
            (name, found[1], found[2] or "")
            for name, (start, end, _) in self.sentences.items()
            if (found := BEGINNING.match(self.text, start, end))
        ]
        once = (each for each in phrases if self.text.count(each[1] + each[2]) == 1)
        return next(once, phrases[0])

    def _lines(self, own: str) -> Iterator[str]:
        last = max(self.sentences.values())
        at, of = len(str(last.end)), len(str(last.paragraph))
        width = max(map(len, self.sentences)) + len(own) + 1
        for name, (start, end, paragraph) in self.sentences.items():
            yield (
                f'{own + ":" + name:{width}}  a tip:Sentence ; rdfs:label "{name}" ;'
                f" tip:ofText {own}:text ; tip:paragraph {paragraph:{of}} ;"
                f" oa:start {start:{at}} ; oa:end {end:{at}} ;"
            )
            yield f'{"":{width}}  tip:sha256 "{digest(self.text[start:end].encode())}" .'


def pin(path: str) -> Pinned:
    """The text of a file, pinned. Raises InputError when it cannot be read or has no sentence."""
    pinned = Pinned(read(path).decode())
    if pinned.text.startswith(BYTE_ORDER_MARK):
        raise InputError(f"{path}: begins with a byte order mark; save it as UTF-8 without one")
    if not pinned.sentences:
        raise InputError(f"{path}: there is no sentence in it")
    return pinned
