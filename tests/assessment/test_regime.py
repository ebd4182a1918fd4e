"""Another country's regime is data: an invented one works as it stands."""

from pathlib import Path
from typing import Any

import pytest

import tipgraph
from tests.conftest import Run
from tipgraph.assess.formats.wording import notice
from tipgraph.assess.matrix import matrix
from tipgraph.assess.regime import Regime
from tipgraph.errors import UsageError
from tipgraph.graph import LocalGraph

from .kit import ask, statuses

FIXTURE = Path(__file__).parents[1] / "fixtures/regime/tip-2022-lu"
ADULT = {"citizenship": "ALB", "age": 30}


@pytest.fixture(scope="module")
def luxembourg(tmp_path_factory: pytest.TempPathFactory) -> Regime:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        regime = tipgraph.open(FIXTURE).regime("tip-2022-lu")
        assert regime.rules.concluding.inserts
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
        ("contact-broken-off", "counselling-accepted under-physical-threat", "blocked"),
        ("contact-broken-off counselling-accepted", "", "undetermined"),
        ("contact-broken-off counselling-accepted living-abroad", "", "blocked"),
        ("counselling-accepted", "contact-broken-off", "blocked"),
        ("", "", "undetermined"),
    ],
)
def test_conditions_within_conditions(met: str, not_met: str, aid: str, luxembourg: Regime) -> None:
    case = {**ADULT, "met": met.split(), "notMet": not_met.split()}

    assert statuses(ask(luxembourg, case))["aid"] == aid


def test_what_blocks_and_what_it_turns_on(luxembourg: Regime) -> None:
    abroad = ask(luxembourg, {**ADULT, "met": ["living-abroad"]})["rungs"]
    untold = ask(luxembourg, {**ADULT, "met": ["contact-broken-off"]})["rungs"]
    [blocked] = [rung for rung in abroad if rung["entitlement"] == "aid"]
    [open_] = [rung for rung in untold if rung["entitlement"] == "aid"]

    assert blocked["blockedBy"] == ["living-abroad"], "a fact that is met stands in the way"
    assert sorted(open_["needs"]) == [
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
def test_one_of_two_categories_is_enough(
    person: dict[str, Any], aid: str, luxembourg: Regime
) -> None:
    enough = {"met": ["contact-broken-off", "counselling-accepted"], "notMet": ["living-abroad"]}

    assert statuses(ask(luxembourg, {**person, **enough}))["aid"] == aid


def test_a_fact_of_its_own(luxembourg: Regime) -> None:
    def stay(**case: Any) -> Any:
        answer = ask(luxembourg, {**ADULT, **case})
        [rung] = [each for each in answer["rungs"] if each["entitlement"] == "stay"]
        return rung["status"], rung["final"], rung["duration"]

    assert stay(met="employer-convicted") == ("condition-met", False, "P12M")
    assert stay(notMet="employer-convicted") == ("blocked", False, "P12M")
    ended = stay(notMet="employer-convicted", met="criminal-case-ended")
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
def test_who_is_foreign_turns_on_the_country(
    country: str, citizenship: str, stay: str, tmp_path: Path
) -> None:
    """Outside the Union its citizens are as foreign as any; within it, that stays open."""
    regime = elsewhere(tmp_path, country)
    case = {"citizenship": citizenship, "age": 30, "met": "employer-convicted"}

    assert statuses(ask(regime, case))["stay"] == stay


def test_what_is_told_of_a_source_without_a_period(luxembourg: Regime) -> None:
    answer = ask(luxembourg, ADULT)

    assert (answer["regime"], answer["edition"], answer["period"]) == (
        "Luxembourg", "tip-2022-lu", "2022",
    )  # fmt: skip
    assert "Invented report 2022" in answer["notice"]


def test_its_matrix(luxembourg: Regime) -> None:
    from tipgraph.assess.parse_case import read_case

    case = read_case(ADULT, luxembourg.engine, luxembourg.resources)
    groups = {group.names: group for group in matrix(luxembourg, case)}

    assert {len(group.rows) for group in groups.values()} == {16, 2}
    available = [found for _, found in groups[("aid",)].rows if found == ("available",)]
    assert len(available) == 3, "contact, not abroad, and one or both of the two"


def test_the_command_on_it(run: Run) -> None:
    told = run("assess", "--age", 30, "--data", FIXTURE, "--format", "json")
    chosen = run("assess", "--age", 30, "--data", FIXTURE, "--edition", "tip-2021-be")

    assert '"edition": "tip-2022-lu"' in told.out, "the newest that is fully covered"
    assert (told.code, chosen.code) == (0, 0)
    assert "Belgium (US Department of State)" in chosen.out


def test_editions_that_cannot_be_meant(shipped: tipgraph.LocalGraph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is called 'tip-1999-be'"):
        shipped.regime("tip-1999-be")

    partial = tmp_path / "partial"
    partial.mkdir()
    for file in FIXTURE.glob("*.ttl"):
        text = file.read_text("utf-8").replace("code:complete", "code:partial")
        (partial / file.name).write_text(text, "utf-8")
    assert tipgraph.open(partial).regime().edition.endswith("tip-2021-be")

    (partial / "entitlements.ttl").unlink()
    with pytest.raises(UsageError, match="nothing of entitlements is held of tip-2022-lu; there"):
        tipgraph.open(partial).regime("tip-2022-lu")
    with pytest.raises(UsageError, match="choose with --edition one of: none in this graph"):
        tipgraph.open(partial, bundled=False).regime()


def test_that_two_editions_of_one_year_have_to_be_told_apart(tmp_path: Path) -> None:
    same = tmp_path / "same"
    same.mkdir()
    for file in FIXTURE.glob("*.ttl"):
        text = file.read_text("utf-8").replace("tip:year           2022", "tip:year 2021")
        (same / file.name).write_text(text, "utf-8")

    with pytest.raises(UsageError, match="choose with --edition one of: tip-2021-be, tip-2022-lu"):
        tipgraph.open(same).regime()


def test_a_regime_that_is_told_in_the_barest_words(tmp_path: Path) -> None:
    """Without words for its requirements, quotes, labels of actors: the statuses are the same."""
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
    enough = {"met": ["contact-broken-off", "counselling-accepted"], "notMet": ["living-abroad"]}

    assert statuses(ask(regime, {**ADULT, **enough}))["aid"] == "available"
    assert {fact[0] for fact in regime.described_facts()} >= {"living-abroad", "employer-convicted"}


def test_that_an_edition_that_was_read_in_part_is_told_to_be(shipped: LocalGraph) -> None:
    case = {"citizenship": ["ALB"], "age": 30}

    assert "other norms and conditions may stand" in notice(
        shipped.assess(case, edition="tip-2018-be").answer
    )
    assert "read in part" not in notice(shipped.assess(case).answer)
