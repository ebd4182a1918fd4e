"""The tutorial for authors and the page that goes on with it, followed from beginning to end."""

import re
from pathlib import Path

import pytest

from tests.conftest import link_resources
from tipgraph.resources import folders

from .follow import ROOT, Outcome, assert_as_shown, follow

pytest.importorskip("tipgraph_draft", reason="tipgraph-draft is not installed")
pytestmark = pytest.mark.slow(reason="follows the pages, in which every check reads the graph")

PAGES = ["docs/tutorials/author.md", "docs/adding-an-edition.md"]
# Each check reads a graph, which is that of the countries on the pages.
OTHER_COUNTRY = re.compile(r"[\w-]+-(?!be|ke|mt)[a-z]{2}/|actors/(?!shared|belgium|kenya|malta)")


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of somebody who follows the pages."""
    return tmp_path_factory.mktemp("author")


@pytest.fixture(scope="module")
def outcomes(author: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Each command of the pages, with the graph of the countries that they name."""
    with pytest.MonkeyPatch.context() as patch:
        root = link_resources("author", OTHER_COUNTRY, tmp_path_factory)
        patch.setenv(folders.VARIABLE, str(root))
        return follow("\n".join((ROOT / page).read_text("utf-8") for page in PAGES), author)


def of(outcomes: list[Outcome], beginning: str) -> list[str]:
    return [each.printed for each in outcomes if each.command.startswith(beginning)]


def test_output_on_the_pages_is_the_real_output(outcomes: list[Outcome]) -> None:
    assert sum(bool(each.shown) for each in outcomes) > 10
    for outcome in outcomes:
        assert_as_shown(outcome)


def test_commands_succeed_except_checks_of_unfinished_work(outcomes: list[Outcome]) -> None:
    checks = [each.code for each in outcomes if each.command.startswith("tipgraph check")]
    assert checks == [1, 0, 0, 0]
    failing = [each.command for each in outcomes if each.code > 1]
    assert failing == [each.command for each in outcomes if "--missing" in each.command]
    others = [each.code for each in outcomes if not each.command.startswith("tipgraph check")]
    assert sorted(others) == [0] * (len(others) - 1) + [3]


def test_review_is_of_six_rows_and_begins_with_the_doubt(author, outcomes):
    assert of(outcomes, "tipgraph review")
    first, *others = (author / "pages.html").read_text(encoding="utf-8").split("<!DOCTYPE")[1:]

    assert '<h2 id="sentence">S01' in first
    assert "parts by exploitation sum to 110 of 120" in first
    assert "0 of 6 rows decided" in first
    assert len(others) == 3


def test_misspelt_name_has_a_suggestion(outcomes: list[Outcome]) -> None:
    first, second, *_ = of(outcomes, "tipgraph check")

    (line,) = [each for each in first.splitlines() if "goverment" in each]
    assert re.match(r"tip-2030-ke/statements\.ttl:\d+:\d+: ", line)
    assert "kenya-government" in line
    assert "goverment" not in second


def test_difference_shows_figures_claims_and_non_reports(outcomes: list[Outcome]) -> None:
    (difference,) = of(outcomes, "tipgraph diff")
    flat = " ".join(difference.split())

    assert "victims of trafficking identified: 482 persons (2021), then 120 persons (2029)" in flat
    assert "Shelters had too few places for child victims, observers said" in flat
    assert "The government did not report training police" in flat
