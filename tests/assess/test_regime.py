"""Another country's regime is data: an invented one works without changes to the code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import tipgraph
from tests.conftest import Run
from tipgraph.assess.case import Case, read_case
from tipgraph.assess.overview import list_facts, overview
from tipgraph.assess.regime import Conclusions, Regime
from tipgraph.assess.wording import notice
from tipgraph.errors import UsageError
from tipgraph.graph import LocalGraph
from tipgraph.resources.folders import VARIABLE
from tipgraph.store.engine import Embedded

from .kit import answer_to, statuses

FIXTURE = Path(__file__).parents[1] / "fixtures/regime/tip-2022-lu"
ADULT = {"citizenship": "ALB", "age": 30}


@pytest.fixture(scope="module")
def luxembourg(small_resources: Path) -> Regime:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(VARIABLE, str(small_resources))
        regime = tipgraph.open(FIXTURE).regime("tip-2022-lu")
    assert regime.rules.concluding.rules
    return regime


def elsewhere(folder: Path, country: str) -> Regime:
    """The same regime in another country."""
    copy = folder / "tip-2022-lu"
    copy.mkdir()
    for file in FIXTURE.glob("*.ttl"):
        text = file.read_text("utf-8").replace("country:LUX", f"country:{country}")
        (copy / file.name).write_text(text, "utf-8")
    return tipgraph.open(copy).regime("tip-2022-lu")


@pytest.mark.parametrize(
    ("met", "not_met", "aid"),
    [
        ("contact-broken-off counselling-accepted", "living-abroad", "available"),
        ("contact-broken-off under-physical-threat", "living-abroad", "available"),
        ("contact-broken-off", "living-abroad counselling-accepted", "undetermined"),
        ("contact-broken-off", "counselling-accepted under-physical-threat", "condition-not-met"),
        ("contact-broken-off counselling-accepted", "", "undetermined"),
        ("contact-broken-off counselling-accepted living-abroad", "", "condition-not-met"),
        ("counselling-accepted", "contact-broken-off", "condition-not-met"),
        ("", "", "undetermined"),
    ],
)
def test_nested_conditions(met: str, not_met: str, aid: str, luxembourg: Regime) -> None:
    case = {**ADULT, "met": met.split(), "not_met": not_met.split()}

    assert statuses(answer_to(luxembourg, case))["aid"] == aid


def test_blocked_and_undetermined_benefits_name_facts(luxembourg: Regime) -> None:
    abroad = answer_to(luxembourg, {**ADULT, "met": ["living-abroad"]})["benefits"]
    unknown = answer_to(luxembourg, {**ADULT, "met": ["contact-broken-off"]})["benefits"]
    [blocked] = [each for each in abroad if each["name"] == "aid"]
    [open_] = [each for each in unknown if each["name"] == "aid"]

    assert blocked["blocked_by"] == ["living-abroad"], "a fact that is met blocks it"
    assert sorted(open_["depends_on"]) == [
        "counselling-accepted", "living-abroad", "under-physical-threat",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("person", "aid"),
    [
        ({"age": 30}, "available"),
        ({"age": 12, "unaccompanied": True}, "available"),
        ({"age": 12, "unaccompanied": False}, "not-stated"),
        ({"age": 12}, "undetermined"),
        ({}, "undetermined"),
    ],
)
def test_one_of_two_categories_is_sufficient(person, aid, luxembourg):
    enough = {"met": ["contact-broken-off", "counselling-accepted"], "not_met": ["living-abroad"]}

    assert statuses(answer_to(luxembourg, {**person, **enough}))["aid"] == aid


def test_edition_can_define_a_fact(luxembourg: Regime) -> None:
    def stay(**case: Any) -> Any:
        answer = answer_to(luxembourg, {**ADULT, **case})
        [benefit] = [each for each in answer["benefits"] if each["name"] == "stay"]
        return benefit["status"], benefit["final"], benefit["duration"]

    assert stay(met="employer-convicted") == ("condition-met", False, "P12M")
    assert stay(not_met="employer-convicted") == ("blocked", False, "P12M")
    ended = stay(not_met="employer-convicted", met="criminal-case-ended")
    assert ended == ("blocked", True, "P12M")


@pytest.mark.parametrize(
    ("country", "citizenship", "stay"),
    [
        ("LUX", "ROU", "undetermined"),
        ("LUX", "LUX", "not-applicable"),
        ("LUX", "NGA", "condition-met"),
        ("USA", "ROU", "condition-met"),
        ("USA", "USA", "not-applicable"),
    ],
)
def test_foreign_depends_on_the_country(country, citizenship, stay, tmp_path, one_edition):
    """EU citizens are foreign outside the EU; in a member state that stays open."""
    regime = elsewhere(tmp_path, country)
    case = {"citizenship": citizenship, "age": 30, "met": "employer-convicted"}

    assert statuses(answer_to(regime, case))["stay"] == stay


def test_year_of_an_edition_is_not_the_period_that_it_covers(luxembourg: Regime) -> None:
    answer = answer_to(luxembourg, ADULT)

    assert (answer["regime"], answer["edition"], answer["period"]) == (
        "Luxembourg", "tip-2022-lu", None,
    )  # fmt: skip
    assert "Invented report 2022" in answer["notice"]
    assert "covering" not in answer["notice"]


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_command_chooses_the_newest_complete_edition(run: Run) -> None:
    default = run("assess", "--age", 30, "--data", FIXTURE, "--format", "json")
    chosen = run("assess", "--age", 30, "--data", FIXTURE, "--edition", "tip-2021-be")

    assert '"edition": "tip-2022-lu"' in default.out, "the newest that is fully covered"
    assert (default.code, chosen.code) == (0, 0)
    assert "Belgium (US Department of State)" in chosen.out


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_edition_without_entitlements_is_rejected(shipped: tipgraph.LocalGraph, tmp_path):
    with pytest.raises(UsageError, match="unknown edition 'tip-1999-be'"):
        shipped.regime("tip-1999-be")

    # Of the editions of a year, few state entitlements.
    assert shipped.regime("2021").edition == shipped.regime("tip-2021-be").edition
    with pytest.raises(UsageError, match="edition '2020' has no entitlements; editions that have"):
        shipped.regime("2020")

    partial = tmp_path / "partial"
    partial.mkdir()
    for file in FIXTURE.glob("*.ttl"):
        text = file.read_text("utf-8").replace("code:complete", "code:partial")
        (partial / file.name).write_text(text, "utf-8")
    assert tipgraph.open(partial).regime().edition.endswith("tip-2021-be")

    (partial / "entitlements.ttl").unlink()
    with pytest.raises(
        UsageError, match="edition tip-2022-lu has no entitlements; editions that have:"
    ):
        tipgraph.open(partial).regime("tip-2022-lu")
    with pytest.raises(UsageError, match="choose an edition with --edition: none in this graph"):
        tipgraph.open(partial, bundled=False).regime()


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_equally_new_editions_require_a_choice(tmp_path: Path) -> None:
    same = tmp_path / "same"
    same.mkdir()
    for file in FIXTURE.glob("*.ttl"):
        text = file.read_text("utf-8").replace("tip:year           2022", "tip:year 2021")
        (same / file.name).write_text(text, "utf-8")

    with pytest.raises(
        UsageError, match="choose an edition with --edition: tip-2021-be, tip-2022-lu"
    ):
        tipgraph.open(same).regime()


def test_regime_without_optional_statements(tmp_path: Path, one_edition: None) -> None:
    """Without evidence of requirements, quotes and labels of actors the statuses are the same."""
    bare = tmp_path / "bare"
    bare.mkdir()
    text = (FIXTURE / "entitlements.ttl").read_text("utf-8")
    prefixes, norms = text.split("# A fact that no other edition knows")
    lines = [line for line in norms.splitlines() if not line.strip().startswith("tip:evidence")]
    kept = "\n".join(line.replace(" ; tip:evidence lu:S01-all .", " .") for line in lines)
    kept = kept.replace("lu:contact , lu:counselling-or-threat , lu:not-abroad ;",
                        "lu:contact , lu:counselling-or-threat , lu:not-abroad .")  # fmt: skip
    kept = kept.replace("lu:counselling , lu:threat ;", "lu:counselling , lu:threat .")
    kept = kept.replace("cv:hasRequirement lu:abroad ;", "cv:hasRequirement lu:abroad .")
    (bare / "norms.ttl").write_text(f"{prefixes}\n{kept}", "utf-8")
    (bare / "edition.ttl").write_text(
        (FIXTURE / "edition.ttl").read_text("utf-8").partition("lu:text\n")[0], "utf-8"
    )
    regime = tipgraph.open(bare).regime("tip-2022-lu")
    enough = {"met": ["contact-broken-off", "counselling-accepted"], "not_met": ["living-abroad"]}

    assert statuses(answer_to(regime, {**ADULT, **enough}))["aid"] == "available"
    assert {each.fact for each in list_facts(regime)} >= {"living-abroad", "employer-convicted"}


def test_notice_mentions_partial_coverage(shipped: LocalGraph) -> None:
    case = {"citizenship": ["ALB"], "age": 30}

    assert "the rest may state other norms and conditions" in notice(
        shipped.assess(case, edition="tip-2018-be").answer
    )
    assert "Only part of it was read" not in notice(shipped.assess(case).answer)


def test_overview_runs_the_rules_once(belgium: Regime, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    conclude = Regime.conclude

    def counted(regime: Regime, cases: Mapping[str, Case]) -> Embedded:
        runs.append(cases)
        return conclude(regime, cases)

    monkeypatch.setattr(Regime, "conclude", counted)

    found = overview(belgium)

    assert len(runs) == 1
    assert len(found.rows) == len(found.answer.outcomes)


@pytest.mark.parametrize(
    "case",
    [
        {"citizenship": "LUX", "age": 30},
        {"citizenship": "ALB", "age": 30, "not_met": ["agrees-to-conditions"]},
    ],
)
def test_norms_of_other_editions_are_not_concluded_on(case, luxembourg):
    read = read_case(case, luxembourg.engine)
    norms = Conclusions(luxembourg.conclude({"case": read}), "case").norms

    assert norms
    assert all(each.startswith(f"{luxembourg.edition}/") for each in norms)


def test_norm_from_which_nothing_follows_is_an_error(one_edition, run, tmp_path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix tip: <https://w3id.org/tipgraph/ns#> ."
        " <https://w3id.org/tipgraph/id/tip-2017-be/victim-status> tip:presentedUnder <urn:x> ."
    )
    outcome = run("assess", "--edition", "tip-2017-be", "--age", 16, "--data", own)

    assert (outcome.code, outcome.out) == (2, "")
    assert "<urn:x>: this norm lacks its type or its strength" in outcome.err
