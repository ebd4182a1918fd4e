"""`tipgraph import-figures`: a table becomes valid observations, and is exported unchanged."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import CHECKOUT, Run
from tests.facts import FACTS, corrected
from tipgraph.editions.quotes import contradictions, misquoted, other_group
from tipgraph.editions.table import TableRow, read_table

DATA = CHECKOUT / "data"
HEAD = "country,edition,page,indicator,reference_period,part,value,unit,counted_by,note"
PAGE = "https://example.org/2023/belgium"
EDITION = f"""
@prefix tip:     <https://w3id.org/tipgraph/ns#> .
@prefix code:    <https://w3id.org/tipgraph/code/> .
@prefix id:      <https://w3id.org/tipgraph/id/> .
@prefix country: <http://publications.europa.eu/resource/authority/country/> .
@prefix dcat:    <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .

id:tip-2023-be
    a                  tip:Edition ;
    rdfs:label         "TIP Report 2023, Belgium"@en ;
    dcterms:identifier "tip-2023-be" ;
    dcat:inSeries      id:tip-report ;
    dcterms:publisher  id:us-department-of-state ;
    dcterms:spatial    country:BEL ;
    tip:year           2023 ;
    tip:section        "Protection" ;
    tip:coverage       code:partial ;
    dcat:landingPage   <{PAGE}> .
"""
VICTIMS = "victims identified and assisted"
ALLOCATION = "allocation to each of the three specialised shelters"

Cells = tuple[str, ...]


def row(
    part: str = "total",
    value: str = "100",
    note: str = "",
    *,
    indicator: str = VICTIMS,
    period: str = "2022",
    unit: str = "persons",
    by: str = "government",
) -> Cells:
    return ("BEL", "2023", PAGE, indicator, period, part, value, unit, by, note)


def written(*rows: Cells, head: str = HEAD) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([head.split(","), *rows])
    return text.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an edition that the graph does not have."""
    made = tmp_path / "tip-2023-be"
    made.mkdir()
    (made / "edition.ttl").write_text(EDITION, encoding="utf-8")
    return made


@pytest.fixture
def imported(run: Run, folder: Path, tmp_path: Path) -> Callable[[str], str]:
    """Imports a table into the folder, and returns standard error."""

    def imported(text: str) -> str:
        table = tmp_path / "figures.csv"
        table.write_text(text, encoding="utf-8", newline="")
        outcome = run("import-figures", table, "--into", folder)
        assert (outcome.code, outcome.out) == ((0 if "written" in outcome.err else 3), "")
        assert (folder / "figures.ttl").exists() == (outcome.code == 0)
        return outcome.err

    return imported


def derived(run: Run, folder: Path, subject: str, path: str) -> str:
    """The value of a path at a node of the edition, or its label, as the rules complete it."""
    iri = f"<https://w3id.org/tipgraph/id/tip-2023-be/{subject}>"
    query = f"SELECT ?value {{ {iri} {path} ?value }}"
    outcome = run("query", "-e", query, "--data", folder, "--format", "csv", "--iris")
    _, *lines = outcome.out.splitlines()
    return lines[0].rpartition("/")[2] if lines else ""


def exported(run: Run, folder: Path) -> list[Cells]:
    """The rows of the edition's exported table."""
    chosen = ("--data", folder, "--edition", "tip-2023-be", "--table")
    outcome = run("export", "figures", *chosen)
    assert outcome.code == 0, outcome.err
    head, *rows = csv.reader(io.StringIO(outcome.out, newline=""))
    assert ",".join(head) == HEAD
    return [tuple(cells) for cells in rows]


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_import_of_further_editions_reproduces_shipped_figures(five_countries, run, tmp_path):
    if not FACTS.exists():
        pytest.skip(f"{FACTS} is not here")
    facts = list(corrected())
    pages = {f"<{fact['page']}>" for fact in facts}
    for described in DATA.glob("*/edition.ttl"):
        text = described.read_text("utf-8")
        if any(page in text for page in pages):
            (tmp_path / described.parent.name).mkdir()
            (tmp_path / described.parent.name / "edition.ttl").write_text(text, encoding="utf-8")

    table = tmp_path / "facts.csv"
    with table.open("w", encoding="utf-8", newline="") as opened:
        file = csv.DictWriter(opened, facts[0])
        file.writeheader()
        file.writerows(facts)

    assert run("import-figures", table, "--into", tmp_path).code == 0
    made = {file.parent.name: file.read_text("utf-8") for file in tmp_path.glob("*/figures.ttl")}
    assert made == {name: (DATA / name / "figures.ttl").read_text("utf-8") for name in made}
    assert len(made) == 10


