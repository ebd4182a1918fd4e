"""Foreign tools beside which ours are tested: of .tools/, or of the system."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TOOLS = Path(__file__).parents[1] / ".tools"
AXE = TOOLS / "node_modules" / "axe-core" / "axe.min.js"
# Of Chromium: a container lacks what the sandbox needs, and has little shared memory.
OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage"]


def needs(tool: str) -> pytest.MarkDecorator:
    """Skip where the tool is not in the folder; in CI it must be there."""
    missing = not ((TOOLS / tool).exists() or "CI" in os.environ)
    return pytest.mark.skipif(missing, reason=f"{tool} is not in .tools; run 'make tools'")


def needs_command(command: str) -> pytest.MarkDecorator:
    """Skip where the command is not installed; in CI it must be there."""
    missing = not (shutil.which(command) or "CI" in os.environ)
    return pytest.mark.skipif(missing, reason=f"{command} is not installed")


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Chromium, which takes a second to start."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=OPTIONS)
        yield browser
        browser.close()


@contextmanager
def browser_page(is_online: bool = False) -> Iterator["Page"]:
    """A page of Chromium, without a network and without the policy of the pages that it opens.

    If online, it has the network, and obeys the policy of pages.
    """
    with chromium() as browser:
        context = browser.new_context(bypass_csp=not is_online, offline=not is_online)
        yield context.new_page()


@contextmanager
def page_with_profile(page: "Page", folder: Path, has_scripts: bool = True) -> Iterator["Page"]:
    """A page of another Chromium, with its files in a folder; it may be killed meanwhile."""
    from playwright.sync_api import Error

    assert page.context.browser
    context = page.context.browser.browser_type.launch_persistent_context(
        folder,
        executable_path=shutil.which("chromium"),
        args=OPTIONS,
        java_script_enabled=has_scripts,
    )
    yield context.pages[0]
    # A browser that was killed is closed already, and may say so.
    with suppress(Error):
        context.close()


def convert(kind: str, *files: Path, reading: str = "") -> None:
    """Convert files with LibreOffice, each into one beside it; `reading` is how it reads them."""
    program = shutil.which("soffice")
    assert program, "soffice is not installed"
    folder = files[0].parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = [profile, "--headless", *([f"--infilter={reading}"] if reading else [])]
    options += ["--convert-to", kind, "--outdir", str(folder)]
    subprocess.run(
        [program, *options, *map(str, files)], check=True, capture_output=True, timeout=120
    )
