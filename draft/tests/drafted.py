"""A small draft in the folder of an invented edition."""

import shutil
from contextlib import chdir
from pathlib import Path

from tipgraph.cli import main

TEXT = (
    "In 2029, the government identified and assisted 120 victims, compared with 100 in 2028."
    " Of these, 70 were victims of labor exploitation and 40 of sexual exploitation.\n"
    "Shelters lacked places for child victims, observers noted."
    " The government did not report training police."
)
FOLDER = "tip-2030-be"


def make_draft(place: Path, text: str = TEXT, *options: str) -> Path:
    """The folder of an edition with a draft of the text, which is beside it.

    `options` are those of `draft`.
    """
    (place / "protection.txt").write_text(text, encoding="utf-8", newline="")
    pinned = ["--text", "protection.txt"]
    with chdir(place):
        assert main(["new", FOLDER, *pinned, "--page", "https://example.org/a"]) == 0
        assert main(["draft", FOLDER, *pinned, *options]) == 0
    return place / FOLDER


def copied(folder: Path, place: Path) -> Path:
    """A copy of the folder and of its text."""
    shutil.copy(folder.parent / "protection.txt", place)
    return Path(shutil.copytree(folder, place / FOLDER))