def test_table_of_one_edition_is_printed(five_countries: None, run: Run, tmp_path: Path) -> None:
    kept = [line for line in exports(run) if ",2022," in line and line.startswith("HUN")]
    table = tmp_path / "hungary.csv"
    table.write_text("\n".join([exports(run)[0], *kept]), encoding="utf-8")
    outcome = run("import-figures", table)

    shipped_text = (DATA / "tip-2022-hu" / "figures.ttl").read_text("utf-8")
    assert sorted(outcome.out.splitlines()) == sorted(shipped_text.splitlines())


def exports(run: Run) -> list[str]:
    return run("export", "figures", "--table").out.splitlines()


def test_several_editions_need_a_folder(five_countries: None, run: Run, tmp_path: Path) -> None:
    table = tmp_path / "all.csv"
    table.write_text("\n".join(exports(run)), encoding="utf-8")
    outcome = run("import-figures", table)

    assert outcome.code == 2
    assert re.match(r"tipgraph: the table has figures of \d\d editions; choose a", outcome.err)


TABLE = [
    row(value="100", note="prior-year figure; parts given sum to 90"),
    row("labor exploitation", "60"),
    row("sexual exploitation", "30", "a note, with “quotes” and, commas"),
    row("women", "40", by="government"),
    row(indicator="victims registered", value="7", by="police (sole authority)"),
    row("sex trafficking", "5", indicator="victims registered", by=""),
    row("each", "430000", "approximate", indicator=ALLOCATION, unit="EUR"),
    row("each", "516000.5", "converted", indicator=ALLOCATION, unit="USD"),
]
POLICE = """
id:police a tip:AuthorityGroup ; rdfs:label "police of Belgium, for a test"@en ;
  tip:localName "police" ; tip:named false ; dcterms:spatial country:BEL .
"""


def test_table_conforms_and_is_exported_unchanged(imported, run, folder):
    edition = folder / "edition.ttl"
    edition.write_text(edition.read_text("utf-8") + POLICE, encoding="utf-8")
    assert "written" in imported(written(*TABLE))

    assert sorted(exported(run, folder)) == sorted(TABLE)
    shared = [
        DATA / "actors",
        *(DATA / f"{name}.ttl" for name in ("countries", "periods", "series")),
    ]
    report = run("validate", *shared, folder)
    assert "figures.ttl" not in report.out, report.out
    victims, paid = "victims-identified-and-assisted-2022", "allocation-per-shelter-2022"
    for part in ("labor-exploitation", "sexual-exploitation", "women"):
        assert derived(run, folder, f"{victims}-{part}", "tip:breakdown") == "incomplete"
    assert derived(run, folder, f"{paid}-eur", "tip:approximate") == "true"
    assert derived(run, folder, f"{paid}-usd", "tip:approximate") == "true", "no more exact"
    assert derived(run, folder, f"{paid}-usd", "tip:convertedFrom") == f"{paid}-eur"


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_overlap_is_stated_and_a_part_can_have_parts(imported, run, folder):
    def registered(part: str, value: str, note: str = "") -> Cells:
        return row(part, value, note, indicator="possible victims registered")

    rows = [
        registered("total", "100", "parts overlap, the report says so"),
        registered("sex trafficking", "60"),
        registered("labor trafficking", "70"),
        registered("forced criminality, within labor", "20"),
    ]
    imported(written(*rows))

    place = "possible-victims-registered-2022"
    for part in ("sex-trafficking", "labor-trafficking"):
        assert derived(run, folder, f"{place}-{part}", "tip:breakdown") == "overlapping"
    within = derived(
        run, folder, f"{place}-forced-criminality-within-labor", "tip:breakdownOf/tip:part"
    )
    assert within == "labor-trafficking"
    assert sorted(exported(run, folder)) == sorted(rows)


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_variant_of_a_part_keeps_the_words_of_the_source(imported, run, folder):
    rows = [
        row(),
        row("sexual exploitation", "30"),
        row(period="2021"),
        row("Sex exploitation", "40", period="2021"),
        row("other-exploitation", "9", period="2021"),
    ]
    imported(written(*rows))
    text = (folder / "figures.ttl").read_text("utf-8")

    assert text.count("tip:part code:sexual-exploitation ;") == 2
    assert text.count('tip:partWording "sex exploitation" ;') == 1
    assert text.count("tip:partWording") == 1
    place = "victims-identified-and-assisted-2021-sexual-exploitation"
    label = "40 victims identified and assisted by the government, Belgium 2021: sex exploitation"
    assert label in derived(run, folder, place, "rdfs:label")
    parts = {(cells[4], cells[5]) for cells in exported(run, folder)}
    assert {("2022", "sexual exploitation"), ("2021", "sex exploitation")} < parts
    assert ("2021", "other forms") in parts, "a name that is no wording is exported as its label"


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_inferred_period_is_marked_in_figure_label_and_table(imported, run, folder):
    rows = [
        (*row(), "true"),
        (*row("labor exploitation", "60"), "true"),
        (*row(period="2021", value="90", note="prior-year figure"), ""),
        (*row("each", "43", indicator=ALLOCATION, unit="EUR"), "true"),
        (*row("each", "51", "converted", indicator=ALLOCATION, unit="USD"), "true"),
    ]
    imported(written(*rows, head=f"{HEAD},period_inferred"))
    text = (folder / "figures.ttl").read_text("utf-8")

    assert len(re.findall(r"tip:periodInferred +true ;", text)) == 3, "two counts and a payment"
    place = "victims-identified-and-assisted"
    counted = "victims identified and assisted by the government, Belgium"
    part = derived(run, folder, f"{place}-2022-labor-exploitation", "rdfs:label")
    assert f"60 {counted} 2022 (period inferred): labor" in part
    assert f"90 {counted} 2021" in derived(run, folder, f"{place}-2021", "rdfs:label")
    chosen = ("--data", folder, "--edition", "tip-2023-be")
    table = run("export", "figures", *chosen, "--table").out
    head, *lines = csv.reader(io.StringIO(table, newline=""))
    assert head == [*HEAD.split(","), "period_inferred"]
    assert sorted(map(tuple, lines)) == sorted(rows)
    caveats = [
        each["caveat"]
        for each in csv.DictReader(run("export", "figures", *chosen).out.splitlines())
    ]
    assert sum("the period is inferred" in each for each in caveats) == 4


