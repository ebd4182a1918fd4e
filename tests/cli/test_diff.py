"""`diff` shows the changes between two editions as text, Markdown and JSON."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tipgraph import open as open_graph
from tipgraph.editions.compare.statements import Aspect
from tipgraph.resources.folders import shipped

IN_PART = "was read in part: what is not found in it may be in the part that was not read"


def diff(run: Run, one: str, other: str) -> Any:
    outcome = run("diff", one, other, "--format", "json")
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def labels(entries: list[dict[str, Any]]) -> set[str]:
    return {entry["label"] for entry in entries}


def copied(country: str, folder: Path) -> Path:
    """A copy of the shipped data on one country, with the data that all countries share."""

    def others(_: str, names: list[str]) -> set[str]:
        return {each for each in names if re.fullmatch(f"tip-[0-9]+-(?!{country}).*", each)}

    return Path(shutil.copytree(Path(shipped().root) / "data", folder / "data", ignore=others))


@pytest.fixture
def belgium(run: Run) -> Any:
    return diff(run, "tip-2020-be", "tip-2021-be")


def test_figures_change_with_their_caveats(belgium: Any) -> None:
    changes = {
        (each["later"]["indicator"], each["later"]["part"]): each
        for each in belgium["figures"]["changes"]
    }
    victims = changes["victims identified and assisted", "total"]
    money = changes["allocation to each of the three specialised shelters", "per shelter"]

    assert (victims["earlier"]["value"], victims["later"]["value"]) == (265, 91)
    # 2019 is identified and assisted in one edition, assisted in the other.
    assert (victims["direction"], victims["difference"]) == ("not-comparable", None)
    assert "broad legal definition" in victims["earlier"]["caveat"]
    assert "worded differently" in victims["later"]["caveat"]
    assert (money["earlier"]["value"], money["later"]["value"]) == (427000, 419000)
    assert (money["earlier"]["approximate"], money["later"]["approximate"]) == (True, True)
    assert {each["later"]["unit"] for each in belgium["figures"]["changes"]} == {"persons", "EUR"}


def test_no_percentage_between_figures_that_are_worded_differently(belgium: Any) -> None:
    percent = {
        (each["later"]["indicator"], each["later"]["part"]): each["percent"]
        for each in belgium["figures"]["changes"]
    }
    money = percent.pop(("allocation to each of the three specialised shelters", "per shelter"))

    assert {name for name, _ in percent} == {"victims identified and assisted"}
    assert set(percent.values()) == {None}, "2019 is assisted, 2020 formally identified too"
    assert money is None, "two approximations"


def test_different_figures_for_one_period_are_a_revision(belgium: Any) -> None:
    (revision,) = belgium["figures"]["revisions"]

    assert revision["kind"] == "wording-differs"
    assert (revision["earlier"]["value"], revision["later"]["value"]) == (265, 159)
    assert "neither containing the other" in revision["note"]


def test_absence_from_partly_read_edition_is_neither_new_nor_dropped(
    run: Run, belgium: Any
) -> None:
    text = run("diff", "tip-2020-be", "tip-2021-be").out

    assert belgium["earlier"]["absence"] == "not found in what was read of TIP Report 2020, Belgium"
    assert belgium["later"]["absence"] == "not stated in TIP Report 2021, Belgium"
    assert f"TIP Report 2020, Belgium {IN_PART}" in " ".join(text.split())
    titles = [line for line in text.splitlines() if line and line[0] not in " <"]
    absence = "not found in what was read of TIP Report 2020, Belgium"
    assert f"Figures in TIP Report 2021, Belgium, {absence}" in titles
    heads = titles[titles.index("Figures, the newest of each") :]
    assert not any(
        word in line
        for line in heads
        for word in ("New", "Gone", "Dropped", "new ", "gone", "dropped")
    )


def test_claims_are_matched_by_verdict_and_topic(belgium: Any) -> None:
    both = {(one["label"], other["label"]) for one, other in belgium["claims"]["both"]}

    assert both == {
        (
            "Identifying child victims presented persistent challenges",
            "Identifying child victims presented particular challenges, experts had reported"
            " before",
        ),
        (
            "Many non-specialised authorities reportedly could not recognise trafficking"
            " indicators",
            "Many authorities not specialised in trafficking cases reportedly could not"
            " recognise trafficking indicators",
        ),
        (
            "The protocol was sometimes not followed",
            "Authorities sometimes failed to follow the victim referral protocol",
        ),
        (
            "The broad legal definition of labor exploitation may put cases into the data that are"
            " not trafficking under international law",
            "Data on identified labor trafficking victims may have included cases that are not"
            " trafficking crimes under international law, as Belgian law defines labor exploitation"
            " broadly",
        ),
    }
    assert not belgium["claims"]["only_earlier"]
    speakers = {s for one, _ in belgium["claims"]["both"] for s in one["speakers"]}
    assert "national rapporteur (Belgium)" in speakers


def test_similar_claims_are_not_called_absent(run: Run, belgium: Any) -> None:
    claims = diff(run, "tip-2019-be", "tip-2021-be")["claims"]
    near = {(one["label"], other["label"]) for one, other in claims["similar"]}
    reported = (
        "In some cases child protective services were not properly notified",
        "Authorities that identified an unaccompanied child victim sometimes did not notify child"
        " protective services properly",
    )

    assert reported in near
    assert not set(reported) & (labels(claims["only_earlier"]) | labels(claims["only_later"]))
    ((one, other),) = belgium["non_reports"]["similar"]
    assert (one["label"], other["label"]) == (
        "The government did not report training authorities on victim identification",
        "The government did not report training law enforcement on victim identification",
    )
    text = run("diff", "tip-2020-be", "tip-2021-be").out
    assert "Non-reports and absences of reports, similar but not the same" in text


def test_non_reports_of_one_edition_are_listed(belgium: Any) -> None:
    non_reports = belgium["non_reports"]

    assert not non_reports["only_earlier"]
    assert "The government did not report whether courts granted restitution in 2020" in labels(
        non_reports["only_later"]
    )
    assert len(non_reports["only_later"]) == 4


def test_obstacles_to_a_comparison_are_shown_with_it(run: Run, belgium: Any) -> None:
    total = next(each for each in belgium["figures"]["changes"] if each["later"]["value"] == 91)
    assert (total["restatement"]["value"], total["restatement"]["indicator"]) == (
        159,
        "victims assisted",
    )

    text = " ".join(run("diff", "tip-2020-nl", "tip-2022-nl").out.split())
    labor = text[text.index("142 persons (2018)") : text.index("458 persons (2018)")]
    assert "only one of the two has: both." in labor
    assert "2020: Of the whole: most recent year with official data; parts overlap" in labor


def test_figures_of_different_counters_are_not_compared(run: Run, tmp_path: Path) -> None:
    data = copied("nl", tmp_path)
    file = data / "tip-2020-nl" / "figures.ttl"
    text, police = file.read_text("utf-8"), "id:netherlands-police"
    actor = f"""
{police} a tip:AuthorityGroup ; rdfs:label "police (Netherlands)"@en ; tip:named false ;
  dcterms:spatial country:NLD .
