"""Forms and addresses with parameters lead to pages of their own on the site of files."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.tools import needs_command

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.slow(reason="writes the site of some countries, and opens it in Chromium"),
    needs_command("chromium"),
]


def test_editions_are_compared_in_their_order(address: str, page: "Page") -> None:
    def choose(earlier: str, later: str) -> None:
        page.get_by_label("Earlier edition").select_option(earlier)
        page.get_by_label("Later edition").select_option(later)
        page.get_by_role("button", name="Compare").click()

    page.goto(f"{address}-/compare.html")
    choose("tip-2021-be", "tip-2021-nl")
    assert "on two countries" in page.get_by_role("alert").inner_text()
    choose("tip-2021-be", "tip-2021-be")
    assert page.get_by_role("alert").inner_text() == "This is one edition. Choose two."
    assert page.url == f"{address}-/compare.html"
    choose("tip-2021-be", "tip-2020-be")
    page.get_by_role("heading", name="TIP Report 2020, Belgium and TIP Report 2021").wait_for()
    assert page.url == f"{address}-/compare/tip-2020-be/tip-2021-be.html"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("-/network.html?area=NLD", "-/network/NLD.html"),
        ("-/network.html?area=netherlands&actor=greta", "-/network/NLD.html?actor=greta"),
        ("-/network/tip-2021-be.html?area=NLD", "-/network/NLD.html"),
        (
            "-/compare.html?earlier=tip-2021-be&later=tip-2020-be",
            "-/compare/tip-2020-be/tip-2021-be.html",
        ),
        ("-/entitlements.html?edition=tip-2021-be", "-/entitlements/tip-2021-be.html"),
        ("-/countries.html?area=BEL", "query/compare-countries.html?area=BEL"),
    ],
)
def test_parameters_of_an_address_lead_to_the_page(
    address: str, page: "Page", asked: str, expected: str
) -> None:
    page.goto(address)
    page.goto(address + asked)
    page.wait_for_url(lambda url: url.startswith(address + expected))
    page.go_back()

    assert page.url == address


def test_parameters_without_a_page_are_reported(address: str, page: "Page") -> None:
    page.goto(f"{address}-/network.html?area=Atlantis")

    assert page.get_by_role("alert").inner_text() == "Country: there is no page for “Atlantis”."


def test_pages_say_without_scripts_what_needs_them(folder: Path, page: "Page") -> None:
    assert page.context.browser
    plain = page.context.browser.new_context(java_script_enabled=False).new_page()
    for name in ("network", "compare", "countries", "entitlements"):
        plain.goto((folder / "-" / f"{name}.html").as_uri() + "?area=NLD")

        assert "parameters of an address need JavaScript" in plain.inner_text("main"), name
