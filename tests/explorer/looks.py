"""Check that a page is accessible in both colour schemes, fits a phone, and is valid."""

import re
import subprocess
from typing import TYPE_CHECKING

from tests.tools import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Page

DARK = "rgb(20, 23, 26)"
# The rows of a table, and the items of a list, look alike: axe takes a second for hundreds.
SHORTENED = """() => {
  for (const each of document.querySelectorAll("main tbody, main ol, main ul, main dl, datalist")) {
    [...each.children].slice(8).forEach((child) => child.remove());
  }
}"""


def check_looks(page: "Page", name: str) -> None:
    """axe finds nothing in the open page, light and dark, and it does not scroll sideways."""
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    page.set_viewport_size({"width": 1000, "height": 800})
    page.evaluate(SHORTENED)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    # The rules of axe that depend on the colours are tried again.
    sizes = "{rules: {'target-size': {enabled: true}}}"
    for scheme, rules in ((None, sizes), ("dark", "{runOnly: ['color-contrast']}")):
        page.emulate_media(color_scheme="dark" if scheme else "light")
        found = page.evaluate(f"axe.run({rules})")["violations"]
        violations = [(each["id"], each["nodes"][0]["html"]) for each in found]
        assert (name, scheme, violations) == (name, scheme, [])
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == DARK


def check_html(text: str, name: str) -> None:
    """tidy finds nothing wrong with a page."""
    checked = subprocess.run(
        ["tidy", "-errors", "-quiet"],
        # tidy does not know that a list may have it.
        input=re.sub(r'(<select [^>]*) autocomplete="off"', r"\1", text),
        capture_output=True,
        text=True,
    )
    assert (name, checked.stderr) == (name, "")
