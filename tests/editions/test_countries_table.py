"""Every row of the table of facts on further countries is in the graph, and nothing beside them."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

import tipgraph
from tipgraph.namespaces import last_part
from tipgraph.rdf.terms import Value

TABLE = Path(__file__).parents[3] / "shared" / "facts" / "countries.tsv"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
UNSTATED = {
    "current": "year not stated",
    "prior": "earlier period, year not stated",
    "before prior": "period before the earlier, year not stated",
}
# The note on a year that the page implies and does not state.
INFERRED = re.compile(
    r"period assumed|(period|year|2017) (as the text )?impli|year from later sentences"
    r"|period from (context|the sentence before)|end of span assumed|2017 assumed"
)
# Notes of the coders for each other: the graph has them in other words, or a property for them.
REMARK = re.compile(
    r"\b(text|worded|prints?|printed|page|hedge|repeated?|period|year|sum|zero|preview"
    r"|occurrence|excerpt|source)\b"
)
AXES = {"exploitation": "form", "sex and age": "sex-and-age", "other": "other-feature"}
# Words for a part in labels of non-reports, where the table has no more than a country's name, and
# the parts that their wording has anyway.
NATIONALS = {
    "France": "French nationals",
    "Ireland": "Irish nationals",
    "Malta": "Maltese nationals",
    "Spanish national": "Spanish nationals",
}
WORDED = {
    ("how many of the assisted male victims were government referrals", "male"),
    ("French national victims identified", "France"),
    ("labor trafficking victims identified", "labor trafficking"),
}
# A caution that the table does not have, since it speaks of the amounts together.
OTHER_RATE = "converted at another rate than the other amounts of the edition"

# A part of the total in words, with a counter of its own: one of the 44 victims, Irish.
ALSO_OF_TOTAL = {("IRL", "2022", "ireland-sex-trafficking")}
# Totals that the graph has beside their parts: the report states that the parts are all victims.
ALL_OF_TOTAL = {
    ("MLT", "2023", "victims-identified", "2022"),
    ("SVN", "2021", "victims-identified", "2020"),
    ("SVN", "2023", "confirmed-victims-identified", "2022"),
}

UNSTATED_NAMES = {
    "year-not-stated": UNSTATED["current"],
    "earlier-year-not-stated": UNSTATED["prior"],
    "year-before-the-earlier-not-stated": UNSTATED["before prior"],
}
REPORT = "us-department-of-state"

# Remarks of the coders in the gist of a claim, and the notes that the graph has for them.
CUT = "cut off in what was read."
REMARKS = {
    r"; NGO statement follows but is cut off": f"A statement by NGOs follows and is {CUT}",
    r"; (sentence|conclusion|reason) cut off(?: in excerpt)?": rf"The \1 is {CUT}",
    r"; excerpt ends in the sentence|(; [^;]* \.\.\.)? \(sentence cut\)": f"The sentence is {CUT}",
    r" \(\w+ twice\)|; no number of zero printed|^unattributed: ": "",
    r"; period assumed|period assumed; ": "The edition does not state the period.",
}

SOURCE = """
  ?report tip:coverage code:partial ; tip:year ?edition ; dcterms:spatial ?country ;
    dcat:landingPage ?page .
  ?fact tip:edition ?report ; tip:speaker ?speaker ; tip:evidence ?evidence .
  ?evidence oa:hasSource ?page .
  # Sums of girls and boys are ours, and in no table.
  FILTER NOT EXISTS { ?fact a tip:ComputedPart }
"""
ANCHOR = "OPTIONAL { ?evidence oa:hasSelector/oa:exact ?anchor }"
FIGURE = f"{SOURCE} ?fact tip:indicator ?indicator ; sdmx-dimension:refPeriod ?period ."
NUMBER = f"""
  {ANCHOR} OPTIONAL {{ ?fact tip:periodInferred ?inferred }}
  OPTIONAL {{ ?number tip:numberQualifier ?qualifier }}
  OPTIONAL {{ ?number tip:caution ?caution }} OPTIONAL {{ ?number skos:scopeNote ?note }}
