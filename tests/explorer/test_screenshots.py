"""The pictures in docs/images: a command draws them, and the docs show each."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import needs_command

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
# In bytes: the docs open on a phone.
LARGEST = 80_000
HEAD = b"\x89PNG\r\n\x1a\n"


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.glob("explorer-*.png")}


def test_docs_show_each_picture_and_each_is_small() -> None:
    page = (ROOT / "docs/explorer.md").read_text(encoding="utf-8")

    assert len(names(IMAGES)) == 12
    for name in names(IMAGES):
        assert f"(images/{name})" in page
        assert (IMAGES / name).stat().st_size < LARGEST


@pytest.mark.slow(reason="serves the whole graph and opens its pages in Chromium")
@needs_command("chromium")
def test_command_draws_the_pictures(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / ".ci/screenshots.py"), str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    assert names(tmp_path) == names(IMAGES)
    assert all((tmp_path / each).read_bytes().startswith(HEAD) for each in names(IMAGES))
