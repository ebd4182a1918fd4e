"""Passages: their sentence, their quote, and the link that opens the page at the quote."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from urllib.parse import quote

from tipgraph.entities import THINGS, by_subject
from tipgraph.namespaces import last_part
from tipgraph.rdf.terms import finite
from tipgraph.store.engine import Engine, Rows

# In the place of a quote where the words on the page are not known.
NO_QUOTE = "no quote known"
# Kinds of places on a page, each with what relates it to its edition or document.
PAGE_KINDS = {"tip:PageReference": "tip:edition", "tip:DocumentPlace": "tip:document"}
_ON_PAGES = [
    f"?iri a {kind} ; {belongs_to} ?edition ; rdfs:label ?place"
    for kind, belongs_to in PAGE_KINDS.items()
]
# The IRIs are in each group, so that engines begin with them and not with every passage.
_WANTED = f"VALUES ?iri {{ {THINGS} }}"
_PAGES = "".join(
    f" UNION {{ {_WANTED} {each} ; oa:hasSource ?page"
    " OPTIONAL { ?iri oa:hasSelector/oa:exact ?exact } }"
    for each in _ON_PAGES
)
# The passages among IRIs, and the places of IRIs, for `by_subject`.
PASSAGES = (
    "SELECT ?iri ?sentence ?place ?edition ?page ?exact ?prefix ?suffix ?offset {"
    f" {{ {_WANTED} ?iri tip:sentence ?sentence ; oa:hasSource ?text ;"
    "   oa:hasSelector/oa:refinedBy ?quote ."
    " ?sentence rdfs:label ?place ; oa:start ?offset ."
    " ?text tip:edition ?edition ; tip:page ?page ."
    " ?quote oa:exact ?exact ."
    " OPTIONAL { ?quote oa:prefix ?prefix } OPTIONAL { ?quote oa:suffix ?suffix } }"
    f"{_PAGES} }}"
)
PLACES = (
    f"SELECT ?iri ?place ?edition {{ {_WANTED}"
    " { ?iri tip:sentence ?at . ?at rdfs:label ?place ; tip:ofText/tip:edition ?edition }"
    " UNION { ?iri a tip:Sentence ; rdfs:label ?place ; tip:ofText/tip:edition ?edition }"
    f"{''.join(f' UNION {{ {each} }}' for each in _ON_PAGES)} }}"
)
# The sort key of passages: edition, offset in its text, and IRI.
Order = tuple[str, float, str]


@dataclass(frozen=True)
class Passage:
    """A phrase of a sentence in a pinned text, or a place on a page whose text is not pinned.

    `edition` is the edition or document. Of a place on a page `exact` has words of the page if they
    are known, which may occur there more than once, and `place` says what to look for.
    """

    iri: str
    sentence: str
    place: str
    edition: str
    page: str
    exact: str
    prefix: str
    suffix: str
    link: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Make the link: the page, at the quote where that is in one place."""
        link = self.page
        if self.sentence and self.exact:
            link = text_fragment(self.page, self.exact, self.prefix, self.suffix)
        object.__setattr__(self, "link", link)

    @property
    def quoted(self) -> str:
        """The phrase in quotation marks, where there is one."""
        return f"“{self.exact}”" if self.exact else ""

    @property
    def named(self) -> str:
        """The place, with the words to look for."""
        return f"{self.place} {self.words}"

    @property
    def words(self) -> str:
        """The phrase in quotation marks, or a remark that none is known."""
        return self.quoted or f"({NO_QUOTE})"


class Passages(dict[str, Passage]):
    """Passages by IRI, in the order of the text."""

    def among(self, iris: Iterable[str]) -> tuple[Passage, ...]:
        """The passages among the IRIs, each once, in the order of the text."""
        ordered = sorted({*iris} & self.keys(), key=self._places.__getitem__)
        return tuple(map(self.__getitem__, ordered))

    def first(self, iris: Iterable[str]) -> int:
        """The place of the first passage among the IRIs in this order; after all without one."""
        return min((self._places[iri] for iri in iris if iri in self), default=len(self))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {iri: number for number, iri in enumerate(self)}