"""
QUERIES = {
    "figure": f"""SELECT * {{ {FIGURE}
        ?fact tip:part ?part ; sdmx-measure:obsValue ?value ; tip:countedBy ?counter ;
          sdmx-attribute:unitMeasure ?unit
        BIND (?fact AS ?number) {NUMBER} }}""",
    "amount": f"""SELECT * {{ {FIGURE}
        ?fact tip:amount ?number ; tip:funder ?counter .
        ?number tip:amountValue ?value ; tip:currency ?unit ; tip:converted ?converted
        {NUMBER} }}""",
    "non-report": f"""SELECT * {{ {SOURCE} ?fact a tip:Gap ; rdfs:label ?label
        OPTIONAL {{ ?fact tip:nonReporter ?counter }} OPTIONAL {{ ?fact tip:period ?period }}
        OPTIONAL {{ ?fact skos:scopeNote ?note }} {ANCHOR} }}""",
    "claim": f"""SELECT * {{ {SOURCE} ?fact a tip:Remark ; rdfs:label ?label
        OPTIONAL {{ ?fact tip:period ?period }} OPTIONAL {{ ?fact skos:scopeNote ?note }}
        {ANCHOR} }}""",
}
STATEMENTS = """SELECT DISTINCT ?page ?kind {
    ?report dcat:landingPage ?page . ?statement tip:edition ?report ; tip:reporter ?any ; a ?kind .
    ?kind a tip:Kind }"""
RECIPIENTS = """SELECT ?page ?value ?name {
    ?report dcat:landingPage ?page . ?fact tip:edition ?report ; tip:recipient/tip:localName ?name ;
    tip:amount/tip:amountValue ?value }"""
# A thing's names, and where each is one thing's: in a code list, on an axis, in a country.
NAMES = """SELECT ?thing ?name ?alternative ?list ?axis ?area {
    { SELECT DISTINCT ?thing { VALUES ?kind { tip:Actor tip:Period skos:Concept } ?thing a ?kind } }
    ?thing skos:prefLabel|rdfs:label|tip:localName|skos:altLabel ?name
    BIND (EXISTS { ?thing skos:altLabel ?name } AS ?alternative)
    OPTIONAL { ?thing skos:inScheme ?list } OPTIONAL { ?thing tip:axis ?axis }
    OPTIONAL { ?thing dcterms:spatial ?area } }"""


class Fact(NamedTuple):
    """The facts that a row and a statement share; of an IRI it has the last part."""

    kind: str
    country: str
    edition: str
    page: str
    what: str
    period: str
    value: str
    unit: str
    counter: str
    part: str
    qualifier: str
    speaker: str
    anchor: str
    caution: str
    note: str
    inferred: bool


class Names:
    """The things of the graph by their names."""

    def __init__(self, graph: tipgraph.LocalGraph) -> None:
        self._things: dict[tuple[str, str], dict[bool, str]] = defaultdict(dict)
        for row in graph.engine.select(NAMES):
            place = last_part(text(row["axis"] or row["list"] or row["area"]))
            named = self._things[text(row["name"]), place]
            named[bool(row["alternative"])] = last_part(text(row["thing"]))

    def find(self, name: str, place: str) -> str:
        """The thing with this name in a code list, of an axis, of a country, or of none."""
        found = self._things.get((name, place)) or self._things.get((name, ""), {})
        return found.get(False) or found.get(True) or f"no {name!r}"


def text(value: Value) -> str:
    return "" if value is None else str(value)


def number(value: Value) -> str:
    return f"{Decimal(text(value)).normalize():f}"


def table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))


def in_words(period: str) -> str:
    """`2016-01/2016-06` as the label of a period: `January to June 2016`."""
    start, _, end = period.partition("/")
    first, last = (each.split("-") for each in (start, end or start))
    months = [f"{MONTHS[int(month) - 1]} " for each in (first, last) for month in each[1:]]
    if not end:
        return "".join([*months[:1], first[0]])
    if not months:
        return f"{first[0]}\N{EN DASH}{last[0]}"
    year = "" if first[0] == last[0] else f"{first[0]} "
    return f"{months[0]}{year}to {months[1]}{last[0]}"


def axis(row: dict[str, str]) -> str:
    """The code of an axis: `exploitation / age` is that by age within form of exploitation."""
    if row["axis"] in ("", "total"):
        return ""
    *outer, inner = [AXES.get(each, each.replace(" ", "-")) for each in row["axis"].split(" / ")]
    names = [inner, *reversed(outer)]
    if names[-1] == "form":
        names[-1] = "form-of-exploitation"
    return "by-" + "-within-".join(names)


def of_row(row: dict[str, str], names: Names, anchors: dict[object, str]) -> Fact:
    """The fact of a row; an amount and its conversion have the first's anchor."""
    kind, country, note, caution = row["kind"], row["country"], row["note"], row["also"]
    is_figure = kind in ("figure", "amount")
    period = "" if row["period"] == "not stated" else names.find(in_words(row["period"]), "")
    if is_figure and not period:
        period = UNSTATED[row["comparison"]]
    what, part, unit, anchor = row["indicator"], "", row["unit"], row["anchor"]
    has_counter = bool(row["counted_by"])
    # The government is who acted; the money is Switzerland's, as the indicator says.
    funder = "not stated" if what.startswith("Swiss grant") else row["counted_by"]
    if is_figure:
        what = names.find(what, "indicators")
    if kind == "figure":
        part, unit = names.find(row["part"], axis(row) or "parts"), names.find(unit, "units")
    elif kind == "amount":
        place = (row["url"], what, row["period"], row["comparison"], row["counted_by"], row["part"])
        anchor = anchors.setdefault(place, anchor)
    elif kind == "non-report":
        note, caution = "; ".join(filter(None, (note, caution))), ""
        what = about(what, row["part"])
        has_counter = row["counted_by"] != "not stated"
    else:
        gist, note = without_remark(note.rstrip("."))
        what = f"{what}: {gist}".casefold()
    return Fact(
        *(kind, country, row["edition"], row["url"], what, period, row["value"], unit),
        counter=names.find(funder, country) if has_counter else "",
        part=part,
        qualifier=names.find(row["hedge"], "number-qualifiers") if row["hedge"] else "",
        speaker=REPORT if row["speaker"] == "report" else names.find(row["speaker"], country),
        anchor=anchor,
        caution=caution,
        note=note,
        inferred=is_figure and period not in UNSTATED.values() and bool(INFERRED.search(note)),
    )


