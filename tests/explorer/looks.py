"""Check that a page is accessible in both colour schemes, fits a phone, and is valid."""

import re
import subprocess
from typing import TYPE_CHECKING

from tests.tools import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Page

DARK = "rgb(20, 23, 26)"
# axe names what is wrong alone: to name and to send all else takes longer than to look at the page.
VIOLATIONS = """rules => axe.run({...rules, resultTypes: ["violations"]})
    .then(found => found.violations.map(each => [each.id, each.nodes[0].html]))"""
SIZES, CONTRAST = {"rules": {"target-size": {"enabled": True}}}, {"runOnly": ["color-contrast"]}
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
    for is_dark, rules in ((False, SIZES), (True, CONTRAST)):
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        assert (name, is_dark, page.evaluate(VIOLATIONS, rules)) == (name, is_dark, [])
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
