"""Queries over several editions, compared with the table of facts and with planted changes."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import tipgraph
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import last_part
from tipgraph.resources.folders import shipped as resources

from .cells import table

VICTIMS = "victims-identified-and-assisted"
# By the table of facts and by S02: period, edition, value, and what it measures.
BELGIUM = [
    ("2015", "tip-2017-be", "152", VICTIMS),
    ("2016", "tip-2018-be", "144", VICTIMS),
    ("2016", "tip-2017-be", "144", VICTIMS),
    ("2017", "tip-2019-be", "137", VICTIMS),
    ("2017", "tip-2018-be", "137", VICTIMS),
    ("2018", "tip-2020-be", "139", VICTIMS),
    ("2018", "tip-2019-be", "139", VICTIMS),
    ("2019", "tip-2021-be", "159", "victims-assisted"),
    ("2019", "tip-2020-be", "265", VICTIMS),
    ("2020", "tip-2021-be", "91", VICTIMS),
]
WORDED = ("period", "edition", "value", "reported_part")
# By the table of facts and by S02, of labor; the edition of 2021 has another count for 2019.
LABOR = [
    ("2015", "tip-2017-be", "43", "labor-trafficking"),
    ("2016", "tip-2018-be", "69", "labor-trafficking"),
    ("2016", "tip-2017-be", "69", "labor-trafficking"),
    ("2017", "tip-2019-be", "61", "labor-exploitation"),
    ("2017", "tip-2018-be", "61", "labor-trafficking"),
    ("2018", "tip-2020-be", "80", "labor-exploitation"),
    ("2018", "tip-2019-be", "80", "labor-exploitation"),
    ("2019", "tip-2020-be", "143", "labor-exploitation"),
    ("2020", "tip-2021-be", "49", "labor-exploitation"),
]
# In the facts: one amount in euro and one in dollars, or more, of these editions.
RATES = {
    "tip-2017-be": 1.0537,
    "tip-2018-be": 1.2005,
    "tip-2018-nl": 1.2005,
    "tip-2019-be": 1.1468,
    "tip-2021-be": 1.227,
    "tip-2021-lu": 1.227,
    "tip-2023-lu": 1.0677,
}
OTHER_COUNTRY = re.compile("tip-[0-9]+-(?!be)")

Rows = list[dict[str, str]]
Planted = Callable[..., LocalGraph]


def rows(graph: LocalGraph, query: str, **parameters: str) -> Rows:
    found = graph.rows(query, **parameters)
    return [dict(zip(found.columns, row, strict=True)) for row in table(found)]


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    """The data on Belgium with something changed in a file of an edition, such as its figures."""

    def planted(edition: str, *changes: tuple[str, str], name: str = "figures.ttl") -> LocalGraph:
        for file in map(Path, resources().data()):
            if OTHER_COUNTRY.match(file.parent.name):
                continue
            text = file.read_text(encoding="utf-8")
            if (file.parent.name, file.name) == (edition, name):
                for old, new in changes:
                    assert old in text
                    text = text.replace(old, new)
            folder = tmp_path / file.parent.name
            folder.mkdir(exist_ok=True)
            (folder / file.name).write_text(text, encoding="utf-8")
        return tipgraph.open(tmp_path, bundled=False)

    return planted


def test_series_of_belgium_has_the_figure_of_each_edition(shipped: LocalGraph) -> None:
    series = rows(shipped, "series", indicator=VICTIMS, area="BEL")

    actual = [
        tuple(row[name] for name in ("period", "edition", "value", "reported_indicator"))
        for row in series
    ]
    assert actual == BELGIUM
    broken = [row for row in series if row["series_break"]]
    assert [row["edition"] for row in broken] == ["tip-2021-be"]
    assert "broad legal definition" in next(r["caveat"] for r in series if r["value"] == "265")


def test_series_of_a_part_breaks_where_an_edition_words_the_part_differently(shipped: LocalGraph):
    """By the facts the wording changes between the editions of 2018 and 2019, not between years."""
    labor, sexual = (
        rows(shipped, "series", indicator=VICTIMS, area="BEL", part=part)
        for part in ("labor-exploitation", "sexual-exploitation")
    )

    listed = [tuple(row[name] for name in WORDED) for row in labor]
    assert listed == LABOR
    assert [(row["edition"], row["value"]) for row in sexual] == [
        ("tip-2017-be", "93"),
        ("tip-2018-be", "56"),
        ("tip-2017-be", "56"),
        ("tip-2019-be", "59"),
        ("tip-2018-be", "59"),
        ("tip-2020-be", "38"),
        ("tip-2019-be", "38"),
        ("tip-2020-be", "92"),
        ("tip-2021-be", "35"),
    ]
    for row in (*labor, *sexual):
        is_before = row["edition"] in ("tip-2017-be", "tip-2018-be")
        assert bool(row["series_break"]) == is_before, "sex exploitation is a variant, and no break"
        assert row["reported_part"].endswith("-trafficking") == is_before


def test_change_of_wording_is_a_caveat_of_the_figures_of_both_wordings(shipped: LocalGraph):
    change = {
        "labor-trafficking": "labor exploitation, where the editions of 2017 and 2018 had labor",
        "labor-exploitation": "labor exploitation, where the editions of 2017 and 2018 had labor",
        "sex-trafficking": "sexual exploitation, where the editions of 2017 and 2018 had sex",
        "sexual-exploitation": "sexual exploitation, where the editions of 2017 and 2018 had sex",
    }
    belgian = rows(shipped, "figures", area="BEL")
    concerned = [row for row in belgian if row["part"] in change]

    assert len(concerned) == 2 * (2 + 2 + 2 + 2) + 2
    assert all(change[row["part"]] in row["caveat"] for row in concerned)
    others = [row for row in rows(shipped, "figures") if row not in concerned]
    assert not any("where the editions of 2017 and 2018 had" in row["caveat"] for row in others)


@pytest.mark.parametrize(
    ("query", "column", "edition", "words"),
    [
        ("figures", "part_wording", "tip-2019-be", {"59"}),
        ("shares", "part_wording", "tip-2019-be", {"59"}),
        ("series", "part_wording", "tip-2020-be", {"38"}),
        ("compare-countries", "part_wording", "tip-2020-be", {"38"}),
        ("changes", "earlier_part_wording", "tip-2019-be", {"-21"}),
        ("trends", "earlier_part_wording", "tip-2020-be", {"54"}),
        ("revisions", "part_wording", "tip-2019-be", {"59"}),
    ],
)
def test_words_of_the_source_for_a_part_are_beside_it(
    query: str, column: str, edition: str, words: set[str], shipped: LocalGraph
) -> None:
    needed = {"indicator": VICTIMS, "part": "sexual-exploitation"}
    given = needed if query in ("series", "compare-countries") else {}
    found = [
        row
        for row in rows(shipped, query, edition=edition, area="BEL", **given)
        if row["part"] == "sexual-exploitation"
    ]
    value = "difference" if query in ("changes", "trends") else "value"

    assert {row[value] for row in found if row[column] == "sex exploitation"} == words
    assert {row[column] for row in found} <= {"sex exploitation", ""}


def test_figures_of_an_inferred_period_have_it_as_their_caveat(shipped: LocalGraph) -> None:
    inferred = [
        row
        for row in rows(shipped, "figures")
        if "the period is inferred (not stated in TIP" in row["caveat"]
    ]
    by_edition = Counter((row["edition"], row["period"]) for row in inferred)

    assert (
        by_edition.items()
        >= {
            ("tip-2017-be", "2016"): 7,
            ("tip-2021-hu", "2020"): 6,
            ("tip-2021-lu", "2020"): 8,
            ("tip-2022-hu", "2021"): 6,
        }.items()
    )
    statements = {row["statement"] for row in inferred if row["edition"] == "tip-2021-lu"}
    assert "funding-of-care-coordinating-ngos-2020" not in statements, "its year is stated"


def test_source_word_for_who_counted_is_kept_and_our_inference_noted(shipped: LocalGraph):
    counted = {
        row["statement"]: (row["counted_by"], row["caveat"])
        for row in rows(shipped, "figures", edition="tip-2021-lu")
        if row["unit"] == "persons"
    }

    for year in ("2018", "2019", "2020"):
        by, caveat = counted[f"victims-identified-{year}"]
        assert by == "luxembourg-authorities"
        assert "that they are the police is our inference" in caveat
    presumed, joint = (
        counted["presumed-victims-not-identified-2020"],
        counted["victims-identified-in-joint-investigation-2020-labor-trafficking"],
    )
    assert presumed[0] == "luxembourg-police", "the edition says that police presumed them victims"
    assert "that they were not identified is our inference" in presumed[1]
    assert joint[0] == "unidentified-actor"
    assert "who identified them is not stated" in joint[1]


def test_implied_payer_is_a_caveat_of_the_allocation(shipped: LocalGraph) -> None:
    implied = {
        (row["edition"], row["period"])
        for row in rows(shipped, "funding", edition="tip-2018-be")
        if "that the government paid is implied, not stated" in row["caveat"]
    }

    assert implied == {("tip-2018-be", "2016"), ("tip-2018-be", "2017")}


def test_series_of_the_earlier_wording_breaks_at_the_later_one(shipped: LocalGraph) -> None:
    labor = rows(shipped, "series", indicator=VICTIMS, area="BEL", part="labor-trafficking")

    assert [tuple(row[name] for name in WORDED) for row in labor] == LABOR
    assert {row["edition"] for row in labor if row["series_break"]} == {
        "tip-2019-be",
        "tip-2020-be",
        "tip-2021-be",
    }


def test_series_of_a_linked_indicator_and_part_has_both_breaks(shipped: LocalGraph) -> None:
    labor = rows(
        shipped, "series", indicator="victims-assisted", area="BEL", part="labor-exploitation"
    )
    (of_2015,) = [row for row in labor if row["period"] == "2015"]

    assert of_2015["series_break"].split(" | ") == [
        "Belgium: victims assisted, where editions before 2021 had victims identified and assisted",
        "Belgium: labor exploitation, where the editions of 2017 and 2018 had labor trafficking",
    ]


def test_a_part_is_linked_in_its_country_alone(shipped: LocalGraph) -> None:
    found = rows(shipped, "series", indicator="victims-registered", part="labor-trafficking")

    assert {(row["area"], row["reported_part"]) for row in found if row["value"]} == {
        ("HUN", "labor-trafficking")
    }


def test_series_lists_editions_without_a_figure(shipped: LocalGraph) -> None:
    permits = rows(shipped, "series", indicator="residence-permits-issued", area="BEL")
    crime = rows(shipped, "series", indicator=VICTIMS, area="BEL", part="forced-criminality")

    assert {row["edition"]: row["availability"] for row in permits if not row["value"]} == {
        f"tip-{year}-be": "not found in what was read" for year in (2017, 2018, 2019, 2020)
    }
    assert {row["edition"]: row["availability"] for row in crime if not row["value"]} == {
        "tip-2019-be": "not found in what was read",
        "tip-2020-be": "not found in what was read",
        "tip-2021-be": "not stated",
    }


def test_revisions_are_of_one_indicator_or_differ_in_wording(shipped: LocalGraph):
    links = {
        (str(row["one"]), str(row["other"]))
        for row in shipped.rows(
            "SELECT ?one ?other { ?link a tip:WordingLink ; tip:earlier ?one ; tip:later ?other }"
        )
    }
    found = shipped.rows("revisions")
    belgium = rows(shipped, "revisions", area="BEL")

    for row in found:
        pairs = {
            (str(row["earlier_indicator"]), str(row["indicator"])),
            (str(row["earlier_part"]), str(row["part"])),
        }
        differing = {pair for pair in pairs if pair[0] != pair[1]}
        assert differing <= links or row["earlier_value"] != row["value"]
        assert bool(differing) == (row["kind"] == "wording-differs")
        assert bool(row["note"]) == bool(differing & links)
    (one,) = [row for row in belgium if row["period"] == "2019"]
    assert (one["period"], one["kind"]) == ("2019", "wording-differs")
    assert (one["earlier_value"], one["value"], one["difference"]) == ("265", "159", "-106")
    assert (one["earlier_place"], one["place"]) == (f"page-{VICTIMS}-2019", "S02-159")
    assert "not found in what was read of TIP Report 2020, Belgium" in one["coverage_note"]


def test_equal_figures_of_two_wordings_of_a_part_are_a_difference_of_wording(shipped: LocalGraph):
    columns = (
        "earlier_part",
        "earlier_value",
        "part",
        "value",
        "earlier_edition",
        "edition",
        "kind",
    )
    found = [row for row in rows(shipped, "revisions", area="BEL") if row["period"] == "2017"]
    editions = ("tip-2018-be", "tip-2019-be", "wording-differs")

    assert [tuple(row[name] for name in columns) for row in found] == [
        ("labor-trafficking", "61", "labor-exploitation", "61", *editions),
        ("sex-trafficking", "59", "sexual-exploitation", "59", *editions),
    ]
    assert all("neither edition states this" in row["note"] for row in found)


def test_figure_revised_later_is_found(planted: Planted) -> None:
    graph = planted("tip-2019-be", ("sdmx-measure:obsValue 137", "sdmx-measure:obsValue 138"))
    found = [row for row in rows(graph, "revisions", area="BEL") if row["kind"] == "revision"]

    actual = [(r["earlier_edition"], r["edition"], r["earlier_value"], r["value"]) for r in found]
    assert actual == [("tip-2018-be", "tip-2019-be", "137", "138")]


def test_edition_has_one_rate_within_rounding(shipped: LocalGraph) -> None:
    found = rows(shipped, "exchange-rates")
    converted = [row for row in found if row["conversion"]]

    assert {row["edition"]: float(row["edition_rate"]) for row in converted} == RATES
    assert {row["fits"] for row in converted} == {"true"}
    assert {row["availability"] for row in found if not row["conversion"]} == {
        "not found in what was read"
    }


@pytest.mark.slow(reason="makes a graph with files of its own")
@pytest.mark.parametrize("wrong", ["513910", "503810", "513801", "514810"])
def test_amount_with_a_wrong_digit_is_found(planted: Planted, wrong: str) -> None:
    graph = planted("tip-2018-be", ("513810", wrong))
    found = [row for row in rows(graph, "exchange-rates") if row["conversion"]]

    assert {row["edition"] for row in found if row["fits"] == "false"} == {"tip-2018-be"}
    assert {row["edition"] for row in found if not row["edition_rate"]} == {"tip-2018-be"}


def test_parts_that_do_not_sum_are_listed(shipped: LocalGraph) -> None:
    found = {
        (row["edition"], row["part"], row["axis"]): row
        for row in rows(shipped, "incomplete-breakdowns")
    }
    belgium = found["tip-2017-be", "total", "by-form-of-exploitation"]
    overlap = found["tip-2022-nl", "total", "by-form-of-exploitation"]

    assert (belgium["sum"], belgium["total"], belgium["remainder"]) == ("136", "152", "16")
    assert belgium["remainder_note"] == "the rest was not found in what was read"
    assert (overlap["sum"], overlap["total"], overlap["remainder"]) == ("1049", "984", "")
    assert overlap["completeness"] == "overlapping"


def test_third_condition_came_between_two_editions(shipped: LocalGraph) -> None:
    (condition,) = [r for r in rows(shipped, "norm-changes") if r["aspect"] == "condition"]

    assert condition["later"] == "assist in the prosecution of the trafficker"
    assert condition["earlier"] == "not found in what was read"
    assert (condition["earlier_edition"], condition["edition"]) == ("tip-2019-be", "tip-2021-be")
    assert condition["between"] == "TIP Report 2020, Belgium: not found in what was read"
    assert condition["wording"] == "narrows"


@pytest.mark.slow(reason="makes a graph with files of its own")
@pytest.mark.parametrize(
    ("duration", "earlier"),
    [
        ("tip:durationValue 3 ; tip:durationUnit code:month", "3 month"),
        ("tip:durationUnit code:permanent", "permanent"),
    ],
)
def test_norm_without_its_former_duration_has_changed(duration, earlier, planted):
    stated = "tip:states          provision:be-victim-status-on-two-conditions ;"
    graph = planted("tip-2019-be", (stated, f"{stated} {duration} ;"), name="entitlements.ttl")
    (change,) = [r for r in rows(graph, "norm-changes") if r["aspect"] == "duration"]

    assert (change["earlier"], change["later"]) == (earlier, "not stated")
    assert (change["earlier_edition"], change["edition"]) == ("tip-2019-be", "tip-2021-be")


def test_concern_recurs_under_other_speakers(shipped: LocalGraph) -> None:
    found = rows(shipped, "recurring-concerns", topic="child-victims", area="BEL")
    speakers: dict[str, set[str]] = {}
    for row in found:
        speakers.setdefault(row["edition"], set()).add(row["speaker"] or row["availability"])

    assert speakers["tip-2017-be"] == {"not found in what was read"}
    assert speakers["tip-2018-be"] == {"officials", "greta"}
    assert "belgium-national-rapporteur" in speakers["tip-2019-be"] & speakers["tip-2020-be"]
    assert {"experts", "greta"} <= speakers["tip-2021-be"]


def test_no_query_calls_anything_new_or_gone(shipped: LocalGraph) -> None:
    for name, query in shipped.queries.items():
        if query.tags == ("editions",):
            given = {
                each.name: each.sample(shipped.engine) for each in query.params if each.required
            }
            cells = {cell for row in table(shipped.rows(name, **given)) for cell in row}
            assert not cells & {"new", "gone", "added", "removed", "dropped"}, name


def test_unmentioned_topic_is_not_stated_only_where_the_edition_was_read_in_full(
    shipped: LocalGraph,
) -> None:
    partial = "SELECT ?x { ?x a tip:Edition ; tip:coverage code:partial }"
    read_in_part = {last_part(str(each)) for each in shipped.rows(partial).column("x")}
    found = shipped.engine.select(shipped.queries["unmentioned-topics"].text)

    assert read_in_part
    assert {
        (last_part(str(row["edition"])) in read_in_part, row["availability"]) for row in found
    } == {
        (True, "not extracted"),
        (False, "not stated"),
    }


def test_every_topic_and_indicator_is_stated_or_unmentioned(shipped: LocalGraph) -> None:
    subjects = shipped.rows(
        "SELECT DISTINCT ?x { { ?x skos:inScheme code:topics } UNION"
        " { ?x skos:inScheme code:indicators . ?any tip:indicator ?x ; tip:edition/dcterms:spatial"
        " <http://publications.europa.eu/resource/authority/country/BEL> } }"
    )
    stated = shipped.rows(
        "SELECT DISTINCT ?x { ?on skos:broader* ?x . ?statement a tip:Statement ; ?by ?on ;"
        " tip:edition id:tip-2021-be . ?x skos:inScheme ?list"
        " FILTER(?list IN (code:topics, code:indicators)) }"
    )
    unmentioned = shipped.rows("unmentioned-topics", edition="tip-2021-be").column("topic")

    assert set(unmentioned).isdisjoint(stated.column("x"))
    assert {*unmentioned, *stated.column("x")} == set(subjects.column("x"))


def test_nearest_statement_is_one_that_show_names(shipped: LocalGraph) -> None:
    found = shipped.rows("unmentioned-topics", edition="tip-2021-be", topic="beds")

    assert [str(iri) for iri in found.column("nearest")] == [
        shipped.show("beds", edition="tip-2021-be").absences[0].nearest[0].iri
    ]


WARNING = "91 victims formally identified and assisted in 2020, compared with 159 assisted in 2019"
DOUBT = "Data on identified labor trafficking victims may have included cases that are not"


@pytest.mark.parametrize(
    ("query", "column", "value"),
    [
        ("figures", "value", "91"),
        ("series", "value", "91"),
        ("compare-countries", "value", "91"),
        ("breakdowns", "total", "91"),
        ("shares", "total", "91"),
        ("changes", "later", "91"),
        ("trends", "difference", "-68"),
        ("comparisons", "statement", "victims-compared"),
        ("caveats", "value", "91"),
    ],
)
def test_figure_of_2020_has_its_caveats_everywhere(query, column, value, shipped: LocalGraph):
    needed = {"indicator": VICTIMS} if query == "series" else {}
    found = [
        row
        for row in rows(shipped, query, area="BEL", edition="tip-2021-be", **needed)
        if row[column] == value
    ]

    assert found
    assert all(WARNING in row["caveat"] for row in found)
    if query != "shares":
        assert all(DOUBT in row["caveat"] for row in found)


def test_figure_has_the_same_caveats_in_every_query(shipped: LocalGraph) -> None:
    everywhere = {
        (row["edition"], row["statement"]): row["caveat"] for row in rows(shipped, "figures")
    }

    for query in ("shares", "residence-permits", "breakdowns", "awards", "exchange-rates"):
        for row in rows(shipped, query):
            assert row["caveat"] == everywhere.get((row["edition"], row["statement"]), ""), query
