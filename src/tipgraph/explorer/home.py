"""The pages from which others are found: first page, about, questions, search, and SPARQL."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from tipgraph.cite import graph_date
from tipgraph.entities.editions import Edition, documents
from tipgraph.errors import UsageError
from tipgraph.explorer import addresses
from tipgraph.explorer.fields import Field, area_choices, on_country, question_on
from tipgraph.explorer.http import GRAPHS, ROWS, Content, PageRequest
from tipgraph.explorer.site import Site, counted, page_number, page_of
from tipgraph.export.graph import graph_names
from tipgraph.namespaces import PREFIXES
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.rdf.terms import Value, finite
from tipgraph.render.document import Cell
from tipgraph.search import facts, gap, not_found, other_years
from tipgraph.search.index import KINDS
from tipgraph.search.result import SearchResult
from tipgraph.store.engine import grouped
from tipgraph.text import join

# The hits on one page, and the most pages; the most words of a search, and characters.
HITS, PAGES = 20, 20
WORDS, LONGEST = 12, 200
# The bodies that count victims as identified, and the wordings in which they do.
COUNTS = (
    "SELECT (COUNT(DISTINCT ?area) AS ?countries) (COUNT(DISTINCT ?indicator) AS ?wordings)"
    " (COUNT(DISTINCT ?counter) AS ?counters) {"
    " ?figure tip:indicator ?indicator ; tip:axis code:total ; sdmx-dimension:refArea ?area ."
    " ?indicator tip:countedStage/skos:related? code:counted-identified"
    " OPTIONAL { ?figure tip:doneBy ?counter FILTER(?counter != id:unidentified-actor) } }"
)
NOT_REPORTED = "?statement a tip:NonReport"
CRITICISM = "?statement tip:tone code:criticism"
# Numbers of an edition and of another publisher of one stage, for one country and period.
DISAGREEMENTS = (
    "SELECT DISTINCT ?comparison ?difference ?figure ?area ?value ?number {"
    " ?comparison tip:differs true ; tip:differenceText ?difference ;"
    " tip:publishedFigure ?figure ; tip:besideFigure ?other . ?figure sdmx-measure:obsValue ?value"
    " ; tip:nearestIndicator/tip:countedStage ?stage ; tip:document/dcterms:spatial ?area ."
    " ?other sdmx-measure:obsValue ?number ; tip:indicator/tip:countedStage ?stage }"
    " ORDER BY ?comparison"
)
MOST_DISAGREEMENTS = 5
# The query that the form of the SPARQL endpoint begins with.
EXAMPLE = "SELECT ?edition ?label {\n  ?edition a tip:Edition ; rdfs:label ?label\n}\nLIMIT 10"
# The prefixes of things that have pages.
LINKED = ("tip", "id", "code", "graph", "country")


@dataclass
class Country:
    """A country with its editions by year; of a year that is not stated, 0."""

    iri: str
    label: str
    editions: Mapping[int, list[Edition]]


def home(site: Site, request: PageRequest) -> Content:
    """Search, findings, the countries by years, and ready questions."""
    ready = (
        each
        for each in site.graph.queries.values()
        if each.question and not any(param.required for param in each.params)
    )
    counts = _counts(site)
    return site.page(
        "home.html",
        "How states protect victims of trafficking",
        subject="/",
        statement=_statement(site, counts),
        findings=list(findings(site)),
        themes=by_theme(ready),
        countries=_countries(site),
        counts=counts,
        years=sorted({each.year for each in site.editions.values()}),
    )


def about(site: Site, request: PageRequest) -> Content:
    """The sources, the method, the licence, the version and the contact."""
    complete = [each.label for each in site.editions.values() if each.is_complete]
    return site.page(
        "about.html",
        "About",
        subject="/-/about",
        statement=_statement(site, _counts(site)),
        sources=_sources(site),
        documents=_documents(site),
        disagreements=disagreements(site),
        complete=complete,
        editions=f"{len(site.editions):,}",
        modified=graph_date(site.engine),
        digest=site.digest,
        contact=site.contact_address(),
    )


def _statement(site: Site, counts: Mapping[str, int]) -> str:
    """Return in a sentence what all pages are about."""
    sources = [f"the {series} ({publisher})" for series, publisher in _sources(site)]
    publishers = _documents(site)
    reports = " and of ".join(filter(None, map(join, (sources, [name for name, _ in publishers]))))
    number = sum(counts.values()) + sum(_counts(site, "tip:document").values())
    kinds = [counted(len(site.editions), "edition")]
    if publishers:
        kinds.append(counted(sum(documents for _, documents in publishers), "document"))
    countries = "1 country" if len(site.areas) == 1 else f"{len(site.areas)} countries"
    return (
        f"{number:,} statements of {reports or 'reports'} on how states protect victims of"
        f" trafficking: {join(kinds)} on {countries}, each statement with its quote, its speaker"
        " and its caveats."
    )


def _sources(site: Site) -> list[tuple[str, str]]:
    """The series of the editions, each with its publisher."""
    found = {each.series: each.publisher_label for each in site.editions.values() if each.series}
    return sorted((label, found[iri]) for iri, label in site.labels(found).items())


def _documents(site: Site) -> list[tuple[str, int]]:
    """The other publishers, each with the number of its documents; most documents first."""
    found = Counter(each.publisher_label for each in documents(site.engine).values())
    return found.most_common()


def _counts(site: Site, belongs_to: str = "tip:edition") -> Mapping[str, int]:
    """The number of statements of each edition, or of each document."""
    rows = site.engine.select(
        "SELECT ?source (COUNT(DISTINCT ?statement) AS ?statements) { ?statement a tip:Statement ;"
        f" {belongs_to} ?source ; tip:speaker ?speaker ; tip:evidence ?place }} GROUP BY ?source"
    )
    return Counter({str(row["source"]): int(str(row["statements"])) for row in rows})


def by_theme(queries: Iterable[StoredQuery]) -> dict[str, list[StoredQuery]]:
    """Stored queries by their themes."""
    return dict(sorted(grouped((each.tags[0], each) for each in queries).items()))


def questions(site: Site, request: PageRequest) -> Content:
    """All stored queries by theme."""
    themes = by_theme(site.graph.queries.values())
    return site.page("questions.html", "Questions", themes=themes, subject="/query/")


def search(site: Site, request: PageRequest) -> Content:
    """The page of a search, with the same filters as the command.

    Words and pages are few, so that no address takes long.
    """
    given = {name: request.parameters.get(name, "").strip() for name in ("q", "kind", "area")}
    number, problem, found = min(page_number(request.parameters), PAGES), "", None
    if len(given["q"]) > LONGEST or len(given["q"].split()) > WORDS:
        problem = f"Search for at most {WORDS} words, of {LONGEST} characters in all."
    elif given["q"]:
        try:
            found = site.graph.search(
                given["q"],
                area=given["area"] or None,
                kind=given["kind"] or None,
                limit=HITS * number,
            )
        except UsageError as error:
            problem = str(error)
    listed = min(found.total, HITS * PAGES) if found else 0
    number, pages = page_of(listed, number, HITS)
    before = HITS * (number - 1)
    shown = found and replace(found, hits=found.hits[before : HITS * number])
    kinds = {"": "any", **{each: each for each in KINDS}}
    fields = [
        Field("kind", "Kind", given["kind"], choices=kinds),
        Field("area", "Country", given["area"], choices={"": "any", **area_choices(site)}),
    ]
    filled = urlencode([(name, value) for name, value in given.items() if value])
    return site.page(
        "search.html",
        "Search",
        400 if problem else 200,
        subject=f"/-/search?{filled}" if filled else "/-/search",
        asked=given["q"],
        fields=fields,
        problem=problem,
        other_years=list(other_years(found)) if found else [],
        remarks=list(not_found(found)) if found else [],
        gap=gap,
        found=shown,
        full=max(found.total - found.partial - before, 0) if found else 0,
        asked_on=[*_asked_on(site, found)] if found else [],
        facts=facts,
        number=number,
        pages=pages,
        more=f"/-/search?{filled}&page=",
    )


def _asked_on(site: Site, found: SearchResult) -> Iterator[tuple[str, str]]:
    """Yield the answers to questions that a search names beside countries.

    Each has its address, and its question with what is not here.
    """
    for each in found.queries:
        query = site.graph.queries[each.name]
        for code in each.areas:
            address = f"/query/{query.name}?{urlencode(on_country(site, query, code))}"
            yield address, question_on(site, query, code) + each.remark


def _countries(site: Site) -> list[Country]:
    labels = site.labels(site.areas)
    none = "No country"
    found: dict[str, defaultdict[int, list[Edition]]] = {}
    for each in site.editions.values():
        found.setdefault(each.area, defaultdict(list))[each.year].append(each)
    countries = [Country(area, labels.get(area, none), those) for area, those in found.items()]
    return sorted(countries, key=lambda each: each.label)


@dataclass(frozen=True)
class Finding:
    """A sentence on all editions, what to know before using it, and where its statements are."""

    text: str
    caveat: str
    address: str
    link: str


def findings(site: Site) -> Iterator[Finding]:
    """The findings that the graph has statements for."""
    counts = site.engine.select(COUNTS)[0]
    among = len(site.areas)
    if counts["countries"]:
        yield Finding(
            f"{counts['countries']} of {among} countries have a count of identified victims: in"
            f" {counts['wordings']} wordings, by {counts['counters']} bodies.",
            "Figures of two wordings or two bodies may not be compared. A count shows how many"
            " victims a state found, and not how many there are.",
            "/-/countries",
            "Compare countries",
        )
    statements, countries, topics = _counted(site, NOT_REPORTED)
    if statements:
        yield Finding(
            f"{statements:,} times an edition states that something was not reported, in"
            f" {countries} of {among} countries; most often on {topics}.",
            f"Not reported is not zero, and does not mean that it did not happen. {_read(site)}",
            "/query/not-reported?edition=all",
            "What was not reported",
        )
    statements, countries, topics = _counted(site, CRITICISM)
    if statements:
        yield Finding(
            f"{statements:,} statements criticise the protection of victims, in {countries} of"
            f" {among} countries; most often on {topics}.",
            f"Criticism is that of its speaker, and its number measures no state. {_read(site)}",
            "/query/criticism?edition=all",
            "Who criticises what",
        )


def disagreements(site: Site) -> list[tuple[Cell, str]]:
    """Different numbers of an edition and of another publisher: of each country the nearest pair.

    Numbers that lie far apart count different things more often.
    """

    def width(row: Mapping[str, Value]) -> float:
        values = [finite(row[each]) or 0 for each in ("value", "number")]
        return (max(values) - min(values)) / max(1, *values)

    found = site.engine.select(DISAGREEMENTS)
    nearest = {row["area"]: row for row in sorted(found, key=width, reverse=True)}
    widest = sorted(nearest.values(), key=width, reverse=True)[:MOST_DISAGREEMENTS]
    labels = site.labels(str(row["comparison"]) for row in widest)
    texts = zip(labels.values(), widest, strict=True)
    return [(Cell(text, iri=str(row["figure"])), str(row["difference"])) for text, row in texts]


def _counted(site: Site, pattern: str) -> tuple[int, int, str]:
    """The statements of a pattern, their countries, and the topic that most of them have."""
    all_of_them = site.engine.select(
        "SELECT (COUNT(DISTINCT ?statement) AS ?statements) (COUNT(DISTINCT ?area) AS ?countries)"
        f" {{ {pattern} ; tip:edition/dcterms:spatial ?area }}"
    )[0]
    topics = site.engine.select(
        f"SELECT ?topic (COUNT(DISTINCT ?statement) AS ?statements) {{ {pattern} ;"
        " tip:topic/skos:prefLabel ?topic } GROUP BY ?topic"
        " ORDER BY DESC(?statements) ?topic LIMIT 1"
    )
    statements, countries = (int(str(all_of_them[name])) for name in ("statements", "countries"))
    return statements, countries, join(map(str, topics.column("topic")))


def _read(site: Site) -> str:
    """Return how many editions were read in part, which may state more."""
    part = sum(not each.is_complete for each in site.editions.values())
    return f"{part} of {len(site.editions)} editions were read in part, and may state more."


def sparql_form(site: Site, request: PageRequest) -> Content:
    """The form, with a query to begin with, and the named graphs."""
    return site.page(
        "sparql.html",
        "SPARQL" if site.is_static else "SPARQL endpoint",
        subject="/sparql",
        example=EXAMPLE,
        prefixes=PREFIXES,
        own_pages={PREFIXES[each]: addresses.address(PREFIXES[each] + "x")[:-1] for each in LINKED},
        media_types_of_answers=[*ROWS, *GRAPHS],
        graphs=graph_names(site.engine.store),
    )