COLUMNS = "axis,number_qualifier,caution,percentage_of,speaker,quote"
ACTORS = """
id:police-and-ngos a tip:JointActorGroup ; rdfs:label "police and NGOs, for a test"@en ;
  tip:localName "police and NGOs" ; tip:named false ; dcterms:spatial country:BEL .
id:belgium-greta a tip:AuthorityGroup ; rdfs:label "a body of Belgium, for a test"@en ;
  tip:localName "GRETA" ; tip:named false ; dcterms:spatial country:BEL .
"""


@pytest.fixture
def with_actors(folder: Path) -> Path:
    """The folder of the edition, with a joint counter, and a namesake of an actor of no country."""
    edition = folder / "edition.ttl"
    edition.write_text(edition.read_text("utf-8") + ACTORS, encoding="utf-8")
    return folder


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_columns_of_a_table_from_a_page_in_part_are_imported(imported, run, with_actors):
    def more(cells: Cells, **columns: str) -> Cells:
        return *cells, *(columns.get(name, "") for name in COLUMNS.split(","))

    identified = {"indicator": "victims identified"}
    rows = [
        more(row(**identified), number_qualifier="at least", quote="at least 100 victims"),
        more(row("forced labor", "60", unit="percent", **identified), percentage_of="total"),
        more(
            row("children", "7", **identified),
            axis="by age",
            number_qualifier="approximately",
            quote="approximately 7 women",
        ),
        more(row("labor trafficking", "70", **identified), caution="sums to 110"),
        more(row("sex trafficking", "40", **identified), caution="sums to 110"),
        more(row(period="year not stated", value="9", by="police and NGOs", **identified)),
        more(row(period="year not stated", value="8", by="GRETA", **identified)),
        more(row(period="earlier period, year not stated", value="6", by="", **identified)),
        more(row(period="2021", value="5", **identified), speaker="GRETA", quote="five victims"),
    ]
    warned = imported(written(*rows, head=f"{HEAD},{COLUMNS}"))
    assert "line 4, column part: warning: the quote has 'women' after the number" in warned

    def of(name: str, path: str) -> str:
        return derived(run, with_actors, f"victims-identified-{name}", path)

    assert of("2022", "tip:approximate") == "true"
    assert "At least 100 victims identified" in of("2022", "rdfs:label")
    assert of("2022", "tip:evidence/oa:hasSelector/oa:exact") == "at least 100 victims"
    assert "60 per cent of victims" in of("2022-forced-labor-percent", "rdfs:label")
    assert of("2022-forced-labor-percent", "tip:percentageOf") == "victims-identified-2022"
    assert not of("2022-forced-labor-percent", "tip:breakdownOf")
    assert of("2022-children", "tip:approximate") == "true"
    assert "Approximately 7 victims identified" in of("2022-children", "rdfs:label")
    assert of("2022-labor-trafficking", "tip:breakdown") == "contradictory"
    assert of("2022-labor-trafficking", "tip:caution") == "sums to 110"
    joint, own = (
        f"year-not-stated-counted-by-{name}" for name in ("police-and-ngos", "belgium-greta")
    )
    assert of(joint, "tip:countedBy") == "police-and-ngos"
    assert of(own, "tip:countedBy") == "belgium-greta", "its country's actor comes first"
    assert of(own, "sdmx-dimension:refPeriod") == "year-not-stated"
    earlier = "earlier-year-not-stated"
    assert of(earlier, "tip:countedBy") == "unidentified-actor", "one counter needs no other name"
    period = derived(run, with_actors, "year-not-stated", "rdfs:label")
    assert "year not stated (TIP Report 2023, Belgium)" in period
    assert derived(run, with_actors, earlier, "a").endswith("#UnstatedPeriod")
    assert of("2021-by-belgium-greta", "tip:speaker") == "belgium-greta"


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_preferred_label_comes_before_an_alternative_one(imported, folder):
    edition = folder / "edition.ttl"
    codes = """
        code:raids a skos:Concept ; skos:inScheme code:parts ; tip:axis code:by-place ;
          skos:prefLabel "raids"@en .
        code:checks a skos:Concept ; skos:inScheme code:parts ; tip:axis code:by-place ;
          skos:prefLabel "checks"@en ; skos:altLabel "raids"@en , "visits"@en .
    """
    prefix = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    edition.write_text(prefix + edition.read_text("utf-8") + codes, encoding="utf-8")
    imported(written(row(), row("raids", "3"), row("visits", "4")))
    text = (folder / "figures.ttl").read_text("utf-8")

    assert text.count("tip:part code:raids ;") == 1
    assert text.count("tip:part code:checks ;") == 1


