"""The site of files shows in the browser the same answers as the server."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.explorer.conftest import Client
from tests.tools import needs_command

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.slow(reason="writes the site of some countries, and opens it in Chromium"),
    needs_command("chromium"),
]
# Addresses with parameters of each kind: names of countries, years, notes, several tables, text
# that a shell and Python quote, and none that fits.
ADDRESSES = (
    "funding?area=BEL",
    "funding?edition=all&area=Belgium",
    "figures?edition=2021&area=be",
    "figures?edition=belgium",
    "evidence?statement=referrals-2020",
    "series?indicator=residence-permits-issued&area=BEL",
    "compare-countries?stage=counted-assisted&area=BEL",
    "actors?kind=AuthorityGroup&area=BEL",
    "awards?area=LUX",
)
WRONG = {
    "evidence?statement=it%27s+%22x%22+%5C+%E2%80%AE%24%7By%7D": "statement: unknown name",
    "funding?area=Atlantis": "unknown area “Atlantis”",
    "funding?area=BEL&edition=tip-2021-nl": "edition “tip-2021-nl” is not on BEL",
    "funding?payer=x": "funding has no parameter “payer”",
}
# The texts beside and in the answer of a page, or of the text of another.
FACTS = r"""
(html) => {
  const page = html ? new DOMParser().parseFromString(html, "text/html") : document;
  const text = (each) => each.textContent.replace(/\s+/g, " ").trim();
  const link = (each) => [text(each), each.getAttribute("href")];
  const all = (selector, value = text) => [...page.querySelectorAll(selector)].map(value);
  return {
    elsewhere: all("#same-command, #same-python"),
    cited: all("[data-citation]"),
    mistake: all("#mistake", link),
    scope: all("#answer .scope"),
    explained: all("#answer section > p:not(.remark)"),
    notes: all("#answer ol.notes li"),
    columns: all("#answer th"),
    cells: all("#answer td"),
    meanings: all("#answer dd"),
    passages: all("#answer a.source", link),
    sources: all("[aria-labelledby=sources] a", link),
  };
}
"""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Executor]:
    """A thread without the event loop of the browser."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


def served(client: Client, elsewhere: Executor, page: "Page", path: str) -> dict[str, Any]:
    response = elsewhere.submit(client.get, f"/query/{path}").result()
    facts: dict[str, Any] = page.evaluate(FACTS, response.text)
    return facts


def opened(page: "Page", address: str, path: str) -> dict[str, Any]:
    name, _, parameters = path.partition("?")
    page.goto(f"{address}query/{name}.html?{parameters}")
    page.locator("#answer section, #answer [role=alert]").first.wait_for(timeout=60_000)
    facts: dict[str, Any] = page.evaluate(FACTS, "")
    return facts


@pytest.mark.parametrize("path", ADDRESSES)
def test_answer_in_the_browser_is_that_of_the_server(
    address: str, page: "Page", client: Client, elsewhere: Executor, path: str
) -> None:
    found = opened(page, address, path)

    assert found == served(client, elsewhere, page, path)
    assert found["scope"] or path.startswith("evidence")
    assert all(found[each] for each in ("elsewhere", "cited", "mistake", "sources"))
    assert bool(found["cells"]) == (path != "awards?area=LUX")


@pytest.mark.parametrize("path", WRONG)
def test_page_of_a_wrong_value_names_it_as_the_server_does(
    address: str, page: "Page", client: Client, elsewhere: Executor, path: str
) -> None:
    assert opened(page, address, path) == served(client, elsewhere, page, path)
    assert page.locator("#answer").inner_text().startswith(WRONG[path])


def test_page_names_commands_for_what_the_browser_does_not_make(address: str, page: "Page") -> None:
    opened(page, address, "series?indicator=residence-permits-issued&area=BEL")
    page.get_by_text("Markdown, XLSX and the chart").click()

    options = "-p indicator=residence-permits-issued -p area=BEL"
    assert page.locator("#answer details pre").inner_text().splitlines() == [
        f"tipgraph query series {options} --output series.md",
        f"tipgraph query series {options} --output series.xlsx",
        f"tipgraph chart series {options} --output series.svg",
    ]
    opened(page, address, "awards?area=LUX")
    text = page.inner_text("#answer")
    assert "no rows; that is not zero" in text
    assert "by a command: tipgraph query awards -p area=LUX" in text
