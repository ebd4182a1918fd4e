"""Passages: the sentence they stand in, what they quote, and the link that opens it."""

from collections.abc import Iterable
from dataclasses import dataclass

from tipgraph.lookup.text_fragment import link
from tipgraph.namespaces import last_part
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine


@dataclass(frozen=True)
class Passage:
    """A phrase of a sentence, as the page of its edition has it; or a place on an unpinned page.

    Of the latter the phrase is empty, and the place says what to look for.
    """

    iri: str
    sentence: str
    place: str
    edition: str
    page: str
    exact: str
    prefix: str
    suffix: str

    @property
    def link(self) -> str:
        return link(self.page, self.exact, self.prefix, self.suffix) if self.exact else self.page

    @property
    def quoted(self) -> str:
        """The phrase in quotation marks, where there is one."""
        return f"“{self.exact}”" if self.exact else ""

    @property
    def named(self) -> str:
        """The place, and the phrase where there is one."""
        return f"{self.place} {self.quoted}".rstrip()


def passages(engine: Engine, iris: Iterable[str]) -> dict[str, Passage]:
    """Those of the IRIs that are passages, by their IRI, in the order of the text."""
    rows = engine.select(
        "SELECT ?iri ?sentence ?place ?edition ?page ?exact ?prefix ?suffix {"
        f" VALUES ?iri {{ {terms(iris)} }}"
        " { ?iri tip:sentence ?sentence ; oa:hasSource ?text ;"
        "   oa:hasSelector/oa:refinedBy ?quote ."
        " ?sentence rdfs:label ?place ; oa:start ?start ."
        " ?text tip:edition ?edition ; tip:page ?page ."
        " ?quote oa:exact ?exact ."
        " OPTIONAL { ?quote oa:prefix ?prefix } OPTIONAL { ?quote oa:suffix ?suffix } }"
        " UNION { ?iri a tip:PageReference ; tip:edition ?edition ; oa:hasSource ?page ;"
        "   rdfs:label ?place }"
        "} ORDER BY ?edition ?start ?iri"
    )
    return {str(row["iri"]): Passage(**{k: str(v or "") for k, v in row.items()}) for row in rows}


def places(engine: Engine, iris: Iterable[str]) -> dict[str, str]:
    """The sentence, as people call it, of each IRI that is a passage or a sentence.

    The edition is told too where the places are in several.
    """
    rows = engine.select(
        f"SELECT ?iri ?place ?edition {{ VALUES ?iri {{ {terms(iris)} }}"
        " { ?iri tip:sentence ?at } UNION { ?iri a tip:Sentence BIND(?iri AS ?at) }"
        " ?at rdfs:label ?place ; tip:ofText/tip:edition ?edition }"
    )
    several = len(set(rows.column("edition"))) > 1
    return {
        str(row["iri"]): f"{row['place']} {short(str(row['edition']))}" if several
        else str(row["place"])
        for row in rows
    }  # fmt: skip


def short(edition: str) -> str:
    """An edition's short name: `2021-be`."""
    return last_part(edition).removeprefix("tip-")
