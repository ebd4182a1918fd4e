"""The docs show each picture of the explorer; `make screenshots` draws them."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
# In bytes: the docs open on a phone.
LARGEST = 80_000


def test_docs_show_each_picture_and_each_is_small() -> None:
    page = (ROOT / "docs/explorer.md").read_text(encoding="utf-8")
    pictures = [*IMAGES.glob("explorer-*.png")]

    assert len(pictures) == 12
    for each in pictures:
        assert f"(images/{each.name})" in page
        assert each.stat().st_size < LARGEST
