"""The dependency tree of a sentence, over the same tokens that every reader has."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tipgraph.editions.draft.document import Document
from tipgraph.editions.draft.number_classes import NumberClass
from tipgraph.editions.draft.numerals import Numeral
from tipgraph.editions.draft.periods import Period, periods
from tipgraph.editions.draft.tokens import DASHES, Sentence, Token, spaced, word_at
from tipgraph.editions.draft.words import QUALIFIERS

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# A narrative has a tenth of that; what is longer takes minutes, and its end is not parsed.
MAX_CHARACTERS = 100_000
# Words between a period and what it belongs to.
OF_TIME = {"period", "year", "months"}
NOT_PARSED = "beyond what the reader 'parse' reads of a text"


@dataclass(frozen=True)
class Tree:
    """A sentence with its tree: for each token the place of its head, its relation, and its tag.

    Relations and tags are those of the model, by the scheme of ClearNLP and the Penn Treebank. The
    head of the root is itself.
    """

    sentence: Sentence
    heads: tuple[int, ...]
    relations: tuple[str, ...]
    tags: tuple[str, ...]
    numerals: Sequence[Numeral]
    classes: Sequence[NumberClass]

    @property
    def tokens(self) -> list[Token]:
        return self.sentence.tokens

    def word(self, at: int) -> str:
        """The word at a place in lower case, empty beyond the ends."""
        return word_at(self.tokens, at)

    def words(self, first: int, end: int) -> list[str]:
        return [self.word(at) for at in range(first, end)]

    def text(self, places: Iterable[int]) -> str:
        """The tokens at these places as they are written."""
        return spaced([self.tokens[at].text for at in places])

    @cached_property
    def _children(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for at, head in enumerate(self.heads):
            if head != at:
                found.setdefault(head, []).append(at)
        return found

    def children(self, at: int, *relations: str) -> list[int]:
        """What depends on a token, in the order of the text; with `relations`, only those."""
        own = self._children.get(at, [])
        return [each for each in own if not relations or self.relations[each] in relations]

    def ancestors(self, at: int) -> Iterator[int]:
        """The heads above a token, the nearest first."""
        while self.heads[at] != at:
            at = self.heads[at]
            yield at

    def subtree(self, at: int, without: Container[str] = ()) -> list[int]:
        """The places of a token and all below it, in order, but for some relations of its own."""
        found, waiting = [at], [e for e in self.children(at) if self.relations[e] not in without]
        while waiting:
            each = waiting.pop()
            found.append(each)
            waiting += self.children(each)
        return sorted(found)

    @cached_property
    def numbers(self) -> set[int]:
        """The places of the words of all numerals."""
        return {at for each in self.numerals for at in range(each.first, each.last + 1)}

    @cached_property
    def periods(self) -> list[Period]:
        return periods(self.tokens, self.numerals, self.classes)

    @cached_property
    def in_period(self) -> set[int]:
        """The places of the words of all periods."""
        return {at for each in self.periods for at in range(each.first, each.last + 1)}

    @cached_property
    def governors(self) -> dict[int, int]:
        """The node that each period belongs to, by the place of its first word.

        It is the nearest one above that is neither a preposition nor a word of time.
        """
        found = {}
        for period in self.periods:
            inside = range(period.first, period.last + 1)
            at = next((at for at in inside if self.heads[at] not in inside), period.first)
            for above in self.ancestors(at):
                at = above
                of_time = above in self.in_period or self.word(above) in OF_TIME
                if self.tags[above] not in {"IN", "TO"} and not of_time:
                    break
            found[period.first] = at
        return found

    @cached_property
    def opened(self) -> tuple[int, ...]:
        """For each token the place of the parenthesis or dash that it stands in, else -1."""
        found: list[int] = []
        stack: list[int] = []
        for at, token in enumerate(self.tokens):
            if token.text == ")" and stack:
                stack.pop()
            found.append(stack[-1] if stack else -1)
            if token.text == "(":
                stack.append(at)
        return tuple(found)

    def is_dash(self, at: int) -> bool:
        return self.tokens[at].text in DASHES


def qualifier_before(tree: Tree, first: int) -> str:
    """The qualifier that ends before a token, such as `at least`; empty without one."""
    for size in (3, 2, 1):
        words = tuple(tree.words(max(0, first - size), first))
        if len(words) == size and words in QUALIFIERS:
            return QUALIFIERS[words]
    return ""


def trees(document: Document, language: "Language") -> Iterator[Tree]:
    """The trees of the sentences that can be read, up to the limit for a text."""
    sentences = parsed_sentences(document)
    docs = (_doc(each, language) for each in sentences)
    for sentence, doc in zip(sentences, language.pipe(docs), strict=True):
        yield Tree(
            sentence,
            tuple(each.head.i for each in doc),
            tuple(each.dep_ for each in doc),
            tuple(each.tag_ for each in doc),
            document.numerals[sentence.name],
            document.classes[sentence.name],
        )


def parsed_sentences(document: Document) -> list[Sentence]:
    """The sentences that are parsed: those that can be read, while the limit is not reached."""
    found, characters = [], 0
    for each in document.readable:
        characters += each.end - each.start
        if characters > MAX_CHARACTERS:
            break
        if each.tokens:
            found.append(each)
    return found


def unparsed(document: Document) -> dict[str, str]:
    """The reason for each sentence that can be read and is not parsed, by its name."""
    parsed = {each.name for each in parsed_sentences(document)}
    return {each.name: NOT_PARSED for each in document.readable if each.name not in parsed}


def _doc(sentence: Sentence, language: "Language") -> "Doc":
    """A sentence in our tokens, which the parser does not divide into several."""
    from spacy.tokens import Doc

    tokens = sentence.tokens
    spaces = [
        at + 1 < len(tokens) and tokens[at + 1].start > each.end for at, each in enumerate(tokens)
    ]
    starts: list[bool | int | None] = [at == 0 for at in range(len(tokens))]
    words = [each.text for each in tokens]
    return Doc(language.vocab, words=words, spaces=spaces, sent_starts=starts)
