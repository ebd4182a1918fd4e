"""No rule, query or line joins figures of two publishers, whatever they state.

The sources are invented: two editions and two documents on Belgium, with any figures.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, pairwise, product
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

import tipgraph
from tipgraph.charts.layout import lay_out, line_runs
from tipgraph.charts.series import panels
from tipgraph.charts.table import QueryRows
from tipgraph.errors import UsageError
from tipgraph.namespaces import GRAPH, ID, last_part
from tipgraph.rdf import files
from tipgraph.rdf.sparql import terms
from tipgraph.resources.folders import shipped
from tipgraph.store.engine import Embedded
from tipgraph.store.rules import derive, read_rule

from .kit import HEAD, shipped_rules

pytestmark = pytest.mark.slow(reason="derives graphs and draws charts of them")

# Each source with its publisher. Editions are of one publisher.
EDITIONS = {"tip-2020-be": "us-department-of-state", "tip-2021-be": "us-department-of-state"}
DOCUMENTS = {"greta-2022-be": "greta", "myria-2019-be": "myria"}
PUBLISHERS = EDITIONS | DOCUMENTS
# Each indicator with its stage, and the stages that one joins with another.
STAGES = {
    "victims-identified": "identified",
    "victims-assisted": "assisted",
    "victims-identified-and-assisted": "both",
    "victims-referred": "referred",
}
JOINED = ({"both", "identified"}, {"both", "assisted"})
# Properties of an index: where an actor or a period is named.
INDEX = ("namedIn", "firstNamedIn", "firstStatedIn", "hasActor", "laterStatement", "mentions")
NUMBERS = ("figures", "series", "changes", "revisions", "compare-countries", "definitions")


class Figure(NamedTuple):
    """A figure that a source states; a document has its own words for each indicator."""

    source: str
    indicator: str
    period: str
    value: int
    counter: str
    is_part: bool

    @property
    def iri(self) -> str:
        part = "children" if self.is_part else "total"
        return f"{ID}{self.source}/{self.indicator}-{self.period}-{self.counter}-{part}"

    @property
    def turtle(self) -> str:
        common = (
            f"<{self.iri}> sdmx-dimension:refPeriod period:{self.period} ;"
            f' sdmx-measure:obsValue {self.value} ; tip:quote "{self.value} of them"'
            + (f" ; tip:countedBy id:{self.counter}" if self.counter else "")
        )
        if self.source in EDITIONS:
            part = " ; tip:part code:children" if self.is_part else ""
            return f"{common} ; a tip:Observation ; tip:indicator code:{self.indicator}{part} ."
        part = ' ; tip:countedPart "children"@en ; tip:partAxis code:by-age' if self.is_part else ""
        return (
            f'{common} ; a tip:PublishedFigure ; rdfs:label "A figure"@en ;'
            f' tip:topic code:assistance-services ; tip:countedWords "{self.indicator} there"@en ;'
            f" tip:nearestIndicator code:{self.indicator} ; sdmx-attribute:unitMeasure code:persons"
            f" ; tip:readOn <{ID}{self.source}/page-1>{part} ."
        )


FIGURES = st.lists(
    st.builds(
        Figure,
        st.sampled_from(list(PUBLISHERS)),
        st.sampled_from(list(STAGES)),
        st.sampled_from(["2018", "2019", "2020"]),
        st.sampled_from([0, 90, 91]),
        st.sampled_from(["", "myria", "belgium-government"]),
        st.booleans(),
    ),
    min_size=2,
    max_size=12,
    unique_by=lambda each: each.iri,
)

# Each source has a total of each indicator for each year, so that a line could join any two.
EVERY = [
    Figure(source, indicator, period, 90 + len(source) % 2, "", is_part=False)
    for source, indicator, period in product(PUBLISHERS, STAGES, ["2018", "2019", "2020"])
]


def described(source: str) -> str:
    common = f'id:{source} rdfs:label "{source}"@en ; dcterms:spatial country:BEL'
    if source in EDITIONS:
        return (
            f"{common} ; a tip:Edition ; dcat:inSeries id:tip-report ; tip:year {source[4:8]} ;"
            ' tip:section "Protection" ; tip:coverage code:partial ;'
            " dcat:landingPage <https://state.example/> ."
        )
    page = f'<{ID}{source}/page-1> a tip:ReadPage ; rdfs:label "A page"@en'
    return (
        f"{common} ; a tip:Document ; dcterms:publisher id:{PUBLISHERS[source]} . {page} ;"
        ' dcat:landingPage <https://page.example/> ; skos:scopeNote "All of it."@en .'
    )


@cache
def background() -> list[Quad]:
    """The ontology, and what all sources share."""
    graphs = [*shipped().graphs()]
    of_sources = {g for file, g in graphs if file.endswith(("/edition.ttl", "/document.ttl"))}
    shared = ((file, graph) for file, graph in graphs if graph not in of_sources)
    return [quad for file, graph in shared for quad in files.read(file, graph)]


def graph_of(figures: Sequence[Figure]) -> Embedded:
    store = Store()
    store.extend(background())
    for source in PUBLISHERS:
        turtle = HEAD + described(source)
        turtle += "".join(each.turtle for each in figures if each.source == source)
        triples = parse(turtle, format=RdfFormat.TURTLE)
        graph = NamedNode(GRAPH + source)
        store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    derive(store, map(read_rule, shipped().completions()))
    derive(store, shipped_rules())
    return Embedded(store)


def stands_beside(one: Figure, other: Figure) -> bool:
    """Return whether a reader would set two figures of two sources side by side."""
    stages = {STAGES[one.indicator], STAGES[other.indicator]}
    return (
        one.source != other.source
        and bool({one.source, other.source} & DOCUMENTS.keys())
        and one.period == other.period
        and not (one.is_part or other.is_part)
        and (one.value == other.value or len(stages) == 1 or stages in JOINED)
    )


def reasons(one: Figure, other: Figure) -> Iterator[str]:
    """The words that state why two figures may not be compared."""
    is_other_source = {one.source, other.source} - DOCUMENTS.keys()
    if one.indicator != other.indicator or is_other_source:
        yield "worded as"
    if STAGES[one.indicator] != STAGES[other.indicator]:
        yield "another stage is counted"
    if not (one.counter and other.counter):
        yield "who counted"
    elif one.counter != other.counter:
        yield "counted by"


@example(EVERY)
@given(FIGURES)
def test_figures_of_two_publishers_meet_in_comparisons_with_a_reason_alone(figures):
    """No answer on editions, and no line, has a figure of a document."""
    engine = graph_of(figures)
    check_comparisons(engine, figures)
    check_answers(engine, figures)
    check_lines(engine, figures)


def check_comparisons(engine: Embedded, figures: Sequence[Figure]) -> None:
    by_iri = {each.iri: each for each in figures}
    compared = {
        frozenset((by_iri[str(row["figure"])], by_iri[str(row["other"])])): row
        for row in engine.select(
            "SELECT ?comparison ?figure ?other ?text ?differs { ?comparison"
            " tip:publishedFigure ?figure ; tip:besideFigure ?other ; tip:differenceText ?text ;"
            " tip:differs ?differs }"
        )
    }
    assert compared.keys() == {
        frozenset(pair) for pair in combinations(figures, 2) if stands_beside(*pair)
    }
    for (one, other), row in ((tuple(pair), row) for pair, row in compared.items()):
        assert row["differs"] == (one.value != other.value)
        assert str(row["text"])
        assert all(words in str(row["text"]) for words in reasons(one, other)), (one, other)
    comparisons = {str(row["comparison"]) for row in compared.values()}
    joined: dict[str, set[str]] = {}
    for row in engine.select(
        f"SELECT DISTINCT ?node ?by ?figure {{ VALUES ?figure {{ {terms(by_iri)} }}"
        " ?node ?by ?figure }"
    ):
        node, figure = str(row["node"]), by_iri[str(row["figure"])]
        if last_part(str(row["by"])) not in INDEX:
            own = {PUBLISHERS[by_iri[node].source]} if node in by_iri else set()
            joined.setdefault(node, own).add(PUBLISHERS[figure.source])
    assert {node for node, publishers in joined.items() if len(publishers) > 1} <= comparisons


def check_answers(engine: Embedded, figures: Sequence[Figure]) -> None:
    queries = tipgraph.open().queries
    of_documents = {each.iri for each in figures if each.source in DOCUMENTS}
    for name in NUMBERS:
        required = [each for each in queries[name].params if each.required]
        for indicator in STAGES if required else [""]:
            given = {"indicator": indicator} if required else {}
            rows = engine.select(queries[name].bound(engine, {**given, "edition": "all"}))
            assert rows or figures != EVERY, name
            cells = {str(getattr(term, "value", "")) for row in rows.terms for term in row}
            assert cells.isdisjoint(of_documents), name


def check_lines(engine: Embedded, figures: Sequence[Figure]) -> None:
    queries, drawn = tipgraph.open().queries, set()
    for indicator in STAGES:
        try:
            found = panels(QueryRows(engine, queries, "series", {"indicator": indicator}))
        except UsageError:
            continue
        for series in found:
            drawn |= {each for each in series.points if each.is_beside}
            for run in line_runs(lay_out(series, 800)):
                for before, after in pairwise(run):
                    assert not any(each.point.is_beside for each in (before, after))
                    publishers = {each.point.citation.edition.publisher for each in (before, after)}
                    assert publishers == {f"{ID}us-department-of-state"}
    assert all(each.citation.edition.iri.removeprefix(ID) in DOCUMENTS for each in drawn)
    assert drawn or figures != EVERY