"""
    counted = text.replace("id:netherlands-registration-centre-and-coordinator", police)
    prefix = (
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix country: <http://publications.europa.eu/resource/authority/country/> .\n"
    )
    file.write_text(prefix + counted + actor, encoding="utf-8")

    outcome = run("diff", "tip-2020-nl", "tip-2022-nl", "--data", data, "--no-bundled")
    assert outcome.code == 0, outcome.err
    text = " ".join(outcome.out.split())
    compared, _, apart = text.partition("Figures in TIP Report 2020")
    assert "police (Netherlands)" not in compared
    assert apart.count("counted by police (Netherlands)") > 4
    assert "counted by national registration centre" in apart


def test_parts_worded_differently_are_compared_with_their_wording(run: Run) -> None:
    figures = diff(run, "tip-2018-be", "tip-2019-be")["figures"]
    changes = {
        (each["earlier"]["part"], each["later"]["part"]): each
        for each in figures["changes"]
        if each["later"]["unit"] == "persons"
    }
    labor = changes["labor trafficking", "labor exploitation"]
    sexual = changes["sex trafficking", "sexual exploitation"]

    assert set(changes) == {
        ("total", "total"),
        ("labor trafficking", "labor exploitation"),
        ("sex trafficking", "sexual exploitation"),
        ("other forms", "other forms"),
    }
    assert (labor["earlier"]["value"], labor["later"]["value"]) == (61, 80)
    assert (sexual["earlier"]["value"], sexual["later"]["value"]) == (59, 38)
    for change, value in ((labor, 61), (sexual, 59)):
        assert "where the editions of 2017 and 2018 had" in change["wording"]
        assert (change["restatement"]["value"], change["restatement"]["period"]) == (value, "2017")
        assert change["other_parts"] == []
    assert [each["part"] for each in figures["only_earlier"]] == ["forced criminality"]
    assert not figures["only_later"]
    assert {(each["earlier"]["part"], each["kind"]) for each in figures["revisions"]} == {
        ("labor trafficking", "wording-differs"),
        ("sex trafficking", "wording-differs"),
    }
    text = " ".join(run("diff", "tip-2018-be", "tip-2019-be").out.split())
    assert (
        "victims identified and assisted, labor trafficking: 61 persons (2017), then victims"
        " identified and assisted, labor exploitation: 80 persons (2018); +19, +31.1%"
    ) in text
    assert (
        "The wording differs, and so may what is counted: Belgium: labor exploitation, where the"
        " editions of 2017 and 2018 had labor trafficking. For 2017 the second edition itself gives"
        " 61 persons (victims identified and assisted, labor exploitation)."
    ) in text
    assert "itself gives 59 persons (victims identified and assisted, sex exploitation)." in text


def test_caveat_of_both_figures_is_printed_once_with_both_periods(run: Run) -> None:
    text = " ".join(run("diff", "tip-2018-be", "tip-2019-be").out.split())
    labor = text[text.index("labor trafficking: 61") : text.index("other forms: 17")]

    assert labor.count("where editions before 2021 had") == 1
    assert "2017 and 2018: Belgium: victims assisted, where editions before 2021 had" in labor
    assert labor.count("where the editions of 2017 and 2018 had") == 1, "the wording has its line"


def test_norms_are_matched_by_their_provisions(run: Run) -> None:
    norms = diff(run, "tip-2018-be", "tip-2021-be")["norms"]
    aspects = {
        (each["name"], tuple(each["earlier"]), tuple(each["later"]))
        for change in norms["changed"]
        for each in change["aspects"]
    }

    assert aspects == {
        ("condition", (), ("assists the prosecution",)),
        ("benefit", ("victim status",), ("assistance services",)),
        ("beneficiary", ("victim",), ("adult victim",)),
    }
    assert (norms["unchanged"], norms["only_earlier"]) == ([], [])
    assert len(diff(run, "tip-2017-be", "tip-2018-be")["norms"]["unchanged"]) == 2


def test_durations_are_compared_with_their_units(tmp_path: Path) -> None:
    copy = copied("be", tmp_path)
    stated = "tip:states          provision:be-victim-status-on-two-conditions ;"
    for edition, unit in (("tip-2018-be", "month"), ("tip-2019-be", "day")):
        file = copy / edition / "entitlements.ttl"
        text = file.read_text(encoding="utf-8")
        assert text.count(stated) == 1
        duration = f"{stated} tip:durationValue 3 ; tip:durationUnit code:{unit} ;"
        file.write_text(text.replace(stated, duration), encoding="utf-8")

    norms = open_graph(copy, bundled=False).diff("tip-2018-be", "tip-2019-be").norms

    (change,) = norms.changed
    assert change.aspects == (Aspect("duration", ("3 month",), ("3 day",)),)


def test_different_wording_is_shown_with_the_change(run: Run) -> None:
    changes = diff(run, "tip-2021-hu", "tip-2022-hu")["figures"]["changes"]
    total = next(each for each in changes if each["later"]["part"] == "total")

    assert (total["earlier"]["value"], total["later"]["value"]) == (188, 171)
    assert "victims registered" in total["wording"]
    text = " ".join(run("diff", "tip-2021-hu", "tip-2022-hu").out.split())
    assert "The wording differs, and so may what is counted: Hungary: victims identified" in text


def test_other_direction_has_the_same_changes_backwards(run: Run, belgium: Any) -> None:
    back = diff(run, "tip-2021-be", "tip-2020-be")

    def pairs(entries: list[dict[str, Any]], one: str, other: str) -> set[tuple[str, str]]:
        return {(each[one]["iri"], each[other]["iri"]) for each in entries}

    for name in ("changes", "revisions"):
        forth = pairs(belgium["figures"][name], "earlier", "later")
        assert forth == pairs(back["figures"][name], "later", "earlier")
    assert labels(back["non_reports"]["only_earlier"]) == labels(
        belgium["non_reports"]["only_later"]
    )
    assert (belgium["backwards"], back["backwards"]) == (False, True)


def test_markdown_links_each_passage(run: Run) -> None:
    text = run("diff", "tip-2020-be", "tip-2021-be", "--format", "markdown").out

    assert "\n> From TIP Report 2020, Belgium to TIP Report 2021, Belgium." in text
    assert (
        "- **not-comparable**: victims identified and assisted: 265 persons (2019), then 91" in text
    )
    assert "[S02 “formally identified and assisted 91 victims”](https://www.state.gov/" in text


@pytest.mark.parametrize(
    ("editions", "message"),
    [
        (
            ("tip-2020-be", "tip-2021-nl"),
            "are about two countries; use 'tipgraph query compare-countries'",
        ),
        (
            ("tip-2020-be", "tip-2020-be"),
            "tip-2020-be cannot be compared with itself; name two editions",
        ),
        (
            ("tip-2020-be", "tip-2021-bee"),
            "unknown edition 'tip-2021-bee'; did you mean 'tip-2021-be'",
        ),
    ],
)
def test_editions_that_cannot_be_compared_are_a_usage_error(
    run: Run, editions: tuple[str, str], message: str
) -> None:
    outcome = run("diff", *editions)

    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_python_and_json_give_the_same(belgium: Any) -> None:
    difference = open_graph().diff("tip-2020-be", "tip-2021-be")

    assert json.loads(json.dumps(difference.as_dict())) == belgium
