"""A report: short first, and no figure without its speaker, its sentence and its caveats."""

import sys
from collections.abc import Iterator

import pytest

from tests.conftest import Run
from tipgraph import LocalGraph
from tipgraph.namespaces import ID, last_part
from tipgraph.render.document import Document, Section, Table, markdown
from tipgraph.safe_text import markdown as as_markdown

EDITION = "tip-2021-be"


@pytest.fixture(scope="module")
def belgium(shipped: LocalGraph) -> Document:
    return shipped.report("BEL")


def section(document: Document, title: str) -> Section:
    return next(each for each in document.filled if each.title == title)


def texts(document: Document) -> Iterator[str]:
    for each in document.filled:
        yield from (text for item in each.items for text in (item.line, *item.details))


def column(table: Table, name: str) -> list[str]:
    position = table.columns.index(name)
    return [row[position].text for row in table.rows]


def test_key_figures_come_first_then_criticism_and_what_is_missing(belgium: Document) -> None:
    titles = [each.title for each in belgium.filled]

    assert titles[:5] == [
        "Key figures",
        "Criticism",
        "What was not reported",
        "What the source says nothing about",
        "Who does what",
    ]
    assert titles[-2:] == ["Figures", "How to read this"]
    assert len(belgium.head) == 1
    key = belgium.filled[0]
    assert sum(1 + len(each.details) for each in key.items) <= 20
    first, *_ = section(belgium, "Criticism").items
    assert (first.lead, first.passages[0].place) == ("GRETA", "S20")


def test_key_figures_have_one_chart(shipped: LocalGraph) -> None:
    belgium, hungary = (shipped.report(area, pictures="svg") for area in ("BEL", "HUN"))

    for found in (belgium, hungary):
        assert [each.title for each in found.filled if each.pictures] == [
            "Key figures",
            "Who does what",
        ]
        (picture,) = found.filled[0].pictures
        assert picture.title.startswith("Victims identified")


def test_drawing_has_the_bodies_of_the_list_and_says_what_it_leaves_out(shipped: LocalGraph):
    who = section(shipped.report("BEL", pictures="svg"), "Who does what")
    (picture,) = who.pictures
    svg = picture.content.decode()
    listed = {item.lead for item in who.items}
    described = {each.partition(":")[0] for each in picture.description.split(". ")[:-1]}

    assert "Myria: coordinates and oversees three specialised NGO-run shelters." in (
        picture.description
    )
    assert svg.count("<path d=") == 2 * 12
    assert "somebody (not stated who)" not in svg
    assert described <= listed
    assert " more lines in the list." in picture.description
    assert f"<desc>{picture.description}</desc>" in svg


def test_caveat_is_listed_once_with_its_number(shipped: LocalGraph, belgium: Document) -> None:
    key = belgium.filled[0]
    written = markdown(belgium).partition("## Criticism")[0]

    for number, caveat in enumerate(key.caveats, start=1):
        assert written.count(f"\n{number}. {as_markdown(caveat)}\n") == 1
    assert "in 2019; who counted is not stated; stated by US Department of State. (caveat 1)" in (
        written
    )


def test_summary_has_five_caveats_at_most_and_the_figures_below_have_all(everything: LocalGraph):
    for area in ("BEL", "KEN", "THA", "IRL"):
        found = everything.report(area)
        key, (table,) = found.filled[0], section(found, "Figures").tables
        own = set(shown_caveats(everything, key, area))

        assert len(key.caveats) <= 5
        assert own <= set(table.noted)
        assert key.paragraphs or own <= {*key.caveats, *stated_in_lines(own)}


def shown_caveats(graph: LocalGraph, key: Section, area: str) -> Iterator[str]:
    """The caveats of the figures that a summary begins its lines with."""
    lines = {item.iri for item in key.items}
    rows = graph.rows("figures", area=area)
    for row in rows:
        if str(row["statement"]) in lines:
            yield from filter(None, str(row["caveat"] or "").split(" | "))


def stated_in_lines(caveats: set[str]) -> set[str]:
    """The caveats on periods, which the line itself states."""
    return {e for e in caveats if e.startswith(("the period is inferred", "the year is not"))}


def test_every_country_has_children_or_says_that_there_is_no_number(everything: LocalGraph):
    areas = set(map(str, everything.rows("figures", edition="all").column("area")))
    for area in sorted(each.rpartition("/")[2] for each in areas):
        key = everything.report(area).filled[0]
        among = [text for item in key.items for text in item.details]
        apart = [item.line for item in key.items if item.lead == "Children"]

        assert len(apart) <= 1
        assert apart or any(text.startswith("of these, ") for text in among), area
        if any(line.startswith("No number of children was found") for line in apart):
            counted = everything.rows("figures", area=area, edition="all", part="children")
            assert not {"persons"} & {last_part(str(unit)) for unit in counted.column("unit")}, area