def passages(engine: Engine, iris: Iterable[str]) -> Passages:
    """The passages among the IRIs."""
    found = by_subject(engine, iris, PASSAGES, _passages)
    return Passages((each.iri, each) for _, each in sorted(found.values(), key=itemgetter(0)))


def _passages(rows: Rows) -> dict[str, tuple[Order, Passage]]:
    found = {}
    for row in rows:
        offset = row.pop("offset")
        passage = Passage(**{name: str(value or "") for name, value in row.items()})
        # A place on a page has no offset, and comes first.
        start = -1 if offset is None else finite(offset) or 0
        found[passage.iri] = (passage.edition, start, passage.iri), passage
    return found


def editions_of_places(engine: Engine, iris: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The place of each IRI that is a passage or a sentence, and its edition.

    A place is that in the text, `S02`, or that on the page.
    """
    return by_subject(engine, iris, PLACES, _places)


def named(
    found: Mapping[str, tuple[str, str]], editions: bool = True, several: bool = False
) -> dict[str, str]:
    """The names of places that `editions_of_places` found.

    With `editions`, the edition follows (`S02 (2021-be)`) where the places are in several. If
    `several`, they are a part of those of several editions.
    """
    several = several or (editions and len({edition for _, edition in found.values()}) > 1)
    return {
        iri: f"{place} ({short(edition)})" if several else place
        for iri, (place, edition) in found.items()
    }


def _places(rows: Rows) -> dict[str, tuple[str, str]]:
    return {str(row["iri"]): (str(row["place"]), str(row["edition"])) for row in rows}


def short(edition: str) -> str:
    """An edition's short name: `2021-be`."""
    return last_part(edition).removeprefix("tip-")


def text_fragment(page: str, exact: str, prefix: str = "", suffix: str = "") -> str:
    """The page's address with a text fragment that finds a quote between prefix and suffix.

    As the WICG draft "URL Fragment Text Directives" defines it: commas separate the parts and
    hyphens mark the outer ones, so that everything within a part is percent-encoded, the hyphen
    too, which `quote` would keep.
    """
    parts = [_encoded(exact)]
    if prefix.strip():
        parts.insert(0, _encoded(prefix) + "-")
    if suffix.strip():
        parts.append("-" + _encoded(suffix))
    start = ":~:text=" if "#" in page else "#:~:text="
    return page + start + ",".join(parts)


def _encoded(text: str) -> str:
    return quote(text.strip(), safe="").replace("-", "%2D")


@dataclass(frozen=True)
class Highlighted:
    """A text and the spans of it that are highlighted: start and end, in code points.

    The spans are in order, and neither overlap nor touch.
    """

    text: str
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def parts(self) -> Iterator[tuple[str, bool]]:
        """The text in parts that are not empty, each with whether it is highlighted."""
        end = 0
        for start, stop in self.spans:
            if start > end:
                yield self.text[end:start], False
            yield self.text[start:stop], True
            end = stop
        if self.text[end:]:
            yield self.text[end:], False

    @property
    def phrases(self) -> tuple[str, ...]:
        """The highlighted parts."""
        return tuple(self.text[start:stop] for start, stop in self.spans)


def highlight(sentence: str, phrases: Iterable[Passage]) -> Highlighted:
    """The sentence with those phrases highlighted that are in it; those that overlap merge."""
    found = sorted(span for each in phrases if (span := _span(sentence, each)))
    merged: list[tuple[int, int]] = []
    for start, stop in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return Highlighted(sentence, tuple(merged))


def _span(sentence: str, phrase: Passage) -> tuple[int, int] | None:
    """Return the start and end of the phrase between its prefix and its suffix.

    These may begin in the sentence before and end in the next one.
    """
    if not phrase.exact:
        return None
    whole = sentence.find(phrase.prefix + phrase.exact + phrase.suffix)
    if whole >= 0:
        start = whole + len(phrase.prefix)
        return start, start + len(phrase.exact)
    start = sentence.find(phrase.exact)
    while start >= 0:
        stop = start + len(phrase.exact)
        before, after = sentence[:start], sentence[stop:]
        if (before.endswith(phrase.prefix) or phrase.prefix.endswith(before)) and (
            after.startswith(phrase.suffix) or phrase.suffix.startswith(after)
        ):
            return start, stop
        start = sentence.find(phrase.exact, start + 1)
    return None