def with_inference(facts: list[Fact]) -> Iterator[Fact]:
    """Yield the facts; the coders noted an assumed year once, at the total, for its parts too."""

    def whole(fact: Fact) -> tuple[str, ...]:
        return (fact.page, fact.what, fact.period, fact.counter)

    assumed = {whole(fact) for fact in facts if fact.inferred and fact.part == "total"}
    for fact in facts:
        of_total = whole(fact) in assumed or (*fact[1:3], fact.part) in ALSO_OF_TOTAL
        yield fact._replace(inferred=fact.inferred or (fact.kind == "figure" and of_total))


def without_remark(gist: str) -> tuple[str, str]:
    """Divide what a claim says from what its coder says of it, which the graph has as a note."""
    for remark, note in REMARKS.items():
        if match := re.search(remark, gist):
            return gist.replace(match[0], ""), match.expand(note)
    return gist, ""


def about(what: str, part: str) -> str:
    """Return the subject of a non-report, in the words of its label."""
    if part in ("", "total") or (what, part) in WORDED:
        return what
    return f"{what} ({NATIONALS.get(part, part)})"


def of_graph(graph: tipgraph.LocalGraph) -> Iterator[Fact]:
    """The facts of all editions that were read in part."""
    for kind, query in QUERIES.items():
        for row in graph.engine.select(query):
            yield of_statement(kind, defaultdict(lambda: None, row))