def test_criticism_is_by_others_than_the_state_and_us(belgium: Document) -> None:
    speakers = {item.lead for item in section(belgium, "Criticism").items}
    own = {item.lead for item in section(belgium, "Difficulties that authorities report").items}

    assert own == {"Government of Belgium", "Ministry of Justice of Belgium"}
    assert not own & speakers
    assert "tipgraph (inference)" not in speakers
    (ours,) = section(belgium, "Our inferences from criticism").items
    assert ours.lead == "tipgraph (inference)"


def test_change_is_listed_once_though_several_editions_give_it(everything: LocalGraph) -> None:
    (table,) = section(everything.report("MEX"), "Trends").tables
    names = ("indicator", "part", "from", "earlier", "to", "later", "unit", "counted_by", "place")
    rows = list(zip(*(column(table, name) for name in names), strict=True))
    key = {row[:-1] for row in rows}

    assert len(set(rows)) == len(key)
    parts = column(table, "part")
    assert parts == sorted(parts, key=lambda part: part != "total")


def test_change_without_a_difference_has_the_reason(shipped: LocalGraph) -> None:
    (table,) = section(shipped.report("HUN"), "Trends").tables
    pairs = list(zip(column(table, "difference"), column(table, "not_computed"), strict=True))

    assert all(bool(difference) != bool(reason) for difference, reason in pairs)
    assert "Hungary 2018: first year of the register" in [reason for _, reason in pairs]


def test_bodies_of_a_country_are_named_with_what_they_do(shipped: LocalGraph) -> None:
    def lines(area: str) -> set[str]:
        items = section(shipped.report(area), "Who does what").items
        return {f"{each.lead} {each.line}" for each in items if each.passages}

    assert "Myria oversees three specialised NGO-run shelters" in lines("BEL")
    assert any(line.startswith("Government of Hungary ") for line in lines("HUN"))


def test_key_figures_have_speaker_and_sentence(shipped: LocalGraph, belgium: Document) -> None:
    rows = shipped.rows("figures", edition=EDITION)
    stated = {
        str(row["statement"]): (row, labelled)
        for row, labelled in zip(rows, shipped.labelled(rows), strict=True)
        if not row["converted"]
    }
    *figures, children = belgium.filled[0].items

    assert len(figures) == 6
    for item in figures:
        row, labelled = stated[item.iri]
        assert f"{row['value']:,}" in item.line
        assert item.line.endswith(f"stated by {labelled['speaker']}.")
        assert set(item.caveats) <= set(str(labelled["caveat"] or "").split(" | "))
        assert len(item.details) <= 2
        assert [each.place for each in item.passages] == [labelled["place"]]
        assert item.passages[0].link.startswith("https://www.state.gov/")
    assert children.line.startswith("The edition states no number of children")


def test_figures_of_three_counters_are_three_figures_of_the_summary(shipped: LocalGraph) -> None:
    summary = shipped.report(edition="tip-2019-hu").filled[0]
    identified = {e.line: e.details for e in summary.items if "victims identified by" in e.line}

    assert {line.partition(" ")[0] for line in identified} == {"26", "10", "33"}
    assert len({line.partition("; stated by ")[2] for line in identified} - {""}) == 3
    for details in identified.values():
        assert not any(each.startswith("other periods: 2018") for each in details)


def test_other_periods_have_what_differs_from_the_newest(belgium: Document) -> None:
    """No figure is without its sentence, its speaker and its caveats."""
    (referrals,) = (e for e in belgium.filled[0].items if e.line.startswith("820 referrals"))

    assert "other periods: 2019: 859 referrals (S03)" in referrals.details
    (table,) = section(belgium, "Figures").tables
    assert (
        "The comparison has “referrals” alone; we read shelters, victims and potential"
        " victims as repeated." in table.noted
    )
    (table,) = section(belgium, "Different figures for one period").tables
    assert any(
        "The broad legal definition of labor exploitation" in each
        for each in column(table, "earlier_caveat")
    )


def test_stated_years_come_before_those_that_are_not(everything: LocalGraph) -> None:
    summary = everything.report(edition="tip-2022-ke").filled[0]
    assert "of these, children: 437, our sum of girls and boys" in summary.items[0].details
    first, *_ = (each.line for each in summary.items)

    assert first.startswith("482 victims of trafficking identified by the government in 2021")


@pytest.mark.parametrize(
    ("area", "headline"),
    {
        "PHL": "1,443 victims of trafficking identified",
        "NLD": "984 possible victims registered",
        "FRA": "197 trafficking victims identified",
        "MEX": "440 victims identified by the government",
    }.items(),
)
def test_headline_is_what_the_country_counts_as_victims(everything: LocalGraph, area, headline):
    first, *_ = section(everything.report(area), "Key figures").items

    assert first.line.startswith(headline)


