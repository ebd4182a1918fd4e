"""Where the figures of a table stand in the source: phrases of its text, or places on its page."""

from collections.abc import Iterator, Mapping, Sequence

from tipgraph.editions.figures import Figure, iri
from tipgraph.editions.turtle import Group, Said, Writer, english, plain
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine


def matter(figure: Figure) -> tuple[str, str]:
    """What is looked for on the page: an indicator and a period."""
    return figure.indicator, figure.period


def citation(figure: Figure) -> str:
    """The IRI of the passage or the page reference that a figure rests on."""
    if figure.sentence:
        return f"{iri(figure)}-passage"
    return f"{figure.edition}/page-{'-'.join(map(last_part, matter(figure)))}"


class Citations:
    """Writes the citations of an edition's figures, each once."""

    def __init__(
        self,
        engine: Engine,
        writer: Writer,
        figures: Sequence[Figure],
        about: Mapping[str, str],
        labels: Mapping[str, str],
    ) -> None:
        """`about` has the edition's page and section, `labels` what its things are called."""
        self._engine = engine
        self._writer = writer
        self._about = about
        self._labels = labels
        self._by_iri: dict[str, Figure] = {}
        for figure in figures:
            self._by_iri.setdefault(citation(figure), figure)

    def groups(self) -> Iterator[Group]:
        """The places on the page, and the phrases of the text, where there are any."""
        pages = [(name, each) for name, each in self._by_iri.items() if not each.sentence]
        phrases = [(name, each) for name, each in self._by_iri.items() if each.sentence]
        if pages:
            yield Group("Where the page has them", [self._reference(*each) for each in pages])
        if phrases:
            yield Group("Where the text has them", list(self._passages(phrases)))

    def _reference(self, name: str, figure: Figure) -> str:
        indicator, period = (self._labels[each] for each in matter(figure))
        said: list[Said] = [
            ("rdfs:label", [english(f"{self._about['section']}: {indicator}, {period}")]),
            ("oa:hasSource", [f"<{self._about['page']}>"]),
            ("tip:section", [plain(self._about["section"])]),
            ("tip:edition", [self._writer.name(figure.edition)]),
        ]
        return self._writer.node(name, "tip:PageReference", said)

    def _passages(self, phrases: Sequence[tuple[str, Figure]]) -> Iterator[str]:
        """Of each figure the passage, the place of its sentence, and the phrase."""
        rows = self._engine.select(
            "SELECT ?sentence ?text ?start ?end { ?sentence a tip:Sentence ; tip:ofText ?text ;"
            " oa:start ?start ; oa:end ?end }"
        )
        sentences = {str(row["sentence"]): row for row in rows}
        called = self._writer.name
        for name, figure in phrases:
            at, quote, row = f"{name}-at", f"{name}-quote", sentences[figure.sentence]
            passage: list[Said] = [
                ("tip:sentence", [called(figure.sentence)]),
                ("oa:hasSource", [called(str(row["text"]))]),
                ("oa:hasSelector", [called(at)]),
            ]
            place: list[Said] = [
                ("oa:start", [str(row["start"])]),
                ("oa:end", [str(row["end"])]),
                ("oa:refinedBy", [called(quote)]),
            ]
            yield self._writer.node(name, "tip:Passage", passage)
            yield self._writer.node(at, "oa:TextPositionSelector", place)
            yield self._writer.node(
                quote, "oa:TextQuoteSelector", [("oa:exact", [plain(figure.quote)])]
            )
