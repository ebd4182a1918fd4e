"""Names in Dutch, French and German, which stand beside the graph, in ontology/labels/.

Stored queries and rules read English labels alone. Where names of things are shown, those in the
chosen language replace them; a thing that has none keeps its English one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from tipgraph.namespaces import PREFIXES
from tipgraph.resources.folders import shipped
from tipgraph.text import fold

ENGLISH = "en"
# The languages by their codes in ISO 639-1.
LANGUAGES = {ENGLISH: "English", "nl": "Dutch", "fr": "French", "de": "German"}
TRANSLATION = PREFIXES["skos"] + "prefLabel"
ORIGIN = PREFIXES["dcterms"] + "source"
_language = ENGLISH


@dataclass(frozen=True)
class Translation:
    """The name of a thing in a language: that of a source, such as the body itself, or ours."""

    text: str
    source: str

    @property
    def origin(self) -> str:
        return f"name by {self.source}" if self.source else "our translation"


@contextmanager
def chosen(language: str) -> Iterator[None]:
    """Let names be in this language, one of LANGUAGES, in the whole process, for a while."""
    global _language
    before, _language = _language, language
    try:
        yield
    finally:
        _language = before


def translations(iris: Iterable[str]) -> dict[str, Translation]:
    """The name of each IRI that has one in the chosen language; none where that is English."""
    if _language == ENGLISH:
        return {}
    known = _translations(shipped().languages()).get(_language, {})
    return {iri: known[iri] for iri in iris if iri in known}


def translated(iris: Iterable[str]) -> dict[str, str]:
    """The text of each name, as `translations` returns it."""
    return {iri: name.text for iri, name in translations(iris).items()}


def in_any_language(label: str) -> set[str]:
    """The IRIs of all things with this name in one of the languages, whatever case and accents."""
    wanted = fold(label)
    known = _translations(shipped().languages()).values()
    return {iri for each in known for iri, name in each.items() if fold(name.text) == wanted}


@cache
def _translations(files: tuple[str, ...]) -> Mapping[str, Mapping[str, Translation]]:
    """The names by language and IRI. The source of a thing is that of its names in the file."""
    import pyoxigraph

    found: defaultdict[str, dict[str, Translation]] = defaultdict(dict)
    for file in files:
        quads = [*pyoxigraph.parse(path=file, format=pyoxigraph.RdfFormat.TURTLE)]
        sources = {q.subject.value: q.object.value for q in quads if q.predicate.value == ORIGIN}
        for each in quads:
            if each.predicate.value == TRANSLATION:
                iri, label = each.subject.value, each.object
                found[label.language][iri] = Translation(label.value, sources.get(iri, ""))
    return found