@pytest.mark.slow(reason="imports a table twice, with checks")
def test_unknown_names_are_written_as_turtle_to_complete(run, folder, tmp_path):
    table, missing = tmp_path / "figures.csv", folder / "missing.ttl"
    rows = [
        row(indicator="potential victims warned", by="Office for Victims"),
        row(
            "sex trafficking / nurses", "5", indicator="potential victims warned", by="police unit"
        ),
    ]
    table.write_text(written(*rows), encoding="utf-8")
    outcome = run("import-figures", table, "--into", folder)
    assert "next: write Turtle for the unknown names with '--missing FILE'" in outcome.err

    outcome = run("import-figures", table, "--into", folder, "--missing", missing)
    assert outcome.code == 3
    last = outcome.err.splitlines()[-1]
    text = missing.read_text("utf-8")
    assert last == (
        f"tipgraph: {missing}: written with 4 unknown names; check each, and complete each TODO"
    )
    for line in (
        "# For data/actors/belgium.ttl",
        "# For ontology/indicators.ttl",
        "# For ontology/parts.ttl",
        'skos:prefLabel  "potential victims warned"@en ;',
        "tip:countedUnit code:units-persons .",
        'tip:localName   "Office for Victims" ;',
        "# TODO: write a class in the place of TODO, such as tip:AuthorityGroup",
    ):
        assert line in text
    assert text.count("# TODO: ") == 4, "only what a wording shows surely is written"

    completed = text.replace(
        "code:units-persons .", "code:units-persons ; tip:topic code:training ."
    ).replace("tip:TODO", "tip:AuthorityGroup")
    completed = completed.replace(
        '“sex trafficking / nurses”."@en .',
        '“sex trafficking / nurses”."@en ; skos:broader code:sex-trafficking ;'
        " tip:axis code:by-form-within-form-of-exploitation .",
    )
    missing.write_text(completed, encoding="utf-8")
    assert run("import-figures", table, "--into", folder).code == 0