def test_all_figures_are_in_the_table_with_their_sources(shipped: LocalGraph, belgium):
    (table,) = section(belgium, "Figures").tables
    rows = shipped.labelled(shipped.rows("figures", edition=EDITION))

    for name in ("value", "indicator", "period", "speaker", "place", "caveat", "counted_by"):
        wanted = ["" if value is None else str(value) for value in rows.column(name)]
        assert column(table, name) == wanted
    assert all(row[-1].link for row in table.rows)
    assert set(column(table, "converted")) == {"true", "false"}


def test_other_figures_for_the_same_period_are_in_the_summary(belgium: Document) -> None:
    (assisted,) = (e for e in belgium.filled[0].items if e.line.startswith("159 victims"))
    (permits,) = (e for e in belgium.filled[0].items if e.line.startswith("174 residence permits"))

    assert (
        "TIP Report 2020, Belgium gives 265 for the same period (victims identified and assisted)"
        in assisted.details
    )
    assert (
        "other periods: 2019: 154 permits (S30); 2018: 248 permits (S30); 2017: 235 permits (S30)"
        in permits.details
    )
    (table,) = section(belgium, "Different figures for one period").tables
    assert ("265", "159") in zip(
        column(table, "earlier_value"), column(table, "value"), strict=True
    )


def test_statements_name_speaker_and_sentence(shipped: LocalGraph, belgium: Document) -> None:
    lists = {
        "What was not reported": ("not-reported", "statement"),
        "Obligations": ("obligations", "statement"),
        "Powers": ("powers", "statement"),
        "Consequences": ("consequences", "statement"),
        "Who pays": ("funding", "statement"),
    }
    for title, (query, name) in lists.items():
        items = section(belgium, title).items
        assert len(items) == len(set(shipped.rows(query, edition=EDITION).column(name)))
        for item in items:
            assert item.passages, (title, item)
            assert item.lead or item.details[0].startswith("stated by: "), (title, item)
    titles = ("Criticism", "Difficulties that authorities report", "Our inferences from criticism")
    found = [item.iri for title in titles for item in section(belgium, title).items]
    assert sorted(found) == sorted(
        map(str, set(shipped.rows("criticism", edition=EDITION).column("finding")))
    )


def test_no_statement_of_others_is_listed_twice(shipped: LocalGraph, belgium: Document) -> None:
    others = section(belgium, "What else others state").items
    criticism = section(belgium, "Criticism").items
    claims = set(shipped.rows("claims", edition=EDITION).column("statement"))
    findings = set(shipped.rows("criticism", edition=EDITION).column("finding"))

    remarks = set(shipped.rows("remarks", edition=EDITION).column("statement"))
    praise = section(belgium, "Praise").items

    assert len(others) == len(claims - findings - remarks)
    assert [each.iri for each in praise] == [f"{ID}tip-2021-be/funding-expected-more-stable"]
    assert {each.line for each in others}.isdisjoint(each.line for each in [*criticism, *praise])


def test_entitlements_are_listed_by_what_they_depend_on(shipped: LocalGraph, belgium):
    without, other, cooperation, is_open = (
        {each.line for each in section(belgium, title).items}
        for title in (
            "Entitlements for which no condition is stated",
            "Entitlements with a condition, but not of cooperation",
            "Entitlements that depend on cooperation with authorities",
            "Entitlements for which it is open whether they depend on cooperation",
        )
    )
    rows = shipped.labelled(shipped.rows("entitlements", edition=EDITION))

    every = [*without, *other, *cooperation, *is_open]
    assert set(every) == set(rows.column("entitlement"))
    assert len(every) == len(set(every))
    assert any(each.startswith("A 45-day reflection period") for each in without)
    assert any(each.startswith("Permanent residency") for each in other)
    assert any(each.startswith("A six-month residence") for each in is_open)
    assert any(each.startswith("Three-month residence") for each in cooperation)


def test_silence_is_not_stated_only_where_all_was_read(shipped: LocalGraph, belgium):
    silent = section(belgium, "What the source says nothing about")
    topics = shipped.labelled(shipped.rows("unmentioned-topics", edition=EDITION)).column("topic")

    assert {each.line for each in silent.items} == set(topics)
    assert "That is not zero" in silent.paragraphs[0]
    partial = shipped.report(edition="tip-2020-be")
    assert silent.title not in [each.title for each in partial.filled]
    assert "was not extracted" in partial.head[0]


