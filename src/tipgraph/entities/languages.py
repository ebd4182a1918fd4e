"""Names in Dutch, French and German, which stand beside the graph, in ontology/labels/.

Stored queries and rules read English labels alone. Where names of things are shown, those in the
chosen language replace them; a thing that has none keeps its English one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from tipgraph.namespaces import OURS, PREFIXES
from tipgraph.resources.folders import shipped

ENGLISH = "en"
# The languages by their codes in ISO 639-1.
LANGUAGES = {ENGLISH: "English", "nl": "Dutch", "fr": "French", "de": "German"}
LABEL = PREFIXES["skos"] + "prefLabel"
SOURCE = PREFIXES["dcterms"] + "source"

_language = ENGLISH


@dataclass(frozen=True)
class Name:
    """The name of a thing in a language; `source` has it as the official one, else it is ours."""

    text: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({f'official: {self.source}' if self.source else 'our translation'})"


@contextmanager
def chosen(language: str) -> Iterator[None]:
    """Let labels be in this language, one of LANGUAGES, in the whole process, for a while."""
    global _language
    before, _language = _language, language
    try:
        yield
    finally:
        _language = before


def labels(iris: Iterable[str]) -> dict[str, str]:
    """The label of each IRI that has one in the chosen language; none where that is English."""
    if _language == ENGLISH:
        return {}
    known = _names(shipped().languages())
    return {iri: known[iri][_language].text for iri in iris if _language in known.get(iri, ())}


def names(iri: str) -> Mapping[str, Name]:
    """The names of a thing by their language, without English."""
    return _names(shipped().languages()).get(iri, {})


def named(label: str) -> set[str]:
    """The IRIs of all things with this name in one of the languages, in any case."""
    wanted = label.casefold()
    known = _names(shipped().languages()).items()
    return {iri for iri, names in known if any(n.text.casefold() == wanted for n in names.values())}


@cache
def _names(files: tuple[str, ...]) -> Mapping[str, Mapping[str, Name]]:
    """The names by IRI and language. A source is that of the names in its file."""
    import pyoxigraph

    found: defaultdict[str, dict[str, Name]] = defaultdict(dict)
    for file in files:
        quads = [*pyoxigraph.parse(path=file, format=pyoxigraph.RdfFormat.TURTLE, base_iri=OURS)]
        sources = {q.subject.value: q.object.value for q in quads if q.predicate.value == SOURCE}
        for each in quads:
            if each.predicate.value == LABEL:
                source = sources.get(each.subject.value, sources.get(OURS, ""))
                found[each.subject.value][each.object.language] = Name(each.object.value, source)
    return found