@pytest.mark.slow(reason="makes a graph with files of its own")
@pytest.mark.usefixtures("five_countries")
def test_recipient_of_another_country_is_not_taken(imported, folder):
    indicator = (
        "allocation to NGO-run shelters providing assistance to victims of crime, including"
        " trafficking"
    )
    table = written(
        row(value="9", indicator=indicator, unit="EUR"),
        row("each", "43", indicator=ALLOCATION, unit="EUR"),
    )

    assert "written" in imported(table)

    text = (folder / "figures.ttl").read_text("utf-8")
    assert "luxembourg" not in text
    assert "tip:recipient id:belgium-specialised-shelters" in " ".join(text.split())


MORE = "axis,number_qualifier,recipient"


def test_each_unknown_name_is_reported_once_with_its_lines(imported):
    rows = [row(part, "5", by="coast guard") for part in ("total", "welders", "women", "welders")]
    errors = imported(written(*rows)).splitlines()

    assert [each.split(": ", 2)[-1].partition(";")[0] for each in errors[:-1]] == [
        "line 2, column counted_by: unknown actor 'coast guard'",
        "line 3, column part: unknown part 'welders'",
    ]
    assert [re.findall(r"[(]also .*", each) for each in errors[:-1]] == [
        ["(also in lines 3, 4, 5)"],
        ["(also in line 5)"],
    ]


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_names_of_every_kind_are_described_as_the_shapes_ask(run, folder, tmp_path):
    """The topics, the facets, and the classes of actors are left for a person."""
    table, missing = tmp_path / "figures.csv", folder / "terms.ttl"
    rows = [
        (
            *row(indicator="workshops given", unit="workshops", period="2020-04-to-2020-09"),
            "",
            "",
            "",
        ),
        (*row(indicator="victims detected", by="a court"), "", "slightly over", ""),
        (*row("sick", "20", indicator="victims detected", by="a court"), "by health", "", ""),
        (*row("each", "9", indicator="grants to the two shelters", unit="GBP"), "", "", "NGOs"),
        (*row("each", "9", indicator="grants to farms", unit="GBP"), "", "", "the farms"),
    ]
    table.write_text(written(*rows, head=f"{HEAD},{MORE}"), encoding="utf-8")

    assert run("import-figures", table, "--into", folder, "--missing", missing).code == 3
    text = missing.read_text("utf-8")
    for line in (
        '    tip:start  "2020-04-01T00:00:00Z"^^xsd:dateTime ;',
        '    tip:end    "2020-09-30T23:59:59Z"^^xsd:dateTime .',
        '    rdfs:label "April to September 2020" ;',
        'tip:localName   "a court" ;',
        'skos:notation   "GBP" .',
        "    tip:axis        code:by-health .",
        "    tip:countedUnit code:units-money .",
    ):
        assert line in text
    todo = [line for line in text.splitlines() if "# TODO" in line]
    assert sum("add tip:topic" in line for line in todo) == 4
    assert sum("write a class in the place of TODO" in line for line in todo) == 2
    assert sum("on which side of the number" in line for line in todo) == 1
    assert sum("add skos:broader" in line for line in todo) == 2
    assert len(todo) == 9

    completed = re.sub(r"^# TODO: add tip:topic[^\n]*\n(.*?) [.]\n", r"\1 ; TOPIC .\n",
                       text, flags=re.M | re.S)  # fmt: skip
    completed = completed.replace("TOPIC", "tip:topic code:training")
    money = "code:units-money ;"
    completed = completed.replace(money, f"{money} tip:perUnit code:per-shelter ;")
    completed = completed.replace("tip:TODO", "tip:AuthorityGroup", 1)
    missing.write_text(completed, encoding="utf-8")
    assert "unknown actor 'the farms'" in run("import-figures", table, "--into", folder).err
    again = run("import-figures", table, "--into", folder, "--missing", missing)
    assert re.search(r":\d+: write a class in place of tip:TODO first\n$", again.err)
    assert missing.read_text("utf-8") == completed
    missing.write_text(completed.replace("tip:TODO", "tip:OffenderGroup"), encoding="utf-8")
    assert run("import-figures", table, "--into", folder).err.endswith("figures.ttl: written\n")
    assert "terms.ttl" not in run("check", folder).out


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_file_of_unknown_names_keeps_what_it_has(run: Run, folder: Path, tmp_path: Path) -> None:
    """A person completed the names of the first run, and the second one finds more."""
    table, missing = tmp_path / "figures.csv", folder / "terms.ttl"
    table.write_text(written(row(by="coast guard")), encoding="utf-8")
    assert run("import-figures", table, "--into", folder, "--missing", missing).code == 3
    noted = (
        missing.read_text("utf-8")
        .replace('"coast guard" ;', '"coast guard" ; tip:named true ;')
        .replace("tip:TODO", "tip:AuthorityGroup")
    )
    missing.write_text(noted, encoding="utf-8")
    table.write_text(
        written(row(by="coast guard"), row("welders", "5", by="coast guard")), encoding="utf-8"
    )

    assert run("import-figures", table, "--into", folder, "--missing", missing).code == 3

    text = missing.read_text("utf-8")
    assert "tip:named true ;" in text
    assert 'skos:prefLabel  "welders"@en' in text
    assert text.count("tip:localName") == 1
    assert text.count("@prefix tip:") == 1