def test_trends_mark_figures_that_are_worded_differently(belgium: Document) -> None:
    (table,) = section(belgium, "Trends").tables
    shown = zip(
        column(table, "later"), column(table, "worded_differently"), column(table, "caveat"),
        strict=True,
    )  # fmt: skip

    assert ("91", "true") in [(later, worded) for later, worded, _ in shown]
    for worded, percent in zip(
        column(table, "worded_differently"), column(table, "percent"), strict=True
    ):
        assert worded == "false" or percent == ""
    assert "all editions" in section(belgium, "Trends").paragraphs[0]
    assert len(belgium.sources) == 5


def test_two_editions_are_compared_and_each_is_named(shipped: LocalGraph) -> None:
    found = shipped.report(edition=["tip-2020-be", "tip-2021-be"])
    titles = [each.title for each in found.filled]

    assert titles[0] == "Key figures: TIP Report 2020, Belgium"
    assert titles[2] == "The two editions compared"
    assert "Compared: Figures of both, the newest of each" in titles
    assert {each.rpartition(": ")[2] for each in titles if each.startswith("Criticism")} <= {
        "TIP Report 2020, Belgium",
        "TIP Report 2021, Belgium",
    }
    assert len(found.sources) == 2


def test_two_countries_stand_side_by_side_with_what_is_not_comparable(shipped: LocalGraph):
    found = shipped.report(["BEL", "NLD"])
    beside = section(found, "The countries side by side")
    (table,) = beside.tables

    assert table.title == "Persons counted as identified"
    assert set(column(table, "area")) == {"Belgium", "Netherlands"}
    assert column(table, "period") == sorted(column(table, "period"))
    assert all(column(table, "speaker"))
    for area, not_with in zip(
        column(table, "area"), column(table, "not_comparable_with"), strict=True
    ):
        assert area == "Netherlands" or "it counts them in one" in not_with
    assert "never of the values" in beside.paragraphs[0]
    apart = section(found, "What is counted, but not set beside the other country")
    assert any(each.startswith("Belgium: ") and "granted" in each for each in apart.paragraphs)


def test_other_publishers_are_named_and_have_their_figures_on_a_topic_too(
    belgium: Document, shipped: LocalGraph
) -> None:
    named = "Myria, Payoke and Minister of Justice of Belgium have figures too: see “Figures of"
    on_topic = shipped.report("BEL", topic="assistance-services")
    for document in (belgium, on_topic):
        assert named in " ".join(document.filled[0].paragraphs)
    figures = section(on_topic, "Figures of other publishers").items
    assert figures
    rows = shipped.rows("SELECT ?figure { ?figure tip:topic code:assistance-services }")
    assert {each.iri for each in figures} <= set(map(str, rows.column("figure")))
    assert "Recommendations" in {each.title for each in on_topic.filled}


def test_topic_limits_every_list(shipped: LocalGraph) -> None:
    on_topic = {
        str(shipped.label(str(each)))
        for each in shipped.rows("statements", topic="residence-permit", edition=EDITION).column(
            "statement"
        )
    }
    found = shipped.report("BEL", topic="residence-permit")

    assert found.title == "Belgium: residence permit"
    entitlements = {
        item.line
        for each in found.filled
        if each.title.startswith("Entitlements")
        for item in each.items
    }
    assert entitlements
    assert entitlements <= on_topic
    (table,) = section(found, "Figures").tables
    assert set(column(table, "indicator")) == {"residence permits issued"}


def test_unknown_names_and_nothing_to_report_are_one_line(run: Run, shipped: LocalGraph) -> None:
    for command, message in {
        ("report",): "nothing to report on; name an area, such as --area BEL",
        ("report", "--area", "Belgum"): "did you mean 'Belgium', 'BEL' or 'Belgian'?",
        ("report", "--area", "BEL", "--edition", "1999"): "no edition of 1999 on BEL",
        ("report", "--area", "BEL", "--topic", "residense-permit"): "did you mean",
        ("report", "--area", "BEL", "--edition", "tip-2021-nl"): "is not on BEL",
    }.items():
        outcome = run(*command)
        assert (outcome.code, outcome.out) == (2, "")
        assert message in outcome.err
        assert outcome.err.count("\n") == 1


def test_report_without_matplotlib_says_what_it_lacks(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    outcome = run("report", "--area", "LUX", "--format", "html")

    assert outcome.code == 0
    assert "<img" not in outcome.out
    assert "install matplotlib" in outcome.err


def test_markdown_on_standard_output_is_the_document(run: Run, shipped: LocalGraph) -> None:
    assert run("report", "--area", "LUX").out == markdown(shipped.report("LUX"))


def test_empty_list_says_so_only_where_all_was_read(shipped: LocalGraph) -> None:
    none = section(shipped.report("BEL", topic="restitution"), "Consequences")

    assert none.paragraphs == ("The graph has no such statement of this edition.",)
    partial = shipped.report("NLD")
    assert "Powers" not in [each.title for each in partial.filled]
    assert "may be stated there" in partial.head[0]
