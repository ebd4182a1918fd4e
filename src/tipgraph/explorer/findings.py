"""The findings of the first page: computed from all editions, each with its caveat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tipgraph.explorer.site import Site
from tipgraph.rdf.terms import Value, finite
from tipgraph.text import join

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
# Two publishers' numbers of one stage, for one country and period.
DISAGREEMENTS = (
    "SELECT DISTINCT ?label ?text ?figure ?area ?value ?number { ?comparison tip:differs true ;"
    " rdfs:label ?label ; tip:differenceText ?text ; tip:publishedFigure ?figure ;"
    " tip:besideFigure ?other . ?figure sdmx-measure:obsValue ?value ;"
    " tip:nearestIndicator/tip:countedStage ?stage ; tip:document/dcterms:spatial ?area ."
    " ?other sdmx-measure:obsValue ?number ; tip:indicator/tip:countedStage ?stage }"
    " ORDER BY ?label"
)
NUMBERS = ("value", "number")
MOST_DISAGREEMENTS = 5


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


@dataclass(frozen=True)
class Disagreement:
    """Two numbers of two publishers in a line, what differs, and the figure that has them."""

    text: str
    difference: str
    figure: str


def disagreements(site: Site) -> list[Disagreement]:
    """Different numbers of two publishers: of each country the nearest pair, the widest first.

    Numbers that lie far apart count different things more often.
    """
    found = site.engine.select(DISAGREEMENTS)
    rows = [row for row in found if all(finite(row[each]) is not None for each in NUMBERS)]

    def width(row: Mapping[str, Value]) -> float:
        values = [finite(row[each]) or 0 for each in NUMBERS]
        return (max(values) - min(values)) / max(1, *values)

    nearest = {str(row["area"]): row for row in sorted(rows, key=width, reverse=True)}
    return [
        Disagreement(str(row["label"]), str(row["text"]), str(row["figure"]))
        for row in sorted(nearest.values(), key=width, reverse=True)[:MOST_DISAGREEMENTS]
    ]


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