ERRORS = {
    "unknown column": (
        written(row(), head=HEAD.replace("note", "notes")),
        ["line 1, column note: the column is missing", "column notes: unknown column; did you"],
    ),
    "column twice": (
        written((*row(), ""), head=HEAD + ",note"),
        ["line 1, column note: the column is there twice"],
    ),
    "short row": (
        written(row()[:5]),
        ["column part: the cell", "column unit: ", "column value: invalid number ''"],
    ),
    "long row": (
        written((*row(), "more")),
        ["line 2: the row has 11 cells, but the header has 10"],
    ),
    "unknown indicator": (
        written(row(), row("women", indicator="victims identifed")),
        ["line 3, column indicator: unknown indicator 'victims identifed'; did you mean"],
    ),
    "unknown part": (written(row("labour")), ["line 2, column part: unknown part 'labour'"]),
    "unknown actor": (
        written(row(by="goverment")),
        ["line 2, column counted_by: unknown actor 'goverment'; did you mean 'government'?"],
    ),
    "unknown edition": (
        written(("BEL", "2031", *row()[2:])),
        ["line 2, column edition: no edition of 2031 on BEL is described; begin it with"],
    ),
    "unknown country": (
        written(("BELG", *row()[1:])),
        ["line 2, column country: unknown country 'BELG'; did you mean"],
    ),
    "recipient in an unknown country": (
        written(("BELG", *row()[1:], "police"), head=f"{HEAD},recipient"),
        ["line 2, column country: unknown country 'BELG'; did you mean"],
    ),
    "other page": (
        written((*row()[:2], "https://example.org", *row()[3:])),
        [f"line 2, column page: the edition's page is {PAGE}"],
    ),
    "no number": (written(row(value="1,000")), ["line 2, column value: invalid number '1,000'"]),
    "thousands after a point": (
        written(row("each", "430.000", indicator=ALLOCATION, unit="EUR")),
        ["line 2, column value: invalid number '430.000'; write it without separators"],
    ),
    "quote that a spreadsheet changed": (
        written((*row(value="427000"), "427"), head=f"{HEAD},quote"),
        ["line 2, column quote: '427' has another number than 427000; a spreadsheet may have"],
    ),
    "cells that a spreadsheet moved": (
        written(
            (*row(value="159"), "91 victims"),
            (*row("women", "60", period="2021"), "at least 60 in 2020"),
            (*row("men", "30"), "30 percent were men"),
            (*row("children", "9", unit="percent"), "nine children"),
            (*row("each", "5000000", indicator=ALLOCATION, unit="USD"), "\u20ac5 million"),
            head=f"{HEAD},quote",
        ),
        [
            "line 2, column quote: '91 victims' has another number than 159",
            "line 3, column number_qualifier: the quote has 'at least' before the number",
            "line 3, column reference_period: the quote has the number in 2020",
            "line 4, column unit: the quote has a percentage",
            "line 5, column unit: the quote has no percentage",
            "line 6, column unit: the quote has an amount in EUR",
        ],
    ),
    "half a person": (written(row(value="1.5")), ["line 2, column value: invalid number '1.5'"]),
    "twice": (written(row(), row()), ["line 3, column value: duplicate of line 2, which has the"]),
    "each of what": (
        written(row("each", "43", indicator="provided to the two care-coordinating NGOs")),
        [
            "line 2, column part: funding-of-care-coordinating-ngos has no tip:perUnit",
            "line 2, column unit: funding-of-care-coordinating-ngos counts money",
        ],
    ),
    "no reporting period": (
        written(row(period="reporting period")),
        ["line 2, column reference_period: the edition has no tip:reportingPeriod"],
    ),
    "neither true nor false": (
        written((*row(), "perhaps"), head=HEAD + ",approximate"),
        ["line 2, column approximate: 'perhaps' is neither true nor false"],
    ),
    "neither inferred nor not": (
        written((*row(), "maybe"), head=HEAD + ",period_inferred"),
        ["line 2, column period_inferred: 'maybe' is neither true nor false"],
    ),
    "several at once": (
        written(row("labour", "x"), row(indicator="")),
        [
            "line 2, column part: unknown part",
            "line 2, column value: invalid number 'x'",
            "line 3, column indicator: the cell is empty",
        ],
    ),
    "an unknown axis": (
        written((*row("women"), "by trade"), head=f"{HEAD},axis"),
        ["line 2, column axis: unknown axis 'by trade'; did you mean"],
    ),
    "a period without an end": (
        written(row(period="2015-to-")),
        ["line 2, column reference_period: the period has no end; add the one that"],
    ),
    "a control character": (
        written(row(note="prior\x07year")),
        ["line 2, column note: the cell has a control character (U+0007); delete it"],
    ),
    "too many digits": (
        written(row(value="9" * 16)),
        ["line 2, column value: invalid number '9999999999999999'; write it"],
    ),
    "an unknown period": (
        written(row(period="2035")),
        [
            "line 2, column reference_period: unknown period '2035'; did you mean '2030'?"
            " Otherwise describe it in data/periods.ttl"
        ],
    ),
    "no figure": (written(), ["line 1: there is no row below the header"]),
    "empty": ("", ["line 1: the table is empty; begin with country,edition,page"]),
    "an open quote": (
        written(row()) + '"BEL,',
        ["line 3: this is not CSV (unexpected end of data)"],
    ),
    "a number and an amount of the same": (
        written(row(), row(unit="EUR")),
        ["line 3, column unit: victims-identified-and-assisted counts no money"],
    ),
    "a row between two quotation marks": (
        written(row(note="open"), row("women", "5", note="shut"))
        .replace("open", '"open')
        .replace("shut", 'shut"'),
        ["line 2: a cell goes on in the next row; write"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), ERRORS.values(), ids=ERRORS.keys())
def test_error_has_line_and_column_and_nothing_is_written(text, expected, imported):
    lines = [each for each in imported(text).splitlines() if not each.startswith("tipgraph: next")]

    assert len(lines) == len(expected)
    for line, message in zip(lines, expected, strict=True):
        assert message in line


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        ("21", "Twenty-one of the 30 victims"),
        ("0", "none of the 12 victims in 2021"),
        ("7", "seven of the 12, in 2021"),
        ("12500", "\u20ac12,500 ($15,340) in each of two cases"),
        ("65100000", "65.1 million krona"),
        ("12500", "12\xa0500 victims"),
        ("23000", "16.500 to 23.000 victims"),
        ("54", "53.7 percent were women"),
        ("35", "35 victims, compared with 12 in 2019"),
        ("59", "45 victims, fewer than 59 in 2020"),
        ("100", "information about 100 victims in 2020"),
        ("40", "as many as in 2019"),
        ("12", "12 in 2019 and 12 in 2020"),
    ],
)
def test_quote_with_the_value_among_other_numbers_is_accepted(value: str, quote: str) -> None:
    unit = "percent" if "percent" in quote else "EUR" if "\u20ac" in quote else "persons"

    assert misquoted(quote, value) == ""
    assert not [*contradictions(quote, value, unit, "2020", ["more than", "fewer than", "about"])]