def of_statement(kind: str, row: dict[str, Value]) -> Fact:
    is_figure = kind in ("figure", "amount")
    named = {
        name: last_part(text(row[name]))
        for name in ("country", "indicator", "period", "counter", "part", "qualifier", "speaker")
    }
    what, period, unit = named["indicator"], named["period"], last_part(text(row["unit"]))
    if is_figure:
        period = UNSTATED_NAMES.get(period, period)
    elif kind == "non-report":
        what = re.sub(
            r"^.*? did not report: |^Not available, .*?: |, [^,]*$", "", text(row["label"])
        )
    else:
        what = text(row["label"]).rstrip(".").casefold()
    caution = text(row["caution"])
    return Fact(
        *(kind, named["country"], text(row["edition"]), text(row["page"]), what, period),
        value=number(row["value"]) if is_figure else "",
        unit=f"{unit} (converted)" if row["converted"] else unit,
        counter=named["counter"],
        part=named["part"],
        qualifier=named["qualifier"],
        speaker=named["speaker"],
        anchor=text(row["anchor"]),
        caution="" if caution == OTHER_RATE else caution,
        note=text(row["note"]),
        inferred=bool(row["inferred"]),
    )


@pytest.fixture
def rows() -> list[dict[str, str]]:
    if not TABLE.exists():
        pytest.skip(f"{TABLE} is not here")
    return table()


def test_every_row_is_in_the_graph_and_nothing_else(rows, everything: tipgraph.LocalGraph):
    names, anchors = Names(everything), dict[object, str]()
    expected = Counter(with_inference([of_row(row, names, anchors) for row in rows]))
    pages = {fact.page for fact in expected}
    found = Counter(
        fact
        for fact in of_graph(everything)
        if fact.page in pages
        and (fact.part != "total" or (*fact[1:3], fact.what, fact.period) not in ALL_OF_TOTAL)
    )

    rows_of, statements_of = (
        Counter(map(without_notes, each.elements())) for each in (expected, found)
    )
    assert list((rows_of - statements_of).elements()) == [], "rows that the graph does not have"
    assert list((statements_of - rows_of).elements()) == [], "statements that no row has"
    # Other notes stand as they are.
    other = [each for each in (expected - found).elements() if not REMARK.search(notes(each))]
    assert other == [], "notes that the graph does not have"
    remarked = Counter(without_notes(each) for each in expected if REMARK.search(notes(each)))
    own = Counter(map(without_notes, (found - expected).elements())) - remarked
    assert list(own.elements()) == [], "notes that the table does not have"


def notes(fact: Fact) -> str:
    """Return what the coder of a fact noted."""
    return f"{fact.note}; {fact.caution}"


def without_notes(fact: Fact) -> Fact:
    """Return the fact alone."""
    return fact._replace(note="", caution="")


def test_editions_of_the_table_have_no_other_statements(rows, everything: tipgraph.LocalGraph):
    found = everything.engine.select(STATEMENTS)
    kinds: dict[str, set[str]] = defaultdict(set)
    for page, kind in (map(text, row.values()) for row in found):
        kinds[page].add(last_part(kind))
    of_table = set().union(*(kinds[row["url"]] for row in rows))

    assert of_table == {
        "Observation",
        "Allocation",
        "Award",
        "NonReport",
        "AbsenceOfReports",
        "Remark",
        # Of ours: sums of girls and boys.
        "ComputedPart",
    }


def test_part_of_an_amount_is_its_recipient(rows, everything: tipgraph.LocalGraph):
    found = {
        (text(row["page"]), number(row["value"]), text(row["name"]))
        for row in everything.engine.select(RECIPIENTS)
    }
    parts = {
        (row["url"], row["value"], row["part"])
        for row in rows
        if row["kind"] == "amount" and row["part"] != "total"
    }
    assert len(parts) == 4
    assert parts <= found