@pytest.mark.parametrize(
    ("part", "quote", "word"),
    [
        ("men", "100 women and 20 men", "women"),
        ("total", "were 100 child victims", "child"),
        ("labor trafficking", "100 sex trafficking victims", "sex"),
        ("female", "100 girls", ""),
        ("male", "100 men", ""),
        ("girls", "100 child victims", ""),
        ("women", "100 adult women", ""),
        ("total", "100 victims, including 20 women", ""),
        ("women", "100 in 2020; 100 women", ""),
        ("men", "of 120, 100 were", ""),
    ],
)
def test_group_in_the_quote_that_the_row_does_not_name_is_found(
    part: str, quote: str, word: str
) -> None:
    cells = {"value": "100", "part": part, "indicator": VICTIMS, "quote": quote}

    assert other_group(TableRow(2, cells)) == word


def test_table_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """Other separators, a byte order mark, capitals, and columns without a name."""
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    plain.write_text(written(row(note="two\nlines")), encoding="utf-8", newline="")
    for delimiter in ";\t":
        text = written((*row(note="two\nlines"), "", ""), head=f"{HEAD.title()},,")
        other.write_text("\ufeff" + text.replace(",", delimiter), encoding="utf-8", newline="")
        assert read_table(str(other)) == read_table(str(plain))


WORDS = "In 2022, 100 victims were identified and assisted, compared with 90 in 2021."


@pytest.fixture
def pinned(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an edition whose text is pinned."""
    monkeypatch.chdir(tmp_path)
    Path("text.txt").write_text(WORDS, encoding="utf-8")
    assert run("new", "tip-2024-be", "--text", "text.txt", "--page", PAGE).code == 0
    return tmp_path / "tip-2024-be"


def of_2024(value: str, period: str, *words: str) -> Cells:
    return ("BEL", "2024", *row(value=value, period=period)[2:], *words)


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_figure_of_a_pinned_text_cites_its_words(run: Run, pinned: Path) -> None:
    rows = [of_2024("100", "2022", "S01", "100 victims"), of_2024("90", "2021", "S01", "90 in")]
    Path("table.csv").write_text(written(*rows, head=f"{HEAD},place,quote"), encoding="utf-8")

    assert run("import-figures", "table.csv", "--into", pinned).code == 0
    checked = run("check", pinned, "--text", "text.txt")
    assert checked.out.endswith("2 statements (2 figures), 2 citations; 1 of 1 sentences covered,"
                                " read in part\n")  # fmt: skip
    assert checked.code == 0
    table = run("export", "figures", "--data", pinned, "--edition", "tip-2024-be", "--table").out
    head, *lines = csv.reader(io.StringIO(table))
    assert head == [*HEAD.split(","), "place", "quote"]
    assert sorted(map(tuple, lines)) == sorted(rows)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("S02", "100 victims"), "line 2, column place: unknown sentence 'S02'"),
        (("S01", ""), "line 2, column quote: quote the words of S01 that give the figure"),
        (("S01", " ".join(["a"] * 13)), "line 2, column quote: quote the words of S01"),
    ],
)
def test_invalid_words_are_an_error(run, pinned, words, message):
    table = written(of_2024("100", "2022", *words), head=f"{HEAD},place,quote")
    Path("table.csv").write_text(table, encoding="utf-8")

    outcome = run("import-figures", "table.csv", "--into", pinned)
    assert (outcome.code, message in outcome.err) == (3, True)
    assert "Observation ;\n" not in (pinned / "figures.ttl").read_text("utf-8").partition("##")[0]


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_rows_of_one_payment_can_be_apart(imported, run, folder):
    rows = [
        row("each", "430000", indicator=ALLOCATION, unit="EUR"),
        row("each", "420000", indicator=ALLOCATION, unit="EUR", period="2021"),
        row("each", "516000", "converted", indicator=ALLOCATION, unit="USD"),
    ]
    imported(written(*rows))

    assert (folder / "figures.ttl").read_text("utf-8").count("tip:Allocation") == 2
    assert sorted(exported(run, folder)) == sorted(rows)


def test_missing_folder_and_file_are_errors(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "figures.csv"
    table.write_text(written(row()), encoding="utf-8")

    assert run("import-figures", table, "--into", tmp_path / "no").err.startswith(
        f"tipgraph: {tmp_path}/no: no such folder; 'tipgraph new' makes one"
    )
    assert run("import-figures", tmp_path / "none.csv").code == 3


NOTES = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=30
).map(lambda text: " ".join(text.split()))
FORMS = ["labor exploitation", "sexual exploitation", "other forms", "forced criminality"]


@st.composite
def breakdown(draw: st.DrawFn) -> list[Cells]:
    """A total, with parts by form and by sex that do not exceed it."""
    indicator = draw(st.sampled_from([VICTIMS, "victims registered", "victims assisted"]))
    period = draw(st.sampled_from(["2015", "2021", "2022"]))
    forms = draw(st.lists(st.sampled_from(FORMS), unique=True, max_size=3))
    sexes = draw(st.lists(st.sampled_from(["women", "children"]), unique=True, max_size=2))
    values = {part: draw(st.integers(0, 500)) for part in (*forms, *sexes)}
    most = max(sum(values[each] for each in group) for group in (forms, sexes))
    values["total"] = most + draw(st.sampled_from([0, 0, 3]))
    return [
        row(part, str(value), draw(NOTES), indicator=indicator, period=period)
        for part, value in values.items()
    ]


@pytest.mark.slow(reason="imports and exports five made-up tables")
@given(rows=breakdown())
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_valid_table_is_exported_unchanged(imported, run, folder, rows):
    (folder / "figures.ttl").unlink(missing_ok=True)
    imported(written(*rows))

    assert sorted(exported(run, folder)) == sorted(rows)
